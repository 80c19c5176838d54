"""Examples for `/openapi.json`; a test reads each back with the schema it is an example of."""

from __future__ import annotations

from typing import Any

_DOCUMENT = {
    "title": "对泉州市十七届人大六次会议第1号建议的答复",
    "document_number": "泉科函〔2026〕102号",
    "issuer": "泉州市科学技术局",
    "issued_on": None,
    "year": 2026,
    "kind": "答复",
    "status": "in_force",
    "source": None,
}
_QUANTITY = {
    "start": 19,
    "end": 29,
    "kind": "money",
    "value": 12_579_600,
    "unit": "yuan",
    "currency": "CNY",
    "of": "科技创新券补助",
    "bound": None,
    "period": "2025",
    "status": "paid",
}
_PASSAGE = {
    "passage_id": "3f1c0a9be2d47781",
    "text": "2025 年，我市发放科技创新券补助 1257.96 万元。",
    "language": "zh",
    "heading_path": ["一、基本情况", "（三）推进高效率成果转化"],
    "place": {"page": None, "paragraph": 21},
    "quantities": [_QUANTITY],
}
_DOCUMENT_ID = "quanzhou-2026-102.txt"

SEARCH: dict[str, Any] = {
    "query": "how much tech-voucher money was paid",
    "query_language": "en",
    "total": 37,
    "took_ms": 6.1,
    "index_generation": 4,
    "encoder": "wenzheng-bilingual-1",
    "answer": None,
    "answer_status": {"code": "no_question_type", "reason": "Answers are not given by this version yet."},
    "results": [
        {
            "rank": 1,
            "document_id": _DOCUMENT_ID,
            "score": 3.1,
            "probability": None,
            **_PASSAGE,
            "evidence": [
                {
                    "start": 11,
                    "end": 16,
                    "kind": "glossary",
                    "question_words": ["tech", "voucher"],
                    "similarity": 0.9,
                }
            ],
            "document": _DOCUMENT,
            "explain": None,
        }
    ],
    "facets": {"year": [{"value": 2026, "count": 37}]},
}
FACETS: dict[str, Any] = {
    "index_generation": 4,
    "facets": {"kind": [{"value": "答复", "count": 37}], "year": [{"value": 2026, "count": 37}]},
}
_ENTRY = {"document_id": _DOCUMENT_ID, "language": "zh", "passages": 46, "document": _DOCUMENT}
DOCUMENTS: dict[str, Any] = {
    "index_generation": 4,
    "total": 1,
    "limit": 50,
    "offset": 0,
    "documents": [_ENTRY],
}
DOCUMENT: dict[str, Any] = {
    **_ENTRY,
    "index_generation": 4,
    "contact": {"addressee": None, "contact": "市科技局", "telephone": "0595-00000000", "openness": None},
    "limit": 1000,
    "offset": 20,
    "paragraphs": [{"kind": "body", **_PASSAGE}],
}
PASSAGE: dict[str, Any] = {
    "kind": "body",
    **_PASSAGE,
    "index_generation": 4,
    "document_id": _DOCUMENT_ID,
    "document": _DOCUMENT,
    "neighbours": {"before": [], "after": []},
}
INDEX: dict[str, Any] = {
    "index_generation": 4,
    "format": 1,
    "encoder": "wenzheng-bilingual-1",
    "encoder_checksum": "9f2b…",
    "segmenter": "rjieba-…",
    "dimension": 256,
    "documents": 20,
    "passages": 611,
    "languages": {"zh": 402, "en": 209},
    "built_at": "2026-03-02T09:00:00+00:00",
    "example_questions": [{"question": "科技创新券补助发了多少钱", "language": "zh"}],
}
READY: dict[str, Any] = {"status": "ready", "index_generation": 4, "problem": None}
HEALTH: dict[str, Any] = {"status": "ok"}
METRICS = 'wenzheng_requests_total{method="GET",route="/v1/search",status="200"} 12.0\n'
PROBLEM: dict[str, Any] = {
    "type": "urn:wenzheng:problem:empty_query",
    "title": "The question cannot be asked as it stands",
    "status": 422,
    "detail": "The question is empty. Write at least one word.",
    "code": "empty_query",
}

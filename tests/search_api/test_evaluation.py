"""Evaluation over a small index held in memory: a ranking is a table of rows a question."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.errors import EmptyQuery, EvaluationError
from indexer.index import IndexReader, StoredDocument, StoredPassage
from indexer.records import DocumentMetadata, Language, Paragraph
from search_api.evaluation import PassageRanker, evaluate_ranking
from search_api.judgements import JudgedFolder, read_folder
from search_api.reports import Report

TEXTS: Mapping[str, tuple[Language, Sequence[str]]] = {
    "en/a": ("en", ["Vouchers were paid", "The rest was not"]),
    "en/b": ("en", ["Another letter"]),
    "zh/c": ("zh", ["科技创新券兑现 1257.96", "万元。"]),
}


@dataclass
class FakeReader:
    """The part of IndexReader that an evaluation asks for. Rows: en/a 0–1, en/b 2, zh/c 3–4."""

    texts: Mapping[str, tuple[Language, Sequence[str]]]

    @property
    def info(self) -> SimpleNamespace:
        rows = sum(len(paragraphs) for _, paragraphs in self.texts.values())
        return SimpleNamespace(documents=len(self.texts), passages=rows, encoder="fake")

    def documents(self, limit: int = 50, offset: int = 0) -> list[StoredDocument]:
        found, row = [], 0
        for document_id, (language, paragraphs) in self.texts.items():
            metadata = DocumentMetadata(title=document_id, language=language)
            found.append(StoredDocument(document_id, metadata, "", row, len(paragraphs)))
            row += len(paragraphs)
        return found[offset : offset + limit]

    def documents_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        counts = [len(paragraphs) for _, paragraphs in self.texts.values()]
        return np.repeat(np.arange(len(counts)), counts)[rows]

    def passages(self, rows: Sequence[int]) -> list[StoredPassage]:
        every = [
            (d, language, text) for d, (language, paragraphs) in self.texts.items() for text in paragraphs
        ]
        return [self._passage(row, *every[row]) for row in rows]

    def _passage(self, row: int, document_id: str, language: Language, text: str) -> StoredPassage:
        paragraph = Paragraph(str(row), document_id, 1, text, "body", language, (), ())
        return StoredPassage(row, paragraph, DocumentMetadata(title="", language=language), ())


def reader_of(texts: Mapping[str, tuple[Language, Sequence[str]]] = TEXTS) -> IndexReader:
    return cast("IndexReader", FakeReader(texts))


def table(rows: Mapping[str, Sequence[int]]) -> PassageRanker:
    return lambda question, depth: np.array(rows.get(question, ()), dtype=np.int64)


def folder_of(
    tmp_path: Path, questions: Sequence[Mapping[str, Any]], judgements: Sequence[Sequence[Any]]
) -> JudgedFolder:
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, questions)), "utf-8")
    lines = ["query-id\tcorpus-id\tscore\tpassage", *("\t".join(map(str, row)) for row in judgements)]
    (tmp_path / "qrels.tsv").write_text("\n".join(lines), "utf-8")
    return read_folder(tmp_path)


QUESTIONS = (
    {"_id": "1", "text": "vouchers", "lang": "en", "type": "money"},
    {"_id": "2", "text": "创新券", "lang": "zh", "type": "money"},
    {"_id": "3", "text": "letter", "lang": "en", "type": "fact"},
    {"_id": "4", "text": "not in any document", "lang": "en", "type": "unanswerable"},
)
JUDGEMENTS = (
    ("1", "zh/c", 2, "科技创新券"),
    ("1", "en/a", 1, ""),
    ("2", "zh/c", 1, "创新券兑现1257.96"),
    ("3", "en/b", 1, ""),
)


@pytest.fixture
def report(tmp_path: Path) -> Report:
    judged = folder_of(tmp_path, QUESTIONS, JUDGEMENTS)
    rank = table({"vouchers": [1, 0, 4, 2, 3], "创新券": [3, 0]})
    return evaluate_ranking(judged, rank, reader_of(), ["nDCG@10", "R@1"])


def test_documents_rank_by_their_best_passage(report: Report) -> None:
    first = report.per_question[0]

    assert first.top == ("en/a", "zh/c", "en/b")
    assert first.ranks == {"zh/c": 2, "en/a": 1}
    assert first.measures["nDCG@10"] == pytest.approx((1 + 2 / log2(3)) / (2 + 1 / log2(3)))


def test_an_unanswered_question_counts_0_and_an_unanswerable_one_is_left_out(report: Report) -> None:
    assert report.overall.questions == 3
    assert report.left_out == 1
    assert report.unanswered == 1
    assert report.per_question[2].measures == {"nDCG@10": 0.0, "R@1": 0.0}
    assert report.per_question[2].ranks == {"en/b": None}
    assert report.measures["R@1"].mean == pytest.approx((0.5 + 1 + 0) / 3)


def test_passages_are_judged_by_their_quotes(report: Report) -> None:
    first, second, third = report.per_question

    assert first.measures["passage nDCG@10"] == pytest.approx(1 / log2(6))
    assert second.measures["passage R@1"] == 1.0
    assert "passage R@1" not in third.measures
    assert report.measures["passage R@1"].questions == 2


def test_measures_by_direction_and_by_type(report: Report) -> None:
    assert {name: group.questions for name, group in report.directions.items()} == {
        "en→en": 1,
        "en→zh": 1,
        "zh→zh": 1,
    }
    assert report.directions["zh→zh"].measures["R@1"].mean == 1.0
    assert report.directions["en→en"].measures["R@1"].mean == 0.0
    assert {name: group.questions for name, group in report.types.items()} == {"fact": 1, "money": 2}


def test_the_report_is_json_and_the_same_every_time(report: Report) -> None:
    written = report.as_json()

    assert json.loads(json.dumps(written)) == written
    assert written["measures"]["R@1"] == pytest.approx(0.5)
    low, high = written["intervals"]["R@1"]
    assert 0 <= low <= 0.5 <= high <= 1
    assert report.per_question[0].as_json()["top_documents"] == ["en/a", "zh/c", "en/b"]


def test_it_searches_on_until_k_documents_are_found(tmp_path: Path) -> None:
    """200 passages of one document come first; the tenth document is at the very end."""
    texts: dict[str, tuple[Language, Sequence[str]]] = {"d00": ("en", ["a"] * 1_000)}
    texts |= {f"d{i:02}": ("en", ["b"]) for i in range(1, 12)}
    depths = []

    def rank(question: str, depth: int) -> NDArray[np.int64]:
        depths.append(depth)
        return np.arange(depth, dtype=np.int64)[:1_011]

    judged = folder_of(tmp_path, [{"_id": "1", "text": "q"}], [("1", "d09", 1, "")])
    report = evaluate_ranking(judged, rank, reader_of(texts), ["RR@10"])

    assert report.per_question[0].ranks == {"d09": 10}
    assert depths == [200, 800, 1_011]


def test_a_question_that_cannot_be_asked_is_unanswered(tmp_path: Path) -> None:
    def refuse(question: str, depth: int) -> NDArray[np.int64]:
        raise EmptyQuery("nothing to look for")

    judged = folder_of(tmp_path, [{"_id": "1", "text": "?"}], [("1", "en/b", 1, "")])
    report = evaluate_ranking(judged, refuse, reader_of())

    assert report.unanswered == 1
    assert report.measures["nDCG@10"].mean == 0.0


def test_the_first_questions_only(tmp_path: Path) -> None:
    report = evaluate_ranking(folder_of(tmp_path, QUESTIONS, JUDGEMENTS), table({}), reader_of(), limit=2)

    assert [result.question.query_id for result in report.per_question] == ["1", "2"]


def test_a_judged_document_that_the_index_does_not_hold(tmp_path: Path) -> None:
    judged = folder_of(tmp_path, [{"_id": "1", "text": "q"}], [("1", "en/z", 1, ""), ("1", "en/b", 1, "")])

    with pytest.raises(
        EvaluationError, match=r"1 judged documents .* 'en/z'; it holds 3, such as 'en/a'"
    ) as error:
        evaluate_ranking(judged, table({}), reader_of())

    assert "leave out --index" in str(error.value)


def test_a_quote_that_its_document_does_not_hold(tmp_path: Path) -> None:
    judged = folder_of(tmp_path, [{"_id": "1", "text": "q"}], [("1", "en/b", 1, "Vouchers were paid")])

    with pytest.raises(
        EvaluationError, match=r"line 2: the document 'en/b' does not hold the quote 'Voucherswerepaid'"
    ):
        evaluate_ranking(judged, table({}), reader_of())


def test_a_quote_that_runs_over_two_passages_is_reported_and_counts_as_not_found(tmp_path: Path) -> None:
    judged = folder_of(tmp_path, [{"_id": "1", "text": "q"}], [("1", "zh/c", 1, "1257.96万元")])
    report = evaluate_ranking(judged, table({"q": [3, 4]}), reader_of(), ["R@1"])

    assert report.measures["R@1"].mean == 1.0
    assert report.per_question[0].measures["passage R@1"] == 0.0
    assert report.split_quotes == (f"{tmp_path / 'qrels.tsv'}, line 2",)

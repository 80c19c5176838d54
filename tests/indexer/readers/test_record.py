"""Records of a collection: fields checked, given metadata kept."""

import json

import pytest

from indexer.errors import UnreadableDocument
from indexer.readers import read
from indexer.records import GivenMetadata, RawDocument


def record(**fields: object) -> RawDocument:
    return RawDocument(
        "r", ".jsonl", json.dumps({"_id": "r", "text": "一\r\n二"} | fields).encode(), "c.jsonl:3"
    )


def test_text_and_metadata() -> None:
    metadata = {
        "document_number": "泉科函〔2026〕102号",
        "date": "2026年3月1日",
        "kind": "答复",
        "status": "有效",
    }
    document = read(record(title=" 答复\n标题 ", source="https://a.cn", metadata=metadata))
    assert document.text == "一\n二"
    assert len(document.blocks) == 2
    assert document.given == GivenMetadata(
        "答复 标题", "泉科函〔2026〕102号", None, "2026-03-01", "答复", "https://a.cn", "in_force"
    )


@pytest.mark.parametrize(
    ("written", "issued_on"),
    [
        ("2025-3-1", "2025-03-01"),
        ("2025-03-01T08:00:00", "2025-03-01"),
        ("2025.3", "2025-03"),
        (2025, "2025"),
    ],
)
def test_dates(written: object, issued_on: str) -> None:
    assert read(record(metadata={"issued_on": written})).given.issued_on == issued_on


def test_empty_fields_are_none() -> None:
    assert read(record(title="", source=None, metadata={"date": "", "status": ""})).given == GivenMetadata()
    assert read(record(metadata=None)).given == GivenMetadata()
    assert read(record(metadata={"status": "Withdrawn?"})).given.status == "unknown"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": ""}, "field 'text', holds no text"),
        ({"text": 3}, "'text' = '3'"),
        ({"text": "\ud800"}, "half a character"),
        ({"_id": True}, "'_id' = 'True'"),
        ({"_id": " "}, "Expected an '_id'"),
        ({"title": 3}, "'title' = '3'"),
        ({"metadata": [1]}, "Expected an object"),
        ({"metadata": {"date": "soon"}}, "Expected a date such as 2025-03-01"),
        ({"metadata": {"date": "2025-13-01"}}, "Expected a date such as 2025-03-01"),
    ],
)
def test_a_wrong_field_is_named(fields: dict[str, object], says: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(record(**fields))
    assert says in str(caught.value)
    assert "c.jsonl:3" in str(caught.value)


@pytest.mark.parametrize(
    "line", [b"{", b"[1]", b"\xff\xfe", b"[" * 100_000, b'{"_id":"a"}\n{"_id":"b"}', b"1" * 5000]
)
def test_what_is_no_record(line: bytes) -> None:
    with pytest.raises(UnreadableDocument):
        read(RawDocument("r", ".jsonl", line, "c.jsonl:3"))

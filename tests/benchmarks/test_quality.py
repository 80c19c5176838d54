"""The whole quality run on one small judged folder, with the shipped encoder."""

import json
from pathlib import Path

import pytest

from benchmarks import quality
from benchmarks.peers import stock_words

QUESTIONS = (
    {"_id": "1", "text": "创新券发了多少钱"},
    {"_id": "2", "text": "How much voucher money was paid?"},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "small-set"
    folder.mkdir()
    documents = [{"_id": "a", "text": "创新券兑现了100万元。"}, {"_id": "b", "text": "幼儿园每周公布食谱。"}]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)), "utf-8")
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, QUESTIONS)), "utf-8")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t1\n2\ta\t1\n", "utf-8")
    return folder


def test_every_system_is_measured_on_the_same_questions(folder: Path) -> None:
    pytest.importorskip("bm25s")
    lines = list(quality.measure({"small-set": folder}, ["no/such/model"], None, None, lambda text: None))
    reports = {line.system: line.report for line in lines}

    assert list(reports) == [
        "wenzheng",
        "wenzheng, dense leg",
        "wenzheng, lexical leg",
        "jieba BM25",
        "model",
    ]
    assert reports["wenzheng"].measures["R@1"].mean == 1.0  # type: ignore[union-attr]
    assert reports["jieba BM25"].directions["zh→zh"].measures["R@1"].mean == 1.0  # type: ignore[union-attr]
    assert reports["jieba BM25"].directions["en→zh"].measures["nDCG@10"].mean == 0.0  # type: ignore[union-attr]
    assert reports["model"] is None
    assert "is not on this machine" in lines[-1].reason


def test_rows_are_by_direction(folder: Path) -> None:
    rows = quality.table_rows(
        list(quality.measure({"small-set": folder}, [], None, None, lambda text: None))[:1]
    )

    assert [row[:4] for row in rows] == [
        ["small-set", "en→zh", "wenzheng", "1"],
        ["small-set", "zh→zh", "wenzheng", "1"],
    ]
    assert rows[0][5] == "100.0"


def test_a_sentence_is_nearest_to_its_translation(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text(
        "企业应当缴纳税款。\tEnterprises shall pay taxes.\n幼儿园公布食谱。\tKindergartens publish menus.\n",
        "utf-8",
    )

    assert list(quality.sentence_accuracy([], None, path)) == [("wenzheng", 1.0, 1.0)]
    assert list(quality.sentence_accuracy([], None, tmp_path / "none")) == []


def test_stock_words_are_jiebas_without_punctuation() -> None:
    assert stock_words("国务院，GDP！") == ["国务院", "gdp"]

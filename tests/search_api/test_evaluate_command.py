"""`wenzheng evaluate` from the command line, over a folder of six documents, with the shipped encoder."""

import json
import lzma
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from indexer.errors import EvaluationError, IndexNotFound
from search_api.commands import app

DOCUMENTS = (
    {"_id": "a", "text": "2025年科技创新券补助实际兑现 1257.96 万元。"},
    {"_id": "b", "text": "Landlords must return the deposit within fourteen days."},
    {"_id": "c", "text": "幼儿园应当每周公布食谱。"},
    {"_id": "d", "text": "企业应当在三十日内申报社会保险。"},
    {"_id": "e", "text": "Shops may open on public holidays with a permit."},
    {"_id": "f", "text": "The council repairs pavements every spring."},
)
QUESTIONS = (
    {"_id": "1", "text": "科技创新券补助发了多少钱"},
    {"_id": "2", "text": "When is the deposit returned?"},
    {"_id": "3", "text": "？！", "lang": "zh"},
    {"_id": "4", "text": "What is the height of the tower?"},
)
QRELS = "query-id\tcorpus-id\tscore\n1\ta\t1\n2\tb\t1\n3\tc\t1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = "\n".join(json.dumps(document) for document in DOCUMENTS)
    (tmp_path / "corpus.jsonl.xz").write_bytes(lzma.compress(lines.encode()))
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, QUESTIONS)), "utf-8")
    (tmp_path / "qrels.tsv").write_text(QRELS, "utf-8")
    return tmp_path


def evaluate(*arguments: str | Path) -> str:
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)], catch_exceptions=False).stdout


def evaluate_json(*arguments: str | Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(evaluate(*arguments, "--json"))
    return report


def test_json_is_one_object_and_nothing_else(folder: Path) -> None:
    report = evaluate_json(folder, "--measure", "R@1", "--measure", "MRR@10")

    assert report["measures"] == {
        "R@1": pytest.approx(2 / 3, abs=1e-6),
        "MRR@10": pytest.approx(2 / 3, abs=1e-6),
    }
    assert (report["questions"], report["unanswered"], report["left_out"]) == (3, 1, 1)
    assert {name: group["questions"] for name, group in report["directions"].items()} == {
        "en→en": 1,
        "zh→zh": 2,
    }


def test_a_table_is_printed_for_people(folder: Path) -> None:
    printed = evaluate(folder)

    assert "nDCG@10" in printed
    assert "zh→zh" in printed
    assert "1 questions without a judged document left out · 1 unanswered" in printed.replace("\n", " ")


def test_each_question_is_told_in_a_file(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.out"
    evaluate(folder, "--per-question", file, "--limit", "2")
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]

    assert [(line["query_id"], line["ranks"]) for line in lines] == [("1", {"a": 1}), ("2", {"b": 1})]
    assert lines[0]["measures"]["nDCG@10"] == 1.0
    assert lines[0]["top_documents"][0] == "a"


def test_an_index_that_is_there_is_used(folder: Path, tmp_path: Path) -> None:
    CliRunner().invoke(
        app, ["index", "build", str(folder / "corpus.jsonl.xz"), "--index", str(tmp_path / "index")]
    )

    assert (
        evaluate_json(folder, "--index", tmp_path / "index")["measures"] == evaluate_json(folder)["measures"]
    )


def test_an_index_of_other_documents_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("Another letter.", "utf-8")
    CliRunner().invoke(app, ["index", "build", str(tmp_path / "other"), "--index", str(tmp_path / "index")])

    with pytest.raises(EvaluationError, match=r"3 judged documents are not in the index.*'letter\.txt'"):
        evaluate(folder, "--index", tmp_path / "index")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--measure", "nDGC@10"), EvaluationError),
        (("--index", "nowhere"), IndexNotFound),
        (("--per-question", "nowhere/file.jsonl"), EvaluationError),
    ],
)
def test_what_cannot_be_done_is_an_error_of_its_own(
    folder: Path, arguments: tuple[str, ...], error: type[Exception]
) -> None:
    with pytest.raises(error):
        evaluate(folder, *arguments)

import lzma
from pathlib import Path

import pytest

from indexer.errors import EvaluationError
from search_api.judgements import read_folder

QUERIES = """{"_id": "q1", "text": "how much was paid", "lang": "en", "type": "money"}
{"_id": 2, "text": "何时施行"}
"""
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\n"


def _write(folder: Path, queries: str = QUERIES, qrels: str = QRELS) -> Path:
    (folder / "queries.jsonl").write_text(queries, "utf-8")
    (folder / "qrels.tsv").write_text(qrels, "utf-8")
    return folder


def test_a_folder_is_read(tmp_path: Path) -> None:
    judged = read_folder(_write(tmp_path))

    assert [(q.query_id, q.language, q.kind) for q in judged.questions] == [
        ("q1", "en", "money"),
        ("2", "zh", None),
    ]
    assert [(j.query_id, j.document_id, j.score, j.quote) for j in judged.judgements] == [
        ("q1", "d1", 2, None)
    ]
    assert [q.query_id for q in judged.judged] == ["q1"]
    assert judged.corpus == tmp_path


def test_quotes_lose_their_white_space(tmp_path: Path) -> None:
    judged = read_folder(
        _write(tmp_path, qrels="query-id\tcorpus-id\tscore\tpassage\nq1\td1\t1\t共计 1257.96　万元\n")
    )

    assert judged.judgements[0].quote == "共计1257.96万元"


def test_every_file_may_be_compressed_and_have_a_mark_and_blank_lines(tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl.xz").write_bytes(lzma.compress(b"\xef\xbb\xbf" + QUERIES.encode() + b"\n"))
    (tmp_path / "qrels.tsv.xz").write_bytes(lzma.compress(QRELS.replace("\n", "\r\n").encode()))
    (tmp_path / "corpus.jsonl.xz").write_bytes(lzma.compress(b""))

    judged = read_folder(tmp_path)

    assert len(judged.questions) == 2
    assert judged.corpus == tmp_path / "corpus.jsonl.xz"


def test_beir_keeps_its_judgements_in_a_folder(tmp_path: Path) -> None:
    _write(tmp_path)
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels.tsv").rename(tmp_path / "qrels" / "test.tsv")

    assert read_folder(tmp_path).judged


@pytest.mark.parametrize("missing", ["queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    (_write(tmp_path) / missing).unlink()

    with pytest.raises(EvaluationError, match=f"has no {missing}"):
        read_folder(tmp_path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="is not a folder"):
        read_folder(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{oops", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('"text"', "Expected an object"),
        ('{"_id": "q3"}', "Expected an object"),
        ('{"text": "what"}', "Expected an object"),
        ('{"_id": "", "text": "what"}', "Expected an object"),
        ('{"_id": "q1", "text": "again"}', "repeats the _id 'q1'"),
    ],
)
def test_a_bad_question_is_named_by_its_line(tmp_path: Path, line: str, problem: str) -> None:
    with pytest.raises(EvaluationError, match=problem) as error:
        read_folder(_write(tmp_path, queries=f"{QUERIES}\n{line}\n"))

    assert "queries.jsonl, line 4" in str(error.value)


@pytest.mark.parametrize(
    "line", ["q1\td1", "q1\td1\thigh", "q1\td1\t0.5", "\td1\t1", "q1\t\t1", "q1\td1\t1\ta\tb"]
)
def test_a_bad_judgement_is_named_by_its_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(EvaluationError, match=r"qrels\.tsv, line 3 is"):
        read_folder(_write(tmp_path, qrels=f"{QRELS}{line}\n"))


@pytest.mark.parametrize("qrels", ["", "q1\td1\t1\n", "query-id corpus-id score\n"])
def test_a_header_is_expected(tmp_path: Path, qrels: str) -> None:
    with pytest.raises(EvaluationError, match=r"line 1 is .* Expected the header"):
        read_folder(_write(tmp_path, qrels=qrels))


def test_a_judgement_of_an_unknown_question(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="line 3 judges the question 'q9'"):
        read_folder(_write(tmp_path, qrels=f"{QRELS}q9\td1\t1\n"))


@pytest.mark.parametrize("rows", ["", "q1\td1\t0\n"])
def test_judgements_that_judge_nothing(tmp_path: Path, rows: str) -> None:
    with pytest.raises(EvaluationError, match="nothing can be measured"):
        read_folder(_write(tmp_path, qrels=f"query-id\tcorpus-id\tscore\n{rows}"))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"not xz"])
def test_bytes_that_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    _write(tmp_path)
    (tmp_path / "queries.jsonl").unlink()
    name = "queries.jsonl.xz" if content == b"not xz" else "queries.jsonl"
    (tmp_path / name).write_bytes(content)

    with pytest.raises(EvaluationError, match="cannot be read"):
        read_folder(tmp_path)

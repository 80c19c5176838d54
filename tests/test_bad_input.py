"""What can go wrong with what people give the command: each case is a real run of `wenzheng`.

Each ends with a named error on standard error that says what to do and the exit code of the contract, without
a traceback; what could be used is used.
"""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from indexer.engine import Engine
from indexer.errors import IndexStoreError
from indexer.index import FILTER_FIELDS, open_index
from indexer.local import verify

COMMAND = [sys.executable, "-c", "from search_api.commands import main; main()"]
DONE, SOME_UNREAD, WRONG_USAGE, INDEX_UNUSABLE, SOURCE_UNREADABLE = range(5)
QUESTION = "科技创新券补助发了多少钱"
LETTER = "# 关于科技创新券的答复\n\n云科函〔2025〕12号\n\n2025年发放科技创新券补助 1257.96 万元。\n"
RENT = "# Talent apartments\n\nThe monthly rent is 20 yuan for each square metre.\n"


def wenzheng(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command; a crash fails the test at once."""
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "error", **options.pop("environment", {})}
    done = subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=options.pop("timeout", 120),
        env=environment,
        **options,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def refused(done: subprocess.CompletedProcess[str], exit_code: int, code: str, *told: str) -> None:
    """Check that a run ended with one named error, and with nothing on standard output."""
    assert (done.returncode, done.stdout) == (exit_code, ""), done.stderr
    assert f"error [{code}] " in done.stderr
    for part in told:
        assert part in done.stderr


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def json_lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two documents with two generations; tests that change it take a copy."""
    folder = tmp_path_factory.mktemp("bad-input")
    write(folder / "documents" / "letter.md", LETTER)
    write(folder / "documents" / "rent.md", RENT)
    for _ in range(2):
        done = wenzheng("index", "build", folder / "documents", "--index", folder / "index")
        assert done.returncode == DONE, done.stderr
    return folder / "index"


@pytest.fixture
def index(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample, tmp_path / "index"))


def documents_in(index: Path) -> set[str]:
    reader = open_index(index)
    try:
        return {document.document_id for document in reader.documents(1000)}
    finally:
        reader.close()


# Sources


def test_a_folder_without_documents_or_a_missing_path_is_no_source(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / "only" / "README.md", "about the folder")
    for name, told in [
        ("empty", "holds no document. Expected files of .txt"),
        ("only", "holds no document. Expected files of .txt"),
        ("missing", "cannot be read: No such file or directory. Give the path"),
        ("a" * 5_000, "cannot be read: File name too long. Give the path"),
    ]:
        done = wenzheng("index", "build", name, "--index", "index", cwd=tmp_path)
        refused(done, SOURCE_UNREADABLE, "source_not_found", told)
    refused(wenzheng("ask", QUESTION, "--index", tmp_path / "index"), INDEX_UNUSABLE, "index_not_found")


def test_a_source_that_vanished_leaves_the_index_searchable(index: Path, tmp_path: Path) -> None:
    done = wenzheng("index", "build", tmp_path / "missing", "--index", index)
    refused(done, SOURCE_UNREADABLE, "source_not_found", "missing")
    assert documents_in(index) == {"letter.md", "rent.md"}


def test_sources_of_which_nothing_can_be_read_leave_the_index_as_it_was(index: Path, tmp_path: Path) -> None:
    before = documents_in(index)
    empty = write(tmp_path / "empty.txt", b"")
    done = wenzheng("index", "build", empty, "--index", index)
    refused(done, SOURCE_UNREADABLE, "nothing_readable", "empty.txt", "the index stays as it was")
    assert documents_in(index) == before


def scan() -> bytes:
    """Return a PDF whose one page is a drawing."""
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.rect(100, 100, 200, 200)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


UNREADABLE: dict[str, tuple[bytes, str, str]] = {
    "zero.txt": (b"", "unreadable_document", "0 bytes long. Expected a document with text"),
    "blank.md": (b" \n\t\n", "unreadable_document", "only white space. Expected a document with text"),
    "table.xlsx": (b"PK", "unsupported_format", "'.xlsx', which no reader reads. Expected one of .txt"),
    "notes": (b"text", "unsupported_format", "no suffix, which no reader reads"),
    "scan.pdf": (scan(), "unreadable_document", "is a scan"),
    "renamed.pdf": (LETTER.encode(), "unreadable_document", "renamed.pdf"),
    "renamed.docx": (LETTER.encode(), "unreadable_document", "renamed.docx"),
    "binary.txt": (b"\0\1\2text" * 9, "unreadable_document", "is not a text file"),
    "marked-utf8.txt": (b"\xef\xbb\xbf" + LETTER.encode("gb18030"), "unreadable_document", "UTF-8"),
    "marked-utf16.txt": (b"\xff\xfe" + b"\x00\xd8" * 20, "unreadable_document", "marked-utf16.txt"),
    "cut.jsonl.xz": (b"\xfd7zXZ\x00", "unreadable_document", "Expected a whole .xz file"),
}


def test_unreadable_documents_are_listed_and_the_others_are_searchable(tmp_path: Path) -> None:
    documents, index = tmp_path / "documents", tmp_path / "index"
    write(documents / "letter.md", LETTER)
    write(documents / "gb.txt", RENT.replace("yuan", "元").encode("gb18030"))
    write(documents / "folder.txt" / "inside.txt", "目录里的文件。")
    for name, (content, _, _) in UNREADABLE.items():
        write(documents / name, content)
    (documents / "broken.txt").symlink_to("nowhere")
    os.mkfifo(documents / "pipe.txt")
    lines = [
        '{"_id": "a", "text": "第一条。"}',
        "{not json",
        '{"_id": "a", "text": "第二条。"}',
        '{"text": "无号"}',
    ]
    write(documents / "records.jsonl", "\n".join([*lines, '{"_id": "b", "text": "第三条。"}']))
    done = wenzheng("index", "build", documents, "--index", index)
    assert done.returncode == SOME_UNREAD, done.stderr
    assert done.stdout == ""
    told = {line.split(" [")[0].strip().rpartition("/")[2]: line for line in done.stderr.splitlines()}
    expected = {name: (code, part) for name, (_, code, part) in UNREADABLE.items()} | {
        "broken.txt": ("unreadable_document", "link that leads nowhere"),
        "pipe.txt": ("unreadable_document", "neither a file nor a folder"),
        "records.jsonl:2": ("unreadable_document", "is not JSON"),
        "records.jsonl:3": ("duplicate_document_id", "rename one, or leave it out"),
        "records.jsonl:4": ("unreadable_document", "no '_id'"),
    }
    for name, (code, part) in expected.items():
        line = told.get(name) or next(line for line in done.stderr.splitlines() if f"/{name}" in line)
        assert f"[{code}]" in line, line
        assert part in line, line
    assert f"{len(expected)} could not be read" in done.stderr
    assert documents_in(index) == {"letter.md", "gb.txt", "folder.txt/inside.txt", "a", "b"}
    asked = wenzheng("ask", QUESTION, "--index", index, "--json")
    assert asked.returncode == DONE
    assert any("1257.96" in result["text"] for result in json.loads(asked.stdout)["results"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_document_without_permission_is_listed(tmp_path: Path) -> None:
    write(tmp_path / "documents" / "letter.md", LETTER)
    write(tmp_path / "documents" / "secret.md", RENT).chmod(0)
    done = wenzheng("index", "build", tmp_path / "documents", "--index", tmp_path / "index")
    assert done.returncode == SOME_UNREAD
    assert "secret.md [unreadable_document]" in done.stderr
    assert documents_in(tmp_path / "index") == {"letter.md"}


def test_the_same_id_in_two_sources_keeps_the_first(tmp_path: Path) -> None:
    first = write(tmp_path / "a" / "letter.md", LETTER)
    second = write(tmp_path / "b" / "letter.md", RENT)
    done = wenzheng("index", "build", first.parent, second.parent, "--index", tmp_path / "index")
    assert done.returncode == SOME_UNREAD
    assert f"{second} [duplicate_document_id]" in done.stderr
    assert f"'letter.md' that {first} has already" in done.stderr
    reader = open_index(tmp_path / "index")
    assert len(reader.literal_candidates("1257.96", 5).rows) == 1
    assert reader.info.documents == 1
    reader.close()


# Indexes


@pytest.mark.parametrize("verb", [["ask", QUESTION], ["index", "verify"], ["index", "rollback"]])
def test_an_index_that_is_a_file_or_nothing_is_named(tmp_path: Path, verb: list[str]) -> None:
    write(tmp_path / "file", "in the way")
    for name in ("file", "nothing"):
        done = wenzheng(*verb, "--index", tmp_path / name)
        refused(done, INDEX_UNUSABLE, "index_not_found", str(tmp_path / name), "wenzheng index build")


def test_an_index_is_not_built_over_a_file(tmp_path: Path) -> None:
    source = write(tmp_path / "letter.md", LETTER)
    done = wenzheng("index", "build", source, "--index", source)
    refused(done, INDEX_UNUSABLE, "index_store_error", str(source), "cannot be made into an index folder")
    assert source.read_text("utf-8") == LETTER


def manifest_of(index: Path, generation: int) -> Path:
    return index / "generations" / str(generation) / "manifest.json"


@pytest.mark.parametrize("verb", [["ask", QUESTION], ["index", "verify"]])
def test_an_index_of_another_format_is_refused_by_number(index: Path, verb: list[str]) -> None:
    path = manifest_of(index, 2)
    content = json.loads(path.read_text())
    content["info"]["format"] = 99
    path.write_text(json.dumps(content))
    refused(
        wenzheng(*verb, "--index", index),
        INDEX_UNUSABLE,
        "unsupported_index_format",
        "format 99; this version reads format 1",
        "build it again",
    )


def test_an_index_of_another_encoder_is_refused_by_name(index: Path) -> None:
    from hashlib import sha256

    path = manifest_of(index, 2)
    content = json.loads(path.read_text())
    content["info"]["encoder"] = "someone-elses-model"
    path.write_text(json.dumps(content))
    checksum = sha256(path.read_bytes()).hexdigest()
    (index / "current").write_text(json.dumps({"generation": 2, "manifest_sha256": checksum}))
    refused(
        wenzheng("ask", QUESTION, "--index", index),
        INDEX_UNUSABLE,
        "encoder_mismatch",
        "'someone-elses-model' (this process: 'wenzheng-bilingual-1')",
        "wenzheng index build",
    )


def test_an_encoder_that_is_not_here_is_refused_with_the_places_looked_at(
    index: Path, tmp_path: Path
) -> None:
    hub = {"HF_HUB_CACHE": str(tmp_path / "hub")}
    for verb in (["ask", QUESTION], ["index", "build", str(tmp_path)]):
        done = wenzheng(*verb, "--index", index, "--encoder", "some/model", cwd=tmp_path, environment=hub)
        refused(
            done, INDEX_UNUSABLE, "encoder_unavailable", str(tmp_path / "some/model"), str(tmp_path / "hub")
        )
        assert "leave out --encoder" in done.stderr


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


DAMAGE = {"flipped": flip, "cut": cut, "emptied": lambda path: path.write_bytes(b""), "gone": Path.unlink}


@pytest.mark.parametrize("damage", DAMAGE)
def test_any_damaged_file_of_a_generation_is_named(index: Path, damage: str) -> None:
    """In this process: a run of the command for each of some thirty files would take minutes."""
    checked = 0
    signature = Engine.load().signature
    for path in sorted((index / "generations" / "2").iterdir()):
        content = path.read_bytes()
        if path.name == "manifest.sha256" or (not content and damage != "gone"):
            continue  # the published manifest's checksum is in the pointer
        DAMAGE[damage](path)
        for opened in (lambda: open_index(index, signature), lambda: verify(index)):
            with pytest.raises(IndexStoreError) as raised:
                opened()
            assert path.name in str(raised.value)
            assert raised.value.code == "corrupt_index"
        path.write_bytes(content)
        checked += 1
    assert checked > 20
    open_index(index, signature).close()


@pytest.mark.parametrize("name", ["vectors.faiss", "passages.sqlite", "posting_rows.npy", "manifest.json"])
def test_a_damaged_index_is_refused_and_rolled_back(index: Path, name: str) -> None:
    flip(index / "generations" / "2" / name)
    done = wenzheng("ask", QUESTION, "--index", index)
    refused(done, INDEX_UNUSABLE, "corrupt_index", name, f"wenzheng index rollback --index {index}")
    assert wenzheng("index", "rollback", "--index", index).returncode == DONE
    asked = wenzheng("ask", QUESTION, "--index", index, "--json")
    assert asked.returncode == DONE, asked.stderr
    assert json.loads(asked.stdout)["index_generation"] == 1


def test_a_damaged_index_is_not_built_upon(index: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "new.txt", "新的文件。")
    cut(index / "generations" / "2" / "word_terms.npy")
    done = wenzheng("index", "build", source, "--index", index)
    refused(done, INDEX_UNUSABLE, "corrupt_index", "word_terms.npy", "remove that folder and build again")
    assert sorted(path.name for path in (index / "generations").iterdir()) == ["1", "2"]


def test_a_pointer_that_is_damaged_is_named(index: Path) -> None:
    for content in (b"", b"\xff\xfe", b'{"generation": 7, "manifest_sha256": ""}'):
        (index / "current").write_bytes(content)
        done = wenzheng("ask", QUESTION, "--index", index)
        refused(done, INDEX_UNUSABLE, "corrupt_index", "wenzheng index rollback")


# Questions and options


@pytest.mark.parametrize("question", ["", " \n\u3000", "？！", "〔〕——"])
def test_a_question_of_nothing_is_refused(sample: Path, question: str) -> None:
    done = wenzheng("ask", question, "--index", sample)
    refused(done, WRONG_USAGE, "empty_query", repr(question), "Expected words in Chinese or English")


def test_a_question_of_100_000_characters_is_refused(sample: Path) -> None:
    done = wenzheng("ask", "a" * 100_000, "--index", sample)
    refused(done, WRONG_USAGE, "query_too_long", "100,000 characters; at most 1,000 are accepted")
    assert len(done.stderr) < 1_000


def test_a_question_that_is_not_text_is_asked_as_far_as_it_is(sample: Path) -> None:
    done = wenzheng(
        "ask", b"\xe5\x88\xb8\xff".decode("utf-8", "surrogateescape"), "--index", sample, "--json"
    )
    assert done.returncode == DONE, done.stderr
    assert json.loads(done.stdout)["query"] == "券?"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("colour=red", ["'colour'", *FILTER_FIELDS]),
        ("year", ["'year' has no value", "year=2025"]),
        ("year=soon", ["year='soon'", "2024..2026"]),
        ("issued_on=yesterday", ["issued_on='yesterday'"]),
        ("=2025", ["issuer"]),
    ],
)
def test_a_filter_that_cannot_be_is_refused(sample: Path, given: str, told: Sequence[str]) -> None:
    done = wenzheng("ask", QUESTION, "--index", sample, "--filter", given)
    refused(done, WRONG_USAGE, "unknown_filter", *told)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask", QUESTION, "--colour", "red"], "--colour"),
        (["ask"], "--batch"),
        (["ask", QUESTION, "--batch", "questions.txt"], "--batch"),
        (["ask", QUESTION, "--limit", "0"], "--limit"),
        (["ask", QUESTION, "--limit", "many"], "--limit"),
        (["answer", QUESTION], "answer"),
        (["index", "build"], "SOURCE"),
        (["index", "mend"], "mend"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_names_the_option(arguments: list[str], told: str) -> None:
    done = wenzheng(*arguments)
    assert (done.returncode, done.stdout) == (WRONG_USAGE, "")
    assert told.lower() in done.stderr.lower()
    assert "--help" in done.stderr


def test_a_glossary_that_is_none_is_refused_with_its_line(sample: Path, tmp_path: Path) -> None:
    write(tmp_path / "own.tsv", "券\tvoucher\n券 voucher\n")
    for name, told in [("own.tsv", "own.tsv, line 2"), ("missing.tsv", "missing.tsv cannot be read")]:
        done = wenzheng("ask", QUESTION, "--index", sample, "--glossary", tmp_path / name)
        refused(done, WRONG_USAGE, "settings_error", told, "Expected")


def test_a_bad_line_of_a_batch_is_told_in_its_place(sample: Path, tmp_path: Path) -> None:
    questions: list[bytes] = [
        QUESTION.encode(),
        b"",
        "？？".encode(),
        b"rent\xff\xfe",
        "券".encode() * 100_000,
        b"how much is the rent\r",
    ]
    batch = write(tmp_path / "questions.txt", b"\xef\xbb\xbf" + b"\n".join(questions))
    done = wenzheng("ask", "--batch", batch, "--index", sample, "--limit", "2", "--json")
    assert done.returncode == DONE, done.stderr
    lines = json_lines(done)
    assert [line["query"] for line in lines] == [
        QUESTION,
        "",
        "？？",
        "rent\ufffd\ufffd",
        "券" * 100_000,
        "how much is the rent",
    ]
    codes = [line.get("problem", {}).get("code") for line in lines]
    assert codes == [None, "empty_query", "empty_query", "query_error", "query_too_long", None]
    assert all({"title", "status", "detail"} <= set(line["problem"]) for line in lines if "problem" in line)
    assert [len(line["results"]) for line in lines if "results" in line] == [2, 2]


def test_a_batch_that_cannot_be_read_is_named(sample: Path, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.txt"):
        done = wenzheng("ask", "--batch", path, "--index", sample, "--json")
        refused(done, WRONG_USAGE, "settings_error", str(path), "Expected a UTF-8 text file")


def test_a_wrong_filter_of_a_batch_is_wrong_usage(sample: Path, tmp_path: Path) -> None:
    batch = write(tmp_path / "questions.txt", QUESTION)
    done = wenzheng("ask", "--batch", batch, "--index", sample, "--filter", "colour=red", "--json")
    refused(done, WRONG_USAGE, "unknown_filter", "'colour'")


# Size

LINE = (
    "第{n}条　科技创新券补助资金由市科学技术局审核后拨付，企业应当在年度结束前提交验收材料，逾期不予补助。\n"
)


def build_of_size(folder: Path, megabytes: int) -> tuple[float, float]:
    """Build an index of one text of that size and check its last line; return seconds and GiB of memory."""
    path, number = folder / "large.txt", 0
    with path.open("w", encoding="utf-8") as file:
        while file.tell() < megabytes * 1_000_000:
            file.writelines(LINE.format(n=number + i) for i in range(1_000))
            number += 1_000
    began = time.monotonic()
    done = wenzheng("index", "build", path, "--index", folder / "index", timeout=1_200)
    seconds = time.monotonic() - began
    assert done.returncode == DONE, done.stderr
    asked = wenzheng("ask", f"第{number - 1}条", "--index", folder / "index", "--json", timeout=300)
    assert f"第{number - 1}条" in json.loads(asked.stdout)["results"][0]["text"]
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1 << 20)


@pytest.mark.slow
def test_a_text_of_20_megabytes_is_built_and_searched_to_its_end(tmp_path: Path) -> None:
    seconds, memory = build_of_size(tmp_path, 20)
    print(f"{seconds:.0f} s, {memory:.1f} GiB")


@pytest.mark.slow
@pytest.mark.skipif(
    "WENZHENG_TEST_LARGE" not in os.environ, reason="takes 5 minutes and 7 GiB: set WENZHENG_TEST_LARGE=1"
)
def test_a_text_of_200_megabytes_is_built_and_searched_to_its_end(tmp_path: Path) -> None:
    seconds, memory = build_of_size(tmp_path, 200)
    print(f"{seconds:.0f} s, {memory:.1f} GiB")

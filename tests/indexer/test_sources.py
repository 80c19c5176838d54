"""Documents found in files and folders, in a stable order, with what could not be used in its place."""

import json
import lzma
import os
import stat
from pathlib import Path

import pytest

from indexer import sources
from indexer.errors import SourceNotFound
from indexer.readers import read
from indexer.records import RawDocument, UnreadDocument
from indexer.sources import find_documents


def write(path: Path, content: str | bytes = "科技") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def ids(*paths: Path) -> list[str]:
    return [each.document_id for each in find_documents(paths) if isinstance(each, RawDocument)]


def unread(*paths: Path) -> list[UnreadDocument]:
    return [each for each in find_documents(paths) if isinstance(each, UnreadDocument)]


def test_ids_are_paths_below_the_source_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/二.md", "a/一.TXT", "c/d/e.txt"):
        write(tmp_path / name)
    assert ids(tmp_path) == ["a/一.TXT", "a/二.md", "b.txt", "c/d/e.txt"]
    assert ids(tmp_path / "a" / "一.TXT", tmp_path / "c") == ["一.TXT", "d/e.txt"]


def test_ids_are_composed_unicode(tmp_path: Path) -> None:
    write(tmp_path / "cafe\u0301.txt")
    assert ids(tmp_path) == ["caf\u00e9.txt"]


def test_a_document_has_its_bytes_suffix_and_name(tmp_path: Path) -> None:
    path = write(tmp_path / "a.TXT", b"\xff\xfe")
    assert list(find_documents([path])) == [RawDocument("a.TXT", ".txt", b"\xff\xfe", str(path))]


@pytest.mark.parametrize("suffix", [".jsonl", ".JSONL", ".jsonl.xz"])
def test_records_of_a_collection(tmp_path: Path, suffix: str) -> None:
    content = (
        lines({"_id": "甲", "text": "一"}, {"_id": 7, "text": "二"})
        + "\n"
        + lines({"_id": "c", "text": "三"})
    )
    content = "\ufeff" + content
    path = write(
        tmp_path / f"c{suffix}", lzma.compress(content.encode()) if suffix.endswith("xz") else content
    )
    found = list(find_documents([path]))
    assert [each.document_id for each in found if isinstance(each, RawDocument)] == ["甲", "7", "c"]
    assert [each.name for each in found] == [f"{path}:1", f"{path}:2", f"{path}:4"]


def test_lines_that_are_no_record_are_named_with_what_was_expected(tmp_path: Path) -> None:
    path = write(tmp_path / "c.jsonl", '{"_id": "a"}\nno\n' + lines({"text": "x"}, {"_id": "b", "text": "x"}))
    found = list(find_documents([path]))
    assert [isinstance(each, RawDocument) for each in found] == [False, False, False, True]
    reasons = [each.reason for each in found if isinstance(each, UnreadDocument)]
    assert [f"{path}:{number}" in reason for number, reason in enumerate(reasons, 1)] == [True] * 3
    assert ["no 'text'" in reasons[0], "not JSON" in reasons[1], "no '_id'" in reasons[2]] == [True] * 3


def test_a_second_document_of_an_id_is_told_with_both_places(tmp_path: Path) -> None:
    first = write(tmp_path / "a" / "x.txt", "一")
    second = write(tmp_path / "b" / "x.txt", "二")
    collection = write(tmp_path / "c.jsonl", lines({"_id": "x.txt", "text": "三"}))
    found = list(find_documents([first.parent, second.parent, collection]))
    assert [each.name for each in found if isinstance(each, RawDocument)] == [str(first)]
    for each, place in zip(found[1:], (second, f"{collection}:1"), strict=True):
        assert isinstance(each, UnreadDocument)
        assert each.code == "duplicate_document_id"
        assert str(first) in each.reason
        assert str(place) in each.reason


def test_what_is_no_document_is_left_out_and_told(tmp_path: Path) -> None:
    for name in (
        ".git/a.txt",
        ".x.txt",
        "README.md",
        "readme",
        "~$a.docx",
        "j/qrels.tsv",
        "j/qrels.zh.part.tsv",
    ):
        write(tmp_path / name)
    for name in (
        "j/queries.jsonl",
        "j/queries.zh.part.jsonl",
        "j/qrels/test.tsv",
        "READMEs.txt",
        "j/doc.txt",
    ):
        write(tmp_path / name)
    told: list[tuple[Path, str]] = []
    found = list(find_documents([tmp_path], lambda path, reason: told.append((path, reason))))
    assert [each.document_id for each in found if isinstance(each, RawDocument)] == [
        "READMEs.txt",
        "j/doc.txt",
    ]
    assert len(found) == 2
    assert len(told) == 10
    assert (tmp_path / "README.md", "about the folder") in told


def test_a_readme_or_questions_given_by_name_are_read(tmp_path: Path) -> None:
    queries = write(tmp_path / "queries.jsonl", lines({"_id": "q1", "text": "?"}))
    assert ids(write(tmp_path / "README.md"), queries) == ["README.md", "q1"]


def test_other_formats_are_named(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx")
    write(tmp_path / "b")
    found = unread(tmp_path)
    assert [each.code for each in found] == ["unsupported_format"] * 2
    assert "'.xlsx'" in found[0].reason
    assert ".docx" in found[0].reason
    assert "no suffix" in found[1].reason


def test_links_that_lead_nowhere_or_back(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "missing")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "same.txt").symlink_to(tmp_path / "a.txt")
    assert ids(tmp_path) == ["a.txt", "same.txt"]
    reasons = [each.reason for each in unread(tmp_path)]
    assert "leads nowhere" in reasons[0]
    assert "link back to a folder" in reasons[1]
    assert "leads nowhere" in reasons[2]


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "neither a file nor a folder" in unread(tmp_path)[0].reason
    with pytest.raises(SourceNotFound, match="neither a file nor a folder"):
        find_documents([tmp_path / "pipe.txt"])


def test_a_folder_named_like_a_file_is_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "x.txt" / "a.txt")
    assert ids(tmp_path) == ["x.txt/a.txt"]


def test_a_file_that_vanished_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "b.txt")
    found = find_documents([tmp_path])
    next(found)
    (tmp_path / "b.txt").unlink()
    last = next(found)
    assert isinstance(last, UnreadDocument)
    assert str(tmp_path / "b.txt") in last.reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.txt").chmod(0)
    write(tmp_path / "b" / "c.txt")
    (tmp_path / "b").chmod(0)
    try:
        assert [each.code for each in unread(tmp_path)] == ["unreadable_document"] * 2
    finally:
        (tmp_path / "b").chmod(stat.S_IRWXU)


def test_a_name_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_text("x")
    reason = unread(tmp_path)[0].reason
    assert "\\xff.txt" in reason
    reason.encode()


def test_sources_that_cannot_be_used_at_all(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match="missing"):
        find_documents([tmp_path, tmp_path / "missing"])
    with pytest.raises(SourceNotFound, match="holds no document"):
        list(find_documents([tmp_path]))
    write(tmp_path / "README.md")
    with pytest.raises(SourceNotFound, match=r"\.docx"):
        list(find_documents([tmp_path]))


def test_a_broken_xz_keeps_the_lines_before(tmp_path: Path) -> None:
    many = lines(*({"_id": number, "text": os.urandom(50).hex()} for number in range(2000)))
    packed = lzma.compress(many.encode())
    path = write(tmp_path / "c.jsonl.xz", packed[: len(packed) // 2])
    found = list(find_documents([path]))
    assert len(found) > 100
    assert [each for each in found if isinstance(each, UnreadDocument)] == found[-1:]
    assert "damaged or cut short" in getattr(found[-1], "reason", "")
    assert "not .xz" in unread(write(tmp_path / "d.jsonl.xz", "{}"))[0].reason


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_an_empty_collection(tmp_path: Path, content: str) -> None:
    assert "holds no record" in unread(write(tmp_path / "c.jsonl", content))[0].reason
    assert (
        "holds no record" in unread(write(tmp_path / "c.jsonl.xz", lzma.compress(content.encode())))[0].reason
    )


def test_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGEST_FILE", 10)
    monkeypatch.setattr(sources, "LARGEST_RECORD", 100)
    write(tmp_path / "a.txt", "x" * 11)
    write(tmp_path / "b.jsonl", lines({"_id": 1, "text": "x" * 3_000_000}, {"_id": 2, "text": "x"}))
    write(tmp_path / "c.txt", "x" * 10)
    assert ids(tmp_path) == ["2", "c.txt"]
    reasons = [each.reason for each in unread(tmp_path)]
    assert "larger than 10 bytes" in reasons[0]
    assert "b.jsonl:1 is longer than 100 bytes" in reasons[1]


@pytest.mark.slow
def test_a_text_of_200_megabytes_is_read_whole(tmp_path: Path) -> None:
    line = "　　科技创新券补助 1257.96 万元，支持企业。\n"
    count = 200_000_000 // len(line.encode()) + 1
    path = write(tmp_path / "large.txt", line * count)
    raw = next(iter(find_documents([path])))
    assert isinstance(raw, RawDocument)
    assert len(read(raw).blocks) == count

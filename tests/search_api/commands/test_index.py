"""`wenzheng index`, and what all verbs share, from a shell."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.errors import (
    CorruptIndex,
    EmptyQuery,
    EncoderUnavailable,
    SettingsError,
    SourceNotFound,
    WenzhengError,
)
from search_api.commands import exit_code_of

Wenzheng = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.txt").write_text("创新券通知\n\n2025年发放创新券300万元。\n", "utf-8")
    (folder / "b.txt").write_text("Rent notice\n\nThe monthly rent is 20 yuan.\n", "utf-8")
    return folder


def test_build_ask_change_and_go_back(wenzheng: Wenzheng, source: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"

    def first_text() -> str:
        asked = wenzheng("ask", "发放创新券多少", "--index", index, "--limit", "1", "--json")
        text: str = json.loads(asked.stdout)["results"][0]["text"]
        return text

    built = wenzheng("index", "build", source, "--index", index)
    assert (built.returncode, built.stdout) == (0, "")
    assert "2 documents" in built.stderr
    assert "300" in first_text()

    (source / "a.txt").write_text("创新券通知\n\n2026年发放创新券400万元。\n", "utf-8")
    (source / "b.txt").unlink()
    again = wenzheng("index", "build", source, "--index", index)
    assert "(1 written, 0 unchanged, 1 removed)" in again.stderr
    assert "400" in first_text()

    listed = wenzheng("index", "list", "--index", index)
    assert listed.returncode == 0
    assert [line.split("\t")[0] for line in listed.stdout.splitlines()][1:] == ["*2", "1"]

    checked = wenzheng("index", "verify", "--index", index)
    assert (checked.returncode, checked.stdout) == (0, "")
    assert "generation 2" in checked.stderr

    assert wenzheng("index", "rollback", "--index", index).returncode == 0
    assert "300" in first_text()


def test_documents_that_cannot_be_read_are_listed_and_the_rest_is_built(
    wenzheng: Wenzheng, source: Path, tmp_path: Path
) -> None:
    (source / "broken.docx").write_bytes(b"no document")
    (source / "odd [red].pdf").write_bytes(b"%PDF-1.4 nothing")
    built = wenzheng("index", "build", source, "--index", tmp_path / "index")
    assert (built.returncode, built.stdout) == (1, "")
    assert "broken.docx [unreadable_document]" in built.stderr
    assert "odd [red].pdf [unreadable_document]" in built.stderr
    assert "2 could not be read" in built.stderr
    assert "2 documents" in built.stderr
    asked = wenzheng("ask", "monthly rent", "--index", tmp_path / "index", "--json")
    assert "20 yuan" in asked.stdout


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_source_that_is_not_there_or_holds_nothing_ends_with_4(
    wenzheng: Wenzheng, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    built = wenzheng("index", "build", tmp_path / name, "--index", tmp_path / "index")
    assert (built.returncode, built.stdout) == (4, "")
    assert "source_not_found" in built.stderr
    assert str(tmp_path / name) in built.stderr
    assert wenzheng("index", "list", "--index", tmp_path / "index").returncode == 3


@pytest.mark.parametrize("verb", ["verify", "list", "rollback"])
def test_looking_after_an_index_that_is_not_there_ends_with_3(
    wenzheng: Wenzheng, tmp_path: Path, verb: str
) -> None:
    ran = wenzheng("index", verb, "--index", tmp_path / "nowhere")
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "index_not_found" in ran.stderr


def test_a_changed_byte_is_found(wenzheng: Wenzheng, source: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    wenzheng("index", "build", source, "--index", index)
    vectors = next((index / "generations").rglob("vectors.faiss"))
    content = bytearray(vectors.read_bytes())
    content[-1] ^= 1
    vectors.write_bytes(content)
    for arguments in (("index", "verify"), ("ask", "创新券")):
        ran = wenzheng(*arguments, "--index", index)
        assert (ran.returncode, ran.stdout) == (3, "")
        assert "corrupt_index" in ran.stderr
        assert "vectors.faiss" in ran.stderr


def test_build_says_what_it_is_missing(wenzheng: Wenzheng) -> None:
    ran = wenzheng("index", "build")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "source" in ran.stderr.lower()


# ---- all verbs -------------------------------------------------------------------------------------


def test_the_help_lists_every_verb_in_both_languages(wenzheng: Wenzheng) -> None:
    ran = wenzheng("--help")
    assert ran.returncode == 0
    for said in (
        " ask ",
        " index ",
        " serve ",
        " evaluate ",
        "wenzheng index build",
        "检索",
        "索引",
        "offline",
    ):
        assert said in ran.stdout


@pytest.mark.parametrize(
    ("verb", "example", "chinese"),
    [
        (
            "ask",
            "wenzheng ask 科技创新券补助发了多少钱 --index .index --filter year=2026 --json",
            "向索引提问",
        ),
        ("serve", "wenzheng serve --index .index --port 8000", "启动检索服务"),
        ("evaluate", "wenzheng evaluate corpus --measure nDCG@10", "评测"),
        ("index build", "wenzheng index build corpus --index .index", "使索引与来源一致"),
        ("index verify", "wenzheng index verify", "校验"),
        ("index list", "wenzheng index list", "各代索引"),
        ("index rollback", "wenzheng index rollback", "上一代"),
    ],
)
def test_a_verbs_help_has_an_example_and_chinese(
    wenzheng: Wenzheng, verb: str, example: str, chinese: str
) -> None:
    ran = wenzheng(*verb.split(), "--help")
    assert (ran.returncode, ran.stderr) == (0, "")
    told = " ".join(ran.stdout.split())
    assert example in told
    assert chinese in told


@pytest.mark.parametrize("arguments", [("search",), ("index", "biuld"), ("--nonsense",)])
def test_an_unknown_verb_or_option_is_wrong_usage(wenzheng: Wenzheng, arguments: tuple[str, ...]) -> None:
    ran = wenzheng(*arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert arguments[-1] in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [(SourceNotFound, 4), (EncoderUnavailable, 3), (CorruptIndex, 3), (EmptyQuery, 2), (SettingsError, 2)],
)
def test_exit_codes_follow_the_error_tree(error: type[WenzhengError], code: int) -> None:
    assert exit_code_of(error("told")) == code


def test_every_error_has_an_exit_code_that_means_failure() -> None:
    def all_below(kind: type[WenzhengError]) -> list[type[WenzhengError]]:
        return [kind, *(each for below in kind.__subclasses__() for each in all_below(below))]

    assert {exit_code_of(kind("told")) for kind in all_below(WenzhengError)} == {2, 3, 4}

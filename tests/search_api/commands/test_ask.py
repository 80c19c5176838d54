"""`wenzheng ask` from a shell."""

import json
import os
import pty
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.errors import UnknownFilter
from search_api.commands.ask import parse_filters
from search_api.schemas import SearchResponse

Wenzheng = Callable[..., subprocess.CompletedProcess[str]]
VOUCHER = "科技创新券补助发了多少钱"
COLOUR = "\x1b["


def envelope(ran: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Return the one line of standard output, which must be the API's answer."""
    assert (ran.returncode, ran.stderr) == (0, "")
    (line,) = ran.stdout.splitlines()
    SearchResponse.model_validate_json(line)
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.mark.parametrize("question", ["how much tech-voucher money was paid", VOUCHER])
def test_json_is_one_answer_and_nothing_else(wenzheng: Wenzheng, corpus_index: Path, question: str) -> None:
    found = envelope(wenzheng("ask", question, "--index", corpus_index, "--limit", 2, "--json"))
    assert found["query"] == question
    assert len(found["results"]) == 2
    assert "1257.96" in found["results"][0]["text"]
    assert found["results"][0]["document"]["document_number"] == "泉科函〔2026〕102号"
    assert found["results"][0]["explain"] is None


def test_filters_offset_and_explanations_reach_the_search(wenzheng: Wenzheng, corpus_index: Path) -> None:
    asked = ("ask", "企业补助", "--index", corpus_index, "--json", "--limit", 4, "--explain")
    found = envelope(wenzheng(*asked, "--filter", "year=2021", "--filter", "year=2026", "--offset", 2))
    assert [result["rank"] for result in found["results"]] == [3, 4, 5, 6]
    assert {result["document"]["year"] for result in found["results"]} <= {2021, 2026}
    assert all(set(result["explain"]["legs"]) >= {"dense", "lexical"} for result in found["results"])
    both = wenzheng(*asked, "--filter", "year=2021", "--filter", "issuer=泉州市科学技术局")
    assert envelope(both)["results"] == []


def test_a_batch_keeps_its_order_and_puts_problems_in_their_places(
    wenzheng: Wenzheng, corpus_index: Path, tmp_path: Path
) -> None:
    questions = [VOUCHER, "？！", "", "税" * 1001, "泉科函[2026]102号", 'a "quoted"\tquestion']
    batch = tmp_path / "questions.txt"
    batch.write_bytes(("\ufeff" + "\r\n".join(questions)).encode())
    ran = wenzheng("ask", "--batch", batch, "--index", corpus_index, "--limit", 1, "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [line["query"] for line in lines] == questions
    codes = [line.get("problem", {}).get("code") for line in lines]
    assert codes == [None, "empty_query", "empty_query", "query_too_long", None, None]
    for line in lines:
        if "problem" in line:
            assert set(line) == {"query", "problem"}
            assert line["problem"]["status"] == 422
        else:
            SearchResponse.model_validate(line)
    assert "1257.96" in lines[0]["results"][0]["text"]


def test_people_get_the_passage_its_place_and_a_citation(wenzheng: Wenzheng, corpus_index: Path) -> None:
    ran = wenzheng("ask", VOUCHER, "--index", corpus_index, "--limit", 1, "--cite", "--explain")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert COLOUR not in ran.stdout
    assert "两类补助实际兑现金额共计1257.96万元" in ran.stdout
    assert "quanzhou-kehan-2026-102.md" in ran.stdout
    assert "泉州市科学技术局, 《" in ran.stdout
    assert "rank by leg" in ran.stdout
    assert "2. " not in ran.stdout


def test_without_cite_and_explain_there_is_neither(wenzheng: Wenzheng, corpus_index: Path) -> None:
    told = wenzheng("ask", VOUCHER, "--index", corpus_index, "--limit", 1).stdout
    assert "《" not in told
    assert "rank by leg" not in told


def test_no_result_is_said_and_is_no_failure(wenzheng: Wenzheng, corpus_index: Path) -> None:
    ran = wenzheng("ask", VOUCHER, "--index", corpus_index, "--filter", "year=1999")
    assert ran.returncode == 0
    assert "Nothing found" in ran.stdout
    assert "没有找到" in ran.stdout


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")
def test_evidence_is_coloured_on_a_terminal(command: tuple[str, ...], corpus_index: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {n: v for n, v in os.environ.items() if n not in ("NO_COLOR", "COLUMNS")}
    asked = [*command, "ask", "创新券", "--index", str(corpus_index), "--limit", "1"]
    with subprocess.Popen(
        asked, stdout=theirs, stderr=theirs, env=environment | {"TERM": "xterm"}
    ) as process:
        os.close(theirs)
        shown = b""
        while part := _read(ours):
            shown += part
    os.close(ours)
    assert process.returncode == 0
    assert f"{COLOUR}1;32m" in shown.decode()
    assert "创新券" in shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when the other end has gone
        return b""


@pytest.mark.skipif(os.name != "posix", reason="a shell")
@pytest.mark.parametrize("as_json", [True, False])
def test_a_reader_that_leaves_is_no_trouble(
    command: tuple[str, ...], corpus_index: Path, tmp_path: Path, as_json: bool
) -> None:
    """As `wenzheng ask … | head -1`, with far more to say than a pipe holds."""
    if as_json:
        batch = tmp_path / "questions.txt"
        batch.write_text("企业\n" * 200)
        asked = ["--batch", str(batch), "--json", "--limit", "20"]
    else:
        asked = ["企业", "--limit", "100", "--explain"]
    line = [*command, "ask", *asked, "--index", str(corpus_index)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        told = process.stderr.read()
        process.wait(60)
    assert (process.returncode, told) == (0, b"")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("？！",), 2, "empty_query"),
        (("税" * 1001,), 2, "query_too_long"),
        (("税收", "--filter", "colour=red"), 2, "unknown_filter"),
        (("税收", "--filter", "year"), 2, "FIELD=VALUE"),
        (("税收", "--limit", "0"), 2, "--limit"),
        (("税收", "--limit", "101"), 2, "--limit"),
        (("税收", "--offset", "-1"), 2, "--offset"),
        ((), 2, "--batch"),
        (("税收", "--batch", "questions.txt"), 2, "--batch"),
        (("--batch", "nowhere.txt"), 2, "nowhere.txt"),
        (("税收", "--encoder", "nobody/nothing"), 3, "nobody/nothing"),
        (("税收", "--nonsense"), 2, "nonsense"),
    ],
)
def test_what_cannot_be_asked_is_named_on_standard_error(
    wenzheng: Wenzheng, corpus_index: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ran = wenzheng("ask", *arguments, "--index", corpus_index, "--json", env={"HF_HUB_OFFLINE": "1"})
    assert (ran.returncode, ran.stdout) == (code, "")
    assert told in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_wrong_filter_stops_a_batch_before_it_starts(
    wenzheng: Wenzheng, corpus_index: Path, tmp_path: Path
) -> None:
    batch = tmp_path / "questions.txt"
    batch.write_text("税收\n补助\n", "utf-8")
    ran = wenzheng("ask", "--batch", batch, "--index", corpus_index, "--filter", "colour=red", "--json")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "unknown_filter" in ran.stderr


def test_a_batch_that_is_not_text_is_refused(wenzheng: Wenzheng, corpus_index: Path, tmp_path: Path) -> None:
    batch = tmp_path / "questions.txt"
    batch.write_bytes("税收".encode("utf-16"))
    ran = wenzheng("ask", "--batch", batch, "--index", corpus_index, "--json")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "UTF-8" in ran.stderr


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_without_an_index_it_ends_with_3_and_says_how_to_make_one(
    wenzheng: Wenzheng, tmp_path: Path, name: str
) -> None:
    ran = wenzheng("ask", "税收", "--index", tmp_path / name, "--json")
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "index_not_found" in ran.stderr
    assert "wenzheng index build" in ran.stderr


@pytest.mark.skipif(os.name != "posix", reason="bytes as arguments")
def test_an_argument_that_is_not_in_the_terminals_encoding_is_no_crash(
    command: tuple[str, ...], corpus_index: Path
) -> None:
    line = [*command, "ask", b"\xff\xfe" + "创新券".encode(), "--index", str(corpus_index), "--json"]
    ran = subprocess.run(line, capture_output=True, timeout=60)
    assert ran.returncode == 0
    assert any("创新券" in result["text"] for result in json.loads(ran.stdout)["results"])


def test_json_is_utf_8_whatever_the_terminal_speaks(wenzheng: Wenzheng, corpus_index: Path) -> None:
    ran = wenzheng("ask", VOUCHER, "--index", corpus_index, "--json", env={"PYTHONIOENCODING": "ascii"})
    assert envelope(ran)["query"] == VOUCHER


def test_values_of_one_filter_are_collected() -> None:
    wanted = parse_filters(
        ["year=2024", " issuer = 泉州市科学技术局 ", "year=2026", "document_id=a=b.md", "kind="]
    )
    assert wanted.values == {
        "year": ("2024", "2026"),
        "issuer": ("泉州市科学技术局",),
        "document_id": ("a=b.md",),
        "kind": ("",),
    }
    with pytest.raises(UnknownFilter, match="FIELD=VALUE"):
        parse_filters(["year"])

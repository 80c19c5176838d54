"""What people are shown of a result."""

import re
from dataclasses import replace

import pytest

from indexer.errors import EmptyQuery
from indexer.records import DocumentMetadata, DocumentNumber, UnreadDocument
from search_api.commands.printing import citation, print_error, print_result, print_unread, write_line
from search_api.results import Evidence, RankedPassage, SearchResult

METADATA = DocumentMetadata(
    title="关于[创新]券的答复",
    language="zh",
    document_number=DocumentNumber("泉科函〔2026〕102号", "泉科函", 2026, 102),
    issuer="泉州市科学技术局",
    issued_on="2026-05-01",
    year=2026,
)
PASSAGE = RankedPassage(
    rank=3,
    passage_id="0123456789abcdef",
    document_id="zh/letter.md",
    score=3.1,
    text="2025年[bold]发放[/bold]创新券补助1257.96万元。",
    language="zh",
    heading_path=("一、工作", "（三）转化"),
    page=None,
    paragraph=21,
    metadata=METADATA,
    evidence=(Evidence(20, 23, "exact", ("创新券",), 1.0),),
)


def result_of(*passages: RankedPassage) -> SearchResult:
    return SearchResult("创新券", "zh", 37, 6.1, 4, "encoder", passages)


def printed(capsys: pytest.CaptureFixture[str], *passages: RankedPassage, cite: bool = False) -> str:
    print_result(result_of(*passages), cite)
    return capsys.readouterr().out


def test_a_passage_is_shown_as_it_stands_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    """Brackets in titles and texts are text, not markup."""
    shown = printed(capsys, PASSAGE)
    assert "3. 关于[创新]券的答复  泉科函〔2026〕102号\n" in shown
    assert "一、工作 › （三）转化  (¶ 21, zh/letter.md)\n" in shown
    assert "2025年[bold]发放[/bold]创新券补助1257.96万元。\n" in shown
    assert "37 candidates · 6 ms · generation 4" in shown


def test_a_page_and_repeats_are_told_where_there_are_any(capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed(capsys, replace(PASSAGE, page=2, similar=11))
    assert "(p. 2, ¶ 21, zh/letter.md)" in shown
    assert "+ 11 with the same text · 另有11段相同文字" in shown
    assert "same text" not in printed(capsys, PASSAGE)


def test_a_long_passage_is_one_line_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """A figure cut by a line's end could not be searched for with grep."""
    text = "共计1257.96万元，" * 60
    assert text in printed(capsys, replace(PASSAGE, text=text, evidence=()))


def test_nothing_found_is_said_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed(capsys)
    assert "Nothing found" in shown
    assert "没有找到" in shown


def test_a_citation_names_issuer_title_number_date_paragraph_and_passage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = citation(PASSAGE)
    assert told == (
        "泉州市科学技术局, 《关于[创新]券的答复》, 泉科函〔2026〕102号, 2026-05-01, ¶ 21 [0123456789abcdef]"
    )
    assert told in printed(capsys, PASSAGE, cite=True)
    assert told not in printed(capsys, PASSAGE)


def test_a_citation_leaves_out_what_is_not_known() -> None:
    bare = DocumentMetadata(title="Talent apartments", language="en")
    assert citation(replace(PASSAGE, metadata=bare)) == "Talent apartments, ¶ 21 [0123456789abcdef]"
    with_year = replace(bare, year=2025)
    assert citation(replace(PASSAGE, metadata=with_year)).startswith("Talent apartments, 2025, ¶ 21")


def test_errors_and_unread_documents_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    print_error(EmptyQuery("[bold]nothing[/bold] to look for"))
    print_unread([UnreadDocument("a [red].pdf", "unreadable_document", "has no text: " + "长" * 200)])
    caught = capsys.readouterr()
    assert caught.out == ""
    assert "error [empty_query] [bold]nothing[/bold] to look for\n" in caught.err
    assert re.search(
        r"1 could not be read.*\n  a \[red\]\.pdf \[unreadable_document\] has no text: 长{200}\n", caught.err
    )


def test_nothing_unread_is_not_mentioned(capsys: pytest.CaptureFixture[str]) -> None:
    print_unread([])
    assert capsys.readouterr().err == ""


def test_a_line_is_written_as_it_is(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    write_line('{"query": "[bold]创新券"}')
    assert capsysbinary.readouterr().out == '{"query": "[bold]创新券"}\n'.encode()

"""Glossary terms found in word lists of both languages, longest first, inflected or traditional."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine import Engine
from indexer.glossary import Glossary, GlossaryEntry
from indexer.segmenting import Segmenter
from indexer.terms import TermFinder

VOUCHER = GlossaryEntry(("科技创新券", "创新券"), ("tech voucher", "innovation voucher"))
TECH = GlossaryEntry(("科技",), ("tech",))
BIDDING = GlossaryEntry(("揭榜挂帅的项目",), ("open bidding for selecting the best candidates",))
SUBSIDY = GlossaryEntry(("补贴",), ("subsidy",))
PAY = GlossaryEntry(("薪酬",), ("pay",))
LEAVE = GlossaryEntry(("带薪休假",), ("paid leave",))
GOVERNMENT = GlossaryEntry(("人民政府",), ("people's government",))
SECURITIES = GlossaryEntry(("证券",), ("securities",))
FIRST_UNIT = GlossaryEntry(("首台套", "首台（套）"), ("first unit of equipment",))
ALL = Glossary((VOUCHER, TECH, BIDDING, SUBSIDY, PAY, LEAVE, GOVERNMENT, SECURITIES, FIRST_UNIT))
AGAIN = GlossaryEntry(("券",), ("tech voucher",))


@pytest.fixture(scope="module")
def finder(segmenter: Segmenter) -> TermFinder:
    return TermFinder(ALL, segmenter)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how many tech vouchers were paid", [(("tech", "voucher"), VOUCHER)]),
        ("TECH VOUCHER", [(("tech", "voucher"), VOUCHER)]),
        ("发放科技創新券", [(("科技创新券",), VOUCHER)]),
        ("tech firms and tech vouchers", [(("tech",), TECH), (("tech", "voucher"), VOUCHER)]),
        ("实行揭榜挂帅的项目", [(("揭榜挂帅", "的", "项目"), BIDDING)]),
        ("nothing of the kind", []),
        ("open bidding for selecting", []),
        ("", []),
        ("subsidies", [(("subsidy",), SUBSIDY)]),
        ("how much was paid", []),
        ("paid leave", [(("pay", "leave"), LEAVE)]),
        ("the people's government", [(("people", "government"), GOVERNMENT)]),
        ("the securities market", [(("security",), SECURITIES)]),
        ("首台（套）和首台套", [(("首台", "套"), FIRST_UNIT), (("首台套",), FIRST_UNIT)]),
    ],
)
def test_terms_are_found_longest_first(
    finder: TermFinder, segmenter: Segmenter, text: str, expected: list[tuple[tuple[str, ...], GlossaryEntry]]
) -> None:
    words = segmenter.segment(text)
    found = [
        (tuple(word.text for word in words[match.first : match.last]), *match.entries)
        for match in finder.find(words, text)
    ]
    assert found == expected


def test_a_term_of_several_entries_gives_all_of_them(segmenter: Segmenter) -> None:
    finder = TermFinder(Glossary((VOUCHER, AGAIN, VOUCHER)), segmenter)
    (match,) = finder.find(segmenter.segment("tech vouchers"), "tech vouchers")
    assert match.entries == (VOUCHER, AGAIN)


def test_an_empty_glossary_finds_nothing(segmenter: Segmenter) -> None:
    assert TermFinder(Glossary(), segmenter).find(segmenter.segment("科技创新券"), "科技创新券") == []


@given(st.lists(st.sampled_from(["tech", "voucher", "paid", "subsidies", "科技", "科技创新券", "的", "，"])))
def test_finds_do_not_overlap_and_are_in_order(
    finder: TermFinder, segmenter: Segmenter, pieces: list[str]
) -> None:
    text = " ".join(pieces)
    words = segmenter.segment(text)
    place = 0
    for match in finder.find(words, text):
        assert place <= match.first < match.last <= len(words)
        place = match.last


@pytest.mark.slow
def test_every_shipped_term_is_found_whole_where_it_stands_as_written(engine: Engine) -> None:
    lost = []
    for entry in engine.glossary.entries:
        for term in (*entry.zh, *entry.en):
            found = engine.terms.find(engine.segmenter.segment(term), term)
            if not found or found[0].last != len(engine.terms.key(term)) or entry not in found[0].entries:
                lost.append(term)
    assert lost == []

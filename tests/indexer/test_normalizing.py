"""Folding for matching: as many characters as before, and the same for what means the same."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.normalizing import normalize

ANY_TEXT = st.text(
    st.one_of(st.characters(codec=None), st.sampled_from("İẞﬁ㈠㍿½Ⅷ①ǅ〔］　科創薴𠮷🀄é\u0301"))
)


@given(ANY_TEXT)
def test_offsets_stay_what_they_are(text: str) -> None:
    assert len(normalize(text)) == len(text)


@given(ANY_TEXT, ANY_TEXT)
def test_each_character_is_folded_on_its_own(before: str, after: str) -> None:
    assert normalize(before + after) == normalize(before) + normalize(after)


def test_every_character_there_is_is_folded_to_one_that_stays() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    folded = normalize(everything)
    assert len(folded) == len(everything)
    assert [
        hex(ord(c)) for c, f in zip(everything, normalize(folded), strict=True) if normalize(c) != f
    ] == []


@pytest.mark.parametrize(
    "forms",
    [
        (
            "泉科函〔2026〕102号",
            "泉科函［2026］102号",
            "泉科函【2026】102号",
            "泉科函﹝2026﹞102号",
            "泉科函[2026]102号",
        ),
        ("（一）", "﹙一﹚", "(一)"),
        ("ＡＩ技术", "AI技术", "ai技术"),
        ("R&D", "Ｒ＆Ｄ", "r&d"),
        ("１２５７．９６", "1257.96"),
        ("科技創新券補助", "科技创新券补助"),
        ("國務院關於廣東", "国务院关于广东"),
        ("“双碳”", "「双碳」", "『双碳』", '"双碳"'),
        ("2024—2026", "2024–2026", "2024‑2026", "2024−2026", "2024-2026"),
        ("１５％", "15%"),
        ("a　b\u00a0c", "a b c"),
        ("don’t", "don't"),
        ("\uf900", "豈", "岂"),
        ("薴", "苧", "苎"),
    ],
    ids=lambda forms: forms[-1],
)
def test_forms_that_people_use_for_one_another_become_one(forms: tuple[str, ...]) -> None:
    assert {normalize(form) for form in forms} == {forms[-1]}


@pytest.mark.parametrize("text", ["㈠", "ﬁ", "İ", "½", "㍿", "…"])
def test_what_would_grow_is_left_alone(text: str) -> None:
    assert normalize(text) == text


@pytest.mark.parametrize("text", ["《办法》", "、。；：", "+/=<>", "东京 カタカナ 한국어"])
def test_what_means_something_else_is_kept(text: str) -> None:
    kept = str.maketrans("；：", ";:")
    assert normalize(text) == text.translate(kept)


@pytest.mark.parametrize(("one", "other"), [("已", "己"), ("券", "卷"), ("未", "末"), ("1", "l"), ("0", "o")])
def test_different_characters_stay_different(one: str, other: str) -> None:
    assert normalize(one) != normalize(other)

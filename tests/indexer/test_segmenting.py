"""Words with offsets that slice back, in order, nothing lost; what belongs together in one piece."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.normalizing import normalize
from indexer.records import Word
from indexer.segmenting import Segmenter

PIECES = [
    "国发〔2023〕12号",
    "根据",
    "泉科函（2026）第102号",
    "1,234,567",
    "1,257.96",
    "12,34",
    "2,062家",
    "万元",
    "3.6.3",
    "R&D",
    "ＡＩ",
    "PM2.5",
    "5G",
    "科技創新券",
    "科技创新券\ncompanies",
    "subsidies",
    "don't",
    "U.S.",
    "policy's",
    "50%",
    "10‰",
    "二〇二五年",
    "İstanbul",
    "ﬁ",
    "㈠",
    "½",
    "𠮷",
    "カタカナ",
    "한국어",
    "é",
    "é",
    "αβ",
    "٣",
    "²",
    "_",
    "〔",
    "（",
    "[",
    "(",
    ",",
    ".",
    "、",
    "。",
    "\n\n�",
    "\u3000",
    "\u200b",
    "🀄",
    "号",
    "第",
    "'",
    "&",
    "·",
]
TEXTS = st.one_of(
    st.text(st.characters(codec=None)),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=12).map("".join),
)


def texts(words: list[Word]) -> list[str]:
    return [word.text for word in words]


def stands_for(surface: str, word: str) -> bool:
    """Say whether a word may stand for a piece of a text: itself folded, or one of the stated exceptions."""
    folded = normalize(surface)
    if word in (folded, folded.replace(",", ""), folded.removesuffix("'s")):
        return True
    if re.search(r"[\[(]\d{4}[\])]", folded):
        return word == folded.replace("(", "[").replace(")", "]")
    return bool(re.fullmatch(r"[a-z]+(?:'s)?", folded) and re.fullmatch(r"[a-z]+", word))


@given(TEXTS)
@settings(max_examples=400)
def test_words_stand_in_order_and_slice_back(segmenter: Segmenter, text: str) -> None:
    words = segmenter.segment(text)
    for word in words:
        assert 0 <= word.start < word.end <= len(text)
        assert stands_for(text[word.start : word.end], word.text), (text[word.start : word.end], word)
    for one, next_one in pairwise(words):
        assert one.end <= next_one.start


@given(TEXTS)
def test_no_letter_or_figure_is_lost(segmenter: Segmenter, text: str) -> None:
    covered = {place for word in segmenter.segment(text) for place in range(word.start, word.end)}
    folded = normalize(text)
    assert [folded[i] for i in range(len(text)) if folded[i].isalnum() and i not in covered] == []


@given(TEXTS)
def test_folding_first_changes_nothing(segmenter: Segmenter, text: str) -> None:
    assert segmenter.segment(normalize(text)) == segmenter.segment(text)


@given(TEXTS)
def test_subwords_stand_strictly_inside_their_words(segmenter: Segmenter, text: str) -> None:
    words = segmenter.segment(text)
    folded = normalize(text)
    for sub in segmenter.subwords(words):
        assert folded[sub.start : sub.end] == sub.text
        assert any(
            word.start <= sub.start and sub.end <= word.end and len(sub.text) < len(word.text)
            for word in words
        )


def test_every_character_there_is_can_stand_in_a_text(segmenter: Segmenter) -> None:
    everything = "".join(map(chr, range(0x110000)))
    words = segmenter.segment(everything) + segmenter.segment("券".join(everything[:0x3000]))
    assert len(words) > 100_000
    assert segmenter.subwords(words) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t，。！？《》", []),
        ("国发〔2023〕12号", ["国发[2023]12号"]),
        ("根据国发〔2023〕12号文件", ["根据", "国发[2023]12号", "文件"]),
        ("国务院关于印发国发（2023）12号", ["国务院", "关于", "印发", "国发[2023]12号"]),
        ("泉科函［2026］102号", ["泉科函[2026]102号"]),
        ("泉科函【2026】第102号", ["泉科函[2026]第102号"]),
        ("国发〔2023〕", ["国", "发", "2023"]),
        ("见3.6.3节", ["见", "3.6.3", "节"]),
        ("R&D投入", ["r&d", "投入"]),
        ("ＡＩ技术", ["ai", "技术"]),
        ("Ｒ＆Ｄ", ["r&d"]),
        ("1257.96 万元", ["1257.96", "万元"]),
        ("PM2.5浓度", ["pm2.5", "浓度"]),
        ("5G网络", ["5g", "网络"]),
        ("2,062家", ["2062", "家"]),
        ("12,345,678.50元", ["12345678.50", "元"]),
        ("in 2,062, or 1,234.", ["in", "2062", "or", "1234"]),
        ("1、2、3", ["1", "2", "3"]),
        ("增长15％", ["增长", "15", "%"]),
        ("科技創新券", ["科技创新券"]),
        ("subsidies for companies", ["subsidy", "for", "company"]),
        ("the company's policies", ["the", "company", "policy"]),
        ("U.S. policy", ["u.s.", "policy"]),
        ("COVID-19", ["covid", "19"]),
        ("カタカナ한국어", ["カタカナ한국어"]),
    ],
)
def test_what_belongs_together_stays_together(segmenter: Segmenter, text: str, expected: list[str]) -> None:
    assert texts(segmenter.segment(text)) == expected


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("科技創新券補助", "科技创新券补助"),
        ("專利資助辦法", "专利资助办法"),
        ("國務院辦公廳關於", "国务院办公厅关于"),
    ],
)
def test_traditional_text_is_cut_as_simplified(
    segmenter: Segmenter, traditional: str, simplified: str
) -> None:
    assert segmenter.segment(traditional) == segmenter.segment(simplified)


def test_bracket_forms_of_a_document_number_are_one_word(segmenter: Segmenter) -> None:
    forms = [
        "泉科函〔2026〕102号",
        "泉科函［2026］102号",
        "泉科函（2026）102号",
        "泉科函[２０２６]102号",
        "泉科函【2026】102號",
    ]
    assert {tuple(texts(segmenter.segment(form))) for form in forms} == {("泉科函[2026]102号",)}


def test_a_thousands_comma_ends_where_the_figure_ends(segmenter: Segmenter) -> None:
    text = "共 1,257,600.5 元"
    figure = segmenter.segment(text)[1]
    assert (figure.text, text[figure.start : figure.end]) == ("1257600.5", "1,257,600.5")


def test_dictionary_words_inside_a_word_are_found(segmenter: Segmenter) -> None:
    words = segmenter.segment("申领科技創新券")
    assert words[-1] == Word("科技创新券", 2, 7)
    assert set(segmenter.subwords(words)) >= {Word("创新券", 4, 7), Word("科技", 2, 4), Word("创新", 4, 6)}


def test_a_glossary_word_is_kept_whole() -> None:
    text = "揭榜挂帅泉城云码"
    assert texts(Segmenter().segment(text))[-1] != "泉城云码"
    assert texts(Segmenter(["泉城云码"]).segment(text))[-1] == "泉城云码"


def test_the_signature_names_the_dictionary_whatever_its_order() -> None:
    assert (
        Segmenter(["创新券", "大院大所"]).signature == Segmenter(["大院大所", "创新券", "创新券"]).signature
    )
    assert (
        len(
            {Segmenter(words).signature for words in ([], ["创新券"], ["创新", "券"], ["创新券", "大院大所"])}
        )
        == 4
    )


def test_two_segmenters_do_not_share_words() -> None:
    with_word, without = Segmenter(["泉城云码"]), Segmenter()
    assert texts(with_word.segment("泉城云码")) == ["泉城云码"]
    assert "泉城云码" not in texts(without.segment("泉城云码"))


ADVERSARIAL = {
    "digits": "1" * 1_000_000,
    "thousands": "1" + ",111" * 50_000,
    "thousands that never end": "111," * 50_000,
    "thousands that end wrong": "111," * 50_000 + "1111",
    "thousands with fractions": "1,111.1" * 30_000,
    "numbers and commas": "1," * 100_000,
    "dots": "1." * 100_000,
    "Chinese figures": "一一一十十十" * 50_000,
    "open brackets": "〔（[(" * 50_000,
    "closed brackets": "〕）])" * 50_000,
    "numbers without an end": "国发〔2023〕" * 30_000,
    "numbers without a close": "国发〔2023" * 30_000,
    "one long Chinese word": "中华人民共和国" * 30_000,
    "letters": "a" * 200_000,
    "abbreviations": "a." * 100_000,
    "ampersands": "a&" * 100_000,
    "apostrophes": "a'" * 100_000,
    "letters and figures": "a1" * 100_000,
    "figures with letters after": "1" * 200_000 + "a",
    "almost PM2.5": "a1.1a" * 40_000,
    "almost PM2.5, long": "a" + "1" * 100_000 + "." + "1" * 100_000 + "a",
    "lead-in words": "根据按照" * 50_000 + "〔2023〕12号",
    "astral characters": "𠮷" * 100_000,
    "blanks": " \u3000" * 100_000,
}


@pytest.mark.parametrize("text", ADVERSARIAL.values(), ids=ADVERSARIAL)
def test_time_is_linear_in_the_text(segmenter: Segmenter, text: str) -> None:
    """What is quadratic takes minutes at these lengths; what is linear, under a second of processor time."""
    began = time.thread_time()
    words = segmenter.segment(text)
    segmenter.subwords(words)
    assert time.thread_time() - began < 6
    assert not words or words[-1].end <= len(text)

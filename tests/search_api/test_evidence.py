"""Which words of a passage are marked, and as what."""

from collections.abc import Callable
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine import Engine
from indexer.index import StoredPassage
from indexer.records import DocumentMetadata, Paragraph
from search_api.evidence import LEAST_SIMILARITY, find_evidence
from search_api.questions import understand
from search_api.results import Evidence, EvidenceKind
from search_api.searcher import Searcher

Mark = Callable[[str, str], tuple[Evidence, ...]]


@pytest.fixture(scope="session")
def mark(engine: Engine) -> Mark:
    """Mark a text for a question, as it would be stored."""

    def marked(question: str, text: str) -> tuple[Evidence, ...]:
        paragraph = Paragraph("0" * 16, "d", 1, text, "body", "zh", (), ())
        words = engine.lexical_words(engine.segmenter.segment(text))
        passage = StoredPassage(0, paragraph, DocumentMetadata("题", "zh"), words)
        return find_evidence(understand(question, engine), passage, engine)

    return marked


def check(spans: tuple[Evidence, ...], text: str, question: str) -> None:
    """Assert what holds for all evidence: sorted, apart, within bounds, sensible text, known kinds."""
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= len(text)
        end = span.end
        shown = text[span.start : span.end]
        assert shown == shown.strip()
        assert any(c.isalnum() or c in "%‰" for c in shown)
        assert span.kind in get_args(EvidenceKind)
        assert LEAST_SIMILARITY <= span.similarity <= 1.001
        assert span.question_words
        assert all(word in question for word in span.question_words)
        assert len(set(span.question_words)) == len(span.question_words)


CHINESE = (
    "科技创新券",
    "补助",
    "科技創新券",
    "发放",
    "资金",
    "企业",
    "了",
    "1257.96万元",
    "泉科函〔2026〕102号",
)
ENGLISH = ("tech-voucher", "tech", "voucher", "subsidies", "money", "paid", "R&D", "ＡＩ", "2025")
MARKS = ("，", "。", "(", "\n")
PIECES = st.sampled_from([*CHINESE, *ENGLISH, *MARKS])
TEXTS = st.lists(PIECES, min_size=1, max_size=12).flatmap(
    lambda p: st.sampled_from(["".join(p), " ".join(p)])
)


@settings(max_examples=120, deadline=None)
@given(question=TEXTS.filter(lambda t: any(c.isalnum() for c in t)), text=TEXTS)
def test_spans_are_sorted_and_apart_and_slice_to_sensible_text(mark: Mark, question: str, text: str) -> None:
    check(mark(question, text), text, question)


@pytest.mark.parametrize(
    "question",
    ["how much tech-voucher money was paid", "科技创新券补助发了多少钱", "patent pre-examination", "7天内"],
)
def test_evidence_in_the_sample_corpus(searcher: Searcher, question: str) -> None:
    for passage in searcher.search(question, limit=40).results:
        check(passage.evidence, passage.text, question)


def test_an_english_question_marks_chinese_words(mark: Mark) -> None:
    text = "2025年全市发放科技创新券补助1257.96万元。"
    spans = {text[s.start : s.end]: s for s in mark("how much tech-voucher money was paid", text)}
    voucher = next(span for shown, span in spans.items() if "创新券" in shown)
    assert voucher.kind == "glossary"
    assert any("voucher" in word for word in voucher.question_words)


def test_a_chinese_question_marks_english_words(mark: Mark) -> None:
    text = "Technology innovation vouchers worth CNY 12.6 million were issued."
    spans = mark("科技创新券补助发了多少钱", text)
    assert any("voucher" in text[s.start : s.end] and s.kind != "exact" for s in spans)


@pytest.mark.parametrize(
    ("question", "text", "shown"),
    [
        ("科技創新券", "发放科技创新券。", "科技创新券"),
        ("科技创新券", "發放科技創新券。", "科技創新券"),
        ("vouchers", "One Voucher.", "Voucher"),
        ("ＡＩ", "支持AI企业", "AI"),
        ("泉科函[2026]102号", "见泉科函〔2026〕102号。", "泉科函〔2026〕102号"),
        ("1257.96", "共1,257.96万元", "1,257.96"),
    ],
)
def test_the_same_word_written_otherwise_is_exact(mark: Mark, question: str, text: str, shown: str) -> None:
    exact = [text[s.start : s.end] for s in mark(question, text) if s.kind == "exact"]
    assert exact == [shown]


def test_words_that_overlap_are_one_span(mark: Mark) -> None:
    """The index keeps 科技创新券 and the words inside it; a reader is shown one mark."""
    text = "科技创新券"
    (span,) = mark("科技创新券 创新券 创新", text)
    assert (span.start, span.end, span.kind, span.similarity) == (0, 5, "exact", 1.0)


def test_neighbours_that_answer_to_different_words_stay_apart(mark: Mark) -> None:
    spans = mark("补助企业", "企业补助")
    assert [(span.start, span.end, span.question_words) for span in spans] == [
        (0, 2, ("企业",)),
        (2, 4, ("补助",)),
    ]


def test_a_term_is_found_over_a_hyphen_and_not_over_other_words(mark: Mark) -> None:
    together = mark("创新券", "an innovation-voucher scheme")
    assert [(s.start, s.end) for s in together if s.kind == "glossary"] == [(3, 21)]
    apart = mark("创新券", "innovation is not a voucher")
    assert [s for s in apart if s.kind == "glossary"] == []


def test_a_figure_answers_to_itself_and_to_no_other(mark: Mark) -> None:
    text = "2024年1000家，2025年2000家"
    assert [text[s.start : s.end] for s in mark("2025", text)] == ["2025"]


def test_words_that_say_how_to_answer_are_not_marked(mark: Mark) -> None:
    text = "how much of the money is 多少 for 了"
    marked = [text[s.start : s.end] for s in mark("how much money is for the 了 voucher", text)]
    assert "money" in marked
    assert not {"how", "much", "of", "the", "is", "for", "了"} & set(marked)


def test_nothing_in_common_is_no_evidence(mark: Mark) -> None:
    assert mark("创新券", "。——") == ()
    assert mark("创新券", "") == ()

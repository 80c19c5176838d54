"""What is understood of a question before anything is looked for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine import Engine
from indexer.errors import EmptyQuery, QueryTooLong
from search_api.questions import LONGEST_QUESTION, Query, term_groups, understand

VOUCHER = "how much tech-voucher money was paid"


def words(query: Query) -> list[str]:
    return [word.word.text for word in query.words]


@pytest.mark.parametrize(
    "text", ["", " \n\t\u3000", "?？", "……", "——（）", "。？！\ufeff", "\ud83d", "①、"[1:]]
)
def test_a_question_without_a_word_is_refused_and_told_what_to_write(engine: Engine, text: str) -> None:
    with pytest.raises(EmptyQuery, match="科技创新券补助发了多少钱"):
        understand(text, engine)


def test_a_question_may_be_as_long_as_the_limit_and_no_longer(engine: Engine) -> None:
    assert understand("税" * LONGEST_QUESTION, engine).language == "zh"
    with pytest.raises(QueryTooLong, match=r"1,001 characters; at most 1,000"):
        understand("税" * (LONGEST_QUESTION + 1), engine)
    with pytest.raises(QueryTooLong, match=r"100,000"):
        understand("？" * 100_000, engine)
    with pytest.raises(QueryTooLong, match="at most 3"):
        understand("税收政策", engine, longest=3)


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("　科技 創新券？！", "科技创新券"),
        ("「科技创新券」", '"科技创新券"'),
        ("R & D expenses?", "r&dexpenses"),
        ("ＡＩ：", "ai"),
        ("第3.6.3条。", "第3.6.3条"),
        ("务。", "务。"),
        ("：务", ":务"),
        ("税", "税"),
    ],
)
def test_the_literal_is_what_stands_in_a_passage_letter_by_letter(
    engine: Engine, text: str, literal: str
) -> None:
    assert understand(text, engine).literal == literal


@given(
    st.text(
        st.sampled_from("科技創新券补助发了多少钱 的 how much ＡＩ R&D 1,257.96〔2026〕？,\n"), min_size=1
    )
)
@settings(max_examples=150, deadline=None)
def test_words_are_slices_of_the_question_and_something_is_always_looked_for(
    engine: Engine, text: str
) -> None:
    try:
        query = understand(text, engine)
    except EmptyQuery:
        assert not any(c.isalnum() for c in text)
        return
    ends = [0]
    for word in query.words:
        assert word.word.start >= ends[-1]
        assert word.surface == text[word.word.start : word.word.end] != ""
        ends.append(word.word.end)
    assert query.content
    assert set(query.content) <= set(query.words)
    assert len(query.literal) <= len(text)


def test_words_that_only_say_how_to_answer_are_no_content(engine: Engine) -> None:
    content = [word.surface for word in understand(VOUCHER, engine).content]
    assert "voucher" in content
    assert not {"how", "much", "was"} & set(content)
    chinese = [word.surface for word in understand("科技创新券补助发了多少钱？", engine).content]
    assert "多少" not in chinese
    assert "了" not in chinese
    assert "补助" in chinese


@pytest.mark.parametrize("text", ["多少", "what is it", "如何"])
def test_where_nothing_else_is_left_every_word_is_looked_for(engine: Engine, text: str) -> None:
    query = understand(text, engine)
    assert query.content == query.words != ()


@pytest.mark.parametrize(
    ("text", "language"), [(VOUCHER, "en"), ("创新券发了多少钱", "zh"), ("AI 专项资金有多少", "zh")]
)
def test_the_language_of_a_question(engine: Engine, text: str, language: str) -> None:
    assert understand(text, engine).language == language


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("科技創新券補助發了多少錢", "科技创新券补助发了多少钱"),
        ("ＡＩ企业１２家", "ai企业12家"),
        ("Tech Vouchers", "tech voucher"),
    ],
)
def test_ways_of_writing_are_one_question(engine: Engine, written: str, same: str) -> None:
    assert words(understand(written, engine)) == words(understand(same, engine))


def test_a_glossary_term_stands_for_its_content_words_in_the_other_language(engine: Engine) -> None:
    query = understand(VOUCHER, engine)
    content = [word.surface for word in query.content]
    said = {"".join(r.words): [content[place] for place in r.places] for r in query.renderings}
    chinese = [text for text in said if "创新券" in text]
    assert chinese
    assert all("voucher" in said[text] for text in chinese)


def test_a_term_is_not_another_way_to_say_itself(engine: Engine) -> None:
    query = understand("innovation voucher 创新券", engine)
    assert query.terms
    for term in query.terms:
        own = tuple(word.word.text for word in query.words[term.first : term.last])
        assert own not in term.renderings
        assert len(set(term.renderings)) == len(term.renderings)


def test_the_lexical_index_looks_for_each_word_and_for_its_translations(engine: Engine) -> None:
    groups = term_groups(understand(VOUCHER, engine), engine)
    own = {group.terms[0][0] for group in groups if group.terms and group.terms[0][1] == 1.0}
    assert {"voucher", "pay"} <= own
    every = [(term, weight) for group in groups for term, weight in group.terms]
    assert any("券" in term for term, _ in every)
    assert all(0 < weight <= 1 for _, weight in every)
    assert not {"how", "much", "the"} & {term for term, _ in every}
    for group in groups:
        assert len({term for term, _ in group.terms}) == len(group.terms)


def test_a_long_chinese_word_is_also_looked_for_by_the_words_inside_it(engine: Engine) -> None:
    query = understand("科技创新券", engine)
    looked_for = {term for group in term_groups(query, engine) for term, _ in group.terms}
    assert {"科技创新券", "创新券"} <= looked_for


@pytest.mark.parametrize("text", ["泉科函〔2026〕102号说了什么", "what does 泉科函[2026]102号 say"])
def test_document_numbers_are_read(engine: Engine, text: str) -> None:
    (reference,) = understand(text, engine).references
    assert (reference.agency, reference.year, reference.sequence) == ("泉科函", 2026, 102)

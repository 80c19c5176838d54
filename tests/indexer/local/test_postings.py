"""The lexical index against plain Python."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.index import TermGroup
from indexer.local.postings import CONTEXT_WEIGHT, K1, B

LETTERS = "科技创新券"


def bm25(words, context, groups):
    """BM25 as its formula reads, one passage and one term at a time."""
    count = len(words)
    mean = max(sum(map(len, words)) / count, 1.0)
    df = Counter(term for passage in words for term in set(passage))

    def score(term, own, around):
        tf = own.count(term) + CONTEXT_WEIGHT * around.count(term)
        if not tf:
            return 0.0
        frequency = max(df[term], 1)
        idf = math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))
        return idf * tf / (tf + K1 * (1 - B + B * len(own) / mean))

    return [
        sum(
            group.weight * max(weight * score(term, own, around) for term, weight in group.terms)
            for group in groups
        )
        for own, around in zip(words, context, strict=True)
    ]


documents = st.lists(
    st.tuples(st.text(LETTERS, max_size=12), st.text(LETTERS + "x", max_size=4)), min_size=1, max_size=8
)
weights = st.sampled_from([1.0, 0.5, 0.25])
terms = st.lists(st.tuples(st.sampled_from([*LETTERS, "x", "无"]), weights), min_size=1, max_size=4)
groups = st.lists(st.builds(TermGroup, terms.map(tuple), weights), max_size=3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents, groups)
def test_scores_are_those_of_plain_bm25(index_of, samples, texts, wanted):
    given_documents = [
        samples.Given(f"d{at:02}", [text], context=list(context)) for at, (text, context) in enumerate(texts)
    ]
    reader = index_of(given_documents)
    expected = bm25([list(text) for text, _ in texts], [list(context) for _, context in texts], wanted)
    found = reader.lexical_candidates(wanted, 100)
    assert sorted(found.rows) == [row for row, score in enumerate(expected) if score > 0]
    np.testing.assert_allclose(found.scores, [expected[row] for row in found.rows], rtol=1e-5)
    assert (np.diff(found.scores) <= 0).all()


def test_the_best_alternative_counts_not_their_sum(index_of):
    reader = index_of(["科技", "科", "券"])
    both = reader.lexical_candidates([TermGroup((("科", 1.0), ("技", 0.1)))], 10)
    alone = reader.lexical_candidates([TermGroup((("科", 1.0),))], 10)
    assert both.rows.tolist() == alone.rows.tolist()
    np.testing.assert_allclose(both.scores, alone.scores)


def test_equal_scores_come_in_row_order_and_the_limit_takes_the_first(index_of):
    reader = index_of(["科技"] * 6 + ["券"])
    assert reader.lexical_candidates([TermGroup((("科", 1.0),))], 3).rows.tolist() == [0, 1, 2]


def test_a_mask_keeps_rows_out(index_of):
    reader = index_of(["科技", "科", "券"])
    found = reader.lexical_candidates([TermGroup((("科", 1.0),))], 10, np.array([False, True, True]))
    assert found.rows.tolist() == [1]


@pytest.mark.parametrize("wanted", [[], [TermGroup((("无", 1.0),))], [TermGroup(())]])
def test_nothing_known_finds_nothing(index_of, wanted):
    assert len(index_of(["科技"]).lexical_candidates(wanted, 5).rows) == 0


def test_document_frequency_counts_passages_whose_own_text_has_the_term(index_of, samples):
    reader = index_of([samples.Given("a", ["科科", "技科", "券"], context=["技", "头"])])
    assert reader.document_frequency(["科", "技", "头", "无"]).tolist() == [2, 1, 0, 0]

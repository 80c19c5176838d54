"""What an explanation says is what the ranking did."""

import math

import pytest

from search_api.candidates import LEGS
from search_api.explaining import explain_passage
from search_api.searcher import Searcher

QUESTIONS = ("how much tech-voucher money was paid", "科技创新券补助发了多少钱", "创新券")


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_leg_is_told_with_the_rank_and_score_it_gave(searcher: Searcher, question: str) -> None:
    ranking = searcher.rank(question)
    for candidate in ranking.order[:20].tolist():
        row = int(ranking.pool.rows[candidate])
        explained = explain_passage(ranking, candidate)
        assert set(explained.legs) == set(LEGS)
        for leg, told in explained.legs.items():
            rows = ranking.pool.found[leg].rows.tolist()
            if row in rows:
                assert told.rank == rows.index(row) + 1
                found = float(ranking.pool.found[leg].scores[rows.index(row)])
                assert told.score == pytest.approx(found, abs=1e-3)
            else:
                assert (told.rank, told.score) == (None, None)
        assert explained.fused == pytest.approx(float(ranking.scores[candidate]), abs=1e-3)
        assert explained.alignment == pytest.approx(float(ranking.alignment.scores[candidate]), abs=1e-3)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_content_word_is_told_with_how_well_it_matches(searcher: Searcher, question: str) -> None:
    ranking = searcher.rank(question)
    explained = explain_passage(ranking, int(ranking.order[0]))
    assert [word.question_word for word in explained.words] == [w.surface for w in ranking.query.content]
    for word in explained.words:
        assert 0 <= word.similarity <= 1.001
        assert word.weight >= 0
        assert math.isfinite(word.weight)


def test_the_summary_names_the_legs_that_found_it_and_the_nearest_words(searcher: Searcher) -> None:
    ranking = searcher.rank("科技创新券补助发了多少钱")
    explained = explain_passage(ranking, int(ranking.order[0]))
    for leg, told in explained.legs.items():
        assert (f"{leg} {told.rank}" in explained.summary) == (told.rank is not None)
    assert "科技创新券" in explained.summary


def test_only_who_asks_gets_explanations(searcher: Searcher) -> None:
    told = searcher.search("创新券", limit=3, explain=True).results
    assert all(passage.explain is not None for passage in told)
    assert all(passage.explain is None for passage in searcher.search("创新券", limit=3).results)
    assert [p.passage_id for p in told] == [p.passage_id for p in searcher.search("创新券", limit=3).results]

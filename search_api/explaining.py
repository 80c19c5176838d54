"""Say in numbers and words why a passage stands where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search_api.candidates import LEGS
from search_api.results import Explanation, LegScore, WordMatch

if TYPE_CHECKING:
    from search_api.searcher import Ranking


def explain_passage(ranking: Ranking, candidate: int) -> Explanation:
    """Explain one candidate (its place in `ranking.pool.rows`)."""
    legs = {leg: _leg(ranking, leg, candidate) for leg in LEGS}
    words = _words(ranking, candidate)
    return Explanation(
        legs=legs,
        fused=round(float(ranking.scores[candidate]), 4),
        alignment=round(float(ranking.alignment.scores[candidate]), 4),
        words=words,
        summary=_summary(legs, words),
    )


def _leg(ranking: Ranking, leg: str, candidate: int) -> LegScore:
    found = ranking.pool.found[leg]
    place = np.flatnonzero(found.rows == ranking.pool.rows[candidate])
    if not len(place):
        return LegScore(None, None)
    return LegScore(int(place[0]) + 1, round(float(found.scores[place[0]]), 4))


def _words(ranking: Ranking, candidate: int) -> tuple[WordMatch, ...]:
    alignment = ranking.alignment
    return tuple(
        WordMatch(
            word.surface,
            round(float(alignment.matches[i, candidate]), 3),
            round(float(alignment.weights[i, candidate]), 3),
        )
        for i, word in enumerate(ranking.query.content)
    )


def _summary(legs: dict[str, LegScore], words: tuple[WordMatch, ...]) -> str:
    ranks = ", ".join(f"{leg} {score.rank}" for leg, score in legs.items() if score.rank is not None)
    strong = sorted(words, key=lambda w: -w.similarity * w.weight)[:3]
    told = ", ".join(f"{w.question_word} {w.similarity:.2f}" for w in strong if w.similarity > 0)
    return f"rank by leg: {ranks or 'none'}; nearest question words: {told or 'none'}"

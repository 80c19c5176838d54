"""Mark the words of a passage that answer to words of the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.engine import Engine
from indexer.index import StoredPassage
from indexer.records import Word
from indexer.word_table import unit
from search_api.alignment import word_vectors
from search_api.questions import Query
from search_api.results import Evidence, EvidenceKind

LEAST_SIMILARITY = 0.5
_WIDEST_GAP = 2
"""Characters between two words of a term: a space, a hyphen, both."""
_STRENGTH: dict[EvidenceKind, int] = {"exact": 2, "glossary": 1, "aligned": 0}


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    kind: EvidenceKind
    question_word: str
    similarity: float


def find_evidence(query: Query, passage: StoredPassage, engine: Engine) -> tuple[Evidence, ...]:
    """Return the spans of a passage that answer to the question's words, merged and in order."""
    words = [word for word in passage.words if word.end > word.start]
    marks = [*_exact(query, words), *_glossary(query, words), *_aligned(query, words, engine)]
    return _merge(marks)


def _exact(query: Query, words: Sequence[Word]) -> list[_Mark]:
    wanted = {word.word.text: word.surface for word in query.content}
    return [_Mark(w.start, w.end, "exact", wanted[w.text], 1.0) for w in words if w.text in wanted]


def _glossary(query: Query, words: Sequence[Word]) -> list[_Mark]:
    """Mark the runs of words that are another rendering of a glossary term of the question."""
    starting: dict[int, list[Word]] = {}
    spoken: dict[str, list[Word]] = {}
    for word in words:
        starting.setdefault(word.start, []).append(word)
        spoken.setdefault(word.text, []).append(word)
    marks = []
    for term in query.terms:
        asked = query.text[query.words[term.first].word.start : query.words[term.last - 1].word.end]
        for rendering in term.renderings:
            for first in spoken.get(rendering[0], ()):
                end = _end_of_run(first, rendering[1:], starting)
                if end is not None:
                    marks.append(_Mark(first.start, end, "glossary", asked, 1.0))
    return marks


def _end_of_run(first: Word, rest: Sequence[str], starting: dict[int, list[Word]]) -> int | None:
    """Return where a run of words that starts with `first` ends; None if `rest` does not follow it."""
    end = first.end
    for text in rest:
        near = (word for start in range(end, end + _WIDEST_GAP + 1) for word in starting.get(start, ()))
        following = next((word for word in near if word.text == text), None)
        if following is None:
            return None
        end = following.end
    return end


def _aligned(query: Query, words: Sequence[Word], engine: Engine) -> list[_Mark]:
    asked = [word for word in query.content if not any(c.isdigit() for c in word.word.text)]
    spoken = [word for word in words if not word.text.isdigit()]
    if not asked or not spoken:
        return []
    questions = unit(word_vectors([w.word.text for w in asked], engine.table))
    passages = unit(word_vectors([w.text for w in spoken], engine.table))
    cosines = questions @ passages.T
    best = cosines.argmax(axis=0)
    return [
        _Mark(word.start, word.end, "aligned", asked[int(q)].surface, round(float(cosines[q, i]), 3))
        for i, (word, q) in enumerate(zip(spoken, best, strict=True))
        if cosines[q, i] >= LEAST_SIMILARITY
    ]


def _merge(marks: Sequence[_Mark]) -> tuple[Evidence, ...]:
    """Unite marks that overlap or touch; the stronger kind and the higher similarity stay."""
    merged: list[list[_Mark]] = []
    for mark in sorted(marks, key=lambda m: (m.start, m.end)):
        if merged and mark.start <= max(m.end for m in merged[-1]) and not _apart(merged[-1], mark):
            merged[-1].append(mark)
        else:
            merged.append([mark])
    return tuple(_evidence(group) for group in merged)


def _apart(group: Sequence[_Mark], mark: _Mark) -> bool:
    """Spans that only touch stay apart, unless they answer to the same word."""
    touching = mark.start == max(m.end for m in group)
    return touching and mark.question_word not in {m.question_word for m in group}


def _evidence(group: Sequence[_Mark]) -> Evidence:
    strongest = max(group, key=lambda m: (_STRENGTH[m.kind], m.similarity))
    words = tuple(dict.fromkeys(m.question_word for m in sorted(group, key=lambda m: -_STRENGTH[m.kind])))
    return Evidence(
        min(m.start for m in group), max(m.end for m in group), strongest.kind, words, strongest.similarity
    )

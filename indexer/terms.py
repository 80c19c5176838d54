"""Find a glossary's terms in a list of words, in either language, longest first.

A term is compared as the segmenter cuts it, so that inflected English (tech vouchers) and Chinese terms that
are longer than a word are found alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.glossary import Glossary, GlossaryEntry
from indexer.normalizing import normalize
from indexer.records import Word
from indexer.segmenting import Segmenter

Key = tuple[str, ...]
_BEGINNING = 3


@dataclass(frozen=True, slots=True)
class TermMatch:
    """Words first:last (half-open) of a word list are a term of these entries."""

    first: int
    last: int
    entries: tuple[GlossaryEntry, ...]


class TermFinder:
    """Match word lists against a glossary.

    Only terms that a cheap look at their letters lets through are segmented: cutting all of them would take
    longer than the rest of a first question.
    """

    def __init__(self, glossary: Glossary, segmenter: Segmenter) -> None:
        self._segmenter = segmenter
        # By the first character of a Chinese term, by one of the beginnings of an English one; "" for none.
        self._han: dict[str, list[tuple[str, str, GlossaryEntry]]] = {}
        self._latin: dict[str, list[tuple[frozenset[str], str, GlossaryEntry]]] = {}
        for entry in glossary.entries:
            for term in entry.zh:
                letters = _letters(normalize(term))
                self._han.setdefault(letters[:1], []).append((letters, term, entry))
            for term in entry.en:
                needed = _beginnings(term.lower())
                self._latin.setdefault(max(needed, default=""), []).append((needed, term, entry))
        self._keys: dict[str, Key] = {}

    def key(self, term: str) -> Key:
        """Return a term's words as they are matched."""
        if term not in self._keys:
            self._keys[term] = tuple(word.text for word in self._segmenter.segment(term))
        return self._keys[term]

    def find(self, words: Sequence[Word], text: str) -> list[TermMatch]:
        """Return the terms in the words of `text`, longest first at each place, without overlaps."""
        texts = [word.text for word in words]
        surfaces = [normalize(text[word.start : word.end]) for word in words]
        entries = self._likely([*texts, *surfaces])
        longest = max(map(len, entries), default=0)
        found = []
        first = 0
        while first < len(texts):
            match = _match_at(texts, first, entries, longest)
            entered = () if match is None else _meant(match, texts, surfaces)
            if match is not None and entered:
                found.append(TermMatch(match.first, match.last, entered))
            first = match.last if match else first + 1
        return found

    def _likely(self, texts: Sequence[str]) -> dict[Key, tuple[GlossaryEntry, ...]]:
        """Return the entries, by the words of the term, whose letters all stand in the texts."""
        joined = _letters("".join(texts))
        beginnings = {text[:_BEGINNING] for text in texts}
        han = (each for first in ("", *dict.fromkeys(joined)) for each in self._han.get(first, ()))
        latin = (each for first in ("", *sorted(beginnings)) for each in self._latin.get(first, ()))
        likely = [(term, entry) for letters, term, entry in han if letters in joined]
        likely += [(term, entry) for needed, term, entry in latin if needed <= beginnings]
        entries: dict[Key, tuple[GlossaryEntry, ...]] = {}
        for term, entry in likely:
            key = self.key(term)
            if key and entry not in entries.get(key, ()):
                entries[key] = (*entries.get(key, ()), entry)
        return entries


def _letters(text: str) -> str:
    """Return the text without punctuation: a segmenter makes no words of it."""
    return "".join(filter(str.isalnum, text))


def _beginnings(term: str) -> frozenset[str]:
    """Return how the words of an English term begin, figures and short words left out.

    The inflections of a word begin alike, or stand in the term as they do in the text (paid leave).
    """
    return frozenset(word[:_BEGINNING] for word in re.findall(r"(?<![a-z\d&'])[a-z]{3,}", term))


def _meant(match: TermMatch, texts: Sequence[str], surfaces: Sequence[str]) -> tuple[GlossaryEntry, ...]:
    """Return the entries that a match means: a single English word may only share a lemma.

    paid is not the noun pay of 工资, but it is the paid of 兑现.
    """
    word, surface = texts[match.first], surfaces[match.first]
    stem = word.removesuffix("y" if surface.endswith("ies") else "e")
    if match.last - match.first > 1 or not word.isascii() or surface.startswith(stem):
        return match.entries
    return tuple(entry for entry in match.entries if surface in map(str.lower, (*entry.zh, *entry.en)))


def _match_at(
    texts: Sequence[str], first: int, entries: Mapping[Key, tuple[GlossaryEntry, ...]], longest: int
) -> TermMatch | None:
    for last in range(min(len(texts), first + longest), first, -1):
        found = entries.get(tuple(texts[first:last]))
        if found:
            return TermMatch(first, last, found)
    return None

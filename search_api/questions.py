"""Turn a question into a Query: language, words, what each may be called in the passages, references."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from indexer.document_numbers import DocumentNumberQuery, find_references
from indexer.engine import Engine
from indexer.errors import EmptyQuery, QueryTooLong
from indexer.index import TermGroup
from indexer.languages import language_of
from indexer.normalizing import normalize
from indexer.records import Language, Span, Word
from search_api.function_words import FUNCTION_WORDS

LONGEST_QUESTION = 1_000
"""Characters. Longer ones are refused: an answer is looked for, not a document."""

AlternativeKind = Literal["exact", "glossary", "aligned"]

_SPACE = re.compile(r"\s+")

_NO_BRACKETS = str.maketrans("", "", "[]()<>《》〈〉-\"'")
_PARTS = re.compile(
    r"(?P<agency>[\u4e00-\u9fff]{2,8}?)?(?P<year>(?:19|20)\d{2})?年?第?(?P<sequence>\d{1,5})?号?"
)
_GLOSSARY_WEIGHT = 0.9
_LEAST_TRANSLATION = 0.4


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of the question. `content` is False for words that only say how to answer."""

    word: Word
    surface: str
    content: bool


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """Words first:last of the question that are a glossary term, and every other way to say it."""

    first: int
    last: int
    renderings: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Rendering:
    """Content words (their places among `Query.content`) and words that, all together, say the same."""

    places: tuple[int, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood.

    literal: the whole question folded for matching, without white space and the punctuation around it (kept
    where only one character would be left: a single one cannot be looked for).
    """

    text: str
    language: Language
    words: tuple[QueryWord, ...]
    terms: tuple[QueryTerm, ...]
    references: tuple[DocumentNumberQuery, ...]
    literal: str

    @property
    def content(self) -> tuple[QueryWord, ...]:
        """The words to be found; all words where nothing else is left."""
        return tuple(w for w in self.words if w.content) or self.words

    @property
    def renderings(self) -> tuple[Rendering, ...]:
        """Other ways to say the question's glossary terms, as the content words they stand for."""
        place = {word.word.start: i for i, word in enumerate(self.content)}
        found = []
        for term in self.terms:
            starts = (self.words[i].word.start for i in range(term.first, term.last))
            places = tuple(place[start] for start in starts if start in place)
            found += [Rendering(places, words) for words in term.renderings if places]
        return tuple(found)


def understand(text: str, engine: Engine, longest: int = LONGEST_QUESTION) -> Query:
    """Return the question as a Query. Raises EmptyQuery, QueryTooLong."""
    if len(text) > longest:
        raise QueryTooLong(
            f"The question has {len(text):,} characters; at most {longest:,} are accepted. "
            "Ask for one thing, or index the text as a document."
        )
    words = engine.segmenter.segment(text)
    if not words:
        raise EmptyQuery(
            f"The question {text[:20]!r} has nothing to look for. Expected words in Chinese or English, "
            "for example: how much tech-voucher money was paid · 科技创新券补助发了多少钱"
        )
    folded = _SPACE.sub("", normalize(text))
    bare = folded.strip("?？!！。.,，;；:：")
    literal = bare if len(bare) > 1 else folded
    language = language_of(text)
    query_words = tuple(
        QueryWord(word, text[word.start : word.end], word.text not in FUNCTION_WORDS) for word in words
    )
    return Query(
        text, language, query_words, _terms(words, text, engine), tuple(find_references(text)), literal
    )


def bare_reference(text: str) -> DocumentNumberQuery | None:
    """Read a question that is nothing but parts of a document number: 泉科函, 〔2026〕102, 泉科综102号.

    Any short Chinese question looks like an agency: whether there is such a document the index must say.
    """
    found = _PARTS.fullmatch(_SPACE.sub("", normalize(text)).translate(_NO_BRACKETS))
    if found is None or not (found["agency"] or (found["year"] and found["sequence"])):
        return None
    year, sequence = (int(part) if part else None for part in (found["year"], found["sequence"]))
    return DocumentNumberQuery(found["agency"], year, sequence, Span(0, len(text)))


def with_references(query: Query, references: tuple[DocumentNumberQuery, ...]) -> Query:
    """Return the query with document numbers, whose words are then no longer words to be found."""
    words = tuple(
        replace(word, content=False)
        if any(ref.span.start <= word.word.start and word.word.end <= ref.span.end for ref in references)
        else word
        for word in query.words
    )
    return replace(query, references=references, words=words)


def _terms(words: Sequence[Word], text: str, engine: Engine) -> tuple[QueryTerm, ...]:
    found = []
    for match in engine.terms.find(words, text):
        own = tuple(word.text for word in words[match.first : match.last])
        if all(word in FUNCTION_WORDS for word in own):
            continue
        keys = dict.fromkeys(
            engine.terms.key(term) for entry in match.entries for term in (*entry.zh, *entry.en)
        )
        keys.pop(own, None)
        found.append(QueryTerm(match.first, match.last, tuple(key for key in keys if key)))
    return tuple(found)


def term_groups(query: Query, engine: Engine) -> list[TermGroup]:
    """Return what the lexical index looks for: a group of alternatives a word or glossary term.

    A word stands for itself at 1 and its nearest words in the other language at cos²; a rendering of a
    glossary term of several words shares the weight among them.
    """
    groups = []
    for word in query.content:
        terms = {word.word.text: 1.0}
        for other, cosine in engine.table.translations(word.word.text):
            if cosine >= _LEAST_TRANSLATION:
                terms.setdefault(other, cosine**2)
        groups.append(TermGroup(tuple(terms.items())))
    for sub in engine.segmenter.subwords([w.word for w in query.content]):
        groups.append(TermGroup(((sub.text, 1.0),), weight=0.5))
    groups += [_group_of(term) for term in query.terms]
    return groups


def _group_of(term: QueryTerm) -> TermGroup:
    weights: dict[str, float] = {}
    for rendering in term.renderings:
        for word in rendering:
            if word not in FUNCTION_WORDS:
                weight = _GLOSSARY_WEIGHT / len(rendering)
                weights[word] = max(weight, weights.get(word, 0.0))
    return TermGroup(tuple(weights.items()))

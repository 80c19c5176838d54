"""What a search returns. No HTTP and no storage here; field names are those of the API.

Offsets are half-open code points into `RankedPassage.text`. Scores: higher is better, comparable within one
search only. Probabilities are None until they are calibrated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from indexer.index import Facet
from indexer.records import DocumentMetadata, Language, Quantity

EvidenceKind = Literal["exact", "glossary", "aligned"]
AnswerCode = Literal["answered", "no_question_type", "no_figure", "not_confident", "no_result"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of a passage that answers to words of the question. Spans of one passage do not overlap."""

    start: int
    end: int
    kind: EvidenceKind
    question_words: tuple[str, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class LegScore:
    """Where one way of looking put a passage: rank from 1 and its score; both None if it missed it."""

    rank: int | None
    score: float | None


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A question word, its cosine with the nearest word of the passage, and how much the word weighs."""

    question_word: str
    similarity: float
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a passage stands where it stands."""

    legs: Mapping[str, LegScore]
    fused: float
    alignment: float
    words: tuple[WordMatch, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage as shown for a question, with its document."""

    rank: int
    passage_id: str
    document_id: str
    score: float
    text: str
    language: Language
    heading_path: tuple[str, ...]
    page: int | None
    paragraph: int
    metadata: DocumentMetadata
    evidence: tuple[Evidence, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    probability: float | None = None
    explain: Explanation | None = None
    similar: int = 0
    """How many further passages with the same text were folded into this one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A figure or name that answers, exactly as it stands in its passage."""

    text: str
    kind: str
    value: float | None
    unit: str | None
    currency: str | None
    display: Mapping[str, str]
    of: str | None
    is_total: bool
    bound: str | None
    period: str | None
    status: str | None
    passage_id: str
    start: int
    end: int
    probability: float | None
    conflicts: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerStatus:
    """Why there is an answer or none."""

    code: AnswerCode
    reason: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The whole answer to one question.

    total: how many passages any candidate leg found, at most 1,000. took_ms: milliseconds.
    """

    query: str
    query_language: Language
    total: int
    took_ms: float
    index_generation: int
    encoder: str
    results: tuple[RankedPassage, ...]
    answer: Answer | None = None
    answer_status: AnswerStatus = field(
        default_factory=lambda: AnswerStatus("no_question_type", "Answers are not given by this version yet.")
    )
    facets: Mapping[str, Sequence[Facet]] | None = None

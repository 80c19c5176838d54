"""What an evaluation found: measures over all questions, by direction, by type and by question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from indexer.records import Language
from search_api.judgements import Question
from search_api.measuring import Estimate, rank_of, summarise

SHOWN = 10
"""Documents listed with a question."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a question: documents and passages (row numbers), best first, each once."""

    documents: tuple[str, ...]
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question's measures, and the rank of each document that answers it (None: not found).

    direction: the question's language → that of the document that answers best, as in en→zh.
    """

    question: Question
    direction: str
    answered: bool
    measures: Mapping[str, float]
    ranks: Mapping[str, int | None]
    top: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return a line of the per-question file."""
        return {
            "query_id": self.question.query_id,
            "query": self.question.text,
            "type": self.question.kind,
            "direction": self.direction,
            "answered": self.answered,
            "measures": {name: round(value, 6) for name, value in self.measures.items()},
            "ranks": dict(self.ranks),
            "top_documents": list(self.top),
        }


@dataclass(frozen=True, slots=True)
class Group:
    """Measures over some of the questions."""

    questions: int
    measures: Mapping[str, Estimate]

    def as_json(self) -> dict[str, Any]:
        """Return means under `measures` and 95 % intervals under `intervals`."""
        return {
            "questions": self.questions,
            "measures": {name: round(e.mean, 6) for name, e in self.measures.items()},
            "intervals": {name: [round(e.low, 6), round(e.high, 6)] for name, e in self.measures.items()},
        }


@dataclass(frozen=True, slots=True)
class Report:
    """Measures of a folder's questions.

    left_out: questions that no document of the folder answers; they are not measured. unanswered: questions
    measured for which nothing came back. seconds: asking, without building and measuring. split_quotes:
    places of quotes that no single passage holds whole; they count as not found.
    """

    folder: Path
    encoder: str
    overall: Group
    left_out: int
    unanswered: int
    seconds: float
    directions: Mapping[str, Group]
    types: Mapping[str, Group]
    per_question: tuple[QuestionResult, ...] = field(repr=False)
    split_quotes: tuple[str, ...] = ()

    @property
    def measures(self) -> Mapping[str, Estimate]:
        """The measures over all questions."""
        return self.overall.measures

    def as_json(self) -> dict[str, Any]:
        """Return everything but the single questions."""
        return {
            "folder": str(self.folder),
            "encoder": self.encoder,
            **self.overall.as_json(),
            "left_out": self.left_out,
            "unanswered": self.unanswered,
            "seconds": round(self.seconds, 3),
            "directions": {name: group.as_json() for name, group in self.directions.items()},
            "types": {name: group.as_json() for name, group in self.types.items()},
            "split_quotes": list(self.split_quotes),
        }


def judge_question(
    question: Question,
    found: Found,
    values: Mapping[str, float],
    relevant: Mapping[str, int],
    languages: Mapping[str, Language],
) -> QuestionResult:
    """Return a question's result; relevant: document_id -> score, of which the best names the direction."""
    best = max(relevant, key=relevant.__getitem__)
    ranks = {
        document: rank_of(document, found.documents) for document, score in relevant.items() if score > 0
    }
    direction = f"{question.language}→{languages[best]}"
    return QuestionResult(question, direction, bool(found.documents), values, ranks, found.documents[:SHOWN])


def report_of(
    folder: Path,
    encoder: str,
    left_out: int,
    seconds: float,
    results: Sequence[QuestionResult],
    split_quotes: tuple[str, ...] = (),
) -> Report:
    """Summarise the questions' results."""
    return Report(
        folder=folder,
        encoder=encoder,
        overall=_group(results),
        left_out=left_out,
        unanswered=sum(not result.answered for result in results),
        seconds=seconds,
        directions=_groups((result.direction, result) for result in results),
        types=_groups((r.question.kind, r) for r in results if r.question.kind is not None),
        per_question=tuple(results),
        split_quotes=split_quotes,
    )


def _group(results: Sequence[QuestionResult]) -> Group:
    return Group(len(results), summarise(result.measures for result in results))


def _groups(keyed: Iterable[tuple[str, QuestionResult]]) -> dict[str, Group]:
    members: dict[str, list[QuestionResult]] = {}
    for key, result in keyed:
        members.setdefault(key, []).append(result)
    return {key: _group(of) for key, of in sorted(members.items())}

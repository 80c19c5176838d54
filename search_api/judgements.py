"""Read a folder of questions and judgements in BEIR's form (Thakur et al. 2021), or this project's own.

    FOLDER/queries.jsonl  {"_id": "q1", "text": "…", "lang": "en", "type": "money"}; the last two optional
    FOLDER/qrels.tsv      a header, then query-id, corpus-id, score and, if wanted, passage: a verbatim quote
    FOLDER/corpus.jsonl   the documents; or else every document file in the folder

Each plain or `.xz`; BEIR's `qrels/test.tsv` is read too.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import EvaluationError
from indexer.languages import language_of
from indexer.records import Language

_SPACE = re.compile(r"\s+")
_QRELS = ("qrels.tsv", "qrels/test.tsv")
_QUERY_EXAMPLE = '{"_id": "q1", "text": "how much was paid"}'
_JUDGEMENT_EXAMPLE = "query-id<TAB>corpus-id<TAB>score, the score a whole number"
_LANGUAGES: dict[object, Language] = {"zh": "zh", "en": "en"}


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a folder. `kind` is its "type", None where it has none."""

    query_id: str
    text: str
    language: Language
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well a document answers a question: 0 not at all, higher is better.

    quote: words of the document that answer, without white space; None where only the document is judged.
    place: file and line, for messages.
    """

    query_id: str
    document_id: str
    score: int
    quote: str | None
    place: str


@dataclass(frozen=True, slots=True)
class JudgedFolder:
    """Questions with their judgements, and where the documents are.

    corpus: `corpus.jsonl` where there is one, else the folder itself.
    """

    folder: Path
    corpus: Path
    questions: tuple[Question, ...]
    judgements: tuple[Judgement, ...]

    @property
    def judged(self) -> tuple[Question, ...]:
        """The questions that some document answers, in the order of the file."""
        answered = {judgement.query_id for judgement in self.judgements if judgement.score > 0}
        return tuple(question for question in self.questions if question.query_id in answered)


def read_folder(folder: Path) -> JudgedFolder:
    """Read questions and judgements. Raises EvaluationError, naming file and line."""
    if not folder.is_dir():
        raise EvaluationError(
            f"{folder} is not a folder. Expected one with queries.jsonl and qrels.tsv. Correct the path."
        )
    questions = tuple(_questions(_file(folder, "queries.jsonl")))
    judgements = tuple(_judgements(_file(folder, *_QRELS)))
    _check_known(questions, judgements)
    corpus = _find(folder, "corpus.jsonl") or folder
    judged = JudgedFolder(folder, corpus, questions, judgements)
    if not judged.judged:
        raise EvaluationError(
            f"{folder} judges no document above 0, so nothing can be measured. Expected lines such as "
            f"{_JUDGEMENT_EXAMPLE}."
        )
    return judged


def squeeze(text: str) -> str:
    """Return a text without white space: the form in which quotes are compared."""
    return _SPACE.sub("", text)


def _find(folder: Path, *names: str) -> Path | None:
    candidates = [folder / f"{name}{suffix}" for name in names for suffix in ("", ".xz")]
    return next((path for path in candidates if path.is_file()), None)


def _file(folder: Path, *names: str) -> Path:
    found = _find(folder, *names)
    if found is None:
        raise EvaluationError(
            f"{folder} has no {names[0]} and no {names[0]}.xz. Expected a BEIR-style folder: corpus.jsonl "
            "(or documents), queries.jsonl and qrels.tsv. Add the file, or give another folder."
        )
    return found


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each line that is not blank, with its place."""
    try:
        with (lzma.open if path.suffix == ".xz" else open)(
            path, "rt", encoding="utf-8-sig", newline=None
        ) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path}, line {number}", line.rstrip("\r\n")
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise EvaluationError(
            f"{path} cannot be read: {error}. Expected UTF-8 text. Copy the file again."
        ) from None


def _questions(path: Path) -> Iterator[Question]:
    first: dict[str, str] = {}
    for place, line in _lines(path):
        question = _question(line, place)
        if question.query_id in first:
            raise EvaluationError(
                f"{place} repeats the _id {question.query_id!r} of {first[question.query_id]}. "
                "Give each question an _id of its own."
            )
        first[question.query_id] = place
        yield question


def _question(line: str, place: str) -> Question:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise EvaluationError(f"{place} is not JSON: {error}. Expected {_QUERY_EXAMPLE}.") from None
    if (
        not isinstance(record, dict)
        or not isinstance(record.get("text"), str)
        or not _is_id(record.get("_id"))
    ):
        raise EvaluationError(
            f"{place} is {line[:80]!r}. Expected an object with _id and text: {_QUERY_EXAMPLE}."
        )
    text, kind = record["text"], record.get("type")
    language = _LANGUAGES.get(str(record.get("lang")), language_of(text))
    return Question(str(record["_id"]), text, language, str(kind) if kind is not None else None)


def _is_id(value: object) -> bool:
    return (isinstance(value, str) and bool(value)) or (
        isinstance(value, int) and not isinstance(value, bool)
    )


def _judgements(path: Path) -> Iterator[Judgement]:
    lines = _lines(path)
    place, header = next(lines, (f"{path}, line 1", ""))
    if header.split("\t")[:3] != ["query-id", "corpus-id", "score"]:
        raise EvaluationError(
            f"{place} is {header[:80]!r}. Expected the header query-id<TAB>corpus-id<TAB>score, with or "
            "without a fourth column passage. Add it."
        )
    for place, line in lines:
        yield _judgement(line, place)


def _judgement(line: str, place: str) -> Judgement:
    query_id, document_id, score, passage, *rest = [*line.split("\t"), *[""] * 4]
    if not query_id or not document_id or any(rest) or not re.fullmatch(r"-?\d+", score.strip()):
        raise EvaluationError(f"{place} is {line[:80]!r}. Expected {_JUDGEMENT_EXAMPLE}. Correct the line.")
    return Judgement(query_id, document_id, int(score), squeeze(passage) or None, place)


def _check_known(questions: tuple[Question, ...], judgements: tuple[Judgement, ...]) -> None:
    known = {question.query_id for question in questions}
    for judgement in judgements:
        if judgement.query_id not in known:
            raise EvaluationError(
                f"{judgement.place} judges the question {judgement.query_id!r}, which queries.jsonl does "
                "not hold. Add the question, or remove the line."
            )

"""Measure how well questions are answered: a judged folder in, a report out. The steps in reading order.

Documents are ranked by their best passage, searching on until k documents are there. A question without an
answer counts as 0; a question that nothing in the folder answers is left out of the measures and counted.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.building import build
from indexer.engine import Engine
from indexer.errors import EvaluationError, QueryError
from indexer.index import IndexReader, open_index
from indexer.records import Language
from search_api.candidates import DEPTH
from search_api.judgements import JudgedFolder, Judgement, Question, read_folder, squeeze
from search_api.measuring import Measure, Relevant, parse_measures, take
from search_api.reports import Found, QuestionResult, Report, judge_question, report_of
from search_api.searcher import Searcher


class PassageRanker(Protocol):
    """Anything that puts passages of an index in order: a Searcher's whole ranking, or one leg of it."""

    def __call__(self, question: str, depth: int) -> NDArray[np.int64]:
        """Return rows, best first, from at least `depth` candidates a leg where there are as many."""
        ...


def evaluate_folder(
    folder: Path, searcher: Searcher, measures: Sequence[str] = (), limit: int | None = None
) -> Report:
    """Measure a searcher on a folder's questions (the first `limit`). Raises EvaluationError.

    The searcher's index must hold the folder's documents under the same ids.
    """
    judged = read_folder(folder)
    return evaluate_ranking(judged, full_ranking(searcher), searcher.reader, measures, limit)


def evaluate_new(
    folder: Path,
    engine: Engine,
    measures: Sequence[str] = (),
    limit: int | None = None,
) -> Report:
    """Measure a folder on an index of its own documents that is built for it and thrown away."""
    parse_measures(measures)
    judged = read_folder(folder)
    with TemporaryDirectory(prefix="wenzheng-evaluate-") as place:
        index = Path(place, "index")
        build([judged.corpus], index, engine)
        reader = open_index(index, engine.signature)
        try:
            return evaluate_ranking(judged, full_ranking(Searcher(reader, engine)), reader, measures, limit)
        finally:
            reader.close()


def full_ranking(searcher: Searcher) -> PassageRanker:
    """Return the ranking that readers are shown."""
    return lambda question, depth: searcher.rank(question, depth=depth).rows


def evaluate_ranking(
    judged: JudgedFolder,
    rank: PassageRanker,
    reader: IndexReader,
    measures: Sequence[str] = (),
    limit: int | None = None,
) -> Report:
    """Measure any ranking of an index's passages on a folder. Raises EvaluationError."""
    parsed = parse_measures(measures)
    questions = judged.judged[:limit]
    judgements = _of(questions, judged.judgements)
    documents = Documents(reader)
    documents.check(judgements, judged)
    began = time.perf_counter()
    found = {q.query_id: _find(q.text, rank, documents, max(m.cutoff for m in parsed)) for q in questions}
    seconds = time.perf_counter() - began
    passages, split = documents.passages_of(judgements)
    results = _measure(questions, judgements, found, parsed, passages, documents.languages(judgements))
    left_out = len(judged.questions) - len(judged.judged)
    return report_of(judged.folder, reader.info.encoder, left_out, seconds, results, split)


class Documents:
    """The documents of an index, by row and by id."""

    def __init__(self, reader: IndexReader) -> None:
        self.reader = reader
        stored = reader.documents(limit=max(reader.info.documents, 1))
        self._ids = [document.document_id for document in stored]
        self._stored = {document.document_id: document for document in stored}

    def check(self, judgements: Iterable[Judgement], judged: JudgedFolder) -> None:
        """Raise EvaluationError where a judged document is not in the index."""
        missing = list(dict.fromkeys(j.document_id for j in judgements if j.document_id not in self._stored))
        if missing:
            raise EvaluationError(
                f"{len(missing)} judged documents are not in the index, such as {_some(missing)}; it holds "
                f"{len(self._ids)}, such as {_some(self._ids)}. Expected the documents of {judged.corpus} "
                "under the same ids. Build the index from that, or leave out --index."
            )

    def best(self, rows: NDArray[np.int64], count: int) -> tuple[str, ...]:
        """Return the first `count` documents of rows in order, each where its best passage stands."""
        ordinals = self.reader.documents_of(rows)
        _, first = np.unique(ordinals, return_index=True)
        return tuple(self._ids[ordinal] for ordinal in ordinals[np.sort(first)[:count]])

    def languages(self, judgements: Iterable[Judgement]) -> dict[str, Language]:
        """Return the language of each judged document."""
        return {j.document_id: self._stored[j.document_id].metadata.language for j in judgements}

    def passages_of(self, judgements: Sequence[Judgement]) -> tuple[Relevant, tuple[str, ...]]:
        """Return query_id -> row -> score of passages that hold a quote, and the places of split quotes.

        Raises EvaluationError for a quote that its document does not hold.
        """
        relevant: dict[str, dict[str, int]] = {}
        split = []
        texts: dict[str, dict[int, str]] = {}
        for judgement in judgements:
            if judgement.quote is None or judgement.score < 1:
                continue
            if judgement.document_id not in texts:
                texts[judgement.document_id] = self._texts(judgement.document_id)
            rows = _rows_with(judgement.quote, texts[judgement.document_id], judgement)
            scores = relevant.setdefault(judgement.query_id, {})
            scores.update({str(row): max(judgement.score, scores.get(str(row), 0)) for row in rows})
            split += [] if rows else [judgement.place]
        return relevant, tuple(split)

    def _texts(self, document_id: str) -> dict[int, str]:
        document = self._stored[document_id]
        rows = range(document.first_row, document.first_row + document.passages)
        return {passage.row: squeeze(passage.paragraph.text) for passage in self.reader.passages(rows)}


def _some(ids: Sequence[str]) -> str:
    return ", ".join(map(repr, ids[:3]))


def _rows_with(quote: str, texts: Mapping[int, str], judgement: Judgement) -> list[int]:
    if rows := [row for row, text in texts.items() if quote in text]:
        return rows
    if quote not in "".join(texts.values()):
        raise EvaluationError(
            f"{judgement.place}: the document {judgement.document_id!r} does not hold the quote "
            f"{quote[:60]!r}. Expected words of the document, letter by letter. Correct the quote, or leave "
            "the column empty."
        )
    return []


def _of(questions: Sequence[Question], judgements: Iterable[Judgement]) -> list[Judgement]:
    wanted = {question.query_id for question in questions}
    return [judgement for judgement in judgements if judgement.query_id in wanted]


def _find(question: str, rank: PassageRanker, documents: Documents, count: int) -> Found:
    """Search deeper until `count` documents are among the passages, or all passages have been looked at."""
    depth = max(DEPTH, count)
    total = documents.reader.info.passages
    try:
        while True:
            rows = rank(question, depth)
            best = documents.best(rows, count)
            if len(best) == count or depth >= total:
                return Found(best, tuple(map(str, rows[:count].tolist())))
            depth = min(depth * 4, total)
    except QueryError:
        return Found(())


def _measure(
    questions: Sequence[Question],
    judgements: Sequence[Judgement],
    found: Mapping[str, Found],
    measures: Sequence[Measure],
    passages: Relevant,
    languages: Mapping[str, Language],
) -> list[QuestionResult]:
    """Take the measures of documents and, for questions with quotes, of passages."""
    relevant: dict[str, dict[str, int]] = {}
    for judgement in judgements:
        relevant.setdefault(judgement.query_id, {})[judgement.document_id] = judgement.score
    values = take(measures, relevant, {query_id: f.documents for query_id, f in found.items()})
    for query_id, of_passages in take(measures, passages, {q: f.passages for q, f in found.items()}).items():
        values[query_id] |= {f"passage {name}": value for name, value in of_passages.items()}
    return [
        judge_question(q, found[q.query_id], values[q.query_id], relevant[q.query_id], languages)
        for q in questions
    ]

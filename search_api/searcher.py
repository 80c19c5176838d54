"""Searcher: a question in, ranked passages out. The steps in reading order."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Engine
from indexer.errors import UnknownFilter
from indexer.index import FACET_FIELDS, IndexReader, PassageFilter, StoredPassage
from indexer.records import Language
from search_api.alignment import Aligner, Alignment
from search_api.candidates import DEPTH, Pool, collect
from search_api.evidence import find_evidence
from search_api.explaining import explain_passage
from search_api.folding import fold_repeats
from search_api.questions import (
    LONGEST_QUESTION,
    Query,
    bare_reference,
    term_groups,
    understand,
    with_references,
)
from search_api.ranking import LanguageList, make_list, rank_scores
from search_api.results import AnswerStatus, RankedPassage, SearchResult

MOST_RESULTS = 1_000
LEAST_SAMPLE = 100
BACKGROUND = 400
"""Passages of each language whose dense scores tell what is usual for a question."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates in order, before anything is fetched to be shown.

    lists: the candidates by language. order: int64 (n,), places in `pool.rows`, best first, repeats folded.
    similar: int64 (n,), how many repeats were folded into each.
    """

    query: Query
    pool: Pool
    alignment: Alignment
    lists: tuple[LanguageList, ...]
    scores: NDArray[np.float32]
    order: NDArray[np.int64]
    similar: NDArray[np.int64]

    @property
    def rows(self) -> NDArray[np.int64]:
        """Passage rows, best first."""
        return self.pool.rows[self.order]


class Searcher:
    """Answer questions over one generation of an index. Safe to use from several threads."""

    def __init__(self, reader: IndexReader, engine: Engine, longest: int = LONGEST_QUESTION) -> None:
        self.reader = reader
        self.engine = engine = engine.with_glossary(reader.glossary)
        self.longest = longest
        self._masks: dict[Language, NDArray[np.bool_]] = {}
        for language in reader.language_counts():
            mask = reader.select(PassageFilter({"language": (language,)}))
            if mask is not None and mask.any():
                self._masks[language] = mask
        samples = {name: sample_of(reader, mask) for name, mask in self._masks.items()}
        self._aligner = Aligner(reader, engine.table, self._masks, samples)
        self._background = {name: rows[:BACKGROUND] for name, rows in samples.items()}

    def search(
        self,
        question: str,
        *,
        limit: int = 10,
        offset: int = 0,
        language: Language | None = None,
        filters: PassageFilter = PassageFilter(),  # noqa: B008 (frozen)
        facets: Sequence[str] = (),
        explain: bool = False,
    ) -> SearchResult:
        """Return the passages that answer a question best.

        `language` limits the passages, not the question. Raises EmptyQuery, QueryTooLong, UnknownFilter.
        """
        began = time.perf_counter()
        _check_facets(facets)
        ranking = self.rank(question, language=language, filters=filters)
        shown = self._shown(ranking, offset, limit, explain)
        if offset + limit > len(ranking.order) and len(ranking.pool.found["dense"].rows) >= DEPTH:
            skipped = max(offset - len(ranking.order), 0)
            deeper = self.rank(question, depth=MOST_RESULTS, language=language, filters=filters)
            ranking = self._after(ranking, deeper)
            shown += self._shown(ranking, skipped, limit - len(shown), explain)
        results = tuple(replace(each, rank=offset + i) for i, each in enumerate(shown, 1))
        info = self.reader.info
        return SearchResult(
            query=question,
            query_language=ranking.query.language,
            total=min(len(ranking.pool.rows), MOST_RESULTS),
            took_ms=round((time.perf_counter() - began) * 1000, 2),
            index_generation=info.generation,
            encoder=info.encoder,
            results=results,
            answer_status=_status(len(ranking.pool.rows)),
            facets=self.reader.facets(facets, ranking.pool.rows) if facets else None,
        )

    def rank(
        self,
        question: str,
        *,
        depth: int = DEPTH,
        language: Language | None = None,
        filters: PassageFilter = PassageFilter(),  # noqa: B008 (frozen)
    ) -> Ranking:
        """Return all candidates of a question in order."""
        query = understand(question, self.engine, self.longest)
        words = [word.word.text for word in query.words]
        vector = self.engine.encoder.encode_query(question, words)
        masks = self._within(language, filters)
        query, referenced = self._referenced(query, masks)
        groups = term_groups(query, self.engine)
        pool = collect(self.reader, vector, groups, query.literal, referenced, masks, depth)
        alignment = self._aligner.align(
            [word.word.text for word in query.content], pool.rows, query.renderings
        )
        lists = self._lists(query, pool, alignment, vector)
        scores = rank_scores(pool, lists, np.isin(pool.rows, referenced))
        if not any(word.content for word in query.words):
            named = np.flatnonzero(np.isin(pool.rows, referenced))
            documents = self.reader.documents_of(pool.rows[named])
            scores[named] = _in_reading_order(scores[named], documents)
        order, similar = fold_repeats(np.lexsort((pool.rows, -scores)), self.reader.duplicates_of(pool.rows))
        return Ranking(query, pool, alignment, lists, scores, order, similar)

    def _shown(self, ranking: Ranking, offset: int, limit: int, explain: bool) -> list[RankedPassage]:
        places = range(len(ranking.order))[offset : offset + limit]
        passages = self.reader.passages(ranking.rows[offset : offset + limit])
        return [self._result(ranking, p, each, explain) for p, each in zip(places, passages, strict=True)]

    def _after(self, first: Ranking, deeper: Ranking) -> Ranking:
        """Return what a deeper look finds besides: all after the first look's, so that pages agree."""
        new = ~np.isin(self.reader.duplicates_of(deeper.rows), self.reader.duplicates_of(first.rows))
        scores = np.minimum(deeper.scores, first.scores[first.order[-1:]].min(initial=np.inf))
        return replace(deeper, scores=scores, order=deeper.order[new], similar=deeper.similar[new])

    def _within(self, language: Language | None, filters: PassageFilter) -> list[NDArray[np.bool_]]:
        """Return one mask a language to look in; none where the filters let nothing through."""
        chosen = self.reader.select(filters)
        masks = [mask for name, mask in self._masks.items() if language in (None, name)]
        narrowed = [mask if chosen is None else mask & chosen for mask in masks]
        return [mask for mask in narrowed if mask.any()]

    def _referenced(
        self, query: Query, masks: Sequence[NDArray[np.bool_]]
    ) -> tuple[Query, NDArray[np.int64]]:
        """Return the passages of the documents that the question names by number, and what else it asks."""
        bare = bare_reference(query.text)
        asked = query.references or ((bare,) if bare else ())
        rows = [self.reader.document_rows_by_number(ref.agency, ref.year, ref.sequence) for ref in asked]
        first = np.array([row for found in rows for row in found], np.int64)
        if not masks or not len(first):
            return query, np.zeros(0, np.int64)
        known = tuple(ref for ref, found in zip(asked, rows, strict=True) if found)
        allowed = np.flatnonzero(np.logical_or.reduce(masks))
        named = np.isin(self.reader.documents_of(allowed), self.reader.documents_of(first))
        return with_references(query, known), allowed[named].astype(np.int64)

    def _lists(
        self, query: Query, pool: Pool, alignment: Alignment, vector: NDArray[np.float32]
    ) -> tuple[LanguageList, ...]:
        """Part the candidates by language; a sample of each language tells what is usual in it."""
        lists = []
        for language, mask in self._masks.items():
            places = np.flatnonzero(mask[pool.rows])
            if len(places):
                background = self.reader.dense_scores(vector, self._background[language])
                lists.append(make_list(pool, alignment, places, language == query.language, background))
        return tuple(lists)

    def _result(self, ranking: Ranking, place: int, passage: StoredPassage, explain: bool) -> RankedPassage:
        paragraph = passage.paragraph
        candidate = int(ranking.order[place])
        return RankedPassage(
            rank=place + 1,
            passage_id=paragraph.passage_id,
            document_id=paragraph.document_id,
            score=round(float(ranking.scores[candidate]), 4),
            text=paragraph.text,
            language=paragraph.language,
            heading_path=paragraph.heading_path,
            page=paragraph.page,
            paragraph=paragraph.number,
            metadata=passage.metadata,
            evidence=find_evidence(ranking.query, passage, self.engine),
            quantities=tuple(passage.quantities),
            explain=explain_passage(ranking, candidate) if explain else None,
            similar=int(ranking.similar[place]),
        )


def sample_of(reader: IndexReader, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the index's sample of a language's passages; of a rare language, some more of them."""
    sample = reader.sample_rows()
    rows = sample[mask[sample]]
    if len(rows) >= LEAST_SAMPLE:
        return rows
    every = np.flatnonzero(mask)
    return np.union1d(rows, every[:: max(1, len(every) // LEAST_SAMPLE)]).astype(np.int64)


def _in_reading_order(scores: NDArray[np.float32], documents: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return scores that put whole documents in the order of their best passage, each in reading order.

    For passages of documents asked for by number alone; all (n,), by ascending row.
    """
    _, first, which = np.unique(documents, return_index=True, return_inverse=True)
    best = np.maximum.reduceat(scores, first) if len(scores) else scores
    place = np.arange(len(scores)) - first[which]
    return np.asarray(best[which] - 1e-3 * place, np.float32)


def _status(candidates: int) -> AnswerStatus:
    if not candidates:
        return AnswerStatus("no_result", "No passage was found. Try other words, or fewer filters.")
    return AnswerStatus("no_question_type", "Answers are not given by this version yet.")


def _check_facets(facets: Sequence[str]) -> None:
    for field in facets:
        if field not in FACET_FIELDS:
            raise UnknownFilter(
                f"There is no facet {field!r}. Expected one of {', '.join(FACET_FIELDS)}. Correct the name."
            )

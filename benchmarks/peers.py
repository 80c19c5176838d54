"""Rankings to set beside the full one: each leg of ours by itself, and what others would use.

All of them rank the passages of one and the same index.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.index import IndexReader
from search_api.evaluation import PassageRanker
from search_api.questions import term_groups, understand
from search_api.searcher import Searcher


class UnavailablePeerError(Exception):
    """A peer's library or model is not on this machine; the table says so in its place."""


def dense_leg(searcher: Searcher) -> PassageRanker:
    """Return our dense leg alone: the encoder's cosine."""
    engine = searcher.engine

    def rank(question: str, depth: int) -> NDArray[np.int64]:
        words = [word.text for word in engine.segmenter.segment(question)]
        return searcher.reader.dense_candidates(engine.encoder.encode_query(question, words), depth).rows

    return rank


def lexical_leg(searcher: Searcher) -> PassageRanker:
    """Return our lexical leg alone: BM25 over the question's words and their translations."""

    def rank(question: str, depth: int) -> NDArray[np.int64]:
        groups = term_groups(understand(question, searcher.engine), searcher.engine)
        return searcher.reader.lexical_candidates(groups, depth).rows

    return rank


def jieba_bm25(reader: IndexReader) -> PassageRanker:
    """Return BM25 (Lucene's form, k1 1.5, b 0.75, by bm25s) over stock jieba's words, lower-cased.

    Raises UnavailablePeerError where bm25s is not installed.
    """
    try:
        import bm25s  # type: ignore[import-untyped]
    except ImportError:
        raise UnavailablePeerError("not measured: pip install '.[bench]'") from None
    words = [stock_words(text) for text in texts_of(reader)]
    retriever: Any = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    retriever.index(words, show_progress=False)
    known = {word for some in words for word in some}

    def rank(question: str, depth: int) -> NDArray[np.int64]:
        asked = [word for word in stock_words(question) if word in known]
        if not asked:
            return np.zeros(0, np.int64)
        scores: NDArray[np.float32] = retriever.get_scores(asked)
        return _best(scores, depth, scores > 0)

    return rank


def sentence_transformer(path: str, reader: IndexReader) -> PassageRanker:
    """Return the cosine of any SentenceTransformer, with its own prompts. Raises UnavailablePeerError."""
    from indexer.encoding import TransformerEncoder
    from indexer.errors import EncoderError

    try:
        encoder = TransformerEncoder(path)
        texts = texts_of(reader)
        vectors = encoder.encode_passages(texts, [[] for _ in texts])
    except EncoderError as error:
        raise UnavailablePeerError(f"not measured: {error}") from error

    def rank(question: str, depth: int) -> NDArray[np.int64]:
        return _best(vectors @ encoder.encode_query(question, []), depth)

    return rank


def stock_words(text: str) -> list[str]:
    """Return jieba's words as it comes, without white space and punctuation."""
    import jieba

    jieba.setLogLevel("WARNING")
    return [word for word in jieba.lcut(text.lower()) if any(character.isalnum() for character in word)]


def texts_of(reader: IndexReader) -> list[str]:
    """Return every passage's heading path and text, by row: what a peer is given."""
    passages = reader.passages(range(reader.info.passages))
    return ["\n".join((" › ".join(p.paragraph.heading_path), p.paragraph.text)).strip() for p in passages]


def _best(
    scores: NDArray[np.float32], depth: int, allowed: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    order = np.lexsort((np.arange(len(scores)), -scores))[:depth].astype(np.int64)
    return order if allowed is None else order[allowed[order]]

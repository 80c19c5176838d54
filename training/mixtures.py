"""Collections of both languages, made of development sets: what ranking is tuned and calibrated on.

Every question of a development set is asked over an index that holds the passages of its set, all that
answer in one language, and beside them passages of the other language that answer nothing. Paragraphs stand
whole or cut at sentence ends into pieces, since a real collection has both lengths.

Sources: the passages that no question asks about (XQuAD's Chinese pools have 1,000), and English sides of
training pairs. No question of `corpus/` is read.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from indexer.encoding import TableEncoder
from indexer.engine import Engine
from indexer.glossary import load_glossary
from indexer.index import EncodedParagraph, IndexReader, open_index, open_writer
from indexer.languages import language_of
from indexer.records import DocumentMetadata, Language, Paragraph, Span, passage_id_of
from indexer.segmenting import Segmenter
from indexer.word_table import WordTable
from search_api.judgements import read_folder
from training.pairs import Source, read_pairs

FOLDS = 5
DISTRACTORS = ("tw_law_paragraphs", "python_docs")
"""Training sources whose English sides stand beside Chinese passages."""
_EVERY = 37
_LENGTHS = range(200, 1200)
_SENTENCE_END = re.compile(r"(?<=[。！？])|(?<=[.!?])\s+")
_PIECE: Mapping[Language, int] = {"zh": 110, "en": 330}


@dataclass(frozen=True, slots=True)
class Mixture:
    """What goes into one index.

    answers: the language of the passages that answer. own: at most how many further passages of that
    language. others: how many of the other language. cut: whether paragraphs are cut into pieces. twins:
    whether the translations of the answering passages stand there too; a question's own twin is left out of
    its ranking, so that what it competes with is on its subject and does not answer. alone: the name of a set
    that is asked as it is, with nothing beside its own passages.
    """

    answers: Language
    own: int
    others: int
    cut: bool = False
    twins: bool = False
    alone: str = ""

    @property
    def name(self) -> str:
        """What a table calls it."""
        if self.alone:
            return self.alone
        shape = "pieces" if self.cut else "paragraphs"
        other = "en" if self.answers == "zh" else "zh"
        return f"{self.answers} {shape} + {self.others:,} {other}" + (" + twins" if self.twins else "")


MIXTURES = (
    Mixture("zh", own=1000, others=1000),
    Mixture("en", own=0, others=1000),
    Mixture("en", own=0, others=120),
    Mixture("zh", own=150, others=250, cut=True),
    Mixture("en", own=150, others=270, cut=True),
    Mixture("zh", own=0, others=0, twins=True),
    Mixture("en", own=0, others=0, twins=True),
    Mixture("zh", own=0, others=0, cut=True, twins=True),
    Mixture("en", own=0, others=0, cut=True, twins=True),
)
"""The third has as many passages of each language."""


@dataclass(frozen=True, slots=True)
class DevelopmentSet:
    """Questions in one language over passages in another or the same.

    texts: document id -> text. answered_by: question id -> ids of documents that answer it.
    """

    language: Language
    questions: Mapping[str, str]
    texts: Mapping[str, str]
    answered_by: Mapping[str, frozenset[str]]

    @property
    def answering(self) -> list[str]:
        """The documents that answer some question, in the order of the corpus."""
        wanted = frozenset[str]().union(*self.answered_by.values())
        return [document for document in self.texts if document in wanted]

    def fold_of(self, question: str) -> int:
        """Return the question's part of 0 … 4: documents that stand together are in one."""
        documents = self.answering
        first = min(documents.index(document) for document in self.answered_by[question])
        return first * FOLDS // len(documents)


@dataclass(frozen=True, slots=True)
class Development:
    """What mixtures are made of: sets by (question language, passage language), English distractors."""

    sets: Mapping[tuple[Language, Language], DevelopmentSet]
    distractors: Sequence[str]

    def texts(self, mixture: Mixture) -> dict[str, str]:
        """Return the texts of an index by id: `answer-…` the set's own, `own-…` and `other-…` the others."""
        zh, en = self.sets["zh", "zh"], self.sets["en", "en"]
        answering, twins = (zh, en) if mixture.answers == "zh" else (en, zh)
        idle_zh = [text for document, text in zh.texts.items() if document not in set(zh.answering)]
        own, others = (idle_zh, self.distractors) if mixture.answers == "zh" else (self.distractors, idle_zh)
        parts = {
            **{f"answer-{document}": answering.texts[document] for document in answering.answering},
            **{f"own-{i}": text for i, text in enumerate(own[-mixture.own :] if mixture.own else ())},
            **{f"other-{i}": text for i, text in enumerate(others[: mixture.others])},
        }
        if mixture.twins:
            parts |= {f"twin-{document}": twins.texts[document] for document in twins.answering}
        return dict(_cut_all(parts)) if mixture.cut else parts


def read_development(dev: Path, data: Path, questions: int | None = None) -> Development:
    """Read XQuAD's development sets (`questions` of each, evenly spread) and the distractors.

    Raises EvaluationError, SettingsError.
    """
    languages: tuple[Language, Language] = ("zh", "en")
    sets = {
        (asked, held): read_set(dev / f"xquad-dev-{asked}-{held}", asked, questions)
        for asked in languages
        for held in languages
    }
    most = max(max(m.own, m.others) for m in MIXTURES)
    return Development(sets, english_distractors(data, most))


def read_set(folder: Path, language: Language, questions: int | None = None) -> DevelopmentSet:
    """Read one development set. Raises EvaluationError."""
    judged = read_folder(folder)
    with _open_text(judged.corpus) as lines:
        texts = {told["_id"]: told["text"] for told in map(json.loads, lines)}
    step = max(1, len(judged.judged) // questions) if questions else 1
    chosen = judged.judged[::step][:questions]
    answered: dict[str, set[str]] = {question.query_id: set() for question in chosen}
    for judgement in judged.judgements:
        if judgement.score > 0 and judgement.query_id in answered:
            answered[judgement.query_id].add(judgement.document_id)
    frozen = {question: frozenset(documents) for question, documents in answered.items()}
    return DevelopmentSet(language, {q.query_id: q.text for q in chosen}, texts, frozen)


def english_distractors(data: Path, count: int) -> list[str]:
    """Return English paragraphs from training pairs, as many from each source. Raises SettingsError."""
    found: list[str] = []
    for name in DISTRACTORS:
        pairs = read_pairs(data, Source(name, 1.0, "", ""))
        sides = (en for i, (_, en) in enumerate(pairs) if i % _EVERY == 0 and len(en) in _LENGTHS)
        found += islice(sides, -(-count // len(DISTRACTORS)))
    # Taken in turns, so that the first n are of all kinds.
    half = -(-len(found) // 2)
    return [text for pair in zip(found[:half], found[half:], strict=False) for text in pair][:count]


def load_engine(model: Path | None = None) -> Engine:
    """Return an engine of the encoder in a folder (the shipped one if None)."""
    table = WordTable() if model is None else WordTable(model)
    return Engine(table, Segmenter(table.dictionary), load_glossary(), TableEncoder(table))


def build_index(texts: Mapping[str, str], engine: Engine, folder: Path) -> IndexReader:
    """Write an index in which every text is a document of one paragraph, and open it."""
    words = [engine.segmenter.segment(text) for text in texts.values()]
    bare = [[word.text for word in some] for some in words]
    vectors = engine.encoder.encode_passages(list(texts.values()), bare)
    with open_writer(folder, engine.signature) as writer:
        for document, some, names, vector in zip(texts, words, bare, vectors, strict=True):
            paragraph = _paragraph(document, texts[document])
            rows = engine.table.distinct_rows(names)
            encoded = EncodedParagraph(paragraph, engine.lexical_words(some), [], rows, vector)
            writer.replace(
                document, document, DocumentMetadata(title="", language=paragraph.language), [encoded]
            )
        writer.publish()
    return open_index(folder, engine.signature)


def rows_of(reader: IndexReader, wanted: str = "answer") -> dict[str, NDArray[np.int64]]:
    """Return the rows of each answering document's passages (or of its `twin`), by its id in the set."""
    rows: dict[str, list[int]] = {}
    for stored in reader.documents(limit=reader.info.documents):
        kind, _, rest = stored.document_id.partition("-")
        if kind == wanted:
            rows.setdefault(rest.split("#")[0], []).append(stored.first_row)
    return {document: np.array(found, np.int64) for document, found in rows.items()}


def pieces(text: str) -> list[str]:
    """Cut a text at sentence ends into pieces of about 110 characters of Chinese, 330 of English."""
    longest = _PIECE[language_of(text)]
    found, current = [], ""
    for sentence in filter(None, _SENTENCE_END.split(text)):
        if current and len(current) + len(sentence) > longest:
            found.append(current)
            current = ""
        gap = " " if current and current[-1].isascii() else ""
        current += gap + sentence
    return [piece for piece in (*found, current) if piece.strip()]


def _cut_all(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for document, text in texts.items():
        yield from ((f"{document}#{i}", piece) for i, piece in enumerate(pieces(text)))


def _paragraph(document: str, text: str) -> Paragraph:
    spans = (Span(0, len(text)),)
    return Paragraph(
        passage_id_of(document, text, 0), document, 1, text, "body", language_of(text), (), spans
    )


def _open_text(path: Path) -> IO[str]:
    return lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")


def directions(mixture: Mixture) -> Iterable[tuple[Language, Language]]:
    """Return the (question, passage) languages that a mixture can be asked in."""
    return [("zh", mixture.answers), ("en", mixture.answers)]

"""The pipeline, in reading order: sources -> documents -> paragraphs -> words -> vectors -> a generation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from indexer.document_metadata import read_metadata
from indexer.engine import Engine
from indexer.errors import CorpusError, NothingReadable
from indexer.glossary import parse_glossary, read_text
from indexer.index import EncodedParagraph, IndexInfo, IndexWriter, open_writer
from indexer.paragraphs import split
from indexer.readers import read
from indexer.records import DocumentMetadata, Paragraph, RawDocument, UnreadDocument, Word
from indexer.sources import find_documents

BATCH = 64
"""Documents encoded together: enough to keep a transformer busy, few enough to stay in memory."""

PARAGRAPHS = 4_096
"""Paragraphs segmented and encoded together, for the same two reasons."""

Progress = Callable[[str], None]
"""Called with a document's name when it has been dealt with."""


@dataclass(slots=True)
class BuildReport:
    """What a build did: document ids by what became of them, and what could not be read."""

    info: IndexInfo | None = None
    written: list[str] = field(default_factory=list)
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)
    unread: list[UnreadDocument] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SplitDocument:
    """A document on its way: what it says of itself, and its paragraphs."""

    document_id: str
    digest: str
    metadata: DocumentMetadata
    paragraphs: Sequence[Paragraph]


class SegmentedParagraph(NamedTuple):
    """A paragraph with its words, and those of the title and headings around it."""

    paragraph: Paragraph
    words: Sequence[Word]
    context: Sequence[str]


def _nothing_readable(unread: Sequence[UnreadDocument]) -> str:
    reasons = " ".join(f"{each.name} [{each.code}] {each.reason}" for each in unread[:5])
    more = f" And {len(unread) - 5} more." if len(unread) > 5 else ""
    return (
        f"None of the {len(unread)} documents found could be read; the index stays as it was. {reasons}{more}"
    )


def _silent(_: str) -> None:
    """Tell nobody."""


def build(
    sources: Sequence[Path],
    index: Path,
    engine: Engine,
    progress: Progress = _silent,
    glossary: Path | None = None,
) -> BuildReport:
    """Make the index equal to its sources and publish a new generation.

    Documents whose content has not changed are neither read nor encoded again; those that are gone from the
    sources disappear. A document that cannot be read is reported and stops nothing. `glossary` is a file
    of the user's own terms, kept with the index. Raises SourceNotFound, SettingsError, IndexLocked and the
    other IndexStoreErrors.
    """
    report = BuildReport()
    terms = read_text(glossary) if glossary else ""
    parse_glossary(terms, str(glossary))
    with open_writer(index, engine.signature) as writer:
        known = dict(writer.digests())
        changed = _changed(sources, known, report, progress)
        while batch := list(islice(changed, BATCH)):
            _write(batch, writer, engine, report, progress)
        if report.unread and not report.written and not report.unchanged:
            raise NothingReadable(_nothing_readable(report.unread))
        for document_id in known:
            writer.remove(document_id)
            report.removed.append(document_id)
        report.info = writer.publish(report.unread, terms)
    return report


def _changed(
    sources: Sequence[Path], known: dict[str, str], report: BuildReport, progress: Progress
) -> Iterator[RawDocument]:
    """Yield what must be read; take every document that is still there out of `known`."""
    for found in find_documents(sources):
        if isinstance(found, UnreadDocument):
            report.unread.append(found)
            progress(found.name)
        elif known.pop(found.document_id, None) == found.digest:
            report.unchanged += 1
            progress(found.name)
        else:
            yield found


def _write(
    batch: Sequence[RawDocument], writer: IndexWriter, engine: Engine, report: BuildReport, progress: Progress
) -> None:
    documents = []
    for raw in batch:
        document = _split(raw, report)
        if document is None:
            writer.remove(raw.document_id)
        else:
            documents.append(document)
        progress(raw.name)
    encoded = encode(documents, engine)
    for document in documents:
        paragraphs = islice(encoded, len(document.paragraphs))
        writer.replace(document.document_id, document.digest, document.metadata, paragraphs)
        report.written.append(document.document_id)


def _split(raw: RawDocument, report: BuildReport) -> SplitDocument | None:
    try:
        document = read(raw)
    except CorpusError as error:
        report.unread.append(UnreadDocument(raw.name, error.code, str(error)))
        return None
    paragraphs = split(document)
    return SplitDocument(raw.document_id, raw.digest, read_metadata(document, paragraphs), paragraphs)


class _Context:
    """The words of title and headings around a paragraph; a heading is segmented once a document."""

    def __init__(self, title: str, engine: Engine) -> None:
        self._title = title
        self._segment = engine.segmenter.segment
        self._kept: dict[str, list[str]] = {}

    def of(self, paragraph: Paragraph) -> list[str]:
        """Return the words of the title and of each heading, once each."""
        texts = dict.fromkeys((self._title, *paragraph.heading_path))
        texts.pop(paragraph.text, None)
        return list(dict.fromkeys(word for text in texts for word in self._words(text)))

    def _words(self, text: str) -> list[str]:
        if text not in self._kept:
            self._kept[text] = [word.text for word in self._segment(text)]
        return self._kept[text]


def encode(documents: Sequence[SplitDocument], engine: Engine) -> Iterator[EncodedParagraph]:
    """Yield the documents' paragraphs in order, with words, table rows and vectors, ready to be stored.

    A few are held at a time: the words of a text of 200 MB would fill the memory of most machines.
    """
    segmented = _segmented(documents, engine)
    while some := list(islice(segmented, PARAGRAPHS)):
        yield from _encoded(some, engine)


def _segmented(documents: Sequence[SplitDocument], engine: Engine) -> Iterator[SegmentedParagraph]:
    for document in documents:
        around = _Context(document.metadata.title, engine)
        for paragraph in document.paragraphs:
            words = engine.segmenter.segment(paragraph.text)
            yield SegmentedParagraph(paragraph, words, around.of(paragraph))


def _encoded(some: Sequence[SegmentedParagraph], engine: Engine) -> Iterator[EncodedParagraph]:
    texts = [[*(word.text for word in words), *context] for _, words, context in some]
    vectors = engine.encoder.encode_passages([_in_context(each.paragraph) for each in some], texts)
    for (paragraph, words, context), text, vector in zip(some, texts, vectors, strict=True):
        rows = engine.table.distinct_rows(text)
        yield EncodedParagraph(paragraph, engine.lexical_words(words), context, rows, vector)


def _in_context(paragraph: Paragraph) -> str:
    """Return what a transformer encodes: the heading path, then the text."""
    return "\n".join((" › ".join(paragraph.heading_path), paragraph.text)).strip()

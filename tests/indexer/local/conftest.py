"""Small synthetic documents: every character is a word, and vectors follow from the text."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from indexer.index import EncodedParagraph, EncoderSignature, IndexReader, open_index, open_writer
from indexer.normalizing import normalize
from indexer.records import DocumentMetadata, Paragraph, Quantity, Span, Word, passage_id_of

SIGNATURE = EncoderSignature("fake", "checksum", "characters", 8)


@dataclass(frozen=True)
class Given:
    """A document as a test describes it: the texts of its paragraphs, and its metadata."""

    document_id: str
    texts: Sequence[str]
    metadata: DocumentMetadata = field(default_factory=lambda: DocumentMetadata(title="标题", language="zh"))
    context: Sequence[str] = ()
    digest: str = "digest"


def vector_of(text: str) -> np.ndarray[Any, np.dtype[np.float32]]:
    seed = int.from_bytes(text.encode("utf-8", "replace")[-8:], "little")
    return np.random.default_rng(seed).standard_normal(SIGNATURE.dimension).astype(np.float32)


def words_of(text: str) -> list[Word]:
    return [
        Word(normalize(found.group()), *found.span())
        for found in re.finditer(r"[A-Za-z]+|\d+|[^\W\d_]", text)
    ]


def encoded(given: Given) -> list[EncodedParagraph]:
    return [
        EncodedParagraph(
            paragraph=Paragraph(
                passage_id_of(given.document_id, text, number),
                given.document_id,
                number,
                text,
                "body",
                "zh" if not text.isascii() else "en",
                (given.metadata.title, "（一）节"),
                (Span(number, number + len(text)), Span(900, 901)),
                page=number if number % 2 else None,
            ),
            words=words_of(text),
            context=given.context,
            table_rows=np.unique([ord(letter) for letter in text]).astype(np.int32),
            vector=vector_of(text),
            quantities=[Quantity(0, 1, "money", 12_579_600.0, "yuan", "CNY", is_total=True)]
            if number == 1
            else [],
        )
        for number, text in enumerate(given.texts, 1)
    ]


def write(root: Path, documents: Iterable[Given], removed: Iterable[str] = ()) -> None:
    with open_writer(root, SIGNATURE) as writer:
        for given in documents:
            writer.replace(given.document_id, given.digest, given.metadata, encoded(given))
        for document_id in removed:
            writer.remove(document_id)
        writer.publish()


def texts_in(reader: IndexReader) -> Mapping[str, list[str]]:
    """What an index holds: the texts of every document."""
    stored = reader.passages(range(reader.info.passages))
    found: dict[str, list[str]] = {each.document_id: [] for each in reader.documents(10**6)}
    for passage in stored:
        found[passage.paragraph.document_id].append(passage.paragraph.text)
    return found


@pytest.fixture(scope="session")
def samples() -> SimpleNamespace:
    """The functions of this file, for tests to call."""
    return SimpleNamespace(
        Given=Given,
        SIGNATURE=SIGNATURE,
        encoded=encoded,
        write=write,
        words_of=words_of,
        vector_of=vector_of,
        texts_in=texts_in,
    )


@pytest.fixture
def index_of(tmp_path: Path) -> Iterable[Callable[..., IndexReader]]:
    """Build an index of documents, or of texts (one document each), and open it."""
    opened: list[IndexReader] = []

    def make(documents: Sequence[Given | str]) -> IndexReader:
        root = tmp_path / f"index-{len(opened)}"
        given = [
            Given(f"d{number:05}", [each]) if isinstance(each, str) else each
            for number, each in enumerate(documents)
        ]
        write(root, given)
        opened.append(open_index(root, SIGNATURE))
        return opened[-1]

    yield make
    for reader in opened:
        reader.close()

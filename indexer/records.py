"""The records that flow through a build, in the order they appear.

    RawDocument -> Document (of Blocks) -> Paragraph -> Words

All offsets are half-open code points. A Block's and a Paragraph's spans point into `Document.text`;
a Word's and a Quantity's point into `Paragraph.text`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]
BlockKind = Literal["text", "heading", "table_row"]
ParagraphKind = Literal["body", "heading", "label", "table_row"]
DocumentStatus = Literal["in_force", "repealed", "superseded", "unknown"]


class Span(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One document as found in a source, before it is read.

    `name` is the file (and line) to show to people; `content` is exactly this document's bytes.
    """

    document_id: str
    suffix: str
    content: bytes
    name: str

    @property
    def digest(self) -> str:
        """SHA-256 of id, suffix and content, as 64 hex digits: unchanged means equal digests."""
        head = f"{self.document_id}\0{self.suffix}\0".encode()
        return hashlib.sha256(head + self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Block:
    """A line, markup paragraph, heading or table row, as its reader found it.

    `start:end` is its span in `Document.text`, without markup characters such as `### `.
    `level` is the heading level that the markup gives (1 is the outermost), else None.
    `page` counts from 1 where the format has pages, else None.
    `header` holds the header cells of a table row whose text does not repeat them (Markdown), else ().
    """

    start: int
    end: int
    kind: BlockKind = "text"
    level: int | None = None
    page: int | None = None
    header: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenMetadata:
    """Metadata that came with a document (a `.jsonl` record); it wins over what the text says."""

    title: str | None = None
    document_number: str | None = None
    issuer: str | None = None
    issued_on: str | None = None
    kind: str | None = None
    source: str | None = None
    status: DocumentStatus | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document's text and its blocks, in reading order, which do not overlap.

    `running_lines` lists headers and footers that were left out of the blocks, once each.
    """

    document_id: str
    text: str
    blocks: tuple[Block, ...]
    given: GivenMetadata = field(default_factory=GivenMetadata)
    running_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The unit that is stored, found and quoted.

    `number` counts from 1 in its document; `spans` are the pieces of `Document.text` it was made of;
    `heading_path` runs from the outermost heading inwards and does not include the paragraph itself.
    """

    passage_id: str
    document_id: str
    number: int
    text: str
    kind: ParagraphKind
    language: Language
    heading_path: tuple[str, ...]
    spans: tuple[Span, ...]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A 文号 in its parts, as in 泉科函〔2026〕102号: agency 泉科函, year 2026, sequence 102."""

    text: str
    agency: str
    year: int
    sequence: int


@dataclass(frozen=True, slots=True)
class DocumentMetadata:
    """What a document says about itself. A field is None where the text does not say."""

    title: str
    language: Language
    document_number: DocumentNumber | None = None
    issuer: str | None = None
    issued_on: str | None = None
    year: int | None = None
    kind: str | None = None
    addressee: str | None = None
    contact: str | None = None
    telephone: str | None = None
    openness: str | None = None
    status: DocumentStatus = "unknown"
    source: str | None = None


class Word(NamedTuple):
    """A word of a text: `text` as it is matched (normalised), `start:end` as it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A typed figure of a paragraph, in base units with its unit and currency named."""

    start: int
    end: int
    kind: str
    value: float
    unit: str | None = None
    currency: str | None = None
    of: str | None = None
    is_total: bool = False
    bound: str | None = None
    period: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class UnreadDocument:
    """A document that a build could not use, and why, for the report at the end."""

    name: str
    code: str
    reason: str


def passage_id_of(document_id: str, text: str, occurrence: int) -> str:
    """Return the stable id of a paragraph: 16 hex digits of SHA-256.

    `occurrence` is how often the same text came before in the document, so that the id survives
    edits elsewhere in the document.
    """
    key = "\0".join((document_id, text, str(occurrence))).encode()
    return hashlib.sha256(key).hexdigest()[:16]


Metadata = Mapping[str, str | int | None]

"""Compose a document's text out of the pieces that a format with markup holds."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.errors import UnreadableDocument
from indexer.readers.decoding import tidy, without_controls
from indexer.readers.lines import written_lines
from indexer.readers.tables import Cell, readable_rows
from indexer.records import Block, BlockKind, Document, GivenMetadata, RawDocument


class Composition:
    """Gathers blocks in reading order and keeps their places in the text they make up."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was added yet."""
        return not self._blocks

    @property
    def has_headings(self) -> bool:
        """Say whether some block is a heading."""
        return any(block.kind == "heading" for block in self._blocks)

    def add(
        self,
        text: str,
        kind: BlockKind = "text",
        level: int | None = None,
        page: int | None = None,
        indent: str = "",
    ) -> None:
        """Append a block for each written line of `text`; `indent` stands before it, outside of the block."""
        text = without_controls(text)
        for span in written_lines(text):
            line = text[span.start : span.end]
            start = self._length + len(indent)
            self._blocks.append(Block(start, start + len(line), kind, level, page))
            self._lines.append(indent + line)
            self._length = start + len(line) + 1

    def add_gap(self) -> None:
        """Leave an empty line, as a text does between paragraphs."""
        if self._lines and self._lines[-1]:
            self._lines.append("")
            self._length += 1

    def add_table(self, rows: Sequence[Sequence[Cell]], marked: int = 0, page: int | None = None) -> None:
        """Append a table's rows, each with its headers; see `readable_rows`."""
        self.add_gap()
        for kind, text in readable_rows(rows, marked):
            self.add(text, kind, page=page)
        self.add_gap()

    def document(
        self, raw: RawDocument, given: GivenMetadata | None = None, running_lines: Sequence[str] = ()
    ) -> Document:
        """Return the document; raises UnreadableDocument if nothing was added."""
        if not self._blocks:
            raise UnreadableDocument(
                f"{raw.name} holds no text in its body. Expected a document with text in it; if it is a "
                "picture of a page, run OCR over it first."
            )
        text = "\n".join(self._lines)
        # Checks alone: what `tidy` would change has been changed as it was added.
        return Document(
            raw.document_id,
            tidy(text, raw.name),
            tuple(self._blocks),
            given or GivenMetadata(),
            tuple(dict.fromkeys(running_lines)),
        )

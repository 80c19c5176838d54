"""Plain text: a block for each line that has something on it."""

from __future__ import annotations

from indexer.readers.decoding import decode
from indexer.readers.lines import line_blocks
from indexer.records import Document, RawDocument


class TextReader:
    """Read `.txt`. Lines that begin with one to six `#` and a blank are headings."""

    suffixes: tuple[str, ...] = (".txt",)

    def read(self, raw: RawDocument) -> Document:
        """Return the document; raises UnreadableDocument where its bytes are not text."""
        text = decode(raw.content, raw.name)
        return Document(raw.document_id, text, line_blocks(text))

"""The language side of an index: table, segmenter, glossary and encoder, made once and shared.

Builds and questions use the same Engine, or engines with the same signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from indexer.encoding import Encoder, TableEncoder, open_encoder
from indexer.glossary import Glossary, load_glossary, parse_glossary
from indexer.index import EncoderSignature
from indexer.records import Word
from indexer.segmenting import Segmenter
from indexer.terms import TermFinder
from indexer.word_table import WordTable


@dataclass(frozen=True)
class Engine:
    """What turns text into words, table rows and vectors."""

    table: WordTable
    segmenter: Segmenter
    glossary: Glossary
    encoder: Encoder

    @classmethod
    def load(cls, encoder: str | None = None, glossary: Path | None = None) -> Engine:
        """Load the shipped table and glossary, an encoder (None: the shipped one), a glossary to add.

        Raises EncoderUnavailable, SettingsError.
        """
        terms = load_glossary()
        if glossary is not None:
            terms = terms + load_glossary(glossary)
        table = WordTable()
        return cls(table, Segmenter(table.dictionary), terms, open_encoder(encoder, table))

    def with_glossary(self, text: str) -> Engine:
        """Return this engine with a glossary's text added; vectors stay the same. Raises SettingsError."""
        added = parse_glossary(text, "the index's glossary")
        return replace(self, glossary=self.glossary + added) if added.entries else self

    @cached_property
    def signature(self) -> EncoderSignature:
        """What an index built with this engine must be asked with."""
        checksum = self.encoder.checksum
        if not isinstance(self.encoder, TableEncoder):
            checksum = f"{checksum}+{self.table.checksum}"
        return EncoderSignature(self.encoder.name, checksum, self.segmenter.signature, self.encoder.dimension)

    @cached_property
    def terms(self) -> TermFinder:
        """Finds the glossary's terms in word lists of both languages."""
        return TermFinder(self.glossary, self.segmenter)

    def lexical_words(self, words: Sequence[Word]) -> list[Word]:
        """Return the words and the dictionary words inside them, in reading order."""
        return sorted([*words, *self.segmenter.subwords(words)], key=lambda w: (w.start, -w.end))

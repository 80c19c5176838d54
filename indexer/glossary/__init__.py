"""Policy terms in both languages, written for this project, and their loader.

A glossary is a folder of `.tsv` files, or one file: a line holds Chinese terms separated by `|`, a tab,
and English renderings separated by `|`, the commonest first. Lines that start with `#` are comments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from indexer.errors import SettingsError

SHIPPED = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """One idea: its Chinese terms and its English renderings, heads first."""

    zh: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True)
class Glossary:
    """A set of entries. A term may stand in several entries: its renderings add up."""

    entries: tuple[GlossaryEntry, ...] = field(default=())

    @cached_property
    def zh_terms(self) -> dict[str, tuple[GlossaryEntry, ...]]:
        """Chinese term -> the entries it stands in."""
        return _by_term((term, entry) for entry in self.entries for term in entry.zh)

    @cached_property
    def en_terms(self) -> dict[str, tuple[GlossaryEntry, ...]]:
        """English rendering, lower case -> the entries it stands in."""
        return _by_term((term.lower(), entry) for entry in self.entries for term in entry.en)

    def __add__(self, other: Glossary) -> Glossary:
        return Glossary(self.entries + other.entries)

    def __len__(self) -> int:
        return len(self.entries)


def load_glossary(path: Path = SHIPPED) -> Glossary:
    """Read a glossary file, or every `.tsv` of a folder in name order.

    Raises SettingsError, with file and line, where a line is not `zh|zh<TAB>en|en`.
    """
    files = sorted(path.glob("*.tsv")) if path.is_dir() else [path]
    return Glossary(tuple(entry for file in files for entry in _entries(read_text(file), str(file))))


def parse_glossary(text: str, name: str) -> Glossary:
    """Read a glossary's text; `name` is where it came from, for messages. Raises SettingsError."""
    return Glossary(tuple(_entries(text, name)))


def read_text(file: Path) -> str:
    """Return a glossary file's text. Raises SettingsError."""
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The glossary {file} cannot be read: {error}. Expected UTF-8 text.") from error


def _entries(text: str, name: str) -> Iterator[GlossaryEntry]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        sides = [[term.strip() for term in side.split("|")] for side in line.split("\t")]
        if len(sides) != 2 or not all(term for side in sides for term in side):
            raise SettingsError(
                f"{name}, line {number}: {line[:60]!r} is not a glossary entry. "
                "Expected Chinese terms separated by |, one tab, English renderings separated by |."
            )
        yield GlossaryEntry(tuple(sides[0]), tuple(sides[1]))


def _by_term(pairs: Iterable[tuple[str, GlossaryEntry]]) -> dict[str, tuple[GlossaryEntry, ...]]:
    found: dict[str, tuple[GlossaryEntry, ...]] = {}
    for term, entry in pairs:
        found[term] = (*found.get(term, ()), entry)
    return found

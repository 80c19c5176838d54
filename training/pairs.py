"""Read training pairs: a folder of `zh<TAB>en` files and the manifest that weighs them."""

from __future__ import annotations

import lzma
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from indexer.errors import SettingsError
from indexer.glossary import Glossary

MANIFEST = Path(__file__).with_name("sources.toml")


@dataclass(frozen=True, slots=True)
class Source:
    """One file of pairs. `share` is how often each pair is drawn in an epoch, on average."""

    name: str
    share: float
    licence: str
    what: str


def read_manifest(path: Path = MANIFEST) -> list[Source]:
    """Return the sources that a manifest lists, in its order. Raises SettingsError."""
    try:
        listed = tomllib.loads(path.read_text("utf-8"))
        return [Source(name, float(e["share"]), e["licence"], e["what"]) for name, e in listed.items()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"The manifest {path} cannot be read ({error!r}). "
            "Expected one table a source with share, licence and what, as in training/sources.toml."
        ) from error


def read_pairs(folder: Path, source: Source) -> Iterator[tuple[str, str]]:
    """Yield (zh, en) pairs of one source, from `NAME.tsv.xz` or `NAME.tsv`.

    A line without exactly one tab, or with an empty side, raises SettingsError with its number.
    """
    path = file_of(folder, source.name)
    with _open_text(path) as lines:
        for number, line in enumerate(lines, 1):
            zh, tab, en = line.rstrip("\n").partition("\t")
            if not (tab and zh.strip() and en.strip()) or "\t" in en:
                raise SettingsError(
                    f"{path}, line {number}: expected Chinese<TAB>English, found {line[:60]!r}."
                )
            yield zh, en


def glossary_pairs(glossary: Glossary) -> Iterator[tuple[str, str]]:
    """Yield every Chinese term of a glossary with every English rendering of its entries, once each."""
    yield from dict.fromkeys((zh, en) for entry in glossary.entries for zh in entry.zh for en in entry.en)


def file_of(folder: Path, name: str) -> Path:
    """Return the file of a source. Raises SettingsError where there is none."""
    for suffix in (".tsv.xz", ".tsv"):
        path = folder / (name + suffix)
        if path.is_file():
            return path
    raise SettingsError(f"{folder} holds neither {name}.tsv.xz nor {name}.tsv, which the manifest lists.")


def _open_text(path: Path) -> TextIO:
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8", newline="\n")
    return path.open(encoding="utf-8", newline="\n")

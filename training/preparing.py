"""Segment every source once, keep the word ids, and turn them into rows of a table.

What is kept is kept with a digest of what it was made from: the segmenter's signature and the pairs. Where
one of them has changed, the source is segmented again.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.glossary import Glossary, load_glossary
from indexer.segmenting import Segmenter
from training.pairs import Source, file_of, glossary_pairs, read_pairs
from training.trainer import SourcePairs
from training.vocabulary import Collector, Ragged, SegmentedPairs, choose_rows, to_rows

GLOSSARY = Source("glossary", 6.0, "Apache-2.0", "Policy terms written for this project")
_STAMPS = "prepared.json"
_LONGEST_REQUIRED = 20


def dictionary_of(glossary: Glossary) -> list[str]:
    """Return the glossary's Chinese terms that the segmenter keeps in one piece.

    Longer ones are left to be cut: their parts are seen more often in training than they are.
    """
    terms = glossary.zh_terms
    return sorted({t for t in terms if 2 <= len(t) <= 5 and all("\u3400" <= c <= "\u9fff" for c in t)})


def prepare_sources(
    manifest: Sequence[Source], data: Path, work: Path, tell: Callable[[str], None] = lambda _: None
) -> list[str]:
    """Keep `NAME.npz` of every source in `work`; return the dictionary that segmented them.

    Raises SettingsError for a missing or malformed source.
    """
    work.mkdir(parents=True, exist_ok=True)
    dictionary = dictionary_of(load_glossary())
    segmenter = Segmenter(dictionary)
    stamps = _read_stamps(work)
    for source in manifest:
        target, stamp = work / f"{source.name}.npz", _stamp(source, data, segmenter)
        if target.exists() and stamps.get(source.name) == stamp:
            continue
        began = time.monotonic()
        save_pairs(target, segment_pairs(pairs_of(source, data), segmenter))
        stamps[source.name] = stamp
        (work / _STAMPS).write_text(json.dumps(stamps, indent=2), "utf-8")
        tell(f"{source.name}: segmented in {time.monotonic() - began:.0f} s")
    return dictionary


def pairs_of(source: Source, data: Path) -> Iterable[tuple[str, str]]:
    """Return a source's pairs: the project's own glossary, or a file of the data folder."""
    return glossary_pairs(load_glossary()) if source.name == GLOSSARY.name else read_pairs(data, source)


def segment_pairs(pairs: Iterable[tuple[str, str]], segmenter: Segmenter) -> SegmentedPairs:
    """Cut both sides of every pair into words."""
    collector = Collector()
    for zh, en in pairs:
        collector.add(*([word.text for word in segmenter.segment(side)] for side in (zh, en)))
    return collector.finish()


def table_words(
    manifest: Sequence[Source], segmented: Mapping[str, SegmentedPairs], least: int, most: int
) -> list[str]:
    """Choose the table's words from weighted counts; every word of the glossary is among them."""
    totals: Counter[str] = Counter()
    for source in manifest:
        pairs = segmented[source.name]
        weight = min(source.share, 1.0)
        found = sum(np.bincount(side.ids, minlength=len(pairs.words)) for side in (pairs.zh, pairs.en))
        for word, count in zip(pairs.words, np.asarray(found).tolist(), strict=True):
            totals[word] += int(count * weight)
    glossary = segmented.get(GLOSSARY.name)
    required = sorted(w for w in glossary.words if len(w) <= _LONGEST_REQUIRED) if glossary else []
    return choose_rows(totals, required, least, most)


def rows_of_sources(
    manifest: Sequence[Source], segmented: Mapping[str, SegmentedPairs], words: Sequence[str]
) -> tuple[list[SourcePairs], NDArray[np.float64]]:
    """Translate all pairs to table rows; return them with each row's relative frequency."""
    sources = []
    totals = np.zeros(len(words))
    for source in manifest:
        pairs = segmented[source.name]
        zh, en = (to_rows(side, pairs.words, words) for side in (pairs.zh, pairs.en))
        sources.append(SourcePairs(source.name, source.share, zh, en))
        for side in (zh, en):
            totals += source.share * np.bincount(side.ids, minlength=len(words))
    return sources, totals / totals.sum()


def save_pairs(path: Path, pairs: SegmentedPairs) -> None:
    """Keep segmented pairs as arrays and one text of words."""
    np.savez(
        path,
        words=np.frombuffer("\n".join(pairs.words).encode(), dtype=np.uint8),
        zh_ids=pairs.zh.ids,
        zh_offsets=pairs.zh.offsets,
        en_ids=pairs.en.ids,
        en_offsets=pairs.en.offsets,
    )


def load_pairs(path: Path) -> SegmentedPairs:
    """Read back what save_pairs kept."""
    with np.load(path, allow_pickle=False) as kept:
        words = kept["words"].tobytes().decode().split("\n")
        return SegmentedPairs(
            words, Ragged(kept["zh_ids"], kept["zh_offsets"]), Ragged(kept["en_ids"], kept["en_offsets"])
        )


def _read_stamps(work: Path) -> dict[str, str]:
    path = work / _STAMPS
    stamps: dict[str, str] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return stamps


def _stamp(source: Source, data: Path, segmenter: Segmenter) -> str:
    """Return a digest of what segmented pairs are made from."""
    digest = hashlib.sha256(segmenter.signature.encode())
    if source.name == GLOSSARY.name:
        digest.update(json.dumps(list(glossary_pairs(load_glossary()))).encode())
    else:
        with file_of(data, source.name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]

"""How good: the four-direction table, each system over the same passages and the same questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpora import SHARED
from benchmarks.peers import UnavailablePeerError, dense_leg, jieba_bm25, lexical_leg, sentence_transformer
from benchmarks.processes import ROOT
from indexer.building import build
from indexer.encoding import Encoder, TransformerEncoder
from indexer.engine import Engine
from indexer.errors import EncoderError
from indexer.index import open_index
from search_api.evaluation import PassageRanker, evaluate_ranking, full_ranking
from search_api.judgements import JudgedFolder, read_folder
from search_api.reports import Report
from search_api.searcher import Searcher

MEASURES = ("nDCG@10", "R@1", "R@3", "RR@10")
DEVELOPMENT = SHARED / "dev"
SENTENCES = DEVELOPMENT / "tatoeba-laser.zh-en.tsv"

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Line:
    """A system on a set: its report, or why there is none."""

    set: str
    system: str
    report: Report | None
    reason: str = ""


def sets(names: Sequence[str] = ()) -> dict[str, Path]:
    """Return the judged folders that are on this machine by name: development sets, then our samples."""
    folders = {path.name: path for path in sorted(DEVELOPMENT.glob("*")) if path.is_dir()}
    folders["corpus"] = ROOT / "corpus"
    return {name: path for name, path in folders.items() if not names or name in names}


def measure(
    folders: Mapping[str, Path], models: Sequence[str], limit: int | None, encoder: str | None, tell: Told
) -> Iterator[Line]:
    """Yield each system's report on each folder."""
    engine = Engine.load(encoder)
    for name, folder in folders.items():
        judged = read_folder(folder)
        with _searcher(judged, engine) as searcher:
            for system, make in _systems(searcher, models).items():
                tell(f"{name}: {system}")
                yield _line(name, system, make, judged, searcher, limit)


def _line(
    name: str,
    system: str,
    make: Callable[[], PassageRanker],
    judged: JudgedFolder,
    searcher: Searcher,
    limit: int | None,
) -> Line:
    try:
        return Line(name, system, evaluate_ranking(judged, make(), searcher.reader, MEASURES, limit))
    except UnavailablePeerError as reason:
        return Line(name, system, None, str(reason))


def _systems(searcher: Searcher, models: Sequence[str]) -> Mapping[str, Callable[[], PassageRanker]]:
    reader = searcher.reader
    ours: dict[str, Callable[[], PassageRanker]] = {
        "wenzheng": lambda: full_ranking(searcher),
        "wenzheng, dense leg": lambda: dense_leg(searcher),
        "wenzheng, lexical leg": lambda: lexical_leg(searcher),
        "jieba BM25": lambda: jieba_bm25(reader),
    }
    return ours | {Path(model).name: partial(sentence_transformer, model, reader) for model in models}


@contextmanager
def _searcher(judged: JudgedFolder, engine: Engine) -> Iterator[Searcher]:
    with TemporaryDirectory(prefix="wenzheng-quality-") as place:
        build([judged.corpus], Path(place), engine)
        reader = open_index(Path(place), engine.signature)
        try:
            yield Searcher(reader, engine)
        finally:
            reader.close()


def sentence_accuracy(
    models: Sequence[str], encoder: str | None, path: Path = SENTENCES
) -> Iterator[tuple[str, float, float]]:
    """Yield each encoder's share of sentences whose nearest one is their translation: zh→en, en→zh."""
    if not path.is_file():
        return
    pairs = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    engine = Engine.load(encoder)
    yield "wenzheng", *_accuracy(engine.encoder, engine, pairs)
    for model in models:
        try:
            yield Path(model).name, *_accuracy(TransformerEncoder(model), engine, pairs)
        except EncoderError:
            continue


def _accuracy(encoder: Encoder, engine: Engine, pairs: Sequence[Sequence[str]]) -> tuple[float, float]:
    zh, en = (_vectors(encoder, engine, [pair[side] for pair in pairs]) for side in (0, 1))
    similar = zh @ en.T
    right = np.arange(len(pairs))
    return float((similar.argmax(axis=1) == right).mean()), float((similar.argmax(axis=0) == right).mean())


def _vectors(encoder: Encoder, engine: Engine, texts: Sequence[str]) -> NDArray[np.float32]:
    words = [[word.text for word in engine.segmenter.segment(text)] for text in texts]
    return encoder.encode_passages(texts, words)


def table_rows(lines: Sequence[Line]) -> list[list[str]]:
    """Return a row a set, direction and system: means × 100, nDCG@10 with its 95 % interval."""
    return [row for line in lines for row in _rows_of(line)]


def _rows_of(line: Line) -> Iterator[list[str]]:
    if line.report is None:
        yield [line.set, "", line.system, "", line.reason, *[""] * (len(MEASURES) - 1)]
        return
    named = re.search(r"(zh|en)-(zh|en)$", line.set)
    groups = {"→".join(named.groups()): line.report.overall} if named else line.report.directions
    for direction, group in groups.items():
        first, *rest = (group.measures[name] for name in MEASURES)
        interval = f"{100 * first.mean:.1f} [{100 * first.low:.1f}–{100 * first.high:.1f}]"
        yield [
            line.set,
            direction,
            line.system,
            f"{group.questions:,}",
            interval,
            *[f"{100 * e.mean:.1f}" for e in rest],
        ]

"""Train the table: batches of one source, Adam on the rows a batch touches, checkpoints, progress."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from torch import Tensor

from training.contrast import contrast
from training.vocabulary import Ragged


@dataclass(frozen=True, slots=True)
class Recipe:
    """The numbers that make a run; with the data and the seed they decide every bit of it."""

    dimension: int = 256
    epochs: int = 6
    batch: int = 2048
    temperature: float = 0.04
    rate: float = 0.01
    drop: float = 0.15
    brief: float = 0.0
    smoothing: float = 1e-3
    seed: int = 1


@dataclass(frozen=True, slots=True)
class SourcePairs:
    """One source's pairs as table rows, and how often each is drawn in an epoch."""

    name: str
    share: float
    zh: Ragged
    en: Ragged


class Trainer:
    """Hold the table and its optimiser's moments; `step` trains on one batch."""

    def __init__(self, frequencies: NDArray[np.float64], recipe: Recipe, device: str = "cpu") -> None:
        self.recipe = recipe
        self.device = device
        generator = np.random.default_rng(recipe.seed)
        scale = np.sqrt(recipe.smoothing / (recipe.smoothing + frequencies))[:, None]
        start = generator.standard_normal((len(frequencies), recipe.dimension), dtype=np.float32)
        start *= (scale / np.sqrt(recipe.dimension)).astype(np.float32)
        start[0] = 0
        self.table = torch.from_numpy(start).to(device)
        self.mean = torch.zeros_like(self.table)
        self.square = torch.zeros_like(self.table)
        self.steps = 0

    def step(
        self, zh: sparse.csr_matrix, en: sparse.csr_matrix, same: NDArray[np.bool_], rate: float
    ) -> float:
        """Train on one batch; return its loss. zh, en: (batch, rows) counts of table rows."""
        touched = np.union1d(zh.indices, en.indices)
        rows = torch.from_numpy(touched).to(self.device)
        local = self.table[rows]
        zh_counts, en_counts = _narrow(zh, touched), _narrow(en, touched)
        zh_sums, en_sums = self._multiply(zh_counts, local), self._multiply(en_counts, local)
        not_negative = torch.from_numpy(same).to(self.device)
        loss, zh_slope, en_slope = contrast(zh_sums, en_sums, not_negative, self.recipe.temperature)
        gradient = self._multiply(zh_counts.T.tocsr(), zh_slope)
        gradient += self._multiply(en_counts.T.tocsr(), en_slope)
        self._adam(rows, gradient, rate)
        return loss

    def _multiply(self, left: sparse.csr_matrix, right: Tensor) -> Tensor:
        if self.device == "cpu":
            return torch.from_numpy(left @ right.numpy())
        matrix = torch.sparse_csr_tensor(
            torch.from_numpy(left.indptr),
            torch.from_numpy(left.indices),
            torch.from_numpy(left.data),
            left.shape,
        )
        return matrix.to(self.device) @ right

    def _adam(self, rows: Tensor, gradient: Tensor, rate: float) -> None:
        """Take an Adam step (Kingma and Ba 2015) on some rows; the others keep their moments."""
        self.steps += 1
        mean = self.mean[rows].mul_(0.9).add_(gradient, alpha=0.1)
        square = self.square[rows].mul_(0.999).addcmul_(gradient, gradient, value=0.001)
        self.mean[rows], self.square[rows] = mean, square
        corrected = rate * (1 - 0.999**self.steps) ** 0.5 / (1 - 0.9**self.steps)
        self.table[rows] = self.table[rows] - corrected * mean / (square.sqrt() + 1e-8)
        self.table[0] = 0

    def save(self, path: Path, epoch: int) -> None:
        """Write a checkpoint after `epoch` epochs, in place of the one before."""
        state = {"table": self.table, "mean": self.mean, "square": self.square}
        aside = path.with_suffix(".tmp")
        torch.save({**state, "steps": self.steps, "epoch": epoch}, aside)
        aside.replace(path)

    def load(self, path: Path) -> int:
        """Read a checkpoint back; return how many epochs it has behind it."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.table, self.mean, self.square = state["table"], state["mean"], state["square"]
        self.steps = int(state["steps"])
        return int(state["epoch"])


def train(
    trainer: Trainer, sources: Sequence[SourcePairs], checkpoint: Path | None = None
) -> Iterator[tuple[int, float, float]]:
    """Train epoch by epoch, resuming from `checkpoint`; yield (epoch, mean loss, seconds)."""
    recipe = trainer.recipe
    done = trainer.load(checkpoint) if checkpoint is not None and checkpoint.is_file() else 0
    total = sum(len(plan) for plan in (plan_epoch(sources, recipe, e) for e in range(recipe.epochs)))
    for epoch in range(done, recipe.epochs):
        began = time.monotonic()
        losses = []
        for source, picked in plan_epoch(sources, recipe, epoch):
            rate = recipe.rate * max(0.0, 1 - trainer.steps / total)
            losses.append(_train_batch(trainer, sources[source], picked, rate))
        if checkpoint is not None:
            trainer.save(checkpoint, epoch + 1)
        yield epoch + 1, float(np.mean(losses)), time.monotonic() - began


def plan_epoch(
    sources: Sequence[SourcePairs], recipe: Recipe, epoch: int
) -> list[tuple[int, NDArray[np.int64]]]:
    """Return an epoch's batches in order, as (source, pair numbers): all of a batch from one source."""
    generator = np.random.default_rng((recipe.seed, epoch))
    batches = []
    for number, source in enumerate(sources):
        wanted = round(len(source.zh) * source.share)
        if not wanted:
            continue
        repeats = -(-wanted // len(source.zh))
        picked = np.concatenate([generator.permutation(len(source.zh)) for _ in range(repeats)])[:wanted]
        batches += [(number, picked[i : i + recipe.batch]) for i in range(0, wanted, recipe.batch)]
    batches = [batch for batch in batches if len(batch[1]) >= 16]
    return [batches[i] for i in generator.permutation(len(batches))]


def _train_batch(trainer: Trainer, source: SourcePairs, picked: NDArray[np.int64], rate: float) -> float:
    generator = np.random.default_rng((trainer.recipe.seed, trainer.steps, 7))
    rates = drop_rates(len(picked), trainer.recipe, generator)
    sides = [
        counts(side, picked, len(trainer.table), rate, generator)
        for side, rate in zip((source.zh, source.en), rates, strict=True)
    ]
    return trainer.step(sides[0], sides[1], shared_sides(source, picked), rate)


def drop_rates(pairs: int, recipe: Recipe, generator: np.random.Generator) -> NDArray[np.float32]:
    """Return the share of words to leave out of each side of each pair, float32 (2, pairs).

    A question is short and a passage long: a share `brief` of the pairs lose most of one side's words.
    """
    rates = np.full((2, pairs), recipe.drop, np.float32)
    brief = np.flatnonzero(generator.random(pairs) < recipe.brief)
    rates[generator.integers(0, 2, len(brief)), brief] = generator.uniform(0.3, 0.8, len(brief))
    return rates


def counts(
    side: Ragged,
    picked: NDArray[np.int64],
    width: int,
    drop: NDArray[np.float32],
    generator: np.random.Generator,
) -> sparse.csr_matrix:
    """Return (picked, width) counts of rows; of the i-th text a share drop[i] of words is left out."""
    lengths = side.offsets[picked + 1] - side.offsets[picked]
    ends = np.concatenate([[0], np.cumsum(lengths)])
    take = np.repeat(side.offsets[picked] - ends[:-1], lengths) + np.arange(ends[-1])
    ids = side.ids[take]
    kept = (generator.random(len(ids), dtype=np.float32) >= np.repeat(drop, lengths)).astype(np.float32)
    return sparse.csr_matrix((kept, ids, ends), shape=(len(picked), width))


def shared_sides(source: SourcePairs, picked: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return where two pairs of a batch have the same words on a side: they are no negatives."""
    same = np.zeros((len(picked), len(picked)), dtype=np.bool_)
    for side in (source.zh, source.en):
        keys = np.array(
            [hash(side.ids[side.offsets[i] : side.offsets[i + 1]].tobytes()) for i in picked], dtype=np.int64
        )
        same |= keys[:, None] == keys[None, :]
    np.fill_diagonal(same, False)
    return same


def _narrow(matrix: sparse.csr_matrix, touched: NDArray[np.int32]) -> sparse.csr_matrix:
    """Renumber the columns of a matrix to the touched rows."""
    columns = np.searchsorted(touched, matrix.indices).astype(np.int32)
    return sparse.csr_matrix((matrix.data, columns, matrix.indptr), shape=(matrix.shape[0], len(touched)))

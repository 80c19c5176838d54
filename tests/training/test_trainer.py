from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import sparse

from training.trainer import (
    Recipe,
    SourcePairs,
    Trainer,
    counts,
    drop_rates,
    plan_epoch,
    shared_sides,
    train,
)
from training.vocabulary import Ragged

ROWS = 60
RECIPE = Recipe(dimension=8, epochs=3, batch=32, seed=4)


def ragged(lists: Sequence[Sequence[int]]) -> Ragged:
    offsets = np.concatenate([[0], np.cumsum([len(some) for some in lists])])
    return Ragged(np.array([i for some in lists for i in some], np.int32), offsets.astype(np.int64))


def generated_source(name: str, pairs: int, seed: int, share: float = 1.0) -> SourcePairs:
    """Make pairs whose English side says word 30 + i where the Chinese side says word i."""
    generator = np.random.default_rng(seed)
    zh = [generator.integers(1, 30, generator.integers(1, 7)).tolist() for _ in range(pairs)]
    return SourcePairs(name, share, ragged(zh), ragged([[i + 29 for i in some] for some in zh]))


@pytest.fixture
def sources() -> list[SourcePairs]:
    return [generated_source("a", 300, 1), generated_source("b", 100, 2, share=1.5)]


@pytest.fixture
def frequencies() -> np.ndarray:
    return np.full(ROWS, 1 / ROWS)


def trained(
    sources: Sequence[SourcePairs], frequencies: np.ndarray, recipe: Recipe = RECIPE
) -> tuple[np.ndarray, list[float]]:
    trainer = Trainer(frequencies, recipe)
    losses = [loss for _, loss, _ in train(trainer, sources)]
    return trainer.table.numpy(), losses


def test_two_runs_are_the_same_bit_for_bit_and_learn(sources, frequencies) -> None:
    first, losses = trained(sources, frequencies)
    second, again = trained(sources, frequencies)

    assert first.tobytes() == second.tobytes()
    assert losses == again
    assert losses[-1] < losses[0] / 2


def test_words_that_translate_each_other_become_nearest(sources, frequencies) -> None:
    table, _ = trained(sources, frequencies, replace(RECIPE, dimension=32, epochs=20))
    unit = table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)
    nearest = 30 + (unit[1:30] @ unit[30:59].T).argmax(axis=1)

    assert np.mean(nearest == np.arange(30, 59)) > 0.9


def test_another_seed_gives_another_table(sources, frequencies) -> None:
    table, _ = trained(sources, frequencies)

    assert not np.array_equal(table, trained(sources, frequencies, replace(RECIPE, seed=5))[0])


@pytest.mark.parametrize("brief", [0.0, 0.5])
def test_a_run_that_was_interrupted_and_resumed_equals_one_that_was_not(
    sources, frequencies, brief: float, tmp_path: Path
) -> None:
    recipe, checkpoint = replace(RECIPE, brief=brief), tmp_path / "checkpoint.pt"
    whole, losses = trained(sources, frequencies, recipe)
    list(islice(train(Trainer(frequencies, recipe), sources, checkpoint), 1))
    resumed = Trainer(frequencies, recipe)
    rest = [(epoch, loss) for epoch, loss, _ in train(resumed, sources, checkpoint)]

    assert [epoch for epoch, _ in rest] == [2, 3]
    assert [loss for _, loss in rest] == losses[1:]
    assert resumed.table.numpy().tobytes() == whole.tobytes()


def test_a_finished_run_is_not_trained_again(sources, frequencies, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint.pt"
    list(train(Trainer(frequencies, RECIPE), sources, checkpoint))

    assert list(train(Trainer(frequencies, RECIPE), sources, checkpoint)) == []


def test_an_unfinished_checkpoint_never_takes_the_place_of_a_whole_one(
    sources, frequencies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = tmp_path / "checkpoint.pt"
    trainer = Trainer(frequencies, RECIPE)
    trainer.save(checkpoint, 1)
    before = checkpoint.read_bytes()

    def killed(_: object, path: Path) -> None:
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        trainer.save(checkpoint, 2)
    assert checkpoint.read_bytes() == before


def test_adam_on_touched_rows_is_torchs_sparse_adam(frequencies) -> None:
    trainer = Trainer(frequencies, RECIPE)
    reference = torch.nn.Parameter(trainer.table.clone())
    optimizer = torch.optim.SparseAdam([reference], lr=0.01)
    generator = torch.Generator().manual_seed(3)
    for step in range(6):
        rows = torch.randperm(ROWS - 1, generator=generator)[: 10 + step].add(1).sort().values
        gradient = torch.randn(len(rows), RECIPE.dimension, generator=generator)
        trainer._adam(rows, gradient, 0.01)
        reference.grad = torch.sparse_coo_tensor(
            rows[None], gradient, reference.shape, check_invariants=True, is_coalesced=True
        )
        optimizer.step()

    torch.testing.assert_close(trainer.table, reference.detach(), rtol=1e-5, atol=1e-7)


def test_a_step_moves_the_touched_rows_and_never_the_unknown_one(frequencies) -> None:
    trainer = Trainer(frequencies, RECIPE)
    before = trainer.table.clone()
    side = sparse.csr_matrix(([1.0, 1.0, 1.0], ([0, 1, 1], [3, 5, 0])), (2, ROWS), dtype=np.float32)
    other = sparse.csr_matrix(([1.0, 1.0], ([0, 1], [33, 35])), (2, ROWS), dtype=np.float32)
    trainer.step(side, other, np.zeros((2, 2), np.bool_), 0.01)
    moved = np.flatnonzero((trainer.table != before).any(dim=1).numpy())

    assert moved.tolist() == [3, 5, 33, 35]
    assert not trainer.table[0].any()


def test_a_step_equals_autograd_through_the_sum_of_rows(frequencies) -> None:
    """The gradient that reaches Adam's first moment is 0.1 times the gradient of the loss."""
    trainer = Trainer(frequencies, RECIPE)
    generator = np.random.default_rng(0)
    sides = [
        sparse.csr_matrix(generator.integers(0, 2, (6, ROWS)).astype(np.float32) * (np.arange(ROWS) > 0))
        for _ in range(2)
    ]
    table = trainer.table.clone().requires_grad_()
    zh, en = (
        torch.nn.functional.normalize(torch.from_numpy(side.toarray()) @ table, dim=1) for side in sides
    )
    logits, target = zh @ en.T / RECIPE.temperature, torch.arange(6)
    cross = torch.nn.functional.cross_entropy
    ((cross(logits, target) + cross(logits.T, target)) / 2).backward()
    trainer.step(sides[0], sides[1], np.zeros((6, 6), np.bool_), 0.01)

    torch.testing.assert_close(trainer.mean / 0.1, table.grad, rtol=1e-3, atol=1e-5)


def test_rows_start_with_lengths_that_fall_with_frequency() -> None:
    trainer = Trainer(np.array([0.0, 0.5, 0.1, 1e-6]), replace(RECIPE, dimension=256))
    lengths = trainer.table.norm(dim=1).tolist()

    assert lengths[0] == 0 and lengths[1] < lengths[2] < lengths[3]


def test_a_plan_draws_each_pair_as_often_as_its_share_says(sources) -> None:
    plan = plan_epoch(sources, RECIPE, 0)
    drawn = [np.concatenate([picked for source, picked in plan if source == i]) for i in (0, 1)]

    assert np.bincount(drawn[0], minlength=300).tolist() in ([1] * 300, np.bincount(drawn[0]).tolist())
    assert 300 - 16 < len(drawn[0]) <= 300
    assert 150 - 16 < len(drawn[1]) <= 150
    assert set(np.bincount(drawn[1], minlength=100).tolist()) <= {0, 1, 2}
    assert all(16 <= len(picked) <= RECIPE.batch for _, picked in plan)


def test_plans_differ_by_epoch_and_are_the_same_again(sources) -> None:
    def flat(epoch: int) -> list[tuple[int, list[int]]]:
        return [(source, picked.tolist()) for source, picked in plan_epoch(sources, RECIPE, epoch)]

    assert flat(0) == flat(0) != flat(1)


def test_a_source_of_no_pairs_or_no_share_is_passed_over(sources) -> None:
    empty = SourcePairs("empty", 1.0, ragged([]), ragged([]))
    unused = replace(sources[0], share=0.0)

    assert {source for source, _ in plan_epoch([empty, unused, sources[1]], RECIPE, 0)} == {2}


def test_drop_rates_are_the_recipes_and_a_brief_share_loses_most_of_one_side() -> None:
    generator = np.random.default_rng(0)
    plain = drop_rates(1000, replace(RECIPE, drop=0.15, brief=0.0), generator)
    rates = drop_rates(4000, replace(RECIPE, drop=0.15, brief=0.3), generator)
    changed = rates != np.float32(0.15)

    assert plain.shape == (2, 1000) and (plain == np.float32(0.15)).all()
    assert not changed.all(axis=0).any()
    assert changed.any(axis=0).mean() == pytest.approx(0.3, abs=0.03)
    assert changed[0].sum() == pytest.approx(changed[1].sum(), rel=0.15)
    assert rates[changed].min() >= 0.3 and rates[changed].max() < 0.8


def test_counts_leave_out_the_share_of_words_asked_for() -> None:
    side = ragged([[1, 2, 2, 3], [], [4] * 2000])
    picked = np.array([2, 0, 1])
    whole = counts(side, picked, 10, np.zeros(3, np.float32), np.random.default_rng(0)).toarray()
    dropped = counts(side, picked, 10, np.array([0.6, 1.0, 0.0], np.float32), np.random.default_rng(0))

    assert whole.tolist() == [
        [0, 0, 0, 0, 2000, 0, 0, 0, 0, 0],
        [0, 1, 2, 1, 0, 0, 0, 0, 0, 0],
        [0] * 10,
    ]
    assert dropped.toarray()[0, 4] == pytest.approx(800, abs=80)
    assert not dropped.toarray()[1:].any()


def test_pairs_that_share_a_side_are_marked_and_no_pair_is_its_own_negative() -> None:
    zh = ragged([[1, 2], [1, 2], [3], [4]])
    en = ragged([[30], [31], [32], [32]])
    same = shared_sides(SourcePairs("s", 1.0, zh, en), np.arange(4))

    assert np.argwhere(same).tolist() == [[0, 1], [1, 0], [2, 3], [3, 2]]

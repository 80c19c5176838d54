from math import log

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize

from training.contrast import contrast

LARGEST = -log(1e-12)
"""What one text can add to the loss that is told; its gradient goes on."""


def batch(size: int, dimension: int, seed: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    zh, en = (torch.randn(size, dimension, generator=generator, dtype=torch.float64) for _ in range(2))
    return zh, en


def by_autograd(zh: Tensor, en: Tensor, same: Tensor, temperature: float) -> tuple[float, Tensor, Tensor]:
    zh, en = zh.clone().requires_grad_(), en.clone().requires_grad_()
    logits = normalize(zh, dim=1) @ normalize(en, dim=1).T / temperature
    logits = logits.masked_fill(same, float("-inf"))
    target = torch.arange(len(zh))
    losses = [cross_entropy(each, target, reduction="none") for each in (logits, logits.T)]
    torch.cat(losses).mean().backward()
    assert zh.grad is not None and en.grad is not None
    told = torch.cat(losses).detach().clamp_max(LARGEST).mean()
    return float(told), zh.grad, en.grad


@settings(max_examples=25, deadline=None)
@given(
    size=st.integers(1, 12),
    dimension=st.integers(2, 9),
    temperature=st.sampled_from([0.04, 0.1, 1.0]),
    seed=st.integers(0, 10_000),
    shared=st.booleans(),
)
def test_loss_and_gradient_are_those_of_autograd(
    size: int, dimension: int, temperature: float, seed: int, shared: bool
) -> None:
    zh, en = batch(size, dimension, seed)
    same = torch.zeros(size, size, dtype=torch.bool)
    if shared and size > 2:
        same[0, 1] = same[1, 0] = True
    loss, zh_slope, en_slope = contrast(zh, en, same, temperature)
    wanted, zh_wanted, en_wanted = by_autograd(zh, en, same, temperature)

    assert loss == pytest.approx(wanted, abs=1e-6)
    torch.testing.assert_close(zh_slope, zh_wanted, rtol=1e-6, atol=1e-8)
    torch.testing.assert_close(en_slope, en_wanted, rtol=1e-6, atol=1e-8)


def test_a_pair_that_shares_a_side_is_no_negative() -> None:
    zh, en = batch(3, 4, seed=5)
    en[1] = zh[0]  # the nearest of all to pair 0, were it a negative
    same = torch.zeros(3, 3, dtype=torch.bool)
    as_negative, _, _ = contrast(zh, en, same, 0.1)
    same[0, 1] = same[1, 0] = True
    left_out, _, _ = contrast(zh, en, same, 0.1)
    moved = zh.clone()
    moved[0] *= 3  # only its direction counts, and pair 1 does not see it

    assert left_out < as_negative
    assert contrast(moved, en, same, 0.1)[0] == pytest.approx(left_out)


def test_the_loss_of_perfect_pairs_is_nearly_nothing_and_that_of_equal_ones_log_of_the_batch() -> None:
    none_shared = torch.zeros(4, 4, dtype=torch.bool)

    assert contrast(torch.eye(4), torch.eye(4), none_shared, 0.04)[0] == pytest.approx(0, abs=1e-6)
    alike = torch.ones(4, 4)
    assert contrast(alike, alike, none_shared, 0.04)[0] == pytest.approx(float(torch.tensor(4.0).log()))


def test_a_text_of_which_nothing_is_left_gives_finite_numbers() -> None:
    zh, en = torch.eye(3), torch.eye(3)
    zh[1] = 0
    loss, zh_slope, en_slope = contrast(zh, en, torch.zeros(3, 3, dtype=torch.bool), 0.04)

    assert torch.isfinite(torch.tensor(loss))
    assert torch.isfinite(zh_slope).all() and torch.isfinite(en_slope).all()

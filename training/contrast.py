"""The loss: symmetric InfoNCE over in-batch negatives, on cosine similarities, and its gradient.

Source: van den Oord et al. 2018, "Representation Learning with Contrastive Predictive Coding"; the
symmetric form is that of Radford et al. 2021 (CLIP). The gradient is written out, because the two sides
are sums of table rows and only the touched rows need one.
"""

from __future__ import annotations

import torch
from torch import Tensor


def contrast(zh: Tensor, en: Tensor, same: Tensor, temperature: float) -> tuple[float, Tensor, Tensor]:
    """Return the loss and its gradients with respect to both sides.

    zh, en: float32 (batch, dim), sums of word vectors, the i-th of one translating the i-th of the other.
    same: bool (batch, batch), True where a pair off the diagonal shares a side's text and so is no negative.
    Loss: mean over both directions of -log softmax(cos / temperature)[i, i].
    """
    zh_length = zh.norm(dim=1, keepdim=True).clamp_min(1e-6)
    en_length = en.norm(dim=1, keepdim=True).clamp_min(1e-6)
    zh_unit, en_unit = zh / zh_length, en / en_length
    logits = (zh_unit @ en_unit.T).div_(temperature)
    logits.masked_fill_(same, -1e4)
    by_row, by_column = logits.softmax(dim=1), logits.softmax(dim=0)
    diagonal = torch.arange(len(zh), device=zh.device)
    loss = -(
        by_row[diagonal, diagonal].clamp_min(1e-12).log()
        + by_column[diagonal, diagonal].clamp_min(1e-12).log()
    )
    slope = by_row.add_(by_column)
    slope[diagonal, diagonal] -= 2
    slope.mul_(0.5 / (len(zh) * temperature))
    zh_slope = _through_length(slope @ en_unit, zh_unit, zh_length)
    en_slope = _through_length(slope.T @ zh_unit, en_unit, en_length)
    return float(loss.mean()) / 2, zh_slope, en_slope


def _through_length(slope: Tensor, unit: Tensor, length: Tensor) -> Tensor:
    """Carry a gradient from a unit vector back to the vector itself."""
    return (slope - unit * (slope * unit).sum(dim=1, keepdim=True)) / length

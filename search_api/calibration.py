"""How sure a list's best passage makes us: features that mean the same in both languages -> log-odds.

All numbers are read from `calibration.json`, which `python -m training tune` and `… calibrate` write: the
weights of the legs, and the coefficients of two logistic regressions, one for passages in the question's own
language and one for the other, fitted on development questions over mixed collections (see
docs/decisions/ranking.md). The file says with which command, encoder and questions it was made.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import SettingsError

CALIBRATION = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """What a standard deviation of each leg's score counts for."""

    dense: float
    lexical: float
    alignment: float

    @property
    def vector(self) -> NDArray[np.float32]:
        """The weights in this order, float32 (3,)."""
        return np.array(astuple(self), np.float32)


@dataclass(frozen=True, slots=True)
class ListFeatures:
    """What is known of a language's best candidate.

    coverage: 0..1, how much of the question it covers. unusual: standard deviations of its dense score above
    the mean of its language. lead: by how much it leads the second of its list. top: its standardised score.
    """

    coverage: float
    unusual: float
    lead: float
    top: float


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic regression over ListFeatures: a coefficient each, and the bias.

    usual_lead, usual_top: the medians of lists whose best passage answers, for lists too short to tell.
    """

    coverage: float
    unusual: float
    lead: float
    top: float
    bias: float
    usual_lead: float
    usual_top: float

    def log_odds(self, features: ListFeatures) -> float:
        """Return the log-odds that the best passage of a list answers the question."""
        coefficients = (self.coverage, self.unusual, self.lead, self.top)
        return float(np.dot(coefficients, astuple(features)) + self.bias)


@dataclass(frozen=True, slots=True)
class Calibration:
    """All numbers of the ranking: for lists in the question's language, and across languages.

    claim: the least probability of the best passage at which the collection is said to answer.
    """

    same_weights: Weights
    across_weights: Weights
    same_confidence: Confidence
    across_confidence: Confidence
    claim: float

    def weights(self, same: bool) -> Weights:
        """Return the weights for a list that is, or is not, in the question's language."""
        return self.same_weights if same else self.across_weights

    def confidence(self, same: bool) -> Confidence:
        """Return the regression for a list that is, or is not, in the question's language."""
        return self.same_confidence if same else self.across_confidence


def read_calibration(path: Path = CALIBRATION) -> Calibration:
    """Read the numbers from a file. Raises SettingsError where one is missing or none."""
    try:
        told: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
        weights, confidence = told["weights"], told["confidence"]
        return Calibration(
            Weights(**_numbers(weights["same"])),
            Weights(**_numbers(weights["across"])),
            Confidence(**_numbers(confidence["same"])),
            Confidence(**_numbers(confidence["across"])),
            **_numbers({"claim": confidence["claim"]}),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"The calibration {path} cannot be read ({error!r}). Expected weights and coefficients as "
            "`python -m training calibrate` writes them. Install Wenzheng again, or run that."
        ) from error


def _numbers(told: Mapping[str, Any]) -> dict[str, float]:
    for name, value in told.items():
        if type(value) not in (int, float) or not math.isfinite(value):
            raise ValueError(f"{name} is {value!r}, not a number")
    return dict(told)


@cache
def shipped_calibration() -> Calibration:
    """Return the numbers that ship, read once."""
    return read_calibration()


def probability(log_odds: float) -> float:
    """Return 1 / (1 + exp(-log_odds))."""
    return float(0.5 * (1 + np.tanh(log_odds / 2)))

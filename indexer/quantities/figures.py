"""A figure as the grammar reads it, before its sentence is looked at."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

Kind = Literal["money", "count", "percent", "ratio", "rank", "date", "duration", "number"]
Bound = Literal["about", "nearly", "more than", "less than", "at least", "at most", "from", "to"]


class Figure(NamedTuple):
    """A number with its unit; `start:end` covers both, `value` is exact and in base units.

    `period` is set for dates only: the date itself, or the range that it is one end of.
    """

    start: int
    end: int
    kind: Kind
    value: Decimal
    unit: str | None = None
    currency: str | None = None
    bound: Bound | None = None
    period: str | None = None


def words(text: str) -> list[str]:
    """Return the words of a list that is written as one string, to be read as prose."""
    return text.split()

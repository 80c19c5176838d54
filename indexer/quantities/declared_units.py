"""Units that a table states once: 金额（万元）：120 in a row, 单位：万元 above it."""

from __future__ import annotations

import re

from indexer.quantities.figures import Figure
from indexer.quantities.units import Unit, named_unit

_LABEL = re.compile(r"\(([^()\n]{1,6})\) ?[:|]? ?\Z")
_DECLARED = re.compile(r"单位 ?: ?([\u4e00-\u9fff%]{1,6})")
# 投资 3300 万: what 万 counts is money where the words are of money.
_MONEY_WORD = re.compile(
    r"资金|投资|补助|补贴|奖励|金额|产值|经费|营收|收入|税|贷款|罚款|支出|奖金|融资|销售额|成交额|费用|资助"
)


def with_declared_unit(normal: str, figure: Figure, floor: int) -> Figure:
    """Return a bare number with the unit that its label, its table or its words of money give it."""
    if figure.kind != "number":
        return figure
    label = _LABEL.search(normal, max(floor, figure.start - 12), figure.start)
    unit = named_unit(label[1]) if label else None
    if unit is not None:
        return _in_unit(figure, unit)
    if normal[figure.end - 1] in "万亿" and _MONEY_WORD.search(
        normal, max(floor, figure.start - 24), figure.start
    ):
        return figure._replace(kind="money", unit="yuan", currency="CNY")
    return figure


def declared_unit(normal: str) -> tuple[int, Unit] | None:
    """Return the unit that 单位：… states for what follows, and where it is stated."""
    match = _DECLARED.search(normal)
    unit = named_unit(match[1]) if match else None
    return (match.end(), unit) if match and unit else None


def _in_unit(figure: Figure, unit: Unit) -> Figure:
    return figure._replace(
        kind=unit.kind, value=figure.value * unit.scale, unit=unit.name, currency=unit.currency
    )


def in_declared_unit(figure: Figure, declared: tuple[int, Unit] | None) -> Figure:
    """Return a bare number after 单位：… in that unit."""
    if declared is None or figure.kind != "number" or figure.start < declared[0]:
        return figure
    return _in_unit(figure, declared[1])

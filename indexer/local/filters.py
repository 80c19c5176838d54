"""Filters and facets: which passages carry which values, worked out document by document."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from indexer.errors import UnknownFilter
from indexer.index import FACET_FIELDS, FILTER_FIELDS, Facet, PassageFilter, StoredDocument
from indexer.local.columns import LANGUAGES
from indexer.local.folding import squeeze
from indexer.records import DocumentStatus

_STATUSES = get_args(DocumentStatus)

_NO_VALUE = -1


class DocumentFields:
    """The filterable fields of every document of a generation, and the passages they cover.

    documents: in id order. document_of_row: int32 (n,). languages: uint8 (n,), places in LANGUAGES.
    """

    def __init__(
        self,
        documents: Sequence[StoredDocument],
        document_of_row: NDArray[np.int32],
        languages: NDArray[np.uint8],
    ) -> None:
        self._document_of_row = document_of_row
        self._languages = languages
        self._years = np.array([each.metadata.year or _NO_VALUE for each in documents], dtype=np.int64)
        self._year_values, self._year_codes = np.unique(self._years, return_inverse=True)
        self._dates = np.array([each.metadata.issued_on or "" for each in documents], dtype=np.str_)
        self._texts = {
            name: _Coded(
                [_text(each, name) for each in documents],
                _number_parts if name == "document_number" else squeeze,
            )
            for name in _TEXT_FIELDS
        }

    def select(self, wanted: PassageFilter) -> NDArray[np.bool_] | None:
        """Return a mask (n,) of the rows that pass every field; None where no field is named.

        Raises UnknownFilter.
        """
        if not wanted.values:
            return None
        documents = np.ones(len(self._years), dtype=np.bool_)
        rows = np.ones(len(self._document_of_row), dtype=np.bool_)
        for name, values in wanted.values.items():
            if name not in FILTER_FIELDS:
                raise UnknownFilter(
                    f"There is no filter field {name!r}; the fields are {', '.join(FILTER_FIELDS)}."
                )
            if name == "language":
                rows &= self._of_languages(values)
            else:
                documents &= self._of_documents(name, values)
        selected: NDArray[np.bool_] = documents[self._document_of_row] & rows
        return selected

    def _of_languages(self, values: Sequence[str]) -> NDArray[np.bool_]:
        accepted = [LANGUAGES.index(_one_of("language", value, LANGUAGES)) for value in values]
        return np.isin(self._languages, np.array(accepted, dtype=np.uint8))

    def _of_documents(self, name: str, values: Sequence[str]) -> NDArray[np.bool_]:
        if name == "year":
            return _any(self._years, [self._in_years(value) for value in values])
        if name == "issued_on":
            return _any(self._years, [self._in_dates(value) for value in values])
        if name == "status":
            values = [_one_of(name, value, _STATUSES) for value in values]
        return self._texts[name].among(values)

    def _in_years(self, value: str) -> NDArray[np.bool_]:
        first, last = _range("year", value, _year)
        mask: NDArray[np.bool_] = self._years != _NO_VALUE
        mask &= self._years >= int(first or 0)
        mask &= self._years <= int(last or 9999)
        return mask

    def _in_dates(self, value: str) -> NDArray[np.bool_]:
        first, last = _range("issued_on", value, _date)
        # ISO 8601 dates of one length compare as text; "~" comes after every digit.
        mask: NDArray[np.bool_] = (
            (self._dates != "") & (self._dates >= first) & (self._dates <= (last or "~"))
        )
        return mask

    def facets(self, fields: Sequence[str], rows: NDArray[np.int64] | None) -> dict[str, list[Facet]]:
        """Count the values of fields among rows, most frequent first. Raises UnknownFilter."""
        unknown = [name for name in fields if name not in FACET_FIELDS]
        if unknown:
            raise UnknownFilter(
                f"There is no facet field {unknown[0]!r}; the fields are {', '.join(FACET_FIELDS)}."
            )
        return {name: self._facet(name, rows) for name in fields}

    def _facet(self, name: str, rows: NDArray[np.int64] | None) -> list[Facet]:
        if name == "language":
            return _counted(self._languages if rows is None else self._languages[rows], LANGUAGES)
        documents = self._document_of_row if rows is None else self._document_of_row[rows]
        if name == "year":
            years = self._year_values.tolist()
            counted = _counted(self._year_codes[documents], years)
            return [each for each in counted if each.value != _NO_VALUE]
        coded = self._texts[name]
        codes = coded.codes[documents]
        return _counted(codes[codes != _NO_VALUE], coded.shown)


class _Coded:
    """The values of one text field: a number for each distinct value, compared after folding.

    codes: int64 (documents,), -1 where a document has none. shown: each value as it first stands.
    """

    def __init__(self, values: Sequence[str | None], fold: Callable[[str], str] = squeeze) -> None:
        self._fold = fold
        self._numbers: dict[str, int] = {}
        self.shown: list[str] = []
        self.codes = np.array([self._number(value) for value in values], dtype=np.int64)

    def _number(self, value: str | None) -> int:
        if not value:
            return _NO_VALUE
        number = self._numbers.setdefault(self._fold(value), len(self.shown))
        if number == len(self.shown):
            self.shown.append(value)
        return number

    def among(self, values: Sequence[str]) -> NDArray[np.bool_]:
        """Return a mask (documents,) of those that have one of the values."""
        known = {self._numbers.get(self._fold(value), _NO_VALUE) for value in values} - {_NO_VALUE}
        return np.isin(self.codes, np.array(sorted(known), dtype=np.int64))


_TEXT_FIELDS: Mapping[str, Callable[[StoredDocument], str | None]] = {
    "issuer": lambda each: each.metadata.issuer,
    "kind": lambda each: each.metadata.kind,
    "status": lambda each: each.metadata.status,
    "document_id": lambda each: each.document_id,
    "document_number": lambda each: (
        each.metadata.document_number.text if each.metadata.document_number else None
    ),
}


def _text(document: StoredDocument, name: str) -> str | None:
    return _TEXT_FIELDS[name](document)


def _number_parts(text: str) -> str:
    """Return a document number's parts alone: brackets, 年, 第 and 号 are written in many ways."""
    return squeeze(text).translate(_AROUND_PARTS)


_AROUND_PARTS = str.maketrans("", "", "[]()<>《》〈〉年第号-\"'")


def _any(like: NDArray[np.int64], masks: Sequence[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    found = np.zeros(len(like), dtype=np.bool_)
    for mask in masks:
        found |= mask
    return found


def _counted(codes: NDArray[Any], values: Sequence[str | int]) -> list[Facet]:
    counts = np.bincount(codes, minlength=len(values)).tolist()
    found = [Facet(value, count) for value, count in zip(values, counts, strict=True) if count]
    return sorted(found, key=lambda each: (-each.count, str(each.value)))


def _one_of(name: str, value: str, accepted: Sequence[str]) -> str:
    folded = squeeze(value)
    if folded not in accepted:
        raise _impossible(name, value, f"one of {', '.join(accepted)}")
    return folded


def _range(name: str, value: str, read: Callable[[str], str]) -> tuple[str, str]:
    """Return both ends, "" where open; a single value is both its ends. Raises UnknownFilter."""
    first, dots, last = squeeze(value).partition("..")
    if not dots:
        last = first
    try:
        ends = (read(first) if first or not dots else "", read(last) if last or not dots else "")
    except ValueError as error:
        raise _impossible(name, value, _ACCEPTED[name]) from error
    if all(ends) and ends[0] > ends[1]:
        raise _impossible(name, value, f"{_ACCEPTED[name]}, the earlier one first")
    return ends


_ACCEPTED = {
    "year": "a year as 2025, or a range as 2024..2026, 2024.. or ..2026",
    "issued_on": "a date as 2025-01-31, or a range as 2025-01-01..2025-12-31 (either end may be left out)",
}


def _year(text: str) -> str:
    if not (len(text) == 4 and text.isdecimal()):
        raise ValueError(text)
    return str(int(text))


def _date(text: str) -> str:
    return datetime.date.fromisoformat(text).isoformat()


def _impossible(name: str, value: str, accepted: str) -> UnknownFilter:
    return UnknownFilter(f"The filter {name}={value!r} cannot be used; accepted is {accepted}.")

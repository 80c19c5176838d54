"""What may be asked over HTTP: the parameters of each address, checked, with a name nobody knows refused.

GET writes filters as `filters=issuer=…` (repeated) or plainly as `issuer=…&year=2025`; POST as an object,
`{"issuer": "…", "year": [2024, 2025]}`. Values of one field combine with OR, fields with AND.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, Field, StrictInt, StrictStr, field_validator, model_validator

from indexer.errors import UnknownFilter
from indexer.index import FACET_FIELDS, FILTER_FIELDS, PassageFilter
from indexer.records import Language

MOST_RESULTS = 100
"""Results in one answer."""
DEEPEST = 1_000
"""The last rank that can be asked for: offset + limit."""

FilterValue = StrictStr | StrictInt
Filters = Mapping[str, FilterValue | list[FilterValue] | None]

_RANGES = "`year` takes 2024..2026 too, `issued_on` 2025-01-01..2025-12-31; either end may be empty"


class Parameters(BaseModel):
    """Parameters of an address; a name that it does not have is refused, not passed over."""

    model_config = {"frozen": True}

    @model_validator(mode="before")
    @classmethod
    def _only_known(cls, given: Any) -> Any:
        unknown = [name for name in given if name not in cls.model_fields] if isinstance(given, dict) else []
        if unknown:
            raise UnknownFilter(
                f"There is no parameter {unknown[0]!r} here. Expected: {', '.join(cls.model_fields)}. "
                "Correct its name or leave it out."
            )
        return given


class Ranked(Parameters):
    """The parameters that GET and POST of a search share."""

    q: str = Field(description="the question, in Chinese or English", examples=["科技创新券补助发了多少钱"])
    limit: int = Field(10, ge=1, le=MOST_RESULTS, description="results in the answer")
    offset: int = Field(0, ge=0, lt=DEEPEST, description="results to pass over")
    lang: Language | None = Field(None, description="only passages in this language")
    explain: bool = Field(False, description="say of each result why it stands where it stands")

    @model_validator(mode="after")
    def _not_too_deep(self) -> Ranked:
        if self.offset + self.limit > DEEPEST:
            raise ValueError(f"offset + limit is {self.offset + self.limit:,}; the most is {DEEPEST:,}")
        return self


class Filtered(Parameters):
    """Filters as a query string writes them."""

    filters: list[str] = Field(
        [], description=f"`field=value`, repeated; {_RANGES}", examples=[["year=2025"]]
    )
    issuer: list[str] = Field([], description="only documents of this issuer")
    kind: list[str] = Field([], description="only documents of this kind")
    year: list[str] = Field([], description="only documents of this year")
    language: list[str] = Field([], description="only passages in this language")
    document_number: list[str] = Field([], description="only the document of this number")
    document_id: list[str] = Field([], description="only this document")
    status: list[str] = Field([], description="only documents of this status")
    issued_on: list[str] = Field([], description="only documents of this date")
    facets: list[str] = Field(
        [], description=f"fields to count: {', '.join(FACET_FIELDS)}; repeated or with commas"
    )

    @field_validator("facets")
    @classmethod
    def _split_at_commas(cls, value: list[str]) -> list[str]:
        return [part.strip() for one in value for part in one.split(",") if part.strip()]

    def passage_filter(self) -> PassageFilter:
        """Return the filter that all these parameters make. Raises UnknownFilter."""
        pairs = [(name, value) for name in FILTER_FIELDS for value in getattr(self, name)]
        for written in self.filters:
            pairs.extend(_pairs(written))
        grouped: dict[str, list[str]] = {}
        for name, value in pairs:
            grouped.setdefault(name, []).append(value)
        return make_filter(grouped)


class SearchParameters(Filtered, Ranked):
    """The parameters of GET /v1/search."""


class FacetParameters(Filtered):
    """The parameters of GET /v1/facets; without `facets`, every field is counted."""


class SearchQuestion(Ranked):
    """The body of POST /v1/search."""

    filters: Filters = Field(
        {}, description=f"field: value or [values]; {_RANGES}", examples=[{"year": [2025, 2026]}]
    )
    facets: list[str] = Field([], description=f"fields to count: {', '.join(FACET_FIELDS)}")

    def passage_filter(self) -> PassageFilter:
        """Return the filter of the body: null is unfiltered, an empty list lets nothing through."""
        return make_filter(
            {name: _listed(value) for name, value in self.filters.items() if value is not None}
        )


class DocumentsParameters(Parameters):
    """The parameters of GET /v1/documents."""

    limit: int = Field(50, ge=1, le=500, description="documents in the answer")
    offset: int = Field(0, ge=0, description="documents to pass over")


class DocumentParameters(Parameters):
    """The parameters of GET /v1/documents/{document_id}."""

    limit: int = Field(1_000, ge=1, le=5_000, description="paragraphs in the answer")
    offset: int = Field(0, ge=0, description="paragraphs to pass over")


class PassageParameters(Parameters):
    """The parameters of GET /v1/passages/{passage_id}."""

    neighbours: int = Field(0, ge=0, le=50, description="paragraphs to give before and after")


def make_filter(values: Mapping[str, Iterable[str | int]]) -> PassageFilter:
    """Return a filter of known fields. Raises UnknownFilter."""
    for name in values:
        if name not in FILTER_FIELDS:
            raise UnknownFilter(f"There is no filter {name!r}. Expected one of: {', '.join(FILTER_FIELDS)}.")
    return PassageFilter({name: tuple(str(value) for value in some) for name, some in values.items()})


def check_facets(fields: Iterable[str]) -> None:
    """Refuse a field that cannot be counted. Raises UnknownFilter."""
    for name in fields:
        if name not in FACET_FIELDS:
            raise UnknownFilter(f"There is no facet {name!r}. Expected one of: {', '.join(FACET_FIELDS)}.")


def _pairs(written: str) -> list[tuple[str, str]]:
    """Read `field=value`, or the object of POST written as JSON. Raises UnknownFilter."""
    if written.startswith("{"):
        return _pairs_of_json(written)
    name, equals, value = written.partition("=")
    if not equals:
        raise UnknownFilter(f"The filter {written!r} has no value. Expected field=value, as year=2025.")
    return [(name.strip(), value)]


def _pairs_of_json(written: str) -> list[tuple[str, str]]:
    try:
        found: dict[str, Any] = json.loads(written)
    except ValueError as error:
        raise UnknownFilter(f"The filter {written!r} is not JSON. Expected field=value.") from error
    return [(name, str(value)) for name, values in found.items() for value in _listed(values)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

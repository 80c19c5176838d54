"""Filters and facets against going through every document."""

import itertools

import numpy as np
import pytest

from indexer.errors import UnknownFilter
from indexer.index import FACET_FIELDS, Facet, PassageFilter
from indexer.records import DocumentMetadata, DocumentNumber

NUMBER = DocumentNumber("泉科函〔2026〕102号", "泉科函", 2026, 102)
METADATA = [
    DocumentMetadata("甲", "zh", NUMBER, "泉州市科学技术局", "2026-03-01", 2026, "答复", status="in_force"),
    DocumentMetadata("乙", "zh", None, "泉州市科學技術局", "2025-12-31", 2025, "通知", status="repealed"),
    DocumentMetadata("丙", "zh", None, "State Council", "2024-01-01", 2024, "通知", status="in_force"),
    DocumentMetadata("丁", "zh", None, None, None, None, None),
]
TEXTS = [["一段", "English one"], ["二段"], ["三段", "四段", "Six"], ["五段"]]


@pytest.fixture
def reader(index_of, samples):
    given = [samples.Given(f"d/{at}.txt", TEXTS[at], metadata) for at, metadata in enumerate(METADATA)]
    return index_of(given)


def rows(mask):
    return np.flatnonzero(mask).tolist()


ROWS = {0: [0, 1], 1: [2], 2: [3, 4, 5], 3: [6]}


@pytest.mark.parametrize(
    ("values", "documents"),
    [
        ({"year": ("2026",)}, [0]),
        ({"year": ("2024..2025",)}, [1, 2]),
        ({"year": ("2025..",)}, [0, 1]),
        ({"year": ("..2024",)}, [2]),
        ({"year": ("２０２４", "2026")}, [0, 2]),
        ({"year": ("..",)}, [0, 1, 2]),
        ({"year": ("1999",)}, []),
        ({"issued_on": ("2025-12-31",)}, [1]),
        ({"issued_on": ("2025-01-01..2026-12-31",)}, [0, 1]),
        ({"issued_on": ("2025-12-31..",)}, [0, 1]),
        ({"issued_on": ("..2025-12-30",)}, [2]),
        ({"issuer": ("泉州市科学技术局",)}, [0, 1]),
        ({"issuer": ("state　council",)}, [2]),
        ({"issuer": ("无此局",)}, []),
        ({"kind": ("通知", "答复")}, [0, 1, 2]),
        ({"status": ("in_force",)}, [0, 2]),
        ({"status": ("unknown",)}, [3]),
        ({"document_id": ("d/3.txt",)}, [3]),
        ({"document_number": ("泉科函[2026]102號",)}, [0]),
        ({"document_number": ("泉科函［２０２６］ 102 号",)}, [0]),
        ({"kind": ("通知",), "year": ("2025",)}, [1]),
        ({"kind": ()}, []),
        ({"year": ()}, []),
        ({"language": ()}, []),
        ({"issued_on": (), "kind": ("通知",)}, []),
    ],
)
def test_a_filter_lets_through_the_documents_that_match(reader, values, documents):
    assert rows(reader.select(PassageFilter(values))) == list(
        itertools.chain(*(ROWS[at] for at in documents))
    )


def test_language_is_the_passages_own(reader):
    assert rows(reader.select(PassageFilter({"language": ("en",)}))) == [1, 5]
    assert rows(reader.select(PassageFilter({"language": ("EN",), "kind": ("通知",)}))) == [5]


def test_no_field_is_no_filter(reader):
    assert reader.select(PassageFilter()) is None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"colour": ("red",)}, r"no filter field 'colour'; the fields are issuer, kind"),
        ({"year": ("last",)}, r"year='last' cannot be used; accepted is a year as 2025, or a range"),
        ({"year": ("",)}, "year=''"),
        ({"year": ("20255",)}, "year='20255'"),
        ({"year": ("2026..2024",)}, "the earlier one first"),
        ({"issued_on": ("2025-02-30",)}, r"issued_on='2025-02-30' .* accepted is a date as 2025-01-31"),
        ({"issued_on": ("2025",)}, "issued_on='2025'"),
        ({"language": ("fr",)}, "language='fr' cannot be used; accepted is one of zh, en"),
        ({"status": ("valid",)}, "accepted is one of in_force, repealed, superseded, unknown"),
    ],
)
def test_an_impossible_filter_is_refused_by_field_value_and_what_is_accepted(reader, values, message):
    with pytest.raises(UnknownFilter, match=message):
        reader.select(PassageFilter(values))


def test_facets_count_passages_most_frequent_first(reader):
    assert reader.facets(FACET_FIELDS) == {
        "issuer": [Facet("State Council", 3), Facet("泉州市科学技术局", 3)],
        "kind": [Facet("通知", 4), Facet("答复", 2)],
        "year": [Facet(2024, 3), Facet(2026, 2), Facet(2025, 1)],
        "language": [Facet("zh", 5), Facet("en", 2)],
        "status": [Facet("in_force", 5), Facet("repealed", 1), Facet("unknown", 1)],
    }


def test_facets_of_some_rows(reader):
    found = reader.facets(["year", "language", "kind"], np.array([1, 2, 6]))
    assert found == {
        "year": [Facet(2025, 1), Facet(2026, 1)],
        "language": [Facet("zh", 2), Facet("en", 1)],
        "kind": [Facet("答复", 1), Facet("通知", 1)],
    }


def test_an_unknown_facet_is_refused(reader):
    with pytest.raises(UnknownFilter, match="no facet field 'document_id'"):
        reader.facets(["document_id"])

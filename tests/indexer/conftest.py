"""The shipped table, its segmenter and a whole engine, made once: each takes a noticeable time to load."""

import pytest
from hypothesis import settings

from indexer.engine import Engine
from indexer.segmenting import Segmenter
from indexer.word_table import WordTable

# On a busy machine any example may take long; what must be linear is measured in processor time.
settings.register_profile("busy", deadline=None)
settings.load_profile("busy")


@pytest.fixture(scope="session")
def table() -> WordTable:
    return WordTable()


@pytest.fixture(scope="session")
def segmenter(table: WordTable) -> Segmenter:
    return Segmenter(table.dictionary)


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine.load()

"""The shipped table, its segmenter and a whole engine, made once: each takes a noticeable time to load."""

import pytest

from indexer.engine import Engine
from indexer.segmenting import Segmenter
from indexer.word_table import WordTable


@pytest.fixture(scope="session")
def table() -> WordTable:
    return WordTable()


@pytest.fixture(scope="session")
def segmenter(table: WordTable) -> Segmenter:
    return Segmenter(table.dictionary)


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine.load()

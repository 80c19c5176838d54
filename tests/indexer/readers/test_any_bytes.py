"""Whatever the bytes are, a reader gives a document or a CorpusError, and in good time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.errors import CorpusError, UnsupportedFormat
from indexer.readers import READERS, read, supported_suffixes
from indexer.records import RawDocument

FUZZED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def survives(content: bytes, suffix: str) -> None:
    began = time.perf_counter()
    try:
        document = read(RawDocument("a", suffix, content, f"a{suffix}"))
    except CorpusError as error:
        assert f"a{suffix}" in str(error)
        assert "\n" not in str(error)
    else:
        document.text.encode()
        position = 0
        for block in document.blocks:
            assert position <= block.start < block.end <= len(document.text)
            assert document.text[block.start : block.end].strip()
            position = block.end
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize("suffix", supported_suffixes())
@given(
    content=st.binary(max_size=400),
    opening=st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b'{"_id":']),
)
@FUZZED
def test_any_bytes(suffix: str, content: bytes, opening: bytes) -> None:
    survives(opening + content, suffix)


@pytest.fixture(scope="session")
def real_files(letter_docx: bytes, letter_pdf: bytes, make_html: Callable[..., bytes]) -> dict[str, bytes]:
    return {".docx": letter_docx, ".pdf": letter_pdf, ".html": make_html()}


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".html"])
@given(data=st.data())
@FUZZED
def test_damaged_files(suffix: str, data: st.DataObject, real_files: dict[str, bytes]) -> None:
    content = bytearray(real_files[suffix])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=20)):
        content[place] ^= 1 << data.draw(st.integers(0, 7))
    survives(bytes(content[: data.draw(st.integers(0, len(content)))]), suffix)
    survives(bytes(content), suffix)


def test_every_reader_keeps_the_protocol() -> None:
    suffixes = supported_suffixes()
    assert len(set(suffixes)) == len(suffixes)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)
    assert all(reader.suffixes for reader in READERS)


def test_an_unknown_suffix_names_the_known_ones() -> None:
    with pytest.raises(UnsupportedFormat, match=r"b\.xlsx has the suffix '\.xlsx'.*\.txt, \.md.*\.pdf"):
        read(RawDocument("b", ".xlsx", b"", "b.xlsx"))

"""The language side of an index as a whole: its signature, its glossary, and the words it stores."""

import re
from pathlib import Path

import pytest

from indexer.engine import Engine
from indexer.errors import EncoderUnavailable, SettingsError
from indexer.records import Word


@pytest.fixture(scope="module")
def with_own_terms(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    path = tmp_path_factory.mktemp("glossary") / "own.tsv"
    path.write_text("泉城云码\tQuanzhou city code\n", "utf-8")
    return Engine.load(glossary=path)


def test_the_signature_says_what_an_index_must_be_asked_with(engine: Engine) -> None:
    signature = engine.signature
    assert (signature.name, signature.dimension) == ("wenzheng-bilingual-1", engine.table.dimension)
    assert re.fullmatch(r"[0-9a-f]{64}", signature.checksum)
    assert signature.segmenter == engine.segmenter.signature


def test_two_engines_have_the_same_signature(engine: Engine) -> None:
    assert Engine.load().signature == engine.signature


def test_a_glossary_of_ones_own_changes_no_vector_and_no_word(engine: Engine, with_own_terms: Engine) -> None:
    """An index is not built again for a term: the question follows it, the passages need not."""
    assert with_own_terms.signature == engine.signature
    text = "开通泉城云码"
    assert with_own_terms.segmenter.segment(text) == engine.segmenter.segment(text)


def test_a_glossary_of_ones_own_is_found(engine: Engine, with_own_terms: Engine) -> None:
    text = "the Quanzhou city codes"
    words = engine.segmenter.segment(text)
    (match,) = with_own_terms.terms.find(words, text)
    assert match.entries[0].zh == ("泉城云码",)
    assert (match.first, match.last) == (1, 4)
    assert all(
        "泉城云码" not in entry.zh for each in engine.terms.find(words, text) for entry in each.entries
    )


def test_a_glossary_kept_with_an_index_is_added_to_the_one_that_ships(engine: Engine) -> None:
    added = engine.with_glossary("泉城云码\tQuanzhou city code\n")
    assert len(added.glossary) == len(engine.glossary) + 1
    assert added.signature == engine.signature
    assert engine.with_glossary(" \n") is engine
    with pytest.raises(SettingsError, match="line 1"):
        engine.with_glossary("no entry")


def test_stored_words_hold_the_words_inside_words_in_reading_order(engine: Engine) -> None:
    words = engine.segmenter.segment("申领科技创新券 R&D")
    stored = engine.lexical_words(words)
    assert set(words) | {Word("创新券", 4, 7), Word("科技", 2, 4)} <= set(stored)
    assert [word.start for word in stored] == sorted(word.start for word in stored)
    assert stored.index(Word("科技创新券", 2, 7)) < stored.index(Word("科技", 2, 4))


def test_what_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"missing\.tsv"):
        Engine.load(glossary=tmp_path / "missing.tsv")
    with pytest.raises(EncoderUnavailable, match="no/such/model"):
        Engine.load("no/such/model")

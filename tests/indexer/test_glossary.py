"""The glossary's form: every shipped entry can be used; a file of one's own adds to it, or is named."""

import re
from collections import Counter
from pathlib import Path

import pytest

from indexer.errors import SettingsError
from indexer.glossary import SHIPPED, Glossary, GlossaryEntry, load_glossary
from indexer.normalizing import normalize

HAN = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z0-9][A-Za-z0-9 \-/'’,.&()%+é]*")
FILES = sorted(SHIPPED.glob("*.tsv"))


@pytest.fixture(scope="module")
def shipped() -> Glossary:
    return load_glossary()


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_says_what_it_is_for_and_has_entries(file: Path) -> None:
    assert file.read_text("utf-8").startswith("# ")
    assert len(load_glossary(file)) >= 50


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_term_is_empty_or_repeated_in_its_entry(file: Path) -> None:
    for entry in load_glossary(file).entries:
        for side in (entry.zh, entry.en):
            folded = [normalize(term) for term in side]
            assert all(folded), entry
            assert len(set(folded)) == len(folded), entry


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_chinese_side_is_chinese_and_the_english_side_english(file: Path) -> None:
    for entry in load_glossary(file).entries:
        assert any(HAN.search(term) for term in entry.zh), entry
        assert [term for term in entry.zh if not HAN.search(term) and term not in entry.en] == [], entry
        assert [term for term in entry.en if not ENGLISH.fullmatch(term)] == [], entry
        assert [term for term in (*entry.zh, *entry.en) if re.search(r"\s\s|^\s|\s$", term)] == [], entry


def test_there_are_enough_entries_and_none_is_there_twice(shipped: Glossary) -> None:
    assert len(shipped) >= 2_500
    repeated = [entry for entry, times in Counter(shipped.entries).items() if times > 1]
    assert repeated == []


def test_terms_that_the_product_is_shown_with(shipped: Glossary) -> None:
    renderings = {term for entry in shipped.zh_terms["科技创新券"] for term in entry.en}
    assert "tech voucher" in renderings
    assert any("科技创新券" in entry.zh for entry in shipped.en_terms["tech voucher"])


def test_english_renderings_are_found_whatever_their_case() -> None:
    glossary = Glossary((GlossaryEntry(("世贸组织",), ("WTO", "World Trade Organization")),))
    assert set(glossary.en_terms) == {"wto", "world trade organization"}


def test_a_file_of_ones_own_adds_terms(tmp_path: Path, shipped: Glossary) -> None:
    own = load_glossary(
        write(
            tmp_path / "own.tsv",
            "# ours",
            "",
            "泉城云码 | 云码\tQuanzhou code|city code ",
            encoding="utf-8-sig",
        )
    )
    assert own.entries == (GlossaryEntry(("泉城云码", "云码"), ("Quanzhou code", "city code")),)
    both = shipped + own
    assert len(both) == len(shipped) + 1
    assert both.zh_terms["泉城云码"] == own.entries
    assert both.zh_terms["科技创新券"] == shipped.zh_terms["科技创新券"]


def test_a_term_in_several_entries_has_all_their_renderings(shipped: Glossary, tmp_path: Path) -> None:
    own = load_glossary(write(tmp_path / "own.tsv", "科技创新券\tkeji voucher"))
    renderings = [term for entry in (shipped + own).zh_terms["科技创新券"] for term in entry.en]
    assert {"tech voucher", "keji voucher"} <= set(renderings)


def test_a_folder_is_read_in_name_order(tmp_path: Path) -> None:
    write(tmp_path / "b.tsv", "乙\tb")
    write(tmp_path / "a.tsv", "甲\ta")
    write(tmp_path / "notes.txt", "not a glossary")
    assert [entry.en for entry in load_glossary(tmp_path).entries] == [("a",), ("b",)]


@pytest.mark.parametrize(
    "line",
    [
        "创新券",
        "创新券 voucher",
        "创新券\t",
        "\tvoucher",
        "创新券\tvoucher\tmore",
        "创新券||券\tvoucher",
        "创新券\tvoucher|",
    ],
)
def test_a_line_that_is_no_entry_is_named_with_what_was_expected(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "own.tsv", "# comment", "甲\ta", line, "乙\tb")
    with pytest.raises(
        SettingsError, match=r"own\.tsv, line 3: .* is not a glossary entry\. Expected Chinese terms"
    ):
        load_glossary(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"missing\.tsv cannot be read.*Expected UTF-8"):
        load_glossary(tmp_path / "missing.tsv")
    (tmp_path / "gb.tsv").write_bytes("创新券\tvoucher\n".encode("gb18030"))
    with pytest.raises(SettingsError, match=r"gb\.tsv cannot be read.*Expected UTF-8"):
        load_glossary(tmp_path / "gb.tsv")

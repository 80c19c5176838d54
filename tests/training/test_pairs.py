import lzma
from pathlib import Path

import pytest

from indexer.errors import SettingsError
from indexer.glossary import Glossary, GlossaryEntry
from training.pairs import Source, glossary_pairs, read_manifest, read_pairs

LAWS = Source("laws", 1.0, "none", "laws")


def write_manifest(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_projects_manifest_names_share_licence_and_what_of_each_source() -> None:
    manifest = read_manifest()

    assert len({source.name for source in manifest}) == len(manifest) == 18
    assert all(source.share > 0 and source.licence and source.what for source in manifest)


def test_a_manifest_is_read_in_its_order(tmp_path: Path) -> None:
    first = 'share = 2\nlicence = "MIT"\nwhat = "x"\n'
    second = 'share = 0.5\nlicence = "CC0"\nwhat = "y"\n'
    path = write_manifest(tmp_path, f"[b]\n{first}[a]\n{second}")

    assert read_manifest(path) == [Source("b", 2.0, "MIT", "x"), Source("a", 0.5, "CC0", "y")]


@pytest.mark.parametrize(
    "text",
    [
        "[laws\n",
        "laws = 3\n",
        '[laws]\nlicence = "MIT"\nwhat = "x"\n',
        '[laws]\nshare = "often"\nlicence = "MIT"\nwhat = "x"\n',
        "[laws]\nshare = 1.0\nwhat = 'x'\n",
    ],
)
def test_a_manifest_that_is_wrong_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = write_manifest(tmp_path, text)

    with pytest.raises(SettingsError, match="share, licence and what") as refused:
        read_manifest(path)
    assert str(path) in str(refused.value)


def test_a_manifest_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_manifest(tmp_path / "none.toml")


@pytest.mark.parametrize("suffix", [".tsv", ".tsv.xz"])
def test_pairs_are_read_plain_and_compressed(tmp_path: Path, suffix: str) -> None:
    text = "科技创新券\ttech voucher\n行分隔\u2028符\tline separator\n"
    path = tmp_path / f"laws{suffix}"
    path.write_bytes(lzma.compress(text.encode()) if suffix == ".tsv.xz" else text.encode())

    assert list(read_pairs(tmp_path, LAWS)) == [
        ("科技创新券", "tech voucher"),
        ("行分隔\u2028符", "line separator"),
    ]


@pytest.mark.parametrize("line", ["没有制表符", "中文\t", "\tEnglish", "中\ta\tb", " \tEnglish", ""])
def test_a_malformed_line_is_refused_with_its_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "laws.tsv").write_text(f"法\tlaw\n{line}\n法\tlaw\n", "utf-8")

    with pytest.raises(SettingsError, match="line 2"):
        list(read_pairs(tmp_path, LAWS))


def test_a_source_without_a_file_is_refused_with_both_names(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"neither laws\.tsv\.xz nor laws\.tsv"):
        list(read_pairs(tmp_path, LAWS))


def test_a_glossary_gives_every_term_with_every_rendering_once() -> None:
    entry = GlossaryEntry(("科技创新券", "创新券"), ("tech voucher", "innovation voucher"))

    assert list(glossary_pairs(Glossary((entry, entry)))) == [
        ("科技创新券", "tech voucher"),
        ("科技创新券", "innovation voucher"),
        ("创新券", "tech voucher"),
        ("创新券", "innovation voucher"),
    ]

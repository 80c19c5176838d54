"""`python -m training run` on generated data, in one process: small tables, a second or two each."""

import json
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from indexer.glossary import load_glossary
from indexer.word_table import WordTable
from training import __main__ as command
from training import preparing, trainer
from training.__main__ import app

MANIFEST = """
[laws]
share = 1.0
licence = "no copyright"
what = "Generated laws"

[sentences]
share = 2.0
licence = "CC0"
what = "Generated sentences"
"""
WORDS = [
    ("企业", "enterprise"),
    ("政府", "government"),
    ("科技", "technology"),
    ("补助", "subsidy"),
    ("城市", "city"),
    ("学校", "school"),
    ("河流", "river"),
    ("道路", "road"),
]
COMMON = ["--rows", "6000", "--least", "1", "--dimension", "8", "--epochs", "2", "--brief", "0.3"]


def write_pairs(path: Path, seed: int) -> None:
    generator = np.random.default_rng(seed)
    picked = [generator.choice(len(WORDS), 3, replace=False) for _ in range(64)]
    lines = ["".join(WORDS[i][0] for i in p) + "\t" + " ".join(WORDS[i][1] for i in p) for p in picked]
    path.write_text("\n".join(lines) + "\n", "utf-8")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make two small sources, and a small glossary in the place of the project's."""
    folder = tmp_path / "data"
    folder.mkdir()
    write_pairs(folder / "laws.tsv", 1)
    write_pairs(folder / "sentences.tsv", 2)
    (folder / "sources.toml").write_text(MANIFEST, "utf-8")
    (folder / "terms.tsv").write_text("科技创新券|创新券\ttech voucher|innovation voucher\n", "utf-8")
    small = load_glossary(folder / "terms.tsv")
    monkeypatch.setattr(preparing, "load_glossary", lambda: small)
    return folder


def run(data: Path, out: Path, work: Path, *more: str) -> str:
    """Run the command; return what it told."""
    given = ["--data", data, "--out", out, "--work", work, "--manifest", data / "sources.toml"]
    result = CliRunner().invoke(app, ["run", *map(str, given), *COMMON, *more], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_two_runs_write_the_same_bytes(data: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(data, tmp_path / name, tmp_path / f"work-{name}")
    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")

    assert one.keys() == two.keys() and len(one) == 8
    assert [name for name in one if one[name] != two[name]] == []


def test_a_run_that_is_stopped_after_an_epoch_goes_on_and_ends_the_same(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(data, tmp_path / "whole", tmp_path / "work-whole")
    with monkeypatch.context() as stopped:

        def one_epoch(*args: object) -> object:
            yield next(trainer.train(*args))  # type: ignore[arg-type]
            raise KeyboardInterrupt

        stopped.setattr(command, "train", one_epoch)
        given = ["--data", data, "--out", tmp_path / "resumed", "--work", tmp_path / "work"]
        asked = ["run", *map(str, given), "--manifest", str(data / "sources.toml"), *COMMON]
        assert CliRunner().invoke(app, asked).exit_code != 0
        assert not (tmp_path / "resumed").exists()
    told = run(data, tmp_path / "resumed", tmp_path / "work")

    assert "epoch 2 of 2" in told and "epoch 1 of 2" not in told and "segmented" not in told
    assert contents(tmp_path / "resumed") == contents(tmp_path / "whole")


def test_sources_are_segmented_anew_when_their_pairs_or_the_dictionary_change(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [run(data, tmp_path / "out", tmp_path / "work")]
    told.append(run(data, tmp_path / "out", tmp_path / "work"))
    write_pairs(data / "laws.tsv", 3)
    told.append(run(data, tmp_path / "out", tmp_path / "work"))
    (data / "more.tsv").write_text("科技创新券|创新券\ttech voucher\n揭榜挂帅\topen bidding\n", "utf-8")
    changed = load_glossary(data / "more.tsv")
    monkeypatch.setattr(preparing, "load_glossary", lambda: changed)
    told.append(run(data, tmp_path / "out", tmp_path / "work"))
    segmented = [re.findall(r"(\w+): segmented", each) for each in told]

    assert segmented == [["laws", "sentences", "glossary"], [], ["laws"], ["laws", "sentences", "glossary"]]
    assert "揭榜挂帅" in WordTable(tmp_path / "out").dictionary


def test_a_checkpoint_is_not_taken_up_by_another_recipe_or_other_pairs(data: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    kept = []
    for change in ([], ["--seed", "2"], ["--temperature", "0.1"]):
        run(data, tmp_path / "out", work, *change)
        kept.append(len(list(work.glob("checkpoint-*.pt"))))
    write_pairs(data / "laws.tsv", 9)
    run(data, tmp_path / "out", work)
    kept.append(len(list(work.glob("checkpoint-*.pt"))))

    assert all(after == before + 1 for before, after in pairwise(kept))


def test_the_cards_sizes_are_those_of_the_run(data: Path, tmp_path: Path) -> None:
    run(data, tmp_path / "out", tmp_path / "work")
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    vocabulary = json.loads((tmp_path / "out/0_StaticEmbedding/tokenizer.json").read_text("utf-8"))

    assert "| laws | 64 | 1 | Generated laws | no copyright |" in card
    assert "| glossary | 4 | 6 |" in card
    assert f"{len(vocabulary['model']['vocab']):,} word vectors of 8 dimensions" in card

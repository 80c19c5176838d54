import stat
from pathlib import Path

import numpy as np
import pytest

from indexer.word_table import UNKNOWN, WordTable, unit
from training.export import NEIGHBOURS, export, nearest_across

ROWS = [UNKNOWN, "tech", "voucher", "科技", "创新", "券", "科", "技", "t", "e", "2025", "paid"]
TEXTS = ["tech voucher paid", "科技 创新 券 2025", "创新券 科技创新", "techvoucher tet"]


@pytest.fixture(scope="module")
def table() -> np.ndarray:
    made = np.random.default_rng(0).standard_normal((len(ROWS), 16)).astype(np.float32)
    made[0] = 0
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, table: np.ndarray) -> Path:

    made = tmp_path_factory.mktemp("export") / "encoder"
    export(made, ROWS, table, ["创新券", "科技", "科技"], "# A card\n")
    return made


@pytest.mark.filterwarnings("ignore")  # torch and transformers warn of their own parts
def test_sentence_transformers_and_the_word_table_give_the_same_vectors(folder: Path) -> None:
    """They add up in half precision, we in single: three decimals agree."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")
    ours = WordTable(folder)
    theirs = model.encode(TEXTS, show_progress_bar=False)

    assert model.get_embedding_dimension() == ours.dimension == 16
    for text, vector in zip(TEXTS, theirs, strict=True):
        np.testing.assert_allclose(ours.sum_of(text.split()), vector, atol=1e-3)


def test_the_table_that_is_read_back_is_the_one_that_was_written(folder: Path, table: np.ndarray) -> None:
    found = WordTable(folder)

    assert found.words == ROWS
    np.testing.assert_array_equal(found.vectors[1:], table[1:].astype(np.float16))
    assert 0 < np.linalg.norm(found.vectors[0].astype(np.float32)) < 0.002
    assert found.dictionary == ("创新券", "科技")
    assert (folder / "README.md").read_text("utf-8") == "# A card\n"


def test_every_file_can_be_read_by_everyone(folder: Path) -> None:
    modes = {path.name: path.stat().st_mode for path in folder.rglob("*") if path.is_file()}

    assert "model.safetensors" in modes
    assert [name for name, mode in modes.items() if not mode & stat.S_IROTH] == []


def test_the_same_table_is_the_same_bytes(folder: Path, table: np.ndarray, tmp_path: Path) -> None:

    export(tmp_path / "encoder", ROWS, table, ["科技", "创新券"], "# A card\n")
    files = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]

    assert len(files) == 8
    assert [f for f in files if (folder / f).read_bytes() != (tmp_path / "encoder" / f).read_bytes()] == []


@pytest.mark.parametrize("block", [1, 7, 2048])
def test_nearest_words_across_are_those_of_brute_force(block: int) -> None:
    generator = np.random.default_rng(1)
    rows = [UNKNOWN, *(f"w{chr(97 + i)}" for i in range(20)), *(chr(0x4E00 + i) for i in range(25)), "2025"]
    table = generator.standard_normal((len(rows), 6)).astype(np.float32)
    neighbours, similarities = nearest_across(rows, table, block)
    vectors = unit(table.astype(np.float16).astype(np.float32))
    en, zh = np.arange(1, 21), np.arange(21, 46)

    for here, there in ((zh, en), (en, zh)):
        for row in here:
            cosines = vectors[there] @ vectors[row]
            best = np.argsort(-cosines)[:NEIGHBOURS]
            kept = np.where(cosines[best] >= 0.3, np.round(np.clip(cosines[best], 0, 1) * 255), 0)
            assert similarities[row].tolist() == kept.astype(int).tolist()
            assert neighbours[row].tolist() == there[best].tolist()
    assert not similarities[[0, 46]].any()


def test_a_language_with_few_words_leaves_the_other_places_empty() -> None:
    table = np.array([[0, 0], [1, 0], [1, 0.1], [0, 1]], np.float32)
    neighbours, similarities = nearest_across([UNKNOWN, "tech", "科技", "券"], table)

    assert neighbours[1, :2].tolist() == [2, 3]
    assert similarities[1].tolist() == [254, 0, 0, 0, 0, 0, 0, 0]
    assert similarities[2].tolist() == [254, 0, 0, 0, 0, 0, 0, 0]


def test_a_table_of_one_language_has_no_neighbours() -> None:
    _, similarities = nearest_across([UNKNOWN, "tech", "voucher"], np.eye(3, dtype=np.float32))

    assert not similarities.any()

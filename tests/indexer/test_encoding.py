"""Encoders: the shipped one equals SentenceTransformer's reading of its folder; others are found or named."""

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.building import build
from indexer.encoding import SHIPPED_NAME, TableEncoder, TransformerEncoder, find_model, open_encoder
from indexer.engine import Engine
from indexer.errors import EncoderMismatch, EncoderUnavailable, VectorShapeMismatch
from indexer.index import open_index
from indexer.segmenting import Segmenter
from indexer.word_table import SHIPPED, WordTable

WORD_LISTS = [
    ["科技创新券", "补助", "发"],
    ["the", "tech", "voucher", "be", "pay"],
    ["xyzzyplugh", "科技创新券"],
    ["1257.96", "万元", "2062", "pm2.5", "r&d", "don't"],
    ["国发[2023]12号", "通知"],
    ["a" * 101, "税"],
    ["a" * 100, "税"],
    ["𠮷", "㈠项", "券"],
    ["券"] * 300,
    ["㈠项"],
    ["a" * 101, "㈠项"],
]
VOCABULARY = ["[UNK]", "question", "document", "patent", "voucher", "专利", "券"]


@pytest.fixture(scope="session")
def encoder(table: WordTable) -> TableEncoder:
    return TableEncoder(table)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real SentenceTransformer of seven words and seven dimensions, with prompts of its own."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({word: row for row, word in enumerate(VOCABULARY)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    weights = np.eye(len(VOCABULARY), dtype=np.float32)
    module = StaticEmbedding(tokenizer, embedding_weights=weights)
    folder = tmp_path_factory.mktemp("models") / "tiny"
    prompts = {"query": "question ", "document": "document "}
    SentenceTransformer(modules=[module], prompts=prompts, device="cpu").save_pretrained(str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_download(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.delenv("WENZHENG_ALLOW_DOWNLOAD", raising=False)


def direction(*words: str) -> np.ndarray:
    """Return the unit vector that the tiny model gives a text of these words."""
    total = np.zeros(len(VOCABULARY), np.float32)
    for word in words:
        total[VOCABULARY.index(word)] += 1
    return total / np.linalg.norm(total)


def test_the_shipped_folder_is_a_sentence_transformer_of_the_same_vectors(encoder: TableEncoder) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(SHIPPED), device="cpu")
    theirs = model.encode([" ".join(words) for words in WORD_LISTS], convert_to_numpy=True)
    ours = encoder.encode_passages([""] * len(WORD_LISTS), WORD_LISTS)
    assert model.get_embedding_dimension() == encoder.dimension
    np.testing.assert_allclose(ours, theirs, atol=2e-3)
    assert np.linalg.norm(ours, axis=1) == pytest.approx(1, abs=1e-5)


def test_the_shipped_model_knows_words_of_a_text_in_both_languages(
    encoder: TableEncoder, segmenter: Segmenter
) -> None:
    texts = ["科技创新券补助发了多少钱", "how much tech-voucher money was paid", "空气质量监测 PM2.5"]
    vectors = [encoder.encode_query(text, [word.text for word in segmenter.segment(text)]) for text in texts]
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


@given(
    st.lists(
        st.lists(st.sampled_from([word for words in WORD_LISTS for word in words]), max_size=5), max_size=5
    )
)
def test_a_batch_equals_its_texts_one_by_one(encoder: TableEncoder, words: list[list[str]]) -> None:
    batch = encoder.encode_passages([""] * len(words), words)
    assert batch.shape == (len(words), encoder.dimension)
    assert batch.dtype == np.float32
    for vector, some in zip(batch, words, strict=True):
        np.testing.assert_allclose(vector, encoder.encode_query("", some), atol=1e-5)


def test_a_text_of_no_word_is_all_zero(encoder: TableEncoder) -> None:
    assert not encoder.encode_query("", []).any()
    assert not encoder.encode_passages([""], [[]]).any()


@pytest.mark.parametrize("name", [None, SHIPPED_NAME, str(SHIPPED), os.path.relpath(SHIPPED)])
def test_the_shipped_encoder_is_read_without_torch_by_any_of_its_names(
    name: str | None, table: WordTable
) -> None:
    assert isinstance(open_encoder(name, table), TableEncoder)


@pytest.mark.parametrize("name", ["nobody/nothing", "nothing", "./nothing", "no/such/folder"])
def test_a_model_that_is_not_here_is_told_at_once(name: str, tmp_path: Path) -> None:
    program = """if True:
        import sys
        from indexer.encoding import open_encoder
        from indexer.errors import EncoderUnavailable
        from indexer.word_table import WordTable
        try:
            open_encoder(sys.argv[1], WordTable())
        except EncoderUnavailable as error:
            print(error)
        assert not {"torch", "sentence_transformers", "huggingface_hub"} & set(sys.modules)
        """
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", program, name],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        timeout=60,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / name) in done.stdout
    assert "WENZHENG_ALLOW_DOWNLOAD" in done.stdout
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2


@pytest.mark.parametrize("name", ["", "a" * 5_000, "a\0b", "file.txt"])
def test_a_name_that_can_be_no_folder_is_told(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: WordTable
) -> None:
    (tmp_path / "file.txt").write_text("no model")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EncoderUnavailable, match="is not on this machine"):
        open_encoder(name, table)


def test_any_sentence_transformer_encodes_with_its_own_prompts(tiny_model: Path, table: WordTable) -> None:
    encoder = open_encoder(str(tiny_model), table)
    assert isinstance(encoder, TransformerEncoder)
    assert (encoder.name, encoder.dimension) == ("tiny", 7)
    passages = encoder.encode_passages(["patent voucher", "券"], [[], []])
    np.testing.assert_allclose(
        passages, [direction("document", "patent", "voucher"), direction("document", "券")], atol=1e-6
    )
    np.testing.assert_allclose(encoder.encode_query("专利", []), direction("question", "专利"), atol=1e-6)


def test_a_model_in_the_cache_of_hugging_face_is_found_by_name(
    tiny_model: Path, table: WordTable, tmp_path: Path
) -> None:
    snapshot = tmp_path / "hub" / "models--someone--tiny" / "snapshots" / "0123abc"
    shutil.copytree(tiny_model, snapshot)
    assert find_model("someone/tiny") == snapshot
    encoder = open_encoder("someone/tiny", table)
    assert encoder.name == "someone/tiny"
    assert encoder.checksum == open_encoder(str(tiny_model), table).checksum


def test_only_a_permitted_download_goes_past_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENZHENG_ALLOW_DOWNLOAD", "1")
    assert find_model("someone/else") is None


def test_a_folder_that_is_no_model_is_named(tmp_path: Path, table: WordTable) -> None:
    (tmp_path / "modules.json").write_text("[]")
    (tmp_path / "config_sentence_transformers.json").write_text("{not json")
    with pytest.raises(EncoderUnavailable, match="cannot be loaded") as raised:
        open_encoder(str(tmp_path), table)
    assert str(tmp_path) in str(raised.value)


def test_the_checksum_of_a_model_follows_its_files(
    tiny_model: Path, table: WordTable, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(tiny_model, tmp_path / "tiny"))
    checksum = open_encoder(str(copy), table).checksum
    assert checksum == open_encoder(str(tiny_model), table).checksum
    prompts = copy / "config_sentence_transformers.json"
    content = json.loads(prompts.read_text())
    content["prompts"]["query"] = "voucher "
    prompts.write_text(json.dumps(content))
    assert open_encoder(str(copy), table).checksum != checksum


def test_vectors_that_are_no_numbers_are_refused(tiny_model: Path, tmp_path: Path, table: WordTable) -> None:
    from safetensors.numpy import load_file, save_file

    copy = Path(shutil.copytree(tiny_model, tmp_path / "broken"))
    (weights,) = copy.rglob("model.safetensors")
    tensors = load_file(weights)
    tensors["embedding.weight"] = np.full_like(tensors["embedding.weight"], np.nan)
    save_file(tensors, weights)
    with pytest.raises(VectorShapeMismatch, match="broken gave vectors"):
        open_encoder(str(copy), table).encode_query("券", [])


def test_an_index_of_another_encoder_is_refused_with_both_names(
    tiny_model: Path, tmp_path: Path, engine: Engine
) -> None:
    other = Engine.load(str(tiny_model))
    (tmp_path / "a.txt").write_text("科技创新券补助 1257.96 万元。", "utf-8")
    build([tmp_path / "a.txt"], tmp_path / "index", other)
    with pytest.raises(EncoderMismatch, match=f"'tiny' .*'{SHIPPED_NAME}'") as raised:
        open_index(tmp_path / "index", engine.signature)
    assert "wenzheng index build" in str(raised.value)
    reader = open_index(tmp_path / "index", other.signature)
    assert (reader.info.encoder, reader.info.dimension, reader.info.passages) == ("tiny", 7, 1)
    assert len(reader.table_rows(np.array([0])).rows) > 0
    reader.close()

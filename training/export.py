"""Write a trained table as a folder that SentenceTransformer(path) opens, with what this project adds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from indexer.word_table import LONGEST_WORD, UNKNOWN, unit

NEIGHBOURS = 8
LEAST_SIMILARITY = 0.3
UNKNOWN_LENGTH = 1e-3
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[a-z]")


def export(
    folder: Path, rows: Sequence[str], table: NDArray[np.float32], dictionary: Iterable[str], card: str
) -> None:
    """Write weights (fp16), tokenizer, modules, nearest words, segmenter's dictionary and card."""
    inner = folder / "0_StaticEmbedding"
    inner.mkdir(parents=True, exist_ok=True)
    weights = inner / "model.safetensors"
    save_file({"embedding.weight": with_unknown(table).astype(np.float16)}, weights)
    weights.chmod(0o644)  # safetensors makes it readable to its owner alone
    _tokenizer(rows).save(str(inner / "tokenizer.json"))
    _write_json(folder / "modules.json", _modules())
    _write_json(folder / "config_sentence_transformers.json", _config())
    (folder / "dictionary.txt").write_text("\n".join(sorted(set(dictionary))), "utf-8")
    neighbours, similarities = nearest_across(rows, table)
    np.save(folder / "neighbours.npy", neighbours, allow_pickle=False)
    np.save(folder / "similarities.npy", similarities, allow_pickle=False)
    (folder / "README.md").write_text(card, "utf-8")


def with_unknown(table: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the table with a short vector for the unknown word, row 0, in place of zeros.

    A text of unknown words alone then has a direction; sentence-transformers would divide 0 by 0 for it. Any
    known word outweighs it a hundred times and more.
    """
    filled = table.copy()
    filled[0] = 0
    filled[0, 0] = UNKNOWN_LENGTH
    return filled


def nearest_across(
    rows: Sequence[str], table: NDArray[np.float32], block: int = 2048
) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Return each word's nearest words of the other language and their cosines.

    neighbours: int32 (rows, 8), nearest first. similarities: uint8 (rows, 8), cosine * 255, 0 below 0.3.
    """
    vectors = unit(table.astype(np.float16).astype(np.float32))
    sides = {"zh": _matching(rows, _HAN), "en": _matching(rows, _LATIN)}
    neighbours = np.zeros((len(rows), NEIGHBOURS), dtype=np.int32)
    similarities = np.zeros((len(rows), NEIGHBOURS), dtype=np.uint8)
    for here, there in (("zh", "en"), ("en", "zh")):
        targets = sides[there]
        for start in range(0, len(sides[here]), block):
            some = sides[here][start : start + block]
            cosines = vectors[some] @ vectors[targets].T
            best = np.argpartition(-cosines, min(NEIGHBOURS, len(targets) - 1), axis=1)[:, :NEIGHBOURS]
            values = np.take_along_axis(cosines, best, axis=1)
            order = np.argsort(-values, axis=1, kind="stable")
            values = np.take_along_axis(values, order, axis=1)
            count = best.shape[1]
            neighbours[some, :count] = targets[np.take_along_axis(best, order, axis=1)]
            kept = np.where(values >= LEAST_SIMILARITY, np.clip(values, 0, 1), 0)
            similarities[some, :count] = np.round(kept * 255).astype(np.uint8)
    return neighbours, similarities


def _matching(rows: Sequence[str], pattern: re.Pattern[str]) -> NDArray[np.int64]:
    return np.array(
        [i for i, word in enumerate(rows) if pattern.search(word) and word != UNKNOWN], dtype=np.int64
    )


def _tokenizer(rows: Sequence[str]) -> Tokenizer:
    vocabulary = {word: row for row, word in enumerate(rows)}
    tokenizer = Tokenizer(
        models.WordPiece(
            vocabulary,
            unk_token=UNKNOWN,
            continuing_subword_prefix="",
            max_input_chars_per_word=LONGEST_WORD,
        )
    )
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


def _config() -> dict[str, object]:
    return {
        "model_type": "SentenceTransformer",
        "prompts": {},
        "default_prompt_name": None,
        "similarity_fn_name": "cosine",
    }


def _modules() -> list[dict[str, object]]:
    base = "sentence_transformers.models"
    return [
        {"idx": 0, "name": "0", "path": "0_StaticEmbedding", "type": f"{base}.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": f"{base}.Normalize"},
    ]


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")

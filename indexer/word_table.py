"""WordTable: a vector a word, shared by both languages, and each word's nearest words in the other.

The table is the shipped encoder's own file: a folder in sentence-transformers' layout
(`StaticEmbedding`, a WordPiece tokenizer without continuation prefix), read here without torch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.errors import EncoderUnavailable

UNKNOWN = "[UNK]"
LONGEST_WORD = 100
"""A longer word is unknown as a whole, as it is to the WordPiece tokenizer."""

SHIPPED = Path(__file__).parent / "models" / "wenzheng-bilingual-1"


def pieces_of(word: str, row_of: Mapping[str, int]) -> tuple[int, ...]:
    """Return the rows a word is made of: its own, or greedily the longest words it starts with.

    A word with a part that no row covers, or of over 100 characters, is the unknown row (0) as a whole.
    """
    row = row_of.get(word)
    if row is not None:
        return (row,)
    if len(word) > LONGEST_WORD:
        return (0,)
    pieces = []
    start = 0
    while start < len(word):
        for end in range(len(word), start, -1):
            row = row_of.get(word[start:end])
            if row is not None:
                pieces.append(row)
                start = end
                break
        else:
            return (0,)
    return tuple(pieces)


class WordTable:
    """Word vectors on disk.

    vectors: float16 (rows, dim), memory-mapped; row 0 is the unknown word, next to zero.
    """

    def __init__(self, folder: Path = SHIPPED) -> None:
        self.folder = folder
        with _whole(folder / "0_StaticEmbedding" / "model.safetensors") as weights:
            self.vectors = _map_weights(weights)
        with _whole(folder / "0_StaticEmbedding" / "tokenizer.json") as tokenizer:
            self.row_of: dict[str, int] = json.loads(tokenizer.read_text("utf-8"))["model"]["vocab"]
        self._rows: dict[str, tuple[int, ...]] = {}
        self._neighbours = folder / "neighbours.npy"
        self._similarities = folder / "similarities.npy"

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self.vectors.shape[1])

    @cached_property
    def words(self) -> list[str]:
        """The word of each row."""
        return sorted(self.row_of, key=self.row_of.__getitem__)

    @cached_property
    def checksum(self) -> str:
        """SHA-256 over weights and tokenizer, as 64 hex digits."""
        digest = hashlib.sha256()
        for name in ("model.safetensors", "tokenizer.json"):
            with (self.folder / "0_StaticEmbedding" / name).open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()

    @cached_property
    def dictionary(self) -> tuple[str, ...]:
        """The words given to the segmenter when the table was trained, frozen with it."""
        with _whole(self.folder / "dictionary.txt") as words:
            return tuple(words.read_text("utf-8").split("\n"))

    @cached_property
    def matrix(self) -> NDArray[np.float32]:
        """All vectors as float32 (rows, dim), in memory: for encoding many texts."""
        return self.vectors.astype(np.float32)

    def rows(self, word: str) -> tuple[int, ...]:
        """Return the rows that a word is made of."""
        found = self._rows.get(word)
        if found is None:
            found = self._rows[word] = pieces_of(word, self.row_of)
        return found

    def rows_of(self, words: Sequence[str]) -> NDArray[np.int32]:
        """Return the rows of all words in order, int32 (at least as many as words,)."""
        return np.array([row for word in words for row in self.rows(word)], dtype=np.int32)

    def distinct_rows(self, words: Sequence[str]) -> NDArray[np.int32]:
        """Return the rows of the words, once each and ascending, without the unknown word's."""
        found = {row for word in words for row in self.rows(word)}
        found.discard(0)
        return np.array(sorted(found), dtype=np.int32)

    def sum_of(self, words: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vector of the sum of the words' vectors, float32 (dim,); zero if there is none."""
        total = self.vectors[self.rows_of(words)].astype(np.float32).sum(axis=0)
        return unit(total)

    def translations(self, word: str) -> list[tuple[str, float]]:
        """Return the nearest words of the other language with their cosines, nearest first.

        Only words with a row of their own have any; they are precomputed beside the table.
        """
        row = self.row_of.get(word)
        if row is None:
            return []
        neighbours, similarities = self._nearest
        return [
            (self.words[other], float(cosine) / 255)
            for other, cosine in zip(neighbours[row], similarities[row], strict=True)
            if cosine
        ]

    @cached_property
    def _nearest(self) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        with _whole(self._neighbours) as path:
            neighbours = np.load(path, mmap_mode="r", allow_pickle=False)
        with _whole(self._similarities) as path:
            return neighbours, np.load(path, mmap_mode="r", allow_pickle=False)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale vectors (…, dim) to length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: NDArray[np.float32] = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Name the file of an encoder that is missing, cut short or of another format."""
    try:
        yield path
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        wrong = "is missing" if not path.is_file() else f"cannot be used ({error})"
        raise EncoderUnavailable(
            f"The encoder file {path} {wrong}. Expected the folder of an encoder of this project "
            f"there. Install Wenzheng again, or train one with `python -m training run`."
        ) from error


def _map_weights(path: Path) -> NDArray[np.float16]:
    """Memory-map the one matrix of a safetensors file: an 8-byte length, a JSON header, the numbers."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(min(size, path.stat().st_size)))
    entry = header["embedding.weight"]
    if entry["dtype"] != "F16":
        raise EncoderUnavailable(
            f"{path} holds {entry['dtype']} numbers; expected F16. Export the table again."
        )
    begin, _ = entry["data_offsets"]
    rows, dimension = entry["shape"]
    mapped = np.memmap(path, dtype=np.float16, mode="r", offset=8 + size + begin, shape=(rows, dimension))
    return np.asarray(mapped)  # indexing a memmap object itself costs microseconds more each time

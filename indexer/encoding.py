"""Encoders: texts -> unit vectors. The shipped one, or any SentenceTransformer by folder or name."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.errors import EncoderUnavailable, VectorShapeMismatch
from indexer.word_table import SHIPPED, WordTable, unit

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SHIPPED_NAME = SHIPPED.name

_LONGEST_REPOSITORY = 96
"""Characters of a name on the Hugging Face hub; longer ones are no file names either."""


class Encoder(Protocol):
    """Turn texts into unit vectors of `dimension` numbers.

    `name` is what a person calls it; `checksum` changes with anything that changes a vector.
    """

    name: str
    checksum: str
    dimension: int

    def encode_passages(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Return float32 (texts, dim), rows of length 1 or 0. `words` are the texts' segmented words."""
        ...

    def encode_query(self, text: str, words: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 (dim,), of length 1 or 0."""
        ...


class TableEncoder:
    """The shipped encoder: a text is the sum of its words' vectors. Does not import torch."""

    def __init__(self, table: WordTable) -> None:
        self.table = table
        self.name = table.folder.name
        self.checksum = table.checksum
        self.dimension = table.dimension

    def encode_passages(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Sum the vectors of each passage's words: a sparse matrix of counts times the table."""
        from scipy import sparse  # takes 0.1 s to import, which a question need not wait for

        rows = [self.table.rows_of(some) for some in words]
        offsets = np.concatenate([[0], np.cumsum([len(r) for r in rows])])
        flat = np.concatenate(rows) if rows else np.zeros(0, np.int32)
        counts = sparse.csr_matrix(
            (np.ones(len(flat), np.float32), flat, offsets), shape=(len(rows), len(self.table.vectors))
        )
        sums: NDArray[np.float32] = np.asarray(counts @ self.table.matrix, dtype=np.float32)
        return unit(sums)

    def encode_query(self, text: str, words: Sequence[str]) -> NDArray[np.float32]:
        """Sum the vectors of the question's words."""
        return self.table.sum_of(words)


class TransformerEncoder:
    """Any SentenceTransformer, with its own prompts for queries and passages."""

    def __init__(self, name: str) -> None:
        folder = find_model(name)
        self.name = folder.resolve().name if folder == Path(name).expanduser() else name
        self._model = _load(name, folder)
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise EncoderUnavailable(f"The model {name} does not say how many dimensions it has.")
        self.dimension = int(dimension)
        self.checksum = _checksum(folder) if folder else hashlib.sha256(name.encode()).hexdigest()

    def encode_passages(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Encode with the model's passage prompt, if it has one."""
        encode = getattr(self._model, "encode_document", self._model.encode)
        return self._checked(encode(list(texts), show_progress_bar=False, convert_to_numpy=True), len(texts))

    def encode_query(self, text: str, words: Sequence[str]) -> NDArray[np.float32]:
        """Encode with the model's query prompt, if it has one."""
        encode = getattr(self._model, "encode_query", self._model.encode)
        vectors = self._checked(encode([text], show_progress_bar=False, convert_to_numpy=True), 1)
        vector: NDArray[np.float32] = vectors[0]
        return vector

    def _checked(self, vectors: Any, count: int) -> NDArray[np.float32]:
        found = np.asarray(vectors, dtype=np.float32)
        if found.shape != (count, self.dimension) or not np.isfinite(found).all():
            raise VectorShapeMismatch(
                f"The model {self.name} gave vectors of shape {found.shape}, expected finite numbers "
                f"of shape {(count, self.dimension)}. Check the model's files."
            )
        return unit(found)


def open_encoder(name: str | None, table: WordTable) -> Encoder:
    """Return the shipped encoder for None or its name, else the SentenceTransformer of that name or folder.

    Raises EncoderUnavailable, naming the paths looked at, where a model is not on this machine.
    """
    if name is None or name == table.folder.name or _same_folder(Path(name), table.folder):
        return TableEncoder(table)
    return TransformerEncoder(name)


def _same_folder(one: Path, other: Path) -> bool:
    try:
        return one.expanduser().samefile(other)
    except (OSError, ValueError, RuntimeError):
        return False


def find_model(name: str) -> Path | None:
    """Return the folder of a model on this machine; None where only a download could provide it.

    Looks at `name` as a folder, then in the Hugging Face cache. Takes no time and imports nothing heavy, so
    that a missing model is told of at once.
    """
    folder = Path(name).expanduser()
    if _is_model(folder):
        return folder
    looked = [str(folder.absolute())]
    for repository in _repositories(name):
        snapshots = _hub_cache() / f"models--{repository.replace('/', '--')}" / "snapshots"
        looked.append(str(snapshots))
        for snapshot in sorted(snapshots.glob("*"), key=lambda p: p.stat().st_mtime, reverse=True):
            if _is_model(snapshot):
                return snapshot
    if os.environ.get("WENZHENG_ALLOW_DOWNLOAD") == "1":
        return None
    raise EncoderUnavailable(
        f"The encoder {name!r} is not on this machine. Looked at: {'; '.join(looked)}. Expected a "
        "sentence-transformers folder there. Give the path of a model's folder, leave out --encoder to use "
        "the one that ships, or set WENZHENG_ALLOW_DOWNLOAD=1 on a machine with internet."
    )


def _is_model(folder: Path) -> bool:
    try:
        return (folder / "modules.json").is_file() or (folder / "config.json").is_file()
    except OSError:  # a name that is too long, or that may not be looked at
        return False


def _repositories(name: str) -> list[str]:
    if name.count("/") > 1 or name.startswith((".", "/", "~")) or len(name) > _LONGEST_REPOSITORY:
        return []
    return [name] if "/" in name else [f"sentence-transformers/{name}", name]


def _hub_cache() -> Path:
    home = Path(os.environ.get("HF_HOME", "~/.cache/huggingface")).expanduser()
    return Path(os.environ.get("HF_HUB_CACHE", home / "hub")).expanduser()


def _load(name: str, folder: Path | None) -> SentenceTransformer:
    if folder is not None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from sentence_transformers import SentenceTransformer  # imports torch, seconds

    try:
        return SentenceTransformer(str(folder or name), device=None)
    except Exception as error:  # the library raises whatever its parts raise; all of it means the same here
        raise EncoderUnavailable(
            f"The encoder at {folder or name} cannot be loaded: {error}. Expected a sentence-transformers "
            "folder. Copy the model again, or leave out --encoder to use the one that ships."
        ) from error


def _checksum(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(json.dumps(path.relative_to(folder).as_posix()).encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()

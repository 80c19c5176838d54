"""How stored text and what is looked for are brought to one form before they are compared."""

from __future__ import annotations

import hashlib

from indexer.normalizing import normalize


def squeeze(text: str) -> str:
    """Return `text` normalised and without any white space."""
    return "".join(normalize(text).split())


def to_bytes(text: str) -> bytes:
    """Encode as UTF-8; an unpaired surrogate, which a broken source may hold, survives."""
    return text.encode("utf-8", "surrogatepass")


def to_text(data: bytes) -> str:
    """Decode what `to_bytes` encoded."""
    return data.decode("utf-8", "surrogatepass")


def hash64(data: bytes) -> int:
    """Return 64 bits of BLAKE2b: the same on every machine and in every process."""
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def duplicate_key(text: str) -> int:
    """Return a signed 64-bit number shared by texts that are equal once normalised, figures included.

    How much white space there is does not count, but where it is does: a table's `1 23` is not `12 3`.
    """
    key = hash64(to_bytes(" ".join(normalize(text).split())))
    return key - (1 << 64) if key >> 63 else key

"""The protocols of `indexer.index` on one machine: immutable generations in a folder.

    writing   staging -> columns -> postings, literals, vectors, passages -> manifest -> publish
    reading   current -> manifest -> checksums -> the same files, memory-mapped

`generation` is the front door: open, verify, list, roll back.
"""

from indexer.local.generation import list_generations, open_reader, open_writer, rollback, verify

__all__ = ["list_generations", "open_reader", "open_writer", "rollback", "verify"]

"""Writes an index and owns its format; knows nothing of HTTP.

The flow, and the type at each arrow:

    file -read-> Document -split-> Paragraph -segment-> list[Word] -encode-> float32 (n, dim) -> vectors
                                      |                     +----> postings, word ids, word statistics
                                      +--> metadata -> passage store

`building.build` is the flow in code; `index.py` holds the protocols that every storage engine keeps.
"""

from indexer.records import Block, Document, DocumentMetadata, Paragraph, Quantity, Span, Word

__all__ = ["Block", "Document", "DocumentMetadata", "Paragraph", "Quantity", "Span", "Word"]

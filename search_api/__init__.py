"""Reads an index and answers questions; imports indexer, never the reverse.

    question -> Query -> candidates (dense, lexical, literal) -> fused -> aligned -> SearchResult

`Searcher` is the whole path; commands and HTTP routes only dress what it returns.
"""

"""The model card, written by the run itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from training.pairs import Source
from training.trainer import Recipe

WEAKNESSES = """\
- It knows words, not sentences: word order, negation and who did what to whom are lost on it. Ranking
  mends some of this with the alignment of question and passage words.
- A word not seen in training is cut into shorter words that were; names of people and places suffer most.
- A text without a single known word has no direction: this project's look-up gives zeros for it,
  sentence-transformers NaN.
- Questions' own words (how, many, 多少) carry little and are treated as an expected answer type instead.
- Much of the legal text is Taiwan's, converted to simplified characters: mainland terms are learnt mostly
  from the glossary and from general text.
- About one in ten of the general example sentences is loose or machine-made.
"""


def model_card(
    sources: Sequence[Source], sizes: Mapping[str, int], recipe: Recipe, rows: int, least: int = 5
) -> str:
    """Return the card as Markdown: what it is, data with licences, recipe, known weaknesses."""
    table = "\n".join(
        f"| {s.name} | {sizes[s.name]:,} | {s.share:g} | {s.what} | {s.licence} |" for s in sources
    )
    flags = ("dimension", "epochs", "brief", "temperature", "seed")
    told = " ".join(f"--{flag} {getattr(recipe, flag)}" for flag in flags)
    numbers = "\n".join(f"| {name} | {value} |" for name, value in asdict(recipe).items())
    return f"""\
---
language: [zh, en]
library_name: sentence-transformers
tags: [static-embedding, bilingual, retrieval]
license: apache-2.0
---

# wenzheng-bilingual-1

A table of {rows:,} word vectors of {recipe.dimension} dimensions shared by Chinese and English, trained by
this project. A text's vector is the sum of its words' vectors, scaled to length 1; a word's own length says
how informative it is. Words are those of `indexer.segmenting` with `dictionary.txt`, joined by single spaces:

    SentenceTransformer(path).encode(" ".join(words))

## Data

| source | pairs | share of an epoch | what | licence |
|---|---|---|---|---|
{table}

Where the sentences of `jiyu_examples` come from is not documented by its repository.

## Recipe

    python -m training run --data DIR --out DIR --rows {rows} --least {least} {told}

| setting | value |
|---|---|
{numbers}

Loss: symmetric InfoNCE over in-batch negatives of one source at a time; Adam on the rows a batch touches.

## Measures

See `benchmarks/README.md`; the measures are taken through `wenzheng evaluate`.

## Known weaknesses

{WEAKNESSES}"""

"""The fast engine cuts as jieba itself does, with the shipped encoder's dictionary on top of jieba's.

docs/decisions/segmenting.md rests on these figures; `pytest -rP` prints them.
"""

import json
import logging
import lzma
import random
import re
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest

from indexer.normalizing import normalize
from indexer.readers.decoding import decode
from indexer.segmenting import Segmenter
from indexer.word_table import WordTable

ROOT = Path(__file__).parents[2]
HAN = re.compile(r"[\u4e00-\u9fa5]{2,}")


@dataclass
class Agreement:
    """How far two segmenters agree over some texts.

    lost: words of the dictionary that jieba keeps whole, and we cut for no other word of the dictionary.
    """

    texts: int = 0
    same_texts: int = 0
    words: int = 0
    same_words: int = 0
    lost: set[str] = field(default_factory=set)
    examples: list[str] = field(default_factory=list)
    seconds: tuple[float, float] = (0.0, 0.0)

    def __str__(self) -> str:
        return (
            f"cut alike: {self.same_texts:,} of {self.texts:,} texts ({self.same_texts / self.texts:.2%}), "
            f"{self.same_words:,} of {self.words:,} words ({self.same_words / self.words:.3%}); lost: "
            f"{self.lost or 'none'}; {self.seconds[0]:.2f} s here, {self.seconds[1]:.2f} s in jieba; "
            f"different: {self.examples[:5]}"
        )


@pytest.fixture(scope="module")
def dictionary() -> frozenset[str]:
    return frozenset(WordTable().dictionary)


@pytest.fixture(scope="module")
def segmenter(dictionary: frozenset[str]) -> Segmenter:
    return Segmenter(dictionary)


@pytest.fixture(scope="module")
def stock_jieba(dictionary: frozenset[str], tmp_path_factory: pytest.TempPathFactory) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # invalid escapes and pkg_resources, in a package that no longer changes
        import jieba
    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    for word in sorted(dictionary):
        tokenizer.add_word(word)
    return tokenizer


def agreement(
    texts: Sequence[str], segmenter: Segmenter, stock_jieba: Any, dictionary: frozenset[str]
) -> Agreement:
    runs = [HAN.findall(normalize(text)) for text in texts]
    began = time.perf_counter()
    ours = [[word.text for run in some for word in segmenter.segment(run)] for some in runs]
    between = time.perf_counter()
    theirs = [[word for run in some for word in stock_jieba.cut(run, HMM=False)] for some in runs]
    found = Agreement(seconds=(between - began, time.perf_counter() - between))
    for here, there in zip(ours, theirs, strict=True):
        _compare(here, there, dictionary, found)
    print(found)
    return found


def _compare(here: list[str], there: list[str], dictionary: frozenset[str], found: Agreement) -> None:
    text, ours, theirs = "".join(here), places(here), places(there)
    found.texts += 1
    found.same_texts += ours == theirs
    found.words += len(theirs)
    found.same_words += len(theirs & ours)
    kept = [place for place in ours - theirs if text[slice(*place)] in dictionary]
    for start, end in sorted(theirs - ours):
        word = text[start:end]
        found.examples.append(word)
        if word in dictionary and not any(a < end and start < b for a, b in kept):
            found.lost.add(word)


def places(words: list[str]) -> set[tuple[int, int]]:
    return set(pairwise(accumulate(map(len, words), initial=0)))


def test_sentences_of_the_sample_corpus_are_cut_as_jieba_cuts_them(
    segmenter: Segmenter, stock_jieba: Any, dictionary: frozenset[str]
) -> None:
    files = sorted((ROOT / "corpus" / "zh").iterdir())
    text = "\n".join(decode(file.read_bytes(), file.name) for file in files)
    sentences = [sentence for sentence in re.split(r"[。；\n]", text) if HAN.search(sentence)]
    assert len(sentences) > 500
    found = agreement(sentences, segmenter, stock_jieba, dictionary)
    assert found.same_texts >= 0.998 * found.texts, str(found)
    assert not found.lost, str(found)


@pytest.mark.shared
def test_law_articles_are_cut_as_jieba_cuts_them(
    segmenter: Segmenter, stock_jieba: Any, dictionary: frozenset[str]
) -> None:
    laws = ROOT.parent / "shared" / "data" / "corpora" / "cn_laws.jsonl.xz"
    if not laws.is_file():
        pytest.skip("the developers' data folder is not beside the checkout")
    with lzma.open(laws, "rt", encoding="utf-8") as lines:
        articles = [text for line in lines for _, _, text in json.loads(line)["articles"] if HAN.search(text)]
    found = agreement(random.Random(1).sample(articles, 5_000), segmenter, stock_jieba, dictionary)
    assert found.same_words >= 0.999 * found.words, str(found)
    assert not found.lost, str(found)

"""Cut text into words with offsets. The only import of a segmenter.

One engine serves builds and questions: jieba's dictionary and algorithm, without its HMM for unknown
words, run by rjieba (see docs/decisions/segmenting.md). Latin words become lemmas, thousands lose their
commas, document numbers stay whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import rjieba

from indexer.normalizing import normalize
from indexer.records import Word

ALGORITHM = "jieba-1"
"""Changes whenever the same dictionary would cut the same text in another way."""

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
_ATOM = re.compile(
    rf"""(?P<reference>[{_HAN}]{{1,10}}[\[(]\d{{4}}[\])]第?\d{{1,5}}号)
    |(?P<han>[{_HAN}]+)
    |(?P<latin>[a-z]+\d+\.\d+(?![a-z\d])|\d+[a-z][a-z\d]*|(?:[a-z]\.){{2,}}|[a-z][a-z\d]*(?:[&'][a-z\d]+)*)
    |(?P<thousands>\d{{1,3}}(?:,\d{{3}}(?!\d))+(?:\.\d+)?)
    |(?P<number>\d+(?:\.\d+)*)
    |(?P<percent>%|‰)
    |(?P<other>[^\W\d_]+)""",
    re.VERBOSE,
)
_BEFORE_REFERENCE = re.compile(
    r".*(?:根据|按照|依据|依照|遵照|参照|印发|转发|下发|发布|关于|以及|或者|废止|执行|落实|贯彻|参见|详见|原|和|与|及|以|的|在|见|由|经|按|为|对|将)"
)
_LONGEST_SUBWORD = 4


class Segmenter:
    """Cut texts with jieba's dictionary and the given words on top of it.

    `signature` names algorithm, engine and dictionary: two segmenters with the same signature cut
    every text alike.
    """

    def __init__(self, dictionary: Iterable[str] = ()) -> None:
        words = sorted(set(dictionary))
        self._jieba = rjieba.Jieba()
        for word in words:
            self._jieba.add_word(word, None, None)
        digest = hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]
        self.signature = f"{ALGORITHM}/{digest}"
        self._subwords = lru_cache(maxsize=200_000)(self._find_subwords)

    def segment(self, text: str) -> list[Word]:
        """Return the words of `text` in order, without overlaps; `word.text` is normalised."""
        folded = normalize(text)
        words: list[Word] = []
        for atom in _ATOM.finditer(folded):
            match atom.lastgroup:
                case "han":
                    self._cut_han(atom.group(), atom.start(), words)
                case "latin":
                    words.append(Word(_latin_word(atom.group()), atom.start(), atom.end()))
                case "thousands":
                    words.append(Word(atom.group().replace(",", ""), atom.start(), atom.end()))
                case "reference":
                    self._cut_reference(atom.group(), atom.start(), words)
                case _:
                    words.append(Word(atom.group(), atom.start(), atom.end()))
        return words

    def subwords(self, words: Sequence[Word]) -> list[Word]:
        """Return the dictionary words that stand inside longer Chinese words, for the lexical index.

        创新券 is found in 科技创新券 although the segmenter keeps that in one piece.
        """
        return [
            Word(text, word.start + offset, word.start + offset + len(text))
            for word in words
            if len(word.text) > 2
            for text, offset in self._subwords(word.text)
        ]

    def _cut_han(self, run: str, start: int, words: list[Word]) -> None:
        if len(run) == 1:
            words.append(Word(run, start, start + 1))
            return
        for piece in self._jieba.cut(run, False):
            end = start + len(piece)
            words.append(Word(piece, start, end))
            start = end

    def _cut_reference(self, reference: str, start: int, words: list[Word]) -> None:
        """Keep a document number whole, without the words that lead up to it (根据国发[2023]12号)."""
        agency_end = re.search(r"[\[(]", reference).start()  # type: ignore[union-attr]
        lead = _BEFORE_REFERENCE.match(reference, 0, agency_end - 1)
        cut = lead.end() if lead else 0
        if cut:
            self._cut_han(reference[:cut], start, words)
        words.append(
            Word(reference[cut:].replace("(", "[").replace(")", "]"), start + cut, start + len(reference))
        )

    def _find_subwords(self, word: str) -> tuple[tuple[str, int], ...]:
        if not "\u3400" <= word[0] <= "\u9fff" or len(word) > 12:
            return ()
        found = []
        for length in range(2, min(len(word), _LONGEST_SUBWORD + 1)):
            for offset in range(len(word) - length + 1):
                piece = word[offset : offset + length]
                if self._jieba.has_word(piece):
                    found.append((piece, offset))
        return tuple(found)


@lru_cache(maxsize=200_000)
def _latin_word(word: str) -> str:
    """Return the lemma of an English word; abbreviations and words with digits stay as they are."""
    if word.endswith("'s"):
        word = word[:-2]
    if len(word) < 3 or not word.isalpha():
        return word
    # Imported when first needed: its word list takes 0.1 s to load, and Chinese does without it.
    from simplemma import lemmatize

    lemma: str = lemmatize(word, lang="en").lower()
    return lemma if lemma.isalpha() else word

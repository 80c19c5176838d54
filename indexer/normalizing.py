"""Fold text for matching: width, case, traditional characters. Never for what is shown.

Every fold maps one character to one character, so offsets into the folded text are offsets into the
text as it stands. A character whose fold would be longer (㈠, ﬁ, İ) is left as it is.
"""

import unicodedata
from functools import cache

from opencc import OpenCC

_SAME_MEANING = str.maketrans(
    "〔〕［］【】「」『』﹝﹞“”‘’–—‐‑−～·•　\u00a0", '[][][]""""[]""' + "''" + "-----~··  "
)


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def _is_han(code: int) -> bool:
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF


class _Fold(dict[int, str]):
    """A translation table that works out each character once, when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character)
        if len(folded) != 1:
            folded = character
        if _is_han(ord(folded)):
            # Twice: 薴 becomes 苧, which is itself traditional for 苎.
            simplified = _simplifier().convert(_simplifier().convert(folded))
            folded = simplified if len(simplified) == 1 else folded
        else:
            folded = folded.translate(_SAME_MEANING)
            lower = folded.lower()
            folded = lower if len(lower) == 1 else folded
        self[code] = folded
        return folded


_FOLD = _Fold()


def normalize(text: str) -> str:
    """Return `text` folded for matching; the result has exactly as many characters.

    Full-width forms become ASCII, letters lower case, traditional characters simplified (character by
    character, by OpenCC's t2s tables), and the brackets, quotes and dashes that people use for one
    another become one of them: 〔2026〕, ［2026］ and 【2026】 all become [2026].
    """
    return text.translate(_FOLD)

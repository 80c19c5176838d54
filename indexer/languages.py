"""Tell which of the two languages a text is in."""

import re

from indexer.records import Language

_HAN_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_LANGUAGE_SAMPLE = 2000


def language_of(text: str, default: Language = "zh") -> Language:
    """Return zh where Han characters make up a substantial part of the words, else en.

    A Han character counts half a word. Text with neither Han nor Latin words (a telephone number) is in the
    `default` language. Only the first 2,000 characters are looked at.
    """
    sample = text[:_LANGUAGE_SAMPLE]
    if sample.isascii():
        return "en" if _LATIN_WORD.search(sample) else default
    han = len(sample) - len(_HAN_RUN.sub("", sample))
    latin = len(_LATIN_WORD.findall(sample))
    if han == latin == 0:
        return default
    return "zh" if han / 2 >= 0.3 * (han / 2 + latin) else "en"

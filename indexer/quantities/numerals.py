"""Numbers as documents write them: digits, Chinese numerals, English words.

Everything reads normalised text (see `indexer.normalizing`) and returns exact decimals.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from indexer.quantities.figures import words

# Longer runs of digits are codes, or an attack; they are passed over whole.
LONGEST_DIGITS = 18
_LONGEST_HAN = 24
_LONGEST_WORDS = 120

_DIGITS = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?")
_HAN = re.compile(r"[零〇一二两三四五六七八九十百千万亿廿卅]+(?:点[零〇一二三四五六七八九]+[万亿]{0,2})?")

_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_SMALL = {"十": 10, "百": 100, "千": 1000}
_HAN_LARGE = {"万": 10_000, "亿": 100_000_000}

_ONES = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORD_VALUES = {word: i for i, word in enumerate(_ONES)} | {w: 10 * i for i, w in enumerate(_TENS, 2)}
_WORD_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

NUMBER_WORD = "|".join(sorted(_WORD_VALUES, key=len, reverse=True))
_ANY_WORD = f"(?:{NUMBER_WORD}|hundred|{'|'.join(_WORD_SCALES)})(?![a-z])"
_WORDS = re.compile(rf"(?:{NUMBER_WORD})(?![a-z])(?:(?:[ -]| and ){_ANY_WORD})*")


class Numeral(NamedTuple):
    """A number and where it ends; `value` is None where the run is no number (一二, 十十, a long code)."""

    end: int
    value: Decimal | None
    written: Literal["digits", "han", "words"]


def read_numeral(normal: str, at: int) -> Numeral | None:
    """Return the number that starts at `at`, or None where none starts there.

    The whole run is taken, so that a caller who goes on from `end` reads each character once.
    """
    match = _DIGITS.match(normal, at)
    if match:
        return Numeral(match.end(), digits_value(match.group()), "digits")
    match = _HAN.match(normal, at)
    if match:
        return Numeral(match.end(), han_value(match.group()), "han")
    match = _WORDS.match(normal, at)
    if match:
        return Numeral(match.end(), words_value(match.group()), "words")
    return None


def digits_value(text: str) -> Decimal | None:
    """Return the value of 1,257.96; None for runs too long to be an amount."""
    if len(text) > 2 * LONGEST_DIGITS:
        return None
    bare = text.replace(",", "")
    return Decimal(bare) if len(bare) <= LONGEST_DIGITS else None


def han_value(text: str) -> Decimal | None:
    """Return the value of 一千三百万, 廿三, 三点五亿 or 二〇二五; None for what is no number."""
    if len(text) > _LONGEST_HAN:
        return None
    if "点" in text:
        return _han_decimal(text)
    if len(text) >= 4 and all(c in _HAN_DIGITS for c in text):
        return Decimal("".join(str(_HAN_DIGITS[c]) for c in text))
    whole = _han_whole(text.replace("廿", "二十").replace("卅", "三十"))
    return None if whole is None else Decimal(whole)


def _han_decimal(text: str) -> Decimal | None:
    whole_text, _, rest = text.partition("点")
    places = rest.rstrip("万亿")
    whole = han_value(whole_text)
    if whole is None or whole_text[-1] in _HAN_LARGE:
        return None
    value = whole + Decimal("0." + "".join(str(_HAN_DIGITS[c]) for c in places))
    for scale in rest[len(places) :]:
        value *= _HAN_LARGE[scale]
    return value


def _han_whole(text: str) -> int | None:
    """Read the large scales from the right-most largest: 一亿三千万 is 一 x 亿 + 三千万."""
    for scale in "亿万":
        head, found, tail = text.rpartition(scale)
        if found:
            return _scaled(head, tail, _HAN_LARGE[scale])
    return _han_section(text)


def _scaled(head: str, tail: str, scale: int) -> int | None:
    high = _han_whole(head) if head else None
    if not high:
        return None
    if len(tail) == 1 and tail in _HAN_DIGITS:
        # 一万二 is 12,000: the digit that is left over counts the next scale down.
        return high * scale + _HAN_DIGITS[tail] * scale // 10
    low = _han_whole(tail) if tail else 0
    return None if low is None or low >= scale else high * scale + low


def _han_section(text: str) -> int | None:
    """Return the value of numerals below ten thousand: 三百零五, 十二, 三千五."""
    total, digit, last = 0, None, 10_000
    for i, character in enumerate(text):
        if character in _HAN_DIGITS:
            if digit:
                return None
            digit = _HAN_DIGITS[character]
            continue
        unit = _HAN_SMALL[character]
        if unit >= last or (not digit and not (unit == 10 and i == text.find("十") and total % 100 == 0)):
            return None
        total, digit, last = total + (digit or 1) * unit, None, unit
    if digit and 100 <= last <= 1000 and text[-2] not in "零〇":
        return total + digit * last // 10
    return total + (digit or 0)


def words_value(text: str) -> Decimal | None:
    """Return the value of twenty-three or two hundred and five thousand."""
    if len(text) > _LONGEST_WORDS:
        return None
    total, section, room = 0, 0, 100
    for word in text.replace("-", " ").replace(" and ", " ").split():
        if word in _WORD_VALUES:
            value = _WORD_VALUES[word]
            if value >= room:
                return None
            section, room = section + value, 10 if value >= 20 else 0
        elif word == "hundred":
            section, room = section * 100, 100
        else:
            total, section, room = total + section * _WORD_SCALES[word], 0, 100
    return Decimal(total + section)

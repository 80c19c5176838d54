from decimal import Decimal

import pytest

from indexer.quantities.numerals import digits_value, han_value, read_numeral, words_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一千三百万", "13000000"),
        ("二十三", "23"),
        ("廿三", "23"),
        ("十", "10"),
        ("一百一十五", "115"),
        ("三百零五", "305"),
        ("三千五", "3500"),
        ("一万二", "12000"),
        ("一亿三千万", "130000000"),
        ("两千", "2000"),
        ("三点五亿", "350000000"),
        ("二〇二五", "2025"),
    ],
)
def test_chinese_numerals(text: str, value: str) -> None:
    assert han_value(text) == Decimal(value)


@pytest.mark.parametrize("text", ["一二", "十十", "百", "万", "一十百", "一" * 3, "十" * 600_000])
def test_what_is_no_chinese_number(text: str) -> None:
    assert han_value(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("twenty-three", 23),
        ("two hundred and five thousand", 205_000),
        ("seven", 7),
        ("one million", 1_000_000),
    ],
)
def test_english_number_words(text: str, value: int) -> None:
    assert words_value(text) == value


def test_digits_are_exact_and_long_runs_are_codes() -> None:
    assert digits_value("1,257.96") == Decimal("1257.96")
    assert digits_value("1" * 30) is None


def test_a_run_is_taken_whole() -> None:
    run = read_numeral("1" * 1000 + "元", 0)
    assert run is not None and run.end == 1000 and run.value is None

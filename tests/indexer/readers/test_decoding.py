"""Encodings as found in the wild, and refusals that say why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import CorpusError, UnreadableDocument
from indexer.readers.decoding import decode

LETTER = "泉州市科学技术局\n泉科函〔2026〕102号\n科技创新券补助 1257.96 万元，支持企业的科技项目。\n"
TRADITIONAL = "關於推動科技創新的答覆：本市政府對企業的支持，經費為二百萬元，由科技局發給，並於年底前完成。\n"
ENGLISH = "The grant is £1.2 million – the ‘Green Factory’ scheme’s largest. Résumés are not needed.\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "gb2312", "utf-32"],
)
def test_chinese_text_in_every_encoding_reads_the_same(encoding: str) -> None:
    assert decode(LETTER.encode(encoding), "a.txt") == LETTER


@pytest.mark.parametrize(
    ("text", "encoding"), [(TRADITIONAL, "big5"), (ENGLISH, "cp1252"), (TRADITIONAL, "gbk")]
)
def test_other_encodings_are_read_where_they_plainly_fit(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.txt") == text


def test_big_endian_utf16_with_its_mark() -> None:
    assert decode(b"\xfe\xff" + LETTER.encode("utf-16-be"), "a.txt") == LETTER


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\u2028", "\f", "\x85"])
def test_newlines_become_one(newline: str) -> None:
    assert decode(f"一{newline}二".encode(), "a.txt") == "一\n二"


def test_a_stray_control_character_becomes_a_blank() -> None:
    text = "科技\x08创新" + "一" * 60
    assert decode(text.encode(), "a.txt") == text.replace("\x08", " ")


@pytest.mark.parametrize("content", [b"", b" \n\t ", "\u3000\n\u200b".encode(), b"\xef\xbb\xbf", b"\xff\xfe"])
def test_no_text(content: bytes) -> None:
    with pytest.raises(UnreadableDocument, match=r"a\.txt holds no text"):
        decode(content, "a.txt")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (LETTER.encode()[:40] + b"\xff" + LETTER.encode()[40:], "byte 40"),
        (LETTER.encode()[:-5], "damaged or cut short"),
        (
            b"\xef\xbb\xbf" + LETTER.encode("gb18030"),
            "not the encoding it claims: UTF-8 by its byte order mark",
        ),
        (b"\xff\xfe" + "科技".encode("utf-16-le") + b"\x00", "UTF-16-LE by its byte order mark"),
        (b"\xff\xfe\xd8\x00\x00\xd8", "byte 4"),
        (LETTER.encode("gb18030")[:5] + b"\xff\xff", "GB18030 (fails at byte 4)"),
        (b"PK\x03\x04\x00\x00\x08\x00" * 20, "not a text file"),
        (bytes(range(1, 32)) * 4, "control characters"),
        ("日本国政府は科学技術を推進します。".encode("euc-jp") * 5, "Tried"),
    ],
)
def test_refusals_say_what_was_tried_and_where_it_failed(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        decode(content, "a.txt")
    assert says in str(caught.value)
    assert "a.txt" in str(caught.value)


def test_a_declared_encoding_is_held_to() -> None:
    assert decode(LETTER.encode("gbk"), "a.html", declared="GB2312") == LETTER
    assert decode(LETTER.encode("gbk"), "a.html", declared="no-such-charset") == LETTER
    assert decode(LETTER.encode(), "a.html", declared="gb2312") == LETTER
    with pytest.raises(UnreadableDocument, match="not the encoding it claims: UTF-8 by its own declaration"):
        decode(LETTER.encode("gbk"), "a.html", declared="utf-8")


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1)
)
def test_any_text_survives_utf8(text: str) -> None:
    assert decode(("科" + text).encode(), "a.txt") == "科" + text


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "gb2312", "utf-7", "rot13", "idna", "\0"]))
def test_any_bytes_are_text_or_a_corpus_error(content: bytes, declared: str | None) -> None:
    try:
        text = decode(content, "a.txt", declared)
    except CorpusError:
        return
    assert text.strip()
    assert "\0" not in text
    text.encode()


@pytest.mark.parametrize(
    ("beginning", "told"), [(b"%PDF-1.7\n", ".pdf"), (b"PK\x03\x04", ".docx"), (b"\x1f\x8b", "unpack")]
)
def test_another_format_under_a_text_file_s_name_is_told_by_its_first_bytes(
    beginning: bytes, told: str
) -> None:
    with pytest.raises(UnreadableDocument, match=told):
        decode(beginning + b"some bytes that could be text", "a.txt")

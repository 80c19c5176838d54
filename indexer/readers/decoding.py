"""Bytes to text: find the encoding, or say why there is none.

A byte order mark decides; without one, UTF-8 is tried first because it cannot fit by accident, then
UTF-16 (only where zero bytes show it), then GB18030. Big5 and Windows-1252 are read only where they fit
clearly better than GB18030, which accepts nearly any bytes. Text that would be guesswork is refused:
no replacement character is ever put in.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from indexer.errors import UnreadableDocument

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# What a page declares and what its author's editor meant, as browsers read it.
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"} | dict.fromkeys(
    ("iso8859-1", "ascii"), "cp1252"
)
# Codecs that are no charset, and those that a declaration in ASCII contradicts.
_NOT_A_CHARSET = ("idna", "punycode", "unicode", "raw", "utf-16", "utf-32", "utf-7", "mbcs", "oem")
_SHOWN = {"utf-8": "UTF-8", "gb18030": "GB18030", "cp1252": "Windows-1252", "big5hkscs": "Big5"}

# Frequent characters in both scripts: about four in ten of any Chinese text, one in a hundred of noise.
_FREQUENT = frozenset(
    "的一是在不了有和人中大为為上个個国國我以要时時来來用生到作地于於出就分对對成会會可主发發年动動同工也能下"
    "过過产產面方后後多定行学學法所民得经經三之进進等部度家电電力高自二理现現加量制机機业業本性应應开開合由其"
    "前外政日社事平全表间間与與关關各重新内內数數正利或第条條建月公立提程展及管件资資级級市统統据據实實施"
    "规規政策支持企业業项項目科技创創服务務"
)
_HIGH_PAIR = re.compile(rb"[\x80-\xff]{2}")
_HIGH = re.compile(rb"[\x80-\xff]")
_NEWLINES = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_VISIBLE = re.compile(r"[^\s\u200b\u2060\ufeff]")
_SAMPLE = 500_000
_ADVICE = "Save the file as UTF-8 and build again"


def decode(content: bytes, name: str, declared: str | None = None) -> str:
    """Return the text of `content`, its newlines as \\n, without byte order mark.

    `name` is the file to show in messages; `declared` is an encoding that the file names itself.
    Raises UnreadableDocument for no text, for no encoding that fits, and for binary content.
    """
    if not content:
        raise UnreadableDocument(
            f"{name} holds no text: it is 0 bytes long. Expected a document with text in it."
        )
    _refuse_other_formats(content, name)
    text = _to_text(content, name, declared)
    return tidy(text, name)


_OTHER_FORMATS = {
    b"%PDF-": "a PDF: rename it to .pdf",
    b"PK\x03\x04": "a Word file or another zip archive: rename a Word file to .docx",
    b"\xd0\xcf\x11\xe0": "an old Office file: save it as .docx",
    b"\xfd7zXZ": "an xz archive: rename JSON lines to .jsonl.xz, or unpack it",
    b"\x1f\x8b": "a gzip archive: unpack it",
}


def _refuse_other_formats(content: bytes, name: str) -> None:
    for beginning, told in _OTHER_FORMATS.items():
        if content.startswith(beginning):
            raise UnreadableDocument(f"{name} is not a text file: by its first bytes it is {told}.")


def tidy(text: str, name: str) -> str:
    """Return decoded text with newlines as \\n and stray control characters as blanks.

    Raises UnreadableDocument for binary content, lone surrogates and text of white space only.
    """
    _refuse_binary(text, name)
    text = without_controls(text)
    if not _VISIBLE.search(text):
        raise UnreadableDocument(
            f"{name} holds no text: only white space. Expected a document with text in it."
        )
    return text


def without_controls(text: str) -> str:
    """Return text with every kind of newline as \\n and other control characters as blanks."""
    return _CONTROLS.sub(" ", _NEWLINES.sub("\n", text))


def _refuse_binary(text: str, name: str) -> None:
    zero = text.find("\0")
    if zero >= 0:
        raise UnreadableDocument(
            f"{name} is not a text file: it has a zero character at position {zero}. "
            "Expected text; if it is another format, give it that format's file name extension."
        )
    # A stray control character is dirt in a text; one in twenty is a program's own format.
    if len(_CONTROLS.findall(text)) * 20 > len(text):
        raise UnreadableDocument(
            f"{name} is not a text file: more than one in twenty of its characters are control characters. "
            "Expected text; if it is another format, give it that format's file name extension."
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnreadableDocument(
            f"{name} has half a character (a lone surrogate) at position {error.start}. Expected whole "
            "characters; write it again from its source."
        ) from None


def _to_text(content: bytes, name: str, declared: str | None) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding, name, "its byte order mark", skip=len(mark))
    if 0 in content[:_SAMPLE] and (wide := _utf16_without_mark(content)):
        return wide
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        utf8_failure = error
    claimed = _codec_name(declared)
    if claimed:
        return _strictly(content, claimed, name, f"its own declaration ({declared})")
    if _is_damaged_utf8(content, utf8_failure.start):
        raise UnreadableDocument(
            f"{name} is UTF-8 but for byte {utf8_failure.start}, where it is damaged or cut short "
            f"({utf8_failure.reason}). Expected one encoding throughout. {_ADVICE}."
        )
    return _legacy(content, name, utf8_failure)


def _strictly(content: bytes, encoding: str, name: str, claim: str, skip: int = 0) -> str:
    try:
        return content[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            f"{name} is not the encoding it claims: {_shown(encoding)} by {claim}, but byte "
            f"{error.start + skip} does not fit ({error.reason}). {_ADVICE}."
        ) from None


def _codec_name(declared: str | None) -> str | None:
    try:
        found = codecs.lookup((declared or "").strip())
    except (LookupError, ValueError):
        return None
    if not getattr(found, "_is_text_encoding", True) or found.name.startswith(_NOT_A_CHARSET):
        return None
    return _MEANT.get(found.name, found.name)


def _shown(encoding: str) -> str:
    return _SHOWN.get(encoding, encoding.upper())


def _utf16_without_mark(content: bytes) -> str | None:
    """Return the text if it reads as UTF-16 in one byte order, without a single zero character."""
    readings: list[tuple[float, str]] = []
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        readings.append((_share(text[:_SAMPLE], _is_everyday), text))
    best = max(readings, default=(0.0, ""))
    return best[1] if best[0] > 0.9 and "\0" not in best[1] else None


def _is_everyday(character: str) -> bool:
    return (
        " " <= character <= "~"
        or character in "\t\r\n"
        or "\u3000" <= character <= "\u301f"
        or (
            "\u4e00" <= character <= "\u9fff"
            or "\uff01" <= character <= "\uff5e"
            or "\u2010" <= character <= "\u2030"
        )
    )


def _share(text: str, accepted: Callable[[str], bool]) -> float:
    return sum(map(accepted, text)) / len(text) if text else 0.0


def _is_damaged_utf8(content: bytes, failure: int) -> bool:
    """Tell UTF-8 with a flaw from another encoding: nearly all of its high bytes form characters."""
    around = content[max(0, failure - _SAMPLE) : failure + _SAMPLE]
    text = around.decode("utf-8", errors="surrogateescape")
    flaws = sum("\udc80" <= character <= "\udcff" for character in text)
    whole = sum(character > "\u07ff" for character in text) - flaws
    return whole > 3 * flaws


def _legacy(content: bytes, name: str, utf8_failure: UnicodeDecodeError) -> str:
    """Return the text in GB18030, Big5 or Windows-1252, whichever plainly fits, else refuse."""
    failures = [f"UTF-8 (fails at byte {utf8_failure.start})"]
    readings: dict[str, str] = {}
    for encoding in ("gb18030", "big5hkscs", "cp1252"):
        try:
            readings[encoding] = content.decode(encoding)
        except UnicodeDecodeError as error:
            failures.append(f"{_shown(encoding)} (fails at byte {error.start})")
    if "cp1252" in readings and _is_western(content):
        return readings["cp1252"]
    scores = {each: _chinese_score(readings[each]) for each in ("gb18030", "big5hkscs") if each in readings}
    simplified, traditional = scores.get("gb18030", -1.0), scores.get("big5hkscs", -1.0)
    if traditional > 0.1 and traditional > 2 * simplified:
        return readings["big5hkscs"]
    if simplified >= 0.05 or (simplified >= 0 and _count_wide(readings["gb18030"]) < 20):
        return readings["gb18030"]
    if simplified >= 0:
        failures.append("GB18030 (decodes, but to characters that no Chinese text is made of)")
    raise UnreadableDocument(f"{name} is in no encoding we know. Tried {'; '.join(failures)}. {_ADVICE}.")


def _is_western(content: bytes) -> bool:
    """Say whether high bytes stand alone among ASCII, as £ and é do and Chinese never does."""
    sample = content[:_SAMPLE]
    high = len(_HIGH.findall(sample))
    return high * 10 < len(sample) and len(_HIGH_PAIR.findall(sample)) * 20 <= high


def _chinese_score(text: str) -> float:
    """Return which share of the Han characters, and what decodes beyond them, is among the most frequent."""
    wide = [character for character in text[:_SAMPLE] if _is_han_or_beyond(character)]
    return sum(character in _FREQUENT for character in wide) / len(wide) if wide else 1.0


def _count_wide(text: str) -> int:
    return sum(map(_is_han_or_beyond, text[:_SAMPLE]))


def _is_han_or_beyond(character: str) -> bool:
    # Punctuation and kana have the same bytes in Japanese and Chinese encodings, so they prove nothing.
    return "\u33ff" < character < "\uff00" or character > "\uffff"

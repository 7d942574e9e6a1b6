"""The guises in which text arrives that the reader puts right: wide, seven-bit, escaped, garbled, with stand-ins."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator

from pipelines.normalize.characters import INVISIBLE_CHARACTERS, mend_characters, stand_ins
from pipelines.sevenbit import seven_bit
from pipelines.sieve.words import traditional
from pipelines.wide import utf16_without_mark, utf32_without_mark

_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FIRST_OF_MARKS = frozenset(mark[0] for mark, _ in _WIDE_MARKS)
_SAMPLE = 4096
# Characters as their numbers (of ideographs alone: many pages indent with &#12288;), and letters that stand for bytes.
_REFERENCE = re.compile(
    rb"&(?:(?:amp;)*#(?:[xX]0*[4-9][0-9a-fA-F]{3}|0*(?:[23][0-9]{4}|40[0-9]{3}))(?![0-9a-fA-F])"
    rb"|[A-Za-z]{1,2}(?:uml|acute|grave|circ|tilde|ring|slash|lig);)"
)
_OTHER_ESCAPE = re.compile(rb"[%\\][uU][4-9a-fA-F][0-9a-fA-F]{3}|%[eE][4-9]%[89aAbB][0-9a-fA-F]%")
_CODE = re.compile(r"[%\\][uU]([0-9a-fA-F]{4})")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){3,}")
_SEVEN_BIT = re.compile(rb"~\{[!-~]{2,}|\+[A-Za-z0-9+/]{16,}")
_READING = re.compile(rb"\((?:[a-z]|[\xc3-\xc9][\x80-\xbf]|\xa8[\xa1-\xc0]){1,12}\)")
# Words of every report; each pair of characters comes out of a wrong decoder as the same sequence, or as one of two.
_WORDS = ("信息", "公开", "行政", "申请", "总计")
_SINGLE_BYTES = ("latin-1", "cp1252")
_LATIN = "À-ÖØ-öø-ÿ"
_ODD_RANGES = (
    "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u2e80-\u2fdf\uf900-\ufaff\ue76c-\ue864"
)
_TELLING = "信息公开年报告统计表一二三四五六七八九十"


def wide_text(body: bytes) -> str | None:
    """The text of UTF-16 and UTF-32, None for anything else."""
    if body[0] in _FIRST_OF_MARKS:
        for mark, codec in _WIDE_MARKS:
            if body.startswith(mark):
                return body[len(mark) :].decode(codec, "replace")
    if body.find(b"\0", 0, _SAMPLE) < 0:
        return None
    wide = utf32_without_mark(body) or utf16_without_mark(body)
    return body.decode(wide, "replace") if wide else None


def is_escaped(body: bytes, *, is_chinese: bool) -> bool:
    """Whether a page may have words that are escaped or in seven bits.

    `is_chinese` tells whether it has some text as it is: only the commonest escapes are looked for beside that.
    """
    if _REFERENCE.search(body):
        return True
    return not is_chinese and (_OTHER_ESCAPE.search(body) is not None or _may_be_in_seven_bits(body))


def unescaped(body: bytes, *, is_chinese: bool) -> str | None:
    """The text of a page whose words are escaped or in seven bits; None where nothing of the kind is seen."""
    references = _REFERENCE.search(body) is not None
    others = not is_chinese and _OTHER_ESCAPE.search(body) is not None
    if not (references or others):
        decoded = seven_bit(body, "") if not is_chinese and _may_be_in_seven_bits(body) else None
        return decoded.text if decoded else None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("gb18030", "replace")
    text = html.unescape(html.unescape(text.replace("&amp;amp;", "&amp;")))
    if others:
        text = _CODE.sub(lambda code: chr(int(code[1], 16)), text)
        text = _PERCENT.sub(lambda run: bytes.fromhex(run[0].replace("%", "")).decode("utf-8", "replace"), text)
    return text


def _may_be_in_seven_bits(body: bytes) -> bool:
    return body.isascii() and _SEVEN_BIT.search(body) is not None


def has_odd_characters(text: str) -> bool:
    """Whether a text has invisible characters, stand-ins, or what is typical of text that was decoded wrongly."""
    return _ODD.search(text) is not None


def without_odd_characters(text: str) -> str:
    """The text with invisible characters dropped and stand-ins written as what they stand for."""
    return mend_characters(text)


def is_garbled(text: str, *, of_text: bool = True) -> bool:
    """Whether a text without ASCII holds a word of every report as a wrong decoder shows it.

    Where bytes of an unknown encoding were made text (`of_text` is False), one wrong decoder more is to be seen.
    """
    return any(word in text for word in (GARBLED if of_text else _GARBLED_TWICE))


def without_readings(body: bytes) -> bytes | None:
    """A page without the readings that mirrors write behind characters, 報(bào); None where it has none."""
    stripped, count = _READING.subn(b"", body)
    return stripped if count else None


def _garbled() -> Iterator[str]:
    """The words of every report, as text that went through a wrong decoder, or twice through one of single bytes."""
    for word in _WORDS:
        yield from _in_pairs(word.encode("utf-8"))
        for wrong in _SINGLE_BYTES:
            shown = _as_letters(word.encode("utf-8"), wrong)
            yield from (shown, _as_letters(shown.encode("utf-8"), wrong), _as_letters(word.encode("gb18030"), wrong))
            yield _as_letters(traditional(word).encode("big5hkscs"), wrong)
        yield traditional(word).encode("big5hkscs").decode("gb18030", "ignore")
        yield word.encode("gb18030").decode("big5hkscs", "ignore")


def _garbled_twice() -> Iterator[str]:
    """Those of them that were misread in pairs twice."""
    for word in _WORDS:
        for text in _in_pairs(word.encode("utf-8")):
            yield from _in_pairs(text.encode("utf-8"))


def _in_pairs(raw: bytes) -> Iterator[str]:
    """Bytes read two at a time as GB 18030, from the first and from the second on."""
    for start in (0, 1):
        whole = raw[start : start + (len(raw) - start) // 2 * 2]
        try:
            yield whole.decode("gb18030")
        except UnicodeDecodeError:
            continue


def _as_letters(raw: bytes, wrong: str) -> str:
    """Bytes shown one by one; Windows keeps the five that its charset does not have."""
    if wrong == "latin-1":
        return raw.decode(wrong)
    return "".join(bytes((byte,)).decode(wrong, "ignore") or chr(byte) for byte in raw)


_GARBLED_TWICE = tuple(set(_garbled_twice()))
GARBLED = tuple({"".join(char for char in word if char > "\x7f") for word in _garbled()} - {""}) + _GARBLED_TWICE
_ODD = re.compile(f"[{_ODD_RANGES}{_LATIN}{''.join(sorted({re.escape(word[0]) for word in GARBLED}))}]")
# Invisible characters, and stand-ins for those of the words and the numerals, in GB 18030: mostly four bytes each.
_STAND_INS = {chr(code) for code, char in stand_ins().items() if char in _TELLING}
ODD_IN_GB = sorted(char.encode("gb18030") for char in (INVISIBLE_CHARACTERS | _STAND_INS) - {"\0"})
GB_ODD = re.compile(b"|".join(map(re.escape, ODD_IN_GB)))

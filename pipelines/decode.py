"""Bytes to text: the encoding is decided by what the bytes prove, and labels are only witnesses.

Headers and meta tags of government portals lie often enough (GB18030 declared gb2312, UTF-8 declared gbk, Big5 declared
gb2312) that every document records which encoding was taken and why.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from pipelines.model import Text

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A declared subset is read with the superset that real pages use under its name.
_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
    "cp936": "gb18030", "hz-gb-2312": "hz", "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs",
    "utf8": "utf-8", "unicode": "utf-8", "iso-8859-1": "cp1252", "latin1": "cp1252",
}  # fmt: skip
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z][\w.:-]*)""", re.IGNORECASE)
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")
_HEAD = 4096
_LEGACY = ("gb18030", "big5hkscs")
# Among thousands of well-formed sequences a broken one is damage, not proof against UTF-8.
_BROKEN_SHARE = 0.01


def decode(body: bytes, content_type: str = "") -> Text:
    """Decode a payload. Never raises: what cannot be decoded becomes U+FFFD, and the reason says how much."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return Text(body[len(bom) :].decode(encoding, "replace"), encoding, "byte order mark")
    wide = _utf16_without_mark(body)
    if wide:
        return Text(body.decode(wide, "replace"), wide, "every other byte is zero")
    utf8 = _utf8(body)
    if utf8 is not None:
        return utf8
    return _legacy(body, declared_charset(body, content_type))


def declared_charset(body: bytes, content_type: str = "") -> str:
    """The charset that the header, else the document's first bytes, declare; empty when neither does."""
    for place in (content_type.encode("ascii", "replace"), body[:_HEAD]):
        match = _DECLARED.search(place)
        if match:
            return match[1].decode("ascii").lower()
    return ""


def _utf16_without_mark(body: bytes) -> str | None:
    sample = body[: 2 * _HEAD]
    if len(sample) < 8 or sample.count(0) * 10 < len(sample):
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < 4 * min(even, odd) + 4:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _utf8(body: bytes) -> Text | None:
    try:
        return Text(body.decode("utf-8"), "utf-8", "valid UTF-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    broken = text.count("�") - body.count("�".encode())
    whole = len(_MULTIBYTE.findall(body))
    if whole >= 20 and broken <= max(2, whole * _BROKEN_SHARE):
        return Text(text, "utf-8", f"UTF-8 with {broken} broken bytes", repairs=("broken_bytes_replaced",))
    return None


def _legacy(body: bytes, declared: str) -> Text:
    """GB18030 or Big5: the declared one unless the other reads plainly better, or nothing was declared."""
    readings = {encoding: body.decode(encoding, "replace") for encoding in _LEGACY}
    scores = {encoding: plausibility(text) for encoding, text in readings.items()}
    claimed = _SUPERSETS.get(declared, declared)
    best = max(_LEGACY, key=lambda encoding: scores[encoding])
    if claimed in readings and scores[claimed] >= scores[best] - 0.1:
        reason = f"declared {declared}" + ("" if claimed == declared else f", read as {claimed}")
        best = claimed
    elif claimed in readings:
        reason = f"declared {declared}, but its characters are plausible only as {best}"
    else:
        reason = (
            f"declared {declared}, not valid as such; {best} by its characters"
            if declared
            else (f"nothing declared; {best} by its characters")
        )
    lost = readings[best].count("�")
    if lost:
        return Text(readings[best], best, f"{reason}; {lost} undecodable", repairs=("broken_bytes_replaced",))
    return Text(readings[best], best, reason)


def plausibility(text: str) -> float:
    """How much a text looks like modern Chinese, 0 to 1: the share of common characters among the non-ASCII ones."""
    foreign = [char for char in text[:200_000] if char > "\x7f"]
    if not foreign:
        return 1.0
    return sum(char in common_characters() for char in foreign) / len(foreign)


@cache
def common_characters() -> frozenset[str]:
    """Level 1 of GB 2312 and of Big5 (the characters in daily use of both scripts) and Chinese punctuation."""
    gb = bytes(byte for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) for byte in (high, low))
    lows = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    big5 = bytes(byte for high in range(0xA4, 0xC7) for low in lows for byte in (high, low))
    punctuation = "，。、；：？！“”‘’（）《》〈〉【】〔〕—…·　％－／＋＝①②③④⑤⑥⑦⑧⑨⑩〇○●０１２３４５６７８９\xa0"
    return frozenset(gb.decode("gb2312", "ignore") + big5.decode("big5", "ignore") + punctuation)

"""Bytes to text: the encoding is decided by what the bytes prove, and labels are only witnesses.

Headers and meta tags of government portals lie often enough (GB18030 declared gb2312, UTF-8 declared gbk, Big5 declared
gb2312) that every document records which encoding was taken and why.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import replace

from charset_normalizer import from_bytes

from pipelines.model import Text
from pipelines.normalize.hanzi import is_han, plausibility
from pipelines.sevenbit import seven_bit
from pipelines.wide import utf16_without_mark, utf32_without_mark

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# A declared subset is read with the superset that real pages use under its name.
_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
    "cp936": "gb18030", "gb18030-2000": "gb18030", "chinese": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs", "cp950": "big5hkscs",
    "utf8": "utf-8", "unicode": "utf-8", "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252",
}  # fmt: skip
_CHARSET = rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z][\w.:-]*)"""
_IN_HEADER = re.compile(_CHARSET, re.IGNORECASE)
# Scripts and links declare charsets of their own; only the XML declaration and meta tags speak of the document.
_IN_DOCUMENT = re.compile(rb"<\?xml[^>]*?" + _CHARSET + rb"|<meta\b[^>]*?" + _CHARSET, re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_HEAD = 8192
_CHINESE = ("gb18030", "big5hkscs", "utf-8")
# Running text reads above the first; below the second it is no Chinese in this encoding.
_BEYOND_DOUBT, _NO_CHINESE = 0.75, 0.2
_SAMPLE = 20_000


def decode(body: bytes, content_type: str = "") -> Text:
    """Decode a payload. Never raises: what cannot be decoded becomes U+FFFD, and the reason says how much."""
    marked = _by_mark(body)
    if marked:
        return marked
    wide = utf32_without_mark(body) or utf16_without_mark(body)
    if wide:
        return _read(body, wide, f"{wide} by the pattern of its bytes")
    declared = declared_charset(body, content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _judged(body, declared)
    return (seven_bit(body, declared) if body.isascii() else None) or Text(text, "utf-8", "valid UTF-8")


def declared_charset(body: bytes, content_type: str = "") -> str:
    """The charset that the header, else the document's first bytes, declare; empty when neither does."""
    head = body[:_HEAD]
    if b"<!--" in head:
        head = _COMMENT.sub(b"", head)
    match = _IN_HEADER.search(content_type.encode("ascii", "replace")) or _IN_DOCUMENT.search(head)
    return match[match.lastindex or 1].decode("ascii").lower() if match else ""


def _by_mark(body: bytes) -> Text | None:
    """A payload with a byte order mark that is true: what follows is text in that encoding."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            rest = body[len(bom) :]
            try:
                return Text(rest.decode(encoding), encoding, "byte order mark")
            except UnicodeDecodeError:
                text = rest.decode(encoding, "replace")
            if 20 * text.count("�") <= len(text):
                return _read(rest, encoding, "byte order mark")
            return _judged(rest, f"{encoding} by its byte order mark")
    return None


def _judged(body: bytes, declared: str) -> Text:
    """Bytes that are not all UTF-8: the encoding in which they read best, the declared one where nothing is better."""
    claimed = _SUPERSETS.get(declared, declared)
    first = claimed if claimed in _CHINESE else "gb18030"
    scores = {first: _score(body, first)}
    if scores[first] < _BEYOND_DOUBT or first == "utf-8":
        scores |= {encoding: _score(body, encoding) for encoding in _CHINESE if encoding != first}
    best = max(scores, key=lambda encoding: scores[encoding] + (0.1 if encoding == claimed else 0))
    if scores[best] < _NO_CHINESE:
        foreign = _foreign(body, claimed)
        if foreign:
            return foreign
    if best == claimed:
        reason = f"declared {declared}" + ("" if claimed == declared else f", read as {claimed}")
    elif declared:
        reason = f"declared {declared}, but its characters are plausible only as {best}"
    else:
        reason = f"nothing declared; {best} by its characters"
    return _read(body, best, reason)


def _score(body: bytes, encoding: str) -> float:
    """How much the bytes look like Chinese in an encoding, by a sample from where they stop being ASCII."""
    start = _first_high(body)
    text = body[start : start + _SAMPLE].decode(encoding, "replace")
    # A cut through the last character is the sample's fault.
    return plausibility(text[:-1] if len(body) > start + _SAMPLE else text)


def _first_high(body: bytes) -> int:
    """Where the first byte beyond ASCII stands."""
    high = re.search(rb"[\x80-\xff]", body)
    return high.start() if high else 0


def _foreign(body: bytes, claimed: str) -> Text | None:
    """Text in no Chinese encoding: as declared, if it is valid so, else as the detector of charset-normalizer finds."""
    try:
        return Text(body.decode(claimed), claimed, f"declared {claimed}; in no Chinese encoding plausible")
    except (LookupError, UnicodeDecodeError, ValueError):
        found = from_bytes(body[:_SAMPLE]).best()
    if found is None or found.encoding in ("utf_8", "ascii"):
        return None
    return _read(body, found.encoding, "nothing declared fits; found by charset-normalizer")


def _read(body: bytes, encoding: str, reason: str) -> Text:
    """The text in an encoding. Where that fails, piece by piece: a piece can be in another encoding, or be damaged."""
    try:
        return Text(body.decode(encoding), encoding, reason)
    except UnicodeDecodeError:
        if encoding not in _CHINESE:
            text = body.decode(encoding, "replace")
            return _with_losses(Text(text, encoding, reason), text.count("�"))
    return _by_piece(body, encoding, reason)


_PIECE = re.compile(rb"[<>\r\n]+|[^<>\r\n]+")


def _by_piece(body: bytes, encoding: str, reason: str) -> Text:
    """A page put together from parts in other encodings, or with broken bytes: each piece between tags by itself."""
    out: list[str] = []
    others: dict[str, int] = {}
    lost = 0
    for piece in _PIECE.findall(body):
        if piece.isascii():
            out.append(piece.decode("ascii"))
            continue
        other = _other_encoding(piece, encoding)
        if other:
            others[other] = others.get(other, 0) + 1
        text = piece.decode(other or encoding, "replace")
        lost += text.count("�") if not other else 0
        out.append(text)
    decoded = Text("".join(out), encoding, reason)
    if others:
        parts = ", ".join(f"{count} pieces in {other}" for other, count in sorted(others.items()))
        decoded = replace(decoded, reason=f"{decoded.reason}; {parts}", repairs=("mixed_encodings",))
    return _with_losses(decoded, lost)


def _other_encoding(piece: bytes, encoding: str) -> str | None:
    """The encoding of a piece that is not in the page's, but whole and plausible in another."""
    try:
        text = piece.decode(encoding)
        if encoding == "utf-8":
            return None
        own = plausibility(text)
    except UnicodeDecodeError:
        own = -1.0
    for other in _CHINESE:
        if other == encoding:
            continue
        try:
            text = piece.decode(other)
        except UnicodeDecodeError:
            continue
        if sum(map(is_han, text)) >= 2 and plausibility(text) > max(own, 0.0) + (0.3 if other == "utf-8" else 0.6):
            return other
    return None


def _with_losses(text: Text, lost: int) -> Text:
    if not lost:
        return text
    return replace(text, reason=f"{text.reason}; {lost} undecodable", repairs=(*text.repairs, "broken_bytes_replaced"))

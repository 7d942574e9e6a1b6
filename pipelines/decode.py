"""Bytes to text: the encoding is decided by what the bytes prove, and labels are only witnesses.

Headers and meta tags of government portals lie often enough (GB18030 declared gb2312, UTF-8 declared gbk, Big5 declared
gb2312) that every document records which encoding was taken and why.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from functools import cache

from charset_normalizer import from_bytes

from pipelines.model import Text
from pipelines.normalize.characters import join_surrogates
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
# Double-byte encodings of other languages: their text can pass for Chinese of a poor kind.
_NEIGHBOURS = frozenset({"shift_jis", "x-sjis", "euc-jp", "euc-kr", "ks_c_5601-1987"})
# Running text reads above the first; what reads below the last is no Chinese in this encoding.
_BEYOND_DOUBT, _HARDLY_CHINESE, _NO_CHINESE = 0.75, 0.5, 0.2
_SAMPLE = 20_000
# One of each library of codecs that comes with Python, and those that pages declare most.
_LOADED_EARLY = (
    "gb18030", "gb2312", "gbk", "hz", "big5", "big5hkscs", "shift_jis", "euc_jp", "euc_kr", "iso2022_jp", "utf-7",
    "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp1252", "latin-1", "ascii",
)  # fmt: skip
_MOST_BREAKS, _LOOK_AHEAD = 100, 40


@cache
def load_codecs() -> None:
    """Have Python load the codecs, which it else does when one is first asked for. Done before memory is limited.

    A codec whose library finds no room is taken for one that does not exist, from then on and for every document.
    """
    for name in _LOADED_EARLY:
        codecs.lookup(name)


def decode(body: bytes, content_type: str = "") -> Text:
    """Decode a payload. Never raises: what cannot be decoded becomes U+FFFD, and the reason says how much."""
    marked = _by_mark(body)
    if marked:
        return marked
    wide = utf32_without_mark(body) or utf16_without_mark(body)
    if wide and _is_text(body, wide):
        return _read(body, wide, f"{wide} by the pattern of its bytes")
    declared = declared_charset(body, content_type)
    if body.isascii():
        return seven_bit(body, declared) or Text(body.decode("ascii"), "utf-8", "valid UTF-8")
    try:
        return Text(body.decode("utf-8"), "utf-8", "valid UTF-8")
    except UnicodeDecodeError as broken:
        cut = _cut(body, broken)
        return cut or _with_surrogates(body) or _judged(body, declared)


def declared_charset(body: bytes, content_type: str = "") -> str:
    """The charset that the header, else the document's first bytes, declare; empty when neither does."""
    head = body[:_HEAD]
    if b"<!--" in head:
        head = _COMMENT.sub(b"", head)
    match = _IN_HEADER.search(content_type.encode("ascii", "replace")) or _IN_DOCUMENT.search(head)
    return match[match.lastindex or 1].decode("ascii").lower() if match else ""


def _by_mark(body: bytes) -> Text | None:
    """A payload with a byte order mark, in that encoding unless what follows says that the mark is not true."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            rest = body[len(bom) :]
            try:
                if _is_text(rest, encoding) or not _is_text(rest, "gb18030", "utf-8"):
                    return Text(rest.decode(encoding), encoding, "byte order mark")
            except UnicodeDecodeError:
                pass
            text = decode(rest)
            truth = "byte order mark" if text.encoding == encoding else f"byte order mark of {encoding}, not true"
            return replace(text, reason=f"{truth}; {text.reason}")
    return None


def _is_text(body: bytes, *encodings: str) -> bool:
    """Whether bytes are text in one of the encodings: ASCII for the most part, or Chinese to look at."""
    for encoding in encodings:
        sample = body[:_SAMPLE].decode(encoding, "replace")[:-1]
        foreign = sum(char > "\x7f" for char in sample)
        if 2 * foreign < len(sample) or plausibility(sample) > _NO_CHINESE:
            return True
    return False


def _cut(body: bytes, broken: UnicodeDecodeError) -> Text | None:
    """UTF-8 that ends in the middle of a character, as downloads and fields of fixed length do."""
    text = body[: broken.start].decode("utf-8")
    if len(body) - broken.start > 3 or broken.reason != "unexpected end of data" or not any(map(is_han, text)):
        return None
    return _with_losses(Text(f"{text}�", "utf-8", "valid UTF-8 but for its end"), 1)


def _with_surrogates(body: bytes) -> Text | None:
    """UTF-8 made from UTF-16 unit by unit (CESU-8): valid but for its surrogates."""
    try:
        text = body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    return Text(join_surrogates(text), "utf-8", "valid UTF-8 but for surrogates", repairs=("surrogates",))


def _judged(body: bytes, declared: str) -> Text:
    """Bytes that are not all UTF-8: the encoding in which they read best, the declared one where nothing is better."""
    claimed = _SUPERSETS.get(declared, declared)
    first = claimed if claimed in _CHINESE else "gb18030"
    scores = {first: _score(body, first)}
    if scores[first] < _BEYOND_DOUBT or first == "utf-8":
        scores |= {encoding: _score(body, encoding) for encoding in _CHINESE if encoding != first}
    best = max(scores, key=lambda encoding: scores[encoding] + (0.1 if encoding == claimed else 0))
    if scores[best] < (_HARDLY_CHINESE if claimed in _NEIGHBOURS else _NO_CHINESE):
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
    text = resynchronised(body[start : start + _SAMPLE], encoding)
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
    return _read(body, codecs.lookup(found.encoding).name, "nothing declared fits; found by charset-normalizer")


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
        text = resynchronised(piece, other or encoding)
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


def resynchronised(piece: bytes, encoding: str) -> str:
    """A piece in which some bytes are broken, each of them at the cost of one character and no more.

    A broken first byte of two would otherwise put every pair behind it out of step, up to the next ASCII.
    """
    out: list[str] = []
    position = 0
    for _ in range(_MOST_BREAKS):
        try:
            return "".join(out) + piece[position:].decode(encoding)
        except UnicodeDecodeError as broken:
            at = position + broken.start
            out.append(piece[position:at].decode(encoding) + "�")
            position = at + max(1, 2 if _reads_better(piece, at + 2, at + 1, encoding) else broken.end - broken.start)
    return "".join(out) + piece[position:].decode(encoding, "replace")


def _reads_better(piece: bytes, second: int, first: int, encoding: str) -> bool:
    """Whether a piece goes on from the second place more plausibly than from the first; ASCII is never left out."""
    if encoding == "utf-8" or second > len(piece) or piece[first] < 0x80:
        return False
    # Both up to the same place, which can lie in the middle of a character.
    after = [piece[start : second + _LOOK_AHEAD].decode(encoding, "replace").rstrip("�") for start in (second, first)]
    return plausibility(after[0]) > plausibility(after[1])


def _with_losses(text: Text, lost: int) -> Text:
    if not lost:
        return text
    return replace(text, reason=f"{text.reason}; {lost} undecodable", repairs=(*text.repairs, "broken_bytes_replaced"))

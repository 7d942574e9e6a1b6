"""The pieces of a binary Word file (.doc of Word 97 to 2003, .wps and .wpt of WPS): text, and what is said about it.

The text lies in pieces, in order; properties of paragraphs and characters lie in pages of 512 bytes by *file position*,
each as a list of modifiers (sprms). Source: Microsoft's [MS-DOC], whose names are kept for what is looked up there.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from pipelines.documents.formats import Unreadable

_WORD_97, _WORD_95 = 0xA5EC, 0xA5DC
_FIRST_VERSION = 0xC1  # nFib of Word 97
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_PAGE = 512
_MOST_TEXT, _MOST_PIECES = 2_000_000, 100_000  # pieces may overlap, so a small file can claim any length
_MOST_KNOWN = 20_000  # lists of modifiers that are kept as read
_OPERANDS = (1, 1, 2, 4, 2, 2, -1, 3)  # bytes, by the three highest bits of a sprm; -1: told by the first byte
_DEFINE_TABLE, _CHANGE_TABS = 0xD608, 0xC615
_HUGE = frozenset((0x6645, 0x6646, 0x646B))  # sprmPHugePapx and sprmPTableProps: the modifiers lie in the Data stream
# The short modifiers of a piece that matter here, as the long ones.
_SHORT = {0x18: 0x2416, 0x19: 0x2417, 0x41: 0x0800, 0x57: 0x0837, 0x5C: 0x083C, 0x68: 0x2A48}

Sprm = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Segment:
    """Text in one look and of one paragraph. `position` counts UTF-16 units from the beginning of the file's text."""

    position: int
    text: str
    paragraph: bytes
    """The style (two bytes) and the modifiers of the paragraph."""
    characters: bytes
    piece: tuple[Sprm, ...]
    """Modifiers of the whole piece, which files saved fast have."""
    is_end: bool
    """Whether the paragraph ends with it."""


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    offset: int
    width: int
    sprms: tuple[Sprm, ...]


@dataclass(slots=True)
class _Runs:
    """Byte ranges of the file, each with what is said about the text in it."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    values: list[bytes] = field(default_factory=list)

    def at(self, offset: int) -> tuple[bytes, int]:
        """What holds at a position, and up to where."""
        place = bisect_right(self.starts, offset) - 1
        if place >= 0 and offset < self.ends[place]:
            return self.values[place], self.ends[place]
        following = place + 1
        return b"", self.starts[following] if following < len(self.starts) else 1 << 40


class WordFile:
    """The streams of a binary Word file, opened. Raises Unreadable for one that is encrypted, older or damaged."""

    def __init__(self, word: bytes, tables: dict[bool, bytes], data: bytes) -> None:
        self._word, self.data = word, data
        magic, version = u16(word, 0), u16(word, 2)
        if magic == _WORD_95 or (magic == _WORD_97 and version < _FIRST_VERSION):
            raise Unreadable("no reader for this format: Word 6.0 or 95")
        if magic != _WORD_97:
            raise Unreadable("the file is damaged: its Word header is not one")
        flags = u16(word, 0x0A)
        if flags & _ENCRYPTED:
            raise Unreadable("the file is encrypted")
        self.table = tables.get(bool(flags & _TABLE_1), b"")
        longs = 0x20 + 2 + 2 * u16(word, 0x20)
        self._lengths = longs + 2
        self._pairs = self._lengths + 4 * u16(word, longs) + 2
        self._known: dict[bytes, tuple[Sprm, ...]] = {}
        self._pieces = list(self._read_pieces())
        self._starts = [piece.start for piece in self._pieces]
        self._paragraphs = self._runs(13, self._paragraph_page)
        self._characters = self._runs(12, self._character_page)

    def length(self, number: int) -> int:
        """How many characters a part of the text has (3: the main text, 4…: notes and others, 9: text boxes)."""
        return max(i32(self._word, self._lengths + 4 * number), 0)

    def place(self, number: int) -> tuple[int, int]:
        """Where a structure lies in the table stream, and its size, by its number in FibRgFcLcb."""
        return u32(self._word, self._pairs + 8 * number), u32(self._word, self._pairs + 8 * number + 4)

    def block(self, number: int) -> bytes:
        """A structure of the table stream; b"" when the file has none."""
        start, size = self.place(number)
        if size and start + size > len(self.table):
            raise Unreadable("the file is cut off or damaged: a structure lies beyond its end")
        return self.table[start : start + size]

    def segments(self, start: int, end: int) -> Iterator[Segment]:
        """The text between two positions, cut wherever its properties change."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        for piece in islice(self._pieces, first, None):
            if piece.start >= end:
                return
            position, limit = max(start, piece.start), min(end, piece.end)
            while position < limit:
                offset = piece.offset + (position - piece.start) * piece.width
                paragraph, one = self._paragraphs.at(offset)
                characters, other = self._characters.at(offset)
                count = max((min(one, other) - offset) // piece.width, 1)
                following = min(position + count, limit)
                raw = self._word[offset : offset + (following - position) * piece.width]
                text = raw.decode("cp1252" if piece.width == 1 else "utf-16-le", "replace")
                is_end = offset + (following - position) * piece.width >= one
                yield Segment(position, text, paragraph, characters, piece.sprms, is_end)
                position = following

    def _read_pieces(self) -> Iterator[_Piece]:
        clx = self.block(33)
        place, modifiers = 0, []
        while clx[place : place + 1] == b"\x01":
            size = u16(clx, place + 1)
            modifiers.append(clx[place + 3 : place + 3 + size])
            place += 3 + size
        if clx[place : place + 1] != b"\x02":
            raise Unreadable("the file is damaged: it has no list of its pieces of text")
        plc = clx[place + 5 : place + 5 + u32(clx, place + 1)]
        count, total = (len(plc) - 4) // 12, 0
        for number in range(count):
            start, end = u32(plc, 4 * number), u32(plc, 4 * number + 4)
            descriptor = 4 * (count + 1) + 8 * number
            offset, prm = u32(plc, descriptor + 2), u16(plc, descriptor + 6)
            width = 1 if offset & 0x40000000 else 2
            offset = (offset & 0x3FFFFFFF) // (2 if width == 1 else 1)
            total += end - start
            if count > _MOST_PIECES or total > _MOST_TEXT:
                raise Unreadable("the file has more text than a report")
            if end < start or offset + (end - start) * width > len(self._word):
                raise Unreadable("the file is cut off or damaged: a piece of text lies beyond its end")
            yield _Piece(start, end, offset, width, self._piece_sprms(prm, modifiers))

    def _piece_sprms(self, prm: int, modifiers: list[bytes]) -> tuple[Sprm, ...]:
        if prm & 1:
            return self.sprms(modifiers[prm >> 1]) if prm >> 1 < len(modifiers) else ()
        long = _SHORT.get(prm >> 1 & 0x7F)
        return ((long, bytes((prm >> 8,))),) if long else ()

    def _runs(self, number: int, page_of: Callable[[bytes], Iterator[tuple[int, int, bytes]]]) -> _Runs:
        """The ranges of all pages that a bin table names; each page counts once."""
        bins = self.block(number)
        count = (len(bins) - 4) // 8
        if count < 1:
            raise Unreadable("the file is damaged: the properties of its text are missing")
        pages = dict.fromkeys(u32(bins, 4 * (count + 1 + page)) & 0x3FFFFF for page in range(count))
        found: list[tuple[int, int, bytes]] = []
        for page in pages:
            raw = self._word[page * _PAGE : (page + 1) * _PAGE]
            if len(raw) < _PAGE:
                raise Unreadable("the file is cut off or damaged: a page of properties lies beyond its end")
            found += page_of(raw)
        found.sort()
        return _Runs([run[0] for run in found], [run[1] for run in found], [run[2] for run in found])

    @staticmethod
    def _paragraph_page(page: bytes) -> Iterator[tuple[int, int, bytes]]:
        count = min(page[-1], (_PAGE - 5) // 17)
        for number in range(count):
            place = 2 * page[4 * (count + 1) + 13 * number]
            value = b""
            if place:
                size = 2 * page[place] - 1 if page[place] else 2 * page[(place + 1) % _PAGE]
                place += 1 if page[place] else 2
                value = page[place : place + size]
            yield u32(page, 4 * number), u32(page, 4 * number + 4), value

    @staticmethod
    def _character_page(page: bytes) -> Iterator[tuple[int, int, bytes]]:
        count = min(page[-1], (_PAGE - 5) // 5)
        for number in range(count):
            place = 2 * page[4 * (count + 1) + number]
            value = page[place + 1 : place + 1 + page[place]] if place else b""
            yield u32(page, 4 * number), u32(page, 4 * number + 4), value

    def sprms(self, raw: bytes) -> tuple[Sprm, ...]:
        """The modifiers in a list, with those that it keeps in the Data stream in their place."""
        known = self._known.get(raw)
        if known is None:
            known = tuple(self._read_sprms(raw, deep=True))
            if len(self._known) < _MOST_KNOWN:
                self._known[raw] = known
        return known

    def _read_sprms(self, raw: bytes, *, deep: bool) -> Iterator[Sprm]:
        place = 0
        while place + 2 <= len(raw):
            code = u16(raw, place)
            place += 2
            size = _OPERANDS[code >> 13]
            if code == _DEFINE_TABLE:
                size = u16(raw, place) + 1 if place + 2 <= len(raw) else 0
            elif size < 0:
                size = 1 + (raw[place] if place < len(raw) else 0)
                if code == _CHANGE_TABS and size == 256:
                    return  # its size is told otherwise, and nothing that matters here follows it
            operand = raw[place : place + size]
            place += size
            if len(operand) < size:
                return
            if code in _HUGE and deep:
                start = u32(operand, 0)
                if start + 2 <= len(self.data):
                    inner = self.data[start + 2 : start + 2 + u16(self.data, start)]
                    yield from self._read_sprms(inner, deep=False)
            else:
                yield code, operand


def u16(data: bytes, place: int) -> int:
    """An unsigned number of two bytes. Beyond the end of the data the file is cut off."""
    return _number("<H", data, place)


def u32(data: bytes, place: int) -> int:
    """An unsigned number of four bytes."""
    return _number("<I", data, place)


def i16(data: bytes, place: int) -> int:
    """A signed number of two bytes."""
    return _number("<h", data, place)


def i32(data: bytes, place: int) -> int:
    """A signed number of four bytes."""
    return _number("<i", data, place)


def _number(form: str, data: bytes, place: int) -> int:
    try:
        (number,) = struct.unpack_from(form, data, place)
    except struct.error:
        raise Unreadable("the file is cut off or damaged: a structure ends too early") from None
    return int(number)

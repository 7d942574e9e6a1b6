"""Records that are a gzip member each, as nearly all are, inflated in one go, which libdeflate does in half the time.

It only goes as far as all is in order: checksums are right, and the header's length is that of the member. Behind that
place the careful readers of `framing` go on, and they are also asked what the headers say of a record that is kept.
"""

from __future__ import annotations

import io
import re
import struct
from bisect import bisect_left
from collections.abc import Callable, Generator
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from zlib import crc32

from archive.payloads import LIMIT

if TYPE_CHECKING:
    from datetime import datetime

    from archive.incoming.framing import Record
    from archive.incoming.members import Span

try:
    from deflate import DeflateError, gzip_decompress
except ImportError:
    IS_FAST = False
else:
    IS_FAST = True

_MAGIC = b"\x1f\x8b\x08"
_SHORTEST = 18  # bytes of a member's head and end
_BEGIN = re.compile(rb"\x1f\x8b\x08")
_ENDING = struct.Struct("<II")  # of a member: the checksum of what comes out, and how much that is
_READ = 1 << 20
_LONGEST = 16 << 20  # of a member, in bytes as it is; longer ones are left to the reader of streams
_MOST_INFLATED = 1032  # times, by deflate
_TRIES = 4  # ends of a member, for compressed bytes may look like the start of one
_TYPE, _LENGTH, _END = b"\r\nWARC-Type: ", b"\r\nContent-Length: ", b"\r\n\r\n"


class Whole:
    """A record that was inflated; what its headers say is read when it is asked for."""

    __slots__ = ("_again", "_ask", "_block", "_member", "_plain", "content_length", "record_type")

    def __init__(
        self, kind: int, block: tuple[int, int], plain: bytes, member: bytes | memoryview, ask: Asking
    ) -> None:
        self.record_type = kind
        self.content_length = block[1] - block[0]
        self._block = block
        self._plain = plain
        self._member = member
        self._ask = ask
        self._again: Record | None = None

    def halves(self) -> tuple[bytes, bytes]:
        """(head, body) of a response; nothing where no blank line parts them as the standard has it."""
        start, end = self._block
        parting = self._plain.find(_END, start, end)
        head = self._cut(start, parting) if parting >= 0 else b""
        if not head or b"\n\n" in head or b"\n\r\n" in head:
            return b"", b""
        return head, self._cut(parting + len(_END), end)

    @property
    def reader(self) -> Whole:
        """The block, to be read."""
        return self

    def read(self, size: int = -1) -> bytes:
        """The block; `size` is of streams."""
        return self._cut(*self._block)

    @property
    def record_id(self) -> str | None:
        """The WARC-Record-ID."""
        return self._asked.record_id

    @property
    def record_date(self) -> datetime:
        """The moment of the fetch."""
        return self._asked.record_date

    @property
    def headers(self) -> Any:
        """The headers of the record."""
        return self._asked.headers

    @property
    def _asked(self) -> Record:
        if self._again is None:
            self._again = self._ask(io.BytesIO(self._member))
        return self._again

    def _cut(self, start: int, end: int) -> bytes:
        return bytes(memoryview(self._plain)[start:end])


Asking = Callable[[io.BytesIO], "Record"]
"""How a reader of streams gives the one record of a member."""


def whole_records(span: Span, kinds: dict[bytes, int], ask: Asking) -> Generator[tuple[int, Whole], None, int | None]:
    """The records of these kinds; returns the place in the file where it gave up, None at the end of the span.

    Of the span is then known what is behind it.
    """
    place, buffer = span.tell(), b""
    position = 0
    while True:
        if span.is_past(place + position):
            span.behind = place + position
            return None
        left = len(buffer) - position
        more = span.read(max(_READ, left))
        if not more and not left:
            return None
        place += position
        buffer, position = buffer[position:] + more, 0
        view, begins = memoryview(buffer), _begins_in(buffer)
        while position < len(buffer) and not span.is_past(place + position):
            inflated = _member_at(view, begins, position, is_all=not more)
            if inflated is None:
                break
            plain, end = inflated
            found = _block_of(plain) if plain else None
            if found is None:
                return place + position
            kind = kinds.get(found[0].strip().lower())
            if kind is not None:
                yield place + position, Whole(kind, found[1], plain, view[position:end], ask)
            position = end
        if position == 0 and len(buffer) > _LONGEST:
            return place


def _begins_in(buffer: bytes) -> list[int]:
    """Where members may begin. Hyperscan takes half the time of `re`, which takes half that of `find`."""
    database = _database()
    if database is None:
        return [found.start() for found in _BEGIN.finditer(buffer)]
    begins: list[int] = []
    note = begins.append
    database.scan(buffer, match_event_handler=lambda number, start, end, flags, context: note(end - len(_MAGIC)))
    return sorted(begins)


@cache
def _database() -> Any:
    """What has Hyperscan look for the beginnings of members; None where it is not installed."""
    try:
        import hyperscan
    except ImportError:
        return None
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=[_BEGIN.pattern], ids=[0], elements=1, flags=[0])
    database.scratch = hyperscan.Scratch(database)
    return database


def _member_at(view: memoryview, begins: list[int], start: int, *, is_all: bool) -> tuple[bytes, int] | None:
    """What a member holds, and where it ends: nothing where it is damaged; None where its end is missing."""
    damaged = b"", start
    if view[start : start + len(_MAGIC)] != _MAGIC:
        return damaged
    first = bisect_left(begins, start + _SHORTEST)
    for number in range(first, first + _TRIES):
        if number >= len(begins) and not is_all:
            return None
        end = begins[number] if number < len(begins) else len(view)
        if end - start < _SHORTEST:
            break
        check, size = _ENDING.unpack_from(view, end - _ENDING.size)
        if 0 < size <= min(LIMIT, (end - start) * _MOST_INFLATED):
            try:
                plain = cast(bytes, gzip_decompress(view[start:end], size))  # a bytearray that nobody changes
            except DeflateError:
                plain = b""
            # Bytes behind a member do not disturb libdeflate: what seems to end farther on must prove that it does.
            if len(plain) == size and (number == first or crc32(plain) == check):
                return plain, end
        if end == len(view):
            break
    return damaged


def _block_of(plain: bytes) -> tuple[bytes, tuple[int, int]] | None:
    """The type of the one record in a member and where its block is; None where it is not written as usual."""
    end = plain.find(_END)
    kind = plain.find(_TYPE, 0, end)
    length = plain.find(_LENGTH, 0, end)
    if not plain.startswith(b"WARC/1.") or kind < 0 or length < 0:
        return None
    kind, length = kind + len(_TYPE), length + len(_LENGTH)
    digits = plain[length : plain.find(b"\r\n", length)]
    start, behind = end + len(_END), len(plain) - len(_END)
    if not digits.isdigit() or start + int(digits) != behind or not plain.endswith(_END):
        return None
    return bytes(plain[kind : plain.find(b"\r\n", kind)]), (start, behind)

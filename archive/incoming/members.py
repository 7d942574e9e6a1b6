"""Where the records of a WARC file begin: gzip members found by their magic and proved by what they hold.

A file is cut at such places. They may lie: a record can hold a WARC file, which deflate leaves nearly as it is. What
counts is where the records before lead to (`record_behind`).
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import BinaryIO

_GZIP, _WARC = b"\x1f\x8b\x08", b"WARC/1."
_PLAIN = re.compile(rb"WARC/1\.\d\r\nWARC-")
_BLOCK = 1 << 20
_PROOF = 512  # compressed bytes that hold the first line of a record
_OVERLAP = 64
_BLANKS = b"\0\r\n\t "  # what pads files, and stands between records that nobody wrote
_HEAD = 1 << 16  # bytes of the head of a record or member
_LENGTH = re.compile(rb"\r\nContent-Length:\s*(\d{1,18})\s*\r\n", re.IGNORECASE)
_EXTRA, _NAME, _COMMENT, _CHECK = 4, 8, 16, 2  # flags of a member's head


def next_record(file: BinaryIO, position: int) -> int | None:
    """Where the first record at or behind a position begins, None behind the last.

    Of a compressed file that is the start of a gzip member which inflates to a record, of a plain one its first line.
    """
    file.seek(0)
    find = _next_member if file.read(2) == _GZIP[:2] else _next_line
    return find(file, position)


def _next_member(file: BinaryIO, position: int) -> int | None:
    while True:
        file.seek(position)
        block = file.read(_BLOCK + _PROOF)
        place = block.find(_GZIP)
        while 0 <= place < _BLOCK:
            if _holds_record(block[place : place + _PROOF]):
                return position + place
            place = block.find(_GZIP, place + 1)
        if len(block) < _BLOCK + _PROOF:
            return None
        position += _BLOCK


def _holds_record(start: bytes) -> bool:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(start, len(_WARC)) == _WARC
    except zlib.error:
        return False


def _next_line(file: BinaryIO, position: int) -> int | None:
    while True:
        file.seek(position)
        block = file.read(_BLOCK + _OVERLAP)
        found = _PLAIN.search(block)
        if found is not None:
            return position + found.start()
        if len(block) < _BLOCK + _OVERLAP:
            return None
        position += _BLOCK


def record_behind(file: BinaryIO, place: int) -> int | None:
    """Where the record behind that at a place begins, None behind the last; nothing inside of it is one.

    Only where damage keeps its own end from being told is it the next that looks like one.
    """
    file.seek(0)
    end = (_end_of_member if file.read(2) == _GZIP[:2] else _end_of_plain)(file, place)
    return next_record(file, place + 1 if end is None else end)


def first_behind(source: str, start: int | None, until: int) -> int | None:
    """The first record at or behind `until` to which the records from that at `start` on lead."""
    with Path(source).open("rb") as file:
        while start is not None and start < until:
            start = record_behind(file, start)
    return start


def _end_of_member(file: BinaryIO, place: int) -> int | None:
    """Where a member ends, whatever its checksum says; the file's end where it is torn, None where it is broken."""
    file.seek(place)
    block = file.read(_HEAD)
    head = _length_of_head(block)
    if head is None:
        return None
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    position, block = place + head, block[head:]
    try:
        while block:
            position += len(block)
            stream.decompress(block, _BLOCK)
            while stream.unconsumed_tail and not stream.eof:  # at its end it may keep the same tail for ever
                stream.decompress(stream.unconsumed_tail, _BLOCK)
            if stream.eof:
                return position - len(stream.unused_data) + 8
            block = file.read(_HEAD)
    except zlib.error:
        return None
    return position


def _length_of_head(block: bytes) -> int | None:
    """Bytes of the head of a gzip member (RFC 1952)."""
    if not block.startswith(_GZIP) or len(block) < 10:
        return None
    flags, length = block[3], 10
    if flags & _EXTRA:
        length += 2 + int.from_bytes(block[length : length + 2], "little")
    for flag in (_NAME, _COMMENT):
        if flags & flag:
            length = block.find(b"\0", length) + 1
            if not length:
                return None
    return length + 2 * bool(flags & _CHECK)


def _end_of_plain(file: BinaryIO, place: int) -> int | None:
    """Where a record that is not compressed ends by its own length, if another or the end of the file is there."""
    file.seek(place)
    head, parting, _ = file.read(_HEAD).partition(b"\r\n\r\n")
    length = _LENGTH.search(head + b"\r\n")
    if not parting or length is None:
        return None
    end = place + len(head) + 4 + int(length[1]) + 4
    file.seek(end - 4)
    behind = file.read(4 + _OVERLAP)
    return end if behind == b"\r\n\r\n" or _PLAIN.match(behind, 4) else None


def is_one_stream(file: BinaryIO) -> bool:
    """Whether all records of a compressed file are in one gzip member, so that places are of what comes out of it."""
    file.seek(0)
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    plain = b""
    try:
        while not stream.eof and plain.count(_WARC) < 2 and (block := file.read(_BLOCK)):
            plain = plain[-_OVERLAP:] + stream.decompress(block)
    except zlib.error:
        return False
    if stream.eof:
        return not (stream.unused_data or file.read(1))
    return plain.count(_WARC) > 1


def is_in_members(file: BinaryIO) -> bool:
    """Whether each record of a compressed file is a gzip member, by its first: only then can it be cut."""
    file.seek(0)
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    plain = b""
    try:
        while not stream.eof and plain.count(_WARC) < 2:  # a second record, or a page about the format: no matter
            block = file.read(_BLOCK)
            if not block:
                return False
            plain = plain[-_OVERLAP:] + stream.decompress(block)
    except zlib.error:
        return False
    return stream.eof and bool(stream.unused_data or file.read(1))


class Span:
    """An open file from `start` on, as a stream that knows the true places.

    What begins before `end` (None: the end of the file) belongs to it, as far as it goes.
    """

    def __init__(self, file: BinaryIO, start: int, end: int | None) -> None:
        self._file = file
        self._end = end
        self.behind: int | None = None
        """Where the first record begins that does not belong to it, once a reader was there."""
        file.seek(start)

    def is_parted(self) -> bool:
        """Whether the file is parted into gzip members where its records are."""
        place = self._file.tell()
        self._file.seek(0)
        packed = self._file.read(2) == _GZIP[:2]
        self._file.seek(place)
        return packed and not self.is_one_stream()

    def member_from(self, place: int) -> int | None:
        """Where the next gzip member begins, None at the end of the file. Raises OSError when anything but blanks
        stands before it."""
        self._file.seek(place)
        size = len(_GZIP)  # it nearly always is right there
        while block := self._file.read(size):
            if rest := block.lstrip(_BLANKS):
                place += len(block) - len(rest)
                self._file.seek(place)
                if self._file.read(len(_GZIP)) == _GZIP:
                    return place
                raise OSError(f"what begins at byte {place} is no gzip member")
            place, size = place + len(block), _BLOCK
        return None

    def member_at(self, place: int) -> Member:
        """The gzip member that begins at a place. Raises OSError when it is broken."""
        end = _end_of_member(self._file, place)
        if end is None:
            raise OSError(f"the gzip member at byte {place} is broken")
        return Member(self._file, place, end)

    def is_past(self, place: int) -> bool:
        """Whether what begins at a place does not belong to it."""
        return self._end is not None and place >= self._end

    def is_one_stream(self) -> bool:
        """Whether the file is one gzip stream, not parted where its records are."""
        place = self._file.tell()
        one = is_one_stream(self._file)
        self._file.seek(place)
        return one

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        return self._file.read(size)

    def readline(self, size: int = -1) -> bytes:
        """A line of at most so many bytes; it does not end with the span, for what begins in it belongs to it."""
        if self._end is not None and self._file.tell() >= self._end:
            return b""
        return self._file.readline(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        """As of a file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The place in the file."""
        return self._file.tell()

    def close(self) -> None:
        """Nothing: the file is its opener's."""


class Member:
    """One gzip member of an open file, as a stream of its own."""

    def __init__(self, file: BinaryIO, start: int, until: int) -> None:
        self._file = file
        self.until = until
        """Where it ends."""
        file.seek(start)

    def is_one_stream(self) -> bool:
        """It is, but nobody asks for places in it."""
        return False

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        left = self.until - self._file.tell()
        return self._file.read(left if size < 0 else min(size, left))

    def tell(self) -> int:
        """The place in the file."""
        return self._file.tell()

    def close(self) -> None:
        """Nothing: the file is its opener's."""

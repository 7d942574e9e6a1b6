"""Undoing the content encoding of a response body, piece by piece, and judging whether it can be undone.

What a server sent stays in the WARC as it came; the reader needs the document inside. Damaged encodings are common
(a gzip cut short, a gzip that is none), so this gives what can be had rather than nothing, and stops at a limit. No
more is in memory than the body and one piece, unless the caller keeps the pieces.
"""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Callable, Generator, Iterator
from types import ModuleType
from typing import Literal

from archive.errors import ArchiveError

LIMIT = 64 * 1024 * 1024
"""Bytes of one body, as sent and unpacked. A report is a few hundred kilobytes, and the reader takes half of this;
beyond it is an attack or a film. As much as any version of the crawler has ever fetched, so that all can be read."""

_SLICE, _MOST = 65536, 262144
"""Bytes that go in at a time, and that come out at once."""

_GZIP = b"\x1f\x8b\x08"

_MOST_MEMBERS = 10_000
"""Of one gzip body: writers make one for each few kilobytes at the worst, an attack a million of nothing."""

_MOST_CODINGS = 4
"""One on top of the other; nobody has ever meant more than two."""

Soundness = Literal["whole", "cut", "damaged", "foreign"]
"""Of an encoded body: proved by its end mark and checksum; without its end; with a fault or a wrong checksum inside;
not in the coding at all that its header names."""


class _Unsound(Exception):  # noqa: N818 - not a fault of ours: a fact about the body
    def __init__(self, how: Literal["cut", "damaged"]) -> None:
        self.how: Literal["cut", "damaged"] = how


def unpacked(body: bytes, encoding: str, *, limit: int = LIMIT) -> bytes:
    """The body with its `Content-Encoding` (a comma-separated list, in the order applied) undone; see `pieces`."""
    return b"".join(pieces(body, encoding, limit=limit))


def unpacked_as_far(body: bytes, encoding: str, *, limit: int = LIMIT) -> tuple[bytes, Soundness]:
    """The same, and whether it is all that the coding promises."""
    return _drained(_undone(body, encoding, limit))


def pieces(body: bytes, encoding: str, *, limit: int = LIMIT) -> Iterator[bytes]:
    """The same in pieces of no more than 256 kB.

    A coding that we do not know, or a body that is not in the coding that it claims, is left as it is. A stream that
    breaks off gives the part before the break.

    Raises ArchiveError when the result would pass `limit` bytes.
    """
    yield from _undone(body, encoding, limit)


def soundness(body: bytes, encoding: str, *, limit: int = LIMIT) -> Soundness:
    """Whether a body is all that its `Content-Encoding` promises. One in no coding that we know is whole.

    Raises ArchiveError when it unpacks to more than `limit` bytes.
    """
    undoing = _undone(body, encoding, limit)
    try:
        while True:
            next(undoing)
    except StopIteration as end:
        found: Soundness = end.value
        return found


def _undone(body: bytes, encoding: str, limit: int) -> Generator[bytes, None, Soundness]:
    names = [name.strip().lower() for name in encoding.split(",")]
    codings = [_CODINGS[name] for name in reversed(names) if name in _CODINGS] if body else []
    if len(codings) > _MOST_CODINGS:
        raise ArchiveError(f"a body in {len(codings)} codings, one on top of the other")
    found: Soundness = "whole"
    for coding in codings[:-1]:  # the next one must have all of it
        body, inner = _drained(_one(body, coding, limit))
        found = found if found != "whole" else inner
    if not codings:
        yield body
        return found
    last = yield from _one(body, codings[-1], limit)
    return found if found != "whole" else last


def _drained(undoing: Generator[bytes, None, Soundness]) -> tuple[bytes, Soundness]:
    kept: list[bytes] = []
    while True:
        try:
            kept.append(next(undoing))
        except StopIteration as end:
            return b"".join(kept), end.value


def _one(body: bytes, coding: _Coding, limit: int) -> Generator[bytes, None, Soundness]:
    """One coding undone; the body as it is where nothing comes out of it."""
    length, found = 0, "whole"
    try:
        for piece in coding(body):
            length += len(piece)
            if length > limit:
                raise ArchiveError(f"a body of more than {limit} bytes when unpacked")
            yield piece
    except _Unsound as unsound:
        found = unsound.how
    if found == "whole" or length:
        return found  # type: ignore[return-value]
    yield body
    is_ours = coding is _gzip and body.startswith(_GZIP)
    return "cut" if found == "cut" else "damaged" if is_ours else "foreign"


def _gzip(body: bytes) -> Iterator[bytes]:
    """A body may be several members one after the other, as a gzip file may; what follows that is none is let be."""
    place, members = 0, 0
    while members == 0 or body[place : place + 2] == b"\x1f\x8b":
        members += 1
        if members > _MOST_MEMBERS:
            raise ArchiveError(f"a body of more than {_MOST_MEMBERS} gzip members")
        place = yield from _inflated(body, place, 16 + zlib.MAX_WBITS)


def _deflate(body: bytes) -> Iterator[bytes]:
    # RFC 9110 means a zlib stream; some servers have always sent the bare deflate inside.
    came = False
    try:
        for piece in _inflated(body, 0, zlib.MAX_WBITS):
            came = True
            yield piece
    except _Unsound as unsound:
        if came or unsound.how == "cut":
            raise
        yield from _inflated(body, 0, -zlib.MAX_WBITS)


def _inflated(body: bytes, place: int, bits: int) -> Generator[bytes, None, int]:
    """What a stream that starts at `place` holds; returns where it ends. Raises _Unsound behind the last sound byte."""
    stream = zlib.decompressobj(bits)
    view = memoryview(body)
    # What follows a member is copied with it: the first slice is small, so that many members cost little.
    size = 1024
    while place < len(body):
        data: bytes | memoryview = view[place : place + size]
        place += len(data)
        size = _SLICE
        piece = b""
        while data or len(piece) == _MOST:  # a full piece: there may be more inside, although all input is taken
            try:
                piece = stream.decompress(data, _MOST)
            except zlib.error:
                raise _Unsound("damaged") from None
            data = stream.unconsumed_tail
            if piece:
                yield piece
            if stream.eof:
                return place - len(stream.unused_data)
    raise _Unsound("cut")


def _brotli(body: bytes) -> Iterator[bytes]:
    library = _library("brotli")
    if library is None or not hasattr(library.Decompressor, "can_accept_more_data"):  # before 1.2 nothing bounded it
        yield body
        return
    stream, feed = library.Decompressor(), body
    while not stream.is_finished():
        try:
            piece = stream.process(feed, output_buffer_limit=_MOST)
        except library.error:
            raise _Unsound("damaged") from None
        feed = b""
        if piece:
            yield piece
        elif stream.can_accept_more_data():
            raise _Unsound("cut")


def _zstd(body: bytes) -> Iterator[bytes]:
    library = _library("compression.zstd") or _library("backports.zstd")
    if library is None:
        yield body
        return
    stream, feed = library.ZstdDecompressor(), body
    while not stream.eof:
        try:
            piece = stream.decompress(feed, _MOST)
        except library.ZstdError:
            raise _Unsound("damaged") from None
        feed = b""
        if piece:
            yield piece
        elif stream.needs_input:
            raise _Unsound("cut")


def _library(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


_Coding = Callable[[bytes], Iterator[bytes]]

_CODINGS: dict[str, _Coding] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}

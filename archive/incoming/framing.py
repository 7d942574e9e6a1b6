"""The records of a WARC stream: inflated whole where they are gzip members in order (`whole`), else one by one as
fastwarc gives them, or, where it is not installed, as warcio gives them, slower."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast

from archive.incoming.answers import parted
from archive.incoming.members import Member, Span
from archive.incoming.whole import IS_FAST, Whole, whole_records

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

HAS_FASTWARC = find_spec("fastwarc") is not None
"""Its reader takes a quarter of the time."""

RESPONSE, RESOURCE, CONVERSION = 4, 8, 128
"""The kinds of record that hold documents, in fastwarc's numbers."""

_WANTED = {"response": RESPONSE, "resource": RESOURCE, "conversion": CONVERSION}
_WANTED_BYTES = {name.encode(): kind for name, kind in _WANTED.items()}


class Reader(Protocol):
    """What is left of the block of a record."""

    def read(self, size: int = ...) -> bytes:
        """Up to so many bytes, all by default."""
        ...


class Record(Protocol):
    """One record: its headers and its block, which is read once."""

    @property
    def record_type(self) -> Any: ...
    @property
    def record_id(self) -> str | None: ...
    @property
    def record_date(self) -> datetime: ...
    @property
    def content_length(self) -> int: ...
    @property
    def headers(self) -> Any: ...
    @property
    def reader(self) -> Reader: ...


class Streamed(Record, Protocol):
    """One as a reader of streams gives it."""

    @property
    def stream_pos(self) -> int: ...


def records_in(span: Span) -> Iterator[tuple[int, Record]]:
    """The records of a span that may hold documents, each with its place: that of its gzip member where it is in one.

    Raises OSError where the framing is broken, or something else stands where a record has to begin.
    """
    if IS_FAST:
        place = yield from whole_records(span, _WANTED_BYTES, _only)
        if place is None:
            return
        span.seek(place)
    if span.is_parted():
        yield from _by_member(span)
        return
    for record in _carefully(span):
        if span.is_past(record.stream_pos):
            return
        yield record.stream_pos, record


def _by_member(span: Span) -> Iterator[tuple[int, Record]]:
    """The records of each gzip member that begins in a span; most have one."""
    place = span.member_from(span.tell())
    while place is not None and not span.is_past(place):
        member = span.member_at(place)
        for record in _carefully(member):
            yield place, record
        place = span.member_from(member.until)


def parts_of(record: Record) -> tuple[bytes, bytes, bool]:
    """(head, body, whether all of it is there): of a response the head of HTTP, of others all is body."""
    is_response = int(record.record_type) == RESPONSE
    if isinstance(record, Whole):
        head, body = record.halves() if is_response else (b"", b"")
        if head:
            return head, body, True
    block = record.reader.read()
    head, body = parted(block) if is_response else (b"", block)
    return head, body, len(block) >= record.content_length


def _only(member: BinaryIO) -> Record:
    return next(_carefully(Span(member, 0, None)))


def _carefully(span: Span | Member) -> Iterator[Streamed]:
    if not HAS_FASTWARC:
        yield from _slowly(span)
        return
    from fastwarc.warc import ArchiveIterator, conversion, resource, response

    yield from ArchiveIterator(_undone(span), record_types=response | resource | conversion, parse_http=False)


def _undone(span: Span | Member) -> Any:
    """The stream of which the places of records are told: one gzip stream undone, for in itself they have none."""
    return _Undone(fileobj=cast(BinaryIO, span), mode="rb") if span.is_one_stream() else span


class _Undone(gzip.GzipFile):
    """Of which damage is told as that of any file."""

    def read(self, size: int | None = -1) -> bytes:
        """Up to so many bytes: as many as are undone at once, so that none is lost to damage behind them.

        Raises OSError where the stream is damaged or cut short.
        """
        try:
            return self.read1(-1 if size is None else size)
        except (EOFError, zlib.error) as error:
            raise OSError(str(error)) from error


class _Warcio:
    """A record of warcio under the names that fastwarc gives."""

    def __init__(self, record: ArcWarcRecord, place: int) -> None:
        self._record = record
        self.headers = dict(record.rec_headers.headers)
        self.record_type = _WANTED[record.rec_type]
        self.record_id = record.rec_headers.get_header("WARC-Record-ID")
        self.content_length = int(record.rec_headers.get_header("Content-Length") or 0)
        self.stream_pos = place
        self.reader = self

    @property
    def record_date(self) -> datetime:
        """The moment of the fetch. Raises ValueError where the record has none."""
        return datetime.fromisoformat(self.headers.get("WARC-Date") or "")

    def read(self, size: int = -1) -> bytes:
        """The block, which warcio hands out in pieces."""
        pieces: list[bytes] = []
        left = self.content_length if size < 0 else size
        while left > 0 and (piece := self._record.raw_stream.read(left)):
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)


def _slowly(span: Span | Member) -> Iterator[Streamed]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    records = ArchiveIterator(_undone(span), no_record_parse=True)
    try:
        for record in records:
            if record.rec_type in _WANTED:
                yield _Warcio(record, records.offset)
    except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError, zlib.error) as error:
        raise OSError(" ".join(str(error).split())[:200]) from error

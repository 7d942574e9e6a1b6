"""Reading the documents in a WARC file, ours or anybody's, one after the other and in bounded memory.

The framing is warcio's; what warcio lets pass in silence (a gzip cut short, a body shorter than announced) is named
here, since evidence that is quietly incomplete is worse than none.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException

from archive.errors import ArchiveError
from archive.payloads import LIMIT, unpacked
from pipelines.model import Capture

_OF_DOCUMENTS = ("http:", "https:", "file:")


def read_records(stream: BinaryIO, *, on_damage: Callable[[str], None] | None = None) -> Iterator[Capture]:
    """The captures in a WARC stream (plain, or gzip in members or in one piece), in its order.

    Responses of http(s), resources and extracted texts are captures; other records are passed over. `on_damage` is
    told, in one line, of each record that is skipped because it is cut short or too big, and reading goes on behind it.

    Raises ArchiveError when the stream is not WARC or breaks off, and, without `on_damage`, at the first such record.
    """
    for record in documents(stream):
        try:
            yield capture_of(record)
        except ArchiveError as error:
            if on_damage is None:
                raise
            on_damage(str(error))


def documents(stream: BinaryIO) -> Iterator[ArcWarcRecord]:
    """The records in a WARC stream that are of pages or files; see `with_body`.

    Crawlers keep their own logs as resources, too: of those, only what has such an address counts.
    """
    for record in with_body(stream):
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type == "response" or url.lower().startswith(_OF_DOCUMENTS):
            yield record


def with_body(stream: BinaryIO) -> Iterator[ArcWarcRecord]:
    """The responses of http(s), resources and conversions of a WARC stream as warcio gives them.

    Raises ArchiveError where the framing is broken.
    """
    try:
        for record in ArchiveIterator(_plain(stream)):
            answer = record.rec_type == "response" and record.http_headers is not None
            if answer or record.rec_type in ("resource", "conversion"):
                yield record
    except (ArchiveLoadFailed, StatusAndHeadersParserException) as error:
        raise ArchiveError(f"not a WARC file: {' '.join(str(error).split())[:200]}") from error


def capture_of(record: ArcWarcRecord) -> Capture:
    """The document in a record.

    Raises ArchiveError when the record ends before the length that it states, or unpacks to more than the limit.
    """
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    headers = record.http_headers or _none(record)
    chunked = (headers.get_header("Transfer-Encoding") or "").strip().lower() == "chunked"
    source = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
    body = source.read(LIMIT + 1)
    if len(body) > LIMIT:
        raise ArchiveError(f"a body of more than {LIMIT} bytes, from {url[:200]}")
    if not chunked and len(body) < record.payload_length:
        raise ArchiveError(f"a record that is cut short, from {url[:200]}")
    codings = ", ".join(value for name, value in headers.headers if name.lower() == "content-encoding")
    return Capture(unpacked(body, codings), url, headers.get_header("Content-Type") or "")


def _none(record: ArcWarcRecord) -> StatusAndHeaders:
    """What stands for the headers of a document that came without: its type."""
    return StatusAndHeaders("", [("Content-Type", record.rec_headers.get_header("Content-Type") or "")])


def _plain(stream: BinaryIO) -> BinaryIO:
    """The stream with gzip, if it is gzip, undone: in members as it should be, or in one piece as it sometimes is."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))
    if buffered.peek(2)[:2] != b"\x1f\x8b":
        return buffered
    return io.BufferedReader(_Gunzipped(buffered), 1 << 16)


class _Gunzipped(io.RawIOBase):
    """Gzip undone with its checksums verified.

    Faults come out as ArchiveError because warcio takes an EOFError for the proper end, and prints the others.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._file = gzip.GzipFile(fileobj=stream)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            return self._file.readinto(buffer)
        except (OSError, EOFError, zlib.error) as error:
            raise ArchiveError(f"the gzip stream is damaged or cut short: {error}") from error

"""The WARC store: what a server answered, byte for byte, in files that any web-archive tool can read.

A record is composed in memory as whole gzip members, appended in one go, and on the disk before anyone is told where it
lies; whatever interrupts that leaves the file as it was. Reading never trusts the file's own framing: it takes exactly
the bytes that our index names, and checks their digest.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.errors import ArchiveError
from archive.moments import text_of
from archive.payloads import pieces, unpacked
from archive.records import capture_of, with_body
from pipelines.model import Capture

FILE_LIMIT = 1_000_000_000
"""Bytes after which a run goes on in a new file; the size that the ISO standard recommends."""

SECRETS = frozenset({"authorization", "proxy-authorization", "cookie"})
"""Request headers whose value is ours to keep to ourselves: WARC files are passed on to other people."""

Truncation = Literal["", "length", "time", "disconnect"]
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and the response to it, as they went over the wire.

    Header text is latin-1, the way HTTP libraries hand over bytes that may be anything. `body` is the entity: transfer
    encoding (chunks) undone, content encoding (gzip) not. `fetched_at` is ISO 8601 with its offset, or `Z`.
    `truncated` says why the body is shorter than the server meant it, in the words of the WARC standard.
    """

    url: str
    method: str = "GET"
    request_headers: Headers = ()
    request_body: bytes = b""
    status: int = 200
    reason: str = "OK"
    headers: Headers = ()
    body: bytes = b""
    fetched_at: str = ""
    truncated: Truncation = ""

    def header(self, name: str) -> str:
        """The response's values under that name, joined as RFC 9110 joins them; empty when there are none."""
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())

    def payload(self) -> bytes:
        """The document inside: content encoding undone where that can be done within the limits."""
        try:
            return unpacked(self.body, self.header("Content-Encoding"))
        except ArchiveError:
            return self.body  # a bomb is evidence too, but nobody unpacks it

    def measure(self) -> tuple[str, int]:
        """Digest (sha256, hex) and length of the payload, which is not kept: of the raw body where that is a bomb."""
        digest, length = hashlib.sha256(), 0
        try:
            for piece in pieces(self.body, self.header("Content-Encoding")):
                digest.update(piece)
                length += len(piece)
        except ArchiveError:
            return hashlib.sha256(self.body).hexdigest(), len(self.body)
        return digest.hexdigest(), length


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: `sha256` is that of the `length` bytes of `file` (a name, not a path) from `offset` on."""

    file: str
    offset: int
    length: int
    sha256: str


class WarcStore:
    """The folder of WARC files beside an archive; one file for each run that writes, more when it grows too big.

    One thread at a time writes. Two processes never share a file: each holds a lock on the one it appends to.
    """

    def __init__(self, folder: Path, *, file_limit: int = FILE_LIMIT) -> None:
        self.folder = folder
        self.file_limit = file_limit
        self._fd: int | None = None
        self._name = ""
        self._is_gathering = False

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Records that are appended inside are on the disk when it ends: the disk is waited for once for all of them.

        Raises OSError when it will not take them; the file that was written to is then as it was. (Where the records
        went on in a new file, those in the old one stay, and nobody knows of them.)
        """
        name, length = (self._name, os.fstat(self._fd).st_size) if self._fd is not None else ("", 0)
        self._is_gathering = True
        try:
            yield
            if self._fd is not None:
                os.fdatasync(self._fd)
        except BaseException:
            if self._fd is not None and self._name == name:  # a descriptor's number is given again to the next file
                os.ftruncate(self._fd, length)
            elif self._fd is not None:
                self._discard()
            raise
        finally:
            self._is_gathering = False

    def append(self, exchange: Exchange) -> Place:
        """Writes the response and the request, and returns where the response lies; see `put`.

        Raises ArchiveError for an exchange that is not of HTTP.
        """
        return self.put(*compose(exchange))

    def put(self, response: bytes, rest: bytes = b"") -> Place:
        """Writes the gzip members of a record and of what belongs to it, and returns where the first lies, once the
        disk has them (of those that are `gathered`, before).

        Raises OSError when the disk will not take them (full, read-only, gone); the file is then as it was before.
        """
        if self._fd is not None and os.fstat(self._fd).st_size >= self.file_limit:
            os.fdatasync(self._fd)
            self.close()
        fresh = self._fd is None
        fd = self._open() if self._fd is None else self._fd
        head = _warcinfo(self._name) if fresh else b""
        offset = os.fstat(fd).st_size
        try:
            _write(fd, (head, response, rest), offset, sync=not self._is_gathering)
        except BaseException:
            if fresh:
                self._discard()
            raise
        if fresh:
            _sync_folder(self.folder)
        return Place(self._name, offset + len(head), len(response), hashlib.sha256(response).hexdigest())

    def read(self, place: Place) -> Capture:
        """The document at that place, with transfer and content encoding undone.

        Raises ArchiveError when the file is missing or the bytes are not those that were written.
        """
        where = f"{place.file} at {place.offset}"
        try:
            with (self.folder / place.file).open("rb") as file:
                file.seek(place.offset)
                member = file.read(place.length)
        except OSError as error:
            raise ArchiveError(f"cannot read {where}: {error.strerror}") from error
        if hashlib.sha256(member).hexdigest() != place.sha256:
            raise ArchiveError(f"damaged record: {where} does not hold the bytes that were written there")
        stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        plain = stream.decompress(member)
        if not stream.eof or stream.unused_data:
            raise ArchiveError(f"damaged record: {where} is not one whole gzip member")
        record = next(with_body(io.BytesIO(plain)), None)
        if record is None:
            raise ArchiveError(f"{where} is not a response, nor a document that was imported")
        return capture_of(record)

    def mend(self, ends: Mapping[str, int]) -> list[str]:
        """Cuts torn tails back to the last whole gzip member, and returns the names of the files it changed.

        `ends` gives, for each file that the index knows, the end of a record that is known to be whole, so that only
        what follows is looked at. A file whose very first member is not whole is put aside as `.damaged`, for more may
        follow there. Files that another process is writing to, and those that cannot be had, are left alone.
        """
        changed = []
        for path in sorted(self.folder.glob("*.warc.gz")):
            if path.is_symlink():  # the file of another archive, of which this one is a part
                continue
            try:
                if _mend(path, ends.get(path.name, 0)):
                    changed.append(path.name)
            except OSError:  # somebody's lock, a disk that is not mounted: no reason to lose what comes now
                continue
        return changed

    def close(self) -> None:
        """Lets go of the file; the next `append` starts another."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _open(self) -> int:
        """A new file, made so that it cannot be anybody else's, and locked."""
        self.folder.mkdir(parents=True, exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        number = 0
        while True:
            number += 1
            self._name = f"gongkai-{stamp}-{number}.warc.gz"
            try:
                fd = os.open(self.folder / self._name, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o644)
            except FileExistsError:
                continue
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._fd = fd
            return fd

    def _discard(self) -> None:
        """Takes back a file in which nothing is that anybody knows of."""
        (self.folder / self._name).unlink(missing_ok=True)
        self.close()


def compose(exchange: Exchange) -> tuple[bytes, bytes]:
    """The gzip members of the response record and of the request record.

    Raises ArchiveError when the URL is not one of http(s), or the time cannot be read.
    """
    url = stored_url(exchange.url)
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise ArchiveError(f"not an address: {url[:200]} ({error})") from error
    if parts.scheme not in ("http", "https"):
        raise ArchiveError(f"not an http address: {url[:200]}")
    date = utc(exchange.fetched_at)
    facts = {"WARC-Date": date}
    if exchange.truncated:
        facts["WARC-Truncated"] = exchange.truncated
    line = f"{exchange.status:03d} {exchange.reason}".strip()
    response = _record("response", url, facts, HeaderLines(line, _stored(exchange.headers), "HTTP/1.1"), exchange.body)
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    asked = tuple((name, "(removed)" if name.lower() in SECRETS else value) for name, value in exchange.request_headers)
    facts = {"WARC-Date": date, "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")}
    request = _record(
        "request", url, facts, HeaderLines(f"{target} HTTP/1.1", _stored(asked), exchange.method), exchange.request_body
    )
    return member_of(response), member_of(request)


def whole_length(fd: int, start: int = 0) -> int:
    """Where the last whole gzip member of an open file ends, if one starts at `start`; `start` itself if none does.

    A member counts only when its checksum and its length were read and are right.
    """
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    end = position = start
    while data := os.pread(fd, 1 << 20, position):
        position += len(data)
        while data:
            try:
                while stream.decompress(data, 1 << 20) and (data := stream.unconsumed_tail):
                    pass  # only the framing matters; what comes out is thrown away in bounded pieces
            except zlib.error:
                return end
            if not stream.eof:
                break
            data = stream.unused_data
            end = position - len(data)
            stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    return end


def stored_url(url: str) -> str:
    """The address as it is kept: no `user:password@`, no fragment (neither is part of what was fetched), no blanks."""
    url = re.sub(r"[\x00-\x20\x7f]", lambda match: f"%{ord(match[0]):02X}", url.strip())
    url = re.sub("[\ud800-\udfff]", "%EF%BF%BD", url)  # a lone surrogate fits neither a WARC nor SQLite
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that is not an IPv6 address
        return url
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))


def utc(moment: str) -> str:
    """An ISO 8601 moment as `YYYY-MM-DDTHH:MM:SSZ`, which sorts as text. Raises ArchiveError without an offset."""
    try:
        read = datetime.fromisoformat(moment)
    except ValueError as error:
        raise ArchiveError(f"not a moment in ISO 8601: {moment!r}") from error
    if read.tzinfo is None:
        raise ArchiveError(f"a moment without an offset from UTC: {moment!r}")
    return text_of(read)


class HeaderLines(StatusAndHeaders):  # type: ignore[misc]
    """Header lines that are written as they were received; warcio would percent-encode what is not ASCII."""

    def to_ascii_bytes(self, filter_func: object = None) -> bytes:
        text: str = self.to_str(filter_func)
        try:
            return text.encode("latin-1") + b"\r\n"
        except UnicodeEncodeError:
            return text.encode("utf-8", "replace") + b"\r\n"


def _stored(headers: Headers) -> list[tuple[str, str]]:
    """Header lines for the record: as received, but those that describe chunks renamed, for there are none any more."""
    kept = []
    for name, value in headers:
        if name.lower() == "transfer-encoding":
            name = f"X-Archive-Orig-{name}"
        kept.append((name, " ".join(value.splitlines())))
    return kept


def _record(kind: str, url: str, facts: dict[str, str], headers: StatusAndHeaders, body: bytes) -> ArcWarcRecord:
    return WARCWriter(io.BytesIO(), warc_version="1.1").create_warc_record(
        url, kind, payload=io.BytesIO(body), length=len(body), warc_headers_dict=facts, http_headers=headers
    )


def member_of(record: ArcWarcRecord) -> bytes:
    """A record as one whole gzip member."""
    packed = _Packed()
    WARCWriter(packed, gzip=False, warc_version="1.1").write_record(record)
    return packed.whole()


class _Packed(io.RawIOBase):
    """A file to write to that keeps what it is given only as a gzip member: a body is large enough as it is."""

    def __init__(self) -> None:
        super().__init__()
        # warcio would compress at level 9, which takes half as long again to save one percent.
        self._stream = zlib.compressobj(6, wbits=16 + zlib.MAX_WBITS)
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._parts.append(self._stream.compress(data))
        return len(data)

    def whole(self) -> bytes:
        return b"".join((*self._parts, self._stream.flush()))


def _warcinfo(name: str) -> bytes:
    facts = {
        "software": "gongkai",
        "format": "WARC File Format 1.1",
        "description": "Header lines were parsed and written again by the HTTP client: names may be in another case. "
        "Transfer encoding was undone, its header kept as X-Archive-Orig-Transfer-Encoding. "
        "Credentials in requests were removed. "
        "Records with the field X-Imported-From are copies of records in other files, their content encoding undone.",
    }
    return member_of(WARCWriter(io.BytesIO(), warc_version="1.1").create_warcinfo_record(name, facts))


def _put(fd: int, member: bytes) -> None:
    view = memoryview(member)
    while view:
        view = view[os.write(fd, view) :]


def _write(fd: int, members: Iterable[bytes], old_length: int, *, sync: bool) -> None:
    """All of the members at the end of the file and, with `sync`, on the disk, or the file as it was."""
    try:
        for member in members:
            _put(fd, member)
        if sync:
            os.fdatasync(fd)
    except BaseException:
        os.ftruncate(fd, old_length)
        raise


def _mend(path: Path, end: int) -> bool:
    """Cuts back or puts aside one file of which nothing is torn before `end`; whether it had to."""
    with path.open("r+b") as file:  # NFS has locks only for files that are open for writing
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        whole, size = whole_length(file.fileno(), end), os.fstat(file.fileno()).st_size
        if whole == size == 0:
            path.unlink()
        elif whole == 0:
            path.rename(_aside(path))
        elif whole < size:
            os.ftruncate(file.fileno(), whole)
            os.fsync(file.fileno())
        return whole < size


def _aside(path: Path) -> Path:
    """A name beside it that no file has, and that is none of a WARC file."""
    names = (path.with_name(f"{path.name}.damaged{number or ''}") for number in count())
    return next(name for name in names if not os.path.lexists(name))


def _sync_folder(folder: Path) -> None:
    """Makes the name of a new file durable, not only its bytes."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

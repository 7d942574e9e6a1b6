"""Records that somebody else wrote, made into records of our own: the document as it came, and from where.

The copy is a function of the record alone, down to its id. So two archives that import the same file hold the same
bytes, and know each other's when they are joined.
"""

from __future__ import annotations

import hashlib
import io
import uuid
from dataclasses import dataclass
from http import HTTPStatus

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.incoming.model import Incoming, Kind
from archive.warc import HeaderLines, Truncation, member_of, stored_url

_UNDONE = ("content-encoding", "transfer-encoding", "content-length")
"""Headers that describe a body as it was sent; it is kept with its codings undone."""

_TYPES: dict[Kind, str] = {"response": "response", "conversion": "conversion"}
"""What a document becomes in a WARC; all others are resources."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A record of somebody else's, ready to be appended, with what its row in `captures` and where it came from say."""

    url: str
    fetched_at: str
    status: int
    """0 for what was no answer of a server."""
    content_type: str
    truncated: Truncation
    etag: str
    last_modified: str
    payload_digest: str
    payload_length: int
    member: bytes
    """One gzip member."""
    kind: Kind
    source: str
    """The name by which its file is known, without the folders of the machine."""
    offset: int
    record_id: str
    key: str
    """The same for each copy of the record."""


def made_ours(document: Incoming, source: str, fetched_at: str) -> Foreign:
    """A document as a record of ours. `fetched_at` is UTC, YYYY-MM-DDTHH:MM:SSZ; `source` what to call its file.

    Bytes of a file's name that are no UTF-8 become U+FFFD: neither a WARC nor SQLite takes them.
    """
    source = source.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    digest = hashlib.sha256(document.body).hexdigest()
    url = stored_url(document.url)
    same = "\n".join((document.record_id or url, digest))
    key = hashlib.sha256(same.encode("utf-8", "surrogatepass")).hexdigest()
    return Foreign(
        url=url,
        fetched_at=fetched_at,
        status=document.status or 0,
        content_type=document.content_type,
        truncated=_why_cut(document.truncated),
        etag=_header(document, "etag"),
        last_modified=_header(document, "last-modified"),
        payload_digest=digest,
        payload_length=len(document.body),
        member=member_of(_record(document, url, key, source, fetched_at)),
        kind=document.kind,
        source=source,
        offset=document.offset,
        record_id=document.record_id,
        key=key,
    )


def _record(document: Incoming, url: str, key: str, source: str, fetched_at: str) -> ArcWarcRecord:
    name = " ".join(source.split())
    facts = {
        "WARC-Date": fetched_at,
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, key)}>",
        # A field of our own: the standard keeps WARC-Refers-To from responses and resources.
        "X-Imported-From": f"{name}; offset={document.offset}"
        + f"; record={document.record_id}" * bool(document.record_id),
    }
    if document.truncated:
        facts["WARC-Truncated"] = " ".join(document.truncated.split())
    kind = _TYPES.get(document.kind, "resource")
    if kind == "conversion" and document.record_id:
        facts["WARC-Refers-To"] = document.record_id
    http: StatusAndHeaders | None = None
    if kind == "response":
        http = HeaderLines(_status_line(document.status or 0), _as_kept(document), "HTTP/1.1")
    return WARCWriter(io.BytesIO(), warc_version="1.1").create_warc_record(
        url,
        kind,
        payload=io.BytesIO(document.body),
        length=len(document.body),
        warc_content_type="" if http else document.content_type or "application/octet-stream",
        warc_headers_dict=facts,
        http_headers=http,
    )


def _as_kept(document: Incoming) -> list[tuple[str, str]]:
    """The headers as they were, but those that describe what was undone, which are renamed."""
    coded = any(name.lower() in _UNDONE[:2] for name, _ in document.headers)
    kept = []
    for name, value in document.headers:
        if coded and name.lower() in _UNDONE:
            name = f"X-Archive-Orig-{name}"
        kept.append((name, " ".join(value.splitlines())))
    return kept


def _status_line(status: int) -> str:
    try:
        return f"{status:03d} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status:03d}"


def _why_cut(word: str) -> Truncation:
    """The standard allows further words, and `unspecified`: then all that is known is that the rest is missing."""
    known: dict[str, Truncation] = {"": "", "length": "length", "time": "time", "disconnect": "disconnect"}
    return known.get(word.lower(), "disconnect")


def _header(document: Incoming, name: str) -> str:
    return ", ".join(value for key, value in document.headers if key.lower() == name)

"""The archived bytes of a report, as they were read: checked against both digests before anybody gets them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from archive.answers.asking import Report
from archive.errors import ArchiveError
from archive.warc import Place, WarcStore

_KINDS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "txt",
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/rtf": "rtf",
    "application/json": "json",
    "text/xml": "xml",
    "application/xml": "xml",
    "image/png": "png",
    "image/jpeg": "jpg",
}
_SIGNATURES = {b"%PDF-": "pdf", b"PK\x03\x04": "zip", b"\xd0\xcf\x11\xe0": "ole", b"{\\rtf": "rtf", b"\x89PNG": "png"}
_BY_READER = frozenset(("html", "pdf", "doc", "docx", "xls", "xlsx", "rtf"))


@dataclass(frozen=True, slots=True)
class Original:
    """What was fetched, with transfer and content encoding undone, and a file name that nobody on the web chose."""

    body: bytes
    name: str
    url: str
    content_type: str
    fetched_at: str
    sha256: str


def original_of(db: Database, path: Path, report: Report) -> Original:
    """The document that was read for a revision of the archive at `path`.

    Raises ArchiveError when the WARC file is missing, or its bytes are not those that were written.
    """
    (row,) = db.query(_CAPTURE, [report.report_id])
    file = row["warc_file"]
    if file != Path(file).name:
        raise ArchiveError(f"{path}: not the name of a WARC file: {file[:100]!r}")
    place = Place(file, row["warc_offset"], row["warc_length"], row["member_digest"])
    body = WarcStore(path.parent / "warc").read(place).body
    if hashlib.sha256(body).hexdigest() != row["payload_digest"]:
        raise ArchiveError(f"damaged record: {file} at {row['warc_offset']} does not give the document that was stored")
    name = "-".join(
        [str(report.agency.agency_id), str(report.year)]
        + ([report.scope] if report.scope else [])
        + ([f"revision{report.revision}"] if not report.is_current else [])
    )
    kind = _kind(body, row["content_type"], row["read_by"] or "")
    return Original(
        body, f"{name}.{kind}", row["url"], row["content_type"], row["fetched_at"], str(row["payload_digest"])
    )


def _kind(body: bytes, content_type: str, read_by: str) -> str:
    """How a file of these bytes is called: what the bytes say comes before what the server said."""
    found = next((kind for head, kind in _SIGNATURES.items() if body.startswith(head)), "")
    if found in ("zip", "ole", "") and read_by in _BY_READER:
        return read_by
    if found and found != "ole":
        return found
    return _KINDS.get(content_type.partition(";")[0].strip().lower(), "bin")


_CAPTURE = """
SELECT c.*, t.read_by FROM report_revisions r
JOIN captures c ON c.capture_id = r.capture_id
JOIN report_readings t ON t.report_id = r.report_id
WHERE r.report_id = ?
"""

"""The one entry of the reader: a capture in, readings out. Pure: no network, no database, no clock."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.decode import decode
from pipelines.documents.html import read_html
from pipelines.documents.simplified import in_simplified
from pipelines.documents.text import read_text
from pipelines.forms.read import read_forms
from pipelines.identify import identify
from pipelines.model import Capture, Context, Document, Issue, Reading, Text
from pipelines.narrative import sections_of
from pipelines.normalize import repair, simplify
from pipelines.parts import parts_of
from pipelines.prose import contradictions
from pipelines.refuse import challenge, not_a_report, stands_in

_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|table|p|meta|span|td)\b", re.IGNORECASE)
# Formats that have a reader of their own or none yet: told by their first bytes, never by their name.
_BINARY = (
    (b"%PDF-", "PDF"), (b"PK\x03\x04", "zip-based office file"), (b"\xd0\xcf\x11\xe0", "old office file"),
    (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"), (b"{\\rtf", "RTF file"),
    (b"Rar!", "archive"), (b"\x1f\x8b", "archive"), (b"7z\xbc\xaf", "archive"),
)  # fmt: skip
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))
LARGEST = 32 * 1024 * 1024
"""Bytes beyond which a document is refused: the largest real report page seen is below 1 MB."""


def extract(capture: Capture, context: Context | None = None) -> tuple[Reading, ...]:
    """Read one capture. Returns at least one reading; `report` is False, with the reason, when there is no report.

    `context` is what the linking page said (agency, year, title): evidence where the document itself is silent.
    """
    refused = _unreadable(capture.body)
    if refused:
        return (Reading(False, refused),)
    text = repair(decode(capture.body, capture.content_type))
    markup = bool(_MARKUP.search(text.text[:20_000]))
    blocked = challenge(text.text) if markup else None
    if blocked:
        return (Reading(False, blocked, read_by="html", text=text),)
    document = read_html(text.text, capture.url) if markup else read_text(_by_line(text))
    if text.script == "traditional":
        document = in_simplified(document)
    parts = parts_of(document)
    source = text.text if markup and len(parts) == 1 else None
    readings = (_read(part, text, context if len(parts) == 1 else None, source) for part in parts)
    return tuple(replace(reading, part=number) for number, reading in enumerate(readings, 1))


def _unreadable(body: bytes) -> str | None:
    if not body.strip():
        return "the file is empty"
    if len(body) > LARGEST:
        return f"{len(body)} bytes are more than a report has ({LARGEST})"
    for magic, kind in _BINARY:
        if body.startswith(magic):
            return f"no reader for this format yet: {kind}"
    sample = body[:4096]
    # Text has no control characters to speak of, but for the zeros of UTF-16.
    if len(sample.translate(None, _CONTROLS)) < 0.95 * len(sample) and not decode(body).encoding.startswith("utf-16"):
        return "binary data of an unknown format"
    return None


def _by_line(text: Text) -> str:
    """Plain text for the text reader, which tells headings from rows by simplified words."""
    return simplify(text.text) if text.script == "traditional" else text.text


def _lost_text(text: Text) -> tuple[Issue, ...]:
    lost = text.text.count("\ufffd")
    if not lost:
        return ()
    return (Issue("characters_lost", "warning", f"{lost} characters of the source cannot be decoded"),)


def _read(document: Document, text: Text, context: Context | None, html: str | None) -> Reading:
    identity = identify(document, context)
    forms = read_forms(document, identity.year, identity.agency)
    sections = sections_of(document, html if identity.title and not forms.cells else None)
    reason = not_a_report(document, identity, forms, sections)
    read_by = document.kind
    if reason:
        reason = "; ".join((reason, *(issue.message for issue in document.issues)))
        return Reading(False, reason, title=identity.title.text if identity.title else None, read_by=read_by, text=text)
    issues = (*document.issues, *_lost_text(text), *identity.issues, *forms.issues)
    issues += stands_in(document, forms, sections)
    reading = Reading(
        True,
        agency=identity.agency,
        year=identity.year,
        scope=identity.scope,
        evidence=identity.evidence,
        title=identity.title.text if identity.title else None,
        form=forms.form,
        forms=forms.forms,
        read_by=read_by,
        cells=forms.cells,
        attachments=document.attachments,
        issues=issues,
        sections=sections,
        text=text,
    )
    return replace(reading, issues=(*issues, *contradictions(sections, reading.figures, reading.year)))

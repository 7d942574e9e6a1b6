"""The one entry of the reader: a capture in, readings out. Pure: no network, no database, no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipelines.confined import SECONDS, confined
from pipelines.decode import decode
from pipelines.documents.formats import Reader, Unreadable, reader_of
from pipelines.documents.html import read_html
from pipelines.documents.mapped import in_simplified, mapped, text_of
from pipelines.documents.text import read_text
from pipelines.forms.read import read_forms
from pipelines.identify import identify
from pipelines.model import Capture, Context, Document, Issue, Reading, Text
from pipelines.narrative import sections_of
from pipelines.normalize import mended, repair, simplify
from pipelines.parts import parts_of
from pipelines.prose import contradictions
from pipelines.refuse import challenge, not_a_report, stands_in

_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|table|p|meta|span|td)\b", re.IGNORECASE)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))
_LONGEST = 9.0
LARGEST = 32 * 1024 * 1024
"""Bytes beyond which a document is refused: the largest real report page seen is below 1 MB."""


def extract(capture: Capture, context: Context | None = None) -> tuple[Reading, ...]:
    """Read one capture. Returns at least one reading; `report` is False, with the reason, when there is no report.

    `context` is what the linking page said (agency, year, title): evidence where the document itself is silent.
    """
    try:
        with confined(_seconds(capture.body)):
            source = opened(capture)
            if source.blocked:
                return (Reading(False, source.blocked, read_by="html", text=source.text),)
            return tuple(
                replace(_read(part, source, context if len(source.parts) == 1 else None), part=number)
                for number, part in enumerate(source.parts, 1)
            )
    except Unreadable as refused:
        return (Reading(False, str(refused)),)


def _seconds(body: bytes) -> float:
    """The time that a document may take: a PDF or office file of many megabytes has many pages."""
    more = len(body) / 1_000_000 if body.startswith(b"%PDF-") or b"\0" in body[:1024] else 0.0
    return min(_LONGEST, SECONDS + more)


@dataclass(frozen=True, slots=True)
class Opened:
    """A capture made into documents, before anything in them is understood."""

    text: Text
    parts: tuple[Document, ...]
    """The reports in it; none where the page is only a challenge, a stub or a notice of its own absence."""
    html: str | None = None
    """The source of a page that holds a single report."""
    blocked: str = ""
    """Why there are no documents."""


def opened(capture: Capture) -> Opened:
    """The documents of a capture. Raises Unreadable for what is none."""
    reader = _reader(capture.body)
    if reader:
        document, text = _own_text(reader(capture.body))
        return Opened(text, _parts(document, text))
    text = repair(decode(capture.body, capture.content_type))
    if not _MARKUP.search(text.text[:20_000]):
        return Opened(text, _parts(read_text(_by_line(text)), text))
    blocked = challenge(text.text)
    if blocked:
        return Opened(text, (), blocked=blocked)
    parts = _parts(read_html(text.text, capture.url), text)
    return Opened(text, parts, text.text if len(parts) == 1 else None)


def _parts(document: Document, text: Text) -> tuple[Document, ...]:
    return parts_of(in_simplified(document) if text.script == "traditional" else document)


def _own_text(document: Document) -> tuple[Document, Text]:
    """A document whose format brings its own characters: nothing to decode, but the same repairs."""
    text = repair(Text(text_of(document), "unicode", f"the characters of the {document.kind} file"))
    return mapped(document, mended), text


def _reader(body: bytes) -> Reader | None:
    """The reader of a binary format, None for text. Raises Unreadable for what cannot be read at all."""
    if not body.strip():
        raise Unreadable("the file is empty")
    if len(body) > LARGEST:
        raise Unreadable(f"{len(body)} bytes are more than a report has ({LARGEST})")
    reader = reader_of(body)
    sample = body[:4096]
    # Text has no control characters to speak of, but for the zeros of UTF-16.
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if reader is None and controls > 0.05 * len(sample) and not decode(body).encoding.startswith("utf-16"):
        raise Unreadable("binary data of an unknown format")
    return reader


def _by_line(text: Text) -> str:
    """Plain text for the text reader, which tells headings from rows by simplified words."""
    return simplify(text.text) if text.script == "traditional" else text.text


def _lost_text(text: Text) -> tuple[Issue, ...]:
    lost = text.text.count("\ufffd")
    if not lost:
        return ()
    return (Issue("characters_lost", "warning", f"{lost} characters of the source cannot be decoded"),)


def _read(document: Document, source: Opened, context: Context | None) -> Reading:
    text = source.text
    identity = identify(document, context)
    forms = read_forms(document, identity.year, identity.agency)
    html = source.html if identity.title and not forms.cells else None
    sections = sections_of(forms.prose or document, html, identity.year)
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
        indicators=forms.indicators,
        attachments=document.attachments,
        issues=issues,
        sections=sections,
        text=text,
    )
    return replace(reading, issues=(*issues, *contradictions(sections, reading.figures, reading.year)))

"""The one entry of the reader: a capture in, readings out. Pure: no network, no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.confined import SECONDS, confined
from pipelines.decode import decode, load_codecs
from pipelines.documents.formats import Reader, Unreadable, is_binary, reader_of
from pipelines.documents.html import read_html
from pipelines.documents.limits import CUT
from pipelines.documents.mapped import in_simplified, repaired
from pipelines.documents.mhtml import unwrapped
from pipelines.documents.text import read_text
from pipelines.forms.read import read_forms
from pipelines.identify import identify
from pipelines.model import Capture, Context, Document, Issue, Reading, Text
from pipelines.narrative import main_text, sections_of
from pipelines.normalize import is_page, simplified_lines
from pipelines.parts import parts_of
from pipelines.prose import contradictions
from pipelines.refuse import challenge, not_a_report, stands_in
from pipelines.source import Source

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))
_LONGEST = 9.0
LARGEST = 32 * 1024 * 1024
"""Bytes beyond which a document is refused: scans have many."""
LARGEST_TEXT = 16 * 1024 * 1024
"""The same for pages and texts, of which the largest real one seen is below 1 MB."""


def extract(capture: Capture, context: Context | None = None, known: Source | None = None) -> tuple[Reading, ...]:
    """Read one capture. Returns at least one reading; `report` is False, with the reason, when there is no report.

    `context` is what the linking page said (agency, year, title): evidence where the document itself is silent.
    `known` is the text of the capture, for who has looked at it already.
    """
    load_codecs()
    try:
        with confined(_seconds(capture.body)):
            source = opened(capture, known)
            if source.blocked:
                return (Reading(False, source.blocked, read_by="html", text=source.text),)
            context = context if len(source.parts) == 1 else None
            return tuple(_read(part, number, source, context) for number, part in enumerate(source.parts, 1))
    except Unreadable as refused:
        return (Reading(False, str(refused)),)


def _seconds(body: bytes) -> float:
    """The time that a document may take: a PDF or office file of many megabytes has many pages."""
    more = max(0.0, len(body) / 1_000_000 - 1) if is_binary(body) else 0.0
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


def opened(capture: Capture, known: Source | None = None) -> Opened:
    """The documents of a capture, whose text may be known. Raises Unreadable for what is none."""
    inside = unwrapped(capture)
    capture, known = inside, known if inside is capture else None
    reader = _reader(capture.body)
    if reader:
        document, text = repaired(reader(capture.body))
        return Opened(text, _parts(document, text))
    source = known or Source(capture)
    text = source.text
    if not is_page(text.text):
        return Opened(text, _parts(read_text(simplified_lines(text.text, text.script)), text))
    blocked = challenge(text.text)
    if blocked:
        return Opened(text, (), blocked=blocked)
    parts = _parts(read_html(text.text, capture.url, source.parsed), text)
    return Opened(text, parts, text.text if len(parts) == 1 else None)


def _parts(document: Document, text: Text) -> tuple[Document, ...]:
    converted = text.script == "traditional" or text.mixed
    return parts_of(in_simplified(document, text.script) if converted else document)


def _reader(body: bytes) -> Reader | None:
    """The reader of a binary format, None for text. Raises Unreadable for what cannot be read at all."""
    if not body.strip():
        raise Unreadable("the file is empty")
    if len(body) > LARGEST:
        raise Unreadable(f"{len(body)} bytes are more than a report has ({LARGEST})")
    reader = reader_of(body)
    if reader is None and len(body) > LARGEST_TEXT:
        raise Unreadable(f"{len(body)} bytes are more than a page or text has ({LARGEST_TEXT})")
    sample = body[:4096]
    # Text has no control characters to speak of, but for the zeros of UTF-16 and UTF-32.
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if reader is None and controls > 0.05 * len(sample) and not decode(body).encoding.startswith(("utf-16", "utf-32")):
        raise Unreadable("binary data of an unknown format")
    return reader


def _text_issues(text: Text) -> tuple[Issue, ...]:
    """What a person should know of the text that the figures were read from."""
    lost, issues = text.text.count("\ufffd"), []
    if lost:
        issues.append(Issue("characters_lost", "warning", f"{lost} characters of the source cannot be decoded"))
    if text.damaged:
        issues.append(Issue("text_damaged", "warning", "; ".join(text.damaged)))
    garbled = [name for name in text.repairs if "_read_as_" in name or name == "mixed_encodings"]
    if garbled:
        issues.append(Issue("text_repaired", "info", f"garbled text was put back: {', '.join(garbled)}"))
    return tuple(issues)


def _read(document: Document, part: int, source: Opened, context: Context | None) -> Reading:
    text = source.text
    identity = identify(document, context)
    forms = read_forms(document, identity.year, identity.agency)
    sections = sections_of(forms.prose or document, identity.year)
    reason = not_a_report(document, identity, forms, sections)
    read_by = document.kind
    if reason:
        reason = "; ".join((reason, *(issue.message for issue in document.issues)))
        title = identity.title.text if identity.title else None
        cut = tuple(issue for issue in document.issues if issue.code in CUT)
        return Reading(False, reason, part, title=title, read_by=read_by, text=text, issues=cut)
    if not sections and source.html and identity.title and not forms.cells:
        sections = main_text(source.html)
    issues = (*document.issues, *_text_issues(text), *identity.issues, *forms.issues)
    issues += stands_in(document, forms, sections)
    issues += contradictions(sections, {cell.figure: cell.value for cell in forms.cells}, identity.year)
    return Reading(
        True,
        part=part,
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

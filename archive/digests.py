"""Three digests of a reading, each answering one question about two of them.

Do they say the same (a revision or not)? Do they give the same figures (two addresses of one report)? Is every word of
them the same, down to where it was read (has the reader improved)?
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from pipelines.model import Reading


@dataclass(frozen=True, slots=True)
class Digests:
    """sha256, in hex."""

    content: str
    figures: str
    reading: str


def digests(reading: Reading) -> Digests:
    """The digests of a reading. Neither agency, year nor scope is in the first two: they are the key, not the content.

    Nor are titles and links: sites redecorate, and an address may carry a session. Only where a report has no figures
    of its own do the links count, for then the attached files are what it says.
    """
    in_order = sorted(reading.cells, key=attrgetter("figure"))
    figures = [[cell.figure, _number(cell.value) if cell.value else _NOTHING[cell.value]] for cell in in_order]
    cells = [
        [cell.figure, cell.state, cell.raw, cell.unit, number]
        for cell, (_, number) in zip(in_order, figures, strict=True)
    ]
    indicators = [[i.label, i.unit, i.column, _number(i.value), i.raw] for i in reading.indicators]
    sections = [[section.number, section.heading, section.text] for section in reading.sections]
    links = [[attachment.url, attachment.label] for attachment in reading.attachments]
    content = [reading.form, sorted(reading.forms.items()), cells, indicators, sections, [] if cells else links]
    rest = [
        [cell.where for cell in in_order],
        [indicator.where for indicator in reading.indicators],
        links,
        sorted(reading.evidence.items()),
        [reading.title, reading.agency, reading.year, reading.scope, reading.read_by, reading.part],
        [[i.code, i.level, i.message, i.figure, list(i.figures)] for i in reading.issues],
        [reading.text.encoding, reading.text.reason, reading.text.script, list(reading.text.repairs)]
        if reading.text
        else None,
    ]
    said = _written(content)
    return Digests(_sha256(said), _sha256(_written(figures)), _sha256(f"[{said},{_written(rest)}]"))


_NOTHING: dict[Decimal | None, str | None] = {None: None, Decimal(0): "0"}
"""What most cells hold, and its spelling."""


def _number(value: Decimal | None) -> str | None:
    """One spelling for one number: 25.10 and 25.1 are equal."""
    return format(value.normalize(), "f") if value else _NOTHING[value]


def _written(content: object) -> str:
    return json.dumps(content, ensure_ascii=True, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()

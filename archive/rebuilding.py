"""What was read of a report, made again from its rows, so that it can be filed elsewhere without being read again.

Not everything that a reading holds has a row (issues of two finders stand apart, the scope may have been filled in
since). So nothing that is made here counts before its digest is that of what was filed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from sqlite_utils import Database

from archive.captured import digest_of_found
from archive.digests import Digests, digests
from archive.places import decoded
from archive.review.corrections import readings_of
from archive.review.judging import decimals, forms_of
from archive.review.settling import rule_codes
from pipelines.forms.rules import judge
from pipelines.model import Attachment, FigureCell, Indicator, Issue, Reading, Section, Text


@dataclass(frozen=True, slots=True)
class Held:
    """A reading and its digests, which take longer to make than anything else about it."""

    reading: Reading
    digests: Digests


def held(readings: Iterable[Reading]) -> tuple[Held, ...]:
    """Readings with their digests."""
    return tuple(Held(reading, digests(reading)) for reading in readings)


def filed_readings(db: Database, capture_id: int) -> tuple[Held, ...] | None:
    """All that was read of a capture, part by part; None where the archive does not hold just that."""
    (wanted,) = db.execute("SELECT digest FROM captures_read WHERE capture_id = ?", [capture_id]).fetchone() or (None,)
    rows = db.execute(_RESTING, {"capture": capture_id}).fetchall()
    if not rows or [part for part, _, _ in rows] != list(range(1, len(rows) + 1)):
        return None
    found: list[Held] = []
    for part, report_id, is_source in rows:
        one = reading_of(db, report_id) if is_source or wanted else None
        if one is None:
            return None
        found += [one] if one.reading.part == part else held([replace(one.reading, part=part)])
    digest = digest_of_found((one.reading, one.digests) for one in found)
    return tuple(found) if wanted in (None, digest) else None


def reading_of(db: Database, report_id: int) -> Held | None:
    """The reading of a revision, undoing what people corrected; None where its rows do not tell it to the last word."""
    row = next(iter(db.query(_READING, [report_id])))
    base = _without_issues(db, row)
    for reading in _with_issues(db, report_id, base):
        found = digests(reading)
        if found.reading == row["reading_digest"]:
            return Held(reading, found)
    return None


def _without_issues(db: Database, row: dict[str, object]) -> Reading:
    report_id = int(str(row["report_id"]))
    text = None
    if row["encoding"] is not None:
        repairs = tuple(str(row["repairs"] or "").split())
        text = Text("", str(row["encoding"]), str(row["encoding_reason"]), row["script"], repairs=repairs)  # type: ignore[arg-type]
    return Reading(
        report=True,
        part=int(str(row["part"])),
        agency=row["agency_printed"],  # type: ignore[arg-type]
        year=row["year"],  # type: ignore[arg-type]
        scope=row["scope"],  # type: ignore[arg-type]
        evidence={name: row[f"evidence_{name}"] for name in ("agency", "year", "scope")},  # type: ignore[misc]
        title=row["title"],  # type: ignore[arg-type]
        form=row["form"],  # type: ignore[arg-type]
        forms=forms_of(db, report_id),
        read_by=row["read_by"],  # type: ignore[arg-type]
        cells=_cells(db, report_id),
        indicators=tuple(
            Indicator(label, unit, column, _decimal(value), raw, where)
            for label, unit, column, value, raw, where in db.execute(_INDICATORS, [report_id]).fetchall()
        ),
        attachments=tuple(Attachment(*pair) for pair in db.execute(_ATTACHMENTS, [report_id]).fetchall()),
        sections=tuple(Section(*section) for section in db.execute(_SECTIONS, [report_id]).fetchall()),
        text=text,
    )


def _cells(db: Database, report_id: int) -> tuple[FigureCell, ...]:
    values = decimals(readings_of(db, report_id))
    texts = {figure: rest for figure, *rest in db.execute(_TEXTS, [report_id]).fetchall()}
    row = db.execute("SELECT places FROM report_places WHERE report_id = ?", [report_id]).fetchone()
    places = _places(row[0]) if row else {}
    names = _names(db, places)
    where = {names[figure_id]: place for figure_id, place in places.items()}
    found = []
    for figure in sorted({*values, *texts}):
        state, unit, raw = texts.get(figure, (None, None, None))
        value = values.get(figure)
        if raw is None:
            raw = str(value) if value is not None and value == int(value) else ""
        found.append(FigureCell(figure, value, raw, where.get(figure, ""), state or "number", unit))
    return tuple(found)


@lru_cache(maxsize=512)  # a site prints its tables in one way year after year
def _places(text: str) -> dict[int, str]:
    return decoded(text)


def _names(db: Database, wanted: dict[int, str]) -> dict[int, str]:
    if not wanted:
        return {}
    return dict(db.execute("SELECT figure_id, figure FROM figure_definitions").fetchall())


def _with_issues(db: Database, report_id: int, base: Reading) -> Iterator[Reading]:
    """The reading with its issues as the reader may have told them, the likeliest first."""
    stored = [
        Issue(row["code"], row["level"], row["message"], row["figure"], _concerned(db, row["issue_id"]))
        for row in db.query(_ISSUES, [report_id])
    ]
    told = [issue for issue in stored if issue.code not in rule_codes()]
    broken = list(judge(list(base.cells), base.forms, base.agency)) if base.cells else []
    for scope in dict.fromkeys((base.scope, None)):
        for issues in _orders(told, broken, stored):
            yield replace(base, scope=scope, issues=tuple(issues))


def _orders(told: Sequence[Issue], broken: Sequence[Issue], stored: Sequence[Issue]) -> Iterator[list[Issue]]:
    """The sums are judged by the reader of the tables, before what is said about the narrative."""
    yield [*told, *broken]
    for place in range(len(told) if broken else 0):
        yield [*told[:place], *broken, *told[place:]]
    alone = [replace(issue, figures=()) for issue in told]
    if alone != list(told):
        yield [*alone, *broken]
    if list(stored) != [*told, *broken]:
        yield list(stored)


def _concerned(db: Database, issue_id: int) -> tuple[str, ...]:
    return tuple(row[0] for row in db.execute(_FIGURES, [issue_id]).fetchall())


def _decimal(value: int | float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value))


_RESTING = """
SELECT l.part, l.report_id, r.capture_id = l.capture_id AND r.part = l.part FROM report_captures l
JOIN report_revisions r ON r.report_id = l.report_id WHERE l.capture_id = :capture ORDER BY l.part, 3 DESC
"""
_READING = """
SELECT r.report_id, r.year, r.scope, r.form, r.part, t.agency_printed, t.title, t.read_by, t.evidence_agency,
       t.evidence_year, t.evidence_scope, t.encoding, t.encoding_reason, t.script, t.repairs, t.reading_digest
FROM report_revisions r JOIN report_readings t ON t.report_id = r.report_id WHERE r.report_id = ?
"""
_TEXTS = """
SELECT d.figure, x.state, x.unit, x.raw FROM cell_texts x JOIN figure_definitions d ON d.figure_id = x.figure_id
WHERE x.report_id = ?
"""
_SECTIONS = "SELECT number, heading, text FROM sections WHERE report_id = ? ORDER BY position"
_INDICATORS = """
SELECT label, unit, column_label, value, raw, place FROM indicators WHERE report_id = ? ORDER BY position
"""
_ATTACHMENTS = "SELECT url, label FROM attachments WHERE report_id = ? ORDER BY position"
_ISSUES = """
SELECT issue_id, code, level, message, figure FROM issues
WHERE report_id = ? AND origin IN ('reader', 'rules') ORDER BY issue_id
"""
_FIGURES = """
SELECT d.figure FROM issue_figures f JOIN figure_definitions d ON d.figure_id = f.figure_id
WHERE f.issue_id = ? ORDER BY f.figure_id
"""

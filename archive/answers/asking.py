"""What people name when they ask about a report: an agency, a year, a figure. Found, or the near ones in the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from sqlite_utils import Database

from archive.errors import ArchiveError
from pipelines.forms.definitions import FigureDefinition, all_figures

_SHOWN = 5


class NotFound(ArchiveError):  # noqa: N818 - an answer, not a fault
    """What was asked for is not in the archive, or could be several; the message names near ones."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency by its id, under its canonical name."""

    agency_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Report:
    """One revision of a report."""

    report_id: int
    agency: Agency
    year: int
    scope: str | None
    revision: int
    is_current: bool

    def __str__(self) -> str:
        return f"{self.agency.name} {self.year}{f' ({self.scope})' if self.scope else ''}"


def find_agency(db: Database, text: str) -> Agency:
    """The agency of that id or name: the canonical one, one that it prints, or the only one that contains the text.

    One that was merged into another is that other. Raises NotFound for none or several.
    """
    wanted = re.sub(r"\s+", "", text)
    if not wanted:
        raise NotFound("an agency is needed: its name, part of it, or its id")
    if wanted.isascii() and wanted.isdecimal():
        found = _agencies(db, "a.agency_id = ?", [int(wanted)]) if len(wanted) < _LONGEST_ID else []
        if found:
            return found[0]
        raise NotFound(f"there is no agency with the id {wanted}")
    for condition in _CONDITIONS:
        found = _agencies(db, condition, [wanted] * condition.count("?"))
        if len(found) == 1:
            return found[0]
        if found:
            several = ", ".join(f"{agency.name} ({agency.agency_id})" for agency in found[:_SHOWN])
            more = ", …" if len(found) > _SHOWN else ""
            raise NotFound(f"{text} may be {several}{more}: give the whole name or the id")
    raise NotFound(f"there is no agency {text}{_near(wanted, (row[0] for row in db.execute(_ALL_NAMES)))}")


def find_report(
    db: Database, agency: str, year: int, *, scope: str | None = None, revision: int | None = None
) -> Report:
    """The current revision of the report of an agency on a year, or the one of that number.

    `scope` is `own`, `area` or `unsaid`, and needed only where there are reports of several. Raises NotFound.
    """
    body = find_agency(db, agency)
    return report_of(db, body, year, scope=scope, revision=revision)


def report_of(
    db: Database, body: Agency, year: int, *, scope: str | None = None, revision: int | None = None
) -> Report:
    """As `find_report`, for an agency that is known."""
    rows = db.execute(_REPORTS, [body.agency_id, year]).fetchall()
    if not rows:
        years = [str(row[0]) for row in db.execute(_YEARS, [body.agency_id])]
        have = f"; there are reports on {', '.join(years)}" if years else "; there is none at all"
        raise NotFound(f"{body.name} has no report on {year}{have}")
    scopes = list(dict.fromkeys(row[1] or "unsaid" for row in rows))
    if scope is None and len(scopes) > 1:
        raise NotFound(f"{body.name} has reports on {year} with the scopes {' and '.join(scopes)}: give --scope")
    wanted = scope or scopes[0]
    rows = [row for row in rows if (row[1] or "unsaid") == wanted]
    if not rows:
        raise NotFound(f"{body.name} has no report on {year} with the scope {wanted}, but with {' and '.join(scopes)}")
    for report_id, said, number, is_current in rows:
        if number == revision or (revision is None and is_current):
            return Report(report_id, body, year, said, number, bool(is_current))
    numbers = ", ".join(str(row[2]) for row in rows)
    raise NotFound(f"{body.name} {year} has no revision {revision}, but {numbers}")


def report_by_id(db: Database, report_id: int) -> Report:
    """The revision of that id. Raises NotFound."""
    row = db.execute(_BY_ID, [report_id]).fetchone()
    if row is None:
        raise NotFound(f"there is no report {report_id}")
    agency_id, name, year, scope, revision, is_current = row
    return Report(report_id, Agency(agency_id, name), year, scope, revision, bool(is_current))


def find_figure(text: str) -> FigureDefinition:
    """The figure of that id, or of the only id that ends so (`new_received.total`). Raises NotFound."""
    known = all_figures()
    if text in known:
        return known[text]
    ending = [figure for figure in known if figure.endswith(f".{text}")]
    if len(ending) == 1:
        return known[ending[0]]
    if ending:
        raise NotFound(f"{text} may be {', '.join(ending[:_SHOWN])}")
    raise NotFound(f"no form has a figure {text}{_near(text, known)}")


def figure_ids(db: Database) -> dict[str, int]:
    """The figure_id of every figure."""
    return dict(db.execute("SELECT figure, figure_id FROM figure_definitions").fetchall())


def _agencies(db: Database, condition: str, parameters: list[object]) -> list[Agency]:
    return [Agency(*row) for row in db.execute(_FOUND.format(condition=condition), parameters)]


def _near(text: str, known: Iterable[str]) -> str:
    near = get_close_matches(text, list(known), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(near)}?" if near else ""


_LONGEST_ID = 19
_CONDITIONS = (
    "a.name = ?",
    "a.printed_name = ? OR n.name = ?",
    "substr(a.printed_name, 1, length(?)) = ? OR substr(n.name, 1, length(?)) = ?",
    "instr(a.printed_name, ?) > 0 OR instr(n.name, ?) > 0",
)
"""How a name may be meant, the plainest first."""

_FOUND = """
WITH RECURSIVE meant (agency_id) AS (
    SELECT a.agency_id FROM agencies a LEFT JOIN agency_names n ON n.agency_id = a.agency_id WHERE {condition}
    UNION
    SELECT a.merged_into FROM meant m JOIN agencies a ON a.agency_id = m.agency_id WHERE a.merged_into IS NOT NULL
)
SELECT a.agency_id, a.name FROM meant m JOIN agencies a ON a.agency_id = m.agency_id
WHERE a.merged_into IS NULL ORDER BY a.agency_id
"""
_ALL_NAMES = "SELECT name FROM agencies UNION SELECT name FROM agency_names"
_REPORTS = """
SELECT report_id, scope, revision, is_current FROM report_revisions WHERE agency_id = ? AND year = ?
ORDER BY scope = 'own' DESC, scope, is_current DESC, revision DESC
"""
_YEARS = "SELECT DISTINCT year FROM report_revisions WHERE agency_id = ? ORDER BY year"
_BY_ID = """
SELECT r.agency_id, a.name, r.year, r.scope, r.revision, r.is_current
FROM report_revisions r JOIN agencies a ON a.agency_id = r.agency_id WHERE r.report_id = ?
"""

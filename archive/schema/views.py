"""The views, which is what researchers and other programs ask; made anew whenever their wording changes.

Their columns may grow in number but never change: first the key, then what the view is about, then where the agency is.
In each the definitions come first in the join and name single columns of a value table, so that a question to one row
of a form reads one row a report, and columns that a question does not name are never looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlite_utils import Database

from archive.places import MOST_NUMBERS
from archive.schema import panel
from archive.schema.values import ValueTable, form_column, value_tables
from pipelines.forms.definitions import FigureDefinition, all_figures

APPLICANTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "social_welfare_organization",
    "legal_service_institution",
    "other_organization",
    "total",
)
"""The columns of the table of applications (三、收到和处理政府信息公开申请情况), by kind of applicant."""

OUTCOMES = ("upheld", "corrected", "other", "pending", "total")
"""The columns of the table of reconsideration and litigation."""

PLACE = "a.agency_id, a.division_code, a.province, a.city, a.county, a.level, a.kind"
"""Where and what the agency is: the last columns of every view by report."""

_HEAD = "r.report_id, a.name AS agency, r.year, r.scope"
_JOINS = "JOIN agencies a ON a.agency_id = r.agency_id"
_SEVERITY = "CASE i.level WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END"


def definitions() -> dict[str, str]:
    """The statement behind each view, by its name."""
    return {
        "reports": _REPORTS,
        "figures": _figures(),
        "cells": _cells(),
        "revision_changes": _changes(),
        "report_forms": _forms(),
        "applications": _rows("applications", APPLICANTS),
        "disclosure": _disclosure(),
        "review_litigation": _rows("review_litigation", OUTCOMES),
        "statistics": _statistics(),
        "panel": panel.view(PLACE),
        "open_issues": _OPEN_ISSUES,
        "coverage": _COVERAGE,
    }


def wording() -> str:
    """All of it, to tell whether an archive has the views of today."""
    return "\n".join(f"{name}: {statement}" for name, statement in definitions().items())


def make_views(db: Database) -> None:
    """Makes the views; those of the same names are dropped."""
    drop_views(db)
    for name, statement in definitions().items():
        db.execute(f"CREATE VIEW {name} AS\n{statement.strip()}")


def drop_views(db: Database) -> None:
    """Drops the views of ours; those that somebody else has made stay."""
    for name in set(db.view_names()) & {*definitions()}:
        db.execute(f"DROP VIEW {name}")


_REPORTS = f"""
-- Every revision of every report. `review` is 'open' while an error or a warning waits for somebody to look at it.
SELECT r.report_id, a.name AS agency, t.agency_printed, r.year, r.scope, r.revision, r.is_current, r.form, t.title,
       r.trust, t.read_by,
       CASE WHEN EXISTS (SELECT 1 FROM issues i WHERE i.report_id = r.report_id AND i.closed_at IS NULL
                                                  AND i.level <> 'info') THEN 'open' END AS review,
       t.url, t.fetched_at, t.first_seen, t.last_seen, t.gone_at,
       {PLACE}
FROM report_revisions r {_JOINS} JOIN report_readings t ON t.report_id = r.report_id
"""

_OPEN_ISSUES = """
-- What waits for somebody to look at it, with the report or the page concerned.
SELECT i.issue_id, i.level, i.code, i.message, i.figure, a.name AS agency, r.year, r.scope, i.report_id,
       coalesce(t.url, p.url) AS url
FROM issues i
LEFT JOIN report_revisions r ON r.report_id = i.report_id
LEFT JOIN report_readings t ON t.report_id = i.report_id
LEFT JOIN agencies a ON a.agency_id = r.agency_id
LEFT JOIN captures p ON p.capture_id = i.capture_id
WHERE i.closed_at IS NULL AND (r.report_id IS NULL OR r.is_current = 1)
"""

_COVERAGE = """
-- Each report that should be there, and what became of it, as of the day in coverage_day.
SELECT c.portal_id, c.agency_id, a.name AS agency, c.year, c.scope, c.status, c.report_id, c.reason, c.url, c.due_on,
       p.name AS portal, coalesce(a.division_code, p.division_code) AS division_code,
       coalesce(a.province, p.province) AS province, coalesce(a.city, p.city) AS city,
       coalesce(a.county, p.county) AS county, coalesce(a.level, nullif(p.level, 'park')) AS level, a.kind
FROM coverage_rows c
LEFT JOIN agencies a ON a.agency_id = c.agency_id
LEFT JOIN portals p ON p.portal_id = c.portal_id
"""

_FLAG = f"""(SELECT i.code FROM issue_figures f JOIN issues i ON i.issue_id = f.issue_id
         WHERE f.report_id = c.report_id AND f.figure_id = c.figure_id AND f.decision_id IS NULL
           AND i.closed_at IS NULL AND i.level <> 'info'
         ORDER BY {_SEVERITY}, i.issue_id LIMIT 1)"""

_REVIEW = """coalesce(
         (SELECT iif(e.reopened_on = e.report_id, e.state, e.decision) FROM decisions e
           WHERE e.report_id = c.report_id AND e.figure_id = c.figure_id AND e.state <> 'undone'),
         (SELECT e.state FROM decisions e WHERE e.reopened_on = c.report_id AND e.figure_id = c.figure_id
           AND e.state = 'reopened' LIMIT 1))"""
"""What people have decided about a cell of this revision; first what was decided on it, then what it has reopened."""

_PRINTED = """WHERE c.value IS NOT NULL OR c.marked IS NOT NULL"""
"""A printed null has a row of cell_texts; where there is neither, the cell is not printed."""


def _figures() -> str:
    """One arm a value table, so that a question to one figure looks into one."""
    comment = """-- The value cells of the current revisions. `value` is what counts: what was read, or its correction.
-- `flag` is the code of the gravest open issue on the cell."""
    place = PLACE.replace("a.", "c.")
    return f"{comment}\n" + _union(
        lambda table: (
            f"""SELECT c.report_id, c.agency, c.year, c.scope, c.figure, c.value, c.unit,
       coalesce(c.state, 'number') AS state, coalesce(c.raw, CAST(c.value AS TEXT), '') AS raw,
       {_FLAG} AS flag,
       c.url, {_read("c")} AS read_value,
       {_REVIEW} AS review,
       {place}
FROM (SELECT {_HEAD}, d.figure, t.url, {PLACE},
       {_cell(table)}
JOIN agencies a ON a.agency_id = r.agency_id
JOIN report_readings t ON t.report_id = r.report_id
WHERE d.form_table = '{table.form_table}' AND r.is_current = 1) c
{_PRINTED}"""
        )
    )


def _cells() -> str:
    comment = '-- Every printed value cell of every revision, as it was read. Null is "not given", never 0.'
    return f"{comment}\n" + _union(
        lambda table: (
            f"""SELECT c.report_id, c.figure, {_read("c")} AS value, coalesce(c.state, 'number') AS state,
       c.unit, coalesce(c.raw, CAST(c.value AS TEXT), '') AS raw,
       {_PLACE_OF_CELL} AS place
FROM (SELECT r.report_id, d.figure, s.places,
       {_cell(table)}
LEFT JOIN report_places s ON s.report_id = r.report_id
WHERE d.form_table = '{table.form_table}') c
{_PRINTED}"""
        )
    )


def _changes() -> str:
    """One arm a value table, as in `figures`; `p` is the revision before and `w` its values."""
    comment = "-- The figures that changed from one revision of a report to the next, as they were read."
    return f"{comment}\n" + _union(
        lambda table: (
            f"""SELECT c.report_id, c.agency, c.year, c.scope, c.revision, c.figure,
       {_read("c", "before")} AS before, {_read("c")} AS after,
       coalesce(c.text_before, CAST(c.value_before AS TEXT), iif(c.marked_before IS NULL, NULL, '')) AS raw_before,
       coalesce(c.raw, CAST(c.value AS TEXT), iif(c.marked IS NULL, NULL, '')) AS raw_after,
       {PLACE.replace("a.", "c.")}
FROM (SELECT {_HEAD}, r.revision, d.figure, {PLACE},
       p.report_id AS report_before, {_value(table, "w")} AS value_before,
       y.report_id AS marked_before, y.raw AS text_before,
       {_cell(table, _BEFORE)}
LEFT JOIN {table.name} w ON w.report_id = p.report_id
LEFT JOIN cell_texts y ON y.report_id = p.report_id AND y.figure_id = d.figure_id
WHERE r.revision > 1 AND d.form_table = '{table.form_table}'
  AND p.agency_id = r.agency_id AND p.year = r.year AND coalesce(p.scope, '') = coalesce(r.scope, '')
  AND p.revision = (SELECT max(q.revision) FROM report_revisions q WHERE q.agency_id = r.agency_id
                    AND q.year = r.year AND coalesce(q.scope, '') = coalesce(r.scope, '')
                    AND q.revision < r.revision)) c
WHERE before IS NOT after OR raw_before IS NOT raw_after"""
        )
    )


_BEFORE = f"report_revisions r CROSS JOIN report_revisions p {_JOINS} CROSS JOIN figure_definitions d"


def _cell(table: ValueTable, of: str = "figure_definitions d CROSS JOIN report_revisions r") -> str:
    """What is kept of each cell, and from where: a figure `d` of a revision `r`."""
    return f"""d.figure_id, {_value(table)} AS value,
       x.report_id AS marked, x.state, x.unit, x.raw
FROM {of}
LEFT JOIN {table.name} v ON v.report_id = r.report_id
LEFT JOIN cell_texts x ON x.report_id = r.report_id AND x.figure_id = d.figure_id"""


def _union(arm: Callable[[ValueTable], str]) -> str:
    return "\nUNION ALL\n".join(arm(table) for table in value_tables().values())


def _place_of_cell() -> str:
    """Finds the run of a cell in `report_places.places` and counts its numbers up; archive/places.py writes them."""
    cell, row = ("(c.figure_id - json_extract(p.value, '$[0]'))" + by for by in (" % ", " / "))
    count = "json_extract(p.value, '$[3]')"
    text = "json_extract(p.value, '$[1]')"
    for n in range(MOST_NUMBERS):
        first, step, row_step = (f"json_extract(p.value, '$[{at}][{n}]')" for at in (2, 4, 6))
        number = f"{first} + {step} * ({cell}{count}) + {row_step} * ({row}{count})"
        text = f"replace({text}, '%{n + 1}', coalesce({number}, ''))"
    return (
        f"(SELECT CASE json_array_length(p.value, '$[2]') WHEN 0 THEN json_extract(p.value, '$[1]') ELSE {text} END\n"
        "        FROM json_each(c.places) p WHERE c.figure_id >= json_extract(p.value, '$[0]')\n"
        "         AND c.figure_id < json_extract(p.value, '$[0]') + "
        f"{count} * json_extract(p.value, '$[5]'))"
    )


_PLACE_OF_CELL = _place_of_cell()


def _forms() -> str:
    arms = "\nUNION ALL\n".join(
        f"SELECT report_id, '{block}' AS block, \"{form_column(block)}\" AS form FROM {table.name}"
        f' WHERE "{form_column(block)}" IS NOT NULL'
        for table in value_tables().values()
        for block in table.forms
    )
    return f"-- The form of each table block; the tables of one report may follow different ones.\n{arms}"


def _rows(form_table: str, columns: tuple[str, ...]) -> str:
    """A view with one line for each printed row of a form's table and a column for each of its value columns."""
    table = value_tables()[form_table]
    values = ",\n       ".join(
        f"{_case('row', [(figure.row, figure.id) for figure in _of(form_table, column)], table)} AS {column}"
        for column in columns
    )
    if len(table.forms) == 1:
        printed = 'v."form"'
    else:
        arms = " ".join(f"WHEN '{block.partition('.')[2]}' THEN v.\"{form_column(block)}\"" for block in table.forms)
        printed = f'CASE d."row" {arms} END'
    corrected = _corrected(f'f.form_table = \'{form_table}\' AND f."row" = d."row"')
    return f"""
-- {_COMMENTS[form_table]}
SELECT {_HEAD}, d."row", d.row_label,
       {values},
       {PLACE}
FROM figure_definitions d CROSS JOIN panel_figures r {_JOINS}
JOIN {table.name} v ON v.report_id = r.report_id
WHERE d.form_table = '{form_table}' AND d.form_column = '{columns[-1]}'
  AND (instr(d.forms, {printed}) > 0 OR {corrected})
"""


_COMMENTS = {
    "applications": "Requests for information by row of the form and kind of applicant; current revisions.",
    "review_litigation": "Reconsiderations and lawsuits over disclosure, by kind and outcome; current revisions.",
}


def _disclosure() -> str:
    table = value_tables()["active_disclosure"]
    return f"""
-- What was disclosed unasked: one line a cell, since the rows of this table have different columns; current revisions.
SELECT c.report_id, c.agency, c.year, c.scope, c."row", c.row_label, c."column", c.column_label,
       c.value, coalesce(c.unit, c.unit_of_form) AS unit,
       {PLACE.replace("a.", "c.")}
FROM (SELECT {_HEAD}, d."row", d.row_label, d.form_column AS "column", d.column_label, d.unit AS unit_of_form, {PLACE},
       {_cell(table)}
JOIN agencies a ON a.agency_id = r.agency_id
WHERE d.form_table = 'active_disclosure' AND r.is_current = 1) c
{_PRINTED}
"""


def _statistics() -> str:
    table = value_tables()["statistics"]
    columns = ",\n       ".join(f'v."{column}"' for column in table.figures.values())
    return f"""
-- The national statistics form of 2014 to 2018, one line a report; current revisions.
SELECT {_HEAD},
       {columns},
       {PLACE}
FROM report_revisions r {_JOINS} JOIN statistics_values v ON v.report_id = r.report_id
WHERE r.is_current = 1 AND (v."form" IS NOT NULL OR {_corrected("f.form_table = 'statistics'")})
"""


def _corrected(cells: str) -> str:
    """Whether somebody has corrected one of these cells: it counts, also where the reader finds no such row now."""
    return f"""EXISTS (
    SELECT 1 FROM corrections k JOIN figure_definitions f ON f.figure_id = k.figure_id
    WHERE k.report_id = r.report_id AND {cells})"""


def _of(form_table: str, column: str) -> list[FigureDefinition]:
    return [figure for figure in all_figures().values() if (figure.table, figure.column) == (form_table, column)]


def _read(cell: str, when: str = "") -> str:
    """What was read of a cell; most often that is what counts. `when` is `before` for that of the revision before."""
    report, value = (
        (f"{cell}.report_before", f"{cell}.value_before") if when else (f"{cell}.report_id", f"{cell}.value")
    )
    kept = f"FROM corrections k WHERE k.report_id = {report} AND k.figure_id = {cell}.figure_id"
    return f"CASE WHEN EXISTS (SELECT 1 {kept}) THEN (SELECT k.read_value {kept}) ELSE {value} END"


def _value(table: ValueTable, values: str = "v") -> str:
    """The value of the figure that the row of definitions names: by row, then by column, since SQLite tries in turn.

    `values` is what the statement calls the value table.
    """
    rows: dict[str, list[FigureDefinition]] = {}
    for figure in table.figures:
        rows.setdefault(all_figures()[figure].row, []).append(all_figures()[figure])
    if all(figure.column == "" for figures in rows.values() for figure in figures):
        return _case("row", [(row, figures[0].id) for row, figures in rows.items()], table, values)
    arms = " ".join(
        f"WHEN '{row}' THEN {_case('form_column', [(f.column, f.id) for f in figures], table, values)}"
        for row, figures in rows.items()
    )
    return f'CASE d."row" {arms} END'


def _case(of: str, arms: Iterable[tuple[str, str]], table: ValueTable, values: str = "v") -> str:
    written = " ".join(f"WHEN '{name}' THEN {values}.\"{table.figures[figure]}\"" for name, figure in arms)
    return f'CASE d."{of}" {written} END'

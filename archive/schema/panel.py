"""The panel: one row for an agency, a year and a scope, with indicators that can be followed over three forms.

`data/panel.yaml` says what each indicator is made of and where a series breaks. The rows are kept in a table of their
own, in step with the reports: what most questions ask is then read in one walk over short rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from sqlite_utils import Database

from archive.schema.values import value_tables
from archive.shipped import shipped
from pipelines.forms.definitions import FormError, all_figures
from pipelines.forms.files import load_yaml

LONGEST_NAME = 32
"""Characters in a name; Stata takes no more."""


@dataclass(frozen=True, slots=True)
class Note:
    """Why the figures of a form cannot be set beside those of the form of 2021 without a thought."""

    english: str
    chinese: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """A column of the panel."""

    id: str
    label: str
    english: str
    unit: str
    sums: tuple[tuple[str, ...], ...]
    """The ways in which it can be had, each the sum of figures; the first with all of them given counts."""
    breaks: Mapping[str, Note] = field(default_factory=dict)
    """By form."""


@cache
def indicators() -> tuple[Indicator, ...]:
    """The indicators in the order of the file. Raises FormError when the file does not make sense."""
    path = shipped("panel.yaml")
    found = tuple(
        Indicator(
            entry["id"],
            entry["label"],
            entry["english"],
            entry["unit"],
            tuple(tuple(figures) for figures in entry["sums"]),
            {form: Note(**note) for form, note in entry.get("breaks", {}).items()},
        )
        for entry in load_yaml(path)["indicators"]
    )
    for indicator in found:
        if len(indicator.id) > LONGEST_NAME:
            raise FormError(f"{path.name}: {indicator.id} is longer than {LONGEST_NAME} characters")
        for figure in (figure for figures in indicator.sums for figure in figures):
            if figure not in all_figures():
                raise FormError(f"{path.name}: {indicator.id} names {figure}, which no form has")
    return found


def breaks_of(form: str | None) -> tuple[str, ...]:
    """The indicators that reports of this form count otherwise; for a mixed one, all that any part of it might.

    That is of f2019 and f2021; one that also has the statistics of f2014 has the breaks of that form, too.
    """
    forms = ("f2019",) if form == "mixed" else (form,)
    return tuple(indicator.id for indicator in indicators() if any(name in indicator.breaks for name in forms))


def wording() -> str:
    """What the table is made from, to tell whether it is that of today."""
    return f"{_select()} {_INDEXES}"


def make_table(db: Database) -> None:
    """Makes the table anew, from all current revisions."""
    db.execute("DROP TABLE IF EXISTS panel_figures")
    names = ",\n    ".join(f"{indicator.id} ANY" for indicator in indicators())
    db.execute(
        "CREATE TABLE panel_figures (\n"
        "    -- The rows of the view panel, in step with the current revisions; made anew from them at any time.\n"
        "    report_id INTEGER PRIMARY KEY,\n"
        "    agency_id INTEGER,  -- neither this nor the year is ever null; the indexes are on that condition\n"
        "    year INTEGER,\n"
        "    scope TEXT,  -- null: the report does not say\n"
        "    form TEXT,\n"
        "    trust TEXT NOT NULL,\n"
        f"    {names}\n) STRICT"
    )
    db.execute("DROP INDEX IF EXISTS agencies_place")
    for index in _INDEXES:
        db.execute(index)
    db.execute(f"INSERT INTO panel_figures {_select()}")


def refresh_panel(db: Database, agency_id: int, year: int) -> None:
    """Makes the rows of an agency and year those of its current revisions.

    They are read and then written: a statement that does both sets a savepoint, at which FTS5 writes what it has
    gathered of the transaction's sections in a segment of its own.
    """
    rows = db.execute(f"{_select()} AND r.agency_id = ? AND r.year = ?", [agency_id, year]).fetchall()
    db.execute("DELETE FROM panel_figures WHERE agency_id = ? AND year = ?", [agency_id, year])
    for row in rows:
        # A report that has moved here may still have its line under the agency where it was.
        db.execute("DELETE FROM panel_figures WHERE report_id = ?", [row[0]])
        db.execute(f"INSERT INTO panel_figures VALUES ({', '.join('?' for _ in row)})", row)


def view(place: str) -> str:
    """The view over the table. `place` are the columns of `agencies a` that end it."""
    forms = sorted({form for indicator in indicators() for form in indicator.breaks} | {"mixed"})
    arms = " ".join(f"WHEN '{form}' THEN '{' '.join(breaks_of(form))}'" for form in forms)
    older = " ".join(name for name in breaks_of("f2014") if name not in breaks_of("mixed"))
    statistics = "SELECT 1 FROM statistics_values v WHERE v.report_id = p.report_id AND v.form IS NOT NULL"
    names = ",\n       ".join(f"p.{indicator.id}" for indicator in indicators())
    return f"""
-- One line for an agency, a year and a scope, with indicators harmonised over the forms of 2014, 2019 and 2021.
-- `flags`: figures of the report with an open error or warning. `breaks`: indicators that this form counts otherwise
-- than the form of 2021.
SELECT p.report_id, a.name AS agency, p.year, p.scope, p.form, p.trust,
       (SELECT count(DISTINCT f.figure_id) FROM issue_figures f JOIN issues i ON i.issue_id = f.issue_id
         WHERE f.report_id = p.report_id AND f.decision_id IS NULL AND i.closed_at IS NULL
           AND i.level <> 'info') AS flags,
       CASE p.form {arms} ELSE '' END
         || iif(p.form = 'mixed' AND EXISTS ({statistics}), ' {older}', '') AS breaks,
       {names},
       {place.replace("a.agency_id", "p.agency_id")}
FROM panel_figures p LEFT JOIN agencies a ON a.agency_id = p.agency_id
"""


@cache
def _select() -> str:
    values = ",\n       ".join(_formula(indicator) for indicator in indicators())
    joins = "\n".join(
        f"LEFT JOIN {table.name} {_alias(form_table)} ON {_alias(form_table)}.report_id = r.report_id"
        for form_table, table in value_tables().items()
    )
    return f"""
SELECT r.report_id, r.agency_id, r.year, r.scope, r.form, r.trust,
       {values}
FROM report_revisions r
{joins}
WHERE r.is_current = 1"""


_COMPARED = "received, carried_in, carried_out"
"""What one year is held against another for. Both indexes hold it, or SQLite takes the wrong one for the narrower."""

_INDEXES = (
    f"CREATE INDEX panel_agency ON panel_figures (agency_id, year, scope, {_COMPARED}) WHERE agency_id IS NOT NULL",
    f"CREATE INDEX panel_year ON panel_figures (year, scope, agency_id, {_COMPARED}) WHERE year IS NOT NULL",
    "CREATE INDEX panel_firms ON panel_figures (received_firms) WHERE received_firms IS NOT NULL",
    "CREATE INDEX agencies_place ON agencies (province, city, county) WHERE province IS NOT NULL",
)
"""For an agency over the years, for all agencies of a year, for an indicator that is of note where it is large, and for
the agencies of a province, from which a question to that province should start, and not from all lines of the panel.

The conditions, true as they are, keep SQLite from walking through an index where the question is to all lines. That
there is one line a key is seen to by the index `reports_current` on the revisions.
"""


def _formula(indicator: Indicator) -> str:
    ways = [" + ".join(_value(figure) for figure in figures) for figures in indicator.sums]
    return ways[0] if len(ways) == 1 else f"coalesce({', '.join(ways)})"


def _value(figure: str) -> str:
    form_table = figure.partition(".")[0]
    return f'{_alias(form_table)}."{value_tables()[form_table].figures[figure]}"'


def _alias(form_table: str) -> str:
    return f"v{[*value_tables()].index(form_table) + 1}"

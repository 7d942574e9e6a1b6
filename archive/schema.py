"""The tables and views of the archive, as migrations that are only ever added to.

The comments stand inside the statements on purpose: SQLite keeps them, so that `.schema` in any tool explains the file.
`reports` and `figures` are the views that other programs rely on; their columns may grow in number but never change.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database, Migrations

from archive.errors import ArchiveError
from pipelines.forms.definitions import FigureDefinition

migrations = Migrations("gongkai")

_EVIDENCE = """
CREATE TABLE portals (
    -- A site that we ask, by its id in the portals file.
    portal_id TEXT PRIMARY KEY,
    first_seen TEXT NOT NULL,  -- moments are UTC, YYYY-MM-DDTHH:MM:SSZ, here and everywhere
    last_seen TEXT NOT NULL
) STRICT;

CREATE TABLE runs (
    -- One start of a command that writes.
    run_id INTEGER PRIMARY KEY,
    command TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,  -- null: still running, or killed
    verdict TEXT,
    exit_code INTEGER
) STRICT;

CREATE TABLE run_counts (
    -- What a run did, in numbers.
    run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE captures (
    -- One fetched response, and where its bytes lie in warc/ beside this file.
    capture_id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,  -- without user, password and fragment
    portal_id TEXT REFERENCES portals,
    run_id INTEGER REFERENCES runs,
    fetched_at TEXT NOT NULL,
    status INTEGER NOT NULL,
    content_type TEXT NOT NULL,  -- as sent; '' when none was
    payload_digest TEXT NOT NULL,  -- sha256 of the document, with transfer and content encoding undone
    payload_length INTEGER NOT NULL,
    truncated TEXT NOT NULL CHECK (truncated IN ('', 'length', 'time', 'disconnect')),
    warc_file TEXT NOT NULL,
    warc_offset INTEGER NOT NULL,  -- of the gzip member that holds the response record
    warc_length INTEGER NOT NULL,
    member_digest TEXT NOT NULL,  -- sha256 of exactly those bytes
    UNIQUE (warc_file, warc_offset)
) STRICT;
CREATE INDEX captures_url ON captures (url);
CREATE INDEX captures_payload ON captures (payload_digest);
CREATE INDEX captures_run ON captures (run_id);

CREATE TABLE pages (
    -- What each address turned out to be when it was last looked at.
    url TEXT PRIMARY KEY,
    portal_id TEXT REFERENCES portals,
    outcome TEXT NOT NULL,
    reason TEXT,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    capture_id INTEGER REFERENCES captures  -- the last one
) STRICT;
CREATE INDEX pages_portal ON pages (portal_id, outcome);
"""

_FACTS = """
CREATE TABLE agencies (
    -- A body that must report.
    agency_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,  -- the printed name; where two bodies print the same one, with what tells them apart
    printed_name TEXT NOT NULL,
    division_code TEXT,  -- of the administrative division, from the portal that published it
    portal_id TEXT REFERENCES portals  -- the official portal on which it was first seen
) STRICT;
CREATE INDEX agencies_printed ON agencies (printed_name);

CREATE TABLE figure_definitions (
    -- The value cells of the statutory forms, from data/forms; the ids never change.
    figure_id INTEGER PRIMARY KEY,
    figure TEXT NOT NULL UNIQUE,  -- table.row.column
    form_table TEXT NOT NULL,
    "row" TEXT NOT NULL,
    form_column TEXT NOT NULL,
    row_label TEXT NOT NULL,
    column_label TEXT NOT NULL,
    unit TEXT,
    forms TEXT NOT NULL,  -- the forms that print it, separated by blanks
    UNIQUE (form_table, "row", form_column)
) STRICT;

CREATE TABLE report_revisions (
    -- A report of an agency on a year, as published at one time. When its content changes there is another revision.
    report_id INTEGER PRIMARY KEY,
    agency_id INTEGER NOT NULL REFERENCES agencies,
    agency_printed TEXT NOT NULL,  -- as this report prints it
    year INTEGER NOT NULL,  -- reported on, not published in
    scope TEXT CHECK (scope IN ('own', 'area')),  -- own figures, or those of a whole area; null: it does not say
    revision INTEGER NOT NULL CHECK (revision > 0),
    is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
    form TEXT,
    title TEXT,
    trust TEXT NOT NULL CHECK (trust IN ('official', 'mirror', 'unknown')),
    read_by TEXT,  -- html, pdf, docx, ocr ...
    url TEXT NOT NULL,  -- of the page
    part INTEGER NOT NULL,  -- which report in that document, from 1
    portal_id TEXT REFERENCES portals,
    capture_id INTEGER NOT NULL REFERENCES captures,  -- the one that was read: the page, or a file attached to it
    fetched_at TEXT NOT NULL,  -- of that capture
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    evidence_agency TEXT,  -- the words from which agency, year and scope were taken
    evidence_year TEXT,
    evidence_scope TEXT,
    encoding TEXT,
    encoding_reason TEXT,
    script TEXT,
    repairs TEXT,  -- names, separated by blanks
    cell_count INTEGER NOT NULL,
    content_digest TEXT NOT NULL,  -- sha256 of what the report says
    figures_digest TEXT NOT NULL,  -- of its figures alone
    reading_digest TEXT NOT NULL  -- of everything that was read
) STRICT;
CREATE UNIQUE INDEX reports_key ON report_revisions (agency_id, year, coalesce(scope, ''), revision);
CREATE UNIQUE INDEX reports_current ON report_revisions (agency_id, year, coalesce(scope, '')) WHERE is_current = 1;
CREATE INDEX reports_year ON report_revisions (year);
CREATE INDEX reports_url ON report_revisions (url);
CREATE INDEX reports_capture ON report_revisions (capture_id);

CREATE TABLE report_captures (
    -- The evidence for a revision.
    report_id INTEGER NOT NULL REFERENCES report_revisions ON DELETE CASCADE,
    capture_id INTEGER NOT NULL REFERENCES captures,
    part INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('page', 'attachment', 'twin', 'mirror')),
    PRIMARY KEY (report_id, capture_id, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_captures_capture ON report_captures (capture_id);

CREATE TABLE report_forms (
    -- The form of each table block; the tables of one report may follow different ones.
    report_id INTEGER NOT NULL REFERENCES report_revisions ON DELETE CASCADE,
    block TEXT NOT NULL,
    form TEXT NOT NULL,
    PRIMARY KEY (report_id, block)
) STRICT, WITHOUT ROWID;

CREATE TABLE cells (
    -- Every printed value cell. Null is "not given", never 0.
    report_id INTEGER NOT NULL REFERENCES report_revisions ON DELETE CASCADE,
    figure_id INTEGER NOT NULL REFERENCES figure_definitions,
    value ANY CHECK (typeof(value) IN ('integer', 'real', 'null')),
    state TEXT CHECK (state IN ('blank', 'slash', 'dash', 'word', 'unreadable')),  -- null: number
    unit TEXT,  -- where the cell or its head prints one
    raw TEXT,  -- the printed text; null: the digits of value, or '' where there is no value
    place TEXT,  -- where in the document
    PRIMARY KEY (report_id, figure_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sections (
    -- The narrative, in simplified characters, without its tables.
    section_id INTEGER PRIMARY KEY,
    report_id INTEGER NOT NULL REFERENCES report_revisions ON DELETE CASCADE,
    position INTEGER NOT NULL,
    number INTEGER NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (report_id, position)
) STRICT;

CREATE TABLE indicators (
    -- Statistics outside the national forms, as labelled by the agency.
    report_id INTEGER NOT NULL REFERENCES report_revisions ON DELETE CASCADE,
    position INTEGER NOT NULL,
    label TEXT NOT NULL,
    unit TEXT NOT NULL,
    column_label TEXT NOT NULL,
    value ANY CHECK (typeof(value) IN ('integer', 'real', 'null')),
    raw TEXT NOT NULL,
    place TEXT NOT NULL,
    PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachments (
    -- Files that the page links to.
    report_id INTEGER NOT NULL REFERENCES report_revisions ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE issues (
    -- Something that a person should look at.
    issue_id INTEGER PRIMARY KEY,
    report_id INTEGER REFERENCES report_revisions ON DELETE CASCADE,
    capture_id INTEGER REFERENCES captures,  -- where there is no report: what could not be filed
    part INTEGER NOT NULL DEFAULT 1,
    origin TEXT NOT NULL CHECK (origin IN ('reader', 'filing', 'sources', 'years')),  -- who found it
    code TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('error', 'warning', 'info')),
    message TEXT NOT NULL,
    figure TEXT,  -- the cell; of a sum rule: the total
    closed_at TEXT,  -- null: open
    CHECK ((report_id IS NULL) <> (capture_id IS NULL))
) STRICT;
CREATE INDEX issues_report ON issues (report_id);
CREATE INDEX issues_capture ON issues (capture_id) WHERE capture_id IS NOT NULL;
CREATE INDEX issues_code ON issues (code);

CREATE TABLE issue_figures (
    -- The cells that an issue concerns.
    report_id INTEGER NOT NULL REFERENCES report_revisions ON DELETE CASCADE,
    figure_id INTEGER NOT NULL REFERENCES figure_definitions,
    issue_id INTEGER NOT NULL REFERENCES issues ON DELETE CASCADE,
    PRIMARY KEY (report_id, figure_id, issue_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX issue_figures_issue ON issue_figures (issue_id);
"""

_SEVERITY = "CASE i.level WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END"

_VIEWS = f"""
CREATE VIEW reports AS
-- Every revision of every report. `review` is 'open' while an error or a warning waits for somebody to look at it.
SELECT r.report_id, a.name AS agency, r.agency_printed, r.year, r.scope, r.revision, r.is_current, r.form, r.title,
       r.trust, r.read_by,
       CASE WHEN EXISTS (SELECT 1 FROM issues i WHERE i.report_id = r.report_id AND i.closed_at IS NULL
                                                  AND i.level <> 'info') THEN 'open' END AS review,
       r.url, r.fetched_at, r.first_seen, r.last_seen
FROM report_revisions r JOIN agencies a ON a.agency_id = r.agency_id;

CREATE VIEW figures AS
-- The value cells of the current revisions. `flag` is the code of the gravest open issue on the cell.
SELECT r.report_id, a.name AS agency, r.year, r.scope, d.figure, c.value, c.unit, coalesce(c.state, 'number') AS state,
       coalesce(c.raw, CAST(c.value AS TEXT), '') AS raw,
       (SELECT i.code FROM issue_figures f JOIN issues i ON i.issue_id = f.issue_id
         WHERE f.report_id = c.report_id AND f.figure_id = c.figure_id AND i.closed_at IS NULL AND i.level <> 'info'
         ORDER BY {_SEVERITY}, i.issue_id LIMIT 1) AS flag,
       r.url
FROM report_revisions r
JOIN agencies a ON a.agency_id = r.agency_id
JOIN cells c ON c.report_id = r.report_id
JOIN figure_definitions d ON d.figure_id = c.figure_id
WHERE r.is_current = 1;

CREATE VIEW open_issues AS
-- What waits for somebody to look at it, with the report or the page concerned.
SELECT i.issue_id, i.level, i.code, i.message, i.figure, a.name AS agency, r.year, r.scope, i.report_id,
       coalesce(r.url, p.url) AS url
FROM issues i
LEFT JOIN report_revisions r ON r.report_id = i.report_id
LEFT JOIN agencies a ON a.agency_id = r.agency_id
LEFT JOIN captures p ON p.capture_id = i.capture_id
WHERE i.closed_at IS NULL AND (r.report_id IS NULL OR r.is_current = 1);
"""

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


def wide_view(name: str, table: str, columns: tuple[str, ...], comment: str) -> str:
    """A view with one line for each printed row of a form's table and a column for each of its value columns.

    The definitions come first in the join, so that naming a row reads one cell a column and report, and columns that a
    query does not name are never looked up. A row is there when its last column is: blocks are printed as a whole.
    """
    last = columns[-1]
    joins = "\n".join(
        f'JOIN figure_definitions d{n} ON d{n}.form_table = \'{table}\' AND d{n}."row" = d."row"'
        f" AND d{n}.form_column = '{column}'"
        for n, column in enumerate(columns[:-1])
    )
    values = "".join(
        f"       (SELECT value FROM cells WHERE report_id = r.report_id AND figure_id = d{n}.figure_id) AS {column},\n"
        for n, column in enumerate(columns[:-1])
    )
    return f"""
CREATE VIEW {name} AS
-- {comment}
SELECT r.report_id, a.name AS agency, r.year, r.scope, d."row", d.row_label,
{values}       c.value AS {last}
FROM figure_definitions d
{joins}
CROSS JOIN report_revisions r
JOIN agencies a ON a.agency_id = r.agency_id
JOIN cells c ON c.report_id = r.report_id AND c.figure_id = d.figure_id
WHERE d.form_table = '{table}' AND d.form_column = '{last}' AND r.is_current = 1;
"""


_DISCLOSURE = """
CREATE VIEW disclosure AS
-- What was disclosed unasked: one line a cell, since the rows of this table have different columns; current revisions.
SELECT r.report_id, a.name AS agency, r.year, r.scope, d."row", d.row_label, d.form_column AS "column", d.column_label,
       c.value, coalesce(c.unit, d.unit) AS unit
FROM figure_definitions d
CROSS JOIN report_revisions r
JOIN agencies a ON a.agency_id = r.agency_id
JOIN cells c ON c.report_id = r.report_id AND c.figure_id = d.figure_id
WHERE d.form_table = 'active_disclosure' AND r.is_current = 1;
"""


@migrations()
def m001_first(db: Database) -> None:
    """Evidence, facts, and the views over them."""
    requests = "Requests for information by row of the form and kind of applicant; current revisions."
    disputes = "Reconsiderations and lawsuits over disclosure, by kind and outcome; current revisions."
    for script in (
        _EVIDENCE,
        _FACTS,
        _VIEWS,
        wide_view("applications", "applications", APPLICANTS, requests),
        wide_view("review_litigation", "review_litigation", OUTCOMES, disputes),
        _DISCLOSURE,
    ):
        _run(db, script)


_COLUMNS = """
CREATE TABLE columns (
    -- Where a portal was found to keep its reports: the pages at which the next crawl of it begins.
    portal_id TEXT NOT NULL REFERENCES portals,
    url TEXT NOT NULL,
    -- what the page is: a column of annual reports, or something above it
    setting TEXT NOT NULL CHECK (setting IN ('annual', 'disclosure', 'open')),
    reports INTEGER NOT NULL,  -- found from here the last time that there were any
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,  -- the last time that it gave reports
    gone_at TEXT,  -- since when it gives none; null: it does
    PRIMARY KEY (portal_id, url)
) STRICT, WITHOUT ROWID;

ALTER TABLE portals ADD COLUMN searched_at TEXT;  -- the last time that it was searched from its home page
"""


@migrations()
def m002_columns(db: Database) -> None:
    """What worked on a portal is remembered."""
    _run(db, _COLUMNS)


def _run(db: Database, script: str) -> None:
    # executescript() of sqlite-utils asks SQLite at every `;` whether a statement ends, and comments have many.
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


def refuse_newer(db: Database) -> None:
    """Raises ArchiveError when a newer program has changed the tables in ways that this one knows nothing of."""
    ours = {migration.name for migration in migrations.pending(Database(memory=True))}
    newer = [migration.name for migration in migrations.applied(db) if migration.name not in ours]
    if newer:
        raise ArchiveError(f"made by a newer version of gongkai (schema step {newer[-1]}); please update gongkai")


def is_settled(db: Database, figures: Mapping[str, FigureDefinition]) -> bool:
    """Whether neither the tables nor the definitions of figures have to be brought up to date."""
    return not migrations.pending(db) and not _outdated(db, figures)


def settle(db: Database, figures: Mapping[str, FigureDefinition]) -> None:
    """Brings tables and figure definitions up to date, inside the transaction that the caller has open."""
    migrations.apply(db)
    db.table("figure_definitions").upsert_all(_outdated(db, figures), pk="figure")


def _outdated(db: Database, figures: Mapping[str, FigureDefinition]) -> list[dict[str, str | None]]:
    stored = {row["figure"]: row for row in db["figure_definitions"].rows}
    wanted = [
        {
            "figure": figure.id,
            "form_table": figure.table,
            "row": figure.row,
            "form_column": figure.column,
            "row_label": figure.row_label,
            "column_label": figure.column_label,
            "unit": figure.unit,
            "forms": " ".join(figure.forms),
        }
        for figure in figures.values()
    ]
    return [row for row in wanted if not row.items() <= stored.get(str(row["figure"]), {}).items()]

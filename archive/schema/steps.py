"""The tables of the archive, as migrations that are only ever added to.

The comments stand inside the statements on purpose: SQLite keeps them, so that `.schema` in any tool explains the file.
Foreign keys are not enforced while a step runs, so that it may replace a table that others refer to.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from archive.places import encoded
from archive.schema import finding, values
from archive.schema.decided import DECISIONS, widen_origins
from archive.schema.imported import IMPORTED
from archive.schema.nightly import NIGHTLY
from archive.schema.registry import REGISTRY
from archive.schema.rereading import REREADING

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


@migrations()
def m001_first(db: Database) -> None:
    """Evidence and facts."""
    _run(db, _EVIDENCE)
    _run(db, _FACTS)


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


_COMPACT = """
CREATE TABLE report_revisions_new (
    -- A report of an agency on a year, as published at one time. When its content changes there is another revision.
    -- What is not needed to find and count reports stands in report_readings.
    report_id INTEGER PRIMARY KEY,
    agency_id INTEGER NOT NULL REFERENCES agencies,
    year INTEGER NOT NULL,  -- reported on, not published in
    scope TEXT CHECK (scope IN ('own', 'area')),  -- own figures, or those of a whole area; null: it does not say
    revision INTEGER NOT NULL CHECK (revision > 0),
    is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
    form TEXT,
    trust TEXT NOT NULL CHECK (trust IN ('official', 'mirror', 'unknown')),
    portal_id TEXT REFERENCES portals,
    capture_id INTEGER NOT NULL REFERENCES captures,  -- the one that was read: the page, or a file attached to it
    part INTEGER NOT NULL,  -- which report in that document, from 1
    cell_count INTEGER NOT NULL
) STRICT;

CREATE TABLE report_readings (
    -- What was read of a revision besides its figures, and from where.
    report_id INTEGER PRIMARY KEY REFERENCES report_revisions ON DELETE CASCADE,
    agency_printed TEXT NOT NULL,  -- as this report prints it
    title TEXT,
    read_by TEXT,  -- html, pdf, docx, ocr ...
    url TEXT NOT NULL,  -- of the page
    fetched_at TEXT NOT NULL,  -- of the capture that was read
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    evidence_agency TEXT,  -- the words from which agency, year and scope were taken
    evidence_year TEXT,
    evidence_scope TEXT,
    encoding TEXT,
    encoding_reason TEXT,
    script TEXT,
    repairs TEXT,  -- names, separated by blanks
    content_digest TEXT NOT NULL,  -- sha256 of what the report says
    figures_digest TEXT NOT NULL,  -- of its figures alone
    reading_digest TEXT NOT NULL  -- of everything that was read
) STRICT;

INSERT INTO report_revisions_new SELECT report_id, agency_id, year, scope, revision, is_current, form, trust, portal_id,
    capture_id, part, cell_count FROM report_revisions;

INSERT INTO report_readings SELECT report_id, agency_printed, title, read_by, url, fetched_at, first_seen, last_seen,
    evidence_agency, evidence_year, evidence_scope, encoding, encoding_reason, script, repairs, content_digest,
    figures_digest, reading_digest FROM report_revisions;

DROP TABLE report_revisions;

ALTER TABLE report_revisions_new RENAME TO report_revisions;

CREATE UNIQUE INDEX reports_key ON report_revisions (agency_id, year, coalesce(scope, ''), revision);
CREATE UNIQUE INDEX reports_current ON report_revisions (agency_id, year, coalesce(scope, '')) WHERE is_current = 1;
CREATE INDEX reports_year ON report_revisions (year);
CREATE INDEX reports_capture ON report_revisions (capture_id);
CREATE INDEX readings_url ON report_readings (url);

CREATE TABLE cell_texts (
    -- The printed text of the cells that are not just the digits of their value. A printed null always has a row here.
    report_id INTEGER NOT NULL REFERENCES report_revisions ON DELETE CASCADE,
    figure_id INTEGER NOT NULL REFERENCES figure_definitions,
    state TEXT CHECK (state IN ('blank', 'slash', 'dash', 'word', 'unreadable')),  -- null: number
    unit TEXT,  -- where the cell or its head prints one
    raw TEXT,  -- null: the digits of the value, or '' where there is no value
    PRIMARY KEY (report_id, figure_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE report_places (
    -- Where in the document each cell stood, as runs of cells whose numbers grow alike; docs/archive.md explains them.
    report_id INTEGER PRIMARY KEY REFERENCES report_revisions ON DELETE CASCADE,
    places TEXT NOT NULL
) STRICT;

CREATE TABLE derived (
    -- From which wording of their definitions the panel and the views were made.
    name TEXT PRIMARY KEY,
    digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE agencies_new (
    -- A body that must report.
    agency_id INTEGER PRIMARY KEY AUTOINCREMENT,  -- so that no id is ever given to another one
    name TEXT NOT NULL UNIQUE,  -- the canonical name; where two bodies bear the same one, with what tells them apart
    printed_name TEXT NOT NULL,
    division_code TEXT,
    portal_id TEXT REFERENCES portals,  -- the official portal on which it was first seen
    level TEXT CHECK (level IN ('central', 'province', 'city', 'county', 'township')),
    kind TEXT CHECK (kind IN ('government', 'office', 'department', 'township', 'park', 'other')),
    province TEXT,  -- names of the divisions in which it lies
    city TEXT,
    county TEXT,
    township TEXT
) STRICT;

INSERT INTO agencies_new (agency_id, name, printed_name, division_code, portal_id)
    SELECT agency_id, name, printed_name, division_code, portal_id FROM agencies;

DROP TABLE agencies;

ALTER TABLE agencies_new RENAME TO agencies;

CREATE INDEX agencies_printed ON agencies (printed_name);
"""


@migrations()
def m003_compact(db: Database) -> None:
    """One row a report for the values of each statutory table; texts and places apart."""
    _run(db, _COMPACT)
    values.make_tables(db)
    figures = dict(db.execute("SELECT figure_id, figure FROM figure_definitions").fetchall())
    for (report_id,) in db.execute("SELECT report_id FROM report_revisions ORDER BY report_id").fetchall():
        cells = db.execute(
            "SELECT figure_id, value, place FROM cells WHERE report_id = ? ORDER BY figure_id", [report_id]
        ).fetchall()
        forms = dict(db.execute("SELECT block, form FROM report_forms WHERE report_id = ?", [report_id]).fetchall())
        values.write_values(db, report_id, forms, {figures[figure_id]: value for figure_id, value, _ in cells})
        places = encoded([(figure_id, place) for figure_id, _, place in cells if place is not None])
        if places:
            db.execute("INSERT INTO report_places VALUES (?, ?)", [report_id, places])
    db.execute(
        "INSERT INTO cell_texts SELECT report_id, figure_id, state, unit, raw FROM cells"
        " WHERE value IS NULL OR state IS NOT NULL OR unit IS NOT NULL OR raw IS NOT NULL"
    )
    db.execute("DROP TABLE cells")
    db.execute("DROP TABLE report_forms")


@migrations()
def m004_agencies(db: Database) -> None:
    """The registry of agencies: names seen, links, and what people have settled."""
    _run(db, REGISTRY)


@migrations()
def m005_decisions(db: Database) -> None:
    """What people decide about figures."""
    widen_origins(db)
    _run(db, DECISIONS)


@migrations()
def m006_finding(db: Database) -> None:
    """Sections are found by their words, and what is missing is known."""
    finding.make_tables(db)


@migrations()
def m007_nights(db: Database) -> None:
    """What one night leaves for the next."""
    _run(db, NIGHTLY)


@migrations()
def m008_rereading(db: Database) -> None:
    """Captures can be read again, and what an earlier reader made of them is kept."""
    _run(db, REREADING)


@migrations()
def m009_imported(db: Database) -> None:
    """What somebody else fetched is told from what we did."""
    _run(db, IMPORTED)


def _run(db: Database, script: str) -> None:
    # executescript() of sqlite-utils asks SQLite at every `;` whether a statement ends, and comments have many.
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)

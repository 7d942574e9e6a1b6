"""The search index and the table of what should be there: schema step 6.

`archive.search` keeps the one in step with the sections, `archive.coverage` makes the other after each run.
"""

from __future__ import annotations

from sqlite_utils import Database

from archive import search

_SEARCH = """
CREATE VIRTUAL TABLE sections_search USING fts5(
    -- The terms of the sections; rowid is the section_id. Chinese is indexed in overlapping pairs, so a word of two
    -- characters is found by MATCH '复议', a longer one by its pairs: MATCH '"行政 政复 复议"', one character by
    -- MATCH '复*'. The SQL function search_words('行政复议') of our programs writes that. There is no text in it.
    heading,
    text,
    content='',
    tokenize='unicode61 remove_diacritics 0'
)
"""

_COVERAGE = (
    """
CREATE TABLE coverage_rows (
    -- Each report that should be there, and what became of it, as of the day in coverage_day. The view coverage says
    -- whose it is.
    coverage_id INTEGER PRIMARY KEY,
    portal_id TEXT,  -- where it is, or should be
    agency_id INTEGER REFERENCES agencies ON DELETE CASCADE,  -- null: a portal of which no agency is known
    year INTEGER NOT NULL,
    scope TEXT,
    status TEXT NOT NULL,
    report_id INTEGER REFERENCES report_revisions ON DELETE CASCADE,
    reason TEXT,
    url TEXT,  -- of the report; else where it should be linked, or what went wrong
    due_on TEXT NOT NULL
) STRICT""",
    "CREATE INDEX coverage_agency ON coverage_rows (agency_id, year)",
    "CREATE INDEX coverage_report ON coverage_rows (report_id)",
    """
CREATE TABLE coverage_day (
    -- The day for which coverage_rows was made.
    as_of TEXT PRIMARY KEY
) STRICT""",
    "ALTER TABLE portals ADD COLUMN name TEXT",
    "ALTER TABLE portals ADD COLUMN division_code TEXT",
    "ALTER TABLE portals ADD COLUMN level TEXT",
    "ALTER TABLE portals ADD COLUMN province TEXT",
    "ALTER TABLE portals ADD COLUMN city TEXT",
    "ALTER TABLE portals ADD COLUMN county TEXT",
)


def make_tables(db: Database) -> None:
    """Makes them, and fills the index from the sections that are there, in bounded memory."""
    db.execute(_SEARCH)
    search.fill(db)
    for statement in _COVERAGE:
        db.execute(statement)

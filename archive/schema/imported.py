"""The tables of what was not fetched by us but imported: schema step 9.

From where each imported capture comes (`imported_records`), and which parts of which sources are done, so that an
import that was killed goes on (`imported_sources`, `imported_slices`).
"""

from __future__ import annotations

IMPORTED = """
CREATE TABLE imported_records (
    -- Captures that somebody else fetched, each with the record that it is a copy of.
    capture_id INTEGER PRIMARY KEY REFERENCES captures,
    run_id INTEGER REFERENCES runs,  -- captures.run_id is null: that run asked no portal. Null: another archive's run
    source TEXT NOT NULL,  -- name of the file that holds the record; in an imported folder, with the path from there
    record_offset INTEGER NOT NULL,  -- where the record starts in it, in bytes
    -- response, resource and conversion (text that somebody took out of a page): of a WARC; text: a line of JSON
    kind TEXT NOT NULL CHECK (kind IN ('response', 'resource', 'conversion', 'file', 'text')),
    record_id TEXT,  -- the WARC-Record-ID there; null: it has none
    record_key TEXT NOT NULL UNIQUE  -- sha256 of what makes it the same record in every copy of its source
) STRICT;

CREATE TABLE imported_sources (
    -- Files and folders that were imported, or are being imported.
    source_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,  -- sha256 of its size, its beginning and its end; of a folder, of its list of files
    size INTEGER NOT NULL,  -- bytes
    first_import TEXT NOT NULL,
    finished_at TEXT  -- null: not all of it is done
) STRICT;

CREATE TABLE imported_slices (
    -- Parts of sources that are done, and what was in them; one row for the whole when all of it is.
    source_id INTEGER NOT NULL REFERENCES imported_sources ON DELETE CASCADE,
    start INTEGER NOT NULL,  -- the first byte; of a folder, the first of its files
    until INTEGER NOT NULL,  -- the first that does not belong to it; -1: the end of the source
    records INTEGER NOT NULL,
    documents INTEGER NOT NULL,  -- records that carry a document
    passed INTEGER NOT NULL,  -- documents that may be reports by their bytes, and were read
    reports INTEGER NOT NULL,
    damaged INTEGER NOT NULL,
    PRIMARY KEY (source_id, start)
) STRICT, WITHOUT ROWID;

CREATE INDEX imported_records_run ON imported_records (run_id);

ALTER TABLE portals ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
"""

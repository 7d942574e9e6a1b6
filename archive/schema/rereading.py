"""The tables that let captures be read again: schema step 8.

How each capture was read and filed (`captures_read`), and what a later reader made otherwise of the same bytes
(`reading_revisions`, `reading_changes`). A revision is a change of the source; a reading is ours.
"""

from __future__ import annotations

REREADING = """
CREATE TABLE captures_read (
    -- Captures that were given to the reader, and how they were filed, so that they can be read again just so.
    capture_id INTEGER PRIMARY KEY REFERENCES captures,
    -- list: a page that lists reports and showed no figures, so that nothing of it was filed
    role TEXT NOT NULL CHECK (role IN ('page', 'attachment', 'list')),
    page_id INTEGER REFERENCES captures,  -- of a file: the page that links to it; null: not known
    trust TEXT NOT NULL CHECK (trust IN ('official', 'mirror', 'unknown')),
    portal_id TEXT REFERENCES portals,
    division_code TEXT,  -- that portal's own
    title TEXT NOT NULL,  -- title, agency and year are what the linking page said; '' and null where it said nothing
    agency TEXT NOT NULL,
    year INTEGER,
    reader TEXT,  -- version of the reader; null: read before that was kept
    read_at TEXT NOT NULL,
    digest TEXT  -- sha256 of all that was read in all its parts; null: read before that was kept
) STRICT;
CREATE INDEX captures_read_page ON captures_read (page_id) WHERE page_id IS NOT NULL;
CREATE INDEX captures_read_reader ON captures_read (reader);

CREATE TABLE reading_revisions (
    -- Former readings of a document: what an earlier reader made of the same bytes, and as what that was filed. They
    -- belong to the document, so that they stay when a reader takes it for somebody else's report, or for none.
    capture_id INTEGER NOT NULL REFERENCES captures,
    part INTEGER NOT NULL,  -- which report in that document, from 1
    reading INTEGER NOT NULL,  -- from 1, in their order
    agency TEXT NOT NULL,  -- agency, year and scope under which it stood
    year INTEGER NOT NULL,
    scope TEXT,
    reader TEXT,  -- version of the reader; null: read before that was kept
    read_at TEXT,
    replaced_at TEXT NOT NULL,
    reading_digest TEXT NOT NULL,
    PRIMARY KEY (capture_id, part, reading)
) STRICT, WITHOUT ROWID;

CREATE TABLE reading_changes (
    -- In what the reading after that one differs from it.
    capture_id INTEGER NOT NULL,
    part INTEGER NOT NULL,
    reading INTEGER NOT NULL,  -- the one that was replaced
    what TEXT NOT NULL,  -- a figure, or report, agency, title, form, section 2, issue ...
    before TEXT,  -- as read before: of a figure the number, else 'its printed text'; null: not there
    after TEXT,
    PRIMARY KEY (capture_id, part, reading, what),
    FOREIGN KEY (capture_id, part, reading) REFERENCES reading_revisions ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

ALTER TABLE report_readings ADD COLUMN reading INTEGER NOT NULL DEFAULT 1;

ALTER TABLE report_readings ADD COLUMN reader TEXT;

ALTER TABLE report_readings ADD COLUMN read_at TEXT;

INSERT INTO captures_read (capture_id, role, page_id, trust, portal_id, division_code, title, agency, year, read_at)
SELECT c.capture_id, iif(l.role = 'attachment', 'attachment', 'page'), NULL, iif(l.role = 'mirror', 'mirror', r.trust),
       c.portal_id, p.division_code, coalesce(t.title, ''), t.agency_printed, r.year, c.fetched_at
FROM report_captures l
JOIN captures c ON c.capture_id = l.capture_id
JOIN report_revisions r ON r.report_id = l.report_id
JOIN report_readings t ON t.report_id = l.report_id
LEFT JOIN portals p ON p.portal_id = c.portal_id
GROUP BY c.capture_id;

INSERT INTO captures_read (capture_id, role, page_id, trust, portal_id, division_code, title, agency, year, read_at)
SELECT c.capture_id, 'page', NULL, 'official', c.portal_id, p.division_code, '', '', NULL, c.fetched_at
FROM pages g
JOIN captures c ON c.capture_id = g.capture_id
LEFT JOIN portals p ON p.portal_id = c.portal_id
WHERE g.outcome IN ('not_a_report', 'unreadable', 'key_unknown', 'refused')
  AND NOT EXISTS (SELECT 1 FROM captures_read k WHERE k.capture_id = c.capture_id);
"""

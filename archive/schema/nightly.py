"""The tables of what one night leaves for the next: schema step 7.

What lists showed and what came of it (`links`), how each portal fared (`run_portals`), which hosts are left alone for a
while (`hosts`), and what a person should hear of (`alarms`).
"""

from __future__ import annotations

NIGHTLY = """
CREATE TABLE links (
    -- What a portal's pages link to and was asked for as a report, and what came of it. A link whose words stay the
    -- same is asked for again only now and then.
    portal_id TEXT NOT NULL REFERENCES portals,
    url TEXT NOT NULL,  -- as linked
    words TEXT NOT NULL,  -- its text and date as listed
    outcome TEXT NOT NULL,  -- as in pages
    reports INTEGER NOT NULL,  -- read from it and from the files attached to it
    page_url TEXT NOT NULL,  -- where it led
    listed_on TEXT NOT NULL,  -- the first page of the list that linked to it; '' where it is not known
    first_seen TEXT NOT NULL,
    checked_at TEXT NOT NULL,  -- when it was last asked for
    missing_since TEXT,  -- since when no page links to it any more; null: one does
    gone_at TEXT,  -- since when it answers that there is nothing; null: it does not
    PRIMARY KEY (portal_id, url)
) STRICT, WITHOUT ROWID;

CREATE TABLE lists (
    -- Lists of several pages that were gone through to their end. While the first page stays the same, the others are
    -- asked for only now and then.
    portal_id TEXT NOT NULL REFERENCES portals,
    first_page TEXT NOT NULL,  -- its address; of a service, how it was asked
    capture_id INTEGER NOT NULL REFERENCES captures,  -- of the first page as it was then
    pages INTEGER NOT NULL,
    walked_at TEXT NOT NULL,
    PRIMARY KEY (portal_id, first_page)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_portals (
    -- How a portal fared in a run.
    run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    portal_id TEXT NOT NULL REFERENCES portals,
    requests INTEGER NOT NULL,
    reports INTEGER NOT NULL,  -- met, those that are known and were only seen in a list among them
    new INTEGER NOT NULL,
    revised INTEGER NOT NULL,
    gone INTEGER NOT NULL,  -- whose pages were found to be gone
    failures INTEGER NOT NULL,  -- pages that could not be had
    fault TEXT,  -- name of what is wrong with the portal; null: nothing
    message TEXT,  -- the same in a line
    PRIMARY KEY (run_id, portal_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_portals_portal ON run_portals (portal_id, run_id);

CREATE TABLE hosts (
    -- Hosts that refused or failed, and until when they are left alone.
    host TEXT PRIMARY KEY,
    fault TEXT NOT NULL,
    message TEXT NOT NULL,
    since TEXT NOT NULL,
    strikes INTEGER NOT NULL,  -- runs in a row in which it did so
    ask_after TEXT NOT NULL
) STRICT;

CREATE TABLE alarms (
    -- What a person should hear of, once when it begins.
    alarm_id INTEGER PRIMARY KEY,
    portal_id TEXT REFERENCES portals,  -- null: about the whole
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs,  -- in which it was raised
    raised_at TEXT NOT NULL,
    last_at TEXT NOT NULL,  -- the last run in which it was so
    nights INTEGER NOT NULL,  -- runs in which it was so
    cleared_at TEXT,  -- null: it is still so
    delivered_at TEXT  -- when somebody was told; null: nobody yet
) STRICT;
CREATE UNIQUE INDEX alarms_open ON alarms (coalesce(portal_id, ''), code) WHERE cleared_at IS NULL;

-- the last time that the same bytes were answered; null: at fetched_at
ALTER TABLE captures ADD COLUMN seen_at TEXT;

ALTER TABLE captures ADD COLUMN etag TEXT;

ALTER TABLE captures ADD COLUMN last_modified TEXT;

-- since when its page is gone; null: it is there
ALTER TABLE report_readings ADD COLUMN gone_at TEXT;

-- the name of what went wrong; null: nothing
ALTER TABLE pages ADD COLUMN fault TEXT;
"""

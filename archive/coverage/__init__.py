"""What should be in the archive and is not, and why: one row for each report that an agency owed.

An agency owes a report on every year since the first that is known of it. Nothing is guessed: a report counts as late
only when the portal was looked through after the day on which it was due and did not have it then, and as missing only
when the portal was asked since that day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlite_utils import Database

from archive.coverage.visits import last_visits

FIRST_YEAR = 2008
"""The regulations came into force on 1 May 2008; the first reports are on that year."""

STATUSES = {
    "found": "the report is in the archive, with figures",
    "late": "it is, and was published after the day on which it was due",
    "attachment_only": "its page only links to a file that could not be used",
    "images": "its tables are pictures",
    "no_tables": "it has no statutory table",
    "unreadable": "the file with its tables, or all that the portal gave, cannot be read",
    "not_found": "the portal was asked since it was due, and gave reports, but not this one",
    "blocked": "a firewall kept us from the portal",
    "unreachable": "the portal gave no answer, or errors",
    "refused": "robots.txt of the portal forbids to ask",
    "not_asked": "no official portal is known, or none was asked since it was due",
    "not_yet_due": "the day on which it is due has not passed",
}
"""What `status` may be: first what is there, then what is there without figures, then why there is nothing."""

HELD = ("found", "late")
"""The statuses of reports whose figures are in the archive."""


def refresh_coverage(db: Database, today: date | None = None) -> None:
    """Makes the rows of coverage those of `today` (UTC if not given), inside the transaction that the caller has open.

    Rows that are right already stay untouched.
    """
    today = today or datetime.now(UTC).date()
    try:
        _gather(db, today)
        for statement in _INTO_PLACE:
            db.execute(statement)
        db.execute("DELETE FROM coverage_day")
        db.execute("INSERT INTO coverage_day (as_of) VALUES (?)", [today.isoformat()])
    finally:
        for table in ("visits", "known", "owed", "seen", "there", "wanted"):
            db.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _gather(db: Database, today: date) -> None:
    """Makes temp.wanted, which has the columns of coverage_rows."""
    moments = {"today": today.isoformat(), "newest": today.year - 1, "first": FIRST_YEAR}
    db.execute("CREATE TEMP TABLE visits (portal_id TEXT PRIMARY KEY, asked_at, status, reason, url, gave)")
    db.conn.executemany(
        "INSERT INTO temp.visits VALUES (?, ?, ?, ?, ?, ?)",
        [(v.portal_id, v.asked_at, v.status, v.reason, v.url, v.gave) for v in last_visits(db)],
    )
    db.execute(_KNOWN)
    db.execute(_OWED_TABLE)
    db.execute(_OWED, moments)
    db.execute(_SEEN_TABLE)
    db.execute(_SEEN)
    earliest = db.execute(f"SELECT min(finished_at) FROM runs WHERE {_THOROUGH} AND command = 'crawl'").fetchone()[0]
    db.execute(_THERE, {"earliest": earliest or "9999"})
    db.execute(_WANTED)
    db.execute(_MISSING, moments)
    db.execute(_SILENT_PORTALS, moments)


_THOROUGH = "verdict IN ('ok', 'incomplete')"
"""Runs that went to their end."""

# A body that goes on under another name owes nothing after its last report: its successor does. The newest official
# source of an agency is where its next report is looked for; of sources, those that are asked go before those that are
# known from imported records only.
_KNOWN = """
CREATE TEMP TABLE known AS
SELECT a.agency_id, a.kind, a.level, min(r.year) AS first, max(r.year) AS last,
       (SELECT 1 FROM agency_links l WHERE l.earlier_id = a.agency_id) AS ended,
       (SELECT p.portal_id FROM (SELECT n.portal_id, n.year FROM report_revisions n
                                  WHERE n.agency_id = a.agency_id AND n.is_current = 1 AND n.trust = 'official'
                                 UNION ALL SELECT a.portal_id, 0) s
          CROSS JOIN portals p ON p.portal_id = s.portal_id ORDER BY p.imported, s.year DESC LIMIT 1) AS portal_id
FROM agencies a LEFT JOIN report_revisions r ON r.agency_id = a.agency_id AND r.is_current = 1
WHERE a.merged_into IS NULL
GROUP BY a.agency_id
"""

# Due on 31 March of the next year (regulations of 2007, article 31); since those of 2019 (article 49) departments at
# and above the county by 31 January, governments by 31 March. What is not certainly a department has until March.
_DUE = """date((y.year + 1) || CASE WHEN y.year >= 2019 AND k.kind = 'department'
            AND coalesce(k.level, '') IN ('central', 'province', 'city', 'county') THEN '-01-31' ELSE '-03-31' END)"""

# The tables of owed and seen have keys, and the joins below an order of their own: SQLite knows nothing of the size of
# tables that were made just now, and has taken orders in which each report looks at all captures of a run.
_OWED_TABLE = """
CREATE TEMP TABLE owed (agency_id INTEGER, year INTEGER, portal_id, due_on, PRIMARY KEY (agency_id, year)) WITHOUT ROWID
"""

_OWED = f"""
INSERT INTO temp.owed
WITH RECURSIVE years(year) AS (SELECT :first UNION ALL SELECT year + 1 FROM years WHERE year < :newest),
there AS (SELECT DISTINCT agency_id, year FROM report_revisions WHERE is_current = 1)
SELECT k.agency_id, y.year, k.portal_id, {_DUE} AS due_on
FROM temp.known k JOIN years y ON y.year >= coalesce(k.first, :newest)
                              AND (k.ended IS NULL OR y.year <= coalesce(k.last, :newest))
WHERE k.portal_id IN (SELECT portal_id FROM portals WHERE NOT imported)
   OR (k.agency_id, y.year - 1) IN there OR (k.agency_id, y.year + 1) IN there
UNION
SELECT k.agency_id, y.year, k.portal_id, {_DUE} FROM there y JOIN temp.known k ON k.agency_id = y.agency_id
"""

# Midnight in China at the end of the day.
_DUE_PASSED = "o.due_on || 'T16:00:00Z'"

# A run after the due day that met the agency's reports on other years on the same portal, and ended before this one was
# first seen, has looked where it would have stood. The first run of an archive can tell nothing of the kind.
_ABSENT = f"""(SELECT max(at) FROM (
    SELECT max(c.fetched_at) AS at FROM report_revisions n
      CROSS JOIN report_captures l ON l.report_id = n.report_id
      CROSS JOIN captures c ON c.capture_id = l.capture_id
      CROSS JOIN runs u ON u.run_id = c.run_id
     WHERE n.agency_id = r.agency_id AND n.year <> r.year AND c.portal_id = r.portal_id AND u.{_THOROUGH}
       AND c.fetched_at >= {_DUE_PASSED} AND u.finished_at < s.since
    UNION ALL
    SELECT max(u.started_at) FROM run_portals p CROSS JOIN runs u ON u.run_id = p.run_id
     WHERE p.portal_id = r.portal_id AND p.reports > 0 AND u.{_THOROUGH}
       AND u.started_at >= {_DUE_PASSED} AND u.finished_at < s.since
       AND EXISTS (SELECT 1 FROM report_revisions n CROSS JOIN report_readings m ON m.report_id = n.report_id
                    WHERE n.agency_id = r.agency_id AND n.year <> r.year AND n.portal_id = r.portal_id
                      AND m.first_seen < u.finished_at AND coalesce(m.gone_at, '9') > u.finished_at)))"""

_CODE = """(SELECT code FROM issues i WHERE i.report_id = r.report_id
              AND i.code IN ('attachment_only', 'tables_are_images', 'no_tables') LIMIT 1)"""

_UNREADABLE = """(SELECT g.reason FROM attachments f JOIN pages g ON g.url = f.url
    WHERE f.report_id = r.report_id AND g.outcome = 'unreadable' LIMIT 1)"""

# The page may have been there before, and have been filed under another key, or none, by the reader of that day.
_READ_OTHERWISE = """(SELECT min(e.fetched_at) FROM captures e
       WHERE e.url = c.url AND e.fetched_at < t.first_seen AND e.status = 200
         AND (e.payload_digest = c.payload_digest
              OR NOT EXISTS (SELECT 1 FROM report_captures l WHERE l.capture_id = e.capture_id)))"""

_SEEN_TABLE = """
CREATE TEMP TABLE seen (agency_id INTEGER, year INTEGER, since, PRIMARY KEY (agency_id, year)) WITHOUT ROWID
"""

_SEEN = f"""
INSERT INTO temp.seen
SELECT r.agency_id, r.year, min(coalesce({_READ_OTHERWISE}, t.first_seen))
FROM report_revisions r
CROSS JOIN report_readings t ON t.report_id = r.report_id
CROSS JOIN captures c ON c.capture_id = r.capture_id
GROUP BY r.agency_id, r.year
"""

_THERE = f"""
CREATE TEMP TABLE there AS
SELECT r.portal_id, r.agency_id, r.year, r.scope, r.report_id, r.trust, o.due_on, t.url, s.since,
       CASE WHEN r.cell_count = 0 THEN {_CODE} END AS code,
       CASE WHEN r.cell_count = 0 THEN {_UNREADABLE} END AS unreadable,
       CASE WHEN s.since >= :earliest AND s.since >= {_DUE_PASSED} THEN {_ABSENT} END AS absent
FROM report_revisions r
CROSS JOIN temp.owed o ON o.agency_id = r.agency_id AND o.year = r.year
CROSS JOIN temp.seen s ON s.agency_id = r.agency_id AND s.year = r.year
CROSS JOIN report_readings t ON t.report_id = r.report_id
WHERE r.is_current = 1
"""

_WANTED = """
CREATE TEMP TABLE wanted AS
SELECT t.portal_id, t.agency_id, t.year, t.scope, t.report_id, t.due_on, t.url,
       CASE WHEN t.code = 'attachment_only' AND t.unreadable IS NOT NULL THEN 'unreadable'
            WHEN t.code = 'tables_are_images' THEN 'images'
            WHEN t.code IS NOT NULL THEN t.code
            WHEN t.absent IS NOT NULL THEN 'late' ELSE 'found' END AS status,
       CASE WHEN t.code = 'attachment_only' AND t.unreadable IS NOT NULL THEN t.unreadable
            WHEN t.code IS NOT NULL
                THEN (SELECT message FROM issues i WHERE i.report_id = t.report_id AND i.code = t.code LIMIT 1)
            WHEN t.absent IS NOT NULL
                THEN 'due on ' || t.due_on || ', not there on ' || substr(t.absent, 1, 10) || ', first seen on '
                     || substr(t.since, 1, 10)
            WHEN t.trust <> 'official' THEN 'only as a copy elsewhere' END AS reason
FROM temp.there t
"""

_MISSING = f"""
INSERT INTO temp.wanted (portal_id, agency_id, year, due_on, url, status, reason)
SELECT o.portal_id, o.agency_id, o.year, o.due_on, v.url,
       CASE WHEN o.due_on >= :today THEN 'not_yet_due'
            WHEN v.asked_at IS NULL OR v.asked_at < {_DUE_PASSED} THEN 'not_asked'
            ELSE v.status END,
       CASE WHEN o.due_on >= :today THEN 'due on ' || o.due_on
            WHEN o.portal_id IS NULL THEN 'no official portal of it is known'
            WHEN v.asked_at IS NULL THEN 'due on ' || o.due_on || ', and its portal is known from imported records only'
            WHEN v.asked_at < {_DUE_PASSED}
                THEN 'due on ' || o.due_on || ', its portal was last asked on '
                     || coalesce(substr(v.asked_at, 1, 10), '?')
            ELSE v.reason END
FROM temp.owed o LEFT JOIN temp.visits v ON v.portal_id = o.portal_id
WHERE NOT EXISTS (SELECT 1 FROM report_revisions r
                  WHERE r.agency_id = o.agency_id AND r.year = o.year AND r.is_current = 1)
"""

# A portal that never gave anything stands here for the agencies that it must have, with the newest year that is due.
_SILENT_PORTALS = """
INSERT INTO temp.wanted (portal_id, year, due_on, url, status, reason)
SELECT v.portal_id, y.year, (y.year + 1) || '-03-31', v.url, v.status, v.reason
FROM temp.visits v
JOIN (SELECT :newest - ((:newest + 1) || '-03-31' >= :today) AS year) y
WHERE NOT v.gave AND v.portal_id NOT IN (SELECT portal_id FROM temp.known WHERE portal_id IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM pages g WHERE g.portal_id = v.portal_id AND g.outcome = 'report')
"""

_COLUMNS = "portal_id, agency_id, year, scope, status, report_id, reason, url, due_on"
_SAME = "w.agency_id IS h.agency_id AND w.year = h.year AND w.portal_id IS h.portal_id AND " + " AND ".join(
    f"w.{name} IS h.{name}" for name in ("scope", "status", "report_id", "reason", "url", "due_on")
)

_INTO_PLACE = (
    "CREATE INDEX temp.wanted_key ON wanted (agency_id, year)",
    f"DELETE FROM coverage_rows AS h WHERE NOT EXISTS (SELECT 1 FROM temp.wanted w WHERE {_SAME})",
    f"INSERT INTO coverage_rows ({_COLUMNS}) SELECT {_COLUMNS} FROM temp.wanted w"
    f" WHERE NOT EXISTS (SELECT 1 FROM coverage_rows h WHERE {_SAME})",
)

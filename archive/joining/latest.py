"""Pages that go back to what they said before: what their address was seen last to say is what counts.

An archive that fetches a page night after night sees it go back, and makes one more revision. Of two archives that each
saw one state of it, neither did; then the state that was seen last is current, whichever was seen first.
"""

from __future__ import annotations

from sqlite_utils import Database

from archive.revisions import number_by_time
from archive.schema.panel import refresh_panel
from archive.years import judge_years


def recall(db: Database, capture_id: int) -> None:
    """Makes a former revision that rests on this capture current again where its page was seen to say so since.

    Pages that another address contradicts are not concerned: of two sources the newer counts, not the one asked last.
    """
    done = set()
    for report_id, current, agency_id, year, scope in db.execute(_SEEN_SINCE, [capture_id]).fetchall():
        if current in done:
            continue
        done.add(current)
        db.execute("UPDATE report_revisions SET is_current = 0 WHERE report_id = ?", [current])
        db.execute("UPDATE report_revisions SET is_current = 1 WHERE report_id = ?", [report_id])
        number_by_time(db, report_id)
        judge_years(db, agency_id, scope, {year})
        refresh_panel(db, agency_id, year)


_LAST = """
(SELECT max(coalesce(c.seen_at, c.fetched_at)) FROM report_captures l JOIN captures c ON c.capture_id = l.capture_id
 WHERE l.report_id = {}.report_id AND l.role = 'page' AND c.url = t.url AND c.status <> 0)
"""
_SEEN_SINCE = f"""
SELECT r.report_id, n.report_id, r.agency_id, r.year, r.scope
FROM report_captures e JOIN report_revisions r ON r.report_id = e.report_id
JOIN report_readings t ON t.report_id = r.report_id
JOIN report_revisions n ON n.agency_id = r.agency_id AND n.year = r.year AND n.scope IS r.scope AND n.is_current = 1
JOIN report_readings o ON o.report_id = n.report_id
WHERE e.capture_id = ? AND e.role = 'page' AND r.is_current = 0 AND r.trust = n.trust AND t.url = o.url
  AND {_LAST.format("r")} > {_LAST.format("n")} ORDER BY {_LAST.format("r")} DESC
"""

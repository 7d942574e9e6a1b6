"""When an address gave what: which revisions an arrival from the past falls between, and which one it parts in two.

A page that says one thing, then another, then the first again has three revisions, whatever order its records come in.
"""

from __future__ import annotations

from dataclasses import replace

from sqlite_utils import Database

from archive.agencies.resolving import note_where_it_belongs
from archive.as_read import as_read
from archive.digests import Digests
from archive.former import number_reading
from archive.revisions import Arrival, Revision, add_revision
from archive.rows import rows_of


def neighbours(db: Database, arrival: Arrival, family: list[Revision]) -> tuple[Revision | None, Revision | None]:
    """What the address of an arrival gave last before it, and first after it, of one report."""
    known = {revision.report_id: revision for revision in family}
    rows = db.execute(_GIVEN, [arrival.url, arrival.is_answer, arrival.agency.agency_id, arrival.year]).fetchall()
    seen = [(at, known[report_id]) for report_id, at in rows if report_id in known]
    before = [revision for at, revision in seen if at <= arrival.fetched_at]
    after = [revision for at, revision in seen if at > arrival.fetched_at]
    return before[-1] if before else None, after[0] if after else None


def part(db: Database, whole: Revision, arrival: Arrival, family: list[Revision]) -> None:
    """Makes what was seen of a revision before an arrival a revision of its own; what was seen later stays as it is.

    One of the two rests from now on on a capture that says the same as what was read for it. That capture is noted to
    be read again, since what does not count as content (titles, places of cells) may differ in it.
    """
    where = {"report": whole.report_id, "at": arrival.fetched_at, "url": arrival.url, "answer": arrival.is_answer}
    if whole.source != whole.url:
        return  # it rests on a file of the page, of which there may be but one for both
    captures = rows_of(db, _SEEN, where)
    early = [row for row in captures if row["fetched_at"] <= arrival.fetched_at]
    late = [row for row in captures if row["fetched_at"] > arrival.fetched_at]
    rests_early = any(row["is_source"] for row in early)
    row = next((row for row in early if row["is_source"]), early[-1])
    earlier = replace(
        arrival,
        reading=replace(as_read(db, whole.report_id), part=row["part"]),
        digests=Digests(whole.content_digest, whole.figures_digest, whole.reading_digest),
        capture_id=row["capture_id"],
        payload=row["payload_digest"],
        fetched_at=row["fetched_at"],
        seen_at=row["seen_at"],
        portal_id=row["portal_id"],
    )
    report_id = add_revision(db, earlier, family, url=whole.url, current=False)
    note_where_it_belongs(db, report_id, arrival.agency.agency_id, arrival.agency.named_id)
    db.execute(_MOVE, where | {"to": report_id})
    stand_in = row
    if rests_early:
        stand_in = late[0]
        db.execute(_REST, where | {"capture": stand_in["capture_id"], "part": stand_in["part"]})
        db.execute(_FETCHED, where | {"fetched": stand_in["fetched_at"]})
        number_reading(db, whole.report_id)
    db.execute("UPDATE captures_read SET digest = NULL, reader = NULL WHERE capture_id = ?", [stand_in["capture_id"]])
    for one in (report_id, whole.report_id):
        db.execute(_TIMES, {"report": one})


_GIVEN = """
SELECT r.report_id, c.fetched_at FROM captures c JOIN report_captures l USING (capture_id)
JOIN report_revisions r ON r.report_id = l.report_id
WHERE c.url = ? AND (c.status <> 0) = ? AND l.role = 'page' AND r.agency_id = ? AND r.year = ?
ORDER BY c.fetched_at, c.capture_id
"""
_SEEN = """
SELECT c.capture_id, l.part, c.payload_digest, c.fetched_at, coalesce(c.seen_at, c.fetched_at) AS seen_at, c.portal_id,
       c.capture_id = r.capture_id AS is_source
FROM report_captures l JOIN captures c USING (capture_id) JOIN report_revisions r ON r.report_id = l.report_id
WHERE l.report_id = :report AND c.url = :url AND (c.status <> 0) = :answer AND l.role = 'page'
ORDER BY c.fetched_at, c.capture_id
"""
_MOVE = """
UPDATE OR REPLACE report_captures SET report_id = :to
WHERE report_id = :report AND capture_id IN
    (SELECT capture_id FROM captures WHERE iif(url = :url, fetched_at, coalesce(seen_at, fetched_at)) <= :at)
"""
_REST = "UPDATE report_revisions SET capture_id = :capture, part = :part WHERE report_id = :report"
_FETCHED = "UPDATE report_readings SET fetched_at = :fetched WHERE report_id = :report"
_TIMES = """
UPDATE report_readings SET (first_seen, last_seen) =
    (SELECT min(c.fetched_at), max(coalesce(c.seen_at, c.fetched_at))
     FROM report_captures l JOIN captures c USING (capture_id)
     WHERE l.report_id = :report AND l.role IN ('page', 'twin'))
WHERE report_id = :report
"""

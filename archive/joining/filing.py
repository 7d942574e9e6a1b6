"""Filing here what another archive has read, as it would have been filed had it been fetched here.

What comes after all that is known of a report is filed as on any night. What came before some of it waits in
`temp.deferred`, until the whole history of that report is filed again in its order (`replaying`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from archive.agencies import resolve_agency
from archive.errors import ArchiveBusy, ArchiveError, ArchiveFailing
from archive.joining.latest import recall
from archive.joining.source import Source
from archive.joining.waiting import Moment, Waiting, is_compared_again, moment, origin_of
from archive.readings import clean
from archive.rebuilding import Held
from archive.store import Archive
from archive.storing.facts import is_filed
from pipelines.version import reader_version

Readings = tuple[Held, ...]


def prepare(db: Database) -> None:
    """Makes the table of what waits, and in which archive the reading is `held` that counts. `replaying` empties it."""
    db.execute("DROP TABLE IF EXISTS temp.deferred")
    db.execute(
        "CREATE TEMP TABLE deferred (agency_id INTEGER, year INTEGER, source_id INTEGER, capture_id INTEGER,"
        " part INTEGER, named_id INTEGER, held TEXT, PRIMARY KEY (agency_id, year, source_id, part))"
    )


def file_waiting(
    archive: Archive, source: Source, items: Sequence[Waiting], readings: Mapping[int, Readings]
) -> tuple[dict[str, Counter[str]], list[str]]:
    """Files captures of the source, in one transaction; `readings` are by their ids there.

    Returns how many reports became what (the outcomes of filing) by portal, and a line for each that could not be
    filed.
    """
    counts: dict[str, Counter[str]] = {}
    left_out: list[str] = []
    with archive.together():
        for item in items:
            if item.stands:
                _read_later(archive.db, source.db, item)
                _defer_what_is_behind(archive.db, item)
                if item.was_moved and _defer_what_was_moved(archive.db, item):
                    continue
            elif item.source_id in readings:
                try:
                    portal = counts.setdefault(item.origin.portal_id or "", Counter())
                    portal += _file(archive, source, item, readings[item.source_id])
                except (ArchiveBusy, ArchiveFailing):
                    raise
                except ArchiveError as error:
                    left_out.append(f"{source.path}: {item.at[3]}: not filed: {error}")
                    continue
            elif not item.is_empty:
                continue  # its record could not be had, and that was said
            else:
                note_as_there(archive.db, source.db, item.source_id, item.capture_id, item.origin.page_id)
            touch(archive.db, item.capture_id)
            recall(archive.db, item.capture_id)
    return counts, left_out


def _file(archive: Archive, source: Source, item: Waiting, readings: Readings) -> Counter[str]:
    counts: Counter[str] = Counter()
    waits = False
    for one in readings:
        reading = one.reading
        if not is_filed(reading, item.origin):
            continue
        name = clean(reading.agency)
        if not (reading.report and name and reading.year is not None):
            if not _was_read_later(archive.db, item):
                archive.file_again(item.capture_id, reading, item.origin)
                counts["refused"] += reading.report
            continue
        origin = item.origin
        agency = resolve_agency(
            archive.db,
            name,
            reading.year,
            trust=origin.trust,
            portal_id=origin.portal_id,
            division_code=origin.division_code,
            evidence=clean(reading.evidence.get("agency")),
        )
        key = (agency.agency_id, reading.year)
        if _is_deferred(archive.db, key) or _comes_before(archive.db, key, item.at, item.capture_id):
            _defer(archive.db, key, item, reading.part, agency.named_id, "there")
            waits = True
            continue
        counts[archive.file_again(item.capture_id, reading, origin, agency, one.digests).outcome] += 1
    if not waits:
        note_as_there(archive.db, source.db, item.source_id, item.capture_id, item.origin.page_id)
        say_who_read(archive.db, source.db, item.source_id, item.capture_id)
    return counts


def note_as_there(here: Database, there: Database, source_id: int, capture_id: int, page_id: int | None) -> None:
    """The row of `captures_read` of the other archive, with the ids of this one."""
    row = next(iter(there.query("SELECT * FROM captures_read WHERE capture_id = ?", [source_id])))
    row |= {"capture_id": capture_id, "page_id": page_id}
    names = ", ".join(row)
    here.execute(
        f"INSERT OR REPLACE INTO captures_read ({names}) VALUES ({', '.join('?' for _ in row)})", [*row.values()]
    )


def say_who_read(here: Database, there: Database, source_id: int, capture_id: int) -> None:
    """By which reader, and when, revisions were read that rest on a capture: not by this one now, but as there."""
    for part, reader, read_at, digest in there.execute(_READERS, [source_id]).fetchall():
        here.execute(_READ_BY, [reader, read_at, capture_id, part, digest])


def touch(db: Database, capture_id: int) -> None:
    """Makes the revisions that rest on a capture say when it came first and last."""
    db.execute(_SEEN, {"capture": capture_id})
    db.execute(_FETCHED, {"capture": capture_id})


def evidence_of(db: Database, agency_id: int, year: int) -> list[dict[str, Any]]:
    """All captures, part by part, that the reports of an agency on a year rest on."""
    return list(db.query(_EVIDENCE, [agency_id, year]))


def _comes_before(db: Database, key: tuple[int, int], at: Moment, capture_id: int) -> bool:
    """Whether something else that is filed under that agency and year came later, or was compared with it later, or
    was what the same address said later."""
    for row in evidence_of(db, *key):
        origin = origin_of(row, None)
        lasts = is_compared_again(origin) or row["url"] == at[3]
        came = row["seen_at"] if lasts else row["fetched_at"]
        if row["capture_id"] != capture_id and at < moment(came, origin, row["url"]):
            return True
    return False


def _defer_what_is_behind(db: Database, item: Waiting) -> None:
    """A copy or a file that was seen since a report says something else is compared with that, as on any night; unless
    its address was found to agree later, which leaves nothing of the comparison."""
    for agency_id, year, part, named_id in db.execute(_BEHIND, [item.capture_id]).fetchall():
        _defer(db, (agency_id, year), item, part, named_id, "here")


def _defer_what_was_moved(db: Database, item: Waiting) -> bool:
    """What is filed here already, but came earlier, and before something else that is known; whether it did."""
    waits = False
    for agency_id, year, part, named_id in db.execute(_TIED, [item.capture_id]).fetchall():
        key = (agency_id, year)
        if _is_deferred(db, key) or _comes_before(db, key, item.at, item.capture_id):
            _defer(db, key, item, part, named_id, "here")
            waits = True
    return waits


def _defer(db: Database, key: tuple[int, int], item: Waiting, part: int, named_id: int, held: str) -> None:
    row = [*key, item.source_id, item.capture_id, part, named_id, held]
    db.execute("INSERT OR REPLACE INTO temp.deferred VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def _is_deferred(db: Database, key: tuple[int, int]) -> bool:
    return (
        db.execute("SELECT 1 FROM temp.deferred WHERE agency_id = ? AND year = ? LIMIT 1", key).fetchone() is not None
    )


def _was_read_later(db: Database, item: Waiting) -> bool:
    """Whether the address gave something later that was read, so that this says nothing about it any more."""
    return db.execute(_LATER, [item.at[3], item.at[0], item.capture_id]).fetchone() is not None


def _read_later(here: Database, there: Database, item: Waiting) -> None:
    """The same was made of it there by the reader of today: `captures_read` tells who read it last."""
    reader, read_at, digest = there.execute(
        "SELECT reader, read_at, digest FROM captures_read WHERE capture_id = ?", [item.source_id]
    ).fetchone()
    here.execute(
        "UPDATE captures_read SET reader = :reader, read_at = :at"
        " WHERE capture_id = :id AND digest = :digest AND reader IS NOT :reader AND :reader = :today",
        {"reader": reader, "at": read_at, "id": item.capture_id, "digest": digest, "today": reader_version()},
    )


_READERS = """
SELECT r.part, t.reader, t.read_at, t.reading_digest
FROM report_revisions r JOIN report_readings t ON t.report_id = r.report_id WHERE r.capture_id = ?
"""
_READ_BY = """
UPDATE report_readings SET reader = ?, read_at = ? WHERE report_id IN
    (SELECT report_id FROM report_revisions WHERE capture_id = ? AND part = ?) AND reading_digest = ?
"""
# What counts as having seen a revision, as in filing: its page, its twins, and the file that was read for it; and not a
# copy, or what a better source has outranked.
_SEEN = """
UPDATE report_readings AS t
SET first_seen = min(t.first_seen, c.fetched_at), last_seen = max(t.last_seen, coalesce(c.seen_at, c.fetched_at)),
    gone_at = iif(t.gone_at <= coalesce(c.seen_at, c.fetched_at), NULL, t.gone_at)
FROM captures c JOIN report_captures l ON l.capture_id = c.capture_id
JOIN report_revisions r ON r.report_id = l.report_id
JOIN report_revisions n ON n.agency_id = r.agency_id AND n.year = r.year AND n.scope IS r.scope AND n.is_current = 1
WHERE c.capture_id = :capture AND t.report_id = r.report_id AND n.trust = r.trust
  AND (l.role IN ('page', 'twin') OR (l.role = 'attachment' AND r.capture_id = c.capture_id))
  AND (t.first_seen > c.fetched_at OR t.last_seen < coalesce(c.seen_at, c.fetched_at)
       OR t.gone_at <= coalesce(c.seen_at, c.fetched_at))
"""
_FETCHED = """
UPDATE report_readings AS t SET fetched_at = c.fetched_at
FROM captures c JOIN report_revisions r ON r.capture_id = c.capture_id
WHERE c.capture_id = :capture AND t.report_id = r.report_id AND t.fetched_at <> c.fetched_at
"""
_EVIDENCE = """
SELECT DISTINCT l.capture_id, l.part, c.url, c.fetched_at, coalesce(c.seen_at, c.fetched_at) AS seen_at,
       coalesce(m.agency_id, r.agency_id) AS named_id,
       coalesce(k.trust, r.trust) AS trust, coalesce(k.portal_id, c.portal_id) AS portal_id, k.division_code,
       coalesce(k.role, iif(l.role = 'attachment', 'attachment', 'page')) AS role, coalesce(k.title, '') AS title,
       coalesce(k.agency, '') AS agency, k.year, k.page_id
FROM report_revisions r
JOIN report_captures l ON l.report_id = r.report_id
JOIN captures c ON c.capture_id = l.capture_id
LEFT JOIN captures_read k ON k.capture_id = l.capture_id
LEFT JOIN agency_moves m ON m.report_id = r.report_id
WHERE r.agency_id = ? AND r.year = ?
"""
_BEHIND = """
SELECT DISTINCT r.agency_id, r.year, l.part, coalesce(m.agency_id, r.agency_id)
FROM report_captures l JOIN captures c ON c.capture_id = l.capture_id
JOIN report_revisions r ON r.report_id = l.report_id
JOIN report_revisions n ON n.agency_id = r.agency_id AND n.year = r.year AND n.scope IS r.scope AND n.is_current = 1
JOIN report_readings t ON t.report_id = n.report_id
LEFT JOIN agency_moves m ON m.report_id = r.report_id
WHERE l.capture_id = ? AND l.role IN ('mirror', 'attachment') AND r.capture_id <> c.capture_id
  AND n.report_id <> r.report_id AND t.first_seen BETWEEN c.fetched_at AND coalesce(c.seen_at, c.fetched_at)
  AND NOT EXISTS (SELECT 1 FROM report_captures o JOIN captures d ON d.capture_id = o.capture_id
                   WHERE o.report_id = n.report_id AND o.part = l.part AND d.url = c.url
                     AND d.fetched_at >= c.fetched_at)
  AND NOT EXISTS (SELECT 1 FROM issues i WHERE i.report_id = n.report_id AND i.code = 'mirror_differs'
                     AND instr(i.message, c.url) > 0)
"""
_TIED = """
SELECT DISTINCT r.agency_id, r.year, l.part, coalesce(m.agency_id, r.agency_id)
FROM report_captures l JOIN report_revisions r ON r.report_id = l.report_id
LEFT JOIN agency_moves m ON m.report_id = r.report_id WHERE l.capture_id = ?
"""
_LATER = """
SELECT 1 FROM captures c JOIN captures_read k ON k.capture_id = c.capture_id
WHERE c.url = ? AND c.fetched_at > ? AND c.capture_id <> ? LIMIT 1
"""

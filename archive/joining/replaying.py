"""Filing the whole history of reports again, where two archives hold parts of it that interlock.

The numbers of revisions, which of them is current, and what is a copy of what depend on the order in which things came.
So all revisions of an agency on a year go, and all their evidence, of both archives, is filed anew in the order of
time. What people decided, and when pages were gone, is put aside meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlite_utils import Database

from archive.agencies import named_agency
from archive.captured import Origin
from archive.joining import laying
from archive.joining.filing import evidence_of, note_as_there, say_who_read, touch
from archive.joining.latest import recall
from archive.joining.source import Source
from archive.joining.waiting import Moment, is_compared_again, moment, origin_of
from archive.readings import clean
from archive.rebuilding import Held
from archive.search import forget_sections
from archive.store import Archive


@dataclass(frozen=True, slots=True)
class Event:
    """A part of a capture, to be filed again; `held` tells which archive holds its reading, under which id."""

    held: Literal["here", "there"]
    held_id: int
    capture_id: int
    part: int
    origin: Origin
    named_id: int
    at: Moment


@dataclass(frozen=True, slots=True)
class History:
    """All that the reports of an agency on a year rest on, in both archives, in the order of time."""

    agency_id: int
    year: int
    events: tuple[Event, ...]


def histories(archive: Archive, source: Source) -> Iterator[History]:
    """Those that have to be filed again."""
    db = archive.db
    for agency_id, year in db.execute("SELECT DISTINCT agency_id, year FROM temp.deferred ORDER BY 1, 2").fetchall():
        theirs = {(event.capture_id, event.part): event for event in _deferred(db, source.db, agency_id, year)}
        ours = {
            (event.capture_id, event.part): event
            for event in (_of_ours(row) for row in evidence_of(db, agency_id, year))
        }
        events = [*(ours | theirs).values()]
        moments = sorted({event.at[0] for event in events})
        events = [seen for event in events for seen in _each_time(db, event, moments)]
        events.sort(key=lambda event: (event.at, event.capture_id, event.part))
        yield History(agency_id, year, tuple(events))


def replay(archive: Archive, source: Source, history: History, readings: dict[Event, Held]) -> int:
    """Files a history again, in one transaction; returns how many revisions more there are. Raises ArchiveError.

    What of the other archive has no reading is left out. Where that is so of our own evidence, which can be read no
    more, nothing is taken away for it: what came over is filed on top, as if it had come last.
    """
    db = archive.db
    key = [history.agency_id, history.year]
    reports = [row[0] for row in db.execute(_REPORTS, key).fetchall()]
    if any(event.held == "here" and event not in readings for event in history.events):
        with archive.together():
            for event in history.events:
                if event.held == "there" and event in readings:
                    _file(archive, source, event, readings[event], history.year, {})
            for event in history.events:
                touch(db, event.capture_id)
        return len(db.execute(_REPORTS, key).fetchall()) - len(reports)
    with archive.together():
        lifted = laying.lift(db, reports)
        readers = {row[:2]: row[2:] for row in db.execute(_READERS, key).fetchall()}
        for report_id in reports:
            forget_sections(db, report_id)
            db.execute("DELETE FROM report_revisions WHERE report_id = ?", [report_id])
        with _as_of_then(db, history) as until:
            for event in history.events:
                if event in readings:
                    until(event)
                    _file(archive, source, event, readings[event], history.year, readers)
        for capture_id in dict.fromkeys(event.capture_id for event in history.events):
            touch(db, capture_id)
        for capture_id in dict.fromkeys(event.capture_id for event in history.events):
            recall(db, capture_id)
        laying.lay(db, lifted)
    return len(db.execute(_REPORTS, key).fetchall()) - len(reports)


@contextmanager
def _as_of_then(db: Database, history: History) -> Iterator[Callable[[Event], None]]:
    """Lets captures have been seen no later than the event that is filed: nothing is judged by what comes later.

    Inside a transaction: when it ends they have been seen as before.
    """
    captures = {event.capture_id for event in history.events}
    seen = {capture_id: db.execute(_SEEN, [capture_id]).fetchone()[0] for capture_id in captures}

    def until(event: Event) -> None:
        db.execute(_SEE, {"at": event.at[0], "id": event.capture_id})

    for capture_id in captures:
        db.execute("UPDATE captures SET seen_at = NULL WHERE capture_id = ?", [capture_id])
    yield until
    for capture_id, at in seen.items():
        db.execute("UPDATE captures SET seen_at = ? WHERE capture_id = ?", [at, capture_id])


def note_replayed(archive: Archive, source: Source, unfiled: Set[int]) -> None:
    """When all histories are filed: what waited does so no more.

    What could not be filed, by its ids there, is not noted as read either: it waits again the next time.
    """
    rows = archive.db.execute(_NOTED).fetchall()
    with archive.together():
        for source_id, capture_id in rows:
            if source_id in unfiled:
                continue
            page = archive.db.execute(_PAGE, [_page(source.db, source_id)]).fetchone()
            note_as_there(archive.db, source.db, source_id, capture_id, page[0] if page else None)
        archive.db.execute("DELETE FROM temp.deferred")


def _file(
    archive: Archive,
    source: Source,
    event: Event,
    held: Held,
    year: int,
    readers: dict[tuple[Any, ...], tuple[Any, ...]],
) -> None:
    reading, origin, name = held.reading, event.origin, clean(held.reading.agency)
    agency = None
    if reading.report and reading.year == year and name:
        agency = named_agency(
            archive.db,
            event.named_id,
            name,
            trust=origin.trust,
            portal_id=origin.portal_id,
            division_code=origin.division_code,
        )
    archive.file_again(event.capture_id, reading, origin, agency, held.digests)
    if event.held == "there":
        say_who_read(archive.db, source.db, event.held_id, event.capture_id)
    elif (event.capture_id, event.part) in readers:
        reader, read_at, digest = readers[event.capture_id, event.part]
        archive.db.execute(_READ_BY, [reader, read_at, event.capture_id, event.part, digest])


def _each_time(db: Database, event: Event, moments: Iterable[str]) -> Iterator[Event]:
    """When it came; and for what is compared with the report of the day, each time that something else came while it
    was there, and when it came last."""
    yield event
    (seen,) = db.execute(_SEEN, [event.capture_id]).fetchone()
    if is_compared_again(event.origin) and seen is not None:
        between = [at for at in moments if event.at[0] < at <= seen]
        for at in dict.fromkeys((*between, seen)):
            yield replace(event, at=(at, *_BEHIND))


def _deferred(here: Database, there: Database, agency_id: int, year: int) -> Iterator[Event]:
    rows = here.execute(_WAITING, [agency_id, year]).fetchall()
    for source_id, capture_id, part, named_id in rows:
        row = next(iter(there.query(_READ, [source_id])))
        page = here.execute(_PAGE, [row["page_id"]]).fetchone()
        origin = origin_of(row, page[0] if page else None)
        (fetched_at,) = here.execute("SELECT fetched_at FROM captures WHERE capture_id = ?", [capture_id]).fetchone()
        at = moment(fetched_at, origin, row["url"])
        yield Event("there", source_id, capture_id, part, origin, named_id, at)


def _of_ours(row: dict[str, Any]) -> Event:
    origin = origin_of(row, row["page_id"])
    at = moment(row["fetched_at"], origin, row["url"])
    return Event("here", row["capture_id"], row["capture_id"], row["part"], origin, row["named_id"], at)


def _page(db: Database, source_id: int) -> int | None:
    return db.execute("SELECT page_id FROM captures_read WHERE capture_id = ?", [source_id]).fetchone()[0]  # type: ignore[no-any-return]


_BEHIND = (1, True, "")
"""Of those that came in one second, the last."""

_SEEN = "SELECT seen_at FROM captures WHERE capture_id = ?"
_SEE = "UPDATE captures SET seen_at = :at WHERE capture_id = :id AND fetched_at < :at"
_REPORTS = "SELECT report_id FROM report_revisions WHERE agency_id = ? AND year = ? ORDER BY report_id"
_READERS = """
SELECT r.capture_id, r.part, t.reader, t.read_at, t.reading_digest
FROM report_revisions r JOIN report_readings t ON t.report_id = r.report_id WHERE r.agency_id = ? AND r.year = ?
"""
_READ_BY = """
UPDATE report_readings SET reader = ?, read_at = ? WHERE report_id IN
    (SELECT report_id FROM report_revisions WHERE capture_id = ? AND part = ?) AND reading_digest = ?
"""
_WAITING = """
SELECT source_id, capture_id, part, named_id FROM temp.deferred WHERE agency_id = ? AND year = ? AND held = 'there'
"""
_NOTED = "SELECT DISTINCT source_id, capture_id FROM temp.deferred WHERE held = 'there'"
_READ = """
SELECT k.*, c.url, c.fetched_at FROM captures_read k JOIN captures c ON c.capture_id = k.capture_id
WHERE k.capture_id = ?
"""
_PAGE = "SELECT capture_id FROM temp.brought WHERE source_id = ?"

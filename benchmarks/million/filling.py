"""An archive of so many reports, filled in batches by the functions with which `Archive.store` files a new one.

What the archive would find out first (that the body is known, that the report is new) is known here; the evidence of a
report is a row, and no record in a WARC. All else is as after a crawl: portals, bodies and their names, captures,
pages, revisions, figures with their texts and places, sections with the search index, issues, lines of the panel.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

from sqlite_utils import Database

from archive import search
from archive.agencies.resolving import Agency as Known
from archive.agencies.resolving import resolve_agency
from archive.database import open_database
from archive.digests import Digests
from archive.revisions import Arrival, add_revision
from archive.schema.panel import refresh_panel
from archive.search import in_bulk
from benchmarks.archive.generated import YEARS, Agency
from benchmarks.million.written import first_readings, readings
from pipelines.model import Reading

BATCH = 2000
"""Reports in a transaction."""

SEEN = "2025-04-10T02:00:00Z"
"""When all of it was crawled: after the day on which the last reports were due."""

_CACHE = "PRAGMA cache_size = -400000"


@dataclass(frozen=True, slots=True)
class Filled:
    """What filling an archive took so far, in seconds; making the texts, and finding the terms in them, is left out.

    Terms are left out because texts recur here, and not in the world: `archive.search.terms` takes the same time for
    each report, however large the archive is.
    """

    reports: int
    wall: tuple[float, ...]
    """Seconds that passed, by batch."""
    cpu: tuple[float, ...]
    """Seconds of the processor, by batch."""

    def growth(self) -> float:
        """How many times as long a report takes in the last fifth of the batches as in the second."""
        fifth = len(self.cpu) // 5 or 1
        return sum(self.cpu[-fifth:]) / sum(self.cpu[fifth : 2 * fifth] or self.cpu[-fifth:])


def portal_of(body: Agency) -> str:
    """One portal for each division; towns are on that of their county."""
    return f"gov-{(body.division_code or '0')[:6]}"


def address_of(body: Agency, year: int, agency_id: int) -> str:
    """Where the report of a body on a year is published."""
    return f"https://{portal_of(body)}.example.gov.cn/xxgk/{year}/{agency_id}.html"


def reports_in(path: Path) -> int:
    """How many reports are in an archive: those that it was filled with, and those of nights on it."""
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT count(*) FROM report_revisions WHERE is_current = 1").fetchone()[0])


class Filling:
    """Files more reports, of the year after the last, in an archive that is full; open until it is closed."""

    def __init__(self, path: Path, bodies: list[Agency]) -> None:
        self._db = open_database(path)
        self._db.execute(_CACHE)
        self._bodies, self._known = bodies, _known(self._db)
        (newest,) = self._db.execute("SELECT max(year) FROM report_revisions").fetchone()
        self._made = ((place, replace(reading, year=newest + 1)) for place, reading in first_readings(bodies))

    def more(self, count: int) -> float:
        """Files so many in a transaction; seconds of the processor that each took."""
        batch = list(islice(self._made, count))
        worked = time.process_time()
        _file_together(self._db, batch, self._bodies, self._known)
        return (time.process_time() - worked) / len(batch)

    def close(self) -> None:
        """Closes the archive."""
        self._db.close()


def fill(path: Path, bodies: list[Agency]) -> Filled:
    """Makes the archive of these bodies at that path, or goes on with one that was begun; in whole batches."""
    wanted = len(bodies) * len(YEARS)
    notes = path.with_suffix(".json")
    wall, cpu = json.loads(notes.read_text(encoding="ascii")) if notes.exists() else ([], [])
    db = open_database(path)
    db.execute(_CACHE)
    known = _known(db) if cpu else _enter_bodies(db, bodies)
    made, told = islice(readings(bodies), BATCH * len(cpu), None), time.monotonic()
    while len(cpu) * BATCH < wanted:
        batch = list(islice(made, BATCH))
        walked, worked = time.perf_counter(), time.process_time()
        _file_together(db, batch, bodies, known)
        wall.append(time.perf_counter() - walked)
        cpu.append(time.process_time() - worked)
        notes.write_text(json.dumps([wall, cpu]), encoding="ascii")
        if time.monotonic() - told > 30:
            told = time.monotonic()
            said = f"{len(cpu) * BATCH:,} of {wanted:,} reports in {sum(wall):,.0f} s, {sum(cpu):,.0f} s of CPU"
            print(said, file=sys.stderr, flush=True)
    db.execute(_FARED)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return Filled(wanted, tuple(wall), tuple(cpu))


def _file_together(db: Database, batch: list[tuple[int, Reading]], bodies: list[Agency], known: list[Known]) -> None:
    db.execute("BEGIN IMMEDIATE")
    with in_bulk(db), _terms_remembered():
        for place, reading in batch:
            _file(db, bodies[place], known[place], reading)
    db.execute("COMMIT")


@contextmanager
def _terms_remembered() -> Iterator[None]:
    """Takes the terms of a text that was seen before from memory."""
    whole = search.indexed
    search.indexed = _remembered
    try:
        yield
    finally:
        search.indexed = whole


_remembered = lru_cache(maxsize=20_000)(search.indexed)


def _known(db: Database) -> list[Known]:
    return [Known(agency_id, name, agency_id) for agency_id, name in db.execute(_BODIES).fetchall()]


# As the crawl of each portal would have noted it.
_FARED = """
INSERT INTO run_portals (run_id, portal_id, requests, reports, new, revised, gone, failures)
SELECT 1, portal_id, 100, 100, 100, 0, 0, 0 FROM portals WHERE true ON CONFLICT DO NOTHING
"""

_BODIES = "SELECT agency_id, name FROM agencies ORDER BY agency_id"


def _enter_bodies(db: Database, bodies: Iterable[Agency]) -> list[Known]:
    db.execute("BEGIN IMMEDIATE")
    db.execute(
        "INSERT INTO runs (run_id, command, started_at, finished_at, verdict, exit_code)"
        " VALUES (1, 'crawl', ?, '2025-04-10T03:00:00Z', 'ok', 0)",
        ["2025-04-10T01:00:00Z"],
    )
    portals = {portal_of(body): body for body in bodies}
    db.conn.executemany(
        "INSERT INTO portals (portal_id, first_seen, last_seen, name, division_code, level, province, city, county)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (portal, SEEN, SEEN, portal, body.division_code, body.level, body.province, body.city, body.county)
            for portal, body in portals.items()
        ],
    )
    known = [
        resolve_agency(
            db,
            body.name,
            2015,
            trust="official",
            portal_id=portal_of(body),
            division_code=body.division_code,
            evidence="title: printed",
        )
        for body in bodies
    ]
    db.execute("UPDATE agency_names SET last_year = 2024")
    db.execute("COMMIT")
    return known


def _file(db: Database, body: Agency, known: Known, reading: Reading) -> None:
    year, portal = reading.year or 0, portal_of(body)
    url, digest = address_of(body, year, known.agency_id), f"{known.agency_id:056x}{year:08x}"
    capture_id = db.execute(
        "INSERT INTO captures (url, portal_id, run_id, fetched_at, status, content_type, payload_digest,"
        " payload_length, truncated, warc_file, warc_offset, warc_length, member_digest)"
        " VALUES (?, ?, 1, ?, 200, 'text/html; charset=utf-8', ?, 30000, '', 'gongkai-20250410T010000Z-1.warc.gz',"
        " ?, 9000, ?)",
        [url, portal, SEEN, digest, known.agency_id * 1_000_000 + year * 100, digest],
    ).lastrowid
    db.execute(
        "INSERT INTO pages (url, portal_id, outcome, first_seen, last_seen, capture_id)"
        " VALUES (?, ?, 'report', ?, ?, ?)",
        [url, portal, SEEN, SEEN, capture_id],
    )
    arrival = Arrival(
        reading=reading,
        digests=Digests(digest, digest, digest),
        agency=known,
        year=year,
        capture_id=capture_id or 0,
        url=url,
        payload=digest,
        fetched_at=SEEN,
        seen_at=SEEN,
        trust="official",
        portal_id=portal,
        role="page",
    )
    add_revision(db, arrival, [])
    refresh_panel(db, known.agency_id, year)

"""The archive: evidence and facts in one place, opened by whoever crawls, imports or reads again.

Evidence first: a capture is on the disk, in the WARC, before the row that points to it is written. Facts next, each
report in one transaction, so that a reader in another process sees it whole or not at all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from sqlite_utils import Database

from archive.agencies import Agency, note_where_it_belongs, resolve_agency
from archive.captured import Origin, digest_of_found, note_read
from archive.coverage import refresh_coverage
from archive.database import open_database, savepoint, spoken, transaction, write
from archive.digests import Digests, digests
from archive.errors import ArchiveError
from archive.filing import Stored, file_reading
from archive.foreign import Foreign
from archive.former import number_reading
from archive.imported import introduce_portal, known_record, note_record
from archive.issues import state_filing
from archive.locking import lock_file, locked
from archive.moments import now
from archive.nights.hosts import HeldHost, forget_hosts, held_hosts, strike_host
from archive.nights.links import (
    Asked,
    Link,
    Walk,
    links_of,
    listed_until,
    note_gone,
    note_link,
    note_listed,
    note_walks,
    walks_of,
)
from archive.nights.portals import Fared, note_portal
from archive.readings import clean
from archive.revisions import Arrival, Key, key_of
from archive.rows import insert, rows_of
from archive.schema.panel import refresh_panel
from archive.warc import FILE_LIMIT, Exchange, Place, WarcStore, stored_url, utc
from archive.withdrawing import Document, document_of, read_from, withdraw
from archive.years import judge_years
from pipelines.model import Capture, Issue, Reading, Trust

Result = TypeVar("Result")

_LAST = "coalesce(seen_at, fetched_at)"
"""When an answer came last. The order of ids does not tell it: captures of other archives come in late."""

# The last record of each file, from one file to the next by the index of captures.
_ENDS = """
WITH RECURSIVE files (name) AS (
    SELECT min(warc_file) FROM captures UNION ALL
    SELECT (SELECT min(warc_file) FROM captures WHERE warc_file > name) FROM files WHERE name IS NOT NULL)
SELECT name, (SELECT warc_offset + warc_length FROM captures WHERE warc_file = name ORDER BY warc_offset DESC LIMIT 1)
FROM files WHERE name IS NOT NULL
"""

_OF_A_PORTAL = ("name", "division_code", "level", "province", "city", "county")


@dataclass(frozen=True, slots=True)
class Validators:
    """The capture of an answer, and by what its server can tell whether it still holds (RFC 9110, section 13)."""

    capture_id: int
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class KnownColumns:
    """Where a portal keeps its reports, as (address, setting) of pages, and when it was last searched for them."""

    columns: tuple[tuple[str, str], ...] = ()
    gone: frozenset[str] = frozenset()
    """Addresses of columns that gave none the last time."""
    searched_at: str | None = None


class Archive:
    """An archive file and the `warc` folder beside it.

    One thread at a time may use an object, whichever it is. Programs that write take `lock()` first, so that two nights
    never run at once; SQLite alone would let them take turns.
    """

    def __init__(self, db: Database, path: Path, warc: WarcStore) -> None:
        self.db = db
        self.path = path
        self.warc = warc
        self._mended = False
        self._is_gathering = self._is_writing = False

    @classmethod
    def open(cls, path: Path | str, *, warc_limit: int = FILE_LIMIT) -> Self:
        """Opens the archive at that path, and makes it, with the folders above, if there is none.

        `warc_limit` is the size in bytes after which a WARC file is followed by another.

        Raises ArchiveError for a path that is read-only, a folder or something else, and for an archive of a newer
        version; ArchiveBusy when another program keeps it from being brought up to date. Nothing is left behind then.
        """
        path = Path(path)
        return cls(open_database(path), path, WarcStore(path.parent / "warc", file_limit=warc_limit))

    def close(self) -> None:
        """Closes the files; what was stored has been on the disk since it was stored."""
        self.warc.close()
        with suppress(
            sqlite3.Error
        ):  # it is closed, somebody reads, or the disk is full: the log waits for the next time
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Holds the archive for one writing program. The system lets go of it when the program dies, however it dies.

        Raises ArchiveBusy, at once, when another one holds it.
        """
        with locked(lock_file(self.path), f"{self.path}: another gongkai is writing to it"):
            yield

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written inside goes to the disk when it ends: all evidence first, then all rows, each in one go.

        Each call is whole or not there, whatever becomes of the others. Raises ArchiveError as they do, when the disk
        takes nothing; then nothing of all that is written.
        """
        with transaction(self.db, self.path), spoken(self.warc.folder), self.warc.gathered():
            self._is_gathering = True
            try:
                yield
            finally:
                self._is_gathering = False

    def at_once(self, work: Callable[[], Result]) -> Result:
        """Runs a function that writes by several calls, as one: all of that is written, or nothing."""
        return self._write(work)

    def put(self, response: bytes, rest: bytes = b"") -> Place:
        """Writes the members of a record, and of what belongs to it, as they are, to the WARC. Raises ArchiveError."""
        with spoken(self.warc.folder):
            self._mend()
            return self.warc.put(response, rest)

    def begin_run(self, command: str) -> int:
        """Notes that a command starts to write; returns the id of the run.

        The caller holds the lock. Runs that have no end yet have therefore died.
        """
        row = {"command": clean(command), "started_at": now()}

        def work() -> int:
            self.db.execute("UPDATE runs SET verdict = 'died' WHERE finished_at IS NULL AND verdict IS NULL")
            return insert(self.db, "runs", row)

        return self._write(work)

    def finish_run(self, run_id: int, verdict: str, exit_code: int, counts: Mapping[str, int]) -> None:
        """Notes how a run ended and what it did, and what is missing now."""

        def work() -> None:
            end = {"finished_at": now(), "verdict": verdict, "exit_code": exit_code}
            self.db.table("runs").update(run_id, end)
            rows = [{"run_id": run_id, "name": name, "value": value} for name, value in counts.items()]
            self.db.table("run_counts").upsert_all(rows, pk=("run_id", "name"))
            refresh_coverage(self.db)

        self._write(work)

    def refresh_coverage(self) -> None:
        """Judges anew what is due today and what of it is there."""
        self._write(lambda: refresh_coverage(self.db))

    def keep(self, exchange: Exchange, *, run_id: int | None, portal_id: str | None) -> int:
        """Keeps a response and the request for it as evidence; returns the id of the capture.

        The WARC record is on the disk before the row is written. A server that answers the same once more makes no new
        record: the capture of the last time says when it did so last.

        Raises ArchiveError when the disk refuses (nothing is half-written then), the address is not http(s), or the
        time of the exchange has no offset.
        """
        digest, length = exchange.measure()
        row = {
            "url": clean(stored_url(exchange.url)),
            "portal_id": portal_id,
            "run_id": run_id,
            "fetched_at": utc(exchange.fetched_at),
            "status": exchange.status,
            "content_type": clean(exchange.header("Content-Type")),
            "payload_digest": digest,
            "payload_length": length,
            "truncated": exchange.truncated,
            "etag": clean(exchange.header("ETag")) or None,
            "last_modified": clean(exchange.header("Last-Modified")) or None,
        }
        same = self._same_answer(row, exchange.method)
        if same is not None:
            self._write(lambda: self._see_capture(same, portal_id, str(row["fetched_at"])))
            return same
        with spoken(self.warc.folder):
            self._mend()
            place = self.warc.append(exchange)
        row |= _columns_of(place)

        def work() -> int:
            self._see_portal(portal_id, str(row["fetched_at"]))
            return insert(self.db, "captures", row)

        return self._write(work)

    def holds(self, record: Foreign) -> bool:
        """Whether a record of somebody else's was imported already, in whichever copy of its file."""
        with spoken(self.path):
            return known_record(self.db, record.key) is not None

    def keep_foreign(self, record: Foreign, *, run_id: int | None, portal_id: str | None) -> int | None:
        """Keeps a record that somebody else fetched as evidence; returns the id of the capture.

        None for a record that is here already, in whichever copy of its file it came. Raises ArchiveError.
        """
        if self.holds(record):
            return None
        place = self.put(record.member)
        row = {
            "url": clean(record.url),
            "portal_id": portal_id,
            "fetched_at": record.fetched_at,
            "status": record.status,
            "content_type": clean(record.content_type),
            "payload_digest": record.payload_digest,
            "payload_length": record.payload_length,
            "truncated": record.truncated,
            "etag": clean(record.etag) or None,
            "last_modified": clean(record.last_modified) or None,
            **_columns_of(place),
        }

        def work() -> int:
            self._see_portal(portal_id, record.fetched_at, asked=False)
            capture_id = insert(self.db, "captures", row)
            note_record(self.db, capture_id, record, run_id)
            return capture_id

        return self._write(work)

    def introduce_portal(self, portal_id: str, at: str, cells: Mapping[str, str | None]) -> None:
        """Enters a portal that is known from imported records, if it is not known; `cells` as for `enter_portal`."""
        known = {name: clean(cells.get(name) or None) for name in _OF_A_PORTAL}

        def work() -> None:
            introduce_portal(self.db, portal_id, at)
            row = self.db.execute("SELECT imported, name FROM portals WHERE portal_id = ?", [portal_id]).fetchone()
            if row == (1, None) and any(known.values()):
                self.db.table("portals").update(portal_id, known)

        self._write(work)

    def note_unread(self, capture_id: int, reason: str, fault: str) -> None:
        """Notes of an imported record why it could not be read, where its address is not known for something else."""
        row = self._capture(capture_id)

        def work() -> None:
            if not self.db.table("pages").count_where("url = ?", [row["url"]]):
                portal_id, at = row["portal_id"], row["fetched_at"]
                self._note(row["url"], portal_id, capture_id, "unreadable", reason, at, fault, asked=False)

        self._write(work)

    def is_blank(self) -> bool:
        """Whether nothing has ever been kept."""
        with spoken(self.path):
            return self.db.execute("SELECT 1 FROM captures LIMIT 1").fetchone() is None

    def validators(self, url: str) -> Validators | None:
        """By what a server can tell that what it answered the last time is still so; None when it gave nothing."""
        with spoken(self.path):
            row = self.db.execute(
                "SELECT capture_id, status, truncated, etag, last_modified FROM captures WHERE url = ?"
                f" ORDER BY {_LAST} DESC, capture_id DESC LIMIT 1",
                [clean(stored_url(url))],
            ).fetchone()
        if row is None or row[1] != 200 or row[2] or not (row[3] or row[4]):
            return None
        return Validators(row[0], row[3], row[4])

    def keep_unchanged(self, capture_id: int, at: str, *, portal_id: str | None) -> None:
        """Notes that a server said at that time that its answer is still the same. Raises ArchiveError."""
        self._write(lambda: self._see_capture(capture_id, portal_id, utc(at)))

    def read(self, capture_id: int) -> Capture:
        """The evidence back from the WARC. Raises ArchiveError when it is not there or not what was written."""
        row = self._capture(capture_id)
        place = Place(row["warc_file"], int(row["warc_offset"]), int(row["warc_length"]), row["member_digest"])
        capture = self.warc.read(place)
        return Capture(capture.body, row["url"], row["content_type"])

    def file(
        self, capture_id: int, readings: Sequence[Reading], origin: Origin, *, whole: bool = False
    ) -> list[Stored | None]:
        """Files what the reader made of a capture: all of it in one transaction, and twice is the same as once.

        Returns what became of each reading. One that is no report, or has no agency or year, is `refused`: of the
        latter an issue says so, on the page. Of a page that lists reports only what has figures is filed: None for
        the rest. `whole`: these are all the readings of the capture, so that what was once read of other parts of it is
        taken back.

        Raises ArchiveError for an unknown capture, and for figures that cannot be stored as they are.
        """
        row = self._capture(capture_id)
        origin = replace(
            origin, portal_id=origin.portal_id or row["portal_id"], division_code=origin.division_code or None
        )
        found = [(reading, digests(reading)) for reading in readings]
        digest = digest_of_found(found)

        def work() -> list[Stored | None]:
            self._see_portal(origin.portal_id, row["fetched_at"], asked=not row["imported"])
            document = document_of(self.db, capture_id, origin)
            known = {one.part for one in read_from(self.db, document)} if whole else set()
            stored = [
                self._file(*one, row, origin, document) if one[0].part in known or is_filed(one[0], origin) else None
                for one in found
            ]
            for part in sorted(known - {one.part for one in readings}):
                self._judge(withdraw(self.db, document, Reading(False, "no such part", part), None))
            note_read(self.db, capture_id, origin, digest)
            return stored

        return self._write(work)

    def file_again(
        self,
        capture_id: int,
        reading: Reading,
        origin: Origin,
        agency: Agency | None = None,
        found: Digests | None = None,
    ) -> Stored:
        """Files one reading of a capture that stands in `captures_read`, or will: as `file` does, and no more.

        `agency` is that which its name is known to mean, `found` are its digests, where they are known. Raises
        ArchiveError.
        """
        row = self._capture(capture_id)
        document = document_of(self.db, capture_id, replace(origin, page_id=None))
        return self._write(lambda: self._file(reading, found or digests(reading), row, origin, document, agency))

    def store(
        self,
        reading: Reading,
        capture_id: int,
        *,
        trust: Trust,
        portal_id: str | None = None,
        division_code: str | None = None,
        role: Literal["page", "attachment"] = "page",
    ) -> Stored:
        """Files a capture with one reading; see `file`."""
        (stored,) = self.file(capture_id, (reading,), Origin(trust, portal_id, division_code, role))
        assert stored is not None
        return stored

    def note_page(
        self,
        url: str,
        *,
        portal_id: str | None,
        capture_id: int | None,
        outcome: str,
        reason: str | None,
        fault: str | None = None,
    ) -> None:
        """Notes what an address turned out to be this time; `fault` is the name of what went wrong."""
        at = self._capture(capture_id)["seen_at"] if capture_id is not None else now()
        self._write(lambda: self._note(url, portal_id, capture_id, outcome, reason, at, fault))

    def links(self, portal_id: str) -> list[Link]:
        """The links of a portal that were asked for before, and what came of them."""
        with spoken(self.path):
            return links_of(self.db, portal_id)

    def walks(self, portal_id: str) -> list[Walk]:
        """The lists of a portal that were gone through to their end, and when."""
        with spoken(self.path):
            return walks_of(self.db, portal_id)

    def note_link(self, portal_id: str, asked: Asked) -> int:
        """Notes what came of asking for a link; returns how many current reports are gone with it."""

        def work() -> int:
            at = now()
            self._see_portal(portal_id, at)
            gone = 0
            if asked.outcome == "gone":
                gone = note_gone(self.db, portal_id, asked.page_url, listed_until(self.db, portal_id, asked.url), at)
            note_link(self.db, portal_id, asked, at)
            return gone

        return self._write(work)

    def close_portal(
        self,
        run_id: int,
        portal_id: str,
        fared: Fared,
        *,
        listed: Mapping[str, Iterable[str]],
        missing: Iterable[str],
        walks: Iterable[Walk],
    ) -> None:
        """Notes how a portal fared in a run, in which words known links were listed, which of them were not listed, and
        which lists were gone through.
        """

        def work() -> None:
            at = now()
            self._see_portal(portal_id, at)
            note_listed(self.db, portal_id, listed, missing, at)
            note_walks(self.db, portal_id, walks, at)
            note_portal(self.db, run_id, portal_id, fared)

        self._write(work)

    def enter_portal(self, portal_id: str, cells: Mapping[str, str | None]) -> None:
        """Notes what the portals file says of a portal that is about to be asked.

        `cells` may hold name, division_code, level, and the names of the province, city and county.
        """
        known = {name: clean(cells.get(name) or None) for name in _OF_A_PORTAL}

        def work() -> None:
            self._see_portal(portal_id, now())
            self.db.table("portals").update(portal_id, known)

        self._write(work)

    def known_columns(self, portal_id: str) -> KnownColumns:
        """Where the portal was found to keep its reports, as (address, setting), and when it was last searched."""
        with spoken(self.path):
            query = "SELECT url, setting, gone_at FROM columns WHERE portal_id = ? ORDER BY url"
            rows = self.db.execute(query, [portal_id]).fetchall()
            searched = self.db.execute("SELECT searched_at FROM portals WHERE portal_id = ?", [portal_id]).fetchone()
        return KnownColumns(
            tuple((url, setting) for url, setting, gone in rows if gone is None),
            frozenset(url for url, _, gone in rows if gone is not None),
            searched[0] if searched else None,
        )

    def remember_columns(
        self, portal_id: str, gave: Mapping[tuple[str, str], int], barren: Iterable[str], *, searched: bool
    ) -> None:
        """Notes how many reports were found from which (address, setting), and which known columns gave none."""

        def work() -> None:
            at = now()
            self._see_portal(portal_id, at)
            for (url, setting), reports in gave.items():
                self.db.execute(
                    "INSERT INTO columns (portal_id, url, setting, reports, first_seen, last_seen)"
                    " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (portal_id, url) DO UPDATE SET setting = excluded.setting,"
                    " reports = excluded.reports, last_seen = excluded.last_seen, gone_at = NULL",
                    [portal_id, _whole(url), setting, reports, at, at],
                )
            for url in barren:
                self.db.execute(
                    "INSERT INTO columns (portal_id, url, setting, reports, first_seen, last_seen, gone_at)"
                    " VALUES (?, ?, 'annual', 0, ?, ?, ?) ON CONFLICT (portal_id, url) DO UPDATE"
                    " SET gone_at = coalesce(gone_at, excluded.gone_at)",
                    [portal_id, _whole(url), at, at, at],
                )
            if searched:
                self.db.table("portals").update(portal_id, {"searched_at": at})

        self._write(work)

    def held_hosts(self) -> dict[str, HeldHost]:
        """Hosts that refused or failed the last time, by name."""
        with spoken(self.path):
            return held_hosts(self.db)

    def strike_host(self, host: str, fault: str, message: str, *, blocks: bool, again: bool) -> None:
        """Notes that a host refused (`blocks`) or failed in this run, `again` as the last time."""
        said, at = clean(message) or "", datetime.now(UTC)
        self._write(lambda: strike_host(self.db, host, fault, said, at, blocks=blocks, again=again))

    def forget_hosts(self, hosts: Iterable[str]) -> None:
        """Notes that hosts answer well again."""
        self._write(lambda: forget_hosts(self.db, hosts))

    def totals(self) -> dict[str, int]:
        """What the archive holds, in numbers: for the line with which a command ends."""
        counts = {
            "agencies": "SELECT count(*) FROM agencies WHERE merged_into IS NULL",
            "reports": "SELECT count(*) FROM report_revisions WHERE is_current = 1",
            "revisions": "SELECT count(*) FROM report_revisions",
            "figures": "SELECT coalesce(sum(cell_count), 0) FROM report_revisions WHERE is_current = 1",
            "captures": "SELECT count(*) FROM captures",
            "issues": "SELECT count(*) FROM open_issues",
        }
        with spoken(self.path):
            return {name: int(self.db.execute(sql).fetchone()[0]) for name, sql in counts.items()}

    def _file(
        self,
        reading: Reading,
        found: Digests,
        capture: Mapping[str, Any],
        origin: Origin,
        document: Document,
        agency: Agency | None = None,
    ) -> Stored:
        url, part, name = capture["url"], reading.part, clean(reading.agency)
        if reading.report and name and reading.year is not None:
            agency = agency or self._agency(name, reading, origin)
            arrival = Arrival(
                reading=reading,
                digests=found,
                agency=agency,
                year=reading.year,
                capture_id=int(capture["capture_id"]),
                url=url,
                payload=capture["payload_digest"],
                fetched_at=capture["fetched_at"],
                seen_at=capture["seen_at"],
                trust=origin.trust,
                portal_id=origin.portal_id,
                role="attachment" if origin.role == "attachment" else "page",
                is_answer=capture["status"] != 0,
            )
            stored, problems = file_reading(self.db, arrival), []
            if stored.report_id is not None and stored.outcome in ("new", "revised"):
                note_where_it_belongs(self.db, stored.report_id, agency.agency_id, agency.named_id)
        else:
            stored, problems = Stored(None, "refused"), _why_not(reading)
            if not self.db.execute("SELECT 1 FROM pages WHERE url = ?", [url]).fetchone():
                why = problems[0].code if problems else reading.reason or "not a report"
                self._note(
                    url,
                    origin.portal_id,
                    int(capture["capture_id"]),
                    "refused",
                    why,
                    capture["fetched_at"],
                    asked=not capture["imported"],
                )
        if capture["truncated"] and reading.report:
            problems = [*problems, Issue("capture_cut", "warning", "only the beginning of the document was kept")]
        state_filing(self.db, url, part, int(capture["capture_id"]), problems)
        filed = key_of(self.db, stored.report_id) if stored.report_id else None
        withdrawn = withdraw(self.db, document, reading, filed)
        if withdrawn and stored.report_id is not None:
            number_reading(self.db, stored.report_id)
        self._judge([*([filed] if filed else []), *withdrawn])
        return stored

    def _judge(self, keys: Iterable[Key]) -> None:
        """The rules over two years, and the panel, where something was filed or withdrawn."""
        for agency_id, year, scope in keys:
            for said in {scope, None}:  # a report whose scope was filled in just now has left those without
                judge_years(self.db, agency_id, said, {year})
            refresh_panel(self.db, agency_id, year)

    def _agency(self, name: str, reading: Reading, origin: Origin) -> Agency:
        return resolve_agency(
            self.db,
            name,
            reading.year or 0,
            trust=origin.trust,
            portal_id=origin.portal_id,
            division_code=origin.division_code,
            evidence=clean(reading.evidence.get("agency")),
        )

    def _note(
        self,
        url: str,
        portal_id: str | None,
        capture_id: int | None,
        outcome: str,
        reason: str | None,
        at: str,
        fault: str | None = None,
        *,
        asked: bool = True,
    ) -> None:
        self._see_portal(portal_id, at, asked=asked)
        self.db.execute(
            "INSERT INTO pages (url, portal_id, outcome, reason, fault, first_seen, last_seen, capture_id)"
            " VALUES (:url, :portal, :outcome, :reason, :fault, :at, :at, :capture)"
            " ON CONFLICT (url) DO UPDATE SET portal_id = coalesce(excluded.portal_id, portal_id),"
            " outcome = excluded.outcome, reason = excluded.reason, fault = excluded.fault,"
            " first_seen = min(first_seen, excluded.first_seen),"
            " last_seen = max(last_seen, excluded.last_seen), capture_id = coalesce(excluded.capture_id, capture_id)",
            {
                "url": clean(stored_url(url)),
                "portal": portal_id,
                "outcome": outcome,
                "reason": clean(reason) or None,
                "fault": fault,
                "at": at,
                "capture": capture_id,
            },
        )

    def _see_portal(self, portal_id: str | None, at: str, *, asked: bool = True) -> None:
        if portal_id is not None and not asked:
            introduce_portal(self.db, portal_id, at)
        elif portal_id is not None:
            self.db.execute(
                "INSERT INTO portals (portal_id, first_seen, last_seen) VALUES (:id, :at, :at)"
                " ON CONFLICT (portal_id) DO UPDATE SET first_seen = min(first_seen, :at),"
                " last_seen = max(last_seen, :at), imported = 0 WHERE first_seen > :at OR last_seen < :at OR imported",
                {"id": portal_id, "at": at},
            )

    def _capture(self, capture_id: int) -> dict[str, Any]:
        with spoken(self.path):
            for row in rows_of(self.db, _CAPTURE, [capture_id]):
                return row | {"seen_at": row["seen_at"] or row["fetched_at"]}
        raise ArchiveError(f"{self.path}: there is no capture {capture_id}")

    def _same_answer(self, row: Mapping[str, object], method: str) -> int | None:
        """The capture of the last answer at that address, if it was the same; to a form, of any."""
        order = "" if method == "GET" else " AND payload_digest = :payload_digest"
        with spoken(self.path):
            last = self.db.execute(
                "SELECT capture_id, status, content_type, payload_digest, truncated FROM captures WHERE url = :url"
                f"{order} ORDER BY {_LAST} DESC, capture_id DESC LIMIT 1",
                dict(row),
            ).fetchone()
        said = tuple(row[name] for name in ("status", "content_type", "payload_digest", "truncated"))
        return int(last[0]) if last is not None and tuple(last[1:]) == said else None

    def _see_capture(self, capture_id: int, portal_id: str | None, at: str) -> None:
        self._see_portal(portal_id, at)
        self.db.execute(
            "UPDATE captures SET seen_at = :at WHERE capture_id = :id AND coalesce(seen_at, fetched_at) < :at",
            {"id": capture_id, "at": at},
        )

    def _mend(self) -> None:
        """Before the first record of a process: cuts back what a process that was killed left half-written."""
        if not self._mended:
            self.warc.mend(dict(self.db.execute(_ENDS).fetchall()))
            self._mended = True

    def _write(self, work: Callable[[], Result]) -> Result:
        if self._is_writing:
            return work()
        self._is_writing = True
        try:
            return (savepoint if self._is_gathering else write)(self.db, self.path, work)
        finally:
            self._is_writing = False


def is_filed(reading: Reading, origin: Origin) -> bool:
    """Whether a reading counts: a page that lists reports must show figures before it is taken for one."""
    return origin.role != "list" or (reading.report and bool(reading.cells or reading.indicators))


def _why_not(reading: Reading) -> list[Issue]:
    """Why a reading could not be filed, with what the reader had to say about it."""
    if not reading.report:
        return []
    missing = " and ".join(name for name in ("agency", "year") if not getattr(reading, name))
    evidence = "; ".join(f"{name}: {words}" for name, words in sorted(reading.evidence.items()) if words)
    message = f"a report whose {missing} cannot be told" + (f" ({evidence})" if evidence else "")
    return [Issue("key_unknown", "error", clean(message) or "")]


def _whole(url: str) -> str | None:
    """The address of a page with its fragment, which names the column where it is one."""
    fragment = url.partition("#")[2]
    return clean(stored_url(url) + (f"#{fragment}" if fragment else ""))


def _columns_of(place: Place) -> dict[str, str | int]:
    return {
        "warc_file": place.file,
        "warc_offset": place.offset,
        "warc_length": place.length,
        "member_digest": place.sha256,
    }


_CAPTURE = (
    "SELECT c.*, EXISTS (SELECT 1 FROM imported_records i WHERE i.capture_id = c.capture_id) AS imported"
    " FROM captures c WHERE c.capture_id = ?"
)

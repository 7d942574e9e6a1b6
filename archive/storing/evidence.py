"""Evidence: what was answered, kept in the WARC, and the rows of captures that point to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archive.database import spoken
from archive.foreign import Foreign
from archive.imported import known_record, note_record
from archive.readings import clean
from archive.rows import insert
from archive.storing.opened import Opened
from archive.warc import Exchange, Place, stored_url, utc
from pipelines.model import Capture

_LAST = "coalesce(seen_at, fetched_at)"
"""When an answer came last. The order of ids does not tell it: captures of other archives come in late."""


@dataclass(frozen=True, slots=True)
class Validators:
    """The capture of an answer, and by what its server can tell whether it still holds (RFC 9110, section 13)."""

    capture_id: int
    etag: str | None
    last_modified: str | None


class Evidence(Opened):
    """Keeps what was fetched, by us or by others, and gives it back."""

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


def _columns_of(place: Place) -> dict[str, str | int]:
    return {
        "warc_file": place.file,
        "warc_offset": place.offset,
        "warc_length": place.length,
        "member_digest": place.sha256,
    }

"""Bringing captures over: the records as they are, checked on the way, and each of them once.

What a capture is across archives is the digest of its record, which holds the record's own id and the second in which
it was fetched. Two archives that were answered the same, one after the other, end with the earlier record and the time
at which it was answered last: as one that had asked both times.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.joining.source import Source
from archive.store import Archive
from archive.warc import Place

BATCH_BYTES = 16 << 20
BATCH_CAPTURES = 1000
"""Captures, and bytes of their records, that are on the disk before the rows that point to them are written."""

NAMED = 20
"""Captures that could not be had and are named; a source without its WARC folder has as many as it has captures."""

_LONGEST_REQUEST = 1 << 20


@dataclass(slots=True)
class Brought:
    """What came of it: captures that are new here, a line for each of the first that could not be had, and how many
    there are `more`."""

    new: int = 0
    damaged: list[str] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class _Answer:
    """A capture, as far as it matters whether another one says the same."""

    capture_id: int
    fetched_at: str
    seen_at: str
    member: str
    said: tuple[object, ...]


def bring_captures(archive: Archive, source: Source, run_id: int | None) -> Brought:
    """Brings all captures over that are not here, in the order of time, and notes in `temp.brought` which is which, and
    which of ours was `moved` to an earlier time.

    `run_id` is the run in which they are said to have been fetched; None: in none of this archive.
    """
    archive.db.execute("DROP TABLE IF EXISTS temp.brought")
    archive.db.execute(
        "CREATE TEMP TABLE brought (source_id INTEGER PRIMARY KEY, capture_id INTEGER NOT NULL, moved INTEGER)"
    )
    brought = Brought()
    rows = source.db.query("SELECT * FROM captures ORDER BY fetched_at, capture_id")
    for batch in _batches(rows):
        with archive.together():
            for row in batch:
                try:
                    here = _bring(archive, source, row, run_id, brought)
                except _LostErrorError as error:
                    if len(brought.damaged) < NAMED:
                        brought.damaged.append(f"{source.path}: {error}")
                    else:
                        brought.more += 1
                    continue
                archive.db.execute("INSERT INTO temp.brought VALUES (?, ?, ?)", [row["capture_id"], *here])
    return brought


class _LostErrorError(Exception):
    """A record that the source has no more, or not as it was written."""


def _batches(rows: Iterator[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    batch: list[dict[str, object]] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += int(str(row["warc_length"]))
        if size >= BATCH_BYTES or len(batch) >= BATCH_CAPTURES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _bring(
    archive: Archive, source: Source, row: dict[str, object], run_id: int | None, brought: Brought
) -> tuple[int, bool]:
    """Returns the capture of the target that holds what this one of the source holds, and whether it was moved."""
    here = [_answer(known) for known in archive.db.query(_AT, [row["url"]])]
    ours = _answer(row)
    for known in here:
        if known.member == ours.member:
            _see(archive, known.capture_id, ours.seen_at)
            return known.capture_id, False
    earlier = [known for known in here if known.fetched_at <= ours.fetched_at]
    later = [known for known in here if known.fetched_at > ours.fetched_at]
    alike = [known for known in here if known.said == ours.said]
    for known in reversed(earlier):
        is_next = known is earlier[-1] or ours.seen_at <= known.seen_at  # it was one with it before others came between
        if is_next and known.said == ours.said and not _changed_between(source, row["url"], known, ours):
            _see(archive, known.capture_id, ours.seen_at)
            return known.capture_id, False
    members: tuple[bytes, bytes] | None = None
    first_alike = later[0] if later and later[0].said == ours.said else None
    if first_alike and _changed_between(source, row["url"], ours, first_alike):
        first_alike = None
    if first_alike is None and alike:
        members = _members(source, row)
        if not _is_get(members[1]):  # the same answer to a form is kept once, whatever came in between
            first_alike = alike[0]
            if first_alike.fetched_at <= ours.fetched_at:
                _see(archive, first_alike.capture_id, ours.seen_at)
                return first_alike.capture_id, False
    place = archive.put(*(members or _members(source, row)))
    if first_alike is not None:
        _take_its_place(archive, first_alike, row, place)
        return first_alike.capture_id, True
    brought.new += 1
    return _insert(archive, row, place, run_id), False


def _changed_between(source: Source, url: object, one: _Answer, other: _Answer) -> bool:
    """Whether the source was answered otherwise between two answers that are the same."""
    between = source.db.query(_BETWEEN, [url, one.fetched_at, other.fetched_at])
    return any(_answer(row).said != one.said for row in between)


def _answer(row: dict[str, object]) -> _Answer:
    said = tuple(row[name] for name in ("status", "content_type", "payload_digest", "truncated"))
    seen = row["seen_at"] or row["fetched_at"]
    return _Answer(int(str(row["capture_id"])), str(row["fetched_at"]), str(seen), str(row["member_digest"]), said)


def _see(archive: Archive, capture_id: int, at: str) -> None:
    archive.db.execute(
        "UPDATE captures SET seen_at = :at WHERE capture_id = :id AND coalesce(seen_at, fetched_at) < :at",
        {"at": at, "id": capture_id},
    )


def _insert(archive: Archive, row: dict[str, object], place: Place, run_id: int | None) -> int:
    new = {name: value for name, value in row.items() if name != "capture_id"}
    new |= {"run_id": run_id, "warc_file": place.file, "warc_offset": place.offset}
    names = ", ".join(new)
    marks = ", ".join("?" for _ in new)
    return archive.db.execute(f"INSERT INTO captures ({names}) VALUES ({marks})", [*new.values()]).lastrowid or 0


def _take_its_place(archive: Archive, later: _Answer, row: dict[str, object], place: Place) -> None:
    """The earlier record of the same answer stands for both. What was read of it stays, and is filed again, earlier."""
    seen = max(later.seen_at, str(row["seen_at"] or row["fetched_at"]))
    archive.db.execute(
        "UPDATE captures SET fetched_at = ?, seen_at = ?, etag = ?, last_modified = ?, warc_file = ?, warc_offset = ?,"
        " warc_length = ?, member_digest = ? WHERE capture_id = ?",
        [
            row["fetched_at"],
            seen,
            row["etag"],
            row["last_modified"],
            place.file,
            place.offset,
            place.length,
            place.sha256,
            later.capture_id,
        ],
    )


def _members(source: Source, row: dict[str, object]) -> tuple[bytes, bytes]:
    """The record of a response, and that of the request behind it, b'' where there is none. Raises _LostErrorError."""
    where = f"the record of {row['url']} of {row['fetched_at']}"
    length = int(str(row["warc_length"]))
    try:
        with (source.warc.folder / str(row["warc_file"])).open("rb") as file:
            file.seek(int(str(row["warc_offset"])))
            response = file.read(length)
            rest = file.read(_LONGEST_REQUEST) if len(response) == length else b""
    except OSError as error:
        raise _LostErrorError(f"{where} is missing ({row['warc_file']}: {os.strerror(error.errno or 0)})") from error
    if hashlib.sha256(response).hexdigest() != row["member_digest"]:
        raise _LostErrorError(f"{where} is damaged ({row['warc_file']} at {row['warc_offset']})")
    return response, _request(rest)


def _request(rest: bytes) -> bytes:
    """The first member of what follows a response, where that is a request."""
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        plain = stream.decompress(rest, _LONGEST_REQUEST)
    except zlib.error:
        return b""
    if not stream.eof or b"\r\nWARC-Type: request\r\n" not in plain[:2000]:
        return b""
    return rest[: len(rest) - len(stream.unused_data)]


def _is_get(request: bytes) -> bool:
    """Whether the record of a request is one for an address alone; it is where there is none."""
    plain = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(request) if request else b""
    return plain.partition(b"\r\n\r\n")[2][:4] in (b"", b"GET ")


_BETWEEN = "SELECT * FROM captures WHERE url = ? AND fetched_at > ? AND fetched_at < ?"
_AT = "SELECT * FROM captures WHERE url = ? ORDER BY fetched_at, capture_id"

"""Captures that are to be read again, with how they were read and filed, and what becomes of them.

A page is read together with the files that it links to: what the page says decides how the files are read, and a page
that only leads to files is filed under what they say. Reading is done elsewhere, by whoever has processors; here is
what it takes, and what is written when it is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from sqlite_utils import Database

from archive.captured import Origin
from archive.filing import Stored
from archive.moments import now
from archive.readings import clean
from archive.store import Archive
from archive.warc import Place
from pipelines.model import Context, Reading
from pipelines.version import reader_version

Again = Literal["filed", "filed before", "changed meanwhile"]
"""What became of a capture that was read again: it is filed, somebody else had filed just that, or something else."""

Parts = tuple[tuple[int, str], ...]
"""Part and digest of the readings of a document that stand."""

Same = tuple[int, str, str | None]
"""A capture that is read as before: its id, the digest of its readings, and what stood for it when it was read."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which captures: those for which all of these hold that are given. Nothing given: all."""

    portals: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    """Years, forms and codes of open issues of a report that rests on the capture; codes, too, of what keeps it from
    being filed."""
    forms: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    """Versions of the reader that read them last."""
    old: bool = False
    """Those that any other reader than today's read last."""
    pages: tuple[int, ...] | None = None
    """Captures of pages, by id; these are given back whether what is read of them differs or not."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One capture: where its record lies, how it was read and filed, and the digest of what came out."""

    capture_id: int
    url: str
    content_type: str
    place: Place
    origin: Origin
    digest: str | None
    parts: Parts
    """What stands of it, to compare with where the digest was not kept."""
    is_wanted: bool
    """Whether it is given back also if it is read as before."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A page with the files that it links to, or a file whose page is not known."""

    page: Piece
    files: tuple[Piece, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return (self.page, *self.files)


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """A capture of which something else was read than what is filed; `was` is the digest of that."""

    capture_id: int
    url: str
    readings: tuple[Reading, ...]
    origin: Origin
    was: str | None
    digest: str


def count_captures(db: Database, selection: Selection) -> int:
    """How many captures are selected, files included."""
    where, values = _where(selection)
    files = "(SELECT count(*) FROM captures_read f WHERE f.page_id = k.capture_id)"
    query = f"SELECT coalesce(sum(1 + {files}), 0) FROM captures_read k WHERE {where}"
    return int(db.execute(query, values).fetchone()[0])


def units(db: Database, selection: Selection, at_once: int) -> Iterator[list[Unit]]:
    """The units selected, in the order of their captures, so many at once.

    Each is a question of its own, so that what others write meanwhile can be seen, and nothing is held up by us.
    """
    where, values = _where(selection)
    query = f"{_PIECES} WHERE k.capture_id > :after AND {where} ORDER BY k.capture_id LIMIT :at_once"
    after = 0
    while rows := list(db.query(query, values | {"after": after, "at_once": at_once})):
        after = rows[-1]["capture_id"]
        yield _units(db, rows, is_wanted=selection.pages is not None)


def pages_of(db: Database, captures: Iterable[int]) -> tuple[int, ...]:
    """The captures of the pages to which these belong: themselves, or those that link to them."""
    query = "SELECT coalesce(p.capture_id, k.capture_id) FROM captures_read k"
    query += " LEFT JOIN captures_read p ON p.capture_id = k.page_id WHERE k.capture_id = ?"
    found = {row[0] for capture in captures for row in db.execute(query, [capture]).fetchall()}
    return tuple(sorted(found))


def file_again(archive: Archive, one: ReadAgain) -> Again:
    """Files a capture that was read again, unless somebody else has filed it since; to be called inside `together`.

    Raises as `Archive.file` does; nothing of this capture is written then.
    """
    row = archive.db.execute("SELECT digest FROM captures_read WHERE capture_id = ?", [one.capture_id]).fetchone()
    # None: what it said was withdrawn just now with another capture, and it must be filed anew
    if row is None or row[0] not in (one.was, None):
        return "filed before" if row and row[0] == one.digest else "changed meanwhile"
    stored = archive.file(one.capture_id, one.readings, one.origin, whole=True)
    _note_outcome(archive.db, one, stored)
    return "filed"


def note_same(archive: Archive, captures: Iterable[Same]) -> None:
    """Notes that captures were read by today's reader and are as they were; to be called inside `together`.

    Not of one whose digest is another by now: somebody has filed it, or what it is a copy of was withdrawn just now, so
    that it must be filed anew, and until that is done the next reread must find it.
    """
    at, reader = now(), reader_version()
    archive.db.conn.executemany(
        "UPDATE captures_read SET reader = ?, read_at = ?, digest = ? WHERE capture_id = ? AND digest IS ?",
        [(reader, at, digest, capture_id, was) for capture_id, digest, was in captures],
    )


def _note_outcome(db: Database, one: ReadAgain, stored: Sequence[Stored | None]) -> None:
    """Makes `pages` say what an address turned out to be, where this was its last answer and could be read."""
    if one.origin.role == "list" and not any(stored):
        return
    outcome, reason = "not_a_report", next((reading.reason for reading in one.readings if reading.reason), None)
    if any(filed is not None and filed.report_id is not None for filed in stored):
        outcome, reason = "report", None
    elif any(reading.report for reading in one.readings):
        outcome = "key_unknown"
    db.execute(_OUTCOME, {"outcome": outcome, "reason": clean(reason), "url": one.url, "capture": one.capture_id})


def _where(selection: Selection) -> tuple[str, dict[str, Any]]:
    """The condition on the capture `k` of a page, and its parameters."""
    values: dict[str, Any] = {"today": reader_version()}

    def among(column: str, wanted: Sequence[object]) -> str:
        names = [f"value{len(values) + number}" for number in range(len(wanted))]
        values.update(zip(names, wanted, strict=True))
        return f"{column} IN ({', '.join(f':{name}' for name in names)})"

    said = [_IS_PAGE]
    if selection.pages is not None:
        said.append(among("k.capture_id", selection.pages))
    if selection.portals:
        said.append(among("k.portal_id", selection.portals))
    if selection.readers or selection.old:
        of_one = [among("m.reader", selection.readers)] if selection.readers else []
        of_one += ["m.reader IS NOT :today"] if selection.old else []
        said.append(f"EXISTS (SELECT 1 FROM {_MEMBERS} AND {' AND '.join(of_one)})")
    of_reports = [among("r.year", selection.years)] if selection.years else []
    of_reports += [among("r.form", selection.forms)] if selection.forms else []
    if selection.issues:
        codes = among("i.code", selection.issues)
        issue = f"(SELECT 1 FROM issues i WHERE i.report_id = r.report_id AND i.closed_at IS NULL AND {codes})"
        rests = f"{_RESTS} WHERE {' AND '.join([*of_reports, f'EXISTS {issue}'])}"
        unfiled = f"SELECT 1 FROM {_MEMBERS} AND EXISTS (SELECT 1 FROM issues i WHERE i.capture_id = m.capture_id"
        either = [f"EXISTS ({rests})", *([] if of_reports else [f"EXISTS ({unfiled} AND {codes}))"])]
        said.append(f"({' OR '.join(either)})")
    elif of_reports:
        said.append(f"EXISTS ({_RESTS} WHERE {' AND '.join(of_reports)})")
    return " AND ".join(said), values


def _units(db: Database, rows: list[dict[str, Any]], *, is_wanted: bool) -> list[Unit]:
    marks = ", ".join("?" for _ in rows)
    query = f"{_PIECES} WHERE k.page_id IN ({marks}) ORDER BY k.page_id, k.capture_id"
    found = list(db.query(query, [row["capture_id"] for row in rows]))
    files = {page: list(group) for page, group in groupby(found, key=lambda row: row["page_id"])}

    def pieces(rows: Iterable[dict[str, Any]]) -> tuple[Piece, ...]:
        return tuple(_piece(db, row, is_wanted) for row in rows)

    return [Unit(page, pieces(files.get(page.capture_id, ()))) for page in pieces(rows)]


def _piece(db: Database, row: dict[str, Any], is_wanted: bool) -> Piece:
    parts: Parts = ()
    if row["digest"] is None:
        parts = tuple(db.execute(_PARTS, [row["capture_id"]]).fetchall())
    context = Context(row["title"], row["agency"], row["year"])
    trust, portal, division = row["trust"], row["portal_id"], row["division_code"]
    return Piece(
        row["capture_id"],
        row["url"],
        row["content_type"],
        Place(row["warc_file"], row["warc_offset"], row["warc_length"], row["member_digest"]),
        Origin(trust, portal, division, row["role"], context, row["page_id"]),
        row["digest"],
        parts,
        is_wanted,
    )


_PIECES = """
SELECT k.*, c.url, c.content_type, c.warc_file, c.warc_offset, c.warc_length, c.member_digest
FROM captures_read k JOIN captures c ON c.capture_id = k.capture_id
"""
_IS_PAGE = "(k.role <> 'attachment' OR NOT EXISTS (SELECT 1 FROM captures_read p WHERE p.capture_id = k.page_id))"
_MEMBERS = "captures_read m WHERE (m.capture_id = k.capture_id OR m.page_id = k.capture_id)"
_RESTS = """
SELECT 1 FROM captures_read m
JOIN report_captures l ON l.capture_id = m.capture_id AND (m.capture_id = k.capture_id OR m.page_id = k.capture_id)
JOIN report_revisions r ON r.report_id = l.report_id
"""
_PARTS = """
SELECT r.part, t.reading_digest FROM report_revisions r JOIN report_readings t ON t.report_id = r.report_id
WHERE r.capture_id = ? ORDER BY r.part
"""
_OUTCOME = """
UPDATE pages SET outcome = :outcome, reason = :reason, fault = NULL
WHERE url = :url AND capture_id = :capture AND outcome <> :outcome
  AND outcome IN ('report', 'not_a_report', 'unreadable', 'key_unknown', 'refused')
"""

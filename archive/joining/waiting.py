"""What of another archive has to be filed here, in the order in which one archive would have filed it.

That is the order of time; within a second the official source before its copies, pages before their files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.captured import Origin
from archive.joining.source import Source
from archive.revisions import RANKS
from archive.warc import Place
from pipelines.model import Context
from pipelines.version import reader_version

Moment = tuple[str, int, bool, str]
"""When an answer came, and what goes first of those that came in one second."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A capture that was read in the source; the ids are those of there and of here."""

    source_id: int
    capture_id: int
    origin: Origin
    """With the ids of here."""
    at: Moment
    """Of the record that is here, which may be an earlier one of the same answer."""
    stands: bool
    """Whether it is filed here already, as it is there or better."""
    was_moved: bool
    """Whether it came earlier than it is filed here."""
    is_empty: bool
    """Whether nothing came of it there: it is no report, and none that could not be filed."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A page or file whose reading no archive holds as it was filed: where its record lies, and those of its files."""

    folder: str
    place: Place
    url: str
    content_type: str
    context: Context
    files: tuple[Unread, ...] = ()


def waiting(here: Database, source: Source) -> Iterator[Waiting]:
    """All that was read in the source and whose record came over; `temp.brought` tells which capture is which."""
    for row in source.db.query(_READ):
        found = here.execute(_HERE, [row["capture_id"]]).fetchone()
        if found is None:
            continue
        capture_id, fetched_at, moved, *read = found
        ours = (read[0], read[1], read[2]) if read[0] is not None else None
        page = here.execute(_BROUGHT, [row["page_id"]]).fetchone()
        origin = origin_of(row, page[0] if page else None)
        at = moment(fetched_at, origin, row["url"])
        theirs = (row["read_at"], row["reader"], row["digest"])
        yield Waiting(row["capture_id"], capture_id, origin, at, _stands(ours, theirs), bool(moved), not row["hangs"])


def moment(at: str, origin: Origin, url: str) -> Moment:
    return at, -RANKS[origin.trust], origin.role == "attachment", url


def is_compared_again(origin: Origin) -> bool:
    """Whether something is compared with the report of today each time that it is seen: copies are, and files."""
    return origin.trust != "official" or origin.role == "attachment"


def origin_of(row: dict[str, Any], page_id: int | None) -> Origin:
    """How a capture was read and filed, from its row of `captures_read`."""
    context = Context(row["title"], row["agency"], row["year"])
    return Origin(row["trust"], row["portal_id"], row["division_code"], row["role"], context, page_id)


def unread(db: Database, folder: str, capture_id: int) -> Unread:
    """What has to be read of a capture, in the archive whose WARC files lie in that folder."""
    row = next(iter(db.query(_RECORD, [capture_id])))
    files = tuple(_unread(folder, file) for file in db.query(_FILES, [capture_id])) if row["role"] == "page" else ()
    return _unread(folder, row, files)


def _unread(folder: str, row: dict[str, Any], files: tuple[Unread, ...] = ()) -> Unread:
    place = Place(row["warc_file"], row["warc_offset"], row["warc_length"], row["member_digest"])
    context = Context(row["title"], row["agency"], row["year"])
    return Unread(folder, place, row["url"], row["content_type"], context, files)


def _stands(ours: tuple[str, str | None, str | None] | None, theirs: tuple[str, str | None, str | None]) -> bool:
    """Whether what was made of a capture here is what was made of it there, or the better of the two.

    Of two readers that of this program is the better; of two others, the one that read later.
    """
    if ours is None:
        return False
    if theirs[2] is None or theirs[2] == ours[2]:
        return True
    return ours[2] is not None and _rank(ours) >= _rank(theirs)


def _rank(read: tuple[str, str | None, str | None]) -> tuple[bool, str]:
    read_at, reader, _ = read
    return reader == reader_version(), read_at


_READ = f"""
SELECT k.*, c.url, c.fetched_at,
       EXISTS (SELECT 1 FROM report_captures l WHERE l.capture_id = k.capture_id)
       OR EXISTS (SELECT 1 FROM issues i WHERE i.capture_id = k.capture_id) AS hangs
FROM captures_read k JOIN captures c ON c.capture_id = k.capture_id
ORDER BY c.fetched_at, CASE k.trust {" ".join(f"WHEN '{trust}' THEN {-rank}" for trust, rank in RANKS.items())} END,
         k.role = 'attachment', c.url, k.capture_id
"""
# A merge that was killed leaves revisions that do not know yet that their capture was moved.
_HERE = """
SELECT b.capture_id, c.fetched_at,
       b.moved OR EXISTS (SELECT 1 FROM report_revisions r JOIN report_readings t ON t.report_id = r.report_id
                          WHERE r.capture_id = b.capture_id AND t.fetched_at <> c.fetched_at),
       k.read_at, k.reader, k.digest
FROM temp.brought b JOIN captures c ON c.capture_id = b.capture_id
LEFT JOIN captures_read k ON k.capture_id = b.capture_id WHERE b.source_id = ?
"""
_BROUGHT = "SELECT capture_id FROM temp.brought WHERE source_id = ?"
_RECORD = """
SELECT c.url, c.content_type, c.warc_file, c.warc_offset, c.warc_length, c.member_digest, k.role, k.title, k.agency,
       k.year
FROM captures c JOIN captures_read k ON k.capture_id = c.capture_id WHERE c.capture_id = ?
"""
_FILES = """
SELECT c.url, c.content_type, c.warc_file, c.warc_offset, c.warc_length, c.member_digest, k.title, k.agency, k.year
FROM captures_read k JOIN captures c ON c.capture_id = k.capture_id WHERE k.page_id = ? ORDER BY k.capture_id
"""

"""How captures were read and filed: what is needed to read them again just so, and to see what comes out otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from archive.digests import Digests, digests
from archive.moments import now
from archive.readings import clean
from pipelines.model import Context, Reading, Trust
from pipelines.version import reader_version

NOTHING_SAID = Context()


@dataclass(frozen=True, slots=True)
class Origin:
    """From where a capture comes, and as what: all that decides, beside its bytes, how it is read and filed."""

    trust: Trust
    portal_id: str | None = None
    division_code: str | None = None
    """Of the portal."""
    role: Literal["page", "attachment", "list"] = "page"
    """`attachment`: a file to which a page of a report links; `list`: a page that lists reports, without figures."""
    context: Context = NOTHING_SAID
    """What the linking page said about it."""
    page_id: int | None = None
    """Of an attachment: the capture of the page that links to it."""


def digest_of(readings: Iterable[Reading]) -> str:
    """sha256, in hex, of all that was read of a capture, in all its parts."""
    return digest_of_found((reading, digests(reading)) for reading in readings)


def digest_of_found(found: Iterable[tuple[Reading, Digests]]) -> str:
    """The same of readings whose own digests are known."""
    whole = hashlib.sha256()
    for reading, known in found:
        said = f"{reading.report} {reading.reason} {known.reading}\n"
        whole.update(said.encode("utf-8", "surrogatepass"))
    return whole.hexdigest()


def note_read(db: Database, capture_id: int, origin: Origin, digest: str) -> None:
    """Notes that a capture was read by today's reader and is filed, and what came out; twice is the same as once."""
    db.execute(
        "INSERT INTO captures_read (capture_id, role, page_id, trust, portal_id, division_code, title, agency, year,"
        " reader, read_at, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (capture_id) DO UPDATE"
        " SET role = excluded.role, page_id = excluded.page_id, trust = excluded.trust,"
        " portal_id = excluded.portal_id, division_code = excluded.division_code, title = excluded.title,"
        " agency = excluded.agency, year = excluded.year, reader = excluded.reader,"
        " read_at = iif(reader IS excluded.reader AND digest IS excluded.digest, read_at, excluded.read_at),"
        " digest = excluded.digest",
        [
            capture_id,
            origin.role,
            origin.page_id,
            origin.trust,
            origin.portal_id,
            origin.division_code,
            clean(origin.context.title),
            clean(origin.context.agency),
            origin.context.year,
            reader_version(),
            now(),
            digest,
        ],
    )

"""A copy of the database as of one moment, page by page, while others go on writing.

It needs no lock: one read transaction sees one state, and a writer is not held up by it. Pages are copied rather than
written anew (`VACUUM INTO`), so that the copy is what the archive is, to the last row number.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.keeping.copying import Telling

_PAGES = 1024
"""Pages at a time, after which is told how far it is."""


def size_of(db: Database) -> int:
    """Bytes that a copy will have."""
    return int(db.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()[0])


def take(source: Database, draft: Path, told: Telling) -> None:
    """Copies the database to `draft`, as one file without a log.

    Raises ArchiveError when the copy is not sound, which means that the archive is not, and when the disk refuses it.
    """
    page = int(source.execute("PRAGMA page_size").fetchone()[0])
    before = 0

    def progress(status: int, remaining: int, total: int) -> None:
        nonlocal before
        told((total - remaining - before) * page)
        before = total - remaining

    with _of_the_disk(draft), closing(sqlite3.connect(draft, isolation_level=None)) as copy:
        source.execute("BEGIN")
        try:
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # only reading makes it a transaction
            source.conn.backup(copy, pages=_PAGES, progress=progress)
        finally:
            source.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode = DELETE")
        fault = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if fault != "ok":
        fault = " ".join(str(fault).split())
        raise ArchiveError(f"the archive is damaged ({fault}): see gongkai doctor; the backups are left as they are")


@contextmanager
def _of_the_disk(draft: Path) -> Iterator[None]:
    """SQLite does not say which of two files it could not write: it can only be the one that is written."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
            raise ArchiveError(f"{draft.parent}: {error}") from error
        raise

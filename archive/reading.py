"""Opening an archive to read it: nothing is written, and a crawl that writes meanwhile is not held up.

Any number of programs may read. What they see is what was committed when each of their questions began.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database

from archive import schema
from archive.database import BUSY_TIMEOUT, open_database, spoken
from archive.errors import ArchiveError


@contextmanager
def reading(path: Path | str) -> Iterator[Database]:
    """An archive, or a file published from one, for as long as it is read. Raises as `open_for_reading` does, and turns
    what SQLite says meanwhile into one line that names the file."""
    path = Path(path)
    db = open_for_reading(path)
    try:
        with spoken(path):
            yield db
    finally:
        db.close()


def open_for_reading(path: Path | str) -> Database:
    """The archive at that path, which may lie in a folder where nobody may write.

    One of an older version is brought up to date first, but for a published file, which stays as it is. Raises
    ArchiveError when there is none, when it is something else, or newer than this program, or was published by an older
    one.
    """
    path = Path(path)
    if not path.is_file():
        raise ArchiveError(f"{path}: there is no such archive")
    with spoken(path):
        db = _connected(path)
        try:
            _look_inside(db, path)
            settled = schema.is_settled(db)
            if not settled and "dataset_info" in db.table_names():
                _refuse_older(path)
        except BaseException:
            db.close()
            raise
    if settled:
        return db
    db.close()
    open_database(path).close()
    return _connected(path)


def open_as_it_is(path: Path | str) -> Database:
    """An archive of any version, which stays as it is: to copy it, or to see what is wrong with it.

    Raises ArchiveError when there is none, or when it is something else.
    """
    path = Path(path)
    if not path.is_file():
        raise ArchiveError(f"{path}: there is no such archive")
    with spoken(path):
        db = _connected(path)
        try:
            _refuse_others(db, path)
        except BaseException:
            db.close()
            raise
    return db


def is_frozen(path: Path) -> bool:
    """Whether nobody can write to the file where it lies: SQLite reads one with a log there only if told so."""
    log = path.with_name(path.name + "-wal")
    return not os.access(path.parent, os.W_OK) and not (log.exists() and log.stat().st_size)


def _connected(path: Path) -> Database:
    uri = f"file:{quote(str(path.absolute()))}?mode=ro"
    if is_frozen(path):
        uri += "&immutable=1"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA query_only = ON")
    return Database(connection)


def _refuse_others(db: Database, path: Path) -> None:
    if not _is_archive(db):
        raise ArchiveError(f"{path}: not an archive of gongkai")


def _look_inside(db: Database, path: Path) -> None:
    _refuse_others(db, path)
    try:
        schema.refuse_newer(db)
    except ArchiveError as error:
        raise ArchiveError(f"{path}: {error}") from None


def _refuse_older(path: Path) -> None:
    raise ArchiveError(f"{path}: published by an older version of gongkai; publish it again, or ask it in SQL")


def _is_archive(db: Database) -> bool:
    try:
        return "_sqlite_migrations" in db.table_names()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_NOTADB:
            return False
        raise

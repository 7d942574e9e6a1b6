"""Opening the archive's SQLite file, and writing to it in whole transactions.

A file that cannot be opened leaves no trace of the attempt; a transaction is begun IMMEDIATE, because a deferred one
that reads before it writes fails at once when somebody else has committed in between, whatever its timeout.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from archive import schema
from archive.errors import ArchiveBusy, ArchiveError, ArchiveFailing

BUSY_TIMEOUT = 30.0
"""Seconds that SQLite waits for another writer, each of the times that we try."""

ATTEMPTS = 4

_STATEMENTS = 512
"""Statements that are kept as SQLite has understood them, more than the usual 128: those of the value tables and the
panel take longer to understand than to carry out."""

Result = TypeVar("Result")


def open_database(path: Path) -> Database:
    """The archive at that path, made if it is not there, its tables brought up to date.

    Raises ArchiveError when the path cannot be written to, holds something else, or is newer than this program.
    """
    made = _make(path)
    try:
        with spoken(path):
            _look_at(path)
            return _connected(path)
    except BaseException:
        _unmake(made)
        raise


def write(db: Database, path: Path, work: Callable[[], Result]) -> Result:
    """Runs `work` in one transaction, again from the start when another writer held the file for too long.

    Raises ArchiveBusy when that goes on, ArchiveError when the disk or the file fail; nothing is written then.
    """
    with spoken(path):
        for attempt in _patience():
            with attempt:
                return _once(db, work)
    raise AssertionError("tenacity returns or raises")


@contextmanager
def transaction(db: Database, path: Path) -> Iterator[None]:
    """One transaction around several pieces of work, each in a `savepoint`: the disk is waited for once for all.

    Raises as `write` does, and then nothing of it is written.
    """
    with spoken(path):
        for attempt in _patience():
            with attempt:
                db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")  # which fails when SQLite has had to take the whole back before
        except BaseException:
            if db.conn.in_transaction:
                db.execute("ROLLBACK")
            raise


def savepoint(db: Database, path: Path, work: Callable[[], Result]) -> Result:
    """Runs `work` inside a transaction; what it wrote is taken back when it raises. Raises as `write` does."""
    with spoken(path):
        if not db.conn.in_transaction:  # SQLite has taken it back; a savepoint alone would be one of its own
            raise sqlite3.OperationalError("what it belongs to could not be written")
        db.execute("SAVEPOINT piece")
        try:
            result = work()
            db.execute("RELEASE piece")
        except BaseException:
            if db.conn.in_transaction:
                db.execute("ROLLBACK TO piece")
                db.execute("RELEASE piece")
            raise
    return result


@contextmanager
def spoken(path: Path) -> Iterator[None]:
    """Turns what the system and SQLite say about the file into one line that names it."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise  # a fault of ours, and worth its traceback
        kind = ArchiveBusy if _is_busy(error) else ArchiveFailing if _is_failing(error) else ArchiveError
        raise kind(f"{path}: {error}") from error
    except OSError as error:
        kind = ArchiveFailing if error.errno in _FAILING else ArchiveError
        raise kind(f"{error.filename or path}: {error.strerror or error}") from error


def _make(path: Path) -> list[Path]:
    """Makes what is missing of the folders and the file, and returns it, innermost last. Raises ArchiveError."""
    if path.is_dir():
        raise ArchiveError(f"{path}: is a folder, not an archive file")
    made: list[Path] = []
    try:
        missing = [folder for folder in path.absolute().parents if not folder.exists()]
        for folder in reversed(missing):
            folder.mkdir()
            made.append(folder)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644))
            made.append(path)
    except OSError as error:
        _unmake(made)
        raise ArchiveError(f"{error.filename or path}: {error.strerror}") from error
    return made


def _unmake(made: list[Path]) -> None:
    for path in reversed(made):
        if path.is_dir():
            path.rmdir()
        else:
            for suffix in ("", "-wal", "-shm", "-journal"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)


def _look_at(path: Path) -> None:
    """Refuses, before SQLite touches anything, what is no archive or may not be written to."""
    for place in (path, path.parent):
        if not os.access(place, os.W_OK):
            raise ArchiveError(f"{place}: read-only, and an archive must be writable (its folder too)")
    with path.open("rb") as file:
        head = file.read(16)
    if head not in (b"", b"SQLite format 3\0"):
        raise ArchiveError(f"{path}: not a database")


def _connected(path: Path) -> Database:
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False, cached_statements=_STATEMENTS
    )
    try:
        db = Database(connection)
        _look_inside(db, path)
        for attempt in _patience():
            with attempt:
                db.execute("PRAGMA journal_mode = WAL")  # SQLite does not wait here, so we do
        db.execute("PRAGMA synchronous = FULL")
        if not schema.is_settled(db):
            write(db, path, lambda: schema.settle(db))
        db.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return db


def _look_inside(db: Database, path: Path) -> None:
    tables = db.table_names()
    if tables and "_sqlite_migrations" not in tables:
        raise ArchiveError(f"{path}: a database, but not an archive of gongkai")
    try:
        schema.refuse_newer(db)
    except ArchiveError as error:
        raise ArchiveError(f"{path}: {error}") from None


def _once(db: Database, work: Callable[[], Result]) -> Result:
    db.execute("BEGIN IMMEDIATE")
    try:
        result = work()
        db.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise
    return result


def _patience() -> Retrying:
    return Retrying(
        retry=retry_if_exception(_is_busy),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_random_exponential(multiplier=0.1, max=5),
        reraise=True,
    )


_FAILING = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS)


def _is_failing(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT)


def _is_busy(error: BaseException) -> bool:
    # The low byte is the kind; SQLITE_BUSY_SNAPSHOT and its like differ above it.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return isinstance(error, sqlite3.OperationalError) and code & 0xFF == sqlite3.SQLITE_BUSY

"""The archive that is joined to another one: it is read, and stays as it is, also one of an older version."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from archive import schema
from archive.database import open_database, spoken
from archive.errors import ArchiveBusy, ArchiveError
from archive.locking import locked
from archive.reading import open_as_it_is, open_for_reading
from archive.warc import WarcStore

_PREFIX = ".joining-"


@dataclass(frozen=True, slots=True)
class Source:
    """An archive that is read as it was when it was opened, whoever writes to it meanwhile."""

    path: Path
    db: Database
    warc: WarcStore


@contextmanager
def opened(path: Path, scratch: Path) -> Iterator[Source]:
    """The archive at that path, for as long as it is read.

    One of an older version is copied into the folder `scratch`, and the copy brought up to date; copies that a killed
    program left there are removed. Raises ArchiveError when there is none, when it is something else or newer than this
    program, or a file that was published: that has no evidence.
    """
    with ExitStack() as held:
        _sweep(scratch)
        folder = held.enter_context(_folder(scratch))
        db = held.enter_context(closing(_of_today(path, folder)))
        with spoken(path):
            db.execute("BEGIN")
        yield Source(path, db, WarcStore(path.parent / "warc"))


def refuse_others(path: Path) -> None:
    """Raises ArchiveError as `opened` does, without copying anything."""
    _as_it_is(path).close()


@contextmanager
def _folder(scratch: Path) -> Iterator[Path]:
    """A new folder in that one, locked as long as it is used, and removed then."""
    with ExitStack() as held:
        folder = _locked_folder(scratch, held)
        held.callback(shutil.rmtree, folder, ignore_errors=True)  # while it is locked
        yield folder


def _locked_folder(scratch: Path, held: ExitStack) -> Path:
    """Makes a folder, and another one where somebody sweeps just then: to them, one without a lock was left."""
    while True:
        with spoken(scratch):
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=scratch))
        try:
            held.enter_context(locked(_lock_of(folder), f"{folder}: is being removed"))
        except ArchiveError as error:
            if folder.exists() and not isinstance(error, ArchiveBusy):
                shutil.rmtree(folder, ignore_errors=True)
                raise
        else:
            if _lock_of(folder).exists():  # a lock on a name that is gone is none
                return folder


def _sweep(scratch: Path) -> None:
    """Removes the folders of those who were killed: nobody holds their locks."""
    for folder in scratch.glob(f"{_PREFIX}*"):
        with suppress(ArchiveError), locked(_lock_of(folder), f"{folder}: is in use"):
            shutil.rmtree(folder, ignore_errors=True)


def _lock_of(folder: Path) -> Path:
    return folder / "lock"


def _as_it_is(path: Path) -> Database:
    """The archive, whatever its version, that can be joined. Raises ArchiveError when it cannot."""
    with ExitStack() as unless_kept:
        db = unless_kept.enter_context(closing(open_as_it_is(path)))
        with spoken(path):
            if "dataset_info" in db.table_names():
                raise ArchiveError(
                    f"{path}: a published file, without the evidence of its archive: it cannot be joined"
                )
            _refuse_newer(db, path)
        unless_kept.pop_all()
        return db


def _of_today(path: Path, folder: Path) -> Database:
    """The archive itself, or a copy of it that is brought up to date."""
    with ExitStack() as unless_kept:
        db = unless_kept.enter_context(closing(_as_it_is(path)))
        with spoken(path):
            if schema.is_settled(db):
                unless_kept.pop_all()
                return db
        copy = folder / "archive.db"
        with spoken(copy), closing(sqlite3.connect(copy)) as other:
            db.conn.backup(other)
    open_database(copy).close()
    return open_for_reading(copy)


def _refuse_newer(db: Database, path: Path) -> None:
    try:
        schema.refuse_newer(db)
    except ArchiveError as error:
        raise ArchiveError(f"{path}: {error}") from None

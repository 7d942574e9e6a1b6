"""Getting an archive back from a backup: every file checked against the manifest, every record against the database.

The database takes its place last, so that an archive is there only when all of it is. What is replaced is renamed, and
never removed.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from archive.database import spoken
from archive.errors import ArchiveError
from archive.keeping import manifest as manifests
from archive.keeping.copying import Damage, Telling, copy, nothing_told, opened, records_of
from archive.keeping.manifest import Kept, Manifest, read_manifest
from archive.keeping.placing import set_aside, sweep, taking_place
from archive.locking import lock_file, locked
from archive.reading import open_as_it_is


class Occupied(ArchiveError):  # noqa: N818 - a state of the place, not a fault in it
    """There is something already where the archive should go."""


@dataclass(frozen=True, slots=True)
class Restored:
    """An archive that took its place."""

    archive: Path
    manifest: Manifest
    warc: int
    """WARC files that were copied; the others were there, and whole."""
    there: int
    size: int
    """Bytes of all files of the archive."""
    set_aside: tuple[Path, ...]
    """What was in the way, under its new names."""
    damaged: tuple[Damage, ...]


def chosen(backup: Path) -> Path:
    """The manifest that is meant: of the newest generation, where a folder is named. Raises ArchiveError."""
    with spoken(backup):
        if not backup.is_dir():
            if not backup.is_file():
                raise ArchiveError(f"{backup}: there is no such backup")
            return backup
        there = manifests.stamps(backup)
    if not there:
        raise ArchiveError(f"{backup}: there is no backup in this folder, or none that was finished")
    return backup / manifests.manifest_of(there[-1])


def restore(backup: Path, archive: Path, *, force: bool = False, told: Telling = nothing_told) -> Restored:
    """Puts the generation that `backup` names (a folder: the newest in it) at `archive`, with `warc/` beside it.

    What is damaged in the WARC files of the backup is told, and the rest restored. With `force`, files in the way are
    renamed; a WARC file in the way that has all the records is left as it is. Killed and run again, it goes on.

    Raises Occupied when something is in the way, ArchiveBusy when a run is writing there, ArchiveError when manifest or
    database are damaged or there is no room: no archive is put in place then.
    """
    path = chosen(backup)
    manifest = read_manifest(path)
    with spoken(archive):
        if archive.is_dir():
            raise ArchiveError(f"{archive}: is a folder, not an archive file")
        if archive.exists() and not force:
            raise Occupied(f"{archive}: is there already; --force puts it aside")
        (archive.parent / "warc").mkdir(parents=True, exist_ok=True)
        with locked(lock_file(archive), f"{archive}: another gongkai is writing to it"):
            sweep(archive.parent / "warc")
            return _Restore(path, manifest, archive, force, told).put()


class _Restore:
    """One restoration under way."""

    def __init__(self, path: Path, manifest: Manifest, archive: Path, force: bool, told: Telling) -> None:
        self._path = path
        self._folder = path.parent
        self._manifest = manifest
        self._archive = archive
        self._force = force
        self._told = told
        self._stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        self._aside: list[Path] = []
        self._copied = 0

    def put(self) -> Restored:
        database = self._manifest.database
        self._ask_for(
            database.length + sum(kept.length for kept in self._manifest.warc if not self._place(kept).exists())
        )
        damaged: list[Damage] = []
        with taking_place(self._archive) as draft:
            self._copy_database(draft)
            with closing(open_as_it_is(draft)) as db:
                for kept in self._manifest.warc:
                    damaged += self._put_warc(db, kept)
                damaged += self._not_in_it(db)
            self._aside += set_aside(self._archive, self._stamp)
        files = self._manifest.warc
        size = database.length + sum(kept.length for kept in files)
        there = len(files) - self._copied
        return Restored(self._archive, self._manifest, self._copied, there, size, tuple(self._aside), tuple(damaged))

    def _copy_database(self, draft: Path) -> None:
        kept = self._manifest.database
        place = self._folder / kept.name
        source = opened(place)
        if source is None:
            raise ArchiveError(f"{place}: is missing or cannot be read; {self._others()}")
        with source, draft.open("wb") as target:
            copied = copy(kept.name, (), kept.length, [source], target, self._told)
        if (copied.length, copied.sha256) != (kept.length, kept.sha256):
            raise ArchiveError(f"{place}: damaged: not the bytes that were backed up; {self._others()}")
        with closing(sqlite3.connect(f"file:{draft}?mode=ro&immutable=1", uri=True)) as db:
            faults = [*db.execute("PRAGMA integrity_check(1)"), *db.execute("PRAGMA foreign_key_check")]
        if faults != [("ok",)]:
            raise ArchiveError(f"{place}: damaged already when it was backed up ({faults[-1]}); {self._others()}")

    def _others(self) -> str:
        names = [
            name
            for stamp in manifests.stamps(self._folder)
            if (name := manifests.manifest_of(stamp)) != self._path.name
        ]
        return f"the backup also has {', '.join(reversed(names))}" if names else "the backup has no other generation"

    def _put_warc(self, db: Database, kept: Kept) -> tuple[Damage, ...]:
        """Sees to it that a WARC file is in its place, and says what of it is damaged."""
        place = self._place(kept)
        with ExitStack() as opening:
            there = opening.enter_context(file) if (file := opened(place)) else None
            if there and not copy(kept.name, records_of(db, kept.name), kept.length, [there], None, self._told).damaged:
                return ()
            if there and not self._force:
                raise Occupied(f"{place}: is there already, and is another file; --force puts it aside")
            source = opening.enter_context(file) if (file := opened(self._folder / "warc" / kept.name)) else None
            if source is None:
                return (Damage(kept.name, "is missing in the backup, or cannot be read"),)
            draft = opening.enter_context(taking_place(place))
            with draft.open("wb") as target:
                copied = copy(kept.name, records_of(db, kept.name), kept.length, [source], target, self._told)
            if there:
                self._aside += set_aside(place, self._stamp)
        self._copied += 1
        known = any(damage.file == kept.name for damage in self._manifest.damaged)
        if copied.sha256 != kept.sha256 and not copied.damaged and not known:
            what = "its records are whole, but bytes between them are not those that were backed up"
            return (Damage(kept.name, what),)
        return copied.damaged

    def _not_in_it(self, db: Database) -> Iterator[Damage]:
        """WARC files that captures name, and the backup never had."""
        names = {kept.name for kept in self._manifest.warc}
        for (name,) in db.execute("SELECT DISTINCT warc_file FROM captures ORDER BY 1").fetchall():
            if name not in names and not (self._archive.parent / "warc" / manifests.warc_name(name)).exists():
                yield Damage(name, "was missing already when the backup was made")

    def _place(self, kept: Kept) -> Path:
        return self._archive.parent / "warc" / kept.name

    def _ask_for(self, needed: int) -> None:
        free = shutil.disk_usage(self._archive.parent).free
        if needed > free:
            raise ArchiveError(f"{self._archive.parent}: {needed:,} bytes are needed, and {free:,} are free")

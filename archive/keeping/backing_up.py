"""Making a backup: a snapshot of the database first, then what its captures name of the WARC files.

That order makes it consistent: a record is on the disk before the row that names it, and WARC files only ever grow.
Every file takes its place whole, the manifest last, so that a backup that is killed leaves the generations before it
alone and the next one goes on where it was.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sqlite_utils import Database

from archive.database import spoken
from archive.errors import ArchiveError
from archive.keeping import manifest as manifests
from archive.keeping import snapshot
from archive.keeping.copying import (
    Copied,
    Damage,
    Telling,
    copy,
    digest_of,
    files_of,
    nothing_told,
    opened,
    records_of,
    stable_length,
)
from archive.keeping.manifest import Kept, Manifest, read_manifest, warc_name
from archive.keeping.placing import settle, sweep, taking_place, throw_away
from archive.locking import locked
from archive.reading import open_as_it_is

KEEP = 7
"""Generations of the database that stay, if nobody says otherwise: a week of nights."""

MARK = ".gongkai-backup"
"""The file that makes a folder a backup, and that is locked while one is made."""

_FORMAT = "%Y%m%dT%H%M%SZ"
_COUNTS = {
    "captures": "SELECT count(*) FROM captures",
    "reports": "SELECT count(*) FROM report_revisions WHERE is_current = 1",
    "runs": "SELECT count(*) FROM runs",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A generation that took its place."""

    manifest: Path
    counts: dict[str, int]
    copied: int
    """WARC files that were copied now; the others were there."""
    kept: int
    size: int
    """Bytes that were written."""
    dropped: int
    """Older generations that were removed."""
    damaged: tuple[Damage, ...]
    """What cannot be had from the archive as it was written, nor from the backup."""
    ahead: str
    """The stamp of a generation before it that lies in the future: a clock is or was wrong. Empty: none does."""


def backup(
    archive: Path, target: Path, *, keep: int = KEEP, verify: bool = False, told: Telling = nothing_told
) -> Made:
    """Backs up an archive, of whatever version, to a folder; `keep` generations stay. The archive is only read.

    A WARC file that the backup has in full is not read again, but for its last record; with `verify` all of it is, and
    what is damaged is copied anew. Damage in the archive itself is told, and keeps nothing else from being backed up.

    Raises ArchiveError when the archive cannot be read or is damaged, and when the folder has no room or is something
    else; ArchiveBusy when another backup writes there. The generations that were there stay then.
    """
    with spoken(target):
        _prepare(archive, target)
        with locked(target / MARK, f"{target}: another gongkai is making a backup there"):
            sweep(target)
            sweep(target / "warc")
            for stray in manifests.stray_databases(target):
                throw_away(stray)
            with closing(open_as_it_is(archive)) as source:
                return _Backup(archive, target, verify, told).make(source, keep)


class _Backup:
    """One backup under way."""

    def __init__(self, archive: Path, target: Path, verify: bool, told: Telling) -> None:
        self._archive = archive
        self._warc = archive.parent / "warc"
        self._target = target
        self._verify = verify
        self._told = told
        self._before = list(_readable(target))
        self._copied = self._size = 0

    def make(self, source: Database, keep: int) -> Made:
        with spoken(self._archive):
            needed = snapshot.size_of(source)
        self._ask_for(needed)
        stamp, moment, ahead = self._moment()
        database = self._target / manifests.database_of(stamp)
        with taking_place(database) as draft:
            with spoken(self._archive):
                snapshot.take(source, draft, self._told)
            size = draft.stat().st_size
            with draft.open("rb") as file:
                kept = Kept(database.name, size, digest_of(file, 0, size))
            with closing(open_as_it_is(draft)) as db:
                identity = _identity(db)
                self._compare(identity)
                files = files_of(db)
                self._ask_for(sum(end for name, end in files.items() if not self._is_there(name, end)))
                warc, damaged = self._keep_all(db, files)
                counts = {name: int(db.execute(sql).fetchone()[0]) for name, sql in _COUNTS.items()}
        made = Manifest(
            made_at=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            archive=str(self._archive.absolute()),
            identity=identity,
            program=_program(),
            counts=counts,
            database=kept,
            warc=tuple(warc),
            damaged=tuple(damaged),
        )
        path = manifests.write_manifest(self._target, stamp, made)
        dropped = self._drop(keep, stamp)
        size += self._size
        return Made(path, counts, self._copied, len(warc) - self._copied, size, dropped, made.damaged, ahead)

    def _keep_all(self, db: Database, files: dict[str, int]) -> tuple[list[Kept], list[Damage]]:
        kept, damaged = [], []
        for name, end in files.items():
            copied = self._keep(db, warc_name(name), end)
            if copied is None:
                damaged.append(Damage(name, "is not in the archive's warc folder, and not in the backup"))
                continue
            kept.append(Kept(name, copied.length, copied.sha256))
            damaged += copied.damaged
        return kept, damaged

    def _keep(self, db: Database, name: str, end: int) -> Copied | None:
        """Sees to it that the backup has a WARC file up to `end`; None if nobody has it."""
        place = self._target / "warc" / name
        with ExitStack() as opening:
            there = opening.enter_context(file) if (file := opened(place)) else None
            size = place.stat().st_size if there else 0
            expected = self._expected(name, size)
            if there and size >= end:
                if expected and not self._verify and self._ends_alike(db, name):
                    return Copied(size, expected, ())
                seen = copy(name, records_of(db, name), size, [there], None, self._told)
                if not seen.damaged and expected in (None, seen.sha256):
                    return seen
            origin = opening.enter_context(file) if (file := opened(self._warc / name)) else None
            sources = [file for file in (origin, there) if file is not None]
            if not sources:
                return None
            length = max(stable_length(file, end) for file in sources)
            draft = opening.enter_context(taking_place(place))
            with draft.open("wb") as target:
                copied = copy(name, records_of(db, name), length, sources, target, self._told)
                target.truncate(copied.length)
        self._copied += 1
        self._size += copied.length
        return copied

    def _expected(self, name: str, size: int) -> str | None:
        """The digest of a file of that size in the backup, by the newest generation that has it so; None if none does.

        One with damage is not relied on: the archive may have been mended since.
        """
        for before in reversed(self._before):
            for kept in before.warc:
                if (kept.name, kept.length) == (name, size):
                    return None if any(damage.file == name for damage in before.damaged) else kept.sha256
        return None

    def _ends_alike(self, db: Database, name: str) -> bool:
        """Whether the last record of a file is in the backup as it was written."""
        query = "SELECT warc_offset, warc_length, member_digest FROM captures WHERE warc_file = ? ORDER BY 1 DESC"
        offset, length, digest = db.execute(f"{query} LIMIT 1", [name]).fetchone()
        with (self._target / "warc" / name).open("rb") as file:
            return digest_of(file, offset, length) == str(digest)

    def _is_there(self, name: str, end: int) -> bool:
        place = self._target / "warc" / warc_name(name)
        return place.exists() and place.stat().st_size >= end

    def _compare(self, identity: str | None) -> None:
        """Refuses to mix two archives in one folder."""
        for before in self._before:
            if None not in (identity, before.identity) and before.identity != identity:
                raise ArchiveError(
                    f"{self._target}: holds backups of another archive ({before.archive}); take another folder"
                )

    def _ask_for(self, needed: int) -> None:
        """Refuses to begin what will not fit; what fills up meanwhile is met when it happens."""
        free = shutil.disk_usage(self._target).free
        if needed > free:
            raise ArchiveError(f"{self._target}: {needed:,} bytes are needed, and {free:,} are free")

    def _moment(self) -> tuple[str, datetime, str]:
        """A stamp later than those of all generations, now, and the newest stamp if it is later than that.

        A second has room for one generation. Where the clock was set back they go on a second apart, for the order of
        the stamps is that in which generations were made.
        """
        newest = max(filter(None, map(_read, manifests.stamps(self._target))), default=None)
        while True:
            now = _now()
            if newest is None or newest < now.replace(microsecond=0):
                return now.strftime(_FORMAT), now, ""
            if newest > now:
                return (newest + timedelta(seconds=1)).strftime(_FORMAT), now, newest.strftime(_FORMAT)
            time.sleep(0.05)

    def _drop(self, keep: int, made: str) -> int:
        """Removes the oldest generations, never the one just made; the manifest first, for without it there is none."""
        old = [stamp for stamp in manifests.stamps(self._target)[:-keep] if stamp != made]
        for stamp in old:
            (self._target / manifests.manifest_of(stamp)).unlink()
            throw_away(self._target / manifests.database_of(stamp))
        settle(self._target)
        return len(old)


def _prepare(archive: Path, target: Path) -> None:
    """Makes the folder, and refuses one that is something else."""
    if not archive.is_file():
        raise ArchiveError(f"{archive}: there is no such archive")
    if target.exists() and not target.is_dir():
        raise ArchiveError(f"{target}: is no folder")
    if target.exists() and target.samefile(archive.parent):
        raise ArchiveError(f"{target}: is where the archive itself lies")
    if target.exists() and any(target.iterdir()) and not (target / MARK).exists():
        raise ArchiveError(f"{target}: is neither empty nor a backup of gongkai, and is left alone")
    target.mkdir(parents=True, exist_ok=True)
    (target / MARK).touch()
    (target / "warc").mkdir(exist_ok=True)


def _readable(target: Path) -> Iterator[Manifest]:
    """The manifests of the generations, oldest first; a damaged one is as good as none, and keeps nobody from more."""
    for stamp in manifests.stamps(target):
        with suppress(ArchiveError):
            yield read_manifest(target / manifests.manifest_of(stamp))


def _read(stamp: str) -> datetime | None:
    """The moment; None for digits that are none, which nobody but a person can have written."""
    try:
        return datetime.strptime(stamp, _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _now() -> datetime:
    return datetime.now(UTC)


def _identity(db: Database) -> str | None:
    row = db.execute("SELECT member_digest FROM captures ORDER BY capture_id LIMIT 1").fetchone()
    return row[0] if row else None


def _program() -> str:
    try:
        return version("gongkai")
    except PackageNotFoundError:  # a checkout on the path, not installed
        return "0"

"""The published file: a copy of the archive at one moment that explains itself, made without disturbing anybody.

It is built beside its place and takes it in one step, so that nobody sees half of it and who reads the one before goes
on reading that.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from archive.database import spoken
from archive.errors import ArchiveBusy, ArchiveError
from archive.publish.citation import citation
from archive.publish.codebook import codebook
from archive.publish.codebook_rows import column_rows, value_rows
from archive.reading import open_for_reading
from archive.schema.steps import migrations

_TABLES = """
CREATE TABLE codebook (
    -- What every view, table and column of this file means. `column` is '' in the row about a view or table itself.
    name TEXT NOT NULL,
    "column" TEXT NOT NULL,
    type TEXT NOT NULL,
    unit TEXT,
    unit_en TEXT,
    label_zh TEXT NOT NULL,
    label_en TEXT NOT NULL,
    note_zh TEXT NOT NULL,
    note_en TEXT NOT NULL,
    PRIMARY KEY (name, "column")
) STRICT;
CREATE TABLE codebook_values (
    -- The values that a column may take, and what they mean.
    name TEXT NOT NULL,
    "column" TEXT NOT NULL,
    value TEXT NOT NULL,
    label_zh TEXT NOT NULL,
    label_en TEXT NOT NULL,
    PRIMARY KEY (name, "column", value)
) STRICT;
CREATE TABLE dataset_info (
    -- Version, licence, citation and counts of the data set.
    name TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT;
"""

_PERSONS = {"decisions": "decided_by", "agency_decisions": "who"}
"""Columns with names of people who decided something; that somebody did is published, who did is not."""

_COUNTS = {
    "reports": "SELECT count(*) FROM report_revisions WHERE is_current = 1",
    "revisions": "SELECT count(*) FROM report_revisions",
    "agencies": "SELECT count(DISTINCT agency_id) FROM report_revisions",
    "first_year": "SELECT min(year) FROM report_revisions",
    "last_year": "SELECT max(year) FROM report_revisions",
    "last_fetched_at": "SELECT max(fetched_at) FROM captures",
}


@dataclass(frozen=True, slots=True)
class Published:
    """A file that took its place."""

    path: Path
    version: str
    reports: int
    size: int
    """Bytes."""


def place_of(archive: Path) -> Path:
    """Where the published file of an archive lies if nobody says otherwise."""
    return archive.parent / "exports" / "gongkai.db"


def _is_live(path: Path) -> bool:
    """Whether that is an archive, which holds what no copy of another one does, and no published file."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)) as db:
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        return "_sqlite_migrations" in names and "dataset_info" not in names
    return False


def publish(archive: Path, target: Path) -> Published:
    """Makes the published file of an archive at `target`, in place of the one that is there.

    Raises ArchiveError when the archive cannot be read, the target not be written, or the copy is not sound; the file
    that was there stays then. Needs room for the copy beside the old one.
    """
    if target.exists() and (not target.is_file() or archive.samefile(target)):
        raise ArchiveError(f"{target}: is no place for the published file")
    if target.exists() and _is_live(target):
        raise ArchiveError(f"{target}: is an archive, and is left alone")
    with spoken(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with _beside(target) as draft:
            _copy(archive, draft)
            version, reports = _finish(draft, archive.name)
            _settle_on_disk(draft)
            size = draft.stat().st_size
            draft.replace(target)
            _settle_on_disk(target.parent)
    return Published(target, version, reports, size)


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A place for the draft in the same folder, for one process at a time; nothing is left there.

    Raises ArchiveBusy while somebody else publishes there. A draft of a process that was killed is thrown away.
    """
    folder = os.open(target.parent, os.O_RDONLY)
    draft = target.with_name(f".{target.name}.draft")
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ArchiveBusy(f"{target}: somebody else is publishing it") from None
        try:
            _throw_away(draft)
            yield draft
        finally:
            _throw_away(draft)
    finally:
        os.close(folder)


def _throw_away(draft: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)


def _copy(archive: Path, draft: Path) -> None:
    db = open_for_reading(archive)
    try:
        with spoken(archive):
            db.execute("PRAGMA query_only = OFF")  # the copy is written; the archive itself was opened to be read
            db.execute("VACUUM INTO ?", [str(draft)])
    finally:
        db.close()


def _finish(draft: Path, source: str) -> tuple[str, int]:
    """Gives the copy its codebook and facts, and looks whether it is sound; returns version and number of reports."""
    with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        db = Database(connection)
        db.execute("PRAGMA journal_mode = DELETE")
        db.execute("PRAGMA synchronous = OFF")  # it is made durable as a whole, before it takes its place
        db.execute("PRAGMA secure_delete = ON")  # or the names of persons could be found in what is free in a page
        db.execute("BEGIN")
        for table, column in _PERSONS.items():
            db.execute(f"UPDATE {table} SET {column} = ''")
        for name in ("codebook", "codebook_values", "dataset_info"):  # of a file that was published before
            db.execute(f"DROP TABLE IF EXISTS {name}")
        for statement in _TABLES.split(";\n"):
            if statement.strip():
                db.execute(statement)
        _write_codebook(db)
        facts = dataset_info(db, source, datetime.now(UTC))
        db.table("dataset_info").insert_all({"name": name, "value": value} for name, value in facts.items())
        db.execute("COMMIT")
        db.execute("ANALYZE")
        faults = [*db.execute("PRAGMA integrity_check(1)"), *db.execute("PRAGMA foreign_key_check")]
        if faults != [("ok",)]:
            raise ArchiveError(f"{draft}: the copy is not sound: {faults[-1]}")
    return str(facts["version"]), int(facts["reports"])


def dataset_info(db: Database, source: str, now: datetime) -> dict[str, str | int]:
    """The facts of a data set that holds what `db` does. `source` is the name of the archive's file."""
    cited = citation()
    version = f"{now:%Y-%m-%d}.{_step(db)}.{cited.code_version}"
    counts = {name: db.execute(sql).fetchone()[0] for name, sql in _COUNTS.items()}
    facts = {
        "title": cited.title,
        "title_zh": cited.chinese_title,
        "authors": cited.authors,
        "version": version,
        "schema_step": _step(db),
        "code_version": cited.code_version,
        "made_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "licence": cited.licence,
        "licence_note": "The reports are public documents of their agencies.",
        "citation_en": cited.english(version, f"{now:%Y}"),
        "citation_zh": cited.chinese(version, f"{now:%Y}"),
        "homepage": cited.homepage,
        "source": source,
        **counts,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _step(db: Database) -> str:
    """The last step of the schema, `m003`."""
    return max((step.name.partition("_")[0] for step in migrations.applied(db)), default="m000")


def _write_codebook(db: Database) -> None:
    """The codebook of what this file has; a view that somebody else made is not in it."""
    there = {*db.table_names(), *db.view_names()}
    named = [(name, relation.columns.values()) for name, relation in codebook().items() if name in there]
    for table, rows in (("codebook", column_rows(named)), ("codebook_values", value_rows(named))):
        marks = ", ".join("?" for _ in codebook()[table].columns)
        db.conn.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _settle_on_disk(path: Path) -> None:
    """Makes the bytes of a file, or the names in a folder, durable."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

"""Checks of the machine and of what is installed on it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, requires, version
from importlib.util import find_spec
from pathlib import Path

from packaging.requirements import Requirement

from archive.moments import moment_of
from archive.publish.publishing import place_of
from crawler.options import FILE_NAME, MEGABYTE
from gongkai.amounts import amount
from gongkai.checks.finding import Finding, Patient

_PYTHON = (3, 11)
_SQLITE = (3, 37, 0)
"""The first with STRICT tables."""
_LITTLE_ROOM = 5_000_000_000
"""Bytes: some weeks of nights on hundreds of portals."""
_FEW_INODES = 10_000
_AHEAD = 300.0
"""Seconds that clocks of two machines may differ."""


def python(patient: Patient) -> Iterator[Finding]:
    """The version of Python."""
    here = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < _PYTHON:
        yield Finding("error", "python", f"Python {here}", "install Python 3.11 or newer, and gongkai in it")
    else:
        yield Finding("ok", "python", f"Python {here}")


def sqlite(patient: Patient) -> Iterator[Finding]:
    """The version of SQLite, and whether it was built with full-text search."""
    advice = f"install a Python with SQLite {'.'.join(map(str, _SQLITE))} or newer, with FTS5"
    if sqlite3.sqlite_version_info < _SQLITE:
        yield Finding("error", "sqlite", f"SQLite {sqlite3.sqlite_version} knows no STRICT tables", advice)
        return
    db = sqlite3.connect(":memory:")
    try:
        db.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
    except sqlite3.OperationalError as error:
        yield Finding("error", "sqlite", f"SQLite {sqlite3.sqlite_version} has no full-text search: {error}", advice)
    else:
        yield Finding("ok", "sqlite", f"SQLite {sqlite3.sqlite_version}, with FTS5")
    finally:
        db.close()


def packages(patient: Patient) -> Iterator[Finding]:
    """Whether what is installed is what gongkai was tested with, extras only where they are there."""
    try:
        wanted = [Requirement(text) for text in requires("gongkai") or []]
    except PackageNotFoundError:
        yield Finding("warning", "packages", "gongkai is not installed, only on the path", "pip install gongkai")
        return
    wrong = []
    for need in wanted:
        extra = need.marker is not None and not need.marker.evaluate({"extra": ""})
        try:
            found = version(need.name)
        except PackageNotFoundError:
            if not extra:
                wrong.append(f"{need} is missing")
            continue
        if not need.specifier.contains(found, prereleases=True):
            wrong.append(f"{need.name} {found} is not {need.specifier}")
    if find_spec("lxml_html_clean") is None:
        wrong.append("lxml_html_clean cannot be imported, and trafilatura needs it")
    for fault in wrong:
        yield Finding("error", "packages", fault, "install gongkai again with its constraints.txt")
    if not wrong:
        yield Finding("ok", "packages", f"gongkai {version('gongkai')}, and all that it needs")


def opencc(patient: Patient) -> Iterator[Finding]:
    """Whether the `opencc` that is imported is ours: another package of that name converts other characters."""
    spec = find_spec("opencc")
    origin = Path(spec.origin) if spec and spec.origin else None
    foreign = [name for name in ("OpenCC", "opencc-py", "opencc-purepy") if _installed(name)]
    if origin is None or foreign or (origin.parent / "clib").exists():
        what = f"{' and '.join(foreign) or 'another package'} imports as opencc" if origin else "opencc is missing"
        advice = "pip uninstall OpenCC opencc-python-reimplemented; pip install opencc-python-reimplemented==0.1.7"
        yield Finding("error", "opencc", what, advice)
    else:
        yield Finding("ok", "opencc", f"opencc-python-reimplemented, {origin.parent}")


def disk(patient: Patient) -> Iterator[Finding]:
    """Room for the archive, its WARC files and its exports."""
    floor = patient.options.disk_floor_mb * MEGABYTE
    for places, folder in _disks(patient):
        free = shutil.disk_usage(folder).free
        said = f"{amount(free)} free for {places} ({folder})"
        advice = "make room, or move old WARC files to another disk (docs/operating.md)"
        if free < floor:
            yield Finding("error", "disk", f"{said}: a run stops below {amount(floor)}", advice)
        elif free < _LITTLE_ROOM:
            yield Finding("warning", "disk", said, advice)
        else:
            yield Finding("ok", "disk", said)


def inodes(patient: Patient) -> Iterator[Finding]:
    """Room for further files, of which a disk may run out before it runs out of bytes."""
    for places, folder in _disks(patient):
        system = os.statvfs(folder)
        if system.f_files == 0:  # a file system that makes them as needed
            continue
        said = f"{system.f_favail:,} more files can be made for {places} ({folder})"
        few = system.f_favail < _FEW_INODES
        yield Finding("warning" if few else "ok", "inodes", said, "remove small files nobody needs" if few else "")


def permissions(patient: Patient) -> Iterator[Finding]:
    """Whether we may write what must be written, and others may not."""
    fine = True
    wal, shm = (patient.archive.with_name(patient.archive.name + suffix) for suffix in ("-wal", "-shm"))
    for path in (_existing(patient.archive.parent), patient.archive, wal, shm, patient.warc):
        if path.exists() and not os.access(path, os.W_OK):
            fine = False
            advice = "start gongkai as the user who owns it, or give it to that user (chown)"
            yield Finding("error", "permissions", f"{path}: cannot be written to", advice)
    for path in (patient.archive.parent, patient.archive, patient.warc, patient.folder / FILE_NAME, patient.portals):
        if path.exists() and path.stat().st_mode & stat.S_IWOTH and not path.stat().st_mode & stat.S_ISVTX:
            fine = False
            yield Finding("warning", "permissions", f"{path}: everybody may write to it", f"chmod o-w {path}")
    if fine:
        yield Finding("ok", "permissions", f"{_existing(patient.archive.parent)} is ours to write")


def clock(patient: Patient) -> Iterator[Finding]:
    """Whether the clock stands behind what was fetched already: then revisions would come before what they revise."""
    seen = "coalesce(seen_at, fetched_at)" if "seen_at" in patient.opened["captures"].columns_dict else "fetched_at"
    newest = patient.opened.execute(f"SELECT max({seen}) FROM captures").fetchone()[0]
    if newest and (moment_of(newest) - patient.now).total_seconds() > _AHEAD:
        said = f"the clock says {patient.now:%Y-%m-%dT%H:%M:%SZ}, and the newest capture is of {newest}"
        yield Finding("error", "clock", said, "set the clock before the next run")
    else:
        yield Finding("ok", "clock", f"{patient.now:%Y-%m-%dT%H:%M:%SZ}")


def _existing(folder: Path) -> Path:
    """The folder, or the innermost above it that is there."""
    return next(path for path in (folder, *folder.absolute().parents) if path.is_dir())


def _installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _disks(patient: Patient) -> Iterator[tuple[str, Path]]:
    """Each disk once, with what of ours lies on it, and a folder there."""
    disks: dict[int, tuple[list[str], Path]] = {}
    exports = place_of(patient.archive).parent
    for name, wanted in (("archive", patient.archive.parent), ("warc", patient.warc), ("exports", exports)):
        folder = _existing(wanted)
        disks.setdefault(folder.stat().st_dev, ([], folder))[0].append(name)
    for names, folder in disks.values():
        yield ", ".join(names), folder

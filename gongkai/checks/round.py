"""The round: every check in turn, and what became of those that could not be made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from archive.errors import ArchiveError
from archive.reading import open_as_it_is
from gongkai.checks import database, evidence, machine, nights
from gongkai.checks.finding import Check, Finding, Patient

_ANYWHERE: Sequence[Check] = (
    machine.python,
    machine.sqlite,
    machine.packages,
    machine.opencc,
    machine.disk,
    machine.inodes,
    machine.permissions,
    nights.contact,
    nights.portals_file,
)
_IN_THE_ARCHIVE: Sequence[Check] = (
    database.version,
    database.integrity,
    database.references,
    database.log,
    database.lock,
    database.unfinished,
    machine.clock,
    evidence.files,
    evidence.tails,
    evidence.digests,
    nights.last_run,
    nights.stale_portals,
    nights.alarms,
    nights.published,
)


def examine(patient: Patient) -> Iterator[Finding]:
    """Everything that there is to say, ok findings too, in the order in which it is found."""
    for check in _ANYWHERE:
        yield from _made(check, patient)
    try:
        db = open_as_it_is(patient.archive)
    except ArchiveError as error:
        if patient.archive.exists():
            yield Finding("error", "archive", str(error), "get it back from a backup: gongkai restore")
        else:
            yield Finding("warning", "archive", str(error), "run gongkai crawl, or say which with --archive")
        return
    with closing(db):
        for check in _IN_THE_ARCHIVE:
            yield from _made(check, replace(patient, db=db))


def _made(check: Check, patient: Patient) -> Iterator[Finding]:
    """The findings of a check; that it cannot be made is one too."""
    name = check.__name__.replace("_", " ")
    try:
        yield from check(patient)
    except sqlite3.DatabaseError as error:
        yield Finding(
            "error", name, f"{patient.archive}: {error}", "get the archive back from a backup: gongkai restore"
        )
    except (ArchiveError, OSError) as error:
        yield Finding("error", name, str(error), "see to it that this can be read")

"""Hosts that refused or failed, and until when they are left alone.

One that blocks us is asked again after one night, then after two, four, eight and sixteen. One that only cannot be
reached is asked every night, for a single page until it answers. A host that answers well is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.moments import text_of

MOST_NIGHTS = 16
"""The longest that a host is left alone."""

_NIGHT = timedelta(days=1)
_EARLY = timedelta(hours=6)
"""A night may begin so much earlier than the one in which a host was left, and is still the next one."""


@dataclass(frozen=True, slots=True)
class HeldHost:
    """A host that refused or failed the last time."""

    host: str
    fault: str
    message: str
    since: str
    strikes: int
    ask_after: str

    def is_held(self, now: datetime) -> bool:
        """Whether it is not to be asked yet."""
        return text_of(now) < self.ask_after


def held_hosts(db: Database) -> dict[str, HeldHost]:
    """All of them, by name."""
    rows = db.execute("SELECT host, fault, message, since, strikes, ask_after FROM hosts")
    return {row[0]: HeldHost(*row) for row in rows.fetchall()}


def strike_host(db: Database, host: str, fault: str, message: str, now: datetime, *, blocks: bool, again: bool) -> None:
    """Notes what a host did in a run: `blocks` tells that it does not want us, `again` that it did so the last time."""
    found = db.execute("SELECT strikes, since FROM hosts WHERE host = ?", [host]).fetchone() if again else None
    strikes, since = (found[0] + 1, found[1]) if found else (1, text_of(now))
    nights = min(2 ** (strikes - 1), MOST_NIGHTS)
    after = now + nights * _NIGHT - _EARLY if blocks else now
    db.execute(
        "INSERT INTO hosts (host, fault, message, since, strikes, ask_after)"
        " VALUES (:host, :fault, :message, :since, :strikes, :after) ON CONFLICT (host) DO UPDATE SET"
        " fault = excluded.fault, message = excluded.message, since = excluded.since, strikes = excluded.strikes,"
        " ask_after = excluded.ask_after",
        {
            "host": host,
            "fault": fault,
            "message": message,
            "since": since,
            "strikes": strikes,
            "after": text_of(after),
        },
    )


def forget_hosts(db: Database, hosts: Iterable[str]) -> None:
    """Notes that hosts answer well again."""
    for host in hosts:
        db.execute("DELETE FROM hosts WHERE host = ?", [host])

"""How each portal fared in a run: the rows from which trends and alarms are read."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlite_utils import Database

from archive.readings import clean


@dataclass(frozen=True, slots=True)
class Fared:
    """A portal at the end of its part of a run; the columns of table run_portals."""

    requests: int
    reports: int
    new: int
    revised: int
    gone: int
    failures: int
    fault: str | None = None
    message: str | None = None


def note_portal(db: Database, run_id: int, portal_id: str, fared: Fared) -> None:
    """Notes how a portal fared in a run, once."""
    row = {"run_id": run_id, "portal_id": portal_id, **asdict(fared), "message": clean(fared.message)}
    db.table("run_portals").upsert(row, pk=("run_id", "portal_id"))

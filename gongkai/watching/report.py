"""A night in facts: what a run found, what changed, what broke, and how that compares with the nights before.

Gathered from the archive alone, so that a night can be told whatever became of the process that crawled.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlite_utils import Database

from archive.nights import judging
from archive.nights.alarms import Alarm, Told, open_alarms, to_tell
from archive.nights.judging import Fare, Run

NIGHTS = 30
"""How many runs back charts and trends go."""

LISTED = 100
"""Reports of one kind that are listed one by one; the rest is counted."""

TOLD_ONE_BY_ONE = 200
"""Portals with something to say that are told one by one, with their trends."""


@dataclass(frozen=True, slots=True)
class Sums:
    """A run in numbers; a bar in the charts."""

    run_id: int
    started_at: str
    requests: int
    reports: int
    new: int
    revised: int
    gone: int
    failures: int


@dataclass(frozen=True, slots=True)
class Noticed:
    """A report that is new, changed or gone."""

    agency: str
    year: int
    url: str
    portal_id: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The pages that one fault cost, with one of them as the example."""

    fault: str
    pages: int
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Night:
    """All that a report says."""

    run: Run
    sums: Sums
    history: Sequence[Sums]
    """The last runs, this one included, oldest first."""
    fares: Sequence[Fare]
    trends: Mapping[str, Sequence[int | None]]
    """Reports met in each run of the history, by portal; None: not asked. Of portals with something to say."""
    new: Sequence[Noticed]
    revised: Sequence[Noticed]
    gone: Sequence[Noticed]
    broken: Sequence[Broken]
    told: Told
    standing: Sequence[Alarm]
    """Alarms that are open, those of `told` among them."""
    warnings: Sequence[str]
    """What needs nobody tonight."""
    totals: Mapping[str, int]
    evidence: int
    """Bytes that were added to the WARC files."""
    free: int
    """Bytes left on the disk."""
    archive: Path

    @property
    def verdict(self) -> str:
        return self.run.verdict or "died"

    @property
    def noteworthy(self) -> list[Fare]:
        """Portals with something to say: those in alarm first, then what broke, then what is new."""
        alarmed = {alarm.portal_id for alarm in self.standing}
        some = [fare for fare in self.fares if fare.has_news or fare.portal_id in alarmed]
        return sorted(some, key=lambda fare: (fare.portal_id not in alarmed, not fare.fault, -fare.failures, fare.name))


def night_of(db: Database, run_id: int, archive: Path, totals: Mapping[str, int]) -> Night:
    """The facts of a run that was judged. Raises LookupError when there is no such run."""
    run = judging.run_of(db, run_id)
    history = _history(db, run_id)
    fares = judging.fares_of(db, run_id)
    standing = open_alarms(db)
    night = Night(
        run=run,
        sums=next((sums for sums in history if sums.run_id == run_id), Sums(run_id, run.started_at, 0, 0, 0, 0, 0, 0)),
        history=history,
        fares=fares,
        trends={},
        new=_noticed(db, _NEW, run),
        revised=_noticed(db, _REVISED, run),
        gone=_noticed(db, _GONE, run),
        broken=[Broken(*row) for row in db.execute(_BROKEN, _times(run)).fetchall()],
        told=to_tell(db),
        standing=standing,
        warnings=_warnings(db, run),
        totals=totals,
        evidence=int(db.execute(_EVIDENCE, [run_id]).fetchone()[0]),
        free=shutil.disk_usage(archive.parent).free,
        archive=archive,
    )
    shown = [fare.portal_id for fare in night.noteworthy[:TOLD_ONE_BY_ONE]]
    return replace(night, trends=_trends(db, shown, [sums.run_id for sums in history]))


def _history(db: Database, run_id: int) -> list[Sums]:
    rows = db.execute(_SUMS, {"run": run_id, "number": NIGHTS}).fetchall()
    return [Sums(*row) for row in rows][::-1]


def _trends(db: Database, portals: Sequence[str], runs: Sequence[int]) -> dict[str, list[int | None]]:
    trends: dict[str, list[int | None]] = {}
    for portal_id in portals:
        query = "SELECT run_id, reports FROM run_portals WHERE portal_id = ? AND run_id >= ? AND run_id <= ?"
        met = dict(db.execute(query, [portal_id, runs[0], runs[-1]]).fetchall())
        trends[portal_id] = [met.get(run_id) for run_id in runs]
    return trends


def _noticed(db: Database, query: str, run: Run) -> list[Noticed]:
    return [Noticed(*row) for row in db.execute(query, _times(run)).fetchall()]


def _times(run: Run) -> dict[str, object]:
    return {"run": run.run_id, "since": run.started_at, "until": run.finished_at or "9999"}


def _warnings(db: Database, run: Run) -> list[str]:
    before = next((known for known in judging.newest_runs(db, 8) if known.run_id < run.run_id), None)
    said = []
    if before is not None and before.finished_at is None:
        said.append(
            f"the run before this one, of {before.started_at}, did not come to its end; this one went on from it"
        )
    silent = judging.never_yielded(db, run.run_id)
    said += [
        f"{fare.portal_id} ({fare.name}) has never given a report"
        + (f": {fare.message or fare.fault}" if fare.message or fare.fault else "")
        for fare in silent
    ]
    return said


_SUMS = """
SELECT u.run_id, u.started_at, coalesce(sum(f.requests), 0), coalesce(sum(f.reports), 0), coalesce(sum(f.new), 0),
       coalesce(sum(f.revised), 0), coalesce(sum(f.gone), 0), coalesce(sum(f.failures), 0)
FROM (SELECT run_id, started_at FROM runs WHERE command = 'crawl' AND run_id <= :run
       ORDER BY run_id DESC LIMIT :number) u
LEFT JOIN run_portals f ON f.run_id = u.run_id
GROUP BY u.run_id ORDER BY u.run_id DESC
"""

_OF_TONIGHT = """
SELECT g.agency_printed, r.year, g.url, coalesce(r.portal_id, '')
FROM captures c JOIN report_revisions r ON r.capture_id = c.capture_id
JOIN report_readings g ON g.report_id = r.report_id
WHERE c.run_id = :run AND g.first_seen >= :since AND r.revision {revision}
ORDER BY r.year DESC, g.agency_printed
"""
_NEW = _OF_TONIGHT.format(revision="= 1")
_REVISED = _OF_TONIGHT.format(revision="> 1")

_GONE = """
SELECT g.agency_printed, r.year, g.url, coalesce(r.portal_id, '')
FROM report_readings g JOIN report_revisions r ON r.report_id = g.report_id
WHERE g.gone_at >= :since AND g.gone_at <= :until ORDER BY r.year DESC, g.agency_printed
"""

_BROKEN = """
SELECT coalesce(fault, outcome), count(*), max(url), coalesce(reason, '')
FROM pages WHERE last_seen >= :since AND last_seen <= :until
  AND (fault IS NOT NULL OR outcome IN ('failed', 'blocked', 'unreadable'))
GROUP BY 1 ORDER BY 2 DESC, 1
"""

_EVIDENCE = "SELECT coalesce(sum(warc_length), 0) FROM captures WHERE run_id = ?"

"""How things stand: the last run, the one under way, alarms, portals, disk, and when the next is due.

Reads only, and disturbs no run.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.moments import moment_of, text_of
from archive.nights import judging
from archive.nights.alarms import Alarm, open_alarms
from archive.nights.judging import BLOCKING, NOT_ASKED, UNANSWERED, Run
from archive.nights.running import is_written_to
from gongkai.printing import printable
from gongkai.watching.text import about, count, size

NIGHT = timedelta(days=1)
OVERDUE = timedelta(hours=36)
"""A run is missing when the last one began so long ago."""

_ALARMS = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts; `wrong` says in lines what a person should look at."""

    archive: Path
    last: Run | None
    """The last run that is over, in whichever way."""
    running: Run | None
    captures: int
    """Answers that the run under way has kept so far."""
    alarms: tuple[Alarm, ...]
    portals: dict[str, int]
    """Portals by how they fared when they were last asked."""
    reports: int
    free: int
    evidence: int
    due: datetime | None
    wrong: tuple[str, ...]

    def as_object(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "archive": str(self.archive),
            "ok": not self.wrong,
            "wrong": list(self.wrong),
            "last_run": _run(self.last),
            "running": _run(self.running),
            "captures_of_running": self.captures if self.running else None,
            "next_due": text_of(self.due) if self.due else None,
            "alarms": [
                {"code": a.code, "portal": a.portal_id, "message": a.message, "since": a.raised_at, "nights": a.nights}
                for a in self.alarms
            ],
            "portals": self.portals,
            "reports": self.reports,
            "disk_free": self.free,
            "evidence_bytes": self.evidence,
        }


def standing_of(db: Database, archive: Path, disk_floor: int, now: datetime | None = None) -> Standing:
    """How things stand; `disk_floor` in bytes."""
    now = now or datetime.now(UTC)
    busy = is_written_to(archive)
    runs = judging.newest_runs(db, 2)
    running = runs[0] if runs and busy and runs[0].finished_at is None else None
    over = [run for run in runs if run is not running]
    last = over[0] if over else None
    began = running or last
    due = moment_of(began.started_at) + NIGHT if began else None
    alarms = tuple(open_alarms(db))
    free = shutil.disk_usage(archive.absolute().parent).free
    wrong = tuple(_wrong(last, running, alarms, free, disk_floor, now))
    return Standing(
        archive=archive,
        last=last,
        running=running,
        captures=_number(db, "SELECT count(*) FROM captures WHERE run_id = ?", running.run_id) if running else 0,
        alarms=alarms,
        portals=_portals(db),
        reports=_number(db, "SELECT count(*) FROM report_revisions WHERE is_current = 1"),
        free=free,
        evidence=_number(db, "SELECT coalesce(sum(warc_length), 0) FROM captures"),
        due=due,
        wrong=wrong,
    )


def as_screen(standing: Standing) -> str:
    """One screen for people."""
    return printable("\n".join(_lines(standing)) + "\n")


def _lines(standing: Standing) -> Iterator[str]:
    yield f"archive   {standing.archive}: {count(standing.reports, 'report')}, {size(standing.evidence)} of evidence"
    if standing.last is None:
        yield "last run  none yet"
    else:
        last = standing.last
        yield f"last run  {last.run_id}, {last.started_at} to {last.finished_at or '?'}: {last.verdict or 'died'}"
    if standing.running:
        yield f"running   since {standing.running.started_at}, {count(standing.captures, 'answer')} kept so far"
    else:
        yield "running   no"
    yield (
        f"next due  {standing.due:%Y-%m-%dT%H:%M:%SZ}, a day after the last began" if standing.due else "next due  now"
    )
    states = ", ".join(f"{number:,} {state}" for state, number in standing.portals.items())
    yield f"portals   {sum(standing.portals.values()):,}{': ' + states if states else ''}"
    yield f"disk      {size(standing.free)} left"
    for alarm in standing.alarms[:_ALARMS]:
        yield f"alarm     {about(alarm)}"
    if len(standing.alarms) > _ALARMS:
        yield f"          and {len(standing.alarms) - _ALARMS} more (table alarms)"
    yield from (f"wrong     {line}" for line in standing.wrong)
    if not standing.wrong:
        yield "all is well"


def _wrong(
    last: Run | None, running: Run | None, alarms: tuple[Alarm, ...], free: int, floor: int, now: datetime
) -> Iterator[str]:
    if alarms:
        yield f"{count(len(alarms), 'alarm')} open"
    if last is not None and last.finished_at is None and running is None:
        yield "the last run did not come to its end"
    if last is not None and last.verdict == judging.CUT_SHORT:
        yield "the last run was cut short"
    if last is not None and last.verdict == "archive":
        yield "the last run had to end because the archive or its disk takes no more"
    if running is not None and now - moment_of(running.started_at) > NIGHT:
        yield "the run under way has been going for more than a day"
    if running is None and last is None:
        yield "there was never a run"
    if running is None and last is not None and now - moment_of(last.started_at) > OVERDUE:
        days = (now - moment_of(last.started_at)).total_seconds() / NIGHT.total_seconds()
        yield f"no run for {days:.1f} days: is the scheduler on?"
    if judging.of_disk(free, floor)["disk_low"]:
        yield "the disk is about to be full"


def _portals(db: Database) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for reports, fault, ever in db.execute(_LAST_FARES).fetchall():
        counted[_state(reports, fault, ever)] += 1
    return dict(counted.most_common())


def _state(reports: int, fault: str | None, ever: int) -> str:
    if fault in BLOCKING or fault == NOT_ASKED:
        return "blocked"
    if reports:
        return "gave reports"
    if fault in UNANSWERED:
        return "unreachable"
    return "gave none" if ever else "never gave any"


def _run(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "run": run.run_id,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "verdict": run.verdict,
        "exit_code": run.exit_code,
    }


def _number(db: Database, query: str, *values: object) -> int:
    return int(db.execute(query, values).fetchone()[0])


_LAST_FARES = """
SELECT f.reports, f.fault, EXISTS (SELECT 1 FROM run_portals e WHERE e.portal_id = f.portal_id AND e.reports > 0)
FROM (SELECT portal_id, max(run_id) AS run_id FROM run_portals GROUP BY portal_id) l
JOIN run_portals f ON f.portal_id = l.portal_id AND f.run_id = l.run_id
"""

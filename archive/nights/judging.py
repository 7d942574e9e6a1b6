"""What of a night a person should hear of: rules over how portals fared, and the questions to the archive for them.

A rule says that something is wrong, that it is not, or nothing at all where the night cannot tell. No news is no
trouble: reports that are known and were only seen in a list count as met.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from sqlite_utils import Database

Findings = Mapping[str, str | None]
"""Code of an alarm -> what is wrong, or None where that is well. A code that is absent cannot be told by this run."""

UNANSWERED = frozenset(
    "timeout connection_lost connection_refused no_answer dns tls tls_legacy body_cut bad_response server_error"
    " rate_limited robots_unreachable".split()
)
"""Faults (docs/faults.md) that keep a portal from answering; most come and go, and one night of them may be chance."""

BLOCKING = frozenset("challenge captcha geo_blocked refused".split())
"""Faults by which a host says that it does not want to be asked by us."""

NOT_ASKED = "host_cooled"
"""The fault of a portal whose host is left alone for a while."""

MANY = 5
"""From so many reports on, less than half of them is a collapse; where there are fewer, none is."""

_BACK = 14
"""So many runs back the best yield of a portal counts: one that shrinks for good alarms for so long, and no longer."""

_FEW_FAILURES, _LARGE_SHARE, _TIMES_USUAL = 5, 0.2, 2.0
_USUAL = 7
"""Runs from which the usual share of failures is taken."""

_QUIET_RUNS = 3
DISK_LOW_TIMES = 16
"""A disk is low when it has less left than so many times the floor at which a run stops."""

WHOLE = ("ok", "incomplete")
"""Verdicts of runs that went to their end."""

CUT_SHORT = "cut_short"
"""The verdict of a run that ended early, in order, and that nobody stopped."""


@dataclass(frozen=True, slots=True)
class Run:
    """A row of `runs` that is a crawl."""

    run_id: int
    started_at: str
    finished_at: str | None
    verdict: str | None
    exit_code: int | None

    @property
    def went_to_its_end(self) -> bool:
        return self.verdict in WHOLE


@dataclass(frozen=True, slots=True)
class Fare:
    """How a portal fared in a run, beside how it did before."""

    portal_id: str
    name: str
    requests: int
    reports: int
    new: int
    revised: int
    gone: int
    failures: int
    fault: str | None
    message: str | None
    best: int | None
    """The most reports that it gave in one of the last runs in which it gave any; None: it never did."""
    fault_before: str | None
    reports_before: int | None
    """Of the run before; None: there was none."""

    @property
    def gave_enough(self) -> bool:
        return _is_enough(self.reports, self.best)

    @property
    def was_left_alone(self) -> bool:
        """Whether its host was not asked, or not for long, so that what it gave tells nothing."""
        return self.fault == NOT_ASKED and not self.gave_enough

    @property
    def has_news(self) -> bool:
        """Whether there is anything to say about it."""
        return bool(self.new or self.revised or self.gone or self.failures or self.fault or not self.gave_enough)


@dataclass(frozen=True, slots=True)
class Share:
    """Pages that could not be had, of those that were asked for in a run."""

    failures: int
    requests: int

    @property
    def value(self) -> float:
        return self.failures / max(self.requests, self.failures, 1)


def of_portal(fare: Fare, *, judges_yield: bool = True) -> Findings:
    """The findings about one portal. `judges_yield` is false for a run that was told not to ask for everything."""
    said = fare.message or fare.fault or ""
    if fare.was_left_alone:
        return {}
    if not fare.gave_enough and fare.fault in BLOCKING:
        return {"blocked": said, "unreachable": None}
    if not fare.gave_enough and fare.fault in UNANSWERED:
        low_before = fare.reports_before is not None and not _is_enough(fare.reports_before, fare.best)
        again = low_before and fare.fault_before in UNANSWERED
        return {"unreachable": f"for two runs in a row: {said}"} if again else {}
    found: dict[str, str | None] = {"blocked": None, "unreachable": None}
    if judges_yield and fare.best is not None:
        found["yield_collapsed"] = None if fare.gave_enough else _collapsed(fare, said)
    return found


def of_run(run: Run, share: Share, usual: Iterable[Share], not_stored: int) -> Findings:
    """The findings about a run as a whole; `usual` are the runs before it."""
    if run.finished_at is None:
        return {"run_died": f"the run of {run.started_at} did not come to its end: it was killed, or it broke down"}
    found: dict[str, str | None] = {"run_died": None}
    if run.verdict == CUT_SHORT:
        found["run_died"] = f"the run of {run.started_at} was cut short, e.g. by its limit of memory: its log says why"
    if run.verdict == "archive":
        found["not_stored"] = "the run had to end: the archive or its disk takes no more"
    elif not_stored:
        found["not_stored"] = f"{not_stored} pages that were fetched could not be stored"
    elif run.went_to_its_end:
        found["not_stored"] = None
    if run.went_to_its_end:
        found["failures_jump"] = _jump(share, usual)
    return found


def of_disk(free: int, floor: int) -> Findings:
    """Whether the disk has room for the next nights; all in bytes."""
    low = free < DISK_LOW_TIMES * floor
    return {"disk_low": f"{free // 10**6} MB are left on the disk of the archive" if low else None}


def _is_enough(reports: int, best: int | None) -> bool:
    if best is None or best < MANY:
        return reports > 0
    return reports * 2 >= best


def _collapsed(fare: Fare, said: str) -> str:
    gave = f"gave {fare.reports or 'no'} report{'' if fare.reports == 1 else 's'}, and {fare.best} before"
    return f"{gave} ({said})" if said else gave


def _jump(share: Share, usual: Iterable[Share]) -> str | None:
    before = [known.value for known in usual]
    expected = median(before) if before else 0.0
    jumped = share.failures > _FEW_FAILURES and share.value > _LARGE_SHARE and share.value > _TIMES_USUAL * expected
    if not jumped:
        return None
    return f"{share.failures} of {share.requests} pages could not be had ({share.value:.0%}, usually {expected:.0%})"


# --- questions to the archive


def run_of(db: Database, run_id: int) -> Run:
    """A run by its id. Raises LookupError when there is none."""
    for row in db.execute(f"{_RUNS} AND run_id = ?", [run_id]).fetchall():
        return Run(*row)
    raise LookupError(f"there is no run {run_id}")


def newest_runs(db: Database, number: int) -> list[Run]:
    """The last crawls, newest first."""
    return [Run(*row) for row in db.execute(f"{_RUNS} ORDER BY run_id DESC LIMIT ?", [number]).fetchall()]


def first_run_after(db: Database, run_id: int) -> Run | None:
    """The crawl that began next after a run; None when there is none."""
    row = db.execute(f"{_RUNS} AND run_id > ? ORDER BY run_id LIMIT 1", [run_id]).fetchone()
    return Run(*row) if row else None


def fares_of(db: Database, run_id: int) -> list[Fare]:
    """How every portal of a run fared, by id."""
    return [Fare(*row) for row in db.execute(_FARES, {"run": run_id, "back": _BACK}).fetchall()]


def share_of(db: Database, run_id: int) -> Share:
    """The share of failures in a run."""
    row = db.execute(
        "SELECT coalesce(sum(failures), 0), coalesce(sum(requests), 0) FROM run_portals WHERE run_id = ?", [run_id]
    ).fetchone()
    return Share(*row)


def usual_shares(db: Database, run_id: int) -> list[Share]:
    """The shares of failures in the last whole runs before that one."""
    return [Share(*row) for row in db.execute(_SHARES, {"run": run_id, "number": _USUAL}).fetchall()]


def not_stored(db: Database, run: Run) -> int:
    """How many pages that were fetched in a run the archive did not take."""
    query = "SELECT coalesce(sum(value), 0) FROM run_counts WHERE run_id = ? AND name = 'not_stored'"
    return int(db.execute(query, [run.run_id]).fetchone()[0])


def never_yielded(db: Database, run_id: int) -> list[Fare]:
    """The portals of a run that have given nothing in three runs or more, ever since they entered."""
    silent = [fare for fare in fares_of(db, run_id) if fare.best is None and not fare.reports]
    asked = Counter(dict(db.execute(_TIMES_ASKED, [run_id]).fetchall()))
    return [fare for fare in silent if asked[fare.portal_id] >= _QUIET_RUNS]


_RUNS = "SELECT run_id, started_at, finished_at, verdict, exit_code FROM runs WHERE command = 'crawl'"

_FARES = """
SELECT t.portal_id, coalesce(p.name, t.portal_id), t.requests, t.reports, t.new, t.revised, t.gone, t.failures, t.fault,
       t.message,
       (SELECT max(reports) FROM (
            SELECT b.reports FROM run_portals b
             WHERE b.portal_id = t.portal_id AND b.run_id < t.run_id AND b.reports > 0
             ORDER BY b.run_id DESC LIMIT :back)),
       (SELECT b.fault FROM run_portals b WHERE b.portal_id = t.portal_id AND b.run_id < t.run_id
         ORDER BY b.run_id DESC LIMIT 1),
       (SELECT b.reports FROM run_portals b WHERE b.portal_id = t.portal_id AND b.run_id < t.run_id
         ORDER BY b.run_id DESC LIMIT 1)
FROM run_portals t JOIN portals p ON p.portal_id = t.portal_id
WHERE t.run_id = :run ORDER BY t.portal_id
"""

_SHARES = """
SELECT sum(f.failures), sum(f.requests)
FROM (SELECT run_id FROM runs WHERE command = 'crawl' AND verdict IN ('ok', 'incomplete') AND run_id < :run
       ORDER BY run_id DESC LIMIT :number) r
JOIN run_portals f ON f.run_id = r.run_id GROUP BY f.run_id
"""

_TIMES_ASKED = """
SELECT t.portal_id, count(*) FROM run_portals t
WHERE t.portal_id IN (SELECT portal_id FROM run_portals WHERE run_id = ?1 AND reports = 0) AND t.run_id <= ?1
GROUP BY t.portal_id
"""

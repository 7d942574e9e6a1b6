"""Alarms: opened once when something begins, counted while it lasts, closed when it is over.

What has to be told follows from the table alone, so that an alarm that could not be delivered is delivered by the next
run, and judging the same run twice is the same as once. Runs are judged in their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from archive.moments import now, text_of
from archive.nights import judging
from archive.nights.judging import Fare, Findings, Run
from archive.readings import clean

CODES = {
    "yield_collapsed": "a portal gives no reports any more, or less than half of those that it gave",
    "blocked": "a portal does not want to be asked by us",
    "unreachable": "a portal does not answer, or answers with errors, for the second run in a row",
    "failures_jump": "of all pages that were asked for, many more than usual could not be had",
    "not_stored": "pages were fetched and could not be stored",
    "disk_low": "the disk is about to be full",
    "run_died": "a run did not come to its end",
    "not_published": "the published file could not be made anew",
    "not_run": "the crawl could not be started",
    "not_judged": "what came of a run could not be judged",
}
"""What each alarm means. The last two are never in the table: where they are raised, it cannot be written."""

AGAIN = 7
"""An alarm that lasts is told again after so many runs."""

KEPT = timedelta(days=400)
"""How long it is remembered how each portal fared."""

_OF_HOSTS = ("blocked", "unreachable")
_QUOTED = 300


@dataclass(frozen=True, slots=True)
class Alarm:
    """A row of `alarms`; without an id, one that could not be written down."""

    code: str
    message: str
    portal_id: str | None = None
    portal: str | None = None
    """The name of the portal."""
    run_id: int | None = None
    raised_at: str = ""
    last_at: str = ""
    nights: int = 1
    cleared_at: str | None = None
    delivered_at: str | None = None
    alarm_id: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody has to be told: what is wrong, and what is over."""

    wrong: tuple[Alarm, ...] = ()
    over: tuple[Alarm, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wrong or self.over)


def judge(db: Database, run_id: int, whole: Findings, *, partial: bool = False) -> None:
    """Judges a run that is over, and its portals; `whole` is what else was found (`judging.of_disk`).

    `partial` tells that the run was not to ask for everything. Inside a transaction of the caller.
    """
    run = judging.run_of(db, run_id)
    shares = judging.usual_shares(db, run_id)
    not_stored = judging.not_stored(db, run)
    found = judging.of_run(run, judging.share_of(db, run_id), shares, not_stored)
    if partial:
        found = {code: message for code, message in found.items() if code != "failures_jump"}
    settle(db, run, {**found, **whole})
    fares = judging.fares_of(db, run_id)
    standing = _standing(db)
    for fare in fares:
        held = standing.get(fare.portal_id, {})
        _settle(db, run, fare, _of_portal(fare, held, not partial), held)
    if run.went_to_its_end and not partial and not not_stored:  # where how one fared may not be stored either
        for portal_id in standing.keys() - {fare.portal_id for fare in fares} - {""}:
            for alarm in standing[portal_id].values():  # one that was taken out of the portals file alarms nobody
                _close(db, alarm)


def settle(db: Database, run: Run, found: Findings) -> None:
    """Opens, counts or closes the alarms about the whole that a run tells of. Inside a transaction of the caller."""
    _settle(db, run, None, found, _standing(db).get("", {}))


def _of_portal(fare: Fare, held: Mapping[str, Alarm], judges_yield: bool) -> Findings:
    """What a portal that was left alone was left alone for goes on."""
    if fare.was_left_alone:
        return {code: alarm.message for code, alarm in held.items() if code in _OF_HOSTS}
    return judging.of_portal(fare, judges_yield=judges_yield)


def _settle(db: Database, run: Run, about: Fare | None, found: Findings, held: Mapping[str, Alarm]) -> None:
    """`held` are the alarms about the same that are open, by code."""
    for code, message in found.items():
        alarm = held.get(code)
        if message is not None and alarm is None:
            db.execute(
                "INSERT INTO alarms (portal_id, code, message, run_id, raised_at, last_at, nights)"
                " VALUES (?, ?, ?, ?, ?, ?, 1)",
                [about and about.portal_id, code, _line(message), run.run_id, now(), run.started_at],
            )
        elif message is not None and alarm is not None and alarm.last_at < run.started_at:
            _count(db, run, about, alarm, message)
        elif message is None and alarm is not None:
            _close(db, alarm)


def _count(db: Database, run: Run, about: Fare | None, alarm: Alarm, message: str) -> None:
    """One night more, of which somebody is told now and then; that a portal is no use from the start is said once."""
    never_gave = about is not None and about.best is None and not about.reports
    again = alarm.nights % AGAIN == 0 and not never_gave
    db.execute(
        "UPDATE alarms SET nights = nights + 1, last_at = ?, message = ?, delivered_at = iif(?, NULL, delivered_at)"
        " WHERE alarm_id = ?",
        [run.started_at, _line(message), again, alarm.alarm_id],
    )


def _close(db: Database, alarm: Alarm) -> None:
    # After somebody was told that it was so, whatever the clock says: by that `to_tell` knows what has to be told.
    db.execute(
        "UPDATE alarms SET cleared_at = max(?, coalesce(strftime('%Y-%m-%dT%H:%M:%SZ', delivered_at, '+1 second'), ''))"
        " WHERE alarm_id = ?",
        [now(), alarm.alarm_id],
    )


def _standing(db: Database) -> dict[str, dict[str, Alarm]]:
    """The open alarms by portal ('' for the whole) and code."""
    standing: dict[str, dict[str, Alarm]] = {}
    for alarm in open_alarms(db):
        standing.setdefault(alarm.portal_id or "", {})[alarm.code] = alarm
    return standing


# --- what is open, and what has to be told


def open_alarms(db: Database) -> list[Alarm]:
    """What is wrong now: about the whole first, then the newest."""
    return _alarms(db, "a.cleared_at IS NULL")


def to_tell(db: Database) -> Told:
    """Alarms of which nobody knows yet, or not for a while, and those that are over since somebody was told."""
    return Told(
        tuple(_alarms(db, "a.cleared_at IS NULL AND a.delivered_at IS NULL")),
        tuple(_alarms(db, "a.cleared_at > a.delivered_at")),
    )


def note_told(db: Database, told: Told) -> None:
    """Notes that somebody was told. Inside a transaction of the caller."""
    for alarm in (*told.wrong, *told.over):
        if alarm.alarm_id is not None:
            at = max(now(), alarm.cleared_at or "")
            db.execute("UPDATE alarms SET delivered_at = ? WHERE alarm_id = ?", [at, alarm.alarm_id])


def forget(db: Database, before: datetime | None = None) -> int:
    """Drops how portals fared longer than `KEPT` ago; returns how many rows that were."""
    limit = text_of(before or datetime.now(UTC) - KEPT)
    query = "DELETE FROM run_portals WHERE run_id IN (SELECT run_id FROM runs WHERE started_at < ?)"
    return int(db.execute(query, [limit]).rowcount)


def _alarms(db: Database, condition: str) -> list[Alarm]:
    query = (
        "SELECT a.code, a.message, a.portal_id, p.name, a.run_id, a.raised_at, a.last_at, a.nights, a.cleared_at,"
        " a.delivered_at, a.alarm_id FROM alarms a LEFT JOIN portals p ON p.portal_id = a.portal_id"
        f" WHERE {condition} ORDER BY a.portal_id IS NOT NULL, a.raised_at DESC, a.alarm_id"
    )
    return [Alarm(*row) for row in db.execute(query).fetchall()]


def _line(message: str) -> str:
    """A message that may quote a stranger, in one line."""
    return (clean(" ".join(message.split())) or "")[:_QUOTED]

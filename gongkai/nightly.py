"""One night from start to finish, for a scheduler: crawl, judge, publish, report, tell, tidy up.

The crawl runs in a process of its own (gongkai/apart.py). Each step after it is worth doing even where the one before
failed, and the order is that of importance: an alarm goes out although the disk is too full for the report.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import click

from archive import Archive, ArchiveBusy, ArchiveError
from archive.database import write
from archive.moments import now, text_of
from archive.nights import judging
from archive.nights.alarms import Alarm, Told, forget, judge, note_told, settle, to_tell
from archive.nights.judging import Run
from archive.nights.running import is_written_to
from archive.publish.publishing import place_of, publish
from archive.reading import reading
from crawler.options import MEGABYTE, Options
from crawler.verdict import EXIT_CODES
from gongkai.apart import Watcher
from gongkai.printing import printable
from gongkai.watching import files
from gongkai.watching.delivery import Channels, Message, deliver
from gongkai.watching.page import report_page
from gongkai.watching.report import Night, night_of
from gongkai.watching.text import alarm_text, headline, report_text

ALARM = 6
"""Exit code of a night that a person should look at."""

CRAWL = (sys.executable, "-P", "-m", "gongkai", "crawl")  # -P: no module of the folder where it runs is taken for ours

_PARTIAL = ("GONGKAI_PORTAL", "GONGKAI_LIMIT", "GONGKAI_SINCE")
_TAIL = 4096
_NOT_BEGUN = tuple(EXIT_CODES[name] for name in ("ok", "usage", "archive", "busy"))
"""Exit codes of a crawl that says itself why there was no run; after any other, without a run, it broke down."""

_LONGEST = timedelta(hours=24)
"""A run that takes longer is taken for one that hangs."""

_NAME = "gongkai nightly"

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Plan:
    """The options of `gongkai nightly`, and the settings."""

    portals: Path | None
    archive: Path
    options: Options
    settings: tuple[str, ...] = ()
    sample: bool = False
    verbose: bool = False
    crawl: Sequence[str] = CRAWL

    @property
    def command(self) -> list[str]:
        """The crawl, as a command line."""
        words = [*self.crawl, "--archive", str(self.archive)]
        words += ["--sample"] if self.sample else ["--portals", str(self.portals)]
        return words + [word for setting in self.settings for word in ("-s", setting)]

    @property
    def is_partial(self) -> bool:
        """Whether the crawl is told not to ask for everything, so that it cannot tell what is missing."""
        given = dict(setting.split("=", 1) for setting in self.settings if "=" in setting)
        return any(given.get(name, "") not in ("", "0") for name in _PARTIAL)

    @property
    def channels(self) -> Channels:
        return Channels(self.options.webhook, self.options.alarm_command)

    @property
    def disk_floor(self) -> int:
        """Bytes."""
        return int(self.options.disk_floor_mb * MEGABYTE)


def run_nightly(plan: Plan) -> int:
    """One night. Says what a person should know on stderr, nothing else unless asked to; returns the exit code."""
    watcher = Watcher()
    with watcher.listening():
        before = _before(plan)
        log = _log(plan)
        code = watcher.crawl(plan.command, log, echo=plan.verbose)
        # One that is busy has begun no run: what began meanwhile is that of somebody else, and still under way.
        run = None if code == EXIT_CODES["busy"] else _begun_since(plan.archive, before)
        if watcher.stopped and (run is None or run.finished_at is None):
            _say("stopped before the run could be closed; the next one goes on from there")
        elif run is None and code in _NOT_BEGUN:
            return _not_run(plan, code, log)
        else:
            code = _after(plan, run, code, log)
    return EXIT_CODES["stopped"] if watcher.stopped else code


def _before(plan: Plan) -> int | None:
    """The id of the last run; None where it cannot be read.

    Where it and the one before died, that is told before the next one dies as well.
    """
    try:
        with reading(plan.archive) as db:
            runs = judging.newest_runs(db, 2)
    except ArchiveError:
        return None  # the crawl will make it, or say what is the matter
    dead = [run for run in runs if run.finished_at is None]
    if len(dead) == 2 and not is_written_to(plan.archive):
        _tell_of_death(plan, dead[0])
    return runs[0].run_id if runs else 0


def _tell_of_death(plan: Plan, run: Run) -> None:
    try:
        with Archive.open(plan.archive) as archive:
            _change(archive, lambda: judge(archive.db, run.run_id, {}))
            told = to_tell(archive.db)
            if told:
                _tell(plan, archive, Message(run.run_id, "died", told, alarm_text(told, _NAME)))
    except ArchiveError as error:
        _say(str(error))


def _begun_since(path: Path, before: int | None) -> Run | None:
    """The run that the crawl began; None where it did not come so far, or it cannot be read."""
    try:
        with reading(path) as db:
            if before is not None:
                return judging.first_run_after(db, before)  # the newest may be of somebody who came after us
            return next(iter(judging.newest_runs(db, 1)), None)
    except ArchiveError:
        return None


def _log(plan: Plan) -> Path | None:
    try:
        path = files.new_log(plan.archive)
        files.keep_newest_logs(plan.archive, plan.options.keep_logs)
    except OSError as error:
        _say(f"no log: {error.filename or plan.archive.parent}: {error.strerror}")
        return None
    return path


def _not_run(plan: Plan, code: int, log: Path | None) -> int:
    """A night without a run: wrong settings, an archive that cannot be opened, or one that somebody else writes to."""
    reason = _last_line(log).removeprefix("gongkai: ").removeprefix("Error: ") or f"the crawl ended with {code}"
    hanging = _hanging(plan.archive) if code == EXIT_CODES["busy"] else None
    if hanging is not None:
        reason = f"{reason}; the run of {hanging.started_at} has no end after more than a day"
        _send_unwritten(plan, None, Alarm("not_run", reason, run_id=hanging.run_id, raised_at=now()))
    elif code in (EXIT_CODES["ok"], EXIT_CODES["busy"]):  # a dry run; somebody at work, as `gongkai status` says
        _say(reason)
    else:
        _send_unwritten(plan, None, Alarm("not_run", reason, raised_at=now()))
    return code


def _hanging(path: Path) -> Run | None:
    """The last run, where it began more than a day ago and has not come to its end."""
    try:
        with reading(path) as db:
            runs = judging.newest_runs(db, 1)
    except ArchiveError:
        return None
    limit = text_of(datetime.now(UTC) - _LONGEST)
    return runs[0] if runs and runs[0].finished_at is None and runs[0].started_at < limit else None


def _after(plan: Plan, run: Run | None, code: int, log: Path | None) -> int:
    """What follows a crawl that ran, however it ended; returns the exit code."""
    try:
        with Archive.open(plan.archive) as archive:
            # Without the archive's lock: these are whole transactions, and whoever crawls by now need not wait.
            return _judged(plan, archive, run or _note_begun(archive), code, log)
    except Exception as error:
        reason = str(error) if isinstance(error, ArchiveError) else f"{type(error).__name__}: {error}"
        _send_unwritten(plan, run, Alarm("not_judged", reason, run_id=run.run_id if run else None, raised_at=now()))
        if not isinstance(error, ArchiveError):
            raise
        return EXIT_CODES["archive"]


def _note_begun(archive: Archive) -> Run:
    """Notes a run that died before it could note that it began."""
    with archive.lock():
        return judging.run_of(archive.db, archive.begin_run("crawl"))


def _judged(plan: Plan, archive: Archive, run: Run, code: int, log: Path | None) -> int:
    disk = judging.of_disk(shutil.disk_usage(archive.path.parent).free, plan.disk_floor)
    _change(archive, lambda: judge(archive.db, run.run_id, disk, partial=plan.is_partial))
    if run.finished_at is None:
        _add_reason(archive, run, code, log)
    _publish(plan, archive, run)
    night = night_of(archive.db, run.run_id, plan.archive, archive.totals())
    path = _report(plan, night)
    _append(log, report_text(night))
    if plan.verbose:
        click.echo(report_text(night), err=True, nl=False)
    if night.told:
        text = alarm_text(night.told, headline(night)) + (f"report    {path}\n" if path else "")
        _tell(plan, archive, Message(run.run_id, night.verdict, night.told, printable(text), path))
    _change(archive, lambda: forget(archive.db))
    if EXIT_CODES["archive"] in (code, run.exit_code):  # where even the log takes no more, it cannot say so itself
        return EXIT_CODES["archive"]
    return ALARM if night.told.wrong else EXIT_CODES["ok"]


def _add_reason(archive: Archive, run: Run, code: int, log: Path | None) -> None:
    """How the process of the crawl ended, in the alarm that says that it did."""
    how = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
    last = _last_line(log)
    message = f"the run of {run.started_at} did not come to its end: {how}" + (f", last words: {last}" if last else "")

    def work() -> None:
        archive.db.execute(
            "UPDATE alarms SET message = ? WHERE code = 'run_died' AND cleared_at IS NULL", [message[:300]]
        )

    _change(archive, work)


def _publish(plan: Plan, archive: Archive, run: Run) -> None:
    """Makes the published file anew after a run that went to its end, also where single pages are missing."""
    if not plan.options.publish or not run.went_to_its_end:
        return
    problem: str | None = None
    try:
        publish(plan.archive, place_of(plan.archive))
    except ArchiveBusy:
        return  # somebody else is at it
    except ArchiveError as error:
        problem = str(error)
    _change(archive, lambda: settle(archive.db, run, {"not_published": problem}))


def _report(plan: Plan, night: Night) -> Path | None:
    try:
        path = files.write_report(plan.archive, night.run.run_id, report_text(night), report_page(night))
        files.keep_newest_reports(plan.archive, plan.options.keep_reports)
    except OSError as error:
        _say(f"no report: {error.filename or files.reports_of(plan.archive)}: {error.strerror}")
        return None
    return path.absolute()


def _tell(plan: Plan, archive: Archive, message: Message) -> None:
    """Tells it, and notes that it was told if it reached somebody; else the next run tells it."""
    if _send(plan, message):
        _change(archive, lambda: note_told(archive.db, message.told))


def _send_unwritten(plan: Plan, run: Run | None, alarm: Alarm) -> None:
    """Tells of an alarm that the archive cannot keep; it is told on every night on which it is so."""
    told = Told((alarm,))
    _send(
        plan,
        Message(
            run.run_id if run else None,
            "not run" if run is None else run.verdict or "died",
            told,
            alarm_text(told, _NAME),
        ),
    )


def _send(plan: Plan, message: Message) -> bool:
    """Tells it on standard error and on every channel; whether somebody was reached."""
    click.echo(message.text, err=True, nl=False)
    results = dict(deliver(plan.channels, message))
    for problem in filter(None, results.values()):
        _say(f"not delivered: {problem}")
    return not results or None in results.values()


def _append(log: Path | None, text: str) -> None:
    if log is not None:
        try:
            with log.open("a", encoding="utf-8", errors="replace") as stream:
                stream.write(f"\n{text}")
        except OSError as error:
            _say(f"log: {error.strerror}")


def _last_line(log: Path | None) -> str:
    """The last words of the crawl."""
    if log is None:
        return ""
    try:
        with log.open("rb") as stream:
            stream.seek(max(log.stat().st_size - _TAIL, 0))
            lines = stream.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return printable(lines[-1].strip())[:200] if lines else ""


def _change(archive: Archive, work: Callable[[], Result]) -> Result:
    return write(archive.db, archive.path, work)


def _say(line: str) -> None:
    click.echo(printable(f"gongkai: {line}"), err=True)

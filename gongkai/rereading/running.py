"""A reread from the selection to the verdict: read, sum up, ask, write.

The archive is read while others may write to it, and locked only for the writing; until then nothing has happened.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import click

from archive import Archive, ArchiveBusy
from archive.reading import reading
from archive.rereading import Selection
from crawler.verdict import EXIT_CODES
from gongkai.printing import printable
from gongkai.progress import Progress
from gongkai.rereading.batches import Batch, batches_of, batches_with, count
from gongkai.rereading.comparing import Comparison, Summary
from gongkai.rereading.reading import Failed, Reread, reread_batch
from gongkai.rereading.showing import as_lines, as_object
from gongkai.rereading.spooling import Spool
from gongkai.rereading.writing import write
from gongkai.spreading.errors import Deserted
from gongkai.spreading.remote import hired
from gongkai.stopping import stoppable
from gongkai.workers import Died, WorkerError

Run: TypeAlias = Callable[[Iterable[Batch]], Iterable[tuple[Batch, "Reread | Died[Batch]"]]]
"""What has batches read, wherever that is: `Workers.run`, or a cluster's."""

_LOOK = 1.0
"""Seconds between two looks whether the archive is free."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read again, and what to do with it; the options of `gongkai reread`."""

    archive: Path
    selection: Selection
    workers: int = 0
    yes: bool = False
    dry_run: bool = False
    as_json: bool = False
    scheduler: str | None = None


def run_reread(plan: Plan) -> int:
    """Reads again, says what would change, and writes it if that is wanted. Returns the exit code.

    Raises ArchiveError, and SpreadingError where the scheduler's workers cannot be had.
    """
    with stoppable():
        try:
            with hired(reread_batch, plan.workers, plan.scheduler, plan.archive.resolve().parent) as workers:
                return reread(plan, workers.run)
        except Deserted as error:
            _say(f"gongkai: {error}; nothing is written")
            return EXIT_CODES["cut_short"]
        except WorkerError as error:
            _say(f"gongkai: {error.line}; nothing is written")
            return EXIT_CODES["cut_short"]
        except KeyboardInterrupt:
            _say("gongkai: stopped; what was not written is read again the next time")
            return EXIT_CODES["stopped"]


def reread(plan: Plan, run: Run) -> int:
    """The same, read by whoever runs batches."""
    with Spool(plan.archive) as spool:
        summary = read_into(spool, plan, run)
        for line in as_lines(summary):
            _say(line)
        if plan.as_json:
            click.echo(json.dumps(as_object(summary), ensure_ascii=False))
        if plan.dry_run or not summary.captures:
            return EXIT_CODES["incomplete" if summary.failed.count else "ok"]
        if summary.captures == summary.failed.count or not _is_wanted(plan, summary):
            return EXIT_CODES["incomplete"]
        return _write(plan.archive, spool, summary)


def read_into(spool: Spool, plan: Plan, run: Run) -> Summary:
    """Reads all that is selected into the spool, and after it what would be bereft by it. Sums up what would change."""
    summary = Summary()
    with Progress(count(plan.archive, plan.selection), "captures") as progress:
        for answer in answers(batches_of(plan.archive, plan.selection), run):
            spool.add(answer)
            summary.add(answer)
            progress.more(answer.captures)
    with reading(plan.archive) as db:
        comparison = Comparison(db, summary)
        for answer in spool.answers():
            for one in (one for unit in answer.changed for one in unit):
                comparison.add(one)
    for answer in answers(batches_with(plan.archive, sorted(comparison.bereft)), run):
        spool.add(answer)
        for failure in answer.failed:
            summary.fail(failure)
    return summary


def answers(batches: Iterable[Batch], run: Run) -> Iterator[Reread]:
    """The answers to batches. Where a process died of one, its pages are read one by one, and what kills again is
    named."""
    deadly: list[Batch] = []
    for batch, answer in run(batches):
        if isinstance(answer, Died):
            deadly.append(batch)
        else:
            yield answer
    for batch, answer in run([one for several in deadly for one in several.singly()]):
        yield _failed(batch, answer) if isinstance(answer, Died) else answer


def _failed(batch: Batch, died: Died[Batch]) -> Reread:
    """The reader died twice: of which of the files of a page it died, nobody knows."""
    why = "too_slow: reading took all the time of the processor that it may have"
    if died.exit_code != -signal.SIGXCPU:
        why = "reader_died: the reader process died on it, or on a file of the same page"
    pieces = [piece for unit in batch.units for piece in unit.pieces]
    return Reread(failed=tuple(Failed(piece.capture_id, piece.url, why) for piece in pieces))


def _is_wanted(plan: Plan, summary: Summary) -> bool:
    if plan.yes:
        return True
    if not sys.stdin.isatty():
        _say("not written: nobody is here to be asked; --yes writes without asking")
        return False
    question = "Write this?" if summary.changed else "Note that all is as it was?"
    return click.confirm(question, err=True)


def _write(path: Path, spool: Spool, summary: Summary) -> int:
    with Archive.open(path) as archive, _held(archive):
        run_id = archive.begin_run("reread")
        counts = {"captures": summary.captures, "as_before": summary.same}
        try:
            found = write(archive, spool.answers(), summary)
        except KeyboardInterrupt:
            archive.finish_run(run_id, "stopped", EXIT_CODES["stopped"], counts)
            raise
        counts |= {name.replace(" ", "_"): number for name, number in found.items()}
        counts |= {"failed": summary.failed.count, "reports": summary.reports}
        verdict = "incomplete" if summary.failed.count or found["changed meanwhile"] else "ok"
        archive.finish_run(run_id, verdict, EXIT_CODES[verdict], counts)
    _say(f"written   {found['filed']} captures")
    if found["changed meanwhile"]:
        _say(f"left      {found['changed meanwhile']} captures that somebody else has filed meanwhile")
    return EXIT_CODES[verdict]


@contextmanager
def _held(archive: Archive) -> Iterator[None]:
    """The lock of the archive, as soon as it is free: an hour's reading is not thrown away for a night's crawl."""
    with ExitStack() as held:
        is_told = False
        while True:
            try:
                held.enter_context(archive.lock())
                break
            except ArchiveBusy as busy:
                if not is_told:
                    _say(f"waiting   {busy}")
                is_told = True
                time.sleep(_LOOK)
        yield


def _say(line: str) -> None:
    click.echo(printable(line), err=True)

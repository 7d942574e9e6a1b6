"""`gongkai import` from the lock to the last line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from archive import Archive, ArchiveError
from crawler.portals import read_portals
from crawler.room import too_little
from crawler.verdict import exit_code
from gongkai.amounts import shown
from gongkai.importing.filing import Tally
from gongkai.importing.running import STDIN, Ended, Import
from gongkai.importing.scanning import Slip, Task, work
from gongkai.importing.trust import Hosts
from gongkai.printing import printable
from gongkai.spreading.errors import Deserted
from gongkai.spreading.remote import hired
from gongkai.stopping import stoppable
from gongkai.workers import Staff, Workers

_WORDS = {
    "new": "new",
    "revised": "revised",
    "unchanged": "seen once more",
    "twin": "under a further address",
    "mirror": "copies that are believed less",
    "upgraded": "now from a better source",
    "refused": "without agency or year",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to import and where to put it; the options of `gongkai import`."""

    sources: tuple[str, ...]
    archive: Path
    portals: Path
    workers: int = 0
    again: bool = False
    scheduler: str | None = None
    floor: float = 0
    """Bytes of free disk below which the import ends."""

    @property
    def places(self) -> list[Path]:
        """The sources but standard input, as other machines find them, too."""
        return [Path(source).resolve() for source in self.sources if source != STDIN]


def run_import(plan: Plan) -> str:
    """Imports, and prints what came of it to stderr; returns the verdict, of `crawler.verdict.EXIT_CODES`.

    A source that cannot be used is named, and the others come in. Raises PortalsError, SpreadingError and ArchiveError
    before anything is written, ArchiveError when the archive fails on the way.
    """
    hosts = Hosts(read_portals(plan.portals))
    if low := too_little(plan.archive, plan.floor):
        raise low
    with stoppable():
        try:
            return _import(plan, hosts)
        except KeyboardInterrupt:  # before the run began, or when it had ended
            return _stopped()


def _import(plan: Plan, hosts: Hosts) -> str:
    """The same, but for a signal while there is no run: raises KeyboardInterrupt."""
    total = sum(_size(Path(source)) for source in plan.sources if source != STDIN)
    whole = Tally()
    with _ready(plan) as (archive, workers):
        run_id = archive.begin_run("import")
        verdict = "cut_short"
        try:
            with shown("importing", total) as told:
                importing = Import(
                    archive,
                    hosts,
                    run_id=run_id,
                    workers=workers,
                    again=plan.again,
                    floor=plan.floor,
                    tell=_warn,
                    told=told,
                )
                for source in map(str, plan.places) if plan.scheduler else plan.sources:
                    for ended in importing.source(source):
                        whole.add(ended.tally)
                        _say(_line(ended))
            verdict = "ok" if whole.is_whole else "incomplete"
        except Deserted as error:
            _warn(f"{error}; run it again to go on")
        except KeyboardInterrupt:
            verdict = _stopped()
        except BaseException as error:
            verdict = "archive" if isinstance(error, ArchiveError) else verdict
            with suppress(ArchiveError):  # which may be what is the matter
                archive.finish_run(run_id, verdict, exit_code(verdict), whole.counts())
            raise
        archive.finish_run(run_id, verdict, exit_code(verdict), whole.counts())
        totals = archive.totals()
    _say(_result(whole, totals, plan.archive))
    _say(f"verdict   {verdict}")
    return verdict


@contextmanager
def _ready(plan: Plan) -> Iterator[tuple[Archive, Staff[Task, Slip]]]:
    """The archive, which is locked, and who does the work: processes of this machine are there before it is open."""
    with ExitStack() as held:
        own = None if plan.scheduler else held.enter_context(Workers(work, plan.workers))
        if own is not None:
            own.fork()
        archive = held.enter_context(Archive.open(plan.archive))
        held.enter_context(archive.lock())
        folder = plan.archive.resolve().parent
        yield archive, own or held.enter_context(hired(work, plan.workers, plan.scheduler, folder, plan.places))


def _stopped() -> str:
    _warn("stopped; run it again to go on")
    return "stopped"


def _size(path: Path) -> int:
    """Bytes, for the bar: what cannot be looked into is told of where it is read."""
    if not path.is_dir():
        return path.stat().st_size
    size = 0
    for place, _, names in os.walk(path):
        for name in names:
            with suppress(OSError):
                size += Path(place, name).stat().st_size
    return size


def _line(ended: Ended) -> str:
    tally = ended.tally
    if ended.before:
        return f"{ended.name}: done before, {tally.known:,} reports in {tally.records:,} records"
    return f"{ended.name}: {tally.records:,} records, {tally.passed:,} may be reports: {_reports(tally)}"


def _reports(tally: Tally) -> str:
    parts = [f"{tally.outcomes[name]:,} {words}" for name, words in _WORDS.items() if tally.outcomes[name]]
    parts += [f"{tally.known:,} known already"] if tally.known else []
    parts += [f"{tally.unread:,} not read"] if tally.unread else []
    parts += [f"{tally.not_stored:,} not stored"] if tally.not_stored else []
    parts += [f"{tally.damaged:,} damaged"] if tally.damaged else []
    return ", ".join(parts) or "no report"


def _result(tally: Tally, totals: dict[str, int], archive: Path) -> str:
    return (
        f"imported  {_reports(tally)}\n"
        f"archive   {archive}: {totals['reports']:,} reports of {totals['agencies']:,} agencies,"
        f" {totals['figures']:,} figures, {totals['issues']:,} open issues"
    )


def _say(line: str) -> None:
    tqdm.write(printable(line), file=sys.stderr)


def _warn(line: str) -> None:
    _say(f"gongkai: {line}")

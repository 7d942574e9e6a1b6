"""A crawl on many machines: handed out in parts, each joined to the archive when it is done.

Official portals come first, mirrors when all of these are joined, as in a crawl on one machine: a copy is to meet the
report that it copies. The archive is held by this program all the time; workers write to parts only. Whatever ends it,
nothing is lost: the next such crawl first joins what parts of this one are there.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

import click

from archive import Archive, ArchiveBusy, ArchiveError, ArchiveFailing
from archive.database import spoken
from archive.portions import cut
from crawler.options import MEGABYTE, load_options
from crawler.portals import Portal
from crawler.room import too_little
from crawler.spiders.reports import asked_portals
from crawler.verdict import exit_code
from gongkai.crawling import Crawl, Crawled, portals_file, settings_of, tell
from gongkai.merging import Room, read_unread
from gongkai.printing import printable
from gongkai.progress import Progress
from gongkai.spreading.connecting import Cluster, connected
from gongkai.spreading.dividing import divided, host_of
from gongkai.spreading.errors import Deserted
from gongkai.spreading.gathering import Gathering, join
from gongkai.spreading.handing import Handing
from gongkai.spreading.parts import Part, Run, Task
from gongkai.spreading.working import crawl_part
from gongkai.stopping import stoppable
from gongkai.workers import Workers

_GIVEN = ("contact", "delay", "request_budget", "workers", "recheck_days", "disk_floor_mb")
"""Settings of gongkai.toml that a crawl goes by."""

_OURS = frozenset({"GONGKAI_PORTALS", "GONGKAI_ARCHIVE", "GONGKAI_PORTAL", "GONGKAI_DRY_RUN", "GONGKAI_TURNS"})
"""Settings that are another for each part."""

_SHOWN = 5


def run_spread_crawl(plan: Crawl, address: str) -> int:
    """Crawl with the workers of the scheduler at that address; says and returns what a crawl here would.

    Raises PortalsError, OptionsError and SpreadingError for what cannot be carried out.
    """
    with stoppable():
        try:
            return _spread_crawl(plan, address)
        except KeyboardInterrupt:  # before parts are handed out, or when all is done
            click.echo("gongkai: stopped; run it again to go on", err=True)
            return exit_code("stopped")


def _spread_crawl(plan: Crawl, address: str) -> int:
    """The same, but for a signal while nobody works on a part: raises KeyboardInterrupt."""
    with portals_file(plan) as file, ExitStack() as held:
        settings = settings_of(plan, file)
        portals = asked_portals(settings)
        try:
            low = too_little(plan.archive, settings.getfloat("GONGKAI_DISK_FLOOR_MB") * MEGABYTE)
            if low:
                raise low
            archive = held.enter_context(Archive.open(plan.archive))
            held.enter_context(archive.lock())
            cluster = held.enter_context(connected(address, plan.archive.resolve().parent))
            room = held.enter_context(Workers(read_unread, 1))
            left_out = _join_left(archive, room)
            gathering = Gathering.begun(archive, room, portals)
            gathering.left_out += left_out
        except ArchiveError as error:
            click.echo(printable(f"gongkai: {error}"), err=True)
            return exit_code("busy" if isinstance(error, ArchiveBusy) else "archive")
        with _listening(gathering):
            crawled = _crawl(plan, gathering, cluster, file, portals)
    _tell_left_out(gathering.left_out, Run.folder_of(plan.archive))
    return tell(plan, crawled)


def _join_left(archive: Archive, room: Room) -> list[str]:
    """Joins what is left of runs whose coordinator died; lines on what could not be joined, whose parts are kept.

    Raises ArchiveFailing, and ArchiveBusy while a worker is at one of them.
    """
    left_out: list[str] = []
    for left in Run.left(archive.path):
        click.echo(printable(f"joining what is left of run {left.number}"), err=True)
        with left.held():
            left.stop()
            run_id = left.number if archive.db.table("runs").count_where("run_id = ?", [left.number]) else None
            for part in left.parts():
                missing = _missing_of(archive, room, part, run_id)
                left_out += missing
                if not missing:
                    part.remove()
            if not left.parts():
                left.remove()
    return left_out


def _missing_of(archive: Archive, room: Room, part: Part, run_id: int | None) -> Sequence[str]:
    """Joins a part that is left; lines on what of it could not be."""
    try:
        return join(archive, room, part, run_id).left_out
    except (ArchiveBusy, ArchiveFailing):
        raise
    except ArchiveError as error:  # it was just being made, or is damaged
        return [f"not joined: {error}"] if part.said.exists() else ()


def _crawl(plan: Crawl, gathering: Gathering, cluster: Cluster, file: Path, portals: Sequence[Portal]) -> Crawled:
    archive, run = gathering.archive, gathering.run
    totals: dict[str, int] = {}
    try:
        with run.held(), spoken(run.folder):
            _require_empty(run)
            run.portals.write_bytes(file.read_bytes())
            _hand_out(plan, gathering, cluster, portals)
            if not run.parts():
                run.remove()
        verdict = gathering.verdict
        archive.finish_run(gathering.run_id, verdict, exit_code(verdict), gathering.counts())
        totals = archive.totals()
    except ArchiveError as error:  # a run without an end, as if it had been killed: the next one says so
        gathering.problem = gathering.problem or error
    return Crawled(gathering.verdict, gathering.tallies, totals, gathering.problem)


def _require_empty(run: Run) -> None:
    """Raises ArchiveError for a restored archive that counts on to a run of which parts were kept."""
    if run.parts():
        raise ArchiveError(f"{run.folder}: has parts of another run of that number; take them away")


def _hand_out(plan: Crawl, gathering: Gathering, cluster: Cluster, portals: Sequence[Portal]) -> None:
    """Raises ArchiveError when the archive takes no more."""
    columns = _hosts_of_columns(gathering.archive)
    numbers = iter(range(1, len(portals) + 1))
    with Progress(len(portals), "portals") as progress:
        for is_mirror in (False, True):
            chosen = [portal for portal in portals if (portal.trust == "mirror") == is_mirror]
            divisions = divided(chosen, cluster.places(), lambda portal: columns.get(portal.portal_id, ()))
            tasks = (str(_prepared(plan, gathering, next(numbers), division).folder) for division in divisions)
            handing: Handing[str, None] = Handing(cluster, crawl_part, lambda: gathering.is_over)
            try:
                for folder, answer in handing.as_done(tasks):
                    progress.more(gathering.take(Part(Path(folder)), answer))
            except Deserted as error:
                _end_without(gathering, error)
                return


def _prepared(plan: Crawl, gathering: Gathering, number: int, portals: Sequence[Portal]) -> Part:
    """The folder of a part, with all that the archive knows of its portals."""
    part = gathering.run.part(number)
    part.folder.mkdir()
    options = load_options()
    settings = {"DOWNLOAD_DELAY": "0", "AUTOTHROTTLE_ENABLED": "False"} if plan.sample else {}
    settings |= {name: value for name, value in plan.settings.items() if name not in _OURS}
    given = {f"GONGKAI_{name.upper()}": str(getattr(options, name)) for name in _GIVEN}
    only = tuple(portal.portal_id for portal in portals)
    part.set_task(Task(only, plan.limit, plan.since, settings, given))
    cut(gathering.archive, only, part.archive)
    return part


def _end_without(gathering: Gathering, error: Deserted) -> None:
    """Nobody tells any more what becomes of the parts: they are stopped, and what there is of them is joined."""
    click.echo(printable(f"gongkai: {error}"), err=True)
    gathering.reasons.add("cut_short")
    gathering.run.stop()
    for part in gathering.run.parts():
        if part.folder not in gathering.kept:
            gathering.take(part, None)


def _tell_left_out(lines: Sequence[str], folder: Path) -> None:
    for line in lines[:_SHOWN]:
        click.echo(printable(f"gongkai: {line}"), err=True)
    if lines:
        more = f"{len(lines) - _SHOWN} more; " if len(lines) > _SHOWN else ""
        click.echo(printable(f"gongkai: {more}parts of which something is missing are kept in {folder}"), err=True)


def _hosts_of_columns(archive: Archive) -> dict[str, set[str]]:
    """The hosts on which portals were seen to keep their reports."""
    hosts: dict[str, set[str]] = {}
    for portal_id, url in archive.db.execute("SELECT portal_id, url FROM columns").fetchall():
        hosts.setdefault(portal_id, set()).add(host_of(url))
    return hosts


@contextmanager
def _listening(gathering: Gathering) -> Iterator[None]:
    """A first signal ends the crawl in order; a second one at once, and what there is of parts is joined next time."""

    def stop(number: int, frame: FrameType | None) -> None:
        gathering.signals += 1
        if gathering.signals > 1:
            raise SystemExit(exit_code("stopped"))
        gathering.run.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

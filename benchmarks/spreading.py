"""What it costs to hand work out: a crawl and a reread by three Dask workers beside the same by one process here.

Scheduler, workers and coordinator are processes of one machine, so that nothing can be faster for it: what counts is
the time of the processor, and who spends it. The coordinator joins the parts of a crawl one after the other; how much
of it a report takes says how many machines one coordinator can feed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from archive.reading import reading
from benchmarks.portals import SEED, WatchedPortal
from crawler.portals import write_portals
from gongkai.spreading.connecting import connected
from gongkai.spreading.remote import RemoteWorkers
from tests.crawler.crashes import FAST
from tests.crawler.processes import family
from tests.gongkai.cluster import Cluster

_MOST = 0.5
_TASKS = 500
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Run:
    """What a command took, in seconds: of the clock, of the processor by itself, and by the workers of the cluster."""

    clock: float
    coordinator: float
    workers: float

    @property
    def all(self) -> float:
        return self.coordinator + self.workers


def main(argv: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portals", type=int, default=24, help="replicas to crawl")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="gongkai-") as name:
        folder = Path(name)
        with WatchedPortal(SEED, args.portals) as portal, Cluster(folder / "dask") as cluster:
            rows = folder / "portals.csv"
            with rows.open("w", encoding="utf-8", newline="") as stream:
                write_portals(stream, portal.portals())
            crawl = ("crawl", "--portals", str(rows), *FAST, "-s", "GONGKAI_WORKERS=1")
            here, there = folder / "here" / "archive.db", folder / "there" / "archive.db"
            local = _run(cluster, *crawl, "--archive", str(here))
            spread = _run(cluster, *crawl, "--archive", str(there), "--scheduler", cluster.address)
            most = max(portal.most.values())
            again = ("reread", "--dry-run", "--archive", str(here))
            read_local = _run(cluster, *again, "--workers", "1")
            read_spread = _run(cluster, *again, "--scheduler", cluster.address)
            task = _empty_tasks(cluster, folder)
        reports, captures = _counts(here)
        assert (reports, captures) == _counts(there), "another result than here"
        told = f"{args.portals} portals, {reports:,} reports, {captures:,} captures, {_bytes(here) / reports:,.0f}"
        print(f"{told} bytes of archive and WARC a report; at most {most} request at once to a host\n")
    _table("crawl", "report", reports, local, spread)
    _table("reread", "capture", captures, read_local, read_spread)
    crawled = spread.coordinator / local.all
    print(f"a task that does nothing costs the coordinator {task * 1e3:.1f} ms of the processor")
    print(f"reread: the coordinator takes {read_spread.coordinator / read_local.all:.2f} of what reading here takes")
    print(f"ratio: {crawled:.2f} of the processor time of a crawl is the coordinator's (at most {_MOST})")
    return 0 if crawled <= _MOST and most == 1 else 1


def _run(cluster: Cluster, *words: str) -> Run:
    began, before = time.monotonic(), _processor(worker.pid for worker in cluster.workers)
    environment = os.environ | {"GONGKAI_PUBLISH": "false"}
    process = subprocess.Popen([sys.executable, "-m", "gongkai", *words], stderr=subprocess.PIPE, env=environment)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(said.decode())
    workers = _processor(worker.pid for worker in cluster.workers) - before
    return Run(time.monotonic() - began, used.ru_utime + used.ru_stime, workers)


def _empty_tasks(cluster: Cluster, folder: Path) -> float:
    """Seconds of the processor that handing out one task takes here, and getting its answer from a confined process."""
    with connected(cluster.address, folder) as reached:
        workers = RemoteWorkers(abs, reached)
        list(workers.run(range(10)))
        began = time.process_time()
        assert len([*workers.run(range(_TASKS))]) == _TASKS
        return (time.process_time() - began) / _TASKS


def _processor(leaders: Iterable[int]) -> float:
    """Seconds that processes, and what they have started, have used so far."""
    ticks = 0
    for pid in (pid for leader in leaders for pid in family(leader)):
        try:
            cells = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, cells[11:15]))  # of its own, and of children that have ended
    return ticks / _TICK


def _counts(archive: Path) -> tuple[int, int]:
    with reading(archive) as db:
        reports = db.execute("SELECT count(*) FROM reports").fetchone()[0]
        return reports, db.execute("SELECT count(*) FROM captures").fetchone()[0]


def _bytes(archive: Path) -> int:
    return archive.stat().st_size + sum(file.stat().st_size for file in (archive.parent / "warc").iterdir())


def _table(what: str, unit: str, count: int, local: Run, spread: Run) -> None:
    print(f"{what:24} {'here':>10} {'handed out':>12}")
    print(f"{'seconds':24} {local.clock:10.1f} {spread.clock:12.1f}")
    print(f"{'processor, all':24} {local.all:10.1f} {spread.all:12.1f}")
    print(f"{'  of the coordinator':24} {local.coordinator:10.1f} {spread.coordinator:12.1f}")
    print(f"{f'    ms a {unit}':24} {local.coordinator / count * 1e3:10.1f} {spread.coordinator / count * 1e3:12.1f}\n")


if __name__ == "__main__":
    sys.exit(main())

"""How much faster an archive is read again by two workers than by one, and what it costs who hands out the work.

    python -m benchmarks.rereading [--captures 10000] [--rounds 3]

The archive holds invented reports, each of an agency and a year of its own, as the pages of sites (WARC,
`Archive.file`); to make it is not measured. `gongkai reread` reads all of it with one and with two workers in turn,
from the start of the process to the last note that all is as it was. Then a tenth of the captures is filed as an
earlier reader might have read them, with another title, and read again: each is compared, and written with its history.
Memory is that of all processes together (shared pages counted in parts), sampled while they run.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from statistics import median

from archive import Archive, Exchange
from archive.captured import Origin
from archive.rereading import Selection
from benchmarks.portals import _memory
from crawler.sample_portal import documents
from crawler.sample_portal.chrome import Chrome
from crawler.sample_portal.invented import plan
from crawler.sample_portal.site import DOMAIN
from gongkai.rereading.comparing import Summary
from gongkai.rereading.reading import reread_batch
from gongkai.rereading.running import Plan, read_into
from gongkai.rereading.spooling import Spool
from gongkai.rereading.writing import write
from gongkai.workers import Workers, read_within
from pipelines.model import Capture, Context, Reading

_LEAST, _MOST = 1.6, 1.15
"""Times the rate of one worker that two must have; times the memory of a tenth that the whole may take."""

_OFF_A_SITE = 100
_TOGETHER = 200
_TENTH = "tenth"
"""The portal on which every tenth page lies."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is a report, by its address."""

    url: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """What a reread took: seconds of the clock, and of the processor by who used them."""

    captures: int
    same: int
    clock: float
    parent: float
    writer: float
    workers: float

    @property
    def rate(self) -> float:
        return self.captures / self.clock


def pages() -> Iterator[Page]:
    """Reports without end."""
    number = 0
    while True:
        number += 1
        made = plan(11, "trs", number, number, 0, DOMAIN, _OFF_A_SITE)
        column = "/zwgk/zfxxgk/zfxxgknb/"
        frame = Chrome(made.name, "政府信息公开年报", column, made.name)
        for fact in made.facts:
            document = documents.report(fact)
            page = frame.article(document, f'<div class="TRS_Editor">\n{document.body}\n</div>')
            yield Page(f"http://site-{number}.example{column}t{fact.number}.html", page.encode())


def read(page: Page) -> tuple[Reading, ...]:
    """What is filed of a page."""
    return read_within(Capture(page.body, page.url, "text/html; charset=utf-8"), Context())


def make(path: Path, captures: int) -> int:
    """The archive; returns how many bytes its pages have."""
    size = 0
    with Archive.open(path) as archive, Workers(read) as workers:
        answers = enumerate(workers.run(islice(pages(), captures)))
        while some := list(islice(answers, _TOGETHER)):
            with archive.together():
                for number, (page, readings) in some:
                    portal = "p" if number % 10 else _TENTH
                    headers = (("Content-Type", "text/html; charset=utf-8"),)
                    exchange = Exchange(page.url, headers=headers, body=page.body, fetched_at="2025-02-01T02:00:00Z")
                    capture = archive.keep(exchange, run_id=None, portal_id=portal)
                    assert isinstance(readings, tuple), readings
                    archive.file(capture, readings, Origin("official", portal), whole=True)
                    size += len(page.body)
    return size


def reread(path: Path, selection: Selection, workers: int) -> Taken:
    """All of a reread but the question; to be called in a process of its own."""
    began = time.perf_counter()
    started = time.process_time()
    with Spool(path) as spool:
        with Workers(reread_batch, workers) as readers:
            summary: Summary = read_into(spool, Plan(path, selection, workers), readers.run)
        parent = time.process_time()
        with Archive.open(path) as archive, archive.lock():
            write(archive, spool.answers(), summary)
    clock = time.perf_counter() - began
    of_workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Taken(
        summary.captures,
        summary.same,
        clock,
        parent - started,
        time.process_time() - parent,
        of_workers.ru_utime + of_workers.ru_stime,
    )


def measure(path: Path, portals: tuple[str, ...], workers: int) -> tuple[Taken, int]:
    """One reread, and the peak of memory in bytes."""
    command = [sys.executable, "-m", "benchmarks.rereading", "--of", str(path), str(workers), *portals]
    peak = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        while running.poll() is None:
            peak = max(peak, _memory(running.pid))
            time.sleep(0.2)
        assert running.stdout is not None
        said = running.stdout.read()
    return Taken(**json.loads(said)), peak


def compare(path: Path, rounds: int) -> bool:
    """Prints what was measured; whether the bounds are kept."""
    taken: dict[int, list[Taken]] = {1: [], 2: []}
    peaks: list[int] = []
    for number in range(rounds):
        for workers in (1, 2) if number % 2 == 0 else (2, 1):
            one, peak = measure(path, (), workers)
            assert one.same == one.captures, one
            taken[workers].append(one)
            peaks += [peak] if workers == 2 else []
    small, tenth = measure(path, (_TENTH,), 2)
    rates = {workers: median(one.rate for one in found) for workers, found in taken.items()}
    print(f"{'workers':>9} {'a second':>9} {'seconds':>9}   processor: {'parent':>7} {'writer':>7} {'workers':>8}")
    for workers, found in taken.items():
        print(
            f"{workers:9} {rates[workers]:9.0f} {median(one.clock for one in found):9.1f}  "
            f"{median(one.parent for one in found):18.1f} {median(one.writer for one in found):7.1f}"
            f" {median(one.workers for one in found):8.1f}"
        )
    print(f"peak memory with two workers: {tenth / 1e6:.0f} MB for {small.captures:,} captures, "
          f"{median(peaks) / 1e6:.0f} MB for {taken[2][0].captures:,}")  # fmt: skip
    _age(path)
    changed, peak = measure(path, (_TENTH,), 2)
    assert changed.same == 0, changed
    print(
        f"read otherwise: {changed.captures:,} captures, {changed.rate:.0f} a second with two workers; "
        f"{1000 * changed.parent / changed.captures:.1f} ms of the parent to read and compare one, "
        f"{1000 * changed.writer / changed.captures:.1f} ms to write it; peak {peak / 1e6:.0f} MB"
    )
    ratio, memory = rates[2] / rates[1], median(peaks) / tenth
    print(f"ratio: two workers {ratio:.2f} times as fast as one (at least {_LEAST}); "
          f"{memory:.2f} times the memory for ten times the captures (at most {_MOST})")  # fmt: skip
    return ratio >= _LEAST and memory <= _MOST


def _age(path: Path) -> None:
    """A tenth of the captures as an earlier reader would have left them."""
    with Archive.open(path) as archive:
        these = "(SELECT capture_id FROM captures_read WHERE portal_id = ?)"
        archive.db.execute(f"UPDATE captures_read SET digest = 'earlier' WHERE capture_id IN {these}", [_TENTH])
        archive.db.execute(
            "UPDATE report_readings SET title = '年度报告', reading_digest = 'earlier' WHERE report_id IN"
            f" (SELECT report_id FROM report_revisions WHERE capture_id IN {these})",
            [_TENTH],
        )


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--captures", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--of", nargs="+", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.of:
        path, workers, *portals = args.of
        print(json.dumps(asdict(reread(Path(path), Selection(portals=tuple(portals)), int(workers)))))
        return 0
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        path = Path(folder) / "archive.db"
        size = make(path, args.captures)
        print(
            f"{args.captures:,} captures of {size // args.captures:,} bytes, {args.rounds} rounds, "
            f"{os.cpu_count()} cores",
            flush=True,
        )
        return 0 if compare(path, args.rounds) else 1


if __name__ == "__main__":
    sys.exit(main())

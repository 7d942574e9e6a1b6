"""The command: makes the archive, takes the times, counts what was found."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import benchmarks.importing as about
from archive.incoming import Scanned, Slice, records_of, slices_of
from benchmarks.importing.command import imported, recall
from benchmarks.importing.pages import in_encoding, page, portal
from pipelines.sieve import may_be_report
from tests.generate.documents import Document, build
from tests.generate.recipes import Recipe, make_recipe

RECORDS, ONE_IN, PORTALS, SEED = 200_000, 200, 120, 7
PROCESSES = 2
BOUND = 1.5
"""Times as long as iterating that an import may take."""
_ENCODINGS = {"utf-8": "", "gb18030": "gb18030_as_gb2312", "big5hkscs": "big5"}
_BATCH = 5000
_CHARSETS = {"utf-8": "utf-8", "gb18030": "gb2312", "big5hkscs": "big5"}


def make(folder: Path, records: int = RECORDS) -> Path:
    """The archive of so many records in a folder, made if it is not there."""
    path = folder / f"portals-{records}.warc.gz"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    growing = path.with_suffix(".part")
    with growing.open("wb") as file, ProcessPoolExecutor(PROCESSES) as pool:
        starts = range(0, records, _BATCH)
        for batch in pool.map(_batch, starts, [min(_BATCH, records - start) for start in starts]):
            file.write(batch)
    growing.rename(path)
    return path


def _batch(start: int, count: int) -> bytes:
    return b"".join(_record(number) for number in range(start, start + count))


def is_report(number: int) -> bool:
    """Whether the record of that number holds a report."""
    return number % ONE_IN == ONE_IN // 2


def report(number: int) -> tuple[str, Document]:
    """(address, document) of the record of that number."""
    home = portal(random.Random(f"{SEED} {number}").randrange(PORTALS))
    encoding = list(_ENCODINGS)[number % 3]
    return f"http://{home.host}/nb/t{number}.html", build(_recipe(number, _ENCODINGS[encoding]))


def _record(number: int) -> bytes:
    encoding = list(_ENCODINGS)[number % 3]
    home = portal(random.Random(f"{SEED} {number}").randrange(PORTALS))
    if is_report(number):
        address, document = report(number)
        body = document.data
    else:
        address, source = page(home, number)
        body = in_encoding(source, encoding)
    answer = (
        f"HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Tue, 02 Jan 2024 03:04:05 GMT\r\nContent-Type: text/html; "
        f"charset={_CHARSETS[encoding]}\r\nConnection: keep-alive\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
        f"WARC-Date: 2024-01-02T03:04:05Z\r\nWARC-Target-URI: {address}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    ).encode()
    packed = zlib.compressobj(6, wbits=16 + zlib.MAX_WBITS)
    return packed.compress(head + answer + b"\r\n\r\n") + packed.flush()


def _recipe(number: int, characters: str) -> Recipe:
    """A report on a web page with tables, plain but for its encoding."""
    chosen = 900_000 + number // ONE_IN * 20
    while (recipe := make_recipe(chosen)).family != "html" or recipe.kind != "tables":
        chosen += 1
    return recipe.having("characters", characters) if characters else recipe.without("characters")


@dataclass(frozen=True, slots=True)
class Timing:
    """The median seconds of one way through the archive, on the clock and of all processors together."""

    name: str
    wall: float
    cpu: float


def timed(name: str, walk: Callable[[], object], rounds: int) -> Timing:
    """Walks through the archive several times."""
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), _cpu()
        walk()
        walls.append(time.perf_counter() - wall)
        cpus.append(_cpu() - cpu)
    return Timing(name, statistics.median(walls), statistics.median(cpus))


def _cpu() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def iterated(path: Path) -> int:
    """The records of an archive as fastwarc gives them, its defaults and nothing done with them: the bar."""
    from fastwarc.warc import ArchiveIterator

    return sum(1 for _ in ArchiveIterator(str(path)))


def scanned(piece: Slice) -> tuple[Scanned, set[int]]:
    """What a scan of a slice saw, and the numbers of the records that passed the filter."""
    seen = Scanned()
    passed = {int(found.record_id[-13:-1]) for found in records_of(piece, keep=may_be_report, scanned=seen)}
    return seen, passed


def scanned_by(path: Path, processes: int) -> set[int]:
    """The same of a whole archive, by slices in several processes."""
    with ProcessPoolExecutor(processes) as pool:
        return set().union(*(passed for _, passed in pool.map(scanned, slices_of(path))))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=about.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    path = make(args.folder, args.records)
    seen, passed = scanned(Slice(str(path)))
    reports = set(filter(is_report, range(args.records)))
    print(f"{path.name}: {path.stat().st_size:,} bytes, {seen.records:,} records, {len(reports):,} reports")
    print(f"{seen.body_bytes / seen.documents:,.0f} bytes a page; passed: {len(passed & reports):,} reports, ", end="")
    print(f"{len(passed - reports):,} other pages ({len(passed - reports) / args.records:.3%})\n")
    ways = {
        "iterating": partial(iterated, path),
        "scan and filter": partial(scanned, Slice(str(path))),
        f"the same, {PROCESSES} processes": partial(scanned_by, path, PROCESSES),
    }
    timings = [timed(name, walk, args.rounds) for name, walk in ways.items()]
    archive = args.folder / "archive" / "archive.db"
    runs = [imported(path, archive, PROCESSES) for _ in range(args.rounds)]
    wall, cpu = (statistics.median(getattr(run, name) for run in runs) for name in ("wall", "cpu"))
    timings.append(Timing(f"gongkai import, {PROCESSES} workers", wall, cpu))
    print(f"{'':28}{'seconds':>9}{'of iterating':>14}{'CPU':>9}{'of iterating':>14}")
    for timing in timings:
        walls, cpus = timing.wall / timings[0].wall, timing.cpu / timings[0].cpu
        print(f"{timing.name:28}{timing.wall:9.2f}{walls:14.2f}{timing.cpu:9.2f}{cpus:14.2f}")
    made, found, right = recall(archive, ((url, document.gold[0]) for url, document in map(report, sorted(reports))))
    print(f"\nreports in the archive: {found:,} of {made:,}; {right:,} with agency, year and every figure as made")
    print(f"memory of the command and its workers at most: {max(run.memory for run in runs):,.0f} MB")
    ratio = wall / timings[0].wall
    print(f"ratio: {ratio:.2f} times as long as merely iterating (bound {BOUND}); recall {found / made:.1%}")
    return int(not reports <= passed or found < made or ratio > BOUND)


if __name__ == "__main__":
    sys.exit(main())

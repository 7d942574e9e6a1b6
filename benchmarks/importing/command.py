"""`gongkai import` as a benchmark sees it: what it takes, and whether everything is there that was to be found."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from tests.generate.gold import Gold

_EVERY = 0.5
"""Seconds between two looks at the memory of a command: each takes 7 ms, in which it is held up."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a command took: seconds of the clock and of all processors, and the most megabytes that it and the
    processes below it held at once."""

    wall: float
    cpu: float
    memory: float


def run(command: list[str]) -> Run:
    """Runs a command to its end, and ends this program with what it said when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started, most, over = time.perf_counter(), [0.0], Event()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    watch = Thread(target=_watch, args=(process.pid, most, over))
    watch.start()
    _, said = process.communicate()
    seconds = time.perf_counter() - started
    over.set()
    watch.join()
    if process.returncode:
        sys.exit(f"{' '.join(command)}: {said.strip()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, used, most[0])


def _watch(pid: int, most: list[float], over: Event) -> None:
    while not over.wait(_EVERY):
        most[0] = max(most[0], sum(_held(one) for one in _tree(pid)) / 1e6)


def _tree(pid: int) -> list[int]:
    found = [pid]
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            below = (task / "children").read_text().split()
            found += [one for child in below for one in _tree(int(child))]
    return found


def _held(pid: int) -> int:
    """Bytes that are this process's own share of what is in memory."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def imported(path: Path, archive: Path, workers: int) -> Run:
    """`gongkai import` of a file into a new archive."""
    shutil.rmtree(archive.parent, ignore_errors=True)
    words = ["import", str(path), "--archive", str(archive), "--workers", str(workers)]
    return run([sys.executable, "-m", "gongkai", *words])


def recall(archive: Path, made: Iterable[tuple[str, Gold]]) -> tuple[int, int, int]:
    """(reports made, of them in the archive, of those with agency, year and every figure as made), by their address."""
    wanted = found = right = 0
    with sqlite3.connect(archive) as db:
        for url, gold in made:
            wanted += 1
            found += db.execute("SELECT count(*) FROM captures WHERE url = ?", [url]).fetchone()[0] > 0
            for report_id, agency, year in db.execute(_REPORTS, [url]).fetchall():
                read = db.execute("SELECT figure, read_value FROM figures WHERE report_id = ?", [report_id]).fetchall()
                right += (agency in gold["agency"], year, dict(read)) == (True, gold["year"], gold["figures"])
    return wanted, found, right


_REPORTS = "SELECT report_id, agency_printed, year FROM reports WHERE url = ?"

"""What a command and all its processes and threads cost, looked at from outside while they run.

A thread that has ended tells nothing any more, so all are looked at several times a second; what is lost by that is the
last moment of each.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_LOOK = 0.1
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Watched:
    """One run of a command. Seconds are of the processor but for `started` and `ended`, which are monotonic."""

    started: float
    ended: float
    exit_code: int
    total: float
    """Of the command and all its children, as the system counts it at the end."""
    main: float
    """Of the first thread of the command: the reactor."""
    threads: float
    """Of its other threads."""
    writer: float
    """Of the process that writes to the archive."""
    others: float
    """Of the other processes below it: the readers."""


def watch(command: Sequence[str], folder: Path, said: Path) -> Watched:
    """Run a command in a folder to its end; what it says to stderr and stdout goes to a file."""
    seen: dict[tuple[int, int], float] = {}
    writers: set[int] = set()
    started = time.monotonic()
    with said.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(command, cwd=folder, stdout=stream, stderr=subprocess.STDOUT)
        while True:
            for member in _family(process.pid):
                seen |= _threads(member)
                if _text(f"/proc/{member}/comm").strip() == "gongkai-writer":
                    writers.add(member)
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            time.sleep(_LOOK)
        ended = time.monotonic()
        process.returncode = os.waitstatus_to_exitcode(status)
    main, own = seen[process.pid, process.pid], _sum(seen, {process.pid})
    return Watched(
        started,
        ended,
        process.returncode,
        usage.ru_utime + usage.ru_stime,
        main,
        own - main,
        _sum(seen, writers),
        _sum(seen, {pid for pid, _ in seen} - writers - {process.pid}),
    )


def _sum(seen: dict[tuple[int, int], float], processes: set[int]) -> float:
    return sum(spent for (pid, _), spent in seen.items() if pid in processes)


def _family(pid: int) -> list[int]:
    family = [pid]
    for member in family:
        for thread in _listed(f"/proc/{member}/task"):
            family += map(int, _text(f"/proc/{member}/task/{thread}/children").split())
    return family


def _threads(pid: int) -> dict[tuple[int, int], float]:
    """Seconds of the processor by process and thread."""
    spent = {}
    for thread in _listed(f"/proc/{pid}/task"):
        fields = _text(f"/proc/{pid}/task/{thread}/stat").rpartition(")")[2].split()
        if fields:
            spent[pid, int(thread)] = (int(fields[11]) + int(fields[12])) / _TICKS
    return spent


def _listed(folder: str) -> list[str]:
    try:
        return [path.name for path in Path(folder).iterdir()]
    except OSError:  # it has ended
        return []


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""

"""The processes of a crawl as the system shows them: who belongs to it, and what they hold."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

PROC = Path("/proc")


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def children(pid: int) -> list[int]:
    try:
        lists = [task.read_text() for task in PROC.glob(f"{pid}/task/*/children")]
    except OSError:
        return []
    return [int(child) for line in lists for child in line.split()]


def readers(pid: int) -> list[int]:
    """The reader processes of a crawl."""
    return [child for child in children(pid) if name(child) == "gongkai-reader"]


def writers(pid: int) -> list[int]:
    """The process that writes for a crawl, if there is one."""
    return [child for child in children(pid) if name(child) == "gongkai-writer"]


def name(pid: int) -> str:
    try:
        return (PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return ""


def command(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_text()
    except OSError:
        return ""


def lives(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet buried does not."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def held(pid: int) -> int:
    """Bytes of memory of one process, its part of what it shares with others (PSS)."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def until(done: Callable[[], bool], seconds: float = 20, every: float = 0.02) -> bool:
    """Waits until it is so; False when that takes longer."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def listening(pid: int) -> Iterator[str]:
    """The addresses at which a process listens, of the internet and of this machine."""
    mine = {str(link.readlink()) for link in (PROC / str(pid) / "fd").iterdir() if link.is_symlink()}
    for table, state, inode in (("tcp", 3, 9), ("tcp6", 3, 9)):
        for line in (PROC / str(pid) / "net" / table).read_text().splitlines()[1:]:
            cells = line.split()
            if cells[state] == "0A" and f"socket:[{cells[inode]}]" in mine:
                yield f"{table} {cells[1]}"
    for line in (PROC / str(pid) / "net" / "unix").read_text().splitlines()[1:]:
        cells = line.split()
        if cells[3] == "00010000" and f"socket:[{cells[6]}]" in mine:
            yield f"unix {cells[7:]}"

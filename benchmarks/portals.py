"""Crawls a catalogue of 30 portals and one of 300 and compares: requests, time, memory, and how polite it was.

The portals are replicas, each a host of its own, served by this process; memory is that of the crawl and its reader
processes together, sampled while it runs. Every answer is held back a little, so that two requests at once to one host
would be seen.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from crawler.sample_portal import SamplePortal
from crawler.sample_portal.site import Host, Page, Request

SIZES = (30, 300)
SEED = 5
HELD_BACK = 0.002
_MOST = 1.2


@dataclass
class _Watched:
    """A host that counts how many requests it answers at the same time."""

    host: Host
    under_way: Counter[str]
    most: Counter[str]
    lock: Lock
    name: str
    compresses: bool = field(init=False)

    def __post_init__(self) -> None:
        self.compresses = self.host.compresses

    def respond(self, request: Request) -> Page:
        """The host's answer, a little later."""
        with self.lock:
            self.under_way[self.name] += 1
            self.most[self.name] = max(self.most[self.name], self.under_way[self.name])
        try:
            time.sleep(HELD_BACK)
            return self.host.respond(request)
        finally:
            with self.lock:
                self.under_way[self.name] -= 1


class WatchedPortal(SamplePortal):
    """The replicas, with a count of requests at once for each host in `most`."""

    def __init__(self, seed: int | None = None, count: int | None = None) -> None:
        super().__init__(0, seed, count)
        self.most: Counter[str] = Counter()
        self._under_way: Counter[str] = Counter()
        self._lock = Lock()

    def hosts(self) -> dict[str, Host]:
        """Each replica, watched."""
        return {
            name: _Watched(host, self._under_way, self.most, self._lock, name) for name, host in super().hosts().items()
        }


@dataclass(frozen=True)
class Run:
    """What a crawl of so many portals took."""

    portals: int
    requests: int
    seconds: float
    peak: int
    at_once: int
    found: str


def measure(count: int) -> Run:
    """One crawl of so many replicas."""
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder, WatchedPortal(SEED, count) as portal:
        path = Path(folder) / "portals.csv"
        rows = portal.portals()
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        command = [
            Path(sys.executable).parent / "gongkai",
            "crawl",
            "--portals",
            path,
            "--archive",
            f"{folder}/archive.db",
        ]
        command += ["-s", "DOWNLOAD_DELAY=0.001", "-s", "AUTOTHROTTLE_ENABLED=False"]
        start, peak = time.monotonic(), 0
        said = Path(folder) / "said"
        with said.open("w") as stream, subprocess.Popen(list(map(str, command)), cwd=folder, stderr=stream) as crawl:
            while crawl.poll() is None:
                peak = max(peak, _memory(crawl.pid))
                time.sleep(0.2)
        found = next(line for line in said.read_text(encoding="utf-8").splitlines() if line.startswith("found"))
        return Run(count, len(portal.log), time.monotonic() - start, peak, max(portal.most.values()), found)


def _memory(pid: int) -> int:
    """Bytes of a process and of all below it that are its own (shared pages counted in parts)."""
    total = 0
    for process in _family(pid):
        try:
            text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
        except OSError:  # it has ended
            continue
        total += sum(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))
    return total


def _family(pid: int) -> list[int]:
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
    family, size = {pid}, 0
    while len(family) != size:
        size = len(family)
        family |= {child for child, parent in parents.items() if parent in family}
    return sorted(family)


def main() -> int:
    """Print a line for each size and the ratio of their memory; 0 when it is low enough and no host was pressed."""
    runs = []
    for count in SIZES:
        run = measure(count)
        runs.append(run)
        print(
            f"{run.portals:4} portals: {run.requests} requests in {run.seconds:.0f} s, peak {run.peak / 1e6:.0f} MB, "
            f"at most {run.at_once} request at a time per host\n     {run.found}",
            flush=True,
        )
    ratio = runs[-1].peak / runs[0].peak
    print(f"ratio: {ratio:.2f} times the memory for {SIZES[-1]} portals (at most {_MOST})")
    return 0 if ratio <= _MOST and all(run.at_once == 1 for run in runs) else 1


if __name__ == "__main__":
    sys.exit(main())

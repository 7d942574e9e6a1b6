"""A crawl of the sample portal that is killed again and again, and started again each time with the same command.

`python -m tests.crawler.crashes --kills 100` (`make crashes`) is the long form of tests/crawler/test_crashes.py. The
victims take turns: the crawl itself at any moment, a reader process, and the process that writes just when the files
grow. In between a crawl is asked to stop, and one runs out of disk.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from archive import Archive
from crawler.portals import write_portals
from crawler.sample_portal import SamplePortal
from tests.crawler.processes import readers, writers

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "GONGKAI_DISK_FLOOR_MB=0")
VICTIMS = ("crawl", "writer", "reader")
_LONGEST = 120.0


class Contents(NamedTuple):
    """What must be the same however often a crawl was killed."""

    reports: list[tuple[object, ...]]
    figures: list[tuple[object, ...]]
    captures: list[tuple[object, ...]]


@dataclass
class Crawls:
    """The same crawl, as often as wanted, into archives of a folder."""

    folder: Path
    portals: Path
    command: tuple[str, ...] = (sys.executable, "-m", "gongkai")
    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VICTIMS, 0))

    def start(self, archive: Path, *more: str, largest_file: int | None = None) -> subprocess.Popen[str]:
        """A crawl in a session of its own, so that nothing of it can be left behind unseen.

        The system lets it write no file beyond `largest_file` bytes, as if the disk were full.
        """
        words = (*self.command, "crawl", "--portals", str(self.portals), "--archive", str(archive), *FAST, *more)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")}
        return subprocess.Popen(
            words,
            cwd=self.folder,
            env=environment | {"GONGKAI_PUBLISH": "false"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (largest_file, largest_file))
            if largest_file
            else None,
        )

    def undisturbed(self, archive: Path) -> float:
        """A crawl to its end; returns the seconds that it took."""
        started = time.monotonic()
        process = self.start(archive)
        said = process.communicate(timeout=_LONGEST)[1]
        assert process.returncode == 0, said
        return time.monotonic() - started

    def stopped(self, archive: Path, after: float) -> None:
        """A crawl that is asked to stop. Raises AssertionError unless it does, in order."""
        process = self.start(archive)
        time.sleep(after)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=_LONGEST)[1]
        assert process.returncode in (0, 5, -signal.SIGTERM), said  # the last: before Python could listen
        assert "Traceback" not in said, said
        _await_nobody(process.pid)

    def without_room(self, archive: Path, largest_file: int | None = None) -> None:
        """A crawl that cannot write as much as it wants to, for it or its disk. Raises AssertionError unless it says so
        and ends."""
        process = self.start(archive, largest_file=largest_file)
        said = process.communicate(timeout=_LONGEST)[1]
        assert process.returncode == 3, said
        assert said.rstrip().splitlines()[-1].startswith("gongkai: "), said
        assert "Traceback" not in said, said
        _await_nobody(process.pid)

    def disturbed(self, archive: Path, victim: str, after: float, evidence: int) -> bool:
        """A crawl in which a victim is killed so many seconds after its start, when there are so many bytes of
        evidence; whether it went to its end all the same.

        Raises AssertionError when something of a crawl that was killed lives on, or a crawl that was not ends badly.
        """
        process = self.start(archive)
        time.sleep(after)
        while process.poll() is None and _evidence(archive) < evidence:
            time.sleep(0.005)
        if victim == "writer":
            _await_growth(process, archive)
        target = process.pid if victim == "crawl" else _below(process, writers if victim == "writer" else readers)
        if target is not None and process.poll() is None:
            os.kill(target, signal.SIGKILL)
            self.kills[victim] += 1
        said = process.communicate(timeout=_LONGEST)[1]
        if process.returncode == 3 and victim == "writer":
            assert "the process that writes to it was killed by SIGKILL" in said, said
            assert "Traceback" not in said, said
        elif process.returncode != -signal.SIGKILL:
            assert process.returncode == 0, said
            return True
        _await_nobody(process.pid)
        return False


@contextmanager
def sample() -> Iterator[Crawls]:
    """Crawls of the sample portal, which runs meanwhile."""
    folder = Path(tempfile.mkdtemp(prefix="gongkai-crashes-"))
    try:
        with SamplePortal(0) as portal:
            portals = folder / "portals.csv"
            with portals.open("w", encoding="utf-8", newline="") as stream:
                write_portals(stream, portal.portals())
            yield Crawls(folder, portals)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def contents(archive: Path) -> Contents:
    """What an archive holds, without ids and times. Raises AssertionError for one that is not sound."""
    with closing(sqlite3.connect(archive)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        asked = [
            "SELECT agency, year, scope, revision, is_current, url, trust, form, title FROM reports",
            "SELECT agency, year, scope, figure, value, unit, state, raw, flag FROM figures",
            "SELECT DISTINCT url, payload_digest, status FROM captures",
        ]
        return Contents(*(sorted(db.execute(sql).fetchall(), key=repr) for sql in asked))


def read_all(archive: Path) -> int:
    """Reads the record of every capture; returns how many there are. Raises ArchiveError for one that is damaged."""
    with Archive.open(archive) as opened:
        captures = [row[0] for row in opened.db.execute("SELECT capture_id FROM captures").fetchall()]
        for capture_id in captures:
            opened.read(capture_id)
    return len(captures)


def run(crawls: Crawls, kills: int, seed: int, *, say: bool = False) -> None:
    """Kills so many crawls; raises AssertionError at the first archive that is not that of an undisturbed one.

    The first of every four archives also runs out of room, then is asked to stop.
    """
    random = Random(seed)
    truth_at = crawls.folder / "undisturbed" / "archive.db"
    longest = crawls.undisturbed(truth_at)
    truth, all_bytes = contents(truth_at), _evidence(truth_at)
    number = 0
    while sum(crawls.kills.values()) < kills:
        number += 1
        archive = crawls.folder / f"disturbed-{number}" / "archive.db"
        if number % 4 == 1:
            crawls.without_room(archive, random.randint(100_000, truth_at.stat().st_size))
            crawls.stopped(archive, random.uniform(0, longest))
        for victim in VICTIMS:
            if sum(crawls.kills.values()) < kills:
                early = random.random() < 0.25  # before there is anything, too
                after = random.uniform(0, longest / 4) if early else 0.0
                enough = 0 if early else random.randint(min(_evidence(archive), all_bytes), all_bytes)
                crawls.disturbed(archive, victim, after, enough)
        crawls.undisturbed(archive)
        assert contents(archive) == truth, f"seed {seed}, archive {number}"
        records = read_all(archive)
        shutil.rmtree(archive.parent)
        if say:
            done = sum(crawls.kills.values())
            print(f"{done} of {kills} killed {crawls.kills}: as if undisturbed, {records} captures", flush=True)


def fill(crawls: Crawls, seed: int) -> Iterator[str]:
    """Crawls onto small disks that fill up and then grow. Raises AssertionError at the first archive that is not that
    of an undisturbed crawl; tells where disks cannot be made."""
    random = Random(seed)
    truth_at = crawls.folder / "undisturbed" / "archive.db"
    if not truth_at.exists():
        crawls.undisturbed(truth_at)
    truth = contents(truth_at)
    for kilobytes in sorted(random.sample(range(300, 1500), 5)):
        archive = crawls.folder / f"small-{kilobytes}" / "archive.db"
        archive.parent.mkdir()
        if not _mounted(archive.parent, f"size={kilobytes}k"):
            yield "no full disk: only root may mount one"
            return
        try:
            crawls.without_room(archive)
            assert _mounted(archive.parent, "remount,size=64m")
            crawls.undisturbed(archive)
            assert contents(archive) == truth, f"a disk of {kilobytes} kB"
            yield f"a disk of {kilobytes} kB was full, and grew: as if undisturbed, {read_all(archive)} captures"
        finally:
            subprocess.run(["umount", archive.parent], check=True)


def _mounted(folder: Path, options: str) -> bool:
    """Whether a disk in memory could be put there, or changed."""
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _evidence(archive: Path) -> int:
    """Bytes of the WARC files beside an archive."""
    return sum(_size(file) for file in archive.parent.glob("warc/*"))


def _await_growth(process: subprocess.Popen[str], archive: Path) -> None:
    """Until the next moment in which the files of the archive grow."""
    files = [archive.with_name(archive.name + "-wal"), *archive.parent.glob("warc/*")]
    before = [_size(file) for file in files]
    until = time.monotonic() + 2
    while process.poll() is None and time.monotonic() < until:
        if [_size(file) for file in files] != before:
            return


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _below(process: subprocess.Popen[str], kind: Callable[[int], list[int]]) -> int | None:
    """A process of some kind that a crawl has, as soon as it has one."""
    while process.poll() is None:
        for found in kind(process.pid):
            return found
        time.sleep(0.005)
    return None


def _await_nobody(session: int) -> None:
    """Until no process of a session is left. Raises AssertionError when one stays."""
    until = time.monotonic() + 10
    while left := _of_session(session):
        assert time.monotonic() < until, f"still there: {left}"
        time.sleep(0.02)


def _of_session(session: int) -> list[str]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(stat.with_name("cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def main() -> None:
    """The long form, from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args()
    print(f"seed {asked.seed}")
    with sample() as crawls:
        run(crawls, asked.kills, asked.seed, say=True)
        for line in fill(crawls, asked.seed):
            print(line, flush=True)
    print(f"killed {sum(crawls.kills.values())} times {crawls.kills}: nothing lost, nothing twice")


if __name__ == "__main__":
    main()

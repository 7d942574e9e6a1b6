"""The folders in which a crawl is handed out: one for the run beside the archive, in it one for each part.

Everything that coordinator and workers tell each other about a part stands in files there, and each holds a lock of the
system while it is at work, so that both survive the death of the other, and of Dask:

    parts/archive.db-17/run.lock       held by the coordinator; free: it died, and workers stop
    parts/archive.db-17/stop           made by the coordinator: workers stop in order
    parts/archive.db-17/portals.csv    the portals file of the run
    parts/archive.db-17/1/task.json    what to crawl, and how
    parts/archive.db-17/1/part.lock    held by who works on it
    parts/archive.db-17/1/archive.db   what came of it so far
    parts/archive.db-17/1/result.json  there when it is done; nobody works on it then, whoever holds the lock
    parts/archive.db-17/turns/         hosts, and whose turn it is (crawler/turns.py)
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from archive.errors import ArchiveBusy
from archive.locking import lock_file, locked
from archive.nights.running import is_written_to
from crawler.faults import Fault
from crawler.verdict import Failure, Tally
from gongkai.spreading.errors import AtWork

FOLDER = "parts"


@dataclass(frozen=True, slots=True)
class Task:
    """What a part has to do: the fields of gongkai.crawling.Crawl that are not the same for all, and the settings."""

    only: tuple[str, ...]
    limit: int
    since: int
    settings: dict[str, str]
    options: dict[str, str]
    """Variables of the environment: the coordinator's gongkai.toml is not that of the worker's machine."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a part: as of a crawl."""

    verdict: str
    tallies: dict[str, Tally]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """The folder of a run."""

    folder: Path

    @classmethod
    def of(cls, archive: Path, run_id: int) -> Run:
        return cls(cls.folder_of(archive) / f"{archive.name}-{run_id}")

    @staticmethod
    def folder_of(archive: Path) -> Path:
        """Of all runs of archives that are in one folder."""
        return archive.resolve().parent / FOLDER

    @classmethod
    def left(cls, archive: Path) -> list[Run]:
        """Those of runs whose coordinator died, oldest first."""
        folders = cls.folder_of(archive).glob(f"{_literal(archive.name)}-*")
        return sorted(
            (cls(one) for one in folders if one.name.rpartition("-")[2].isdigit()), key=lambda run: run.number
        )

    @property
    def number(self) -> int:
        return int(self.folder.name.rpartition("-")[2])

    @property
    def portals(self) -> Path:
        return self.folder / "portals.csv"

    @property
    def turns(self) -> Path:
        return self.folder / "turns"

    @contextmanager
    def held(self) -> Iterator[None]:
        """By the coordinator, which makes the folder. Raises ArchiveBusy."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(lock_file(self.folder / "run"), f"{self.folder}: another gongkai hands it out"):
            yield

    def stop(self) -> None:
        """Tells all parts to stop in order."""
        with suppress(FileNotFoundError):  # there are none yet, or no more
            (self.folder / "stop").touch()

    def is_over(self) -> bool:
        """Whether parts are to stop: they were told to, or nobody is there any more who would take them."""
        return (self.folder / "stop").exists() or not self.is_handed_out()

    def is_handed_out(self) -> bool:
        """Whether its coordinator is there."""
        return is_written_to(self.folder / "run")

    def is_at_work(self) -> bool:
        """Whether somebody works on one of its parts."""
        return any(not part.is_done() and is_written_to(part.folder / "part") for part in self.parts())

    def part(self, number: int) -> Part:
        return Part(self.folder / str(number))

    def parts(self) -> list[Part]:
        numbers = [int(one.name) for one in self.folder.glob("*") if one.name.isdigit()]
        return [self.part(number) for number in sorted(numbers)]

    def remove(self) -> None:
        """Takes it away, and the folder of all runs with it if there is no other."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with suppress(OSError):
            self.folder.parent.rmdir()


@dataclass(frozen=True, slots=True)
class Part:
    """The folder of a part."""

    folder: Path

    @property
    def run(self) -> Run:
        return Run(self.folder.parent)

    @property
    def archive(self) -> Path:
        return self.folder / "archive.db"

    @property
    def said(self) -> Path:
        """What the crawl of the part says."""
        return self.folder / "said"

    @contextmanager
    def held(self) -> Iterator[None]:
        """By who works on it. Raises ArchiveBusy while somebody else does, if only because the news of it got lost."""
        with locked(lock_file(self.folder / "part"), f"{self.folder}: a worker is still at it"):
            yield

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Inside, nobody changes what came of it: it is held, or done. Raises AtWork."""
        with ExitStack() as held:
            try:
                held.enter_context(self.held())
            except ArchiveBusy as busy:
                if not self.is_done():
                    raise AtWork(str(busy)) from busy
            yield

    def is_done(self) -> bool:
        """Whether its result is there, which is written last: nobody works on it any more. A worker that hangs may hold
        it all the same, for good."""
        return self._result.exists()

    def is_over(self) -> bool:
        """Whether nothing is to be done: it is done, or was taken away since, or all parts are to stop."""
        return self.is_done() or not self.folder.exists() or self.run.is_over()

    def set_task(self, task: Task) -> None:
        _write(self.folder / "task.json", asdict(task))

    def task(self) -> Task:
        said = json.loads((self.folder / "task.json").read_text(encoding="utf-8"))
        return Task(**said | {"only": tuple(said["only"])})

    def set_result(self, result: Result) -> None:
        tallies = {portal_id: _cells(tally) for portal_id, tally in result.tallies.items()}
        _write(self._result, {"verdict": result.verdict, "tallies": tallies, "problem": result.problem})

    def result(self) -> Result | None:
        """None while it is not done."""
        try:
            said = json.loads(self._result.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        tallies = {portal_id: _tally(cells) for portal_id, cells in said["tallies"].items()}
        return Result(said["verdict"], tallies, said["problem"])

    def remove(self) -> None:
        """Takes it away, at one stroke: a worker that hung until now must not find half of it, and begin anew."""
        gone = self.folder.with_suffix(".gone")
        with suppress(OSError):
            self.folder.rename(gone)
        for folder in (gone, self.folder):
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def _result(self) -> Path:
        return self.folder / "result.json"


def _cells(tally: Tally) -> dict[str, Any]:
    told = {one.name: getattr(tally, one.name) for one in fields(tally)}
    return told | {"held": asdict(tally.held) if tally.held is not None else None}


def _tally(cells: Mapping[str, Any]) -> Tally:
    told = dict(cells)
    told["outcomes"] = Counter(told["outcomes"])
    told["not_reports"] = [(url, reason) for url, reason in told["not_reports"]]
    told["failures"] = [Failure(*failure) for failure in told["failures"]]
    told["held"] = Fault(**told["held"]) if told["held"] else None
    return Tally(**told)


def _write(path: Path, what: object) -> None:
    """The whole of it, or nothing."""
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as stream:
        json.dump(what, stream, ensure_ascii=True)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


def _literal(name: str) -> str:
    """A name as a pattern that fits nothing else."""
    return re.sub(r"([*?\[])", r"[\1]", name)

"""A Dask scheduler and workers as separate processes on loopback, which tests may kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from tests.conftest import BIN, ROOT
from tests.crawler.processes import command, family, lives, until

SETTINGS = {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
"""So that workers find the functions of tests, and a task is given up when two of them are lost with it."""

ON_LOOPBACK = ("--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0")


class Cluster:
    """A context manager. `host` goes to the command lines of all: where to listen, and certificates."""

    def __init__(self, folder: Path, workers: int = 3, host: tuple[str, ...] = ON_LOOPBACK) -> None:
        self._folder = folder
        self._count = workers
        self._host = host
        self._made = 0
        self._scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        said = self._folder / "scheduler"
        self._scheduler = self._start("scheduler", said, "--port", "0", *self._host)
        assert until(lambda: "Scheduler at:" in said.read_text(), 60), said.read_text()
        line = next(line for line in said.read_text().splitlines() if "Scheduler at:" in line)
        self.address = line.rpartition("Scheduler at:")[2].strip()
        for _ in range(self._count):
            self.add(wait=False)
        for number in range(1, self._count + 1):
            self._await(number)
        return self

    def __exit__(self, *error: object) -> None:
        for process in (*self.workers, self._scheduler):
            if process is not None:
                process.kill()
                process.wait()

    def add(self, *, wait: bool = True, host: tuple[str, ...] | None = None) -> None:
        """One more worker; `host` instead of the cluster's."""
        self._made += 1
        said = self._folder / f"worker-{self._made}"
        words = (self.address, "--nthreads", "1", "--no-nanny", *(self._host if host is None else host))
        self.workers.append(self._start("worker", said, *words))
        if wait:
            self._await(self._made)

    def end_scheduler(self) -> None:
        assert self._scheduler is not None
        self._scheduler.kill()

    def at_work(self) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
        """Workers that have processes below them now, with these."""
        for worker in self.workers:
            below = [pid for pid in family(worker.pid)[1:] if "gongkai" in command(pid) or "spawn_main" in command(pid)]
            if worker.poll() is None and below:
                yield worker, below

    def kill(self, worker: subprocess.Popen[bytes], below: list[int]) -> None:
        """Kills a worker at once. Raises AssertionError when something that it had started lives on."""
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert until(lambda: not any(map(lives, below))), below

    def _await(self, number: int) -> None:
        said = self._folder / f"worker-{number}"
        assert until(lambda: "Registered to:" in said.read_text(), 60), said.read_text()

    def _start(self, what: str, said: Path, *words: str) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI_", "DASK_"))}
        environment["PATH"] = f"{BIN}{os.pathsep}{environment['PATH']}"
        with said.open("wb") as stream:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", what, *words],
                stdout=stream,
                stderr=stream,
                cwd=self._folder,
                env=environment | SETTINGS | {"DASK_TEMPORARY_DIRECTORY": str(self._folder)},
                start_new_session=True,
            )

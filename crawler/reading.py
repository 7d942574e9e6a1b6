"""Reading off the reactor: documents are read in worker processes, each document within a time limit.

A worker that dies or hangs costs its own document a refusal, never the crawl.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from pipelines import extract
from pipelines.model import Capture, Context, Reading

LONGEST = 60.0
"""Seconds that one document may take; the slowest real report takes a tenth of one."""


class ReadingRoom:
    """A pool of reader processes that replaces its workers when one is lost."""

    def __init__(self, workers: int = 0, longest: float = LONGEST) -> None:
        self._workers = workers or max(1, (os.cpu_count() or 2) - 1)
        self._longest = longest
        self._pool: ProcessPoolExecutor | None = None

    async def read(self, capture: Capture, context: Context) -> tuple[Reading, ...]:
        """What `pipelines.extract` makes of the capture; a refusal naming the fault when the reader itself fails."""
        pool = self._pool = self._pool or self._open()
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.wait_for(loop.run_in_executor(pool, extract, capture, context), self._longest)
        except TimeoutError:
            self._replace(pool)
            return (Reading(False, f"reading took over {self._longest:.0f} seconds"),)
        except BrokenProcessPool:
            self._replace(pool)
            return (Reading(False, "the reader process died on this document"),)
        except Exception as error:  # a fault of ours: named, kept with the page, and the crawl goes on
            return (Reading(False, f"the reader failed: {type(error).__name__}: {error}"),)

    def close(self) -> None:
        """Stop the workers."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _open(self) -> ProcessPoolExecutor:
        # Never fork: the parent has threads, sockets and an open database.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._workers, mp_context=context, initializer=_leave_signals_to_the_parent)

    def _replace(self, pool: ProcessPoolExecutor) -> None:
        for process in list((pool._processes or {}).values()):
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)
        if self._pool is pool:
            self._pool = None


def _leave_signals_to_the_parent() -> None:
    """Ctrl-C reaches the readers too; the parent stops them when their documents are read."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

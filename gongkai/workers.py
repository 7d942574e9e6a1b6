"""All cores: tasks go to confined worker processes, answers come back in order, and never too many are under way.

The processes are confined as those of a crawl are: each has a limit of memory, dies with this one, and may die of a
document without costing anybody else anything.
"""

from __future__ import annotations

import os
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar, cast

from archive import ArchiveError
from crawler.child import Child
from crawler.confining import allow_processor, held, may_fork, settle
from crawler.reading import HEAVY, SECONDS, readings_of
from pipelines import extract
from pipelines.model import Capture, Context, Reading

Task = TypeVar("Task")
Answer = TypeVar("Answer")
Answer_co = TypeVar("Answer_co", covariant=True)

AHEAD = 2
"""Tasks for each worker that are taken before the answers to earlier ones are."""


@dataclass(frozen=True, slots=True)
class Died(Generic[Task]):
    """The answer to a task of which a worker died."""

    task: Task
    exit_code: int


class WorkerError(Exception):
    """A worker's function raised something else than what it may: a fault of ours, with its traceback in words."""

    @property
    def line(self) -> str:
        """What was raised, without the way there."""
        return f"a worker failed, which is a fault of gongkai: {str(self).strip().rpartition(chr(10))[2]}"


@dataclass(frozen=True, slots=True)
class _Said:
    """What comes back from a worker: the answer, or what was raised; and the bytes of memory that it holds."""

    answer: object
    raised: Exception | None
    held: int


class Staff(Protocol[Task, Answer_co]):
    """Whoever does tasks: workers of this machine, or of others (gongkai/spreading/remote.py)."""

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer_co | Died[Task]]]:
        """See Workers.run."""


class Workers(Generic[Task, Answer]):
    """So many worker processes, started when there is work; to be used as a context manager.

    `work` is a function that a worker can import, or a partial of one. `count` is that of the processors if it is 0.
    """

    def __init__(self, work: Callable[[Task], Answer], count: int = 0) -> None:
        self.count = count or os.cpu_count() or 1
        self._work = work
        self._idle: list[_Worker[Task, Answer]] = []
        self._all: set[_Worker[Task, Answer]] = set()
        self._threads = ThreadPoolExecutor(self.count, thread_name_prefix="worker")

    def __enter__(self) -> Self:
        return self

    def fork(self) -> None:
        """Starts all processes at once out of this one, so that what is loaded here need not be loaded by each.

        To be called before anything is open that no two processes may have, such as a database. Nothing is done where
        forking is not safe.
        """
        if may_fork():
            while len(self._all) < self.count:
                ours = tuple(worker.pipe for worker in self._all)
                self._idle.append(self._hire(_Worker(self._work, ours)))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer | Died[Task]]]:
        """Each task with its answer, in their order; `Died` where a worker died of it.

        No more than AHEAD tasks for each worker are taken from `tasks` before the caller takes the answer to the first
        of them. Raises ArchiveError where `work` does, WorkerError for whatever else it raises.
        """
        under_way: deque[tuple[Task, Future[Answer | Died[Task]]]] = deque()
        for task in tasks:
            under_way.append((task, self._threads.submit(self._one, task)))
            if len(under_way) >= AHEAD * self.count:
                yield _answered(under_way)
        while under_way:
            yield _answered(under_way)

    def close(self) -> None:
        """Ends the processes; what is under way is lost."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in tuple(self._all):
            worker.kill()
        self._threads.shutdown()

    def _one(self, task: Task) -> Answer | Died[Task]:
        worker = self._idle.pop() if self._idle else self._hire(_Worker(self._work))
        worn = True
        try:
            said = worker.ask(task)
            worn = said.held > HEAVY
        except (EOFError, OSError):
            return Died(task, worker.kill())
        finally:
            if worn:
                self._all.discard(worker)
                worker.kill()
            else:
                self._idle.append(worker)
        if said.raised is not None:
            raise said.raised
        return cast(Answer, said.answer)

    def _hire(self, worker: _Worker[Task, Answer]) -> _Worker[Task, Answer]:
        self._all.add(worker)
        return worker


def read_within(capture: Capture, context: Context) -> tuple[Reading, ...]:
    """What the reader makes of a capture, within the time that a document may take; to be called in a worker.

    What goes wrong is named as the crawl names it. A document that takes all of its time ends the worker.
    """
    allow_processor(SECONDS)
    return readings_of(extract, capture, context)


class _Worker(Child, Generic[Task, Answer]):
    """A worker that does tasks, forked where `others` are given: not once there may be threads and an open database."""

    def __init__(self, work: Callable[[Task], Answer], others: tuple[Connection, ...] | None = None) -> None:
        super().__init__(_serve, work, forks=others is not None, others=others or ())

    def ask(self, task: Task) -> _Said:
        """Waits for the answer. Raises EOFError or OSError when the process dies."""
        self.pipe.send(task)
        return cast(_Said, self.pipe.recv())


def _answered(under_way: deque[tuple[Task, Future[Answer | Died[Task]]]]) -> tuple[Task, Answer | Died[Task]]:
    """The task that was taken first, when its answer is there."""
    task, future = under_way[0]
    answer = future.result()
    under_way.popleft()
    return task, answer


def _serve(pipe: Connection, parent: int, work: Callable[[Task], Answer]) -> None:
    """The life of a worker: tasks in, answers out, until the pipe closes."""
    settle(parent)
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        pipe.send(_outcome(work, task))


def _outcome(work: Callable[[Task], Answer], task: Task) -> _Said:
    try:
        return _Said(work(task), None, held())
    except ArchiveError as error:
        return _Said(None, error, held())
    except Exception:
        return _Said(None, WorkerError(traceback.format_exc()), held())

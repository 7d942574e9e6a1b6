"""Tasks go out to the workers of a cluster, and answers come back, with never too many under way.

A worker that is lost costs nothing but time: Dask gives its task to another one, and where that was lost with several,
it is handed out again as new.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from archive import ArchiveError
from gongkai.apart import PATIENCE
from gongkai.spreading.alike import Ground, require
from gongkai.spreading.connecting import Cluster
from gongkai.spreading.errors import Deserted, Lost, Unlike
from gongkai.workers import WorkerError

if TYPE_CHECKING:
    from distributed import Future

Task = TypeVar("Task")
Answer = TypeVar("Answer")

AHEAD = 2
"""Tasks for each place of a worker that are handed out before the answers to earlier ones are taken."""

ROUNDS = 3
"""How often a task is handed out as new; each time Dask tries as many workers as its `allowed-failures` says."""

DESERTED = 600.0
"""Seconds without any worker after which we wait no longer for one."""

_FETCH = 60.0
"""Seconds that the answer itself may take on its way. It lies on its worker until then, and is lost with it: Dask has
the task done again, and we wait for that."""

_LOOK = 0.5
"""Seconds between two looks at whether anything has changed but answers."""


@dataclass(frozen=True, slots=True)
class Gone(Generic[Task]):
    """The answer to a task that was lost each time, with why."""

    task: Task
    why: str


class _UnderWay(Generic[Task, Answer]):
    """A task between its going out and the taking of its answer."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.rounds = 0
        """How often it was lost."""
        self.future: Future[Any] | None = None
        """None while there is nobody who may do it."""
        self.chosen: frozenset[str] = frozenset()
        """The workers that may do it, where not all may."""
        self.answers: list[Answer | Gone[Task]] = []
        """One, when it is there."""


class Handing(Generic[Task, Answer]):
    """Hands tasks to a function that workers can import, or a partial of one.

    Once `is_over` says so, no further task goes out, and what is under way has PATIENCE to end.
    """

    def __init__(
        self, cluster: Cluster, work: Callable[[Task], Answer], is_over: Callable[[], bool] = lambda: False
    ) -> None:
        self._cluster = cluster
        self._work = work
        self._is_over = is_over
        self._back: SimpleQueue[tuple[_UnderWay[Task, Answer], Future[Any]]] = SimpleQueue()
        self._last_seen = time.monotonic()
        self._over_at: float | None = None

    def as_done(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer | Gone[Task]]]:
        """Each task with its answer, as they come.

        A task that is Lost, or comes to an OSError on its worker, is answered with Gone. Raises Deserted when the
        scheduler is gone, all workers are, or the function raises what it should not; its ArchiveError and WorkerError
        as they are.
        """
        return self._run(tasks, lambda out: next((one for one in out if one.answers), None))

    def in_order(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer | Gone[Task]]]:
        """The same in the order of the tasks; answers that came early count as under way."""
        return self._run(tasks, lambda out: out[0] if out[0].answers else None)

    def _run(
        self,
        tasks: Iterable[Task],
        due: Callable[[list[_UnderWay[Task, Answer]]], _UnderWay[Task, Answer] | None],
    ) -> Iterator[tuple[Task, Answer | Gone[Task]]]:
        waiting, out = iter(tasks), list[_UnderWay[Task, Answer]]()
        try:
            while True:
                while len(out) < AHEAD * max(1, self._cluster.places()) and not self._is_over():
                    task = next(waiting, None)
                    if task is None:
                        break
                    out.append(_UnderWay(task))
                    self._submit(out[-1])
                if not out:
                    return
                one = due(out)
                if one is None:
                    self._take_back(out)
                    continue
                out.remove(one)
                yield one.task, one.answers[0]
        finally:
            for one in out:
                if one.future is not None:
                    one.future.cancel()

    def _submit(self, one: _UnderWay[Task, Answer]) -> None:
        cluster = self._cluster
        one.chosen = cluster.alike() if cluster.is_mixed() else frozenset()
        one.future = None
        if one.chosen or not cluster.is_mixed():
            one.future = cluster.client.submit(
                _do, self._work, one.task, cluster.ground, pure=False, workers=sorted(one.chosen) or None
            )
            self._expect(one)

    def _expect(self, one: _UnderWay[Task, Answer]) -> None:
        assert one.future is not None
        one.future.add_done_callback(lambda future: self._back.put((one, future)))

    def _take_back(self, out: list[_UnderWay[Task, Answer]]) -> None:
        """Waits a moment for an answer, and takes it, or hands the task out again."""
        try:
            one, future = self._back.get(timeout=_LOOK)
        except Empty:
            self._look_around(out)
            return
        if future is not one.future:
            return  # it was handed out again meanwhile
        try:
            one.answers.append(future.result(timeout=_FETCH))
        except Lost as error:
            one.answers.append(Gone(one.task, str(error)))
        except Unlike as error:
            self._cluster.refuse(error.worker, error.fault)
            self._submit(one)
        except Exception as error:
            self._judge(one, error)

    def _judge(self, one: _UnderWay[Task, Answer], error: Exception) -> None:
        """Hands a task out again whose workers were lost, or of which one is not like the others. Raises what is no
        such thing.
        """
        from distributed import CancelledError, KilledWorker

        if isinstance(error, CancelledError):
            raise Deserted("the scheduler is gone") from error
        if isinstance(error, TimeoutError) and one.future is not None and one.future.status != "error":
            self._expect(one)
            return
        if isinstance(error, KilledWorker):
            self._lost(one, error.allowed_failures + 1)
        elif isinstance(error, OSError):  # of its disk, or its storage
            one.answers.append(Gone(one.task, f"its worker: {error}"))
        elif isinstance(error, ArchiveError | WorkerError):
            raise error
        else:
            self._cluster.look()
            if one.chosen or not self._cluster.is_mixed():
                first = (str(error) or "no more is known").splitlines()[0]
                raise Deserted(f"a worker came to a {type(error).__name__}: {first}") from error
            self._submit(one)  # one that has no gongkai, or another, may not even understand what it is given

    def _lost(self, one: _UnderWay[Task, Answer], workers: int) -> None:
        one.rounds += 1
        if one.rounds < ROUNDS and not self._is_over():
            self._submit(one)
        else:
            one.answers.append(Gone(one.task, f"its worker was lost {one.rounds * workers} times"))

    def _look_around(self, out: list[_UnderWay[Task, Answer]]) -> None:
        client = self._cluster.client
        if client.status == "closed":
            raise Deserted("the scheduler is gone")
        if client.status != "running" or self._cluster.places():
            self._last_seen = time.monotonic()
        elif time.monotonic() - self._last_seen > DESERTED:
            raise Deserted(f"no worker is left, and none has come for {DESERTED / 60:.0f} minutes")
        for one in (one for one in out if not one.answers):
            if one.future is None and self._is_over():
                one.answers.append(Gone(one.task, "no worker was left"))
            elif one.future is None:
                self._submit(one)
            elif one.chosen and one.chosen.isdisjoint(self._cluster.alike()):
                self._call_off(one)
                self._lost(one, 1)
            elif self._is_late():
                self._call_off(one)
                one.answers.append(Gone(one.task, "its worker did not stop"))

    def _is_late(self) -> bool:
        """Whether all should have ended by now. A worker that hangs Dask misses after five minutes only."""
        if not self._is_over():
            return False
        self._over_at = self._over_at or time.monotonic()
        return time.monotonic() - self._over_at > PATIENCE

    def _call_off(self, one: _UnderWay[Task, Answer]) -> None:
        assert one.future is not None
        one.future.cancel()
        one.future = None  # that it is cancelled comes back, too, and is no answer


def _do(work: Callable[[Any], Any], task: Any, ground: Ground) -> Any:
    """What runs on a worker."""
    require(ground)
    return work(task)

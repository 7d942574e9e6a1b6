"""Confined worker processes on many machines, to be used as those of this one are (gongkai/workers.py)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import current_process
from pathlib import Path
from typing import Generic, TypeVar

from gongkai.spreading.connecting import Cluster, connected, require_sight
from gongkai.spreading.errors import Lost
from gongkai.spreading.handing import Gone, Handing
from gongkai.workers import Died, Staff, Workers

Task = TypeVar("Task")
Answer = TypeVar("Answer")

_LOST = -9
"""The exit code of a worker that was lost as a whole, again and again, with the same task."""

_MINE = threading.local()


@contextmanager
def hired(
    work: Callable[[Task], Answer], count: int, scheduler: str | None, folder: Path, sources: Iterable[Path] = ()
) -> Iterator[Staff[Task, Answer]]:
    """Workers for that work: so many processes here, or, with a scheduler's address, those of its cluster.

    These must see that folder, which must exist, and the sources. Raises SpreadingError.
    """
    if scheduler is None:
        with Workers(work, count) as workers:
            yield workers
        return
    with connected(scheduler, folder) as cluster:
        require_sight(cluster, sources)
        yield RemoteWorkers(work, cluster)


class RemoteWorkers(Generic[Task, Answer]):
    """As gongkai.workers.Workers, on the workers of a cluster. What they answer is the same, and in the same order."""

    def __init__(self, work: Callable[[Task], Answer], cluster: Cluster) -> None:
        self._handing: Handing[Task, Answer | Died[Task]] = Handing(cluster, _Confined(work))

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer | Died[Task]]]:
        """See Workers.run. Raises Deserted, too: see Handing."""
        for task, answer in self._handing.in_order(tasks):
            yield task, Died(task, _LOST) if isinstance(answer, Gone) else answer


class _Confined(Generic[Task, Answer]):
    """The work, done in a confined process of the Dask worker that is asked: a document that kills it kills no more."""

    def __init__(self, work: Callable[[Task], Answer]) -> None:
        self._work = work

    def __call__(self, task: Task) -> Answer | Died[Task]:
        try:
            ((_, answer),) = _workers(self._work).run([task])
        except OSError as error:
            raise Lost(f"no process can be started: {error}") from error
        return answer


def _workers(work: Callable[[Task], Answer]) -> Workers[Task, Answer]:
    """The one process of this thread, kept as long as the work is the same: a reader takes a second to start."""
    current_process().daemon = False  # a worker below a nanny is one, and would not be let to have children
    known: tuple[bytes, Workers[Task, Answer]] | None = getattr(_MINE, "workers", None)
    key = _key(work)
    if known is not None and known[0] == key:
        return known[1]
    if known is not None:
        known[1].close()
    workers = Workers(work, 1)
    _MINE.workers = (key, workers)
    return workers


def _key(work: object) -> bytes:
    from distributed.protocol.pickle import dumps

    return bytes(dumps(work))

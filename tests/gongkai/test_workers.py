"""The worker processes of import, reread and merge: order, back-pressure, and what happens when one dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import ArchiveError
from gongkai.workers import AHEAD, Died, WorkerError, Workers, read_within
from pipelines.model import Capture, Context, Reading
from tests.crawler.processes import lives

ROOT = Path(__file__).parents[2]


def square(number: int) -> int:
    """A task with a wish of its own for each kind of end."""
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 8:
        raise ArchiveError("a line for the user")
    if number == 9:
        raise ValueError("a fault of ours")
    time.sleep(0.02 * (number % 3))
    return number * number


def read(page: bytes) -> tuple[Reading, ...]:
    return read_within(Capture(page), Context())


def test_answers_come_in_order_whoever_is_faster() -> None:
    with Workers(square, 2) as workers:
        assert list(workers.run(range(6))) == [(n, n * n) for n in range(6)]


def test_a_worker_that_dies_costs_its_own_task_only() -> None:
    with Workers(square, 2) as workers:
        answers = dict(workers.run([5, 6, 7, 10, 11]))
    assert answers == {5: 25, 6: 36, 7: Died(7, -signal.SIGKILL), 10: 100, 11: 121}


def test_no_more_tasks_are_taken_than_are_worked_on() -> None:
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        for number in range(10, 50):
            taken += 1
            yield number

    with Workers(square, 2) as workers:
        for done, _ in enumerate(workers.run(tasks()), 1):
            assert taken <= done + AHEAD * 2
    assert taken == 40


@pytest.mark.parametrize(("number", "kind", "words"), [(8, ArchiveError, "a line"), (9, WorkerError, "of ours")])
def test_what_is_raised_reaches_the_caller(number: int, kind: type[Exception], words: str) -> None:
    with Workers(square, 1) as workers, pytest.raises(kind, match=words):
        list(workers.run([number]))


def answers_of_forked() -> None:
    """What forked workers answer, and how many there were, and are left when one has died."""
    with Workers(square, 2) as workers:
        workers.fork()
        forked = {worker.number for worker in workers._all}
        answers = dict(workers.run([5, 7, 10, 11]))
        left = {worker.number for worker in workers._all}
    print(answers, len(forked), len(left & forked))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")
def test_workers_that_are_forked_do_the_same_and_are_replaced_when_they_die() -> None:
    # In a process of its own: libraries of other tests have threads.
    script = f"from {__name__} import answers_of_forked; answers_of_forked()"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    answers = {5: 25, 7: Died(7, -signal.SIGKILL), 10: 100, 11: 121}
    assert run.stdout == f"{answers} 2 1\n"


def test_nothing_is_forked_beside_a_thread() -> None:
    over = threading.Event()
    beside = threading.Thread(target=over.wait)
    beside.start()
    with Workers(square, 2) as workers:
        workers.fork()
        started = len(workers._all)
        answers = list(workers.run([5]))
    over.set()
    beside.join()
    assert started == 0
    assert answers == [(5, 25)]


def test_documents_are_read_within_limits() -> None:
    with Workers(read, 1) as workers:
        ((_, readings),) = workers.run([b"<html><p>\xe4\xbb\x8a\xe5\xa4\xa9</p></html>"])
    assert isinstance(readings, tuple)
    assert not readings[0].report


def test_no_process_is_left() -> None:
    with Workers(square, 2) as workers:
        answers = workers.run(range(10, 20))
        next(answers)
        started = [worker.number for worker in workers._all]
    assert started
    assert not any(map(lives, started))

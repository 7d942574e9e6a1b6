"""Limits on time and memory: what takes more is refused, and the process is as before."""

from __future__ import annotations

import contextlib
import resource
import signal
import subprocess
import sys
import threading
import time

import pytest

from pipelines.confined import confined
from pipelines.documents.formats import Unreadable
from tests.conftest import ROOT


def work(seconds: float) -> None:
    """Keep the processor busy, as a careless library does: what it catches it takes for a fault of its own."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        with contextlib.suppress(Exception):
            sum(range(10_000))


def read(seconds: float, needed: float) -> None:
    with confined(seconds):
        work(needed)


def test_time() -> None:
    started = time.process_time()
    with pytest.raises(Unreadable, match=r"takes more than 0\.5 seconds"):
        read(0.5, needed=30)
    assert time.process_time() - started < 2
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_a_library_that_swallows_everything_once() -> None:
    def stubborn() -> None:
        with confined(seconds=0.2):
            with contextlib.suppress(BaseException):
                work(30)
            work(30)

    started = time.process_time()
    with pytest.raises(Unreadable, match=r"takes more than 0\.2 seconds"):
        stubborn()
    assert time.process_time() - started < 5


def test_waiting_for_a_busy_machine_costs_nothing() -> None:
    with confined(0.2):
        time.sleep(0.6)


def test_memory() -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(Unreadable, match="MB of memory"), confined(megabytes=200):
        bytearray(2_000_000_000)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert len(bytearray(2_000_000)) == 2_000_000


def test_limits_inside_limits_replace_them_and_give_back_what_was_left() -> None:
    def nested() -> None:
        with confined(seconds=0.6):
            with confined(seconds=5):
                work(0.2)
            work(30)

    with pytest.raises(Unreadable, match=r"takes more than 0\.6 seconds"):
        nested()


def test_another_thread_reads_without_a_timer() -> None:
    done: list[bool] = []

    def read_elsewhere() -> None:
        with confined(seconds=0.01):
            work(0.05)
        done.append(True)

    thread = threading.Thread(target=read_elsewhere)
    thread.start()
    thread.join()
    assert done == [True]


_INNER = """
from pipelines.confined import confined
with confined(megabytes=200):
    with confined(megabytes=1200):
        kept = bytearray(600_000_000)
    assert len(bytearray(20_000_000)) + len(kept) == 620_000_000
"""


def test_what_an_inner_limit_took_leaves_memory_for_what_follows() -> None:
    # In a process of its own: the servers of other tests have left this one with room that threads reserved.
    done = subprocess.run([sys.executable, "-c", _INNER], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


_LATE = """
import codecs, resource
from pathlib import Path
from pipelines import Capture, extract
extract(Capture(b"nothing"))
held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held, held))
for name in {names!r}:
    codecs.lookup(name)
"""
_CODECS = (
    "gb18030",
    "gb2312",
    "hz",
    "big5",
    "big5hkscs",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "shift_jis",
    "euc_kr",
    "utf-7",
)


def test_codecs_are_loaded_before_memory_is_limited() -> None:
    """Python takes a codec whose library finds no room for one that does not exist: `unknown encoding: big5`."""
    done = subprocess.run(
        [sys.executable, "-c", _LATE.format(names=_CODECS)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_library_that_finds_no_room_is_a_matter_of_memory() -> None:
    with pytest.raises(Unreadable, match="MB of memory"), confined():
        raise ImportError("lib.so: failed to map segment from shared object")
    with pytest.raises(ImportError, match="circular"), confined():
        raise ImportError("circular")


_HANG = """
import resource, sys
import pipelines.confined as limits
limits._MARGIN = 1
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_CPU, (100, resource.RLIM_INFINITY))
with limits.confined(0.2):
    pass
assert resource.getrlimit(resource.RLIMIT_CPU)[0] == 100
with limits.confined(0.2):
    sum(range(10**12))  # in C, where no signal handler of Python runs
"""


def test_where_time_of_the_processor_is_limited_the_system_ends_what_does_not_return() -> None:
    done = subprocess.run([sys.executable, "-c", _HANG], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGXCPU, "")

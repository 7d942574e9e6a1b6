"""What a worker process lays upon itself before it reads: limits that only the system can hold it to.

The reader limits each document by itself (pipelines/confined.py), as far as Python can. These hold where it cannot: in
C code that does not return, in memory that is asked for behind its back, and when the parent is gone.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.resource_tracker import ensure_running
from pathlib import Path

from crawler.garbage import seek_rarely

try:
    import resource
except ImportError:  # Windows has no such limits; the parent's time limit holds there too
    resource = None  # type: ignore[assignment]

MEMORY = 1024 * 1024 * 1024
"""Bytes of data that a worker may have. Pages and office files take below 100 MB; the optical reader 690 to 940 of the
usual pictures, on its one thread, and what it may take of the largest is about as much as this."""

_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15
_STOPS = (signal.SIGINT, signal.SIGTERM)
_STATM, _THREADS = Path("/proc/self/statm"), Path("/proc/self/task")


def settle(parent: int) -> None:
    """Readies this process for documents: it dies with its parent, cannot grow beyond MEMORY, and keeps quiet."""
    attend(parent, "gongkai-reader")
    if resource is not None:
        _lower(resource.RLIMIT_DATA, MEMORY)
        _lower(resource.RLIMIT_CORE, 0)


def attend(parent: int, name: str, *, stays: bool = False) -> None:
    """Makes this process one that serves another: it dies with its parent, keeps quiet, and has a name of its own.

    The name, of at most 15 letters, is what `ps` and `top` show on Linux. `stays`: SIGTERM does not end it.
    """
    die_with(parent)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode("ascii"))
    # Of a process that was forked, both are what its parent does about signals.
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_IGN if stays else signal.SIG_DFL)
    # Ctrl-C reaches all processes of a terminal; the parent stops the others when their work is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    _keep_quiet()
    seek_rarely()


@contextmanager
def deaf(*, forks: bool) -> Iterator[None]:
    """A process that is started inside hears no SIGINT and no SIGTERM before it attends."""
    if not forks:
        ensure_running()  # what Python starts beside the first that it spawns, and behind it hears them again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def may_fork() -> bool:
    """Whether this process may be forked: beside other threads it may not, nor where the system's libraries have some.
    Nothing may be open then that no two processes may have, such as a database; who calls knows that."""
    try:
        return sys.platform == "linux" and len(list(_THREADS.iterdir())) == 1
    except OSError:  # nobody tells
        return False


def allow_processor(seconds: int) -> None:
    """Lets this process use so much more of the processor; then the system ends it, whatever it is in."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def held() -> int:
    """Bytes of memory that this process holds; 0 where the system does not tell."""
    if resource is None or not _STATM.exists():
        return 0
    return int(_STATM.read_text().split()[1]) * resource.getpagesize()


def die_with(parent: int) -> None:
    """Has the system kill this process when the parent ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before we could ask
            os._exit(1)
        return
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _lower(limit: int, value: int) -> None:
    soft, hard = resource.getrlimit(limit)
    bounds = [value, *(bound for bound in (soft, hard) if bound != resource.RLIM_INFINITY)]
    resource.setrlimit(limit, (min(bounds), min(bounds)))


def _keep_quiet() -> None:
    """What libraries print of a document goes nowhere: the parent's terminal is not theirs to write on."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)

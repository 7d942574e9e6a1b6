"""Limits on time and memory around the reading of one document, so that no document takes a machine or a night.

The limits are those of the process itself, set for the time of reading and then taken back: a parser that asks for too
much gets a MemoryError, one that takes too long is interrupted. Both become `Unreadable`, with the reason.
"""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType

from pipelines.documents.formats import Unreadable

try:
    import resource
except ImportError:  # Windows has no such limits; the crawler's workers still have their time limit
    resource = None  # type: ignore[assignment]

SECONDS, MEGABYTES = 4.0, 360
"""For one document: what a real one needs is below a tenth of either. Memory is counted from what the process held
before its first document, so that a long-lived reader gets no larger with each."""
_MEGABYTE = 1024 * 1024
_LEAST = MEGABYTES // 4 * _MEGABYTE
"""For what is left to do, where libraries that came later, or an inner limit, have taken what there was."""
_AGAIN = 0.5
"""Seconds after which the timer goes off once more: what is raised in a finaliser is lost."""
_MARGIN = 10
"""Seconds of the processor beyond the timer, after which a process that has such a limit is ended by the system: the
timer interrupts Python, not C code that does not return."""
_TAKES_MORE = "reading takes more than"
_NO_ROOM = re.compile("failed to map|allocate memory")
"""What the loader says when there is no memory for a library that is needed only now."""
_STATM = Path("/proc/self/statm")
_TELLS = _STATM.exists()
_PAGE = resource.getpagesize() if resource else 0


def is_limited(reason: str) -> bool:
    """Whether a document was refused for what it takes to read it, which says nothing about what it is."""
    return reason.startswith(_TAKES_MORE)


class _TimeIsUp(BaseException):
    """Raised by the timer; no `Exception`, so that no library takes it for a fault of its own and goes on."""


@contextmanager
def confined(seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Iterator[None]:
    """Run the body within limits. Raises Unreadable when it takes more time or memory.

    The time is that of the processor, so that a busy machine reads what an idle one reads. Limits inside limits replace
    them for as long as they hold (an optical reader needs more of both). Time is limited
    in the main thread only, where signals arrive; memory where the system tells how much is in use.
    """
    try:
        with _memory(megabytes), _processor(seconds), _time(seconds):
            yield
    except _TimeIsUp:
        raise Unreadable(f"{_TAKES_MORE} {seconds:g} seconds") from None
    except (MemoryError, ImportError) as fault:
        if isinstance(fault, ImportError) and not _NO_ROOM.search(str(fault)):
            raise
        raise Unreadable(f"{_TAKES_MORE} {megabytes} MB of memory") from None


@contextmanager
def timed(seconds: float) -> Iterator[None]:
    """Run the body within a limit on time alone. Raises Unreadable when it takes more time of the processor."""
    try:
        with _time(seconds):
            yield
    except _TimeIsUp:
        raise Unreadable(f"{_TAKES_MORE} {seconds:g} seconds") from None


@contextmanager
def _time(seconds: float) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(signum: int, frame: FrameType | None) -> None:
        raise _TimeIsUp

    handler = signal.signal(signal.SIGPROF, stop)
    left, every = signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, left, every)
        signal.signal(signal.SIGPROF, handler)


@contextmanager
def _processor(seconds: float) -> Iterator[None]:
    """Where the process may use only so much of the processor, as a worker of the crawler may: as much as the document
    may take, and the margin."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU) if resource else (0, 0)
    if resource is None or soft == resource.RLIM_INFINITY:
        yield
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_used() + int(seconds) + _MARGIN, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (max(soft, _used() + _MARGIN), hard))


def _used() -> int:
    """Seconds of the processor that this process has used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return int(usage.ru_utime + usage.ru_stime)


def _held() -> int:
    return int(os.pread(_statm(os.getpid()), 64, 0).split()[0]) * _PAGE


@cache
def _statm(process: int) -> int:
    """The open file in which the system tells what this process holds: to open it anew for each page costs as much as
    a hundredth of reading the page."""
    return os.open(_STATM, os.O_RDONLY | os.O_CLOEXEC)


@cache
def _held_before() -> int:
    return _held()


@contextmanager
def _memory(megabytes: int) -> Iterator[None]:
    if resource is None or not _TELLS:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = max(_held_before() + megabytes * _MEGABYTE, _held() + _LEAST)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    try:
        yield
    finally:
        within = soft != resource.RLIM_INFINITY
        resource.setrlimit(resource.RLIMIT_AS, (max(soft, _held() + _LEAST) if within else soft, hard))

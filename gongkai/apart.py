"""The crawl of a night as a process of its own, watched by one that does nothing else.

Whatever ends it (the kernel when memory runs out, a crash in C code, a reactor that hangs), the watching process is
still there, small, and tells. What the crawl says goes straight into the log, so that it needs nobody to listen.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import IO

from gongkai.printing import printable

PATIENCE = 120.0
"""Seconds that a crawl has to end in order after it was told to stop."""

_GLANCE = 0.2
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Watcher:
    """Starts the crawl, hands stop signals on to it, and waits for its end."""

    def __init__(self) -> None:
        self.stopped = False
        self._asked_at = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Stop signals are taken note of inside the block, instead of ending this process."""
        before = {number: signal.signal(number, self._stop) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def crawl(self, command: Sequence[str], log: Path | None, *, echo: bool = False) -> int:
        """Runs the command to its end; returns its exit code, that of a signal as its negative number.

        What it says goes to the log, with `echo` to standard error as well; there alone without a log.
        """
        with log.open("ab") if log else open(os.dup(sys.stderr.fileno()), "wb") as said:  # noqa: PTH123 - no path
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=os.environ | {"GONGKAI_PUBLISH": "false"},  # that is done after the night is judged
                process_group=0,  # a Ctrl-C reaches it once, through us
            )
            if self.stopped:
                self._process.terminate()
            with _following(log if echo else None) as follower:
                code = self._wait(self._process, follower)
        if code < 0:
            _end_group(self._process.pid)  # it could not end its readers itself
        return code

    def _wait(self, process: subprocess.Popen[bytes], follow: _Follower) -> int:
        while True:
            try:
                return process.wait(_GLANCE)
            except subprocess.TimeoutExpired:
                follow.glance()
            if self.stopped and monotonic() - self._asked_at > PATIENCE:
                _end_group(process.pid)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if not self.stopped:
            self.stopped, self._asked_at = True, monotonic()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()


def _end_group(leader: int) -> None:
    """Ends what a crawl has started, and the crawl."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


class _Follower:
    """Copies to standard error what was added to a file since the last glance."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._stream = stream

    def glance(self) -> None:
        if self._stream is not None:
            sys.stderr.write(printable(self._stream.read().decode("utf-8", "replace")))
            sys.stderr.flush()


@contextmanager
def _following(path: Path | None) -> Iterator[_Follower]:
    if path is None:
        yield _Follower(None)
        return
    with path.open("rb") as stream:
        stream.seek(0, os.SEEK_END)
        follower = _Follower(stream)
        yield follower
        follower.glance()

"""A reader whose documents say what it is to suffer; imported by the workers of a reading room under test."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from pathlib import Path

from pipelines.model import Capture, Context, Reading


def read(capture: Capture, context: Context) -> tuple[Reading, ...]:
    """Does what the body says, and reads it unless that was the end."""
    order, _, rest = capture.body.decode().partition(" ")
    if order == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "kill-once" and not Path(rest).exists():
        Path(rest).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "crash":
        ctypes.string_at(0)
    if order == "sleep":
        time.sleep(float(rest.split()[0]))
    if order == "hang":
        sum(range(10**12))  # in C, where no signal handler of Python runs
    if order == "memory":
        len(bytearray(1 << 31))
    if order == "fault":
        raise ValueError("of ours")
    if order == "print":
        os.write(2, b"\x1b[2Jfrom the web")
    return (Reading(True, title=rest, agency=str(os.getpid())),)

"""Whether somebody writes to an archive at this moment, as its lock tells; a run that never ended does not tell it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


def is_written_to(path: Path) -> bool:
    """Whether a program holds the lock of the archive (`Archive.lock`). False where we see no lock."""
    try:
        fd = os.open(path.with_name(path.name + ".lock"), os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared, and let go at once: others who look do not matter
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False

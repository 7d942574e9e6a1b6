"""The lock of an archive: one writing program at a time, and who it is.

It is a lock of the system on a file beside the archive. When the program dies, however it dies, it is free again.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.database import spoken
from archive.errors import ArchiveBusy

_HELD = Path("/proc/locks")


def lock_file(archive: Path) -> Path:
    return archive.with_name(archive.name + ".lock")


@contextmanager
def locked(file: Path, busy: str) -> Iterator[None]:
    """Holds the lock on a file, which is made if need be, and never removed: a lock on a name that is gone is none.

    Raises ArchiveBusy with the words `busy`, at once, when another program holds it.
    """
    with spoken(file):
        fd = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ArchiveBusy(busy) from None
        yield
    finally:
        os.close(fd)


def holder(archive: Path) -> int | None:
    """The process that holds the archive's lock, as the system's list has it; None where nobody does.

    It only looks: to try the lock would send away a run that starts at that moment. Raises OSError where the system has
    no such list. A holder that cannot be seen from here, in another container, is 0.
    """
    file = lock_file(archive)
    held = _HELD.read_text()
    if not file.exists():
        return None
    found = file.stat()
    place = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    for line in held.splitlines():
        fields = line.split()  # 1: FLOCK ADVISORY WRITE 4711 fe:01:131 0 EOF; `->` stands before who waits
        if "FLOCK" in fields[1:2] and place in fields:
            return max(0, int(fields[4]))
    return None

"""A crawl on this machine waits for workers of another one whose coordinator died: they may still ask hosts.

They stop when they notice, which takes a second, or as long as the storage takes to let go of a lock of a machine that
is no more.
"""

from __future__ import annotations

import time
from pathlib import Path

import click

from archive import ArchiveBusy
from gongkai.apart import PATIENCE
from gongkai.printing import printable
from gongkai.spreading.parts import Run

_LOOK = 0.2


def await_left(archive: Path, patience: float = PATIENCE) -> None:
    """Returns when no worker is at a part of a run that is left of that archive.

    Raises ArchiveBusy when one still is after so many seconds. A run that is handed out now is not waited for: the
    archive's lock tells of that.
    """
    end = time.monotonic() + patience
    for run in Run.left(archive):
        if not run.is_handed_out() and run.is_at_work():
            click.echo(printable(f"waiting for workers of run {run.number}, which was killed"), err=True)
            run.stop()
            while run.is_at_work():
                if time.monotonic() > end:
                    raise ArchiveBusy(f"{run.folder}: a worker is still at it")
                time.sleep(_LOOK)

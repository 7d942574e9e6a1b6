"""A part of a crawl, as a worker goes about it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from archive import ArchiveBusy, ArchiveError
from gongkai.apart import PATIENCE
from gongkai.spreading.errors import Lost
from gongkai.spreading.parts import Part

TRIES = 3
"""How often the crawl of a part is begun when its process dies."""

_LOOK = 0.2


def crawl_part(folder: str) -> None:
    """Crawls a part to its end, and leaves the result in its folder; goes on where somebody else was lost.

    Dask may give it out again although the first worker only seems to be lost: then this waits until that one is dead,
    or the result is there. Raises Lost when the crawl dies each time, and when the folder cannot be written to.
    """
    part = Part(Path(folder))
    while not part.is_over():
        try:
            with part.held():
                _crawl(part)
        except ArchiveBusy:
            time.sleep(_LOOK)
        except ArchiveError as error:
            raise Lost(str(error)) from error
        else:
            return


def _crawl(part: Part) -> None:
    for _ in range(TRIES):
        if part.is_over():
            return
        code = _to_its_end(part)
    if not part.is_over():
        raise Lost(f"its crawl ended with {code}, each of {TRIES} times: {_last_words(part)}")


def _to_its_end(part: Part) -> int:
    """One crawl of it in a process, which is told to stop when all is over; its exit code."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")}
    with part.said.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gongkai.spreading.part", str(part.folder), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd=part.folder,  # where no gongkai.toml is
            env=environment | part.task().options,
            process_group=0,
        )
    asked_at = 0.0
    while True:
        try:
            return process.wait(_LOOK)
        except subprocess.TimeoutExpired:
            pass
        if not asked_at and part.run.is_over():
            asked_at = time.monotonic()
            process.terminate()
        if asked_at and time.monotonic() - asked_at > PATIENCE:
            process.kill()


def _last_words(part: Part) -> str:
    lines = part.said.read_bytes()[-2000:].decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"

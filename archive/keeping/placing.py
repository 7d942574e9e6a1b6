"""Files that take their place when they are whole and on the disk, so that whatever kills us leaves what was there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DRAFT = ".draft"
_OF_SQLITE = ("", "-journal", "-wal", "-shm")


@contextmanager
def taking_place(target: Path) -> Iterator[Path]:
    """A path to write to, which becomes the target, durably, when the block ends well, and else is gone."""
    draft = target.with_name(f".{target.name}{_DRAFT}")
    throw_away(draft)
    try:
        yield draft
        settle(draft)
        draft.replace(target)
        settle(target.parent)
    finally:
        throw_away(draft)


def throw_away(file: Path) -> None:
    """Removes a file, and what SQLite may have left beside it."""
    for suffix in _OF_SQLITE:
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Removes the drafts of a process that was killed. Only for who holds the folder for itself."""
    for suffix in _OF_SQLITE:
        for draft in folder.glob(f".*{_DRAFT}{suffix}"):
            draft.unlink(missing_ok=True)


def set_aside(file: Path, stamp: str) -> list[Path]:
    """Renames a file that is to be replaced, with its log, so that nothing is lost; returns the new names."""
    name = f"{file.name}.replaced-{stamp}"
    while file.with_name(name).exists():
        name += "+"
    moved = []
    for suffix in ("-wal", ""):  # the log first: beside another database it would be worse than none
        there = file.with_name(file.name + suffix)
        if there.exists():
            moved.append(there.rename(file.with_name(name + suffix)))
    file.with_name(file.name + "-shm").unlink(missing_ok=True)
    settle(file.parent)
    return moved


def settle(path: Path) -> None:
    """Makes the bytes of a file, or the names in a folder, durable."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

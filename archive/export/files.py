"""Files and folders that take their place when they are whole: nobody finds half of one, whatever happens meanwhile."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.export.choosing import ExportError


@contextmanager
def replaced_file(target: Path) -> Iterator[Path]:
    """A path beside the target to write to; it becomes the target when the block ends well, else it is gone.

    Raises ExportError for a target that is no plain file, or in a folder that cannot be written to.
    """
    target = target.resolve()
    if target.exists() and not target.is_file():
        raise ExportError(f"{target}: is no plain file{' (- is standard output)' if not target.is_dir() else ''}")
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    with _in_one_line(target):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            draft.open("xb").close()
            yield draft
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def replaced_folder(target: Path, mark: str) -> Iterator[Path]:
    """A folder beside the target to fill; it takes the target's place when the block ends well, else it is gone.

    A folder that is there is replaced if it is empty or holds a file named `mark`; else raises ExportError.
    """
    target = target.resolve()
    if target.exists() and not (target.is_dir() and (not any(target.iterdir()) or (target / mark).is_file())):
        raise ExportError(f"{target}: there is something else already, and it is left alone")
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    with _in_one_line(target):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            draft.mkdir()
            yield draft
            if target.exists():
                target.rename(old)
            draft.rename(target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
            if old.exists() and not target.exists():
                old.rename(target)
            shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _in_one_line(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExportError(f"{error.filename or target}: {error.strerror or error}") from error

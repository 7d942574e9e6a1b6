"""How far something is that is counted in bytes: a bar on a terminal, a plain line now and then in a log."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

_EVERY = 10.0
"""Seconds between two plain lines."""

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


@contextmanager
def shown(doing: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Gives the function that is told of bytes as they are dealt with; nothing of it stays on a terminal."""
    terminal = sys.stderr.isatty()
    size = shutil.get_terminal_size()  # sensible too where a terminal claims to have no rows and columns
    done, last = 0, time.monotonic()
    with tqdm(
        unit="B",
        unit_scale=True,
        total=total or None,
        desc=doing,
        file=sys.stderr,
        disable=not terminal,
        leave=False,
        ncols=size.columns,
        nrows=size.lines,
    ) as bar:

        def told(count: int) -> None:
            nonlocal done, last
            done += count
            bar.update(count)
            if not terminal and time.monotonic() - last >= _EVERY:
                last = time.monotonic()
                of = f" of {amount(total)}" if total else ""
                print(f"{doing}: {amount(done)}{of} so far", file=sys.stderr)

        yield told


def amount(count: float) -> str:
    """Bytes for people: `812 bytes`, `1.2 GB`."""
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.0f} {_UNITS[unit]}" if unit == 0 or count >= 100 else f"{count:.1f} {_UNITS[unit]}"

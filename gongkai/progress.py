"""How far a command has come: a bar on a terminal, a plain line now and then in a log."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType
from typing import Self

import click
from tqdm import tqdm

_EVERY = 10.0
"""Seconds between two plain lines."""


class Progress:
    """Counts up to `total` things of a kind that the user knows (`captures`), with their rate and the time left."""

    def __init__(self, total: int, things: str) -> None:
        size = shutil.get_terminal_size()  # sensible too where a terminal claims to have no rows and columns
        self._terminal = sys.stderr.isatty()
        self._bar = tqdm(
            total=total,
            unit=f" {things}",
            file=sys.stderr,
            disable=not self._terminal,
            leave=False,
            ncols=size.columns,
            nrows=size.lines,
        )
        self._total, self._things, self._done = total, things, 0
        self._began = self._last = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def more(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        self._bar.total = max(self._total, self._done)
        self._bar.update(count)
        now = time.monotonic()
        if not self._terminal and now - self._last >= _EVERY:
            self._last = now
            rate = self._done / (now - self._began)
            left = tqdm.format_interval(max(0, self._total - self._done) / rate)
            click.echo(f"{self._done} of {self._total} {self._things}, {rate:.0f} a second, {left} left", err=True)

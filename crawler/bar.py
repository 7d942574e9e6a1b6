"""How far long work has come: a bar on a terminal, a plain line now and then in a log."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from typing import Self

from tqdm import tqdm

_EVERY = 10.0
"""Seconds between two plain lines."""


class Bar:
    """Is told of what is done, in units that the user knows; nothing of it stays on a terminal.

    `line` words what stands in a log in place of the bar.
    """

    def __init__(
        self, unit: str, line: Callable[[Bar], str], *, total: int | None = None, doing: str = "", scaled: bool = False
    ) -> None:
        size = shutil.get_terminal_size()  # sensible too where a terminal claims to have no rows and columns
        self.total = total
        self.done = 0
        self._line = line
        self._terminal = sys.stderr.isatty()
        self._began = self._last = time.monotonic()
        self._bar = tqdm(
            total=total,
            unit=unit,
            unit_scale=scaled,
            desc=doing or None,
            file=sys.stderr,
            disable=not self._terminal,
            leave=False,
            ncols=size.columns,
            nrows=size.lines,
        )

    @property
    def rate(self) -> float:
        """Units a second so far."""
        return self.done / max(time.monotonic() - self._began, 0.001)

    @property
    def left(self) -> str:
        """The time that the rest takes at this rate, as a clock shows it."""
        return tqdm.format_interval(max(0, (self.total or 0) - self.done) / max(self.rate, 0.001))

    def more(self, count: int = 1, *, total: int | None = None, beside: str = "") -> None:
        """So much more is done, of a total that may have grown; `beside` is shown behind the bar."""
        self.done += count
        if self.total is not None or total is not None:
            self.total = max(total or self.total or 0, self.done)
            self._bar.total = self.total
        if beside:
            self._bar.set_postfix_str(beside, refresh=False)
        self._bar.update(count)
        now = time.monotonic()
        if not self._terminal and now - self._last >= _EVERY:
            self._last = now
            print(self._line(self), file=sys.stderr)

    def close(self) -> None:
        """Wipes the bar, so that the last lines stand alone."""
        self._bar.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

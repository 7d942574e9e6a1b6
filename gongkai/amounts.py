"""Amounts of bytes for people, and how far something is that is counted in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crawler.bar import Bar

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


@contextmanager
def shown(doing: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Gives the function that is told of bytes as they are dealt with."""

    def line(bar: Bar) -> str:
        return f"{doing}: {amount(bar.done)}{f' of {amount(bar.total)}' if bar.total else ''} so far"

    with Bar("B", line, total=total or None, doing=doing, scaled=True) as bar:
        yield bar.more


def amount(count: float) -> str:
    """Bytes for people: `812 bytes`, `1.2 GB`."""
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.0f} {_UNITS[unit]}" if unit == 0 or count >= 100 else f"{count:.1f} {_UNITS[unit]}"

"""How far a command has come that counts things of a kind."""

from __future__ import annotations

from crawler.bar import Bar


class Progress(Bar):
    """Counts up to `total` things that the user knows (`captures`), with their rate and the time left."""

    def __init__(self, total: int, things: str) -> None:
        def line(bar: Bar) -> str:
            return f"{bar.done} of {bar.total} {things}, {bar.rate:.0f} a second, {bar.left} left"

        super().__init__(f" {things}", line, total=total)

"""Many expressions looked for in one pass over bytes, by Hyperscan; without it, one after the other by `re`.

The expressions are of the kind that both take: bytes as such or as \\xNN, classes, groups, counts, `(?i:…)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

OnMatch = Callable[[int, int, int, int, Any], bool | None]
"""Is told of the number of an expression, 0, and where a match ends; says whether that is enough. The rest is what
Hyperscan tells beside, which costs less to leave there than to leave out."""

try:
    import hyperscan
except ImportError:
    IS_FAST = False
else:
    IS_FAST = True
"""Whether one pass costs no more than one expression; else each costs a pass, and some take long."""


class Scanner:
    """Expressions to look for; of those that are `once`, a match or a few are told of, of the others all."""

    def __init__(self, expressions: Sequence[bytes], *, once: Sequence[bool]) -> None:
        self._expressions = expressions
        self._once = once
        if not IS_FAST:
            return
        flags = [hyperscan.HS_FLAG_DOTALL | (hyperscan.HS_FLAG_SINGLEMATCH if single else 0) for single in once]
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        self._database.compile(
            expressions=list(expressions), ids=list(range(len(flags))), elements=len(flags), flags=flags
        )
        self._database.scratch = hyperscan.Scratch(self._database)

    def scan(self, body: bytes, on_match: OnMatch) -> None:
        """Tells of the matches until one is enough."""
        if not IS_FAST:
            self._one_by_one(body, on_match)
            return

        try:
            self._database.scan(body, match_event_handler=on_match)
        except hyperscan.ScanTerminated:
            return

    @cached_property
    def _patterns(self) -> list[re.Pattern[bytes]]:
        return [re.compile(expression, re.DOTALL) for expression in self._expressions]

    def _one_by_one(self, body: bytes, on_match: OnMatch) -> None:
        for number, pattern in enumerate(self._patterns):
            for match in pattern.finditer(body):
                if on_match(number, 0, match.end(), 0, None):
                    return
                if self._once[number]:
                    break


def exactly(raw: bytes) -> bytes:
    """The expression of some bytes and nothing else."""
    return b"".join(rb"\x%02x" % byte for byte in raw)

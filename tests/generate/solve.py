"""Whether glued digits can be parted in one way only: the generator's own proof of what a reader is able to know.

`713000074` is seven figures whose last is the sum of the others in exactly one way; `8855698` is three figures in many.
"""

from collections.abc import Iterator
from functools import cache
from itertools import islice


def _figures(digits: str) -> Iterator[str]:
    """Every figure that a run of digits can begin with; only 0 itself begins with 0."""
    if digits.startswith("0"):
        yield "0"
        return
    for n in range(1, min(len(digits), 7) + 1):
        yield digits[:n]


def partings(digits: str, count: int) -> Iterator[tuple[int, ...]]:
    """Every way to read `digits` as that many figures."""
    if count == 0:
        if not digits:
            yield ()
        return
    if len(digits) < count:
        return
    for figure in _figures(digits):
        for rest in partings(digits[len(figure) :], count - 1):
            yield (int(figure), *rest)


def _adds_up(figures: tuple[int, ...]) -> bool:
    return sum(figures[:-1]) == figures[-1]


def row_is_unique(raws: list[str], label_digit: str = "") -> bool:
    """Whether a glued row with a total is readable, also if the digit that follows belonged to it."""
    digits = "".join(raws)
    if len(digits) > 24:
        return False
    ways = [w for w in partings(digits, len(raws)) if _adds_up(w)]
    more = any(_adds_up(w) for w in partings(digits + label_digit, len(raws))) if label_digit else False
    return len(ways) == 1 and not more


def cases_are_unique(raws: list[str], block: int = 5) -> bool:
    """Whether the glued figures of table 4 (blocks of parts and their total) are readable."""
    digits = "".join(raws)

    @cache
    def ways(start: int, blocks: int) -> int:
        if blocks == 0:
            return int(start == len(digits))
        found = 0
        for end in range(start + block, min(len(digits), start + 5 * block) + 1):
            after = ways(end, blocks - 1)
            if after:
                fitting = (w for w in partings(digits[start:end], block) if _adds_up(w))
                found += after * len(list(islice(fitting, 2)))
        return found

    return ways(0, len(raws) // block) == 1

"""Glued digits into cells, by proof: 713000074 is 71, 3, 0, 0, 0, 0, 74 because no other split adds up.

A row of single digits splits in one way. For the others the sums decide: of all splits that add up as rows, exactly one
combination must satisfy every column and the flow of the table; otherwise none is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

Split = tuple[str, ...]
Spend = Callable[[], None]
_MOST_CUTS = 20_000
_MOST_STEPS = 200_000
_LONGEST = 48  # digits of table 4


class _TooMany(Exception):  # noqa: N818 - a reason to give up, not a fault
    """More combinations than can be weighed; a solution found among some of them would prove nothing."""


def sums(tokens: Sequence[str], width: int) -> list[Split]:
    """Every way to cut the tokens into `width` numbers of which the last is the sum of the others.

    The borders between tokens are borders of cells, and no number begins with a zero that is not all of it. None are
    found in tokens that are not digits alone, or when they are too many to weigh.
    """
    if not tokens or width < 2 or not all(token.isdecimal() for token in tokens):
        return []
    found: list[Split] = []
    end, spend = tokens[-1], _budget(_MOST_CUTS)
    for length in range(1, len(end) + 1):
        total = end[-length:]
        if length > 1 and total[0] == "0":
            continue
        rest = (*tokens[:-1], end[:-length]) if length < len(end) else tuple(tokens[:-1])
        try:
            found += [(*parts, total) for parts in _parts(rest, width - 1, int(total), spend)]
        except _TooMany:
            return []
    return found


def _parts(tokens: Split, width: int, total: int, spend: Spend) -> Iterator[Split]:
    """Every way to cut the tokens into `width` numbers that add up to `total`."""
    spend()
    digits = sum(map(len, tokens))
    if not len(tokens) <= width <= digits or 10 ** (digits - width + 1) * width < total:
        return
    first, rest = tokens[0], tokens[1:]
    if width == 1:
        if int(first) == total and (first[0] != "0" or len(first) == 1):
            yield (first,)
        return
    for length in range(1, 2 if first[0] == "0" else len(first) + 1):
        number = int(first[:length])
        if number > total:
            return
        remaining = (first[length:], *rest) if length < len(first) else rest
        for parts in _parts(remaining, width - 1, total - number, spend):
            yield (first[:length], *parts)


def count(text: str) -> int:
    """The number of a cell, 0 for an empty one."""
    return int(text) if text else 0


def adds_up(split: Split) -> bool:
    """Whether the last number is the sum of the others, empty cells counting as nothing."""
    return sum(map(count, split[:-1])) == count(split[-1])


def _budget(most: int) -> Spend:
    """To be called for each thing that is tried; raises _TooMany when it has been called `most` times."""
    left = iter(range(most))

    def spend() -> None:
        if next(left, None) is None:
            raise _TooMany

    return spend


def split_blocks(tokens: Sequence[str], blocks: int, width: int) -> Split | None:
    """The one split into blocks of `width` numbers of which each adds up; None when there is none or another."""
    digits = "".join(tokens)
    if len(tokens) != 1 or not digits.isdecimal() or len(digits) > _LONGEST:
        return None

    @cache
    def block(begin: int, end: int) -> list[Split]:
        return sums([digits[begin:end]], width)

    found: list[Split] = []

    def search(position: int, left: int, before: Split) -> None:
        if left == 0:
            if position == len(digits):
                found.append(before)
            return
        for end in range(position + width, len(digits) - width * (left - 1) + 1):
            for split in block(position, end):
                if len(found) < 2:
                    search(end, left - 1, (*before, *split))

    search(0, blocks, ())
    return found[0] if len(found) == 1 else None


def solve(
    rows: Mapping[str, Sequence[Split]], leaves: Sequence[str], flow: tuple[str, str, str, str]
) -> dict[str, Split] | None:
    """One split for each row such that leaves = total and received + carried in = total + carried out in every column.

    `rows` gives each row's splits; `flow` names the rows (received, carried in, total, carried out). None when no
    combination fits, when several do, or when there are too many to try.
    """
    received, carried_in, total, carried_out = flow
    if not all(rows.get(row) for row in (*leaves, *flow)):
        return None
    spend = _budget(_MOST_STEPS)
    solutions: list[dict[str, Split]] = []
    try:
        for chosen in rows[total]:
            target = [count(number) for number in chosen]
            for flows in _flows(rows, (received, carried_in, carried_out), target, spend):
                for found in _leaves(rows, leaves, target, spend):
                    solutions.append({**found, **flows, total: chosen})
                    if len(solutions) > 1:
                        return None
    except _TooMany:
        return None
    return solutions[0] if solutions else None


def _flows(
    rows: Mapping[str, Sequence[Split]], names: tuple[str, str, str], target: Sequence[int], spend: Spend
) -> Iterator[dict[str, Split]]:
    """Combinations with received + carried in = target + carried out in every column."""
    for first in rows[names[0]]:
        for second in rows[names[1]]:
            for last in rows[names[2]]:
                spend()
                sides = zip(first, second, target, last, strict=True)
                if all(count(a) + count(b) == t + count(d) for a, b, t, d in sides):
                    yield dict(zip(names, (first, second, last), strict=True))


def _leaves(
    rows: Mapping[str, Sequence[Split]], leaves: Sequence[str], target: Sequence[int], spend: Spend
) -> Iterator[dict[str, Split]]:
    """Combinations of the leaf rows that add up to the target in every column; rows with few splits go first."""
    order = sorted(leaves, key=lambda row: len(rows[row]))

    def choose(number: int, left: Sequence[int]) -> Iterator[dict[str, Split]]:
        if number == len(order):
            if not any(left):
                yield {}
            return
        for split in rows[order[number]]:
            spend()
            after = [have - count(part) for have, part in zip(left, split, strict=True)]
            if min(after) >= 0:
                for rest in choose(number + 1, after):
                    yield {order[number]: split, **rest}

    yield from choose(0, target)

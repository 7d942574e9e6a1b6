"""Glued digits into cells, by proof: 713000074 is 71, 3, 0, 0, 0, 0, 74 because no other split adds up.

A row of single digits splits in one way. For the others the sums decide: of all splits that add up as rows, exactly one
combination must satisfy every column and the flow of the table; otherwise none is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

Split = tuple[str, ...]
_MOST_SPLITS = 20_000
_MOST_STEPS = 200_000


class _TooMany(Exception):  # noqa: N818 - a reason to give up, not a fault
    """More combinations than can be weighed; a solution found among some of them would prove nothing."""


def splits(tokens: Sequence[str], count: int) -> list[Split]:
    """Every way to cut the tokens into `count` numbers without leading zeros; none when they are too many to weigh.

    The borders between tokens are borders of cells. Tokens that are not digits alone have no split.
    """
    if not all(token.isdecimal() for token in tokens):
        return []
    found: list[Split] = []
    for split in _cut(tuple(tokens), count):
        found.append(split)
        if len(found) > _MOST_SPLITS:
            return []
    return found


def _cut(tokens: Split, count: int) -> Iterator[Split]:
    if not tokens:
        if count == 0:
            yield ()
        return
    if not len(tokens) <= count <= sum(map(len, tokens)):
        return
    token, rest = tokens[0], tokens[1:]
    for length in range(1, 2 if token[0] == "0" else len(token) + 1):
        remaining = (token[length:], *rest) if length < len(token) else rest
        for tail in _cut(remaining, count - 1):
            yield (token[:length], *tail)


def adds_up(split: Split) -> bool:
    """Whether the last number is the sum of the others, empty cells counting as nothing."""
    return sum(map(count, split[:-1])) == count(split[-1])


def count(text: str) -> int:
    """The number of a cell, 0 for an empty one."""
    return int(text) if text else 0


def split_blocks(tokens: Sequence[str], blocks: int, width: int) -> Split | None:
    """The one split into blocks of `width` numbers of which each adds up; None when there is none or another."""
    digits = "".join(tokens)
    if len(tokens) != 1 or not digits.isdecimal():
        return None
    found: list[Split] = []

    def search(position: int, left: int, before: Split) -> None:
        if left == 0:
            if position == len(digits):
                found.append(before)
            return
        for end in range(position + width, len(digits) - width * (left - 1) + 1):
            for split in splits([digits[position:end]], width):
                if adds_up(split) and len(found) < 2:
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
    solutions: list[dict[str, Split]] = []
    try:
        for chosen in rows[total]:
            target = [count(number) for number in chosen]
            for flows in _flows(rows, (received, carried_in, carried_out), target):
                for found in _leaves(rows, leaves, target):
                    solutions.append({**found, **flows, total: chosen})
                    if len(solutions) > 1:
                        return None
    except _TooMany:
        return None
    return solutions[0] if solutions else None


def _flows(
    rows: Mapping[str, Sequence[Split]], names: tuple[str, str, str], target: Sequence[int]
) -> Iterator[dict[str, Split]]:
    """Combinations with received + carried in = target + carried out in every column."""
    tried = 0
    for first in rows[names[0]]:
        for second in rows[names[1]]:
            for last in rows[names[2]]:
                tried += 1
                if tried > _MOST_STEPS:
                    raise _TooMany
                if all(
                    count(a) + count(b) == t + count(d) for a, b, t, d in zip(first, second, target, last, strict=True)
                ):
                    yield dict(zip(names, (first, second, last), strict=True))


def _leaves(
    rows: Mapping[str, Sequence[Split]], leaves: Sequence[str], target: Sequence[int]
) -> Iterator[dict[str, Split]]:
    """Combinations of the leaf rows that add up to the target in every column; rows with few splits go first."""
    order = sorted(leaves, key=lambda row: len(rows[row]))
    steps = 0

    def choose(number: int, left: Sequence[int]) -> Iterator[dict[str, Split]]:
        nonlocal steps
        if number == len(order):
            if not any(left):
                yield {}
            return
        for split in rows[order[number]]:
            steps += 1
            if steps > _MOST_STEPS:
                raise _TooMany
            after = [have - count(part) for have, part in zip(left, split, strict=True)]
            if min(after) >= 0:
                for rest in choose(number + 1, after):
                    yield {order[number]: split, **rest}

    yield from choose(0, target)

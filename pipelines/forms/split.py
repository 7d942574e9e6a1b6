"""Glued digits into cells, by proof: 713000074 is 71, 3, 0, 0, 0, 0, 74 because no other split adds up.

A row of single digits splits in one way. For the others the sums decide: of all splits that add up as rows, exactly one
combination must satisfy every column and the flow of the table; otherwise none is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice, product

Split = tuple[str, ...]
Flow = tuple[str, str, str, str]
Spend = Callable[[], None]
_MOST_CUTS = 40_000
_MOST_STEPS = 200_000
_MOST_WAYS = 1_000
_LONGEST = 48  # digits of table 4
_PAGE = r"(\d{1,3}|[-—–]\d{1,3}[-—–]|第\d{1,3}页)"
MARKS = frozenset("/-—")
"""What stands in a cell without a number, in the middle of digits."""
_WORDS = re.compile(r"\D.*\D|\D", re.DOTALL)


class _TooMany(Exception):  # noqa: N818 - a reason to give up, not a fault
    """More combinations than can be weighed; a solution found among some of them would prove nothing."""


def sums(tokens: Sequence[str], width: int) -> list[Split]:
    """Every way to cut the tokens into `width` numbers of which the last is the sum of the others.

    The borders between tokens are borders of cells, and no number begins with a zero that is not all of it; a mark is
    a cell without a number. None are found in other tokens, or when they are too many to weigh.
    """
    if not tokens or width < 2 or not all(token.isdecimal() or token in MARKS for token in tokens):
        return []
    if not tokens[-1].isdecimal():
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
    longest = -(-digits // width)  # one of the numbers has at least so many digits
    if longest > 1 and 10 ** (longest - 1) > total:
        return
    first, rest = tokens[0], tokens[1:]
    if first in MARKS:
        if width > 1:
            yield from ((first, *parts) for parts in _parts(rest, width - 1, total, spend))
        elif not total:
            yield (first,)
        return
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
    """The number of a cell, 0 for an empty one and for a mark."""
    return int(text) if text.isdecimal() else 0


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
    rows: Mapping[str, Sequence[Split]], leaves: Sequence[str], flow: Flow, printed: Mapping[str, str] | None = None
) -> dict[str, Split] | None:
    """One split for each row such that leaves = total and received + carried in = total + carried out in every column.

    `rows` gives each row's splits; `flow` names the rows (received, carried in, total, carried out). One row may have
    something foreign among its digits (the number of a page, words instead of a number): it is what the others leave,
    where `printed`, its digits as they stand, bear that out. Rows in which combinations that fit differ are left out.
    None when no combination fits, or when there are too many to try.
    """
    every = [*leaves, *flow]
    odd = [row for row in every if not rows.get(row)]
    spend = _budget(_MOST_STEPS)
    found: list[dict[str, Split]] = []
    try:
        if not odd:
            found += _few(_solutions(rows, leaves, flow, spend))
        for row in _to_be_left_open(odd, every, is_solved=bool(found)):
            if text := (printed or {}).get(row):
                others = {other: splits for other, splits in rows.items() if other != row}
                found += _few(_solutions(others, leaves, flow, spend, (row, text)))
    except _TooMany:
        return None
    agreed = {row: found[0][row] for row in every if len({one[row] for one in found}) == 1} if found else {}
    return agreed or None


def _to_be_left_open(odd: Sequence[str], every: Sequence[str], *, is_solved: bool) -> Sequence[str]:
    """The rows of which each in turn may be the one with something foreign in it: that without splits; any of them
    where all have splits that do not fit together."""
    return () if is_solved or len(odd) > 1 else odd or every


def _few(found: Iterator[dict[str, Split]]) -> list[dict[str, Split]]:
    """All that is found, if it is not too much to keep."""
    few = list(islice(found, _MOST_WAYS + 1))
    if len(few) > _MOST_WAYS:
        raise _TooMany
    return few


def _solutions(
    rows: Mapping[str, Sequence[Split]],
    leaves: Sequence[str],
    flow: Flow,
    spend: Spend,
    odd: tuple[str, str] = ("", ""),
) -> Iterator[dict[str, Split]]:
    """All combinations that fit, the row that has no splits being what the others leave."""
    for flows in _flows(rows, flow, spend, odd):
        target = [count(number) for number in flows[flow[2]]]
        for found in _leaves(rows, leaves, target, spend):
            left = [name for name in leaves if name not in found]
            total = [sum(column) for column in zip(*(map(count, split) for split in found.values()), strict=True)]
            rest = [have - part for have, part in zip(target, total, strict=True)]
            if not left:
                yield {**found, **flows}
            elif split := _borne_out(rest, odd[1]):
                yield {**found, **flows, left[0]: split}


def _flows(
    rows: Mapping[str, Sequence[Split]], names: Flow, spend: Spend, odd: tuple[str, str]
) -> Iterator[dict[str, Split]]:
    """Combinations with received + carried in = target + carried out in every column."""
    known = [name for name in names if name != odd[0]]
    for chosen in product(*(rows[name] for name in known)):
        spend()
        found = dict(zip(known, chosen, strict=True))
        columns = zip(*(map(count, found.get(name) or ("0",) * len(chosen[0])) for name in names), strict=True)
        rest = [a + b - c - d for a, b, c, d in columns]
        if len(known) == len(names):
            if not any(rest):
                yield found
        elif split := _borne_out([n if odd[0] in names[2:] else -n for n in rest], odd[1]):
            yield {**found, odd[0]: split}


def _leaves(
    rows: Mapping[str, Sequence[Split]], leaves: Sequence[str], target: Sequence[int], spend: Spend
) -> Iterator[dict[str, Split]]:
    """Combinations of the leaf rows that add up to the target in every column, or to less if one of them is open.

    Rows with few splits go first. What those behind can add up to at least and at most cuts most of the ways off.
    """
    order = sorted((row for row in leaves if rows.get(row)), key=lambda row: len(rows[row]))
    is_open = len(order) < len(leaves)
    numbers = {row: [tuple(map(count, split)) for split in rows[row]] for row in order}
    least, most = [[0] * len(target)], [[0] * len(target)]
    for row in reversed(order):
        columns = list(zip(*numbers[row], strict=True))
        least.append([have + min(column) for have, column in zip(least[-1], columns, strict=True)])
        most.append([have + max(column) for have, column in zip(most[-1], columns, strict=True)])

    def choose(number: int, left: Sequence[int]) -> Iterator[dict[str, Split]]:
        behind = len(order) - number
        if any(have < low for have, low in zip(left, least[behind], strict=True)):
            return
        if not is_open and any(have > high for have, high in zip(left, most[behind], strict=True)):
            return
        if not behind:
            yield {}
            return
        row = order[number]
        for split, parts in zip(rows[row], numbers[row], strict=True):
            spend()
            for rest in choose(number + 1, [have - part for have, part in zip(left, parts, strict=True)]):
                yield {row: split, **rest}

    yield from choose(0, target)


def _borne_out(numbers: Sequence[int], printed: str) -> Split | None:
    """What the other rows leave for a row, if that is printed there: with the number of a page behind it, or with
    words or another number in one cell.

    Digits behind a total may be the number of a page or its own, and two neighbours may share them out in two ways:
    then nobody can tell, and all that may be meant stands in the cell.
    """
    if min(numbers) < 0 or sum(numbers[:-1]) != numbers[-1]:
        return None
    split = tuple(map(str, numbers))
    if page := re.fullmatch("".join(split) + _PAGE, printed):
        is_plain = numbers[-1] == 0 or not page[1].isdecimal()
        return split if is_plain else (*split[:-1], f"{split[-1]} {page[1]}")
    found = [other for place in range(len(split)) if (other := _but_for_one(split, place, printed))]
    return tuple("|".join(dict.fromkeys(texts)) for texts in zip(*found, strict=True)) if found else None


def _but_for_one(split: Split, place: int, printed: str) -> Split | None:
    """The cells of a row of which only one is not as expected: words stand there, or a number not much longer."""
    before, behind = "".join(split[:place]), "".join(split[place + 1 :])
    own = printed[len(before) : len(printed) - len(behind)]
    if printed != before + own + behind:
        return None
    is_number = own.isdecimal() and len(own) <= len(split[place]) + 1 and (own == "0" or own[0] != "0")
    return (*split[:place], own, *split[place + 1 :]) if is_number or _WORDS.fullmatch(own) else None

"""The heads over the values, witnesses of the order in which the values are read.

Values are taken by their order, because real pages cut, split and misprint their heads. But heads that stand in another
order than the form's, or the head of another matter where one of the form's is missing, take the proof away.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache, lru_cache
from itertools import accumulate, pairwise

from pipelines.forms.definitions import Block, Label, load_forms
from pipelines.forms.labels import label_key, restored
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell

_ABOVE = "申请人情况"
_GROUPS = frozenset((_ABOVE, "法人或其他组织", "法人或其他", "信息内容", "单位件"))
_NOTE = "本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和"
_NO_FORMS = re.compile(r"上年|上一年度|去年|同比|[较比]上|增减|备注|说明")
_ALIKE = 0.5
_MOST_PIECES = 3
_FEWEST = 3  # heads of the form that make words its heads


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads printed over some values: whether they contradict the form's order, and what else stands among them."""

    printed: bool
    contradict: bool = False
    missing: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


def applicant_heads(before: Sequence[Cell], block: Block, *, ruled: bool) -> Heads:
    """What the cells above a row of table 3 say of its columns.

    The heads stand in two or three lines: 总计 may come before, between or behind the others, but never left of 自然人.
    In a real table that was put together from a drawing lines may be out of order; then the grid columns count.
    """
    words = _words_of_heads(before)
    texts = tuple(column.text for column in block.columns)
    found = named_in(words, texts, _GROUPS)
    numbers = [only for only, _ in found]
    half = numbers[: len(found) // 2]
    if numbers == half * 2:
        found, numbers = found[: len(half)], half  # the heads are printed again at the top of a page
    total = len(texts) - 1
    first, last = (next((cell.column for n, cell in found if number in n), None) for number in (0, total))
    left = first is not None and last is not None and last < first
    in_order = is_part_of([n for n in numbers if total not in n], range(total)) or _in_pieces(words, texts)
    if ruled and not in_order:
        in_order, left = from_left_to_right(found), False
    elif ruled and _has_changed_sides(found, total):
        in_order = False
    missing = tuple(text for number, text in enumerate(texts) if not any(number in n for n in numbers))
    if missing and not ruled:
        in_order = in_order and not _is_split(numbers, total)
    strange = tuple(key for cell in words if (key := bare_key(cell.text)) and _is_strange(key, missing, block))
    return Heads(len(found) >= _FEWEST, left or not in_order, missing, strange)


def _is_split(numbers: Sequence[Collection[int]], total: int) -> bool:
    """Whether 总计 stands among the five kinds of organisations, which are side by side: another head has moved."""
    sides = "".join("|" if total in n else "x" for n in numbers if 0 not in n)
    return "x|x" in sides


def _has_changed_sides(found: Sequence[tuple[Collection[int], Cell]], total: int) -> bool:
    """Whether 自然人 stands right of all kinds of organisations, or 总计 left of them, whatever line they are in."""
    columns = {next(iter(numbers)): cell.column for numbers, cell in found if len(numbers) == 1}
    kinds = [column for number, column in columns.items() if 0 < number < total]
    if len(kinds) < total - 1:
        return False
    return columns.get(0, -1) > max(kinds) or columns.get(total, max(kinds)) < min(kinds)


def from_left_to_right(found: Sequence[tuple[Collection[int], Cell]]) -> bool:
    """Whether heads stand in grid columns that do not contradict their order; those in one column tell nothing."""
    places = sorted((min(numbers), cell.column) for numbers, cell in found if len(numbers) == 1)
    return all(column <= following for (_, column), (_, following) in pairwise(places))


def _words_of_heads(before: Sequence[Cell]) -> list[Cell]:
    """The words over a row: from 申请人情况 on, else those behind the last value."""
    above = [number for number, cell in enumerate(before) if label_key(cell.text) == _ABOVE]
    if above:
        return [cell for cell in before[above[-1] :] if not looks_like_value(cell.text)]
    values = [number for number, cell in enumerate(before) if cell.text and looks_like_value(cell.text)]
    return [cell for cell in before[values[-1] + 1 if values else 0 :] if cell.text]


def _in_pieces(words: Sequence[Cell], names: tuple[str, ...]) -> bool:
    """Whether all names are there once and in order when cells side by side are joined (科研, 机构), 总计 anywhere."""
    printed = re.sub("|".join(_GROUPS), "", "".join(bare_key(cell.text) for cell in words))
    places = [printed.find(label_key(name)) for name in names[:-1]]
    return -1 not in places and places == sorted(places) and all(printed.count(label_key(name)) == 1 for name in names)


def named_in(
    words: Sequence[Cell], names: tuple[str, ...], others: Iterable[str] = (), shortest: int = 2
) -> list[tuple[frozenset[int], Cell]]:
    """Which of the names stand in some words, in printed order, each with the cell in which it begins.

    A name may be cut over two lines (商业, 企业) or lose its end (商业; not shorter than `shortest`), and then be one
    or the other (结果); `others` are longer words that hold a name. It begins where a cell or another name ends.
    """
    same_line = [cell.row == following.row for cell, following in pairwise(words)]
    keys = [bare_key(cell.text) + "|" * same for cell, same in zip(words, [*same_line, False], strict=False)]
    starts = dict(zip(accumulate(map(len, keys), initial=0), words, strict=False))
    begins = list(starts)
    pattern, places = _pattern(names, tuple(sorted(others)), shortest)
    found, end = [], 0
    for match in pattern.finditer("".join(keys)):
        if match[0] in places and (match.start() in starts or match.start() == end):
            found.append((places[match[0]], starts[begins[bisect_right(begins, match.start()) - 1]]))
            end = match.end()
    return found


@cache
def _pattern(
    names: tuple[str, ...], others: tuple[str, ...], shortest: int
) -> tuple[re.Pattern[str], dict[str, frozenset[int]]]:
    """The names and their beginnings in one pattern, the longest first, and which names each can be."""
    places: dict[str, frozenset[int]] = {}
    for name in names:
        for end in range(shortest, len(name) + 1):
            places[name[:end]] = frozenset(n for n, other in enumerate(names) if other.startswith(name[:end]))
    for number, name in enumerate(names):
        places[name] = frozenset((number,))
    parts = sorted({*places, *others}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, parts))), places


def whole(cells: Sequence[Cell], is_head: Callable[[str], bool], most: int = _MOST_PIECES) -> tuple[Cell, ...]:
    """The words of running text, up to `most` of them put together where they are a head only together."""
    found: list[Cell] = []
    position = 0
    while position < len(cells):
        pieces = cells[position : position + 1]
        for end in range(position + 2, min(position + most, len(cells)) + 1):
            longer = cells[position:end]
            two = is_head(longer[0].text) and is_head(longer[-1].text)
            if two or not longer[0].text or not longer[-1].text:
                break
            if is_head("".join(cell.text for cell in longer)):
                pieces = longer
        text = "".join(cell.text for cell in pieces)
        found.append(replace(pieces[0], text=text, printed=None) if len(pieces) > 1 else pieces[0])
        position += len(pieces)
    return tuple(found)


def missing_and_strange(heads: Iterable[str], block: Block) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The form's heads that are not among the printed ones, and the printed ones that are no heads of the form."""
    words = [bare_key(head) for head in heads]
    missing = tuple(column.text for column in block.columns if not any(_names(word, column) for word in words))
    foreign = [word for word in words if word and not any(_names(word, column) for column in block.columns)]
    return missing, tuple(word for word in foreign if _is_strange(word, missing, block))


def _names(word: str, column: Label) -> bool:
    return word.startswith(tuple(column.keys))


def _is_strange(word: str, missing: Iterable[str], block: Block) -> bool:
    """Whether a word among the heads is neither one of the form's, nor a piece of one, nor one misprinted."""
    if word in _GROUPS or word in _NOTE or "勾稽关系" in word or word.startswith("第二十条"):
        return False
    known = (*(label_key(column.text) for column in block.columns), *_GROUPS)
    if any(word in head for head in known):
        return False
    return not any(SequenceMatcher(None, word, label_key(head), autojunk=False).ratio() >= _ALIKE for head in missing)


def is_of_no_form(head: str) -> bool:
    """Whether a head is one of those that offices add to a form: last year's figures, the change, a remark."""
    return _NO_FORMS.match(bare_key(head)) is not None


def is_part_of(found: Iterable[Collection[int]], order: Iterable[int]) -> bool:
    """Whether what was found, each one of some numbers, can come in this order, any left out."""
    rest = iter(order)
    return all(any(number in numbers for number in rest) for numbers in found)


def in_form_order(heads: Iterable[str], block: Block) -> bool:
    """Whether printed heads can be those of a block from left to right; a cut head may be one or the other."""
    last = -1
    for head in heads:
        last = next((n for n in _fitting(bare_key(head), block) if n > last), len(block.columns))
        if last == len(block.columns):
            return False
    return True


def _fitting(key: str, block: Block) -> list[int]:
    """The columns whose head this is, or begins with; one that is printed whole is no other's that was cut."""
    known = max(
        (known for column in block.columns for known in column.keys if key.startswith(known)), key=len, default=""
    )
    return [n for n, column in enumerate(block.columns) if known in column.keys]


@lru_cache(maxsize=4096)
def bare_key(head: str) -> str:
    """The key of a head without the unit or explanation in brackets behind it."""
    key = label_key(re.sub(r"[（(].*", "", head, flags=re.DOTALL))
    return restored(key, _all_heads()) if "\ufffd" in key else key


@cache
def _all_heads() -> frozenset[str]:
    columns = (column for form in load_forms().values() for block in form.blocks for column in block.columns)
    return frozenset(key for column in columns for key in column.keys) | _GROUPS

"""Table 2, 主动公开政府信息情况: small blocks (第二十条第…项), each with its own heads.

Both forms print rows of the same names under other heads, so each row is read by the heads above it, and only where
these do not decide by the form of the rest of the page. A row that does not have that form's cells is not read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache

from pipelines.forms.blocks import BlockReading, cells_of_row, lost_block, lost_row, ordered, parted, said
from pipelines.forms.column_heads import bare_key, in_form_order, is_of_no_form, missing_and_strange, whole
from pipelines.forms.definitions import Block, Label, load_forms
from pipelines.forms.fit import Layout, edge, fit, fit_text, head_guide, is_damaged
from pipelines.forms.labels import LabelIndex, label_key
from pipelines.forms.stream import LabelledRow, Line, labelled_rows
from pipelines.forms.units import CONTRADICTION, USUAL_UNIT, unit_in
from pipelines.model import Cell, FigureCell, Issue

_TABLE = "active_disclosure"
_MANY = re.compile(r"[百千万亿](?:[件项宗个]|[)）])")  # 万件, （万）
_PAGE_NUMBER = re.compile(r"[1-9]|[12]\d")
_WIDEST = 9  # more columns than any block has
_SAME_HEAD = 0.5
_MOST_ADDED = 2  # columns that stand right of all heads
_CAPTION = "第二十条"
_BEFORE_HEADS = (_CAPTION, "信息内容")


def read_disclosure(
    lines: Sequence[Line], likely: str, *, blanks_lost: bool = False, stated: Collection[str] = ()
) -> list[BlockReading]:
    """Every printed block of table 2, in the order of the form. `likely` is the form of the rest of the page,
    `blanks_lost` whether its running text has dropped empty cells, and `stated` which units of money the page names
    anywhere.
    """
    candidates, index = _blocks_and_labels()
    found = [row for row in labelled_rows(list(lines), index) if row.values or not row.ruled]
    found = _without_page_numbers(found, blanks_lost=blanks_lost)
    heads = _heads(found)
    captions = {label_key(cell.text) for line in lines for cell in line.cells if _CAPTION in cell.text}
    lonely = _once_among_twice(found)
    readings = []
    for block_id in dict.fromkeys(block.id for _, block in candidates):
        forms = {form: block for form, block in candidates if block.id == block_id}
        row_ids = {row.id for block in forms.values() for row in block.rows}
        rows = [(row, heads[number]) for number, row in enumerate(found) if row.label.id in row_ids]
        if rows:
            readings.append(_read_block(forms, rows, likely, stated, lonely))
        elif label_key(next(iter(forms.values())).caption) in captions:
            form = likely if likely in forms else next(iter(forms))
            message = f"none of the rows of {forms[form].caption} is printed"
            readings.append(lost_block(forms[form], form, "row_missing", message))
    return readings


def _once_among_twice(found: Sequence[LabelledRow]) -> set[str]:
    """The rows of which nobody knows in which of two tables they stand, of two bodies or years: one has lost them."""
    printed: dict[str, list[tuple[str, ...]]] = {}
    for row in found:
        printed.setdefault(row.label.id, []).append(tuple(cell.text for cell in row.values if cell.text))
    twice = [texts for texts in printed.values() if len(texts) > 1]
    if len(twice) * 2 < len(printed) or all(len(set(texts)) == 1 for texts in twice):
        return set()
    return {id_ for id_, texts in printed.items() if len(texts) == 1}


@cache
def _blocks_and_labels() -> tuple[list[tuple[str, Block]], LabelIndex]:
    candidates = [(form.id, block) for form in load_forms().values() for block in form.blocks if block.table == _TABLE]
    return candidates, LabelIndex(row for _, block in candidates for row in block.rows)


def _without_page_numbers(found: list[LabelledRow], *, blanks_lost: bool) -> list[LabelledRow]:
    """The rows, those in doubt that may have the number of a page in the place of a blank: one value a line, blanks
    lost, and a small number at the end.
    """
    candidates, _ = _blocks_and_labels()
    least: dict[str, int] = {}
    for _, block in candidates:
        least |= {row.id: min(least.get(row.id, _WIDEST), len(block.columns)) for row in block.rows}
    running = [row for row in found if not row.ruled and not row.glued]
    filled = [[cell for cell in row.values if cell.text] for row in running]
    a_line_each = any(len({cell.row for cell in cells}) == len(cells) > 1 for cells in filled)
    short = any(len(cells) < least[row.label.id] for row, cells in zip(running, filled, strict=True))
    if not a_line_each or not (short or blanks_lost):
        return found
    return [replace(row, is_doubtful=True) if not row.ruled and _ends_in_page_number(row) else row for row in found]


def _ends_in_page_number(row: LabelledRow) -> bool:
    texts = [cell.text for cell in row.values if cell.text]
    return bool(texts) and bool(_PAGE_NUMBER.fullmatch(texts[-1]))


def _heads(found: Sequence[LabelledRow]) -> list[tuple[Cell, ...]]:
    """The line of heads over each row: the one printed above it; for a later row of a block, that of its first."""
    candidates, _ = _blocks_and_labels()
    block_of = {row.id: block.id for _, block in candidates for row in block.rows}
    heads: list[tuple[Cell, ...]] = []
    for number, row in enumerate(found):
        own = _own_heads(row)
        same_block = number > 0 and block_of[row.label.id] == block_of[found[number - 1].label.id]
        heads.append(own or (heads[-1] if same_block else ()))
    return heads


def _own_heads(row: LabelledRow) -> tuple[Cell, ...]:
    """The line of heads right above a row: in running text all words behind the last caption."""
    before = row.before if row.ruled else whole(row.before, _is_head)
    if not any(bare_key(cell.text).startswith(_known_heads()) for cell in before):
        return ()
    starts = [n for n, cell in enumerate(before) if label_key(cell.text).startswith(_BEFORE_HEADS)]
    return before[starts[-1] if starts else 0 :]


def _is_head(text: str) -> bool:
    return bare_key(text) in (*_known_heads(), *_BEFORE_HEADS)


@cache
def _known_heads() -> tuple[str, ...]:
    candidates, _ = _blocks_and_labels()
    return tuple({key for _, block in candidates for column in block.columns for key in column.keys})


def _read_block(
    forms: dict[str, Block],
    rows: list[tuple[LabelledRow, tuple[Cell, ...]]],
    likely: str,
    stated: Collection[str],
    lonely: Collection[str],
) -> BlockReading:
    heads = [cell.text for cell in rows[0][1]]
    form, why = (
        _form_of(forms, heads)
        or _form_by_width(forms, rows, likely)
        or (likely if likely in forms else next(iter(forms)), "")
    )
    block = forms[form]
    if not why:
        message = f"neither heads nor cells tell of which form {block.caption} is"
        return lost_block(block, form, "form_unproved", message)
    if not all(in_form_order(_recognised(line), block) for _, line in rows):
        message = f"the heads of {block.caption} are not those of one form, or stand in another order"
        return lost_block(block, form, "heads_contradict", message)
    if many := _counts_in_many(block, heads):
        return lost_block(block, form, "heads_contradict", f"{many!r}: no form counts in so many at once")
    units = _head_units(block, heads, stated)
    cells: list[FigureCell] = []
    issues = _unknown_head(block, heads)
    for label in block.rows:
        printed = [(row, line) for row, line in rows if row.label.id == label.id]
        if label.id in lonely and printed:
            message = f"{label.text} is printed once, where the table is printed twice, differently"
            read, faults = lost_row(block, label, "row_ambiguous", message)
        else:
            read, faults = _read_row(block, label, printed, units)
        cells += read
        issues += faults
    return BlockReading(block.id, form, ordered(block, cells), tuple(issues), why)


def _recognised(line: Iterable[Cell]) -> list[str]:
    return [cell.text for cell in line if bare_key(cell.text).startswith(_known_heads())]


def _unknown_head(block: Block, heads: Sequence[str]) -> list[Issue]:
    """One issue where the heads leave open what a column holds."""
    figures = block.figures()
    missing, strange = missing_and_strange(heads, block)
    if not missing:
        return []
    instead = f", but {strange[0]!r}" if strange else ""
    message = f"among the heads of {block.caption} {missing[0]} is not printed{instead}"
    return [Issue("head_unknown", "warning", message, figures[0], figures)]


def _read_row(
    block: Block, label: Label, printed: list[tuple[LabelledRow, tuple[Cell, ...]]], units: list[str | None]
) -> tuple[list[FigureCell], list[Issue]]:
    if not printed:
        return lost_row(block, label, "row_missing", f"{label.text}: no such row is printed")
    read = [(row, _fit(row, line, block)) for row, line in printed]
    fitting = [(row, values) for row, values in read if values is not None]
    if not fitting:
        first = printed[0][0]
        shown = " ".join(cell.text or "␣" for cell in first.values[:8])
        message = f"{label.text}: {len(block.columns)} cells expected, found {shown or 'none'}"
        return lost_row(block, label, "row_unreadable", message, f"table {first.grid}")
    tables = {row.grid for row, _ in fitting}
    unread = any(values is None and row.grid in tables and any(c.text for c in row.values) for row, values in read)
    if unread or len({said(values, block.columns) for _, values in fitting}) > 1:
        return lost_row(block, label, "row_ambiguous", f"{label.text} is printed {len(printed)} times, differently")
    row, values = fitting[0]
    return cells_of_row(block, label, row, values, _with_label_unit(units, row))


def _fit(row: LabelledRow, heads: Sequence[Cell], block: Block) -> tuple[Cell, ...] | None:
    """The value cells of a row; glued digits are taken apart only where there is no other way, blanks considered."""
    expected = len(block.columns)
    if row.is_doubtful:
        return None
    if row.ruled:
        return _fit_ruled(row, heads, block)
    words = [cell.text for cell in row.values if cell.text]
    if words and len(words) <= expected and any(is_of_no_form(cell.text) for cell in heads):
        return None  # one of them may be that column's, and a blank be lost
    if row.glued and len(words) == 1 and expected > 1 and len(words[0]) == expected and set(words[0][:-1]) == {"0"}:
        return parted(row.values, words[0])
    return fit_text(row, expected)


def _fit_ruled(row: LabelledRow, heads: Sequence[Cell], block: Block) -> tuple[Cell, ...] | None:
    """Values and heads are paired by their order; where they are not as many, by the grid columns where they stand."""
    known = [cell for cell in heads if bare_key(cell.text).startswith(_known_heads())]
    if not known:
        return fit(row, len(block.columns), Layout(None, {}))
    line = [cell for cell in heads if cell.row == known[-1].row]
    behind = line if line[0] is known[0] else line[1:]
    if len(behind) == len(row.values) and len(known) == len(block.columns) and not is_damaged(row.values):
        under = tuple(value for head, value in zip(behind, row.values, strict=True) if head in known)
        if sum(bool(cell.text) for cell in under) == sum(bool(cell.text) for cell in row.values):
            return under
    if (under_heads := _under_heads(row.values, behind)) and len(known) == len(behind) == len(block.columns):
        return under_heads
    layout = Layout(len(behind), {row.grid: edge(line)}, head_guide(behind, block.columns))
    fitted = fit(row, len(block.columns), layout)
    return None if fitted and any(_is_anothers(cell, line, known, row.values) for cell in fitted) else fitted


def _is_anothers(value: Cell, line: Sequence[Cell], known: Sequence[Cell], row: Sequence[Cell]) -> bool:
    """Whether a figure stands under another head than the form's (last year's, or a remark), or under none, while under
    the form's there is a blank."""
    if not value.text or any(_is_over(head, value) for head in known):
        return False
    if any(head.text and _is_over(head, value) for head in line):
        return True
    in_its_table = known[-1].row < value.row and edge(row) - edge(line) <= _MOST_ADDED
    return in_its_table and any(not cell.text and _is_over(head, cell) for cell in row for head in known)


def _is_over(head: Cell, cell: Cell) -> bool:
    return head.column <= cell.column < head.column + head.colspan


def _under_heads(values: Sequence[Cell], heads: Sequence[Cell]) -> tuple[Cell, ...] | None:
    """The filled cells that stand each under one head, if all else in their row is blank and right of the heads."""
    if len(values) <= len(heads):
        return None
    under, beyond = values[: len(heads)], values[len(heads) :]
    places = [cell.column for cell in heads] == [cell.column for cell in under]
    plain = all(cell.text and cell.colspan == 1 for cell in under) and not is_damaged(values)
    return tuple(under) if places and plain and not any(cell.text for cell in beyond) else None


def _form_of(forms: dict[str, Block], heads: Sequence[str]) -> tuple[str, str] | None:
    """The form that the heads tell, and how; None where they do not."""
    if len(forms) == 1:
        return next(iter(forms)), "no other form has this block"
    scores = {form: _head_score(block, heads) for form, block in forms.items()}
    best = max(scores, key=lambda form: scores[form])
    others = [scores[form] for form in scores if form != best]
    if scores[best] >= _SAME_HEAD and scores[best] > max(others):
        return best, f"its heads: {scores[best]:.0%} of those of {best}, at most {max(others):.0%} of another's"
    return None


def _form_by_width(
    forms: dict[str, Block], rows: Sequence[tuple[LabelledRow, tuple[Cell, ...]]], likely: str
) -> tuple[str, str] | None:
    """The one form that has as many columns as the rows of a real table have cells, none of them blank.

    Rows of the wider form that have lost their blanks look like those of the narrower one: that has to be likely.
    """
    if not all(row.ruled for row, _ in rows):
        return None  # running text may have lost what it says twice
    widths = {count for row, _ in rows for count in (len(row.values), sum(bool(cell.text) for cell in row.values))}
    fitting = [form for form, block in forms.items() if widths == {len(block.columns)}]
    narrow = widths == {min(len(block.columns) for block in forms.values())}
    if len(fitting) != 1 or (narrow and fitting != [likely]):
        return None
    return fitting[0], "no other form has rows of so many values"


def _head_score(block: Block, heads: Sequence[str]) -> float:
    """The share of a block's columns whose head is among the printed ones (1: all of them)."""
    keys = [bare_key(head) for head in heads]
    hits = 0
    for column in block.columns:
        hits += any(key and any(key.startswith(known) or known == key for known in column.keys) for key in keys)
    return hits / len(block.columns)


def _counts_in_many(block: Block, heads: Sequence[str]) -> str | None:
    """The head that has a count in tens of thousands or the like, if one does."""
    counts = tuple(key for column in block.columns if column.kind != "amount" for key in column.keys)
    counted = (head for head in heads if counts and bare_key(head).startswith(counts))
    return next((head for head in counted if _MANY.search("".join(head.split()))), None)


def _head_units(block: Block, heads: Sequence[str], stated: Collection[str]) -> list[str | None]:
    """The unit printed in the head of each money column; one that holds for none where the page names, elsewhere,
    another than the form's: who knows which."""
    elsewhere = CONTRADICTION if any(unit != USUAL_UNIT for unit in stated) else None
    units: list[str | None] = []
    for column in block.columns:
        printed = [head for head in heads if any(known in label_key(head) for known in column.keys)]
        own = unit_in(printed[0]) if column.kind == "amount" and printed else None
        units.append(own or (elsewhere if column.kind == "amount" else None))
    return units


def _with_label_unit(units: list[str | None], row: LabelledRow) -> list[str | None]:
    """The units of a row whose label prints one too; where head and label contradict each other neither holds."""
    own = unit_in(row.printed)
    if own is None:
        return units
    return [own if unit in (None, own) else CONTRADICTION for unit in units]

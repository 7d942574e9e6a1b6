"""Table 2, 主动公开政府信息情况: small blocks (第二十条第…项), each with its own heads.

Both forms print rows of the same names under other heads, so each row is read by the heads above it, and only where
these do not decide by the form of the rest of the page. A row that does not have that form's cells is not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from pipelines.forms.blocks import BlockReading, cells_of_row, lost_row, ordered, parted
from pipelines.forms.definitions import Block, Label, load_forms
from pipelines.forms.fit import fit, fit_text
from pipelines.forms.labels import LabelIndex, label_key
from pipelines.forms.stream import LabelledRow, Line, labelled_rows
from pipelines.model import Cell, FigureCell, Issue

_TABLE = "active_disclosure"
_UNIT = re.compile(r"([十百千万亿]*(?:美|港|欧|日)?元)")
_CONTRADICTION = "two units"
_SAME_HEAD = 0.5


def read_disclosure(lines: Sequence[Line], likely: str) -> list[BlockReading]:
    """Every printed block of table 2, in the order of the form. `likely` is the form of the rest of the page."""
    candidates, index = _blocks_and_labels()
    found = [row for row in labelled_rows(list(lines), index) if row.values or not row.ruled]
    heads = _heads(found)
    readings = []
    for block_id in dict.fromkeys(block.id for _, block in candidates):
        forms = {form: block for form, block in candidates if block.id == block_id}
        row_ids = {row.id for block in forms.values() for row in block.rows}
        rows = [(row, heads[number]) for number, row in enumerate(found) if row.label.id in row_ids]
        if rows:
            readings.append(_read_block(forms, rows, likely))
    return readings


@cache
def _blocks_and_labels() -> tuple[list[tuple[str, Block]], LabelIndex]:
    candidates = [(form.id, block) for form in load_forms().values() for block in form.blocks if block.table == _TABLE]
    return candidates, LabelIndex(row for _, block in candidates for row in block.rows)


def _heads(found: Sequence[LabelledRow]) -> list[list[str]]:
    """The column heads of each row: those printed above it; for a later row of a block, those of its first."""
    candidates, _ = _blocks_and_labels()
    block_of = {row.id: block.id for _, block in candidates for row in block.rows}
    known = tuple({key for _, block in candidates for column in block.columns for key in column.keys})
    heads: list[list[str]] = []
    for number, row in enumerate(found):
        own = [cell.text for cell in row.before if _bare_key(cell.text).startswith(known)]
        same_block = number > 0 and block_of[row.label.id] == block_of[found[number - 1].label.id]
        heads.append(own or (heads[-1] if same_block else []))
    return heads


@lru_cache(maxsize=4096)
def _bare_key(head: str) -> str:
    """The key of a head without the unit or explanation in brackets behind it."""
    return label_key(re.sub(r"[（(].*", "", head, flags=re.DOTALL))


def _read_block(forms: dict[str, Block], rows: list[tuple[LabelledRow, list[str]]], likely: str) -> BlockReading:
    form, why = _form_of(forms, rows, likely)
    block = forms[form]
    units = _head_units(block, rows[0][1])
    cells: list[FigureCell] = []
    issues: list[Issue] = []
    for label in block.rows:
        printed = [row for row, _ in rows if row.label.id == label.id]
        read, faults = _read_row(block, label, printed, units)
        cells += read
        issues += faults
    return BlockReading(block.id, form, ordered(block, cells), tuple(issues), why)


def _read_row(
    block: Block, label: Label, printed: list[LabelledRow], units: list[str | None]
) -> tuple[list[FigureCell], list[Issue]]:
    if not printed:
        return lost_row(block, label, "row_missing", f"{label.text}: no such row is printed")
    expected = len(block.columns)
    fitting = [(row, values) for row in printed if (values := _fit(row, expected)) is not None]
    if not fitting:
        shown = " ".join(cell.text or "␣" for cell in printed[0].values[:8])
        message = f"{label.text}: {expected} cells expected, found {shown or 'none'}"
        return lost_row(block, label, "row_unreadable", message, f"table {printed[0].grid}")
    if len({tuple(cell.text for cell in values) for _, values in fitting}) > 1:
        return lost_row(block, label, "row_ambiguous", f"{label.text} is printed {len(fitting)} times, differently")
    row, values = fitting[0]
    return cells_of_row(block, label, row, values, _with_label_unit(units, row))


def _fit(row: LabelledRow, expected: int) -> tuple[Cell, ...] | None:
    """The value cells of a row; glued digits are taken apart only where each digit is a cell."""
    if row.ruled:
        return fit(row, expected)
    words = [cell.text for cell in row.values if cell.text]
    if row.glued and len(words) == 1 and expected > 1 and len(words[0]) == expected and words[0].isdecimal():
        return parted(row.values, words[0])
    return fit_text(row, expected)


def _form_of(forms: dict[str, Block], rows: list[tuple[LabelledRow, list[str]]], likely: str) -> tuple[str, str]:
    """The form and why: by the heads; where these do not tell, as the rest of the page."""
    if len(forms) == 1:
        return next(iter(forms)), "no other form has this block"
    scores = {form: _head_score(block, rows[0][1]) for form, block in forms.items()}
    best = max(scores, key=lambda form: (scores[form], form == likely))
    others = [scores[form] for form in scores if form != best]
    if scores[best] >= _SAME_HEAD and scores[best] > max(others):
        return best, f"its heads: {scores[best]:.0%} of those of {best}, at most {max(others):.0%} of another's"
    return (likely if likely in forms else best), "its heads do not tell; as the rest of the document"


def _head_score(block: Block, heads: Sequence[str]) -> float:
    """The share of a block's columns whose head is among the printed ones (1: all of them)."""
    keys = [_bare_key(head) for head in heads]
    hits = 0
    for column in block.columns:
        hits += any(key and any(key.startswith(known) or known == key for known in column.keys) for key in keys)
    return hits / len(block.columns)


def _head_units(block: Block, heads: Sequence[str]) -> list[str | None]:
    """The unit printed in the head of each money column."""
    units: list[str | None] = []
    for column in block.columns:
        printed = [head for head in heads if any(known in label_key(head) for known in column.keys)]
        match = _UNIT.search(label_key(printed[0])) if column.kind == "amount" and printed else None
        units.append(match[1] if match else None)
    return units


def _with_label_unit(units: list[str | None], row: LabelledRow) -> list[str | None]:
    """The units of a row whose label prints one too; where head and label contradict each other neither holds."""
    match = _UNIT.search(label_key(row.printed))
    if not match:
        return units
    return [match[1] if unit in (None, match[1]) else _CONTRADICTION for unit in units]

"""Table 3, 收到和处理政府信息公开申请情况: rows by label, seven applicant columns by order.

The two forms differ in one place: （六）其他处理 is a row of values in f2019 and a group of three rows in f2021.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipelines.forms.blocks import BlockReading, cells_of_row, lost_row, ordered
from pipelines.forms.definitions import Block, Label, load_forms
from pipelines.forms.fit import Guide, fit, fit_text, guide_of, head_guide, text_column
from pipelines.forms.labels import LabelIndex
from pipelines.forms.proof import prove
from pipelines.forms.stream import LabelledRow, Line, labelled_rows
from pipelines.forms.unlabelled import place_unlabelled
from pipelines.forms.values import looks_like_value, read_value
from pipelines.model import Cell, FigureCell, Issue

_TABLE = "applications"
_FEWEST_ROWS = 4
_CROWD = 2  # one row may have caught a page number


def read_applications(lines: Sequence[Line]) -> list[BlockReading]:
    """The one block of table 3, or nothing when it is not printed."""
    blocks, index = _blocks_and_labels()
    found = labelled_rows(list(lines), index)
    if len({row.label.id for row in found}) < _FEWEST_ROWS:
        return []
    form, why = _form_of(found)
    block = blocks[form]
    labels = {label.id: label for label in block.rows}
    rows = [row for row in found if row.label.id in labels]
    chosen = _chosen(block, rows, labels)
    proved = prove(block, *_certain_and_damaged(chosen, rows))
    cells: list[FigureCell] = []
    issues: list[Issue] = []
    unplaced = []
    for label in block.value_rows():
        if label.id not in chosen:
            unplaced.append(label)
            continue
        read, faults = proved.get(label.id) or _read_row(block, label, chosen[label.id])
        cells += read
        issues += faults
    read, faults = place_unlabelled(block, unplaced, lines, rows, cells)
    return [BlockReading(_TABLE, form, ordered(block, [*cells, *read]), (*issues, *faults), why)]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Where a form row is printed, and its cells; without cells, why they are not known."""

    row: LabelledRow
    values: tuple[Cell, ...] = ()
    code: str = ""
    message: str = ""


def _chosen(block: Block, rows: Sequence[LabelledRow], labels: dict[str, Label]) -> dict[str, _Chosen]:
    """For each form row that is printed the place that counts, by label id."""
    guides = _guides(rows, labels, block)
    doubtful = _doubtful(rows, len(block.columns))
    column = text_column(rows, len(block.columns))
    chosen = {}
    for label in block.value_rows():
        printed = [row for row in rows if row.label.id == label.id and not _is_head(row)]
        if printed:
            chosen[label.id] = _choose(label, printed, guides[_depth(label, labels)], doubtful, column, block)
    return chosen


def _certain_and_damaged(
    chosen: Mapping[str, _Chosen], rows: Sequence[LabelledRow]
) -> tuple[dict[str, tuple[Cell, ...]], dict[str, LabelledRow]]:
    """What the sums can start from and what they may mend: nothing where a row is printed twice, by whomever."""
    printed = Counter(row.label.id for row in rows if row.label.id in chosen and any(cell.text for cell in row.values))
    if any(times > 1 for times in printed.values()):
        return {}, {}
    readable = {id_ for id_, found in chosen.items() if found.values and all(map(_is_plain, found.values))}
    certain = {id_: chosen[id_].values for id_ in readable}
    return certain, {id_: found.row for id_, found in chosen.items() if id_ not in readable}


def _is_plain(cell: Cell) -> bool:
    return read_value(cell.text, "count", "件").state != "unreadable"


@cache
def _blocks_and_labels() -> tuple[dict[str, Block], LabelIndex]:
    blocks = {form.id: block for form in load_forms().values() for block in form.blocks if block.id == _TABLE}
    return blocks, LabelIndex(label for block in blocks.values() for label in block.rows)


def _form_of(found: Sequence[LabelledRow]) -> tuple[str, str]:
    """The form and why: f2021 when the three rows of 其他处理 are printed; f2019 when 其他处理 holds values itself."""
    printed = {row.label.id for row in found}
    if printed & {"other_no_correction_overdue", "other_fee_unpaid_overdue"}:
        return "f2021", "（六）其他处理 has rows of its own"
    other = [row for row in found if row.label.id == "other_processing"]
    if any(sum(looks_like_value(cell.text) for cell in row.values) >= 7 for row in other):
        return "f2019", "（六）其他处理 is one row with values"
    if {"other_processing", "not_processed_reconfirm", "results_total"} <= printed:
        return "f2019", "the rows around （六）其他处理 are printed, those of f2021 between them are not"
    return "f2021", "nothing speaks for an older form"


def _is_head(row: LabelledRow) -> bool:
    """The words of a label without any cell behind them in a real row: a head or a title, not the row."""
    return row.ruled and not row.values


def _depth(label: Label, labels: dict[str, Label]) -> int:
    depth, parent = 0, label.parent
    while parent is not None and parent in labels:
        depth, parent = depth + 1, labels[parent].parent
    return depth


def _guides(rows: Sequence[LabelledRow], labels: dict[str, Label], block: Block) -> dict[int, Guide | None]:
    """Where the values stand, by depth of the label: learned from complete rows, else from the heads."""
    by_heads = head_guide(rows[0].before, block.columns) if rows and rows[0].ruled else None
    depths = {_depth(label, labels) for label in block.rows}
    return {
        depth: guide_of((row for row in rows if _depth(labels[row.label.id], labels) == depth), len(block.columns))
        or by_heads
        for depth in depths
    }


def _doubtful(rows: Sequence[LabelledRow], expected: int) -> bool:
    """Running text that dropped its empty cells, or has more columns: counting to seven proves nothing."""
    counts = [(len(row.values), sum(bool(cell.text) for cell in row.values)) for row in rows if not row.ruled]
    dropped = any(0 < filled == cells < expected for cells, filled in counts)
    return dropped or sum(filled > expected for _, filled in counts) >= _CROWD


def _adds_up(cells: Sequence[Cell]) -> bool:
    """Whether the last of the cells is printed and is the sum of the others, blanks counting as nothing."""
    values = [read_value(cell.text, "count", "件") for cell in cells]
    if values[-1].number is None or any(value.state == "unreadable" for value in values):
        return False
    return sum(value.number or 0 for value in values[:-1]) == values[-1].number


def _choose(
    label: Label,
    printed: Sequence[LabelledRow],
    guide: Guide | None,
    doubtful: bool,
    column: int | None,
    block: Block,
) -> _Chosen:
    expected = len(block.columns)
    fitting, unread = [], False
    for row in printed:
        values = fit(row, expected, guide) if row.ruled else fit_text(row, expected, _adds_up, column)
        if values is not None and (row.ruled or not doubtful or _adds_up(values)):
            fitting.append((row, values))
        else:
            unread = unread or any(cell.text for cell in row.values)
    if not fitting:
        shown = " ".join(cell.text or "␣" for cell in printed[0].values[:12])
        message = f"{label.text}: {expected} cells expected, found {shown or 'none'}"
        return _Chosen(printed[0], (), "row_unreadable", message)
    readings = {tuple(cell.text for cell in values) for _, values in fitting}
    if len(readings) > 1 or unread:
        message = f"{label.text} is printed {len(printed)} times, differently"
        return _Chosen(printed[0], (), "row_ambiguous", message)
    row, values = fitting[0]
    return _Chosen(row, tuple(values))


def _read_row(block: Block, label: Label, found: _Chosen) -> tuple[list[FigureCell], list[Issue]]:
    if found.values:
        return cells_of_row(block, label, found.row, found.values)
    place = f"table {found.row.grid}" if found.code == "row_unreadable" else ""
    return lost_row(block, label, found.code, found.message, place)

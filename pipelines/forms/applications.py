"""Table 3, 收到和处理政府信息公开申请情况: rows by label, seven applicant columns by order.

The two forms differ in one place: （六）其他处理 is a row of values in f2019 and a group of three rows in f2021.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pipelines.forms.blocks import BlockReading, cells_of_row, lost_row, ordered
from pipelines.forms.definitions import Block, Label, load_forms
from pipelines.forms.fit import Guide, fit, guide_of
from pipelines.forms.labels import LabelIndex
from pipelines.forms.rules import column_sums_hold
from pipelines.forms.stream import LabelledRow, Line, labelled_rows
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, FigureCell, Issue

_TABLE = "applications"
_FEWEST_ROWS = 4


def read_applications(lines: Sequence[Line]) -> list[BlockReading]:
    """The one block of table 3, or nothing when it is not printed."""
    blocks, index = _blocks_and_labels()
    found = labelled_rows(list(lines), index)
    if len({row.label.id for row in found}) < _FEWEST_ROWS:
        return []
    form = _form_of(found)
    block = blocks[form]
    labels = {label.id: label for label in block.rows}
    rows = [row for row in found if row.label.id in labels]
    guides = _guides(rows, labels, len(block.columns))
    cells: list[FigureCell] = []
    issues: list[Issue] = []
    unplaced = []
    for label in block.value_rows():
        printed = [row for row in rows if row.label.id == label.id and not _is_head(row)]
        if not printed:
            unplaced.append(label)
            continue
        read, faults = _read_row(block, label, printed, guides.get(_depth(label, labels)))
        cells += read
        issues += faults
    read, faults = _place_unlabelled(block, unplaced, list(lines), rows, cells)
    return [BlockReading(_TABLE, form, ordered(block, [*cells, *read]), (*issues, *faults))]


@cache
def _blocks_and_labels() -> tuple[dict[str, Block], LabelIndex]:
    blocks = {form.id: next(b for b in form.blocks if b.id == _TABLE) for form in load_forms().values()}
    return blocks, LabelIndex(label for block in blocks.values() for label in block.rows)


def _form_of(found: Sequence[LabelledRow]) -> str:
    """f2021 when the three rows of 其他处理 are printed; f2019 when 其他处理 holds values itself."""
    printed = {row.label.id for row in found}
    if printed & {"other_no_correction_overdue", "other_fee_unpaid_overdue"}:
        return "f2021"
    other = [row for row in found if row.label.id == "other_processing"]
    if any(sum(looks_like_value(cell.text) for cell in row.values) >= 7 for row in other):
        return "f2019"
    # The rows around are printed, those of f2021 between them are not.
    return "f2019" if {"other_processing", "not_processed_reconfirm", "results_total"} <= printed else "f2021"


def _is_head(row: LabelledRow) -> bool:
    """The words of a label without any cell behind them in a real row: a head or a title, not the row."""
    return row.ruled and not row.values


def _depth(label: Label, labels: dict[str, Label]) -> int:
    depth, parent = 0, label.parent
    while parent is not None and parent in labels:
        depth, parent = depth + 1, labels[parent].parent
    return depth


def _guides(rows: Sequence[LabelledRow], labels: dict[str, Label], expected: int) -> dict[int, Guide | None]:
    depths = {_depth(labels[row.label.id], labels) for row in rows}
    return {
        depth: guide_of((row for row in rows if _depth(labels[row.label.id], labels) == depth), expected)
        for depth in depths
    }


def _read_row(
    block: Block, label: Label, printed: Sequence[LabelledRow], guide: Guide | None
) -> tuple[list[FigureCell], list[Issue]]:
    expected = len(block.columns)
    fitting = [(row, values) for row in printed if (values := fit(row, expected, guide)) is not None]
    if not fitting:
        place = f"table {printed[0].grid}"
        shown = " ".join(cell.text or "␣" for cell in printed[0].values[:12])
        message = f"{label.text}: {expected} cells expected, found {shown or 'none'}"
        return lost_row(block, label, "row_unreadable", message, place)
    readings = {tuple(cell.text for cell in values) for _, values in fitting}
    if len(readings) > 1:
        return lost_row(block, label, "row_ambiguous", f"{label.text} is printed {len(fitting)} times, differently")
    row, values = fitting[0]
    return cells_of_row(block, label, row, values)


def _place_unlabelled(
    block: Block, missing: list[Label], lines: list[Line], rows: Sequence[LabelledRow], known: list[FigureCell]
) -> tuple[list[FigureCell], list[Issue]]:
    """Rows whose label cell is lost: in real rows, taken by order if the sums of the table prove the placing."""
    cells: list[FigureCell] = []
    issues: list[Issue] = []
    order = [label.id for label in block.value_rows()]
    at = {row.label.id: row.line for row in rows if row.ruled and not row.label.is_group}
    labelled = {row.line for row in rows if not row.label.is_group or row.values}
    for run in _runs(missing, order):
        above = at.get(order[order.index(run[0].id) - 1]) if order.index(run[0].id) else None
        last = order.index(run[-1].id)
        below = at.get(order[last + 1]) if last + 1 < len(order) else None
        placed: list[FigureCell] = []
        if above is not None and below is not None:
            free = [
                n for n in range(above + 1, below) if n not in labelled and len(_filled(lines[n])) == len(block.columns)
            ]
            if len(free) == len(run):
                for label, number in zip(run, free, strict=True):
                    values = _filled(lines[number])
                    row = LabelledRow(label, True, number, lines[number].grid, True, "", tuple(values), ())
                    placed += cells_of_row(block, label, row, values)[0]
        if placed and column_sums_hold([*known, *cells, *placed], block):
            cells += placed
            for label in run:
                figures = tuple(block.figure(label, column) for column in block.columns)
                message = f"{label.text}: the label is not printed; the row was placed by order and by the sums"
                issues.append(Issue("row_placed_by_sums", "info", message, figures[0], figures))
            continue
        for label in run:
            lost, faults = lost_row(block, label, "row_missing", f"{label.text}: no such row is printed")
            cells += lost
            issues += faults
    return cells, issues


def _runs(missing: list[Label], order: list[str]) -> list[list[Label]]:
    """Missing rows grouped into runs of neighbours."""
    runs: list[list[Label]] = []
    for label in missing:
        if runs and order.index(runs[-1][-1].id) + 1 == order.index(label.id):
            runs[-1].append(label)
        else:
            runs.append([label])
    return runs


def _filled(line: Line) -> list[Cell]:
    """The value cells of a row that has no words."""
    cells = [cell for cell in line.cells if cell.text]
    return cells if all(looks_like_value(cell.text) for cell in cells) else []

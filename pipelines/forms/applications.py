"""Table 3, 收到和处理政府信息公开申请情况: rows by label, seven applicant columns by order.

The two forms differ in one place: （六）其他处理 is a row of values in f2019 and a group of three rows in f2021.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipelines.forms.blocks import BlockReading, cells_of_row, lost_block, lost_row, ordered, said
from pipelines.forms.column_heads import Heads, applicant_heads
from pipelines.forms.definitions import Block, Label, load_forms
from pipelines.forms.fit import (
    Layout,
    adds_up,
    all_under,
    cannot_add_up,
    fit,
    fit_text,
    guide_of,
    has_moved,
    head_guide,
    is_regular,
    layout_of,
    proves_itself,
    text_column,
    usual,
)
from pipelines.forms.labels import LabelIndex
from pipelines.forms.proof import prove
from pipelines.forms.stream import LabelledRow, Line, labelled_rows
from pipelines.forms.unlabelled import place_unlabelled
from pipelines.forms.values import looks_like_value, read_value
from pipelines.model import Cell, FigureCell, Issue

_TABLE = "applications"
_FEWEST_ROWS = 4
_FEWEST_SUMS = 2
_WIDTH = 7  # applicants and their total
_OTHER = frozenset(("other_no_correction_overdue", "other_fee_unpaid_overdue", "other_misc"))
_CROWD = 2  # one row may have caught a page number


def read_applications(lines: Sequence[Line], *, drawn: bool = False) -> list[BlockReading]:
    """The one block of table 3, or nothing when it is not printed; `drawn` is as for `proof.prove`."""
    blocks, index = _blocks_and_labels()
    found = labelled_rows(list(lines), index)
    if len({row.label.id for row in found}) < _FEWEST_ROWS:
        return []
    form, why = _form_of(found, lines)
    block = blocks[form]
    rows = [row for row in found if row.label.id in block.depths]
    heads = _heads(rows, block)
    if any(seen.contradict for seen in heads if seen.printed):
        message = "the heads of table 3 stand in another order than the form's"
        return [lost_block(block, form, "heads_contradict", message)]
    chosen = _chosen(block, rows)
    chosen |= _in_place_of_others(block, rows, chosen)
    proved = prove(block, *_certain_and_damaged(chosen, rows), drawn=drawn)
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
    cells += read
    issues += [*faults, *_odd_heads(block, heads, cells)]
    return [BlockReading(_TABLE, form, ordered(block, cells), tuple(issues), why)]


def _heads(rows: Sequence[LabelledRow], block: Block) -> list[Heads]:
    """The heads of table 3 wherever they are printed; of its first row also words that are none of them."""
    seen = [(n, applicant_heads(row.before, block, ruled=row.ruled)) for n, row in enumerate(rows) if row.before]
    return [heads for n, heads in seen if heads.printed or (n == 0 and heads.strange)]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Where a form row is printed, and its cells; without cells, why they are not known."""

    row: LabelledRow
    values: tuple[Cell, ...] = ()
    code: str = ""
    message: str = ""


def _chosen(block: Block, rows: Sequence[LabelledRow]) -> dict[str, _Chosen]:
    """For each form row that is printed the place that counts, by label id."""
    layouts = _layouts(rows, block)
    doubtful = _doubtful(rows, len(block.columns))
    column = text_column(rows, len(block.columns))
    printed = defaultdict(list)
    for row in rows:
        if not _is_head(row):
            printed[row.label.id].append(row)
    echoed = _echoed(rows, len(block.columns))
    chosen = {
        label.id: _choose(label, printed[label.id], layouts[block.depths[label.id]], doubtful, column, block)
        for label in block.value_rows()
        if label.id in printed
    }
    for id_ in _once_among_twice(printed, chosen):
        message = f"{chosen[id_].row.label.text} is printed once, where the table is printed twice, differently"
        chosen[id_] = _Chosen(chosen[id_].row, (), "row_ambiguous", message)
    for id_ in echoed & chosen.keys():
        message = f"{chosen[id_].row.label.text} is printed again, above figures that have no label"
        chosen[id_] = _Chosen(chosen[id_].row, (), "row_ambiguous", message)
    return chosen


def _once_among_twice(printed: Mapping[str, Sequence[LabelledRow]], chosen: Mapping[str, _Chosen]) -> list[str]:
    """The rows of which nobody knows in which of two tables they stand, of two bodies or years: one has lost them."""
    twice = [id_ for id_ in chosen if len(printed[id_]) > 1]
    if len(twice) * 2 < len(chosen) or all(chosen[id_].code != "row_ambiguous" for id_ in twice):
        return []
    return [id_ for id_, found in chosen.items() if found.values and len(printed[id_]) == 1]


def _echoed(rows: Sequence[LabelledRow], width: int) -> set[str]:
    """The labels that stand alone while as many figures as a row has stand below them without a label."""
    found: set[str] = set()
    alone: set[str] = set()
    for row in rows:
        if sum(bool(cell.text) and looks_like_value(cell.text) for cell in row.before) >= width:
            found |= alone
        alone = alone | {row.label.id} if not row.values else set()
    return found


def _in_place_of_others(block: Block, rows: Sequence[LabelledRow], chosen: Mapping[str, _Chosen]) -> dict[str, _Chosen]:
    """The rows that stand out of order, just where another is missing: they may be that one under a wrong label."""
    order = [label.id for label in block.value_rows()]
    texts = {label.id: label.text for label in block.value_rows()}
    places = {id(row): number for number, row in enumerate(rows)}
    printed = sorted(chosen, key=lambda id_: places[id(chosen[id_].row)])
    found = {}
    for above, own, below in zip(printed, printed[1:], printed[2:], strict=False):
        between = order[order.index(above) + 1 : order.index(below)]
        if len(between) == 1 and between[0] not in chosen:
            message = f"{texts[own]} stands in the place of {texts[between[0]]}, which is not printed"
            found[own] = _Chosen(chosen[own].row, (), "row_ambiguous", message)
    return found


def _certain_and_damaged(
    chosen: Mapping[str, _Chosen], rows: Sequence[LabelledRow]
) -> tuple[dict[str, tuple[Cell, ...]], dict[str, LabelledRow]]:
    """What the sums can start from and what they may mend: nothing where a row is printed twice, differently."""
    printed = {(row.label.id, *[row.values[place].text for place in row.filled]) for row in rows}
    times = Counter(id_ for id_, *texts in printed if texts and id_ in chosen)
    if any(several > 1 for several in times.values()):
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


def _form_of(found: Sequence[LabelledRow], lines: Sequence[Line]) -> tuple[str, str]:
    """The form and why: f2021 when the three rows of 其他处理 are printed; f2019 when 其他处理 holds values itself."""
    printed = {row.label.id for row in found}
    if printed & _OTHER or _rows_within(found, lines):
        return "f2021", "（六）其他处理 has rows of its own"
    other = [row for row in found if row.label.id == "other_processing"]
    if any(sum(looks_like_value(cell.text) for cell in row.values) >= _WIDTH for row in other):
        return "f2019", "（六）其他处理 is one row with values"
    if {"other_processing", "not_processed_reconfirm", "results_total"} <= printed:
        return "f2019", "the rows around （六）其他处理 are printed, those of f2021 between them are not"
    return "f2021", "nothing speaks for an older form"


def _rows_within(found: Sequence[LabelledRow], lines: Sequence[Line]) -> bool:
    """Whether a row of values without a word follows （六）其他处理: it has lost its label."""
    within = False
    labelled: dict[int, str] = {row.line: row.label.id for row in found if row.ruled}
    for number, line in enumerate(lines):
        if number in labelled:
            within = labelled[number] == "other_processing"
        elif within and len(line.cells) >= _WIDTH and all(looks_like_value(cell.text) for cell in line.cells):
            return True
    return False


def _is_head(row: LabelledRow) -> bool:
    """The words of a label without any cell behind them in a real row: a head or a title, not the row."""
    return row.ruled and not row.values


def _odd_heads(block: Block, heads: Sequence[Heads], cells: Sequence[FigureCell]) -> list[Issue]:
    """One issue where heads are lost or another matter's: of one, unless the sums of the rows prove its column."""
    none = [Heads(False, missing=tuple(column.text for column in block.columns))]
    odd = next((seen for seen in heads or none if seen.missing or seen.strange), None)
    if odd is None or (len(odd.missing) <= 1 and _rows_add_up(block, cells)):
        return []
    lost = f"{odd.missing[0]} is not printed" if odd.missing else ""
    instead = f"{odd.strange[0]!r} is" if odd.strange else ""
    message = f"among the heads of table 3 {', but '.join(filter(None, (lost, instead)))}"
    return [Issue("head_unknown", "warning", message, block.figures()[0], block.figures())]


def _rows_add_up(block: Block, cells: Sequence[FigureCell]) -> bool:
    """Whether rows with figures add up, and no row fails to: the order of the columns shows in their sums."""
    values = {cell.figure: cell.value for cell in cells}
    rows = [[values.get(block.figure(label, column)) for column in block.columns] for label in block.value_rows()]
    numbers = [[number for number in row if number is not None] for row in rows]
    told = [sum(row[:-1]) == row[-1] for row in numbers if len(row) == len(block.columns) and row[-1]]
    return len(told) >= _FEWEST_SUMS and all(told)


def _layouts(rows: Sequence[LabelledRow], block: Block) -> dict[int, Layout]:
    """Where the values stand, by depth of the label: learned from complete rows, else from the heads."""
    width = len(block.columns)
    by_heads = head_guide(rows[0].before, block.columns) if rows and rows[0].ruled else None
    layout = layout_of(rows, width)
    if by_heads and not all_under(by_heads, rows, layout):
        by_heads = None
    layouts = {}
    for depth in set(block.depths.values()):
        alike = [row for row in rows if block.depths[row.label.id] == depth]
        guide = guide_of(alike, layout, width)
        count = usual(len(row.values) for row in alike if row.ruled and row.values)
        moved = has_moved(alike, guide or by_heads, proves_itself)
        layouts[depth] = replace(layout, count=count, guide=guide or by_heads, learned=guide is not None, moved=moved)
    return layouts


def _doubtful(rows: Sequence[LabelledRow], expected: int) -> bool:
    """Running text that dropped its empty cells, or has more columns: counting to seven proves nothing."""
    counts = [(len(row.values), sum(bool(cell.text) for cell in row.values)) for row in rows if not row.ruled]
    dropped = any(0 < filled == cells < expected for cells, filled in counts)
    return dropped or sum(filled > expected for _, filled in counts) >= _CROWD


def _choose(
    label: Label,
    printed: Sequence[LabelledRow],
    layout: Layout,
    doubtful: bool,
    column: int | None,
    block: Block,
) -> _Chosen:
    if len(printed) == 1 and is_regular(printed[0], layout):
        return _Chosen(printed[0], printed[0].values)
    expected = len(block.columns)
    fitting, unread = [], False
    for row in printed:
        fitted = fit(row, expected, layout, proves_itself) if row.ruled else None
        values = fitted if row.ruled else fit_text(row, expected, proves_itself, column)
        if values is not None and not cannot_add_up(values) and (row.ruled or not doubtful or adds_up(values)):
            fitting.append((row, values))
        else:
            unread = unread or any(cell.text for cell in row.values)
    if not fitting:
        shown = " ".join(cell.text or "␣" for cell in printed[0].values[:12])
        message = f"{label.text}: {expected} cells expected, found {shown or 'none'}"
        return _Chosen(printed[0], (), "row_unreadable", message)
    twice = len(fitting) > 1 and len({said(values, block.columns) for _, values in fitting}) > 1
    if unread or twice:
        message = f"{label.text} is printed {len(printed)} times, differently"
        return _Chosen(printed[0], (), "row_ambiguous", message)
    row, values = fitting[0]
    return _Chosen(row, tuple(values))


def _read_row(block: Block, label: Label, found: _Chosen) -> tuple[list[FigureCell], list[Issue]]:
    if found.values:
        return cells_of_row(block, label, found.row, found.values)
    place = f"table {found.row.grid}" if found.code == "row_unreadable" else ""
    return lost_row(block, label, found.code, found.message, place)

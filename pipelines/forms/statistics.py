"""The national statistics form of 2014 to 2018, 政府信息公开情况统计表: one indicator a line, one number each.

Rows are found by their labels within their section, for some words stand twice (被依法纠错数). The table is this form
when enough of its own rows are printed; a local list that shares a few of them stays a list of indicators.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.forms.blocks import BlockReading, lost_row, ordered, read_cell, unreadable_cells
from pipelines.forms.definitions import Block, Label
from pipelines.forms.heads import column_of_the_report
from pipelines.forms.labels import label_key
from pipelines.forms.list_labels import ListLabels, labels_of, list_blocks, unit_behind
from pipelines.forms.lists import Entry, Listing, lists_of
from pipelines.forms.pieces import Piece
from pipelines.forms.running import Running, running_list
from pipelines.forms.stream import Line, where
from pipelines.forms.taken import stretches, without
from pipelines.forms.units import CONTRADICTION, USUAL_UNIT
from pipelines.model import Cell, Document, FigureCell, Issue, Paragraph

FEWEST_ROWS = 8
"""Rows of its own words that make a table this form. Of its 58 rows 35 are worded like no older local table, which have
none or a few of them by chance; a page that prints a part of the form prints a section or more."""
FEWEST_ROWS_LATER = 29
"""The same in reports for 2019 and later: half the form. Its sections live on in local tables of those years."""
_NEW_FORMS = 2019
_MOST_UNKNOWN = 40  # lines between two known rows that are looked at for misprints
_TOTAL = frozenset(("合计", "小计", "总计", "总数", "总量", "数量"))


@dataclass(frozen=True, slots=True)
class _Row:
    """A printed line, the rows of the form that it may be, and where it stands."""

    entry: Entry
    listing: Listing
    text: str
    named: tuple[Label, ...]
    is_context: bool = False
    """A cell beside other lines that names their section, or the row above them; it has no number of its own."""
    exact: bool = True


def read_statistics(
    document: Document, year: int | None, stated: Collection[str] = ()
) -> tuple[list[BlockReading], Document]:
    """The block with every figure of the form, if the document prints it, and the document without what was read.

    `stated` are the units of money that the page names anywhere.
    """
    printed = "\n".join([cell.text for grid in document.grids for row in grid.rows for cell in row])
    for form, block in list_blocks():
        # Most documents are of later years and have none of these words: then nothing is searched.
        met = labels_of(block).are_met_in(printed, FEWEST_ROWS)
        listings = lists_of(document.grids) if met else []
        found = _read_block(listings, form, block, year, stated)
        if found is not None:
            reading, read = found
            return [reading], without(document, stretches(listings, read), ())
        text = "\n".join(cell.text for cell in _running_cells(document))
        if not labels_of(block).are_met_in(text, FEWEST_ROWS):
            continue
        running = running_list(document, block)
        found = _read_block([running.listing], form, block, year, stated) if running else None
        if found is not None and running is not None:
            reading, read = found
            return [reading], without(document, (), _pieces_taken(running, read))
    return [], document


def _running_cells(document: Document) -> Iterator[Cell | Paragraph]:
    for item in document.blocks:
        if isinstance(item, Paragraph):
            yield item
        elif not item.ruled:
            yield from (cell for row in item.rows for cell in row)


def _pieces_taken(running: Running, read: set[Entry]) -> list[Piece]:
    """The pieces of running text that are rows of the form, and its heads: what else stands between them is too broken
    by lines to be read as indicators.

    Headings of the narrative have the words of a row too (二、主动公开政府信息情况), but no number behind them.
    """
    rows = list(zip(running.listing.entries, running.pieces, strict=True))
    ours = {number for number, (entry, _) in enumerate(rows) if entry in read}
    counted = [number for number in sorted(ours) if _is_filled(rows[number][0])]
    if not counted:
        return []
    first, last = counted[0], counted[-1]
    while first - 1 in ours and len(rows[first - 1][1]) > 1:
        first -= 1
    if first - 1 in ours:
        first -= 1  # 一、主动公开情况, right above the rows
    taken = [rows[n][1] for n in range(first, last + 1) if n in ours]
    return [piece for pieces in (*taken, running.heads) for piece in pieces]


def _label(entry: Entry) -> str:
    return "".join(cell.text for cell in entry.labels)


def _read_block(
    listings: Sequence[Listing], form: str, block: Block, year: int | None, stated: Collection[str]
) -> tuple[BlockReading, set[Entry]] | None:
    """The block, and the lines of which all that they say is in it: those with one value."""
    labels = labels_of(block)
    rows = [row for listing in listings for entry in listing.entries for row in _rows_of(entry, listing, labels)]
    if not _is_the_form(rows, year):
        return None
    resolved = _misprints(_by_elimination(_in_sections(rows, labels), rows), labels, block)
    cells: list[FigureCell] = []
    issues: list[Issue] = []
    unclear: list[FigureCell] = []
    for label in block.value_rows():
        found = [row for row in resolved if row.named == (label,) and not row.is_context]
        doubtful = [row for row in resolved if len(row.named) > 1 and label in row.named and _is_filled(row.entry)]
        if found and all(row.entry.values and _column(row, year) is None for row in found):
            unclear.append(FigureCell(block.figure(label, block.columns[0]), None, "", _place(found[0]), "unreadable"))
            continue
        figure, faults = _read(block, label, found, doubtful, year, stated)
        cells += figure
        issues += faults
    if unclear:
        issues.append(_columns_unclear(unclear, listings))
    read = {row.entry for row in resolved if row.named and len(row.listing.columns) == 1}
    why = f"{_own_rows(rows)} rows are printed that only this form has"
    return BlockReading(block.id, form, ordered(block, [*cells, *unclear]), tuple(issues), why), read


def _is_the_form(rows: Sequence[_Row], year: int | None) -> bool:
    return _own_rows(rows) >= (FEWEST_ROWS_LATER if year is not None and year >= _NEW_FORMS else FEWEST_ROWS)


def _own_rows(rows: Sequence[_Row]) -> int:
    return len({label.id for row in rows for label in row.named if not label.is_shared and not label.is_group})


def _rows_of(entry: Entry, listing: Listing, labels: ListLabels) -> Iterator[_Row]:
    """The line as a row, and before it the cells in front of its label that name a section or a row above it."""
    groups = [cell.text for cell in (*entry.groups, *entry.labels[:-1]) if labels.named(cell.text)]
    label = next((text for text in _texts(entry) if labels.named(text)), None)
    for text in groups:
        if text != label:
            yield _Row(replace(entry, values=None, loose=()), listing, text, labels.named(text), is_context=True)
    if label is not None:
        yield _Row(entry, listing, label, labels.named(label))
    elif merged := _merged(entry, labels):
        for text, is_context in merged:
            own = replace(entry, values=None, loose=()) if is_context else entry
            yield _Row(own, listing, text, labels.named(text), is_context=is_context)
    elif entry.labels:
        yield _Row(entry, listing, _label(entry), ())


def _merged(entry: Entry, labels: ListLabels) -> list[tuple[str, bool]]:
    """The labels of a cell that holds that of a row and the headings around it, each on a line, and which are headings.

    The one number of the line is that of the one row; two rows in a cell share out their numbers in ways unknown.
    """
    lines = entry.labels[-1].text.split("\n") if entry.labels else []
    named = [labels.named(line) for line in lines]
    rows = sum(not label.is_group for found in named for label in found[:1])
    if rows != 1 or not all(named):
        return []
    return [(line, found[0].is_group) for line, found in zip(lines, named, strict=True)]


def _texts(entry: Entry) -> Iterator[str]:
    """What may be the label of a line: all its words, the last cell, or, beside a bare 合计, the cell before."""
    own = [cell.text for cell in entry.labels]
    if not own:
        return
    yield "".join(own)
    yield own[-1]
    if label_key(own[-1]) in _TOTAL:
        yield from (own[-2:-1] or [cell.text for cell in entry.groups[-1:]])


def _in_sections(rows: Sequence[_Row], labels: ListLabels) -> list[_Row]:
    """Rows with words that stand twice in the form, told apart by the section of the row before.

    A line with words of its own between them may have opened another section: then nothing is told.
    """
    resolved: list[_Row] = []
    section: str | None = None
    for row in rows:
        if len(row.named) == 1:
            section = labels.root(row.named[0])
        elif not row.named:
            section = section if _is_aside(row) else None
        else:
            inside = tuple(label for label in row.named if labels.root(label) == section)
            row = replace(row, named=inside) if len(inside) == 1 else row
        resolved.append(row)
    return resolved


def _is_aside(row: _Row) -> bool:
    """Whether an unknown line is a note or a line of prose, which opens no section: no number, unit or 一、 in it."""
    return not (_is_filled(row.entry) or row.entry.unit or (row.listing.ruled and row.entry.values is not None))


def _by_elimination(rows: list[_Row], before: Sequence[_Row]) -> list[_Row]:
    """Rows that their section did not tell: as many as there are rows of these words they are these, in order; and one
    that is left over is the one row of these words that is not printed elsewhere.

    `before` are the rows as they were named before the sections were asked.
    """
    for words in {row.named for row in rows if len(row.named) > 1}:
        printed = [n for n, row in enumerate(before) if row.named == words and not row.is_context]
        open_ = [n for n in printed if rows[n].named == words]
        told = {row.named[0].id for row in rows if len(row.named) == 1 and not row.is_context}
        left = [label for label in words if label.id not in told]
        if len(printed) == len(words) and all(
            rows[n].named in (words, (label,)) for n, label in zip(printed, words, strict=True)
        ):
            left, open_ = list(words), printed
        if len(open_) == len(left):
            for number, label in zip(open_, left, strict=True):
                rows[number] = replace(rows[number], named=(label,))
    return rows


def _misprints(rows: list[_Row], labels: ListLabels, block: Block) -> list[_Row]:
    """Lines whose words only resemble a row: taken for it where it is not printed otherwise and would stand there."""
    order = [label.id for label in block.rows]
    known = {row.named[0].id for row in rows if len(row.named) == 1}
    above, unknown = -1, list[int]()
    for number, row in enumerate([*rows, None]):
        if row is not None and len(row.named) != 1:
            if not row.named and row.entry.values is not None:
                unknown.append(number)
            continue
        below = order.index(row.named[0].id) if row is not None else len(order)
        among = [id_ for id_ in order[above + 1 : below] if id_ not in known]
        for place in unknown[:_MOST_UNKNOWN] if among else ():
            likely = labels.resembling(rows[place].text, among)
            if likely is not None and not likely.is_group and likely.id not in known:
                rows[place] = replace(rows[place], named=(likely,), exact=False)
                known.add(likely.id)
        above, unknown = below, []
    return rows


def _is_filled(entry: Entry) -> bool:
    return any(cell.text for cell in (*(entry.values or ()), *entry.loose))


def _column(row: _Row, year: int | None) -> int | None:
    return column_of_the_report(row.listing.columns, year)


def _read(
    block: Block,
    label: Label,
    found: Sequence[_Row],
    doubtful: Sequence[_Row],
    year: int | None,
    stated: Collection[str],
) -> tuple[list[FigureCell], list[Issue]]:
    """The figure of one row, or null with an issue that says why."""
    name = f"{label.number} {label.text}"
    printed = [row for row in found if row.entry.values is not None or row.entry.loose]
    fitting = [(row, row.entry.values[column]) for row in printed if row.entry.values for column in _chosen(row, year)]
    if doubtful:
        message = f"{name}: these words stand for two rows of the form, and the rows around do not tell which"
        return lost_row(block, label, "row_ambiguous", message, _place(doubtful[0]))
    if not found:
        return lost_row(block, label, "row_missing", f"{name}: no such row is printed")
    if not fitting:
        shown = " ".join(cell.text for row in found for cell in row.entry.loose[:8])
        message = f"{name}: one number expected, found {shown or 'none'}"
        return lost_row(block, label, "row_unreadable", message, _place(found[0]))
    if len(fitting) < len(printed) or len({_said(row, cell) for row, cell in fitting}) > 1:
        return lost_row(block, label, "row_ambiguous", f"{name} is printed {len(printed)} times, differently")
    row, cell = fitting[0]
    return _figure(block, label, row, cell, stated)


def _chosen(row: _Row, year: int | None) -> list[int]:
    column = _column(row, year)
    return [] if column is None else [column]


def _said(row: _Row, cell: Cell) -> tuple[str, ...]:
    return "".join(cell.text.split()), *_units(row)


def _figure(
    block: Block, label: Label, row: _Row, cell: Cell, stated: Collection[str]
) -> tuple[list[FigureCell], list[Issue]]:
    figure = block.figure(label, block.columns[0])
    line = Line(row.listing.grid, row.listing.ruled, ())
    units = _units(row)
    unit = " ".join(units) if label.kind == "amount" else units[0] if units else None  # no money has two units
    if label.kind == "amount" and not units and any(other != USUAL_UNIT for other in stated):
        unit = CONTRADICTION
    read = read_cell(figure, cell, line, label, unit or None)
    issues = unreadable_cells([read])
    if not row.exact:
        message = f"the label {row.text!r} was taken for {label.text!r}"
        issues.append(Issue("label_misprint", "info", message, figure, (figure,)))
    return [read], issues


def _units(row: _Row) -> list[str]:
    """The unit printed in the line, in its own column or behind the label; two where these disagree."""
    printed = [row.entry.unit, *(unit_behind(cell.text) for cell in row.entry.labels)]
    return list(dict.fromkeys(label_key(unit).replace("人民币", "") for unit in printed if unit))


def _place(row: _Row) -> str:
    cells = (*row.entry.labels, *row.entry.groups)
    return where(cells[0], Line(row.listing.grid, row.listing.ruled, ())) if cells else ""


def _columns_unclear(cells: Sequence[FigureCell], listings: Sequence[Listing]) -> Issue:
    heads = next((listing.columns for listing in listings if len(listing.columns) > 1), ())
    shown = " | ".join(head or "␣" for head in heads)
    message = f"which of the columns {shown} holds the report's own figures is not told"
    return Issue("column_ambiguous", "warning", message, cells[0].figure, tuple(cell.figure for cell in cells))

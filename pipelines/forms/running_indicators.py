"""Lists of indicators in running text, whose labels nobody knows: heads open them, units part label and numbers.

指标名称 计量单位 2012年度 历年累计 主动公开信息数 条 739 4359 其中：1、网站公开 条 739 4359 … A row that does not have
as many numbers as there are heads is not read; a text whose digits ran together (数条212210037其中) is not read at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipelines.forms.heads import Role, heads_in, is_foreign, role_of
from pipelines.forms.list_labels import is_unit
from pipelines.forms.lists import Entry, Listing
from pipelines.forms.pieces import Piece, piece, pieces_of
from pipelines.forms.rows import Row, out_of_step
from pipelines.forms.running import Running, is_value
from pipelines.model import Document, Paragraph

_MOST_HEADS = 8
_MOST_WORDS, _LONGEST_LABEL = 8, 60
_FEWEST_ROWS = 2
_MOSTLY = 0.8
_SENTENCE = re.compile(r"[。；！？]")
_NONE = re.compile(r"无|没有|不涉及|不适用|未统计")
_COLUMN_NUMBERS = frozenset("甲乙丙丁")
# 指标名称计量单位2017年度历年累计主动公开文件数条212210037其中…
_GLUED = re.compile(r"(?:指标(?:名称)?|项目)(?:计量)?单位(?=\S{2})")
_GLUED_UNIT = re.compile(r"(\S+[数量额率)）])(\S{1,3})")
_UNIT_AT_END = re.compile(r"(?<=.)(?:人次|万元|[条件次篇个人元])$")
_GLUED_ROW = re.compile(r"[㐀-鿿”）)](?:条|件|次|人次|篇|个|人|万元|元)\d")


def running_lists(document: Document) -> Iterator[Running]:
    """The lists under heads in the text of a document."""
    pieces = _without_separators(list(pieces_of(document, lambda text: False, _cut)))
    position = 0
    while position < len(pieces):
        heads = _heads(pieces, position)
        if heads is None:
            position += 1
            continue
        columns, begin = heads
        printed = [here for here in pieces[position:begin] if here is not None]
        rows, position = _rows(pieces, begin, columns)
        if len(rows) >= _FEWEST_ROWS:
            yield _running(rows, columns, printed)


def _without_separators(pieces: list[Piece | None]) -> list[Piece | None]:
    """The pieces without the empty ones, where these stand between all cells: 指标名称||计量单位||数量."""
    for head, between, unit in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if head is None or between is None or unit is None or between.text:
            continue
        if role_of(head.text) == "label" and role_of(unit.text) == "unit":
            return [part for part in pieces if part is None or part.text]
    return pieces


def _cut(text: str) -> Iterator[Piece]:
    """Heads that ran together, and a unit that ran together with its label (…公开数条 0 33645), apart."""
    if heads := heads_in(text):
        yield from (piece(head, begin) for begin, head in heads)
    elif (glued := _GLUED_UNIT.fullmatch(text)) and is_unit(glued[2]):
        yield piece(glued[1], 0)
        yield piece(glued[2], glued.start(2), is_glued=True)
    else:
        yield piece(text, 0)


def glued_lists(document: Document) -> Iterator[str]:
    """The places of lists whose labels, units and numbers ran together."""
    number = -1
    for block in document.blocks:
        if isinstance(block, Paragraph):
            number += 1
            if _GLUED.search(block.text) and len(_GLUED_ROW.findall(block.text)) >= _FEWEST_ROWS:
                yield f"line {number + 1}"


_Columns = list[tuple[Role, str]]
_Cells = list[Piece]


def _heads(pieces: Sequence[Piece | None], start: int) -> tuple[_Columns, int] | None:
    """(columns from the label on, where the rows begin) of heads at `start`: 指标, 单位 and at least one number."""
    columns: _Columns = []
    position = start
    while position < len(pieces) and len(columns) < _MOST_HEADS:
        here, after = pieces[position], pieces[position + 1] if position + 1 < len(pieces) else None
        if here is None or (after is not None and is_unit(after.text) and role_of(after.text) is None):
            break  # a label: its unit follows
        role = role_of(here.text)
        if (role == "label") != (not columns) or (role is None and not is_foreign(here.text)):
            break
        columns.append((role or "value", here.text))
        position += 1
    roles = [role for role, _ in columns]
    if "unit" not in roles or "value" not in roles:
        return None
    numbers = pieces[position : position + len(columns)]
    if numbers and numbers[0] is not None and numbers[0].text in _COLUMN_NUMBERS:
        position += len(columns)
    return columns, position


def _rows(pieces: Sequence[Piece | None], position: int, columns: _Columns) -> tuple[list[Row], int]:
    """The rows from `position` on, and where they end: at a real table, a sentence, or words that no unit follows."""
    rows: list[Row] = []
    heads = {head for _, head in columns}
    end = position
    while position < len(pieces):
        while (here := _at(pieces, position)) is not None and not here.text:
            position += 1
        label: list[Piece] = []
        again = 0
        while (here := _at(pieces, position)) is not None and _is_word(here.text) and not is_unit(here.text):
            if here.text not in heads:
                label.append(here)
            else:  # printed again on another page, or over another half
                again += 1
            if again > 2 * _MOST_HEADS:
                return rows, end
            position += 1
        words = "".join(word.text for word in label)
        if len(label) > max(len(rows), _MOST_WORDS):
            return [], end  # more labels without numbers than rows: the text has lost its cells
        if not label or len(label) > _MOST_WORDS or len(words) > _LONGEST_LABEL or _SENTENCE.search(words):
            break
        unit = (here,) if here is not None and is_unit(here.text) else ()
        position += len(unit)
        cells: list[Piece] = []
        while (here := _at(pieces, position)) is not None and not _is_word(here.text):
            cells.append(here)
            position += 1
        if not unit and not cells:
            break
        rows.append(Row(tuple(label), unit, tuple(cells)))
        end = position
    return _with_glued_units(rows), end


def _with_glued_units(rows: list[Row]) -> list[Row]:
    """Where units of a list ran together with labels, the others are taken off their labels too (政府网站条)."""
    if not any(part.is_glued for row in rows for part in row.unit):
        return rows
    whole = []
    for row in rows:
        last = row.label[-1]
        unit = _UNIT_AT_END.search(last.text) if not row.unit else None
        if unit:
            label = replace(last, cell=replace(last.cell, text=last.text[: unit.start()]))
            behind = replace(last, cell=replace(last.cell, text=unit[0]), is_glued=True)
            row = replace(row, label=(*row.label[:-1], label), unit=(behind,))
        whole.append(row)
    return whole


def _at(pieces: Sequence[Piece | None], position: int) -> Piece | None:
    return pieces[position] if position < len(pieces) else None


def _is_word(text: str) -> bool:
    if not text:
        return False
    return not (is_value(text) or _NONE.fullmatch(text))


def _running(rows: Sequence[Row], columns: _Columns, printed: Sequence[Piece]) -> Running:
    kinds = [role for role, _ in columns if role in ("value", "serial")]
    with_units = any(row.unit for row in rows)
    units_lost = with_units and not all(row.unit for row in rows)
    rows = _without_ends(rows, len(kinds))
    fits = [
        None if units_lost and len(row.label) > 1 else _fitting(row, len(kinds), with_units=with_units) for row in rows
    ]  # where some units are lost, a label in pieces may be two labels, the first of which lost all that it had
    fitting = _without_padding(fits)
    if "serial" in kinds:
        code = kinds.index("serial")
        whole = [n for n, cells in enumerate(fitting) if cells is not None]
        wrong = out_of_step([(fitting[n] or [])[code].text for n in whole])
        fitting = [None if n in whole and wrong[whole.index(n)] else cells for n, cells in enumerate(fitting)]
    entries = []
    for row, cells in zip(rows, fitting, strict=True):
        labels = tuple(part.cell for part in row.label)
        unit = row.unit[0].text if row.unit else ""
        values = tuple(cell.cell for cell, kind in zip(cells or (), kinds, strict=False) if kind == "value")
        loose = () if cells else tuple(cell.cell for cell in row.filled)
        entries.append(Entry(labels, (), unit, values if cells else None, labels[0].row, loose))
    heads = tuple(head for role, head in columns if role == "value")
    others = tuple(head for role, head in columns if role in ("serial", "remark"))
    listing = Listing(0, False, heads, columns[0][1], "", others, tuple(entries))
    return Running(listing, tuple(row.pieces for row in rows), tuple(printed))


def _without_padding(fitting: Sequence[_Cells | None]) -> list[_Cells | None]:
    """The cells of the rows, without rows that end in a blank where no row has a blank before a number.

    Text that has dropped its blanks and was padded at the end of the line looks like that: 条 | 9 | | may have been
    blank and 9.
    """

    def blank_inside(cells: _Cells) -> bool:
        filled = [number for number, cell in enumerate(cells) if cell.text]
        return bool(filled) and any(not cell.text for cell in cells[: filled[-1]])

    if any(cells is not None and blank_inside(cells) for cells in fitting):
        return list(fitting)
    half = [cells is not None and any(c.text for c in cells) and not cells[-1].text for cells in fitting]
    return [None if padded else cells for cells, padded in zip(fitting, half, strict=True)]


def _without_ends(rows: Sequence[Row], expected: int) -> Sequence[Row]:
    """The rows without the empty cell that ends each of them, if it does."""
    closed = [len(row.values) == expected + 1 and not row.values[-1].text for row in rows]
    if sum(closed) < _MOSTLY * len(rows):
        return rows
    return [replace(row, values=row.values[:-1]) if ends else row for row, ends in zip(rows, closed, strict=True)]


def _fitting(row: Row, expected: int, *, with_units: bool) -> _Cells | None:
    """The cells of a row, one for each head; None where they are more or fewer.

    A row without a unit among rows `with_units` has lost it, and perhaps more.

    Where no unit parts label and numbers, blanks that the text has lost would move them: then all must be there, and
    the label must be one piece, lest it be two, the first of which lost its numbers.
    """
    cells, filled = list(row.values), row.filled
    if row.unit:
        return next((some for some in (cells, filled) if len(some) == expected), None)
    if with_units or len(row.label) > 1:
        return None
    if cells and not cells[0].text and len(cells) == expected + 1:
        return cells[1:]  # the unit is left blank
    return filled if len(filled) == len(cells) == expected else None

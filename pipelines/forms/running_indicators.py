"""Lists of indicators in running text, whose labels nobody knows: the heads open them, the units part label and numbers.

指标名称 计量单位 2012年度 历年累计 主动公开信息数 条 739 4359 其中：1、网站公开 条 739 4359 … A row that does not have as many
numbers as there are heads is not read; a text whose digits ran together (数条212210037其中) is not read at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipelines.forms.heads import Role, is_foreign, role_of
from pipelines.forms.list_labels import is_unit
from pipelines.forms.lists import Entry, Listing
from pipelines.forms.pieces import Piece, piece, pieces_of
from pipelines.forms.running import Running, is_value
from pipelines.model import Document, Paragraph

_MOST_HEADS = 8
_MOST_WORDS, _LONGEST_LABEL = 8, 60
_FEWEST_ROWS = 2
_SENTENCE = re.compile(r"[。；！？]")
_NONE = re.compile(r"无|没有|不涉及|不适用|未统计")
_COLUMN_NUMBERS = frozenset("甲乙丙丁")
# 指标名称计量单位2017年度历年累计主动公开文件数条212210037其中…
_GLUED = re.compile(r"(?:指标(?:名称)?|项目)(?:计量)?单位(?=\S{2})")
_GLUED_ROW = re.compile(r"[㐀-鿿”）)](?:条|件|次|人次|篇|个|人|万元|元)\d")


def running_lists(document: Document) -> Iterator[Running]:
    """The lists under heads in the text of a document."""
    pieces = list(pieces_of(document, lambda text: not re.search(r"\s", text), lambda text: [piece(text, 0)]))
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


def glued_lists(document: Document) -> Iterator[str]:
    """The places of lists whose labels, units and numbers ran together."""
    number = -1
    for block in document.blocks:
        if isinstance(block, Paragraph):
            number += 1
            if _GLUED.search(block.text) and len(_GLUED_ROW.findall(block.text)) >= _FEWEST_ROWS:
                yield f"line {number + 1}"


_Columns = list[tuple[Role, str]]
_Row = tuple[list[Piece], Piece | None, list[Piece], bool]
"""label, unit, the cells of the other columns, and whether these are as many as the heads."""


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


def _rows(pieces: Sequence[Piece | None], position: int, columns: _Columns) -> tuple[list[_Row], int]:
    """The rows from `position` on, and where they end: at a real table, a sentence, or words that no unit follows."""
    rows: list[_Row] = []
    heads = {head for _, head in columns}
    end = position
    while position < len(pieces):
        label: list[Piece] = []
        while (here := _at(pieces, position)) is not None and _is_word(here.text) and not is_unit(here.text):
            if here.text not in heads:  # they are printed again on another page, or over another half
                label.append(here)
            position += 1
        words = "".join(word.text for word in label)
        if not label or len(label) > _MOST_WORDS or len(words) > _LONGEST_LABEL or _SENTENCE.search(words):
            break
        unit = here if here is not None and is_unit(here.text) else None
        position += unit is not None
        cells: list[Piece] = []
        while (here := _at(pieces, position)) is not None and not _is_word(here.text):
            cells.append(here)
            position += 1
        if unit is None and not cells:
            break
        rows.append((label, unit, cells, True))
        end = position
    return _checked(rows, columns), end


def _at(pieces: Sequence[Piece | None], position: int) -> Piece | None:
    return pieces[position] if position < len(pieces) else None


def _is_word(text: str) -> bool:
    if not text:
        return False
    return not (is_value(text) or _NONE.fullmatch(text))


def _checked(rows: list[_Row], columns: _Columns) -> list[_Row]:
    """The rows, each marked whether it has a cell for every head.

    Where no unit parts label and numbers, blanks that the text has lost would move them: then all must be there, and
    the label must be one piece, lest it be two, the first of which lost its numbers.
    """
    expected = sum(role in ("value", "serial") for role, _ in columns)
    checked = []
    for label, unit, cells, _ in rows:
        filled = [cell for cell in cells if cell.text]
        if unit is not None:
            fitting = next((some for some in (cells, filled) if len(some) == expected), None)
        else:
            at_unit = cells[1:] if cells and not cells[0].text and len(cells) == expected + 1 else filled
            complete = len(at_unit) == expected and (at_unit is not filled or len(filled) == len(cells))
            fitting = at_unit if complete and len(label) == 1 else None
        checked.append((label, unit, fitting if fitting is not None else filled, fitting is not None))
    return checked


def _running(rows: Sequence[_Row], columns: _Columns, printed: Sequence[Piece]) -> Running:
    wanted = [role for role, _ in columns if role in ("value", "serial")]
    entries = []
    for label, unit, cells, fits in rows:
        values = tuple(cell.cell for cell, role in zip(cells, wanted, strict=False) if role == "value")
        labels = tuple(part.cell for part in label)
        loose = () if fits else tuple(cell.cell for cell in cells)
        entries.append(Entry(labels, (), unit.text if unit else "", values if fits else None, labels[0].row, loose))
    heads = tuple(head for role, head in columns if role == "value")
    others = tuple(head for role, head in columns if role in ("serial", "remark"))
    listing = Listing(0, False, heads, columns[0][1], "", others, tuple(entries))
    taken = tuple((*label, *([unit] if unit else []), *cells) for label, unit, cells, _ in rows)
    return Running(listing, taken, tuple(printed))

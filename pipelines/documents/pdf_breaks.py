"""What a page break does to a table: a row is cut in two, and each half looks like a row of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.documents.pdf_lines import Line
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, Grid

_NUMBERED = re.compile(r"^\s*(?:[（(]\s*)?(?:[一二三四五六七八九十]{1,2}|\d{1,2})\s*[）)、.．]")

_Row = tuple[Cell, ...]


def joined_over_pages(pages: Sequence[Sequence[Line | Grid]]) -> list[Line | Grid]:
    """All items of all pages in order, rows that a page break cut in two put together."""
    items: list[Line | Grid] = []
    for page in pages:
        rest = list(page)
        above = items[-1] if items else None
        below = rest[0] if rest else None
        if isinstance(above, Grid) and isinstance(below, Grid) and (row := _one_row(above.rows[-1], below.rows[0])):
            items[-1] = replace(above, rows=(*above.rows[:-1], row))
            rest = rest[1:] if len(below.rows) == 1 else [replace(below, rows=below.rows[1:]), *rest[1:]]
        items += rest
    return items


def _one_row(upper: _Row, lower: _Row) -> _Row | None:
    """The two halves of a row as one; None when they are two rows.

    A label begins above with its number and goes on below without one; the figures stand in one of the halves only.
    """
    labels_above, labels_below = _labels(upper), _labels(lower)
    numbered = bool(labels_above) and bool(_NUMBERED.match(upper[labels_above[-1]].text))
    if not numbered or not labels_below or len(labels_below) > len(labels_above):
        return None
    if any(_NUMBERED.match(lower[place].text) for place in labels_below):
        return None
    figures_above, figures_below = (any(_is_figure(cell) for cell in row) for row in (upper, lower))
    if figures_above and figures_below:
        return None
    whole, halves, other = (lower, labels_below, upper) if figures_below else (upper, labels_above, lower)
    others = labels_above if figures_below else labels_below
    row = list(whole)
    for place, part in zip(reversed(halves), reversed(others), strict=False):
        first, second = (other[part], whole[place]) if figures_below else (whole[place], other[part])
        row[place] = replace(whole[place], text=first.text + second.text)
    return tuple(row)


def _labels(row: _Row) -> list[int]:
    """The places of the cells with words."""
    return [place for place, cell in enumerate(row) if cell.text and not looks_like_value(cell.text)]


def _is_figure(cell: Cell) -> bool:
    return bool(cell.text) and looks_like_value(cell.text)

"""Pages put together: a row that a page break cut in two looks like two rows, and lines go on overleaf."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipelines.documents.pdf_lines import Line, paragraphs_of
from pipelines.forms.known import knows_label
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, Grid, Paragraph

_NUMBERED = re.compile(r"^\s*(?:[（(]\s*)?(?:[一二三四五六七八九十]{1,2}|\d{1,2})\s*[）)、.．]")

_TALLEST = 2  # rows that an empty cell of the table spans
_LONGEST_NUMBER = 4  # characters: beyond it there are words behind the number

_Row = tuple[Cell, ...]


def blocks_of(pages: Sequence[Sequence[Line | Grid]]) -> Iterator[Paragraph | Grid]:
    """All pages as one run of paragraphs and grids, the grids counted from 1."""
    number = 0
    lines: list[Line] = []
    for item in joined_over_pages(pages):
        if isinstance(item, Line):
            lines.append(item)
            continue
        yield from paragraphs_of(lines)
        lines = []
        number += 1
        yield replace(item, number=number)
    yield from paragraphs_of(lines)


def joined_over_pages(pages: Sequence[Sequence[Line | Grid]]) -> list[Line | Grid]:
    """All items of all pages in order, rows that a page break cut in two put together."""
    items: list[Line | Grid] = []
    for page in pages:
        rest = list(page)
        above = items[-1] if items else None
        below = rest[0] if rest else None
        if isinstance(above, Grid) and isinstance(below, Grid):
            head = _repeated_head(items, below)
            if head < len(below.rows) and (row := _one_row(above.rows[-1], below.rows[head])):
                items[-1] = replace(above, rows=(*above.rows[:-1], row))
                left = (*below.rows[:head], *below.rows[head + 1 :])
                rest = [replace(below, rows=left), *rest[1:]] if left else rest[1:]
        items += rest
    return items


def _repeated_head(items: Sequence[Line | Grid], below: Grid) -> int:
    """How many rows of a grid are those with which an earlier one began: the heads, printed again on each page."""
    for item in reversed(items):
        if isinstance(item, Grid) and _texts(item.rows[0]) == _texts(below.rows[0]):
            pairs = zip(item.rows, below.rows, strict=False)
            return next((n for n, (a, b) in enumerate(pairs) if _texts(a) != _texts(b)), 0)
    return 0


def _texts(row: _Row) -> list[str]:
    return [cell.text for cell in row if cell.text]


def _one_row(upper: _Row, lower: _Row) -> _Row | None:
    """The two halves of a row as one; None when they are two rows.

    The figures stand in one of the halves only. Counted from the right, the label has the same place in both: above it
    is no label of a form, or one with a number; below it goes on without a number, and together they are a label.
    """
    while lower and not lower[-1].text and lower[-1].rowspan > _TALLEST:
        lower = lower[:-1]  # the margin of a frame round the table
    if row := _cut_numbers(upper, lower):
        return row
    behind = next((count for count, cell in enumerate(reversed(lower)) if cell.text and not _is_figure(cell)), None)
    if behind is None or behind + 1 > len(upper):
        return None
    label = len(upper) - behind - 1, len(lower) - behind - 1
    figures_above = _figures(upper[label[0] + 1 :])
    figures_below = _figures(lower[label[1] + 1 :])
    if figures_above is None or figures_below is None or (figures_above and figures_below):
        return None
    first, second = upper[label[0]].text, lower[label[1]].text
    if not first or _NUMBERED.match(second):
        return None
    known = knows_label(first + second) and not knows_label(first)
    if not known and not (_NUMBERED.match(first) and len(first) > _LONGEST_NUMBER):
        return None
    return _together(upper, lower, behind, lower if figures_below else upper)


def _cut_numbers(upper: _Row, lower: _Row) -> _Row | None:
    """The row whose numbers are broken over two lines of their cells, the second of them overleaf; None if it is not.

    Below there is no label, however far left (九、, beside an empty unit and a code), but perhaps the end of the one
    above, and only what may be the ends of some numbers above.
    """
    words = (count for count, cell in enumerate(reversed(upper)) if cell.text and not _is_figure(cell))
    behind = next(words, len(upper))
    if not behind or behind > len(lower) or not _figures(lower[-behind:]):
        return None
    label = _pairs(upper[:-behind], lower[:-behind])[-1:]
    if any(second and not knows_label(first + second) for first, second in label):
        return None
    if _begins_below(upper[:-behind], lower[:-behind]):
        return None
    if any(below.text and not above.text for above, below in zip(upper[-behind:], lower[-behind:], strict=True)):
        return None
    if all(cell.text for cell in lower[-behind:]):
        return None
    below = [(first, second) for first, second in _pairs(upper[:-behind], lower[:-behind]) if second]
    codes = any(map(_counts_on, upper[-behind:], lower[-behind:]))
    if codes and below and not any(first and knows_label(first + second) for first, second in below):
        return None
    cells = zip(upper[-behind:], lower[-behind:], strict=True)
    numbers = [replace(a, text=f"{a.text}\n{b.text}" if b.text else a.text) for a, b in cells]
    return (*_together(upper[:-behind], lower[:-behind], 0, upper[:-behind]), *numbers)


def _together(upper: _Row, lower: _Row, behind: int, whole: _Row) -> _Row:
    """The row with its figures, the words of both halves put together from the label leftwards."""
    row = list(whole)
    for back in range(behind + 1, min(len(upper), len(lower)) + 1):
        above, below = upper[-back].text, lower[-back].text
        if above and below:
            row[-back] = replace(row[-back], text=above + below)
    return tuple(row)


def _figures(cells: _Row) -> bool | None:
    """Whether there are figures among the cells behind a label; None where there are words too."""
    filled = [cell for cell in cells if cell.text]
    return None if not all(map(_is_figure, filled)) else bool(filled)


def _begins_below(upper: _Row, lower: _Row) -> bool:
    """Whether words of the lower half begin a row of their own: numbered, or a label of a form, and not only with the
    words above them (（三） over 不予公开).
    """
    return any(
        bool(_NUMBERED.match(text)) or (knows_label(text) and not (first and knows_label(first + text)))
        for first, text in _pairs(upper, lower)
    )


def _pairs(upper: _Row, lower: _Row) -> list[tuple[str, str]]:
    """The words of the lower half with those above them, counted from the right."""
    above = [""] * (len(lower) - len(upper)) + [cell.text for cell in upper]
    return list(zip(above[len(above) - len(lower) :], [cell.text for cell in lower], strict=True))


def _counts_on(upper: Cell, lower: Cell) -> bool:
    """Whether the second number is the next after the first: codes of two rows."""
    first, second = upper.text.strip(), lower.text.strip()
    return first.isdecimal() and second.isdecimal() and int(second) - int(first) == 1


def _is_figure(cell: Cell) -> bool:
    return bool(cell.text) and looks_like_value(cell.text)

"""Tables without rules on a printed page: what the rules would part, white space parts.

Columns are where the words of the lines with figures leave white strips between them; a row is a line of figures; a
label of several lines belongs to the figures that stand beside it. A word that fits no column goes into the row as a
cell too many, so that nothing is read past it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.documents.pdf_lines import Line, Word
from pipelines.forms.values import looks_like_value
from pipelines.headings import section_of
from pipelines.model import Cell, Grid

_SENTENCE = re.compile(r"[。；！？]")
_NUMBERED = re.compile(r"^(?:[（(]?[一二三四五六七八九十]{1,2}[）)、.．]|\d{1,2}[.．、]|其中)")
_FEWEST_LINES = 3  # with figures
_MANY = 10  # figures that make a table of a single line
_MOST_HEADS = 8  # lines above the figures
_STRIP = 4.0  # points of white between two columns
_SHORT = 3.0  # characters: words of a column of units or figures, on average
_NEAR = 0.6  # of the size of the type, between the lines of one label

_Item = Line | Grid


def with_unruled_tables(items: Sequence[_Item]) -> list[_Item]:
    """The items of a page, the runs of lines that are a table without rules as grids."""
    found: list[_Item] = []
    run: list[Line] = []
    for item in (*items, None):
        if isinstance(item, Line) and not _is_prose(item):
            run.append(item)
            continue
        found += _table_in(run)
        run = []
        if item is not None:
            found.append(item)
    return found


def _is_prose(line: Line) -> bool:
    return bool(_SENTENCE.search(line.text)) or section_of(line.text) is not None


def _table_in(run: Sequence[Line]) -> list[_Item]:
    """A run of lines with the table in it as a grid; as it was if there is none."""
    with_figures = [number for number, line in enumerate(run) if _figures(line)]
    if len(with_figures) < _FEWEST_LINES and not any(_figures(run[number]) >= _MANY for number in with_figures):
        return list(run)
    first = max(0, with_figures[0] - _MOST_HEADS)
    last = with_figures[-1] + 1
    while last < len(run) and run[last].top - run[last - 1].bottom < _NEAR * run[last].size:
        last += 1
    rows = _rows(run[first:last], [run[number] for number in with_figures])
    grid = Grid(0, tuple(rows))
    return [*run[:first], grid, *run[last:]]


def _figures(line: Line) -> int:
    """How many figures stand at the end of a line."""
    count = 0
    for word in reversed(line.words):
        if not looks_like_value(word.text):
            break
        count += 1
    return count


@dataclass(slots=True)
class _Label:
    """Words under each other that are one label."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(slots=True)
class _Row:
    """A line of figures: the words of each column."""

    middle: float
    columns: list[list[str]] = field(default_factory=list)
    more: list[str] = field(default_factory=list)


def _rows(lines: Sequence[Line], with_figures: Sequence[Line]) -> list[tuple[Cell, ...]]:
    columns = _columns(with_figures)
    edge = columns[0][0] if columns else 0.0
    size = lines[0].size
    labels: list[_Label] = []
    rows: list[_Row] = []
    heads: list[tuple[float, list[Word]]] = []
    for line in lines:
        behind = [word for word in line.words if word.right > edge]
        if behind and not any(looks_like_value(word.text) for word in behind):
            heads.append((line.top, list(line.words)))
            continue
        for word in behind:
            _put(word, columns, rows, size)
        for word in line.words:
            if word.right <= edge:
                _add(labels, word, size)
    return list(_in_order(heads, labels, rows))


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """The columns behind the labels: left and right edge of each."""
    spans: list[tuple[float, float, int, int]] = []  # left, right, words, characters
    for word in sorted((word for line in lines for word in line.words), key=lambda word: word.left):
        if spans and word.left - spans[-1][1] < _STRIP:
            left, right, words, characters = spans[-1]
            spans[-1] = left, max(right, word.right), words + 1, characters + len(word.text)
        else:
            spans.append((word.left, word.right, 1, len(word.text)))
    behind = 0
    for number, (_, _, words, characters) in enumerate(spans):
        if characters / words > _SHORT:
            behind = number + 1
    return [(left, right) for left, right, _, _ in spans[behind:]]


def _put(word: Word, columns: Sequence[tuple[float, float]], rows: list[_Row], size: float) -> None:
    """A word behind the labels into its row and column."""
    middle = (word.top + word.bottom) / 2
    if not rows or abs(rows[-1].middle - middle) > size / 2:
        rows.append(_Row(middle, [[] for _ in columns]))
    inside = [n for n, (left, right) in enumerate(columns) if word.left < right + 1 and word.right > left - 1]
    if len(inside) == 1:
        rows[-1].columns[inside[0]].append(word.text)
    else:
        rows[-1].more.append(word.text)


def _add(labels: list[_Label], word: Word, size: float) -> None:
    """A word of the labels: the next line of the label above it, or a label of its own."""
    for label in reversed(labels):
        beneath = -size / 2 < word.top - label.bottom < _NEAR * size
        overlap = min(label.right, word.right) - max(label.left, word.left)
        if beneath and overlap > 0.5 * min(label.right - label.left, word.right - word.left):
            if not _NUMBERED.match(word.text):
                label.text += word.text
                label.right, label.bottom = max(label.right, word.right), word.bottom
                return
            break
    labels.append(_Label(word.text, word.left, word.right, word.top, word.bottom))


def _in_order(
    heads: Sequence[tuple[float, list[Word]]], labels: Sequence[_Label], rows: Sequence[_Row]
) -> Iterator[tuple[Cell, ...]]:
    """Heads, rows with their labels, and the labels that have no figures (of groups), from top to bottom."""
    placed: list[tuple[float, list[str]]] = [(top, [word.text for word in words]) for top, words in heads]
    taken: set[int] = set()
    for row in rows:
        free = [n for n in range(len(labels)) if n not in taken]
        beside = [n for n in free if labels[n].top - 1 < row.middle < labels[n].bottom + 1]
        own = max(beside, key=lambda n: labels[n].left, default=None)
        if own is not None:
            taken.add(own)
        cells = [" ".join(words) for words in row.columns] + row.more
        placed.append((row.middle, [labels[own].text if own is not None else "", *cells]))
    placed += [(label.top, [label.text]) for n, label in enumerate(labels) if n not in taken]
    placed.sort(key=lambda item: item[0])
    for number, (_, texts) in enumerate(placed):
        yield tuple(Cell(text, number, column) for column, text in enumerate(texts))

"""Tables without rules on a printed page: what the rules would part, white space parts.

A row is a line that ends in figures; the lines with most figures show where the columns are, and what other lines have
is put under them. A label of several lines belongs to the figures beside it. A row with a figure under no column has
its figures without the blanks, so that nobody reads them by their places.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from pipelines.documents.pdf_lines import Line, Word, opens_section
from pipelines.forms.column_heads import is_of_no_form
from pipelines.forms.known import knows_label
from pipelines.forms.list_labels import is_unit
from pipelines.forms.values import looks_like_value
from pipelines.model import Cell, Grid

_SENTENCE = re.compile(r"[。；！？]")
_NUMBERED = re.compile(r"^(?:[（(]?[一二三四五六七八九十]{1,2}[）)、.．]|\d{1,2}[.．、]|其中)")
_CAPTION = re.compile(r"第\s*二\s*十\s*条\s*第?\s*[（(]")  # a block of table 2, which may be a single row
_FEWEST_LINES = 3  # with figures
_FEWEST_OF_A_ROW = 5  # figures
_MANY = 10  # figures that make a table of a single line
_MOST_HEADS = 8  # lines above the figures
_FEWEST_HEADS = 3  # words over columns
_ONLY_COLUMN = 100.0  # points for a column without neighbours
_SAME_MIDDLE = 8.0  # points
_SAME_COLUMN = 15.0
_MOST_ASIDE = 3  # of so many rows one may have caught the number of a page
_NEAR = 0.6  # of the size of the type, between the lines of one label

_Item = Line | Grid


def with_unruled_tables(items: Sequence[_Item]) -> list[_Item]:
    """The items of a page, the runs of lines that are a table without rules as grids."""
    found: list[_Item] = []
    run: list[Line] = []
    for item in (*items, None):
        if isinstance(item, Line) and not _is_prose(item):
            run.append(_with_units(item))
            continue
        found += _table_in(run)
        run = []
        if item is not None:
            found.append(item)
    return found


def _is_prose(line: Line) -> bool:
    words = " ".join(word.text for word in line.words if not looks_like_value(word.text))  # 84。 is a number
    return bool(_SENTENCE.search(words)) or opens_section(line)


def _with_units(line: Line) -> Line:
    """The line with each unit that a space parts from its number put to it: 0 件."""
    words: list[Word] = []
    for word in line.words:
        before = words[-1] if words else None
        near = before is not None and word.left - before.right < _NEAR * line.size
        if before and near and is_unit(word.text) and before.text[-1:].isdigit() and looks_like_value(before.text):
            words[-1] = replace(before, text=before.text + word.text)  # its place is that of the number
        else:
            words.append(word)
    return replace(line, words=tuple(words))


def _table_in(run: Sequence[Line]) -> list[_Item]:
    """A run of lines with the table in it as a grid; as it was if there is none."""
    with_figures = [number for number, line in enumerate(run) if _figures(line)]
    if not with_figures:
        return list(run)
    first = max(0, with_figures[0] - _MOST_HEADS)
    if len(with_figures) < _FEWEST_LINES and not any(_figures(run[number]) >= _MANY for number in with_figures):
        caption = next((number for number in range(first, with_figures[0]) if _CAPTION.match(run[number].text)), None)
        if caption is None and not any(_is_row(run[number]) for number in with_figures):
            return list(run)
        first = caption or first
    last = with_figures[-1] + 1
    while last < len(run) and run[last].top - run[last - 1].bottom < _NEAR * run[last].size:
        last += 1
    tables = [Grid(0, tuple(_rows(lines))) for lines in _parts(run[first:last])]
    return [*run[:first], *tables, *run[last:]]


def _is_row(line: Line) -> bool:
    """Whether a line alone is a row of table 3 as a page break leaves it: many figures behind a label of the form."""
    count = _figures(line)
    return count >= _FEWEST_OF_A_ROW and knows_label("".join(word.text for word in line.words[:-count]))


def _parts(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """The lines parted where heads come again, and the columns below stand elsewhere than above, or are table 4's."""
    begins = list(_head_lines(lines))
    begin = 0
    for number, following in zip(begins, [*begins, len(lines)][1:], strict=True):
        above, below = _centres(lines[begin:number]), _centres(lines[number:following])
        moved = any(abs(a - b) > _apart(above) / 3 for a, b in zip(above, below, strict=False))
        if (len(above) == len(below) and moved) or len(above) < _MANY <= len(below):
            yield lines[begin:number]
            begin = number
    yield lines[begin:]


def _head_lines(lines: Sequence[Line]) -> Iterator[int]:
    """Where heads begin again below figures: the first line of them that has words over the columns."""
    edge = 0.0
    first: int | None = None
    for number, line in enumerate(lines):
        if _figures(line):
            edge = line.words[-_figures(line)].left if _figures(line) > 1 or not edge else edge
            first = None
        elif edge:
            over = sum(word.right > edge for word in line.words)
            first = number if over and first is None else first
            if over >= _FEWEST_HEADS and first is not None:
                yield first
                edge = 0.0


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


def _rows(lines: Sequence[Line]) -> list[tuple[Cell, ...]]:
    centres = _with_added(_centres(lines), lines)
    edge = centres[0] - _apart(centres) / 2
    units = _units(lines)
    labels: list[_Label] = []
    rows: list[tuple[float, list[str]]] = []
    heads: list[_Label] = []
    over: list[_Label] = []
    told = 0  # heads that stand over rows above
    for line in lines:
        count = _figures(line)
        words, figures = line.words[: len(line.words) - count], line.words[len(line.words) - count :]
        if not count and any((word.left + word.right) / 2 > edge for word in words):
            for word in words:
                _add(heads, word, line.size)
            continue
        unit = [words[-1].text] if words and words[-1] in units else []
        for word in words[: len(words) - len(unit)]:
            _add(labels, word, line.size)
        if count > len(centres) and _is_dashes(line):
            figures = figures[-len(centres) :]
        if count:
            over, told = [head for head in heads[told:] if head.right > edge] or over, len(heads)
            middle = (figures[0].top + figures[0].bottom) / 2
            rows.append((middle, [*(unit or [""] * bool(units)), *_in_columns(figures, centres, over)]))
    if units:
        centres = [median((unit.left + unit.right) / 2 for unit in units), *centres]
    return list(_in_order(_heads_in_rows(heads, [middle for middle, _ in rows], centres), labels, rows))


def _units(lines: Sequence[Line]) -> list[Word]:
    """The units between labels and figures, if most lines with figures have one."""
    words = [line.words[: len(line.words) - _figures(line)] for line in lines if _figures(line)]
    units = [before[-1] for before in words if before and is_unit(before[-1].text)]
    return units if 2 * len(units) > len(words) else []


def _heads_in_rows(
    heads: Sequence[_Label], rows: Sequence[float], centres: Sequence[float]
) -> list[tuple[float, list[Cell]]]:
    """The heads over each row of figures: those next to the figures as one row, the others above as they stand."""
    over: dict[int, list[tuple[_Label, Cell]]] = defaultdict(list)
    for head in heads:
        over[bisect_right(rows, head.top)].append((head, _head(head, centres)))
    found: list[tuple[float, list[Cell]]] = []
    for group in over.values():
        group.sort(key=lambda item: -item[0].top)
        next_to: dict[int, Cell] = {}
        for head, cell in group:
            if cell.colspan == 1 and cell.column not in next_to:
                next_to[cell.column] = cell
            else:
                found.append((head.top, [cell]))
        lowest = max(head.top for head, _ in group)
        found.append((lowest, [next_to[column] for column in sorted(next_to)]))
    return found


def _head(head: _Label, centres: Sequence[float]) -> Cell:
    """A head over the columns whose middles lie under it; over the labels if it stands left of all of them."""
    under = [n for n, centre in enumerate(centres) if head.left - 2 < centre < head.right + 2]
    nearest = min(range(len(centres)), key=lambda n: abs(centres[n] - (head.left + head.right) / 2))
    behind = head.right > centres[0] - (head.right - head.left)
    column = 1 + (under[0] if under else nearest) if under or behind else 0
    return Cell(head.text, 0, column, 1, max(1, len(under)))


def _apart(centres: Sequence[float]) -> float:
    """How far the columns are apart, at least."""
    return min((b - a for a, b in pairwise(centres)), default=_ONLY_COLUMN)


def _centres(lines: Sequence[Line]) -> list[float]:
    """Where the columns are: the middles of the figures of the lines that have the usual number of them."""
    lines = [line for line in lines if _figures(line) and not _is_dashes(line)] or lines
    counts = Counter(_figures(line) for line in lines if _figures(line))
    if not counts:
        return []
    usual = max(counts, key=lambda count: (count > 1, counts[count], count))
    full = [list(map(_middle, line.words[-usual:])) for line in lines if _figures(line) == usual]
    centres = [median(places) for places in zip(*full, strict=True)]
    aside = sum(any(abs(a - b) > _apart(row) / 4 for a, b in zip(row, centres, strict=True)) for row in full)
    if aside * _MOST_ASIDE > len(full):
        return _clustered(_middle(word) for line in lines for word in line.words[len(line.words) - _figures(line) :])
    return centres


def _clustered(middles: Iterable[float]) -> list[float]:
    """The columns of rows that are as many figures, but not in the same columns: where any figures stand together."""
    columns: list[list[float]] = []
    for middle in sorted(middles):
        if columns and middle - columns[-1][-1] < _SAME_COLUMN:
            columns[-1].append(middle)
        else:
            columns.append([middle])
    return [median(column) for column in columns]


def _middle(word: Word) -> float:
    return (word.left + word.right) / 2


def _with_added(centres: list[float], lines: Sequence[Line]) -> list[float]:
    """The columns with those of heads that are no form's, which may have figures where the form's own are blank."""
    heads = (word for line in lines if not _figures(line) for word in line.words if is_of_no_form(word.text))
    added = list(map(_middle, heads))
    return sorted([*centres, *(one for one in added if all(abs(one - centre) > _SAME_MIDDLE for centre in centres))])


def _is_dashes(line: Line) -> bool:
    """Whether a line has dashes for figures, as the headings of a list have, for their unit too."""
    return all(word.text.strip("-－—–") == "" for word in line.words[len(line.words) - _figures(line) :])


def _in_columns(figures: Sequence[Word], centres: Sequence[float], heads: Sequence[_Label]) -> list[str]:
    """The figures of a row by column, '' where a column has none; just the figures if one stands under no column, or
    each right under a head of its own: then the columns here are others.
    """
    texts = [word.text for word in figures]
    if len(figures) >= len(centres) or _each_under_its_own(figures, heads):
        return texts
    apart = _apart(centres)
    columns = ["" for _ in centres]
    for word in figures:
        middle = (word.left + word.right) / 2
        nearest = min(range(len(centres)), key=lambda n: abs(centres[n] - middle))
        if columns[nearest] or abs(centres[nearest] - middle) > apart / 2:
            return texts
        columns[nearest] = word.text
    return columns


def _each_under_its_own(figures: Sequence[Word], heads: Sequence[_Label]) -> bool:
    """Whether the heads over a row, captions aside, are as many as its figures and each has one in its middle."""
    middles = sorted((head.left + head.right) / 2 for head in heads if not _CAPTION.match(head.text))
    pairs = zip(middles, figures, strict=False)
    return len(middles) == len(figures) and all(abs(a - (w.left + w.right) / 2) < _SAME_MIDDLE for a, w in pairs)


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


def _label_of(beside: Sequence[int], labels: Sequence[_Label]) -> Sequence[int]:
    """Which of the words beside figures, from left to right, are their label: the last; with those before it only where
    they are a label of the form together (规 章), and the last is none.
    """
    for count in range(1, len(beside) + 1):
        if knows_label("".join(labels[n].text for n in beside[-count:])):
            return beside[-count:]
    return beside[-1:]


def _in_order(
    heads: Sequence[tuple[float, list[Cell]]], labels: Sequence[_Label], rows: Sequence[tuple[float, list[str]]]
) -> Iterator[tuple[Cell, ...]]:
    """Heads, rows with their labels, and the labels that have no figures (of groups), from top to bottom."""
    placed = list(heads)
    taken: set[int] = set()
    for middle, cells in rows:
        free = [n for n in range(len(labels)) if n not in taken]
        beside = [n for n in free if labels[n].top - 1 < middle < labels[n].bottom + 1]
        own = _label_of(sorted(beside, key=lambda n: labels[n].left), labels)
        taken.update(own)
        texts = ["".join(labels[n].text for n in own), *cells]
        placed.append((middle, [Cell(text, 0, column) for column, text in enumerate(texts)]))
    placed += [(label.top, [Cell(label.text, 0, 0)]) for n, label in enumerate(labels) if n not in taken]
    placed.sort(key=lambda item: item[0])
    for number, (_, row) in enumerate(placed):
        yield tuple(replace(cell, row=number) for cell in row)

"""The lines of text outside the ruled tables of a page, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pipelines.documents.ocr.engine import Picture, detect, recognise
from pipelines.documents.ocr.ruling import Ruling
from pipelines.documents.ocr.sheet import Mask, Sheet
from pipelines.documents.pdf_lines import Line, Word

_TALLEST = 900  # pixels looked through at once: bounds the memory of the detector
_LIKELY = 0.5
_SAME_SIZE, _SAME_ROW = 0.25, 0.4  # of the height
_WIDE_GAP, _BESIDE = 1.2, 0.15  # of the height
_SMALLEST = 6  # pixels
_MARGIN = 20  # pixels above and below a strip
_FRAME = 6  # pixels beyond a table that are its outermost rules

_Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""


def prose_of(sheet: Sheet, tables: Sequence[Ruling]) -> list[Line]:
    """The lines around the tables from top to bottom; positions in pixels of the sheet."""
    colour, ink = sheet.colour.copy(), sheet.ink.copy()
    for table in tables:
        box = (
            slice(max(0, table.top - _FRAME), table.bottom + _FRAME),
            slice(max(0, table.left - _FRAME), table.right + _FRAME),
        )
        colour[box], ink[box] = 255, 0
    found = [box for top, bottom in _strips(ink) for box in _boxes(colour[top:bottom], top)]
    rows = [_whole(row, ink) for row in _rows(found)]
    said = iter(recognise([_cut(colour, box) for row in rows for box in row]))
    lines = []
    for row in rows:
        words = [(box, answer.text) for box in row if (answer := next(said)).text and answer.mean >= _LIKELY]
        if words:
            lines.append(_line(words))
    return _of_even_size(lines)


def _strips(ink: Mask) -> Iterator[tuple[int, int]]:
    """The page in strips that hold ink, cut where there is none, none taller than is looked through at once."""
    empty: Any = ~(ink > 0).any(axis=1)
    top, height = 0, len(empty)
    while top < height:
        filled = np.flatnonzero(~empty[top:])
        if not len(filled):
            return
        top += max(0, int(filled[0]) - _MARGIN)
        end = min(height, top + _TALLEST)
        gaps: Any = np.flatnonzero(empty[top + _TALLEST // 2 : end]) if end < height else []
        end = top + _TALLEST // 2 + int(gaps[-1]) if len(gaps) else end
        last = np.flatnonzero(~empty[top:end])
        yield top, min(end, top + int(last[-1]) + _MARGIN)
        top = end


def _boxes(strip: Picture, offset: int) -> Iterator[_Box]:
    for corners in detect(strip):
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        if min(bottom - top, right - left) >= _SMALLEST:
            yield int(left), int(top) + offset, int(np.ceil(right)), int(np.ceil(bottom)) + offset


def _rows(boxes: Sequence[_Box]) -> list[list[_Box]]:
    """Boxes that stand beside each other, row by row."""
    rows: list[list[_Box]] = []
    for box in sorted(boxes, key=lambda box: box[1] + box[3]):
        if rows:
            before = rows[-1][0]
            apart = abs(box[1] + box[3] - before[1] - before[3]) / 2
            if apart <= _SAME_ROW * min(box[3] - box[1], before[3] - before[1]):
                rows[-1].append(box)
                continue
        rows.append([box])
    return rows


def _whole(row: Sequence[_Box], ink: Mask) -> list[_Box]:
    """The boxes of a row reaching as far as its ink: detectors leave out the middle of a large title."""
    top, bottom = min(box[1] for box in row), max(box[3] for box in row)
    height = bottom - top
    columns = np.flatnonzero((ink[max(0, top) : bottom] > 0).any(axis=0))
    if not len(columns):
        return []
    breaks = np.flatnonzero(np.diff(columns) > _WIDE_GAP * height)
    begins, ends = columns[np.append(0, breaks + 1)], columns[np.append(breaks, len(columns) - 1)]
    beside = round(_BESIDE * height)
    stretches = [(int(begin), int(end) + 1) for begin, end in zip(begins, ends, strict=True)]
    return [
        (begin - beside, top, end + beside, bottom)
        for begin, end in stretches
        if any(box[0] < end and begin < box[2] for box in row)
    ]


def _cut(colour: Picture, box: _Box) -> Picture:
    left, top, right, bottom = box
    return colour[max(0, top) : bottom, max(0, left) : right]


def _line(row: Sequence[tuple[_Box, str]]) -> Line:
    words = tuple(Word(text, *(float(box[edge]) for edge in (0, 2, 1, 3))) for box, text in row)
    (_, top, _, bottom), _ = row[0]
    return Line(words, top, bottom, float(bottom - top))


def _of_even_size(lines: list[Line]) -> list[Line]:
    """Boxes of one size of type vary in height with their characters: those near the middle one get its size."""
    if not lines:
        return []
    usual = float(np.median([line.size for line in lines]))
    return [replace(line, size=usual) if abs(line.size - usual) <= _SAME_SIZE * usual else line for line in lines]

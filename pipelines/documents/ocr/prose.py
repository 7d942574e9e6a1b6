"""The lines of text outside the ruled tables of a page, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.documents.ocr.engine import Picture, detect, recognise
from pipelines.documents.ocr.ruling import Ruling
from pipelines.documents.ocr.sheet import Sheet
from pipelines.documents.pdf_lines import Line, Word

_TALLEST = 900  # pixels looked through at once: bounds the memory of the detector
_LIKELY = 0.5
_SAME_SIZE = 0.25
_FRAME = 6  # pixels beyond a table that are its outermost rules


def prose_of(sheet: Sheet, tables: Sequence[Ruling]) -> list[Line]:
    """The lines around the tables from top to bottom; positions in pixels of the sheet."""
    colour, ink = sheet.colour.copy(), sheet.ink.copy()
    for table in tables:
        box = (
            slice(max(0, table.top - _FRAME), table.bottom + _FRAME),
            slice(max(0, table.left - _FRAME), table.right + _FRAME),
        )
        colour[box], ink[box] = 255, 0
    boxes = [box for top, bottom in _strips(ink) for box in _boxes(colour[top:bottom], top)]
    said = recognise([_cut(colour, box) for box in boxes])
    words = [(box, answer.text) for box, answer in zip(boxes, said, strict=True) if answer.text and answer.mean >= _LIKELY]
    return _of_even_size([_line(row) for row in _rows(words)])


_Box = tuple[int, int, int, int]


def _strips(ink: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """The page in strips that hold ink, cut where there is none, none taller than is looked through at once."""
    empty = ~(ink > 0).any(axis=1)
    top, height = 0, len(empty)
    while top < height:
        filled = np.flatnonzero(~empty[top:])
        if not len(filled):
            return
        top += max(0, int(filled[0]) - 20)
        end = min(height, top + _TALLEST)
        gaps = np.flatnonzero(empty[top + _TALLEST // 2 : end]) if end < height else []
        end = top + _TALLEST // 2 + int(gaps[-1]) if len(gaps) else end
        last = np.flatnonzero(~empty[top:end])
        yield top, min(end, top + int(last[-1]) + 20)
        top = end


def _boxes(strip: Picture, offset: int) -> Iterator[_Box]:
    for corners in detect(strip):
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        if bottom - top >= 6 and right - left >= 6:
            yield int(left), int(top) + offset, int(np.ceil(right)), int(np.ceil(bottom)) + offset


def _cut(colour: Picture, box: _Box) -> Picture:
    left, top, right, bottom = box
    return colour[max(0, top) : bottom, max(0, left) : right]


def _rows(words: Sequence[tuple[_Box, str]]) -> list[list[tuple[_Box, str]]]:
    """Words that stand beside each other, row by row."""
    rows: list[list[tuple[_Box, str]]] = []
    for box, text in sorted(words, key=lambda word: (word[0][1] + word[0][3], word[0][0])):
        middle = (box[1] + box[3]) / 2
        if rows and abs(middle - _middle(rows[-1])) <= 0.4 * min(box[3] - box[1], rows[-1][0][0][3] - rows[-1][0][0][1]):
            rows[-1].append((box, text))
        else:
            rows.append([(box, text)])
    return [sorted(row) for row in rows]


def _middle(row: Sequence[tuple[_Box, str]]) -> float:
    return sum(box[1] + box[3] for box, _ in row) / (2 * len(row))


def _line(row: Sequence[tuple[_Box, str]]) -> Line:
    words = tuple(Word(text, box[0], box[2]) for box, text in row)
    top, bottom = min(box[1] for box, _ in row), max(box[3] for box, _ in row)
    return Line(words, top, bottom, float(np.median([box[3] - box[1] for box, _ in row])))


def _of_even_size(lines: list[Line]) -> list[Line]:
    """Boxes of one size of type vary in height with their characters: those near the middle one get its size."""
    if not lines:
        return []
    usual = float(np.median([line.size for line in lines]))
    return [replace(line, size=usual) if abs(line.size - usual) <= _SAME_SIZE * usual else line for line in lines]

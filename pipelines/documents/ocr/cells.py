"""What a cell of a ruled table says, or that it says something which cannot be told.

A cell without ink is blank. A mark (`/`, `-`) is known by its shape, because recognisers take a slanted stroke for a 1
or a 7. Everything else is recognised twice, cut out closely and widely: what is not read alike and surely both times,
or has more glyphs than characters, is illegible. Illegible is neither blank nor a number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from pipelines.documents.ocr.engine import Picture, Spoken, recognise
from pipelines.documents.ocr.lattice import Field
from pipelines.documents.ocr.ruling import Ruling
from pipelines.documents.ocr.sheet import Mask, Sheet

NOTHING_READ = "□"  # as print shows a character that is not legible
_SURE = 0.8
_CLOSE, _WIDE = (0.12, 0.25), (0.4, 0.8)  # margins above and beside a line, in heights of the line
_EDGE = 3  # pixels inside a cell that belong to its rules
_STRAY = 10  # pixels from its place within which a rule is still the rule
_THICKEST_STROKE, _BAR = 0.4, 0.75  # of its height; of its box
_LINE = 1.2  # of the height of letters: from one line to the next, at least
_SPECK = 6  # pixels of ink that are no character, not even a point
_SHADED, _SHADED_INK = 0.94, 0.8  # how bright a cell with a grey ground is at most, and ink on that ground
_LONGEST_VALUE = 16
_SMALLEST = 7.0  # pixels of the source: figures lower than this are guessed by the recogniser, not read
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
_FIGURE = re.compile(r"\d[\d,，]*(?:[.．]\d+)?")


@dataclass(frozen=True, slots=True)
class Said:
    """The text of a cell and whether it is read with certainty."""

    text: str
    legible: bool = True


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of ink in a cell: its box on the page, inside the area of the cell."""

    left: int
    top: int
    right: int
    bottom: int
    area: tuple[int, int, int, int]


def said_in(sheet: Sheet, table: Ruling, fields: Sequence[Field]) -> list[Said]:
    """What each of the cells of a table says."""
    bare = _without_rules(sheet.ink, table)
    runs = [_runs(sheet, bare, field) for field in fields]
    height = _letter_height([line for lines in runs for line in lines])
    lines = [_merged([line for run in part for line in _parted(bare, run, height)], height) for part in runs]
    first = _recognised(sheet, lines, _CLOSE, height)
    again = [n for n, spoken in enumerate(first) if spoken and _is_value(spoken)]
    second = dict(zip(again, _recognised(sheet, [lines[n] for n in again], _WIDE, height), strict=True))
    return [
        _said(sheet, lines[n], first[n], second.get(n), height) if field.sure else _in_doubt(first[n])
        for n, field in enumerate(fields)
    ]


def _without_rules(ink: Mask, table: Ruling) -> Mask:
    """The ink of a page without the rules of a table."""
    rules = cv2.dilate(table.level | table.upright, np.ones((5, 5), np.uint8))
    bare = ink.copy()
    bare[table.top : table.bottom, table.left : table.right][rules > 0] = 0
    return bare


def _runs(sheet: Sheet, bare: Mask, field: Field) -> list[_Line]:
    """The stretches of a cell's rows that hold ink."""
    area = (field.left + _EDGE, field.top + _EDGE, field.right - _EDGE, field.bottom - _EDGE)
    left, top, right, bottom = area
    ink = bare[top:bottom, left:right]
    if ink.size == 0:
        return []
    paper = float(np.median(sheet.shade[top:bottom, left:right]))
    if paper < _SHADED:
        ink = ink * (cv2.GaussianBlur(sheet.shade[top:bottom, left:right], (3, 3), 0) < _SHADED_INK * paper)
    filled = (ink > 0).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], filled, [False])).astype(np.int8)))
    lines = []
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        columns = np.flatnonzero((ink[begin:end] > 0).any(axis=0))
        if np.count_nonzero(ink[begin:end]) > _SPECK:
            box = (left + int(columns[0]), top + int(begin), left + int(columns[-1]) + 1, top + int(end))
            lines.append(_Line(*box, area))
    return lines


def _letter_height(lines: Sequence[_Line]) -> float:
    """The height of a line of words in this table; of any line where there are no words."""
    heights = [line.bottom - line.top for line in lines]
    words = [height for line, height in zip(lines, heights, strict=True) if line.right - line.left > 2 * height]
    return float(np.median(words or heights)) if heights else 1.0


def _parted(bare: Mask, line: _Line, height: float) -> list[_Line]:
    """A stretch as high as several lines, whose letters touch, cut where there is least ink."""
    count = round((line.bottom - line.top) / (_LINE * height))
    if count < 2:
        return [line]
    ink = np.count_nonzero(bare[line.top : line.bottom, line.left : line.right], axis=1)
    cuts = [0]
    for number in range(1, count):
        middle, reach = len(ink) * number // count, max(1, int(height / 3))
        cuts.append(middle - reach + int(np.argmin(ink[middle - reach : middle + reach])))
    cuts.append(len(ink))
    return [
        _Line(line.left, line.top + top, line.right, line.top + bottom, line.area) for top, bottom in pairwise(cuts)
    ]


def _merged(lines: list[_Line], height: float) -> list[_Line]:
    """Strokes of one character that have space between them (三, 一、) put together again."""
    merged: list[_Line] = []
    for line in lines:
        if merged and line.bottom - merged[-1].top <= 1.25 * height:
            above = merged.pop()
            box = (min(above.left, line.left), above.top, max(above.right, line.right), line.bottom)
            line = _Line(*box, line.area)
        merged.append(line)
    return merged


def _recognised(
    sheet: Sheet, cells: Sequence[Sequence[_Line]], margins: tuple[float, float], height: float
) -> list[list[Spoken]]:
    flat = recognise([_cut(sheet, line, margins, height) for lines in cells for line in lines])
    answers = iter(flat)
    return [[next(answers) for _ in lines] for lines in cells]


def _cut(sheet: Sheet, line: _Line, margins: tuple[float, float], height: float) -> Picture:
    """The picture of a line with margins; beyond the cell there is its own paper, never a rule."""
    tall = max(line.bottom - line.top, 0.7 * height)
    above = round(margins[0] * tall + (tall - (line.bottom - line.top)) / 2)
    beside = round(margins[1] * tall)
    left, top, right, bottom = line.left - beside, line.top - above, line.right + beside, line.bottom + above
    inner = (max(left, line.area[0]), max(top, line.area[1]), min(right, line.area[2]), min(bottom, line.area[3]))
    picture = sheet.colour[inner[1] : inner[3], inner[0] : inner[2]]
    shade = sheet.shade[line.area[1] : line.area[3], line.area[0] : line.area[2]]
    paper = sheet.colour[line.area[1] : line.area[3], line.area[0] : line.area[2]][shade > np.median(shade) - 0.02]
    colour = [float(value) for value in np.median(paper, axis=0)]
    padded = cv2.copyMakeBorder(
        picture, inner[1] - top, bottom - inner[3], inner[0] - left, right - inner[2], cv2.BORDER_CONSTANT, value=colour
    )
    return np.asarray(padded, dtype=np.uint8)


def _is_value(spoken: Sequence[Spoken]) -> bool:
    """Whether a cell may hold a value and not the words of a label."""
    text = "".join(line.text for line in spoken)
    return len(text) <= _LONGEST_VALUE and (
        not _IDEOGRAPH.search(text) or len(text) <= 4 or bool(re.search(r"\d", text))
    )


def _in_doubt(spoken: Sequence[Spoken]) -> Said:
    return Said(_joined(spoken) or NOTHING_READ, legible=False)


def _joined(spoken: Sequence[Spoken]) -> str:
    return "\n".join(line.text for line in spoken if line.text)


def _said(
    sheet: Sheet, lines: Sequence[_Line], first: Sequence[Spoken], second: Sequence[Spoken] | None, height: float
) -> Said:
    if not lines:
        return Said("")
    if len(lines) == 1:
        mark = _mark(sheet, lines[0], height)
        if mark:
            return Said(mark)
    text = _joined(first)
    if second is None:
        return Said(text) if text and min(line.sure for line in first) >= 0.3 else _in_doubt(first)
    sure = text == _joined(second) and min(line.sure for line in (*first, *second)) >= _SURE
    large = max(line.bottom - line.top for line in lines) / sheet.scale >= _SMALLEST
    whole = bool(_IDEOGRAPH.search(text)) or all(
        _glyphs(sheet, line) <= len(spoken.text) for line, spoken in zip(lines, first, strict=True)
    )
    return Said(text) if sure and large and whole and _plausible(text) else _in_doubt(first)


def _plausible(text: str) -> bool:
    """Whether a text is a figure, or words: letters and points in a cell are figures misread."""
    figures = _FIGURE.findall(text)
    if any(len(figure) > 1 and figure[0] == "0" and figure[1] not in ".．" for figure in figures):
        return False  # 05 is 0.5 with its point lost
    return bool(figures) or text == "无" or len(_IDEOGRAPH.findall(text)) >= 2


def _mark(sheet: Sheet, line: _Line, height: float) -> str | None:
    """`-` or `/` for a lone stroke that lies flat or leans as a slash does; None for anything else."""
    ink = _strokes(sheet, line)
    ys, xs = np.nonzero(ink)
    if not len(ys):
        return None
    tall, wide = int(np.ptp(ys)) + 1, int(np.ptp(xs)) + 1
    filled = len(ys) / (tall * wide)
    if wide >= 2 * tall and tall <= 0.35 * height and filled >= _BAR:
        return "-"
    if tall < 0.5 * height or cv2.connectedComponents(ink, connectivity=8)[0] != 2:
        return None
    slope, offset = np.polyfit(ys, xs, 1)
    stroke = len(xs) / tall  # pixels of a row
    strays = np.abs(xs - (offset + slope * ys)).max()
    straight = stroke <= _THICKEST_STROKE * tall and strays <= 0.85 * stroke
    return "/" if straight and -1.2 <= slope <= -0.28 else None


def _glyphs(sheet: Sheet, line: _Line) -> int:
    """How many glyphs a line has that do not touch each other."""
    filled = (_strokes(sheet, line) > 0).any(axis=0)
    return int(np.count_nonzero(np.diff(np.concatenate(([False], filled)).astype(np.int8)) == 1))


def _strokes(sheet: Sheet, line: _Line) -> Mask:
    """The strokes of a line at their true width; the ink of the sheet is wider, to miss nothing."""
    shade = np.clip(sheet.shade[line.top : line.bottom, line.left : line.right] * 255, 0, 255).astype(np.uint8)
    return np.asarray(cv2.threshold(shade, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1], dtype=np.uint8)

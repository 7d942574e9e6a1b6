"""Ruled lines: found as long thin runs of ink, gathered into tables, and the picture squared up by the largest of
them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.documents.ocr.sheet import Mask, Shade, Sheet, level_sheet

_SHORTEST_LEVEL, _SHORTEST_UPRIGHT = 36, 24  # pixels: longer than a stroke of a letter, and no longer than a low row
_REACHES = (5, 8)  # pixels: beyond the edge of a thin rule, and of a thick one
_SMOOTH = 7  # pixels along a rule
_CROSSED = 0.3  # of the usual darkness of rules, at least, is a rule where it is crossed
_FAINTEST = 0.035  # darker than the paper
_BESIDE = 0.4  # of the darkness of a rule, at most, is that of what lies beside it
_PIECE, _CROSSING = 14, 25
_FEWEST_RULES = 2  # in either direction
_NARROWEST = 0.25  # of the page's width: strokes of a large title make small lattices
_SLANTED = 1.5  # pixels by which a corner may be off before the page is squared up
_MOST_OF = 0.6
_TOGETHER = 4
_JOINT = 5  # pixels between the end of a rule and the rule that it meets


def turned(array: NDArray[Any]) -> NDArray[Any]:
    """The array with its rows as columns, so that what is written for level rules serves upright ones."""
    return np.ascontiguousarray(array.T)


@dataclass(frozen=True, slots=True)
class Ruling:
    """The rules of one table, as masks of the size of its box: the level and the upright ones, and where any is seen.

    Where rules cross they are not seen, only known to go on. The box is given in pixels of the page.
    """

    level: Mask
    upright: Mask
    seen: Mask
    left: int
    top: int
    right: int
    bottom: int

    @property
    def area(self) -> int:
        return (self.right - self.left) * (self.bottom - self.top)


def ruled_tables(sheet: Sheet) -> list[Ruling]:
    """The ruled tables of a page from top to bottom."""
    return _tables(sheet.firm) or ([] if sheet.firm is sheet.shade else _tables(sheet.shade))


def _tables(shade: Shade) -> list[Ruling]:
    level, seen = _rules(shade, _SHORTEST_LEVEL)
    upright, upright_seen = (turned(mask) for mask in _rules(turned(shade), _SHORTEST_UPRIGHT))
    level = _met(level, upright)
    upright = turned(_met(turned(upright), turned(level)))
    seen |= upright_seen
    joined = cv2.dilate(level | upright, np.ones((_JOINT, _JOINT), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    tables: list[Ruling] = []
    for number in range(1, count):
        left, top, width, height = (int(value) for value in boxes[number, :4])
        if width < _NARROWEST * shade.shape[1]:
            continue
        inside = labels[top : top + height, left : left + width] == number
        parts = [np.where(inside, mask[top : top + height, left : left + width], 0) for mask in (level, upright, seen)]
        longest, rules = _longest(parts[0]), min(_count(part) for part in parts[:2])
        if rules >= _FEWEST_RULES and longest >= _MOST_OF * width:
            tables.append(Ruling(parts[0], parts[1], parts[2], left, top, left + width, top + height))
    return sorted(tables, key=lambda table: (table.top, table.left))


def squared(sheet: Sheet) -> tuple[Sheet, list[Ruling]]:
    """The sheet as seen from straight above, and its tables: the outline of the largest becomes a true rectangle."""
    tables = ruled_tables(sheet)
    corners = _corners(max(tables, key=lambda table: table.area)) if tables else None
    if corners is None:
        return sheet, tables
    left, right = corners[[0, 3], 0].mean(), corners[[1, 2], 0].mean()
    top, bottom = corners[[0, 1], 1].mean(), corners[[2, 3], 1].mean()
    square = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float32)
    if np.abs(square - corners).max() < _SLANTED:
        return sheet, tables
    height, width = sheet.ink.shape
    view = cv2.getPerspectiveTransform(corners, square)
    colour = cv2.warpPerspective(
        sheet.colour, view, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    flat = level_sheet(np.asarray(colour, dtype=np.uint8), sheet.scale)
    return flat, ruled_tables(flat)


def _rules(shade: Shade, shortest: int) -> tuple[Mask, Mask]:
    """Level rules: what is much darker than what is above and below, for longer than any stroke of a letter.

    The first mask has them whole, the second only where they are seen, not where they are crossed. The picture is
    smoothed along the rule, so that a faint one stands out from the grain.
    """
    dark = 1 - cv2.blur(shade, (_SMOOTH, 1))
    grain = 1.4826 * float(np.median(np.abs(dark - np.median(dark))))
    faintest = max(_FAINTEST, 4 * grain)
    thin = np.zeros(shade.shape, np.uint8)
    for reach in _REACHES:
        beside = np.zeros_like(dark)
        beside[reach:-reach] = np.maximum(dark[: -2 * reach], dark[2 * reach :])
        thin[(dark > faintest) & (beside < _BESIDE * dark)] = 255
    pieces = cv2.morphologyEx(thin, cv2.MORPH_OPEN, np.ones((1, _PIECE), np.uint8))
    # Where two rules cross, neither is darker than what is beside it.
    bridged = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, np.ones((1, _CROSSING), np.uint8))
    if pieces.any():
        bridged[dark < _CROSSED * float(np.median(dark[pieces > 0]))] = 0
    runs = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, shortest), np.uint8))
    return np.asarray(runs, dtype=np.uint8), np.asarray(pieces, dtype=np.uint8)


def _met(level: Mask, upright: Mask) -> Mask:
    """The level rules that have proper ends: runs of strokes in a line of text end anywhere.

    A rule ends at an upright one, or, where a page break or an open style leaves that out, where other rules end too.
    """
    near = cv2.dilate(upright, np.ones((2 * _JOINT + 1, 2 * _JOINT + 1), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(level, connectivity=8)
    lefts, widths = boxes[:, cv2.CC_STAT_LEFT], boxes[:, cv2.CC_STAT_WIDTH]
    kept = np.zeros(count, np.uint8)
    for number in range(1, count):
        left, top, width, height = (int(value) for value in boxes[number, :4])
        proper = True
        for end, ends in ((left, lefts), (left + width - 1, lefts + widths - 1)):
            together = int(np.count_nonzero(np.abs(ends[1:] - end) <= _JOINT))
            proper = proper and (together >= _TOGETHER or bool(near[top : top + height, end].any()))
        kept[number] = 255 if proper else 0
    return np.asarray(kept[labels], dtype=np.uint8)


def _count(mask: Mask) -> int:
    return int(cv2.connectedComponents(mask, connectivity=8)[0]) - 1


def _longest(mask: Mask) -> int:
    boxes = cv2.connectedComponentsWithStats(mask, connectivity=8)[2]
    return int(boxes[1:, cv2.CC_STAT_WIDTH].max(initial=0))


def _corners(table: Ruling) -> NDArray[np.float32] | None:
    """The corners of a table's outline, clockwise from the top left; None where it has no four long sides."""
    rows = _long_rules(table.level, (table.right - table.left) * _MOST_OF, level=True)
    columns = _long_rules(table.upright, (table.bottom - table.top) * _MOST_OF, level=False)
    if len(rows) < 2 or len(columns) < 2:
        return None
    top, bottom, left, right = rows[0], rows[-1], columns[0], columns[-1]
    points = [_meet(top, left), _meet(top, right), _meet(bottom, right), _meet(bottom, left)]
    corners: NDArray[np.float32] = np.array(points, dtype=np.float32) + np.array([table.left, table.top], np.float32)
    return corners


def _long_rules(mask: Mask, length: float, *, level: bool) -> list[tuple[float, float]]:
    """Each long rule as (offset, slope) of the straight line through it, in order across the table."""
    flat = mask if level else turned(mask)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(flat, connectivity=8)
    found = []
    for number in range(1, count):
        left, top, width, height = (int(value) for value in boxes[number, :4])
        if width < length:
            continue
        ys, xs = np.nonzero(labels[top : top + height, left : left + width] == number)
        slope, offset = np.polyfit(xs + left, ys + top, 1)
        found.append((float(offset), float(slope), float(np.mean(ys) + top)))
    return [(offset, slope) for offset, slope, _ in sorted(found, key=lambda rule: rule[2])]


def _meet(level: tuple[float, float], upright: tuple[float, float]) -> tuple[float, float]:
    """Where y = a + b x and x = c + d y meet."""
    (a, b), (c, d) = level, upright
    y = (a + b * c) / (1 - b * d)
    return c + d * y, y

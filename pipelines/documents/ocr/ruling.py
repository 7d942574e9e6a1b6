"""Ruled lines: found as long thin runs of ink, gathered into tables, and the picture squared up by the largest of them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipelines.documents.ocr.sheet import Mask, Picture, Shade, Sheet, level_sheet

_SHORTEST = 36  # pixels: longer than any stroke of body text at the workable size
_REACHES = (5, 8)  # pixels: beyond the edge of a thin rule, and of a thick one
_LIGHTER = 0.06
_GAP = 3
_PIECE, _CROSSING = 14, 25
_FEWEST_RULES = 2  # in either direction
_SLANTED = 1.5  # pixels by which a corner may be off before the page is squared up
_MOST_OF = 0.6
_JOINT = 5  # pixels between the end of a rule and the rule that it meets


@dataclass(frozen=True, slots=True)
class Ruling:
    """The rules of one table: masks of the page's size for the level and the upright ones, and the box around them."""

    level: Mask
    upright: Mask
    left: int
    top: int
    right: int
    bottom: int

    @property
    def area(self) -> int:
        return (self.right - self.left) * (self.bottom - self.top)


def ruled_tables(sheet: Sheet) -> list[Ruling]:
    """The ruled tables of a page from top to bottom."""
    level = _rules(sheet.shade, sheet.ink)
    upright = np.ascontiguousarray(_rules(np.ascontiguousarray(sheet.shade.T), np.ascontiguousarray(sheet.ink.T)).T)
    joined = cv2.dilate(level | upright, np.ones((_JOINT, _JOINT), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    tables = []
    for number in range(1, count):
        left, top, width, height = (int(value) for value in boxes[number, :4])
        inside = labels[top : top + height, left : left + width] == number
        parts = []
        for mask in (level, upright):
            own = np.zeros_like(mask)
            own[top : top + height, left : left + width] = mask[top : top + height, left : left + width] * inside
            parts.append(own)
        if all(_count(part) >= _FEWEST_RULES for part in parts):
            tables.append(Ruling(parts[0], parts[1], left, top, left + width, top + height))
    return sorted(tables, key=lambda table: (table.top, table.left))


def squared(sheet: Sheet) -> Sheet:
    """The sheet as seen from straight above: the outline of its largest table becomes a true rectangle."""
    tables = ruled_tables(sheet)
    if not tables:
        return sheet
    corners = _corners(max(tables, key=lambda table: table.area))
    if corners is None:
        return sheet
    left, right = corners[[0, 3], 0].mean(), corners[[1, 2], 0].mean()
    top, bottom = corners[[0, 1], 1].mean(), corners[[2, 3], 1].mean()
    square = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float32)
    if np.abs(square - corners).max() < _SLANTED:
        return sheet
    height, width = sheet.ink.shape
    view = cv2.getPerspectiveTransform(corners, square)
    colour = cv2.warpPerspective(
        sheet.colour, view, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    picture: Picture = np.asarray(colour, dtype=np.uint8)
    return level_sheet(picture, sheet.scale)


def _rules(shade: Shade, ink: Mask) -> Mask:
    """Level rules: ink that runs on for longer than any letter, with something lighter both above and below it."""
    thin = np.zeros_like(ink)
    for reach in _REACHES:
        above, below = np.ones_like(shade), np.ones_like(shade)
        above[reach:], below[:-reach] = shade[:-reach], shade[reach:]
        thin |= (np.minimum(above, below) - shade > _LIGHTER).astype(np.uint8) * ink
    unbroken = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, _GAP), np.uint8))
    pieces = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, np.ones((1, _GAP), np.uint8))
    pieces = cv2.morphologyEx(pieces, cv2.MORPH_OPEN, np.ones((1, _PIECE), np.uint8))
    # Where two rules cross there is nothing lighter beside either.
    bridged = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, np.ones((1, _CROSSING), np.uint8)) & unbroken
    runs = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, _SHORTEST), np.uint8))
    return np.asarray(runs, dtype=np.uint8)


def _count(mask: Mask) -> int:
    return int(cv2.connectedComponents(mask, connectivity=8)[0]) - 1


def _corners(table: Ruling) -> NDArray[np.float32] | None:
    """The corners of a table's outline, clockwise from the top left; None where it has no four long sides."""
    rows = _long_rules(table.level, (table.right - table.left) * _MOST_OF, level=True)
    columns = _long_rules(table.upright, (table.bottom - table.top) * _MOST_OF, level=False)
    if len(rows) < 2 or len(columns) < 2:
        return None
    top, bottom, left, right = rows[0], rows[-1], columns[0], columns[-1]
    points = [_meet(top, left), _meet(top, right), _meet(bottom, right), _meet(bottom, left)]
    return np.array(points, dtype=np.float32)


def _long_rules(mask: Mask, length: float, *, level: bool) -> list[tuple[float, float]]:
    """Each long rule as (offset, slope) of the straight line through it, in order across the table."""
    flat = mask if level else np.ascontiguousarray(mask.T)
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

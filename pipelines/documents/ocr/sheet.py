"""A picture of a page made fit for reading: of a workable size, level, and with its ink told from the paper.

Ink is whatever is darker than the paper around it, in any colour: a red figure or a stamp must never pass for a blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Mask = NDArray[np.uint8]
"""255 where something is, 0 elsewhere."""
Shade = NDArray[np.float32]
NARROWEST, WIDEST = 1240, 2000  # pixels: an A4 page at 150 dpi, and at 240
_LARGEST_SCALE, _MOST_PIXELS = 3.0, 12_000_000
_TALLEST = 2.5  # times its width: a page and a half
_EMPTY = 24  # levels of grey between the brightest and the darkest pixel of a row
_STEEPEST, _FINEST = 4.0, 0.05  # degrees
_FAINTEST = 0.09  # how much darker than the paper ink is at least
_LONG = 60  # pixels: a faint line
_CLEARLY = 0.2  # darker than the paper: no grain of a scan, no halo of JPEG


@dataclass(frozen=True, slots=True)
class Sheet:
    """A level page: its colours, how bright it is compared with the paper around (1 is paper), and its ink."""

    colour: Picture
    shade: Shade
    """By the darkest colour of each pixel: nothing printed in any colour is lost."""
    firm: Shade
    """By its red: without seals, which are red and lie over lines and figures."""
    ink: Mask
    scale: float
    """How many pixels one of the source has become."""


def sheet_of(picture: Picture) -> Sheet:
    """The sheet of a picture in RGB."""
    scale = _scale(picture.shape[0], picture.shape[1])
    if scale != 1:
        how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        picture = _pixels(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=how))
    angle = _tilt(_ink(_shade(picture.min(axis=2))))
    if abs(angle) >= _FINEST:
        height, width = picture.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
        picture = _pixels(
            cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        )
    return level_sheet(picture, scale)


def apart(picture: Picture) -> list[Picture]:
    """A picture of one page, or the parts of one that is much taller than a page, cut where it is empty."""
    height, width = picture.shape[:2]
    tallest = _TALLEST * width
    if height <= tallest:
        return [picture]
    empty = np.flatnonzero(np.ptp(picture.min(axis=2), axis=1) < _EMPTY)
    parts, top = [], 0
    while height - top > tallest:
        near = empty[(empty > top + width) & (empty <= top + tallest)]
        beyond = empty[empty > top + tallest]
        cut = int(near[-1]) if len(near) else int(beyond[0]) if len(beyond) else height
        parts.append(picture[top:cut])
        top = cut
    return [part for part in (*parts, picture[top:]) if len(part)]


def level_sheet(picture: Picture, scale: float) -> Sheet:
    """The sheet of a picture that is level already."""
    darkest, red = picture.min(axis=2), picture[:, :, 0]
    shade = _shade(darkest)
    firm = shade if np.array_equal(darkest, red) else _shade(np.ascontiguousarray(red))
    return Sheet(picture, shade, firm, _ink(shade), scale)


def _shade(dark: Picture) -> Shade:
    """Brightness relative to the paper around."""
    return np.asarray(dark / np.maximum(_paper(dark), 1), dtype=np.float32)


def _ink(sharp: Shade) -> Mask:
    """What is darker than its paper: faint lines too, but no grain."""
    shade = cv2.GaussianBlur(sharp, (3, 3), 0)
    grain = 1.4826 * float(np.median(np.abs(shade - np.median(shade))))
    faint = (shade < 1 - max(_FAINTEST, 4 * grain)).astype(np.uint8)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(faint, connectivity=8)
    kept = np.zeros(count, dtype=np.uint8)
    kept[np.unique(labels[shade < 1 - max(_CLEARLY, 6 * grain)])] = 255
    kept[(boxes[:, cv2.CC_STAT_WIDTH] > _LONG) | (boxes[:, cv2.CC_STAT_HEIGHT] > _LONG)] = 255
    kept[0] = 0
    return _pixels(kept[labels])


def _scale(height: int, width: int) -> float:
    wanted = min(_LARGEST_SCALE, NARROWEST / width) if width < NARROWEST else min(1.0, WIDEST / width)
    return float(min(wanted, (_MOST_PIXELS / (height * width)) ** 0.5))


def _paper(dark: Picture) -> NDArray[np.float32]:
    """The brightness of the paper at every pixel: what is left when strokes and letters are closed over."""
    height, width = dark.shape
    small = cv2.resize(dark, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    smooth = cv2.blur(closed, (15, 15))
    return cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)


def _tilt(ink: Mask) -> float:
    """The angle (degrees) by which the page must be turned anticlockwise so that its lines are level."""
    small: Any = cv2.resize(ink, None, fx=800 / ink.shape[1], fy=800 / ink.shape[1], interpolation=cv2.INTER_AREA)
    small = small[:1600]
    best, step = 0.0, 1.0
    while step >= _FINEST / 2:
        near = [best + step * n for n in range(-4, 5)]
        best = max((angle for angle in near if abs(angle) <= _STEEPEST), key=lambda angle: _level(small, angle))
        step /= 4
    return best


def _level(ink: Mask, angle: float) -> float:
    """How level the lines are once the page is turned: how sharply full and empty rows follow each other."""
    height, width = ink.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    rows = cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def _pixels(array: NDArray[np.generic] | cv2.typing.MatLike) -> Picture:
    return np.asarray(array, dtype=np.uint8)

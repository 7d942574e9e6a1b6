"""A report drawn as pictures of A4 pages: title, prose and ruled tables, as a scanner or a screenshot would have them.

What happens to the pictures afterwards (small, tilted, noisy, photographed) is the matter of `spoiled`.
"""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.generate.grids import Grid
from tests.generate.page import HEADINGS, Page

_WIDTH_MM, _HEIGHT_MM, _MARGIN_MM = 210, 297, 22
_SHARES = {2: [28, 24, 24, 24], 3: [6, 11, 27] + [8] * 7, 4: [1] * 15}


@dataclass(frozen=True, slots=True)
class Style:
    """How the pages are printed; sizes in points, `line` in grey (0 is black), `rule` in pixels."""

    dpi: int = 150
    text: float = 14
    table: float = 9.5
    line: int = 0
    rule: int = 2
    font: Path | None = None
    digits: Path | None = None
    """Another font for digits and marks, as Word sets them in Times; None: the same font."""


@dataclass(frozen=True, slots=True)
class _Box:
    row: int
    column: int
    rowspan: int
    colspan: int
    text: str
    centred: bool


def noto() -> Path:
    """The font that the dev dependency brings."""
    spec = importlib.util.find_spec("cvttf_NotoSansCJK_Regular")
    assert spec is not None
    assert spec.origin is not None
    return next(Path(spec.origin).parent.glob("*.otf"))


def draw(page: Page, style: Style) -> list[Image.Image]:
    """The pictures of a report's pages, RGB."""
    paper = _Paper(style)
    for line in page.identity.lines:
        paper.write(line, style.text * 1.5, centred=True)
    for line in page.opening:
        paper.write("　　" + line, style.text)
    paper.write(HEADINGS[1], style.text)
    for line in page.overview:
        paper.write("　　" + line, style.text)
    for section in page.sections:
        paper.write(section.heading, style.text)
        for note in section.notes:
            paper.write("　　" + note, style.text)
        for grid in section.grids:
            paper.table(grid)
    for number, lines in ((5, page.problems), (6, page.fees)):
        paper.write(HEADINGS[number], style.text)
        for line in lines:
            paper.write("　　" + line, style.text)
    for line in page.identity.signature:
        paper.write("　" * 14 + line, style.text)
    return paper.pages


@lru_cache(maxsize=64)
def _font(path: Path, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, pixels)


class _Paper:
    """Pages under the pen: everything goes below what is already there, or to the top of a new page."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.dot = style.dpi / 25.4
        self.margin = round(_MARGIN_MM * self.dot)
        self.width = round(_WIDTH_MM * self.dot) - 2 * self.margin
        self.bottom = round((_HEIGHT_MM - _MARGIN_MM) * self.dot)
        self.pages: list[Image.Image] = []
        self._turn()

    def _turn(self) -> None:
        size = (round(_WIDTH_MM * self.dot), round(_HEIGHT_MM * self.dot))
        self.pages.append(Image.new("RGB", size, "white"))
        self.pen = ImageDraw.Draw(self.pages[-1])
        self.y = float(self.margin)

    def _face(self, char: str, pixels: int) -> ImageFont.FreeTypeFont:
        latin = self.style.digits if char.isascii() else None
        return _font(latin or self.style.font or noto(), pixels)

    def _pixels(self, points: float) -> int:
        return round(points * self.style.dpi / 72)

    def _wrapped(self, text: str, pixels: int, width: float) -> list[str]:
        lines, used = [""], 0.0
        for char in text:
            advance = self._face(char, pixels).getlength(char)
            if used + advance > width and lines[-1]:
                lines.append("")
                used = 0.0
            lines[-1] += char
            used += advance
        return lines

    def _line(self, x: float, y: float, text: str, pixels: int) -> None:
        for char in text:
            face = self._face(char, pixels)
            self.pen.text((x, y + pixels), char, fill="black", font=face, anchor="ls")
            x += face.getlength(char)

    def _length(self, text: str, pixels: int) -> float:
        return sum(self._face(char, pixels).getlength(char) for char in text)

    def write(self, text: str, points: float, *, centred: bool = False) -> None:
        pixels = self._pixels(points)
        for line in self._wrapped(text, pixels, self.width):
            if self.y + 1.6 * pixels > self.bottom:
                self._turn()
            x = self.margin + (self.width - self._length(line, pixels)) / 2 if centred else self.margin
            self._line(x, self.y, line, pixels)
            self.y += 1.6 * pixels

    def table(self, grid: Grid) -> None:
        pixels = self._pixels(self.style.table * (0.8 if grid.number == 4 else 1))
        shares = _SHARES.get(grid.number, [1] * grid.width)
        edges = [self.margin + self.width * sum(shares[:n]) / sum(shares) for n in range(grid.width + 1)]
        boxes = list(_boxes(grid))
        heights = self._heights(boxes, edges, pixels, len(grid.rows))
        first = 0
        while first < len(heights):
            last = first
            while last < len(heights) and self.y + sum(heights[first : last + 1]) <= self.bottom:
                last += 1
            if last == first:
                self._turn()
                continue
            self._rows(boxes, edges, heights, (first, last), pixels)
            first = last
        self.y += pixels

    def _heights(self, boxes: list[_Box], edges: list[float], pixels: int, rows: int) -> list[float]:
        heights = [1.9 * pixels] * rows
        for box in sorted(boxes, key=lambda box: box.rowspan):
            need = len(self._wrapped(box.text, pixels, self._room(box, edges, pixels))) * 1.3 * pixels + 0.8 * pixels
            have = sum(heights[box.row : box.row + box.rowspan])
            if need > have:
                heights[box.row + box.rowspan - 1] += need - have
        return heights

    def _room(self, box: _Box, edges: list[float], pixels: int) -> float:
        return edges[box.column + box.colspan] - edges[box.column] - 0.6 * pixels

    def _rows(
        self, boxes: list[_Box], edges: list[float], heights: list[float], part: tuple[int, int], pixels: int
    ) -> None:
        """The rows of a table that stand on this page."""
        first, last = part
        tops = [self.y + sum(heights[first : first + n]) for n in range(last - first + 1)]
        for box in boxes:
            begin, end = max(box.row, first), min(box.row + box.rowspan, last)
            if begin >= end:
                continue
            left, right = edges[box.column], edges[box.column + box.colspan]
            top, bottom = tops[begin - first], tops[end - first]
            grey = (self.style.line,) * 3
            corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
            self.pen.line([(round(x), round(y)) for x, y in corners], fill=grey, width=self.style.rule)
            middle = (2 * box.row + box.rowspan) // 2
            if not first <= middle < last:
                continue  # the words of a cell over two pages stand where its middle is
            lines = self._wrapped(box.text, pixels, self._room(box, edges, pixels))
            y = (top + bottom - len(lines) * 1.3 * pixels) / 2
            for line in lines:
                x = (left + right - self._length(line, pixels)) / 2 if box.centred else left + 0.3 * pixels
                self._line(x, y, line, pixels)
                y += 1.3 * pixels
        self.y = tops[-1]


def _boxes(grid: Grid) -> Iterator[_Box]:
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(grid.rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            taken |= {(number + i, column + j) for i in range(cell.rowspan) for j in range(cell.colspan)}
            centred = cell.kind != "label"
            yield _Box(number, column, cell.rowspan, cell.colspan, cell.text, centred)
            column += cell.colspan

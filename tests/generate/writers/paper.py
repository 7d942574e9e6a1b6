"""Articles on paper: lines broken, tables laid out over pages, every text and rule at its place.

The result is a list of sheets with texts, rules and boxes; `pdf` and `picture` draw them. What happens to tables on
real paper happens here: heads repeated or not, rows and labels cut by the end of a page, page numbers in between.
"""

import random
from dataclasses import dataclass, field

from tests.generate.layout.article import Article, Line
from tests.generate.layout.grids import Grid, Placed, place


@dataclass(frozen=True, slots=True)
class Look:
    """How a document is set: page size, rules (all, horizontal, none), and what happens at the end of a page."""

    width: float = 595
    height: float = 842
    rules: str = "all"
    size: float = 9
    repeat_heads: bool = False
    cut_rows: bool = False
    upright: bool = False
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A string and where its baseline begins, measured from the top left."""

    x: float
    y: float
    size: float
    text: str


@dataclass(slots=True)
class Sheet:
    """One page: texts, rules as (x0, y0, x1, y1), and the boxes of cells as (x0, y0, x1, y1, is a head)."""

    texts: list[Text] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float, bool]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a row that lies on one page."""

    page: int
    top: float
    bottom: float


def text_width(text: str, size: float) -> float:
    """Characters of ASCII take half a square."""
    return sum(size * (0.5 if ch < "\x80" else 1) for ch in text)


def broken(text: str, width: float, size: float) -> list[str]:
    """`text` in lines that fit; runs of digits stay whole, breaks of its own are kept."""
    lines = []
    for piece in text.split("\n"):
        line = ""
        for word in _words(piece):
            if line and text_width(line + word, size) > width:
                lines.append(line)
                line = ""
            line += word
        lines.append(line)
    return lines


def _words(text: str) -> list[str]:
    words: list[str] = []
    for ch in text:
        if words and ch.isascii() and not ch.isspace() and words[-1][-1].isascii() and not words[-1][-1].isspace():
            words[-1] += ch
        else:
            words.append(ch)
    return words


class Paper:
    """A stack of sheets that articles are set on."""

    def __init__(self, look: Look, rng: random.Random) -> None:
        self.look, self.rng = look, rng
        self.margin = 57.0
        self.sheets: list[Sheet] = []
        self.y = 0.0
        self.new_page()

    @property
    def bottom(self) -> float:
        """Where the text of a page ends."""
        return self.look.height - self.margin

    @property
    def inner(self) -> float:
        """The width between the margins."""
        return self.look.width - 2 * self.margin

    def new_page(self) -> None:
        """The next sheet, with its number at its foot if the look has one."""
        self.sheets.append(Sheet())
        self.y = self.margin
        if self.look.footer:
            text = self.look.footer.format(n=len(self.sheets))
            x = (self.look.width - text_width(text, 10)) / 2
            self.sheets[-1].texts.append(Text(x, self.look.height - 30, 10, text))

    def add_line(self, line: Line) -> None:
        """A paragraph, indented; titles in the middle, signatures to the right."""
        size = 16.0 if line.kind == "title" else 12.0
        text = line.text.partition("|")[0] if line.kind == "link" else line.text
        indent = "" if line.kind in ("title", "signature", "caption") else "\u3000\u3000"
        for row in broken(indent + text, self.inner, size):
            if self.y + size * 1.6 > self.bottom:
                self.new_page()
            room = self.inner - text_width(row, size)
            x = self.margin + room * {"title": 0.5, "signature": 1.0}.get(line.kind, 0.0)
            self.y += size * 1.6
            self.sheets[-1].texts.append(Text(x, self.y - size * 0.4, size, row))

    def add_grid(self, grid: Grid) -> None:
        """A table, over as many pages as it needs."""
        Setting(self, grid).draw()
        self.y += 8

    def add_article(self, article: Article) -> None:
        """All blocks of an article; the second of two pieces of a table often begins a page."""
        previous = None
        for block in article.blocks:
            if isinstance(block, Line):
                if block.kind != "image":
                    self.add_line(block)
            else:
                if isinstance(previous, Grid) and previous.number == block.number and self.rng.random() < 0.6:
                    self.new_page()
                self.add_grid(block)
            previous = block


class Setting:
    """One table being set: where its cells lie, how wide its columns are, on which pages its rows."""

    def __init__(self, paper: Paper, grid: Grid) -> None:
        self.paper, self.grid, self.look, self.rng = paper, grid, paper.look, paper.rng
        self.size = self.look.size
        self.leading = self.size * 1.3
        self.placed = place(grid)
        self.edges = self._edges()
        self.heads = 0
        while self.heads < len(grid.rows) and all(c.kind == "head" for c in grid.rows[self.heads]):
            self.heads += 1

    def _edges(self) -> list[float]:
        """The left edges of the columns, and the right edge of the table."""
        weights = [2.4] * self.grid.width
        for p in self.placed:
            if p.c1 - p.c == 1:
                longest = max((text_width(t, 1) for t in p.cell.text.split("\n")), default=0)
                most = 14 if p.cell.kind in ("label", "caption") else 4.2
                upright = self.look.upright and (p.cell.kind == "group" or (p.cell.kind == "head" and longest < 5))
                weights[p.c] = max(weights[p.c], 1.2 if upright else min(longest + 0.6, most))
        if self.look.upright:
            groups = {p.c for p in self.placed if p.cell.kind == "group" and p.c1 - p.c == 1}
            weights = [1.5 if n in groups else w for n, w in enumerate(weights)]
        scale = self.paper.inner / sum(weights)
        edges = [self.paper.margin]
        for weight in weights:
            edges.append(edges[-1] + weight * scale)
        return edges

    def _lines(self, p: Placed) -> tuple[list[str], float]:
        """The lines of a cell and their size; figures are never broken, they are set smaller."""
        room = self.edges[p.c1] - self.edges[p.c] - 3
        if p.cell.kind in ("value", "serial", "foreign") and not any(ch >= "\u4e00" for ch in p.cell.text):
            widest = max((text_width(t, self.size) for t in p.cell.text.split("\n")), default=0)
            return p.cell.text.split("\n"), self.size * min(1.0, room / widest if widest else 1.0)
        return broken(p.cell.text, room, self.size), self.size

    def _heights(self) -> list[float]:
        heights = [self.leading + 6] * len(self.grid.rows)
        for p in sorted(self.placed, key=lambda p: p.r1 - p.r):
            needed = len(self._lines(p)[0]) * self.leading + 6
            lacking = needed - sum(heights[p.r : p.r1])
            if lacking > 0:
                heights[p.r1 - 1] += lacking
        return heights

    def _paginate(self, heights: list[float]) -> list[list[Part]]:
        """Every row's parts; a row that does not fit begins a page, or is cut where the look cuts rows."""
        paper, rows = self.paper, []
        repeated = sum(heights[: self.heads])
        for n, height in enumerate(heights):
            room = paper.bottom - paper.y
            parts = []
            if height > room:
                rest = height
                if self.look.cut_rows and height > 2 * self.leading and room > self.leading + 4:
                    parts.append(Part(len(paper.sheets) - 1, paper.y, paper.y + room))
                    rest = height - room + 6
                paper.new_page()
                if self.look.repeat_heads and n >= self.heads > 0:
                    self._draw_heads(heights)
                    paper.y += repeated
                height = max(rest, self.leading + 4)
            parts.append(Part(len(paper.sheets) - 1, paper.y, paper.y + height))
            paper.y += height
            rows.append(parts)
        return rows

    def _move_to_cut(self, heights: list[float]) -> None:
        """White space above the table, so that the page ends between the lines of a label.

        Word cuts rows so unless it is told not to, but left to chance hardly one document in forty shows it.
        """
        rows = [n for n, h in enumerate(heights) if h > 2 * self.leading and n >= self.heads and self._has_figures(n)]
        if not rows:
            return
        paper, n = self.paper, self.rng.choice(rows)
        lines = self.rng.randrange(1, int(heights[n] / self.leading))
        top = paper.bottom - sum(heights[:n]) - lines * self.leading - 5
        if paper.margin <= top < paper.y:
            paper.new_page()
        paper.y = max(paper.y, top)

    def _has_figures(self, row: int) -> bool:
        return sum(c.kind == "value" for c in self.grid.rows[row]) > 1

    def _draw_heads(self, heights: list[float]) -> None:
        """The head rows again at the top of the page."""
        page, y = len(self.paper.sheets) - 1, self.paper.y
        rows = []
        for height in heights[: self.heads]:
            rows.append([Part(page, y, y + height)])
            y += height
        for p in self.placed:
            if p.r1 <= self.heads:
                self._draw_cell(p, rows)

    def draw(self) -> None:
        """All cells at their places."""
        heights = self._heights()
        if self.look.cut_rows and self.grid.number == 3:
            self._move_to_cut(heights)
        rows = self._paginate(heights)
        for p in self.placed:
            self._draw_cell(p, rows)

    def _draw_cell(self, p: Placed, rows: list[list[Part]]) -> None:
        pages: dict[int, tuple[float, float]] = {}
        for part in (part for r in range(p.r, p.r1) for part in rows[r]):
            top, bottom = pages.get(part.page, (part.top, part.bottom))
            pages[part.page] = (min(top, part.top), max(bottom, part.bottom))
        lines, size = self._lines(p)
        x0, x1 = self.edges[p.c], self.edges[p.c1]
        for page, (top, bottom) in sorted(pages.items()):
            self._draw_rules(page, x0, top, x1, bottom, p.cell.kind in ("head", "caption"))
            fitting = max(0, int((bottom - top - 2) / self.leading))
            here, lines = (lines, []) if len(lines) <= fitting else (lines[:fitting], lines[fitting:])
            self._draw_lines(page, here, size, p, top, bottom)

    def _draw_lines(self, page: int, lines: list[str], size: float, p: Placed, top: float, bottom: float) -> None:
        x0, x1 = self.edges[p.c], self.edges[p.c1]
        y = top + (bottom - top - len(lines) * self.leading) / 2
        for line in lines:
            y += self.leading
            x = x0 + 2 if p.cell.kind == "label" else x0 + max(1.0, (x1 - x0 - text_width(line, size)) / 2)
            if line.strip():
                self.paper.sheets[page].texts.append(Text(x, y - self.leading * 0.28, size, line))

    def _draw_rules(self, page: int, x0: float, y0: float, x1: float, y1: float, head: bool) -> None:
        sheet = self.paper.sheets[page]
        if self.look.rules in ("all", "horizontal"):
            sheet.rules += [(x0, y0, x1, y0), (x0, y1, x1, y1)]
        if self.look.rules == "all":
            sheet.rules += [(x0, y0, x0, y1), (x1, y0, x1, y1)]
            sheet.boxes.append((x0, y0, x1, y1, head))

"""A page as flattened text, in the styles that extractors leave: pipes, one cell a line, one value a line, tabs.

Where a style drops blank cells, the figures of a row that had any cannot be known from the text: they go to
`article.unknowable`, and only null or the true number is right for them.
"""

import random
import re
from collections.abc import Callable

from tests.generate.layout.article import Article
from tests.generate.layout.grids import C, Grid, GridRow, expand, with_text
from tests.generate.solve import cases_are_unique, row_is_unique

Lines = list[str]
# Styles in which nothing marks where a row ends: a serial number before a label belongs to either row.
ROWLESS = ("value_lines", "pipe_lines", "pipe_starts", "glued", "repeats_removed")
HALF_BREAK = {
    "商业企业": ("商业", "企业"),
    "科研机构": ("科研", "机构"),
    "结果维持": ("结果", "维持"),
    "结果纠正": ("结果", "纠正"),
    "其他结果": ("其他", "结果"),
    "尚未审结": ("尚未", "审结"),
    "总计": ("总", "计"),
    "本年新制作数量": ("本年新", "制作数量"),
    "本年新公开数量": ("本年新", "公开数量"),
}


def _head(c: C, rng: random.Random, mode: str) -> str:
    """Heads that hold a line break: cut after it, joined with a blank, or whole."""
    halves = HALF_BREAK.get(c.text)
    if not halves or c.kind != "head" or mode == "whole":
        return c.text
    return halves[0] if mode == "cut" else " ".join(halves)


def _drop(article: Article, row: GridRow) -> GridRow:
    """The row without its blank cells; figures that this leaves unknowable are noted."""
    figures = [c for c in row if c.kind == "value"]
    if any(not c.text for c in figures):
        article.unknowable |= {c.id for c in figures if c.id}
    return [c for c in row if c.text]


def _rows(article: Article, grid: Grid, keep: bool, rng: random.Random, mode: str) -> list[list[str]]:
    rows = []
    for row in grid.rows:
        cells = row if keep else _drop(article, row)
        rows.append([_head(c, rng, mode) for c in cells])
    return rows


def _piped(article: Article, grid: Grid, keep: bool, rng: random.Random, *, pad: bool, lead: bool) -> Lines:
    rows = _rows(article, grid, keep, rng, rng.choice(["cut", "blank", "whole"]))
    out = []
    for n, row in enumerate(rows):
        missing = grid.width - len(row) if pad and n < len(rows) - 1 else 0
        line = " | ".join(row) + " |" + (" " + "|" * missing if missing > 0 else "")
        out.append(("| " if lead else "") + " ".join(line.split()))
    return out


def _padded(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    return _piped(article, grid, keep, rng, pad=True, lead=False)


def _leading(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    return _piped(article, grid, keep, rng, pad=True, lead=True)


def _bare(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    return _piped(article, grid, keep, rng, pad=False, lead=False)


def _cell_lines(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """`0 |` on a line of its own for every cell, the pad pipes on another."""
    rows = _rows(article, grid, keep, rng, rng.choice(["cut", "blank", "whole"]))
    out: Lines = []
    for n, row in enumerate(rows):
        out += [f"{text} |".strip() for text in row]
        missing = grid.width - len(row)
        if missing > 0 and n < len(rows) - 1:
            out.append("|" * missing)
    return out


def _pipe_lines(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """A line for every cell and a line with | between two; nothing marks the end of a row."""
    out: Lines = []
    for row in _rows(article, grid, keep, rng, rng.choice(["cut", "blank", "whole"])):
        for n, text in enumerate(row):
            out += ["|", text] if n else [text]
    return out


def _value_lines(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """One value a line and nothing else; a broken head takes two lines. Blanks cannot be kept."""
    out: Lines = []
    broken = rng.random() < 0.5
    for row in grid.rows:
        for c in _drop(article, row):
            out += list(HALF_BREAK.get(c.text, (c.text,))) if broken and c.kind == "head" else [c.text]
    return out


def _one_line_rows(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """A row a line, its cells with single blanks between them."""
    return [" ".join(c.text for c in _drop(article, row)) for row in grid.rows]


def _tabs(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """The true grid with tabs: spans expanded, blanks kept."""
    return ["\t".join(c.text if c else "" for c in row) for row in expand(grid)]


def _floating_tabs(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """Ten columns, but the figures begin where the labels end, and the row is padded on the right."""
    if grid.number != 3:
        return _tabs(article, grid, keep, rng)
    out = []
    lost_from = rng.randrange(8, len(grid.rows)) if len(grid.rows) > 9 and rng.random() < 0.5 else len(grid.rows)
    for n, row in enumerate(expand(grid)):
        if n < 3:
            out.append("\t".join(c.text if c else "" for c in row))
            continue
        figures = [c for c in row if c is not None and c.kind == "value"]
        labels = [c for c in row if c is not None and c.kind != "value"]
        if figures and (not figures[0].text or not figures[-1].text) and any(c.text for c in figures):
            article.unknowable |= {c.id for c in figures}
        first = next((i for i, c in enumerate(row) if c is not None and c.kind in ("label", "group")), 0)
        cells = ([""] * first if n < lost_from else []) + [c.text for c in labels]
        cells += [""] * (2 - len(cells)) + [c.text for c in figures]
        out.append("\t".join(cells + [""] * (grid.width - len(cells))))
    return out


def _glued(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """The whole table in one line, nothing between the cells; figures are known where one parting is possible."""
    for n, row in enumerate(grid.rows):
        figures = [c for c in row if c.kind == "value"]
        below = grid.rows[n + 1] if n + 1 < len(grid.rows) else []
        follows = next((c.text[:1] for c in below if c.text), "")
        if len(figures) > 1 and not _parts(grid.number, [c.text for c in figures], follows):
            article.unknowable |= {c.id for c in figures if c.id}
    return ["".join(c.text for row in grid.rows for c in row)]


def _parts(number: int, raws: list[str], follows: str) -> bool:
    """Whether glued figures can be parted in one way."""
    if not all(raw.isascii() and raw.isdigit() for raw in raws):
        return False
    if number == 3 and len(raws) == 7:
        return row_is_unique(raws, follows if follows.isdigit() else "")
    if number == 4:
        return cases_are_unique(raws)
    return all(len(raw) == 1 for raw in raws)


def _tight(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """`|a||b||c|`, as the oldest extractors write a row; blanks are gone."""
    return ["".join(f"|{text}|" for text in row) for row in _rows(article, grid, False, rng, "blank")]


def _pipe_starts(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """`|a`, `|b`: a line for every cell, no row end; blanks are gone."""
    return [f"|{text}" for row in _rows(article, grid, False, rng, "whole") for text in row]


def _expanded(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """The full grid between pipes, the cells that spans cover empty, as the newest extractors write it."""
    return ["| " + " | ".join(c.text if c else "" for c in row) + " |" for row in expand(grid)]


def _messy_cells(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """A cell a line, with tabs and line ends inside and blanks before the pipe; pad pipes end the row."""
    out: Lines = []
    for row in _rows(article, grid, True, rng, "whole"):
        out += [f"{rng.choice(['', chr(9) * 3])}{text}{rng.choice(['', '  ', chr(9)])} |" for text in row]
        out.append("|" * max(1, grid.width - len(row)))
    return out


def _printed_lines(article: Article, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """Text of a printed page: long labels around their figures, heads in two lines, page numbers between rows."""
    out: Lines = []
    upright = rng.random() < 0.3
    for row in grid.rows:
        cells = _drop(article, row)
        if cells and all(c.kind == "head" and c.text in HALF_BREAK for c in cells):
            out += _interleaved([c.text for c in cells], upright)
            continue
        label = " ".join(c.text for c in cells if c.kind != "value")
        figures = " ".join(c.text for c in cells if c.kind == "value")
        if figures and len(label) > 22 and "&#" not in label:
            out += [label[:20], figures, label[20:]] if rng.random() < 0.5 else [label[:20], f"{label[20:]} {figures}"]
        else:
            out.append(f"{label} {figures}".strip())
        if rng.random() < 0.04 and out and figures and grid.number == 3:
            out.append(f"- {rng.randint(2, 9)} -")
    return out


Style = Callable[[Article, Grid, bool, random.Random], Lines]
STYLES: dict[str, tuple[Style, bool]] = {
    "pipes_padded": (_padded, True),
    "pipes_padded_dropped": (_padded, False),
    "pipes_leading": (_leading, True),
    "pipes_bare": (_bare, True),
    "pipes_bare_dropped": (_bare, False),
    "cell_lines": (_cell_lines, True),
    "cell_lines_dropped": (_cell_lines, False),
    "pipe_lines": (_pipe_lines, True),
    "value_lines": (_value_lines, False),
    "row_lines": (_one_line_rows, False),
    "tabs": (_tabs, True),
    "tabs_floating": (_floating_tabs, True),
    "pipes_tight": (_tight, False),
    "pipe_starts": (_pipe_starts, False),
    "pipes_expanded": (_expanded, True),
    "cells_messy": (_messy_cells, True),
    "printed_lines": (_printed_lines, False),
    "glued": (_glued, False),
    "repeats_removed": (_value_lines, False),
}


def _without_repeats(lines: Lines, article: Article) -> Lines:
    """Every line only once, as some extractors leave it: nearly all figures are gone."""
    article.unknowable |= {c.id for g in article.grids() for row in g.rows for c in row if c.id and c.text}
    seen: set[str] = set()
    return [x for x in lines if not (x in seen or seen.add(x))]  # type: ignore[func-returns-value]


def render(articles: list[Article], style: str, rng: random.Random) -> str:
    """The whole document as text, one article after the other."""
    return "".join(_render(article, style, rng) for article in articles)


def _shown(grid: Grid, style: str) -> Grid:
    """Hidden cells leave no text, and a break inside a cell is a blank, where a line is not a value."""
    rows = [
        [c if style == "value_lines" else with_text(c, c.text.replace("\n", " ")) for c in row if c.kind != "hidden"]
        for row in grid.rows
    ]
    return Grid(grid.number, rows, grid.width, grid.marks)


def _prose(text: str, style: str) -> Lines:
    """A paragraph, cut into lines of a printed page where the style is one."""
    if style != "printed_lines" or len(text) <= 36 or "&#" in text:
        return [text]
    return [m[0] for m in re.finditer(r"(?:[0-9.%]+|.){1,36}", text)]


def _interleaved(heads: list[str], upright: bool) -> Lines:
    """Heads set in two lines, or one character a line, as text that is taken line by line."""
    columns = [list(h) if upright else list(HALF_BREAK[h]) for h in heads]
    depth = max(len(c) for c in columns)
    return [" ".join(c[n] for c in columns if n < len(c)) for n in range(depth)]


_METADATA = (
    "信息公开元数据",
    "索引号 | 0{a}/2022-000{b} | 分类 | 信息公开年报 |||",
    "发布机构 | | 浏览次数 | {a} ||||||",
)


def _render(article: Article, style: str, rng: random.Random) -> str:
    flatten, keep = STYLES[style]
    lines: Lines = ["1"] if style == "printed_lines" else []
    if "pipe" in style and rng.random() < 0.15:
        lines += [x.format(a=rng.randint(1000, 9999), b=rng.randint(10, 99)) for x in _METADATA]
    for block in article.blocks:
        if isinstance(block, Grid):
            lines += flatten(article, _shown(block, style), keep, rng)
        elif block.kind != "image":
            lines += _prose(block.text.partition("|")[0] if block.kind == "link" else block.text, style)
    if style == "repeats_removed":
        lines = _without_repeats(lines, article)
    return "\n".join(lines) + "\n"

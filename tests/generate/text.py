"""A page as flattened text, in the styles that extractors leave: pipes, one cell a line, one value a line, tabs.

Where a style drops blank cells, the figures of a row that had any cannot be known from the text: they go to
`page.unknowable`, and only null or the true number is right for them.
"""

import random
from collections.abc import Callable

from tests.generate.grids import C, Grid, GridRow, expand, with_text
from tests.generate.page import HEADINGS, Page

Lines = list[str]
HALF_BREAK = {
    "商业企业": ("商业", "企业"),
    "科研机构": ("科研", "机构"),
    "结果维持": ("结果", "维持"),
    "结果纠正": ("结果", "纠正"),
    "其他结果": ("其他", "结果"),
    "尚未审结": ("尚未", "审结"),
    "本年新制作数量": ("本年新", "制作数量"),
    "本年新公开数量": ("本年新", "公开数量"),
}


def _head(c: C, rng: random.Random, mode: str) -> str:
    """Heads that hold a line break: cut after it, joined with a blank, or whole."""
    halves = HALF_BREAK.get(c.text)
    if not halves or c.kind != "head" or mode == "whole":
        return c.text
    return halves[0] if mode == "cut" else " ".join(halves)


def _drop(page: Page, row: GridRow) -> GridRow:
    """The row without its blank cells; figures that this leaves unknowable are noted."""
    figures = [c for c in row if c.kind == "value"]
    if any(not c.text for c in figures) and any(c.text for c in figures):
        page.unknowable |= {c.id for c in figures if c.id}
    return [c for c in row if c.text]


def _rows(page: Page, grid: Grid, keep: bool, rng: random.Random, mode: str) -> list[list[str]]:
    rows = []
    for row in grid.rows:
        cells = row if keep else _drop(page, row)
        rows.append([_head(c, rng, mode) for c in cells])
    return rows


def _piped(page: Page, grid: Grid, keep: bool, rng: random.Random, *, pad: bool, lead: bool) -> Lines:
    rows = _rows(page, grid, keep, rng, rng.choice(["cut", "blank", "whole"]))
    out = []
    for n, row in enumerate(rows):
        missing = grid.width - len(row) if pad and n < len(rows) - 1 else 0
        line = " | ".join(row) + " |" + (" " + "|" * missing if missing > 0 else "")
        out.append(("| " if lead else "") + " ".join(line.split()))
    return out


def _padded(page: Page, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    return _piped(page, grid, keep, rng, pad=True, lead=False)


def _leading(page: Page, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    return _piped(page, grid, keep, rng, pad=True, lead=True)


def _bare(page: Page, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    return _piped(page, grid, keep, rng, pad=False, lead=False)


def _cell_lines(page: Page, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """`0 |` on a line of its own for every cell, the pad pipes on another."""
    rows = _rows(page, grid, keep, rng, rng.choice(["cut", "blank", "whole"]))
    out: Lines = []
    for n, row in enumerate(rows):
        out += [f"{text} |".strip() for text in row]
        missing = grid.width - len(row)
        if missing > 0 and n < len(rows) - 1:
            out.append("|" * missing)
    return out


def _pipe_lines(page: Page, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """A line for every cell and a line with | between two; nothing marks the end of a row."""
    out: Lines = []
    for row in _rows(page, grid, keep, rng, rng.choice(["cut", "blank", "whole"])):
        for n, text in enumerate(row):
            out += ["|", text] if n else [text]
    return out


def _value_lines(page: Page, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """One value a line and nothing else; a broken head takes two lines. Blanks cannot be kept."""
    out: Lines = []
    broken = rng.random() < 0.5
    for row in grid.rows:
        for c in _drop(page, row):
            out += list(HALF_BREAK.get(c.text, (c.text,))) if broken and c.kind == "head" else [c.text]
    return out


def _one_line_rows(page: Page, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """A row a line, its cells with single blanks between them."""
    return [" ".join(c.text for c in _drop(page, row)) for row in grid.rows]


def _tabs(page: Page, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """The true grid with tabs: spans expanded, blanks kept."""
    return ["\t".join(c.text if c else "" for c in row) for row in expand(grid)]


def _floating_tabs(page: Page, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """Ten columns, but the figures begin where the labels end, and the row is padded on the right."""
    if grid.number != 3:
        return _tabs(page, grid, keep, rng)
    out = []
    lost_from = rng.randrange(8, len(grid.rows)) if len(grid.rows) > 9 and rng.random() < 0.5 else len(grid.rows)
    for n, row in enumerate(expand(grid)):
        if n < 3:
            out.append("\t".join(c.text if c else "" for c in row))
            continue
        figures = [c for c in row if c is not None and c.kind == "value"]
        labels = [c for c in row if c is not None and c.kind != "value"]
        if figures and (not figures[0].text or not figures[-1].text) and any(c.text for c in figures):
            page.unknowable |= {c.id for c in figures}
        first = next((i for i, c in enumerate(row) if c is not None and c.kind in ("label", "group")), 0)
        cells = ([""] * first if n < lost_from else []) + [c.text for c in labels]
        cells += [""] * (2 - len(cells)) + [c.text for c in figures]
        out.append("\t".join(cells + [""] * (grid.width - len(cells))))
    return out


def _glued(page: Page, grid: Grid, keep: bool, rng: random.Random) -> Lines:
    """The whole table in one line, nothing between the cells; a row of several figures cannot be told apart."""
    for row in grid.rows:
        figures = [c for c in row if c.kind == "value"]
        if len(figures) > 1:
            page.unknowable |= {c.id for c in figures if c.id}
    return ["".join(c.text for row in grid.rows for c in row)]


Style = Callable[[Page, Grid, bool, random.Random], Lines]
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
    "glued": (_glued, False),
    "repeats_removed": (_value_lines, False),
}


def _without_repeats(lines: Lines, page: Page) -> Lines:
    """Every line only once, as some extractors leave it: nearly all figures are gone."""
    page.unknowable |= {i for i, c in page.truth.cells.items() if c.raw}
    seen: set[str] = set()
    return [x for x in lines if not (x in seen or seen.add(x))]  # type: ignore[func-returns-value]


def render(pages: list[Page], style: str, rng: random.Random) -> str:
    """The whole document as text, one report after the other."""
    return "".join(_render(page, style, rng) for page in pages)


def _shown(page: Page, style: str) -> None:
    """Hidden cells leave no text, and a break inside a cell is a blank, where a line is not a value."""
    for section in page.sections:
        for grid in section.grids:
            for row in grid.rows:
                row[:] = [
                    c if style == "value_lines" else with_text(c, c.text.replace("\n", " "))
                    for c in row
                    if c.kind != "hidden"
                ]


def _render(page: Page, style: str, rng: random.Random) -> str:
    _shown(page, style)
    flatten, keep = STYLES[style]
    lines: Lines = [*page.identity.lines, *page.opening, HEADINGS[1], *page.overview]
    early = [g for g in page.foreign if len(g.rows[0]) > 2]
    for grid in early:
        lines += flatten(page, grid, keep, rng)
    for section in page.sections:
        lines += [section.heading, *section.notes] if section.heading else section.notes
        for grid in section.grids:
            lines += [m.split(":", 1)[1] for m in sorted(grid.marks) if m.startswith("caption:")]
            lines += flatten(page, grid, keep, rng)
    lines += [HEADINGS[5], *page.problems, HEADINGS[6], *page.fees]
    for grid in page.foreign:
        if grid not in early:
            lines += flatten(page, grid, keep, rng)
    lines += page.identity.signature
    if style == "repeats_removed":
        lines = _without_repeats(lines, page)
    return "\n".join(lines) + "\n"

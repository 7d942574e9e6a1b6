"""What goes wrong with tables on real pages, each as a change of a Page: spans, columns, rows, breaks, merged tables.

A deviation never changes what a figure is, only where it stands; where it makes a figure impossible to know, it says so
in `page.unknowable`.
"""

import random
import re
from collections.abc import Callable
from dataclasses import replace

from tests.generate.facts.forms import application_rows
from tests.generate.facts.truth import Cell
from tests.generate.layout.grids import C, Grid, GridRow, block_rows, head3
from tests.generate.layout.page import Page, Section

Deviation = Callable[[Page, random.Random], None]


def _head_spans(page: Page, rng: random.Random) -> None:
    """Table 2 five columns wide; heads and data rows divide them differently."""
    grid = page.grid(2)
    grid.width = 5
    for row in grid.rows:
        if row[0].kind == "caption":
            row[0] = replace(row[0], colspan=5)
            continue
        wide = (2 if row[0].kind == "head" else 1) if len(row) > 2 else 1
        row[1:] = [replace(c, colspan=1) for c in row[1:]]
        row[wide] = replace(row[wide], colspan=5 - len(row) + 1)


def _shift_spans3(page: Page, rng: random.Random) -> None:
    """Table 3 eleven columns wide, its heads giving the extra column to another value column than the figures do."""
    grid = page.grid(3)
    grid.width = 11
    grid.rows[0][1] = replace(grid.rows[0][1], colspan=8)
    grid.rows[1][0] = replace(grid.rows[1][0], colspan=2)
    for row in grid.rows[3:]:
        row[-1] = replace(row[-1], colspan=2)


def _empty_last_column(page: Page, rng: random.Random) -> None:
    for section in page.sections:
        for grid in section.grids:
            grid.width += 1
            for row in grid.rows:
                row.append(C("", kind="pad"))


def _empty_first_column(page: Page, rng: random.Random) -> None:
    for grid in (page.grid(2), page.grid(4)):
        grid.width += 1
        for row in grid.rows:
            row.insert(0, C("", kind="pad"))


def _empty_rows(page: Page, rng: random.Random) -> None:
    for section in page.sections:
        for grid in section.grids:
            grid.rows.append([C("", kind="pad") for _ in range(grid.width)])
            if grid.number == 2:
                grid.rows.insert(rng.randrange(1, len(grid.rows)), [C("", grid.width, kind="pad")])


def _label_extra_cell(page: Page, rng: random.Random) -> None:
    """A label that spanned several columns keeps one and is followed by an empty cell."""
    for row in page.grid(3).rows[3:]:
        at = next(i for i, c in enumerate(row) if c.kind == "value") - 1
        if row[at].colspan > 1:
            span = row[at].colspan
            row[at : at + 1] = [replace(row[at], colspan=1), C("", span - 1, kind="pad")]


def _split(page: Page, rng: random.Random, at: int | None = None) -> tuple[Grid, Grid]:
    """Table 3 cut before a body row; group cells are cut short, and the rest of a group has lost its label cell."""
    grid = page.grid(3)
    rows = application_rows(page.truth.applications_form)
    cut = at if at is not None else rng.randrange(4, len(rows) - 1)
    first = [list(r) for r in grid.rows[: 3 + cut]]
    for n, row in enumerate(first):
        first[n] = [replace(c, rowspan=min(c.rowspan, len(first) - n)) for c in row]
    second: list[GridRow] = [list(r) for r in grid.rows[3 + cut :]]
    for n, row in enumerate(second):
        labels = rows[cut + n].labels
        lost_group = len(labels) == 3 and not any(c.kind == "group" for c in row) and labels[1] in rows[cut - 1].labels
        if labels[0] == rows[cut - 1].labels[0] and len(labels) > 1:
            second[n] = _without_groups(row, 1 + lost_group)
    page.section(3).grids[:] = [Grid(3, first, grid.width), Grid(3, second, grid.width)]
    return page.section(3).grids[0], page.section(3).grids[1]


def _without_groups(row: GridRow, lost: int) -> GridRow:
    """A row after a break: its own label takes the columns of the group cells that are gone."""
    cells = list(row)
    at = next(i for i, c in enumerate(cells) if c.kind == "label")
    cells[at] = replace(cells[at], colspan=cells[at].colspan + lost)
    return cells


def _page_break(page: Page, rng: random.Random) -> None:
    _split(page, rng)


def _page_break_in_group(page: Page, rng: random.Random) -> None:
    rows = application_rows(page.truth.applications_form)
    inside = [
        n for n in range(1, len(rows)) if len(rows[n].labels) == 3 and rows[n].labels[1] == rows[n - 1].labels[1:2][0]
    ]
    _split(page, rng, rng.choice(inside))


def _page_break_header(page: Page, rng: random.Random) -> None:
    _, second = _split(page, rng)
    second.rows[0:0] = head3()


def _page_break_table2(page: Page, rng: random.Random) -> None:
    """Table 2 closed and reopened before one of its rows."""
    grid = page.grid(2)
    cut = rng.randrange(2, len(grid.rows))
    page.section(2).grids[:] = [Grid(2, grid.rows[:cut], grid.width), Grid(2, grid.rows[cut:], grid.width)]


def _page_break_table4(page: Page, rng: random.Random) -> None:
    """The figures of table 4 on the next page, in a table of their own."""
    grid = page.grid(4)
    page.section(4).grids[:] = [Grid(4, grid.rows[:3], grid.width), Grid(4, grid.rows[3:], grid.width)]


def _header_repeated_inside(page: Page, rng: random.Random) -> None:
    """Head rows again in the middle of table 3 (a long table printed over two pages but left as one)."""
    grid = page.grid(3)
    rows = application_rows(page.truth.applications_form)
    starts = [n for n in range(3, len(rows)) if len(rows[n].labels) == 1]
    at = 3 + rng.choice(starts)
    grid.rows[at:at] = head3()


def _merged(page: Page, rng: random.Random) -> None:
    """All three tables, and the headings between them, in one <table>."""
    rows: list[GridRow] = []
    for section in page.sections:
        width = max(g.width for g in section.grids)
        rows.append([C(section.heading, 15, kind="caption")])
        for grid in section.grids:
            for row in grid.rows:
                new = list(row)
                if grid.number == 2 and rng.random() < 1:
                    new[-1] = replace(new[-1], colspan=new[-1].colspan + 15 - width)
                rows.append(new)
    first = page.sections[0]
    page.sections[:] = [Section(first.number, "", [Grid(2, rows, 15)])]


def _blocks_apart(page: Page, rng: random.Random) -> None:
    page.section(2).grids[:] = [Grid(2, block_rows(page.truth, b), 4) for b in page.truth.blocks]


def _blocks_apart_captions_out(page: Page, rng: random.Random) -> None:
    """Each block of table 2 a table of its own, its caption a paragraph above it."""
    section = page.section(2)
    section.grids[:] = []
    for block in page.truth.blocks:
        grid = Grid(2, block_rows(page.truth, block)[1:], 4)
        grid.marks.add("caption:" + block.caption)
        section.grids.append(grid)


def _row_missing(page: Page, rng: random.Random) -> None:
    """f2019 without 其他对外管理服务事项; in f2021 without 行政强制."""
    names = {"other_external_management": "其他对外管理服务事项", "administrative_coercion": "行政强制"}
    ids = [i for i in page.truth.cells if "other_external_management" in i] or [
        i for i in page.truth.cells if "administrative_coercion" in i
    ]
    grid = page.grid(2)
    gone = names[ids[0].split(".")[1]]
    grid.rows[:] = [r for r in grid.rows if r[0].text != gone]
    page.truth = page.truth.with_cells({k: v for k, v in page.truth.cells.items() if k not in ids})


def _row_extra(page: Page, rng: random.Random) -> None:
    """A row 其他主动公开文件 in block (一)."""
    grid = page.grid(2)
    heads = page.truth.blocks[0].heads
    numbers = [rng.randint(100, 900) for _ in heads]
    row = [C("其他主动公开文件")] + [C(str(n), kind="value") for n in numbers]
    grid.rows.insert(4, row)
    page.optional = {
        f"active_disclosure.other_proactive_documents.{c}": n for (c, _), n in zip(heads, numbers, strict=True)
    }


def _serial_column(page: Page, rng: random.Random) -> None:
    """A column 序号 before every row of table 3: its numbers are no figures."""
    grid = page.grid(3)
    grid.width += 1
    grid.rows[0].insert(0, C("序号", 1, 3, "head"))
    for n, row in enumerate(grid.rows[3:], 1):
        row.insert(0, C(str(n), kind="serial"))


def _unit_row(page: Page, rng: random.Random) -> None:
    """A row 单位：件 above tables 3 and 4."""
    for number in (3, 4):
        grid = page.grid(number)
        grid.rows.insert(0, [C("单位：件", grid.width, kind="caption")])


def _remark_row(page: Page, rng: random.Random) -> None:
    """A last row with a remark that holds figures."""
    for number in (2, 3):
        grid = page.grid(number)
        text = (
            f"备注：以上数据含{rng.randint(2, 9)}个下属单位，截至12月31日，另有{rng.randint(10, 99)}件口头咨询未计入。"
        )
        grid.rows.append([C(text, grid.width, kind="caption")])


def _last_year_column(page: Page, rng: random.Random) -> None:
    """An extra last column with last year's totals in table 3."""
    grid = page.grid(3)
    grid.width += 1
    grid.rows[0].append(C("上年总计", 1, 3, "head"))
    for row in grid.rows[3:]:
        row.append(C(str(rng.randint(0, 60)), kind="foreign"))
    page.unknowable |= {i for i in page.truth.cells if i.startswith("applications.")}


def _two_line_cells(page: Page, rng: random.Random) -> None:
    """Block (六) in one row: two labels in a cell, two figures in a cell, which nothing tells apart for sure."""
    grid = page.grid(2)
    at = next(i for i, r in enumerate(grid.rows) if r[0].text == "行政处罚")
    upper, lower = grid.rows[at], grid.rows[at + 1]
    page.unknowable |= {c.id for c in (*upper, *lower) if c.id}
    grid.rows[at : at + 2] = [[replace(a, text=f"{a.text}\n{b.text}") for a, b in zip(upper, lower, strict=True)]]


def _rowspan_wrong(page: Page, rng: random.Random) -> None:
    """A group label of table 3 spans one row too few or too many."""
    grid = page.grid(3)
    at = rng.choice([i for i, r in enumerate(grid.rows) if any(c.kind == "group" for c in r)])
    off = rng.choice([-1, 1])
    grid.rows[at] = [replace(c, rowspan=max(1, c.rowspan + off)) if c.kind == "group" else c for c in grid.rows[at]]


def _zeros_merged(page: Page, rng: random.Random) -> None:
    """One 0 over all seven columns of a row of zeros."""
    for row in page.grid(3).rows[3:]:
        figures = [c for c in row if c.kind == "value"]
        if all(c.text == "0" for c in figures) and rng.random() < 0.3:
            page.unknowable |= {c.id for c in figures}
            row[:] = [c for c in row if c.kind != "value"] + [replace(figures[0], colspan=7)]


def _page_numbers(page: Page, rng: random.Random) -> None:
    """The number of a page between two rows of table 3."""
    grid = page.grid(3)
    at = rng.randrange(5, len(grid.rows) - 1)
    page.marks.add("after:" + next(c.id for c in grid.rows[at - 1] if c.id).rsplit(".", 1)[0])
    grid.rows.insert(at, [C(rng.choice(["2", "3", "- 3 -", "第4页", "— 5 —", "12"]), grid.width, kind="caption")])


def _hidden_column(page: Page, rng: random.Random) -> None:
    """A cell in every row that is not shown (HTML only)."""
    for number in (2, 3):
        grid = page.grid(number)
        for row in grid.rows:
            row.insert(rng.choice([len(row) - 1, len(row)]), C(str(rng.randint(1, 99)), kind="hidden"))


def _cell_missing(page: Page, rng: random.Random) -> None:
    """The fees row with one cell too few: of two figures one is printed, of one none."""
    row = next(r for r in page.grid(2).rows if any("administrative_fees" in c.id for c in r))
    figures = [c for c in row if c.kind == "value"]
    page.unknowable |= {c.id for c in figures}
    row[:] = [c for c in row if c.kind != "value"]
    if len(figures) > 1:
        row.append(replace(figures[0], colspan=sum(c.colspan for c in figures)))
    else:
        page.truth = page.truth.with_cells({**page.truth.cells, figures[0].id: Cell("", None)})


def _figure_rows(page: Page) -> list[GridRow]:
    """The rows of table 3 that hold figures, each once: tables printed twice are the same grids."""
    grids = {id(g): g for g in page.all_grids()}
    return [r for g in grids.values() for r in g.rows if sum(c.id.startswith("applications.") for c in r) == 7]


def _row_id(row: GridRow) -> str:
    return next(c.id for c in row if c.id).rsplit(".", 1)[0]


def _label_lost(page: Page, rng: random.Random) -> None:
    """The label of one item of a group is gone; its row stands between two that are known.

    Where the report contradicts itself, its sums cannot prove that the row is the one that is missing.
    """
    rows = _figure_rows(page)
    inner = [n for n in range(5, len(rows) - 3) if rows[n][0].kind == "label" and rows[n][0].colspan == 1]
    n = rng.choice(inner)
    rows[n][0] = replace(rows[n][0], text="", kind="pad")
    page.marks |= {"lost:" + _row_id(rows[n - 1]), "lost:" + _row_id(rows[n])}
    if page.truth.must_flag:
        page.unknowable |= {c.id for c in rows[n] if c.id}


def _shifted(page: Page, rng: random.Random) -> None:
    """From some row on the figures stand one column further to the right, behind an empty cell.

    Only where a total is printed, which then stands in a column without a head. With blanks beside it nobody knows, nor
    where the first six add up in their wrong places, nor where the seven do not add up in their right ones.
    """
    page.grid(3).width += 1
    rows = _figure_rows(page)
    for row in rows[rng.randrange(2, len(rows) - 2) :]:
        figures = [c for c in row if c.kind == "value"]
        if figures[-1].text:
            row.insert(row.index(figures[0]), C("", kind="pad"))
            if not _total_shows(page, figures) or _adds_up(row, 6):
                page.unknowable |= {c.id for c in figures}


def _floating(page: Page, rng: random.Random) -> None:
    """Labels have lost their spans: figures begin where the label ends, and the row is filled up on the right."""
    for row in _figure_rows(page):
        at = next(i for i, c in enumerate(row) if c.kind == "value") - 1
        lost = row[at].colspan - 1
        row[at] = replace(row[at], colspan=1)
        row += [C("", kind="pad") for _ in range(lost)]
        figures = [c for c in row if c.kind == "value"]
        if lost and any(c.text for c in figures) and not (figures[0].text and figures[-1].text):
            page.unknowable |= {c.id for c in figures}


def _torn(page: Page, rng: random.Random) -> None:
    """A figure broken over two lines of its cell: 1 and 3, or 13? Only the sum of its row tells."""
    rows = [r for r in _figure_rows(page) if any(c.kind == "value" and len(c.text) > 1 for c in r)]
    for row in rng.sample(rows, min(2, len(rows))):
        n = rng.choice([n for n, c in enumerate(row) if c.kind == "value" and len(c.text) > 1])
        if page.truth.must_flag or not _adds_up(row):
            page.unknowable.add(row[n].id)
        text = row[n].text
        at = rng.randrange(1, len(text))
        row[n] = replace(row[n], text=f"{text[:at]}\n{text[at:]}")
        page.marks.add("torn:" + _row_id(row))


def _total_shows(page: Page, figures: GridRow) -> bool:
    """Whether the last figure is a number and the sum of the others, among which marks stand for nothing."""
    values = [page.truth.cells[c.id].value for c in figures]
    clear = all(v is not None or re.fullmatch(r"[-—－/]+", c.text) for v, c in zip(values, figures, strict=True))
    return clear and values[-1] is not None and sum(v or 0 for v in values[:-1]) == values[-1]


def _adds_up(row: GridRow, count: int = 7) -> bool:
    """Whether the first figures of a row are plain and the last of them is the sum of the others."""
    texts = [c.text for c in row if c.kind == "value"][:count]
    return all(t.isascii() and t.isdigit() for t in texts) and sum(map(int, texts[:-1])) == int(texts[-1])


Variants = dict[str, Deviation]
SHAPES: dict[str, Variants] = {
    "spans": {"head_spans": _head_spans, "shift_spans3": _shift_spans3, "rowspan_wrong": _rowspan_wrong},
    "empty cells": {
        "empty_last_column": _empty_last_column,
        "empty_first_column": _empty_first_column,
        "empty_rows": _empty_rows,
        "label_extra_cell": _label_extra_cell,
    },
    "cells float": {"shifted": _shifted, "floating": _floating, "label_lost": _label_lost},
    "page break": {
        "page_break": _page_break,
        "page_break_in_group": _page_break_in_group,
        "page_break_table2": _page_break_table2,
        "page_break_table4": _page_break_table4,
    },
    "head again": {"page_break_header": _page_break_header, "header_repeated": _header_repeated_inside},
    "joined, apart": {
        "merged": _merged,
        "blocks_apart": _blocks_apart,
        "captions_out": _blocks_apart_captions_out,
    },
    "rows": {"row_missing": _row_missing, "row_extra": _row_extra, "cell_missing": _cell_missing},
    "foreign cells": {
        "serial_column": _serial_column,
        "unit_row": _unit_row,
        "remark_row": _remark_row,
        "last_year_column": _last_year_column,
    },
    "unclear cells": {"two_line_cells": _two_line_cells, "zeros_merged": _zeros_merged, "torn": _torn},
    "page numbers": {"page_numbers": _page_numbers},
    "hidden": {"hidden_column": _hidden_column},
}

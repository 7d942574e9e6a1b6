"""Tables as rows of cells with spans: the clean geometry of the three statutory tables, before anything goes wrong."""

from dataclasses import dataclass, field, replace

from tests.generate.facts.forms import CASES, COLUMNS, OUTCOMES, Block, Row, application_rows
from tests.generate.facts.truth import Truth

HEAD_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


@dataclass(frozen=True, slots=True)
class C:
    """A cell: its text, spans, what it is for, and the figure that it holds (value cells only)."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    kind: str = "label"
    id: str = ""


GridRow = list[C]


@dataclass(slots=True)
class Grid:
    """A table: its rows, its width in grid columns, and which statutory table it is (2, 3, 4; 0 for any other)."""

    number: int
    rows: list[GridRow]
    width: int
    marks: set[str] = field(default_factory=set)


def value(truth: Truth, id_: str, colspan: int = 1) -> C:
    """A value cell; a figure that is not printed is empty."""
    cell = truth.cells.get(id_)
    return C(cell.raw if cell else "", colspan, 1, "value", id_)


def block_rows(truth: Truth, block: Block, width: int = 4) -> list[GridRow]:
    """Caption, head and value rows of one block of table 2, in a table of `width` columns."""
    spans = [1] * len(block.heads)
    spans[-1] += width - 1 - sum(spans)
    rows: list[GridRow] = [[C(block.caption, width, kind="caption")]]
    rows.append(
        [C("信息内容", kind="head")]
        + [C(label, s, kind="head") for (_, label), s in zip(block.heads, spans, strict=True)]
    )
    for row, label in block.rows:
        ids = [f"active_disclosure.{row}.{column}" for column, _ in block.heads]
        rows.append([C(label)] + [value(truth, i, s) for i, s in zip(ids, spans, strict=True)])
    return rows


def table2(truth: Truth) -> Grid:
    """二、主动公开政府信息情况, all blocks in one table."""
    return Grid(2, [row for block in truth.blocks for row in block_rows(truth, block)], 4)


def head3() -> list[GridRow]:
    """The three head rows of table 3."""
    first = [C(HEAD_NOTE, 3, 3, "head"), C("申请人情况", 7, kind="head")]
    second = [C("自然人", 1, 2, "head"), C("法人或其他组织", 5, kind="head"), C("总计", 1, 2, "head")]
    return [first, second, [C(label, kind="head") for _, label in COLUMNS[1:-1]]]


def _runs(rows: tuple[Row, ...], depth: int, start: int) -> int:
    """How many rows from `start` on share the label at `depth`."""
    n = start
    while (
        n < len(rows) and len(rows[n].labels) > depth and rows[n].labels[: depth + 1] == rows[start].labels[: depth + 1]
    ):
        n += 1
    return n - start


def label_cells(rows: tuple[Row, ...], n: int) -> GridRow:
    """The label cells that stand in row n: group cells only where their group begins."""
    labels = rows[n].labels
    cells = []
    for depth, label in enumerate(labels):
        begins = n == 0 or rows[n - 1].labels[: depth + 1] != labels[: depth + 1]
        last = depth == len(labels) - 1
        if last:
            cells.append(C(label, 3 - depth))
        elif begins:
            cells.append(C(label, 1, _runs(rows, depth, n), "group"))
    return cells


def table3(truth: Truth) -> Grid:
    """三、收到和处理政府信息公开申请情况."""
    rows = application_rows(truth.applications_form)
    body = [
        label_cells(rows, n) + [value(truth, f"applications.{row.id}.{c}") for c, _ in COLUMNS]
        for n, row in enumerate(rows)
    ]
    return Grid(3, [*head3(), *body], 10)


def table4(truth: Truth) -> Grid:
    """四、政府信息公开行政复议、行政诉讼情况."""
    top = [C("行政复议", 5, kind="head"), C("行政诉讼", 10, kind="head")]
    second = [C(label, 1, 2, "head") for _, label in OUTCOMES]
    second += [C(label, 5, kind="head") for _, label in CASES[1:]]
    third = [C(label, kind="head") for _ in CASES[1:] for _, label in OUTCOMES]
    figures = [value(truth, f"review_litigation.{case}.{o}") for case, _ in CASES for o, _ in OUTCOMES]
    return Grid(4, [top, second, third, figures], 15)


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell and the grid places it covers: rows r to r1, columns c to c1 (ends excluded)."""

    cell: C
    r: int
    r1: int
    c: int
    c1: int


def place(grid: Grid) -> list[Placed]:
    """Every cell that is shown, with the places that it covers."""
    placed: list[Placed] = []
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(grid.rows):
        column = 0
        for cell in row:
            if cell.kind == "hidden":
                continue
            while (r, column) in taken:
                column += 1
            c1, r1 = min(column + cell.colspan, grid.width), min(r + cell.rowspan, len(grid.rows))
            if column < grid.width:
                placed.append(Placed(cell, r, r1, column, c1))
            taken |= {(i, j) for i in range(r, r1) for j in range(column, column + cell.colspan)}
            column += cell.colspan
    return placed


def expand(grid: Grid) -> list[list[C | None]]:
    """The grid with spans expanded: the cell where it begins, None where a span covers the place."""
    out: list[list[C | None]] = [[None] * grid.width for _ in grid.rows]
    for p in place(grid):
        out[p.r][p.c] = p.cell
    return out


def with_text(cell: C, text: str) -> C:
    """The same cell with another text."""
    return replace(cell, text=text)

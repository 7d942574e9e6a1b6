"""The statutory tables as they were printed, rebuilt from the form definitions and the cells that were read.

What comes out is rows of heads and cells with their spans, in the arrangement of the form; the template only writes
them down. A cell holds its printed text, never a number made nicer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from pipelines.forms.definitions import Block, Label, load_forms


@dataclass(frozen=True, slots=True)
class Cell:
    """One value cell: what is printed, what was made of it, and what there is to say about it."""

    figure: str
    raw: str
    value: int | float | None
    state: str
    unit: str | None = None
    place: str | None = None
    corrected: int | float | None = None
    """What a person put in the place of what was read."""
    review: str | None = None
    flags: tuple[str, ...] = ()
    """What open issues say about it."""
    across: int = 1

    @property
    def counts(self) -> int | float | None:
        """The value that counts: a person's, where there is one."""
        return self.corrected if self.review == "corrected" else self.value

    @property
    def kind(self) -> str:
        """The class that its look goes by."""
        if self.review == "corrected":
            return "corrected"
        return "flagged" if self.flags else self.state

    @property
    def reading(self) -> str:
        """The value, where the printed text is not just its digits."""
        if self.value is None or self.raw.replace(",", "").replace("，", "").strip() == str(self.value):
            return ""
        return str(self.value)

    @property
    def told(self) -> str:
        """For the pointer that rests on it."""
        value = "null" if self.counts is None else str(self.counts)
        return "\n".join(filter(None, (f"{self.figure} = {value}", self.place, self.review, *self.flags)))


@dataclass(frozen=True, slots=True)
class Head:
    """A row or column head, with the official wording and, where the forms give it, the English one."""

    text: str
    english: str = ""
    across: int = 1
    down: int = 1
    top: bool = False
    """Above columns, though it stands among the rows."""


@dataclass(frozen=True, slots=True)
class Table:
    """A statutory table as rows of heads and cells."""

    title: Head
    form: str
    layout: str
    heads: tuple[tuple[Head, ...], ...]
    rows: tuple[tuple[Head | Cell, ...], ...]


_CORNER = Head(
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
    "items 1 and 2 together equal items 3 and 4 together, in every column",
)


def tables_of(cells: Mapping[str, Cell], forms: Mapping[str, str]) -> list[Table]:
    """The tables of a report in printed order; `forms` gives the form of each printed block, by block id."""
    found: dict[str, Table] = {}
    for form in load_forms().values():
        printed = [block for block in form.blocks if forms.get(block.id) == form.id]
        titles = {heading.id: Head(heading.title, heading.english) for heading in form.headings}
        for table in dict.fromkeys(block.table for block in printed):
            blocks = [block for block in printed if block.table == table]
            name = table if table not in found else f"{table} {form.id}"  # blocks of two forms in one report
            found[name] = _LAYOUTS[blocks[0].layout](titles[table], blocks, cells, form.id)
    return sorted(found.values(), key=lambda table: list(_LAYOUTS).index(table.layout))


def _parts(title: Head, blocks: list[Block], cells: Mapping[str, Cell], form: str) -> Table:
    """Table 2: one part below the other, each with its article and its own column heads."""
    width = max(len(block.columns) for block in blocks)
    rows: list[tuple[Head | Cell, ...]] = []
    for block in blocks:
        widths = _shared_out(width, len(block.columns))
        rows.append((Head(block.caption, block.english, across=1 + width, top=True),))
        heads = (_head(column, across=n, top=True) for column, n in zip(block.columns, widths, strict=True))
        rows.append((Head("信息内容", "content", top=True), *heads))
        for row in block.value_rows():
            values = zip(_cells(block, row, cells), widths, strict=True)
            rows.append((_head(row), *(replace(cell, across=n) for cell, n in values)))
    return Table(title, form, "blocks", (), tuple(rows))


def _shared_out(width: int, columns: int) -> list[int]:
    """How many columns of the widest part each column of a narrower one takes."""
    share, rest = divmod(width, columns)
    return [share + (n >= columns - rest) for n in range(columns)]


def _matrix(title: Head, blocks: list[Block], cells: Mapping[str, Cell], form: str) -> Table:
    """Table 3: 申请人情况 above all columns, 法人或其他组织 above those of organisations, groups of rows aside."""
    (block,) = blocks
    depth = 1 + max(block.depths.values())
    first, *middle, last = block.columns
    heads = (
        (
            replace(_CORNER, across=depth, down=3),
            Head("申请人情况", "applicants", across=len(block.columns)),
        ),
        (
            _head(first, down=2),
            Head("法人或其他组织", "legal persons and other organisations", across=len(middle)),
            _head(last, down=2),
        ),
        tuple(_head(column) for column in middle),
    )
    rows: list[tuple[Head | Cell, ...]] = [(*sides, *_cells(block, row, cells)) for sides, row in _sides(block, depth)]
    return Table(title, form, "matrix", heads, tuple(rows))


def _sides(block: Block, depth: int) -> Iterator[tuple[list[Head], Label]]:
    """For each row that holds values its heads: those of the groups that begin with it, then its own."""
    pending: list[Head] = []
    for row in block.rows:
        if row.is_group:
            pending.append(_head(row, down=_leaves(block, row)))
            continue
        yield [*pending, _head(row, across=depth - block.depths[row.id])], row
        pending = []


def _leaves(block: Block, group: Label) -> int:
    """How many rows with values stand in a group, at any depth."""
    return sum(
        _leaves(block, row) if row.is_group else 1 for row in block.rows if row.parent == group.id and row is not group
    )


def _line(title: Head, blocks: list[Block], cells: Mapping[str, Cell], form: str) -> Table:
    """Table 4: blocks side by side, each with its kind above (行政诉讼 stands above two), and one row of values."""
    kinds: list[Head] = []
    parts: list[Head] = []
    for block in blocks:
        kind, _, part = block.caption.partition("/")
        english, _, part_english = block.english.partition("/")
        across = len(block.columns)
        if not part:
            kinds.append(Head(kind, english, across, down=2))
            continue
        if kinds and kinds[-1].text == kind:
            kinds[-1] = Head(kind, english, kinds[-1].across + across)
        else:
            kinds.append(Head(kind, english, across))
        parts.append(Head(part, part_english, across))
    outcomes = [_head(column) for block in blocks for column in block.columns]
    row = tuple(cell for block in blocks for cell in _cells(block, block.rows[0], cells))
    heads = tuple(tuple(line) for line in (kinds, parts, outcomes) if line)
    return Table(title, form, "line", heads, (row,))


def _list(title: Head, blocks: list[Block], cells: Mapping[str, Cell], form: str) -> Table:
    """The form of 2014: number, wording, unit, value; groups are lines of their own."""
    (block,) = blocks
    rows: list[tuple[Head | Cell, ...]] = []
    for row in block.rows:
        number = Head(row.number)
        if row.is_group:
            rows.append((number, Head(row.text, row.english, across=3)))
            continue
        rows.append((number, _head(row), Head(row.unit or ""), *_cells(block, row, cells)))
    heads = (Head("序号", "no."), Head("统计指标", "indicator"), Head("单位", "unit"), Head("统计数", "number"))
    return Table(title, form, "list", (heads,), tuple(rows))


def _cells(block: Block, row: Label, cells: Mapping[str, Cell]) -> Iterator[Cell]:
    for figure in block.figures_of[row.id]:
        yield cells.get(figure) or Cell(figure, "", None, "absent")


def _head(label: Label, across: int = 1, down: int = 1, *, top: bool = False) -> Head:
    return Head(label.text, label.english, across, down, top)


Layout = Callable[[Head, list[Block], Mapping[str, Cell], str], Table]
_LAYOUTS: Mapping[str, Layout] = {"list": _list, "blocks": _parts, "matrix": _matrix, "line": _line}
"""In the order in which a report prints them."""

"""The statistics form of 2014-2018 and local statistics as tables: one grid, two halves side by side, with codes,
without units, a table for every section, cut by a page."""

import random
from collections.abc import Callable
from itertools import pairwise, zip_longest

from tests.generate.facts.local import LocalReport
from tests.generate.facts.statistics import ROWS, Indicator, figure
from tests.generate.facts.truth import Truth
from tests.generate.layout.grids import C, Grid, GridRow, value

Rows = list[GridRow]


def _label(row: Indicator, indent: str) -> C:
    return C(indent * row.depth + row.mark + row.label)


def _value(truth: Truth, row: Indicator, rng: random.Random) -> C:
    return C("", kind="pad") if row.group else value(truth, figure(row.id))


def _heads(rng: random.Random) -> GridRow:
    label = rng.choice(["统计指标", "统 计 指 标", "指标名称", "统计指标"])
    return [C(label, kind="head"), C("单位", kind="head"), C(rng.choice(["统计数", "统计数", "数量"]), kind="head")]


def _body(truth: Truth, rng: random.Random) -> Rows:
    indent = rng.choice(["", "", "\u3000", "  "])
    mark = rng.choice(["——", "——", "----", "—", ""])
    return [[_label(r, indent), C(mark if r.group else r.unit), _value(truth, r, rng)] for r in ROWS]


def _single(truth: Truth, rng: random.Random) -> list[Grid]:
    return [Grid(14, [_heads(rng), *_body(truth, rng)], 3)]


def _halves(truth: Truth, rng: random.Random) -> list[Grid]:
    """Two halves side by side; the shorter one ends in empty cells."""
    body = _body(truth, rng)
    cut = rng.choice([33, 35, 40])
    empty = [C("", kind="pad") for _ in range(3)]
    rows = [[*left, *right] for left, right in zip_longest(body[:cut], body[cut:], fillvalue=empty)]
    heads = _heads(rng)
    return [Grid(14, [[*heads, *heads], *rows], 6)]


def _coded(truth: Truth, rng: random.Random) -> list[Grid]:
    """A column of codes, first or before the figures; its numbers are no figures."""
    heads, body = _heads(rng), _body(truth, rng)
    at = rng.choice([0, 2])
    name = rng.choice(["序号", "代码", "编号"])
    rows = [[*r[:at], C(f"{n:02d}" if at else str(n), kind="serial"), *r[at:]] for n, r in enumerate(body, 1)]
    return [Grid(14, [[*heads[:at], C(name, kind="head"), *heads[at:]], *rows], 4)]


def _unitless(truth: Truth, rng: random.Random) -> list[Grid]:
    return [Grid(14, [[row[0], row[2]] for row in [_heads(rng), *_body(truth, rng)]], 2)]


def _apart(truth: Truth, rng: random.Random) -> list[Grid]:
    """A table for every section, each with the heads again or only the first."""
    heads, body = _heads(rng), _body(truth, rng)
    starts = [n for n, r in enumerate(ROWS) if r.depth == 0] + [len(ROWS)]
    again = rng.random() < 0.5
    parts = [body[a:b] for a, b in pairwise(starts)]
    return [Grid(14, [heads, *part] if again or n == 0 else part, 3) for n, part in enumerate(parts)]


def _cut(truth: Truth, rng: random.Random) -> list[Grid]:
    """One table cut by a page, the heads printed again or not."""
    heads, body = _heads(rng), _body(truth, rng)
    at = rng.randrange(20, 50)
    second = [heads, *body[at:]] if rng.random() < 0.5 else body[at:]
    return [Grid(14, [heads, *body[:at]], 3), Grid(14, second, 3)]


def _titled(truth: Truth, rng: random.Random) -> list[Grid]:
    """The title and the year of the form are rows of the table."""
    [grid] = _single(truth, rng)
    top = [C("政府信息公开情况统计表", 3, kind="caption")], [C(f"（{truth.year}年度）", 3, kind="caption")]
    return [Grid(14, [*top, *grid.rows], 3)]


_BEIJING = (
    "（二）重点领域公开政府信息数",
    "其中：主动公开财政预算决算、“三公经费”和行政经费信息数",
    "主动公开生产安全事故的政府举措、处置进展、风险预警、防范措施等信息数",
    "主动公开政府部门预算执行审计结果等信息数",
)


def _beijing(truth: Truth, rng: random.Random) -> list[Grid]:
    """Four more rows, which the national form does not have, and the next heading renumbered."""
    [grid] = _single(truth, rng)
    at = next(n for n, row in enumerate(grid.rows) if "通过不同渠道和方式公开" in row[0].text)
    grid.rows[at][0] = C(grid.rows[at][0].text.replace("（二）", "（三）"))
    more = [[C(label), C("条"), C(str(rng.randint(0, 90)), kind="value", id="beijing")] for label in _BEIJING]
    grid.rows[at:at] = more
    return [grid]


SHAPES: dict[str, Callable[[Truth, random.Random], list[Grid]]] = {
    "single": _single,
    "titled": _titled,
    "halves": _halves,
    "coded": _coded,
    "unitless": _unitless,
    "apart": _apart,
    "cut": _cut,
    "beijing": _beijing,
}


def local_grid(report: LocalReport) -> Grid:
    """Local statistics: names, units, codes where the family has them, two columns of numbers."""
    family = report.family
    heads = [family.name_head, family.unit_head, *([family.code_head] if family.code_head else []), *report.columns]
    rows: Rows = [[C(head, kind="head") for head in heads]]
    for n, ((label, unit), figures) in enumerate(zip(family.rows, report.cells, strict=True), 1):
        codes = [C(f"{n:02d}", kind="serial")] if family.code_head else []
        rows.append([C(label), C(unit), *codes, *(C(raw, kind="value") for raw, _ in figures)])
    return Grid(8, rows, len(heads))

"""The shapes in which pages print a list of indicators: real tables and their accidents, all kinds of flat text."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from tests.pipelines.statistics_samples import Row, page, table

HEAD = ["统计指标", "单位", "统计数"]
TITLE = "青禾县财政局2016年政府信息公开工作年度报告"
_PROSE = (
    f"{TITLE}\n一、概述\n全年工作平稳。\n二、主动公开政府信息情况\n网站更新及时。\n三、依申请公开政府信息情况\n按规定办理。\n"
    "四、政府信息公开情况统计表\n（2016年度）\n"
)
Rows = list[Row]
Shape = Callable[[Rows, random.Random], bytes]


def text(body: str) -> bytes:
    """A report as plain text, with the table behind its prose."""
    return (_PROSE + body).encode()


def cells(rows: Rows) -> list[list[str]]:
    return [[row.label, row.unit, row.value] for row in rows]


def plain(rows: Rows, rng: random.Random) -> bytes:
    return page(table([HEAD, *cells(rows)]))


def with_title_rows(rows: Rows, rng: random.Random) -> bytes:
    above = [["colspan=3¦政府信息公开情况统计表"], ["colspan=3¦（2016年度）"], ["colspan=3¦填报单位（盖章）："]]
    below = [["colspan=3¦单位负责人：张三 审核人：李四"], ["colspan=3¦联系电话：0595-12345678 填报日期：2017年1月10日"]]
    return page(table([*above, HEAD, *cells(rows), *below]))


def with_serials(rows: Rows, rng: random.Random) -> bytes:
    return page(table([["序号", *HEAD], *([str(n), *row] for n, row in enumerate(cells(rows), 1))]))


def with_codes(rows: Rows, rng: random.Random) -> bytes:
    body = [[row.label, row.unit, f"{n:02d}", row.value] for n, row in enumerate(rows, 1)]
    return page(table([["统计指标", "单位", "代码", "统计数"], *body]))


def with_remarks(rows: Rows, rng: random.Random) -> bytes:
    return page(table([[*HEAD, "备注"], *([*row, rng.choice(["", "", "含镇街"])] for row in cells(rows))]))


def without_heads(rows: Rows, rng: random.Random) -> bytes:
    return page(table(cells(rows)))


def unit_in_label(rows: Rows, rng: random.Random) -> bytes:
    body = [[row.label + (f"（单位：{row.unit}）" if row.id else ""), row.value] for row in rows]
    return page(table([["统计指标", "统计数"], *body]))


def indented(rows: Rows, rng: random.Random) -> bytes:
    body = []
    for row in rows:
        depth = 0 if re.match(r"[一二三四五六七八九]、", row.label) else 1 if row.label.startswith("（") else 2
        body.append([*("" for _ in range(depth)), f"colspan={3 - depth}¦{row.label}", row.unit, row.value])
    return page(table([["colspan=3¦统计指标", "单位", "统计数"], *body]))


def section_column(rows: Rows, rng: random.Random) -> bytes:
    """The sections in a column of their own; the number of a section itself stands beside 合计."""
    body: list[list[str]] = []
    sections: list[Rows] = []
    for row in rows:
        if re.match(r"[一二三四五六七八九]、", row.label):
            sections.append([row])
        else:
            sections[-1].append(row)
    for first, *rest in sections:
        lines = [Row(first.id, "合计", first.unit, first.value), *rest] if first.id else rest
        for number, row in enumerate(lines):
            group = [f"rowspan={len(lines)}¦{first.label}"] if number == 0 else []
            body.append([*group, row.label, row.unit, row.value])
    return page(table([["类别", *HEAD], *body]))


def cut_by_a_page(rows: Rows, rng: random.Random) -> bytes:
    cut = rng.randint(5, 60)
    again = [HEAD] if rng.random() < 0.5 else []
    return page(table([HEAD, *cells(rows[:cut])]) + "<p>- 3 -</p>" + table([*again, *cells(rows[cut:])]))


def halves_of(rows: Rows) -> list[list[str]]:
    cut = (len(rows) + 1) // 2
    right = [*cells(rows[cut:]), *(["", "", ""] for _ in range(2 * cut - len(rows)))]
    return [[*a, *b] for a, b in zip(cells(rows[:cut]), right, strict=True)]


def halves(rows: Rows, rng: random.Random) -> bytes:
    return page(table([HEAD * 2, *halves_of(rows)]))


def halves_without_heads(rows: Rows, rng: random.Random) -> bytes:
    return page(table(halves_of(rows)))


def bodies_and_total(rows: Rows, rng: random.Random) -> bytes:
    body = [[r.label, r.unit, *(str(rng.randint(0, 9)) if r.id else "" for _ in range(3)), r.value] for r in rows]
    return page(table([["统计指标", "单位", "区政府", "区直单位", "乡镇街道", "合计"], *body]))


def two_rows_of_heads(rows: Rows, rng: random.Random) -> bytes:
    heads = [["rowspan=2¦统计指标", "rowspan=2¦单位", "colspan=3¦统计数"], ["本级", "下级", "合计"]]
    body = [[r.label, r.unit, *(str(rng.randint(0, 9)) if r.id else "" for _ in range(2)), r.value] for r in rows]
    return page(table([*heads, *body]))


def last_year_beside(rows: Rows, rng: random.Random) -> bytes:
    body = [[r.label, r.unit, str(rng.randint(0, 9)) if r.id else "", r.value] for r in rows]
    return page(table([["统计指标", "单位", "2015年", "2016年"], *body]))


def pushed_aside(rows: Rows, rng: random.Random) -> bytes:
    body = [[*row[:2], "", row[2]] if rng.random() < 0.1 else row for row in cells(rows)]
    return page(table([HEAD, *body]))


def paragraphs(rows: Rows, rng: random.Random) -> bytes:
    return page("".join(f"<p>{row.label}　{row.unit}　{row.value}</p>" for row in rows))


def pipes(rows: Rows, rng: random.Random) -> bytes:
    return text("\n".join(" | ".join(line) + " |" for line in [HEAD, *cells(rows)]))


def piped_halves(rows: Rows, rng: random.Random) -> bytes:
    return text("\n".join(" | ".join(line) + " |" for line in [HEAD * 2, *halves_of(rows)]))


def cell_a_line(rows: Rows, rng: random.Random) -> bytes:
    return text("\n".join(" |\n".join(line) + " |" for line in [HEAD, *cells(rows)]))


def value_a_line(rows: Rows, rng: random.Random) -> bytes:
    return text("\n".join(cell for line in [HEAD, *cells(rows)] for cell in line if cell))


def value_a_line_with_serials(rows: Rows, rng: random.Random) -> bytes:
    lines = [["序号", *HEAD], *([str(n), *row] for n, row in enumerate(cells(rows), 1))]
    return text("\n".join(cell for line in lines for cell in line if cell))


def value_a_line_without_heads(rows: Rows, rng: random.Random) -> bytes:
    return text("\n".join(cell for line in cells(rows) for cell in line if cell))


def tabs(rows: Rows, rng: random.Random) -> bytes:
    return text("\n".join("\t".join(line) for line in [HEAD, *cells(rows)]))


def floating_tabs(rows: Rows, rng: random.Random) -> bytes:
    lines = (["", row.label, "", row.unit, row.value, ""] for row in rows)
    return text("\n".join(["\t".join(HEAD), *("\t".join(line) for line in lines)]))


def blanks(rows: Rows, rng: random.Random) -> bytes:
    return text("\n".join(" ".join(line) for line in [HEAD, *cells(rows)]))


def one_line(rows: Rows, rng: random.Random) -> bytes:
    return text(" ".join(" ".join(line) for line in [HEAD, *cells(rows)]) + " 附件下载")


def glued(rows: Rows, rng: random.Random) -> bytes:
    return text("".join("".join(line) for line in [HEAD, *cells(rows)]) + " 附件下载")


TABLES: tuple[Shape, ...] = (
    plain, with_title_rows, with_serials, with_codes, with_remarks, without_heads, unit_in_label, indented,
    cut_by_a_page, halves, halves_without_heads, bodies_and_total, two_rows_of_heads, last_year_beside, pushed_aside,
    section_column,
)  # fmt: skip
TEXTS: tuple[Shape, ...] = (
    paragraphs, pipes, piped_halves, cell_a_line, value_a_line, value_a_line_with_serials, value_a_line_without_heads,
    tabs, floating_tabs, blanks, one_line, glued,
)  # fmt: skip

_NUMBER = r"[一二三四五六七八九]、|（[一二三四]）|\d\.|其中："
WORDINGS: dict[str, Callable[[str], str]] = {
    "as the form": lambda label: label,
    "half-width": lambda label: label.translate(str.maketrans("（）：", "():")),
    "circled": lambda label: re.sub(r"^(\d)\.", lambda m: "①②③④⑤⑥⑦⑧"[int(m[1]) - 1], label),
    "other marks": lambda label: re.sub(r"^(\d)\.", r"\1、", label),
    "spaced": lambda label: re.sub(f"^({_NUMBER})", r"\1 ", label),
    "without remarks": lambda label: re.sub(r"（[^）]{4,}）", "", label),
    "without numbers": lambda label: re.sub(f"^(?:{_NUMBER})", "", label),
    "without 数": lambda label: re.sub(r"(总?次数|数量?)$", "", label),
}

"""Tables 2, 3 and 4 as pages and texts whose every figure is another number, to be damaged by the tests of shifts.

`FIGURES` holds what is printed where nothing is damaged.
"""

from __future__ import annotations

from pipelines import Capture, extract
from pipelines.model import Reading

TITLE = "青禾县财政局2023年政府信息公开工作年度报告"
NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
APPLICANTS = {
    "自然人": "natural_person",
    "商业企业": "commercial_enterprise",
    "科研机构": "research_institution",
    "社会公益组织": "social_welfare_organization",
    "法律服务机构": "legal_service_institution",
    "其他": "other_organization",
    "总计": "total",
}
ROWS = {
    "一、本年新收政府信息公开申请数量": "new_received",
    "二、上年结转政府信息公开申请数量": "carried_in",
    "（一）予以公开": "granted",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": "partially_granted",
    "1.信访举报投诉类申请": "not_processed_petition_complaint",
    "2.重复申请": "not_processed_repeat",
    "四、结转下年度继续办理": "carried_out",
}
OUTCOMES = {
    "结果维持": "upheld",
    "结果纠正": "corrected",
    "其他结果": "other",
    "尚未审结": "pending",
    "总计": "total",
}
CASES = ("review", "litigation_direct", "litigation_after_review")
Row = list[str]


def applications(*, totals: bool = False) -> list[Row]:
    """Table 3 in seven rows of seven numbers, 111 to 177; without totals no sum can betray a shift."""
    rows = [[label, *(str(100 + 10 * row + column) for column in range(1, 7)), ""] for row, label in enumerate(ROWS, 1)]
    return [[*row[:-1], str(sum(map(int, row[1:-1])))] if totals else row for row in rows]


def heads(names: Row | None = None) -> list[str]:
    """The three lines of heads of table 3."""
    first, *inner, last = names or list(APPLICANTS)
    return [
        f"<tr><td rowspan=3>{NOTE}</td><td colspan=7>申请人情况</td></tr>",
        f"<tr><td rowspan=2>{first}</td><td colspan=5>法人或其他组织</td><td rowspan=2>{last}</td></tr>",
        f"<tr>{cells(inner)}</tr>",
    ]


def cells(texts: Row) -> str:
    """Cells of HTML."""
    return "".join(f"<td>{text}</td>" for text in texts)


def table(*rows: str) -> str:
    """A table of HTML."""
    return f"<table>{''.join(rows)}</table>"


def lines(rows: list[Row]) -> list[str]:
    """Rows of HTML."""
    return [f"<tr>{cells(row)}</tr>" for row in rows]


def table3(rows: list[Row], names: Row | None = None) -> str:
    """Table 3."""
    return table(*heads(names), *lines(rows))


def table4(figures: Row, groups: Row | None = None, outcomes: list[Row] | None = None) -> str:
    """Table 4: its groups, its three times five heads, its figures."""
    last = groups or ["未经复议直接起诉", "复议后起诉"]
    names = outcomes or [list(OUTCOMES)] * 3
    top = "<tr><td colspan=5>行政复议</td><td colspan=10>行政诉讼</td></tr>"
    second = f"<tr>{cells(names[0]).replace('<td', '<td rowspan=2')}" + "".join(f"<td colspan=5>{g}</td>" for g in last)
    return table(top, second + "</tr>", f"<tr>{cells([*names[1], *names[2]])}</tr>", f"<tr>{cells(figures)}</tr>")


def read(body: str) -> Reading:
    """The reading of a page with these tables, or of a text with these lines."""
    page = "<table" in body
    start = f"<h1>{TITLE}</h1><p>一、总体情况</p>" if page else f"{TITLE}\n一、总体情况\n"
    (reading,) = extract(Capture((start + body).encode()))
    assert reading.report, reading.reason
    return reading


def sure(reading: Reading) -> dict[str, int]:
    """The figures that are read and that no issue names."""
    doubtful = {figure for issue in reading.issues for figure in (issue.figure, *issue.figures)}
    return {
        cell.figure: int(cell.value) for cell in reading.cells if cell.value is not None and cell.figure not in doubtful
    }


def printed_in(rows: list[Row]) -> dict[str, int]:
    """The figures of table 3 as they stand in its rows."""
    ids = list(APPLICANTS.values())
    return {
        f"applications.{ROWS[label]}.{ids[number]}": int(text)
        for label, *texts in rows
        for number, text in enumerate(texts)
        if text
    }

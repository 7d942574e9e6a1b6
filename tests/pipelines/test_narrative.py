"""Sections: the six of the format by their matter, and those of older reports as these count them."""

from __future__ import annotations

import pytest

from pipelines import Capture, Reading, extract
from pipelines.titles import with_digit_years


def read(year: int, headings: list[str], title: str = "青禾县财政局{}年政府信息公开工作年度报告") -> Reading:
    body = "".join(f"<p>{heading}</p><p>正文第{n}段。</p>" for n, heading in enumerate(headings, 1))
    page = f"<meta charset=utf-8><h1>{title.format(year)}</h1><div>{body}</div>"
    (reading,) = extract(Capture(page.encode()))
    return reading


OLD = """
一、概述
二、主动公开政府信息情况
三、依申请公开政府信息和不予公开政府信息的情况
四、政府信息公开的收费及减免情况
五、因政府信息公开申请行政复议、提起行政诉讼的情况
六、存在的主要问题及改进措施
七、需要说明的事项与附表
""".split()
SIX = """
一、总体情况
二、主动公开政府信息情况
三、收到和处理政府信息公开申请情况
四、政府信息公开行政复议、行政诉讼情况
五、存在的主要问题及改进情况
六、其他需要报告的事项
""".split()


@pytest.mark.parametrize(
    ("year", "headings", "numbers"),
    [
        (2016, OLD, [1, 2, 3, 4, 5, 6, 7]),
        (2021, OLD, [1, 2, 3, 4, 5, 6, 7]),  # the old structure out of time
        (2012, OLD[1:4], [2, 3, 4]),
        (2012, ["一、加强组织领导", "二、完善制度建设", "三、拓宽公开渠道", "四、下一步打算"], [1, 2, 3, 4]),
        (2010, ["一、概述", "一、主动公开政府信息情况", "一、依申请公开情况"], [1, 2, 3]),  # misnumbered: by place
        (2023, SIX, [1, 2, 3, 4, 5, 6]),
        (2023, [SIX[0], "一、主动公开政府信息情况", *SIX[2:]], [1, 2, 3, 4, 5, 6]),  # misnumbered: by matter
    ],
)
def test_sections_are_numbered(year: int, headings: list[str], numbers: list[int]) -> None:
    reading = read(year, headings)
    assert [section.number for section in reading.sections] == numbers
    assert [section.heading for section in reading.sections] == headings
    assert [section.text for section in reading.sections] == [f"正文第{n}段。" for n in range(1, len(headings) + 1)]


def test_a_list_inside_a_section_opens_none() -> None:
    headings = [OLD[0], "一、健全机制", "二、明确责任", *OLD[1:]]
    sections = read(2015, headings).sections
    assert [section.heading for section in sections] == OLD
    assert sections[0].text.split("\n") == ["正文第1段。", "一、健全机制", "正文第2段。", "二、明确责任", "正文第3段。"]


def test_a_table_of_contents_is_no_section() -> None:
    contents = "".join(f"<p>{heading}</p>" for heading in OLD)
    body = "".join(f"<p>{heading}</p><p>内容。</p>" for heading in OLD)
    page = f"<meta charset=utf-8><h1>青禾县财政局2015年政府信息公开工作年度报告</h1><div>{contents}{body}</div>"
    (reading,) = extract(Capture(page.encode()))
    assert [(section.number, section.text) for section in reading.sections] == [(n, "内容。") for n in range(1, 8)]


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("青禾县财政局二〇一二年政府信息公开工作年度报告", 2012),
        ("青禾县财政局二○一○年度政府信息公开年报", 2010),
        ("青禾县财政局二O一一年信息公开工作年度报告", 2011),
        ("青禾县财政局二零零八年政府信息公开年度工作报告", 2008),
        ("青禾县财政局二０一七年政务信息公开年度报告", 2017),
        ("青禾县财政局 二 〇 一 三 年 政府信息公开工作年报", 2013),
    ],
)
def test_years_written_out(title: str, year: int) -> None:
    reading = read(year, OLD, title.replace("{", "{{"))
    assert (reading.report, reading.year, reading.agency) == (True, year, "青禾县财政局")


def test_only_years_are_written_out() -> None:
    assert with_digit_years("第二十二年、二百一十年") == "第二十二年、二百一十年"


def test_the_first_report_begins_when_the_law_did() -> None:
    title = "青禾县财政局政府信息公开工作年度报告"
    page = f"<meta charset=utf-8><h1>{title}</h1><p>统计期限自2008年5月1日起至2008年12月31日止。</p>"
    body = "".join(f"<p>{heading}</p><p>内容。</p>" for heading in OLD)
    (reading,) = extract(Capture(f"{page}<div>{body}</div>".encode()))
    assert reading.year == 2008

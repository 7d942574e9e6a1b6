"""Statistics outside the national forms: kept as printed where heads are plain, and nothing else taken for them."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines import Capture, Reading, extract
from tests.pipelines.statistics_samples import page, table

SHARED = Path(__file__).parents[3] / "shared/reports/partial"
TITLE = "青禾县财政局{}年政府信息公开工作年度报告"
ROWS = (
    "主动公开信息数|条", "其中：1.政府网站|条", "2.政府公报|条", "新增的行政规范性文件数|条", "网站专栏页面访问量|人次",
    "申请总数|条", "其中:1.当面申请数|条", "2.传真申请数|条", "对申请的答复总数|条", "其中:(1)“信息不存在”数|条",
    "行政复议数|件", "行政诉讼数|件",
)  # fmt: skip
Printed = tuple[str, str, str, Decimal | None, str]


def read(body: bytes) -> Reading:
    (reading,) = extract(Capture(body))
    return reading


def report(lines: list[list[str]], year: int = 2011) -> Reading:
    return read(page(table(lines), title=TITLE.format(year)))


def taken(reading: Reading) -> list[Printed]:
    return [(i.label, i.unit, i.column, i.value, i.raw) for i in reading.indicators]


def test_a_list_with_codes_and_two_columns() -> None:
    lines = [
        ["指 标 名 称", "计量单位", "代码", "本期实际", "本年累计"],
        ["甲", "乙", "丙", "1", "2"],
        ["主动公开信息数", "条", "01", "12", "340"],
        ["其中:全文电子化的主动公开信息数", "条", "02", "", "1,204"],
        ["行政复议数", "件", "32", "无", "—"],
        ["填表人：张三 联系电话：0595-1234", "", "", "", ""],
    ]
    reading = report(lines)
    assert (reading.form, reading.figures, reading.issues) == ("other", {}, ())
    assert taken(reading) == [
        ("主动公开信息数", "条", "本期实际", 12, "12"),
        ("主动公开信息数", "条", "本年累计", 340, "340"),
        ("其中:全文电子化的主动公开信息数", "条", "本期实际", None, ""),
        ("其中:全文电子化的主动公开信息数", "条", "本年累计", 1204, "1,204"),
        ("行政复议数", "件", "本期实际", None, "无"),
        ("行政复议数", "件", "本年累计", None, "—"),
    ]


def test_units_and_numbers_are_those_printed() -> None:
    lines = [
        ["指标", "单位", "数量"],
        ["全文电子化率", "%", "98.5"],
        ["专项经费", "万元", "3.5"],
        ["收取费用", "元", "350.5"],
        ["网站访问量", "万人次", "12.4"],
        ["会议经费", "万元", "35000元"],
        ["依申请公开情况", "——", ""],
        ["申请数", "件", "1 2"],
    ]
    reading = report(lines)
    assert [row[1:4:2] for row in taken(reading)] == [
        ("%", Decimal("98.5")),
        ("万元", Decimal("3.5")),
        ("元", Decimal("350.5")),
        ("万人次", Decimal("12.4")),
        ("元", Decimal(35000)),
        ("件", None),
    ]
    assert [(issue.code, "申请数" in issue.message) for issue in reading.issues] == [("indicators_unreadable", True)]


@pytest.mark.parametrize(
    ("lines", "first"),
    [
        # A section in a column of its own, and two rows of heads.
        (
            [
                ["类别", "统计项目", "单位", "数量"],
                ["rowspan=2¦公开", "网站公开数", "条", "5"],
                ["公报公开数", "条", "6"],
            ],
            [("公开 / 网站公开数", "条", "数量", 5), ("公开 / 公报公开数", "条", "数量", 6)],
        ),
        (
            [
                ["rowspan=2¦指标", "rowspan=2¦单位", "colspan=2¦2011年"],
                ["市级", "区县"],
                ["公开信息数", "条", "1", "2"],
                ["申请数", "件", "3", "4"],
            ],
            [("公开信息数", "条", "2011年 / 市级", 1), ("公开信息数", "条", "2011年 / 区县", 2)],
        ),
        # Halves side by side: down the left, then down the right.
        (
            [
                ["指标", "单位", "数量"] * 2,
                ["公开数", "条", "1", "申请数", "件", "3"],
                ["公报数", "条", "2", "", "", ""],
            ],
            [("公开数", "条", "数量", 1), ("公报数", "条", "数量", 2), ("申请数", "件", "数量", 3)],
        ),
        # A column of units left empty; no column of units, the unit behind the label.
        (
            [
                ["指标名称", "计量单位", "2011年度", "历年累计"],
                ["主动公开信息数", "", "12", "300"],
                ["申请数", "", "", ""],
            ],
            [("主动公开信息数", "", "2011年度", 12), ("主动公开信息数", "", "历年累计", 300)],
        ),
        (
            [["项目", "数量"], ["主动公开政府信息数（条）", "120"], ["收到申请数（件）", "3"]],
            [("主动公开政府信息数（条）", "条", "数量", 120), ("收到申请数（件）", "件", "数量", 3)],
        ),
    ],
)
def test_shapes_of_local_lists(lines: list[list[str]], first: list[tuple[object, ...]]) -> None:
    assert [row[:4] for row in taken(report(lines))[: len(first)]] == first


def test_a_list_that_goes_on_behind_a_page_break_keeps_its_heads() -> None:
    head = ["指标名称", "计量单位", "2011年度", "历年累计"]
    first, rest = (
        [head, ["主动公开信息数", "条", "1", "2"]],
        [["申请总数", "条", "3", "4"], ["行政复议数", "件", "0", "5"]],
    )
    reading = read(page(table(first) + table(rest), title=TITLE.format(2011)))
    assert [(label, column, value) for label, _, column, value, _ in taken(reading)][-2:] == [
        ("行政复议数", "2011年度", 0),
        ("行政复议数", "历年累计", 5),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [
            ["序号", "单位", "联系人", "联系电话"],
            ["1", "财政局", "张三", "85012345"],
            ["2", "公开办", "李四", "85012346"],
        ],
        [["项目", "单位", "预算数", "决算数"], ["信息公开经费", "万元", "3", "2.5"], ["培训会议", "万元", "1", "1"]],
        [["项目", "单位", "数量", "单价"], ["信息公开栏", "个", "3", "100"], ["查阅点电脑", "台", "1", "900"]],
        [["项目", "单位", "数量"], ["电脑", "台", "3"], ["打印机", "台", "1"], ["桌子", "张", "1"]],
        [
            ["项目", "单位", "数量"],
            ["信息公开", "财政局", "30"],
            ["信息公开", "教育局", "40"],
            ["信息公开", "民政局", "5"],
        ],
        [
            ["时间", "内容", "责任单位"],
            ["1月", "公开培训", "办公室"],
            ["2月", "检查", "办公室"],
            ["3月", "总结", "办公室"],
        ],
        [["考核项目", "分值", "得分"], ["信息公开", "10", "9"], ["申请答复", "10", "8"]],
    ],
)
@pytest.mark.parametrize("year", [2012, 2022])
def test_other_tables_are_no_indicators(lines: list[list[str]], year: int) -> None:
    assert taken(report(lines, year)) == []


def test_later_reports_have_indicators_only_under_plain_heads() -> None:
    plain = [["指标", "单位", "数量"], ["政务微信粉丝数", "个", "1200"], ["发布信息数", "条", "5"]]
    bare = [["项目", "数量"], ["主动公开政府信息数", "120"], ["收到申请数", "3"]]
    assert len(taken(report(plain, 2022))) == 2
    assert taken(report(bare, 2022)) == []
    assert len(taken(report(bare, 2012))) == 2


def test_rows_of_another_list_are_not_taken_for_a_table_of_the_later_forms() -> None:
    lines = [["指标", "单位", "数量"], ["行政许可", "件", "12"], ["行政处罚", "件", "3"], ["主动公开信息数", "条", "5"]]
    reading = report(lines, 2016)
    assert reading.figures == {}
    assert [i.label for i in reading.indicators] == ["行政许可", "行政处罚", "主动公开信息数"]


def flat(style: str, lines: list[list[str]]) -> bytes:
    above = f"{TITLE.format(2011)}\n一、概述\n全年工作平稳。\n二、主动公开政府信息情况\n更新及时。\n附：统计表\n"
    body = {
        "pipes": "\n".join(" | ".join(line) + " |" for line in lines),
        "tabs": "\n".join("\t".join(line) for line in lines),
        "blanks": "\n".join(" ".join(line) for line in lines),
        "cells": "\n".join(f"{cell} |" for line in lines for cell in line),
        "values": "\n".join(cell for line in lines for cell in line if cell),
        "one line": " ".join(cell for line in lines for cell in line if cell) + " 附件下载",
        "glued": "".join(cell for line in lines for cell in line),
    }[style]
    return (above + body).encode()


@pytest.mark.parametrize("style", ["pipes", "tabs", "blanks", "cells", "values", "one line", "glued"])
@pytest.mark.parametrize("heads", [["数量"], ["2011年度", "历年累计"], ["本年数", "上年数", "增减"]])
@pytest.mark.parametrize("lost", [0.0, 0.15])
def test_running_text_gives_what_is_printed_or_nothing(style: str, heads: list[str], lost: float) -> None:
    rng = random.Random(f"{style} {heads} {lost}")
    rows = [row.split("|") for row in ROWS]
    numbers = [["" if rng.random() < lost else str(rng.choice((0, rng.randint(1, 5000)))) for _ in heads] for _ in rows]
    lines = [["指标名称", "计量单位", *heads], *([*row, *line] for row, line in zip(rows, numbers, strict=True))]
    reading = read(flat(style, lines))
    printed = {
        (label, unit, head): raw
        for (label, unit), line in zip(rows, numbers, strict=True)
        for head, raw in zip(heads, line, strict=True)
    }
    found = {(i.label, i.unit, i.column): i.raw for i in reading.indicators}
    assert found.items() <= printed.items()
    unread = any(issue.code == "indicators_unreadable" for issue in reading.issues)
    assert unread == (found != printed)
    assert found == printed or style == "glued" or lost


def test_codes_in_running_text_are_no_numbers() -> None:
    rows = [[*row.split("|"), f"{n:02d}", str(n * 7 % 5), str(n * 11)] for n, row in enumerate(ROWS, 1)]
    lines = [["指标名称", "计量单位", "代码", "本期实际", "本年累计"], *rows]
    for style in ("pipes", "tabs", "blanks", "values", "one line"):
        reading = read(flat(style, lines))
        assert [i.raw for i in reading.indicators] == [number for row in rows for number in row[3:]], style


def test_a_label_whose_numbers_are_lost_is_no_beginning_of_the_next() -> None:
    lines = [[*row.split("|"), str(40 + n), str(900 + n)] for n, row in enumerate(ROWS)]
    bare = [[label, *numbers] for label, _, *numbers in lines[:4]]
    lost = [["指标名称", "计量单位", "本期", "累计"], *bare, *lines[4:9], [lines[9][0]], *lines[10:]]
    labels = {i.label for i in read(flat("values", lost)).indicators}
    assert labels <= {row.split("|")[0] for row in ROWS}


def test_the_end_of_a_label_of_the_form_is_no_label() -> None:
    begin, end = "3.危及国家安全、公共安全、经济安全和社", "会稳定"
    lines = [["指标", "单位", "数量"], *([*row.split("|"), "5"] for row in ROWS[:6]), [begin, "件"], [end, "件", "12"]]
    assert end not in {i.label for i in read(flat("tabs", lines)).indicators}


def test_real_tables_of_2012_and_2017() -> None:
    if not SHARED.exists():
        pytest.skip("the real reports are not here")
    reading = read((SHARED / "pingtan-2012-statistics.txt").read_bytes())
    assert (reading.year, reading.form, len(reading.indicators)) == (2012, "other", 32)
    assert taken(reading)[:3] == [
        ("主动公开信息数", "条", "2012年度", 739, "739"),
        ("主动公开信息数", "条", "历年累计", 4359, "4359"),
        ("其中：1、网站公开", "条", "2012年度", 739, "739"),
    ]
    glued = read((SHARED / "pingtan-2017-statistics.txt").read_bytes())
    assert (glued.report, glued.indicators) == (True, ())
    assert "indicators_unreadable" in {issue.code for issue in glued.issues}
    assert not read((SHARED / "dingxi_2000s_stat_form.txt").read_bytes()).report

"""Whose report, of which year: what proves it, and what must not be taken for proof."""

from __future__ import annotations

import pytest

from pipelines import Capture, Context, Reading, extract
from tests.pipelines.office_files import docx

SECTIONS = "".join(f"<p>{n}、{words}</p><p>内容。</p>" for n, words in zip(
    "一二三四五六",
    ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况",
     "存在的主要问题及改进情况", "其他需要报告的事项"),
    strict=True,
))  # fmt: skip
PERIOD = "<p>统计期限自2023年1月1日起至2023年12月31日止。</p>"
SIGNED = "<p>青禾县财政局</p><p>2024年1月20日</p>"


def read(
    above: str, period: str = PERIOD, signed: str = SIGNED, head: str = "", context: Context | None = None
) -> Reading:
    page = (
        f"<html><head><meta charset=utf-8>{head}</head><body>{above}<div>{period}{SECTIONS}{signed}</div></body></html>"
    )
    (reading,) = extract(Capture(page.encode()), context)
    return reading


def codes(reading: Reading) -> set[str]:
    return {issue.code for issue in reading.issues} - {"no_tables"}


@pytest.mark.parametrize(
    ("above", "agency"),
    [
        ("<h1>青禾县财政局2023年政府信息公开工作年度报告</h1>", "青禾县财政局"),
        ("<h1>青禾县财政局<br>2023年政府信息公开工作年度报告</h1>", "青禾县财政局"),
        ("<h1>青禾县财<br>政局2023年政府信息公开工作年度报告</h1>", "青禾县财政局"),
        ("<h1>县财政局2023年政府信息公开工作年度报告</h1>", "青禾县财政局"),
        ("<h1>2023年政府信息公开工作年度报告</h1>", "青禾县财政局"),
        # Other reports linked above the title are other documents.
        (
            "<li><a href=x>白鹭镇2023年政府信息公开工作年度报告</a></li><h1>2023年政府信息公开工作年度报告</h1>",
            "青禾县财政局",
        ),
        (
            "<p>白鹭镇2022年政府信息公开工作年度报告</p><h1>青禾县财政局2023年政府信息公开工作年度报告</h1>",
            "青禾县财政局",
        ),
        ("<div><a href=a>机构职能</a></div><h1>2023年政府信息公开年报</h1>", "青禾县财政局"),
    ],
)
def test_agency(above: str, agency: str) -> None:
    reading = read(above)
    assert (reading.agency, reading.year, codes(reading)) == (agency, 2023, set())
    assert reading.evidence["agency"]
    assert reading.evidence["year"]


def test_the_full_name_in_the_signature_is_preferred_and_another_body_is_named() -> None:
    title = "<h1>青禾县开发区管委会2023年政府信息公开工作年度报告</h1>"
    full = read(title, signed="<p>青禾县开发区管理委员会</p><p>2024年1月20日</p>")
    assert full.agency == "青禾县开发区管理委员会"
    other = read(title, signed="<p>青禾县审计局</p><p>2024年1月20日</p>")
    assert (other.agency, codes(other)) == ("青禾县开发区管委会", {"agency_differs"})


def test_a_publishing_date_is_no_year() -> None:
    above = "<h1>青禾县财政局政府信息公开工作年度报告</h1><p>发布日期：2025-06-20 来源：财政局</p>"
    assert read(above).year == 2023
    nothing = read(above, period="<p>概述如下。</p>")
    assert (nothing.year, codes(nothing)) == (None, {"year_unknown"})


@pytest.mark.parametrize(
    ("title", "period", "meta", "year"),
    [
        (2024, 2023, "", 2023),  # title against period and signature
        (2023, 2022, "", 2023),
        (2025, 2022, "", None),  # three years, none twice
        (2025, 2022, "<meta name=ArticleTitle content='青禾县财政局2022年政府信息公开工作年度报告'>", 2022),
    ],
)
def test_two_of_four_decide_when_title_and_period_disagree(
    title: int, period: int, meta: str, year: int | None
) -> None:
    reading = read(
        f"<h1>青禾县财政局{title}年政府信息公开工作年度报告</h1>", PERIOD.replace("2023", str(period)), head=meta
    )
    assert (reading.year, codes(reading)) == (year, {"year_conflict"})


@pytest.mark.parametrize(
    "period",
    [
        "统计期限自202311日起至20231231日止",
        "统计期限自二〇二三年1月1日至12月31日",
        "所列数据时间为2023年1月1日-12月31日",
    ],
)
def test_periods_that_lost_their_characters(period: str) -> None:
    assert read("<h1>青禾县财政局政府信息公开工作年度报告</h1>", f"<p>{period}。</p>", signed="").year == 2023


def test_the_linking_page_speaks_where_the_document_is_silent() -> None:
    page = "<table><tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
    page += "<tr><td>规章</td><td>0</td><td>0</td><td>0</td></tr></table>"
    silent, told = (
        extract(Capture(page.encode()), context)[0]
        for context in (None, Context("白鹭镇2022年政府信息公开工作年度报告", ""))
    )
    assert (silent.report, silent.agency, silent.year) == (True, None, None)
    assert {"agency_unknown", "year_unknown"} <= codes(silent)
    assert (told.agency, told.year) == ("白鹭镇", 2022)


@pytest.mark.parametrize(
    ("sentence", "scope"),
    [("本报告汇总全县各乡镇、各部门数据。", "area"), ("本单位认真落实要求。", "own")],
)
def test_scope(sentence: str, scope: str) -> None:
    reading = read("<h1>青禾县财政局2023年政府信息公开工作年度报告</h1>", PERIOD + f"<p>{sentence}</p>")
    assert reading.scope == scope
    assert reading.evidence["scope"]


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<p>附件：<a href='/P1.pdf'>年报</a></p>", "attachment_only"),
        ("<iframe src='/x/a.pdf'></iframe>", "attachment_only"),
        ("<script>showVsbpdfIframe('/virtual_attach_file.vsb?afc=1&e=.pdf','100%');</script>", "attachment_only"),
        ("<a href='/system/_content/download.jsp?urltype=news.DownloadAttachUrl'>下载</a>", "attachment_only"),
        ("<p><img src='W0202401.jpg'><img src='W0202402.jpg'></p>", "tables_are_images"),
    ],
)  # fmt: skip
def test_pages_that_only_stand_in_for_a_report(inside: str, code: str) -> None:
    page = f"<meta charset=utf-8><h1>青禾县财政局2023年政府信息公开工作年度报告</h1>{inside}"
    (reading,) = extract(Capture(page.encode(), "http://x.gov.cn/a/b.html"))
    assert (reading.report, reading.form, reading.figures) == (True, None, {})
    assert {issue.code for issue in reading.issues} == {code}
    assert all(item.url.startswith("http://x.gov.cn/") for item in reading.attachments)


def test_prose_against_the_table() -> None:
    heads = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    labels = ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开", "（七）总计",
              "四、结转下年度继续办理"]  # fmt: skip
    numbers = [[5, 0, 0, 0, 0, 0, 5], [1, 0, 0, 0, 0, 0, 1], [6, 0, 0, 0, 0, 0, 6], [6, 0, 0, 0, 0, 0, 6], [0] * 7]
    rows = "".join(
        f"<tr><td>{label}</td>{''.join(f'<td>{n}</td>' for n in row)}</tr>"
        for label, row in zip(labels, numbers, strict=True)
    )
    table = f"<table><tr><td></td>{''.join(f'<td>{head}</td>' for head in heads)}</tr>{rows}</table>"

    def issues(sentence: str) -> set[str]:
        page = (
            "<meta charset=utf-8><h1>青禾县财政局2023年政府信息公开工作年度报告</h1>"
            f"<div><p>一、总体情况</p><p>{sentence}</p><p>三、收到和处理政府信息公开申请情况</p>{table}</div>"
        )
        return {issue.code for issue in extract(Capture(page.encode()))[0].issues if issue.code.startswith("prose")}

    assert issues("全年收到政府信息公开申请5件。") == set()
    assert issues("全年收到政府信息公开申请6件。") == set()
    assert issues("2022年收到政府信息公开申请9件，今年有所下降。") == set()
    assert issues("全年收到政府信息公开申请9件。") == {"prose_contradicts_table"}


@pytest.mark.parametrize(
    "below",
    [
        "文号：青财〔2024〕3号",
        "索引号：1122/2024-00012",
        "点击数：2024",
        "2024-01-20 10:22 来源：青禾县财政局",
        "【2024】年公开",
    ],
)
def test_what_stands_below_the_title_is_not_its_year(below: str) -> None:
    above = f"<h1>青禾县财政局政府信息公开工作年度报告</h1><div>{below}</div>"
    assert read(above).year == 2023
    assert read(above, period="", signed="").year is None


_LABELS = """
主动公开政府信息数 政府公报公开政府信息数 政府网站公开政府信息数 政务微博公开政府信息数 政务微信公开政府信息数
政策解读稿件发布数 参加或举办新闻发布会总次数 微博微信回应事件数 当面申请数 传真申请数 网络申请数 信函申请数
"""
FORM = "".join(f"<tr><td>{label}</td><td>条</td><td>{n}</td></tr>" for n, label in enumerate(_LABELS.split()))


@pytest.mark.parametrize("box", ["填报单位（盖章）：", "填报单位(盖章):", "填表单位（公章）", "报送单位："])
@pytest.mark.parametrize("below", ["", "<p>2016年1月15日</p>", "<p>填报日期：2016年1月15日</p>"])
@pytest.mark.parametrize(
    "above",
    [
        "<h1>政府信息公开情况统计表</h1><p>（2015年度）</p>{box}",
        "<h1>2015年政府信息公开工作年度报告</h1><p>一、概述</p><p>无。</p>{box}",
        "{box}<h1>2015年政府信息公开情况统计表</h1>",
    ],
)
def test_the_box_for_the_name_on_a_form_is_no_part_of_the_name(above: str, box: str, below: str) -> None:
    table = f"<table><tr><td>统计指标</td><td>单位</td><td>统计数</td></tr>{FORM}</table>"
    head = above.format(box=f"<p>{box}青禾县水务局</p>{below}")
    (reading,) = extract(Capture(f"<html><meta charset=utf-8><body>{head}{table}</body></html>".encode()))
    assert reading.agency in ("青禾县水务局", None)
    assert reading.agency or not above.startswith("<h1>政府")


@pytest.mark.parametrize("torn", ["青禾藏族自治县交|通运输局", "青|禾县信访局", "青禾县文化和旅|游局"])
def test_a_title_torn_over_the_first_two_paragraphs_of_a_file(torn: str) -> None:
    first, second = torn.split("|")
    paragraphs = [
        first,
        f"{second}2023年政府信息公开工作年度报告",
        "统计期限自2023年1月1日起至12月31日止。",
        "一、总体情况",
        "无。",
    ]
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    rows = "".join(
        f"<w:tr>{''.join(f'<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>' for cell in row)}</w:tr>"
        for row in (("第二十条第（五）项", ""), ("信息内容", "本年处理决定数量"), ("行政许可", "3"))
    )
    (reading,) = extract(Capture(docx(f"{body}<w:tbl>{rows}</w:tbl>")))
    assert reading.agency == first + second


def test_a_date_in_characters_above_a_title_is_no_part_of_it() -> None:
    reading = read("<p>二〇二四年一月十五日</p><p>青禾县财政局政府信息公开工作年度报告</p>", signed="")
    assert (reading.agency, reading.year) == ("青禾县财政局", 2023)


def test_the_second_report_of_a_file_may_have_a_title_without_a_year() -> None:
    sections = [
        "一、总体情况",
        "无。" * 90,
        "二、主动公开政府信息情况",
        "无。" * 90,
        "三、收到和处理政府信息公开申请情况",
    ]
    one = ["青禾县财政局政府信息公开工作年度报告", "统计期限自2022年1月1日起至2022年12月31日止。", *sections]
    other = ["青禾县水务局政府信息公开工作年度报告", "统计期限自2023年1月1日起至2023年12月31日止。", *sections]
    signed = ["青禾县财政局", "二〇二三年一月十五日"]
    readings = extract(Capture("\n".join([*one, *signed, *other]).encode()))
    assert [(reading.agency, reading.year) for reading in readings] == [("青禾县财政局", 2022), ("青禾县水务局", 2023)]

"""Printed tables without rules, where only the places of the words tell rows and columns."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipelines import Capture, extract
from pipelines.forms.definitions import load_forms
from pipelines.model import Reading

_FONT = "STSong-Light"
_TITLE = "青溪市水务局{year}年政府信息公开工作年度报告"
_THREE = (320, 407, 495)
_TWO = (320, 451)
_SEVEN = (290, 330, 370, 410, 450, 490, 525)
_APPLICANTS = ("自然人", "商业企业", "科研机构", "社会公益", "法律服务", "其他", "总计")
Row = tuple[str, Sequence[int], Sequence[str]]


def read(*pages: list[Row | str], year: int = 2020) -> Reading:
    """The reading of a PDF: lines of prose, and rows of a label with words in the middle of some columns."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842))
    for number, rows in enumerate(pages):
        top = 780
        canvas.setFont(_FONT, 9)
        if not number:
            canvas.drawCentredString(297, 800, _TITLE.format(year=year))
        for row in rows:
            if isinstance(row, str):
                canvas.drawString(60, top, row)
            else:
                label, columns, words = row
                canvas.drawString(60, top, label)
                for column, word in zip(columns, words, strict=True):
                    canvas.drawCentredString(column, top, word)
            top -= 18
        canvas.showPage()
    canvas.save()
    (reading,) = extract(Capture(file.getvalue()))
    return reading


def caption(which: str) -> Row:
    return "", (297,), (f"第二十条第（{which}）项",)


BLOCK1: list[Row | str] = [
    caption("一"),
    ("信息内容", _THREE, ("本年新制作数量", "本年新公开数量", "对外公开总数量")),
    ("规 章", _THREE, ("0", "1", "2")),
    ("规范性文件", _THREE, ("7", "5", "12")),
]


def test_two_heads_among_columns_of_three_have_their_own_places() -> None:
    reading = read(
        [
            "二、主动公开政府信息情况",
            *BLOCK1,
            caption("八"),
            ("信息内容", _TWO, ("上一年项目数量", "本年增/减")),
            ("行政事业性收费", _TWO, ("6", "-2")),
            caption("九"),
            ("信息内容", _TWO, ("采购项目数量", "采购总金额")),
            ("政府集中采购", _TWO, ("3", "41.5万元")),
        ]
    )
    assert reading.figures["active_disclosure.administrative_fees.previous_year_items"] == 6
    assert reading.figures["active_disclosure.administrative_fees.change"] == -2
    assert reading.figures["active_disclosure.central_procurement.procurement_projects"] == 3


def test_a_label_spaced_out_is_one_label() -> None:
    figures = read(["二、主动公开政府信息情况", *BLOCK1]).figures
    assert [
        figures[f"active_disclosure.regulations.{c}"] for c in ("newly_made", "newly_published", "total_public")
    ] == [
        0,
        1,
        2,
    ]


def test_a_block_of_one_row_on_a_page_of_its_own() -> None:
    reading = read(
        ["二、主动公开政府信息情况", *BLOCK1],
        [caption("九"), ("信息内容", _TWO, ("采购项目数量", "采购总金额")), ("政府集中采购", _TWO, ("3", "41.5万元"))],
    )
    assert reading.figures["active_disclosure.central_procurement.procurement_projects"] == 3
    assert reading.figures["active_disclosure.normative_documents.total_public"] == 12


def test_a_row_left_alone_at_the_end_of_a_page() -> None:
    labels = ("（一）予以公开", "1.属于国家秘密", "2.重复申请", "（七）总计", "四、结转下年度继续办理")
    rest: list[Row | str] = [
        (label, _SEVEN, ("1", "0", "0", str(n), "0", "0", str(n + 1))) for n, label in enumerate(labels)
    ]
    reading = read(
        [
            "三、收到和处理政府信息公开申请情况",
            ("", _SEVEN, _APPLICANTS),
            ("一、本年新收政府信息公开申请数量", _SEVEN, ("4", "0", "3", "0", "0", "1", "8")),
        ],
        rest,
    )
    assert reading.figures["applications.new_received.natural_person"] == 4
    assert reading.figures["applications.new_received.total"] == 8
    assert reading.figures["applications.carried_out.social_welfare_organization"] == 4


def test_a_number_in_a_sentence_is_no_table() -> None:
    reading = read(
        [
            "一、总体情况",
            "行政许可 5",
            "本年度共办理行政许可 5 件，行政处罚 3 件。",
            "二、主动公开政府信息情况",
            *BLOCK1,
        ]
    )
    assert "active_disclosure.administrative_licensing.decisions" not in reading.figures


def test_a_unit_or_a_full_stop_behind_a_number_is_no_column_and_no_sentence() -> None:
    labels = ("（一）予以公开", "1.属于国家秘密", "2.重复申请", "（七）总计", "四、结转下年度继续办理")
    rows: list[Row | str] = [
        (label, _SEVEN, (f"1{n} 件", "0", "0。", f"{n}", "0", "0 件", f"{1 + n}{n}。"))
        for n, label in enumerate(labels, 1)
    ]
    reading = read(["三、收到和处理政府信息公开申请情况", ("", _SEVEN, _APPLICANTS), *rows])
    assert reading.figures["applications.granted.natural_person"] == 11
    assert reading.figures["applications.not_processed_repeat.social_welfare_organization"] == 3
    assert reading.figures["applications.carried_out.total"] == 65


def test_dashes_of_headings_are_no_columns_of_a_list() -> None:
    (block,) = (block for block in load_forms()["f2014"].blocks if block.is_list)
    columns = (430, 500)
    rows: list[Row | str] = [("统计指标", columns, ("单位", "统计数"))]
    for number, row in enumerate(block.rows[:24]):
        filled = ("—", "—") if row.is_group else (row.unit or "件", str(200 + number))
        rows.append((row.text[:28], columns, filled))
    reading = read(["政府信息公开情况统计表", *rows], year=2016)
    printed = {int(row[2][1]) for row in rows if not isinstance(row, str) and row[2][1].isdecimal()}
    assert {value for value in reading.figures.values() if value is not None} == printed


def test_a_table_of_dashes_alone_is_read_without_a_fault() -> None:
    dashes: list[Row | str] = [(label, _THREE, ("-", "-", "-")) for label in ("规章", "规范性文件", "行政许可")]
    assert all(value is None for value in read(["二、主动公开政府信息情况", *BLOCK1[:2], *dashes]).figures.values())

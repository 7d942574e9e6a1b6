"""Workbooks: what cells print, what is hidden, where the lines and tables of a sheet are."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Border, Font, Side

from pipelines import Capture, extract
from pipelines.documents.formats import reader_of
from pipelines.documents.number_format import shown, shown_text
from pipelines.model import Document

ACCOUNTING = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '
TITLE = "青禾县财政局2023年政府信息公开工作年度报告"


def read(body: bytes) -> Document:
    reader = reader_of(body)
    assert reader
    return reader(body)


def xlsx(fill: Callable[[Any], None]) -> Document:
    book = openpyxl.Workbook()
    fill(book.active)
    return read(saved(book))


def saved(book: Any) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def texts(document: Document) -> list[list[list[str]]]:
    return [[[cell.text for cell in row] for row in grid.rows] for grid in document.grids]


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (5.0, "General", "5"),
        (0.1 + 0.2, "General", "0.3"),
        (1234.5, "G/通用格式", "1234.5"),
        (123456789012345.0, "General", "123456789012345"),
        (1234, "#,##0", "1,234"),
        (12.345, "0.00", "12.35"),
        (1.005, "0.00", "1.01"),
        (12, "0.00", "12.00"),
        (0, "0.00_ ", "0.00"),
        (0, ACCOUNTING, "-"),
        (-1234.5, ACCOUNTING, "-1,234.50"),
        (0, "0;-0;;@", ""),
        (-3, "0;-0;;@", "-3"),
        (5, ";;;", ""),
        (0, "#", ""),
        (7, "000", "007"),
        (3, '0"件"', "3件"),
        (-8, '"增"0;"减"0', "减8"),
        (-8, "0_);[Red]\\(0\\)", "(8)"),
        (251000, "[$¥-804]#,##0.00", "¥251,000.00"),
        (0.5, "0%", "50%"),
        # What is no plain decimal must not pass for one.
        (45292, "yyyy/m/d", "45292 [yyyy/m/d]"),
        (123000, '0!.0,"万"', '123000 [0!.0,"万"]'),
        (1234567, "0,", "1234567 [0,]"),
        (5, "[DBNum1]General", "5 [[DBNum1]General]"),
        (5, "[>9]0;0.0", "5 [[>9]0;0.0]"),
        (2.5, "# ?/?", "2.5 [# ?/?]"),
        (3, "0.00E+00", "3 [0.00E+00]"),
    ],
)
def test_numbers_as_their_format_prints_them(number: float, code: str, text: str) -> None:
    assert shown(number, code) == text


def test_text_in_the_fourth_part_of_a_format() -> None:
    assert [shown_text("无", code) for code in ("@", "0;-0;0", "0;-0;0;@", '0;-0;0;"（"@"）"', ";;;")] == [
        "无",
        "无",
        "无",
        "（无）",
        "",
    ]


def cells_of(sheet: Any) -> None:
    values = [5, 0.1 + 0.2, "1,234", 0, datetime.date(2024, 1, 2), "#REF!", True, "=A1+1", "007"]
    codes = ["General", "General", "@", ACCOUNTING, "yyyy/m/d", "General", "General", "General", "@"]
    for column, (value, code) in enumerate(zip(values, codes, strict=True), 1):
        sheet.cell(1, column, value).number_format = code
        sheet.cell(2, column, "x")


def test_what_cells_print() -> None:
    assert texts(xlsx(cells_of))[0][0] == [
        "5", "0.3", "1,234", "-", "45293 [yyyy/m/d]", "#REF!", "TRUE", "=A1+1 (0 results)", "007",
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["0!.0000", '0"."0000', "0\\.0000"])
def test_a_point_that_is_no_decimal_point_is_not_followed(code: str) -> None:
    def fill(sheet: Any) -> None:
        cells_of(sheet)
        sheet.cell(1, 1, 251000).number_format = code

    assert texts(xlsx(fill))[0][0][0] == f"251000 [{code}]"


def test_a_cell_that_is_struck_out_is_a_remark() -> None:
    def fill(sheet: Any) -> None:
        cells_of(sheet)
        sheet.cell(1, 1, 32).font = Font(strike=True)

    assert texts(xlsx(fill))[0][0][0] == "(32)"


def test_what_cells_of_old_workbooks_print() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    values: list[object] = [5.0, 0.1 + 0.2, "1,234", 0, datetime.date(2024, 1, 2), True]
    for column, (value, code) in enumerate(
        zip(values, ["General", "General", "@", ACCOUNTING, "yyyy/m/d", "General"], strict=True)
    ):
        sheet.write(0, column, value, xlwt.easyxf(num_format_str=code))
    assert texts(read(saved(book))) == [[["5", "0.3", "1,234", "-", "45293 [yyyy/m/d]", "TRUE"]]]


def test_formatted_strings() -> None:
    def fill(sheet: Any) -> None:
        small, struck = InlineFont(vertAlign="superscript"), InlineFont(strike=True)
        sheet.append(["a", CellRichText("5", TextBlock(small, "1")), CellRichText("6", TextBlock(struck, "7"))])

    assert texts(xlsx(fill)) == [[["a", "5(1)", "6(7)"]]]
    book = xlwt.Workbook()
    raised, plain = xlwt.easyfont("escapement superscript"), xlwt.easyfont("")
    book.add_sheet("a").write_rich_text(0, 0, [("5", plain), ("1", raised), ("件", plain)])
    assert read(saved(book)).paragraphs == ["5(1)件"]


def hide(sheet: Any) -> None:
    for row in range(1, 5):
        for column in range(1, 5):
            sheet.cell(row, column, f"{row}{column}")
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True


def test_what_is_hidden_is_not_printed() -> None:
    assert texts(xlsx(hide)) == [[["11", "12", "14"], ["31", "32", "34"], ["41", "42", "44"]]]
    book = openpyxl.Workbook()
    hide(book.active)
    book.create_sheet("b").append(["hidden", "1", "2"])
    book["b"].sheet_state = "veryHidden"
    assert len(read(saved(book)).grids) == 1
    old = xlwt.Workbook()
    sheet = old.add_sheet("a")
    for row in range(3):
        for column in range(3):
            sheet.write(row, column, f"{row}{column}")
    sheet.row(1).hidden = True
    sheet.col(1).hidden = True
    old.add_sheet("b").write(0, 0, "hidden")
    old.get_sheet(1).visibility = 1
    assert texts(read(saved(old))) == [[["00", "02"], ["20", "22"]]]


def test_zeros_that_the_sheet_does_not_show() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["a", 0, 1])
        sheet.append(["b", 2, 3])
        sheet.sheet_view.showZeros = False

    assert texts(xlsx(fill)) == [[["a", "", "1"], ["b", "2", "3"]]]


def test_lines_and_tables() -> None:
    def fill(sheet: Any) -> None:
        rows = [
            [TITLE, None, None, "单位：件"],
            ["二、主动公开政府信息情况"],
            ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
            ["规章", None, None, None],
            ["行政规范性文件", 1, None, 3],
            [],
            ["第二十条第（八）项"],
            ["信息内容", "本年收费金额（单位：万元）"],
            ["行政事业性收费"],
            [],
            [None, None, "青禾县财政局"],
            [None, None, "2024年1月15日"],
        ]
        for number, row in enumerate(rows, 3):
            for column, value in enumerate(row, 2):
                sheet.cell(number, column, value)
        sheet.merge_cells("B9:E9")

    document = xlsx(fill)
    assert document.paragraphs == [
        TITLE, "单位：件", "二、主动公开政府信息情况", "第二十条第（八）项", "青禾县财政局", "2024年1月15日",
    ]  # fmt: skip
    assert texts(document) == [
        [
            ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
            ["规章", "", "", ""],
            ["行政规范性文件", "1", "", "3"],
        ],
        [["信息内容", "本年收费金额（单位：万元）"], ["行政事业性收费", ""]],
    ]


def test_merged_cells() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["项目", "数量", None, None])
        sheet.append([None, "本年", "上年", None])
        sheet.append(["受理", 1, None, None])
        sheet.append(["其他", 3, None, 4])
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:D1")
        sheet.merge_cells("C3:D3")

    (grid,) = xlsx(fill).grids
    assert [[(c.text, c.column, c.rowspan, c.colspan) for c in row] for row in grid.rows] == [
        [("项目", 0, 2, 1), ("数量", 1, 1, 3)],
        [("本年", 1, 1, 1), ("上年", 2, 1, 1), ("", 3, 1, 1)],
        [("受理", 0, 1, 1), ("1", 1, 1, 1), ("", 2, 1, 2)],
        [("其他", 0, 1, 1), ("3", 1, 1, 1), ("", 2, 1, 1), ("4", 3, 1, 1)],
    ]


def test_a_label_in_a_frame_is_a_row_of_empty_cells() -> None:
    side = Side(style="thin")

    def fill(sheet: Any) -> None:
        sheet.append(["指标", "数量"])
        sheet.append(["甲", 1])
        sheet.append(["乙"])
        sheet["B3"].border = Border(left=side, right=side, top=side, bottom=side)
        sheet.append(["填表人"])

    document = xlsx(fill)
    assert texts(document) == [[["指标", "数量"], ["甲", "1"], ["乙", ""]]]
    assert document.paragraphs == ["填表人"]


def test_sheets_longer_than_any_report_are_cut() -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in range(30_000):
        sheet.append([f"行{row}", row])
    (reading,) = extract(Capture(saved(book)))
    assert "more cells than are read" in (reading.reason or "")


def test_remarks_formulas_and_zeros_of_excel_2003_xml() -> None:
    name, html = "urn:schemas-microsoft-com:office:spreadsheet", "http://www.w3.org/TR/REC-html40"
    data = '<Cell><ss:Data ss:Type="String" xmlns="{}">{}</ss:Data></Cell>'
    marked = "".join(data.format(html, f"5<{tag}>1</{tag}>") for tag in ("Sup", "Sub", "S"))
    plain = '<Cell ss:Formula="=A1+1"/><Cell><Data ss:Type="Number">0</Data></Cell>'
    rows = f"<Row>{marked}</Row><Row>{plain}<Cell><Data ss:Type='Number'>6</Data></Cell></Row>"
    options = "<WorksheetOptions><DoNotDisplayZeros/></WorksheetOptions>"
    sheets = f"<Worksheet><Table>{rows}</Table>{options}</Worksheet>"
    document = read(f'<?xml version="1.0"?><Workbook xmlns="{name}" xmlns:ss="{name}">{sheets}</Workbook>'.encode())
    assert texts(document) == [[["5(1)", "5(1)", "5(1)"], ["=A1+1 (0 results)", "", "6"]]]


def test_excel_2003_xml() -> None:
    name = "urn:schemas-microsoft-com:office:spreadsheet"

    def cell(value: str, kind: str = "String", more: str = "") -> str:
        return f'<Cell {more}><Data ss:Type="{kind}">{value}</Data></Cell>'

    merged, tall, percent, second = 'ss:MergeAcross="2"', 'ss:MergeDown="1"', 'ss:StyleID="p"', 'ss:Index="2"'
    rows = f"<Row>{cell(TITLE, more=merged)}</Row>"
    rows += f"<Row ss:Index='3'>{cell('甲', more=tall)}{cell('5', 'Number')}{cell('0.5', 'Number', percent)}</Row>"
    rows += f"<Row>{cell('6', 'Number', second)}{cell('7', 'Number')}</Row><Row ss:Hidden='1'>{cell('9')}</Row>"
    styles = '<Styles><Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style></Styles>'
    sheets = f"<Worksheet><Table>{rows}</Table></Worksheet>"
    book = f'<Workbook xmlns="{name}" xmlns:ss="{name}">{styles}{sheets}</Workbook>'
    document = read(f'<?xml version="1.0"?>{book}'.encode())
    assert document.paragraphs == [TITLE]
    assert texts(document) == [[["甲", "5", "50.00%"], ["6", "7"]]]

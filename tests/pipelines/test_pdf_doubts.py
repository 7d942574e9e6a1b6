"""What stands on a page of a PDF beside its text: watermarks, corrections, fields, and columns that are no form's."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from reportlab.lib.colors import black, lightgrey, white
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipelines import Capture, extract
from pipelines.model import Reading
from tests.pipelines.damaged_tables import sure

FONT = "STSong-Light"
TITLE = "青溪市水务局2023年政府信息公开工作年度报告"
LICENSING = "active_disclosure.administrative_licensing.decisions_this_year"
PUNISHMENT = "active_disclosure.administrative_punishment.decisions_this_year"
LEFT, MIDDLE, RIGHT, HEIGHT = 60, 300, 530, 20

Draw = Callable[[Canvas, float], None]
"""Draws over the row of 行政许可, which begins at this height."""


def page(licensing: str, draw: Draw | None = None, *, scale: float = 1, ruled: bool = True, head: str = "") -> Reading:
    """The reading of a page with two blocks of table 2; `head` is that of one more column."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595 * scale, 842 * scale))
    canvas.scale(scale, scale)
    canvas.setFont(FONT, 9)
    canvas.drawCentredString(297, 800, TITLE)
    canvas.drawString(LEFT, 770, "二、主动公开政府信息情况")
    heads = ("信息内容", "本年处理决定数量", head)
    rows = [("第二十条第（五）项",), heads, ("行政许可", licensing), ("第二十条第（六）项",), heads]
    rows += [("行政处罚", "1224"), ("行政强制", "33")]
    top = 750.0
    for row in rows:
        if ruled:
            canvas.rect(LEFT, top - 6, RIGHT - LEFT, HEIGHT)
            for between in (MIDDLE, RIGHT - 80) if len(row) > 1 and head else (MIDDLE,) if len(row) > 1 else ():
                canvas.line(between, top - 6, between, top - 6 + HEIGHT)
        places = (LEFT + 40, (MIDDLE + RIGHT) / 2 - 60, RIGHT - 40) if len(row) > 1 else (297,)
        for place, text in zip(places, row, strict=False):
            canvas.drawCentredString(place, top, text)
        if row[0] == "行政许可" and draw is not None:
            draw(canvas, top)
        top -= HEIGHT
    canvas.drawString(LEFT, top - 20, "三、存在的问题。无。")
    canvas.save()
    (reading,) = extract(Capture(file.getvalue()))
    assert reading.report, reading.reason
    return reading


@pytest.mark.parametrize("size", [9, 14, 24])
def test_a_watermark_is_no_figure(size: int) -> None:
    def watermark(canvas: Canvas, top: float) -> None:
        canvas.saveState()
        canvas.setFillColor(lightgrey)
        canvas.translate(MIDDLE + 20, top - 30)
        canvas.rotate(30)
        canvas.setFont(FONT, size)
        canvas.drawString(0, 0, "王五 20240115 王五 20240115")
        canvas.restoreState()

    assert sure(page("243", watermark))[LICENSING] == 243
    (blank,) = [cell for cell in page("", watermark).cells if cell.figure == LICENSING]
    assert (blank.value, blank.state) == (None, "blank")


@pytest.mark.parametrize("aside", [0, 0.6, 3, -3])
def test_a_number_over_another_is_not_read(aside: float) -> None:
    def correct(canvas: Canvas, top: float) -> None:
        canvas.setFillColor(white)
        canvas.rect(MIDDLE + 10, top - 3, 200, 12, stroke=0, fill=1)
        canvas.setFillColor(black)
        canvas.drawCentredString((MIDDLE + RIGHT) / 2 - 60 + aside, top, "35")

    assert LICENSING not in sure(page("32", correct))
    assert sure(page("32"))[LICENSING] == 32


def test_type_that_is_printed_twice_is_one() -> None:
    def again(canvas: Canvas, top: float) -> None:
        canvas.drawCentredString((MIDDLE + RIGHT) / 2 - 60 + 0.4, top, "1224")

    assert sure(page("1224", again))[LICENSING] == 1224


@pytest.mark.parametrize("scale", [1, 0.5, 0.35])
def test_equal_digits_side_by_side_are_two_on_a_small_page(scale: float) -> None:
    assert (found := sure(page("11", scale=scale)))[LICENSING] == 11
    assert found[PUNISHMENT] == 1224


def test_a_field_of_a_form_is_printed() -> None:
    def field(canvas: Canvas, top: float) -> None:
        canvas.acroForm.textfield(name="a", value="2021", x=MIDDLE + 30, y=top - 4, width=60, height=14, fontSize=8)

    assert sure(page("", field))[LICENSING] == 2021


@pytest.mark.parametrize("ruled", [True, False])
def test_last_years_column_is_not_this_years(*, ruled: bool) -> None:
    def last_years(canvas: Canvas, top: float) -> None:
        canvas.drawCentredString(RIGHT - 40, top, "17")

    assert LICENSING not in sure(page("", last_years, ruled=ruled, head="上年数"))

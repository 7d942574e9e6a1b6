"""Rows around a page break of a printed table: halves of one row are put together, two rows never."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipelines import Capture, extract
from pipelines.forms.definitions import load_forms

_FONT = "STSong-Light"
_EDGES = (40, 380, 430, 480, 550)
_HEIGHT = 20


def _printed(pages: list[list[tuple[str, ...]]], edges: tuple[int, ...] = _EDGES) -> bytes:
    """A PDF with one ruled table a page."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(595, 842))
    for number, rows in enumerate(pages):
        top = 740 if number == 0 else 800
        canvas.setFont(_FONT, 9)
        if number == 0:
            canvas.drawString(150, 790, "青溪市水务局2015年政府信息公开工作年度报告")
            canvas.drawString(200, 765, "政府信息公开情况统计表")
        for row in rows:
            canvas.line(edges[0], top, edges[-1], top)
            for left, right, text in zip(edges, edges[1:], row, strict=False):
                canvas.line(left, top, left, top - _HEIGHT)
                canvas.line(right, top, right, top - _HEIGHT)
                canvas.drawString(left + 3, top - 14, text)
            top -= _HEIGHT
        canvas.line(edges[0], top, edges[-1], top)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _statistics() -> list[tuple[str, ...]]:
    """The rows of 2014 with a column of codes; a heading has a code too, but neither unit nor number."""
    (block,) = (block for block in load_forms()["f2014"].blocks if block.is_list)
    rows = []
    for code, row in enumerate(block.rows, 1):
        label = f"{row.number.split('）')[0] + '）' if '（' in row.number else row.number + '、'}{row.text}"[:36]
        filled = ("", f"{code:02d}", "") if row.is_group else (row.unit or "件", f"{code:02d}", str(100 + code))
        rows.append((label, *filled))
    return rows


@pytest.mark.parametrize("heading", [11, 21, 62])
def test_a_heading_overleaf_is_not_the_end_of_the_row_above(heading: int) -> None:
    rows = _statistics()
    assert not rows[heading - 1][-1]
    head = ("统计指标", "单位", "编号", "统计数")
    starts = [0, *(n for n in (30, heading - 1) if n <= heading - 1)]
    pages = [rows[begin:end] for begin, end in zip(starts, [*starts[1:], len(rows)], strict=True)]
    pages = [part[n : n + 30] for part in pages for n in range(0, len(part), 30)]
    pages[0] = [head, *pages[0]]
    (reading,) = extract(Capture(_printed(pages)))
    printed = sorted(Decimal(row[-1]) for row in rows if row[-1])
    assert sorted(value for value in reading.figures.values() if value is not None) == printed
    assert not reading.indicators


@pytest.mark.parametrize(("above", "below"), [("120", "1"), ("1", "2"), ("20", "21")])
def test_a_number_cut_by_the_break_goes_on_beside_the_rest_of_its_label(above: str, below: str) -> None:
    """（三） stands above the break and 不予公开 below it, as 1 does of 1201."""
    pages: list[list[tuple[str, ...]]] = [
        [
            ("一、本年新收政府信息公开申请数量", "", "0", "0", "0", "1203", "0", "0", "1203"),
            ("二、上年结转政府信息公开申请数量", "", "0", "0", "0", "5", "0", "0", "5"),
            ("（一）", "予以公开", "0", "0", "0", "2", "0", "0", "2"),
            ("（三）", "1.属于国家秘密", "0", "0", "0", above, "0", "0", above),
        ],
        [
            ("不予公开", "", "", "", "", below, "", "", below),
            ("2.其他法律行政法规禁止公开", "", "0", "7", "0", "0", "0", "0", "7"),
            ("四、结转下年度继续办理", "", "0", "0", "0", "5", "0", "0", "5"),
        ],
    ]
    (reading,) = extract(Capture(_printed(pages, (20, 180, 300, 340, 380, 420, 460, 500, 540, 580))))
    row = "applications.denied_state_secret."
    assert reading.figures[row + "social_welfare_organization"] == int(above + below)
    assert reading.figures[row + "total"] == int(above + below)
    assert reading.figures["applications.denied_other_law.commercial_enterprise"] == 7


def test_label_and_number_of_a_row_are_both_cut_by_the_break() -> None:
    pages: list[list[tuple[str, ...]]] = [
        [
            ("一、本年新收政府信息公开申请数量", "", "0", "0", "0", "1059", "0", "0", "1059"),
            ("（一）", "予以公开", "0", "0", "0", "2", "0", "0", "2"),
            ("2.其他法律行政法规禁止公开", "", "0", "7", "0", "0", "0", "0", "7"),
            ("（四）无", "1.本机关不掌握相关政", "0", "0", "0", "97", "956", "0", "105"),
        ],
        [
            ("法提供", "府信息", "", "", "", "", "", "", "3"),
            ("2.没有现成信息需要另行制作", "", "5", "0", "0", "0", "0", "0", "5"),
        ],
    ]
    (reading,) = extract(Capture(_printed(pages, (20, 180, 300, 340, 380, 420, 460, 500, 540, 580))))
    assert reading.figures["applications.unable_not_held.total"] == 1053
    assert reading.figures["applications.unable_needs_creation.natural_person"] == 5

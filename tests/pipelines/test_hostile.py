"""Input that is made to hurt: bounded time and memory, nothing raised, and what was cut is said."""

from __future__ import annotations

import time

import pytest

from pipelines import Capture, extract

TITLE = "<meta charset=utf-8><h1>青禾县财政局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p>"
CELL = "<td rowspan=1000000000 colspan=1000000000>1</td>"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("deep", TITLE + "<div>" * 100_000),
        ("deep tables", TITLE + "<table><tr><td>" * 5_000),
        ("spans", TITLE + f"<table>{f'<tr>{CELL * 20}</tr>' * 300}</table>"),
        ("many cells", TITLE + "<table>" + "<tr><td>1</td><td>2</td><td>3</td></tr>" * 100_000),
        ("one long line", TITLE + "统计期限自2023年1月" * 100_000),
        (
            "digits",
            TITLE + f"<p>一、本年新收政府信息公开申请数量{'1' * 20_000}二、上年结转政府信息公开申请数量</p>" * 3,
        ),
        ("brackets", "（" * 200_000),
        ("pinyin", "據(jù)規(guī)發(fā)區(qū)" * 40_000),
        ("pipes", "|" * 500_000),
        ("tabs", "a\t" * 200_000),
        ("nothing", "\x00" * 100),
        ("surrogates", "<p>&#xD800;&#x110000;&#0;&#x85;</p>"),
    ],
)
def test_hostile_input(name: str, body: str) -> None:
    start = time.monotonic()
    readings = extract(Capture(body.encode("utf-8", "surrogatepass")))
    assert time.monotonic() - start < 20, name  # 5 seconds on an idle machine
    assert readings
    assert all(reading.report or reading.reason for reading in readings)


def test_what_the_parser_cut_is_said() -> None:
    (deep,) = extract(Capture((TITLE + "<div>" * 5_000 + "<p>x</p>").encode()))
    assert "nested deeper" in (deep.reason or "") or "parse_truncated" in {issue.code for issue in deep.issues}
    (wide,) = extract(Capture((TITLE + f"<table>{'<tr><td>a</td><td>1</td></tr>' * 15_000}</table>").encode()))
    assert "more cells than are read" in (wide.reason or "") or "table_cut" in {issue.code for issue in wide.issues}

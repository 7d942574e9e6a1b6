"""Input that is made to hurt: bounded time and memory, nothing raised, one line of reason, and what was cut is said.

Everything is read in a process of its own, so that its memory is that of one document.
"""

from __future__ import annotations

import gzip
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

from pipelines import Capture, extract
from tests.cost import Cost, cost_of

TITLE = "<meta charset=utf-8><h1>青禾县财政局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p>"
PLAIN = "青禾县财政局2023年政府信息公开工作年度报告\n一、总体情况\n"
CELL = "<td rowspan=1000000000 colspan=1000000000>1</td>"
RECEIVED = "一、本年新收政府信息公开申请数量"
MB = 1024 * 1024

PAGES = {
    "deep": TITLE + "<div>" * 100_000,
    "deep tables": TITLE + "<table><tr><td>" * 5_000,
    "deep rows": TITLE + "<table>" + "<form>" * 20_000 + "<tr>" + "<span>" * 20_000 + "<td>1<td>2",
    "rows far from their table": TITLE + "<table>" + "<b>" * 1_900 + "<tr><td>a<p>b" * 60_000,
    "rows below a wall": TITLE + f"<table>{'<tr><td rowspan=1000000>1' * 100_000}",
    "spans": TITLE + f"<table>{f'<tr>{CELL * 20}</tr>' * 300}</table>",
    "many cells": TITLE + "<table>" + "<tr><td>1</td><td>2</td><td>3</td></tr>" * 100_000,
    "a million empty cells": TITLE + "<table><tr>" + "<td></td>" * 1_000_000,
    "a million rows": TITLE + "<table>" + "<tr><td>" * 1_000_000,
    "landmarks": TITLE + "<div>" * 240 + "<p>一、概述</p>" * 30_000,
    "misprints": TITLE + "".join(f"<table><tr><td>{RECEIVED}{chr(0x4E00 + n)}</td><td>1" for n in range(8_000)),
    "one long line": TITLE + "统计期限自2023年1月" * 100_000,
    "long attribute": TITLE + f"<p title='{'政' * 4_000_000}'>x</p>",
    "attributes": TITLE + "<p " + "a=1 " * 300_000 + ">x</p>",
    "digits": TITLE + f"<p>{RECEIVED}{'1' * 20_000}二、上年结转政府信息公开申请数量</p>" * 3,
    "brackets": "（" * 200_000,
    "pinyin": "據(jù)規(guī)發(fā)區(qū)" * 40_000,
    "surrogates": "<p>&#xD800;&#x110000;&#0;&#x85;</p>",
    "open comment": TITLE + "<!--" + "<table><tr><td>1" * 100_000,
}
TEXTS = {
    "pipes": "|" * 500_000,
    "tabs": "a\t" * 200_000,
    "label lines": PLAIN + f"{RECEIVED} 1 2 3 4 5 6 21\n" * 100_000,
    "value lines": PLAIN + "0\n" * 1_000_000,
    "cell lines": PLAIN + "0 |\n" * 500_000,
    "glued": PLAIN + f"{RECEIVED}71300007428801二、上年结转政府信息公开申请数量00000000（一）予以公开135001110" * 1_500,
    "nothing": "\x00" * 100,
    "zeros between": "\x00".join(PLAIN),
}
BODIES = {
    **{name: body.encode("utf-8", "surrogatepass") for name, body in (PAGES | TEXTS).items()},
    "empty": b"",
    "blank": b" \r\n\t" * 10_000,
    "binary named .html": bytes(range(256)) * 4_000,
    "gzip named .html": gzip.compress(TITLE.encode()),
    "a line of 30 MB": b"1 " * (15 * MB),
    "a page of 15 MB": TITLE.encode() + b"<td>1" * (3 * MB),
    "references of 15 MB": TITLE.encode() + b"&#49;" * (3 * MB),
    "half a character": TITLE.encode() + b"\xe4\xb8",
    "no characters": b"\xff\xfe" * 50_000,
}


def _read(body: bytes, name: str) -> Cost[list[tuple[bool, str, int]]]:
    def read() -> list[tuple[bool, str, int]]:
        readings = extract(Capture(body, url=f"file:///{name}.html"))
        return [(reading.report, reading.reason or "", len(reading.issues)) for reading in readings]

    return cost_of(read)


@pytest.fixture(scope="module")
def child() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=8) as pool:
        yield pool


@pytest.mark.parametrize("name", BODIES)
def test_hostile_input(name: str, child: ProcessPoolExecutor) -> None:
    cost = child.submit(_read, BODIES[name], name).result()
    assert cost.seconds < 5
    assert cost.megabytes < 500
    assert cost.result
    for report, reason, issues in cost.result:
        assert issues if report else reason and reason.isprintable() and len(reason) < 300


@pytest.mark.parametrize("name", ["rows far from their table", "rows below a wall"])
def test_work_grows_with_the_page_and_not_with_its_square(name: str, child: ProcessPoolExecutor) -> None:
    cost = child.submit(_read, BODIES[name], name).result()
    assert all("seconds" not in reason for _, reason, _ in cost.result)


def test_what_the_parser_cut_is_said() -> None:
    (deep,) = extract(Capture((TITLE + "<div>" * 5_000 + "<p>x</p>").encode()))
    assert "nested deeper" in (deep.reason or "") or "parse_truncated" in {issue.code for issue in deep.issues}
    (wide,) = extract(Capture((TITLE + f"<table>{'<tr><td>a</td><td>1</td></tr>' * 15_000}</table>").encode()))
    assert "more cells than are read" in (wide.reason or "") or "table_cut" in {issue.code for issue in wide.issues}
    (long,) = extract(Capture((PLAIN + "无。\n" * 50_000).encode()))
    assert "not all was read" in (long.reason or "") or "document_cut" in {issue.code for issue in long.issues}

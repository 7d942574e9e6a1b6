"""The statistics form of 2014 and local indicators from a page to the views: ids, form, flags, numbers as printed."""

from __future__ import annotations

import random

from archive_samples import column, keep, one

from archive.store import Archive
from pipelines import Capture, extract
from pipelines.model import Reading
from tests.pipelines.statistics_samples import filled, page, table, truth
from tests.pipelines.statistics_shapes import HEAD, cells

URL = "https://www.example.gov.cn/2016.html"
LOCAL = [
    ["指标名称", "计量单位", "2011年度", "历年累计"],
    ["主动公开信息数", "条", "12", ""],
    ["收取费用", "元", "3.5", "7"],
]


def read(body: bytes) -> Reading:
    (reading,) = extract(Capture(body, URL))
    return reading


def test_the_form_of_2014(archive: Archive) -> None:
    values = truth(random.Random(1)) | {"staff_total": "99999", "budget": "0.08", "complaints": ""}
    body = page(table([HEAD, *cells(filled(values))]))
    stored = archive.store(read(body), keep(archive, URL, body.decode()), trust="official", portal_id="p")
    assert stored.outcome == "new"
    assert one(archive, "SELECT agency, year, form FROM reports") == ("青禾县财政局", 2016, "f2014")
    figures = dict(archive.db.execute("SELECT figure, value FROM figures").fetchall())
    assert figures == {f"statistics.{id_}": float(value) if value else None for id_, value in values.items()}
    assert one(archive, "SELECT value, unit, state FROM figures WHERE figure = 'statistics.budget'") == (
        0.08, "万元", "number",
    )  # fmt: skip
    assert one(archive, "SELECT state, raw FROM figures WHERE figure = 'statistics.complaints'") == ("blank", "")
    flagged = column(archive, "SELECT DISTINCT figure FROM figures WHERE flag = 'c14_staff'")
    assert sorted(flagged) == ["statistics.staff_full_time", "statistics.staff_part_time", "statistics.staff_total"]
    assert one(archive, "SELECT block, form FROM report_forms") == ("statistics", "f2014")
    definition = one(archive, "SELECT unit, forms FROM figure_definitions WHERE figure = 'statistics.budget'")
    assert definition == ("万元", "f2014")
    again = archive.store(read(body), keep(archive, URL, body.decode()), trust="official", portal_id="p")
    assert again.outcome == "unchanged"


def test_local_indicators(archive: Archive) -> None:
    body = page(table(LOCAL), title="青禾县财政局2011年政府信息公开工作年度报告")
    archive.store(read(body), keep(archive, URL, body.decode()), trust="official", portal_id="p")
    assert one(archive, "SELECT year, form, review FROM reports") == (2011, "other", None)
    rows = archive.db.execute("SELECT label, unit, column_label, value, typeof(value), raw FROM indicators").fetchall()
    assert rows == [
        ("主动公开信息数", "条", "2011年度", 12, "integer", "12"),
        ("主动公开信息数", "条", "历年累计", None, "null", ""),
        ("收取费用", "元", "2011年度", 3.5, "real", "3.5"),
        ("收取费用", "元", "历年累计", 7, "integer", "7"),
    ]
    sections = archive.db.execute("SELECT number, heading FROM sections ORDER BY position").fetchall()
    assert sections[-1] == (4, "四、存在的主要问题和改进措施")

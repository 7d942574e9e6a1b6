"""Which body a name means: places are kept apart, and copies of one body together."""

from __future__ import annotations

import pytest
from archive_samples import column, dump, one, reading, visit

from archive.agencies import same_place
from archive.store import Archive

TOWN = "城关镇人民政府"


@pytest.mark.parametrize(
    ("name", "one", "other", "same"),
    [
        (TOWN, "620122", "620123", False),
        (TOWN, "620122", "620122001", True),
        (TOWN, "620122", None, True),
        (TOWN, "", "620123", True),
        ("教育局", "620100", "620122", False),
        ("市市场监督管理局", "620100", "630100", False),
        ("城市管理局", "620100", "630100", False),
        ("县城市管理局", "620122", "620123", False),
        ("红旗街道办事处", "620122", "620123", False),
        ("经济技术开发区管委会", "620100", "630100", False),
        ("鼓楼区教育局", "320106", "350102", False),
        ("鼓楼区教育局", "320106", "320100", True),
        ("兰州市教育局", "620100", "620000", True),
        ("盐城市教育局", "320900", "320000", True),
        ("盐城市城市管理局", "320900", "320000", True),
        ("北京市民政局", "110000", "110101", True),
        ("乾县城关镇人民政府", "610424", "610400", True),
        ("甘肃省教育厅", "620000", "100000", True),
        ("科尔沁右翼前旗人民政府", "152221", "152200", True),
    ],
)
def test_what_a_name_says_about_its_place(name: str, one: str | None, other: str | None, same: bool) -> None:
    assert same_place(name, one, other) is same
    assert same_place(name, other, one) is same


def test_towns_of_one_name_in_two_counties_are_two_bodies(archive: Archive) -> None:
    here = {"portal_id": "yongdeng", "division_code": "620121"}
    there = {"portal_id": "gaolan", "division_code": "620122"}
    assert visit(archive, reading(1, agency=TOWN), "https://a.gov.cn/", **here).outcome == "new"
    assert visit(archive, reading(2, agency=TOWN), "https://b.gov.cn/", **there).outcome == "new"
    assert visit(archive, reading(1, agency=TOWN), "https://a.gov.cn/", **here).outcome == "unchanged"
    assert visit(archive, reading(2, agency=TOWN), "https://b.gov.cn/", **there).outcome == "unchanged"
    assert archive.db.execute("SELECT agency, agency_printed FROM reports ORDER BY report_id").fetchall() == [
        (TOWN, TOWN),
        (f"{TOWN}（gaolan）", TOWN),
    ]
    assert archive.db.execute("SELECT code, level, agency FROM open_issues").fetchall() == [
        ("agency_ambiguous", "warning", f"{TOWN}（gaolan）")
    ]
    before = dump(archive, "captures", "report_captures")
    visit(archive, reading(2, agency=TOWN), "https://b.gov.cn/", **there)
    assert dump(archive, "captures", "report_captures") == before


def test_without_a_portal_the_division_tells_them_apart(archive: Archive) -> None:
    for n, code in enumerate(("620121", "620122", "620123")):
        visit(archive, reading(n, agency=TOWN), f"https://{n}.gov.cn/", portal_id=None, division_code=code)
    assert column(archive, "SELECT name FROM agencies ORDER BY agency_id") == [
        TOWN,
        f"{TOWN}（620122）",
        f"{TOWN}（620123）",
    ]


def test_one_portal_with_two_divisions(archive: Archive) -> None:
    for n, code in enumerate(("620121", "620122", "620123")):
        visit(archive, reading(n, agency=TOWN), f"https://{n}.gov.cn/", portal_id="city", division_code=code)
    assert column(archive, "SELECT name FROM agencies ORDER BY agency_id") == [
        TOWN,
        f"{TOWN}（city）",
        f"{TOWN}（620123）",
    ]


def test_a_copy_goes_by_name_and_year_whatever_its_portal_says(archive: Archive) -> None:
    visit(archive, reading(agency=TOWN), "https://a.gov.cn/", division_code="620121")
    copy = {"trust": "mirror", "portal_id": "m", "division_code": "110000"}
    assert visit(archive, reading(agency=TOWN), "https://m.example.com/", **copy).outcome == "mirror"
    assert one(archive, "SELECT division_code, portal_id FROM agencies") == ("620121", "p")


def test_a_copy_joins_the_namesake_that_has_the_year(archive: Archive) -> None:
    visit(archive, reading(agency=TOWN, year=2022), "https://a.gov.cn/", portal_id="a", division_code="620121")
    visit(archive, reading(agency=TOWN, year=2023), "https://b.gov.cn/", portal_id="b", division_code="620122")
    stored = visit(archive, reading(agency=TOWN, year=2023), "https://m.example.com/", trust="mirror", portal_id="m")
    assert (stored.report_id, stored.outcome) == (2, "mirror")


def test_where_a_body_is_is_learnt_from_the_first_official_portal(archive: Archive) -> None:
    visit(archive, reading(agency=TOWN), "https://m.example.com/", trust="mirror", portal_id="m", division_code="1")
    assert one(archive, "SELECT division_code, portal_id FROM agencies") == (None, None)
    visit(archive, reading(agency=TOWN), "https://a.gov.cn/", portal_id="a", division_code="620121")
    assert one(archive, "SELECT name, division_code, portal_id FROM agencies") == (TOWN, "620121", "a")

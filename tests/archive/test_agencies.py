"""Which body a name means: places are kept apart, forms of one name together, and doubts are said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from archive_samples import AGENCY, column, dump, one, reading, visit

from archive.agencies import describing
from archive.reading import reading as open_for_reading
from archive.store import Archive

TOWN = "城关镇人民政府"
AGENCIES = "SELECT agency, agency_printed FROM reports ORDER BY report_id"
ISSUES = "SELECT code, level, agency FROM open_issues WHERE code LIKE 'agency%' ORDER BY issue_id"


def file(archive: Archive, name: str, code: str | None, portal: str | None, year: int = 2023, **how: object) -> int:
    """Files a report under that name, from a portal of that division; returns the id of the agency."""
    url = f"https://{portal}.gov.cn/{year}/{name}"
    received = how.pop("received", 12)
    read = reading(received, agency=name, year=year)  # type: ignore[arg-type]
    report = visit(archive, read, url, **{"portal_id": portal, "division_code": code, **how}).report_id
    return int(one(archive, "SELECT agency_id FROM report_revisions WHERE report_id = ?", report)[0])


class TestOneBody:
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            (("鼓楼区教育局", "320106"), ("江苏省南京市鼓楼区教育局", "320106")),
            (("鼓楼区教育局", "320106"), ("江苏省南京市鼓楼区教育局", None)),
            (("教育局", "320106"), ("鼓楼区教育局", "320100")),
            (("南京市教育局", None), ("市教育局", "320106")),
            (("江苏教育厅", None), ("江苏省教育厅", "320000")),
            (("积石山县财政局", "622927"), ("积石山保安族东乡族撒拉族自治县财政局", None)),
            (("永登县城关镇", "620121"), (TOWN, "620121100")),
            (("通州区中仓街道", "110112001"), ("北京市通州区中仓街道办事处", None)),
            (("兰州市政府办公室", "620100"), ("兰州市人民政府办公室", None)),
            (("南京市发改委", "320100"), ("南京市发展和改革委员会", None)),
            (("兰州新区管委会", "620171"), ("兰州新区管理委员会", "620100")),
            (("云泽市公安局", "620100"), ("云泽市公安局", "630100")),
        ],
    )
    def test_two_names_of_it(
        self, archive: Archive, first: tuple[str, str | None], second: tuple[str, str | None]
    ) -> None:
        both = [file(archive, *first, "a", 2022), file(archive, *second, "b", 2023)]
        assert both == [1, 1]
        assert column(archive, "SELECT DISTINCT agency FROM reports") == [first[0]]
        assert archive.db.execute(ISSUES).fetchall() == []
        assert archive.db.execute("SELECT name, portal_id, first_year FROM agency_names ORDER BY 3").fetchall() == [
            (first[0], "a", 2022),
            (second[0], "b", 2023),
        ]

    def test_its_place_stands_in_every_view(self, archive: Archive) -> None:
        file(archive, AGENCY, None, "p")
        place = (1, "620102", "甘肃省", "兰州市", "城关区", "county", "department")
        for view in ("reports", "applications", "panel", "figures"):
            sql = f"SELECT DISTINCT agency_id, division_code, province, city, county, level, kind FROM {view}"
            assert archive.db.execute(sql).fetchall() == [place]

    def test_a_name_keeps_its_years_and_where_it_stood(self, archive: Archive) -> None:
        for year in (2021, 2019, 2023):
            file(archive, AGENCY, "620102", "p", year)
        assert archive.db.execute("SELECT * FROM agency_names").fetchall() == [
            (1, AGENCY, "title", "p", "620102", 2019, 2023)
        ]


class TestTwoBodies:
    @pytest.mark.parametrize(
        ("name", "one_code", "other_code"),
        [
            (TOWN, "620121", "620122"),
            (TOWN, "620121", "620123"),
            ("教育局", "620100", "620121"),
            ("市市场监督管理局", "620100", "630100"),
            ("城市管理局", "620100", "630100"),
            ("县城市管理局", "620122", "620123"),
            ("红旗街道办事处", "620122", "620123"),
            ("经济技术开发区管委会", "620100", "630100"),
            ("鼓楼区教育局", "320106", "350102"),
            ("鼓楼区教育局", "320100", "350100"),
        ],
    )
    def test_one_name(self, archive: Archive, name: str, one_code: str, other_code: str) -> None:
        both = [file(archive, name, one_code, "a"), file(archive, name, other_code, "b")]
        again = [file(archive, name, one_code, "a"), file(archive, name, other_code, "b")]
        assert both == again == [1, 2]
        (first, second) = column(archive, "SELECT name FROM agencies ORDER BY agency_id")
        assert first == name
        assert second.startswith(f"{name}（")
        assert archive.db.execute(ISSUES).fetchall() == [("agency_ambiguous", "info", second)]

    def test_towns_that_are_called_as_if_they_were_a_county(self, archive: Archive) -> None:
        first, second = (file(archive, "旧县镇人民政府", code, code) for code in ("410300", "340000"))
        assert first != second

    @pytest.mark.parametrize("name", ["本县教育局", "全县教育局", "各县区教育局"])
    def test_words_for_a_county_are_no_name_of_one(self, archive: Archive, name: str) -> None:
        assert file(archive, name, "620121", "a") != file(archive, name, "330122", "b")

    def test_the_second_bears_its_place(self, archive: Archive) -> None:
        file(archive, TOWN, "620121", "yongdeng")
        file(archive, TOWN, "620122", "gaolan")
        assert archive.db.execute(AGENCIES).fetchall() == [(TOWN, TOWN), (f"{TOWN}（甘肃省兰州市皋兰县）", TOWN)]
        assert archive.db.execute(ISSUES).fetchall() == [("agency_ambiguous", "info", f"{TOWN}（甘肃省兰州市皋兰县）")]
        before = dump(archive, "captures", "report_captures", "report_readings")
        file(archive, TOWN, "620122", "gaolan")
        assert dump(archive, "captures", "report_captures", "report_readings") == before


class TestDoubts:
    def test_a_town_of_a_city_and_one_of_a_county_in_it_may_be_one(self, archive: Archive) -> None:
        assert [file(archive, TOWN, "620121", "county"), file(archive, TOWN, "620100", "city")] == [1, 2]
        (message,) = column(archive, "SELECT message FROM open_issues WHERE code = 'agency_doubtful'")
        assert message == (
            f"{TOWN}（甘肃省兰州市） (2) may be {TOWN} (1): both print {TOWN}, and the place of one is not proved"
        )

    def test_portals_without_a_division_prove_nothing(self, archive: Archive) -> None:
        assert [file(archive, TOWN, None, "a"), file(archive, TOWN, None, "b")] == [1, 2]
        assert file(archive, TOWN, None, "a", 2022) == 1
        assert archive.db.execute(ISSUES).fetchall() == [
            ("agency_doubtful", "warning", f"{TOWN}（b）"),
            ("agency_doubtful", "warning", TOWN),
        ]

    def test_a_division_that_is_learnt_later_is_taken(self, archive: Archive) -> None:
        assert [file(archive, TOWN, None, "a", 2022), file(archive, TOWN, "620121", "a", 2023)] == [1, 1]
        assert one(archive, "SELECT division_code, county FROM agencies") == ("620121100", "永登县")
        assert file(archive, TOWN, None, "a", 2024) == 1

    def test_one_portal_with_two_divisions(self, archive: Archive) -> None:
        assert [file(archive, TOWN, code, "city") for code in ("620121", "620122", "620123")] == [1, 2, 3]


class TestCopies:
    def test_a_copy_goes_by_name_and_year_whatever_its_portal_says(self, archive: Archive) -> None:
        visit(archive, reading(agency=TOWN), "https://a.gov.cn/", division_code="620121")
        copy = {"trust": "mirror", "portal_id": "m", "division_code": "110000"}
        assert visit(archive, reading(agency=TOWN), "https://m.example.com/", **copy).outcome == "mirror"
        assert one(archive, "SELECT division_code, portal_id FROM agencies") == ("620121100", "p")

    def test_a_copy_joins_the_namesake_that_has_the_year(self, archive: Archive) -> None:
        visit(archive, reading(agency=TOWN, year=2022), "https://a.gov.cn/", portal_id="a", division_code="620121")
        visit(archive, reading(agency=TOWN, year=2023), "https://b.gov.cn/", portal_id="b", division_code="620122")
        stored = visit(archive, reading(agency=TOWN, year=2023), "https://m.example.com/", trust="mirror")
        assert (stored.report_id, stored.outcome) == (2, "mirror")

    def test_a_copy_on_a_year_that_no_namesake_reports_on_may_be_of_anywhere(self, archive: Archive) -> None:
        here = file(archive, "教育局", "620121", "a")
        copies = [file(archive, "教育局", None, "m", year, trust="mirror") for year in (2019, 2020)]
        assert copies[0] == copies[1] != here
        assert column(archive, "SELECT code FROM issues") == ["agency_doubtful", "agency_doubtful"]

    def test_a_full_name_needs_no_portal(self, archive: Archive) -> None:
        visit(archive, reading(agency="城关区教育局"), "https://a.gov.cn/", division_code="620102")
        assert visit(archive, reading(), "https://m.example.com/", trust="mirror").outcome == "mirror"

    def test_where_a_body_is_is_learnt_from_the_first_official_portal(self, archive: Archive) -> None:
        visit(archive, reading(agency=TOWN), "https://m.example.com/", trust="mirror", division_code="620122")
        assert one(archive, "SELECT division_code, portal_id FROM agencies") == (None, None)
        visit(archive, reading(agency=TOWN), "https://a.gov.cn/", portal_id="a", division_code="620121")
        assert one(archive, "SELECT name, division_code, portal_id FROM agencies") == (TOWN, "620121100", "a")


class TestRenamedBodies:
    def test_a_bureau_after_the_reform(self, archive: Archive) -> None:
        for year in (2016, 2017):
            file(archive, "永登县环境保护局", "620121", "p", year)
        for year in (2019, 2020):
            file(archive, "兰州市生态环境局", "620100", "p", year)  # the bureau of the city is another body
            file(archive, "永登县生态环境局", "620121", "p", year)
        assert archive.db.execute("SELECT * FROM agency_links").fetchall() == [
            (1, 3, "环境保护 became 生态环境 in the reform of 2018")
        ]
        assert archive.db.execute(ISSUES).fetchall() == []

    def test_a_county_that_became_a_district(self, archive: Archive) -> None:
        file(archive, "溧水区教育局", "320117", "p", 2018)
        file(archive, "溧水县教育局", "320117", "old", 2012)
        assert archive.db.execute("SELECT earlier_id, later_id, evidence FROM agency_links").fetchall() == [
            (2, 1, "溧水县 is 溧水区 (320117) in the list of divisions of 2023-06-30")
        ]

    def test_bodies_that_report_side_by_side_are_not_linked(self, archive: Archive) -> None:
        file(archive, "永登县环境保护局", "620121", "p", 2017)
        file(archive, "永登县生态环境局", "620121", "p", 2019)
        assert archive.db["agency_links"].count == 1
        file(archive, "永登县环境保护局", "620121", "p", 2019)
        assert archive.db["agency_links"].count == 0
        (message,) = column(archive, "SELECT message FROM open_issues WHERE code = 'agency_doubtful'")
        assert message.endswith("but the one reports on 2019, the other on 2019")

    def test_without_a_portal_in_common_it_is_a_doubt(self, archive: Archive) -> None:
        file(archive, "永登县环境保护局", "620121", "p", 2017)
        file(archive, "永登县生态环境局", "620121", "q", 2019)
        assert archive.db["agency_links"].count == 0
        assert archive.db.execute(ISSUES).fetchall() == [("agency_doubtful", "warning", "永登县生态环境局")]


class TestOlderArchives:
    def test_the_first_schema_gets_a_registry(self, tmp_path: Path) -> None:
        copy = shutil.copy(Path(__file__).parent / "fixtures" / "first_schema.db", tmp_path / "archive.db")
        with Archive.open(copy) as archive:
            assert archive.db.execute(
                "SELECT name, level, kind, division_code, city, county FROM agencies ORDER BY agency_id"
            ).fetchall() == [
                (AGENCY, "county", "department", "620102", "兰州市", "城关区"),
                ("永登县人民政府", "county", "government", "620121", "兰州市", "永登县"),
            ]
            assert archive.db.execute("SELECT name, first_year, last_year FROM agency_names").fetchall() == [
                (AGENCY, 2022, 2023),
                ("永登县人民政府", 2023, 2023),
            ]

    def test_new_rules_are_taken_at_the_next_opening(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with Archive.open(tmp_path / "archive.db") as archive:
            file(archive, TOWN, "620121", "p")
            archive.db.execute("UPDATE agencies SET county = '旧县', kind = NULL")
        with Archive.open(tmp_path / "archive.db") as archive:
            assert one(archive, "SELECT county, kind FROM agencies") == ("旧县", None)
        monkeypatch.setattr(describing, "RULES", describing.RULES + 1)
        with open_for_reading(tmp_path / "archive.db") as db:
            assert db.execute("SELECT county, kind FROM agencies").fetchall() == [("永登县", "township")]


def test_an_agency_whose_last_report_is_withdrawn_is_forgotten(archive: Archive) -> None:
    """A better reader finds another name on the very same page."""
    visit(archive, reading(agency="永登县教育局"), body="x")
    visit(archive, reading(agency="永登县财政局"), body="x")
    assert column(archive, "SELECT name FROM agencies") == ["永登县财政局"]
    assert column(archive, "SELECT name FROM agency_names") == ["永登县财政局"]

"""What people settle about agencies holds: reports move and come back whole, and later ones follow."""

from __future__ import annotations

import random
from typing import Any

import pytest
from archive_samples import column, dump, number, one, reading, requests, visit

from archive.agencies.deciding import Reason, Settled, keep_apart, merge, split
from archive.errors import AgencyError
from archive.store import Archive

WHY = Reason("小王", "the same stamp")
LONG, SHORT = "云泽市人力资源和社会保障局", "云泽市人社局"
REVISIONS = "SELECT year, revision, is_current, agency_id FROM report_revisions ORDER BY year, revision"
MOVES = ("agency_decisions", "agency_moves", "agencies", "sqlite_sequence")


def file(archive: Archive, name: str, portal: str, year: int, received: int = 12, at: str = "01", **how: Any) -> int:
    url = how.pop("url", f"https://{portal}.gov.cn/{year}/{name}")
    read = reading(received, agency=name, year=year, **how.pop("says", {}))
    stored = visit(archive, read, url, f"2024-01-{at}T00:00:00Z", **{"portal_id": portal, **how})
    assert stored.report_id is not None
    return stored.report_id


@pytest.fixture
def two(archive: Archive) -> Archive:
    """Two agencies: 1 with reports on 2021 and 2022, 2 with reports on 2022 and 2023."""
    file(archive, LONG, "a", 2021, 10, "01", says={})
    file(archive, LONG, "a", 2022, 20, "02")
    file(archive, SHORT, "b", 2022, 21, "03")
    file(archive, SHORT, "b", 2023, 30, "04")
    return archive


class TestMerge:
    def test_reports_move_and_those_on_one_year_become_revisions(self, two: Archive) -> None:
        settled = merge(two, SHORT, LONG, WHY)
        assert settled == Settled(2, SHORT, 1, LONG, 2, True)
        assert two.db.execute(REVISIONS).fetchall() == [
            (2021, 1, 1, 1),
            (2022, 1, 0, 1),
            (2022, 2, 1, 1),
            (2023, 1, 1, 1),
        ]
        panel = "SELECT agency, year, received FROM panel ORDER BY year"
        assert two.db.execute(panel).fetchall() == [(LONG, 2021, 10), (LONG, 2022, 21), (LONG, 2023, 30)]
        assert two.totals()["agencies"] == 1
        assert one(two, "SELECT action, agency_id, other_id, who, why, undone_by FROM agency_decisions") == (
            "merge",
            2,
            1,
            "小王",
            "the same stamp",
            None,
        )

    def test_that_two_sources_differ_is_said(self, two: Archive) -> None:
        merge(two, SHORT, LONG, WHY)
        (message,) = column(two, "SELECT message FROM open_issues WHERE code = 'sources_differ'")
        assert "https://a.gov.cn/2022" in message
        assert "https://b.gov.cn/2022" in message

    def test_twice_is_once(self, two: Archive) -> None:
        merge(two, SHORT, LONG, WHY)
        before = dump(two)
        assert merge(two, SHORT, LONG, WHY).changed is False
        assert dump(two) == before

    def test_later_reports_and_reports_read_again_follow(self, two: Archive) -> None:
        merge(two, SHORT, LONG, WHY)
        file(two, SHORT, "b", 2024, 40, "05")
        file(two, SHORT, "b", 2022, 21, "06")
        assert column(two, "SELECT DISTINCT agency FROM reports") == [LONG]
        assert two.db["report_revisions"].count == 5

    def test_a_copy_follows_too(self, two: Archive) -> None:
        merge(two, SHORT, LONG, WHY)
        file(two, SHORT, "m", 2023, 30, "07", trust="mirror")
        assert two.db["report_revisions"].count == 4

    def test_the_rules_over_two_years_are_judged_again(self, archive: Archive) -> None:
        file(archive, LONG, "a", 2022, says={"cells": (*requests("carried_out", 3),)})
        file(archive, SHORT, "b", 2023, says={"cells": (*requests("carried_in", 4),)})
        codes = "SELECT DISTINCT code FROM open_issues"
        assert column(archive, codes) == []
        merge(archive, SHORT, LONG, WHY)
        assert column(archive, codes) == ["t3_carry_over_years"]
        split(archive, SHORT, WHY)
        assert column(archive, codes) == []

    def test_a_copy_never_stands_before_the_original(self, archive: Archive) -> None:
        file(archive, LONG, "a", 2022, 20, "01")
        file(archive, SHORT, "m", 2022, 99, "09", trust="mirror")
        merge(archive, SHORT, LONG, WHY)
        assert archive.db.execute("SELECT trust, revision, is_current FROM reports ORDER BY revision").fetchall() == [
            ("mirror", 1, 0),
            ("official", 2, 1),
        ]

    @pytest.mark.parametrize(
        ("source", "target", "words"),
        [
            ("1", "1", "cannot be merged into itself"),
            ("99", "1", "no agency '99'"),
            ("没有这个局", "1", "no agency '没有这个局'"),
        ],
    )
    def test_what_cannot_be(self, two: Archive, source: str, target: str, words: str) -> None:
        before = dump(two)
        with pytest.raises(AgencyError, match=words) as caught:
            merge(two, source, target, WHY)
        assert "\n" not in str(caught.value)
        assert dump(two) == before

    def test_no_circles(self, two: Archive) -> None:
        file(two, "青禾县财政局", "c", 2023)
        merge(two, "2", "1", WHY)
        for source, target in (("1", "2"), ("2", "3"), ("3", "2")):
            with pytest.raises(AgencyError, match=r"merged into .* already"):
                merge(two, source, target, WHY)
        merge(two, "1", "3", WHY)
        assert column(two, "SELECT DISTINCT agency FROM reports") == ["青禾县财政局"]
        assert file(two, SHORT, "b", 2025, at="09") == 6
        assert column(two, "SELECT DISTINCT agency FROM reports") == ["青禾县财政局"]


class TestTakingAMergeBack:
    @pytest.mark.parametrize("how", [{"agency": SHORT}, {"agency": LONG, "portal": "b"}])
    def test_all_is_as_it_was(self, two: Archive, how: dict[str, str]) -> None:
        before = dump(two, "agency_decisions")
        merge(two, SHORT, LONG, WHY)
        settled = split(two, how["agency"], WHY, portal=how.get("portal"))
        assert (settled.agency_id, settled.other_id, settled.moved, settled.changed) == (1, 2, 2, True)
        assert dump(two, "agency_decisions") == before
        assert split(two, how["agency"], WHY, portal=how.get("portal")).changed is False
        assert dump(two, "agency_decisions") == before
        assert column(two, "SELECT action || coalesce(undone_by, '') FROM agency_decisions") == ["merge2", "apart"]

    def test_what_came_meanwhile_goes_where_it_belongs(self, two: Archive) -> None:
        merge(two, SHORT, LONG, WHY)
        file(two, SHORT, "b", 2024, 40, "05")
        file(two, LONG, "a", 2024, 41, "06")
        split(two, SHORT, WHY)
        assert two.db.execute("SELECT agency, year FROM reports WHERE year = 2024 ORDER BY agency_id").fetchall() == [
            (LONG, 2024),
            (SHORT, 2024),
        ]

    def test_and_merged_again(self, two: Archive) -> None:
        merge(two, SHORT, LONG, WHY)
        merged = dump(two, "agency_decisions")
        split(two, SHORT, WHY)
        merge(two, SHORT, LONG, WHY)
        assert dump(two, "agency_decisions") == merged


class TestSplit:
    @pytest.fixture
    def mixed(self, archive: Archive) -> Archive:
        """One agency, because of its name, with reports from two portals."""
        for year, portal in ((2021, "a"), (2022, "a"), (2022, "b"), (2023, "b")):
            received = year - 2000 + 10 * (portal == "b")
            file(archive, LONG, portal, year, received, str(year - 2010), division_code="620100")
        assert archive.db["agencies"].count == 1
        return archive

    def test_what_a_portal_publishes_becomes_an_agency(self, mixed: Archive) -> None:
        settled = split(mixed, LONG, WHY, portal="b")
        assert (settled.other_id, settled.other_name, settled.changed) == (2, f"{LONG}（b）", True)
        rows = mixed.db.execute("SELECT agency_id, year, revision, is_current FROM reports ORDER BY 1, 2").fetchall()
        assert rows == [(1, 2021, 1, 1), (1, 2022, 1, 1), (2, 2022, 1, 1), (2, 2023, 1, 1)]
        assert column(mixed, "SELECT received FROM panel ORDER BY agency_id, year") == [21, 22, 32, 33]
        assert column(mixed, "SELECT code FROM open_issues WHERE code LIKE 'agency%'") == []

    def test_twice_is_once_and_later_reports_follow(self, mixed: Archive) -> None:
        split(mixed, LONG, WHY, portal="b")
        before = dump(mixed)
        assert split(mixed, LONG, WHY, portal="b").changed is False
        assert dump(mixed) == before
        file(mixed, LONG, "b", 2024, 24, "24", division_code="620100")
        file(mixed, LONG, "a", 2024, 24, "25", division_code="620100")
        assert mixed.db.execute("SELECT agency_id FROM reports WHERE year = 2024 ORDER BY 1").fetchall() == [(1,), (2,)]

    def test_merged_back_and_split_again(self, mixed: Archive) -> None:
        before = dump(mixed, *MOVES)
        split(mixed, LONG, WHY, portal="b")
        parted = dump(mixed, "agency_decisions")
        merge(mixed, "2", "1", WHY)
        assert dump(mixed, *MOVES) == before
        split(mixed, LONG, WHY, portal="b")
        assert dump(mixed, "agency_decisions") == parted

    def test_what_was_split_off_stays_so_when_the_rest_is_merged(self, mixed: Archive) -> None:
        split(mixed, LONG, WHY, portal="b")
        file(mixed, SHORT, "a", 2024)
        merge(mixed, "1", "3", WHY)
        file(mixed, LONG, "b", 2024, 50, "25", division_code="620100")
        assert mixed.db.execute("SELECT DISTINCT agency_id, url LIKE '%b.gov%' FROM reports ORDER BY 1").fetchall() == [
            (2, 1),
            (3, 0),
        ]

    def test_by_division(self, archive: Archive) -> None:
        file(archive, LONG, "a", 2021, division_code="620100")
        file(archive, LONG, "b", 2022, division_code="630100")
        assert archive.db["agencies"].count == 1
        split(archive, "1", WHY, division="630000")
        assert archive.db.execute("SELECT agency_id, year FROM reports ORDER BY 1").fetchall() == [(1, 2021), (2, 2022)]
        file(archive, LONG, "c", 2023, division_code="630102")
        assert column(archive, "SELECT agency_id FROM reports WHERE year = 2023") == [2]

    @pytest.mark.parametrize(
        ("how", "words"),
        [
            ({"portal": "c"}, "nothing of .* comes from portal c"),
            ({"division": "620000"}, "all of .* comes from division 620000"),
            ({"portal": "a", "division": "630000"}, "nothing of .* comes from portal a and division 630000"),
            ({}, "was not merged"),
        ],
    )
    def test_what_cannot_be(self, mixed: Archive, how: dict[str, str], words: str) -> None:
        before = dump(mixed)
        with pytest.raises(AgencyError, match=words):
            split(mixed, LONG, WHY, **how)
        assert dump(mixed) == before


class TestDoubtsSettled:
    TOWN = "城关镇人民政府"
    DOUBTS = "SELECT agency FROM open_issues WHERE code = 'agency_doubtful'"

    @pytest.fixture
    def doubtful(self, archive: Archive) -> Archive:
        file(archive, self.TOWN, "county", 2022, division_code="620121")
        file(archive, self.TOWN, "city", 2023, division_code="620100")
        assert len(column(archive, self.DOUBTS)) == 1
        return archive

    def test_by_a_merge(self, doubtful: Archive) -> None:
        merge(doubtful, "2", "1", WHY)
        assert column(doubtful, self.DOUBTS) == []
        file(doubtful, self.TOWN, "city", 2024, division_code="620100")
        assert column(doubtful, self.DOUBTS) == []
        split(doubtful, "2", WHY)
        assert column(doubtful, self.DOUBTS) == []

    def test_by_saying_that_they_are_two(self, doubtful: Archive) -> None:
        assert keep_apart(doubtful, "1", "2", WHY).changed is True
        assert column(doubtful, self.DOUBTS) == []
        file(doubtful, self.TOWN, "city", 2024, division_code="620100")
        assert column(doubtful, self.DOUBTS) == []
        assert keep_apart(doubtful, "2", "1", WHY).changed is False
        assert doubtful.db["agency_decisions"].count == 1

    def test_merged_ones_are_not_apart(self, doubtful: Archive) -> None:
        merge(doubtful, "2", "1", WHY)
        with pytest.raises(AgencyError, match="are merged; split them first"):
            keep_apart(doubtful, "1", "2", WHY)


def test_a_decision_outlives_the_reports_of_its_agencies(archive: Archive) -> None:
    file(archive, LONG, "a", 2021)
    visit(archive, reading(agency=SHORT), "https://b.gov.cn/", body="x", portal_id="b")
    merge(archive, SHORT, LONG, WHY)
    visit(archive, reading(agency="云泽市教育局"), "https://b.gov.cn/", body="x", portal_id="b")  # read better
    assert archive.db["report_revisions"].count == 2
    file(archive, SHORT, "b", 2024)
    assert column(archive, "SELECT agency FROM reports ORDER BY report_id") == [LONG, "云泽市教育局", LONG]


@pytest.mark.parametrize("seed", range(6))
def test_any_decisions_taken_back_leave_what_was(archive: Archive, seed: int) -> None:
    chance = random.Random(seed)
    names = ["云泽市教育局", "云泽市教委", "云泽市教育体育局"]
    for night in range(1, 12):
        name, year = chance.choice(names), chance.choice((2021, 2022, 2023))
        cells = (number("applications.new_received.total", chance.randint(1, 4)),)
        trust = chance.choice(("official", "official", "mirror"))
        file(archive, name, names[names.index(name)], year, 0, f"{night:02}", trust=trust, says={"cells": cells})
    before = dump(archive, "agency_decisions")
    known = column(archive, "SELECT agency_id FROM agencies ORDER BY 1")
    source, *others = (str(agency) for agency in chance.sample(known, len(known)))
    for target in others:
        merge(archive, source, target, WHY)
        split(archive, source, WHY)
        assert dump(archive, "agency_decisions") == before
    assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []

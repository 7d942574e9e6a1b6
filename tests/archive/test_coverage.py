"""Coverage: what should be there, what is, and why not; never more than is known."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from archive_samples import AGENCY, dump, reading

from archive.coverage import STATUSES, refresh_coverage
from archive.database import write
from archive.foreign import made_ours
from archive.incoming import Incoming
from archive.store import Archive
from archive.warc import Exchange
from pipelines.model import Attachment, Issue

TODAY = date(2025, 6, 1)
HOME = "https://www.example.gov.cn/"


class Night:
    """One run, in which pages of portal `p` are met at noon of a day."""

    def __init__(self, archive: Archive, day: str, verdict: str = "ok") -> None:
        self.archive, self.at = archive, f"{day}T12:00:00Z"
        row = {"command": "crawl", "started_at": f"{day}T11:00:00Z", "finished_at": f"{day}T13:00:00Z"}
        self.run_id = int(archive.db.table("runs").insert({**row, "verdict": verdict}).last_pk or 0)

    def keep(self, url: str, body: str = "", portal: str = "p") -> int:
        exchange = Exchange(url, body=body.encode(), fetched_at=self.at)
        return self.archive.keep(exchange, run_id=self.run_id, portal_id=portal)

    def report(self, year: int, agency: str = AGENCY, portal: str = "p", trust: Any = "official", **more: Any) -> None:
        read = reading(year, year=year, agency=agency, **more)
        url = f"{HOME}{portal}/{agency}/{year}.html"
        capture = self.keep(url, f"{agency} {year}", portal)
        self.archive.store(read, capture, trust=trust, portal_id=portal)
        self.archive.note_page(url, portal_id=portal, capture_id=capture, outcome="report", reason=None)

    def page(self, outcome: str, reason: str, portal: str = "p", url: str = "") -> None:
        url = url or f"{HOME}{portal}/{outcome}.html"
        capture = self.keep(url, portal=portal)
        self.archive.note_page(url, portal_id=portal, capture_id=capture, outcome=outcome, reason=reason)


def refresh(archive: Archive, today: date = TODAY) -> None:
    write(archive.db, archive.path, lambda: refresh_coverage(archive.db, today))


def covered(archive: Archive, today: date = TODAY, agency: str = AGENCY) -> dict[int, str]:
    refresh(archive, today)
    rows = archive.db.execute("SELECT year, status FROM coverage WHERE agency = ? ORDER BY year", [agency]).fetchall()
    assert len(rows) == len(dict(rows))
    return dict(rows)


def reason(archive: Archive, year: int) -> str:
    ((said,),) = archive.db.execute("SELECT reason FROM coverage WHERE year = ?", [year]).fetchall()
    return str(said)


def is_department(archive: Archive, level: str = "county") -> None:
    archive.db.execute("UPDATE agencies SET kind = 'department', level = ?", [level])


def test_every_year_since_the_first_known_report_is_owed(archive: Archive) -> None:
    night = Night(archive, "2025-05-01")
    for year in (2019, 2020, 2022):
        night.report(year)
    found = covered(archive)
    assert found == {
        2019: "found",
        2020: "found",
        2021: "not_found",
        2022: "found",
        2023: "not_found",
        2024: "not_found",
    }
    assert reason(archive, 2021) == "not among the reports of the portal"


def test_what_is_not_due_is_not_missing(archive: Archive) -> None:
    Night(archive, "2025-01-20").report(2023)
    assert covered(archive, date(2025, 1, 20)) == {2023: "found", 2024: "not_yet_due"}
    assert covered(archive, date(2025, 1, 31))[2024] == "not_yet_due"  # the department of a county
    assert covered(archive, date(2025, 2, 1))[2024] == "not_asked"
    assert reason(archive, 2024) == "due on 2025-01-31, its portal was last asked on 2025-01-20"


@pytest.mark.parametrize(
    ("kind", "level", "year", "due"),
    [
        ("department", "county", 2018, "2019-03-31"),
        ("department", "county", 2019, "2020-01-31"),
        ("department", "central", 2023, "2024-01-31"),
        ("department", "township", 2023, "2024-03-31"),
        ("department", None, 2023, "2024-03-31"),
        ("government", "county", 2023, "2024-03-31"),
        (None, "county", 2023, "2024-03-31"),
    ],
)
def test_when_a_report_is_due(archive: Archive, kind: str | None, level: str | None, year: int, due: str) -> None:
    Night(archive, "2025-05-01").report(year)
    archive.db.execute("UPDATE agencies SET kind = ?, level = ?", [kind, level])
    refresh(archive)
    assert archive.db.execute("SELECT due_on FROM coverage WHERE year = ?", [year]).fetchall() == [(due,)]


class TestLate:
    def test_one_that_was_looked_for_after_it_was_due(self, archive: Archive) -> None:
        Night(archive, "2024-02-10").report(2022)
        second = Night(archive, "2024-03-01")
        second.report(2022)
        second.report(2023)
        is_department(archive)
        assert covered(archive)[2023] == "late"
        assert reason(archive, 2023) == "due on 2024-01-31, not there on 2024-02-10, first seen on 2024-03-01"

    @pytest.mark.parametrize(
        ("looked", "verdict", "others"),
        [
            ("2024-01-20", "ok", [2022]),  # before it was due: it may have come in time
            ("2024-01-31", "ok", [2022]),  # noon is not yet the end of that day
            ("2024-02-10", "stopped", [2022]),  # may not have come so far
            ("2024-02-10", "ok", []),  # did not meet this agency
        ],
    )
    def test_not_when_it_may_have_been_there(
        self, archive: Archive, looked: str, verdict: str, others: Sequence[int]
    ) -> None:
        first = Night(archive, looked, verdict)
        first.report(2022, agency="某县财政局")
        for year in others:
            first.report(year)
        second = Night(archive, "2024-03-01")
        for year in (2022, 2023):
            second.report(year)
        is_department(archive)
        assert covered(archive)[2023] == "found"

    @pytest.mark.parametrize(("misread", "bytes_"), [(2021, "same"), (None, "same"), (2021, "another")])
    def test_not_when_it_was_there_but_read_as_something_else(
        self, archive: Archive, misread: int | None, bytes_: str
    ) -> None:
        captures = []
        for day, year, body in (("2024-05-01", misread, "same"), ("2024-06-01", 2023, bytes_)):
            night = Night(archive, day)
            night.report(2022)
            captures.append(night.keep(f"{HOME}x.html", body))
            archive.store(reading(year=year), captures[-1], trust="official", portal_id="p")
        if bytes_ != "same":  # the old capture is read again, too
            archive.store(reading(report=False, reason="another"), captures[0], trust="official", portal_id="p")
        assert covered(archive)[2023] == "found"

    def test_not_by_a_look_at_another_portal(self, archive: Archive) -> None:
        Night(archive, "2024-02-10").report(2022, portal="old")
        Night(archive, "2024-03-01").report(2023, portal="new")
        is_department(archive)
        assert covered(archive)[2023] == "found"

    def test_a_later_revision_of_one_in_time_is_not_late(self, archive: Archive) -> None:
        night = Night(archive, "2024-01-20")
        night.report(2022)
        night.report(2023)
        second = Night(archive, "2024-03-01")
        second.report(2022)
        second.report(2023, words="更正")
        is_department(archive)
        assert covered(archive)[2023] == "found"


class TestWithoutFigures:
    def without(self, code: str, **more: Any) -> dict[str, Any]:
        return {"cells": (), "form": None, "forms": {}, "issues": (Issue(code, "warning", f"it is {code}"),), **more}

    @pytest.mark.parametrize(
        ("code", "status"),
        [("no_tables", "no_tables"), ("tables_are_images", "images"), ("attachment_only", "attachment_only")],
    )
    def test_the_report_says_why(self, archive: Archive, code: str, status: str) -> None:
        Night(archive, "2025-05-01").report(2023, **self.without(code))
        assert covered(archive)[2023] == status
        assert reason(archive, 2023) == f"it is {code}"

    def test_a_file_that_cannot_be_read(self, archive: Archive) -> None:
        night, url = Night(archive, "2025-05-01"), "https://www.example.gov.cn/a.pdf"
        night.report(2023, **self.without("attachment_only", attachments=(Attachment(url, "附件"),)))
        night.page("unreadable", "the PDF is damaged or cut off", url=url)
        assert covered(archive)[2023] == "unreadable"
        assert reason(archive, 2023) == "the PDF is damaged or cut off"

    def test_figures_from_elsewhere_settle_it(self, archive: Archive) -> None:
        Night(archive, "2025-05-01").report(2023, issues=(Issue("no_tables", "warning", "none on the page"),))
        assert covered(archive)[2023] == "found"


class TestPortals:
    @pytest.mark.parametrize(
        ("outcome", "status"),
        [("blocked", "blocked"), ("failed", "unreachable"), ("forbidden", "refused"), ("unreadable", "unreadable")],
    )
    def test_a_portal_that_gave_nothing_this_time(self, archive: Archive, outcome: str, status: str) -> None:
        Night(archive, "2024-05-01").report(2023)
        Night(archive, "2025-05-01").page(outcome, "the words for it")
        assert covered(archive) == {2023: "found", 2024: status}
        assert reason(archive, 2024) == "the words for it"

    def test_a_portal_that_gave_others_is_named_with_its_troubles(self, archive: Archive) -> None:
        night = Night(archive, "2025-05-01")
        night.report(2023)
        night.page("blocked", "status 403")
        night.page("key_unknown", "agency unknown")
        assert covered(archive)[2024] == "not_found"
        told = "; 1 of its pages blocked, e.g. status 403; 1 of its reports without agency or year"
        assert reason(archive, 2024) == "not among the reports of the portal" + told

    def test_what_went_wrong_long_ago_does_not_count(self, archive: Archive) -> None:
        Night(archive, "2024-05-01").page("blocked", "status 403")
        Night(archive, "2025-05-01").report(2023)
        assert covered(archive)[2024] == "not_found"
        assert reason(archive, 2024) == "not among the reports of the portal"

    @pytest.mark.parametrize("verdict", [None, "stopped"])
    def test_a_run_that_was_stopped_cannot_tell_what_is_missing(self, archive: Archive, verdict: str | None) -> None:
        Night(archive, "2024-02-01").report(2022)
        night = Night(archive, "2024-05-01")
        archive.db.execute("UPDATE runs SET verdict = ? WHERE run_id = ?", [verdict, night.run_id])
        night.report(2022)
        assert covered(archive, date(2024, 6, 1))[2023] == "not_asked"

    def test_a_portal_of_which_nothing_is_known_but_its_name(self, archive: Archive) -> None:
        archive.enter_portal("q", {"name": "某县人民政府", "division_code": "620102", "province": "甘肃省"})
        Night(archive, "2025-05-01").page("blocked", "status 403", portal="q")
        for today, year in ((date(2025, 6, 1), 2024), (date(2025, 3, 31), 2023)):
            refresh(archive, today)
            rows = archive.db.execute("SELECT agency, portal, province, year, status FROM coverage").fetchall()
            assert rows == [(None, "某县人民政府", "甘肃省", year, "blocked")]

    def test_one_that_only_gave_copies_owes_nothing(self, archive: Archive) -> None:
        Night(archive, "2025-05-01").report(2024)
        Night(archive, "2025-05-02").report(2024, portal="m", trust="mirror")
        assert covered(archive) == {2024: "found"}
        assert archive.db.execute("SELECT DISTINCT portal_id FROM coverage").fetchall() == [("p",)]

    def test_an_imported_report_does_not_hide_what_the_crawled_portal_owes(self, archive: Archive) -> None:
        Night(archive, "2025-05-01").report(2022)
        portal, at = "elsewhere.gov.cn", "2025-05-02T12:00:00Z"
        page = Incoming(f"https://{portal}/a", "text/html", b"<p>2024", at, "a.warc", 0, "<urn:1>", "response", 200)
        capture = archive.keep_foreign(made_ours(page, "a.warc", at), run_id=None, portal_id=portal)
        assert capture is not None
        archive.introduce_portal(portal, at, {})
        archive.store(reading(2024, year=2024, agency=AGENCY), capture, trust="official", portal_id=portal)
        assert covered(archive) == {2022: "found", 2023: "not_found", 2024: "found"}
        assert reason(archive, 2023) == "not among the reports of the portal"

    def test_an_agency_known_from_copies_alone(self, archive: Archive) -> None:
        for year in (2018, 2020):
            Night(archive, "2025-05-01").report(year, portal="m", trust="mirror")
        found = covered(archive)
        assert found == {2018: "found", 2019: "not_asked", 2020: "found", 2021: "not_asked"}
        assert reason(archive, 2018) == "only as a copy elsewhere"
        assert reason(archive, 2019) == "no official portal of it is known"


class TestTheTable:
    def test_both_scopes_of_a_year_stand_side_by_side(self, archive: Archive) -> None:
        night = Night(archive, "2025-05-01")
        night.report(2024)
        url = f"{HOME}area.html"
        night.archive.store(
            reading(9, year=2024, scope="area"), night.keep(url, "area"), trust="official", portal_id="p"
        )
        refresh(archive)
        rows = archive.db.execute("SELECT year, scope, status FROM coverage ORDER BY scope").fetchall()
        assert rows == [(2024, "area", "found"), (2024, "own", "found")]

    def test_twice_is_the_same_as_once(self, archive: Archive) -> None:
        night = Night(archive, "2025-05-01")
        for year in (2019, 2022):
            night.report(year)
        night.page("blocked", "status 403", portal="q")
        refresh(archive)
        before = dump(archive)
        refresh(archive)
        assert dump(archive) == before

    def test_a_report_that_is_withdrawn_leaves_at_once_and_is_missed_at_the_next_run(self, archive: Archive) -> None:
        night = Night(archive, "2025-05-01")
        for year in (2022, 2023, 2024):
            night.report(year)
        refresh(archive)
        archive.db.execute("DELETE FROM report_revisions WHERE year = 2023")
        years = "SELECT year, status FROM coverage ORDER BY year"
        assert archive.db.execute(years).fetchall() == [(2022, "found"), (2024, "found")]
        assert covered(archive)[2023] == "not_found"

    def test_a_run_that_ends_brings_it_up_to_date(self, archive: Archive) -> None:
        Night(archive, "2025-05-01").report(2020)
        archive.finish_run(archive.begin_run("crawl"), "ok", 0, {})
        statuses = {row[0] for row in archive.db.execute("SELECT status FROM coverage")}
        assert "found" in statuses
        assert statuses <= set(STATUSES)
        assert archive.db.execute("SELECT count(*) FROM coverage_day").fetchone() == (1,)

    def test_it_fails_as_a_whole(self, archive: Archive) -> None:
        Night(archive, "2025-05-01").report(2020)
        refresh(archive)
        before = dump(archive)
        archive.db.execute("CREATE TRIGGER no BEFORE DELETE ON coverage_day BEGIN SELECT RAISE(ABORT, 'full'); END")
        with pytest.raises(sqlite3.IntegrityError):
            refresh(archive, date(2026, 6, 1))
        archive.db.execute("DROP TRIGGER no")
        assert dump(archive) == before
        refresh(archive)

    def test_a_question_with_a_key_scans_nothing(self, archive: Archive) -> None:
        plan = archive.db.execute("EXPLAIN QUERY PLAN SELECT * FROM coverage WHERE agency_id = 3 AND year = 2020")
        assert not [row[3] for row in plan if row[3].startswith("SCAN")]

    def test_a_name_with_markup_stays_text(self, archive: Archive) -> None:
        Night(archive, "2025-05-01").page("failed", "<script>'\"; DROP TABLE coverage_rows", portal="<q>'")
        refresh(archive)
        rows = archive.db.execute("SELECT portal_id, reason FROM coverage").fetchall()
        assert rows == [("<q>'", "<script>'\"; DROP TABLE coverage_rows")]

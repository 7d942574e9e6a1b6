"""What storing a reading does, over every order and repetition that a few years of nights can bring."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest
from archive_samples import AGENCY, column, dump, facts, keep, number, one, reading, requests, visit

from archive.as_read import as_read
from archive.errors import ArchiveError
from archive.store import Archive
from pipelines.model import Attachment, FigureCell, Indicator, Issue, Reading

PAGE = "https://www.example.gov.cn/2023.html"
OTHER = "https://xxgk.example.gov.cn/2023.html"
MIRROR = "https://mirror.example.com/2023.html"
PDF = "https://www.example.gov.cn/a.pdf"
NIGHTS = [f"2024-02-{day:02d}T02:00:00Z" for day in range(1, 29)]
GROWS_EACH_NIGHT = ("captures", "report_captures", "captures_read")
TOTAL = "applications.new_received.total"

CURRENT = "SELECT revision, url, trust FROM reports WHERE is_current = 1"
REVISIONS = "SELECT revision, is_current, url, first_seen, last_seen FROM reports ORDER BY revision"
ISSUES = "SELECT code FROM open_issues ORDER BY issue_id"


def received(archive: Archive) -> int:
    value: int = one(archive, "SELECT value FROM figures WHERE figure = 'applications.new_received.total'")[0]
    return value


def test_what_takes_the_place_of_a_withdrawn_revision_is_the_newest_not_the_last_filed(archive: Archive) -> None:
    """Old records were imported after the page had changed; then the page turns out to be of another year."""
    visit(archive, reading(1), at=NIGHTS[1])
    visit(archive, reading(2), at=NIGHTS[2], body="two")
    visit(archive, reading(3), at=NIGHTS[0])
    visit(archive, reading(2, year=2022), at=NIGHTS[2], body="two")
    assert column(archive, "SELECT received FROM panel ORDER BY year") == [2, 1]


def test_years_that_are_read_right_again_leave_no_trace_of_each_other(archive: Archive) -> None:
    """A reader took all reports for those of the year after, one after the other; another takes them right."""
    pages = {year: f"https://www.example.gov.cn/{year}.html" for year in (2021, 2022, 2023)}

    def read(by: int) -> None:
        for year, url in pages.items():
            visit(archive, reading(year % 100, year=year + by), url=url, body=str(year))

    for by in (0, 1, 0, -1, 0):
        read(by)
    assert column(archive, ISSUES) == []
    assert archive.db.execute("SELECT year, revision, is_current, url FROM reports ORDER BY year").fetchall() == [
        (year, 1, 1, url) for year, url in pages.items()
    ]


def test_a_first_report_is_new_and_keeps_all_that_was_read(archive: Archive) -> None:
    indicator = Indicator("依申请公开", "件", "数量", Decimal("3.5"), "3.5", "table 1")
    issue = Issue("c14_columns", "error", "…", "applications.new_received.total", ("applications.carried_in.total",))
    stored = visit(archive, reading(indicators=(indicator,), issues=(issue,)))

    assert stored.outcome == "new"
    assert archive.totals() == {
        "agencies": 1,
        "reports": 1,
        "revisions": 1,
        "figures": 24,
        "captures": 1,
        "issues": 1,
    }
    assert one(
        archive, "SELECT agency, year, scope, revision, is_current, form, trust, read_by, review, url FROM reports"
    ) == (AGENCY, 2023, "own", 1, 1, "f2021", "official", "html", "open", PAGE)
    values = archive.db.execute(
        "SELECT figure, value, typeof(value), unit, state, raw, flag FROM figures WHERE figure LIKE '%disclosure%'"
        " OR figure LIKE '%.total' ORDER BY figure"
    ).fetchall()
    assert values == [
        ("active_disclosure.administrative_fees.amount", 25.1, "real", "元", "number", "251000元", None),
        ("active_disclosure.regulations.in_force", None, "null", None, "slash", "/", None),
        ("active_disclosure.regulations.issued_this_year", None, "null", None, "blank", "", None),
        ("applications.carried_in.total", 0, "integer", None, "number", "0", "c14_columns"),
        ("applications.carried_out.total", 0, "integer", None, "number", "0", None),
        ("applications.new_received.total", 12, "integer", None, "number", "12", "c14_columns"),
    ]
    assert one(archive, "SELECT label, value, raw, place FROM indicators") == ("依申请公开", 3.5, "3.5", "table 1")
    assert one(archive, "SELECT number, heading, text FROM sections") == (1, "一、总体情况", "总体情况")
    assert one(archive, "SELECT url, label FROM attachments") == (PDF, "附件")
    assert one(archive, "SELECT place FROM cells WHERE value = 25.1") == ("table 1",)
    assert one(archive, "SELECT encoding, script, repairs, evidence_year FROM report_readings") == (
        "utf-8",
        "simplified",
        "nbsp",
        "2023年",
    )


def test_the_same_capture_again_changes_nothing(archive: Archive) -> None:
    capture = keep(archive, PAGE, "…")
    read = reading(issues=(Issue("year_conflict", "warning", "…"),))
    archive.store(read, capture, trust="official", portal_id="p")
    before = dump(archive)
    assert archive.store(read, capture, trust="official", portal_id="p").outcome == "unchanged"
    assert dump(archive) == before


def test_the_same_page_every_night_adds_captures_and_nothing_else(archive: Archive) -> None:
    visit(archive, reading(), at=NIGHTS[0])
    before = dump(archive, *GROWS_EACH_NIGHT, "portals", "report_readings")
    for night in NIGHTS[1:]:
        assert visit(archive, reading(), at=night).outcome == "unchanged"
    assert dump(archive, *GROWS_EACH_NIGHT, "portals", "report_readings") == before
    assert one(archive, REVISIONS) == (1, 1, PAGE, NIGHTS[0], NIGHTS[-1])
    assert column(archive, "SELECT DISTINCT role FROM report_captures") == ["page"]


def test_a_new_coat_of_paint_is_not_a_revision(archive: Archive) -> None:
    visit(archive, reading())
    assert visit(archive, reading(title="【新版】年度报告", attachments=()), body="new layout").outcome == "unchanged"


def test_a_changed_page_makes_a_revision_and_the_old_one_stays(archive: Archive) -> None:
    visit(archive, reading(12), at=NIGHTS[0])
    visit(archive, reading(12), at=NIGHTS[1])
    stored = visit(archive, reading(13), at=NIGHTS[2])
    assert stored.outcome == "revised"
    assert archive.db.execute(REVISIONS).fetchall() == [
        (1, 0, PAGE, NIGHTS[0], NIGHTS[1]),
        (2, 1, PAGE, NIGHTS[2], NIGHTS[2]),
    ]
    assert received(archive) == 13
    assert one(archive, "SELECT value FROM cells WHERE report_id = 1 AND value > 0 AND value = 12 LIMIT 1") == (12,)


def test_changed_words_are_a_change_too(archive: Archive) -> None:
    visit(archive, reading())
    assert visit(archive, reading(words="更正")).outcome == "revised"


def test_a_page_that_goes_back_to_what_it_said_before_is_a_third_revision(archive: Archive) -> None:
    for night, total in zip(NIGHTS, (12, 13, 12, 12, 12), strict=False):
        visit(archive, reading(total), at=night)
    assert archive.db.execute(REVISIONS).fetchall() == [
        (1, 0, PAGE, NIGHTS[0], NIGHTS[0]),
        (2, 0, PAGE, NIGHTS[1], NIGHTS[1]),
        (3, 1, PAGE, NIGHTS[2], NIGHTS[4]),
    ]


def test_an_older_record_adds_history_and_does_not_undo_the_present(archive: Archive) -> None:
    visit(archive, reading(13), at=NIGHTS[5])
    assert visit(archive, reading(12), at=NIGHTS[0]).outcome == "revised"
    assert visit(archive, reading(12), at=NIGHTS[1]).outcome == "unchanged"
    assert received(archive) == 13
    assert archive.db.execute(REVISIONS).fetchall() == [
        (1, 0, PAGE, NIGHTS[0], NIGHTS[1]),
        (2, 1, PAGE, NIGHTS[5], NIGHTS[5]),
    ]


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_revisions_are_numbered_by_time_in_whichever_order_they_come(archive: Archive, order: tuple[int, ...]) -> None:
    for night in order:
        visit(archive, reading(10 + night), at=NIGHTS[night])
    assert received(archive) == 12
    assert archive.db.execute(REVISIONS).fetchall() == [
        (number, int(number == 3), PAGE, NIGHTS[number - 1], NIGHTS[number - 1]) for number in (1, 2, 3)
    ]


def test_what_a_page_said_between_two_sights_of_what_it_says_is_history(archive: Archive) -> None:
    visit(archive, reading(12), at=NIGHTS[0])
    visit(archive, reading(12), at=NIGHTS[4], body="the same, laid out anew")
    assert visit(archive, reading(11), at=NIGHTS[2]).outcome == "revised"
    assert received(archive) == 12
    assert [row[3:] for row in archive.db.execute(REVISIONS).fetchall()] == [
        (NIGHTS[night], NIGHTS[night]) for night in (0, 2, 4)
    ]


@pytest.mark.parametrize("states", ["aba", "abba", "aabca", "abab"])
def test_a_page_has_one_history_whatever_order_its_records_come_in(archive: Archive, states: str) -> None:
    """Each record of other bytes, as in imported files; a report of another year for each order."""
    numbers = {"a": 12, "b": 13, "c": 14}
    orders = [*permutations(range(len(states)))]
    told = set()
    with archive.together():
        for year, order in enumerate(random.Random(9).sample(orders, min(len(orders), 12)), 2010):
            for night in order:
                said = reading(numbers[states[night]], year=year)
                visit(archive, said, f"https://a.gov.cn/{year}", NIGHTS[night], f"{year}, night {night}")
            rows = archive.db.execute(
                "SELECT revision, is_current, first_seen, last_seen, report_id FROM reports WHERE year = ?"
                " ORDER BY revision", [year]
            ).fetchall()  # fmt: skip
            told.add(tuple((*row, as_read(archive.db, report_id).figures[TOTAL]) for *row, report_id in rows))
    (only,) = told
    runs = [numbers[state] for state, before in zip(states, " " + states, strict=False) if state != before]
    assert [row[-1] for row in only] == runs


def test_another_address_with_the_same_figures_is_a_twin(archive: Archive) -> None:
    visit(archive, reading())
    assert visit(archive, reading(words="转载"), url=OTHER).outcome == "twin"
    assert visit(archive, reading(words="转载"), url=OTHER).outcome == "twin"
    assert archive.totals()["revisions"] == 1
    assert one(archive, CURRENT) == (1, PAGE, "official")
    assert set(archive.db.execute("SELECT url, role FROM report_captures JOIN captures USING (capture_id)")) == {
        (PAGE, "page"),
        (OTHER, "twin"),
    }


def test_an_incomplete_copy_of_the_same_figures_is_a_twin(archive: Archive) -> None:
    visit(archive, reading())
    dim = tuple(replace(cell, value=None, state="unreadable") for cell in requests("new_received", 12))
    assert visit(archive, reading(cells=dim), url=OTHER).outcome == "twin"


def test_two_addresses_that_disagree_make_two_revisions_however_often_they_are_visited(archive: Archive) -> None:
    visit(archive, reading(12), at=NIGHTS[0])
    assert visit(archive, reading(13), url=OTHER, at=NIGHTS[0]).outcome == "revised"
    assert one(archive, CURRENT) == (2, OTHER, "official")
    assert column(archive, ISSUES) == ["sources_differ"]
    message = one(archive, "SELECT message FROM open_issues")[0]
    assert PAGE in message
    assert OTHER in message
    assert column(archive, "SELECT figure FROM figures WHERE flag = 'sources_differ' ORDER BY figure") == [
        "applications.new_received.natural_person",
        "applications.new_received.total",
    ]

    before = dump(archive, *GROWS_EACH_NIGHT, "portals", "report_readings")
    for night in NIGHTS[1:6]:
        assert visit(archive, reading(12), at=night).outcome == "unchanged"
        assert visit(archive, reading(13), url=OTHER, at=night).outcome == "unchanged"
    assert dump(archive, *GROWS_EACH_NIGHT, "portals", "report_readings") == before
    assert [row[4] for row in archive.db.execute(REVISIONS)] == [NIGHTS[5], NIGHTS[5]]


def test_when_the_other_address_comes_round_the_warning_goes(archive: Archive) -> None:
    visit(archive, reading(12), at=NIGHTS[0])
    visit(archive, reading(13), url=OTHER, at=NIGHTS[0])
    assert visit(archive, reading(13), at=NIGHTS[1]).outcome == "twin"
    assert column(archive, ISSUES) == []


def test_two_reports_of_one_key_in_one_document_are_two_sources(archive: Archive) -> None:
    for night in NIGHTS[:3]:
        visit(archive, reading(12, part=1), body="both", at=night)
        visit(archive, reading(13, part=2), body="both", at=night)
    assert archive.totals()["revisions"] == 2
    assert column(archive, ISSUES) == ["sources_differ"]


def test_own_figures_and_those_of_the_area_are_two_reports(archive: Archive) -> None:
    visit(archive, reading(12, scope="own"), body="both")
    visit(archive, reading(90, scope="area", part=2), body="both")
    assert archive.totals()["reports"] == 2


@pytest.mark.parametrize("scopes", [(None, "own"), ("own", None)])
def test_a_scope_that_only_one_side_states_is_filled_in(archive: Archive, scopes: tuple[str | None, ...]) -> None:
    for url, scope in zip((PAGE, OTHER), scopes, strict=True):
        visit(archive, reading(scope=scope), url=url)
    assert one(archive, "SELECT scope FROM reports") == ("own",)
    assert visit(archive, reading(14, scope=scopes[0]), url=PAGE, at=NIGHTS[3]).outcome == "revised"
    assert archive.totals()["reports"] == 1


class TestTheReaderImproves:
    def test_the_same_bytes_are_read_anew_under_the_same_revision(self, archive: Archive) -> None:
        visit(archive, reading(12, issues=(Issue("c14_rows", "error", "…"),)), body="same")
        stored = visit(archive, reading(13), body="same")
        assert (stored.report_id, stored.outcome) == (1, "unchanged")
        assert received(archive) == 13
        assert column(archive, ISSUES) == []
        assert archive.totals()["revisions"] == 1

    def test_issues_that_are_still_found_keep_their_ids(self, archive: Archive) -> None:
        stays, goes, comes = (Issue(code, "warning", "…") for code in ("stays", "goes", "comes"))
        visit(archive, reading(issues=(goes, stays)), body="same")
        (kept,) = one(archive, "SELECT issue_id FROM issues WHERE code = 'stays'")
        visit(archive, reading(issues=(comes, stays)), body="same")
        assert archive.db.execute("SELECT code, issue_id FROM issues ORDER BY code").fetchall() == [
            ("comes", kept + 1),
            ("stays", kept),
        ]

    def test_every_capture_read_again_makes_no_revision(self, archive: Archive) -> None:
        """A later reader sees one word more in every page; the pages themselves have not changed."""
        seen = [(12, PAGE, "a"), (13, PAGE, "b"), (12, PAGE, "a"), (12, PAGE, "a in paint"), (12, OTHER, "c")]
        captures = []
        for night, (total, url, body) in zip(NIGHTS, seen, strict=False):
            captures.append(keep(archive, url, body, night))
            archive.store(reading(total), captures[-1], trust="official", portal_id="p")
        read = ("report_revisions", "report_readings", "sections", "captures_read")
        before = dump(archive, *read, "reading_revisions", "reading_changes")
        for order in (captures, captures[::-1]):
            for capture in order:
                total, _, _ = seen[captures.index(capture)]
                archive.store(reading(total, words="新"), capture, trust="official", portal_id="p")
            assert dump(archive, *read, "reading_revisions", "reading_changes") == before
            assert column(archive, "SELECT text FROM sections") == ["新"] * 3
            assert column(archive, "SELECT reading FROM report_readings") == [2, 2, 2]
            changes = archive.db.execute("SELECT capture_id, reading, what, before, after FROM reading_changes")
            assert changes.fetchall() == [
                (capture, 1, "section 1", "一、总体情况\n总体情况", "一、总体情况\n新") for capture in captures[:3]
            ]

    def test_a_twin_that_can_be_read_now_fills_the_gap(self, archive: Archive) -> None:
        unread = reading(cells=(), form=None)
        visit(archive, unread, body="a")
        capture = keep(archive, OTHER, "b")
        assert archive.store(unread, capture, trust="official").outcome == "twin"
        assert archive.store(reading(), capture, trust="official").outcome == "upgraded"
        assert received(archive) == 12
        assert archive.store(reading(), capture, trust="official").outcome == "unchanged"

    def test_what_was_filed_under_a_wrong_key_moves(self, archive: Archive) -> None:
        visit(archive, reading(agency="教育局", year=2022), body="same")
        assert visit(archive, reading(), body="same").outcome == "new"
        assert archive.db.execute("SELECT agency, year FROM reports").fetchall() == [(AGENCY, 2023)]
        assert column(archive, "SELECT name FROM agencies") == [AGENCY]
        assert visit(archive, reading(), body="same").outcome == "unchanged"

    def test_what_is_no_report_any_more_goes(self, archive: Archive) -> None:
        visit(archive, reading(), body="v1", at=NIGHTS[0])
        visit(archive, reading(13), body="v2", at=NIGHTS[1])
        visit(archive, Reading(report=False, reason="a notice"), body="v2", at=NIGHTS[2])
        assert one(archive, REVISIONS)[:3] == (1, 1, PAGE)

    def test_a_twin_is_not_read_into_the_report(self, archive: Archive) -> None:
        visit(archive, reading(), body="same")
        relative = reading(attachments=(Attachment("https://xxgk.example.gov.cn/a.pdf", "附件"),))
        visit(archive, relative, url=OTHER, body="same")
        assert column(archive, "SELECT url FROM attachments") == [PDF]


class TestMirrors:
    def test_whichever_comes_first_the_end_is_the_same(self, tmp_path: Path) -> None:
        ends = []
        visits = [
            (reading(), {"url": PAGE, "trust": "official", "division_code": "620102", "at": NIGHTS[2]}),
            (reading(words="转", title="x"), {"url": MIRROR, "trust": "mirror", "portal_id": "m", "at": NIGHTS[1]}),
            (reading(words="载", scope=None), {"url": f"{MIRROR}?2", "trust": "unknown", "portal_id": "m2"}),
        ]
        for number_, order in enumerate(permutations(visits)):
            with Archive.open(tmp_path / str(number_) / "archive.db") as archive:
                for read, how in [*order, *order]:
                    visit(archive, read, **how)
                ends.append(facts(archive))
        assert all(end == ends[0] for end in ends)
        assert len(ends[0]["reports"]) == 1
        assert ends[0]["evidence"] == [(MIRROR, "mirror"), (f"{MIRROR}?2", "mirror"), (PAGE, "page")]

    def test_a_copy_never_displaces_the_original(self, archive: Archive) -> None:
        visit(archive, reading(12))
        for night in NIGHTS[:3]:
            assert visit(archive, reading(99), url=MIRROR, trust="mirror", at=night).outcome == "mirror"
        assert received(archive) == 12
        assert archive.totals()["revisions"] == 1
        assert archive.db.execute("SELECT code, level FROM open_issues").fetchall() == [("mirror_differs", "info")]
        assert column(archive, "SELECT flag FROM figures WHERE flag IS NOT NULL") == []
        assert one(archive, "SELECT review, last_seen FROM reports") == (None, "2024-01-31T02:00:00Z")

    def test_a_copy_alone_is_a_report_with_its_trust_stated(self, archive: Archive) -> None:
        assert visit(archive, reading(), url=MIRROR, trust="mirror").outcome == "new"
        assert one(archive, CURRENT) == (1, MIRROR, "mirror")

    def test_the_original_takes_over_from_an_equal_copy(self, archive: Archive) -> None:
        visit(archive, reading(), url=MIRROR, trust="mirror", at=NIGHTS[0])
        assert visit(archive, reading(), at=NIGHTS[1]).outcome == "upgraded"
        assert one(archive, REVISIONS) == (1, 1, PAGE, NIGHTS[1], NIGHTS[1])
        assert one(archive, CURRENT) == (1, PAGE, "official")
        before = dump(archive, *GROWS_EACH_NIGHT, "portals", "report_readings")
        assert visit(archive, reading(), url=MIRROR, trust="mirror", at=NIGHTS[2]).outcome == "mirror"
        assert visit(archive, reading(), at=NIGHTS[2]).outcome == "unchanged"
        assert dump(archive, *GROWS_EACH_NIGHT, "portals", "report_readings") == before

    def test_the_original_supersedes_a_copy_with_other_figures(self, archive: Archive) -> None:
        visit(archive, reading(99), url=MIRROR, trust="mirror", at=NIGHTS[0])
        assert visit(archive, reading(12), at=NIGHTS[1]).outcome == "revised"
        assert one(archive, CURRENT) == (2, PAGE, "official")
        assert column(archive, ISSUES) == ["mirror_differs"]
        before = dump(archive, *GROWS_EACH_NIGHT, "portals")
        visit(archive, reading(99), url=MIRROR, trust="mirror", at=NIGHTS[2])
        assert dump(archive, *GROWS_EACH_NIGHT, "portals") == before


class TestAttachments:
    bare = staticmethod(lambda: reading(cells=(), form=None, issues=(Issue("attachment_only", "info", "…"),)))

    def test_a_file_completes_a_page_without_tables(self, archive: Archive) -> None:
        visit(archive, self.bare(), at=NIGHTS[0])
        stored = visit(archive, reading(read_by="pdf"), url=PDF, role="attachment", at=NIGHTS[0])
        assert (stored.report_id, stored.outcome) == (1, "upgraded")
        assert one(archive, "SELECT url, read_by FROM reports") == (PAGE, "pdf")
        before = dump(archive, *GROWS_EACH_NIGHT, "portals", "report_readings")
        for night in NIGHTS[1:4]:
            assert visit(archive, self.bare(), at=night).outcome == "unchanged"
            assert visit(archive, reading(read_by="pdf"), url=PDF, role="attachment", at=night).outcome == "unchanged"
        assert dump(archive, *GROWS_EACH_NIGHT, "portals", "report_readings") == before
        assert one(archive, REVISIONS) == (1, 1, PAGE, NIGHTS[0], NIGHTS[3])

    def test_a_changed_file_is_a_revision_of_the_page(self, archive: Archive) -> None:
        visit(archive, self.bare())
        visit(archive, reading(12), url=PDF, role="attachment")
        assert visit(archive, reading(13), url=PDF, role="attachment", at=NIGHTS[1]).outcome == "revised"
        assert one(archive, CURRENT) == (2, PAGE, "official")

    def test_a_file_that_agrees_is_more_evidence(self, archive: Archive) -> None:
        visit(archive, reading())
        assert visit(archive, reading(read_by="pdf"), url=PDF, role="attachment").outcome == "twin"
        assert column(archive, "SELECT role FROM report_captures ORDER BY capture_id") == ["page", "attachment"]

    def test_a_file_that_disagrees_is_named_but_does_not_overrule_the_page(self, archive: Archive) -> None:
        visit(archive, reading(12))
        for night in NIGHTS[:3]:
            visit(archive, reading(13), url=PDF, role="attachment", at=night)
        assert received(archive) == 12
        assert archive.totals()["revisions"] == 1
        assert column(archive, ISSUES) == ["sources_differ"]


class TestRefused:
    def test_a_report_without_a_key_leaves_an_issue_and_a_page(self, archive: Archive) -> None:
        lost = reading(agency=None, evidence={"agency": None, "year": "2023年", "scope": None})
        assert visit(archive, lost).outcome == "refused"
        before = dump(archive, "captures", "portals")
        assert visit(archive, lost).report_id is None
        assert dump(archive, "captures", "portals") == before
        assert one(archive, "SELECT code, level, message, url FROM open_issues") == (
            "key_unknown",
            "error",
            "a report whose agency cannot be told (year: 2023年)",
            PAGE,
        )
        assert one(archive, "SELECT outcome, reason FROM pages") == ("refused", "key_unknown")

    def test_the_issue_goes_when_the_key_is_found(self, archive: Archive) -> None:
        visit(archive, reading(year=None), body="same")
        assert visit(archive, reading(), body="same").outcome == "new"
        assert column(archive, ISSUES) == []

    @pytest.mark.parametrize(
        ("cell", "words"),
        [
            (number("applications.no_such_row.total", 1), "no form has"),
            (number("applications.new_received.total", "0.1234567890123456789"), "15 digits"),
            (number("applications.new_received.total", 10**20), "too large"),
        ],
    )
    def test_figures_that_cannot_be_kept_exactly_are_an_error(
        self, archive: Archive, cell: FigureCell, words: str
    ) -> None:
        before = dump(archive, "captures")
        capture = keep(archive, PAGE, "…")
        with pytest.raises(ArchiveError, match=words):
            archive.store(reading(cells=(cell,)), capture, trust="official")
        assert dump(archive, "captures") == before

    def test_a_capture_that_is_not_there(self, archive: Archive) -> None:
        with pytest.raises(ArchiveError, match="no capture 7"):
            archive.store(reading(), 7, trust="official")


def test_text_that_sqlite_would_refuse_or_cut_is_kept(archive: Archive) -> None:
    visit(archive, reading(title="a\0b\ud800c", words="x\0y"))
    assert one(archive, "SELECT title FROM reports") == ("a\ufffdb\ufffdc",)
    assert one(archive, "SELECT text FROM sections") == ("x\ufffdy",)


def test_pages_keep_first_and_last_sight(archive: Archive) -> None:
    capture = keep(archive, PAGE, "…", NIGHTS[0])
    archive.note_page(PAGE, portal_id="p", capture_id=capture, outcome="report", reason="")
    capture = keep(archive, PAGE, "…", NIGHTS[1])
    archive.note_page(f"{PAGE}#top", portal_id="p", capture_id=capture, outcome="blocked", reason="412")
    assert one(archive, "SELECT * FROM pages") == (PAGE, "p", "blocked", "412", NIGHTS[0], NIGHTS[1], capture, None)


def test_runs_are_on_record(archive: Archive) -> None:
    run = archive.begin_run("gongkai crawl")
    archive.finish_run(run, "good", 0, {"captures": 3})
    archive.finish_run(run, "good", 0, {"captures": 4})
    assert one(archive, "SELECT command, verdict, exit_code, name, value FROM runs JOIN run_counts USING (run_id)") == (
        "gongkai crawl",
        "good",
        0,
        "captures",
        4,
    )


@pytest.mark.parametrize("seed", range(12))
def test_any_set_of_sources_settles_after_two_nights(archive: Archive, seed: int) -> None:
    """Whatever pages, files and copies there are, agreeing or not: when none of them changes, nothing does."""
    chance = random.Random(seed)
    sources = []
    for n in range(7):
        trust = chance.choice(["official", "official", "mirror", "unknown"])
        read = reading(
            chance.choice([12, 12, 13, 14]),
            words=chance.choice("甲乙"),
            scope=chance.choice([None, "own", "area"]),
            part=chance.choice([1, 1, 2]),
        )
        if chance.random() < 0.3:
            read = replace(read, cells=(), form=None)
        where = chance.choice(["https://a.gov.cn/1", "https://b.gov.cn/2", f"https://c.gov.cn/{n}"])
        role = "attachment" if chance.random() < 0.2 else "page"
        if all((where, read.part) != (url, other.part) for other, url, _ in sources):
            sources.append((read, where, {"trust": trust, "role": role, "body": where}))
    for night in NIGHTS[:3]:
        chance.shuffle(sources)
        for read, url, how in sources:
            visit(archive, read, url, night, **how)
    order = list(sources)
    seen = ("first_seen", "last_seen")
    before = dump(archive, *GROWS_EACH_NIGHT, "portals", "report_readings")
    revisions = [without(row, *seen) for row in archive.db["report_readings"].rows]
    for night in NIGHTS[3:6]:
        for read, url, how in order:
            visit(archive, read, url, night, **how)
        chance.shuffle(order)
    assert dump(archive, *GROWS_EACH_NIGHT, "portals", "report_readings") == before
    assert [without(row, *seen) for row in archive.db["report_readings"].rows] == revisions


def without(row: dict[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in names}

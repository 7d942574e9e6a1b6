"""What people decide about figures: it counts, it is kept beside the reading, it lasts, and it can be doubted again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from archive_samples import AGENCY, column, dump, number, one, reading, visit
from sqlite_utils import Database

from archive.agencies.deciding import Reason, merge, split
from archive.answers.asking import NotFound
from archive.review.deciding import Refused, Ruling, accept_report, decide
from archive.schema.panel import make_table
from archive.schema.steps import migrations
from archive.store import Archive
from pipelines.forms.rules import judge
from pipelines.model import FigureCell, Issue, Reading

TOTAL = "applications.new_received.total"
PERSONS = "applications.new_received.natural_person"
RULES = "active_disclosure.regulations.in_force"
FEES = "active_disclosure.administrative_fees.amount"


def told(read: Reading) -> Reading:
    """With what the sum rules say of it, as a reader would give it."""
    return replace(read, issues=(*read.issues, *judge(read.cells, read.forms, read.agency)))


def misread(total: int = 72, *, year: int = 2023, **changes: Any) -> Reading:
    """A picture in which one total was read wrongly: nobody has compared it, and it does not add up."""
    read = reading(12, year=year, read_by="ocr", **changes)
    cells = tuple(number(TOTAL, total) if cell.figure == TOTAL else cell for cell in read.cells)
    figures = tuple(cell.figure for cell in cells)
    doubt = Issue("ocr_unreviewed", "warning", f"{len(figures)} figures in a picture", figures[0], figures)
    return told(replace(read, cells=cells, issues=(doubt,)))


def ruling(figure: str = TOTAL, value: str | None = None, **changes: Any) -> Ruling:
    verb = "accepted" if value is None else "corrected"
    return replace(Ruling(AGENCY, 2023, figure, verb, "looked at the picture", value or ""), **changes)  # type: ignore[arg-type]


def rule(archive: Archive, figure: str = TOTAL, value: str | None = None, **changes: Any) -> None:
    decide(archive, [ruling(figure, value, **changes)], "li")


def shown(archive: Archive, figure: str = TOTAL) -> tuple[Any, ...]:
    return one(archive, "SELECT value, read_value, raw, review, flag FROM figures WHERE figure = ?", figure)


def flags(archive: Archive, figure: str) -> list[str]:
    return column(
        archive,
        "SELECT i.code FROM issue_figures f JOIN issues i USING (issue_id) JOIN figure_definitions d USING (figure_id)"
        " WHERE d.figure = ? AND i.closed_at IS NULL AND f.decision_id IS NULL ORDER BY 1",
        figure,
    )


class TestCorrecting:
    def test_the_correction_counts_and_the_reading_is_kept(self, archive: Archive) -> None:
        visit(archive, misread())
        assert shown(archive) == (72, 72, "72", None, "t3_row_total")
        rule(archive, value="12")
        assert shown(archive) == (12, 72, "72", "corrected", None)
        assert one(archive, "SELECT value, raw FROM cells WHERE figure = ?", TOTAL) == (72, "72")
        assert one(archive, "SELECT total FROM applications WHERE row = 'new_received'") == (12,)
        assert one(archive, "SELECT received FROM panel") == (12,)
        who = one(archive, "SELECT why, decided_by, value, read_value, raw, state FROM decisions")
        assert who == ("looked at the picture", "li", 12, 72, "72", "in force")

    def test_the_sums_are_judged_over_what_counts(self, archive: Archive) -> None:
        visit(archive, misread())
        assert flags(archive, TOTAL) == ["ocr_unreviewed", "t3_row_total"]
        rule(archive, PERSONS, "70")
        assert column(archive, "SELECT message FROM open_issues WHERE code = 't3_row_total'") == [
            "70, but printed is 72"
        ]
        rule(archive, PERSONS, "72")
        assert "t3_row_total" not in column(archive, "SELECT code FROM open_issues")

    def test_the_years_are_judged_over_what_counts(self, archive: Archive) -> None:
        visit(archive, reading(year=2022, carried_out=3), "https://www.example.gov.cn/2022.html")
        visit(archive, reading(carried_in=8))
        assert column(archive, "SELECT code FROM open_issues") == ["t3_carry_over_years"] * 2
        figures = [f"applications.carried_in.{name}" for name in ("natural_person", "total")]
        decide(archive, [ruling(figure, "3") for figure in figures], "li")
        assert column(archive, "SELECT code FROM open_issues") == []
        decide(archive, [ruling(figure, verb="undone") for figure in figures], "li")
        assert column(archive, "SELECT code FROM open_issues") == ["t3_carry_over_years"] * 2

    def test_a_null_becomes_a_number_and_a_number_null(self, archive: Archive) -> None:
        visit(archive, reading())
        rule(archive, RULES, "5")
        rule(archive, TOTAL, "null")
        assert shown(archive, RULES) == (5, None, "/", "corrected", "t2_regulations_authority")
        assert shown(archive) == (None, 12, "12", "corrected", None)
        assert one(archive, "SELECT value, state FROM cells WHERE figure = ?", TOTAL) == (12, "number")
        assert one(archive, "SELECT received FROM panel") == (None,)

    @pytest.mark.parametrize("figure", [TOTAL, RULES, FEES, "active_disclosure.regulations.issued_this_year"])
    @pytest.mark.parametrize("value", ["7", "0.25"])
    def test_undoing_leaves_the_reading_as_it_was(self, archive: Archive, figure: str, value: str) -> None:
        visit(archive, misread())
        before = dump(archive, "decisions", "decision_issues", "issues", "issue_figures")
        said = dump(archive)["issues"]
        rule(archive, figure, value)
        assert dump(archive, "decisions", "decision_issues", "issues", "issue_figures") != before
        rule(archive, figure, verb="undone")
        assert dump(archive, "decisions", "decision_issues", "issues", "issue_figures") == before
        assert sorted(row[4:] for row in dump(archive)["issues"]) == sorted(row[4:] for row in said)
        assert column(archive, "SELECT state FROM decisions") == ["undone"]

    def test_one_correction_after_another_keeps_the_first_reading(self, archive: Archive) -> None:
        visit(archive, misread())
        rule(archive, value="13")
        rule(archive, value="12")
        assert shown(archive) == (12, 72, "72", "corrected", None)
        assert column(archive, "SELECT state FROM decisions ORDER BY decision_id") == ["undone", "in force"]
        rule(archive)
        assert shown(archive) == (72, 72, "72", "accepted", None)

    def test_the_panel_is_what_it_would_be_made_anew(self, archive: Archive) -> None:
        visit(archive, misread())
        rule(archive, value="12")
        kept = archive.db.execute("SELECT * FROM panel_figures").fetchall()
        make_table(archive.db)
        assert archive.db.execute("SELECT * FROM panel_figures").fetchall() == kept


class TestAccepting:
    def test_a_cell_is_settled_and_the_issue_with_the_last_of_them(self, archive: Archive) -> None:
        read = misread()
        visit(archive, read)
        rule(archive, PERSONS, code="ocr_unreviewed")
        assert flags(archive, PERSONS) == ["t3_row_total"]
        assert "ocr_unreviewed" in column(archive, "SELECT code FROM open_issues")
        report = one(archive, "SELECT report_id FROM reports")[0]
        taken = accept_report(archive, report, "compared", "li", "ocr_unreviewed")
        assert len(taken) == len(read.cells) - 1
        assert column(archive, "SELECT code FROM open_issues") == ["t3_row_total"]
        assert one(archive, "SELECT review FROM reports") == ("open",)
        rule(archive)
        assert column(archive, "SELECT code FROM open_issues") == []
        assert one(archive, "SELECT review FROM reports") == (None,)
        assert one(archive, "SELECT flags FROM panel") == (0,)

    def test_a_failed_sum_is_settled_by_its_total(self, archive: Archive) -> None:
        visit(archive, told(replace(misread(), issues=())))
        rule(archive, PERSONS)
        assert column(archive, "SELECT code FROM open_issues") == ["t3_row_total"]
        rule(archive, TOTAL)
        assert column(archive, "SELECT code FROM open_issues") == []
        rule(archive, TOTAL, verb="undone")
        assert column(archive, "SELECT code FROM open_issues") == ["t3_row_total"]

    def test_another_doubt_on_an_accepted_figure_is_open(self, archive: Archive) -> None:
        visit(archive, misread(), body="x")
        rule(archive)
        assert flags(archive, TOTAL) == []
        other = Issue("prose_contradicts_table", "warning", "the text says 13", TOTAL, (TOTAL,))
        visit(archive, replace(misread(), issues=(*misread().issues, other)), body="x")
        assert flags(archive, TOTAL) == ["prose_contradicts_table"]
        assert shown(archive)[3:] == ("accepted", "prose_contradicts_table")

    def test_a_sum_that_fails_otherwise_is_another_doubt(self, archive: Archive) -> None:
        visit(archive, misread())
        rule(archive)
        rule(archive, PERSONS, "11")
        assert "t3_row_total" in flags(archive, TOTAL)


class TestReadingAgain:
    @pytest.mark.parametrize("better", [72, 12, 1])
    def test_a_correction_outlives_a_better_reader(self, archive: Archive, better: int) -> None:
        visit(archive, misread(), body="picture")
        rule(archive, value="12")
        assert visit(archive, misread(better), body="picture").outcome == "unchanged"
        assert shown(archive) == (12, better, str(better), "corrected", None)
        assert one(archive, "SELECT received FROM panel") == (12,)
        assert "t3_row_total" not in column(archive, "SELECT code FROM open_issues")
        rule(archive, verb="undone")
        assert shown(archive)[:2] == (better, better)

    def test_reading_the_same_again_changes_nothing(self, archive: Archive) -> None:
        visit(archive, misread(), body="picture")
        rule(archive, value="12")
        rule(archive, PERSONS)
        visit(archive, misread(title="better"), body="picture")
        read = ("captures", "captures_read", "report_captures", "report_readings")
        kept = ("reading_revisions", "reading_changes")
        before = dump(archive, *read, *kept)
        visit(archive, misread(title="better still"), body="picture")
        assert dump(archive, *read, *kept) == before

    def test_what_was_accepted_stays_closed(self, archive: Archive) -> None:
        visit(archive, misread(), body="picture")
        accept_report(archive, one(archive, "SELECT report_id FROM reports")[0], "compared", "li")
        closed = column(archive, "SELECT closed_at FROM issues")
        assert None not in closed
        reworded = replace(misread().issues[0], message="nobody has compared them")
        visit(archive, replace(misread(), issues=(reworded, *misread().issues[1:])), body="picture")
        assert column(archive, "SELECT closed_at FROM issues") == closed

    def test_a_cell_that_the_better_reader_does_not_find_keeps_its_correction(self, archive: Archive) -> None:
        visit(archive, misread(), body="picture")
        rule(archive, value="12")
        fewer = misread()
        fewer = replace(fewer, cells=tuple(cell for cell in fewer.cells if cell.figure != TOTAL), issues=())
        visit(archive, fewer, body="picture")
        assert shown(archive)[:2] == (12, None)
        rule(archive, verb="undone")
        assert column(archive, "SELECT value FROM figures WHERE figure = ?", TOTAL) == []

    def test_all_views_show_it_where_the_better_reader_does_not_find_its_table(self, archive: Archive) -> None:
        visit(archive, misread(), body="picture")
        rule(archive, value="12")
        visit(archive, reading(cells=(), forms={}, form=None), body="picture")
        assert shown(archive)[:2] == (12, None)
        assert one(archive, "SELECT received FROM panel") == (12,)
        assert archive.db.execute("SELECT row, total FROM applications").fetchall() == [("new_received", 12)]
        rule(archive, verb="undone")
        assert archive.db.execute("SELECT row, total FROM applications").fetchall() == []

    def test_a_report_filed_under_another_name_keeps_its_decisions(self, archive: Archive) -> None:
        visit(archive, misread(), body="picture")
        rule(archive, value="12")
        visit(archive, misread(agency="乾县财政局"), body="picture")
        assert column(archive, "SELECT agency FROM reports") == ["乾县财政局"]
        assert shown(archive) == (12, 72, "72", "corrected", None)


class TestReadAsAnotherReport:
    """A reader errs, and then it does not: the report is filed under another key, and anew under the right one."""

    WRONG = pytest.mark.parametrize("wrong", [{"year": 2022}, {"agency": "乾县财政局"}, {"scope": "area"}, None])

    def moved(self, archive: Archive, wrong: dict[str, Any] | None) -> None:
        visit(archive, replace(misread(), report=False) if wrong is None else misread(**wrong), body="picture")
        visit(archive, misread(), body="picture")

    @WRONG
    def test_what_was_decided_holds_and_stands_once(self, archive: Archive, wrong: dict[str, Any] | None) -> None:
        visit(archive, misread(), body="picture")
        rule(archive, value="12")
        decisions = "SELECT decision, value, decided_by, state, carried_from, ended_at FROM decisions"
        before = one(archive, decisions)
        for _ in range(2):
            self.moved(archive, wrong)
            assert shown(archive) == (12, 72, "72", "corrected", None)
            assert one(archive, decisions) == before
        assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []

    @WRONG
    def test_what_was_replaced_and_taken_back_does_not_come_again(
        self, archive: Archive, wrong: dict[str, Any] | None
    ) -> None:
        visit(archive, misread(), body="picture")
        rule(archive, value="12")
        self.moved(archive, wrong)
        rule(archive, value="13")
        self.moved(archive, wrong)
        assert shown(archive)[0] == 13
        rule(archive, verb="undone")
        visit(archive, misread(title="better"), body="picture")
        assert shown(archive)[:4] == (72, 72, "72", None)
        self.moved(archive, wrong)
        assert shown(archive)[:4] == (72, 72, "72", None)
        assert column(archive, "SELECT DISTINCT state FROM decisions") == ["undone"]

    def test_rows_that_an_older_version_left_do_not_bring_it_back(self, archive: Archive) -> None:
        visit(archive, misread(), body="picture")
        rule(archive, value="12")
        rule(archive, verb="undone")
        kept = "agency, year, scope, decision, value, read_value, raw, source, part, why, decided_by, decided_at"
        for statement in (
            "DELETE FROM decision_issues",
            "UPDATE decisions SET decision_id = 2",
            f"INSERT INTO decisions (decision_id, figure_id, {kept}, state)"
            f" SELECT 1, figure_id, {kept}, 'in force' FROM decisions",
            "UPDATE decisions SET carried_from = 1 WHERE decision_id = 2",
        ):
            archive.db.execute(statement)
        visit(archive, misread(title="better"), body="picture")
        self.moved(archive, {"year": 2022})
        assert shown(archive)[:4] == (72, 72, "72", None)
        assert column(archive, "SELECT state FROM decisions") == ["undone"]

    @WRONG
    def test_what_was_reopened_waits_still(self, archive: Archive, wrong: dict[str, Any] | None) -> None:
        """The revision on which it was decided goes and comes; the later one prints something else all the time."""
        visit(archive, misread(), body="picture")
        rule(archive, value="12")
        visit(archive, misread(75), at="2024-03-01T00:00:00Z", body="another")
        self.moved(archive, wrong)
        current = "SELECT value, review FROM figures WHERE figure = ? AND year = 2023 AND value <> 72"
        assert one(archive, current, TOTAL) == (75, "reopened")
        assert one(archive, "SELECT state FROM decisions") == ("reopened",)
        rule(archive, verb="undone")
        visit(archive, misread(76), at="2024-04-01T00:00:00Z")
        assert shown(archive)[:4] == (76, 76, "76", None)


class TestTheSourceChanges:
    def test_another_number_reopens_the_decision_and_names_both(self, archive: Archive) -> None:
        visit(archive, misread())
        rule(archive, value="12")
        assert visit(archive, misread(75), at="2024-03-01T00:00:00Z").outcome == "revised"
        assert shown(archive) == (75, 75, "75", "reopened", "t3_row_total")
        assert flags(archive, TOTAL) == ["decision_reopened", "ocr_unreviewed", "t3_row_total"]
        (message,) = one(archive, "SELECT message FROM open_issues WHERE code = 'decision_reopened'")
        assert message == "'72' was corrected to 12 by li; now '75' is printed, and read as 75: decide again"
        assert column(archive, "SELECT value FROM cells WHERE figure = ? ORDER BY report_id", TOTAL) == [72, 75]

    def test_the_same_print_carries_it_over_and_says_so(self, archive: Archive) -> None:
        visit(archive, misread())
        decide(archive, [ruling(value="12"), ruling(RULES)], "li")
        visit(archive, misread(words="另一些话"), at="2024-03-01T00:00:00Z")
        assert shown(archive) == (12, 72, "72", "corrected", None)
        assert shown(archive, RULES)[3] == "accepted"
        rows = archive.db.execute(
            "SELECT decision, carried_from IS NOT NULL, state, decided_by FROM decisions ORDER BY carried_from"
        ).fetchall()
        assert rows[2:] == [("corrected", 1, "in force", "li"), ("accepted", 1, "in force", "li")]
        assert flags(archive, TOTAL) == []
        assert one(archive, "SELECT received FROM panel") == (12,)

    def test_an_original_that_prints_it_otherwise_than_the_copy_reopens_it(self, archive: Archive) -> None:
        visit(archive, misread(), "https://m.example.com/", trust="mirror")
        rule(archive, value="12")
        read = misread()
        cells = tuple(replace(cell, raw="72件") if cell.figure == TOTAL else cell for cell in read.cells)
        assert visit(archive, replace(read, cells=cells)).outcome == "upgraded"
        assert shown(archive)[:4] == (72, 72, "72件", "reopened")

    def test_deciding_again_settles_it(self, archive: Archive) -> None:
        visit(archive, misread())
        rule(archive, value="12")
        visit(archive, misread(75), at="2024-03-01T00:00:00Z")
        rule(archive, value="12", why="and again")
        assert shown(archive) == (12, 75, "75", "corrected", None)
        assert "decision_reopened" not in column(archive, "SELECT code FROM issues")
        assert column(archive, "SELECT state FROM decisions ORDER BY 1") == ["in force", "in force"]

    def test_undoing_what_was_reopened_drops_it(self, archive: Archive) -> None:
        visit(archive, misread())
        rule(archive, value="12")
        visit(archive, misread(75), at="2024-03-01T00:00:00Z")
        rule(archive, verb="undone")
        assert shown(archive)[3] is None
        assert column(archive, "SELECT state FROM decisions") == ["undone"]
        assert column(archive, "SELECT * FROM corrections") == []

    def test_what_was_carried_over_and_undone_does_not_come_back(self, archive: Archive) -> None:
        visit(archive, misread())
        rule(archive, value="12")
        visit(archive, misread(words="two"), at="2024-03-01T00:00:00Z")
        rule(archive, verb="undone")
        visit(archive, misread(words="three"), at="2024-04-01T00:00:00Z")
        assert shown(archive)[:4] == (72, 72, "72", None)
        assert column(archive, "SELECT state FROM decisions") == ["undone", "undone"]
        assert one(archive, "SELECT received FROM panel") == (72,)

    def test_what_was_replaced_by_one_that_was_undone_does_not_come_back(self, archive: Archive) -> None:
        visit(archive, misread())
        rule(archive, value="12")
        visit(archive, misread(words="two"), at="2024-03-01T00:00:00Z", body="two")
        rule(archive, value="13")
        rule(archive, verb="undone")
        visit(archive, misread(words="two", title="better"), at="2024-03-01T00:00:00Z", body="two")
        visit(archive, misread(words="three"), at="2024-04-01T00:00:00Z")
        assert shown(archive)[:4] == (72, 72, "72", None)

    def test_one_undone_after_it_was_filed_under_another_name_does_not_come_back(self, archive: Archive) -> None:
        visit(archive, misread(agency="永登县教育局"), body="picture")
        decide(archive, [replace(ruling(value="12"), agency="永登县教育局")], "li")
        visit(archive, misread(), body="picture")
        rule(archive, verb="undone")
        visit(archive, misread(title="better"), body="picture")
        assert shown(archive)[:4] == (72, 72, "72", None)

    def test_a_page_that_goes_back_to_what_it_said_takes_the_decision_up_again(self, archive: Archive) -> None:
        for n, total in enumerate((72, 75, 72), 1):
            visit(archive, misread(total), at=f"2024-0{n}-01T00:00:00Z")
            if n == 1:
                rule(archive, value="12")
        assert one(archive, "SELECT max(revision) FROM reports") == (3,)
        assert shown(archive) == (12, 72, "72", "corrected", None)

    def test_another_address_is_compared_with_what_was_read(self, archive: Archive) -> None:
        visit(archive, misread())
        rule(archive, value="12")
        other = "https://www.example.gov.cn/copy.html"
        assert visit(archive, misread(words="kürzer"), other, at="2024-02-02T00:00:00Z").outcome == "twin"
        part = misread(cells=tuple(cell for cell in misread().cells if cell.figure.startswith("applications")))
        assert visit(archive, part, other + "?2", at="2024-02-03T00:00:00Z").outcome == "twin"
        corrected = visit(archive, told(reading(12)), other + "?3", at="2024-02-04T00:00:00Z")
        assert corrected.outcome == "revised"
        (issue,) = column(archive, "SELECT issue_id FROM issues WHERE code = 'sources_differ'")
        figures = column(
            archive,
            "SELECT d.figure FROM issue_figures JOIN figure_definitions d USING (figure_id) WHERE issue_id = ?",
            issue,
        )
        assert figures == [TOTAL]


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"agency": "甘肃省兰州市城关区教育"}, ""),
            ({"agency": "甘肃省兰州市七里河区教育局"}, f"did you mean {AGENCY}?"),
            ({"year": 2021}, f"{AGENCY} has no report on 2021; there are reports on 2023"),
            ({"scope": "area"}, "no report on 2023 with the scope area, but with own"),
            ({"figure": "applications.new_recieved.total"}, "did you mean applications.new_received.total"),
            ({"figure": "applications.granted.total"}, "does not print applications.granted.total"),
            ({"value": "zwölf"}, "not a number: 'zwölf'"),
            ({"value": "1,000"}, "not a number: '1,000'"),
            ({"value": "nan"}, "not a number"),
            ({"value": "１２"}, "not a number"),
            ({"value": "72"}, "is read as 72 already; accept it instead"),
            ({"why": " "}, "say why"),
            ({"verb": "undone"}, "nothing is decided about applications.new_received.total"),
        ],
    )
    def test_what_makes_no_sense_is_named_in_one_line(
        self, archive: Archive, changes: dict[str, Any], words: str
    ) -> None:
        visit(archive, misread())
        before = dump(archive)
        wrong = replace(ruling(value="12"), place="line 3", **changes)
        if not words:  # the beginning of a name is enough
            assert decide(archive, [wrong], "li")
            return
        with pytest.raises(Refused) as refused:
            decide(archive, [wrong], "li")
        assert len(refused.value.lines) == 1
        assert words in str(refused.value)
        assert str(refused.value).startswith("line 3: ")
        assert dump(archive) == before

    def test_one_that_is_wrong_stops_all(self, archive: Archive) -> None:
        visit(archive, misread())
        before = dump(archive)
        wrong = [ruling(PERSONS), ruling(value="x"), ruling(PERSONS), ruling("nonsense")]
        with pytest.raises(Refused) as refused:
            decide(archive, wrong, "li")
        assert len(refused.value.lines) == 3
        assert dump(archive) == before

    def test_only_current_revisions_with_doubts_can_be_accepted_as_a_whole(self, archive: Archive) -> None:
        first = visit(archive, misread()).report_id or 0
        second = visit(archive, misread(75), at="2024-03-01T00:00:00Z").report_id or 0
        with pytest.raises(Refused, match=r"is revision 1 of .* not the current one"):
            accept_report(archive, first, "looked", "li")
        with pytest.raises(NotFound, match="there is no report 99"):
            accept_report(archive, 99, "looked", "li")
        accept_report(archive, second, "looked", "li")
        with pytest.raises(NotFound, match="has no open issue on a figure"):
            accept_report(archive, second, "looked", "li")


def test_a_decision_goes_with_its_report_when_agencies_are_merged(archive: Archive) -> None:
    other = "甘肃省兰州市城关区教育体育局"
    visit(archive, misread(year=2022, agency=other), "https://www.example.gov.cn/2022.html")
    decide(archive, [replace(ruling(value="12"), agency=other, year=2022)], "li")
    visit(archive, reading())
    merge(archive, other, AGENCY, Reason("wang", "one body"))
    query = "SELECT agency, year, value, read_value, review FROM figures WHERE figure = ? AND year = 2022"
    assert one(archive, query, TOTAL) == (AGENCY, 2022, 12, 72, "corrected")
    decide(archive, [ruling(year=2022, verb="undone")], "li")
    assert one(archive, query, TOTAL) == (AGENCY, 2022, 72, 72, None)


def test_a_decision_does_not_stay_with_another_agency_when_they_are_parted(archive: Archive) -> None:
    other = "甘肃省兰州市城关区教育体育局"
    visit(archive, misread(agency=other), "https://www.example.gov.cn/other.html")
    decide(archive, [replace(ruling(value="12"), agency=other)], "li")
    visit(archive, misread(words="ours"), at="2024-03-01T00:00:00Z")
    merge(archive, other, AGENCY, Reason("wang", "one body"))
    visit(archive, misread(words="ours, changed"), at="2024-04-01T00:00:00Z")
    assert shown(archive)[0] == 12
    split(archive, other, Reason("wang", "two bodies"))
    query = "SELECT agency, value, review FROM figures WHERE figure = ? ORDER BY value"
    assert archive.db.execute(query, [TOTAL]).fetchall() == [(other, 12, "corrected"), (AGENCY, 72, None)]
    assert column(archive, "SELECT received FROM panel ORDER BY 1") == [12, 72]
    assert "t3_row_total" in flags(archive, TOTAL)


def test_revisions_in_another_order_than_they_were_filed_move_on(archive: Archive) -> None:
    names = [f"甘肃省兰州市城关区{words}局" for words in ("教育体育", "教育文体", "教科")]
    for month, name in zip((3, 2, 1), names, strict=True):
        visit(
            archive, reading(month, agency=name), f"https://www.example.gov.cn/{month}", f"2024-0{month}-01T00:00:00Z"
        )
    merge(archive, names[0], names[1], Reason("wang", "one body"))
    merge(archive, names[1], names[2], Reason("wang", "one body"))
    assert one(archive, "SELECT received FROM panel") == (3,)


def test_reports_that_meet_in_a_merge_are_compared_as_they_were_read(archive: Archive) -> None:
    other = "甘肃省兰州市城关区教育体育局"
    visit(archive, misread(agency=other), "https://www.example.gov.cn/other.html")
    decide(archive, [replace(ruling(value="12"), agency=other)], "li")
    visit(archive, reading(12), at="2024-03-01T00:00:00Z")
    merge(archive, other, AGENCY, Reason("wang", "one body"))
    assert "sources_differ" in flags(archive, TOTAL)


def test_issues_of_an_older_archive_are_known_for_what_they_are() -> None:
    """Step m005: what the sum rules found stood under the reader; all else stays as it was."""
    db = Database(memory=True)
    migrations.apply(db, stop_before="m005_decisions")
    db.execute("PRAGMA foreign_keys = OFF")
    for code in ("t3_row_total", "ocr_unreviewed"):
        db.execute(
            "INSERT INTO issues (report_id, origin, code, level, message) VALUES (1, 'reader', ?, 'error', 'x')", [code]
        )
    before = db.execute("SELECT issue_id, report_id, code, level, message, closed_at FROM issues").fetchall()
    migrations.apply(db)
    assert db.execute("SELECT issue_id, report_id, code, level, message, closed_at FROM issues").fetchall() == before
    assert db.execute("SELECT code, origin FROM issues ORDER BY 1").fetchall() == [
        ("ocr_unreviewed", "reader"),
        ("t3_row_total", "rules"),
    ]
    assert {"issues_report", "issues_code", "issues_capture"} <= {index.name for index in db["issues"].indexes}
    assert "-- Something that a person should look at" in db["issues"].schema


def test_a_value_is_exact(archive: Archive) -> None:
    visit(archive, reading())
    rule(archive, FEES, "25.15")
    assert one(archive, "SELECT typeof(value), value, read_value FROM figures WHERE figure = ?", FEES) == (
        *("real", 25.15),
        25.1,
    )
    assert Decimal(str(shown(archive, FEES)[0])) == Decimal("25.15")
    assert isinstance(reading().cells[0], FigureCell)

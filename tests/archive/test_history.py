"""What became of a report over time, and what one figure rests on: asked of an archive that lived through it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from archive_samples import AGENCY, keep, number, reading, visit

from archive.agencies.deciding import Reason, merge
from archive.answers.asking import NotFound, find_agency, find_figure, find_report
from archive.answers.evidence import evidence_of
from archive.answers.history import history_of
from archive.answers.originals import original_of
from archive.errors import ArchiveError
from archive.reading import reading as opened
from archive.review.deciding import Ruling, decide
from archive.store import Archive
from pipelines.forms.rules import judge
from pipelines.model import FigureCell, Reading

TOTAL = "applications.new_received.total"
PERSONS = "applications.new_received.natural_person"
PAGE = "https://www.example.gov.cn/2023.html"


def told(read: Reading) -> Reading:
    return replace(read, issues=judge(read.cells, read.forms, read.agency))


def lived(archive: Archive) -> None:
    """Three states of a page, a twin, a mirror, and a decision on the second state."""
    visit(archive, reading(12), PAGE, "2024-01-31T02:00:00Z")
    visit(archive, reading(12), "https://www.example.gov.cn/twin.html", "2024-02-01T02:00:00Z")
    visit(archive, reading(15), PAGE, "2024-03-01T02:00:00Z")
    decide(archive, [Ruling(AGENCY, 2023, TOTAL, "corrected", "asked them", "14")], "li")
    visit(archive, reading(15, words="改了字"), PAGE, "2024-04-01T02:00:00Z")
    visit(archive, reading(15), "https://mirror.example.com/1.html", "2024-04-02T02:00:00Z", trust="mirror")


class TestHistory:
    def test_every_revision_with_what_changed(self, archive: Archive) -> None:
        lived(archive)
        found = history_of(archive.db, find_report(archive.db, AGENCY, 2023))
        assert [(row["revision"], row["is_current"], row["last_seen"][:10]) for row in found.revisions] == [
            (1, 0, "2024-02-01"),
            (2, 0, "2024-03-01"),
            (3, 1, "2024-04-01"),
        ]
        changes = {(row["revision"], row["figure"]): (row["before"], row["after"]) for row in found.changes}
        assert changes == {(2, TOTAL): (12, 15), (2, PERSONS): (12, 15)}  # what was read, not what was decided
        assert [(row["revision"], row["decision"], row["carried_from"]) for row in found.decisions] == [
            (2, "corrected", None),
            (3, "corrected", 1),
        ]
        roles = {(row["revision"], row["role"]) for row in found.captures}
        assert {(1, "twin"), (1, "page"), (2, "page"), (3, "page")} <= roles
        assert any(role == "mirror" for _, role in roles)

    def test_the_view_says_the_same(self, archive: Archive) -> None:
        lived(archive)
        rows = archive.db.execute(
            "SELECT agency, year, scope, revision, figure, before, after, raw_before, raw_after FROM revision_changes"
            " WHERE agency = ? ORDER BY figure DESC",
            [AGENCY],
        ).fetchall()
        assert rows == [
            (AGENCY, 2023, "own", 2, TOTAL, 12, 15, "12", "15"),
            (AGENCY, 2023, "own", 2, PERSONS, 12, 15, "12", "15"),
        ]

    def test_a_cell_that_comes_goes_or_is_printed_otherwise_has_changed(self, archive: Archive) -> None:
        first = reading()
        dash = FigureCell("active_disclosure.regulations.in_force", None, "-", "table 1", "dash")
        cells = [dash if cell.figure == dash.figure else cell for cell in first.cells if cell.figure != TOTAL]
        added = number("applications.granted.total", 0)
        visit(archive, first)
        visit(archive, replace(first, cells=(*cells, added)), at="2024-03-01T02:00:00Z")
        found = history_of(archive.db, find_report(archive.db, AGENCY, 2023))
        changed = {
            row["figure"]: tuple(row[n] for n in ("before", "after", "raw_before", "raw_after"))
            for row in found.changes
        }
        assert changed == {
            TOTAL: (12, None, "12", None),
            dash.figure: (None, None, "/", "-"),
            added.figure: (None, 0, None, "0"),
        }

    def test_a_page_that_gives_no_report_any_more_has_vanished(self, archive: Archive) -> None:
        visit(archive, reading())
        archive.note_page(PAGE, portal_id="p", capture_id=None, outcome="failed", reason="HTTP 404")
        (row,) = history_of(archive.db, find_report(archive.db, AGENCY, 2023)).revisions
        assert row["vanished_at"] > row["last_seen"] == "2024-01-31T02:00:00Z"
        assert row["page_outcome"] == "failed: HTTP 404"


class TestAsking:
    def test_an_agency_by_name_part_or_id(self, archive: Archive) -> None:
        for name in (AGENCY, "甘肃省兰州市七里河区教育局"):
            visit(archive, reading(agency=name), f"https://www.example.gov.cn/{name}")
        mine = find_agency(archive.db, AGENCY)
        for text in (str(mine.agency_id), "城关区教育局", f" {AGENCY} ", "甘肃省兰州市城"):
            assert find_agency(archive.db, text) == mine
        with pytest.raises(NotFound, match=r"may be .*城关区教育局 .*七里河区教育局"):
            find_agency(archive.db, "教育局")
        for text in ("", "99", "%", "_", "' OR 1"):
            with pytest.raises(NotFound):
                find_agency(archive.db, text)

    def test_a_merged_agency_is_the_one_that_it_was_merged_into(self, archive: Archive) -> None:
        for name in (AGENCY, "甘肃省兰州市城关区教育体育局"):
            visit(archive, reading(agency=name), f"https://www.example.gov.cn/{name}")
        merge(archive, "甘肃省兰州市城关区教育体育局", AGENCY, Reason("li", "one body"))
        for text in (AGENCY, "甘肃省兰州市城关区教育体育局", "教育体育", "城关区"):
            assert find_agency(archive.db, text).name == AGENCY

    def test_a_report_by_year_scope_and_revision(self, archive: Archive) -> None:
        lived(archive)
        visit(archive, reading(99, scope="area"), "https://www.example.gov.cn/area.html")
        with pytest.raises(NotFound, match="scopes own and area: give --scope"):
            find_report(archive.db, AGENCY, 2023)
        assert find_report(archive.db, AGENCY, 2023, scope="area").revision == 1
        assert find_report(archive.db, AGENCY, 2023, scope="own").revision == 3
        assert not find_report(archive.db, AGENCY, 2023, scope="own", revision=1).is_current
        with pytest.raises(NotFound, match="no revision 7, but 3, 2, 1"):
            find_report(archive.db, AGENCY, 2023, scope="own", revision=7)

    def test_a_figure_by_its_end(self) -> None:
        assert find_figure("new_received.total").id == TOTAL
        with pytest.raises(NotFound, match="may be"):
            find_figure("total")


class TestEvidence:
    def test_the_rules_with_their_numbers(self, archive: Archive) -> None:
        visit(archive, told(reading(12, carried_in=3, carried_out=4)))
        visit(archive, told(reading(year=2022, carried_out=5)), "https://www.example.gov.cn/2022.html")
        report = find_report(archive.db, AGENCY, 2023)
        rules = {rule.rule: rule for rule in evidence_of(archive.db, report, find_figure("carried_in.total")).rules}
        assert rules["t3_row_total"].verdict == "passed"
        assert rules["t3_flow"].verdict == "not evaluated"  # the results are not printed
        assert "results_total.total null" in rules["t3_flow"].says
        assert rules["t3_carry_over_years"].verdict == "failed"
        assert rules["t3_carry_over_years"].says == "carried_in 3 of 2023 ≠ carried_out 5 of 2022"
        before = find_report(archive.db, AGENCY, 2022)
        rules = {rule.rule: rule for rule in evidence_of(archive.db, before, find_figure("carried_out.total")).rules}
        assert rules["t3_carry_over_years"].verdict == "failed"

    def test_rules_fail_exactly_where_an_issue_says_so(self, archive: Archive) -> None:
        cells = tuple(number(TOTAL, 13) if cell.figure == TOTAL else cell for cell in reading().cells)
        visit(archive, told(replace(reading(), cells=cells)))
        found = evidence_of(archive.db, find_report(archive.db, AGENCY, 2023), find_figure(TOTAL))
        assert {rule.rule for rule in found.rules if rule.verdict == "failed"} == {row["code"] for row in found.issues}

    def test_a_figure_that_is_not_printed_has_none(self, archive: Archive) -> None:
        visit(archive, reading())
        with pytest.raises(NotFound, match=r"does not print applications\.granted\.total"):
            evidence_of(archive.db, find_report(archive.db, AGENCY, 2023), find_figure("granted.total"))


class TestOriginals:
    def test_the_bytes_of_each_revision(self, archive: Archive) -> None:
        lived(archive)
        for revision, name in ((None, "1-2023-own.html"), (1, "1-2023-own-revision1.html")):
            report = find_report(archive.db, AGENCY, 2023, revision=revision)
            found = original_of(archive.db, archive.path, report)
            assert hashlib.sha256(found.body).hexdigest() == found.sha256
            assert found.name == name

    def test_a_reader_has_them_too(self, archive: Archive) -> None:
        visit(archive, reading(), body="<html>报告</html>")
        with opened(archive.path) as db:
            found = original_of(db, archive.path, find_report(db, AGENCY, 2023))
        assert found.body == "<html>报告</html>".encode()

    def test_damaged_bytes_are_never_given_out(self, archive: Archive) -> None:
        visit(archive, reading())
        report = find_report(archive.db, AGENCY, 2023)
        (warc,) = (archive.path.parent / "warc").glob("*.gz")
        whole = warc.read_bytes()
        offset, length = archive.db.execute("SELECT warc_offset, warc_length FROM captures").fetchone()
        middle = offset + length // 2
        warc.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        with pytest.raises(ArchiveError, match="damaged record"):
            original_of(archive.db, archive.path, report)
        warc.unlink()
        with pytest.raises(ArchiveError, match="cannot read"):
            original_of(archive.db, archive.path, report)

    def test_a_path_in_the_index_leads_nowhere(self, archive: Archive, tmp_path: Path) -> None:
        keep(archive, PAGE, "x")
        visit(archive, reading())
        archive.db.execute("UPDATE captures SET warc_file = '../../etc/' || warc_file")
        with pytest.raises(ArchiveError, match="not the name of a WARC file"):
            original_of(archive.db, archive.path, find_report(archive.db, AGENCY, 2023))

"""What researchers ask of the views."""

from __future__ import annotations

import sqlite3

import pytest
from archive_samples import AGENCY, column, number, reading, requests, visit

from archive.schema.views import APPLICANTS
from archive.store import Archive
from pipelines.model import Issue

PLACE = " agency_id division_code province city county level kind"
CONTRACT = {
    "reports": "report_id agency agency_printed year scope revision is_current form title trust read_by review url"
    " fetched_at first_seen last_seen gone_at" + PLACE,
    "figures": "report_id agency year scope figure value unit state raw flag url read_value review" + PLACE,
    "applications": "report_id agency year scope row row_label natural_person commercial_enterprise"
    " research_institution social_welfare_organization legal_service_institution other_organization total" + PLACE,
}


@pytest.mark.parametrize("view", CONTRACT)
def test_the_views_have_the_columns_of_the_contract(archive: Archive, view: str) -> None:
    assert [column.name for column in archive.db[view].columns] == CONTRACT[view].split()


def test_requests_by_year_and_applicant(archive: Archive) -> None:
    for year in (2022, 2023):
        visit(archive, reading(year - 2000, year=year), f"https://www.example.gov.cn/{year}")
    visit(archive, reading(99, year=2022), "https://www.example.gov.cn/2022", "2024-05-01T00:00:00Z")
    rows = archive.db.execute(
        "SELECT agency, year, natural_person, commercial_enterprise, total FROM applications WHERE row = 'new_received'"
        " ORDER BY year"
    ).fetchall()
    assert rows == [(AGENCY, 2022, 99, 0, 99), (AGENCY, 2023, 23, 0, 23)]


def test_rows_that_the_form_does_not_print_are_not_there(archive: Archive) -> None:
    visit(archive, reading())
    rows = column(archive, "SELECT row FROM applications")
    assert len(rows) == 25
    assert "other_misc" in rows
    assert "other_processing" not in rows  # the form of 2019 prints that


def test_null_is_not_zero(archive: Archive) -> None:
    cells = tuple(cell for cell in requests("new_received", 5) if cell.figure.endswith(".total"))
    visit(archive, reading(cells=cells))
    row = archive.db.execute("SELECT natural_person, total FROM applications WHERE row = 'new_received'").fetchall()
    assert row == [(None, 5)]
    assert column(archive, "SELECT figure FROM figures") == ["applications.new_received.total"]


def test_litigation_and_disclosure(archive: Archive) -> None:
    outcomes = ("upheld", "corrected", "other", "pending", "total")
    cells = [number(f"review_litigation.review.{name}", n) for n, name in enumerate(outcomes)]
    cells.append(number("active_disclosure.administrative_fees.amount", "25.1"))
    visit(archive, reading(cells=tuple(cells)))
    assert archive.db.execute(
        "SELECT row, upheld, corrected, other, pending, total FROM review_litigation WHERE row = 'review'"
    ).fetchall() == [("review", 0, 1, 2, 3, 4)]
    assert archive.db.execute('SELECT "row", "column", value, unit FROM disclosure').fetchall() == [
        ("administrative_fees", "amount", 25.1, "万元")
    ]


def test_the_flag_is_the_gravest_open_issue(archive: Archive) -> None:
    figure = "applications.new_received.total"
    issues = (
        Issue("a_note", "info", "…", figure),
        Issue("a_warning", "warning", "…", figure),
        Issue("an_error", "error", "…", None, (figure, "applications.carried_in.total")),
    )
    visit(archive, reading(issues=issues))
    flags = "SELECT flag FROM figures WHERE figure = 'applications.new_received.total'"
    seen = []
    for code in ("an_error", "a_warning", "a_note"):
        seen.append(archive.db.execute(flags).fetchone()[0])
        archive.db.execute("UPDATE issues SET closed_at = '2024-01-01T00:00:00Z' WHERE code = ?", [code])
    assert seen == ["an_error", "a_warning", None]
    assert archive.db.execute("SELECT review FROM reports").fetchone() == (None,)


def test_an_issue_about_something_else_is_kept_with_its_name(archive: Archive) -> None:
    issue = Issue("x", "warning", "…", "no.such.figure")
    for _ in range(2):
        visit(archive, reading(issues=(issue,)))
    assert archive.db.execute("SELECT issue_id, figure FROM open_issues").fetchall() == [(1, "no.such.figure")]


@pytest.mark.parametrize("value", ["'12'", "x'31'", "'无'"])
def test_text_never_gets_into_a_value(archive: Archive, value: str) -> None:
    visit(archive, reading())
    with pytest.raises(sqlite3.IntegrityError):
        archive.db.execute(f"""UPDATE applications_values SET "new_received.total" = {value}""")


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM figures WHERE agency = 'a' AND year = 2023",
        "SELECT * FROM figures WHERE agency = 'a' AND year = 2023 AND figure = 'b'",
        "SELECT * FROM figures WHERE report_id = 3",
        "SELECT * FROM reports WHERE agency = 'a' AND year = 2023",
        "SELECT * FROM reports WHERE report_id = 3",
        "SELECT * FROM applications WHERE agency = 'a' AND year = 2023 AND row = 'new_received'",
        "SELECT * FROM applications WHERE report_id = 3",
        "SELECT * FROM review_litigation WHERE agency = 'a'",
        "SELECT * FROM review_litigation WHERE report_id = 3",
        "SELECT * FROM statistics WHERE agency = 'a' AND year = 2016",
        "SELECT * FROM statistics WHERE report_id = 3",
        "SELECT * FROM cells WHERE report_id = 3",
        "SELECT * FROM cells WHERE report_id = 3 AND figure = 'b'",
        "SELECT * FROM panel WHERE agency = 'a'",
        "SELECT * FROM panel WHERE agency = 'a' AND year = 2023",
        "SELECT * FROM panel WHERE agency_id = 3 AND year = 2023",
        "SELECT * FROM panel WHERE report_id = 3",
        "SELECT * FROM panel WHERE year = 2023",
        "SELECT * FROM panel WHERE received_firms > 100",
        "SELECT * FROM panel WHERE province = 'a' AND year BETWEEN 2014 AND 2023",
        "SELECT * FROM applications WHERE province = 'a' AND year = 2023 AND row = 'new_received'",
        "SELECT * FROM disclosure WHERE report_id = 3",
        "SELECT * FROM disclosure WHERE agency = 'a' AND year = 2023",
        "SELECT * FROM open_issues WHERE report_id = 3",
        "SELECT * FROM open_issues WHERE code = 'no_tables'",
    ],
)
def test_a_question_with_a_key_scans_nothing(archive: Archive, question: str) -> None:
    plan = [row[3] for row in archive.db.execute(f"EXPLAIN QUERY PLAN {question}")]
    plan = [step for step in plan if step != "SCAN p VIRTUAL TABLE INDEX 1:"]  # the places of one report, from JSON
    assert not [step for step in plan if step.startswith("SCAN")], plan
    assert not [step for step in plan if "reports_year" in step], plan


def test_a_question_to_all_lines_of_the_panel_walks_them_in_order(archive: Archive) -> None:
    """Without statistics SQLite would rather walk through a narrow index, and look each line up out of turn."""
    for question in (
        "SELECT province, sum(granted) FROM panel WHERE scope = 'own' GROUP BY province",
        "SELECT kind, sum(denied) FROM panel WHERE scope IS NOT 'area' AND breaks NOT LIKE '%denied%' GROUP BY kind",
    ):
        plan = [row[3] for row in archive.db.execute(f"EXPLAIN QUERY PLAN {question}")]
        assert plan[0] == "SCAN p", plan


def test_what_two_years_are_compared_for_is_read_from_an_index(archive: Archive) -> None:
    plan = [
        row[3]
        for row in archive.db.execute(
            "EXPLAIN QUERY PLAN SELECT p.agency, p.carried_in, b.carried_out, b.received FROM panel p JOIN panel b"
            " ON b.agency_id = p.agency_id AND b.year = p.year - 1 AND b.scope IS p.scope"
        )
    ]
    assert sum("COVERING INDEX panel_" in step for step in plan) >= 1, plan
    assert not [step for step in plan if "AUTOMATIC" in step], plan


def test_applicants_are_those_of_the_form(archive: Archive) -> None:
    known = archive.db.execute(
        "SELECT DISTINCT form_column FROM figure_definitions WHERE form_table = 'applications' ORDER BY figure_id"
    ).fetchall()
    assert tuple(row[0] for row in known) == APPLICANTS

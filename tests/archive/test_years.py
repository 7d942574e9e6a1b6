"""Rules that need two years, through the archive: they appear and go as either year changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from archive_samples import dump, number, one, reading, visit

from archive.schema.views import APPLICANTS
from archive.store import Archive
from pipelines.model import Reading

Y22, Y23, Y24 = (f"https://www.example.gov.cn/{year}.html" for year in (2022, 2023, 2024))


def issues(archive: Archive) -> list[tuple[Any, ...]]:
    return archive.db.execute("SELECT code, figure, year FROM open_issues ORDER BY year, code, figure").fetchall()


def carried(year: int, carried_in: int, carried_out: int, **changes: Any) -> Reading:
    return reading(year=year, carried_in=carried_in, carried_out=carried_out, **changes)


def stock(year: int, in_force: int | None, issued: int | None = 0, abolished: int | None = 0) -> Reading:
    values = {"in_force": in_force, "issued_this_year": issued, "abolished_this_year": abolished}
    cells = tuple(
        number(f"active_disclosure.regulations.{name}", value)
        if value is not None
        else replace(number(f"active_disclosure.regulations.{name}", 0, "/"), value=None, state="slash")
        for name, value in values.items()
    )
    return reading(year=year, cells=cells)


CARRY_2023 = [
    ("t3_carry_over_years", "applications.carried_in.natural_person", 2023),
    ("t3_carry_over_years", "applications.carried_in.total", 2023),
]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_was_carried_over_must_arrive(archive: Archive, order: tuple[int, int]) -> None:
    visits = [(carried(2022, 0, 3), Y22), (carried(2023, 4, 0), Y23)]
    for n in order:
        visit(archive, *visits[n])
    assert issues(archive) == CARRY_2023
    level, message = one(
        archive, "SELECT level, message FROM open_issues WHERE figure = 'applications.carried_in.total'"
    )
    assert (level, message) == ("warning", "4 carried in from 2022, whose report carries 3 out")
    assert archive.db.execute("SELECT figure, year FROM figures WHERE flag = 't3_carry_over_years'").fetchall() == [
        ("applications.carried_in.natural_person", 2023),
        ("applications.carried_in.total", 2023),
    ]


def test_each_kind_of_applicant_is_judged(archive: Archive) -> None:
    out = [number(f"applications.carried_out.{name}", n) for n, name in enumerate(APPLICANTS)]
    arrived = [number(f"applications.carried_in.{name}", n + 1) for n, name in enumerate(APPLICANTS)]
    visit(archive, reading(year=2022, cells=tuple(out)), Y22)
    visit(archive, reading(year=2023, cells=tuple(arrived)), Y23)
    assert len(issues(archive)) == 7


def test_a_corrected_year_clears_the_next_one_and_back(archive: Archive) -> None:
    visit(archive, carried(2023, 4, 0), Y23)
    visit(archive, carried(2024, 0, 0), Y24)
    visit(archive, carried(2022, 0, 3), Y22)
    assert issues(archive) == CARRY_2023
    visit(archive, carried(2022, 0, 4), Y22, "2024-03-01T00:00:00Z")
    assert issues(archive) == []
    visit(archive, carried(2022, 0, 3), Y22, "2024-04-01T00:00:00Z")
    assert issues(archive) == CARRY_2023


def test_only_the_current_revision_is_judged(archive: Archive) -> None:
    visit(archive, carried(2022, 0, 3), Y22)
    visit(archive, carried(2023, 4, 0), Y23)
    visit(archive, carried(2023, 3, 0), Y23, "2024-03-01T00:00:00Z")
    assert issues(archive) == []
    assert one(archive, "SELECT count(*) FROM issues") == (0,)


def test_judging_again_changes_no_row(archive: Archive) -> None:
    visit(archive, carried(2022, 0, 3), Y22)
    visit(archive, carried(2023, 4, 0), Y23)
    before = dump(archive, "captures", "report_captures")
    visit(archive, carried(2022, 0, 3), Y22)
    visit(archive, carried(2023, 4, 0), Y23)
    assert dump(archive, "captures", "report_captures") == before


def test_own_figures_are_not_held_against_those_of_the_area(archive: Archive) -> None:
    visit(archive, carried(2022, 0, 3, scope="area"), Y22)
    visit(archive, carried(2023, 4, 0, scope="own"), Y23)
    assert issues(archive) == []


def test_a_scope_that_is_filled_in_later_takes_the_rules_along(archive: Archive) -> None:
    visit(archive, carried(2022, 0, 3, scope=None), Y22)
    visit(archive, carried(2023, 4, 0, scope=None), Y23)
    assert issues(archive) == CARRY_2023
    visit(archive, carried(2022, 0, 3, scope="own"), "https://other.example.gov.cn/")
    assert issues(archive) == []
    visit(archive, carried(2023, 4, 0, scope="own"), "https://another.example.gov.cn/")
    assert issues(archive) == CARRY_2023


@pytest.mark.parametrize(
    ("before", "now", "contradicts"),
    [
        (stock(2022, 10), stock(2023, 12, issued=3, abolished=1), False),
        (stock(2022, 10), stock(2023, 13, issued=3, abolished=1), True),
        (stock(2022, None), stock(2023, 13, issued=3, abolished=1), False),
        (stock(2022, 10), stock(2023, 13, issued=None, abolished=1), False),
        (stock(2021, 10), stock(2023, 13, issued=3, abolished=1), False),
    ],
)
def test_documents_in_force_add_up_over_the_years(
    archive: Archive, before: Reading, now: Reading, contradicts: bool
) -> None:
    visit(archive, before, Y22)
    visit(archive, now, Y23)
    figure = "active_disclosure.regulations.in_force"
    assert issues(archive) == ([("t2_stock_over_years", figure, 2023)] if contradicts else [])
    if contradicts:
        assert one(archive, "SELECT message FROM open_issues") == ("13 in force, but 10 of 2022 + 3 - 1 = 12",)
        assert one(archive, "SELECT count(*) FROM figures WHERE flag = 't2_stock_over_years'") == (3,)

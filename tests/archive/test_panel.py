"""The panel: one line for an agency, a year and a scope, over three forms."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from archive_samples import dump, number, one, reading, visit

from archive.agencies.resolving import resolve_agency
from archive.readings import forget_reading, write_reading
from archive.schema.panel import LONGEST_NAME, indicators, refresh_panel
from archive.store import Archive
from pipelines.forms.definitions import load_forms
from pipelines.model import Issue, Reading, Section

DENIED = next(indicator for indicator in indicators() if indicator.id == "denied").sums[0]


def filled(form: str, **values: int) -> Reading:
    """A report in which every cell is 0 but those given, `__` standing for the dot."""
    said = {name.replace("__", "."): value for name, value in values.items()}
    blocks = load_forms()[form].blocks
    cells = tuple(number(figure, said.get(figure, 0)) for block in blocks for figure in block.figures())
    return reading(
        cells=cells, form=form, forms={block.id: form for block in blocks}, year=2016 if form == "f2014" else 2022
    )


def line(archive: Archive, columns: str) -> tuple[Any, ...]:
    return one(archive, f"SELECT {columns} FROM panel")


def test_an_indicator_of_all_three_forms(archive: Archive) -> None:
    visit(archive, filled("f2014", statistics__requests_received=7), "https://a.gov.cn/2016")
    visit(archive, replace(filled("f2019", applications__new_received__total=8), year=2019), "https://a.gov.cn/2019")
    visit(archive, filled("f2021", applications__new_received__total=9), "https://a.gov.cn/2022")
    rows = archive.db.execute(
        "SELECT year, form, received, received_online, carried_in FROM panel ORDER BY year"
    ).fetchall()
    assert rows == [(2016, "f2014", 7, 0, None), (2019, "f2019", 8, None, 0), (2022, "f2021", 9, None, 0)]


def test_a_sum_with_a_part_that_is_not_given_is_not_given(archive: Archive) -> None:
    read = filled("f2021", **{DENIED[0].replace(".", "__"): 3, DENIED[5].replace(".", "__"): 4})
    visit(archive, read)
    assert line(archive, "denied, denied_state_secret, unable") == (7, 3, 0)
    cells = tuple(
        replace(cell, value=None, raw="", state="blank") if cell.figure == DENIED[1] else cell for cell in read.cells
    )
    visit(archive, replace(read, cells=cells), at="2024-02-01T00:00:00Z")
    assert line(archive, "denied, denied_state_secret, unable") == (None, 3, 0)


def test_decimals_stay_what_they_are(archive: Archive) -> None:
    cells = (number("active_disclosure.administrative_fees.amount", Decimal("0.1"), "0.1"),)
    visit(archive, reading(cells=cells))
    assert line(archive, "fees, licences") == (0.1, None)


def test_breaks_name_what_the_form_counts_otherwise(archive: Archive) -> None:
    visit(archive, filled("f2014"), "https://a.gov.cn/2016")
    visit(archive, filled("f2021"), "https://a.gov.cn/2022")
    breaks = dict(archive.db.execute("SELECT year, breaks FROM panel").fetchall())
    assert breaks[2022] == ""
    assert {"granted", "not_held", "denied_third_party"} <= set(breaks[2016].split())


def test_a_mixed_report_with_the_statistics_of_2014_has_the_breaks_of_that_form(archive: Archive) -> None:
    old, new = filled("f2014", statistics__answered_denied=7), reading(9)
    mixed = replace(new, form="mixed", forms={**old.forms, "active_disclosure.art20_1": "f2019"}, cells=old.cells)
    visit(archive, mixed, "https://a.gov.cn/2019")
    assert line(archive, "denied") == (7,)
    assert {"denied", "granted", "regulations_in_force"} <= set(line(archive, "breaks")[0].split())


def test_a_report_without_tables_has_a_line_of_nulls(archive: Archive) -> None:
    visit(archive, reading(cells=(), form=None, forms={}))
    assert line(archive, "received, fees, form, flags") == (None, None, None, 0)


def test_lines_follow_the_current_revision_and_the_scope(archive: Archive) -> None:
    visit(archive, reading(5, scope=None))
    visit(archive, reading(6, scope=None), at="2024-02-01T00:00:00Z")
    assert line(archive, "received, scope") == (6, None)
    visit(archive, reading(6, scope="area"), at="2024-03-01T00:00:00Z")
    visit(archive, reading(1, scope="own"), "https://b.gov.cn/1", at="2024-03-01T00:00:00Z")
    assert archive.db.execute("SELECT received, scope FROM panel ORDER BY 1").fetchall() == [(1, "own"), (6, "area")]


def test_a_reading_that_is_taken_back_leaves_no_line(archive: Archive) -> None:
    visit(archive, reading(5, year=2022), body="same")
    visit(archive, reading(5, year=2023), body="same", at="2024-02-01T00:00:00Z")
    assert line(archive, "year, received") == (2023, 5)


def test_made_anew_it_is_the_same(archive: Archive) -> None:
    for year in (2020, 2021, 2022):
        visit(archive, reading(year - 2000, year=year), f"https://a.gov.cn/{year}")
    before = dump(archive)
    archive.db.execute("UPDATE derived SET digest = 'of another day'")
    archive.close()
    with Archive.open(archive.path) as again:
        assert dump(again) == before


def test_names_suit_stata(archive: Archive) -> None:
    for view in archive.db.view_names():
        if view not in ("figures", "cells", "disclosure"):
            assert all(len(column.name) <= LONGEST_NAME for column in archive.db[view].columns), view


def test_a_question_to_a_province_begins_with_its_agencies(archive: Archive) -> None:
    """Not with the lines of all provinces, of which a large archive has a million."""
    asked = "EXPLAIN QUERY PLAN SELECT * FROM panel WHERE province = '青海省' AND year BETWEEN 2015 AND 2024"
    steps = [row[3] for row in archive.db.execute(asked).fetchall()]
    assert steps[0].startswith("SEARCH a USING INDEX"), steps
    assert steps[1].startswith("SEARCH p USING INDEX panel_agency (agency_id=?"), steps


def test_reports_of_one_transaction_are_indexed_at_once(archive: Archive) -> None:
    """A savepoint among them would have the index written in pieces, one for each report."""
    for year in range(2020, 2025):
        visit(archive, replace(filled("f2021"), year=year, sections=()), f"https://a.gov.cn/{year}")
    reports = archive.db.execute("SELECT report_id, agency_id, year FROM report_revisions").fetchall()
    before = segments(archive)
    archive.db.execute("BEGIN")
    for report_id, agency_id, year in reports:
        said = Section(1, "一、总体情况", f"{year}年的情况")
        forget_reading(archive.db, report_id)
        write_reading(archive.db, report_id, replace(filled("f2021"), sections=(said,), issues=(DOUBT,)))
        refresh_panel(archive.db, agency_id, year)
        resolve_agency(archive.db, "甲县乙局", year, trust="official", portal_id=None, division_code=None)
    assert len(reports) == 5
    assert segments(archive) == before
    archive.db.execute("COMMIT")
    assert segments(archive) > before


DOUBT = Issue("t3_x", "warning", "odd", DENIED[0])


def segments(archive: Archive) -> int:
    return int(archive.db.execute("SELECT count(*) FROM sections_search_idx").fetchone()[0])

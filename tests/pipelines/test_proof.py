"""Shifted, torn and glued rows of table 3: read where the sums leave one way, null with an issue where they do not."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from pipelines import extract
from pipelines.model import Capture, Reading
from tests.generate.facts.forms import COLUMNS, application_rows
from tests.generate.facts.truth import Truth, make_truth

Row = list[str]


def big(seed: int) -> Truth:
    """A truth whose table has numbers of more than one digit in several columns."""
    while True:
        truth = make_truth(seed, "f2021")
        filled = [cell.value for id_, cell in truth.cells.items() if id_.startswith("applications.")]
        if sum(isinstance(value, int) and value > 9 for value in filled) > 40:
            return truth
        seed += 1000


def rows_of(truth: Truth, damage: Callable[[str, Row], Row]) -> str:
    """The table as HTML, each row's printed numbers after the damage."""
    out = []
    for row in application_rows(truth.applications_form):
        printed = [truth.cells[f"applications.{row.id}.{column}"].raw for column, _ in COLUMNS]
        cells = "".join(f"<td>{text}</td>" for text in damage(row.id, printed))
        out.append(f"<tr><td>{row.labels[-1]}</td>{cells}</tr>")
    return "<table>" + "".join(out) + "</table>"


def read(table: str) -> Reading:
    title = "<h1>凤溪镇人民政府2023年政府信息公开工作年度报告</h1><h2>三、收到和处理政府信息公开申请情况</h2>"
    (reading,) = extract(Capture(f"<html><body>{title}{table}</body></html>".encode()))
    return reading


def truth_of(truth: Truth) -> dict[str, object]:
    return {id_: cell.value for id_, cell in truth.cells.items() if id_.startswith("applications.")}


@pytest.mark.parametrize("seed", range(6))
def test_a_number_torn_inside_its_cell_is_joined_when_the_sums_prove_it(seed: int) -> None:
    truth = big(seed)

    def tear(row: str, cells: Row) -> Row:
        return [text if len(text) < 2 else f"{text[0]}<br>{text[1:]}" for text in cells] if row == "granted" else cells

    reading = read(rows_of(truth, tear))
    assert reading.figures == truth_of(truth)
    torn = any(len(truth.cells[f"applications.granted.{c}"].raw) > 1 for c, _ in COLUMNS)
    assert torn == any(issue.code == "cells_joined_by_sums" for issue in reading.issues)


def test_a_torn_number_that_breaks_a_sum_is_not_joined() -> None:
    truth = big(1)

    def tear(row: str, cells: Row) -> Row:
        return [*cells[:-1], f"{cells[-1]} 7"] if row == "granted" else cells

    reading = read(rows_of(truth, tear))
    assert reading.figures["applications.granted.total"] is None
    assert any(issue.figure == "applications.granted.total" for issue in reading.issues)


@pytest.mark.parametrize("seed", range(6))
def test_cells_cut_in_two_are_joined_and_only_so(seed: int) -> None:
    """`123` printed as the cells `1` and `23`: eight cells in a row of seven."""
    truth = big(seed)
    rows = [row.id for row in application_rows(truth.applications_form)]
    chosen = random.Random(seed).choice(rows)

    def cut(row: str, cells: Row) -> Row:
        at = max(range(7), key=lambda n: len(cells[n]))
        if row != chosen or len(cells[at]) < 2:
            return cells
        return [*cells[:at], cells[at][:1], cells[at][1:], *cells[at + 1 :]]

    figures = read(rows_of(truth, cut)).figures
    wanted = truth_of(truth)
    assert all(value is None or value == wanted[id_] for id_, value in figures.items())
    assert sum(value is None for value in figures.values()) in (0, 7)


@pytest.mark.parametrize("seed", range(10))
def test_lost_blank_cells_never_shift_a_number(seed: int) -> None:
    """Zeros printed as blanks, and the blanks lost: what the sums cannot place is null, nothing is wrong."""
    truth = big(seed)

    def drop(row: str, cells: Row) -> Row:
        return [text for text in cells[:-1] if text != "0"] + cells[-1:] if row.startswith("unable") else cells

    reading = read(rows_of(truth, drop))
    wanted = truth_of(truth)
    named = {figure for issue in reading.issues for figure in issue.figures}
    for id_, value in reading.figures.items():
        assert value == wanted[id_] or value is None, id_
        assert value is not None or wanted[id_] == 0 or id_ in named, id_
    if any(issue.code == "cells_placed_by_sums" for issue in reading.issues):
        assert all(reading.figures[id_] == wanted[id_] for id_ in wanted if wanted[id_])


def test_some_shifted_rows_are_placed() -> None:
    """The proof is not vacuous: with different numbers in the columns the sums do place them."""
    placed = 0
    for seed in range(10):
        truth = big(seed)

        def drop(row: str, cells: Row) -> Row:
            return [text for text in cells if text != "0"] if row == "granted" else cells

        issues = read(rows_of(truth, drop)).issues
        placed += any(issue.code == "cells_placed_by_sums" for issue in issues)
    assert placed >= 3


def test_a_row_in_the_place_of_a_missing_one_may_be_that_one() -> None:
    truth = big(3)
    rows = {row.id: row.labels[-1] for row in application_rows(truth.applications_form)}
    table = rows_of(truth, lambda row, cells: cells)
    whole = read(table)
    wrong = read(
        table.replace(rows["unable_not_held"], rows["denied_state_secret"]).replace(
            f"<tr><td>{rows['denied_state_secret']}", "<tr><td>", 1
        )
    )
    own = "applications.denied_state_secret.total"
    assert whole.figures[own] == truth.cells[own].value
    assert wrong.figures[own] is None
    assert any(own in issue.figures for issue in wrong.issues)


def test_rows_that_have_moved_are_not_read_from_their_blanks() -> None:
    """One row shows by its sum that it stands a column too far right; another, of zeros, may have moved as well."""
    truth = big(4)
    zeros = ["", "0", "0", "-", "0", "-", "0"]

    def moved(row: str, cells: Row) -> Row:
        if row == "not_processed_repeat":
            return zeros
        return ["", "1", "2", "3", "4", "5", "6"] if row == "not_processed_publication" else cells

    reading = read(rows_of(truth, moved))
    for row in ("not_processed_repeat", "not_processed_publication"):
        figures = {id_: value for id_, value in reading.figures.items() if id_.startswith(f"applications.{row}.")}
        assert set(figures.values()) == {None}
        assert any(f"applications.{row}.total" in issue.figures for issue in reading.issues)


def glued(truth: Truth, damage: Callable[[str, Row], str]) -> Reading:
    """The table as a line of text in which labels and numbers have run together."""
    title = "凤溪镇人民政府2023年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n"
    out = []
    for row in application_rows(truth.applications_form):
        printed = [truth.cells[f"applications.{row.id}.{column}"].raw for column, _ in COLUMNS]
        out.append(row.labels[-1] + damage(row.id, printed))
    (reading,) = extract(Capture(f"{title}{''.join(out)}\n四、其他\n无。\n".encode()))
    return reading


def assert_nothing_wrong(reading: Reading, wanted: dict[str, object]) -> None:
    named = {figure for issue in reading.issues for figure in issue.figures}
    for id_, value in reading.figures.items():
        assert value == wanted[id_] or (value is None and id_ in named), id_


FOREIGN = {
    "page": lambda cells: "".join(cells) + "第4页",
    "page between dashes": lambda cells: "".join(cells) + "- 4 -",
    "page without a word": lambda cells: "".join(cells) + "7",
    "words in a cell": lambda cells: "".join([*cells[:2], "第12号令", *cells[3:]]),
    "remark": lambda cells: "（含上年）" + "".join(cells),
    "another number in a cell": lambda cells: "".join([*cells[:2], "7" + cells[2], *cells[3:]]),
    "another total": lambda cells: "".join([*cells[:-1], "9" + cells[-1]]),
}


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("seed", range(4))
def test_one_row_with_something_foreign_does_not_spoil_the_others(kind: str, seed: int) -> None:
    """What stands in one row besides its numbers takes at most that row."""
    truth = big(seed)
    rows = [row.id for row in application_rows(truth.applications_form)]
    hit = random.Random(f"{seed} {kind}").choice(rows)
    reading = glued(truth, lambda row, cells: FOREIGN[kind](cells) if row == hit else "".join(cells))
    wanted = truth_of(truth)
    printed_otherwise = {"words in a cell": 2, "another number in a cell": 2, "another total": 6}
    if kind in printed_otherwise:
        column = COLUMNS[printed_otherwise[kind]][0]
        own = f"applications.{hit}.{column}"
        raw = truth.cells[own].raw
        other = {"words in a cell": None, "another number in a cell": int(f"7{raw}"), "another total": int(f"9{raw}")}
        wanted[own] = other[kind]
    assert_nothing_wrong(reading, wanted)
    clean = glued(truth, lambda row, cells: "".join(cells)).figures
    beside = {id_ for id_, value in clean.items() if value is not None and not id_.startswith(f"applications.{hit}.")}
    lost = {id_ for id_ in beside if reading.figures[id_] is None}
    assert len(lost) <= 7 * 2, lost


@pytest.mark.parametrize("seed", range(4))
def test_glued_tables_printed_twice_alike_are_read(seed: int) -> None:
    truth = big(seed)
    once = glued(truth, lambda row, cells: "".join(cells))
    body = "".join(
        row.labels[-1] + "".join(truth.cells[f"applications.{row.id}.{column}"].raw for column, _ in COLUMNS)
        for row in application_rows(truth.applications_form)
    )
    title = "凤溪镇人民政府2023年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n"
    (twice,) = extract(Capture(f"{title}{body}\n四、其他\n无。\n五、附表\n{body}\n".encode()))
    assert twice.figures == once.figures
    assert_nothing_wrong(twice, truth_of(truth))


@pytest.mark.parametrize("seed", range(4))
def test_a_slash_in_glued_digits_is_a_cell_and_an_empty_row_is_nothing(seed: int) -> None:
    truth = big(seed)

    def marked(row: str, cells: Row) -> str:
        if all(text == "0" for text in cells):
            return ""
        return "".join("/" if text == "0" and number % 2 else text for number, text in enumerate(cells))

    reading = glued(truth, marked)
    wanted = truth_of(truth)
    named = {figure for issue in reading.issues for figure in issue.figures}
    for id_, value in reading.figures.items():
        assert value == wanted[id_] or (value is None and (wanted[id_] == 0 or id_ in named)), id_
    read_ = sum(value is not None for value in reading.figures.values())
    assert read_ > 0.4 * len(wanted), read_

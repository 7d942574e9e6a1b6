"""The statistics form of 2014 to 2018: read in every shape, and never a number that the shape does not prove."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from pipelines import Capture, Reading, extract
from pipelines.forms.definitions import load_forms
from tests.pipelines.statistics_samples import Row, filled, page, table, truth
from tests.pipelines.statistics_shapes import HEAD, TABLES, TEXTS, WORDINGS, Shape, cells, text

SHARED = Path(__file__).parents[3] / "shared"
MARKS = {"": "blank", "/": "slash", "—": "dash", "无": "word"}


def read(body: bytes) -> Reading:
    (reading,) = extract(Capture(body))
    return reading


def wanted(values: dict[str, str]) -> dict[str, Decimal]:
    return {f"statistics.{id_}": Decimal(value) for id_, value in values.items()}


def named(reading: Reading) -> set[str]:
    return {figure for issue in reading.issues for figure in (issue.figure, *issue.figures) if figure}


def codes(reading: Reading) -> set[str]:
    return {issue.code for issue in reading.issues}


def with_changes(rows: list[Row], changes: dict[str, dict[str, str]]) -> list[Row]:
    return [replace(row, **changes[row.id]) if row.id in changes else row for row in rows]


# Wordings without which nothing parts the labels of these shapes, or tells a section from a row.
NEEDED = {"glued": ("spaced", "without numbers", "without 数"), "section_column": ("spaced", "without numbers")}
SHAPES = [
    (shape, wording)
    for shape in (*TABLES, *TEXTS)
    for wording in WORDINGS
    if wording not in NEEDED.get(shape.__name__, ())
]


@pytest.mark.parametrize(("shape", "wording"), SHAPES, ids=lambda part: getattr(part, "__name__", part))
def test_every_figure_is_read_in_every_shape(shape: Shape, wording: str) -> None:
    rng = random.Random(f"{shape.__name__} {wording}")
    values = truth(rng)
    rows = [replace(row, label=WORDINGS[wording](row.label)) for row in filled(values)]
    reading = read(shape(rows, rng))
    assert reading.figures == wanted(values)
    assert (reading.form, reading.forms, codes(reading)) == ("f2014", {"statistics": "f2014"}, set())
    assert (reading.agency, reading.year) == ("青禾县财政局", 2016)


@pytest.mark.parametrize("shape", [*TABLES, *TEXTS[:-1]], ids=lambda shape: shape.__name__)
def test_marks_units_and_money_are_told_apart(shape: Shape) -> None:
    values = truth(random.Random(shape.__name__))
    changes = {
        "fees_collected": {"unit": "元", "value": "35000"},
        "budget": {"value": "3.5万元"},
        "trained_persons": {"value": "1,204人次"},
        "channel_gazette": {"value": "/"},
        "channel_other": {"value": "—"},
        "complaints": {"value": "无"},
    }
    if shape.__name__ == "unit_in_label":
        changes["fees_collected"] = {"value": "35000元"}
    rows = with_changes(filled(values), changes)
    reading = read(shape(rows, random.Random(1)))
    found = {cell.figure.removeprefix("statistics."): cell for cell in reading.cells}
    fees, budget, people = (found[id_] for id_ in ("fees_collected", "budget", "trained_persons"))
    assert (fees.value, fees.unit, fees.raw.removesuffix("元")) == (Decimal("3.5"), "元", "35000")
    assert (budget.value, budget.unit, budget.raw) == (Decimal("3.5"), "万元", "3.5万元")
    assert (people.value, people.unit, people.raw) == (1204, "人次", "1,204人次")
    states = [found[id_].state for id_ in ("channel_gazette", "channel_other", "complaints")]
    assert states == ["slash", "dash", "word"]
    assert found["proactive_total"].unit == "条"
    assert not codes(reading) - {"prose_contradicts_table"}


@pytest.mark.parametrize("mark", MARKS)
def test_what_stands_for_no_number_keeps_its_state_and_is_no_issue(mark: str) -> None:
    rows = with_changes(filled(truth(random.Random(7))), {"review_corrected": {"value": mark}})
    reading = read(page(table([HEAD, *cells(rows)])))
    cell = next(cell for cell in reading.cells if cell.figure == "statistics.review_corrected")
    assert (cell.value, cell.state, cell.raw) == (None, MARKS[mark], mark)
    assert not codes(reading)


@pytest.mark.parametrize(
    ("id_", "code"),
    [
        ("requests_received", "c14_requests"), ("completed_extended", "c14_completed"),
        ("answered_not_exist", "c14_answered"), ("denied_privacy", "c14_denied"), ("review_other", "c14_review"),
        ("litigation_corrected", "c14_litigation"), ("staff_part_time", "c14_staff"),
    ],
)  # fmt: skip
def test_a_sum_that_does_not_hold_is_kept_as_printed_and_flagged(id_: str, code: str) -> None:
    values = truth(random.Random(3))
    values[id_] = str(int(values[id_]) + 1)
    reading = read(page(table([HEAD, *cells(filled(values))])))
    assert reading.figures == wanted(values)
    assert {(issue.code, issue.level) for issue in reading.issues} == {(code, "error")}
    blank = with_changes(filled(values), {id_: {"value": ""}})
    assert not codes(read(page(table([HEAD, *cells(blank)]))))  # a null operand: not evaluated


def test_rows_that_are_not_printed_are_null_with_an_issue() -> None:
    values = truth(random.Random(5))
    rows = [row for row in filled(values) if row.id not in ("reading_points", "litigation_corrected")]
    reading = read(page(table([HEAD, *cells(rows)])))
    assert len(reading.figures) == 58
    missing = {issue.figure for issue in reading.issues if issue.code == "row_missing"}
    assert missing == {"statistics.reading_points", "statistics.litigation_corrected"}
    assert {figure for figure, value in reading.figures.items() if value is None} == missing


def test_the_columns_of_several_bodies_without_a_total_are_not_chosen_from() -> None:
    values = truth(random.Random(5))
    heads = ["统计指标", "单位", "区政府", "区直单位", "乡镇街道"]
    body = [[row.label, row.unit, row.value, "1" if row.id else "", "2" if row.id else ""] for row in filled(values)]
    reading = read(page(table([heads, *body])))
    assert set(reading.figures.values()) == {None}
    (issue,) = [issue for issue in reading.issues if issue.code == "column_ambiguous"]
    assert set(issue.figures) == set(reading.figures)
    assert {indicator.column for indicator in reading.indicators} == {"区政府", "区直单位", "乡镇街道"}
    total = next(i for i in reading.indicators if i.label.startswith("（一）主动公开") and i.column == "区政府")
    assert (total.unit, total.raw) == ("条", values["proactive_total"])


def test_rows_of_a_local_extension_become_indicators() -> None:
    rows = filled(truth(random.Random(5)))
    extra = Row("x", "重点领域公开政府信息数", "条", "71")
    reading = read(page(table([HEAD, *cells([*rows[:4], extra, *rows[4:]])])))
    assert [(i.label, i.unit, i.column, i.value) for i in reading.indicators] == [
        ("重点领域公开政府信息数", "条", "统计数", 71)
    ]
    assert not codes(reading)


def test_a_misprinted_label_is_recognised_in_its_place() -> None:
    rows = with_changes(
        filled(truth(random.Random(5))), {"dedicated_offices": {"label": "（一）政府信息公开工作专门机沟数"}}
    )
    reading = read(page(table([HEAD, *cells(rows)])))
    assert None not in reading.figures.values()
    assert [(issue.code, issue.figure) for issue in reading.issues] == [
        ("label_misprint", "statistics.dedicated_offices")
    ]


def test_another_table_that_shares_some_rows_is_not_the_form() -> None:
    few = (
        *("channel_website", "channel_weibo", "channel_wechat", "requests_received", "requests_in_person"),
        *("review_total", "litigation_total", "answered_granted", "press_conferences", "training_courses", "meetings"),
    )
    rows = [row for row in filled(truth(random.Random(5))) if row.id in few]
    reading = read(page(table([HEAD, *cells(rows)])))
    assert (reading.form, reading.figures) == ("other", {})
    assert [i.label for i in reading.indicators] == [row.label for row in rows]


def dropped(body: bytes) -> bytes:
    """The text as an extractor leaves it that drops every line it has seen before."""
    return "\n".join(dict.fromkeys(line.strip() for line in body.decode().split("\n"))).encode()


def by_columns(rows: list[Row], rng: random.Random) -> bytes:
    return text("\n".join([row.label for row in rows] + [row.unit for row in rows] + [r.value for r in rows if r.id]))


def two_numbers(rows: list[Row], rng: random.Random) -> bytes:
    return text("\n".join(f"{r.label} {r.unit} {r.value} {rng.randint(0, 99)}" if r.id else r.label for r in rows))


def two_numbers_glued(rows: list[Row], rng: random.Random) -> bytes:
    return text("".join(f"{r.label}{r.unit}{r.value}{rng.randint(0, 99)}" if r.id else r.label + "——" for r in rows))


def merged_cells(rows: list[Row], rng: random.Random) -> bytes:
    lines, rest = [HEAD], list(rows)
    while rest:
        group, rest = rest[: (count := rng.choice((1, 1, 2, 3)))], rest[count:]
        lines.append(["\n".join(cell) for cell in zip(*cells(group), strict=True)])
    return page(table(lines).replace("\n", "<br>"))


def printed_twice(rows: list[Row], rng: random.Random) -> bytes:
    return page(table([HEAD, *cells(rows)]) + table([HEAD, *cells(filled(truth(rng)))]))


def misprints(rows: list[Row], rng: random.Random) -> bytes:
    def misprinted(label: str) -> str:
        place = rng.randint(3, len(label) - 2) if len(label) > 8 and rng.random() < 0.25 else None
        return label if place is None else label[:place] + rng.choice(["", "某", "在"]) + label[place + 1 :]

    return page(table([HEAD, *([misprinted(row[0]), *row[1:]] for row in cells(rows))]))


DOUBTFUL: tuple[Callable[[list[Row], random.Random], bytes], ...] = (
    by_columns, two_numbers, two_numbers_glued, merged_cells, printed_twice, misprints,
)  # fmt: skip


@pytest.mark.parametrize("shape", [*DOUBTFUL, *TEXTS], ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("seed", range(3))
def test_no_number_is_taken_for_another(shape: Shape, seed: int) -> None:
    rng = random.Random(f"{seed} {shape.__name__}")
    values = truth(rng)
    body = shape(filled(values), rng)
    reading = read(dropped(body) if shape in TEXTS else body)
    figures = {figure: value for figure, value in reading.figures.items() if figure.startswith("statistics.")}
    right = wanted(values)
    assert {figure: value for figure, value in figures.items() if value not in (None, right[figure])} == {}
    unsaid = {cell.figure for cell in reading.cells if cell.value is None and cell.state == "unreadable"} - named(
        reading
    )
    assert unsaid == set()


def test_a_page_of_the_form_alone_is_a_report() -> None:
    rows = cells(filled(truth(random.Random(5))))
    heading = "<meta charset=utf-8><h1>政府信息公开情况统计表</h1><p>（{}）</p><p>填报单位（盖章）：青禾县水利局</p>"
    reading = read((heading.format("2008年度") + table([HEAD, *rows])).encode())
    assert (reading.report, reading.agency, reading.year, reading.form) == (True, "青禾县水利局", 2008, "f2014")
    quarter = read((heading.format("2016年第三季度") + table([HEAD, *rows])).encode())
    assert not quarter.report
    blank = read((heading.format("　　年度") + table([HEAD, *([*row[:2], ""] for row in rows)])).encode())
    assert not blank.report


def test_the_form_leaves_no_trace_in_the_prose() -> None:
    rows = filled(truth(random.Random(5)))
    for shape in TEXTS:
        reading = read(shape(rows, random.Random(1)))
        text_of_sections = "".join(section.text for section in reading.sections)
        assert "同意公开答复数" not in text_of_sections, shape.__name__
        assert "按规定办理" in text_of_sections, shape.__name__


def test_the_form_file_is_the_form_of_the_contract() -> None:
    source = SHARED / "forms.yaml"
    if not source.exists():
        pytest.skip("the reference of the forms is not here")
    forms = yaml.safe_load(source.read_text(encoding="utf-8"))["forms"]
    rows = next(form for form in forms if form["id"] == "f2014")["tables"][0]["rows"]
    (block,) = load_forms()["f2014"].blocks
    assert [(row.id, row.text, row.parent, row.is_group) for row in block.rows] == [
        (row["id"], row["label"], row.get("parent"), row["kind"] == "group") for row in rows
    ]
    assert [(row.unit, row.number) for row in block.value_rows()] == [
        (row["unit"], row["number"]) for row in rows if row["kind"] == "value"
    ]
    assert len(block.figures()) == 58


@pytest.mark.parametrize("above", ["<p>单位：元</p>", "<p>（单位：件、元）</p>"])
def test_a_unit_that_the_page_names_leaves_money_without_one_in_doubt(above: str) -> None:
    values = truth(random.Random(above)) | {"fees_collected": "25100", "budget": "3.5"}
    rows = with_changes(filled(values), {"fees_collected": {"unit": ""}})
    reading = read(page(above + table([HEAD, *cells(rows)])))
    assert reading.figures["statistics.fees_collected"] is None
    assert "statistics.fees_collected" in named(reading)
    assert reading.figures["statistics.budget"] == Decimal("3.5")  # its line has one
    assert read(page(table([HEAD, *cells(rows)]))).figures["statistics.fees_collected"] == 25100

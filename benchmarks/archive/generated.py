"""Reports as they might be: 20,000 bodies in real divisions, ten years, 200 cells each, most of them zero.

Made from a seed, a report in less than a millisecond, in the order of names and years. What makes an archive big is
kept: five cells of a hundred are printed blanks or slashes, amounts are printed in yuan, some sites print 件 behind
each number, tables stand at different places of a page.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from archive.schema.views import APPLICANTS
from archive.shipped import shipped
from pipelines.forms.definitions import load_forms
from pipelines.model import FigureCell

Value = int | float | None

FORM = load_forms()["f2021"]
FORMS = {block.id: FORM.id for block in FORM.blocks}
FIGURES = tuple(figure for block in FORM.blocks for figure in block.figures())
YEARS = range(2015, 2025)

RESULTS = tuple(
    row.id
    for block in FORM.blocks
    if block.id == "applications"
    for row in block.value_rows()
    if row.id not in ("new_received", "carried_in", "results_total", "carried_out")
)
"""The rows in which a request ends, once."""


class Agency(NamedTuple):
    """A body and where it is, as the archive's table of agencies says it; `scope` is that of all its reports."""

    name: str
    division_code: str | None
    province: str | None
    city: str | None
    county: str | None
    level: str
    kind: str
    scope: str
    busy: float
    """Requests in an ordinary year."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report of f2021: its cells as the reader gives them, and the bare numbers in the same order."""

    agency: int
    """Place in the list of agencies."""
    year: int
    cells: tuple[FigureCell, ...]
    values: tuple[Value, ...]


class Division(NamedTuple):
    """A row of `data/divisions.csv`."""

    code: str
    name: str
    level: str
    parent: str


_DEPARTMENTS = (
    "教育局 公安局 民政局 司法局 财政局 生态环境局 交通运输局 水利局 农业农村局 文化和旅游局 卫生健康委员会 审计局"
).split()
_SHARES = {"central": 400.0, "province": 90.0, "city": 30.0, "county": 9.0, "township": 1.2}
_LANDS = {"area": 25.0, "own": 1.0}


def divisions() -> list[Division]:
    """All of `data/divisions.csv`."""
    with shipped("divisions.csv").open(encoding="utf-8", newline="") as stream:
        return [Division(row["code"], row["name"], row["level"], row["parent_code"]) for row in csv.DictReader(stream)]


def agencies(
    wanted: int, places: list[Division], seed: int = 1, departments: Sequence[str] = _DEPARTMENTS
) -> list[Agency]:
    """So many bodies by name: the governments of provinces, cities and counties, their departments, and townships.

    A government counts for its whole area, the others for themselves.
    """
    chance = random.Random(seed)
    of = {division.code: division for division in places}
    found = [
        Agency(f"{name}部", None, None, None, None, "central", "department", "own", 400 * chance.lognormvariate(0, 1))
        for name in ("财政", "教育", "公安", "交通运输", "自然资源", "生态环境", "农业农村", "人力资源和社会保障")
    ]
    upper = [division for division in places if division.level != "township"]
    lower = [division for division in places if division.level == "township"]
    found += [_body(of, division, "", chance) for division in upper]
    for department in departments:
        found += [_body(of, division, department, chance) for division in upper]
    towns = [_body(of, division, "", chance) for division in chance.sample(lower, len(lower) // 4)]
    named = {agency.name: agency for agency in (*found, *towns)}
    return sorted(chance.sample([*named.values()], min(wanted, len(named))))


def _body(of: dict[str, Division], division: Division, department: str, chance: random.Random) -> Agency:
    chain = [division]
    while chain[0].parent:
        chain.insert(0, of[chain[0].parent])
    places = {step.level: step.name for step in chain}
    kind = "department" if department else "township" if division.level == "township" else "government"
    scope = "area" if kind == "government" else "own"
    name = "".join(step.name for step in chain) + (department or "人民政府")
    busy = _SHARES[division.level] * _LANDS[scope] * chance.lognormvariate(-0.6, 1.1)
    place = (places.get("province"), places.get("city"), places.get("county"))
    return Agency(name, division.code, *place, division.level, kind, scope, busy)


def reports(bodies: list[Agency], years: range = YEARS, seed: int = 1) -> Iterator[Report]:
    """A report of each body on each year, body by body."""
    chance = random.Random(seed)
    pages = [
        _Page(first, first + gap, first + 2 * gap, line) for first in (1, 2, 3) for gap in (1, 2) for line in range(8)
    ]
    for place, agency in enumerate(bodies):
        page = chance.choice(pages)
        prints_unit = chance.random() < 0.03
        waiting = [0] * len(APPLICANTS)
        for year in years:
            if chance.random() < 0.02:
                waiting = [n + 1 if n else n for n in waiting]  # the agency counts anew, and otherwise
            numbers, waiting = _numbers(agency, waiting, chance)
            yield page.report(place, year, numbers, prints_unit, chance)


def _numbers(agency: Agency, waiting: list[int], chance: random.Random) -> tuple[dict[str, Value], list[int]]:
    """The numbers that are not zero, and what is carried out by applicant."""
    numbers: dict[str, Value] = {}

    def count(figure: str, number: int) -> None:
        if number:
            numbers[figure] = int(numbers.get(figure) or 0) + number

    received = int(agency.busy * chance.lognormvariate(0, 0.4) + chance.random())
    shares = _split(received, (86, 8, 0.5, 1, 2, 2.5), chance)
    left = [0] * len(APPLICANTS)
    for at, applicant in enumerate(APPLICANTS[:-1]):
        if not shares[at] and not waiting[at]:
            continue
        left[at] = int((shares[at] + waiting[at]) * chance.random() * 0.15)
        ended = shares[at] + waiting[at] - left[at]
        for row, number in zip(RESULTS, _split(ended, _ENDS, chance), strict=True):
            count(f"applications.{row}.{applicant}", number)
            count(f"applications.{row}.total", number)
        for row, number in (("new_received", shares[at]), ("carried_in", waiting[at]), ("carried_out", left[at])):
            count(f"applications.{row}.{applicant}", number)
            count(f"applications.{row}.total", number)
        count(f"applications.results_total.{applicant}", ended)
        count("applications.results_total.total", ended)
    for line, share in (("review", 0.03), ("litigation_direct", 0.012), ("litigation_after_review", 0.01)):
        cases = _split(int(received * share + chance.random() * 0.9), (60, 12, 18, 10), chance)
        for outcome, number in zip(("upheld", "corrected", "other", "pending"), cases, strict=True):
            count(f"review_litigation.{line}.{outcome}", number)
            count(f"review_litigation.{line}.total", number)
    for figure, scale in _DISCLOSED.items():
        if chance.random() < 0.4:
            count(f"active_disclosure.{figure}", int(scale * chance.lognormvariate(0, 1.5)))
    if chance.random() < 0.25:
        numbers["active_disclosure.administrative_fees.amount"] = round(chance.lognormvariate(3, 2), 2)
    if chance.random() < 0.02:
        count("applications.results_total.total", chance.randint(1, 3))  # a table that does not add up
    return numbers, left


_ENDS = (45, 6, *(0.6, 1, 0.4, 1.5, 3, 3, 1, 2), *(14, 4, 1), *(5, 2, 0.5, 1, 0.5), *(2, 0.1, 3))
_DISCLOSED = {
    "normative_documents.issued_this_year": 4,
    "normative_documents.abolished_this_year": 2,
    "normative_documents.in_force": 20,
    "administrative_licensing.decisions_this_year": 300,
    "administrative_punishment.decisions_this_year": 100,
    "administrative_coercion.decisions_this_year": 10,
}


def _split(number: int, weights: tuple[float, ...], chance: random.Random) -> list[int]:
    parts = [0] * len(weights)
    if number > 60:
        total = sum(weights)
        parts = [int(number * weight / total * chance.uniform(0.6, 1)) for weight in weights]
    rest = number - sum(parts)
    if rest:
        for at in chance.choices(range(len(weights)), cum_weights=_summed(weights), k=rest):
            parts[at] += 1
    return parts


@cache
def _summed(weights: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(accumulate(weights))


class _Page:
    """Where a page prints each cell, with the cells that are the same in most reports ready made."""

    def __init__(self, disclosure: int, applications: int, review: int, above: int) -> None:
        starts = {"active_disclosure": disclosure, "applications": applications, "review_litigation": review}
        self.wheres: list[str] = []
        line = {"active_disclosure": above + 2, "applications": above + 3, "review_litigation": above + 4}
        left = {"active_disclosure": 2, "applications": 4, "review_litigation": 1}
        for block in FORM.blocks:
            for _ in block.value_rows():
                line[block.table] += block.table != "review_litigation"
                self.wheres += [
                    f"table {starts[block.table]}, row {line[block.table]}, column {left[block.table] + at}"
                    for at in range(len(block.columns))
                ]
            if block.table == "active_disclosure":
                line[block.table] += 2
            else:
                left[block.table] += len(block.columns)
        self.zeros = [self.cell(at, 0) for at in range(len(FIGURES))]
        self.marks = [
            [FigureCell(figure, None, raw, where, state) for figure, where in zip(FIGURES, self.wheres, strict=True)]
            for raw, state in (("", "blank"), ("/", "slash"))
        ]

    def cell(self, at: int, value: int | float, unit: str = "") -> FigureCell:
        figure = FIGURES[at]
        if figure.endswith(".amount"):
            exact = Decimal(str(value))
            return FigureCell(figure, exact, f"{exact * 10000:.0f}元", self.wheres[at], "number", "元")
        return FigureCell(figure, Decimal(value), f"{value}{unit}", self.wheres[at], "number", unit or None)

    def report(
        self, agency: int, year: int, numbers: dict[str, Value], prints_unit: bool, chance: random.Random
    ) -> Report:
        cells = list(self.zeros)
        values: list[Value] = [0] * len(FIGURES)
        for figure, value in numbers.items():
            if value:
                at = _PLACES[figure]
                values[at], cells[at] = value, self.cell(at, value, "件" if prints_unit else "")
        for at in chance.sample(_MAY_BE_BLANK, chance.randint(0, 20)):
            if values[at] == 0:
                values[at], cells[at] = None, self.marks[chance.random() < 0.4][at]
        return Report(agency, year, tuple(cells), tuple(values))


_PLACES = {figure: at for at, figure in enumerate(FIGURES)}
_MAY_BE_BLANK = range(len(FIGURES))

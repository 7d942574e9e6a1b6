"""The documents before the damage: reports in which, mostly, every figure is a number that stands nowhere else.

With such numbers a value read under the wrong id gives itself away. Some reports obey the sums of the form; others
print no totals, so that no sum can help the reader to notice what went wrong.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from tests.generate.deviations.labels import LABELS
from tests.generate.deviations.pages import PAGES
from tests.generate.deviations.shapes import SHAPES
from tests.generate.facts.forms import APPLICANTS, CASES, OUTCOMES, application_rows, leaf_rows
from tests.generate.facts.titles import make_identity
from tests.generate.facts.truth import Cell, Truth, make_truth, plain
from tests.generate.layout.page import Page, make_page

MODES = {"sums": 0.25, "free": 0.3, "gaps": 0.2, "marks": 0.1, "plain": 0.15}
FORMS = {"f2021": 0.55, "f2019": 0.3, "mixed_table3": 0.08, "mixed_block1": 0.07}
DEVIATIONS = {
    name: change for table in (SHAPES, PAGES, LABELS) for part in table.values() for name, change in part.items()
}
# Deviations that print a table twice, several figures in one cell or one in two pieces would blur what a change does.
_BLURRING = ("twice", "two_line_cells", "head_twice", "torn", "two_reports")
CLEAR = tuple(name for name in DEVIATIONS if name not in _BLURRING)


def make_base(seed: int, form: str, mode: str, deviation: str, title: str) -> Page:
    """A report as a page of tables, each value cell of which carries the id of its figure."""
    rng = random.Random(f"base {seed}")
    truth = make_truth(seed, form)
    if mode != "plain":
        truth = _dressed(_unique(truth, rng), mode, rng)
    page = make_page(truth, make_identity(truth.agency, truth.year, title, rng), rng)
    if deviation in DEVIATIONS:
        DEVIATIONS[deviation](page, rng)
    return page


def _unique(truth: Truth, rng: random.Random) -> Truth:
    """The report with other numbers: no two the same, all sums of tables 3 and 4 true."""
    while True:
        fresh = _fresh(rng)
        numbers: dict[str, int | Decimal] = {**_applications(truth.applications_form, fresh), **_cases(fresh)}
        for id_ in truth.cells:
            if id_.startswith("active"):
                numbers[id_] = Decimal(next(fresh)).scaleb(-2) if "amount" in id_ else next(fresh)
        if len(set(numbers.values())) == len(numbers):
            received = int(numbers["applications.new_received.total"])
            return replace(truth.with_cells({i: Cell(plain(n), n) for i, n in numbers.items()}), received=received)


def _fresh(rng: random.Random) -> Iterator[int]:
    """Numbers of two to five digits that have not come yet, each length about as likely as another."""
    used = set()
    while True:
        number = int(10 ** rng.uniform(1, 4.7))
        if number not in used:
            used.add(number)
            yield number


def _applications(form: str, fresh: Iterator[int]) -> dict[str, int]:
    """Table 3: the leaves first, then what the sums make of them."""
    figures: dict[str, int] = {}
    for column in APPLICANTS:
        for row in leaf_rows(form):
            figures[f"applications.{row}.{column}"] = next(fresh)
        done = sum(figures[f"applications.{row}.{column}"] for row in leaf_rows(form))
        out, carried = next(fresh), min(next(fresh), done)
        flow = {"results_total": done, "carried_out": out, "carried_in": carried, "new_received": done + out - carried}
        figures |= {f"applications.{row}.{column}": n for row, n in flow.items()}
    for row in application_rows(form):
        figures[f"applications.{row.id}.total"] = sum(figures[f"applications.{row.id}.{c}"] for c in APPLICANTS)
    return figures


def _cases(fresh: Iterator[int]) -> dict[str, int]:
    figures = {}
    for case, _ in CASES:
        parts = [next(fresh) for _ in OUTCOMES[:-1]]
        for (outcome, _), n in zip(OUTCOMES, [*parts, sum(parts)], strict=True):
            figures[f"review_litigation.{case}.{outcome}"] = n
    return figures


def _dressed(truth: Truth, mode: str, rng: random.Random) -> Truth:
    """The report without some of its figures: no totals at all, or blanks, slashes and dashes in any place."""
    cells = dict(truth.cells)
    if mode == "free":
        _blank(cells, (i for i in cells if i.endswith(".total") or ".results_total." in i), "")
        cells |= {i: Cell("", None) for i in cells if i.startswith("applications.") and rng.random() < 0.03}
    elif mode in ("gaps", "marks"):
        share = rng.choice([0.03, 0.15, 0.5, 0.8])
        mark = "" if mode == "gaps" else rng.choice(["/", "-", "—", "无"])
        _blank(cells, (i for i in truth.cells if rng.random() < share), mark)
    return truth.with_cells(cells)


def _blank(cells: dict[str, Cell], ids: Iterable[str], mark: str) -> None:
    for id_ in list(ids):
        cells[id_] = Cell(mark, None)

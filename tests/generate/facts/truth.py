"""Random true reports: an agency, a year and a table of figures that obey (or, on purpose, break) the form's sums.

A `Truth` holds for every cell the string that is printed and the number that this string says. Everything that comes
later (HTML, flattened text, encodings) only changes where and how the string stands.
"""

import random
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tests.generate.facts import statistics
from tests.generate.facts.agencies import Agency, random_agency
from tests.generate.facts.forms import APPLICANTS, BLOCKS, CASES, COLUMNS, OUTCOMES, Block, application_rows, leaf_rows

Value = int | Decimal | None


@dataclass(frozen=True, slots=True)
class Cell:
    """What is printed in a cell and the number that it says (None for a blank, a slash, a dash or words)."""

    raw: str
    value: Value


@dataclass(frozen=True, slots=True)
class Truth:
    """One report: who, when, which layouts (none for the statistics form), and every printed cell by its id."""

    seed: int
    agency: Agency
    year: int
    blocks: tuple[Block, ...]
    applications_form: str
    form: str
    cells: dict[str, Cell]
    received: int
    cell_style: str
    must_flag: tuple[str, ...] = field(default=())

    def value(self, id_: str) -> Value:
        """The number in a cell, None if it is not printed."""
        cell = self.cells.get(id_)
        return cell.value if cell else None

    def with_cells(self, cells: dict[str, Cell]) -> "Truth":
        """The same report with other cells, its broken sum rules counted again."""
        return replace(self, cells=cells, must_flag=failing_checks(cells, self.applications_form))


def failing_checks(cells: dict[str, Cell], form: str) -> tuple[str, ...]:
    """Ids of the sum rules that the printed figures break; a rule with a null operand is not evaluated."""

    def broken(parts: list[str], total: list[str]) -> bool:
        sides = [[cells[i].value if i in cells else None for i in ids] for ids in (parts, total)]
        numbers = [[n for n in side if n is not None] for side in sides]
        return numbers == sides and sum(numbers[0]) != sum(numbers[1])

    rules = _application_rules(form) if form else _statistics_rules()
    return tuple(sorted({code for code, parts, total in rules if broken(parts, total)}))


Rule = tuple[str, list[str], list[str]]


def _application_rules(form: str) -> list[Rule]:
    """Every sum of tables 3 and 4: its id, the figures on one side and those on the other."""
    rules: list[Rule] = []
    for column, _ in COLUMNS:

        def at(row: str, column: str = column) -> str:
            return f"applications.{row}.{column}"

        rules.append(("t3_flow", [at("new_received"), at("carried_in")], [at("results_total"), at("carried_out")]))
        rules.append(("t3_results_sum", [at(r) for r in leaf_rows(form)], [at("results_total")]))
    for row in application_rows(form):
        figures = [f"applications.{row.id}.{c}" for c, _ in COLUMNS]
        rules.append(("t3_row_total", figures[:-1], figures[-1:]))
    for case, _ in CASES:
        figures = [f"review_litigation.{case}.{o}" for o, _ in OUTCOMES]
        rules.append(("t4_block_total", figures[:-1], figures[-1:]))
    return rules


def _statistics_rules() -> list[Rule]:
    return [
        (code, [statistics.figure(p) for p in parts], [statistics.figure(total)])
        for code, (total, parts) in statistics.SUMS.items()
    ]


def _amount(rng: random.Random, size: str) -> int:
    if size == "zero":
        return rng.choice([1, 1, 2, 3]) if rng.random() < 0.03 else 0
    if size == "small":
        return rng.randint(1, 12) if rng.random() < 0.25 else 0
    return rng.choice([0, 0, rng.randint(1, 9), rng.randint(10, 99), rng.randint(100, 2400)])


def _applications(rng: random.Random, form: str, size: str) -> dict[str, int]:
    """Table 3: leaves first, then what the sum rules make of them."""
    figures: dict[str, int] = {}
    for column in APPLICANTS:
        scale = size if column in APPLICANTS[:2] or rng.random() < 0.5 else "zero"
        done = 0
        for row in leaf_rows(form):
            figures[f"applications.{row}.{column}"] = n = _amount(rng, scale)
            done += n
        out = _amount(rng, scale)
        carried = min(done + out, _amount(rng, scale))
        figures[f"applications.results_total.{column}"] = done
        figures[f"applications.carried_out.{column}"] = out
        figures[f"applications.carried_in.{column}"] = carried
        figures[f"applications.new_received.{column}"] = done + out - carried
    for id_ in [f"applications.{r.id}" for r in application_rows(form)]:
        figures[f"{id_}.total"] = sum(figures[f"{id_}.{c}"] for c in APPLICANTS)
    return figures


def _cases(rng: random.Random, size: str) -> dict[str, int]:
    figures = {}
    for case, _ in CASES:
        parts = [min(999, _amount(rng, size)) for _ in OUTCOMES[:-1]]
        for (outcome, _), n in zip(OUTCOMES, [*parts, sum(parts)], strict=True):
            figures[f"review_litigation.{case}.{outcome}"] = n
    return figures


def _disclosure(rng: random.Random, blocks: tuple[Block, ...], size: str) -> dict[str, int | Decimal]:
    figures: dict[str, int | Decimal] = {}
    for block in blocks:
        for row, _ in block.rows:
            for column, _ in block.heads:
                n: int | Decimal = 0 if row == "regulations" else _amount(rng, size)
                if column in ("amount", "procurement_amount") and n:
                    n = Decimal(rng.randint(1, 9_999_999)).scaleb(-rng.randint(0, 4)) if rng.random() < 0.7 else n
                if column == "change" and rng.random() < 0.4:
                    n = -n
                figures[f"active_disclosure.{row}.{column}"] = n
    return figures


def plain(value: int | Decimal) -> str:
    """A number without any ornament."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _statistics_truth(seed: int, rng: random.Random) -> Truth:
    figures = statistics.make_figures(rng)
    cells = {id_: Cell(plain(n), n) for id_, n in figures.items()}
    year = 2008 if rng.random() < 0.03 else rng.randint(2014, 2018)
    received = int(figures[statistics.figure("requests_received")])
    return Truth(seed, random_agency(rng), year, (), "", "f2014", cells, received, "plain")


def make_truth(seed: int, form: str) -> Truth:
    """A random report whose cells are printed plainly; `form` is a national form or one of two mixtures."""
    rng = random.Random(f"truth {seed}")
    if form == "f2014":
        return _statistics_truth(seed, rng)
    if form == "mixed_table3":
        blocks, applications_form = BLOCKS["f2021"], "f2019"
    elif form == "mixed_block1":
        first = replace(BLOCKS["f2019"][0], rows=BLOCKS["f2021"][0].rows)
        blocks, applications_form = (first, *BLOCKS["f2021"][1:]), "f2021"
    else:
        blocks, applications_form = BLOCKS[form], form
    size = rng.choice(["zero", "small", "small", "big"])
    figures: dict[str, int | Decimal] = {
        **_disclosure(rng, blocks, size),
        **_applications(rng, applications_form, size),
        **_cases(rng, size),
    }
    year = rng.choice([2019, 2020]) if form == "f2019" else rng.randint(2021, 2025)
    if form == "f2021" and rng.random() < 0.03:
        year = 2020
    if form == "f2019" and rng.random() < 0.2:
        year = rng.randint(2021, 2023)
    cells = {id_: Cell(plain(n), n) for id_, n in figures.items()}
    return Truth(
        seed,
        random_agency(rng),
        year,
        blocks,
        applications_form,
        form if form in BLOCKS else "mixed",
        cells,
        int(figures["applications.new_received.total"]),
        "plain",
    )

"""A page under damage, and the account of what it prints: which number stands under which figure id after each change.

Every value cell carries the id of its figure wherever it goes. A change that alters what is *printed* (two labels
change places, a head is another one's) renames the ids; a change that only misplaces a cell does not.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tests.generate.layout.grids import C, Grid, GridRow
from tests.generate.layout.page import Page

_COUNTED = ("value", "foreign")
_WIDE = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")
_NUMBER = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?件?\.?")


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: its grid, its row there, its position in the row."""

    grid: Grid
    row: int
    at: int

    @property
    def cells(self) -> GridRow:
        """The row that the cell stands in."""
        return self.grid.rows[self.row]

    @property
    def cell(self) -> C:
        """The cell itself."""
        return self.cells[self.at]

    def put(self, **changes: object) -> None:
        """Put a changed copy of the cell in its place."""
        self.cells[self.at] = replace(self.cell, **changes)  # type: ignore[arg-type]


@dataclass(slots=True)
class Sheet:
    """The page and, for each row of the form, its label and the ids of its counted cells in printed order.

    `started` keeps the order from before any change.
    """

    page: Page
    order: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    started: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows():
            ids = [cell.id for cell in row if cell.kind in _COUNTED]
            if any(ids):
                key = row_of(next(filter(None, ids)))
                self.order[key] = ids
                self.started[key] = ids
                self.labels[key] = next((cell.text for cell in reversed(row) if cell.kind == "label"), "")

    def grids(self) -> list[Grid]:
        """The statutory tables, in printed order."""
        return [grid for section in self.page.sections for grid in section.grids]

    def rows(self) -> Iterator[GridRow]:
        """The rows of all statutory tables."""
        return (row for grid in self.grids() for row in grid.rows)

    def places(self, wanted: Callable[[C], bool]) -> list[Place]:
        """Every cell of the wanted sort."""
        return [
            Place(grid, number, at)
            for grid in self.grids()
            for number, row in enumerate(grid.rows)
            for at, cell in enumerate(row)
            if wanted(cell)
        ]

    def pick(self, rng: random.Random, wanted: Callable[[C], bool]) -> Place | None:
        """One cell of the wanted sort, or none where there is none."""
        places = self.places(wanted)
        return rng.choice(places) if places else None

    def rename(self, change: Callable[[str], str], rows: list[GridRow] | None = None) -> None:
        """Give figures other ids: in these rows, or everywhere and in the order of the columns too."""
        for row in self.rows() if rows is None else rows:
            row[:] = [replace(cell, id=change(cell.id)) if cell.id else cell for cell in row]
        if rows is None:
            self.order = {key: [change(id_) if id_ else "" for id_ in ids] for key, ids in self.order.items()}

    def printed(self) -> tuple[dict[str, set[Decimal]], dict[str, set[Decimal]]]:
        """The numbers that stand under each id; more than one where a row is printed twice, differently.

        First those of rows that have their label, then those of rows whose label is damaged or gone.
        """
        firm: dict[str, set[Decimal]] = defaultdict(set)
        loose: dict[str, set[Decimal]] = defaultdict(set)
        for row in self.rows():
            labels = {cell.text for cell in row if cell.kind == "label"} | {""}
            for cell, id_ in zip(row, self._ids(row), strict=True):
                number = number_in(cell.text)
                if id_ and number is not None:
                    numbers = firm if self.labels.get(row_of(id_), "") in labels else loose
                    numbers[id_].add(number)
        return dict(firm), dict(loose)

    def _ids(self, row: GridRow) -> list[str]:
        """The ids of a row's cells. A row of as many cells as its columns prints them in that order, come what may."""
        ids = [cell.id if cell.kind in _COUNTED else "" for cell in row]
        rows = Counter(row_of(id_) for id_ in ids if id_)
        counted = [at for at, cell in enumerate(row) if cell.kind in _COUNTED]
        order = self.order.get(rows.most_common(1)[0][0], []) if rows else []
        if len(rows) == 1 and len(counted) == len(order):
            for at, id_ in zip(counted, order, strict=True):
                ids[at] = id_
        return ids


def row_of(id_: str) -> str:
    """What one printed row holds together: a row of table 2 or 3, the whole of table 4."""
    return id_.split(".")[0] if id_.startswith("review") else id_.rsplit(".", 1)[0]


def number_in(text: str) -> Decimal | None:
    """The number that a cell says, in the few ways in which the base documents and the changes print one."""
    match = _NUMBER.fullmatch(text.translate(_WIDE).strip())
    return Decimal(match[1] + match[2].replace(",", "") + (match[3] or "")) if match else None


def is_value(cell: C) -> bool:
    """A cell of the form that holds a figure."""
    return cell.kind == "value" and bool(cell.id)


def is_filled(cell: C) -> bool:
    """A cell of the form with a number in it."""
    return is_value(cell) and number_in(cell.text) is not None


def is_label(cell: C) -> bool:
    """The label of a row, not of a group of rows."""
    return cell.kind == "label"

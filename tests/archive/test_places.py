"""Places of cells, written short and read back, by us and by any SQLite tool."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from archive_samples import one, reading, visit

from archive.places import decoded, encoded
from archive.store import Archive


def test_a_table_takes_one_run() -> None:
    places = [
        (7 * row + column, f"table 2, row {4 + row}, column {5 + column}") for row in range(27) for column in range(7)
    ]
    assert encoded(places) == '[[0,"table %1, row %2, column %3",[2,4,5],7,[0,0,1],27,[0,1,0]]]'
    assert decoded(encoded(places)) == dict(places)


@pytest.mark.parametrize("seed", range(200))
def test_any_places_come_back(seed: int) -> None:
    pick = random.Random(seed)
    shapes = [
        "table {}, row {}, column {}",
        "line {}, cell {}",
        "page {}: 100% of {}",
        "{} {} {} {} {}",
        "0{}",
        "here",
        "%1 {}",
        "",
    ]
    places: dict[int, str] = {}
    figure = pick.randrange(5)
    for _ in range(pick.randrange(1, 30)):
        shape, numbers = pick.choice(shapes), [pick.randrange(12) for _ in range(5)]
        step = [pick.choice((0, 0, 1, 1, -1, 3)) for _ in range(5)]
        for n in range(pick.randrange(1, 9)):
            places[figure] = shape.format(*(max(0, a + n * b) for a, b in zip(numbers, step, strict=True)))
            figure += pick.choice((1, 1, 1, 1, 2))
    assert decoded(encoded(places.items())) == places


def test_no_places() -> None:
    assert encoded([]) == ""
    assert decoded("") == {}


@pytest.mark.parametrize("seed", range(10))
def test_the_view_finds_the_place_of_each_cell(archive: Archive, seed: int) -> None:
    pick = random.Random(seed)
    shapes = ["table {}, row {}, column {}", "line {}, cell {}", "page 03, 5% {}", "{}-{}-{}-{}-{}", "there"]
    read = reading()
    cells = tuple(
        replace(cell, where=pick.choice(shapes[: 1 + seed % 5]).format(2, n // 7, n % 7, 1, 1))
        for n, cell in enumerate(read.cells)
    )
    visit(archive, replace(read, cells=cells))
    found = dict(archive.db.execute("SELECT figure, place FROM cells").fetchall())
    assert found == {cell.figure: cell.where for cell in cells}
    stored = one(archive, "SELECT places FROM report_places")[0]
    assert sorted(decoded(stored).values()) == sorted(found.values())

"""Whole reports in every office format, read through the one entry: every figure, the agency, the year.

The files are the generator's, which knows nothing of the readers, and one that LibreOffice saved.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines import Capture, extract
from pipelines.documents.office import read_package
from pipelines.model import Reading
from tests.generate.documents import build
from tests.generate.gold import Gold
from tests.generate.recipes import Recipe
from tests.generate.writers import STYLES

FIXTURES = Path(__file__).parent / "fixtures"
SHARED = Path(__file__).parents[3] / "shared"
OFFICE = ("docx", "doc", "rtf", "xlsx", "xls")
# What tables go through in the hands of those who lay them out, in the generator's words: (axis, variant) each.
LAYOUTS = (
    (("shape", "page_break"), ("cells", "blank_zeros")),
    (("shape", "page_break_table2"), ("cells", "slash")),
    (("shape", "page_break_in_group"), ("labels", "vertical")),
    (("shape", "page_break_header"), ("cells", "thousands")),
    (("shape", "head_spans"), ("cells", "blank_zeros")),
    (("shape", "floating"), ("cells", "long_dash")),
    (("shape", "blocks_apart"), ("labels", "vertical"), ("cells", "full_width")),
    (("shape", "merged"), ("cells", "words")),
)


def assert_read(reading: Reading, gold: Gold) -> None:
    """Nothing is wrong and nothing is missing."""
    assert reading.report, reading.reason
    assert reading.agency in gold["agency"]
    assert reading.year == gold["year"]
    wanted = {figure: None if value is None else Decimal(str(value)) for figure, value in gold["figures"].items()}
    assert reading.figures == wanted


@pytest.mark.parametrize(("family", "style"), [(family, style) for family in OFFICE for style in STYLES[family]])
@pytest.mark.parametrize(("form", "cells"), [("f2021", 200), ("f2019", 198)])
def test_a_report_is_read_to_the_last_figure(family: str, style: str, form: str, cells: int) -> None:
    document = build(Recipe(7_011, family, style, "tables", form, ()))
    (reading,) = extract(Capture(document.data))
    assert reading.read_by == family
    assert len(reading.figures) == cells
    assert not [issue for issue in reading.issues if issue.level == "error"]
    assert_read(reading, document.gold[0])


@pytest.mark.parametrize("family", OFFICE)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: " ".join(variant for _, variant in layout))
def test_tables_as_they_are_laid_out(family: str, layout: tuple[tuple[str, str], ...]) -> None:
    chosen = tuple((axis, "", variant) for axis, variant in layout)
    document = build(Recipe(7_023, family, STYLES[family][0], "tables", "f2021", chosen))
    (reading,) = extract(Capture(document.data))
    assert_read(reading, document.gold[0])


def test_a_word_file_of_libreoffice() -> None:
    (reading,) = extract(Capture((FIXTURES / "report.doc").read_bytes()))
    assert reading.read_by == "doc"
    assert_read(reading, json.loads((FIXTURES / "report.json").read_text(encoding="utf-8")))


def test_the_empty_form_is_no_report() -> None:
    path = SHARED / "reports" / "blank-template.docx"
    if not path.exists():
        pytest.skip("the empty form of ../shared is not at hand")
    (reading,) = extract(Capture(path.read_bytes()))
    assert not reading.report
    assert "blank form" in (reading.reason or "")
    grids = read_package(path.read_bytes()).grids
    assert [(len(grid.rows), max(cell.column + cell.colspan for cell in grid.rows[-1])) for grid in grids] == [
        (14, 4),
        (28, 10),
        (4, 15),
    ]
    assert all(sum(cell.text == "" for row in grid.rows for cell in row) for grid in grids)

"""Reports that are pictures, through the installed command: what optical recognition reads is right or null."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import BIN
from tests.generate import matrix
from tests.generate.recipes import PICTURES, make_recipe
from tests.generate.run import Reader, read_all

pytest.importorskip("rapidocr", reason="optical recognition is the extra [ocr]")


def test_no_figure_of_a_picture_is_wrong(tmp_path: Path) -> None:
    recipes = [make_recipe(500_000 + PICTURES + n) for n in range(2)]
    totals = matrix.totals(read_all(recipes, Reader(f"{BIN / 'gongkai'} extract", 300, tmp_path), 1))
    assert (totals["crash"], totals["refused"]) == (0, 0)
    assert (totals["wrong"], totals["silent"], totals["invented"]) == (0, 0, 0)
    assert totals["right"] > 0.8 * totals["printed"]

"""The short form of the adversarial run: random true reports in every format, read by the installed command.

`make generate` runs it at length, `make faults` tries the net with known faults. The generator imports nothing of the
project (tests/test_rooms.py), so both cannot share a mistake.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import BIN
from tests.generate import faults, matrix
from tests.generate.matrix import Judged
from tests.generate.recipes import make_recipe
from tests.generate.run import Reader, read_all
from tests.generate.score import judge

COMMAND = f"{BIN / 'gongkai'} extract"


def test_no_figure_is_wrong_and_few_are_missing(tmp_path: Path) -> None:
    judged = read_all([make_recipe(101 * 100_000 + n) for n in range(120)], Reader(COMMAND, 300, tmp_path), 2)
    totals = matrix.totals(judged)
    failing = [f"{j.recipe.number}: {j.result.failures[:3]}" for j in judged if j.result.bad()]
    assert totals["printed"] > 12_500
    assert matrix.verdict(totals), "\n".join([matrix.summary("all", totals), *failing])


def test_every_deviation_meets_every_format() -> None:
    dealt = [Judged(make_recipe(100_000 + n), judge([], [])) for n in range(2000)]
    assert matrix.thin_cells(dealt) == []
    assert len(matrix.thin_cells(dealt[:1000])) > 100


def test_a_reader_that_answers_nothing_is_found_out(tmp_path: Path) -> None:
    totals = matrix.totals(read_all([make_recipe(n) for n in range(100_000, 100_005)], Reader("true", 60, tmp_path), 1))
    assert totals["crash"] >= 5
    assert not matrix.verdict(totals)


GOLD = {
    "report": True,
    "agency": ["某县人民政府"],
    "agency_lost": False,
    "year": 2023,
    "figures": {"a": 1, "b": None, "c": 2},
    "unknowable": {"b": 5},
    "states": {},
    "must_flag": ["t3_flow"],
    "may_flag": ["t3_flow"],
}
RIGHT = {
    "report": True,
    "agency": "某县人民政府",
    "year": 2023,
    "figures": {"a": 1, "b": None, "c": 2},
    "issues": [{"code": "t3_flow", "level": "error", "figures": ["b"]}],
}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, None),
        ({"figures": {"a": 1, "b": 5, "c": 2}}, None),
        ({"figures": {"a": 1, "b": 6, "c": 2}}, "wrong"),
        ({"figures": {"a": 7, "b": None, "c": 2}}, "silent"),
        ({"figures": {"a": 1, "b": None, "c": None}}, "missing"),
        ({"figures": {"a": 1, "b": None, "c": 2, "d": 0}}, "invented"),
        ({"issues": [{"code": "gap", "figure": "b"}]}, "unflagged"),
        ({"year": 2022}, "key_wrong"),
        ({"report": False}, "refused"),
    ],
)
def test_the_scorer_tells_faults_apart(change: dict[str, object], fault: str | None) -> None:
    result = judge([GOLD], [{**RIGHT, **change}])
    assert result.bad() == (fault is not None)
    assert fault is None or result.counts[fault] == 1


def test_a_fault_must_stand_where_it_says(tmp_path: Path) -> None:
    known = faults.load(Path(faults.__file__).with_name("faults.yaml"))
    for number, fault in enumerate(known):
        faults.infect(fault, tmp_path / str(number))
    with pytest.raises(ValueError, match="0 places"):
        faults.infect(faults.Fault("data/forms/f2021.yaml", "no such text", "", "nothing"), tmp_path / "none")


def test_a_fault_is_given_the_documents_that_show_it() -> None:
    given = {"shape": "label_extra_cell", "cells": "blank_zeros"}
    found = faults.recipes(faults.Fault("", "", "", "", family=("docx:wps", "pdf"), given=given), 1)
    assert len(set(found)) == faults.DOCUMENTS
    assert {(r.family, r.style) for r in found if r.family != "pdf"} == {("docx", "wps")}
    assert all({axis: r.variant(axis) for axis in given} == given for r in found)
    with pytest.raises(ValueError, match="no shape of a document"):
        found[0].having("shape", "no such shape")

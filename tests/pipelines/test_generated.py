"""The short form of the adversarial run: random true reports in random shapes, read by the installed command.

`make generate` runs it at length. The generator imports nothing of the project, so both cannot share a mistake.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import BIN, ROOT
from tests.generate.run import main


@pytest.mark.parametrize("seed", [101, 102])
def test_no_figure_is_wrong_and_few_are_missing(tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--count", "120", "--seed", str(seed), "--out", str(tmp_path), "--command", f"{BIN / 'gongkai'} extract"])
    head, total = capsys.readouterr().out.splitlines()[:2]
    counts = dict(zip(head.split(), total.removeprefix("all: all").split(), strict=True))
    gold = [json.loads(line) for line in (tmp_path / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    figures = sum(len(line.get("figures", ())) for line in gold)
    assert figures > 15_000
    for fault in ("wrong", "silent", "invented", "unflagged", "alarms", "taken", "crash"):
        assert counts[fault] == ".", (fault, total)
    assert 0 if counts["missing"] == "." else int(counts["missing"]) <= 0.005 * figures


def test_the_generator_imports_nothing_of_the_project() -> None:
    for module in (ROOT / "tests/generate").glob("*.py"):
        source = module.read_text(encoding="utf-8")
        for room in ("pipelines", "crawler", "archive", "gongkai"):
            assert f"import {room}" not in source
            assert f"from {room}" not in source


def test_a_reader_that_answers_nothing_is_found_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--count", "5", "--out", str(tmp_path), "--command", "true"])
    head, total = capsys.readouterr().out.splitlines()[:2]
    counts = dict(zip(head.split(), total.removeprefix("all: all").split(), strict=True))
    assert counts["crash"] == "5"

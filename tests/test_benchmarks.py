"""The benchmark of the archive in a short form, and the page that is made of what benchmarks print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive import Archive
from archive.questions import questions
from benchmarks.archive.__main__ import main
from benchmarks.million.__main__ import main as million
from benchmarks.recorded import BENCHMARKS, PAGE, RESULTS, page
from tests.conftest import ROOT


def test_the_archive_and_the_plain_table_answer_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How quick they are is not judged here: the machine may be busy."""
    main(["--reports", "500", "--rounds", "1", "--narratives", "20", "--folder", str(tmp_path)])
    said = capsys.readouterr().out
    assert "ANSWERS DIFFER" not in said
    assert "500 reports of 200 cells" in said
    for name in ("bytes of the figures a report", "load", *(question.id for question in questions())):
        (line,) = [line for line in said.splitlines() if line.startswith(f"{name} ")]
        assert len(re.findall(r"\d[\d,.]*", line)) >= 3, line
    characters = re.search(r"sections of ([\d,]+) characters", said)
    assert characters is not None
    assert int(characters[1].replace(",", "")) >= 2000
    assert re.search(r"ratio: at least \d", said)
    assert [*tmp_path.iterdir()] == []


def test_two_archives_are_filled_asked_and_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The benchmark of a million reports, with some hundreds; what grows is not judged here, for the same reason."""
    asked = "--reports 800 --beside 400 --rounds 1 --changes 4 --keep --folder".split()
    million([*asked, str(tmp_path)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["400", "800", "growth"]
    for name in (
        "bytes a report",
        "load, CPU",
        "panel of a province,",
        "figures of",
        "search, 行政复议 (",
        "4 changes",
    ):
        (line,) = [line for line in lines if line.startswith(name)]
        assert re.search(r"[1-9][\d,.]* .*\d\.\d\d  \(at most", line), line
    assert lines[-1].startswith(("nothing grows", "grows too much: "))
    once, twice = (_steps_of_coverage(tmp_path / size / "archive.db") for size in ("400", "800"))
    assert twice < 3 * once
    million([*asked, str(tmp_path)])
    assert lines[2] in capsys.readouterr().out.splitlines(), "they were filled once more"


def _steps_of_coverage(path: Path) -> int:
    """What judging what is missing costs, in hundreds of steps of SQLite's machine."""
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    with Archive.open(path) as archive:
        archive.db.conn.set_progress_handler(count, 100)
        archive.refresh_coverage()
    return steps


def test_the_page_is_made_of_what_was_printed() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_benchmark_is_on_the_page() -> None:
    modules = {path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py")}
    modules |= {path.parent.name for path in (ROOT / "benchmarks").glob("*/__main__.py")}
    assert modules - {"recorded"} == {benchmark.name for benchmark in BENCHMARKS}
    assert {path.stem for path in RESULTS.glob("*.txt")} <= {benchmark.name for benchmark in BENCHMARKS}
    for benchmark in BENCHMARKS:
        assert f"$ {benchmark.command}\n" in page()

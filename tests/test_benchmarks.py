"""The benchmark of the archive in a short form: both sides give the same answers, and it says what it should."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive.questions import questions
from benchmarks.archive.__main__ import main


def test_the_archive_and_the_plain_table_answer_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How quick they are is not judged here: the machine may be busy."""
    main(["--reports", "1000", "--rounds", "1", "--narratives", "20", "--folder", str(tmp_path)])
    said = capsys.readouterr().out
    assert "ANSWERS DIFFER" not in said
    assert "1,000 reports of 200 cells" in said
    for name in ("bytes of the figures a report", "load", *(question.id for question in questions())):
        (line,) = [line for line in said.splitlines() if line.startswith(f"{name} ")]
        assert len(re.findall(r"\d[\d,.]*", line)) >= 3, line
    characters = re.search(r"sections of ([\d,]+) characters", said)
    assert characters is not None
    assert int(characters[1].replace(",", "")) >= 2000
    assert re.search(r"ratio: at least \d", said)
    assert [*tmp_path.iterdir()] == []

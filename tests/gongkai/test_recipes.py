"""Everything in docs/recipes.md is run, in its order, beside the file that the sample crawl published."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import BIN, ROOT, type_in

_BLOCK = re.compile(r"```(console|python|text)\n(.*?)```", re.DOTALL)
_PROGRAMS = ("sqlite-utils", "gongkai", "frictionless", "datasette")


def steps() -> list[tuple[str, str, str]]:
    """(console or python, what to run, what it prints)."""
    found: list[tuple[str, str, str]] = []
    for kind, text in _BLOCK.findall((ROOT / "docs/recipes.md").read_text(encoding="utf-8")):
        if kind == "python":
            found.append((kind, text, ""))
        elif kind == "text":
            found[-1] = (*found[-1][:2], text)
        else:
            for line in text.splitlines(keepends=True):
                if line.startswith("$ "):
                    found.append((kind, line[2:].strip(), ""))
                else:
                    found[-1] = (*found[-1][:2], found[-1][2] + line)
    return found


def test_every_recipe_runs_and_prints_what_it_shows(sample_archive: Path, tmp_path: Path) -> None:
    for module in ("pyarrow", "pandas", "duckdb"):
        pytest.importorskip(module)
    shutil.copy(sample_archive.parent / "exports/gongkai.db", tmp_path)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")}
    environment["PATH"] = f"{BIN}{os.pathsep}{environment['PATH']}"
    run = 0
    for kind, what, shown in steps():
        program = what.split()[0]
        if kind == "console" and program in _PROGRAMS and not (BIN / program).exists():
            continue
        if kind == "console":
            answer = type_in(what, tmp_path, environment)
        else:
            command = [sys.executable, "-c", what]
            answer = subprocess.run(
                command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
            )
        assert answer.returncode == 0, (what, answer.stderr)
        if shown:
            assert bare(answer.stdout + answer.stderr) == bare(shown), what
        run += 1
    assert run >= 15


def bare(text: str) -> list[str]:
    """Lines without the blanks at their ends, which an editor may take away."""
    return [line.rstrip() for line in text.strip("\n").splitlines()]

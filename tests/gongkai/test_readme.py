"""Everything in the README is run, in its order, in an empty folder; what it prints is what the README shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.conftest import BIN, ROOT

README = ROOT / "README.md"
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def commands() -> list[tuple[str, str]]:
    """(command, output shown below it), over all console blocks."""
    found: list[tuple[str, str]] = []
    for block in _BLOCK.findall(README.read_text(encoding="utf-8")):
        for line in block.splitlines(keepends=True):
            if line.startswith("$ "):
                found.append((line[2:].strip(), ""))
            else:
                found[-1] = (found[-1][0], found[-1][1] + line)
    return found


def recipe(target: str) -> str:
    """What a target of the Makefile runs, once the environment is there."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    match = re.search(rf"^{target}:.*\n\t(.*)$", makefile, re.MULTILINE)
    assert match is not None
    return match[1].replace("$(BIN)", ".venv/bin")


def test_the_readme_runs_and_prints_what_it_shows(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/bin").symlink_to(BIN)
    shutil.copytree(ROOT / "tests/golden", tmp_path / "tests/golden")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")}
    assert len(commands()) >= 5
    for command, shown in commands():
        run = recipe(command.removeprefix("make ")) if command.startswith("make ") else command
        answer = subprocess.run(
            ["bash", "-o", "pipefail", "-c", run], cwd=tmp_path, env=environment, capture_output=True, text=True,
            timeout=300, check=False,
        )  # fmt: skip
        assert answer.returncode == 0, (command, answer.stderr)
        if shown:
            assert port_free(answer.stdout + answer.stderr) == port_free(shown), command


def port_free(text: str) -> str:
    """Output without the port, which is another one where the usual one is taken."""
    return re.sub(r"localhost:\d+", "localhost", text)

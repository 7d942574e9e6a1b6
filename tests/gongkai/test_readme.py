"""Everything in the README is run, in its order, in an empty folder; what it prints is what the README shows."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import BIN, ROOT, type_in

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
        answer = type_in(run, tmp_path, environment)
        assert answer.returncode == 0, (command, answer.stderr)
        if shown:
            assert port_free(answer.stdout + answer.stderr) == port_free(shown), command


def port_free(text: str) -> str:
    """Output without the port, which is another one where the usual one is taken, and without the lines of progress,
    which only a slow machine sees."""
    text = re.sub(r"^\d+ of \d+ pages? read\n", "", text, flags=re.MULTILINE)
    return re.sub(r"localhost:\d+", "localhost", text)


ENGLISH, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("the same commands with the same output", r"```console\n.*?```"),
        ("the same plans", r"(?m)^    [^\n]*$"),
        ("the same links, in the same order", r"\]\(((?!README)[^)]+)\)"),
        ("the same headings", r"(?m)^#+(?= )"),
        ("tables of as many rows", r"(?m)^\|"),
        ("the same names, settings and paths", r"`[^`\n]+`"),
    ],
)
def test_the_readme_in_chinese_has(what: str, pattern: str) -> None:
    english, chinese = (re.findall(pattern, text, re.DOTALL) for text in (ENGLISH, CHINESE))
    if what.startswith("the same names"):  # which may stand in another order in a sentence
        english, chinese = sorted(english), sorted(chinese)
    assert len(english) >= 3
    assert chinese == english, what


def test_the_readme_in_chinese_is_in_chinese() -> None:
    """Every paragraph of it is."""
    prose = re.sub(r"```.*?```|^    .*$|^\|.*$|^#.*$|`[^`]*`|\]\([^)]*\)", "", CHINESE, flags=re.DOTALL | re.MULTILINE)
    for paragraph in filter(str.strip, prose.split("\n\n")):
        chinese = len(re.findall(r"[\u4e00-\u9fff]", paragraph))
        latin = len(re.findall(r"[A-Za-z]", paragraph))
        assert chinese >= latin / 3 or "中文" in paragraph or "English" in paragraph, paragraph

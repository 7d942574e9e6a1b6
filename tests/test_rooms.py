"""The one-way flow between the rooms, and the house rules that a machine can check."""

from __future__ import annotations

import ast
import re
import subprocess

import pytest

from tests.conftest import BIN, ROOT, run


def test_imports_point_one_way() -> None:
    checked = run("lint-imports", "--no-cache", cwd=ROOT)
    assert checked.returncode == 0, checked.stdout
    assert "0 broken" in checked.stdout


def test_the_import_rules_name_every_room() -> None:
    """The contracts name every room; a room that is missing from them would be free to import anything."""
    contracts = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    layers = re.search(r"layers = \[(.*)\]", contracts)
    assert layers is not None
    assert re.findall(r'"(\w+)"', layers[1]) == ["gongkai", "crawler", "archive", "pipelines"]


def test_nothing_lies_at_the_top_that_is_no_room_or_known_file() -> None:
    """What a command run in the checkout leaves behind (an archive, a page) is easily committed with the rest."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    if not listed:
        pytest.skip("no git checkout, so that nothing can have been committed")
    files = {name for name in listed.splitlines() if "/" not in name}
    folders = {name.partition("/")[0] for name in listed.splitlines() if "/" in name}
    assert files <= {
        *(".gitignore", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md"),
        *("README.zh.md", "SECURITY.md", "constraints.txt", "pyproject.toml", "scrapy.cfg"),
    }
    assert folders <= {".ci", "archive", "benchmarks", "crawler", "data", "docs", "gongkai", "pipelines", "tests"}


def test_the_generator_knows_nothing_of_the_reader() -> None:
    """A generator that shared code with the reader would share its mistakes."""
    modules = list((ROOT / "tests/generate").rglob("*.py"))
    assert len(modules) > 20
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            rooms = {name.partition(".")[0] for name in names} & {"gongkai", "crawler", "archive", "pipelines"}
            assert not rooms, f"{module} imports {rooms}"


def test_nothing_is_unpickled_and_no_door_is_open() -> None:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    names = listed.split() or [str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py") if ".venv" not in path.parts]
    for name in names:
        if name.startswith("tests/"):
            continue
        source = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(
            r"\bimport pickle\b|\bpickle\.load|\bmarshal\.load|\beval\(|\bexec\(|JOBDIR\s*=", source
        ), name


def test_the_scrapy_command_knows_the_spider() -> None:
    listed = run("scrapy", "list", cwd=ROOT)
    assert listed.stdout.split() == ["reports"]
    assert (BIN / "scrapy").exists()

"""What all tests share: the commands as installed, and one crawl of the sample portal for those that look at it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import warm

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[1]


def run(
    *command: str | Path, cwd: Path | None = None, input: str | None = None, seconds: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run an installed command as a user would; no settings of the developer's leak in.

    Raises subprocess.TimeoutExpired when it has not ended after `seconds`.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")}
    environment["PATH"] = f"{BIN}{os.pathsep}{environment['PATH']}"
    words = [str(BIN / command[0]), *map(str, command[1:])]
    if command[0] == "gongkai" and warm.WORKS:
        return warm.run(words, cwd, environment, input, seconds)
    return subprocess.run(
        words,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=environment,
        timeout=seconds,
        input=input,
        check=False,
    )


def type_in(line: str, cwd: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a line as if typed into a shell; one that is just a command of Python's is run without the shell."""
    words = shlex.split(line)
    if warm.WORKS and Path(words[0]).name in ("gongkai", "sqlite-utils") and not _OF_THE_SHELL.search(_unquoted(line)):
        script = words[0] if "/" in words[0] else str(BIN / words[0])
        return warm.run([script, *words[1:]], cwd, environment, None, 300)
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], cwd=cwd, env=environment, capture_output=True, text=True,
        encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip


_OF_THE_SHELL = re.compile(r"[|<>&;$`*?~(){}!]")


def _unquoted(line: str) -> str:
    """The line without what stands in quotes, but for what a shell reads there, too."""
    return re.sub(r"'[^']*'|\"([^\"$`]*)\"", "", line)


LONGEST = (
    "strangers",
    "test_crashes.py",
    "test_ten_nights.py",
    "test_pictures.py",
    "test_replica_crawl.py",
    "test_faults.py",
    "test_fault_crawl.py",
    "test_wheel.py",
    "test_recipes.py",
    "test_sample_crawl.py",
    "test_dask_crawl.py",
    "test_dask_reading.py",
    "test_dask.py",
    "test_documents_crawl.py",
    "test_fuzz.py",
    "test_readme.py",
    "test_generated.py",
)
"""Groups that begin first, so that none of them is left for one process while the other has nothing to do."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest groups go first."""
    items.sort(key=lambda item: _turn(item.nodeid))


def pytest_make_parametrize_id(val: object) -> str | None:
    """A body is named by its length in a test's id: two processes must agree on it, and gzip writes the time of day."""
    return f"{len(val)} bytes" if isinstance(val, bytes) and len(val) > 40 else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Tests that share what takes long to make stay together, when two processes divide them: those of a file, and
    those of all strangers. (pytest-xdist has groups for that, which do nothing since pytest 9.)"""
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _group(nodeid)

    return Together(config, log)


def _group(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    return "strangers" if "/strangers/" in file else file


def _turn(nodeid: str) -> int:
    return next((turn for turn, name in enumerate(LONGEST) if _group(nodeid).endswith(name)), len(LONGEST))


@pytest.fixture(scope="session")
def sample_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of one crawl of the sample portal. Tests read it and leave it as it is."""
    archive = tmp_path_factory.mktemp("sample") / "archive.db"
    crawl = run("gongkai", "crawl", "--sample", "--archive", archive, cwd=archive.parent)
    assert crawl.returncode == 0, crawl.stderr
    return archive

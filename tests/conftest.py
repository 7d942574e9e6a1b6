"""What all tests share: the commands as installed, and one crawl of the sample portal for those that look at it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path | None = None, **kwargs: object) -> subprocess.CompletedProcess[str]:
    """Run an installed command as a user would; no settings of the developer's leak in."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")}
    environment["PATH"] = f"{BIN}{os.pathsep}{environment['PATH']}"
    return subprocess.run(
        [str(BIN / command[0]), *map(str, command[1:])],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=environment,
        timeout=300,
        **kwargs,  # type: ignore[call-overload]
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share what takes long to make stay together, when two processes divide them."""
    for item in items:
        together = "strangers" if "strangers" in item.path.parts else str(item.path)
        item.add_marker(pytest.mark.xdist_group(together))


@pytest.fixture(scope="session")
def sample_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of one crawl of the sample portal. Tests read it and leave it as it is."""
    archive = tmp_path_factory.mktemp("sample") / "archive.db"
    crawl = run("gongkai", "crawl", "--sample", "--archive", archive, cwd=archive.parent)
    assert crawl.returncode == 0, crawl.stderr
    return archive

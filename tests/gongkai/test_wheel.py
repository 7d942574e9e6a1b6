"""A built wheel, installed outside the checkout, does the main job: form files and facts travel as package data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.sample_portal import load
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """(folder with the wheel's packages and commands, environment in which they come before the checkout)."""
    place = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(place), str(ROOT)], check=True, timeout=300)
    (wheel,) = place.glob("gongkai-*.whl")
    site = place / "site"
    subprocess.run([*pip, "install", "--no-deps", "--target", str(site), str(wheel)], check=True, timeout=300)
    return site, {**os.environ, "PYTHONPATH": str(site)}


def test_the_wheel_is_what_runs(installed: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    site, environment = installed
    asked = "import pipelines, crawler, archive, gongkai; print(pipelines.__file__, crawler.__file__, archive.__file__)"
    places = subprocess.check_output([sys.executable, "-c", asked], cwd=tmp_path, env=environment, text=True)
    assert all(place.startswith(str(site)) for place in places.split())


def test_the_wheel_brings_the_catalogue(installed: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    site, environment = installed
    gongkai = [sys.executable, "-m", "gongkai", "portals"]
    checked = subprocess.run(
        [*gongkai, "check"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert str(site) in checked.stderr
    assert (site / "crawler/data/README.md").is_file()  # whose divisions these are, and under which licence


def test_the_wheel_crawls_its_sample_and_extracts(installed: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    _, environment = installed
    gongkai = [sys.executable, "-m", "gongkai"]
    crawl = subprocess.run(
        [*gongkai, "crawl", "--sample"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    assert crawl.returncode == 0, crawl.stderr
    assert f"{len(load())} reports of" in crawl.stderr
    (warc,) = (tmp_path / "data/warc").glob("*.warc.gz")
    answer = subprocess.check_output([*gongkai, "extract", str(warc)], cwd=tmp_path, env=environment, text=True)
    assert sum(json.loads(line)["report"] for line in answer.splitlines()) >= len(load())

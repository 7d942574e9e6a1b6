"""Two crawls that share a host take turns at it, request by request."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from benchmarks.portals import WatchedPortal
from crawler.portals import write_portals
from tests.crawler.crashes import FAST

DELAY = 0.1


def test_two_crawls_never_ask_one_host_at_once(tmp_path: Path) -> None:
    with WatchedPortal() as portal:
        rows = [row for row in portal.portals() if row["portal_id"] in ("sample-trs", "sample-mirror")]
        with (tmp_path / "portals.csv").open("w", encoding="utf-8", newline="") as stream:
            write_portals(stream, rows)
        crawls = [_crawl(tmp_path, name) for name in ("a", "b")]
        said = [crawl.communicate(timeout=120)[1] for crawl in crawls]
        assert [crawl.returncode for crawl in crawls] == [0, 0], said
        assert max(portal.most.values()) == 1
        asked = [entry for entry in portal.log if entry.host.startswith("trs.")]
    paths = [entry.path for entry in asked]
    assert len(paths) > 20
    alone = {"/robots.txt"} | {path for path in paths if paths.count(path) == 2}
    assert alone == {*paths}, "each crawl asks for what it would ask for alone"
    half = len(paths) // 2
    assert len(set(paths[:half])) < half, "neither waits until the other is done"
    # Each keeps its distance from the end of what the other asked for.
    pairs = [pair for pair in pairwise(asked) if pair[0].user_agent != pair[1].user_agent]
    assert min(after.time - before.time for before, after in pairs) > DELAY - 0.005


def _crawl(folder: Path, name: str) -> subprocess.Popen[str]:
    words = ["crawl", "--portals", str(folder / "portals.csv"), "--archive", str(folder / name / "archive.db"), *FAST]
    settings = (
        f"GONGKAI_TURNS={folder / 'turns'}",
        f"DOWNLOAD_DELAY={DELAY}",
        "GONGKAI_WORKERS=1",
        f"USER_AGENT={name}",
    )
    words += [word for setting in settings for word in ("-s", setting)]
    return subprocess.Popen([sys.executable, "-m", "gongkai", *words], stderr=subprocess.PIPE, text=True, cwd=folder)

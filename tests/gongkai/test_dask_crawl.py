"""A crawl by three Dask workers, of which one is killed on the way: what a crawl on one machine finds, politely."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="needs the extra [scale]")

from benchmarks.portals import WatchedPortal
from crawler.portals import write_portals
from crawler.sample_portal import ChangingPortal
from crawler.sample_portal.changing import MIRROR
from crawler.sample_portal.server import Portal
from tests.crawler.crashes import FAST, read_all
from tests.crawler.processes import command, until
from tests.gongkai.cluster import Cluster

ASKED = {
    "reports": "SELECT agency, agency_printed, year, scope, revision, is_current, form, title, trust, review, url,"
    " level, kind FROM reports",
    "figures": "SELECT agency, year, scope, figure, value, unit, state, raw, flag, url FROM figures",
    "sections": "SELECT a.name, r.year, r.scope, r.revision, s.number, s.heading, s.text FROM sections s"
    " JOIN report_revisions r ON r.report_id = s.report_id JOIN agencies a ON a.agency_id = r.agency_id",
    "issues": "SELECT level, code, message, figure, agency, year, scope, url FROM open_issues",
    "agencies": "SELECT name, merged_into IS NULL FROM agencies",
    "captures": "SELECT DISTINCT url, status, portal_id FROM captures",
    # Two portals of one host link to what its robots.txt forbids; the page is that of whichever came to it last.
    "pages": "SELECT url, iif(outcome = 'forbidden', NULL, portal_id), outcome, fault FROM pages",
    "links": "SELECT portal_id, url, words, outcome, reports, page_url, listed_on, gone_at IS NULL FROM links",
    "columns": "SELECT portal_id, url, setting, reports, gone_at IS NULL FROM columns",
    "run_portals": "SELECT portal_id, reports, new, revised, gone, failures, fault FROM run_portals"
    " WHERE run_id = (SELECT max(run_id) FROM runs)",
    "runs": "SELECT command, verdict, exit_code FROM runs ORDER BY run_id DESC LIMIT 1",
    "search": "SELECT count(*) FROM sections_search WHERE sections_search MATCH '公开'",
}


def contents(archive: Path) -> dict[str, list[tuple[object, ...]]]:
    """What archives of one portal have in common, whoever crawled it: without ids, times and the portal's port."""
    with closing(sqlite3.connect(archive)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        found = {name: db.execute(sql).fetchall() for name, sql in ASKED.items()}
    return {name: sorted((tuple(map(_without_port, row)) for row in rows), key=repr) for name, rows in found.items()}


def _without_port(cell: object) -> object:
    return re.sub(r"localhost:\d+", "localhost", cell) if isinstance(cell, str) else cell


class Crawls:
    """A watched portal, and crawls of it through a cluster."""

    def __init__(self, folder: Path, portal: Portal, cluster: Cluster) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.cluster = folder, cluster
        self.asked: list[list[tuple[str, str]]] = []
        self.said: list[str] = []
        self.archive = folder / "archive.db"
        self.portals = folder / "portals.csv"
        with self.portals.open("w", encoding="utf-8", newline="") as stream:
            write_portals(stream, portal.portals())

    def start(self, *more: str) -> subprocess.Popen[str]:
        words = ["crawl", "--portals", str(self.portals), "--archive", str(self.archive), *FAST, *more]
        words += ["-s", "GONGKAI_WORKERS=1"]
        return subprocess.Popen(
            [sys.executable, "-m", "gongkai", *words], stderr=subprocess.PIPE, text=True, cwd=self.folder
        )

    def part_at_work(self, crawl: subprocess.Popen[str], size: int = 20_000) -> Path:
        """A part that is under way, when its evidence has so many bytes. Raises AssertionError when there is none."""
        found: list[Path] = []

        def look() -> bool:
            parts = [one.parent.parent for one in self.folder.glob("parts/*/*/warc/*.gz") if _size(one) > size]
            found[:] = [part for part in parts if not (part / "result.json").exists()]
            return bool(found) or crawl.poll() is not None

        assert until(look, 120)
        assert found, crawl.communicate()[1]
        return found[0]


def _size(file: Path) -> int:
    try:
        return file.lstat().st_size
    except OSError:
        return 0


def test_a_worker_is_killed_on_the_way_and_all_is_as_of_one_machine(
    tmp_path: Path, cluster: Cluster, sample_archive: Path
) -> None:
    with WatchedPortal() as portal:
        crawls = Crawls(tmp_path, portal, cluster)
        crawl = crawls.start("--scheduler", cluster.address)
        part = crawls.part_at_work(crawl)
        worker, below = next((w, b) for w, b in cluster.at_work() if any(f"{part}\0" in command(pid) for pid in b))
        cluster.kill(worker, below)
        cluster.add(wait=False)
        said = crawl.communicate(timeout=180)[1]
        assert crawl.returncode == 0, said
        assert max(portal.most.values()) == 1
    mine, truth = contents(crawls.archive), contents(sample_archive)
    for name in truth:
        assert mine[name] == truth[name], name
    assert read_all(crawls.archive) >= len(mine["captures"])
    assert not (tmp_path / "parts").exists()


@pytest.mark.skipif("GONGKAI_TEST_LONG" not in os.environ, reason="three crawls: make dask")
def test_a_crawl_that_is_stopped_and_one_whose_own_process_is_killed_are_gone_on_with(
    tmp_path: Path, cluster: Cluster, sample_archive: Path
) -> None:
    with WatchedPortal() as portal:
        crawls = Crawls(tmp_path, portal, cluster)
        crawl = crawls.start("--scheduler", cluster.address)
        crawls.part_at_work(crawl)
        crawl.send_signal(signal.SIGTERM)
        said = crawl.communicate(timeout=120)[1]
        assert crawl.returncode == 5, said
        assert "verdict   stopped" in said
        assert not (tmp_path / "parts").exists(), "what there was of parts is joined"

        crawl = crawls.start("--scheduler", cluster.address)
        crawls.part_at_work(crawl, size=1)
        crawl.kill()
        crawl.wait()
        assert until(lambda: not [*cluster.at_work()], 60), "workers stop when nobody is there to take their parts"

        crawl = crawls.start("--scheduler", cluster.address)
        said = crawl.communicate(timeout=180)[1]
        assert crawl.returncode == 0, said
        assert "joining what is left of run 2" in said
        assert max(portal.most.values()) == 1
    mine, truth = contents(crawls.archive), contents(sample_archive)
    for name in truth.keys() - {"run_portals"}:  # what is new in the last of three runs is not what is new in all
        assert mine[name] == truth[name], name
    assert not (tmp_path / "parts").exists()


@pytest.mark.skipif("GONGKAI_TEST_LONG" not in os.environ, reason="six crawls: make dask")
def test_nights_that_follow_cost_and_find_what_they_do_on_one_machine(tmp_path: Path, cluster: Cluster) -> None:
    families = ("ucap_list", "plain", "gkmlpt", MIRROR)
    with ChangingPortal(0, families=families, size=15) as portal:
        here, there = (Crawls(tmp_path / name, portal, cluster) for name in ("here", "there"))
        for night in range(3):
            for crawls, more in ((here, ()), (there, ("--scheduler", cluster.address))):
                before = len(portal.log)
                crawl = crawls.start(*more)
                said = crawl.communicate(timeout=600)[1]
                assert crawl.returncode in (0, 1), said
                crawls.asked.append(sorted((entry.host, entry.path) for entry in portal.log[before:]))
                crawls.said.append(said)
            assert there.asked[night] == here.asked[night], (night, there.said, here.said)
            mine, truth = contents(there.archive), contents(here.archive)
            for name in truth:
                assert mine[name] == truth[name], (night, name, there.said, here.said)
            portal.new(2)
            portal.revise(2)
            portal.revise(1, silently=True)
            portal.delete(1)

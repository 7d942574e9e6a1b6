"""An import and a reread by Dask workers, of which one is killed on the way: what one machine makes of it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from threading import Thread

import pytest

pytest.importorskip("distributed", reason="needs the extra [scale]")

from archive.rereading import Selection
from gongkai.rereading import batches
from gongkai.rereading.running import Plan, run_reread
from tests.gongkai.cluster import Cluster
from tests.gongkai.foreign import filler, reports, write_warc
from tests.gongkai.in_process import gongkai
from tests.gongkai.rereads import TOTAL, blind, changes, contents, everything, no_report, of_agency, older, titled, url
from tests.gongkai.test_import import said


class Killer(Thread):
    """Kills the first worker that begins something, and starts another one."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(daemon=True)
        self._cluster = cluster
        self._before = {pid for _, below in cluster.at_work() for pid in below}  # who waits for the next work
        self.killed = 0
        self.start()

    def run(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end and not self.killed:
            for worker, below in self._cluster.at_work():
                if {*below} - self._before:
                    self._cluster.kill(worker, below)
                    self.killed += 1
                    self._cluster.add()
                    break
            time.sleep(0.01)


def test_an_import(tmp_path: Path, cluster: Cluster) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    pages = [*reports(), *reports("copies.example"), *filler(30)]
    for number in range(9):
        write_warc(theirs / f"{number}.warc.gz", pages[number::9])
    torn = bytearray((theirs / "0.warc.gz").read_bytes())
    torn[len(torn) // 2] ^= 255
    (theirs / "damaged.warc.gz").write_bytes(torn)
    here, there = tmp_path / "here" / "archive.db", tmp_path / "there" / "archive.db"
    local = gongkai("import", theirs, "--archive", here, "--workers", 1)
    killer = Killer(cluster)
    spread = gongkai("import", theirs, "--archive", there, "--scheduler", cluster.address)
    killer.join()
    assert killer.killed == 1
    assert (local.returncode, spread.returncode) == (1, 1), spread.stderr  # for what is damaged
    assert _last_lines(spread.stderr.replace(str(there), str(here))) == _last_lines(local.stderr)
    assert said(there) == said(here)
    assert len(said(there)[1]) >= 6
    again = gongkai("import", theirs, "--archive", there, "--scheduler", cluster.address)
    assert "done before" in again.stderr
    assert said(there) == said(here)


def _last_lines(said: str) -> list[str]:
    """Without those that come when time has passed."""
    return [line for line in said.splitlines() if not line.startswith("importing:")]


def test_a_reread(tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    otherwise = {
        url("clean"): titled("年度报告"),
        url("gb2312"): blind(TOTAL),
        url("traditional"): of_agency("上冶镇人民政府"),
        url("word"): no_report,
    }
    here, there = (older(tmp_path / name, otherwise) for name in ("here", "there"))
    before = contents(there)
    local = gongkai("reread", "--archive", here, "--workers", 1, "--yes", "--json")
    killer = Killer(cluster)
    spread = gongkai("reread", "--archive", there, "--scheduler", cluster.address, "--yes", "--json")
    killer.join()
    assert killer.killed == 1
    assert (local.returncode, spread.returncode) == (0, 0), spread.stderr
    assert json.loads(spread.stdout) == json.loads(local.stdout)
    assert contents(there) == contents(here) != before
    for address in otherwise:
        assert changes(there, address) == changes(here, address)


def test_a_scheduler_that_goes_leaves_the_archive_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    archive = older(tmp_path / "archive", {url("clean"): titled("年度报告")})
    before = everything(archive)
    with Cluster(tmp_path / "dask", workers=1) as cluster:
        Thread(target=_end_when_at_work, args=(cluster,), daemon=True).start()
        code = run_reread(Plan(archive, Selection(), yes=True, scheduler=cluster.address))
    assert code == 1
    assert "gongkai: the scheduler is gone; nothing is written" in capfd.readouterr().err
    assert everything(archive) == before


def _end_when_at_work(cluster: Cluster) -> None:
    while not [*cluster.at_work()]:
        time.sleep(0.01)
    cluster.end_scheduler()


def test_standard_input_is_for_one_machine(tmp_path: Path) -> None:
    done = gongkai("import", "-", "--archive", tmp_path / "a.db", "--scheduler", "tcp://127.0.0.1:1")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("Error: - is standard input")

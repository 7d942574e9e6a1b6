"""`gongkai merge` as people use it: on what was crawled on several nights, killed and gone on with, used wrongly."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from archive import Archive
from archive.errors import ArchiveFailing
from archive.joining.source import opened
from gongkai import merging as gongkai_merging
from tests.archive.histories import archive_of, history, told, whole
from tests.archive.merges import InThisProcess
from tests.conftest import ROOT, run
from tests.gongkai.in_process import gongkai
from tests.gongkai.nights import FAST, operated

OLD = ROOT / "tests" / "archive" / "fixtures" / "first_schema.db"

SAID = {
    "reports": "SELECT agency, year, scope, revision, is_current, title, trust, url FROM reports",
    "figures": "SELECT agency, year, scope, figure, value, raw, flag FROM figures",
    "sections": "SELECT a.name, r.year, r.revision, s.heading, s.text FROM sections s"
    " JOIN report_revisions r USING (report_id) JOIN agencies a USING (agency_id)",
    "issues": "SELECT agency, year, code, level, message, figure FROM open_issues WHERE code NOT LIKE 'agency%'",
    "agencies": "SELECT name, printed_name, division_code, portal_id FROM agencies",
    "links": "SELECT portal_id, url, words, outcome, reports, gone_at IS NULL, missing_since IS NULL FROM links"
    " WHERE reports > 0",  # what was no report is asked for again as each archive sees fit
    "columns": "SELECT portal_id, url, setting, gone_at IS NULL FROM columns",
}


def said(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What an archive says, whenever it was crawled."""
    with Archive.open(path) as archive:
        return {name: sorted(archive.db.execute(sql).fetchall(), key=repr) for name, sql in SAID.items()}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Archives of somebody who crawled a changing portal on one night, of another on the next, and of one on both."""
    folder = tmp_path_factory.mktemp("two")
    with operated(("plain", "ucap_list"), size=6) as operator:
        assert operator.night().exit_code == 0
        shutil.copytree(operator.archive.parent, folder / "first")
        operator.portal.new(1)
        operator.portal.revise(2)
        assert operator.night().exit_code == 0
        shutil.copytree(operator.archive.parent, folder / "both")
        other = ("gongkai", "crawl", "--portals", operator.archive.parent / "portals.csv", "--archive")
        done = run(*other, folder / "second" / "archive.db", *FAST, cwd=operator.archive.parent)
        assert done.returncode == 0, done.stderr
    return folder / "first" / "archive.db", folder / "second" / "archive.db", folder / "both" / "archive.db"


@pytest.mark.parametrize("turn", [1, -1])
def test_two_crawls_joined_are_one_of_both_nights(tmp_path: Path, two: tuple[Path, Path, Path], turn: int) -> None:
    target = tmp_path / "archive.db"
    done = gongkai("merge", target, *two[:2][::turn])
    assert (done.returncode, done.stdout) == (0, f"{target}\n"), done.stderr
    assert "2 revisions" in done.stderr
    assert said(target) == said(two[2])
    before = whole(target)
    again = gongkai("merge", target, *two[:2])
    assert again.returncode == 0
    assert again.stderr.count("nothing new") == 2
    assert whole(target) == before


def test_every_record_that_came_over_is_there(tmp_path: Path, two: tuple[Path, Path, Path]) -> None:
    target = tmp_path / "archive.db"
    gongkai("merge", target, two[0])
    done = gongkai("doctor", "--archive", target, "--thorough")
    assert "damaged" not in done.stdout + done.stderr
    with Archive.open(two[0]) as theirs, Archive.open(target) as ours:
        rows = theirs.db.execute("SELECT capture_id, member_digest FROM captures").fetchall()
        for capture_id, digest in rows:
            (here,) = ours.db.execute("SELECT capture_id FROM captures WHERE member_digest = ?", [digest]).fetchone()
            assert ours.read(here) == theirs.read(capture_id)


def test_the_run_is_noted_and_judged_as_no_crawl(tmp_path: Path, two: tuple[Path, Path, Path]) -> None:
    target = tmp_path / "archive.db"
    gongkai("merge", target, two[0])
    with Archive.open(target) as archive:
        runs = archive.db.execute("SELECT command, verdict, exit_code FROM runs").fetchall()
        counts = dict(archive.db.execute("SELECT name, value FROM run_counts").fetchall())
    assert runs == [("merge", "ok", 0)]
    assert counts["new"] == len(said(two[0])["reports"])
    assert "last run  none" in gongkai("status", "--archive", target).stdout


def test_of_many_records_that_are_missing_some_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = archive_of(tmp_path / "a", history(Random(8), nights=1, pages=1))
    with closing(sqlite3.connect(source)) as db, db:
        names = ", ".join(row[1] for row in db.execute("PRAGMA table_info(captures)") if row[1] not in ("capture_id",))
        others = names.replace("url", "url || n").replace("warc_offset", "warc_offset + n")
        numbers = "WITH RECURSIVE some (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM some WHERE n < 50)"
        db.execute(f"{numbers} INSERT INTO captures ({names}) SELECT {others} FROM captures, some WHERE capture_id = 1")
        (captures,) = db.execute("SELECT count(*) FROM captures").fetchone()
    shutil.rmtree(source.parent / "warc")
    monkeypatch.setattr(gongkai_merging, "Workers", InThisProcess)
    done = gongkai("merge", tmp_path / "archive.db", source)
    assert done.returncode == 1
    assert done.stderr.count("is missing") == 20
    assert f"and {captures - 20} more" in done.stderr
    with Archive.open(tmp_path / "archive.db") as archive:
        rows = archive.db.execute("SELECT value FROM run_counts WHERE name = 'left_out'").fetchall()
        assert rows == [(captures,)]
    with Archive.open(tmp_path / "other.db") as archive, archive.lock():
        assert len(gongkai_merging.merge_into(archive, source, run_id=0).left_out) == 20


KILLS: dict[str, Callable[[sqlite3.Connection], bool]] = {
    "when evidence came over": lambda db: _count(db, "captures") > 0,
    "when reports are filed": lambda db: _count(db, "report_revisions") > 0,
}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("when", KILLS)
def test_killed_or_stopped_and_gone_on_with(
    tmp_path: Path, when: str, how: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = history(Random(8), nights=3, pages=10)
    people = [Random(f"{one.url} {one.at}").random() < 0.5 for one in fetched]
    ours = archive_of(tmp_path / "a", [one for one, mine in zip(fetched, people, strict=True) if mine])
    theirs = archive_of(tmp_path / "b", [one for one, mine in zip(fetched, people, strict=True) if not mine])
    wanted = tmp_path / "whole" / "archive.db"
    wanted.parent.mkdir()
    with monkeypatch.context() as quick:
        quick.setattr(gongkai_merging, "Workers", InThisProcess)
        assert gongkai("merge", wanted, ours, theirs).returncode == 0
    target = tmp_path / "target" / "archive.db"
    target.parent.mkdir()
    ended, said = _ended(target, (ours, theirs), KILLS[when], how)
    if how is signal.SIGKILL:
        assert ended == -how
    else:
        assert (ended, said.splitlines()[-2:-1]) == (5, ["gongkai: stopped; run it again to go on"])
        with closing(sqlite3.connect(target)) as db:
            assert db.execute("SELECT verdict, exit_code FROM runs").fetchall() == [("stopped", 5)]
    monkeypatch.setattr(gongkai_merging, "Workers", InThisProcess)
    assert gongkai("merge", target, ours, theirs).returncode == 0
    assert told(target) == told(wanted)
    assert [*target.parent.glob(".*")] == [], "what was killed left its copies to the next"


def test_what_another_merge_copied_beside_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gongkai_merging, "Workers", InThisProcess)
    source = archive_of(tmp_path / "source", [])
    target = tmp_path / "both" / "archive.db"
    target.parent.mkdir()
    (target.parent / ".joining-left").mkdir()
    with opened(OLD, target.parent) as theirs:
        (copy,) = target.parent.glob(".joining-*/archive.db")
        assert gongkai("merge", target, source).returncode == 0
        assert [*target.parent.glob(".joining-*")] == [copy.parent]
        assert theirs.db.table("captures").count > 0
    assert [*target.parent.glob(".joining-*")] == []


def _ended(
    target: Path, sources: tuple[Path, ...], ready: Callable[[sqlite3.Connection], bool], how: signal.Signals
) -> tuple[int, str]:
    """A merge in small steps that gets a signal when it has come so far: its exit code, and what it said."""
    code = "import archive.joining.evidence as e, gongkai.merging as m; e.BATCH_CAPTURES = m.CHUNK = 5\n"
    code += "import time; from gongkai.progress import Progress; more = Progress.more\n"
    code += "Progress.more = lambda self, count: (more(self, count), time.sleep(0.1))[0]\n"
    code += "from gongkai.cli import main; main()"
    words = [sys.executable, "-c", code, "merge", str(target), *map(str, sources)]
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while process.poll() is None:
        if target.exists() and _is(target, ready):
            os.killpg(process.pid, how)
            break
        time.sleep(0.002)
    said = process.communicate(timeout=60)[1]
    return process.returncode, said


def _is(target: Path, ready: Callable[[sqlite3.Connection], bool]) -> bool:
    with closing(sqlite3.connect(f"file:{target}?mode=ro", uri=True)) as db:
        try:
            return ready(db)
        except sqlite3.OperationalError:  # its tables are still to come
            return False


def _count(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


class TestOneLine:
    def refused(self, code: int, words: str, *command: object) -> None:
        done = gongkai("merge", *command)
        assert (done.returncode, done.stdout) == (code, "")
        assert words in done.stderr
        assert done.stderr.count("\n") == 1 or code == 2

    def test_no_source(self, tmp_path: Path) -> None:
        self.refused(2, "Missing argument", tmp_path / "archive.db")

    def test_a_source_that_is_not_there(self, tmp_path: Path) -> None:
        self.refused(3, "there is no such archive", tmp_path / "archive.db", tmp_path / "other.db")
        assert not (tmp_path / "archive.db").exists()

    def test_a_source_of_another_kind(self, tmp_path: Path) -> None:
        (tmp_path / "other.db").write_text("something else")
        self.refused(3, "not an archive of gongkai", tmp_path / "archive.db", tmp_path / "other.db")
        assert not (tmp_path / "archive.db").exists()

    def test_a_source_that_cannot_be_gone_on_with_ends_the_run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(*anything: object) -> None:
            raise ArchiveFailing("the disk is full")

        monkeypatch.setattr(gongkai_merging, "Workers", InThisProcess)
        target, sources = tmp_path / "archive.db", [archive_of(tmp_path / name, []) for name in "ab"]
        monkeypatch.setattr(gongkai_merging, "name_as_first_seen", fails)
        self.refused(3, "the disk is full", target, *sources)
        with closing(sqlite3.connect(target)) as db:
            runs = db.execute("SELECT verdict, exit_code, finished_at IS NULL FROM runs").fetchall()
        assert runs == [("archive", 3, 0)]

    def test_the_target_itself(self, two: tuple[Path, Path, Path]) -> None:
        self.refused(3, "cannot be joined to itself", two[0], two[0])

    def test_a_target_that_is_being_written_to(self, tmp_path: Path, two: tuple[Path, Path, Path]) -> None:
        with Archive.open(tmp_path / "archive.db") as archive, archive.lock():
            self.refused(4, "another gongkai is writing to it", tmp_path / "archive.db", two[0])

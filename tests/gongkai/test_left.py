"""What is left of a crawl that was handed out and whose coordinator was killed: it is joined, or named and kept."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import pytest

from archive.errors import ArchiveBusy, ArchiveFailing
from archive.nights.portals import Fared
from archive.portions import cut, note_beside
from archive.store import Archive
from crawler.portals import REQUIRED
from gongkai.spreading import crawling, gathering
from gongkai.spreading.awaiting import await_left
from gongkai.spreading.gathering import Gathering
from gongkai.spreading.parts import Part, Result, Run, Task
from gongkai.spreading.working import crawl_part
from tests.archive.histories import Fetched, archive_of, fetch, moment, page
from tests.archive.merges import InThisProcess
from tests.gongkai.in_process import gongkai

FULL = "青海省海北州刚察县教育局"


def fetched(stock: int, night: int) -> Fetched:
    return Fetched(moment(night), "https://south.example.gov.cn/0.html", page(FULL, 2022, stock), "south")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """With one report, and a host that did not answer."""
    path = archive_of(tmp_path / "data", [fetched(15, 1)])
    with Archive.open(path) as opened:
        opened.close_portal(
            opened.begin_run("crawl"), "south", Fared(1, 1, 1, 0, 0, 0), listed={}, missing=(), walks=()
        )
        opened.strike_host("down.example.gov.cn", "down", "no answer", blocks=False, again=False)
    return path


@pytest.fixture
def portals(tmp_path: Path) -> Path:
    path = tmp_path / "portals.csv"
    path.write_text(f"{','.join(REQUIRED)}\nsouth,south,,http://127.0.0.1:9/,,\n")
    return path


@pytest.fixture(autouse=True)
def _nothing_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """Crawls join what is left, and then hand out nothing."""

    @contextmanager
    def connected(address: str, folder: Path) -> Iterator[None]:
        yield None

    def hand_out(plan: Any, gathering: Any, *others: Any) -> None:
        gathering.tallies.clear()

    monkeypatch.setenv("GONGKAI_PUBLISH", "false")
    monkeypatch.setattr("gongkai.merging.Workers", InThisProcess)
    monkeypatch.setattr(crawling, "Workers", InThisProcess)
    monkeypatch.setattr(crawling, "connected", connected)
    monkeypatch.setattr(crawling, "_hand_out", hand_out)


def left_part(archive: Path, run_id: int | None = None) -> Part:
    """A part of a run whose coordinator was killed: a worker found the report revised."""
    with Archive.open(archive) as opened:
        part = Run.of(archive, opened.begin_run("crawl") if run_id is None else run_id).part(1)
        part.folder.mkdir(parents=True)
        part.set_task(Task(("south",), 0, 0, {}, {}))
        cut(opened, ("south",), part.archive)
    with Archive.open(part.archive) as theirs:
        fetch(theirs, fetched(16, 2))
        fared = Fared(1, 1, 0, 1, 0, 0)
        theirs.close_portal(theirs.begin_run("crawl"), "south", fared, listed={}, missing=(), walks=())
    part.said.touch()
    return part


def crawled(archive: Path, portals: Path) -> tuple[int, list[str]]:
    done = gongkai("crawl", "--portals", portals, "--archive", archive, "--scheduler", "tcp://127.0.0.1:1")
    return done.returncode, [line for line in done.stderr.splitlines() if line.startswith("gongkai: ")]


def known(archive: Path) -> tuple[int, list[tuple[int, int]], list[str]]:
    """Revisions, how portals fared (run, revised), and hosts that are left alone."""
    with Archive.open(archive) as opened:
        revisions = opened.db.table("report_revisions").count
        fared = opened.db.execute("SELECT run_id, revised FROM run_portals ORDER BY run_id").fetchall()
        return revisions, fared, sorted(opened.held_hosts())


DOWN = ["down.example.gov.cn"]


def test_a_part_that_is_whole_is_joined_with_how_it_fared(archive: Path, portals: Path) -> None:
    left_part(archive)
    assert crawled(archive, portals) == (0, [])
    assert known(archive) == (2, [(1, 0), (2, 1)], DOWN)
    assert not (archive.parent / "parts").exists()


@pytest.mark.parametrize("note", ["", '{"hosts": 1, "run": 1}', None])
def test_a_part_that_cannot_tell_how_it_began_is_joined_without_state(
    archive: Path, portals: Path, note: str | None
) -> None:
    beside = note_beside(left_part(archive).archive)
    beside.unlink()
    if note is not None:
        beside.write_text(note)
    assert crawled(archive, portals) == (0, [])
    assert known(archive) == (2, [(1, 0)], DOWN)
    assert not (archive.parent / "parts").exists()


def test_a_part_of_a_run_that_the_archive_does_not_know_is_joined(archive: Path, portals: Path) -> None:
    """As after a restore: the run's number may come to be that of another one."""
    left_part(archive, run_id=17)
    assert crawled(archive, portals) == (0, [])
    assert known(archive) == (2, [(1, 0)], DOWN)
    assert not (archive.parent / "parts").exists()


@pytest.mark.parametrize("stands", [b"", b"no database, but as long as the head of one would be"])
def test_a_part_that_was_just_being_made_is_nothing(archive: Path, portals: Path, stands: bytes) -> None:
    part = Run.of(archive, 2).part(1)
    part.folder.mkdir(parents=True)
    part.archive.write_bytes(stands)
    assert crawled(archive, portals) == (0, [])
    assert not (archive.parent / "parts").exists()
    assert known(archive)[2] == DOWN


def test_a_cut_that_came_to_no_end_tells_nothing_of_hosts(archive: Path, portals: Path) -> None:
    """Its note is there, and its rows are not: no host has answered."""
    part = left_part(archive)
    with Archive.open(part.folder.parent / "2" / "archive.db"):
        pass
    (part.folder.parent / "2" / "archive.db.cut").write_bytes(note_beside(part.archive).read_bytes())
    assert crawled(archive, portals) == (0, [])
    assert known(archive) == (2, [(1, 0), (2, 1)], DOWN)


def test_a_disk_that_is_full_while_a_part_is_cut_is_one_line(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "part" / "archive.db"
    target.parent.mkdir()
    note_beside(target).symlink_to("/dev/full")
    with Archive.open(archive) as opened, pytest.raises(ArchiveFailing, match="No space left"):
        cut(opened, ("south",), target)
    with Archive.open(target) as part:
        assert part.db.table("captures").count == 0


def test_what_cannot_be_joined_is_named_and_kept(archive: Path, portals: Path) -> None:
    part = left_part(archive)
    with Archive.open(part.archive) as theirs:
        ((file, offset),) = theirs.db.execute(
            "SELECT warc_file, warc_offset FROM captures ORDER BY capture_id DESC LIMIT 1"
        ).fetchall()
    record = part.folder / "warc" / file
    whole = record.read_bytes()
    record.write_bytes(whole[: offset + 50] + bytes([whole[offset + 50] ^ 1]) + whole[offset + 51 :])
    for _ in range(2):
        code, (line, kept) = crawled(archive, portals)
        assert code == 1
        assert "south.example.gov.cn/0.html" in line
        assert kept == f"gongkai: parts of which something is missing are kept in {archive.parent / 'parts'}"
    record.write_bytes(whole)
    assert crawled(archive, portals) == (0, [])
    assert known(archive)[0] == 2
    assert not (archive.parent / "parts").exists()


def test_a_part_that_is_no_archive_any_more_does_not_stop_the_next_crawl(archive: Path, portals: Path) -> None:
    part = left_part(archive)
    part.archive.write_bytes(b"what a disk makes of it")
    code, (line, _) = crawled(archive, portals)
    assert code == 1
    assert line.startswith(f"gongkai: not joined: {part.archive}: ")
    assert part.archive.exists()


def test_a_crawl_on_this_machine_waits_for_workers_that_are_left(
    archive: Path, portals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = left_part(archive)
    with part.held():
        with pytest.raises(ArchiveBusy, match="a worker is still at it"):
            await_left(archive, patience=0.1)
        assert part.run.is_over()
        with monkeypatch.context() as patience:
            patience.setattr("gongkai.crawling.await_left", partial(await_left, patience=0.1))
            done = gongkai("crawl", "--portals", portals, "--archive", archive)
        assert done.returncode == 4
        assert done.stderr.splitlines()[-1] == f"gongkai: {part.run.folder}: a worker is still at it"
        with part.run.held():  # by a crawl that goes on: the archive's lock tells of it
            await_left(archive, patience=0)
    holding = part.held()
    holding.__enter__()
    Timer(0.4, lambda: holding.__exit__(None, None, None)).start()
    await_left(archive)
    with part.held():
        pass


def test_a_part_that_has_its_result_is_joined_whoever_holds_it(
    archive: Path, portals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that hangs holds its lock for good; its part is done, and it does not begin it again."""
    monkeypatch.setattr(gathering, "PATIENCE", 0.1)
    part = left_part(archive)
    with part.held():
        assert crawled(archive, portals) == (4, [f"gongkai: {part.folder}: a worker is still at it"])
        part.set_result(Result("ok", {}))
        with part.run.held():
            next_one = Thread(target=crawl_part, args=(str(part.folder),), daemon=True)
            next_one.start()
            next_one.join(10)
            assert not next_one.is_alive()
        await_left(archive, patience=0)
        assert crawled(archive, portals) == (0, [])
        assert known(archive) == (2, [(1, 0), (2, 1)], DOWN)
        assert not (archive.parent / "parts").exists()
        crawl_part(str(part.folder))
    assert not (archive.parent / "parts").exists()


def test_a_part_that_is_held_when_the_crawl_was_stopped_is_left_to_the_next(
    archive: Path, portals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "PATIENCE", 0.1)

    def hand_out(plan: Any, gathering: Gathering, *others: Any) -> None:
        part = left_part(archive, gathering.run_id)
        with part.held():
            os.kill(os.getpid(), signal.SIGINT)
            gathering.take(part, None)

    with monkeypatch.context() as handing:
        handing.setattr(crawling, "_hand_out", hand_out)
        code, (line, kept) = crawled(archive, portals)
    part = Run.of(archive, 2).part(1)
    assert (code, line) == (5, f"gongkai: {part.folder}: a worker is still at it")
    assert kept == f"gongkai: parts of which something is missing are kept in {archive.parent / 'parts'}"
    assert crawled(archive, portals) == (0, [])
    assert known(archive) == (2, [(1, 0), (2, 1)], DOWN)
    with Archive.open(archive) as opened:
        assert opened.db.execute("SELECT verdict, exit_code FROM runs WHERE run_id = 2").fetchall() == [("stopped", 5)]


def test_a_run_whose_number_a_kept_part_has_is_one_line(archive: Path, portals: Path) -> None:
    part = left_part(archive, run_id=2)
    part.archive.write_bytes(b"what a disk makes of it")
    code, lines = crawled(archive, portals)
    assert code == 3
    assert any(f"{part.run.folder}: has parts of another run" in line for line in lines)
    assert part.archive.exists()

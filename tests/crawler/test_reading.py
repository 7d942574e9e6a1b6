"""The reading room: what kills, hangs or swells a worker costs its own document a refusal and nobody else anything."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from archive import Archive
from crawler.reading import ReadingEnded, ReadingRoom
from pipelines.model import Capture, Context, Reading
from tests.conftest import BIN
from tests.crawler.processes import family, lives, readers, until, writers
from tests.crawler.treacherous import read

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc")


def said(readings: tuple[Reading, ...]) -> str:
    """What came of a document: `read`, or the reason why not."""
    (reading,) = readings
    return "read" if reading.report else reading.reason or ""


def in_room(work: Callable[[ReadingRoom], Awaitable[None]], **limits: float) -> None:
    async def visit() -> None:
        room = ReadingRoom(limits.pop("workers", 2), read=read, **limits)  # type: ignore[arg-type]
        try:
            await work(room)
        finally:
            room.close()

    asyncio.run(visit())
    assert readers(os.getpid()) == []


async def ask(room: ReadingRoom, body: str) -> tuple[Reading, ...]:
    return (await room.read(Capture(body.encode()), Context())).readings


def test_poisonous_documents_take_no_innocent_one_with_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.reading._MOST_KILLS", 2)
    bodies = ["fine a", "kill", "fine b", "crash", "fine c", "fault", "memory", f"kill-once {tmp_path / 'died'}"]

    async def work(room: ReadingRoom) -> None:
        answers = await asyncio.gather(*(ask(room, body) for body in bodies))
        died = "reader_died: the reader process died on this document"
        assert [said(answer) for answer in answers] == [
            "read",
            died,
            "read",
            died,
            "read",
            "the reader failed: ValueError: of ours",
            "too_much_memory: reading takes more memory than a reader may have",
            "read",
        ]

    in_room(work)


def test_a_worker_killed_from_outside_changes_no_result() -> None:
    async def work(room: ReadingRoom) -> None:
        await ask(room, "fine start")
        asked = [asyncio.ensure_future(ask(room, f"sleep 0.3 {n}")) for n in range(4)]
        await asyncio.sleep(0.1)
        killed = readers(os.getpid())
        assert killed
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        assert [said(answer) for answer in await asyncio.gather(*asked)] == ["read"] * 4
        # One that is killed while it has nothing to do costs nothing either.
        for pid in readers(os.getpid()):
            os.kill(pid, signal.SIGKILL)
        assert said(await ask(room, "fine end")) == "read"

    in_room(work)


def test_the_clock_starts_when_a_worker_has_the_document() -> None:
    async def work(room: ReadingRoom) -> None:
        await ask(room, "fine start")
        answers = await asyncio.gather(*(ask(room, "sleep 0.5") for _ in range(6)), ask(room, "sleep 20"))
        assert [said(answer) for answer in answers[:-1]] == ["read"] * 6
        assert said(answers[-1]) == "too_slow: reading took over 2 seconds"
        assert said(await ask(room, "fine end")) == "read"

    in_room(work, workers=1, longest=2)


def test_a_hang_in_c_code_is_ended_by_the_system() -> None:
    async def work(room: ReadingRoom) -> None:
        start = time.monotonic()
        hung, fine = await asyncio.gather(ask(room, "hang"), ask(room, "fine"))
        assert said(hung) == "too_slow: reading took all the time of the processor that it may have"
        assert said(fine) == "read"
        assert time.monotonic() - start < 30

    in_room(work, seconds=1)


def test_a_room_that_ends_reads_what_is_begun_and_quick() -> None:
    async def work(room: ReadingRoom) -> None:
        await asyncio.gather(ask(room, "sleep 0.3"), ask(room, "sleep 0.3"))
        begun = [asyncio.ensure_future(ask(room, f"sleep {seconds}")) for seconds in (0.5, 60)]
        await asyncio.sleep(0.2)
        wait = [asyncio.ensure_future(ask(room, "fine")) for _ in range(5)]
        await asyncio.sleep(0)
        start = time.monotonic()
        ends = asyncio.ensure_future(room.end(2))
        unread = await asyncio.gather(*wait, return_exceptions=True)
        assert time.monotonic() - start < 0.3
        assert {type(error) for error in unread} == {ReadingEnded}
        assert said(await begun[0]) == "read"
        with pytest.raises(ReadingEnded):
            await begun[1]
        assert time.monotonic() - start < 5
        with pytest.raises(ReadingEnded):
            await ask(room, "fine")
        await ends

    in_room(work)


def test_workers_are_kept_and_replaced_when_worn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.reading.MOST_READ", 3)

    async def work(room: ReadingRoom) -> None:
        pids = [(await ask(room, "fine"))[0].agency for _ in range(6)]
        assert pids[0] == pids[1] == pids[2] != pids[3] == pids[4] == pids[5]

    in_room(work, workers=1)


def test_what_libraries_print_reaches_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    async def work(room: ReadingRoom) -> None:
        assert said(await ask(room, "print")) == "read"

    in_room(work, workers=1)
    assert capfd.readouterr().err == ""


def start(folder: Path) -> subprocess.Popen[str]:
    folder.mkdir()
    command = [BIN / "gongkai", "crawl", "--sample", "--portal", "sample-gkmlpt", "--limit", "6"]
    return subprocess.Popen(
        [*command, "--archive", folder / "archive.db"], cwd=folder, stderr=subprocess.PIPE, text=True
    )


def figures(folder: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        return sorted(db.execute("SELECT agency, year, scope, figure, value FROM figures"), key=repr)


def test_a_crawl_whose_workers_are_killed_finds_what_another_finds(tmp_path: Path) -> None:
    undisturbed, crawl = start(tmp_path / "a"), start(tmp_path / "b")
    killed: set[int] = set()
    while crawl.poll() is None:
        for pid in readers(crawl.pid):
            if len(killed) < 4:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                killed.add(pid)
        time.sleep(random.uniform(0.05, 0.3))
    assert crawl.stderr is not None
    assert crawl.returncode == 0, crawl.stderr.read()
    assert len(killed) == 4
    assert undisturbed.wait(60) == 0
    assert figures(tmp_path / "b") == figures(tmp_path / "a") != []


def test_a_stopped_crawl_does_not_wait_for_its_readers(tmp_path: Path) -> None:
    crawl = hurried(tmp_path)
    stopped_readers(crawl)  # so that a document takes for ever
    time.sleep(1)
    crawl.send_signal(signal.SIGTERM)
    assert crawl.wait(20) == 5
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        assert db.execute("SELECT verdict FROM runs").fetchall() == [("stopped",)]
        assert db.execute("SELECT count(*) FROM links").fetchall() == [(0,)]  # nothing is taken for read


def hurried(folder: Path) -> subprocess.Popen[str]:
    """A crawl that leaves documents under way a second when it is stopped."""
    code = "import crawler.recorder as r; r._LAST = 1; from gongkai.cli import main; main()"
    command = [sys.executable, "-c", code, "crawl", "--sample", "--portal", "sample-gkmlpt", "--limit", "6"]
    return subprocess.Popen(
        [*command, "--archive", folder / "archive.db"],
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def stopped_readers(crawl: subprocess.Popen[str]) -> list[int]:
    """The whole family of a crawl whose readers do nothing any more, and hear no polite signal."""
    assert until(lambda: bool(readers(crawl.pid) and writers(crawl.pid)))
    for pid in readers(crawl.pid):
        os.kill(pid, signal.SIGSTOP)
    return family(crawl.pid)


def test_a_crawl_that_is_stopped_twice_waits_for_nobody(tmp_path: Path) -> None:
    crawl = hurried(tmp_path)
    all_of_it = stopped_readers(crawl)
    time.sleep(2)
    crawl.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    crawl.send_signal(signal.SIGTERM)
    said = crawl.communicate(timeout=20)[1]
    assert (crawl.returncode, "Traceback" in said) == (5, False), said
    assert until(lambda: not any(map(lives, all_of_it)), 5)
    with Archive.open(tmp_path / "archive.db") as archive, archive.lock():
        pass


@pytest.mark.parametrize("seconds", [0.0, 2.0])
def test_a_crawl_whose_writer_is_killed_ends_though_nothing_is_written(tmp_path: Path, seconds: float) -> None:
    crawl = hurried(tmp_path)
    all_of_it = stopped_readers(crawl)
    time.sleep(seconds)
    (writer,) = writers(crawl.pid)
    os.kill(writer, signal.SIGKILL)
    said = crawl.communicate(timeout=30)[1]
    assert (crawl.returncode, "Traceback" in said) == (3, False), said
    assert "the process that writes to it was killed by SIGKILL" in said.splitlines()[-1]
    assert "0 agencies" not in said  # which it cannot know any more
    assert until(lambda: not any(map(lives, all_of_it)), 5)


def test_a_signal_to_all_as_soon_as_the_writer_is_there_only_stops_the_crawl(tmp_path: Path) -> None:
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        crawl = hurried(folder)
        assert until(lambda pid=crawl.pid: bool(writers(pid)), every=0.0005)  # type: ignore[misc]
        os.killpg(crawl.pid, signal.SIGTERM)
        said = crawl.communicate(timeout=20)[1]
        assert (crawl.returncode, "Traceback" in said) == (5, False), said


def test_readers_that_cannot_all_be_had_at_once_are_started_one_by_one(tmp_path: Path) -> None:
    script = 'ulimit -n 200; exec "$@" -s GONGKAI_WORKERS=80'
    command = [BIN / "gongkai", "crawl", "--sample", "--portal", "sample-gkmlpt", "--limit", "2", "--archive", "a.db"]
    found = subprocess.run(
        ["sh", "-c", script, "sh", *map(str, command)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (found.returncode, "Traceback" in found.stderr) == (0, False), found.stderr


def test_a_crawl_without_a_standard_error_writes_it_into_nothing_else(tmp_path: Path) -> None:
    command = f"{BIN / 'gongkai'} crawl --sample --portal sample-gkmlpt --limit 2 --archive a.db 2>&-"
    assert subprocess.run(command, shell=True, cwd=tmp_path, timeout=60, check=False).returncode == 0
    with closing(sqlite3.connect(tmp_path / "a.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_killed_crawl_leaves_nobody_behind_and_the_archive_free(tmp_path: Path) -> None:
    crawl = start(tmp_path / "a")
    assert until(lambda: bool(readers(crawl.pid)))
    all_of_it = family(crawl.pid)
    assert len(all_of_it) >= 2
    crawl.kill()
    crawl.wait()
    assert until(lambda: not any(map(lives, all_of_it)), 5), [pid for pid in all_of_it if lives(pid)]
    with Archive.open(tmp_path / "a" / "archive.db") as archive, archive.lock():
        pass

"""Backups: consistent while a run writes, whole whatever kills them, checked to the last byte, and an archive again."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from archive_samples import dump, keep, reading, visit

from archive.errors import ArchiveBusy, ArchiveError
from archive.keeping import Occupied, backing_up, backup, placing, restore, snapshot
from archive.keeping.manifest import read_manifest, stamps
from archive.store import Archive
from tests.gongkai.in_process import gongkai

HERE = Path(__file__).parent

WRITER = """
import sys
from archive.store import Archive
from archive_samples import reading, visit
with Archive.open(sys.argv[1], warc_limit=60_000) as archive, archive.lock():
    for n in range(1_000_000):
        read = reading(n, year=2010 + n % 10, words=f"第{n}次" * 50)
        visit(archive, read, f"https://www.example.gov.cn/{n}", body=str(n) * 2000)
        print(n, flush=True)
"""


@pytest.fixture(autouse=True)
def a_second_for_each(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Generations are named by the second; nobody should have to wait for the next one."""
    if "real_clock" not in request.fixturenames:
        seconds = iter(range(100_000))
        begin = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
        monkeypatch.setattr(backing_up, "_now", lambda: begin + timedelta(seconds=next(seconds)))


@pytest.fixture
def real_clock() -> None:
    """For the test that waits."""


@pytest.fixture(scope="module")
def six_reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of six reports, their evidence in three WARC files."""
    path = tmp_path_factory.mktemp("six") / "archive.db"
    for first in (0, 2, 4):
        with Archive.open(path) as archive:
            for n in (first, first + 1):
                visit(archive, reading(n, year=2015 + n), f"https://www.example.gov.cn/{n}", body=f"{n}" * 500)
    return path.parent


@pytest.fixture
def filled(six_reports: Path, tmp_path: Path) -> Path:
    """The archive of a copy of that folder."""
    return Path(shutil.copytree(six_reports, tmp_path / "there")) / "archive.db"


def flip(file: Path, offset: int) -> None:
    """Changes one bit, in a new file of the same name, so that links to the old one stay as they are."""
    content = bytearray(file.read_bytes())
    content[offset] ^= 1
    file.unlink()
    file.write_bytes(content)


def record(path: Path, capture: int) -> tuple[str, int, int]:
    with sqlite3.connect(path) as db:
        query = "SELECT warc_file, warc_offset, warc_length FROM captures WHERE capture_id = ?"
        return db.execute(query, [capture]).fetchone()


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with Archive.open(path) as archive:
        return dump(archive)


def warc_files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (folder / "warc").iterdir()}


def sound(path: Path) -> int:
    """The number of captures of an archive that has nothing wrong with it."""
    with Archive.open(path) as archive:
        assert archive.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []
        captures = [row[0] for row in archive.db.execute("SELECT capture_id FROM captures").fetchall()]
        assert all(archive.read(capture).body for capture in captures)
    return len(captures)


class TestAnArchiveThatComesBack:
    def test_is_equal_to_the_last_row_and_byte(self, filled: Path, tmp_path: Path) -> None:
        made = gongkai("backup", tmp_path / "kept", "--archive", filled)
        assert made.returncode == 0, made.stderr
        assert "6 reports, 6 captures; WARC files: 3 copied" in made.stderr
        back = gongkai("restore", tmp_path / "kept", "--archive", tmp_path / "back/archive.db")
        assert (back.returncode, back.stdout) == (0, f"{tmp_path / 'back/archive.db'}\n"), back.stderr
        assert "6 reports, 6 captures; WARC files: 3 restored" in back.stderr
        assert contents(tmp_path / "back/archive.db") == contents(filled)
        assert warc_files(tmp_path / "back") == warc_files(filled.parent)
        assert sound(tmp_path / "back/archive.db") == 6

    def test_goes_on_to_be_written_to(self, filled: Path, tmp_path: Path) -> None:
        backup(filled, tmp_path / "kept")
        restore(tmp_path / "kept", tmp_path / "back/archive.db")
        with Archive.open(tmp_path / "back/archive.db") as archive, archive.lock():
            assert visit(archive, reading(9, year=2021), "https://www.example.gov.cn/9").outcome == "new"
        backup(tmp_path / "back/archive.db", tmp_path / "kept")  # the same archive, wherever it lies now
        restore(tmp_path / "kept", tmp_path / "again/archive.db")
        assert sound(tmp_path / "again/archive.db") == 7

    def test_lies_in_the_backup_as_one_file_without_a_log(self, filled: Path, tmp_path: Path) -> None:
        made = backup(filled, tmp_path / "kept")
        database = made.manifest.with_name(read_manifest(made.manifest).database.name)
        assert database.read_bytes()[18:20] == b"\1\1", "2 would be a database with a write-ahead log"
        assert not list(tmp_path.glob("kept/*-wal")) + list(tmp_path.glob("kept/*-shm"))

    def test_may_hold_nothing_yet(self, tmp_path: Path) -> None:
        Archive.open(tmp_path / "archive.db").close()
        backup(tmp_path / "archive.db", tmp_path / "kept")
        assert restore(tmp_path / "kept", tmp_path / "back/archive.db").damaged == ()
        assert sound(tmp_path / "back/archive.db") == 0

    def test_may_be_of_an_older_version_and_stays_so(self, tmp_path: Path) -> None:
        old = tmp_path / "archive.db"
        old.write_bytes((HERE / "fixtures/first_schema.db").read_bytes())
        before = old.read_bytes()
        backup(old, tmp_path / "kept")
        restored = restore(tmp_path / "kept", tmp_path / "back/archive.db")
        assert old.read_bytes() == before
        with sqlite3.connect(old) as there, sqlite3.connect(restored.archive) as back:
            assert list(there.iterdump()) == list(back.iterdump())


class TestWhileARunWrites:
    def test_the_backup_is_of_one_moment_and_holds_nobody_up(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(snapshot, "_PAGES", 8)  # so that the writer writes between two pieces
        path = tmp_path / "there/archive.db"
        Archive.open(path).close()
        paths = {"PYTHONPATH": f"{HERE}:{HERE.parents[1]}"}
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=paths,
        )
        assert writer.stdout
        held = []
        try:
            for _ in range(3):
                for _ in range(15):
                    assert writer.stdout.readline(), writer.stderr and writer.stderr.read()
                made = backup(path, tmp_path / "kept")
                assert made.damaged == ()
                held.append(made.counts["captures"])
            assert writer.poll() is None, "the writer had nothing against it"
        finally:
            writer.kill()
            writer.communicate()
        assert 15 <= held[0] < held[1] < held[2]
        with sqlite3.connect(path) as live:
            rows = live.execute("SELECT * FROM captures ORDER BY capture_id").fetchall()
        for number, stamp in zip(held, stamps(tmp_path / "kept"), strict=True):
            place = tmp_path / stamp / "archive.db"
            restored = restore(tmp_path / "kept" / f"manifest-{stamp}.json", place)
            assert restored.damaged == ()
            assert sound(place) == number
            with sqlite3.connect(place) as db:
                assert db.execute("SELECT * FROM captures ORDER BY capture_id").fetchall() == rows[:number]
                reports = db.execute("SELECT count(*) FROM report_revisions").fetchone()[0]
                assert reports in (number, number - 1)  # evidence first, facts next


class TestWhatIsThereAlready:
    def test_is_not_copied_again(self, filled: Path, tmp_path: Path) -> None:
        assert (first := backup(filled, tmp_path / "kept")).copied == 3
        before = {file: file.stat().st_ino for file in (tmp_path / "kept/warc").iterdir()}
        assert (second := backup(filled, tmp_path / "kept")).copied == 0
        assert second.kept == 3
        assert second.size < first.size
        with Archive.open(filled) as archive:
            keep(archive, "https://www.example.gov.cn/x", "x")
        assert backup(filled, tmp_path / "kept").copied == 1
        assert {file: file.stat().st_ino for file in before} == before

    def test_grows_with_the_file_that_a_run_writes_and_older_generations_stay_whole(
        self, filled: Path, tmp_path: Path
    ) -> None:
        taken = []
        with Archive.open(filled) as archive:
            for n in range(3):
                capture = keep(archive, f"https://www.example.gov.cn/x{n}", "x" * 500)
                assert backup(filled, tmp_path / "kept").copied == (4 if n == 0 else 1)
                taken.append((tmp_path / "kept/warc" / record(filled, capture)[0]).stat().st_ino)
        assert taken[0] != taken[1] != taken[2], "a longer file takes the place of the shorter one in one step"
        for n, stamp in enumerate(stamps(tmp_path / "kept")):
            place = tmp_path / stamp / "archive.db"
            assert restore(tmp_path / "kept" / f"manifest-{stamp}.json", place).damaged == ()
            assert sound(place) == 7 + n

    def test_only_so_many_generations_stay(self, filled: Path, tmp_path: Path) -> None:
        made = [backup(filled, tmp_path / "kept", keep=2) for _ in range(4)]
        assert [each.dropped for each in made] == [0, 0, 1, 1]
        there = {path.name for path in (tmp_path / "kept").iterdir() if path.is_file()} - {".gongkai-backup"}
        assert there == {f"{kind}-{stamp}.{end}" for stamp in stamps(tmp_path / "kept")
                         for kind, end in (("archive", "db"), ("manifest", "json"))}  # fmt: skip
        assert len(there) == 4

    def test_the_one_just_made_stays_and_is_the_newest_when_the_clock_was_set_back(
        self, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = backup(filled, tmp_path / "kept", keep=1)
        assert first.ahead == ""
        back = datetime(2020, 1, 1, 2, 0, tzinfo=UTC)
        monkeypatch.setattr(backing_up, "_now", lambda: back)
        made = gongkai("backup", tmp_path / "kept", "--archive", filled, "--keep", "1")
        assert made.returncode == 0, made.stderr
        (stamp,) = stamps(tmp_path / "kept")
        assert made.stdout == f"{tmp_path / 'kept' / f'manifest-{stamp}.json'}\n"
        assert first.manifest.name < f"manifest-{stamp}.json"
        assert read_manifest(tmp_path / "kept" / f"manifest-{stamp}.json").made_at == "2020-01-01T02:00:00Z"
        assert f"a generation of {first.manifest.stem.removeprefix('manifest-')}, which is yet to come" in made.stderr
        restore(tmp_path / "kept", tmp_path / "back/archive.db")
        assert sound(tmp_path / "back/archive.db") == 6

    def test_a_name_that_no_clock_gave_removes_nothing_made_now(self, filled: Path, tmp_path: Path) -> None:
        backup(filled, tmp_path / "kept")
        (tmp_path / "kept/manifest-99999999T999999Z.json").write_text("{}")
        made = backup(filled, tmp_path / "kept", keep=1)
        assert made.manifest.is_file()

    @pytest.mark.usefixtures("real_clock")
    def test_two_in_one_second_have_a_name_each(self, filled: Path, tmp_path: Path) -> None:
        assert backup(filled, tmp_path / "kept").manifest != backup(filled, tmp_path / "kept").manifest


def child(work: Callable[[], object]) -> int:
    """Does something in a process of its own; returns the signal that killed it, or 0."""
    process = os.fork()
    if process == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def test_a_backup_that_is_killed_leaves_the_one_before_whole_and_goes_on(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is killed at each moment in turn: whenever bytes were copied, a file is on the disk, or a name is."""
    kept = tmp_path / "kept"
    backup(filled, kept)
    with Archive.open(filled) as archive:  # so that there is something to copy
        for n in range(3):
            keep(archive, f"https://www.example.gov.cn/x{n}", "x" * 500)
    (new,) = {file.name for file in (filled.parent / "warc").iterdir()} - {
        file.name for file in (kept / "warc").iterdir()
    }
    settle, counted, copied = placing.settle, iter(range(0)), set()

    def moment(*_: object) -> None:
        if next(counted, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    def settled(path: Path) -> None:
        moment()
        settle(path)
        moment()

    monkeypatch.setattr(placing, "settle", settled)
    monkeypatch.setattr(backing_up, "settle", settled)
    for moments in range(100):
        counted = iter(range(moments))
        backing_up._now()  # the seconds of a process that is killed pass here too
        killed = child(lambda: backup(filled, kept, told=moment))
        if not killed:
            break
        assert killed == signal.SIGKILL
        if (kept / "warc" / new).exists():
            copied.add((kept / "warc" / new).stat().st_ino)
        newest = read_manifest(kept / f"manifest-{stamps(kept)[-1]}.json")
        place = tmp_path / f"back{moments}" / "archive.db"
        counted = iter(range(10_000))
        assert restore(kept, place).damaged == ()
        assert sound(place) == newest.counts["captures"]
    else:
        pytest.fail("it never came to its end")
    assert moments > 10
    assert len(copied) == 1, "what is copied stays copied"
    left = {path.name for path in (*kept.iterdir(), *(kept / "warc").iterdir()) if path.name.startswith(".")}
    assert left == {".gongkai-backup"}
    assert {path.name for path in kept.glob("*.db")} == {f"archive-{stamp}.db" for stamp in stamps(kept)}
    assert backup(filled, kept).copied == 0


class TestDamage:
    def test_a_damaged_byte_is_found_by_file_and_record(self, filled: Path, tmp_path: Path) -> None:
        file, offset, length = record(filled, 3)
        backup(filled, tmp_path / "kept")
        flip(tmp_path / "kept/warc" / file, offset + length // 2)
        back = gongkai("restore", tmp_path / "kept", "--archive", tmp_path / "back/archive.db")
        assert back.returncode == 1
        (line,) = (line for line in back.stderr.splitlines() if "damaged" in line)
        assert f"{file}, record at {offset} (capture 3, https://www.example.gov.cn/2)" in line
        with Archive.open(tmp_path / "back/archive.db") as archive:
            assert all(archive.read(capture).body for capture in (1, 2, 4, 5, 6))
            with pytest.raises(ArchiveError, match="damaged record"):
                archive.read(3)

    def test_every_byte_of_a_warc_file_counts(self, filled: Path, tmp_path: Path) -> None:
        made = backup(filled, tmp_path / "kept")
        kept = read_manifest(made.manifest).warc[0]
        file = tmp_path / "kept/warc" / kept.name
        for offset in range(0, kept.length, kept.length // 12):
            flip(file, offset)
            (damage,) = restore(tmp_path / "kept", tmp_path / f"back{offset}/archive.db").damaged
            assert damage.file == kept.name
            flip(file, offset)
        assert restore(tmp_path / "kept", tmp_path / "back/archive.db").damaged == ()

    def test_a_file_cut_short_or_missing_is_named(self, filled: Path, tmp_path: Path) -> None:
        backup(filled, tmp_path / "kept")
        first, second, third = sorted((tmp_path / "kept/warc").iterdir())
        first.unlink()
        os.truncate(second, second.stat().st_size // 2)
        restored = restore(tmp_path / "kept", tmp_path / "back/archive.db")
        assert {damage.file for damage in restored.damaged} == {first.name, second.name}
        assert "missing" in str(restored.damaged[0])
        assert "ends before" in str(restored.damaged[-1])
        assert (tmp_path / "back/warc" / third.name).read_bytes() == third.read_bytes()

    @pytest.mark.parametrize("victim", ["archive", "manifest"])
    def test_a_damaged_generation_is_not_restored_and_the_others_are_named(
        self, filled: Path, tmp_path: Path, victim: str
    ) -> None:
        first = backup(filled, tmp_path / "kept").manifest
        second = backup(filled, tmp_path / "kept").manifest
        file = second if victim == "manifest" else second.with_name(read_manifest(second).database.name)
        flip(file, 100 if victim == "archive" else 1)
        back = gongkai("restore", tmp_path / "kept", "--archive", tmp_path / "back/archive.db")
        assert back.returncode == 3
        assert len(back.stderr.splitlines()) == 1
        assert file.name in back.stderr
        assert victim == "manifest" or first.name in back.stderr
        assert not (tmp_path / "back/archive.db").exists()
        assert restore(first, tmp_path / "back/archive.db").damaged == ()
        assert backup(filled, tmp_path / "kept").damaged == ()

    def test_in_the_backup_is_healed_by_verify(self, filled: Path, tmp_path: Path) -> None:
        backup(filled, tmp_path / "kept")
        (one, other, _) = sorted((tmp_path / "kept/warc").iterdir())
        flip(one, record(filled, 1)[1] + 40)  # a response
        flip(other, other.stat().st_size - 20)  # a request
        assert backup(filled, tmp_path / "kept", verify=True).copied == 2
        assert restore(tmp_path / "kept", tmp_path / "back/archive.db").damaged == ()
        assert warc_files(tmp_path / "back") == warc_files(filled.parent)

    def test_in_the_archive_is_named_and_keeps_nothing_else_from_being_kept(self, filled: Path, tmp_path: Path) -> None:
        file, offset, _ = record(filled, 3)
        missing = record(filled, 5)[0]
        good = (filled.parent / "warc" / file).read_bytes()
        flip(filled.parent / "warc" / file, offset + 40)
        (filled.parent / "warc" / missing).rename(tmp_path / "elsewhere")
        for _ in range(2):  # it is told as long as it is so
            made = gongkai("backup", tmp_path / "kept", "--archive", filled)
            assert made.returncode == 1
            lines = [line for line in made.stderr.splitlines() if "damaged" in line]
            assert len(lines) == 2
            assert f"{file}, record at {offset} (capture 3" in lines[0]
            assert missing in lines[1]
        (filled.parent / "warc" / file).write_bytes(good)
        (tmp_path / "elsewhere").rename(filled.parent / "warc" / missing)
        assert gongkai("backup", tmp_path / "kept", "--archive", filled).returncode == 0
        assert restore(tmp_path / "kept", tmp_path / "back/archive.db").damaged == ()

    def test_in_the_archive_does_not_reach_what_the_backup_has(self, filled: Path, tmp_path: Path) -> None:
        with Archive.open(filled) as archive:
            capture = keep(archive, "https://www.example.gov.cn/x", "x" * 500)
            backup(filled, tmp_path / "kept")
            file, offset, _ = record(filled, capture)
            with (filled.parent / "warc" / file).open("r+b") as damaged:
                damaged.seek(offset + 40)
                damaged.write(b"\0\0\0")
            keep(archive, "https://www.example.gov.cn/y", "y" * 500)
        assert backup(filled, tmp_path / "kept").damaged == ()
        restored = restore(tmp_path / "kept", tmp_path / "back/archive.db")
        assert restored.damaged == ()
        assert sound(restored.archive) == 8

    def test_of_the_database_is_no_backup(self, filled: Path, tmp_path: Path) -> None:
        backup(filled, tmp_path / "kept")
        with sqlite3.connect(filled) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            page = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'captures_url'").fetchone()[0]
            size = db.execute("PRAGMA page_size").fetchone()[0]
        with filled.open("r+b") as file:  # an index that no question of the backup's own goes through
            file.seek((page - 1) * size + 8)
            file.write(b"\xff" * 100)
        made = gongkai("backup", tmp_path / "kept", "--archive", filled)
        assert made.returncode == 3
        assert len(made.stderr.splitlines()) == 1
        assert len(stamps(tmp_path / "kept")) == 1
        assert restore(tmp_path / "kept", tmp_path / "back/archive.db").damaged == ()


class TestNoRoom:
    @pytest.mark.parametrize("bytes_allowed", [100_000, 800_000])
    def test_is_one_line_and_what_was_there_stays(self, filled: Path, tmp_path: Path, bytes_allowed: int) -> None:
        with Archive.open(filled) as archive:
            keep(archive, "https://www.example.gov.cn/x", "x")
        backup(filled, tmp_path / "kept")
        with Archive.open(filled) as archive:
            keep(archive, "https://www.example.gov.cn/x", os.urandom(1_000_000).hex())

        def work() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_allowed, resource.RLIM_INFINITY))
            made = gongkai("backup", tmp_path / "kept", "--archive", filled)
            (tmp_path / "said").write_text(f"{made.returncode} {made.stderr}")

        assert child(work) == 0
        (line,) = (tmp_path / "said").read_text().splitlines()
        assert line.startswith(f"3 gongkai: {tmp_path / 'kept'}")
        assert len(stamps(tmp_path / "kept")) == 1
        assert not [path for path in (tmp_path / "kept").rglob(".*") if path.name != ".gongkai-backup"]
        restored = restore(tmp_path / "kept", tmp_path / "back/archive.db")
        assert (restored.damaged, sound(restored.archive)) == ((), 7)
        assert backup(filled, tmp_path / "kept").copied == 1

    def test_is_seen_before_it_begins(self, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        backup(filled, tmp_path / "kept")
        monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1000}))
        for work in (
            lambda: backup(filled, tmp_path / "kept"),
            lambda: restore(tmp_path / "kept", tmp_path / "back/archive.db"),
        ):
            with pytest.raises(ArchiveError, match=r"bytes are needed, and 1,000 are free"):
                work()
        assert not (tmp_path / "back/archive.db").exists()


class TestWhatIsInTheWay:
    def test_is_left_alone_unless_told(self, filled: Path, tmp_path: Path) -> None:
        backup(filled, tmp_path / "kept")
        with Archive.open(filled) as archive:
            visit(archive, reading(8, year=2022), "https://www.example.gov.cn/8")
        before = contents(filled)
        refused = gongkai("restore", tmp_path / "kept", "--archive", filled)
        assert refused.returncode == 2
        assert "--force" in refused.stderr
        assert contents(filled) == before
        restored = restore(tmp_path / "kept", filled, force=True)
        assert (restored.warc, restored.there) == (0, 3)
        assert sound(filled) == 6
        (aside,) = restored.set_aside
        assert contents(aside) == before

    def test_with_a_log_is_put_aside_with_it(self, filled: Path, tmp_path: Path) -> None:
        backup(filled, tmp_path / "kept")

        def write_and_die() -> None:
            archive = Archive.open(filled)
            visit(archive, reading(8, year=2022), "https://www.example.gov.cn/8")
            os.kill(os.getpid(), signal.SIGKILL)

        assert child(write_and_die) == signal.SIGKILL
        assert filled.with_name("archive.db-wal").stat().st_size
        restored = restore(tmp_path / "kept", filled, force=True)
        assert sound(filled) == 6
        with sqlite3.connect(restored.set_aside[-1]) as db:
            assert db.execute("SELECT count(*) FROM captures").fetchone() == (7,)

    def test_may_be_a_warc_file_of_another_archive(self, filled: Path, tmp_path: Path) -> None:
        backup(filled, tmp_path / "kept")
        name = record(filled, 1)[0]
        (tmp_path / "back/warc").mkdir(parents=True)
        (tmp_path / "back/warc" / name).write_bytes(b"something else")
        with pytest.raises(Occupied, match=name):
            restore(tmp_path / "kept", tmp_path / "back/archive.db")
        assert not (tmp_path / "back/archive.db").exists()
        restored = restore(tmp_path / "kept", tmp_path / "back/archive.db", force=True)
        assert [path.read_bytes() for path in restored.set_aside] == [b"something else"]
        assert sound(tmp_path / "back/archive.db") == 6

    def test_is_not_replaced_under_a_run(self, filled: Path, tmp_path: Path) -> None:
        backup(filled, tmp_path / "kept")
        with Archive.open(filled) as archive, archive.lock():
            assert gongkai("restore", tmp_path / "kept", "--archive", filled, "--force").returncode == 4

    def test_may_be_another_backup_under_way(self, filled: Path, tmp_path: Path) -> None:
        backup(filled, tmp_path / "kept")
        with (tmp_path / "kept/.gongkai-backup").open("rb") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX)
            with pytest.raises(ArchiveBusy):
                backup(filled, tmp_path / "kept")
            assert gongkai("backup", tmp_path / "kept", "--archive", filled).returncode == 4

    @pytest.mark.parametrize("place", ["there", "full", "file", "kept"])
    def test_is_no_place_for_a_backup(self, filled: Path, tmp_path: Path, place: str) -> None:
        """The archive's own folder, somebody's folder, a file, the backup of another archive."""
        (tmp_path / "full").mkdir()
        (tmp_path / "full/letter.txt").write_text("dear")
        (tmp_path / "file").write_text("x")
        with Archive.open(tmp_path / "other/archive.db") as other:
            keep(other, "https://www.example.gov.cn/other", "other")
        backup(tmp_path / "other/archive.db", tmp_path / "kept")
        before = sorted((tmp_path / place).rglob("*.[dtjw]*"))
        made = gongkai("backup", tmp_path / place, "--archive", filled)
        assert made.returncode == 3
        assert len(made.stderr.splitlines()) == 1
        assert sorted((tmp_path / place).rglob("*.[dtjw]*")) == before
        assert not list((tmp_path / place).rglob("*.draft*"))

    def test_nothing_is_no_backup(self, filled: Path, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        for place in ("empty", "nowhere"):
            back = gongkai("restore", tmp_path / place, "--archive", tmp_path / "back/archive.db")
            assert back.returncode == 3
            assert len(back.stderr.splitlines()) == 1
        assert gongkai("backup", tmp_path / "kept", "--archive", tmp_path / "nowhere.db").returncode == 3
        assert not (tmp_path / "kept").exists()


def test_names_in_a_backup_are_no_paths(filled: Path, tmp_path: Path) -> None:
    made = backup(filled, tmp_path / "kept")
    secret = tmp_path / "secret.warc.gz"
    secret.write_bytes(b"secret")
    given = json.loads(made.manifest.read_text())
    for where, name in (("warc", "../../secret.warc.gz"), ("database", "../secret.warc.gz"), ("warc", str(secret))):
        changed = json.loads(json.dumps(given))
        (changed["warc"][0] if where == "warc" else changed["database"])["name"] = name
        made.manifest.write_text(json.dumps(changed))
        with pytest.raises(ArchiveError, match="cannot be a file of it"):
            restore(tmp_path / "kept", tmp_path / "back/archive.db")
    with sqlite3.connect(filled) as db:
        db.execute("UPDATE captures SET warc_file = '../../secret.warc.gz' WHERE capture_id = 1")
    with pytest.raises(ArchiveError, match="not the name of a WARC file"):
        backup(filled, tmp_path / "other")
    assert secret.read_bytes() == b"secret"
    assert sorted(path.name for path in tmp_path.rglob("*secret*")) == ["secret.warc.gz"]

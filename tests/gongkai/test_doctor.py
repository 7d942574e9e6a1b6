"""The doctor finds what is wrong and says what to do, changes nothing, and is quiet when all is well."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.publish.publishing import place_of, publish
from archive.store import Archive
from archive.warc import Exchange
from gongkai.checks import database, machine
from gongkai.checks.finding import Finding
from tests.gongkai.in_process import gongkai

PORTAL = "portal_id,name,division_code,home_url,column_url,platform\np,某县,,{0},{0},\n"
NOW = datetime.now(UTC)


def ago(**time: float) -> str:
    return f"{NOW - timedelta(**time):%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture(scope="module")
def good_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after a good night: settings, archive, published file."""
    folder = tmp_path_factory.mktemp("night")
    (folder / "portals.csv").write_text(PORTAL.format("http://127.0.0.1:8000/"), encoding="utf-8")
    path = folder / "data/archive.db"
    with Archive.open(path) as opened:
        run_id = opened.begin_run("crawl")
        opened.enter_portal("p", {"name": "某县"})
        for n in range(20):
            exchange = Exchange(url=f"http://127.0.0.1:8000/{n}", body=b"x" * 100, fetched_at=ago(hours=1))
            opened.keep(exchange, run_id=run_id, portal_id="p")
        opened.finish_run(run_id, "ok", 0, {})
    publish(path, place_of(path))
    return folder


@pytest.fixture
def archive(good_night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The archive of a copy of that folder, which is where we are, on a machine with room."""
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 10**12}))
    shutil.copytree(good_night, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    return tmp_path / "copy/data/archive.db"


def findings(*words: object) -> list[Finding]:
    """What the doctor says that is not ok."""
    answer = gongkai("doctor", "--portals", "portals.csv", "--format", "json", *words)
    rows = [Finding(**row) for row in json.loads(answer.stdout)]
    found = [row for row in rows if row.level != "ok"]
    assert answer.returncode == (1 if found else 0), answer.stderr
    assert all(row.advice for row in found), "whoever says that something is wrong says what to do"
    assert len(rows) > 8
    return found


def only(*words: object) -> Finding:
    found = findings(*words)
    assert len(found) == 1, found
    return found[0]


def sql(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as db:
        for statement in statements:
            db.execute(statement)
            db.commit()
    db.close()


def warc(path: Path) -> Path:
    (file,) = (path.parent / "warc").iterdir()
    return file


def test_all_is_well(archive: Path) -> None:
    answer = gongkai("doctor", "--portals", "portals.csv")
    assert (answer.returncode, answer.stderr) == (0, "all is well\n"), answer.stdout
    lines = answer.stdout.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    assert len(lines) >= 20
    assert findings("--thorough") == []


def test_nothing_is_written(archive: Path) -> None:
    def seen() -> dict[Path, tuple[bytes, int]]:
        files = (file for file in archive.parents[1].rglob("*") if file.is_file() and file.suffix != ".db-shm")
        return {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in files if file.stat().st_size}

    before = seen()
    findings("--thorough")
    assert seen() == before


class TestTheEvidence:
    def test_a_byte_that_changed_in_a_record_is_found(self, archive: Path) -> None:
        with sqlite3.connect(archive) as db:
            offset = db.execute("SELECT warc_offset FROM captures WHERE capture_id = 7").fetchone()[0]
        with warc(archive).open("r+b") as file:
            file.seek(offset + 30)
            file.write(b"\0\0")
        for how in ((), ("--thorough",)):  # the sample is larger than this archive
            found = only(*how)
            assert (found.level, found.check) == ("error", "warc digests")
            assert f"{warc(archive).name} at {offset} (capture 7)" in found.message

    def test_a_missing_file(self, archive: Path) -> None:
        name = warc(archive).rename(archive.parent / "moved").name
        assert name == "moved"
        found = only("--thorough")
        assert (found.level, found.check) == ("error", "warc")
        assert "missing" in found.message
        (archive.parent / "warc/elsewhere").symlink_to(archive.parent / "moved")
        sql(archive, "UPDATE captures SET warc_file = 'elsewhere'")
        assert findings() == []  # a link is as good

    def test_a_file_cut_short(self, archive: Path) -> None:
        os.truncate(warc(archive), 3000)
        assert {(found.level, found.check) for found in findings()} == {("error", "warc"), ("error", "warc digests")}

    def test_half_a_record_at_the_end(self, archive: Path) -> None:
        content = warc(archive).read_bytes()
        warc(archive).write_bytes(content + content[:200])
        found = only()
        assert (found.level, found.check) == ("warning", "warc tails")
        assert "next run" in found.advice


class TestTheArchive:
    def test_is_not_there(self, archive: Path) -> None:
        assert only("--archive", "nowhere.db").check == "archive"
        assert not Path("nowhere.db").exists()

    @pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to be one" * 50])
    def test_is_something_else(self, archive: Path, content: bytes) -> None:
        Path("other.db").write_bytes(content)
        found = only("--archive", "other.db")
        assert (found.level, found.check) == ("error", "archive")

    def test_is_of_a_newer_version(self, archive: Path) -> None:
        sql(
            archive, "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('gongkai', 'm999_x', '')"
        )
        found = only()
        assert (found.level, found.check) == ("error", "archive")
        assert "newer" in found.message

    def test_is_damaged(self, archive: Path) -> None:
        with sqlite3.connect(archive) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            page = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'captures_url'").fetchone()[0]
            size = db.execute("PRAGMA page_size").fetchone()[0]
        with archive.open("r+b") as file:
            file.seek((page - 1) * size)
            file.write(b"\xff" * 100)
        assert "integrity" in {found.check for found in findings("--thorough") if found.level == "error"}

    def test_has_rows_that_point_nowhere(self, archive: Path) -> None:
        sql(archive, "PRAGMA foreign_keys = OFF", "UPDATE captures SET portal_id = 'gone' WHERE capture_id = 1")
        found = only()
        assert (found.level, found.check) == ("error", "references")
        assert "captures" in found.message

    def test_has_a_log_that_cannot_be_written_back(self, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(database, "_LONG_LOG", 100_000)
        reader = sqlite3.connect(archive, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM runs").fetchall()
        sql(archive, *(f"UPDATE captures SET etag = '{n}'" for n in range(60)))
        assert only().check == "log"
        reader.close()

    def test_has_a_run_that_was_killed(self, archive: Path) -> None:
        with Archive.open(archive) as opened:
            opened.begin_run("crawl")
        found = only()
        assert (found.level, found.check) == ("warning", "runs")
        assert "again" in found.advice

    def test_has_a_run_under_way(self, archive: Path) -> None:
        code = (
            "import sys\nfrom archive.store import Archive\n"
            "with Archive.open(sys.argv[1]) as archive, archive.lock():\n"
            "    archive.begin_run('crawl')\n    print('ready', flush=True)\n    sys.stdin.read()"
        )
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        writer = subprocess.Popen(
            [sys.executable, "-c", code, str(archive)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
        assert findings() == []
        answer = gongkai("doctor", "--portals", "portals.csv")
        (line,) = (line for line in answer.stdout.splitlines() if " lock " in line)
        assert f"process {writer.pid} writes to the archive: crawl, since 2" in line
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        assert only().check == "runs"


class TestTheNights:
    @pytest.fixture
    def nights(self, archive: Path) -> Path:
        """Thirty nights: `good` gives, `dry` stopped giving ten nights ago, `gone` left the file then, `young` is new,
        `never` gave nothing at all."""
        with sqlite3.connect(archive) as db:
            db.executemany(
                "INSERT INTO portals (portal_id, first_seen, last_seen) VALUES (?, '', '')",
                [(name,) for name in ("good", "dry", "gone", "young", "never")],
            )
            for night in range(30, 0, -1):
                at = ago(days=night)
                run = db.execute(
                    "INSERT INTO runs (command, started_at, finished_at, verdict) VALUES ('crawl', ?, ?, 'incomplete')",
                    [at, at],
                ).lastrowid
                gave = {"good": 5, "dry": 5 * (night > 10), "never": 0}
                gave |= {"gone": 5} if night > 10 else {}
                gave |= {"young": 0} if night < 4 else {}
                db.executemany(
                    "INSERT INTO run_portals VALUES (?, ?, 9, ?, 0, 0, 0, 0, NULL, NULL)",
                    [(run, name, reports) for name, reports in gave.items()],
                )
        db.close()
        return archive

    def test_stale_portals(self, nights: Path) -> None:
        dry, gone = findings()
        assert (dry.check, gone.check) == ("portals", "portals")
        assert "no report for more than 7 nights: dry, never" in dry.message
        assert gone.message.endswith(": gone")

    def test_a_machine_that_was_off_makes_nobody_stale(self, nights: Path) -> None:
        sql(nights, "DELETE FROM run_portals WHERE portal_id IN ('dry', 'gone', 'never')")
        sql(nights, "UPDATE runs SET started_at = strftime('%Y-%m-%dT%H:%M:%SZ', started_at, '-60 days')")
        assert findings() == []

    def test_no_run_for_long(self, archive: Path) -> None:
        sql(archive, f"UPDATE runs SET started_at = '{ago(days=9)}', finished_at = '{ago(days=9)}'")
        found = only()
        assert found.check == "last run"
        assert "timer" in found.advice

    def test_open_alarms(self, archive: Path) -> None:
        columns = "portal_id, code, message, run_id, raised_at, last_at, nights, cleared_at, delivered_at"
        insert = f"INSERT INTO alarms ({columns}) VALUES"
        yesterday = ago(days=1)
        sql(
            archive,
            f"{insert} ('p', 'yield_collapsed', '40 last night, none tonight', 1, '{yesterday}', '', 1, NULL, '')",
            f"{insert} (NULL, 'disk_low', 'no room', 1, '', '', 1, '{yesterday}', '')",
        )
        found = only()
        assert found.check == "alarms"
        assert "p: 40 last night, none tonight (yield_collapsed" in found.message

    def test_researchers_have_an_older_file(self, archive: Path) -> None:
        sql(
            archive,
            "INSERT INTO runs (command, started_at, finished_at, verdict)"
            f" VALUES ('crawl', '', '{ago(days=-1)}', 'ok')",
        )
        assert only().check == "published"
        place_of(archive).unlink()
        assert only().check == "published"
        Path("gongkai.toml").write_text("publish = false\n")
        assert findings() == []

    def test_the_clock_is_behind(self, archive: Path) -> None:
        sql(archive, f"UPDATE captures SET fetched_at = '{ago(days=-3)}' WHERE capture_id = 2")
        found = only()
        assert (found.level, found.check) == ("error", "clock")


class TestTheMachine:
    def test_no_contact(self, archive: Path) -> None:
        Path("portals.csv").write_text(PORTAL.format("http://www.example.gov.cn/"), encoding="utf-8")
        assert only().check == "contact"
        Path("gongkai.toml").write_text('contact = "a@example.org"\n')
        assert findings() == []

    def test_portals_that_cannot_be_read(self, archive: Path) -> None:
        Path("portals.csv").write_text("portal_id,name\n", encoding="utf-8")
        assert only().check == "portals file"

    def test_settings_without_sense(self, archive: Path) -> None:
        Path("gongkai.toml").write_text("contct = 1\n")
        answer = gongkai("doctor")
        assert answer.returncode == 2
        assert "contct" in answer.stderr

    @pytest.mark.parametrize(("free", "level"), [(10**9, "warning"), (10**6, "error")])
    def test_little_room(self, archive: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
        monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": free}))
        found = only()
        assert (found.level, found.check) == (level, "disk")

    def test_a_folder_that_everybody_may_write_to(self, archive: Path) -> None:
        archive.parent.chmod(0o777)
        found = only()
        assert (found.level, found.check) == ("warning", "permissions")
        assert str(archive.parent) in found.advice or "data" in found.advice

    def test_another_opencc(self, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("opencc", "opencc/clib"):
            (Path("shadow") / name).mkdir(parents=True)
        Path("shadow/opencc/__init__.py").write_text("")
        monkeypatch.syspath_prepend(str(Path("shadow").absolute()))
        monkeypatch.delitem(sys.modules, "opencc", raising=False)
        found = only()
        assert (found.level, found.check) == ("error", "opencc")
        assert "opencc-python-reimplemented==0.1.7" in found.advice

    def test_a_package_of_another_version(self, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(machine, "requires", lambda name: ["click<1", "no-such-thing>=1", "nor-this; extra == 'x'"])
        assert {found.message.partition(" ")[0] for found in findings()} == {"click", "no-such-thing>=1"}

"""Opening an archive: what is made, what is refused, and that a refusal leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from archive_samples import keep, reading, visit

from archive import database
from archive.errors import ArchiveBusy, ArchiveError
from archive.store import Archive
from pipelines.forms.definitions import all_figures

FIXTURE = Path(__file__).parent / "fixtures" / "first_schema.db"


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_new_archive_is_made_with_its_folders(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a" / "b" / "archive.db") as archive:
        assert archive.db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert archive.db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert archive.db.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert archive.db.execute("PRAGMA busy_timeout").fetchone() == (30_000,)
        assert archive.db.execute("SELECT count(*) FROM figure_definitions").fetchone() == (len(all_figures()),)
    assert tree(tmp_path) == ["a", "a/b", "a/b/archive.db"]


def test_the_file_explains_itself(archive: Archive) -> None:
    kinds = dict(archive.db.execute("SELECT name, type FROM pragma_table_list WHERE schema = 'main'"))
    ours = [table for table in archive.db.tables if kinds[table.name] != "shadow"]  # those of FTS5 are SQLite's own
    tables = [table for table in ours if not table.name.startswith(("_", "sqlite_"))]
    assert all(table.strict or kinds[table.name] == "virtual" for table in tables)
    schema = archive.db.schema
    assert schema.count("--") > 40
    assert 'Null is "not given", never 0.' in schema
    for name in [*archive.db.view_names(), *(table.name for table in tables)]:
        made = archive.db.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()[0]
        assert "-- " in made, f"{name} has no comment"


def test_opening_again_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    before = path.read_bytes()
    with Archive.open(path) as first, Archive.open(path) as second:
        assert first.totals() == second.totals()
    assert path.read_bytes() == before


def test_new_wording_in_the_form_files_comes_in_at_the_next_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        ids = dict(archive.db.execute("SELECT figure, figure_id FROM figure_definitions"))
        archive.db.execute("UPDATE figure_definitions SET row_label = 'old' WHERE figure_id = 7")
    with Archive.open(path) as archive:
        assert archive.db.execute("SELECT count(*) FROM figure_definitions WHERE row_label = 'old'").fetchone() == (0,)
        assert dict(archive.db.execute("SELECT figure, figure_id FROM figure_definitions")) == ids


class TestRefusals:
    def refused(self, path: Path, words: str) -> None:
        with pytest.raises(ArchiveError, match=words) as caught:
            Archive.open(path)
        assert "\n" not in str(caught.value)

    def test_a_folder(self, tmp_path: Path) -> None:
        self.refused(tmp_path, "is a folder")
        assert tree(tmp_path) == []

    def test_a_path_under_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        self.refused(tmp_path / "file" / "archive.db", "Not a directory|File exists")
        assert tree(tmp_path) == ["file"]

    def test_a_folder_where_nobody_may_make_files(self) -> None:
        self.refused(Path("/proc/self/archive.db"), "/proc/self/archive.db")
        self.refused(Path("/proc/self/new/archive.db"), "/proc/self/new")

    @pytest.mark.parametrize("kind", ["file", "folder"])
    def test_what_is_read_only(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
        path = tmp_path / "archive.db"
        Archive.open(path).close()
        place = path if kind == "file" else tmp_path
        place.chmod(0o444 if kind == "file" else 0o555)
        if os.access(place, os.W_OK):  # root may write anywhere: let the system say what it says to others
            monkeypatch.setattr(database.os, "access", lambda where, mode: Path(where) != place)
        try:
            self.refused(path, "read-only")
        finally:
            place.chmod(0o755)
        assert tree(tmp_path) == ["archive.db"]

    def test_a_permission_error_is_said_in_one_line(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def denied(*_: object) -> int:
            raise PermissionError(13, "Permission denied", str(tmp_path / "new" / "archive.db"))

        with monkeypatch.context() as patch:
            patch.setattr(database.os, "open", denied)
            self.refused(tmp_path / "new" / "archive.db", "Permission denied")
        assert tree(tmp_path) == []

    @pytest.mark.parametrize("content", [b"not a database, but long enough to be looked at " * 9, b"x"])
    def test_a_file_of_another_kind(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "archive.db"
        path.write_bytes(content)
        self.refused(path, "not a database")
        assert path.read_bytes() == content
        assert tree(tmp_path) == ["archive.db"]

    def test_a_damaged_database(self, tmp_path: Path) -> None:
        path = tmp_path / "archive.db"
        path.write_bytes(b"SQLite format 3\0" + os.urandom(4096))
        self.refused(path, "archive.db: ")
        assert tree(tmp_path) == ["archive.db"]

    def test_a_database_of_somebody_else(self, tmp_path: Path) -> None:
        path = tmp_path / "browser.db"
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE history (url)")
        connection.close()
        before = path.read_bytes()
        self.refused(path, "not an archive of gongkai")
        assert path.read_bytes() == before
        assert tree(tmp_path) == ["browser.db"]

    def test_an_archive_of_a_newer_version(self, tmp_path: Path) -> None:
        path = tmp_path / "archive.db"
        with Archive.open(path) as archive:
            row = {"migration_set": "gongkai", "name": "m999_future", "applied_at": "2030"}
            archive.db["_sqlite_migrations"].insert(row)
        before = path.read_bytes()
        self.refused(path, "newer version of gongkai .*m999_future")
        assert path.read_bytes() == before

    def test_a_failure_halfway_leaves_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        monkeypatch.setattr(database.schema, "settle", full)
        self.refused(tmp_path / "a" / "archive.db", "disk is full")
        assert tree(tmp_path) == []


class TestOneWriter:
    def test_a_second_one_is_told_at_once(self, tmp_path: Path) -> None:
        with Archive.open(tmp_path / "archive.db") as first, Archive.open(tmp_path / "archive.db") as second:
            with first.lock(), pytest.raises(ArchiveBusy, match="another gongkai"), second.lock():
                pass
            with second.lock():
                pass

    def test_a_writer_that_was_killed_holds_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "archive.db"
        code = (
            "import sys; from archive.store import Archive; a = Archive.open(sys.argv[1]); l = a.lock(); l.__enter__();"
            "print('locked', flush=True); sys.stdin.read()"
        )
        writer = subprocess.Popen(
            [sys.executable, "-c", code, path], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
        )
        with writer, Archive.open(path) as archive:
            assert writer.stdout
            assert writer.stdout.readline() == "locked\n"
            with pytest.raises(ArchiveBusy), archive.lock():
                pass
            writer.kill()
            writer.wait()
            with archive.lock():
                pass

    def test_waiting_for_another_transaction(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.05)
        with Archive.open(tmp_path / "archive.db") as archive:
            other = sqlite3.connect(archive.path, isolation_level=None, check_same_thread=False)
            other.execute("BEGIN IMMEDIATE")
            release = threading.Timer(0.12, lambda: other.execute("ROLLBACK"))
            release.start()
            assert archive.begin_run("crawl") == 1  # tried again by tenacity, not only by SQLite
            release.join()
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(ArchiveBusy, match="locked"):
                archive.begin_run("crawl")
            other.close()

    def test_another_thread_may_write(self, archive: Archive) -> None:
        done: list[int] = []
        thread = threading.Thread(target=lambda: done.append(keep(archive, "https://a.gov.cn/", "x")))
        thread.start()
        thread.join()
        assert done == [1]


class TestTheFirstSchema:
    """`fixtures/first_schema.db` is an archive as the first version wrote it; see fixtures/README.md."""

    @pytest.fixture
    def copy(self, tmp_path: Path) -> Path:
        return Path(shutil.copy(FIXTURE, tmp_path / "archive.db"))

    def test_it_opens_and_keeps_its_reports_and_figures(self, copy: Path) -> None:
        queries = {
            "reports": "SELECT agency, year, scope, revision, is_current, trust, url, first_seen, last_seen"
            " FROM reports ORDER BY report_id",
            "figures": "SELECT agency, year, figure, value, unit, state, raw, flag FROM figures ORDER BY 1, 2, 3",
            "issues": "SELECT code, agency, year FROM open_issues ORDER BY issue_id",
        }
        with sqlite3.connect(f"file:{FIXTURE}?mode=ro&immutable=1", uri=True) as old:
            before = {name: old.execute(sql).fetchall() for name, sql in queries.items()}
        with Archive.open(copy) as archive:
            after = {name: archive.db.execute(sql).fetchall() for name, sql in queries.items()}
            assert after == before
            assert archive.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert [row[:5] for row in before["reports"]] == [
            ("甘肃省兰州市城关区教育局", 2022, "own", 1, 1),
            ("甘肃省兰州市城关区教育局", 2023, "own", 1, 0),
            ("甘肃省兰州市城关区教育局", 2023, "own", 2, 1),
            ("永登县人民政府", 2023, "area", 1, 1),
        ]
        assert [row[0] for row in before["issues"]] == ["t3_carry_over_years"] * 2

    def test_no_row_of_it_is_lost(self, copy: Path) -> None:
        """Every cell of every revision with its place, and every other row as it was, wherever it stands now."""
        moved = {
            "cells": "SELECT r.report_id, d.figure, c.value, coalesce(c.state, 'number'), c.unit,"
            " coalesce(c.raw, CAST(c.value AS TEXT), ''), c.place FROM cells c"
            " JOIN report_revisions r USING (report_id) JOIN figure_definitions d USING (figure_id) ORDER BY 1, 2",
            "report_revisions": "SELECT * FROM report_revisions ORDER BY report_id",
            "report_forms": "SELECT * FROM report_forms ORDER BY 1, 2",
        }
        now = {
            "cells": "SELECT report_id, figure, value, state, unit, raw, place FROM cells ORDER BY 1, 2",
            "report_revisions": "SELECT {columns} FROM report_revisions JOIN report_readings USING (report_id)"
            " ORDER BY 1",
            "report_forms": "SELECT report_id, block, form FROM report_forms ORDER BY 1, 2",
        }
        with sqlite3.connect(f"file:{FIXTURE}?mode=ro&immutable=1", uri=True) as old, Archive.open(copy) as archive:
            columns = ", ".join(row[1] for row in old.execute("PRAGMA table_info(report_revisions)"))
            for name, sql in moved.items():
                before = old.execute(sql).fetchall()
                assert len(before) >= 4
                assert archive.db.execute(now[name].format(columns=columns)).fetchall() == before, name
            tables = [row[0] for row in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for name in set(tables) - moved.keys() - {"_sqlite_migrations", "figure_definitions"}:
                # agencies.division_code was that of a portal, which agency_names has now; it is the agency's own
                kept = [row[1] for row in old.execute(f"PRAGMA table_info({name})") if row[1] != "division_code"]
                names = ", ".join(f'"{column}"' for column in kept)
                sql = f"SELECT {names} FROM {name} ORDER BY 1, 2"
                assert archive.db.execute(sql).fetchall() == old.execute(sql).fetchall(), name
            codes = "SELECT agency_id, coalesce(division_code, '') FROM {} ORDER BY agency_id"
            now_in_names = archive.db.execute(codes.format("agency_names")).fetchall()
            assert now_in_names == old.execute(codes.format("agencies")).fetchall()
            assert archive.db.execute("SELECT division_code FROM agencies").fetchall() == [("620102",), ("620121",)]

    def test_it_goes_on(self, copy: Path) -> None:
        with Archive.open(copy) as archive:
            assert visit(archive, reading(14), at="2026-01-01T00:00:00Z").outcome == "revised"

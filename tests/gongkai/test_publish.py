"""`gongkai publish`, and the file that a good crawl publishes by itself."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import run


def test_a_good_crawl_publishes(sample_archive: Path) -> None:
    published = sample_archive.parent / "exports/gongkai.db"
    with sqlite3.connect(f"file:{published}?mode=ro", uri=True) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        count = db.execute("SELECT value FROM dataset_info WHERE name = 'reports'").fetchone()
        assert count == db.execute("SELECT count(*) FROM reports WHERE is_current").fetchone()
        assert count[0] > 50


def test_who_does_not_want_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "gongkai.toml").write_text("publish = false\n", encoding="utf-8")
    crawl = run("gongkai", "crawl", "--sample", "--portal", "sample-gkmlpt", "--archive", "a.db", cwd=tmp_path)
    assert crawl.returncode == 0, crawl.stderr
    assert "published" not in crawl.stderr
    assert not (tmp_path / "exports").exists()


def test_a_crawl_is_not_lost_when_its_file_cannot_be_published(tmp_path: Path) -> None:
    (tmp_path / "exports").write_text("a file where a folder should be", encoding="utf-8")
    crawl = run("gongkai", "crawl", "--sample", "--portal", "sample-gkmlpt", "--archive", "a.db", cwd=tmp_path)
    assert crawl.returncode == 0, crawl.stderr
    warning = crawl.stderr.splitlines()[-1]
    assert warning.startswith("gongkai: warning: not published: ")
    assert "exports" in warning
    with sqlite3.connect(tmp_path / "a.db") as db:
        assert db.execute("SELECT count(*) > 0 FROM reports").fetchone() == (1,)


@pytest.mark.parametrize("value", ["perhaps", "2"])
def test_yes_or_no(tmp_path: Path, value: str) -> None:
    (tmp_path / "gongkai.toml").write_text(f'publish = "{value}"\n', encoding="utf-8")
    answer = run("gongkai", "publish", cwd=tmp_path)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert f"setting publish: '{value}' is neither true nor false" in answer.stderr


def test_the_path_goes_to_stdout_and_the_rest_to_stderr(sample_archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "new/folder/my.db"
    answer = run("gongkai", "publish", "--archive", sample_archive, "--to", target)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == f"{target}\n"
    assert answer.stderr.startswith("version 20")
    rows = run("sqlite-utils", "rows", target, "dataset_info")
    assert {row["name"] for row in json.loads(rows.stdout)} >= {"version", "citation_en", "citation_zh", "licence"}


def test_what_cannot_be_published_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no archive, but a file all the same", encoding="utf-8")
    for archive, code in (("none.db", 2), ("text.db", 3)):
        answer = run("gongkai", "publish", "--archive", archive, "--to", "x.db", cwd=tmp_path)
        assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (code, "", 1), answer.stderr
        assert archive in answer.stderr
    assert not (tmp_path / "x.db").exists()

"""`gongkai search` and the SQL function search_words, as a user has them."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest

from archive import Archive
from archive.reading import reading as opened
from archive.search import find
from pipelines.model import Reading, Section
from tests.archive.archive_samples import reading, visit
from tests.conftest import run
from tests.gongkai.in_process import gongkai


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """An archive whose texts would steer a terminal or run in a spreadsheet."""
    path = tmp_path / "archive.db"
    said = reading(agency="=cmd|'/c calc'!A1", sections=(Section(1, "+1\x1b[2J", "@复议\x1b]0;x\x07\u202e 诉讼"),))
    assert isinstance(said, Reading)
    with Archive.open(path) as archive:
        visit(archive, said)
    return path


def search(archive: Path, *words: str) -> list[dict[str, object]]:
    answer = gongkai("search", *words, "--archive", archive, "--format", "json")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)  # type: ignore[no-any-return]


def test_a_word_of_two_characters_and_a_longer_one(sample_archive: Path) -> None:
    for word in ("复议", "行政复议", "公", "政府信息公开"):
        with sqlite3.connect(sample_archive) as db:
            count = "SELECT count(*) FROM sections WHERE text LIKE ? OR heading LIKE ?"
            (expected,) = db.execute(count, [f"%{word}%"] * 2).fetchone()
        rows = search(sample_archive, word, "--limit", "1000")
        assert len(rows) == expected > 0
        assert all(f"【{word}】" in str(row["snippet"]) for row in rows)


def test_as_installed(sample_archive: Path) -> None:
    answer = run("gongkai", "search", "复议", "--limit", "1", "--format", "json", cwd=sample_archive.parent)
    assert answer.returncode == 3
    assert answer.stderr.startswith("gongkai: data/archive.db: ")


def test_it_shows_what_the_archive_finds(sample_archive: Path) -> None:
    rows = search(sample_archive, "公开", "--limit", "7", "--offset", "2", "--year", "2023")
    with opened(sample_archive) as db:
        hits = find(db, "公开", limit=7, offset=2, year=2023)
    assert [(row["section_id"], row["url"], row["agency"]) for row in rows] == [
        (hit.section_id, hit.url, hit.agency) for hit in hits
    ]
    assert {row["year"] for row in rows} == {2023}


def test_several_words_on_the_command_line_must_all_occur(sample_archive: Path) -> None:
    both = search(sample_archive, "行政复议", "行政诉讼", "--limit", "1000")
    assert 0 < len(both) <= len(search(sample_archive, "行政诉讼", "--limit", "1000"))


def test_for_people_and_csv(sample_archive: Path) -> None:
    shown = gongkai("search", "复议", "--archive", sample_archive, "--limit", "2").stdout.splitlines()
    assert len(shown) == 6
    assert "【复议】" in shown[1]
    assert shown[2].strip().startswith("http://")
    answer = gongkai("search", "复议", "--archive", sample_archive, "--limit", "2", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.stdout)))
    assert [row["agency"] for row in rows] == [line.split("  ")[0] for line in shown[::3]]


def test_nothing_found_is_said_and_no_error(sample_archive: Path) -> None:
    for typed in ("没有这样的词汇", "NEAR(", '"', "复议 AND"):
        answer = gongkai("search", typed, "--archive", sample_archive, "--format", "json")
        assert answer.returncode == 0
        assert answer.stdout == "[]\n"
        assert answer.stderr == "gongkai: no section holds that\n"


def test_without_an_archive(tmp_path: Path) -> None:
    answer = gongkai("search", "复议", "--archive", tmp_path / "none.db")
    assert (answer.returncode, answer.stdout) == (3, "")
    assert answer.stderr == f"gongkai: {tmp_path / 'none.db'}: there is no such archive\n"
    assert list(tmp_path.iterdir()) == []


def test_settings_that_make_no_sense(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gongkai.toml").write_text("archive = [", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for command in (("search", "复议"), ("coverage",)):
        answer = gongkai(*command)
        assert answer.returncode == 2
        assert len(answer.stderr.splitlines()) == 1


def test_what_comes_from_the_web_steers_nothing(hostile: Path) -> None:
    for shown in ("table", "json", "csv"):
        answer = gongkai("search", "复议", "--archive", hostile, "--format", shown)
        assert "复议" in answer.stdout
        assert not {"\x1b", "\u202e", "\x07"} & set(answer.stdout)
    (row,) = csv.DictReader(io.StringIO(answer.stdout))
    assert (row["agency"][:2], row["heading"][:2], row["snippet"][:2]) == ("'=", "'+", "'@")


def test_sqlite_utils_knows_search_words(sample_archive: Path) -> None:
    sql = "select count(*) n from sections_search where sections_search match search_words(:typed)"
    answer = run("sqlite-utils", "query", sample_archive, sql, "-p", "typed", "行政复议")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == [{"n": len(search(sample_archive, "行政复议", "--limit", "1000"))}]


def test_sqlite_utils_needs_nothing_for_two_characters(sample_archive: Path) -> None:
    sql = "select count(*) n from sections_search where sections_search match '复议'"
    assert json.loads(run("sqlite-utils", "query", sample_archive, sql).stdout)[0]["n"] > 0

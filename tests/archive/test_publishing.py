"""The published file: whole, sound, self-explaining, and made without disturbing anybody."""

from __future__ import annotations

import fcntl
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from archive_samples import AGENCY, reading, visit

from archive.errors import ArchiveBusy, ArchiveError
from archive.publish.codebook import codebook
from archive.publish.publishing import place_of, publish
from archive.reading import open_for_reading
from archive.review.deciding import Ruling, decide
from archive.store import Archive
from tests.conftest import ROOT

NOBODY = 65534


def filled(archive: Archive, *years: int) -> Path:
    """The path of an archive with a report on each of these years."""
    for year in years or (2021, 2022, 2023):
        visit(archive, reading(year - 2000, year=year), f"https://www.example.gov.cn/{year}")
    return archive.path


def rows(path: Path, name: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as db:
        return sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)


def facts(path: Path) -> dict[str, object]:
    return dict(rows(path, "dataset_info"))  # type: ignore[arg-type]


def test_the_published_file_holds_everything_and_explains_it(archive: Archive, tmp_path: Path) -> None:
    made = publish(filled(archive), tmp_path / "out/gongkai.db")
    for name in (*archive.db.table_names(), *archive.db.view_names()):
        if not name.startswith("sqlite_"):
            assert rows(made.path, name) == sorted(archive.db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
    explained = {(name, column) for name, column, *_ in rows(made.path, "codebook")}
    for name, relation in codebook().items():
        assert {(name, column) for column in ("", *relation.columns)} <= explained
    labels = {row[2]: row[3:] for row in rows(made.path, "codebook_values") if row[:2] == ("figures", "figure")}
    assert labels["applications.granted.total"] == ("（一）予以公开：总计", "(1) Disclosed in full: Total")


def test_who_decided_something_is_not_published(archive: Archive, tmp_path: Path) -> None:
    filled(archive)
    ruling = Ruling(AGENCY, 2023, "applications.new_received.total", "corrected", why="看过原文", value="7")
    decide(archive, [ruling], "a reviewer with a name")
    made = publish(archive.path, tmp_path / "gongkai.db")
    with sqlite3.connect(made.path) as db:
        assert db.execute("SELECT decided_by, why FROM decisions").fetchall() == [("", "看过原文")]
        assert db.execute("SELECT received FROM panel WHERE year = 2023").fetchone() == (7,)
    assert b"a reviewer with a name" not in made.path.read_bytes()
    assert b"a reviewer with a name" in b"".join(path.read_bytes() for path in archive.path.parent.glob("archive.db*"))


def test_a_file_that_an_older_program_published_is_left_alone(archive: Archive, tmp_path: Path) -> None:
    made = publish(filled(archive), tmp_path / "gongkai.db")
    with sqlite3.connect(made.path) as db:
        db.execute("UPDATE derived SET digest = 'of another day'")
    db.close()
    before = made.path.read_bytes()
    with pytest.raises(ArchiveError, match="published by an older version"):
        open_for_reading(made.path)
    assert made.path.read_bytes() == before


def test_the_facts_agree_with_the_citation_file_and_the_program(archive: Archive, tmp_path: Path) -> None:
    made = publish(filled(archive), tmp_path / "gongkai.db")
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    found = facts(made.path)
    assert cited["version"] == version("gongkai") == found["code_version"]
    assert (found["title"], found["licence"]) == (cited["title"], cited["license"])
    assert found["authors"] == ", ".join(author["name"] for author in cited["authors"])
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d\.{found['schema_step']}\.{cited['version']}", str(found["version"]))
    assert str(found["version"]).startswith(f"{datetime.now(UTC):%Y-%m}")
    for name in ("citation_en", "citation_zh"):
        assert str(found["version"]) in str(found[name])
    assert str(found["authors"]) in str(found["citation_en"])
    assert (found["reports"], found["agencies"], found["first_year"], found["last_year"]) == (3, 1, 2021, 2023)
    assert found["source"] == "archive.db"  # and not the folders of this machine
    assert (made.reports, made.version, made.size) == (3, found["version"], made.path.stat().st_size)


def test_the_citation_file_is_one() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "version", "license", "type"} <= cited.keys()
    assert cited["license"] in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert cited["authors"][0]["name"] in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_an_empty_archive_is_published_too(archive: Archive, tmp_path: Path) -> None:
    made = publish(archive.path, tmp_path / "gongkai.db")
    assert made.reports == 0
    assert "first_year" not in facts(made.path)


def test_there_is_no_write_ahead_log_and_nothing_else_beside_it(archive: Archive, tmp_path: Path) -> None:
    made = publish(filled(archive), tmp_path / "out/gongkai.db")
    assert made.path.read_bytes()[18:20] == b"\1\1"  # a rollback journal, where 2 would be a write-ahead log
    assert [path.name for path in made.path.parent.iterdir()] == ["gongkai.db"]
    with sqlite3.connect(made.path) as db:
        assert db.execute("SELECT count(*) > 0 FROM sqlite_stat1").fetchone() == (1,)  # the planner knows its tables


def test_it_opens_from_a_folder_where_nobody_may_write(archive: Archive) -> None:
    """Root may write anywhere, so a process that was root becomes nobody first."""
    script = (
        "import os, sys, sqlite3; from pathlib import Path\n"
        "from archive.reading import open_for_reading; from sqlite_utils import Database; Database(memory=True)\n"
        f"if os.getuid() == 0: os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        "path = Path(sys.argv[1])\n"
        "assert not os.access(path, os.W_OK) and not os.access(path.parent, os.W_OK)\n"
        "print(sqlite3.connect(path).execute('SELECT count(*) FROM panel').fetchone()[0])\n"
        "print(open_for_reading(path).execute('SELECT sum(received) FROM panel').fetchone()[0])\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        made = publish(filled(archive), Path(folder) / "gongkai.db")
        made.path.chmod(0o444)
        made.path.parent.chmod(0o555)
        command = [sys.executable, "-c", script, str(made.path)]
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        made.path.parent.chmod(0o755)
    assert answer.stdout.split() == ["3", "66"], answer.stderr


def test_who_reads_the_old_file_goes_on_reading_it(archive: Archive, tmp_path: Path) -> None:
    target = tmp_path / "gongkai.db"
    publish(filled(archive, 2021), target)
    before = sqlite3.connect(target)
    cursor = before.execute("SELECT figure FROM figures")
    first = cursor.fetchone()
    publish(filled(archive, 2022), target)
    assert first is not None
    assert len(cursor.fetchall()) == 23  # the rest of the 24 cells of the report
    assert before.execute("SELECT count(*) FROM reports").fetchone() == (1,)
    before.close()
    assert len(rows(target, "reports")) == 2


def test_a_writer_is_neither_disturbed_nor_seen_half_way(archive: Archive, tmp_path: Path) -> None:
    path = filled(archive, 2021)
    archive.db.execute("BEGIN IMMEDIATE")
    archive.db.execute("UPDATE report_readings SET title = 'half a thought'")
    made = publish(path, tmp_path / "gongkai.db")
    archive.db.execute("COMMIT")
    assert [row[8] for row in rows(made.path, "reports")] == ["政府信息公开工作年度报告"]
    assert [row[8] for row in rows(path, "reports")] == ["half a thought"]


def test_a_published_file_can_be_published_again(archive: Archive, tmp_path: Path) -> None:
    first = publish(filled(archive), tmp_path / "first.db")
    second = publish(first.path, tmp_path / "second.db")
    assert rows(second.path, "codebook") == rows(first.path, "codebook")
    assert facts(second.path)["source"] == "first.db"


def test_what_goes_wrong_leaves_the_old_file_and_nothing_else(archive: Archive, tmp_path: Path) -> None:
    target = tmp_path / "out/gongkai.db"
    path = filled(archive)
    publish(path, target)
    old = target.read_bytes()
    archive.close()
    damaged = bytearray(path.read_bytes())
    damaged[4096 * 3 : 4096 * 30] = b"\xff" * (4096 * 27)
    path.write_bytes(bytes(damaged))
    with pytest.raises(ArchiveError, match=r"\.db") as caught:
        publish(path, target)
    assert "\n" not in str(caught.value)
    assert target.read_bytes() == old
    assert [path.name for path in target.parent.iterdir()] == ["gongkai.db"]


def test_a_copy_that_is_not_sound_is_not_published(archive: Archive, tmp_path: Path) -> None:
    path = filled(archive)
    archive.db.execute("PRAGMA foreign_keys = OFF")
    archive.db.execute("UPDATE report_revisions SET agency_id = 99")
    with pytest.raises(ArchiveError, match="not sound"):
        publish(path, tmp_path / "out/gongkai.db")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("target", ["archive.db", "folder"])
def test_places_that_are_none(archive: Archive, tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    path = filled(archive)
    with pytest.raises(ArchiveError, match="no place"):
        publish(path, tmp_path / target)
    assert archive.db.execute("SELECT count(*) FROM reports").fetchone() == (3,)


def test_one_at_a_time(archive: Archive, tmp_path: Path) -> None:
    path = filled(archive)
    held = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(ArchiveBusy, match="somebody else"):
        publish(path, tmp_path / "gongkai.db")
    os.close(held)
    publish(path, tmp_path / "gongkai.db")


def test_what_a_killed_process_left_is_thrown_away(archive: Archive, tmp_path: Path) -> None:
    for name in (".gongkai.db.draft", ".gongkai.db.draft-journal"):
        (tmp_path / "out").mkdir(exist_ok=True)
        (tmp_path / "out" / name).write_bytes(b"half")
    publish(filled(archive), tmp_path / "out/gongkai.db")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["gongkai.db"]


def test_the_published_file_is_read_like_an_archive(archive: Archive, tmp_path: Path) -> None:
    made = publish(filled(archive), tmp_path / "gongkai.db")
    db = open_for_reading(made.path)
    assert db.execute("SELECT sum(received) FROM panel").fetchone() == (66,)
    db.close()


def test_words_are_found_in_it_and_what_is_missing_is_known(archive: Archive, tmp_path: Path) -> None:
    made = publish(filled(archive), tmp_path / "gongkai.db")
    with sqlite3.connect(made.path) as db:
        join = "sections_search f JOIN sections s ON s.section_id = f.rowid"
        found = db.execute(f"SELECT count(*) FROM {join} WHERE sections_search MATCH '总体'")
        assert found.fetchone() == (3,)
        assert db.execute("SELECT count(*) FROM coverage").fetchone() is not None


def test_it_lies_beside_the_archive_if_nobody_says_otherwise() -> None:
    assert place_of(Path("data/archive.db")) == Path("data/exports/gongkai.db")


def test_another_archive_is_no_place_for_the_published_file(archive: Archive, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    Archive.open(other).close()
    with pytest.raises(ArchiveError, match="is an archive, and is left alone"):
        publish(archive.path, other)
    Archive.open(other).close()

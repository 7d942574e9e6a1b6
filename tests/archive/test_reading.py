"""Opening archives only to read them."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from archive_samples import AGENCY, reading, visit

from archive import Archive, ArchiveError
from archive.reading import open_for_reading

FIRST = Path(__file__).parent / "fixtures" / "first_schema.db"


def test_what_is_read_is_what_was_committed_last(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        db = open_for_reading(archive.path)
        visit(archive, reading())
        assert db.execute("SELECT agency FROM reports").fetchall() == [(AGENCY,)]
        archive.db.execute("BEGIN IMMEDIATE")
        archive.db.execute("DELETE FROM report_revisions")
        assert db.execute("SELECT count(*) FROM reports").fetchone() == (1,)
        archive.db.execute("ROLLBACK")
        db.close()


def test_nothing_can_be_written(tmp_path: Path) -> None:
    Archive.open(tmp_path / "archive.db").close()
    db = open_for_reading(tmp_path / "archive.db")
    with pytest.raises(sqlite3.OperationalError):
        db.execute("DELETE FROM agencies")
    db.close()


def test_an_older_archive_is_brought_up_to_date(tmp_path: Path) -> None:
    shutil.copy(FIRST, tmp_path / "archive.db")
    db = open_for_reading(tmp_path / "archive.db")
    assert db.execute("SELECT year, received FROM panel ORDER BY year, received").fetchall() == [
        (2022, 7),
        (2023, 13),
        (2023, 41),
    ]
    db.close()


@pytest.mark.parametrize("content", [None, b"", b"no database at all, but longer than a page header" * 20])
def test_what_is_no_archive_is_refused_in_one_line(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ArchiveError, match=r"x\.db") as caught:
        open_for_reading(path)
    assert "\n" not in str(caught.value)
    assert [found.name for found in tmp_path.iterdir()] == ([path.name] if content is not None else [])

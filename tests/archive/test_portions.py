"""A part of an archive that is crawled elsewhere and comes home is the archive that was crawled itself."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

import gongkai.merging
from archive.errors import ArchiveError
from archive.nights.links import Asked, Walk
from archive.nights.portals import Fared
from archive.portions import cut
from archive.store import Archive
from gongkai.merging import merge_into
from tests.archive.histories import Fetched, archive_of, fetch, history, moment, told, whole
from tests.archive.merges import InThisProcess

PORTALS = ("south", "east")


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gongkai.merging, "Workers", InThisProcess)


@pytest.fixture
def fetched() -> list[Fetched]:
    return history(Random(3), nights=3, pages=12)


@pytest.fixture
def before(tmp_path: Path, fetched: list[Fetched]) -> Path:
    """The archive after two nights, with all that a crawl notes."""
    path = archive_of(tmp_path / "whole", [one for one in fetched if one.at < moment(2)])
    with Archive.open(path) as archive:
        run_id = archive.begin_run("crawl")
        for portal in (*PORTALS, "north"):
            url = f"https://{portal}.example.gov.cn/list.html"
            archive.note_link(portal, Asked(url, "report", 1, url, url, frozenset({"a report"})))
            archive.remember_columns(portal, {(url, "annual"): 3}, (), searched=True)
            first = archive.db.execute("SELECT min(capture_id) FROM captures WHERE portal_id = ?", [portal]).fetchone()[
                0
            ]
            walks = [Walk(url, first, 3)] if first else []
            fared = Fared(9, 3, 1, 0, 0, 0)
            archive.close_portal(run_id, portal, fared, listed={}, missing=(), walks=walks)
        archive.strike_host("south.example.gov.cn", "blocked", "go away", blocks=True, again=False)
        archive.finish_run(run_id, "ok", 0, {})
    return path


def night(path: Path, fetched: list[Fetched]) -> None:
    """The third night, of the portals of the part."""
    with Archive.open(path) as archive:
        for one in sorted(fetched, key=lambda one: one.order):
            if one.at >= moment(2) and one.portal_id in PORTALS:
                fetch(archive, one)


def home(path: Path, part: Path, run_id: int = 1) -> None:
    with Archive.open(path) as archive, archive.lock():
        assert merge_into(archive, part, run_id=run_id, with_state=True).left_out == ()


def test_what_a_part_knows_is_what_the_archive_knows(tmp_path: Path, before: Path) -> None:
    part = tmp_path / "part" / "archive.db"
    with Archive.open(before) as archive:
        cut(archive, PORTALS, part)
        with Archive.open(part) as cut_off:
            for portal in PORTALS:
                assert cut_off.links(portal) == archive.links(portal) != []
                assert cut_off.walks(portal) == archive.walks(portal)
                assert cut_off.known_columns(portal) == archive.known_columns(portal)
            assert cut_off.links("north") == []
            assert cut_off.held_hosts() == archive.held_hosts() != {}
            for (url,) in archive.db.execute("SELECT url FROM captures WHERE portal_id = 'south'").fetchall():
                assert cut_off.validators(url) == archive.validators(url)
            ids = "SELECT report_id, agency_id, year, revision FROM report_revisions WHERE portal_id = 'south'"
            assert cut_off.db.execute(ids).fetchall() == archive.db.execute(ids).fetchall() != []
            for (capture_id,) in cut_off.db.execute("SELECT capture_id FROM captures").fetchall():
                assert cut_off.read(capture_id) == archive.read(capture_id)
            assert cut_off.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_part_that_was_not_crawled_brings_nothing(tmp_path: Path, before: Path) -> None:
    with Archive.open(before) as archive:
        cut(archive, PORTALS, tmp_path / "part" / "archive.db")
    rows = whole(before)
    home(before, tmp_path / "part" / "archive.db")
    assert whole(before) == rows


def test_a_part_that_comes_home_leaves_what_a_night_would(tmp_path: Path, before: Path, fetched: list[Fetched]) -> None:
    shutil.copytree(before.parent, tmp_path / "itself")
    night(tmp_path / "itself" / "archive.db", fetched)
    part = tmp_path / "part" / "archive.db"
    with Archive.open(before) as archive:
        cut(archive, PORTALS, part)
    night(part, fetched)
    home(before, part)
    assert told(before) == told(tmp_path / "itself" / "archive.db")


def test_how_its_portals_fared_comes_home(tmp_path: Path, before: Path) -> None:
    """Of a part that was begun twice, both runs count as one; a host that answers again is forgotten."""
    part = tmp_path / "part" / "archive.db"
    with Archive.open(before) as archive:
        cut(archive, PORTALS, part)
        run_id = archive.begin_run("crawl")
    with Archive.open(part) as archive:
        for fared in (Fared(5, 2, 2, 0, 0, 1), Fared(3, 2, 0, 1, 0, 0)):
            mine = archive.begin_run("crawl")
            archive.close_portal(mine, "south", fared, listed={}, missing=(), walks=())
        archive.forget_hosts(["south.example.gov.cn"])
        archive.strike_host("east.example.gov.cn", "down", "no answer", blocks=False, again=False)
    home(before, part, run_id)
    with Archive.open(before) as archive:
        columns = "portal_id, requests, reports, new, revised, gone, failures"
        rows = archive.db.execute(f"SELECT {columns} FROM run_portals WHERE run_id = ?", [run_id]).fetchall()
        assert rows == [("south", 8, 2, 2, 1, 0, 0)]
        assert archive.held_hosts().keys() == {"east.example.gov.cn"}


def test_nothing_is_cut_over_what_is_there(tmp_path: Path, before: Path) -> None:
    with Archive.open(before) as archive, pytest.raises(ArchiveError, match="is there already"):
        cut(archive, PORTALS, before)

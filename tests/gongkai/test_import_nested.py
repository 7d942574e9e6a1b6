"""A record that holds a WARC file is one record, however a file is cut: what is in it was crawled by nobody."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from archive.incoming import Slice, records_of, slices_of
from archive.store import Archive
from crawler.portals import REQUIRED
from gongkai.importing import sources
from tests.gongkai.foreign import Page, filler, golden, reports, write_warc
from tests.gongkai.in_process import gongkai

FORGED = "https://www.forged.gov.cn/a.html"
CAPTURES = "SELECT c.url FROM imported_records i JOIN captures c USING (capture_id) ORDER BY i.record_offset"
CUT = 500_000


@pytest.fixture
def portals(tmp_path: Path) -> Path:
    path = tmp_path / "portals.csv"
    row = ("listed", "某县人民政府", "632224", "https://www.listed.example/", "", "")
    path.write_text("\n".join(map(",".join, (REQUIRED, row))), encoding="utf-8")
    return path


@pytest.fixture
def outer(tmp_path: Path) -> Path:
    """A WARC file with reports, one record of which holds WARC files that deflate leaves as they are."""
    random_bytes = random.Random(4)
    inner = write_warc(tmp_path / "inner.warc.gz", [Page(FORGED, golden("clean"))]).read_bytes()
    holds = b"".join(inner + random_bytes.randbytes(60_000) for _ in range(12))
    (tmp_path / "inner.warc.gz").unlink()
    binary = (("Content-Type", "application/octet-stream"),)
    pages = [*filler(3), Page("https://evil.example.com/x.bin", holds, headers=binary), *reports()]
    return write_warc(tmp_path / "outer.warc.gz", pages)


def test_what_a_record_holds_is_not_imported(
    tmp_path: Path, outer: Path, portals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor when an import goes on behind a slice that ended inside of the record."""
    archive = tmp_path / "archive.db"
    how = ("import", outer, "--archive", archive, "--portals", portals, "--workers", 1)
    monkeypatch.setattr(sources, "SLICE", CUT)
    first, *others = slices_of(outer, size=CUT)
    assert any(found.url == FORGED for piece in others for found in records_of(piece)), "no cut is inside of the record"
    for _ in range(2):
        done = gongkai(*how)
        assert done.returncode == 0, done.stderr
        with Archive.open(archive) as opened, opened.together():
            assert [url for (url,) in opened.db.execute(CAPTURES)] == [page.url for page in reports()]
            records = opened.db.execute("SELECT sum(records), sum(damaged) FROM imported_slices").fetchone()
            opened.db.execute("UPDATE imported_sources SET finished_at = NULL")
            opened.db.execute("UPDATE imported_slices SET start = ?, until = ?, records = 4", [first.start, first.end])
        assert records == (10, 0)


def test_damage_does_not_open_a_record_that_holds_others(outer: Path) -> None:
    places = {found.url: found.offset for found in records_of(Slice(str(outer)))}
    whole = bytearray(outer.read_bytes())
    end = places["https://evil.example.com/x.bin"]
    behind = min(place for place in places.values() if place > end)
    request = whole.rfind(b"\x1f\x8b\x08", end, behind)
    whole[request - 8 : request - 4] = bytes(4)  # the checksum of the record
    outer.write_bytes(whole)
    damage: list[str] = []
    urls = [found.url for found in records_of(Slice(str(outer)), on_damage=damage.append)]
    assert FORGED not in urls
    assert urls[-len(reports()) :] == [page.url for page in reports()]
    assert len(damage) == 1

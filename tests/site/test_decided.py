"""What people decided shows on the site: both numbers of a corrected cell, settled doubts, agencies that go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.agencies.deciding import Reason, merge
from archive.review.deciding import Ruling, decide
from archive.site import RunningSite
from archive.store import Archive
from pipelines.model import Issue
from tests.archive.archive_samples import AGENCY, reading, visit
from tests.site.visiting import get

TOTAL = "applications.new_received.total"
CARRIED = "applications.carried_in.total"


@pytest.fixture(scope="module")
def decided_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("decided") / "archive.db"
    doubts = tuple(Issue("ocr_unreviewed", "warning", "read by OCR", figure, (figure,)) for figure in (TOTAL, CARRIED))
    with Archive.open(path) as archive:
        visit(archive, reading(12, issues=doubts))
        visit(archive, reading(7, agency="甘肃省兰州市城关区水务局"), "https://www.example.gov.cn/other.html")
        decide(archive, [Ruling(AGENCY, 2023, TOTAL, "corrected", "the scan shows <b>21</b>", "21")], "li")
        decide(archive, [Ruling(AGENCY, 2023, CARRIED, "accepted", "looked at")], "li")
    with RunningSite(path) as site:
        yield site.url


def test_a_corrected_cell_shows_both_numbers(decided_site: str) -> None:
    page = get(decided_site, "/report/1").tree
    corrected = page.get_element_by_id(TOTAL)
    assert "corrected" in corrected.get("class").split()
    assert (corrected.findtext("a/del"), corrected.findtext("a/ins")) == ("12", "21")
    assert corrected.get("title").splitlines()[0] == f"{TOTAL} = 21"
    assert "flagged" not in page.get_element_by_id(CARRIED).get("class").split()


def test_the_figure_says_who_decided_and_why(decided_site: str) -> None:
    page = get(decided_site, f"/report/1/{TOTAL}").words
    assert "21 件" in page
    assert "the scan shows <b>21</b>" in page
    assert "settled" in page


def test_a_merged_agency_leads_to_what_it_was_found_to_be(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        visit(archive, reading(12))
        visit(archive, reading(7, agency="甘肃省兰州市城关区教委", year=2022), "https://www.example.gov.cn/other.html")
        names = dict(archive.db.execute("SELECT name, agency_id FROM agencies").fetchall())
        merge(archive, "甘肃省兰州市城关区教委", AGENCY, Reason("li", "the same body"))
    with RunningSite(path) as site:
        page = get(site.url, f"/agency/{names['甘肃省兰州市城关区教委']}").tree
        assert f"/agency/{names[AGENCY]}" in {a.get("href") for a in page.cssselect(".names a")}
        kept = get(site.url, f"/agency/{names[AGENCY]}")
        assert [row.findtext("td/a") for row in kept.tree.cssselect("table.years tbody tr")] == ["2023", "2022"]
        assert "甘肃省兰州市城关区教委" in kept.words

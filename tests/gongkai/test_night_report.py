"""The report of a night: whole, escaped, needing nothing from outside, and bearable with thousands of portals."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree, html

from archive.nights.alarms import to_tell
from archive.nights.portals import Fared
from gongkai.watching import files
from gongkai.watching.drawing import bars, shares, sparkline
from gongkai.watching.page import report_page
from gongkai.watching.report import Night, night_of
from gongkai.watching.text import alarm_text, report_text, size
from tests.archive.archive_samples import reading
from tests.gongkai.past_nights import Nights, Yield

HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e=cmd\"'><img src=http://evil.example/x>\nALARM forged"


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    with Nights(tmp_path / "archive.db") as nights:
        yield nights


def of(nights: Nights, run_id: int) -> Night:
    return night_of(nights.db, run_id, nights.archive.path, nights.archive.totals())


def test_what_a_report_says(nights: Nights) -> None:
    nights.night({"p": 40, "q": 12, "calm": 5})
    run_id = nights.run({"p": 0, "q": Fared(30, 14, 2, 1, 1, 0), "calm": 5})
    nights.judge(run_id)
    night = of(nights, run_id)
    text = report_text(night)
    assert f"run {run_id} of 2026-01-02" in text
    assert "19 reports on 3 portals, 2 new, 1 revised, 1 gone" in text
    assert re.search(r"^ALARM +yield_collapsed p \(p县\): gave no reports, and 40 before$", text, re.M)
    page = html.fromstring(report_page(night))
    assert [row.text_content()[:2] for row in page.xpath("//table[.//th='trend']/tbody/tr")] == ["p县", "q县"]
    assert page.xpath("string(//details)").startswith("1 other portal")
    assert len(page.xpath("//svg")) == 3 + 2
    assert "yield_collapsed" in page.xpath("string(//div[@class='alarm '])")


def test_reports_that_are_new_changed_and_gone_are_named(nights: Nights) -> None:
    archive = nights.archive
    run_id = archive.begin_run("crawl")
    began = nights.db.execute("SELECT started_at FROM runs").fetchone()[0]
    capture = {"run_id": run_id, "fetched_at": began, "status": 200, "content_type": "text/html", "truncated": ""}
    capture |= {"payload_length": 1, "warc_file": "a", "warc_length": 1500, "member_digest": "0"}
    for number, (agency, received) in enumerate((("甲局", 1), ("乙局", 1), ("乙局", 2), ("丙局", 1))):
        row = capture | {"url": f"http://p.gov.cn/{agency}", "warc_offset": number, "payload_digest": str(number)}
        capture_id = int(nights.db.table("captures").insert(row).last_pk or 0)
        archive.store(reading(received, agency=agency), capture_id, trust="official", portal_id="p")
    nights.db.execute("UPDATE report_readings SET gone_at = ? WHERE agency_printed = '丙局'", [began])
    archive.finish_run(run_id, "ok", 0, {})
    night = of(nights, run_id)
    assert [report.agency for report in night.new] == ["丙局", "乙局", "甲局"]
    assert [(report.agency, report.year) for report in night.revised] == [("乙局", 2023)]
    assert [report.agency for report in night.gone] == ["丙局"]
    assert night.evidence == 6000
    assert re.search(r"^revised +乙局 2023  http://p.gov.cn/乙局$", report_text(night), re.M)
    links = html.fromstring(report_page(night)).xpath("//a/@href")
    assert set(links) == {"http://p.gov.cn/甲局", "http://p.gov.cn/乙局", "http://p.gov.cn/丙局"}


def test_nothing_from_the_web_gets_out_of_its_place(nights: Nights) -> None:
    nights.night({"p": 40})
    run_id = nights.run({"p": Fared(3, 0, 0, 0, 0, 1, "no_report", HOSTILE)})
    nights.db.execute("UPDATE portals SET name = ?", [HOSTILE])
    page = {"outcome": "failed", "first_seen": "2026-01-02T18:00:00Z", "last_seen": "2026-01-02T18:00:00Z"}
    nights.db.table("pages").insert(page | {"url": "javascript:alert(1)", "reason": HOSTILE, "fault": HOSTILE})
    nights.judge(run_id)
    night = of(nights, run_id)
    source = report_page(night)
    tree = html.fromstring(source)
    assert not tree.xpath("//script | //img | //iframe | //link | //object | //form | //@onclick | //@src")
    assert not tree.xpath("//a")
    assert "default-src 'none'" in tree.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    assert not re.search(r"url\(|@import|https?://", re.sub(r"http://evil\.example/x", "", source))
    for text in (source, report_text(night), alarm_text(to_tell(nights.db))):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", text)
        assert text is source or not re.search("^ALARM forged", text, re.M)


def test_three_thousand_portals_make_a_page_that_opens(nights: Nights) -> None:
    many: dict[str, Yield] = {f"p{number:04}": 40 for number in range(3000)}
    for _ in range(3):
        nights.run(many)
    run_id = nights.run(many | {f"p{number:04}": 0 for number in range(500)})
    nights.judge(run_id)
    begun = time.process_time()
    night = of(nights, run_id)
    source, text = report_page(night), report_text(night)
    assert time.process_time() - begun < 3
    assert len(source) < 1_000_000
    assert len(html.fromstring(source).xpath("//table[.//th='trend']/tbody/tr")) == 200
    assert "500 of 3,000" in source
    assert len(text.splitlines()) < 150
    assert "yield_collapsed: and 490 more portals" in text
    assert len(alarm_text(night.told).splitlines()) < 20


def test_drawings_are_sound_svg() -> None:
    drawn = [
        bars(["1", "2", "<3"], [("new", "new", [0, 5, 2]), ("gone", "gone", [1, 0, 0])], title="a & b"),
        bars([], [("new", "new", [])], title="nothing"),
        shares([("timeout", 7), ("<b>", 1)], title="faults"),
        sparkline([None, 3, 4, None, 0, 0], title="trend"),
        sparkline([], title="none"),
    ]
    trees = [etree.fromstring(svg) for svg in drawn]
    assert [float(rect.get("height")) for rect in trees[0].xpath("//rect[@class='new']")] == [116.0, 46.4]
    assert [line.get("points").count(",") for line in trees[3].xpath("//polyline")] == [2, 2]
    assert trees[3].xpath("//circle")[0].get("class") == "dot bad"


def test_reports_and_logs_take_turns(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    for number in range(8, 13):
        files.write_report(archive, number, f"text {number}", f"page {number}")
    files.keep_newest_reports(archive, 2)
    names = {path.name for path in files.reports_of(archive).iterdir()}
    assert names == {f"{name}.{kind}" for name in ("night-11", "night-12", "latest") for kind in ("txt", "html")}
    assert (tmp_path / "reports" / "latest.html").read_text() == "page 12"
    logs = [files.new_log(archive) for _ in range(3)]
    assert len(set(logs)) == 3
    files.keep_newest_logs(archive, 0)
    assert len([*(tmp_path / "logs").iterdir()]) == 3
    files.keep_newest_logs(archive, 1)
    assert len([*(tmp_path / "logs").iterdir()]) == 1


def test_a_report_that_cannot_be_written_leaves_the_one_before(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    files.write_report(archive, 1, "one", "one")
    (tmp_path / "reports" / ".latest.html.draft").mkdir()
    with pytest.raises(OSError, match="draft"):
        files.write_report(archive, 2, "two", "two")
    assert (tmp_path / "reports" / "latest.html").read_text() == "one"


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2 * 10**9, "2.0 GB"), (5 * 10**12, "5,000 GB")],
)
def test_sizes(number: int, said: str) -> None:
    assert size(number) == said

"""`gongkai coverage` over real crawls: of the sample portal, and of portals that are down, blocked or closed to us."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from crawler.sample_portal import load
from tests.conftest import run
from tests.gongkai.in_process import gongkai
from tests.servers import Answer, Server

HEAD = "portal_id,name,division_code,home_url,column_url,platform\n"
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "RETRY_TIMES=0")


def coverage(archive: Path, *options: str | Path) -> list[dict[str, object]]:
    answer = gongkai("coverage", "--archive", archive, "--format", "json", *options)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)  # type: ignore[no-any-return]


def crawled(folder: Path, *urls: str) -> subprocess.CompletedProcess[str]:
    rows = "".join(f"p{n},某县{n},620123,,{url},\n" for n, url in enumerate(urls))
    (folder / "portals.csv").write_text(HEAD + rows, encoding="utf-8")
    return run("gongkai", "crawl", "--portals", "portals.csv", "--archive", "archive.db", *FAST, cwd=folder)


def test_after_a_crawl_every_report_of_the_sample_is_found_and_the_gaps_are_named(sample_archive: Path) -> None:
    with sqlite3.connect(sample_archive) as db:
        rows = db.execute("SELECT agency, year, status FROM coverage").fetchall()
    facts = {(fact.agency, fact.year) for fact in load()}
    assert {(agency, year) for agency, year, status in rows if status == "found"} == facts
    last = max(year for _, year, _ in rows)
    known = {agency: min(year for name, year in facts if name == agency) for agency, _ in facts}
    copies = "苏州市姑苏区党政办公室"  # known from a mirror alone
    owed = {(a, y) for a, first in known.items() if a != copies for y in range(first, last + 1)}
    assert {(agency, year) for agency, year, _ in rows if agency != copies} == owed


def test_counts_add_up_whatever_they_are_by(sample_archive: Path) -> None:
    reports = len(load())
    for by in ("province", "portal", "year", "level"):
        rows = coverage(sample_archive, "--by", by)
        assert sum(int(str(row["held"])) for row in rows) == reports
        assert all(row["due"] == 0 or 0 <= float(str(row["share"])) <= 1 for row in rows)
    missing = coverage(sample_archive, "--missing")
    assert len(missing) == sum(int(str(row["due"])) for row in rows) - reports
    assert all(row["reason"] for row in missing)
    year = missing[0]["year"]
    assert coverage(sample_archive, "--missing", "--year", str(year)) == [r for r in missing if r["year"] == year]


def test_table_and_csv(sample_archive: Path) -> None:
    told = gongkai("coverage", "--archive", sample_archive, "--by", "year")
    assert told.stdout.splitlines()[0].split()[:4] == ["year", "due", "held", "share"]
    assert told.stderr.startswith("coverage as of 20")
    listed = gongkai("coverage", "--archive", sample_archive, "--missing", "--format", "csv").stdout
    assert len(list(csv.DictReader(io.StringIO(listed)))) == len(coverage(sample_archive, "--missing"))


TITLE = "某县财政局2023年政府信息公开工作年度报告"
HEADINGS = (
    *("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"),
    *("四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项"),
)
BARE = "".join(f"<h2>{heading}</h2><p>{'依法公开政府信息，' * 20}</p>" for heading in HEADINGS)


def test_portals_that_give_nothing_and_a_report_without_tables(tmp_path: Path) -> None:
    empty = Answer("<html><p>欢迎</p></html>".encode())
    with Server({"/": Answer(b"")}) as dead:
        down = dead.url("/")
    with (
        Server({"/": Answer(b"<html>no</html>", 403)}) as walled,
        Server({"/robots.txt": Answer(b"User-agent: *\nDisallow: /\n"), "/": empty}, "127.0.0.2") as closed,
        Server({"/": empty}, "127.0.0.3") as silent,
        Server(
            {
                "/": Answer(f"<html><a href='/r.html'>{TITLE}</a></html>".encode()),
                "/r.html": Answer(f"<html><title>{TITLE}</title><h1>{TITLE}</h1>{BARE}</html>".encode()),
            },
            "127.0.0.4",
        ) as bare,
    ):
        urls = [server.url("/") for server in (walled, closed, silent, bare)]
        answer = crawled(tmp_path, down, *urls)
    assert answer.returncode == 1, answer.stderr
    rows = coverage(tmp_path / "archive.db", "--missing")
    nothing = {row["portal_id"]: row for row in rows if row["agency"] is None}
    assert {portal: row["status"] for portal, row in nothing.items()} == {
        **{"p0": "unreachable", "p1": "blocked", "p2": "refused", "p3": "not_found"}
    }
    assert "connection refused" in str(nothing["p0"]["reason"])
    assert "403" in str(nothing["p1"]["reason"])
    assert nothing["p3"]["reason"] == "the portal gave no report"
    assert {row["province"] for row in nothing.values()} == {"甘肃省"}
    known = {row["year"]: row for row in rows if row["agency"] == "某县财政局"}
    assert known[2023]["status"] == "no_tables"
    assert str(known[2023]["url"]).endswith("/r.html")
    assert {row["status"] for year, row in known.items() if year != 2023} == {"not_found"}


def test_pictures(sample_archive: Path, tmp_path: Path) -> None:
    pytest.importorskip("altair")
    for by, name in (("portal", "sample-trs"), ("province", "省份 province"), ("level", "层级 level")):
        file = tmp_path / f"{by}.svg"
        answer = gongkai("coverage", "--archive", sample_archive, "--by", by, "--picture", file)
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout == ""
        drawn = ElementTree.fromstring(file.read_text(encoding="utf-8"))
        words = [element.text or "" for element in drawn.iter() if element.tag.endswith("text")]
        assert any(name in word for word in words)
        assert "2024" in words
        assert [word for word in words if word.count("/") == 1 and word.replace("/", "").isdigit()]
    file = tmp_path / "a.png"
    assert gongkai("coverage", "--archive", sample_archive, "--picture", file).returncode == 0
    assert file.read_bytes().startswith(b"\x89PNG")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".png", ".svg", ".svg", ".svg"]


def test_markup_in_a_name_stays_text_in_the_picture(tmp_path: Path) -> None:
    pytest.importorskip("altair")
    from archive.charts.heatmap import as_svg, heat_map

    name = "<script>alert(1)</script>&\"'"
    row = {"portal": "p", "name": name, "year": 2023, "due": 3, "held": 1, "share": 0.3333}
    drawn = as_svg(heat_map([row], "portal"))
    assert "<script" not in drawn
    words = [element.text or "" for element in ElementTree.fromstring(drawn).iter() if element.tag.endswith("text")]
    assert any(name in word for word in words)


class TestFaults:
    def one_line(self, answer: subprocess.CompletedProcess[str], code: int, words: str) -> None:
        assert answer.returncode == code, answer.stderr
        assert answer.stdout == ""
        (line,) = answer.stderr.splitlines()
        assert words in line

    def test_no_archive(self, tmp_path: Path) -> None:
        for options in ((), ("--refresh",)):
            answer = gongkai("coverage", "--archive", tmp_path / "none.db", *options)
            self.one_line(answer, 3, "there is no such archive")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (("--year", "2023"), "go with --missing"),
            (("--status", "late"), "go with --missing"),
            (("--picture", "a.jpg"), ".svg or .png"),
            (("--picture", "a.svg", "--missing"), "does not go with --missing"),
        ],
    )
    def test_options_that_make_no_sense(self, sample_archive: Path, options: tuple[str, ...], words: str) -> None:
        self.one_line(gongkai("coverage", "--archive", sample_archive, *options), 2, words)

    def test_a_picture_that_cannot_be_written(self, sample_archive: Path, tmp_path: Path) -> None:
        pytest.importorskip("altair")
        file = tmp_path / "no" / "a.svg"
        self.one_line(gongkai("coverage", "--archive", sample_archive, "--picture", file), 3, str(file))

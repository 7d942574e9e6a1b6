"""`gongkai inspect`: what a page is to the crawler, and a bundle of it that gives nothing away."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.sample_portal import SamplePortal
from tests.conftest import ROOT, run
from tests.servers import Answer, Server

GOLDEN = ROOT / "tests" / "golden" / "clean.html"


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose settings let requests to our own server follow one another at once."""
    folder = tmp_path_factory.mktemp("hasty")
    (folder / "gongkai.toml").write_text("delay = 0\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def portal() -> SamplePortal:
    with SamplePortal(0) as started:
        yield started


def test_a_column_is_told_with_platform_encoding_links_and_pager(portal: SamplePortal, hasty: Path) -> None:
    url = f"http://hanweb.gongkai.localhost:{portal.port}/col/col12377/index.html"
    told = run("gongkai", "inspect", url, cwd=hasty)
    assert told.returncode == 0, told.stderr
    lines = dict(line.split(maxsplit=1) for line in told.stdout.splitlines() if line and not line.startswith(" "))
    assert lines["page"] == f"{url}, status 200"
    assert lines["encoding"].startswith("gb18030")
    assert lines["platform"] == "hanweb, generic"
    assert "dataproxy.jsp?startrecord=16" in lines["pager"]
    assert lines["reader"].startswith("no report")
    assert "10 look like reports" in told.stdout
    assert "2024年云泽市人民政府办公室政府信息公开工作年度报告" in told.stdout
    assert "5 name another matter" in told.stdout


def test_a_saved_report_is_read() -> None:
    told = run("gongkai", "inspect", GOLDEN, "--url", "http://www.example.gov.cn/nb/1.html")
    assert told.returncode == 0, told.stderr
    assert "reader     a report" in told.stdout
    assert "f2021" in told.stdout


def test_where_a_page_stands_decides_what_its_links_mean(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<ul><li><a href='/czj/'>财政局</a></li><li><a href='/2023/'>2023年</a></li></ul>", encoding="utf-8"
    )
    assert "2 look like columns" in run("gongkai", "inspect", page).stdout
    assert "look like columns" not in run("gongkai", "inspect", page, "--setting", "open").stdout


def test_the_bundle_holds_the_evidence_and_no_secret(tmp_path: Path, hasty: Path) -> None:
    cookie = {"Content-Type": "text/html", "Set-Cookie": "JSESSIONID=hush; path=/"}
    moved = Answer(b"", 302, {"Location": "/there.html?access_token=hush&id=7", **cookie})
    page = Answer("<a href='a.html?token=hush'>某县2023年政府信息公开工作年度报告</a>".encode(), headers=cookie)
    with Server({"/nb.jsp?token=hush": moved, "/there.html?access_token=hush&id=7": page}) as server:
        url = f"http://user:hush@{server.host}:{server.port}/nb.jsp?token=hush"
        told = run("gongkai", "inspect", url, "--bundle", tmp_path / "page.zip", cwd=hasty)
    assert told.returncode == 0, told.stderr
    assert "hush" not in told.stdout
    with zipfile.ZipFile(tmp_path / "page.zip") as bundle:
        assert sorted(bundle.namelist()) == ["captures.warc.gz", "environment.txt", "explanation.txt"]
        assert bundle.read("explanation.txt").decode() == told.stdout
        records = []
        for record in ArchiveIterator(io.BytesIO(bundle.read("captures.warc.gz"))):
            heads = record.http_headers.to_str() if record.http_headers else ""
            assert "hush" not in record.rec_headers.to_str() + heads
            records.append((record.rec_type, record.http_headers and record.http_headers.get_statuscode()))
    assert [status for kind, status in records if kind == "response"] == ["404", "302", "200"]


def test_what_cannot_be_had_is_one_line(tmp_path: Path, hasty: Path) -> None:
    with Server({"/robots.txt": Answer(b"User-agent: *\nDisallow: /\n")}) as server:
        forbidden = run("gongkai", "inspect", server.url("/a"), cwd=hasty)
    for told, reason in (
        (forbidden, "forbidden by robots.txt"),
        (run("gongkai", "inspect", tmp_path / "none.html"), "no such file"),
        (run("gongkai", "inspect", server.url("/a"), cwd=hasty), "connection refused"),
    ):
        assert told.returncode == 1
        assert told.stdout == ""
        (line,) = told.stderr.splitlines()
        assert reason in line


def test_a_page_on_the_web_needs_a_contact(tmp_path: Path) -> None:
    told = run("gongkai", "inspect", "http://www.example.gov.cn/", cwd=tmp_path)
    assert told.returncode == 2
    assert "set a contact first" in told.stderr

"""What can go wrong for the user: one clear line each, the documented exit code, nothing half-written."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Archive
from archive.database import write
from archive.nights import judging
from archive.nights.alarms import judge, open_alarms
from tests.conftest import BIN, run
from tests.servers import Answer, Server

HEAD = "portal_id,name,division_code,home_url,column_url,platform\n"


def portals(folder: Path, *urls: str) -> Path:
    path = folder / "portals.csv"
    path.write_text(HEAD + "".join(f"p{n},某县{n},,{url},{url},\n" for n, url in enumerate(urls)), encoding="utf-8")
    return path


def crawl(folder: Path, file: Path, *more: str) -> subprocess.CompletedProcess[str]:
    fast = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "RETRY_TIMES=0")
    return run("gongkai", "crawl", "--portals", file, "--archive", folder / "archive.db", *fast, *more, cwd=folder)


def test_a_portal_that_is_down_is_named_and_the_other_one_crawled(tmp_path: Path) -> None:
    with Server({"/": Answer(b"<html><a href='/r.html'>\xe6\x9f\x90\xe5\x8e\xbf</a></html>")}) as dead:
        url = dead.url("/")
    answer = crawl(tmp_path, portals(tmp_path, url))
    assert answer.returncode == 1
    lines = answer.stderr.splitlines()
    assert [line for line in lines if line.startswith("problem")] == [
        f"problem   p0 (某县0): robots.txt cannot be read: connection refused ({url})"
    ]
    assert "Traceback" not in answer.stderr
    assert lines[-1] == "verdict   incomplete"


def test_a_page_that_is_no_report_is_refused_with_a_reason(tmp_path: Path) -> None:
    link = "某县财政局2023年政府信息公开工作年度报告"
    with Server(
        {
            "/": Answer(f"<html><a href='/r.html'>{link}</a></html>".encode()),
            "/r.html": Answer("<html><h1>某县2023年政府工作报告</h1><p>各位代表：……</p></html>".encode()),
        }
    ) as server:
        answer = crawl(tmp_path, portals(tmp_path, server.url("/")))
    assert answer.returncode == 1
    assert "1 page without a report" in answer.stderr
    assert "called a report, but without tables, sections" in answer.stderr
    stored = run("sqlite-utils", "query", tmp_path / "archive.db", "select count(*) n from reports")
    assert json.loads(stored.stdout) == [{"n": 0}]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.write_bytes(b""), "the file is empty"),
        (lambda path: None, "no such file or directory"),
        (lambda path: path.mkdir(), "is a directory"),
        (lambda path: path.write_bytes(b"%PDF-1.7\n"), "the PDF is damaged or cut off"),
        (lambda path: path.write_bytes(bytes(range(256)) * 64 + bytes(4096)), None),
        (lambda path: path.write_bytes(b"WARC/1.0\r\nbroken"), None),
        (lambda path: path.write_bytes(b"\x1f\x8b\x08\x00broken"), None),
    ],
)
def test_what_cannot_be_read_is_one_line_and_exit_code_1(
    tmp_path: Path, make: Callable[[Path], object], reason: str | None
) -> None:
    path = tmp_path / "input.html"
    make(path)
    answer = run("gongkai", "extract", path)
    assert answer.returncode == 1
    (line,) = answer.stderr.splitlines()
    (found,) = map(json.loads, answer.stdout.splitlines())
    assert found["report"] is False
    assert line == f"gongkai: {path}: {found['reason']}"
    assert reason is None or found["reason"] == reason


def test_a_document_that_is_no_report_is_an_answer_not_an_error(tmp_path: Path) -> None:
    path = tmp_path / "guide.html"
    path.write_text("<html><h1>某县政府信息公开指南</h1><p>依申请公开。</p></html>", encoding="utf-8")
    answer = run("gongkai", "extract", path, "-", input="<p>你好</p>")
    assert answer.returncode == 0
    assert [json.loads(line)["source"] for line in answer.stdout.splitlines()] == [str(path), "-"]
    assert all(line.startswith("gongkai: ") and "not a report: " in line for line in answer.stderr.splitlines())


@pytest.mark.parametrize(
    ("place", "make"),
    [
        ("folder", lambda path: path.mkdir()),
        ("notes.txt", lambda path: path.write_text("not a database, but long enough to be taken for one" * 40)),
        ("notes.txt/archive.db", lambda path: path.parent.write_text("a file where a folder should be")),
    ],
)
def test_an_archive_that_cannot_be_opened(tmp_path: Path, place: str, make: Callable[[Path], object]) -> None:
    path = tmp_path / place
    make(path)
    before = sorted(tmp_path.rglob("*"))
    answer = run("gongkai", "crawl", "--sample", "--archive", path, cwd=tmp_path)
    assert answer.returncode == 3
    (line,) = answer.stderr.splitlines()
    assert line.startswith("gongkai: ")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_read_only_archive_folder(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    shelf.chmod(0o555)
    # Root may write anywhere unless it gives up the capability to.
    obey = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []
    if obey and not shutil.which(obey[0]):
        pytest.skip("needs setpriv to make root obey the mode of a folder")
    command = [*obey, str(BIN / "gongkai"), "crawl", "--sample", "--archive", str(shelf / "archive.db")]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False)
    assert answer.returncode == 3, answer.stderr
    (line,) = answer.stderr.splitlines()
    assert line.startswith("gongkai: ")
    assert list(shelf.iterdir()) == []


def test_two_runs_at_once_the_second_says_so_and_leaves(tmp_path: Path) -> None:
    with Server({"/": Answer(b"<html></html>", wait=20)}) as server:
        file = portals(tmp_path, server.url("/"))
        command = [str(BIN / "gongkai"), "crawl", "--portals", str(file), "--archive", str(tmp_path / "archive.db")]
        first = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        while not server.log:
            time.sleep(0.05)
        second = crawl(tmp_path, file)
        first.send_signal(signal.SIGTERM)
        server.release()
        assert second.returncode == 4
        (line,) = second.stderr.splitlines()
        assert "another gongkai" in line
        assert first.wait(60) == 5
        assert first.stderr is not None
        assert first.stderr.read().splitlines()[-1] == "verdict   stopped"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("portal_id,name\n", "column 'division_code' is missing"),
        (HEAD, "no portals in the file"),
        (HEAD + "a,A,,http://127.0.0.1/,,\na,B,,http://127.0.0.1/,,\n", "line 3: portal_id 'a' occurs twice"),
        (HEAD + "a,A,,file:///etc/passwd,,\n", "is not an http(s) URL"),
        (HEAD + "a,A,,,,\n", "neither home_url nor column_url"),
        (HEAD + "a,A,,http://127.0.0.1/,,wordstar\n", "unknown platform 'wordstar'"),
        (HEAD + "a,A,,http://www.example.gov.cn/,,\n", "set a contact first"),
        ("\xff\xfe", "portals.csv"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "portals.csv"
    path.write_text(content, encoding="utf-8" if "\xff" not in content else "latin-1")
    answer = crawl(tmp_path, path)
    assert answer.returncode == 2
    assert complaint in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
    assert not (tmp_path / "archive.db").exists()


def test_a_dry_run_prints_links_and_writes_nothing(tmp_path: Path) -> None:
    answer = run("gongkai", "crawl", "--sample", "--dry-run", "--portal", "sample-hanweb", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    lines = answer.stdout.splitlines()
    assert lines[0] == "portal_id,title,url"
    assert len(lines) == 17
    assert list(tmp_path.iterdir()) == []


def test_limit_and_since_bound_a_crawl(tmp_path: Path) -> None:
    run("gongkai", "crawl", "--sample", "--portal", "sample-trs", "--limit", "3", "--since", "2023", cwd=tmp_path)
    stored = run("sqlite-utils", "query", tmp_path / "data/archive.db", "select min(year) y, count(*) n from reports")
    (row,) = json.loads(stored.stdout)
    assert row["n"] == 3
    assert row["y"] >= 2023


def test_what_comes_from_the_web_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_text("<title>a\x1b[2J\u202eb2023年政府信息公开指南</title><p>\x1b]0;owned\x07</p>", encoding="utf-8")
    for shown in ("json", "table"):
        answer = run("gongkai", "extract", path, "--format", shown)
        assert not {"\x1b", "\u202e", "\x07"} & set(answer.stdout + answer.stderr)


def test_a_report_that_the_archive_does_not_take_is_named_and_the_run_incomplete(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.db.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON report_revisions WHEN new.year = 2023 "
            "BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
    answer = run("gongkai", "crawl", "--sample", "--portal", "sample-gkmlpt", "--archive", path, cwd=tmp_path)
    assert answer.returncode == 1
    assert "not stored" in answer.stderr
    assert "no room" in answer.stderr
    assert "Traceback" not in answer.stderr
    stored = run("sqlite-utils", "query", path, "select distinct year from reports order by year")
    assert [row["year"] for row in json.loads(stored.stdout)] == [2020, 2022, 2024]
    with Archive.open(path) as archive:
        run_id = judging.newest_runs(archive.db, 1)[0].run_id
        write(archive.db, archive.path, lambda: judge(archive.db, run_id, {}))
        assert "not_stored" in [alarm.code for alarm in open_alarms(archive.db)]


def test_a_crawl_that_ends_before_its_time_has_a_verdict_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    answer = run("gongkai", "crawl", "--sample", "--archive", path, "-s", "CLOSESPIDER_PAGECOUNT=1", cwd=tmp_path)
    assert answer.returncode == 1
    assert answer.stderr.splitlines()[-1] == "verdict   cut_short"
    with Archive.open(path) as archive:
        (last,) = judging.newest_runs(archive.db, 1)
    assert (last.verdict, last.exit_code, last.went_to_its_end) == ("cut_short", 1, False)

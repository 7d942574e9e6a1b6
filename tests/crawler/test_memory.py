"""The memory of a whole crawl, parent and workers together, on a portal that serves everything that swells.

`make memory` runs the long form, four of each.
"""

from __future__ import annotations

import gzip
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import BIN, ROOT
from tests.crawler.bombs import MB, gzip_bomb, office_bomb, pdf_bomb
from tests.crawler.processes import PROC, family, held
from tests.servers import Raw, RawServer, answer

pytestmark = pytest.mark.skipif(not PROC.exists(), reason="measures processes in /proc")

LONG = "GONGKAI_TEST_LONG" in os.environ
MOST = 1000 * 1000 * 1000
"""Bytes of the whole process tree."""
BODIES = (
    "财政局",
    "教育局",
    "民政局",
    "审计局",
    "统计局",
    "司法局",
    "水利局",
    "交通运输局",
    "卫生健康局",
    "应急管理局",
)
COPIES = 4 if LONG else 1
GOLDEN = (ROOT / "tests" / "golden" / "clean.html").read_text(encoding="utf-8")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"


def whole(body: bytes, *, length: int | None = None, **headers: str) -> Raw:
    sent = answer(body, length=length, **headers)
    return lambda: iter([sent])


def stream(start: bytes, piece: bytes, pieces: int | None = None, pause: float = 0) -> Raw:
    def parts() -> Iterator[bytes]:
        yield start
        number = 0
        while pieces is None or number < pieces:
            number += 1
            yield piece
            time.sleep(pause)

    return parts


def hostile() -> dict[str, tuple[Raw, str]]:
    """By path: an answer that swells, and the reason under which it must be recorded (a busy machine may not even
    get as far as the limit on size)."""
    title = "<meta charset=utf-8><h1>青禾县财政局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p>"
    page = {"Content_Encoding": "gzip"}
    size = 1024
    return {
        "/bomb.html": (whole(gzip_bomb(size, 10_000), **page), "too_large"),
        "/twice.html": (whole(gzip.compress(gzip_bomb(size)), Content_Encoding="gzip, gzip"), "too_large"),
        "/announced.pdf": (whole(bytes(1000), length=200 * MB), "too_large"),
        "/large.pdf": (stream(HEAD, bytes(65536), 200 * MB // 65536), "too_large|timeout"),
        "/endless.html": (stream(HEAD, b"<td>1" * 13_000), "too_large|timeout"),
        "/slow.html": (stream(HEAD, b"<p>", pause=0.2), "timeout"),
        "/header.html": (stream(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"x" * 1000 + b"\r\n"), "too_large"),
        "/bomb.docx": (whole(office_bomb("word/document.xml", 400)), ""),
        "/bomb.xlsx": (whole(office_bomb("xl/workbook.xml", 400)), ""),
        "/bomb.pdf": (whole(pdf_bomb(size)), "too_much_memory|unreadable"),
        "/cells.html": (whole((title + "<td>1" * 3_000_000).encode()), ""),
        "/deep.html": (whole((title + "<div>" * 300_000).encode()), ""),
        "/text.html": (whole(b"1 " * (15 * MB)), ""),
        "/scan.pdf": (whole(b"%PDF-1.7\n" + os.urandom(30 * MB)), ""),
    }


@dataclass(frozen=True)
class Run:
    """What a crawl came to: pages by path, figures stored, the peak of memory (bytes), and seconds."""

    pages: dict[str, tuple[str, str]]
    reports: int
    peak: int
    seconds: float


def crawl(folder: Path, answers: dict[str, Raw]) -> Run:
    links = "".join(
        f"<li><a href='{path}'>青禾县第{n}局2023年政府信息公开工作年度报告</a> 2024-01-02</li>"
        for n, path in enumerate(sorted(answers))
    )
    with RawServer({"/": whole(links.encode()), **answers}) as server:
        url, archive = server.url("/"), folder / "archive.db"
        portals = folder / "portals.csv"
        portals.write_text(f"portal_id,name,division_code,home_url,column_url,platform\np,某县,,{url},{url},\n")
        settings = {
            "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "DOWNLOAD_TIMEOUT": 5, "RETRY_TIMES": 0,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        }  # fmt: skip
        words = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
        command = [BIN / "gongkai", "crawl", "--portals", portals, "--archive", archive, *words]
        start, peak = time.monotonic(), 0
        process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
        while process.poll() is None:
            peak = max(peak, sum(map(held, family(process.pid))))
            time.sleep(0.05)
        seconds = time.monotonic() - start
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    with closing(sqlite3.connect(archive)) as db:
        pages = db.execute("SELECT url, outcome, fault, reason FROM pages").fetchall()
        (reports,) = db.execute("SELECT COUNT(*) FROM reports WHERE url LIKE '%/healthy%'").fetchone()
    by_path = {
        "/" + url.split("/", 3)[3]: (outcome, f"{fault or ''}: {reason or ''}") for url, outcome, fault, reason in pages
    }
    return Run(by_path, reports, peak, seconds)


def test_the_whole_tree_stays_below_a_gigabyte(tmp_path: Path) -> None:
    healthy = {
        f"/healthy{number}.html": whole(GOLDEN.replace("刚察县人民政府办公室", f"刚察县{body}").encode())
        for number, body in enumerate(BODIES)
    }
    faults = {path + "?" * bool(n) + str(n or ""): fault for path, fault in hostile().items() for n in range(COPIES)}
    found = crawl(tmp_path, {**healthy, **{path: raw for path, (raw, _) in faults.items()}})
    print(f"peak {found.peak / 1e6:.0f} MB of the whole process tree, {found.seconds:.1f} s", file=sys.stderr)
    for path, page in sorted(found.pages.items()):
        print(path, *page, file=sys.stderr)
    assert found.reports == len(healthy)
    for path, (_, word) in faults.items():
        outcome, reason = found.pages[path]
        assert outcome in ("failed", "unreadable", "not_a_report"), path
        assert reason, path
        assert re.search(word, reason), path
    assert found.peak < MOST
    assert found.seconds < 60 * COPIES

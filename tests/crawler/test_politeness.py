"""robots.txt by RFC 9309, one request at a time, no new listeners, evidence of everything."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import run
from tests.crawler.test_bodies import always
from tests.crawler.test_bodies import crawl as crawl_raw
from tests.crawler.test_guard import crawl, link
from tests.servers import Answer, Raw, Server, answer

ROBOTS = b"User-agent: *\nDisallow: /secret/\n"


@pytest.mark.parametrize(
    ("robots", "secret_fetched", "open_fetched"),
    [
        (Answer(ROBOTS, headers={"Content-Type": "text/plain"}), False, True),
        (Answer(b"User-agent: *\nDisallow: /\n", 404), True, True),  # the body of an error page is no rule
        (Answer(b"", 403), True, True),
        (Answer(b"", 500), False, False),
        (Answer(b"User-agent: gongkai\nDisallow: /\n"), False, False),
        (Answer(b"User-agent: otherbot\nDisallow: /\n"), True, True),
    ],
)
def test_robots(tmp_path: Path, robots: Answer, secret_fetched: bool, open_fetched: bool) -> None:
    page = Answer((link("/secret/a.html") + link("/open/b.html")).encode())
    with Server({"/robots.txt": robots, "/": page}) as server:
        crawl(tmp_path, server.url("/"))
        assert ("/secret/a.html" in server.log) == secret_fetched
        assert ("/open/b.html" in server.log) == open_fetched


def test_a_body_cut_short_is_kept_marked_and_no_page(tmp_path: Path) -> None:
    answers = {"/": Answer(link("/r.html").encode()), "/r.html": Answer(b"<html>half", length=5000)}
    with Server(answers) as server:
        pages = crawl(tmp_path, server.url("/"))
    assert [(outcome, reason) for url, outcome, reason in pages] == [("failed", "the body was cut short")]
    with sqlite3.connect(tmp_path / "archive.db") as db:
        cut = db.execute("SELECT truncated FROM captures WHERE url LIKE '%/r.html'").fetchall()
    assert cut
    assert set(cut) == {("disconnect",)}


def test_every_answer_is_kept_errors_and_robots_too(tmp_path: Path) -> None:
    moved = Answer(b"", 301, {"Location": "/there.html"})
    answers = {"/": Answer((link("/gone.html") + link("/moved.html")).encode()), "/moved.html": moved}
    with Server(answers) as server:
        crawl(tmp_path, server.url("/"))
        asked = server.log
    with sqlite3.connect(tmp_path / "archive.db") as db:
        kept = [(url.split("/", 3)[3], status) for url, status in db.execute("SELECT url, status FROM captures")]
    assert sorted(kept) == [
        ("", 200),
        ("gone.html", 404),
        ("moved.html", 301),
        ("robots.txt", 404),
        ("there.html", 404),
    ]
    assert len(asked) == len(kept)


def test_one_request_at_a_time_and_a_pause_between(tmp_path: Path) -> None:
    with Server({"/": Answer("".join(link(f"/{n}.html") for n in range(4)).encode())}) as server:
        url = server.url("/")
        portals = tmp_path / "portals.csv"
        portals.write_text(f"portal_id,name,division_code,home_url,column_url,platform\np,某县,,{url},{url},\n")
        start = time.monotonic()
        run(
            "gongkai", "crawl", "--portals", portals, "--archive", tmp_path / "archive.db",
            "-s", "DOWNLOAD_DELAY=0.5", "-s", "RANDOMIZE_DOWNLOAD_DELAY=False", "-s", "AUTOTHROTTLE_ENABLED=False",
            cwd=tmp_path,
        )  # fmt: skip
        # robots.txt, the column and four pages: five pauses.
        assert time.monotonic() - start > 2.5
        assert len(server.log) == 6


def test_the_pager_that_never_ends_ends(tmp_path: Path) -> None:
    page = Answer("<a href='/x.html'>公告</a> 2024-01-01 <a href='/'>下一页</a>".encode())
    with Server({"/": page}) as server:
        crawl(tmp_path, server.url("/"))
        assert server.log.count("/") <= 3


def test_a_page_asked_for_once_more_is_not_followed_past_robots(tmp_path: Path) -> None:
    moved = answer(b"", status=302, Location="/secret/a.html")
    listing = answer("".join(link(f"/{n}.html") for n in range(6)).encode())

    class Moving:
        """The column, until the host begins to refuse; then it leads elsewhere."""

        def __init__(self) -> None:
            self.asked = 0

        def __call__(self) -> Iterator[bytes]:
            self.asked += 1
            return iter([listing if self.asked == 1 else moved])

    column = Moving()
    refusals: dict[str, Raw] = {f"/{n}.html": always(answer(b"", status=403)) for n in range(6)}
    _, server = crawl_raw(tmp_path, {"/robots.txt": always(answer(ROBOTS)), "/": column, **refusals})
    assert column.asked == 2
    assert "/secret/a.html" not in server.log


def test_a_wait_that_makes_no_sense_is_none(tmp_path: Path) -> None:
    says = {
        "/digit": b"\xb2",  # a digit to Python, and no number
        "/late": b"Mon, 1 Jan 99999999999999999999 00:00:00 GMT",
    }
    busy = answer(b"", status=429, Retry_After="?")
    pages, _ = crawl_raw(tmp_path, {path: always(busy.replace(b"?", words)) for path, words in says.items()})
    assert pages == dict.fromkeys(says, ("failed", "rate_limited"))

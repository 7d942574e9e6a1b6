"""Bodies and headers as hostile and broken servers send them: named, kept as evidence, in nobody's way."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.utils.test import get_crawler

from archive import Archive, ArchiveError
from crawler.bodies import Bodies, NoRoom
from crawler.faults import fault_of
from crawler.patience import HostCooled, Patience
from tests.conftest import ROOT, run
from tests.crawler.bombs import MB, gzip_bomb
from tests.crawler.test_guard import link
from tests.servers import Raw, RawServer, answer

REPORT = (ROOT / "tests" / "golden" / "clean.html").read_bytes()
PACKED = gzip.compress(REPORT, mtime=0)
Pages = dict[str, tuple[str, str]]
Captures = list[tuple[str, str, int]]


def always(whole: bytes) -> Raw:
    return lambda: iter([whole])


def endless(start: bytes, piece: bytes) -> Raw:
    def pieces() -> Iterator[bytes]:
        yield start
        while True:
            yield piece

    return pieces


def crawl(folder: Path, answers: dict[str, Raw], *more: str, retries: int = 0) -> tuple[Pages, RawServer]:
    """Crawls a list of all paths; gives outcome and fault by path, and the server with its log."""
    listed = {"/": always(answer("".join(map(link, sorted(answers))).encode()))}
    with RawServer(listed | answers) as server:
        portals = folder / "portals.csv"
        url = server.url("/")
        portals.write_text(f"portal_id,name,division_code,home_url,column_url,platform\np,某县,,{url},{url},\n")
        settings = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "RETRY_TIMES": retries, "DOWNLOAD_TIMEOUT": 20}
        fast = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
        done = run(
            "gongkai", "crawl", "--portals", portals, "--archive", folder / "archive.db", *fast, *more, cwd=folder
        )
    assert "Traceback" not in done.stderr
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        pages = db.execute("SELECT url, outcome, fault FROM pages").fetchall()
    return {"/" + url.split("/", 3)[3]: (outcome, fault or "") for url, outcome, fault in pages}, server


def captures(folder: Path, path: str) -> Captures:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        query = "SELECT truncated, payload_digest, payload_length FROM captures WHERE url LIKE ? ORDER BY capture_id"
        return db.execute(query, (f"%{path}",)).fetchall()


def packed(body: bytes, **headers: str) -> Raw:
    return always(answer(body, Content_Encoding="gzip", **headers))


LINE = b"X-More: " + b"x" * 1000 + b"\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
BOMB = gzip_bomb(1024, 10_000)
MOVED = "http://127.0.0.1:1/\x1b[2J\u202e\u009b31m".encode()
FAULTS: dict[str, Raw] = {
    "/whole": packed(PACKED),
    "/cut": packed(PACKED[: len(PACKED) // 2]),
    "/sum": packed(PACKED[:-8] + bytes(4) + PACKED[-4:]),
    "/flate-cut": always(answer(zlib.compress(REPORT)[:-9], Content_Encoding="deflate")),
    "/foreign": packed(REPORT),
    "/gone": always(answer(REPORT, status=404, Content_Encoding="gzip")),
    "/bomb": packed(BOMB),
    "/many": packed(gzip.compress(b"", mtime=0) * 20_000),
    "/headers": endless(b"HTTP/1.1 200 OK\r\n", LINE),
    "/interim": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50),
    "/long": always(b"HTTP/1.1 200 OK\r\n" + LINE * 50 + b"Connection: close\r\n\r\n" + REPORT),
    "/endless": endless(HEAD, bytes(65536)),
    "/announced": always(answer(b"%PDF", length=200 * MB)),
    "/moved": always(b"HTTP/1.1 302 Found\r\nLocation: " + MOVED + b"\r\nContent-Length: 0\r\n\r\n"),
    "/odd": always(answer(REPORT, Content_Encoding="\x1b]0;owned\x07x")),
}
COLUMN = "<li><a href='/list'>政府信息公开年报</a></li>"


@dataclass(frozen=True)
class Night:
    """A crawl of all faults at once."""

    folder: Path
    pages: Pages
    asked: list[str]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    folder = tmp_path_factory.mktemp("faults")
    root = always(answer((COLUMN + "".join(map(link, FAULTS))).encode()))
    large = always(answer((link("/in-a-large-list") + "<i>1</i>" * 60_000).encode()))
    log = ("-s", "LOG_LEVEL=DEBUG", "-s", f"LOG_FILE={folder / 'log.txt'}")
    pages, server = crawl(folder, {"/": root, "/list": large, **FAULTS}, *log)
    return Night(folder, pages, server.log)


def test_encodings_that_do_not_hold_are_marked_and_named(night: Night) -> None:
    assert night.pages["/whole"][0] == "report"
    assert {path: night.pages[path] for path in ("/cut", "/sum", "/flate-cut", "/foreign", "/gone")} == {
        "/cut": ("failed", "body_cut"),
        "/sum": ("failed", "body_cut"),
        "/flate-cut": ("failed", "body_cut"),
        "/foreign": ("failed", "bad_encoding"),
        "/gone": ("gone", "not_found"),
    }
    for path in ("/whole", "/cut", "/sum", "/flate-cut", "/foreign", "/gone"):
        ((truncated, digest, length),) = captures(night.folder, path)
        assert truncated == ("disconnect" if path in ("/cut", "/sum", "/flate-cut") else ""), path
        if path in ("/whole", "/foreign", "/gone"):
            assert (digest, length) == (hashlib.sha256(REPORT).hexdigest(), len(REPORT)), path


def test_what_failed_to_unpack_is_asked_for_without_encoding(tmp_path: Path) -> None:
    class Healing:
        """Damaged at first; the second time as it was asked for."""

        def __init__(self, first: bytes) -> None:
            self.left = [answer(first, Content_Encoding="gzip")]

        def __call__(self) -> Iterator[bytes]:
            return iter([self.left.pop() if self.left else answer(REPORT)])

    answers: dict[str, Raw] = {"/cut": Healing(PACKED[:-30]), "/foreign": Healing(b"no gzip at all")}
    pages, server = crawl(tmp_path, answers, retries=1)
    assert {outcome for outcome, _ in pages.values()} == {"report"}
    for path in answers:
        asked = [sent["accept-encoding"] for way, sent in zip(server.log, server.asked, strict=True) if way == path]
        assert asked == ["gzip, deflate", "identity"]
        assert [truncated for truncated, *_ in captures(tmp_path, path)][1] == ""


def test_a_bomb_is_kept_as_it_came_and_goes_no_further(night: Night) -> None:
    assert night.pages["/bomb"] == night.pages["/many"] == ("failed", "too_large")
    ((truncated, digest, length),) = captures(night.folder, "/bomb")
    assert (truncated, digest, length) == ("", hashlib.sha256(BOMB).hexdigest(), len(BOMB))
    with Archive.open(night.folder / "archive.db") as archive:
        ((place,),) = archive.db.execute("SELECT capture_id FROM captures WHERE url LIKE '%/many'").fetchall()
        with pytest.raises(ArchiveError, match="gzip members"):
            archive.read(place)


def test_a_header_without_end_is_dropped(night: Night) -> None:
    assert night.pages["/long"][0] == "report"
    for path in ("/headers", "/interim"):
        assert night.pages[path] == ("failed", "too_large")


def test_a_body_without_end_is_dropped(night: Night) -> None:
    for path in ("/endless", "/announced"):
        assert night.pages[path] == ("failed", "too_large")


def test_a_page_that_is_no_list_is_not_looked_into(night: Night) -> None:
    assert night.pages["/list"] == ("failed", "too_large")
    assert "/in-a-large-list" not in night.asked


def test_a_log_line_obeys_nothing(night: Night) -> None:
    written = (night.folder / "log.txt").read_bytes().decode()
    assert "owned" in written
    written = written[written.index("Spider opened") :]
    assert [line for line in written.split("\n") if not line.isprintable()] == []
    assert "\n{" not in written  # the statistics, too, are one line


def test_many_large_bodies_take_turns(tmp_path: Path) -> None:
    body = b"PK\x03\x04" + os.urandom(6 * MB)
    with RawServer({f"/{n}": always(answer(body)) for n in range(8)}) as server:
        portals = tmp_path / "portals.csv"
        rows = [
            f"p{n},某县{n},,http://h{n}.localhost:{server.url('').rsplit(':', 1)[1]}/,"
            f"http://h{n}.localhost:{server.url('').rsplit(':', 1)[1]}/{n},\n"
            for n in range(8)
        ]
        portals.write_text("portal_id,name,division_code,home_url,column_url,platform\n" + "".join(rows))
        settings = {
            "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "RETRY_TIMES": 0, "GONGKAI_BODIES_MAXSIZE": 12 * MB,
        }  # fmt: skip
        fast = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
        run("gongkai", "crawl", "--portals", portals, "--archive", tmp_path / "archive.db", *fast)
        log = [path for path in server.log if path.strip("/").isdigit()]
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        kept = db.execute("SELECT COUNT(DISTINCT url) FROM captures WHERE payload_length = ?", (len(body),)).fetchone()
        refused = db.execute("SELECT COUNT(*) FROM pages WHERE fault = 'too_large'").fetchone()
    assert len(log) > 8  # some were put off and asked for again
    assert (kept, refused) == ((8,), (0,))


def room(size: int) -> tuple[Bodies, SimpleNamespace]:
    """Room for so many bytes, and the engine of the run that has it."""
    crawler = get_crawler(settings_dict={"GONGKAI_BODIES_MAXSIZE": size})
    engine = SimpleNamespace(running=True, _slot=SimpleNamespace(closing=None))
    engine.downloader = SimpleNamespace(middleware=SimpleNamespace(middlewares=[Patience(crawler, {})]))
    crawler.engine = engine  # type: ignore[assignment]
    return Bodies(crawler), engine


async def put_off(bodies: Bodies, name: str) -> Request:
    """A download of so much that it is put off: the request by which it is asked for again."""
    request = Request(f"http://{name}.localhost/")
    with pytest.raises(NoRoom) as stopped:
        bodies.received(bytes(2000), request)
    bodies.left(request)
    again = await bodies.process_exception(request, stopped.value)
    assert again is not None
    return again


def test_a_turn_is_one_requests_and_over_with_it() -> None:
    async def work() -> None:
        bodies, _ = room(1000)
        first, second = await put_off(bodies, "first"), await put_off(bodies, "second")
        await bodies.process_request(first)
        waits = asyncio.ensure_future(bodies.process_request(second))
        copy = first.replace(url="http://first.localhost/moved")
        with pytest.raises(NoRoom):
            bodies.received(bytes(2000), copy)
        bodies.left(copy)
        await asyncio.sleep(0.5)
        assert not waits.done()
        await bodies.process_exception(first, HostCooled("left alone"))  # before it came to the downloader
        await asyncio.wait_for(waits, 2)
        bodies.received(bytes(2000), second)
        bodies.left(second)
        assert bodies.together == 0

    asyncio.run(work())


def test_a_download_that_never_has_its_turn_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.bodies._LONGEST", 0.1)

    async def work() -> None:
        bodies, engine = room(1000)
        first, second = await put_off(bodies, "first"), await put_off(bodies, "second")
        await bodies.process_request(first)
        with pytest.raises(Exception, match="no room") as given_up:
            await bodies.process_request(second)
        assert fault_of(given_up.value).code == "too_large"
        with pytest.raises(NoRoom):
            bodies.received(bytes(2000), second)
        engine.running = False
        with pytest.raises(HostCooled):
            await bodies.process_request(second)

    asyncio.run(work())


def test_a_page_on_which_links_are_looked_for_too_long_is_given_up(tmp_path: Path) -> None:
    # Patterns are tried at every place: where one goes on to the end each time, that takes the square of the length.
    # The word at the end is the one without which nobody would try.
    hard = always(answer((link("/in-a-hard-list") + "<script " * 90_000 + "querydata").encode()))
    root = always(answer((COLUMN + link("/r")).encode()))
    pages, _ = crawl(tmp_path, {"/": root, "/list": hard, "/r": always(answer(REPORT))})
    assert pages["/r"][0] == "report"
    assert pages["/list"] == ("failed", "not_understood")

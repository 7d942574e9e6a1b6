"""Where requests may go, as a crawl of loopback servers shows it: canaries on this machine are never touched."""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path

import pytest

from crawler.guard import HostList, is_public
from crawler.portals import Portal, is_loopback
from tests.conftest import run
from tests.servers import Answer, Server

REPORT = "某县财政局2023年政府信息公开工作年度报告"


def crawl(folder: Path, url: str) -> list[tuple[str, str, str]]:
    """(url, outcome, reason) of the pages that a crawl of one column noted."""
    portals = folder / "portals.csv"
    portals.write_text(
        f"portal_id,name,division_code,home_url,column_url,platform\np,某县,,{url},{url},\n", encoding="utf-8"
    )
    archive = folder / "archive.db"
    fast = (
        "-s",
        "GONGKAI_CONTACT=a@example.org",
        "-s",
        "DOWNLOAD_DELAY=0",
        "-s",
        "AUTOTHROTTLE_ENABLED=False",
        "-s",
        "RETRY_TIMES=0",
    )
    done = run("gongkai", "crawl", "--portals", portals, "--archive", archive, *fast, cwd=folder)
    assert "Traceback" not in done.stderr
    with sqlite3.connect(archive) as db:
        return db.execute("SELECT url, outcome, reason FROM pages").fetchall()


def link(url: str) -> str:
    return f"<li><a href='{url}'>{REPORT}</a> 2024-01-02</li>"


def test_links_to_this_machine_to_files_and_to_strange_hosts_are_refused(tmp_path: Path) -> None:
    with Server({}) as canary, Server({}, "127.0.0.2") as other:
        targets = [
            canary.url("/a"), other.url("/b"), f"http://localhost:{canary.port}/c", f"http://127.1:{canary.port}/d",
            f"http://2130706433:{canary.port}/e", f"http://0x7f000001:{canary.port}/f", f"http://[::1]:{canary.port}/g",
            f"http://0.0.0.0:{canary.port}/h", "http://169.254.169.254/i", "file:///etc/hostname", "ftp://127.0.0.1/j",
            f"http://x.localhost:{canary.port}/k", f"http://rebind.example.com:{canary.port}/l",
        ]  # fmt: skip
        with Server({"/": Answer("".join(map(link, targets)).encode())}) as portal:
            pages = crawl(tmp_path, portal.url("/"))
        assert canary.log == []
        assert other.log == []
    refused = {url for url, outcome, _ in pages if outcome in ("forbidden", "failed")}
    assert len(refused) >= 10  # file: and ftp: are no links at all
    assert all(reason for _, _, reason in pages)


def test_a_redirect_to_this_machine_is_refused(tmp_path: Path) -> None:
    with Server({}) as canary:
        moved = Answer(b"", 302, {"Location": canary.url("/secret")})
        busy = Answer(b"", 503)
        answers = {"/": Answer((link("/moved") + link("/busy")).encode()), "/moved": moved, "/busy": busy}
        with Server(answers) as portal:
            pages = crawl(tmp_path, portal.url("/"))
        assert canary.log == []
    outcomes = {url.rsplit("/", 1)[1]: (outcome, reason) for url, outcome, reason in pages}
    assert outcomes["secret"][0] == "forbidden"
    assert outcomes["busy"] == ("failed", "status 503")


def test_a_catalogued_name_that_leads_inside_is_not_followed(tmp_path: Path) -> None:
    """This machine's own name stands for one whose name server, or a portals file from others, points inside."""
    name = socket.gethostname()
    try:
        address = socket.gethostbyname(name)
    except OSError:
        pytest.skip("this machine's name has no address")
    if is_public(address) or is_loopback(name):
        pytest.skip(f"this machine's name is {name} at {address}, which leads nowhere inside")
    with Server({"/": Answer(link("/a").encode())}, address) as inside:
        pages = crawl(tmp_path, f"http://{name}:{inside.port}/")
        assert inside.log == []
    assert [outcome for _, outcome, _ in pages if outcome not in ("forbidden", "failed")] == []


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://www.qinghe.gov.cn/a", True), ("https://zwgk.other.gov.cn/x", True),
        ("http://catalogued.example/z", True),
        ("http://gov.cn.evil.example/", False), ("http://evilgov.cn/", False), ("http://user@www.qinghe.gov.cn/", True),
        ("javascript:alert(1)", False), ("http://", False), ("http://[bad", False), ("http://a:99999/", False),
        ("http://127.0.0.1:8000/", True), ("http://127.0.0.1:8001/", False), ("http://127.0.0.1/", False),
    ],
)  # fmt: skip
def test_hosts(url: str, allowed: bool) -> None:
    portals = [
        Portal("a", "A", "", "http://www.qinghe.gov.cn/", "", ""),
        Portal("b", "B", "", "", "http://catalogued.example/col/", ""),
        Portal("c", "C", "", "http://127.0.0.1:8000/", "", ""),
    ]
    assert (HostList(portals).refusal(url) is None) == allowed


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("127.0.0.1", False), ("10.0.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False), ("224.0.0.1", False), ("::1", False), ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("fe80::1", False),
    ],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) == public


def test_loopback_names() -> None:
    assert all(map(is_loopback, ("localhost", "trs.gongkai.localhost", "127.3.2.1", "[::1]")))
    assert not any(map(is_loopback, ("localhost.example", "10.0.0.1", "www.gov.cn")))

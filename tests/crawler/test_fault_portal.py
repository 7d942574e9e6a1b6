"""The fault portal over real sockets: each fault does what its row says, and the reports beside it are whole."""

from __future__ import annotations

import csv
import gzip
import http.client
import io
import re
import signal
import socket
import ssl
import struct
import subprocess
import time
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import urlsplit

import olefile
import pytest

from crawler.sample_portal.facts import Fact
from crawler.sample_portal.faults import FAULTS, Fault, FaultPortal, bombs, files, hostile, wire
from crawler.sample_portal.faults.table import ROBOTS_SIZE
from crawler.sample_portal.forms import APPLICANTS
from tests.conftest import BIN
from tests.gongkai.in_process import gongkai

COLUMN = "/zwgk/zfxxgk/nb/index.html"
GZIP = {"Accept-Encoding": "gzip"}
ON_THE_PORT = [fault.key for fault in FAULTS if not fault.where]
WHOLE_HOSTS = ("challenge-host", "geo-host")


@pytest.fixture(scope="module")
def portal() -> Iterator[FaultPortal]:
    with FaultPortal(0, [fault.key for fault in FAULTS]) as started:
        yield started


def ask(portal: FaultPortal, key: str, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Status, headers and body, undecoded."""
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=3)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers={"Host": f"{key}.faults.localhost:{portal.port}", **sent})
    response = connection.getresponse()
    try:
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def raw(portal: FaultPortal, key: str, path: str, most: int = 1 << 20, seconds: float = 0.5) -> tuple[bytes, str]:
    """What arrives on the wire, up to `most` bytes, and how it ended: closed, reset, silent, more."""
    with socket.create_connection(("127.0.0.1", portal.port), timeout=seconds) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {key}.faults.localhost\r\n\r\n".encode())
        data = bytearray()
        deadline = time.monotonic() + seconds
        while len(data) < most:
            if time.monotonic() > deadline:
                return bytes(data), "silent"
            try:
                more = connection.recv(1 << 20)
            except TimeoutError:
                return bytes(data), "silent"
            except ConnectionResetError:
                return bytes(data), "reset"
            if not more:
                return bytes(data), "closed"
            data += more
        return bytes(data), "more"


def rows(portal: FaultPortal, key: str) -> list[str]:
    """The addresses in the list of a host, in order."""
    html = ask(portal, key, COLUMN)[2].decode()
    return re.findall(r'<li><a href="([^"]*)"', html)


def beside(portal: FaultPortal, fault: Fault) -> list[Fact]:
    """The healthy reports beside a fault, not those that it touches itself."""
    facts = portal.facts(fault.key)
    first = fault.healthy if fault.blocks else fault.healthy // 2
    return facts[:first] + facts[len(facts) - fault.healthy + first :]


def others(portal: FaultPortal, key: str) -> list[str]:
    """Those of them that are none of the reports that must be found."""
    numbers = [str(fact.number) for fact in portal.facts(key)]
    return [href for href in rows(portal, key) if not any(number in href for number in numbers)]


def the_fault(portal: FaultPortal, key: str) -> str:
    (path,) = others(portal, key)
    return path


def shows(body: bytes, fact: Fact) -> bool:
    cells = "".join(fact.printed[f"applications.results_total.{column}"] for column in APPLICANTS)
    text = re.sub(r"<[^>]*>|\s+", "", body.decode())
    return fact.agency in text and f"{cells}" in text


def split(data: bytes) -> tuple[str, bytes]:
    head, _, body = data.partition(b"\r\n\r\n")
    return head.decode("latin-1"), body


# -- what all have in common ---------------------------------------------------------------------------------------


def test_the_table_is_complete(portal: FaultPortal) -> None:
    assert len({fault.key for fault in FAULTS}) == len(FAULTS) >= 55
    assert len({row["home_url"] for row in portal.portals()}) == len(FAULTS)
    assert [fault for fault in FAULTS if fault not in FaultPortal(0).faults] == [
        fault for fault in FAULTS if fault.key == "dns"
    ]
    assert all(fault.does for fault in FAULTS)
    agencies = [(fact.agency, fact.year) for fact in (*portal.facts(), *portal.withheld())]
    assert len(set(agencies)) == len(agencies)
    for fault in FAULTS:
        assert len(portal.facts(fault.key)) >= fault.healthy
        assert {fact.portal for fact in portal.facts(fault.key)} <= {f"fault-{fault.key}"}


@pytest.mark.parametrize("key", [key for key in ON_THE_PORT if key not in WHOLE_HOSTS])
def test_the_healthy_reports_are_listed_and_whole(portal: FaultPortal, key: str) -> None:
    (fault,) = [fault for fault in FAULTS if fault.key == key]
    listed = rows(portal, key)
    assert COLUMN.encode() in ask(portal, key, "/")[2]
    healthy = beside(portal, fault)
    paths = [f"/zwgk/zfxxgk/nb/{fact.number}.html" for fact in healthy]
    assert set(paths) <= set(listed)
    if healthy and others(portal, key):
        places = sorted(listed.index(path) for path in paths)
        first_fault = min(listed.index(href) for href in others(portal, key))
        assert places[0] < first_fault
        assert fault.blocks == (places[-1] < first_fault) or key == "links-password"
    for fact, path in zip(healthy[:1] + healthy[-1:], paths[:1] + paths[-1:], strict=True):
        status, _, body = ask(portal, key, path)
        assert (status, shows(body, fact)) == (200, True)


def test_the_same_seed_gives_the_same_bytes() -> None:
    keys = ("short-body", "titles", "types")
    seen = []
    port = 0
    for _ in range(2):
        with FaultPortal(port, keys) as portal:
            port = portal.port
            seen.append([ask(portal, key, path)[2] for key in keys[1:] for path in rows(portal, key)])
            seen[-1] += [raw(portal, keys[0], path)[0] for path in others(portal, keys[0])]
    assert seen[0] == seen[1]


def test_a_choice_of_faults() -> None:
    with FaultPortal(0, ("404", "hang")) as portal:
        assert [row["portal_id"] for row in portal.portals()] == ["fault-hang", "fault-404"]
    with pytest.raises(ValueError, match="no such fault: nonsense"):
        FaultPortal(0, ("nonsense",))


def test_the_log_knows_who_asked_for_what(portal: FaultPortal) -> None:
    path = the_fault(portal, "reset")
    raw(portal, "reset", path)
    last = portal.log[-1]
    assert (last.host, last.method, last.path, last.status) == ("reset.faults.localhost", "GET", path, 0)


# -- on the wire ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "end"), [("hang", "silent"), ("reset", "reset"), ("closed", "closed"), ("robots-hang", "silent")]
)
def test_no_answer(portal: FaultPortal, key: str, end: str) -> None:
    path = "/robots.txt" if key == "robots-hang" else the_fault(portal, key)
    assert raw(portal, key, path, seconds=0.3) == (b"", end)


def test_nobody_listens(portal: FaultPortal) -> None:
    (row,) = [row for row in portal.portals() if row["portal_id"] == "fault-refused"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", urlsplit(row["home_url"]).port or 0), timeout=1)
    assert [row["home_url"] for row in portal.portals() if row["portal_id"] == "fault-dns"] == [
        "http://dns.faults.invalid/"
    ]


def test_a_body_that_drips(portal: FaultPortal) -> None:
    data, end = raw(portal, "drip", the_fault(portal, "drip"), seconds=0.8)
    head, body = split(data)
    assert ("Content-Length: 100000" in head, end) == (True, "silent")
    assert 2 <= len(body) <= 6


def test_what_is_not_http(portal: FaultPortal) -> None:
    with pytest.raises(http.client.BadStatusLine):
        ask(portal, "garbage", the_fault(portal, "garbage"))


@pytest.mark.parametrize("key", ["short-body", "broken-chunk"])
def test_bodies_that_are_cut(portal: FaultPortal, key: str) -> None:
    with pytest.raises(http.client.IncompleteRead) as caught:
        ask(portal, key, the_fault(portal, key))
    assert len(caught.value.partial) > 1000 or key == "broken-chunk"
    assert raw(portal, key, the_fault(portal, key))[1] == "closed"


def test_a_body_without_length(portal: FaultPortal) -> None:
    fact = portal.facts("unsized")[2]
    data, end = raw(portal, "unsized", f"/zwgk/zfxxgk/nb/{fact.number}.html")
    head, body = split(data)
    assert ("Content-Length" in head, end) == (False, "closed")
    assert shows(body, fact)


@pytest.mark.parametrize("key", ["endless-body", "endless-headers"])
def test_what_never_ends(portal: FaultPortal, key: str) -> None:
    data, end = raw(portal, key, the_fault(portal, key), most=30 << 20, seconds=5)
    assert end == "more"
    assert (b"\r\n\r\n" in data) == (key == "endless-body")


def test_two_hundred_megabytes(portal: FaultPortal) -> None:
    for key, announced in (("big", True), ("big-unsized", False)):
        data, end = raw(portal, key, the_fault(portal, key), most=4 << 20, seconds=5)
        assert (f"Content-Length: {200 << 20}" in split(data)[0], end) == (announced, "more")
    total = 0
    with socket.create_connection(("127.0.0.1", portal.port), timeout=5) as connection:
        path = the_fault(portal, "big-unsized")
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: big-unsized.faults.localhost\r\n\r\n".encode())
        buffer = bytearray(1 << 20)
        while more := connection.recv_into(buffer):
            total += more
    assert 0 < total - (200 << 20) < 1000


def test_faults_of_compression(portal: FaultPortal) -> None:
    _, headers, cut = ask(portal, "gzip-cut", the_fault(portal, "gzip-cut"), **GZIP)
    assert headers["Content-Encoding"] == "gzip"
    with pytest.raises(EOFError):
        gzip.decompress(cut)
    assert len(zlib.decompressobj(31).decompress(cut)) > 1000
    with pytest.raises(gzip.BadGzipFile, match="CRC"):
        gzip.decompress(ask(portal, "gzip-crc", the_fault(portal, "gzip-crc"))[2])
    _, headers, plain = ask(portal, "not-gzip", the_fault(portal, "not-gzip"))
    assert headers["Content-Encoding"] == "gzip"
    assert shows(plain, portal.withheld("not-gzip")[0])


def test_gzip_that_is_broken_and_well_without(portal: FaultPortal) -> None:
    fact = portal.facts("gzip-only-broken")[2]
    path = f"/zwgk/zfxxgk/nb/{fact.number}.html"
    with pytest.raises(EOFError):
        gzip.decompress(ask(portal, "gzip-only-broken", path, Accept_Encoding="gzip, deflate")[2])
    assert shows(ask(portal, "gzip-only-broken", path, Accept_Encoding="identity")[2], fact)


# -- bombs ---------------------------------------------------------------------------------------------------------


def test_the_arithmetic_of_bombs_is_right() -> None:
    small = bombs.squeezed(b"head", bytes(range(256)) * 50, b"tail", 5)
    whole = b"head" + bytes(range(256)) * 50 * 32 + b"tail"
    assert zlib.decompress(small.data, -15) == whole
    assert (small.size, small.crc, small.adler) == (len(whole), zlib.crc32(whole), zlib.adler32(whole))
    with zipfile.ZipFile(io.BytesIO(bombs.zipped({"a.xml": small, "b/c.xml": bombs.squeezed(b"x")}))) as archive:
        assert archive.testzip() is None
        assert archive.read("a.xml") == whole


def test_the_gzip_bomb(portal: FaultPortal) -> None:
    status, headers, body = ask(portal, "gzip-bomb", the_fault(portal, "gzip-bomb"))
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert 9_000_000 < len(body) < 13_000_000
    assert 0 < struct.unpack("<I", body[-4:])[0] - (1 << 30) < 1000
    assert len(zlib.decompressobj(31).decompress(body, 20 << 20)) == 20 << 20


def test_the_bombs_in_files(portal: FaultPortal) -> None:
    for key, member in (("docx-bomb", "word/document.xml"), ("xlsx-bomb", "xl/worksheets/sheet1.xml")):
        body = ask(portal, key, the_fault(portal, key))[2]
        assert len(body) < 10_000_000
        with zipfile.ZipFile(io.BytesIO(body)) as archive, archive.open(member) as stream:
            assert archive.getinfo(member).file_size > 1 << 30
            assert stream.read(100).startswith(b"<?xml")
            stream.read(4 << 20)
    body = ask(portal, "pdf-bomb", the_fault(portal, "pdf-bomb"))[2]
    stream_of = re.search(rb"stream\n(.*)\nendstream", body, re.DOTALL)
    assert stream_of
    assert len(body) < 10_000_000
    unpacked = zlib.decompressobj().decompress(stream_of[1], 4 << 20)
    assert unpacked.startswith(b"BT /F1 12 Tf (0) Tj (0) Tj")


def test_files_that_cannot_be_read(portal: FaultPortal) -> None:
    half = ask(portal, "pdf-cut", the_fault(portal, "pdf-cut"))[2]
    assert (half[:5], b"%%EOF" in half) == (b"%PDF-", False)
    body = ask(portal, "encrypted", the_fault(portal, "encrypted"))[2]
    assert body == files.encrypted_doc()
    with olefile.OleFileIO(io.BytesIO(body)) as file:
        assert file.listdir() == [["EncryptedPackage"], ["EncryptionInfo"]]
        assert len(file.openstream("EncryptedPackage").read()) == 4096
    body = ask(portal, "zip-slip", the_fault(portal, "zip-slip"))[2]
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert any(name.startswith("../../") for name in archive.namelist())
        assert archive.testzip() is None


# -- what servers say ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "status", "words"),
    [
        ("500", 500, "500"),
        ("502", 502, "502"),
        ("503", 503, "503"),
        ("429", 429, "429"),
        ("404", 404, "不存在"),
        ("410", 410, "Gone"),
        ("soft-404", 200, "页面不存在"),
        ("soft-404-home", 302, ""),
        ("challenge-412", 412, "$_ts"),
        ("challenge-521", 521, "document.cookie"),
        ("captcha", 200, "请输入验证码"),
        ("geo-403", 403, "该地区禁止访问"),
        ("geo-200", 200, "禁止访问"),
    ],
)
def test_answers(portal: FaultPortal, key: str, status: int, words: str) -> None:
    answer = ask(portal, key, the_fault(portal, key))
    assert (answer[0], words in answer[2].decode()) == (status, True)


@pytest.mark.parametrize(("key", "status"), [("503-then-well", 503), ("429-then-well", 429)])
def test_what_passes(key: str, status: int) -> None:
    with FaultPortal(0, (key,)) as portal:
        fact = portal.facts()[2]
        path = f"/zwgk/zfxxgk/nb/{fact.number}.html"
        refused = ask(portal, key, path)
        assert (refused[0], refused[1]["Retry-After"]) == (status, "1")
        assert shows(ask(portal, key, path)[2], fact)


@pytest.mark.parametrize(("key", "status"), [("challenge-host", 412), ("geo-host", 403)])
def test_hosts_that_refuse_everything(portal: FaultPortal, key: str, status: int) -> None:
    assert [ask(portal, key, path)[0] for path in ("/", COLUMN, "/robots.txt")] == [status, status, 200]
    assert len(portal.withheld(key)) == 4


def test_redirects_that_lead_nowhere(portal: FaultPortal) -> None:
    for key, ends_where_it_began in (("redirect-loop", True), ("redirect-endless", False)):
        path = the_fault(portal, key)
        seen = [path]
        for _ in range(30):
            status, headers, _ = ask(portal, key, seen[-1])
            assert status == 302
            seen.append(headers["Location"])
        assert (len(set(seen)) == 2) == ends_where_it_began
        assert (len(set(seen)) == 31) != ends_where_it_began


def test_redirects_to_where_nobody_should_go(portal: FaultPortal) -> None:
    def targets(key: str) -> list[str]:
        return [ask(portal, key, path)[1]["Location"] for path in others(portal, key)]

    assert targets("redirect-file") == ["file:///etc/hostname"]
    assert targets("redirect-metadata") == ["http://169.254.169.254/latest/meta-data/"]
    assert targets("redirect-abroad") == ["http://www.example.com/nb.html"]
    assert f"http://2130706433:{portal.canary_port}/" in targets("redirect-canary")


def test_links_to_where_nobody_should_go(portal: FaultPortal) -> None:
    schemes = others(portal, "links-schemes")
    assert {href.partition(":")[0] for href in schemes} == {"file", "ftp", "data", "javascript", "gopher"}
    assert "file://links-schemes.faults.localhost/etc/hostname" in schemes
    spelled = others(portal, "links-canary")
    for host in ("127.0.0.1", "127.1", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]", "localhost"):
        assert f"http://{host}:{portal.canary_port}/nb/1.html" in spelled
    passwords = [href for href in rows(portal, "links-password") if "@" in href]
    assert [urlsplit(href).password for href in passwords] == ["geheim", "geheim"]
    assert urlsplit(passwords[0]).path in rows(portal, "links-password")


def test_the_canary_counts() -> None:
    with FaultPortal(0, ("404",)) as portal:
        assert portal.canary == 0
        for host in ("127.0.0.1", "127.1", "2130706433", "localhost"):
            with socket.create_connection((host, portal.canary_port), timeout=2) as connection:
                connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
                assert b"canary" in connection.recv(1000)
        assert portal.canary == 4
        assert portal.log == []


def test_robots(portal: FaultPortal) -> None:
    assert ask(portal, "404", "/robots.txt")[2].decode().splitlines() == ["User-agent: *", "Disallow: "]
    assert b"Disallow: /zwgk/private/" in ask(portal, "robots-folder", "/robots.txt")[2]
    assert ask(portal, "robots-503", "/robots.txt")[0] == 503
    huge = ask(portal, "robots-huge", "/robots.txt")[2]
    assert (len(huge) > ROBOTS_SIZE - 300_000, huge[:40]) == (True, b"User-agent: *\nDisallow: /zwgk/private/\n#")
    private = {path for host, path in portal.forbidden() if host == "robots-folder.faults.localhost"}
    assert private == set(others(portal, "robots-folder"))
    assert all(ask(portal, "robots-folder", path)[0] == 200 for path in private)
    assert ("robots-503.faults.localhost", "/") in portal.forbidden()


# -- pages ---------------------------------------------------------------------------------------------------------


def test_wrong_types(portal: FaultPortal) -> None:
    found = portal.facts("types")[2:5]
    endings, kinds, starts = (
        ("html", "pdf", "txt"),
        ("text/html", "application/pdf", "text/plain"),
        (b"%PDF", b"<!DO", b"PK"),
    )
    for fact, ending, kind, start in zip(found, endings, kinds, starts, strict=True):
        _, headers, body = ask(portal, "types", f"/zwgk/zfxxgk/nb/{fact.number}.{ending}")
        assert headers["Content-Type"].startswith(kind)
        assert body.startswith(start)


def test_a_calendar_has_no_end(portal: FaultPortal) -> None:
    path, seen = "/rili?m=24288", set()
    assert path.encode() in ask(portal, "calendar", COLUMN)[2]
    for _ in range(25):
        html = ask(portal, "calendar", path)[2].decode()
        seen.add(path)
        path = re.findall(r'href="([^"]*)">下一月', html)[0]
        assert html.count("<td>") == 28
    assert len(seen) == 25


def test_sessions_have_no_end(portal: FaultPortal) -> None:
    path = re.findall(r'href="([^"]*jsessionid[^"]*)"', ask(portal, "sessions", COLUMN)[2].decode())[0]
    seen = set()
    for _ in range(10):
        html = ask(portal, "sessions", path)[2].decode()
        assert str(portal.facts("sessions")[0].number) in html
        seen.add(path)
        path = re.findall(r'href="([^"]*jsessionid[^"]*)"', html)[0]
    assert len(seen) == 10


def test_hostile_pages(portal: FaultPortal) -> None:
    assert ask(portal, "nested", the_fault(portal, "nested"))[2].count(b"<div>") == 100_000
    assert ask(portal, "wide", the_fault(portal, "wide"))[2].count(b"<td>") == 1_000_000
    spanning = portal.facts("spans")[2]
    body = ask(portal, "spans", f"/zwgk/zfxxgk/nb/{spanning.number}.html")[2]
    assert (b'rowspan="1000000000" colspan="1000000000"' in body, shows(body, spanning)) == (True, True)
    html = ask(portal, "titles", COLUMN)[2].decode()
    assert "\x1b[2J" in html
    assert "\u202e" in html
    assert "=HYPERLINK(" in html
    for title, fact in zip(hostile.TITLES, portal.facts("titles")[2:], strict=False):
        status, _, body = ask(portal, "titles", f"/zwgk/zfxxgk/nb/{fact.number}.html")
        assert (status, shows(body, fact)) == (200, True)
        assert title[:3] in body.decode().replace("&lt;", "<").replace("&#x27;", "'")


# -- TLS -----------------------------------------------------------------------------------------------------------


def over_tls(portal: FaultPortal, key: str, path: str, options: int = 0) -> bytes:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.options |= options
    (row,) = [row for row in portal.portals() if row["portal_id"] == f"fault-{key}"]
    host = urlsplit(row["home_url"])
    assert host.scheme == "https"
    with (
        socket.create_connection(("127.0.0.1", host.port or 0), timeout=3) as plain,
        context.wrap_socket(plain, server_hostname=host.hostname) as connection,
    ):
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host.netloc}\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_secure_renegotiation_is_all_that_the_legacy_host_lacks(portal: FaultPortal) -> None:
    with pytest.raises(ssl.SSLError, match="UNSAFE_LEGACY_RENEGOTIATION_DISABLED"):
        over_tls(portal, "tls-legacy", COLUMN)
    allowed = getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    assert "政府信息公开年报" in over_tls(portal, "tls-legacy", COLUMN, allowed).decode()
    assert "政府信息公开年报" in over_tls(portal, "tls", COLUMN).decode()
    for key, facts, options in (
        ("tls", portal.facts("tls"), 0),
        ("tls-legacy", portal.withheld("tls-legacy"), allowed),
    ):
        assert len(facts) == 4
        data = over_tls(portal, key, f"/zwgk/zfxxgk/nb/{facts[0].number}.html", options)
        assert shows(split(data)[1], facts[0])
    assert portal.log[-1].host == "tls-legacy.faults.localhost"


def test_the_portal_stops_and_starts_again() -> None:
    portal = FaultPortal(0, ("hang", "tls"))
    for _ in range(2):
        with portal:
            assert len(rows(portal, "hang")) == 5
            assert wire.BIG == 200 << 20
            over_tls(portal, "tls", "/")
    portal.stop()


# -- the command ---------------------------------------------------------------------------------------------------


def test_the_command_serves_the_fault_portal() -> None:
    command = [str(BIN / "gongkai"), "sample-portal", "--faults", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert server.stdout is not None
    assert server.stderr is not None
    try:
        port = re.findall(r"http://127\.0\.0\.1:(\d+)/", server.stderr.readline())[0]
        with socket.create_connection(("127.0.0.1", int(port)), timeout=3) as connection:
            connection.sendall(b"GET / HTTP/1.0\r\nHost: hang.faults.localhost\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
    finally:
        server.send_signal(signal.SIGTERM)
        printed = server.communicate(timeout=10)[0]
    assert server.returncode == 0
    rows_of_file = list(csv.DictReader(printed.splitlines()))
    assert [row["portal_id"] for row in rows_of_file] == [
        f"fault-{fault.key}" for fault in FAULTS if fault.key != "dns"
    ]
    assert gongkai("sample-portal", "--faults", "--seed", "1").returncode == 2

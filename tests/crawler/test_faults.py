"""Every fault has a name, as one crawl of many hosts shows, each of which does one thing wrong among healthy reports;
and hosts that fail or refuse are left in peace, as a second night shows."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import struct
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from twisted.internet.error import ConnectionLost, DNSLookupError
from twisted.python.failure import Failure as TwistedFailure
from twisted.web._newclient import ResponseNeverReceived

from archive import Archive
from archive.publish.codebook import value_lists
from crawler.faults import FAULTS, Fault, fault_of, fault_of_reading
from crawler.guard import GuardedResolver, refused_address
from crawler.portals import PortalsError, read_portals
from crawler.sample_portal import Fact
from pipelines.refuse import challenge
from tests.conftest import BIN, ROOT, run
from tests.crawler.trials.county import article, facts_of, listing, page, row, rows

HEAD = "portal_id,name,division_code,home_url,column_url,platform,tls\n"
TIMEOUT = 2.0
FACTS = facts_of("青山县", [2022, 2023], ["财政局"])
BAD = "/zwgk/bad.html"

Act = Callable[[socket.socket, str], None]


def http(body: bytes | str = b"", status: int = 200, **headers: str) -> bytes:
    """An answer as it goes over the wire."""
    body = body.encode() if isinstance(body, str) else body
    lines = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), "Connection": "close"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode() + body


def says(answer: bytes) -> Act:
    return lambda wire, path: wire.sendall(answer)


def reset(wire: socket.socket) -> None:
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.close()


def breaks_off(wire: socket.socket, path: str) -> None:
    wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Ty")
    reset(wire)


def hangs(wire: socket.socket, path: str) -> None:
    GOING.wait(9)


def first(answer: Act, then: Act) -> Act:
    """The first time one thing, then another."""
    asked = Counter[str]()

    def act(wire: socket.socket, path: str) -> None:
        asked[path] += 1
        (answer if asked[path] == 1 else then)(wire, path)

    return act


GOING = Event()
WALL = http("<script>document.cookie='x=1';location.reload()</script>", 412)
CAPTCHA = "<html><body><h1>安全检查</h1><p>请输入验证码后继续访问</p><input name='code'></body></html>"
ABROAD = "<html><body><p>该地区禁止访问</p><p>您的IP地址 203.0.113.7 来自境外。</p></body></html>"
BIG_ROBOTS = http(b"User-agent: *\nDisallow: /zwgk/bad.html\n" + b"# nothing\n" * 200_000 + b"Disallow: /\n")


@dataclass(frozen=True)
class Case:
    """What a host does at the bad address, and what that is called. `paths` are other addresses with a will."""

    act: Act
    fault: str | None
    paths: dict[str, Act] = field(default_factory=dict)


CASES = {
    "timeout": Case(hangs, "timeout"),
    "closes": Case(lambda wire, path: None, "no_answer"),
    "lost": Case(breaks_off, "connection_lost"),
    "cut": Case(says(http("<html>half", Content_Length="5000")), "body_cut"),
    "gzip": Case(says(http("not gzip at all", Content_Encoding="gzip")), "bad_encoding"),
    "garbage": Case(says(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "bad_response"),
    "large": Case(says(http("<html>", Content_Length=str(3 << 30))), "too_large"),
    "broken": Case(says(http("oops", 500)), "server_error"),
    "busy": Case(says(http("busy", 429)), "rate_limited"),
    "gone": Case(says(http("no", 404)), "not_found"),
    "teapot": Case(says(http("no", 400)), "client_error"),
    "circle": Case(says(http("", 302, Location="/round")), "redirect_loop",
                   {"/round": says(http("", 302, Location=BAD))}),
    "nowhere": Case(says(http("", 302, Location="http://[bad")), "bad_redirect"),
    "mute302": Case(says(http("", 302)), "bad_redirect"),
    "file": Case(says(http("", 302, Location="file:///etc/hostname")), "forbidden_target"),
    "inside": Case(says(http("", 302, Location="http://169.254.169.254/latest")), "forbidden_target"),
    "soft": Case(says(http("<html><body>您访问的页面不存在</body></html>")), "soft_404"),
    "wall": Case(says(WALL), "challenge"),
    "captcha": Case(says(http(CAPTCHA)), "captcha"),
    "abroad": Case(says(http(ABROAD)), "geo_blocked"),
    "abroad403": Case(says(http(ABROAD, 403)), "geo_blocked"),
    "refuses": Case(says(http("no", 403)), "refused"),
    "pdf": Case(says(http(b"%PDF-1.7\n", Content_Type="application/pdf")), "unreadable"),
    "robots": Case(says(http("")), "robots_forbidden",
                   {"/robots.txt": says(http(f"User-agent: *\nDisallow: {BAD}\n", Content_Type="text/plain"))}),
    "robots2mb": Case(says(http("")), "robots_forbidden", {"/robots.txt": says(BIG_ROBOTS)}),
    "typed": Case(says(http(article(FACTS[0]), Content_Type="application/pdf")), None),
    "calm": Case(first(says(http("", 429, Retry_After="1")), says(http(article(FACTS[0])))), None),
}  # fmt: skip

DOORS = {
    "robots503": ({"/robots.txt": says(http("", 503))}, "robots_unreachable"),
    "robots429": ({"/robots.txt": says(http("", 429))}, "robots_unreachable"),
    "robotshang": ({"/robots.txt": hangs}, "robots_unreachable"),
    "mute": ({"": lambda wire, path: None}, "robots_unreachable"),
    "healing": ({"": lambda wire, path: None}, "robots_unreachable"),
    "allwall": ({"/": says(WALL)}, "challenge"),
    "pickle": ({"/": says(http(b"PK\x03\x04" + bytes(900), Content_Type="application/zip"))}, "not_a_page"),
    "hour": ({"/": says(http("", 503, Retry_After="3600"))}, "rate_limited"),
    "nothing": ({"/": says(http("<html><body>欢迎</body></html>"))}, "no_report"),
}  # fmt: skip
"""Hosts on which nothing goes, by what they do at which address ('' is all)."""


@cache
def expired_certificate() -> bytes:
    """A key with a certificate for another name, signed by itself and long expired."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "elsewhere.example")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, datetime(2009, 1, 1), datetime(2010, 1, 1))
    signed = made.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + signed.public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True)
class Turn:
    """A host with four reports that from some request on does something else, everywhere or only below one path."""

    act: Act
    after: int
    fault: str = ""
    most: int = 0
    """Requests that it gets from there on."""
    only: str = ""


TURNING = {
    "dies": Turn(lambda wire, path: reset(wire), 6, "connection_lost", 6),
    "closes403": Turn(says(http("no", 403)), 6, "refused", 4),
    "walls": Turn(says(WALL), 6, "challenge", 4),
    "oddlost": Turn(lambda wire, path: reset(wire), 0, only="/odd/"),
    "odd403": Turn(says(http("no", 403)), 0, only="/odd/"),
    "odd500": Turn(says(http("no", 500)), 0, only="/odd/"),
}


def _turning_facts(name: str) -> list[Fact]:
    return facts_of(f"{name}县", [2022, 2023], ["财政局", "教育局"])


class OldTls:
    """Answers every ClientHello with a ServerHello of TLS 1.2 that knows no secure renegotiation (RFC 5746)."""

    def __init__(self) -> None:
        self.after: list[bytes] = []
        """What clients said to that."""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        # version 3.3, random, no session id, RSA_WITH_AES_128_CBC_SHA, no compression, no extensions
        hello = b"\x03\x03" + bytes(32) + b"\x00" + b"\x00\x2f" + b"\x00"
        message = b"\x02" + len(hello).to_bytes(3, "big") + hello
        record = b"\x16\x03\x03" + len(message).to_bytes(2, "big") + message
        with contextlib.suppress(OSError):
            while True:
                wire, _ = self._socket.accept()
                with contextlib.suppress(OSError), wire:
                    wire.settimeout(1)
                    wire.recv(65536)
                    wire.sendall(record)
                    with contextlib.suppress(TimeoutError):
                        self.after.append(wire.recv(65536))

    def close(self) -> None:
        self._socket.close()


class Hosts:
    """All hosts behind one port, told apart by the name that is asked for; without one, nothing is answered."""

    def __init__(self) -> None:
        self.log: list[tuple[float, str, str]] = []
        self.healed: set[str] = set()
        self.tls = OldTls(), OldTls()
        """That of which nothing is known, and that which is allowed."""
        self._socket, self._secure = (socket.create_server(("127.0.0.1", 0), backlog=64) for _ in range(2))
        self.port, self.secure_port = self._socket.getsockname()[1], self._secure.getsockname()[1]
        Thread(target=self._serve, args=(self._socket, self._answer), daemon=True).start()
        Thread(target=self._serve, args=(self._secure, self._answer_securely), daemon=True).start()

    def close(self) -> None:
        for one in (self._socket, self._secure, *self.tls):
            one.close()

    def asked(self, name: str, since: int = 0) -> list[str]:
        return [path for _, host, path in self.log[since:] if host == name]

    def _serve(self, listening: socket.socket, answer: Callable[[socket.socket], None]) -> None:
        with contextlib.suppress(OSError):
            while True:
                wire, _ = listening.accept()
                Thread(target=answer, args=(wire,), daemon=True).start()

    def _answer_securely(self, wire: socket.socket) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.NamedTemporaryFile() as file:
            file.write(expired_certificate())
            file.flush()
            context.load_cert_chain(file.name)
        with contextlib.suppress(OSError):
            self._answer(context.wrap_socket(wire, server_side=True))

    def _answer(self, wire: socket.socket) -> None:
        with contextlib.suppress(OSError), wire:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = wire.recv(65536)
                if not piece:
                    return
                head += piece
            path = head.split(b" ", 2)[1].decode()
            name = re.search(rb"(?i)host: ([^.\r]*)", head)[1].decode()  # type: ignore[index]
            self.log.append((time.monotonic(), name, path))
            self._act(name, path)(wire, path)

    def _act(self, name: str, path: str) -> Act:
        if name in TURNING:
            turn = TURNING[name]
            is_bad = len(self.asked(name)) > turn.after and turn.only in path
            return turn.act if is_bad else says(_before_the_turn(name, path))
        if name == "minutes":
            return says(http("", 503, Retry_After="300"))
        if name in DOORS and name not in self.healed:
            acts = DOORS[name][0]
            act = acts.get(path) or acts.get("")
        else:
            case = CASES.get(name, Case(says(http("")), None))
            act = {**case.paths, BAD: case.act}.get(path)
        return act or says(_healthy(name, path))


def _facts(name: str) -> list[Fact]:
    return facts_of(f"{name}县", [2022, 2023], ["财政局"])


def _healthy(name: str, path: str) -> bytes:
    """A home page with a report, the bad link, and another report."""
    one, two = _facts(name)
    bad = row(BAD, f"{name}县教育局2023年政府信息公开工作年度报告", "2024-02-01")
    if path == "/":
        return http(listing("政府信息公开年报", rows([one]) + bad + rows([two])))
    found = [fact for fact in (one, two) if f"content_{fact.number}." in path]
    return http(article(found[0])) if found else http("", 404)


def _before_the_turn(name: str, path: str) -> bytes:
    facts = _turning_facts(name)
    if path == "/":
        odd = [row(f"/odd/{n}.html", f"{name}县{n}局2021年政府信息公开工作年度报告", "2022-01-20") for n in range(9)]
        return http(listing("政府信息公开年报", rows(facts[:2]) + "".join(odd) + rows(facts[2:])))
    found = [fact for fact in facts if f"content_{fact.number}." in path]
    return http(article(found[0])) if found else http("", 404)


@dataclass(frozen=True)
class Night:
    """What a crawl left behind."""

    code: int
    stderr: str
    seconds: float
    archive: Path

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with contextlib.closing(sqlite3.connect(self.archive)) as db:
            return db.execute(sql, values).fetchall()

    def portal(self, name: str) -> tuple[object, ...]:
        """Fault and message of a portal in the last run."""
        sql = "SELECT fault, message FROM run_portals WHERE portal_id = ? ORDER BY run_id DESC LIMIT 1"
        return self.rows(sql, name)[0]


def night(folder: Path, table: str, *more: str) -> Night:
    path = folder / "portals.csv"
    path.write_text(HEAD + table, encoding="utf-8")
    settings = {"DOWNLOAD_DELAY": "0.001", "AUTOTHROTTLE_ENABLED": "False", "DOWNLOAD_TIMEOUT": str(TIMEOUT)}
    given = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    start = time.monotonic()
    done = run("gongkai", "crawl", "--portals", path, "--archive", folder / "archive.db", *given, *more, cwd=folder)
    return Night(done.returncode, done.stderr, time.monotonic() - start, folder / "archive.db")


def portals(port: int, *names: str) -> str:
    return "".join(f"{name},{name}县,,http://{name}.localhost:{port}/,,,\n" for name in names)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Hosts, list[Night], list[int]]:
    """Two runs over all hosts; where the log of the hosts stood before each."""
    folder = tmp_path_factory.mktemp("faults")
    GOING.clear()
    hosts = Hosts()
    ran, marks = [], []
    table = portals(hosts.port, *CASES, *DOORS, *TURNING) + "closed,关闭县,,http://closed.localhost:9/,,,\n"
    table += f"oldtls,旧县,,https://oldtls.localhost:{hosts.tls[0].port}/,,,\n"
    for name, tls in (("secure", ""), ("relaxed", "legacy")):
        table += f"{name},{name}县,,https://{name}.localhost:{hosts.secure_port}/,,,{tls}\n"
    table += f"newtls,新县,,https://newtls.localhost:{hosts.tls[1].port}/,,,legacy\n"
    for number in range(2):
        if number:
            hosts.healed.add("healing")
        marks.append(len(hosts.log))
        one = night(folder, table)
        ran.append(replace(one, archive=Path(shutil.copy(one.archive, folder / f"night{number}.db"))))
    GOING.set()
    hosts.close()
    return hosts, ran, marks


def test_the_run_ends_by_itself_without_a_traceback(nights: tuple[Hosts, list[Night], list[int]]) -> None:
    for one in nights[1]:
        assert one.code == 1, one.stderr
        assert "Traceback" not in one.stderr
        assert " ERROR " not in one.stderr
        assert one.seconds < 90


@pytest.mark.parametrize("name", CASES)
def test_each_fault_is_recorded_under_its_name(nights: tuple[Hosts, list[Night], list[int]], name: str) -> None:
    first_night = nights[1][0]
    found = first_night.rows("SELECT outcome, fault, reason FROM pages WHERE url LIKE ?", f"http://{name}.%{BAD}")
    faults = {fault for _, fault, _ in found}
    assert faults == {CASES[name].fault}, (found, first_night.portal(name))
    assert all(reason for _, fault, reason in found if fault)


@pytest.mark.parametrize("name", CASES)
def test_healthy_reports_beside_a_fault_are_found(nights: tuple[Hosts, list[Night], list[int]], name: str) -> None:
    sql = "SELECT agency, year FROM reports WHERE url LIKE ? ORDER BY year"
    found = nights[1][0].rows(sql, f"http://{name}.%")
    assert {(fact.agency, fact.year) for fact in _facts(name)} <= set(found), nights[1][0].portal(name)


@pytest.mark.parametrize("name", DOORS)
def test_a_portal_on_which_nothing_goes_says_why(nights: tuple[Hosts, list[Night], list[int]], name: str) -> None:
    fault, message = nights[1][0].portal(name)
    assert fault == DOORS[name][1], message
    assert f"problem   {name} (" in nights[1][0].stderr


def test_a_host_that_is_not_there(nights: tuple[Hosts, list[Night], list[int]]) -> None:
    fault, message = nights[1][0].portal("closed")
    assert (fault, message) == (
        "connection_refused",
        "robots.txt cannot be read: connection refused (http://closed.localhost:9/)",
    )


def test_a_dead_link_is_the_portals_affair(nights: tuple[Hosts, list[Night], list[int]]) -> None:
    assert nights[1][0].portal("gone") == (None, None)
    assert re.search(r"^dead      \d+ links to documents that are not there", nights[1][0].stderr, re.MULTILINE)
    outcome = nights[1][0].rows("SELECT outcome FROM pages WHERE url LIKE ?", f"http://gone.%{BAD}")
    assert outcome == [("gone",)]


def test_what_may_pass_is_asked_for_again_and_nothing_else(nights: tuple[Hosts, list[Night], list[int]]) -> None:
    hosts, _, marks = nights
    for name, case in CASES.items():
        asked = Counter(path for _, host, path in hosts.log[: marks[1]] if host == name)[BAD]
        transient = case.fault is not None and FAULTS[case.fault].meaning == "transient"
        if case.fault in ("bad_encoding", "robots_forbidden", "redirect_loop") or case.fault is None:
            continue  # once more in plain, not at all, round and round, until it came
        assert asked == (3 if transient else 1), name


def test_the_whole_host_waits_as_long_as_it_asks_for(nights: tuple[Hosts, list[Night], list[int]]) -> None:
    """No request of any kind comes between a 429 and the end of the time that it asks for."""
    hosts, _, marks = nights
    log = [(at, path) for at, host, path in hosts.log[: marks[1]] if host == "calm"]
    place = [path for _, path in log].index(BAD)
    assert log[place + 1][0] - log[place][0] > 0.99


def test_a_wall_is_not_climbed_and_not_asked_the_next_night(nights: tuple[Hosts, list[Night], list[int]]) -> None:
    hosts, ran, marks = nights
    assert sorted(hosts.asked("allwall")) == ["/", "/robots.txt"]
    assert hosts.asked("allwall", marks[1]) == []
    fault, message = ran[1].portal("allwall")
    assert fault == "host_cooled"
    assert re.fullmatch(r"blocked since \d{4}-\d\d-\d\d \(.*\), asked again on \d{4}-\d\d-\d\d", str(message)), message
    ((strikes, nightly),) = ran[1].rows(
        "SELECT strikes, julianday(ask_after) - julianday(since) FROM hosts WHERE host LIKE 'allwall.%'"
    )
    assert strikes == 1
    assert 0.5 < float(str(nightly)) < 1  # the next night, if that begins a little earlier


def test_a_host_that_cannot_be_reached_is_asked_once_each_night(nights: tuple[Hosts, list[Night], list[int]]) -> None:
    hosts, ran, marks = nights
    assert hosts.asked("mute") == ["/robots.txt"] * 4
    assert hosts.asked("mute", marks[1]) == ["/robots.txt"]
    assert ran[1].rows("SELECT strikes, fault FROM hosts WHERE host LIKE 'mute.%'") == [(2, "no_answer")]
    assert ran[1].rows("SELECT strikes, fault FROM hosts WHERE host LIKE 'closed.%'") == [(2, "connection_refused")]


def test_a_host_that_answers_well_again_is_forgotten(nights: tuple[Hosts, list[Night], list[int]]) -> None:
    _, ran, _ = nights
    assert ran[0].rows("SELECT 1 FROM hosts WHERE host LIKE 'healing.%'") == [(1,)]
    assert ran[1].rows("SELECT 1 FROM hosts WHERE host LIKE 'healing.%'") == []
    assert ran[1].rows("SELECT count(*) FROM reports WHERE url LIKE 'http://healing.%'") == [(2,)]


def test_only_hosts_that_are_left_alone_are_remembered(nights: tuple[Hosts, list[Night], list[int]]) -> None:
    held = {str(host).split(".")[0] for (host,) in nights[1][0].rows("SELECT host FROM hosts")}
    tls = {"oldtls", "newtls"}
    assert held - tls == {"robotshang", "mute", "healing", "allwall", "hour", "closed", "dies", "closes403", "walls"}


# --- hosts that go bad on the way


@pytest.mark.parametrize("name", [name for name, turn in TURNING.items() if not turn.only])
def test_a_host_that_goes_bad_is_asked_a_few_times_and_then_left(
    nights: tuple[Hosts, list[Night], list[int]], name: str
) -> None:
    hosts, ran, marks = nights
    turn, asked = TURNING[name], hosts.asked(name)[: len(hosts.asked(name)) - len(hosts.asked(name, marks[1]))]
    assert len(asked) == turn.after + turn.most
    assert asked[-1] in asked[: turn.after]  # what came well before, once more
    assert ran[0].rows("SELECT fault FROM hosts WHERE host LIKE ?", f"{name}.%") == [(turn.fault,)]
    assert ran[0].rows("SELECT count(*) FROM pages WHERE fault = 'host_cooled'") == [(0,)]
    (line,) = [line for line in ran[0].stderr.splitlines() if line.startswith(f"problem   {name} ")]
    assert f"more not asked for: {name}.localhost" in line
    assert ran[0].rows("SELECT count(*) FROM links WHERE missing_since IS NOT NULL AND portal_id = ?", name) == [(0,)]


def test_columns_of_a_host_that_only_fails_tonight_are_kept(
    nights: tuple[Hosts, list[Night], list[int]],
) -> None:
    hosts, ran, marks = nights
    assert hosts.asked("dies", marks[1]) == ["/robots.txt"]
    kept = [night.rows("SELECT url, gone_at FROM columns WHERE portal_id = 'dies'") for night in ran]
    assert kept[0] == kept[1]
    assert {gone for _, gone in kept[1]} == {None}


@pytest.mark.parametrize("name", [name for name, turn in TURNING.items() if turn.only])
def test_a_host_of_which_only_some_pages_are_bad_is_not_left(
    nights: tuple[Hosts, list[Night], list[int]], name: str
) -> None:
    hosts, ran, _ = nights
    found = ran[0].rows("SELECT count(*) FROM reports WHERE url LIKE ?", f"http://{name}.%")
    assert found == [(len(_turning_facts(name)),)], ran[0].portal(name)
    assert ran[0].rows("SELECT count(*) FROM hosts WHERE host LIKE ?", f"{name}.%") == [(0,)]
    assert {f"/odd/{n}.html" for n in range(9)} <= set(hosts.asked(name))


def test_a_run_that_waits_for_a_host_ends_promptly_when_stopped(tmp_path: Path) -> None:
    hosts = Hosts()
    (tmp_path / "portals.csv").write_text(HEAD + portals(hosts.port, "minutes"), encoding="utf-8")
    command = [str(BIN / "gongkai"), "crawl", "--portals", "portals.csv", "--archive", "archive.db"]
    going = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    while not hosts.log:
        time.sleep(0.05)
    time.sleep(0.5)
    start = time.monotonic()
    going.send_signal(signal.SIGTERM)
    assert going.wait(20) == 5
    assert time.monotonic() - start < 5
    hosts.close()
    assert going.stderr is not None
    assert going.stderr.read().splitlines()[-1] == "verdict   stopped"
    assert hosts.asked("minutes") == ["/robots.txt"]


# --- TLS


def test_old_tls_is_named_and_spoken_only_where_the_portals_file_allows_it(
    nights: tuple[Hosts, list[Night], list[int]],
) -> None:
    hosts, ran, _ = nights
    fault, message = ran[0].portal("oldtls")
    assert fault == "tls_legacy"
    assert "unsafe legacy renegotiation" in str(message)
    assert "`legacy` in the column `tls` of the portals file" in str(message)
    old, allowed = hosts.tls
    assert old.after
    assert {said[:1] for said in old.after} == {b"\x15"}  # an alert
    assert b"\x15" not in {said[:1] for said in allowed.after}
    assert ran[0].portal("newtls")[0] == "robots_unreachable"


@pytest.mark.parametrize("name", ["secure", "relaxed"])
def test_certificates_are_taken_as_they_are(nights: tuple[Hosts, list[Night], list[int]], name: str) -> None:
    found = nights[1][0].rows("SELECT count(*) FROM reports WHERE url LIKE ?", f"https://{name}.%")
    assert found == [(2,)], nights[1][0].portal(name)
    assert "certificate" not in nights[1][0].stderr


def test_a_portals_file_with_another_word_under_tls_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "portals.csv"
    path.write_text(HEAD + "p,某县,,https://p.localhost/,,,ancient\n", encoding="utf-8")
    with pytest.raises(PortalsError, match="tls 'ancient' is neither empty nor legacy"):
        read_portals(path)


# --- the list


def test_the_list_the_docs_and_the_codebook_agree() -> None:
    docs = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", docs, re.MULTILINE)
    assert shown == [(code, kind.meaning, kind.sentence) for code, kind in FAULTS.items()]
    assert [(value.value, value.english) for value in value_lists()["fault"]] == [
        (code, kind.sentence) for code, kind in FAULTS.items()
    ]


def test_no_fault_has_another_name() -> None:
    with pytest.raises(ValueError, match="no fault is called"):
        Fault("bad_luck", "")


def test_errors_are_named_by_their_innermost_cause() -> None:
    lost = ResponseNeverReceived([TwistedFailure(ConnectionLost())])
    assert fault_of(lost) == Fault("connection_lost", "the connection was lost")
    assert fault_of(DNSLookupError("no results")).code == "dns"
    wrapped = RuntimeError("x")
    wrapped.__cause__ = DNSLookupError()
    assert fault_of(wrapped).code == "dns"
    assert fault_of(KeyError("x\n  y")) == Fault("not_understood", "KeyError: 'x\\n y'")


def test_a_name_that_leads_inside_is_told_from_one_that_does_not_resolve() -> None:
    resolver = GuardedResolver(None, 10, 1.0)
    with pytest.raises(DNSLookupError):
        resolver._only_public("10.1.2.3", "inside.gov.cn")
    assert refused_address("http://inside.gov.cn/a") == "inside.gov.cn is 10.1.2.3, which is not a public address"
    assert refused_address("http://outside.gov.cn/a") is None


def test_refusals_of_the_reader_are_named() -> None:
    assert fault_of_reading("too_slow: reading took over 60 seconds") == Fault(
        "too_slow", "reading took over 60 seconds"
    )
    assert fault_of_reading("no title of an annual disclosure report") is None
    assert fault_of_reading("bad_luck: or so") is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("请输入验证码", "captcha"), ("请先完成安全验证", "captcha"), ("请向右拖动滑块完成拼图", "captcha"),
        ("为确保您的访问安全，请完成下方验证后继续", "captcha"), ("Please verify that you are a human", "captcha"),
        ("该地区禁止访问", "geo_blocked"), ("您的IP：203.0.113.7，属于境外地址，无法访问本站", "geo_blocked"),
        ("本网站暂不对境外用户开放", "geo_blocked"), ("您所在的地区无法访问该网站", "geo_blocked"),
        ("您访问的页面不存在", "soft_404"), ("滑动验证页面", "captcha"),
        ("某县财政局2023年政府信息公开工作年度报告 附件下载 登录 请输入验证码", None),
        ("本年度我局完善网站验证码功能，加强安全防护。", None), ("境外旅游须知", None), ("欢迎来到本地区", None),
    ],
)  # fmt: skip
def test_what_a_short_page_says(words: str, code: str | None) -> None:
    said = challenge(f"<html><head><title>提示</title></head><body><p>{words}</p></body></html>")
    fault = fault_of_reading(said) if said else None
    assert (fault.code if fault else None) == code


def test_a_report_about_captchas_and_visitors_from_abroad_is_a_report() -> None:
    (fact,) = facts_of("青山县", [2023], ["财政局"])
    text = article(fact, "<p>网站登录请输入验证码，禁止境外IP访问后台，拖动滑块完成人机验证。</p>")
    assert challenge(text) is None
    assert challenge(page("通知", "<p>" + "本局通知如下。" * 60 + "请输入验证码。</p>")) is None


# --- what the archive remembers of hosts


def test_a_host_that_blocks_is_left_alone_longer_each_time(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        days = []
        for _ in range(7):
            archive.strike_host("h", "challenge", "blocked: status 412", blocks=True, again=True)
            (held,) = archive.held_hosts().values()
            sql = "SELECT round(julianday(ask_after) - julianday('now') + 0.25) FROM hosts"
            days.append(archive.db.execute(sql).fetchone()[0])
        assert days == [1, 2, 4, 8, 16, 16, 16]
        assert held.strikes == 7
        archive.strike_host("h", "timeout", "timed out", blocks=False, again=False)
        (held,) = archive.held_hosts().values()
        assert (held.fault, held.strikes) == ("timeout", 1)
        assert archive.db.execute("SELECT ask_after <= since FROM hosts").fetchone() == (1,)
        archive.forget_hosts(["h"])
        assert archive.held_hosts() == {}

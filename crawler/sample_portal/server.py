"""Serves the replicas on the loopback interface: one threaded server, dispatched on the Host header.

The server knows HTTP and nothing of portals: conditional GET with ETag and Last-Modified, HEAD, gzip where the host
does it, Content-Length always, connections kept alive, and a log of every request instead of lines on stderr.
"""

import gzip
import socket
import struct
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from time import monotonic
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.sample_portal.site import Host, Page, Raw, Request, not_found

_LOCAL = frozenset({"127.0.0.1", "localhost"})


class Logged(NamedTuple):
    """One request as the portal saw it; `time` is monotonic seconds when the answer was ready."""

    host: str
    method: str
    path: str
    status: int
    user_agent: str
    time: float


class _Log:
    """The requests of all threads, in the order of their answers."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: list[Logged] = []

    def record(self, entry: Logged) -> None:
        with self._lock:
            self._entries.append(entry)

    def entries(self) -> list[Logged]:
        with self._lock:
            return list(self._entries)


class Portal:
    """What the sample portal and the documents portal share: hosts on one port, started and stopped, with a log."""

    def __init__(self, port: int = 8791) -> None:
        self.port = port
        self._log = _Log()
        self._server: _Server | None = None
        self._thread: Thread | None = None

    def hosts(self) -> dict[str, Host]:
        """The hosts by name; called once the port is known."""
        raise NotImplementedError

    def portals(self) -> list[dict[str, str]]:
        """The rows of the table of portals, with absolute URLs; with port 0, ask after the start."""
        raise NotImplementedError

    def start(self) -> Self:
        """Listen and serve in the background. Raises OSError when the port is taken."""
        if self._server is None:
            self._server = _Server(self.port, self._log)
            self.port = self._server.server_port
            self._server.hosts = self.hosts()
            self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and drop every connection; the log stays readable."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server.drop_connections()
            self._server = self._thread = None

    @property
    def log(self) -> list[Logged]:
        """A copy of the requests answered so far, in order."""
        return self._log.entries()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@dataclass(frozen=True, slots=True)
class _Representation:
    """The bytes that go out for a page, with the tag that names exactly these bytes."""

    body: bytes
    etag: str
    compressed: bool


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    hosts: dict[str, Host]

    def __init__(self, port: int, log: _Log) -> None:
        self.hosts = {}
        self.log = log
        self._lock = Lock()
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.discard(connection)

    def drop_connections(self) -> None:
        """End connections that clients keep alive, so that a later portal on the port is not answered by this one."""
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # the client was faster
                continue

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """End a connection; one that is not to linger by a reset, which a farewell before it would prevent."""
        if isinstance(request, socket.socket) and _is_reset(request):
            request.close()
        else:
            super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news; nothing is written to stderr."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        super().finish()

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def version_string(self) -> str:
        return "nginx"

    def log_message(self, format: str, *args: object) -> None:
        """Requests are recorded by the server, not written to stderr."""

    def _serve(self) -> None:
        target = urlsplit(self.path)
        fields = dict(parse_qsl(target.query, keep_blank_values=True))
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if "json" not in self.headers.get("Content-Type", ""):
            fields |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        name = self.headers.get("Host", "").partition(":")[0].lower()
        host = self.server.hosts.get(name)
        method = "GET" if self.command == "HEAD" else self.command
        path = unquote(target.path, errors="surrogateescape")
        headers = {key.lower(): value for key, value in self.headers.items()}
        page = host.respond(Request(method, path, fields, headers, body)) if host else self._unknown(name)
        if isinstance(page, Raw):
            self._record(name, page.status)
            self.close_connection = True
            page.speak(self.connection)
            return
        sent = self._represent(page, compresses=bool(host and host.compresses))
        status = 304 if page.status == 200 and self._has(page, sent) else page.status
        self._record(name, status)
        self._send(page, sent, status)

    def _record(self, host: str, status: int) -> None:
        """Before sending, so that whoever has an answer finds it in the log."""
        agent = self.headers.get("User-Agent", "")
        self.server.log.record(Logged(host, self.command, self.path, status, agent, monotonic()))

    def _unknown(self, name: str) -> Page:
        if name in _LOCAL:
            return Page(_listing("公开样本站点", self.server.hosts, self.server.server_port).encode())
        return not_found(f"没有主机 {name}；这里有：" + "、".join(self.server.hosts))

    def _represent(self, page: Page, *, compresses: bool) -> _Representation:
        accepted = "gzip" in self.headers.get("Accept-Encoding", "")
        compressed = compresses and accepted and page.status == 200
        body = gzip.compress(page.body, mtime=0) if compressed else page.body
        digest = sha256(page.body).hexdigest()[:16]
        return _Representation(body, f'"{digest}{"-gzip" if compressed else ""}"', compressed)

    def _send(self, page: Page, sent: _Representation, status: int) -> None:
        """Send the head and, unless it is not wanted or the client has it, the body."""
        self.send_response(status)
        for header, value in page.headers:
            self.send_header(header, value)
        if status == 200:
            self.send_header("ETag", sent.etag)
            if page.modified:
                self.send_header("Last-Modified", format_datetime(page.modified, usegmt=True))
            if sent.compressed:
                self.send_header("Content-Encoding", "gzip")
                self.send_header("Vary", "Accept-Encoding")
        if status == 304:
            self.send_header("ETag", sent.etag)
        else:
            self.send_header("Content-Type", page.content_type)
            self.send_header("Content-Length", str(len(sent.body)))
        self.end_headers()
        if status != 304 and self.command != "HEAD":
            self.wfile.write(sent.body)

    def _has(self, page: Page, sent: _Representation) -> bool:
        """Whether the client's copy is current: by its tag if it sends one, else by its date."""
        if self.command == "POST":
            return False
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return sent.etag in (tag.strip().removeprefix("W/") for tag in tags.split(",")) or tags.strip() == "*"
        since = self.headers.get("If-Modified-Since")
        if since is None or page.modified is None:
            return False
        try:
            return page.modified <= parsedate_to_datetime(since)
        except (ValueError, TypeError):  # not a date, or one without a zone: the client has nothing
            return False


def _is_reset(connection: socket.socket) -> bool:
    lingers, seconds = struct.unpack("ii", connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8))
    return bool(lingers) and seconds == 0


def _listing(title: str, hosts: dict[str, Host], port: int) -> str:
    rows = "".join(f'<li><a href="http://{escape(host)}:{port}/">{escape(host)}</a></li>' for host in hosts)
    head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
    return f"<!DOCTYPE html><html>{head}<body><h1>{title}</h1><ul>{rows}</ul></body></html>"

"""Loopback hosts for the trials: pages by address, rules for endless ones, and a log of what was asked when."""

from __future__ import annotations

import re
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import TCPServer, ThreadingMixIn
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

HTML = "text/html; charset=utf-8"
_LINK = re.compile(
    r"""(?:href|src|value|data-url)="(?P<url>[^"#]+)"|(?:location|href|replace)\W{1,3}(?P<js>/[\w./]+)"""
)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `headers` may repeat names; `wait` seconds pass before it is sent."""

    body: bytes | str = b""
    status: int = 200
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    wait: float = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as the host saw it: `target` is path and query as sent; times are monotonic seconds.

    `ended` is the moment just before the answer is written: no client can be done earlier.
    """

    host: str
    method: str
    target: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    began: float
    ended: float = 0
    status: int = 0


Content = str | bytes | Reply | None
Answer = Content | Callable[[Ask], Content]


@dataclass
class Host:
    """One address of the loopback interface with a port of its own. A context manager.

    Rules for a path go before pages; a page is found by its whole target, then by its path alone, as on real portals,
    whose files do not care for a query. After `brake` requests all is 404, so that a crawl that fell into a trap ends.
    """

    address: str = "127.0.0.1"
    brake: int = 500
    pages: dict[str, Answer] = field(default_factory=dict, repr=False)
    rules: list[tuple[str, Answer]] = field(default_factory=list, repr=False)
    rewrite: Callable[[str], str] | None = None
    """What is done to every HTML answer before it is sent, such as marking all links with a session."""
    wait: float = 0
    """Seconds that every answer takes."""
    log: list[Ask] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self._lock = Lock()
        self._server = _Server((self.address, 0), _Handler)
        self._server.site = self
        self.port = int(self._server.server_address[1])

    @property
    def origin(self) -> str:
        return f"http://{self.address}:{self.port}"

    def url(self, path: str) -> str:
        return self.origin + path

    def asked(self) -> list[str]:
        """The targets asked for so far, in order."""
        return [ask.target for ask in list(self.log)]

    def summary(self) -> str:
        """What was asked how often, numbers left out: for the message of a failing test."""
        shapes = Counter(re.sub(r"\d+", "N", ask.target)[:70] for ask in list(self.log))
        return ", ".join(f"{shape} ×{count}" for shape, count in shapes.most_common(12))

    def answer(self, ask: Ask) -> Reply:
        """The answer to a request."""
        ruled = (content for pattern, content in self.rules if re.fullmatch(pattern, ask.path))
        found = next(ruled, self.pages.get(ask.target, self.pages.get(ask.path)))
        content = found(ask) if callable(found) else found
        if content is None:
            return Reply("<html><head><title>404</title></head><body>您访问的页面不存在</body></html>", 404)
        reply = content if isinstance(content, Reply) else Reply(content)
        if self.rewrite and isinstance(reply.body, str):
            return Reply(self.rewrite(reply.body), reply.status, reply.content_type, reply.headers, reply.wait)
        return reply

    def peek(self, target: str) -> str:
        """What the host answers, without asking it through the network and its log; empty for a 404."""
        path, _, query = target.partition("?")
        found = self.answer(Ask("", "GET", target, unquote(path), dict(parse_qsl(query)), {}, 0))
        body = found.body if isinstance(found.body, str) else found.body.decode("utf-8", "replace")
        return body if found.status == 200 else ""

    def walk(self, most: int = 3000) -> dict[str, int]:
        """Every target that pages of this host lead to from its home page, with the number of steps to it.

        A walk that knows nothing and follows everything: what it does not reach, no crawler can. It shows that a trial
        is fair, and what a trap costs.
        """
        steps, queue = {"/": 0}, deque(["/"])
        while queue and len(steps) < most:
            here = queue.popleft()
            for match in _LINK.finditer(self.peek(here)):
                target = urljoin(self.origin + here, unescape(match["url"] or match["js"])).removeprefix(self.origin)
                if target.startswith("/") and target not in steps:
                    steps[target] = steps[here] + 1
                    queue.append(target)
        return steps

    def record(self, ask: Ask) -> None:
        with self._lock:
            self.log.append(ask)

    def __enter__(self) -> Host:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingMixIn, HTTPServer):
    daemon_threads = True
    request_queue_size = 64
    site: Host

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer would ask a name server for the name of the address
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *args: Any) -> None:
        """The host keeps a log of its own."""

    def _serve(self) -> None:
        began = time.monotonic()
        site = self.server.site
        target = urlsplit(self.path)
        fields = dict(parse_qsl(target.query, keep_blank_values=True))
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        fields |= dict(parse_qsl(form, keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        ask = Ask(headers.get("host", ""), self.command, self.path, unquote(target.path), fields, headers, began)
        reply = site.answer(ask) if len(site.log) < site.brake else Reply("<html><body>brake</body></html>", 404)
        time.sleep(max(reply.wait, site.wait))
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        # Before sending, so that whoever has an answer finds it in the log.
        times = {"began": began, "ended": time.monotonic(), "status": reply.status}
        site.record(Ask(ask.host, ask.method, ask.target, ask.path, fields, headers, **times))  # type: ignore[arg-type]
        self.send_response(reply.status)
        if reply.content_type:
            self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

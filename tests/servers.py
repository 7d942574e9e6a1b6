"""A small loopback server for tests: fixed answers, a log, and the means to misbehave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What a path answers. `length` is announced instead of the true length; `wait` seconds pass first."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})
    length: int | None = None
    wait: float = 0


class Server:
    """Answers of a dict by path; 404 for the rest. A context manager."""

    def __init__(self, answers: dict[str, Answer], address: str = "127.0.0.1") -> None:
        self.answers = answers
        self.log: list[str] = []
        self._released = Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.log.append(self.path)
                answer = outer.answers.get(self.path, Answer(b"not here", 404))
                if answer.wait:
                    outer._released.wait(answer.wait)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
                self.end_headers()
                self.wfile.write(answer.body)
                if answer.length is not None:
                    self.close_connection = True

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer((address, 0), Handler)
        self._server.daemon_threads = True
        self.host, self.port = address, self._server.server_port

    def url(self, path: str) -> str:
        return f"http://{self.host}:{self.port}{path}"

    def release(self) -> None:
        """Let answers that wait go at once."""
        self._released.set()

    def __enter__(self) -> Server:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()


Raw = Callable[[], Iterator[bytes]]
"""All that goes over the wire, status line and headers included, in pieces, for as long as the other side takes it."""


class RawServer:
    """Answers of a dict by path, byte for byte, one for each connection; 404 for the rest. A context manager."""

    def __init__(self, answers: dict[str, Raw]) -> None:
        self.answers = answers
        self.log: list[str] = []
        self.asked: list[dict[str, str]] = []
        """The headers of each request."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.log.append(self.path)
                outer.asked.append({name.lower(): value for name, value in self.headers.items()})
                self.close_connection = True
                with suppress(OSError):
                    for piece in outer.answers.get(self.path, lambda: iter([answer(b"not here", status=404)]))():
                        self.wfile.write(piece)

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def __enter__(self) -> RawServer:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def answer(body: bytes, *, status: int = 200, length: int | None = None, **headers: str) -> bytes:
    """A whole answer; `length` is announced instead of the true one, and `Content_Type=` is a header."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body) if length is None else length}"]
    headers = {"Content_Type": "text/html; charset=utf-8", **headers}
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join((*lines, "Connection: close", "", "")).encode() + body

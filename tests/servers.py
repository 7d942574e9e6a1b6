"""A small loopback server for tests: fixed answers, a log, and the means to misbehave."""

from __future__ import annotations

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
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()

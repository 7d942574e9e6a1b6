"""A portal of thousands of true reports on one host, served by a process that does as little as a server can.

All answers are made before the first request, head and all. The process says, when it is asked, when requests came and
what they cost it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from dataclasses import dataclass, field
from datetime import date
from html import escape
from multiprocessing.connection import Connection
from random import Random
from types import TracebackType
from typing import Self

from crawler.sample_portal import documents
from crawler.sample_portal.chrome import Chrome
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.invented import plan
from crawler.sample_portal.site import DOMAIN

_A_PLACE, _ROWS = 100, 20
"""Reports of one place (agencies of five years), and rows of a list."""
_COLUMN = "/zwgk/zfxxgk/zfxxgknb/"
_SITE = "云岚市人民政府"
_WRITTEN = ("clean", "clean", "plain", "word")


@dataclass(frozen=True, slots=True)
class Site:
    """The facts that are published, and the pages by path: lists first, reports in the order in which they stand."""

    facts: list[Fact]
    pages: dict[str, bytes]

    @property
    def paths(self) -> list[str]:
        """What a crawl that loses nothing asks for."""
        return [path for path in self.pages if path.startswith(_COLUMN)]


@dataclass(frozen=True, slots=True)
class Served:
    """The requests since the last time: how many, when the first of them came (monotonic), and the server's seconds of
    the processor."""

    requests: int
    first: float
    seconds: float


def build(wanted: int, seed: int = 7) -> Site:
    """So many reports of one city, each an agency and a year, in lists of twenty."""
    facts = _facts(wanted, seed)
    frame = Chrome(_SITE, "政府信息公开年报", _COLUMN, "云岚市电子政务中心")
    made = [(documents.report(fact), fact) for fact in facts]
    groups = [made[start : start + _ROWS] for start in range(0, len(made), _ROWS)]
    pages = {}
    for number, group in enumerate(groups):
        rows = "\n".join(_row(document) for document, _ in group)
        following = f'<a href="{_name(number + 1)}">下一页</a>' if number + 1 < len(groups) else "下一页"
        main = f'<ul class="list">\n{rows}\n</ul>\n<div class="page">第{number + 1}页 {following}</div>'
        pages[_COLUMN + (_name(number) if number else "")] = frame.page(frame.column, main, frame.column_meta())
    for document, _ in made:
        pages[_path(document)] = frame.article(document, f'<div class="TRS_Editor">\n{document.body}\n</div>')
    pages["/"] = frame.page(_SITE, f'<ul><li><a href="{_COLUMN}">政府信息公开年报</a></li></ul>')
    return Site(facts, {path: page.encode() for path, page in pages.items()})


def _facts(wanted: int, seed: int) -> list[Fact]:
    facts: list[Fact] = []
    number = 0
    while len(facts) < wanted:
        number += 1
        made = plan(seed, "trs", number, number, 0, DOMAIN, _A_PLACE).facts
        facts += [fact for fact in made if fact.agency.startswith(made[0].agency[:3])]
    Random(seed).shuffle(facts)
    return facts[:wanted]


def _name(number: int) -> str:
    return f"index_{number}.html"


def _path(document: documents.Document) -> str:
    day: date = document.published
    return f"{_COLUMN}{day:%Y%m}/t{day:%Y%m%d}_{document.number}.html"


def _row(document: documents.Document) -> str:
    title = escape(document.title)
    return f'<li><a href="{_path(document)}" title="{title}">{title}</a><span>{document.dated.isoformat()}</span></li>'


class PortalProcess:
    """The portal on a free port of 127.0.0.1 while the context lasts."""

    def __init__(self, site: Site) -> None:
        start = multiprocessing.get_context("spawn")
        self._pipe, theirs = start.Pipe()
        self._process = start.Process(target=_serve, args=(theirs, site.pages), daemon=True)
        self.port = 0

    def served(self) -> Served:
        """What was served since the last time this was asked."""
        self._pipe.send("served")
        answer: Served = self._pipe.recv()
        return answer

    def __enter__(self) -> Self:
        self._process.start()
        self.port = self._pipe.recv()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.join()


@dataclass(slots=True)
class _Count:
    requests: int = 0
    first: float = 0.0
    before: float = field(default_factory=time.process_time)


def _serve(pipe: Connection, pages: dict[str, bytes]) -> None:
    asyncio.run(_listen(pipe, {path.encode(): _answer(b"200 OK", body) for path, body in pages.items()}))


async def _listen(pipe: Connection, answers: dict[bytes, bytes]) -> None:
    count, loop = _Count(), asyncio.get_running_loop()
    missing = _answer(b"404 Not Found", b"<html><body>404</body></html>")
    server = await loop.create_server(lambda: _Connection(answers, missing, count), "127.0.0.1", 0, backlog=256)

    def tell() -> None:
        pipe.recv()
        now = time.process_time()
        pipe.send(Served(count.requests, count.first, now - count.before))
        count.requests, count.before = 0, now

    loop.add_reader(pipe.fileno(), tell)
    pipe.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _answer(status: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 %b\r\nServer: nginx\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    return head % (status, len(body)) + body


class _Connection(asyncio.Protocol):
    def __init__(self, answers: dict[bytes, bytes], missing: bytes, count: _Count) -> None:
        self._answers, self._missing, self._count = answers, missing, count
        self._asked = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._asked += data
        while b"\r\n\r\n" in self._asked:
            head, _, self._asked = self._asked.partition(b"\r\n\r\n")
            if not self._count.requests:
                self._count.first = time.monotonic()
            self._count.requests += 1
            self._transport.write(self._answers.get(head.split(b" ", 2)[1], self._missing))

"""What a host of the sample portal is: pages at paths, endpoints that compute an answer, and a robots.txt."""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html import escape
from socket import SO_LINGER, SOL_SOCKET, socket
from typing import Protocol

DOMAIN = "gongkai.localhost"

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: its bytes, the Content-Type header, the time of the last change if it has one, and the status."""

    body: bytes
    content_type: str = HTML
    modified: datetime | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


def reset(connection: socket) -> None:
    """Say nothing; the server then ends the connection by a reset (RST)."""
    connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))


@dataclass(frozen=True, slots=True)
class Raw(Page):
    """An answer that is no page: `speak` gets the connection and writes to it what it likes, also nothing.

    `status` is what the log says. The connection ends with the answer.
    """

    body: bytes = b""
    speak: Callable[[socket], None] = reset


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks. `fields` holds the query and, for POST, the form; header names are in lower case."""

    method: str
    path: str
    fields: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


Endpoint = Callable[[dict[str, str]], Page]
Service = Callable[[Request], Page]


class Host(Protocol):
    """Whatever answers the requests for one host name."""

    compresses: bool

    def respond(self, request: Request) -> Page:
        """The answer to a request."""


@dataclass
class Site:
    """A host whose pages are all made at once.

    Endpoints take GET and POST and see the fields; services see the whole request; pages take GET, whatever the query.
    """

    pages: dict[str, Page]
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    compresses: bool = False
    services: dict[str, Service] = field(default_factory=dict)

    def respond(self, request: Request) -> Page:
        """The page or computed answer at a path; a path that ends in a slash also means its index.html."""
        path = request.path
        if path in self.services:
            return self.services[path](request)
        if path in self.endpoints:
            return self.endpoints[path](request.fields)
        page = self.pages.get(path + "index.html" if path.endswith("/") else path) or self.pages.get(path)
        if page is None:
            return not_found("您访问的页面不存在")
        return page if request.method == "GET" else Page(b"Method Not Allowed", "text/plain", status=405)


@dataclass
class LazyHost:
    """A host that is made at its first request, and again if `make` has dropped it since."""

    make: Callable[[], Host]
    compresses: bool = False

    def respond(self, request: Request) -> Page:
        """The answer of the host that `make` gives."""
        host = self.make()
        self.compresses = host.compresses
        return host.respond(request)


def redirect(location: str, status: int = 302) -> Page:
    """A redirect to another address."""
    return Page(b"", status=status, headers=(("Location", location),))


def not_found(message: str) -> Page:
    """A 404 page that says something."""
    return Page(f"<html><body><h1>404</h1><p>{escape(message)}</p></body></html>".encode(), status=404)


def number_in(fields: dict[str, str], name: str, default: int) -> int:
    """A field as a number of at least 1, or the default if it is none."""
    value = fields.get(name, "")
    return max(1, int(value)) if value.isdecimal() else default


def robots(*disallowed: str) -> Page:
    """A robots.txt for everyone; with no path it allows everything."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in disallowed or ("",)), ""]
    return Page("\n".join(lines).encode(), "text/plain")


def at(day: date) -> datetime:
    """The hour at which the replicas publish: half past nine in Beijing."""
    return datetime(day.year, day.month, day.day, 1, 30, tzinfo=UTC)

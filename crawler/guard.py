"""Where requests may go: http(s) only, to catalogued hosts and public gov.cn hosts, never to this machine unasked.

Two guards, because a name says nothing about its address: `UrlGuard` looks at every request (links, redirects and
retries alike), `GuardedResolver` at every address just before the connection, so that no DNS answer leads inside.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer
from twisted.internet.error import DNSLookupError

from crawler.portals import Portal, is_loopback, read_portals

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred


class ForbiddenTarget(IgnoreRequest):
    """Raised for a request to a place where the crawl has no business; the message says why."""

    code = "forbidden_target"


class HostList:
    """The hosts that a portals file opens: catalogued ones by name, those on this machine by name and port."""

    def __init__(self, portals: Iterable[Portal]) -> None:
        urls = [urlsplit(url) for portal in portals for url in (portal.home_url, portal.column_url) if url]
        self.names = frozenset((url.hostname or "").lower() for url in urls)
        self._places = frozenset(((url.hostname or "").lower(), url.port or _default_port(url.scheme)) for url in urls)

    def refusal(self, url: str) -> str | None:
        """Why a URL may not be requested; None when it may."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port or _default_port(parts.scheme)
        except ValueError:
            return "not a URL"
        if parts.scheme not in ("http", "https"):
            return f"scheme {parts.scheme or 'none'}"
        if not host:
            return "no host"
        if is_loopback(host):
            return None if (host, port) in self._places else f"{host}:{port} is this machine and no portal of the file"
        if host in self.names or host.endswith(".gov.cn"):
            return None
        return f"{host} is neither catalogued nor a gov.cn host"


class UrlGuard:
    """Downloader middleware: refuses requests that leave the hosts of the portals file."""

    def __init__(self, hosts: HostList) -> None:
        self._hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> UrlGuard:
        return cls(HostList(read_portals(Path(crawler.settings["GONGKAI_PORTALS"]))))

    def process_request(self, request: Request) -> None:
        """Raises ForbiddenTarget."""
        refusal = self._hosts.refusal(request.url)
        if refusal:
            raise ForbiddenTarget(refusal)


class GuardedResolver(CachingThreadedResolver):
    """Resolves names to public addresses only; to others only where the portals file gives `localhost` or the address.

    `*.localhost` is 127.0.0.1 (RFC 6761), without asking a name server, so that replicas can be hosts of their own.
    """

    allowed: frozenset[str] = frozenset()
    refused: ClassVar[dict[str, str]] = {}
    """The addresses of hosts that were refused, which Twisted turns into a failure without words."""

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        resolver = super().from_crawler(crawler, reactor)
        portals = crawler.settings.get("GONGKAI_PORTALS")
        resolver.allowed = HostList(read_portals(Path(portals))).names if portals else frozenset()
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 (Twisted's name)
        host = name.lower().rstrip(".")
        if host.endswith(".localhost") and host in self.allowed:
            return defer.succeed("127.0.0.1")
        return super().getHostByName(name, timeout).addCallback(self._only_public, host)

    def _only_public(self, address: str, host: str) -> str:
        # The portals file opens this machine where it says so itself; what a name server says of its names does not.
        if is_public(address) or (host in self.allowed and (is_loopback(host) or host == address)):
            return address
        self.refused[host] = address
        raise DNSLookupError(f"{host} is {address}, which is not a public address")


def refused_address(url: str) -> str | None:
    """Why no connection was made to the host of a URL; None when it was not for its address."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    address = GuardedResolver.refused.get(host)
    return f"{host} is {address}, which is not a public address" if address else None


def is_public(address: str) -> bool:
    """Whether an IP address is out on the internet; addresses that wrap an inner one count as that one."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80

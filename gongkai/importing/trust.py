"""Whom to believe: what the host of an imported record says about it, since nobody chose that host for us.

Hosts of the portals file are what that file says. Other hosts under .gov.cn are official: the name is kept for public
bodies (MIIT announcement 7 of 2018 on the system of domain names, and 国办函〔2018〕55号: websites of governments use
.gov.cn, and public institutions without administrative functions do not). Each is a portal of its own, so that the
教育局 of two hosts are two bodies, and of no division, since a host name proves none. All others are unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from archive.captured import Origin
from crawler.portals import Portal

_PUBLIC = ".gov.cn"
_USUAL_PORTS = {"http": 80, "https": 443}
_UNKNOWN = Origin("unknown")
# Of letters of any script: what holds anything else, or a backslash, each program reads in its own way.
_NAME = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)*[^\W_](?:[\w-]*[^\W_])?\.?")


class Hosts:
    """What each host is taken for."""

    def __init__(self, portals: Iterable[Portal]) -> None:
        self._listed: dict[str, dict[str, Portal]] = {}
        for portal in portals:
            for url in (portal.home_url, portal.column_url):
                if url:
                    self._listed.setdefault(_host(urlsplit(url)), {})[portal.portal_id] = portal

    def origin_of(self, url: str) -> Origin:
        """How a page at that address is filed.

        Where several portals of the file share a host, the one whose folder the address lies in deepest counts; if that
        is none, or several, the host stands for itself.
        """
        try:
            parts = urlsplit(url)
            host = _host(parts)
        except ValueError:
            return _UNKNOWN
        if parts.scheme not in _USUAL_PORTS or "\\" in url or not _NAME.fullmatch(parts.hostname or ""):
            return _UNKNOWN
        listed = self._listed.get(host, {})
        portal = next(iter(listed.values())) if len(listed) == 1 else _nearest(parts.path, listed.values())
        if portal is not None:
            return Origin(portal.trust, portal.portal_id, portal.division_code or None)
        if host.partition(":")[0].endswith(_PUBLIC):
            return Origin("official", host)
        return _UNKNOWN

    def portal(self, portal_id: str) -> Portal | None:
        """The portal of the file with that id; None for a host that stands for itself."""
        found = (portals.get(portal_id) for portals in self._listed.values())
        return next((portal for portal in found if portal is not None), None)


def _host(parts: SplitResult) -> str:
    name, port = (parts.hostname or "").rstrip("."), parts.port
    return name if port in (None, _USUAL_PORTS.get(parts.scheme)) else f"{name}:{port}"


def _nearest(path: str, portals: Iterable[Portal]) -> Portal | None:
    depths: dict[int, list[Portal]] = {}
    for portal in portals:
        folders = [_folder(urlsplit(url).path) for url in (portal.home_url, portal.column_url) if url]
        depth = max((len(folder) for folder in folders if path.startswith(folder)), default=0)
        depths.setdefault(depth, []).append(portal)
    deepest = max(depths, default=0)
    return depths[deepest][0] if deepest and len(depths[deepest]) == 1 else None


def _folder(path: str) -> str:
    return path[: path.rfind("/") + 1] or "/"

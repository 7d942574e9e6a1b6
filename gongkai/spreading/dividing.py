"""A crawl divided into parts: each host belongs to one, and each part has as many portals as a crawl asks at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil
from urllib.parse import urlsplit

from crawler.portals import Portal

MOST = 64
"""Portals of a part: a crawl asks 32 at a time, and those that are done early make room for others."""


def host_of(url: str) -> str:
    """The host of an address, in small letters; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def divided(
    portals: Sequence[Portal], places: int, more_hosts: Callable[[Portal], Iterable[str]] = lambda portal: ()
) -> list[list[Portal]]:
    """The portals in parts, enough for two rounds of so many places, in the order of the file where hosts allow.

    `more_hosts` gives hosts that a portal was seen to use beside those of its row.
    """
    groups = list(_by_host(portals, more_hosts))
    most = max(1, min(MOST, ceil(len(portals) / (2 * max(1, places)))))
    parts: list[list[Portal]] = []
    for group in groups:
        if not parts or len(parts[-1]) + len(group) > most:
            parts.append([])
        parts[-1] += group
    return parts


def _by_host(portals: Sequence[Portal], more_hosts: Callable[[Portal], Iterable[str]]) -> Iterator[list[Portal]]:
    """Portals that share a host, directly or through others, together."""
    leader: dict[str, str] = {}

    def lead(name: str) -> str:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    for portal in portals:
        own = {host_of(portal.home_url), host_of(portal.column_url), *more_hosts(portal)} - {""}
        first, *others = [f"portal {portal.portal_id}", *sorted(own)]
        for host in others:
            leader[lead(host)] = lead(first)
    together: dict[str, list[Portal]] = {}
    for portal in portals:
        together.setdefault(lead(f"portal {portal.portal_id}"), []).append(portal)
    yield from together.values()

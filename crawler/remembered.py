"""What the nights before have left of a portal: which links and lists need not be asked for, and which are missed.

Links are known by the key of their address, so that a session or a phone's twin makes no new one. The search asks here
before it asks the portal; when it is over, what it met is compared with what was known.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from archive.nights.links import Link, Walk
from crawler.addresses import key_of
from crawler.search import Search

_ASK_AGAIN = frozenset(("failed", "blocked", "forbidden"))
"""Outcomes of which every night may bring another."""
_WALKED_AFRESH = 7.0
"""Days after which a list is gone through to its end although its first page has not changed."""
_FEWEST_CHECKS = 20
"""Pages of a portal that may be looked after in a night because nothing links to them any more; else a tenth."""


class Remembered:
    """The links and lists of one portal. `days` are those of the setting `recheck_days`."""

    def __init__(self, links: Iterable[Link], walks: Iterable[Walk], *, days: float, now: datetime) -> None:
        self._links = {key_of(link.url): link for link in links}
        self._walks = list(walks)
        self._days, self._now = days, now

    def link(self, url: str) -> Link | None:
        """The link to that page, if it was asked for before."""
        return self._links.get(key_of(url))

    def reports_behind(self, url: str, listed: str) -> int | None:
        """How many reports are behind a link that need not be asked for tonight; None for one that must be."""
        link = self.link(url)
        if link is None or link.outcome in _ASK_AGAIN or not link.says(listed):
            return None
        if link.gone and link.missing:  # it is listed again
            return None
        return None if link.is_due(self._days, self._now) else link.reports

    def unchanging(self) -> dict[str, int]:
        """The first pages, by their captures, of the lists that need be gone through only when these have changed."""
        wanting = {link.listed_on for link in self._links.values() if link.outcome in _ASK_AGAIN}
        days = min(_WALKED_AFRESH, self._days)
        return {
            walk.first_page: walk.capture_id
            for walk in self._walks
            if walk.first_page not in wanting and not walk.is_due(days, self._now)
        }

    def listed(self, search: Search) -> dict[str, set[str]]:
        """In which words the known links were listed tonight, by their addresses."""
        return {link.url: search.listed[key] for key, link in self._links.items() if key in search.listed}

    def taken_for_listed(self, search: Search) -> list[Link]:
        """Links on pages that were not asked for: known reports, and lists behind a first page that is as before."""
        pages = {link.page_url for key, link in self._links.items() if key in search.kept_keys}
        pages |= {one.first for one in search.lists if one.left}
        rest = [
            link for key, link in self._links.items() if key not in search.listed and not link.gone and not link.missing
        ]
        found: list[Link] = []
        while more := [link for link in rest if link.listed_on in pages]:
            found += more
            pages = {link.page_url for link in more}
            here = {link.url for link in more}
            rest = [link for link in rest if link.url not in here]
        return found

    def missing(self, search: Search) -> list[Link]:
        """Links that no page of tonight holds; none where no page of tonight held any, or all have new addresses."""
        if not search.listed or search.has_sessions:
            return []
        still = {link.url for link in self.taken_for_listed(search)}
        return [link for key, link in self._links.items() if key not in search.listed and link.url not in still]

    def to_check(self, search: Search) -> list[str]:
        """The pages of reports to look after: those that are missing since tonight, and others of which it is time."""
        missing = [link for link in self.missing(search) if link.reports and not link.gone]
        most = max(_FEWEST_CHECKS, len(self._links) // 10)
        fresh = [link.url for link in missing if not link.missing]
        return (fresh + [link.url for link in missing if link.missing and link.is_due(self._days, self._now)])[:most]

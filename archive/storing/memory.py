"""Memory: what a night learns for the nights after it, of portals, their lists and links, and hosts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.database import spoken
from archive.imported import introduce_portal
from archive.moments import now
from archive.nights.hosts import HeldHost, forget_hosts, held_hosts, strike_host
from archive.nights.links import (
    Asked,
    Link,
    Walk,
    links_of,
    listed_until,
    note_gone,
    note_link,
    note_listed,
    note_walks,
    walks_of,
)
from archive.nights.portals import Fared, note_portal
from archive.readings import clean
from archive.storing.opened import Opened
from archive.warc import stored_url

_OF_A_PORTAL = ("name", "division_code", "level", "province", "city", "county")


@dataclass(frozen=True, slots=True)
class KnownColumns:
    """Where a portal keeps its reports, as (address, setting) of pages, and when it was last searched for them."""

    columns: tuple[tuple[str, str], ...] = ()
    gone: frozenset[str] = frozenset()
    """Addresses of columns that gave none the last time."""
    searched_at: str | None = None


class Memory(Opened):
    """Remembers what is known of portals and hosts."""

    def introduce_portal(self, portal_id: str, at: str, cells: Mapping[str, str | None]) -> None:
        """Enters a portal that is known from imported records, if it is not known; `cells` as for `enter_portal`."""
        known = {name: clean(cells.get(name) or None) for name in _OF_A_PORTAL}

        def work() -> None:
            introduce_portal(self.db, portal_id, at)
            row = self.db.execute("SELECT imported, name FROM portals WHERE portal_id = ?", [portal_id]).fetchone()
            if row == (1, None) and any(known.values()):
                self.db.table("portals").update(portal_id, known)

        self._write(work)

    def enter_portal(self, portal_id: str, cells: Mapping[str, str | None]) -> None:
        """Notes what the portals file says of a portal that is about to be asked.

        `cells` may hold name, division_code, level, and the names of the province, city and county.
        """
        known = {name: clean(cells.get(name) or None) for name in _OF_A_PORTAL}

        def work() -> None:
            self._see_portal(portal_id, now())
            self.db.table("portals").update(portal_id, known)

        self._write(work)

    def known_columns(self, portal_id: str) -> KnownColumns:
        """Where the portal was found to keep its reports, as (address, setting), and when it was last searched."""
        with spoken(self.path):
            query = "SELECT url, setting, gone_at FROM columns WHERE portal_id = ? ORDER BY url"
            rows = self.db.execute(query, [portal_id]).fetchall()
            searched = self.db.execute("SELECT searched_at FROM portals WHERE portal_id = ?", [portal_id]).fetchone()
        return KnownColumns(
            tuple((url, setting) for url, setting, gone in rows if gone is None),
            frozenset(url for url, _, gone in rows if gone is not None),
            searched[0] if searched else None,
        )

    def remember_columns(
        self, portal_id: str, gave: Mapping[tuple[str, str], int], barren: Iterable[str], *, searched: bool
    ) -> None:
        """Notes how many reports were found from which (address, setting), and which known columns gave none."""

        def work() -> None:
            at = now()
            self._see_portal(portal_id, at)
            for (url, setting), reports in gave.items():
                self.db.execute(
                    "INSERT INTO columns (portal_id, url, setting, reports, first_seen, last_seen)"
                    " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (portal_id, url) DO UPDATE SET setting = excluded.setting,"
                    " reports = excluded.reports, last_seen = excluded.last_seen, gone_at = NULL",
                    [portal_id, _whole(url), setting, reports, at, at],
                )
            for url in barren:
                self.db.execute(
                    "INSERT INTO columns (portal_id, url, setting, reports, first_seen, last_seen, gone_at)"
                    " VALUES (?, ?, 'annual', 0, ?, ?, ?) ON CONFLICT (portal_id, url) DO UPDATE"
                    " SET gone_at = coalesce(gone_at, excluded.gone_at)",
                    [portal_id, _whole(url), at, at, at],
                )
            if searched:
                self.db.table("portals").update(portal_id, {"searched_at": at})

        self._write(work)

    def links(self, portal_id: str) -> list[Link]:
        """The links of a portal that were asked for before, and what came of them."""
        with spoken(self.path):
            return links_of(self.db, portal_id)

    def walks(self, portal_id: str) -> list[Walk]:
        """The lists of a portal that were gone through to their end, and when."""
        with spoken(self.path):
            return walks_of(self.db, portal_id)

    def note_link(self, portal_id: str, asked: Asked) -> int:
        """Notes what came of asking for a link; returns how many current reports are gone with it."""

        def work() -> int:
            at = now()
            self._see_portal(portal_id, at)
            gone = 0
            if asked.outcome == "gone":
                gone = note_gone(self.db, portal_id, asked.page_url, listed_until(self.db, portal_id, asked.url), at)
            note_link(self.db, portal_id, asked, at)
            return gone

        return self._write(work)

    def close_portal(
        self,
        run_id: int,
        portal_id: str,
        fared: Fared,
        *,
        listed: Mapping[str, Iterable[str]],
        missing: Iterable[str],
        walks: Iterable[Walk],
    ) -> None:
        """Notes how a portal fared in a run, in which words known links were listed, which of them were not listed, and
        which lists were gone through.
        """

        def work() -> None:
            at = now()
            self._see_portal(portal_id, at)
            note_listed(self.db, portal_id, listed, missing, at)
            note_walks(self.db, portal_id, walks, at)
            note_portal(self.db, run_id, portal_id, fared)

        self._write(work)

    def held_hosts(self) -> dict[str, HeldHost]:
        """Hosts that refused or failed the last time, by name."""
        with spoken(self.path):
            return held_hosts(self.db)

    def strike_host(self, host: str, fault: str, message: str, *, blocks: bool, again: bool) -> None:
        """Notes that a host refused (`blocks`) or failed in this run, `again` as the last time."""
        said, at = clean(message) or "", datetime.now(UTC)
        self._write(lambda: strike_host(self.db, host, fault, said, at, blocks=blocks, again=again))

    def forget_hosts(self, hosts: Iterable[str]) -> None:
        """Notes that hosts answer well again."""
        self._write(lambda: forget_hosts(self.db, hosts))


def _whole(url: str) -> str | None:
    """The address of a page with its fragment, which names the column where it is one."""
    fragment = url.partition("#")[2]
    return clean(stored_url(url) + (f"#{fragment}" if fragment else ""))

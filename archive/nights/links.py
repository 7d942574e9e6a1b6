"""What lists showed the last time, and what came of asking for it, so that a night asks only for what is new.

A link is known by its address and by the words with which it is listed: its title and, behind a tab, the date beside
it. The same page may be linked in different words from different lists; each of them is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlite_utils import Database

from archive.moments import moment_of
from archive.readings import clean

_MOST_WORDS = 8
"""Wordings that are kept of one link."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was asked for before. `outcome` is one of table pages."""

    url: str
    words: frozenset[str]
    outcome: str
    reports: int
    page_url: str
    listed_on: str
    first_seen: str
    checked_at: str
    missing: bool
    gone: bool

    def says(self, words: str) -> bool:
        """Whether those words tell nothing new. Without a date they never do where lists give one: they are those of
        navigation, such as the link from one report to the next."""
        words = _cleaned(words)
        return words in self.words or (words.endswith("\t") and any(not known.endswith("\t") for known in self.words))

    def is_due(self, days: float, now: datetime) -> bool:
        """Whether so many days have passed since it was asked for, more or less a quarter of them.

        How much more or less is a matter of its address, so that what came in one night is not due in one night. What
        gave no report may still become one: a page that is listed before it is there, or was being mended. It is asked
        for after a day, then after as many as it has given none.
        """
        if not self.reports:
            known_for = (moment_of(self.checked_at) - moment_of(self.first_seen)) / timedelta(days=1)
            days = min(days, max(1.0, known_for))
        return is_due(self.url, self.checked_at, days, now)


@dataclass(frozen=True, slots=True)
class Walk:
    """A list of several pages that was gone through, and its first page as it was then."""

    first_page: str
    capture_id: int
    pages: int
    walked_at: str = ""

    def is_due(self, days: float, now: datetime) -> bool:
        """As for a link."""
        return is_due(self.first_page, self.walked_at, days, now)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking for a link tonight."""

    url: str
    outcome: str
    reports: int
    page_url: str
    listed_on: str = ""
    words: frozenset[str] = frozenset()


def links_of(db: Database, portal_id: str) -> list[Link]:
    """All links of a portal that were ever asked for."""
    rows = db.execute(
        "SELECT url, words, outcome, reports, page_url, listed_on, first_seen, checked_at, missing_since,"
        " gone_at FROM links WHERE portal_id = ? ORDER BY url",
        [portal_id],
    ).fetchall()
    return [
        Link(
            url, _words(words), outcome, reports, page, listed_on, first, checked, missing is not None, gone is not None
        )
        for url, words, outcome, reports, page, listed_on, first, checked, missing, gone in rows
    ]


def walks_of(db: Database, portal_id: str) -> list[Walk]:
    """The lists of a portal that were gone through."""
    query = "SELECT first_page, capture_id, pages, walked_at FROM lists WHERE portal_id = ?"
    return [Walk(*row) for row in db.execute(query, [portal_id]).fetchall()]


def note_walks(db: Database, portal_id: str, walks: Iterable[Walk], at: str) -> None:
    """Notes which lists were gone through tonight."""
    rows = [
        asdict(walk) | {"first_page": _cleaned(walk.first_page), "portal_id": portal_id, "walked_at": at}
        for walk in walks
    ]
    db.table("lists").upsert_all(rows, pk=("portal_id", "first_page"))


def note_link(db: Database, portal_id: str, asked: Asked, at: str) -> None:
    """Notes what came of asking for a link; that it is there, or that nothing is. What failed tells nothing else."""
    row = {
        "portal": portal_id,
        "url": _cleaned(asked.url),
        "outcome": asked.outcome,
        "reports": asked.reports,
        "page": _cleaned(asked.page_url),
        "listed_on": _cleaned(asked.listed_on),
        "at": at,
        "gone": at if asked.outcome == "gone" else None,
    }
    known = db.execute("SELECT words FROM links WHERE portal_id = :portal AND url = :url", row).fetchone()
    row["words"] = _joined(asked.words, _words(known[0]) if known else ())
    if known and asked.outcome == "failed":
        db.execute("UPDATE links SET outcome = 'failed' WHERE portal_id = :portal AND url = :url", row)
        return
    db.execute(
        "INSERT INTO links (portal_id, url, words, outcome, reports, page_url, listed_on, first_seen, checked_at,"
        " gone_at) VALUES (:portal, :url, :words, :outcome, :reports, :page, :listed_on, :at, :at, :gone)"
        " ON CONFLICT (portal_id, url) DO UPDATE SET words = excluded.words, outcome = excluded.outcome,"
        " reports = excluded.reports, page_url = excluded.page_url,"
        " listed_on = coalesce(nullif(excluded.listed_on, ''), listed_on), checked_at = excluded.checked_at,"
        " gone_at = iif(excluded.gone_at IS NULL, NULL, coalesce(gone_at, excluded.gone_at))",
        row,
    )


def note_listed(
    db: Database, portal_id: str, listed: Mapping[str, Iterable[str]], missing: Iterable[str], at: str
) -> None:
    """Notes which known links were listed tonight, and in which words, and which were not. Writes what has changed."""
    rows = db.execute("SELECT url, words, missing_since FROM links WHERE portal_id = ?", [portal_id]).fetchall()
    lost = set(missing)
    for url, words, since in rows:
        if url in listed:
            more = _joined(listed[url], _words(words))
            if since is not None or more != words:
                db.execute(
                    "UPDATE links SET words = ?, missing_since = NULL WHERE portal_id = ? AND url = ?",
                    [more, portal_id, url],
                )
        elif url in lost and since is None:
            db.execute("UPDATE links SET missing_since = ? WHERE portal_id = ? AND url = ?", [at, portal_id, url])


def note_gone(db: Database, portal_id: str, page_url: str, seen_at: str, at: str) -> int:
    """Notes that a page with reports is gone, and was there at `seen_at`; returns how many current reports it held.

    A report that stands on another page, to which a list of tonight links, has only moved.
    """
    reports = db.execute(_ON_PAGE, {"page": page_url, "portal": portal_id}).fetchall()
    for report_id, _ in reports:
        db.execute(
            "UPDATE report_readings SET gone_at = ?, last_seen = max(last_seen, ?) WHERE report_id = ?",
            [at, seen_at, report_id],
        )
    return sum(is_current for _, is_current in reports)


_EVIDENCE = """report_captures e JOIN captures c ON c.capture_id = e.capture_id
     WHERE e.report_id = r.report_id AND e.role IN ('page', 'twin')"""

_ON_PAGE = f"""
SELECT r.report_id, r.is_current FROM report_revisions r JOIN report_readings t ON t.report_id = r.report_id
WHERE r.portal_id IS :portal AND t.gone_at IS NULL
  AND r.report_id IN (SELECT report_id FROM report_readings WHERE url = :page
                      UNION SELECT e.report_id FROM captures c JOIN report_captures e ON e.capture_id = c.capture_id
                             WHERE c.url = :page AND e.role IN ('page', 'twin'))
  AND NOT EXISTS (SELECT 1 FROM {_EVIDENCE} AND c.url <> :page
                     AND EXISTS (SELECT 1 FROM links l WHERE l.page_url = c.url AND l.portal_id IS :portal
                                    AND l.gone_at IS NULL AND l.missing_since IS NULL))
"""


def listed_until(db: Database, portal_id: str, url: str) -> str:
    """When a link was last seen: in a list, in the last run that went through those, or when it was asked for."""
    row = db.execute(
        "SELECT max(l.checked_at, coalesce(CASE WHEN l.missing_since IS NULL THEN (SELECT max(r.started_at)"
        " FROM run_portals p JOIN runs r USING (run_id) WHERE p.portal_id = l.portal_id AND p.reports > 0) END, ''))"
        " FROM links l WHERE l.portal_id = ? AND l.url = ?",
        [portal_id, url],
    ).fetchone()
    return str(row[0]) if row else ""


def is_due(place: str, last: str, days: float, now: datetime) -> bool:
    """Whether so many days have passed since that moment, more or less a quarter of them by the name of the place."""
    share = int.from_bytes(blake2b(place.encode("utf-8", "replace"), digest_size=4).digest()) / 2**32
    return now - moment_of(last) >= timedelta(days=days * (0.75 + share / 2))


def joined_words(later: str, earlier: str) -> str:
    """The wordings of a link, as they are stored, that two archives know; those of the later one first."""
    new = later.split("\n") if later else []
    return "\n".join((new + sorted(_words(earlier) - {*new}))[:_MOST_WORDS])


def _words(stored: str) -> frozenset[str]:
    return frozenset(stored.split("\n")) if stored else frozenset()


def _joined(tonight: Iterable[str], before: Iterable[str] = ()) -> str:
    """Wordings as they are stored: those of tonight first, where there are too many."""
    new = sorted({_cleaned(word) for word in tonight})
    return "\n".join((new + sorted({*before} - {*new}))[:_MOST_WORDS])


def _cleaned(text: str) -> str:
    return (clean(text) or "").replace("\n", " ")

"""What became of each portal when it was last asked, from the pages that were noted then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlite_utils import Database

TROUBLES = {"blocked": "blocked", "failed": "unreachable", "forbidden": "refused", "unreadable": "unreadable"}
"""Outcome of a page -> what is said of a portal that gave only such pages; the first that occurs counts."""

_GOOD = ("report", "key_unknown")


@dataclass(frozen=True, slots=True)
class Visit:
    """The last visit to a portal: when, and what a report that it did not give is therefore taken for."""

    portal_id: str
    asked_at: str
    status: str
    """`not_found`, a value of TROUBLES, or `not_asked` when it was never asked."""
    reason: str
    url: str | None
    gave: bool
    """Whether there were reports."""


@dataclass(frozen=True, slots=True)
class _Pages:
    """Pages of one outcome, with the newest as their example."""

    number: int
    reason: str
    url: str


def last_visits(db: Database) -> list[Visit]:
    """One for each portal of the archive but those that are known from imported records only."""
    pages: dict[str, dict[str, _Pages]] = {}
    for portal_id, outcome, number, _, reason, url in db.execute(_PAGES).fetchall():
        pages.setdefault(portal_id, {})[outcome] = _Pages(number, reason or outcome, url)
    portals = db.execute(_PORTALS).fetchall()
    answered = _answered(db, {portal_id: since for portal_id, _, since, _, _ in portals if portal_id not in pages})
    return [
        _of_a_whole_run(
            _judged(
                portal_id,
                asked_at,
                pages.get(portal_id, {}),
                column,
                portal_id in answered,
                _met_reports(db, portal_id, since),
            ),
            whole,
        )
        for portal_id, asked_at, since, whole, column in portals
    ]


def _of_a_whole_run(visit: Visit, whole: int | None) -> Visit:
    """A run that was stopped before its end cannot tell what is not there. `whole` is None where there was no run."""
    if visit.status == "not_found" and whole == 0:
        return replace(visit, status="not_asked", reason="the last run that asked its portal did not go to its end")
    return visit


def _judged(
    portal_id: str, asked_at: str, pages: Mapping[str, _Pages], column: str | None, answered: bool, met: bool
) -> Visit:
    gave = met or any(outcome in pages for outcome in _GOOD)
    troubles = [(outcome, pages[outcome]) for outcome in TROUBLES if outcome in pages]
    if gave or not troubles:
        if not (pages or answered):
            return Visit(portal_id, asked_at, "not_asked", "the portal was never asked", column, False)
        reason = "not among the reports of the portal" if gave else "the portal gave no report"
        for outcome, found in troubles:
            if outcome != "forbidden":  # links to other hosts, and what robots.txt keeps for itself
                reason += f"; {found.number} of its pages {outcome}, e.g. {found.reason}"
        if "key_unknown" in pages:
            reason += f"; {pages['key_unknown'].number} of its reports without agency or year"
        return Visit(portal_id, asked_at, "not_found", reason, column, gave)
    outcome, found = troubles[0]
    return Visit(portal_id, asked_at, TROUBLES[outcome], found.reason, found.url, False)


def _answered(db: Database, since: Mapping[str, str]) -> set[str]:
    """The portals that gave any response since their moment; a list without a link to a report is noted nowhere else.

    Captures are gone through once for all the portals that were last asked in the same run.
    """
    noted = {portal for portal, start in since.items() if db.execute(_NOTED, [start, portal]).fetchone()}
    for start in {since[portal] for portal in since.keys() - noted}:
        noted |= {row[0] for row in db.execute(_CAPTURED, [start]) if since.get(row[0]) == start}
    return noted


def _met_reports(db: Database, portal_id: str, since: str) -> bool:
    """Whether reports were met since, if only those that are known, in a list."""
    query = (
        "SELECT 1 FROM run_portals JOIN runs USING (run_id) WHERE started_at >= ? AND portal_id = ? AND reports > 0"
        " LIMIT 1"
    )
    return db.execute(query, [since, portal_id]).fetchone() is not None


_NOTED = (
    "SELECT 1 FROM run_portals JOIN runs USING (run_id)"
    " WHERE started_at >= ? AND portal_id = ? AND requests > failures LIMIT 1"
)
_CAPTURED = (
    "SELECT DISTINCT portal_id FROM captures WHERE run_id IN (SELECT run_id FROM runs WHERE started_at >= ?)"
    " AND portal_id IS NOT NULL"
)

# A portal's last run began before its last sign of life; without any run, all that is known of it counts.
_SINCE = "coalesce((SELECT max(started_at) FROM runs WHERE started_at <= p.last_seen AND command = 'crawl'), '')"

_PORTALS = f"""
SELECT p.portal_id, p.last_seen, {_SINCE},
       (SELECT coalesce(u.verdict, '') IN ('ok', 'incomplete') FROM runs u
         WHERE u.started_at = {_SINCE} AND u.command = 'crawl'
         ORDER BY u.run_id DESC LIMIT 1),
       (SELECT max(url) FROM columns c WHERE c.portal_id = p.portal_id AND c.gone_at IS NULL)
FROM portals p WHERE NOT p.imported ORDER BY p.portal_id
"""

_PAGES = f"""
WITH asked AS MATERIALIZED (SELECT p.portal_id, {_SINCE} AS since FROM portals p)
SELECT g.portal_id, g.outcome, count(*), max(g.last_seen), g.reason, g.url
FROM asked JOIN pages g ON g.portal_id = asked.portal_id
WHERE g.last_seen >= asked.since
GROUP BY g.portal_id, g.outcome
"""

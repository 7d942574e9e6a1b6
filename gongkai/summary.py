"""The last lines of a crawl: what was found, what was not, and where the data is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from crawler.verdict import Tally

_WORDS = {
    "new": "new",
    "revised": "revised",
    "unchanged": "unchanged",
    "known": "known and listed as before",
    "twin": "under a further address",
    "mirror": "copies on a mirror",
    "upgraded": "now from a better source",
    "unlisted": "not listed any more, and still there",
    "gone": "gone from their portals",
}
_SHOWN = 5


def summary(tallies: Mapping[str, Tally], totals: Mapping[str, int], verdict: str, archive: Path) -> str:
    """Several lines of text for the person, or the log, that started the run."""
    return "\n".join(_lines(tallies, totals, verdict, archive))


def _lines(tallies: Mapping[str, Tally], totals: Mapping[str, int], verdict: str, archive: Path) -> Iterator[str]:
    outcomes: Counter[str] = Counter()
    for tally in tallies.values():
        outcomes.update(tally.outcomes)
    reports = sum(tally.reports for tally in tallies.values())
    requests = sum(tally.requests for tally in tallies.values())
    parts = [f"{outcomes[name]} {words}" for name, words in _WORDS.items() if outcomes[name]]
    yield f"found     {_count(reports, 'report')} on {_count(len(tallies), 'portal')} with {requests} requests" + (
        f": {', '.join(parts)}" if parts else ""
    )
    passed = sum(tally.passed_over for tally in tallies.values())
    others = [(url, reason) for tally in tallies.values() for url, reason in tally.not_reports]
    if passed or others:
        yield f"passed by {_count(passed, 'link')} to something else, {_count(len(others), 'page')} without a report"
    yield from (f"          {url}: {reason}" for url, reason in others[:_SHOWN])
    if outcomes["refused"]:
        yield f"unfiled   {outcomes['refused']} reports without agency or year (table issues, code key_unknown)"
    dead = sum(tally.dead for tally in tallies.values())
    if dead:
        yield f"dead      {_count(dead, 'link')} to documents that are not there (table pages, outcome gone)"
    foreign = sum(tally.foreign for tally in tallies.values())
    if foreign:
        yield f"foreign   {_count(foreign, 'link')} to other hosts, not asked (table pages, outcome forbidden)"
    for portal_id, tally in tallies.items():
        if tally.searched:
            yield f"searched  {portal_id} ({tally.name}): {tally.searched}"
    for portal_id, tally in tallies.items():
        if tally.fault:
            yield f"problem   {portal_id} ({tally.name}): {tally.fault}"
    if totals:
        yield (
            f"archive   {archive}: {_count(totals['reports'], 'report')} of {totals['agencies']} agencies, "
            f"{totals['figures']} figures, {totals['issues']} open issues"
        )
        yield f"evidence  {archive.parent / 'warc'}: {totals['captures']} captures"
    else:  # nothing could be read at the end
        yield f"archive   {archive}"
    yield f"verdict   {verdict}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

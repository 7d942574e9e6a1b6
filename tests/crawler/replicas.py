"""Crawls the replicas of a seed and compares with what they publish: recall, precision, requests.

As a program (`make replicas`) it takes seeds that nobody has looked at; the tests take one of them.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from urllib.parse import urlsplit

from crawler.portals import write_portals
from crawler.sample_portal import SamplePortal
from tests.conftest import run

FAST = ("-s", "DOWNLOAD_DELAY=0.001", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "RETRY_TIMES=0")
Key = tuple[str, int]


@dataclass(frozen=True)
class Outcome:
    """What a crawl of one seed's replicas found, beside what they publish."""

    seed: int
    published: frozenset[Key]
    found: frozenset[Key]
    requests: int
    by_portal: dict[str, tuple[int, int, int]]
    """Portal id -> reports published, reports missed, requests that its server answered."""
    blind: float
    """Share of the portals of which neither column nor platform was given."""
    said: str

    def lines(self) -> Iterator[str]:
        """For people: a line for each portal that missed something or took long, and one for all."""
        for portal_id, (published, missed, requests) in self.by_portal.items():
            if missed or requests > 3 * published:
                yield f"  {portal_id}: {published} reports, {missed} missed, {requests} requests"
        yield (
            f"seed {self.seed}: {len(self.by_portal)} portals ({self.blind:.0%} with home page only), "
            f"{len(self.published)} agency-years published, {len(self.published - self.found)} missed, "
            f"{len(self.found - self.published)} too many, {self.requests} requests, "
            f"{self.requests / len(self.published):.2f} a report"
        )


def crawl_seed(seed: int, folder: Path) -> Outcome:
    """One crawl of all families, made from the seed, into an archive in that folder."""
    with SamplePortal(0, seed) as portal:
        rows, facts = portal.portals(), portal.facts()
        path, archive = folder / "portals.csv", folder / "archive.db"
        with path.open("w", encoding="utf-8", newline="") as stream:
            write_portals(stream, rows)
        said = run("gongkai", "crawl", "--portals", path, "--archive", archive, *FAST, cwd=folder).stderr
        asked = Counter(logged.host for logged in portal.log)
    if not archive.exists():
        raise SystemExit(f"seed {seed}: the crawl did not start: {said}")
    with sqlite3.connect(archive) as db:
        found = frozenset(db.execute("SELECT agency, year FROM reports WHERE is_current = 1"))
    by_portal = {}
    for row in rows:
        own = {(fact.agency, fact.year) for fact in facts if fact.portal == row["portal_id"]}
        host = urlsplit(row["home_url"]).hostname or ""
        by_portal[row["portal_id"]] = (len(own), len(own - found), asked[host])
    blind = sum(not row["column_url"] and not row["platform"] for row in rows) / len(rows)
    published = frozenset((fact.agency, fact.year) for fact in facts)
    return Outcome(seed, published, found, sum(asked.values()), by_portal, blind, said)


def main() -> int:
    """Crawl some seeds; 0 when nothing was missed, nothing too much, and no more than 3 requests a report made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="*", help="default: three at random")
    seeds = parser.parse_args().seeds or [SystemRandom().randrange(10_000, 1_000_000) for _ in range(3)]
    good = True
    for seed in seeds:
        with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
            outcome = crawl_seed(seed, Path(folder))
        print("\n".join(outcome.lines()), flush=True)
        good = good and outcome.published == outcome.found and outcome.requests <= 3 * len(outcome.published)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

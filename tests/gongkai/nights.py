"""Nights of a portal that changes: crawled as an operator would, and compared with what the portal publishes.

`python -m tests.gongkai.nights` (`make nights`) goes through all families; the tests take a few.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from archive import Archive
from archive.publish.codebook import codebook
from crawler.portals import write_portals
from crawler.sample_portal import ChangingPortal, expected
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.families import FAMILIES
from crawler.sample_portal.site import DOMAIN
from tests.conftest import run

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False")
COUNTED = ("reports", "reports_new", "reports_revised", "reports_gone", "reports_known")


MOMENTS = [
    (name, column)
    for name, relation in codebook().items()
    for column, about in relation.columns.items()
    if about.type == "moment" and relation.part == "tables"
]
"""Every column of every table that holds a moment."""


@dataclass(frozen=True)
class Night:
    """What a crawl asked for, by the portal's own log, and what it noticed, by its own counts."""

    exit_code: int
    said: str
    requests: Counter[str]
    """By host key."""
    articles: list[str]
    """Addresses of report pages and files of which a body was sent."""
    noticed: dict[str, int]


class Operator:
    """Somebody who runs a command every night."""

    def __init__(self, folder: Path, portal: ChangingPortal, command: Sequence[str] = ("crawl",)) -> None:
        self.portal, self.command = portal, tuple(command)
        self.archive = folder / "archive.db"
        self._file = folder / "portals.csv"
        (folder / "gongkai.toml").write_text("publish = false\n", encoding="utf-8")  # which takes a second a night
        with self._file.open("w", encoding="utf-8", newline="") as stream:
            write_portals(stream, portal.portals())

    def night(self, *more: str) -> Night:
        """One run of the command, with whatever else it is told."""
        before = len(self.portal.log)
        words = ("gongkai", *self.command, "--portals", self._file, "--archive", self.archive, *FAST, *more)
        done = run(*words, cwd=self.archive.parent)
        log = self.portal.log[before:]
        pages = self._pages()
        sent = [f"{entry.host}{entry.path}" for entry in log if entry.status == 200]
        return Night(
            done.returncode,
            done.stderr,
            Counter(entry.host.removesuffix(f".{DOMAIN}") for entry in log),
            [place for place in sent if unquote(place.partition("?")[0]) in pages or unquote(place) in pages],
            self._counts(),
        )

    def pass_a_day(self) -> None:
        """Everything that the archive knows was a day earlier, so that the next run comes a day later."""
        with closing(sqlite3.connect(self.archive)) as db, db:
            for table, column in MOMENTS:
                day_before = f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, '-1 day')"
                db.execute(f"UPDATE {table} SET {column} = {day_before} WHERE {column} IS NOT NULL")

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What the archive answers."""
        with closing(sqlite3.connect(self.archive)) as db:
            return db.execute(sql).fetchall()

    def differences(self, gone: Sequence[Fact] = ()) -> list[str]:
        """Where the archive is not the truth; `gone` are reports that were published once and are not now."""
        deleted = {(fact.agency, fact.year) for fact in gone}
        there = "SELECT agency, year, gone_at IS NOT NULL FROM reports WHERE is_current = 1"
        found = {(agency, year): bool(is_gone) for agency, year, is_gone in self.rows(there)}
        seen = [fact for fact in gone if (fact.agency, fact.year) in found]  # perhaps it came and went unseen
        wanted = {(fact.agency, fact.year): fact for fact in [*self.portal.facts(), *seen]}
        wrong = [f"{key}: missing" for key in wanted.keys() - found.keys()]
        wrong += [f"{key}: nobody published it" for key in found.keys() - wanted.keys()]
        wrong += [
            f"{key}: gone is {found[key]}" for key in wanted.keys() & found.keys() if found[key] != (key in deleted)
        ]
        numbers: dict[tuple[object, object], dict[object, object]] = {}
        for agency, year, figure, value in self.rows("SELECT agency, year, figure, value FROM figures"):
            numbers.setdefault((agency, year), {})[figure] = value
        for key, fact in wanted.items():
            printed = {figure: expected(text) for figure, text in fact.printed.items()}
            read = numbers.get(key, {})
            wrong += [
                f"{key} {figure}: {read.get(figure)} for {number}"
                for figure, number in printed.items()
                if read.get(figure) != (None if number is None else float(number))
            ]
        return wrong

    def _pages(self) -> set[str]:
        places = [self.portal.url(fact) for fact in self.portal.facts()]
        places += [file for fact in self.portal.facts() if (file := self.portal.file(fact))]
        parts = [urlsplit(place) for place in places]
        return {unquote(f"{url.hostname}{url.path}" + (f"?{url.query}" if url.query else "")) for url in parts}

    def _counts(self) -> dict[str, int]:
        if not self.archive.exists():
            return {}
        newest = "SELECT name, value FROM run_counts WHERE run_id = (SELECT max(run_id) FROM runs)"
        counts = {str(name): int(str(value)) for name, value in self.rows(newest)}
        return {name: counts.get(name, 0) for name in COUNTED}


@contextmanager
def operated(
    families: Sequence[str], *, size: int = 60, seed: int = 3, command: Sequence[str] = ("crawl",)
) -> Iterator[Operator]:
    """A changing portal of these families, and its operator."""
    folder = Path(tempfile.mkdtemp(prefix="gongkai-nights-"))
    try:
        with ChangingPortal(0, seed, tuple(families), size) as portal:
            yield Operator(folder, portal, command)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sound(archive: Path) -> int:
    """Reads every record of an archive; returns how many. Raises ArchiveError or AssertionError for a damaged one."""
    with Archive.open(archive) as opened:
        assert opened.db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        captures = opened.db.execute("SELECT capture_id FROM captures").fetchall()
        for (capture_id,) in captures:
            opened.read(capture_id)
    return len(captures)


def main() -> None:
    """What a second night costs and notices, for each family in turn."""
    heads = ("reports", "first", "second", "share", "bodies")
    print(f"{'family':20}", *(f"{head:>7}" for head in heads), " 3 new, 2 revised, 1 deleted")
    for family in sorted(FAMILIES):
        with operated((family,)) as operator:
            portal, first, second = operator.portal, operator.night(), operator.night()
            published = len(portal.facts())
            if operator.differences():  # its services do not know what is still to come
                print(f"{family:20} {published:7}  its replica cannot change")
                continue
            changes = [*portal.new(3), *portal.revise(2), *portal.delete(1)]
            third = operator.night()
            gone = [change.fact for change in changes if change.kind == "deleted"]
            requests = first.requests.total(), second.requests.total()
            noticed = [third.noticed.get(f"reports_{kind}", 0) for kind in ("new", "revised", "gone")]
            wrong = len(operator.differences(gone))
            print(
                f"{family:20} {published:7} {requests[0]:7} {requests[1]:7} {requests[1] / requests[0]:7.0%}"
                f" {len(second.articles):7}  {noticed}" + (f", {wrong} differences from the truth" if wrong else "")
            )


if __name__ == "__main__":
    main()

"""What became of a run, by our own count. Scrapy exits with 0 whatever happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.nights.portals import Fared
from crawler.faults import Fault

EXIT_CODES = {
    "ok": 0,
    "incomplete": 1,
    "cut_short": 1,
    "usage": 2,
    "archive": 3,
    "busy": 4,
    "stopped": 5,
}
"""Verdict -> exit code of `gongkai crawl`; docs/cli.md explains each."""


class Failure(NamedTuple):
    """A page that could not be had: where, why, and the code of the fault."""

    url: str
    message: str
    code: str


@dataclass(slots=True)
class Tally:
    """What was met on one portal during a run."""

    name: str
    requests: int = 0
    storing: int = 0
    """Pages that are being stored."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """How each report was filed (new, unchanged, revised, twin, mirror, upgraded, refused), or that it was `known` and
    only seen in a list, is `unlisted` and there all the same, or `gone`."""
    passed_over: int = 0
    """Links that plainly named something else, or that robots.txt forbids."""
    not_reports: list[tuple[str, str]] = field(default_factory=list)
    """(URL, reason) of pages that turned out to be none."""
    failures: list[Failure] = field(default_factory=list)
    """Pages that could not be had."""
    dead: int = 0
    """Documents that the portal lists and has not (404, 410): nothing that asking again would bring."""
    left: int = 0
    """Pages that were not asked for, because their host is left alone after the failures."""
    why_left: str = ""
    held: Fault | None = None
    """Why the portal was not asked at all."""
    foreign: int = 0
    """Links to what look like reports on hosts that are not asked."""
    searched: str = ""
    """Why the portal was searched again, when what was known of it did not work."""
    budget_spent: bool = False

    @property
    def reports(self) -> int:
        """Those that were met, if only in a list."""
        return sum(self.outcomes.values()) - sum(self.outcomes[name] for name in ("refused", "unlisted", "gone"))

    @property
    def trouble(self) -> Fault | None:
        """The one fault, and line, that an operator needs about this portal; None when all is well."""
        rest = f"; {self.left} more not asked for: {self.why_left}" if self.left and self.reports else ""
        if self.held is not None:
            return self.held
        if self.failures:
            first = self.failures[0]
            pages = f"{len(self.failures)} page{'s' if len(self.failures) > 1 else ''}"
            many = f"{pages} could not be fetched, first: " if self.reports else ""
            return Fault(first.code, f"{many}{first.message} ({first.url}){rest}")
        if self.left:
            return Fault("host_cooled", f"{self.left} pages not asked for: {self.why_left}")
        if not self.reports:
            dead = f", and {self.dead} that are listed are not there" if self.dead else ""
            return Fault("no_report", f"no report found{dead}")
        if self.budget_spent:
            return Fault("budget_spent", "the request budget is spent")
        return None

    @property
    def fault(self) -> str | None:
        """The same in words only."""
        return self.trouble.message if self.trouble is not None else None

    def fared(self) -> Fared:
        """For the `run_portals` table."""
        return Fared(
            requests=self.requests,
            reports=self.reports,
            new=self.outcomes["new"],
            revised=self.outcomes["revised"],
            gone=self.outcomes["gone"],
            failures=len(self.failures),
            fault=self.trouble.code if self.trouble is not None else None,
            message=self.fault,
        )

    def counts(self) -> dict[str, int]:
        """For the `runs` table."""
        return {
            "requests": self.requests,
            "reports": self.reports,
            **{f"reports_{outcome}": number for outcome, number in self.outcomes.items()},
            "passed_over": self.passed_over,
            "foreign": self.foreign,
            "not_reports": len(self.not_reports),
            "failures": len(self.failures),
            "dead": self.dead,
            "left": self.left,
            "not_stored": sum(failure.code == "not_stored" for failure in self.failures),
        }


def verdict_of(tallies: Mapping[str, Tally], finish_reason: str) -> str:
    """`ok` when every portal gave reports and every page came; `stopped` by a signal; `archive` when the archive or the
    disk would take no more; `cut_short` when anything else ended it early (Scrapy's limit of memory, a setting that
    closes the spider); else `incomplete`."""
    if finish_reason == "shutdown":
        return "stopped"
    if finish_reason == "archive":
        return "archive"
    if finish_reason != "finished":
        return "cut_short"  # what was not asked for is not missing on the portals
    if any(tally.fault for tally in tallies.values()):
        return "incomplete"
    return "ok"


def exit_code(verdict: str) -> int:
    return EXIT_CODES[verdict]

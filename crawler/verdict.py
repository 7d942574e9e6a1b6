"""What became of a run, by our own count. Scrapy exits with 0 whatever happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

EXIT_CODES = {
    "ok": 0,
    "incomplete": 1,
    "usage": 2,
    "archive": 3,
    "busy": 4,
    "stopped": 5,
}
"""Verdict -> exit code of `gongkai crawl`; docs/cli.md explains each."""


@dataclass(slots=True)
class Tally:
    """What was met on one portal during a run."""

    name: str
    requests: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    """How each report was filed: new, unchanged, revised, twin, mirror, upgraded, refused."""
    passed_over: int = 0
    """Links that plainly named something else, or that robots.txt forbids."""
    not_reports: list[tuple[str, str]] = field(default_factory=list)
    """(URL, reason) of pages that turned out to be none."""
    failures: list[tuple[str, str]] = field(default_factory=list)
    """(URL, fault) of pages that could not be had."""
    foreign: int = 0
    """Links to what look like reports on hosts that are not asked."""
    searched: str = ""
    """Why the portal was searched again, when what was known of it did not work."""
    budget_spent: bool = False

    @property
    def reports(self) -> int:
        return sum(self.outcomes.values()) - self.outcomes["refused"]

    @property
    def fault(self) -> str | None:
        """The one line an operator needs about this portal; None when all is well."""
        if self.failures and not self.reports:
            return f"{self.failures[0][1]} ({self.failures[0][0]})"
        if not self.reports:
            return "no report found"
        if self.failures:
            return (
                f"{len(self.failures)} pages could not be fetched, first: {self.failures[0][1]} ({self.failures[0][0]})"
            )
        if self.budget_spent:
            return "the request budget is spent"
        return None

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
        }


def verdict_of(tallies: Mapping[str, Tally], finish_reason: str) -> str:
    """`ok` when every portal gave reports and every page came; `stopped` by a signal; else `incomplete`."""
    if finish_reason == "shutdown":
        return "stopped"
    if finish_reason != "finished" or any(tally.fault for tally in tallies.values()):
        return "incomplete"
    return "ok"


def exit_code(verdict: str) -> int:
    return EXIT_CODES[verdict]

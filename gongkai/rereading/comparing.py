"""What would change: captures that are read otherwise beside what stands of them, summed up for people to decide.

Nothing is written for it. Counts are exact; of what may be many, the first few are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlite_utils import Database

from archive.as_read import as_read, is_corrected
from archive.differing import Differences, differences
from archive.rereading import ReadAgain
from archive.withdrawing import ReadFrom, document_of, read_from
from gongkai.rereading.reading import Failed, Reread
from pipelines.forms.definitions import all_figures
from pipelines.model import Reading

NAMED = 10
"""Of what may be many."""

KINDS = {
    (False, True): "null -> number",
    (True, False): "number -> null",
    (True, True): "number -> another number",
    (False, False): "null, printed otherwise or not at all",
}
"""In what a figure differs, by whether there was and whether there is a number."""


@dataclass(frozen=True, slots=True)
class Example:
    """Where a figure is read otherwise, and how; a number, or what is printed in quotes; None: not there."""

    report: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class Named:
    """A count, and the first few of what was counted."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        self.count += 1
        if len(self.first) < NAMED:
            self.first.append(name)


@dataclass(slots=True)
class Summary:
    """What a reread found."""

    captures: int = 0
    same: int = 0
    changed: int = 0
    failed: Named = field(default_factory=Named)
    reports: int = 0
    """That are read otherwise, under the same key or another."""
    keys: Named = field(default_factory=Named)
    """Reports that turn out to be another agency's, or of another year."""
    appear: Named = field(default_factory=Named)
    vanish: Named = field(default_factory=Named)
    copies: int = 0
    """Captures that are read otherwise and are but copies of a report that rests on another."""
    figures: Counter[str] = field(default_factory=Counter)
    """Reports by figure that is read otherwise in them."""
    examples: dict[str, Example] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    """Reports by what else is read otherwise."""
    issues_gone: Counter[str] = field(default_factory=Counter)
    issues_new: Counter[str] = field(default_factory=Counter)

    def add(self, answer: Reread) -> None:
        """Counts the captures of an answer."""
        self.captures += answer.captures
        self.same += len(answer.same)
        self.changed += sum(map(len, answer.changed))
        for failure in answer.failed:
            self.fail(failure)

    def fail(self, failure: Failed) -> None:
        self.failed.add(f"{failure.url}: {failure.why}")


class Comparison:
    """Compares captures that were read again with what stands of them, and sums it up.

    `bereft` are other captures that would lose the report that they are evidence for: they are to be read, too.
    """

    def __init__(self, db: Database, summary: Summary) -> None:
        self._db = db
        self.summary = summary
        self.bereft: set[int] = set()

    def add(self, one: ReadAgain) -> None:
        """Takes one capture into account."""
        standing: dict[int, list[ReadFrom]] = {}
        for found in read_from(self._db, document_of(self._db, one.capture_id, one.origin)):
            standing.setdefault(found.part, []).append(found)
        for reading in one.readings:
            before = standing.pop(reading.part, [])
            is_filed = reading.report and reading.agency is not None and reading.year is not None
            if before:
                for found in before:
                    self._compare(one, found, reading, is_filed=is_filed)
            elif is_filed and (one.origin.role != "list" or reading.cells or reading.indicators):
                self._without(one, reading)
        for found in (found for part in standing.values() for found in part):
            self._vanish(one, found)

    def _compare(self, one: ReadAgain, found: ReadFrom, reading: Reading, *, is_filed: bool) -> None:
        if not is_filed:
            self._vanish(one, found)
            return
        before = as_read(self._db, found.report_id)
        differ = differences(before, reading, rules=not is_corrected(self._db, found.report_id))
        if not differ:
            return
        self.summary.reports += 1
        if {"agency", "year", "scope"} & differ.keys():
            self.summary.keys.add(f"{_key(before)} -> {_key(reading)}  {one.url}")
            self._bereave(found.report_id)
        self._count_figures(before, reading, differ)
        self._count_others(differ)

    def _without(self, one: ReadAgain, reading: Reading) -> None:
        """A reading on which no report rests: of a copy, or of what was none so far."""
        tied = self._db.execute(
            "SELECT 1 FROM report_captures WHERE capture_id = ? AND part = ?", [one.capture_id, reading.part]
        ).fetchone()
        if tied is None:
            self.summary.appear.add(f"{_key(reading)}  {one.url}")
        else:
            self.summary.copies += 1

    def _vanish(self, one: ReadAgain, found: ReadFrom) -> None:
        self.summary.vanish.add(f"{_key(as_read(self._db, found.report_id))}  {one.url}")
        self._bereave(found.report_id)

    def _bereave(self, report_id: int) -> None:
        query = (
            "SELECT l.capture_id FROM report_captures l JOIN report_revisions r USING (report_id)"
            " WHERE l.report_id = ? AND l.capture_id <> r.capture_id"
        )
        self.bereft |= {row[0] for row in self._db.execute(query, [report_id]).fetchall()}

    def _count_figures(self, before: Reading, after: Reading, differ: Differences) -> None:
        old, new = before.figures, after.figures
        for figure in all_figures().keys() & differ.keys():
            self.summary.figures[figure] += 1
            self.summary.examples.setdefault(figure, Example(_key(after), *differ[figure]))
            was, now = old.get(figure), new.get(figure)
            self.summary.kinds[KINDS[was is not None, now is not None]] += 1

    def _count_others(self, differ: Differences) -> None:
        for what, (before, after) in differ.items():
            kind, _, rest = what.partition(" ")
            if kind == "issue":
                self.summary.issues_gone.update([rest] if after is None else [])
                self.summary.issues_new.update([rest] if before is None else [])
        self.summary.others.update(set(_kinds(differ)))


def _kinds(differ: Differences) -> Iterator[str]:
    """What differs besides figures, keys and issues, with what is numbered under one name."""
    for what in differ:
        kind, _, rest = what.partition(" ")
        if what in all_figures() or kind in ("issue", "agency", "year", "scope"):
            continue
        yield "printed text" if rest == "printed" else kind if rest.isdigit() else what


def _key(reading: Reading) -> str:
    return " ".join(filter(None, (reading.agency or "?", str(reading.year or "?"), reading.scope)))

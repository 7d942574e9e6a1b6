"""A night on an archive: reports that have changed and reports that are new, each with its capture, as a crawl does it.

Everything is real: a record in the WARC, a row for it, the report in a transaction of its own, a note on the page, each
on the disk before the next begins; at the end of the run, what is missing is judged anew.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from archive.moments import now
from archive.store import Archive
from archive.warc import Exchange
from benchmarks.archive import narratives
from benchmarks.archive.generated import Agency, Report, reports
from benchmarks.million.filling import address_of, portal_of
from benchmarks.million.written import reading_of

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds that passed, and of the processor."""

    wall: float
    cpu: float


class Night:
    """A run that writes to an archive, open until it is ended. Opens it, and lets the run begin."""

    def __init__(self, path: Path, bodies: list[Agency]) -> None:
        self.bodies = bodies
        self.opened, self.archive = _timed(lambda: Archive.open(path))
        self.run_id = self.archive.begin_run("benchmark")
        self.outcomes: Counter[str] = Counter()
        (self.newest,) = self.archive.db.execute("SELECT max(year) FROM report_revisions").fetchone()
        self._chance = random.Random(self.run_id)
        self._texts = narratives.sections(self.run_id)
        self._numbers = self._endless()
        self._new = self._chance.sample(range(len(bodies)), len(bodies))

    def changes(self, count: int) -> list[Took]:
        """Files so many changes, every other one a new report; what each took."""
        return [self._change(new=number % 2 == 0) for number in range(count)]

    def end(self) -> Took:
        """Ends the run."""
        took, _ = _timed(lambda: self.archive.finish_run(self.run_id, "ok", 0, {}))
        self.archive.close()
        return took

    def _change(self, *, new: bool) -> Took:
        place = self._new.pop() if new else self._chance.randrange(len(self.bodies))
        year = self.newest + 1 if new else self._chance.randrange(2015, 2025)
        body, numbers = self.bodies[place], next(self._numbers)
        sections = next(self._texts)
        report = Report(place, year, numbers.cells, numbers.values)
        reading = reading_of(body, report, sections, self._chance)
        page = "".join(f"<p>{section.heading}</p><p>{section.text}</p>" for section in sections)
        page += "".join(f"<td>{cell.raw}</td>" for cell in reading.cells)
        exchange = Exchange(
            address_of(body, year, place + 1),
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=page.encode(),
            fetched_at=now(),
        )

        def work() -> str:
            portal = portal_of(body)
            capture_id = self.archive.keep(exchange, run_id=self.run_id, portal_id=portal)
            stored = self.archive.store(
                reading, capture_id, trust="official", portal_id=portal, division_code=body.division_code
            )
            self.archive.note_page(exchange.url, portal_id=portal, capture_id=capture_id, outcome="report", reason=None)
            return stored.outcome

        took, outcome = _timed(work)
        self.outcomes[outcome] += 1
        return took

    def _endless(self) -> Iterator[Report]:
        while True:
            yield from reports(self._chance.sample(self.bodies, 20), seed=self._chance.randrange(1 << 30))


def _timed(work: Callable[[], Result]) -> tuple[Took, Result]:
    walked, worked = time.perf_counter(), time.process_time()
    result = work()
    return Took(time.perf_counter() - walked, time.process_time() - worked), result

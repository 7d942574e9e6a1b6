"""What reports say, for as little time as possible: the time that is measured is that of the archive.

Numbers are those of a few thousand generated bodies, taken in turn; sections are put together anew for each report from
some thousands of texts. Two words that no text holds are planted, so that a rare one has the same number of hits in
every archive.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice

from benchmarks.archive import narratives
from benchmarks.archive.generated import FORM, FORMS, YEARS, Agency, Report, reports
from pipelines.model import Issue, Reading, Section

RARE = "鹮羽保育"
"""Stands in `RARE_HITS` sections of each archive."""

RARE_HITS = 40
OFTEN = "行政复议"
"""Stands in nearly every report."""

CHARACTERS = 2000
"""Of the sections of a report, without headings."""

_POOL = 3000


def readings(bodies: list[Agency], seed: int = 1) -> Iterator[tuple[int, Reading]]:
    """(place in the list of bodies, reading) of each body and year, body by body, with sections and some issues."""
    chance = random.Random(seed)
    total = len(bodies) * len(YEARS)
    texts = [_of_the_length(report) for report in islice(narratives.sections(seed), min(_POOL, total))]
    numbers = cycle(_in_years(bodies[:2000], seed))
    every = max(1, total // RARE_HITS)
    for place, body in enumerate(bodies):
        for report in next(numbers):
            number = place * len(YEARS) + report.year - YEARS.start
            sections = tuple(chance.choice(texts)[n] for n in range(len(texts[0])))
            if number % every == 0 and number // every < RARE_HITS:
                sections = (*sections[:-1], replace(sections[-1], text=f"{sections[-1].text}。{RARE}。"))
            yield place, reading_of(body, report, sections, chance)


def first_readings(bodies: list[Agency]) -> Iterator[tuple[int, Reading]]:
    """(place in the list of bodies, reading) of one report of each body."""
    return islice(readings(bodies), 0, None, len(YEARS))


def reading_of(body: Agency, report: Report, sections: tuple[Section, ...], chance: random.Random) -> Reading:
    """What the reader makes of a report; in one of twenty it doubts a figure."""
    doubt = Issue("t3_flow", "warning", "does not add up", "applications.results_total.total")
    return Reading(
        True,
        agency=body.name,
        year=report.year,
        scope="area" if body.scope == "area" else "own",
        evidence={"agency": f"title: {body.name}", "year": f"title: {report.year}年"},
        title=f"{body.name}{report.year}年政府信息公开工作年度报告",
        form=FORM.id,
        forms=FORMS,
        read_by="html",
        cells=report.cells,
        sections=sections,
        issues=(doubt,) if chance.random() < 0.05 else (),
    )


def _in_years(bodies: list[Agency], seed: int) -> list[list[Report]]:
    made = reports(bodies, seed=seed)
    return [list(islice(made, len(YEARS))) for _ in bodies]


def _of_the_length(report: tuple[Section, ...]) -> tuple[Section, ...]:
    """The sections cut alike to CHARACTERS in all."""
    total = sum(len(section.text) for section in report)
    return tuple(replace(s, text=s.text[: -(-len(s.text) * CHARACTERS // total)]) for s in report)

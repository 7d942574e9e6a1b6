"""A report before it is written out: who it is from, its sections with their tables, what else is on the page."""

import random
from dataclasses import dataclass, field, replace
from typing import Any

from tests.generate.facts.local import LocalReport
from tests.generate.facts.prose import closing, opening, overview
from tests.generate.facts.titles import Identity
from tests.generate.facts.truth import Truth
from tests.generate.layout.grids import Grid, table2, table3, table4
from tests.generate.layout.statistics import SHAPES, local_grid

HEADINGS = {
    1: "一、总体情况",
    2: "二、主动公开政府信息情况",
    3: "三、收到和处理政府信息公开申请情况",
    4: "四、政府信息公开行政复议、行政诉讼情况",
    5: "五、存在的主要问题及改进情况",
    6: "六、其他需要报告的事项",
}
OLD_HEADINGS = {1: "一、概述", 5: "二、存在的主要问题和改进措施", 6: "三、需要说明的事项与附表"}
STATISTICS_HEADING = "政府信息公开情况统计表"


@dataclass(slots=True)
class Section:
    """A statutory section with tables: its heading, lines before the tables, the tables."""

    number: int
    heading: str
    grids: list[Grid]
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """All that a writer needs; `unknowable` are figures that this page cannot show, `optional` extra ids.

    `indicators` are the rows of local statistics (`spare` ones may be given or not), `stated` the numbers of
    applications that the prose names, `agency_lost` says that the agency's name is damaged beyond repair.
    """

    truth: Truth
    identity: Identity
    sections: list[Section]
    opening: list[str]
    overview: list[str]
    problems: list[str]
    fees: list[str]
    headings: dict[int, str] = field(default_factory=lambda: dict(HEADINGS))
    annex: bool = False
    marks: set[str] = field(default_factory=set)
    unknowable: set[str] = field(default_factory=set)
    optional: dict[str, int] = field(default_factory=dict)
    foreign: list[Grid] = field(default_factory=list)
    indicators: list[dict[str, Any]] = field(default_factory=list)
    spare_indicators: list[dict[str, Any]] = field(default_factory=list)
    stated: set[int] = field(default_factory=set)
    agency_lost: bool = False

    def grid(self, number: int) -> Grid:
        """The first statutory table with this number."""
        return next(g for s in self.sections for g in s.grids if g.number == number)

    def section(self, number: int) -> Section:
        """The section with this number."""
        return next(s for s in self.sections if s.number == number)

    def all_grids(self) -> list[Grid]:
        """Every statutory table in printed order."""
        return [g for s in self.sections for g in s.grids]


def make_page(truth: Truth, identity: Identity, rng: random.Random) -> Page:
    """The page of a report in the forms of 2019 and 2021, without any deviation."""
    problems, fees = closing(rng)
    sections = [Section(n, HEADINGS[n], [make(truth)]) for n, make in ((2, table2), (3, table3), (4, table4))]
    lines, stated = overview(rng, truth)
    start = opening(rng, identity.period, identity.year)
    return Page(truth, identity, sections, start, lines, problems, fees, stated=stated)


def _old_page(truth: Truth, identity: Identity, section: Section, rng: random.Random) -> Page:
    problems, fees = closing(rng)
    start = opening(rng, identity.period, identity.year)
    lines, stated = overview(rng, truth)
    return Page(truth, identity, [section], start, lines, problems, fees, dict(OLD_HEADINGS), annex=True, stated=stated)


def make_statistics_page(truth: Truth, identity: Identity, shape: str, rng: random.Random) -> Page:
    """A report of 2014-2018: prose, then the statistics form in one of its shapes."""
    lines = rng.choice(
        [[], [f"（{identity.year}年度）"], [f"（{identity.year}年度）", f"填报单位（盖章）：{truth.agency.name}"]]
    )
    if len(lines) > 1:  # the form names the body in full, the title may not
        identity = replace(identity, agencies=(*identity.agencies, truth.agency.name))
    heading = rng.choice(["", "附件：", "附："]) + STATISTICS_HEADING
    page = _old_page(truth, identity, Section(14, heading, SHAPES[shape](truth, rng), lines), rng)
    for grid in page.all_grids():
        page.spare_indicators += [
            {"label": row[0].text, "unit": row[1].text, "column": grid.rows[0][2].text, "value": int(row[2].text)}
            for row in grid.rows
            if row[-1].id == "beijing"
        ]
    return page


def make_local_page(report: LocalReport, identity: Identity, rng: random.Random) -> Page:
    """A report with local statistics, which belong to no national form."""
    truth = Truth(report.seed, report.agency, report.year, (), "", "other", {}, 0, "plain")
    heading = rng.choice([STATISTICS_HEADING, f"{report.agency.name}{STATISTICS_HEADING}", "政府信息公开情况统计报表"])
    page = _old_page(truth, identity, Section(8, heading, [local_grid(report)]), rng)
    page.indicators = [
        {"label": label, "unit": unit, "column": column, "value": number}
        for (label, unit), row in zip(report.family.rows, report.cells, strict=True)
        for column, (_, number) in zip(report.columns, row, strict=True)
    ]
    return page

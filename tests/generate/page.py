"""A report before it is written out: who it is from, its sections with their tables, what else is on the page."""

import random
from dataclasses import dataclass, field

from tests.generate.grids import Grid, table2, table3, table4
from tests.generate.prose import closing, opening, overview
from tests.generate.titles import Identity
from tests.generate.truth import Truth

HEADINGS = {
    1: "一、总体情况",
    2: "二、主动公开政府信息情况",
    3: "三、收到和处理政府信息公开申请情况",
    4: "四、政府信息公开行政复议、行政诉讼情况",
    5: "五、存在的主要问题及改进情况",
    6: "六、其他需要报告的事项",
}


@dataclass(slots=True)
class Section:
    """A statutory section with tables: its heading, lines before the tables, the tables."""

    number: int
    heading: str
    grids: list[Grid]
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """All that a rendering needs; `unknowable` are figures that this rendering cannot show, `optional` extra ids."""

    truth: Truth
    identity: Identity
    sections: list[Section]
    opening: list[str]
    overview: list[str]
    problems: list[str]
    fees: list[str]
    marks: set[str] = field(default_factory=set)
    unknowable: set[str] = field(default_factory=set)
    optional: dict[str, int] = field(default_factory=dict)
    foreign: list[Grid] = field(default_factory=list)

    def grid(self, number: int) -> Grid:
        """The first statutory table with this number."""
        return next(g for s in self.sections for g in s.grids if g.number == number)

    def section(self, number: int) -> Section:
        """The section with this number."""
        return next(s for s in self.sections if s.number == number)


def make_page(truth: Truth, identity: Identity, rng: random.Random) -> Page:
    """The page without any deviation."""
    problems, fees = closing(rng)
    sections = [Section(n, HEADINGS[n], [make(truth)]) for n, make in ((2, table2), (3, table3), (4, table4))]
    return Page(
        truth, identity, sections, opening(rng, identity.period, identity.year), overview(rng, truth), problems, fees
    )

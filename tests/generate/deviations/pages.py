"""What goes wrong around the tables: headings, notes, prose that contradicts, other tables, tables printed twice.

A page remembers the numbers of applications that its prose states, so that the answer says whether they contradict.
"""

import random
from dataclasses import replace

from tests.generate.deviations.shapes import Variants
from tests.generate.facts.agencies import random_agency
from tests.generate.facts.forms import COLUMNS
from tests.generate.layout.grids import C, Grid
from tests.generate.layout.page import Page


def _reversed(page: Page, rng: random.Random) -> None:
    page.sections.reverse()


def _wrong_numbers(page: Page, rng: random.Random) -> None:
    for section in page.sections:
        section.heading = rng.choice("一二三四五") + section.heading[1:]


def _no_headings(page: Page, rng: random.Random) -> None:
    for section in page.sections:
        section.heading = ""


def _instructions(page: Page, rng: random.Random) -> None:
    page.section(2).notes.append("（填表说明：本部分以表格形式报告，请注意第1列与第3列的数据关系。）")
    page.section(3).notes.append("该部分以表格形式报告。表格如下：")


def _prose_note(page: Page, rng: random.Random) -> None:
    """A sentence with figures between heading and table."""
    page.section(2).notes.append(f"全年公开各类信息{rng.randint(100, 3000)}条，其中规范性文件{rng.randint(1, 9)}件。")
    page.section(3).notes.append(f"（一）共收到申请{page.truth.received}件，其中网络提交2件、信函3件。")
    page.stated.add(page.truth.received)


def _heading_variants(page: Page, rng: random.Random) -> None:
    """Headings as agencies word them."""
    words = {
        2: (
            "二、行政机关主动公开政府信息情况",
            "二、政府信息主动公开情况",
            "二、主动公开政府政府情况",
            "一、主动公开政府信息情况",
        ),
        3: ("三、行政机关收到和处理政府信息公开申请情况", "三、收到和处理政府信息公开申请情况："),
        4: ("四、因政府信息公开工作被申请行政复议提起行政诉讼情况", "四、政府信息公开行政复议行政诉讼情况"),
    }
    for section in page.sections:
        section.heading = rng.choice(words[section.number])
    page.headings[5] = rng.choice(["五、政府信息公开工作存在的主要问题及改进情况", "五、存在的不足及改进措施"])


_CLAIMS = (
    "{year}年，本机关收到政府信息公开申请{n}件。",
    "（二）依申请公开情况。全年共受理政府信息公开申请{n}件，均在法定期限内答复。",
    "全年收到公民、法人和其他组织提出的政府信息公开申请{n}件。",
    "本年度新收政府信息公开申请{n}件，同比有所变化。",
)
# Figures about applications that are no statement about this year's total.
_ASIDES = (
    "上一年度收到政府信息公开申请{a}件。",
    "同期，区住房和城乡建设局收到申请{a}件，经网站提交的有{b}件。",
    "组织政府信息公开申请办理培训{b}次，参训{a}人次。",
)


def _claim(page: Page, n: int, rng: random.Random) -> None:
    page.overview[:] = [line for line in page.overview if "申请" not in line]
    page.stated = {n}
    page.overview.insert(rng.randrange(len(page.overview) + 1), rng.choice(_CLAIMS).format(year=page.truth.year, n=n))


def _prose_contradicts(page: Page, rng: random.Random) -> None:
    """The overview names a number of applications that table 3 does not have."""
    carried = int(page.truth.value("applications.carried_in.total") or 0)
    others = [page.truth.received + d for d in (1, 2, 7, 40) if d != carried]
    _claim(page, rng.choice(others), rng)


def _prose_agrees(page: Page, rng: random.Random) -> None:
    """The overview names the applications received, with or without those carried over, and other numbers beside."""
    carried = int(page.truth.value("applications.carried_in.total") or 0)
    _claim(page, page.truth.received + rng.choice([0, carried]), rng)
    page.overview.append(rng.choice(_ASIDES).format(a=rng.randint(300, 900), b=rng.randint(20, 90)))


def _other_names(page: Page, rng: random.Random) -> None:
    """Another body, another year and the notice of the other form in the opening."""
    year = page.truth.year
    lines = (
        f"根据国办公开办函〔{rng.choice([2019, 2021])}〕{rng.choice([60, 30])}号要求编制本报告。",
        f"编制了《{random_agency(rng).name}{year - 1}年政府信息公开工作年度报告》并予公布。",
        "县发改局严格按照规定做好公开工作。",
        f"{year + 1}年将继续推进政务公开，{year - 2}年的问题已整改。",
    )
    page.overview += rng.sample(lines, 2)


def _statistics_table(page: Page, rng: random.Random) -> None:
    """Another table of statistics on the page, after the report's own."""
    rows = [
        [C("信息发布总数（单位：条）", kind="head"), C(str(rng.randint(100, 9999)))],
        [C("专栏专题维护数量（单位：个）", kind="head"), C(str(rng.randint(1, 30)))],
        [C("收到留言数量（单位：条）", kind="head"), C(str(rng.randint(1, 300)))],
        [C("其他", kind="head"), C(str(rng.randint(1, 300)))],
        [C("总计", kind="head"), C(str(rng.randint(1, 300)))],
    ]
    page.foreign.append(Grid(0, rows, 2))


def _applicants_table(page: Page, rng: random.Random) -> None:
    """A table of the section one prose that has the same column heads as table 3."""
    head = [C("申请渠道", kind="head")] + [C(label, kind="head") for _, label in COLUMNS]
    rows = [head] + [[C(name)] + [C(str(rng.randint(0, 80))) for _ in COLUMNS] for name in ("网络", "信函", "当面")]
    page.foreign.append(Grid(0, rows, 8))


def _twice(page: Page, rng: random.Random) -> None:
    """All tables again, for another screen."""
    page.sections += [replace(s, grids=list(s.grids), notes=list(s.notes)) for s in page.sections]


def _two_reports(page: Page, rng: random.Random) -> None:
    """Nothing here: the document gets a second report (`documents`)."""


PAGES: dict[str, Variants] = {
    "headings": {
        "reversed": _reversed,
        "wrong_numbers": _wrong_numbers,
        "no_headings": _no_headings,
        "heading_variants": _heading_variants,
    },
    "notes": {"instructions": _instructions, "prose_note": _prose_note},
    "prose contradicts": {"prose_contradicts": _prose_contradicts},
    "prose agrees": {"prose_agrees": _prose_agrees},
    "other tables": {"statistics_table": _statistics_table, "applicants_table": _applicants_table},
    "tables twice": {"twice": _twice},
    "two reports": {"two_reports": _two_reports},
    "other names": {"other_names": _other_names},
}

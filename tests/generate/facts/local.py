"""Local statistics from before the national forms: indicators with a unit and two columns, this year and in all.

The reader gives them as they are printed (label, unit, column, value); they have no ids.
"""

import random
from dataclasses import dataclass

from tests.generate.facts.agencies import Agency, random_agency


@dataclass(frozen=True, slots=True)
class Family:
    """One local form: heads of its columns (`{year}` is the year of the report), its rows as printed label and unit."""

    id: str
    name_head: str
    unit_head: str
    code_head: str
    columns: tuple[str, str]
    rows: tuple[tuple[str, str], ...]
    years: tuple[int, int]


@dataclass(frozen=True, slots=True)
class LocalReport:
    """A report with local statistics: for every row of its family the two printed strings and their numbers."""

    seed: int
    agency: Agency
    year: int
    family: Family
    cells: tuple[tuple[tuple[str, int | None], tuple[str, int | None]], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The heads of the value columns."""
        return tuple(c.format(year=self.year) for c in self.family.columns)


def _table(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((a, b) for a, b in (line.split("|") for line in text.split()))


_CODES = _table("""
主动公开信息数|条 其中:全文电子化的主动公开信息数|条 新增的行政规范性文件数|条 提供服务类信息数|条
网站专栏页面访问量|人次
现场接待人数|人次 网上咨询数|人次 咨询电话接听数|人次 依申请公开信息目录数|条 申请总数|条 其中:1.当面申请数|条
2.传真申请数|条 3.电子邮件申请数|条 4.网上申请数|条 5.信函申请数|条 6.其他形式申请数|条 对申请的答复总数|条
其中:1.同意公开答复数|条 2.同意部分公开答复数|条 3.否决公开答复总数|条 其中:(1)“非《规定》所指政府信息”数|条
(2)“信息不存在”数|条 (3)“非本部门掌握”数|条 (4)“申请内容不明确”数|条 (5)“免予公开范围1”数|条
(6)“免予公开范围2”数|条 (7)“免予公开范围3”数|条 (8)“免予公开范围4”数|条 (9)“免予公开范围5”数|条
(10)“免予公开范围6”数|条 (11)其它原因|条 行政复议数|件 行政诉讼数|件 行政申诉数|件
其中:对本部门首次处理不满意的行政申诉数|件
""")
_YEARLY = _table("""
主动公开信息数|条 其中:1.政府网站|条 2.政府公报|条 受理依申请公开信息总数|条 其中:1.当面申请数|条 2.传真申请数|条
3.电子邮件申请数|条 4.网上申请数|条 5.信函申请数|条 6.其它形式申请数|条 本年度对申请的答复总数|条
其中:1.同意公开答复数|条 2.同意部分公开答复数|条 3.否决公开答复总数|条 行政复议数|件 行政诉讼数|件 行政申诉数|件
""")
_LATER = _table("""
主动公开文件数|条 其中:1、政府网站公开数|条 2、政府公报公开数|条 受理政府信息依申请公开总数|条 其中:1、当面申请数|条
2、网上申请数|条 3、信函、传真申请数|条 对申请的答复总数|条 其中:1、同意公开答复数|条 2、同意部分公开答复数|条
3、不予公开答复数|条 4、其他类型答复数|条 接受行政诉讼、举报数|件 行政复议数|件 行政诉讼数|件
""")
FAMILIES = {
    "codes": Family("codes", "指标名称", "计量单位", "代码", ("本期实际", "本年累计"), _CODES, (2008, 2013)),
    "yearly": Family("yearly", "指标名称", "计量单位", "", ("{year}年度", "历年累计"), _YEARLY, (2008, 2013)),
    "later": Family("later", "指标名称", "计量单位", "", ("{year}年度", "历年累计"), _LATER, (2012, 2018)),
}


def _printed(n: int, style: str) -> tuple[str, int | None]:
    if style == "blank" and n == 0:
        return "", None
    return f"{n:,}" if style == "thousands" else str(n), n


def make_local(seed: int, family: str) -> LocalReport:
    """A random report of one of FAMILIES; the second column is never less than the first."""
    rng = random.Random(f"local {seed}")
    form = FAMILIES[family]
    cells = []
    style = rng.choice(["plain", "plain", "blank", "thousands"])
    for _ in form.rows:
        now = rng.choice([0, 0, rng.randint(1, 40), rng.randint(1, 5000)])
        ever = now + rng.choice([0, rng.randint(0, 9), rng.randint(0, 40_000)])
        cells.append((_printed(now, style), _printed(ever, style)))
    return LocalReport(seed, random_agency(rng), rng.randint(*form.years), form, tuple(cells))

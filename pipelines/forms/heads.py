"""The heads over a list of indicators (统计指标 | 单位 | 统计数 and its kin), and which column they tell to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from pipelines.forms.labels import label_key

Role = Literal["label", "unit", "value", "serial", "remark"]

_BRACKETS = re.compile(r"[（(\[【][^（）()\[\]【】]*[)）\]】]?")
_LABEL = re.compile(
    r"(?:统计|主要|公开|信息公开)?(?:指标|项目|事项|内容|类别|名称)(?:名称|项目|内容|类别)?(?:及(?:计量)?单位)?"
)
_INDICATOR = re.compile(r"指标|统计(?:项目|内容|事项)")
_UNIT = re.compile(r"(?:计量|统计|计数|计算|数量)?单位")
_SERIAL = re.compile(r"序号?|(?:指标)?(?:代码|代号|编号)|行次|行号|栏次|[Nn][Oo]")
_REMARK = re.compile(r"备注|说明|填报说明|备注说明|注")
_YEAR = re.compile(r"20[0-4]\d")
_VALUE = re.compile(
    r"统计(?:数|数据|数量|数值|结果)?|数(?:量|值|据|目|字)|指标值|合计数?|总计数?|总数|小计|汇总数?|"
    r".{0,8}(?:统计数|累计数?|合计|数量|数据)|(?:本|上|去|当)(?:年|年度|期|季|季度|月)(?:度?(?:数|数量|实际|累计|发生数|统计数|完成数))?|"
    r"全年数?|同期|(?:上年|去年)同期数?|20[0-4]\d(?:年?度?|年度?.{1,6})|第?[一二三四1-4]季度|上半年|下半年|比上年.{0,4}|增减.{0,4}|同比.{0,4}"
)
_TOTAL = re.compile(r".{0,8}(?:合计|总计|汇总)数?|总数")
_FIGURE = re.compile(
    r"统计(?:数|数据|数量|数值)|数(?:量|值|据)|(?:本|当)(?:年|年度|期)(?:数|数量|实际|统计数)?|全年数?"
)
_OTHER_TIME = re.compile(r"上年|上期|去年|同期|累计|增减|增长|同比|比上|环比")
_GLUED = re.compile(
    r"统计指标|指标名称|指标|项目|计量单位|单位|序号|代码|编号|行次|统计数据?|数量|数值|备注|合计|历年累计|本年累计|累计|本期实际|本年|20\d\d年度?"
)
# Heads of other tables: purchases, budgets, addresses, schedules.
_FOREIGN = re.compile(
    r"单价|金额|预算|决算|支出|收入|价格|电话|传真|邮编|邮箱|地址|联系|姓名|职务|责任|规格|型号|时间|日期|时限|依据|科室|经办|"
    r"供应商|中标|面积|型|得分|分值|权重|考核|牵头|完成情况|进度"
)


@lru_cache(maxsize=4096)
def head_key(text: str) -> str:
    """A head without spaces, punctuation and what stands in brackets behind it."""
    return label_key(_BRACKETS.sub("", text)) or label_key(text)


@lru_cache(maxsize=4096)
def role_of(text: str) -> Role | None:
    """What the column under a head holds, if the head is one of those that lists have."""
    key = head_key(text)
    if _UNIT.fullmatch(key):
        return "unit"
    if _SERIAL.fullmatch(key):
        return "serial"
    if _REMARK.fullmatch(key):
        return "remark"
    if _LABEL.fullmatch(key):
        return "label"
    return "value" if _VALUE.fullmatch(key) else None


def is_indicator_head(text: str) -> bool:
    """Whether a head speaks of indicators by name (指标), which only statistics do."""
    return bool(_INDICATOR.search(head_key(text)))


def is_foreign(text: str) -> bool:
    """Whether a head belongs to a table of another kind: purchases, budgets, contacts, schedules."""
    return bool(_FOREIGN.search(head_key(text)))


def heads_in(text: str) -> list[tuple[int, str]]:
    """(place, head) of heads that ran together and are all of a text; [] for other text, and for a single head."""
    found = [(match.start(), match[0]) for match in _GLUED.finditer(text)]
    return found if len(found) > 1 and sum(len(head) for _, head in found) == len(text) else []


def is_head_row(texts: Sequence[str]) -> bool:
    """Whether the cells of a row are the heads of a list: the column of labels, and behind it units or values."""
    for place, text in enumerate(texts):
        if text and not text.isdecimal() and role_of(text) == "label":
            return any(role_of(behind) in ("unit", "value") for behind in texts[place + 1 :])
    return False


def column_of_the_report(heads: Sequence[str], year: int | None) -> int | None:
    """Which of several value columns holds the report's figure; None where the heads do not tell.

    One column is it. Of several bodies' columns it is their total alone; beside earlier or cumulative numbers it is
    the one that names the report's year, this year, or nothing but the number.
    """
    if len(heads) == 1:
        return 0
    keys = [head_key(head) for head in heads]
    totals = [n for n, key in enumerate(keys) if _TOTAL.fullmatch(key)]
    if len(totals) == 1:
        return totals[0]
    named = [n for n, key in enumerate(keys) if str(year) in key and not _OTHER_TIME.search(key)]
    plain = [n for n, key in enumerate(keys) if _FIGURE.fullmatch(key)]
    for chosen in (named, plain):
        if len(chosen) == 1 and all(_is_other_time(key, year) for n, key in enumerate(keys) if n != chosen[0]):
            return chosen[0]
    return None


def _is_other_time(key: str, year: int | None) -> bool:
    years = {int(found) for found in _YEAR.findall(key)}
    return bool(_OTHER_TIME.search(key)) or (year is not None and bool(years) and year not in years)

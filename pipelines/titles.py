"""What a title or a link text says: is it a report, of which agency, for which year?

The same judgement serves the crawler before it fetches (link texts) and the reader after it has read (titles).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pipelines.remembered import remembered

Kind = Literal["report", "distractor", "unsure"]

HAN = "㐀-䶿一-鿿\U00020000-\U0003ffff"
"""Chinese characters, the rare ones of place names included, for use inside a character class."""

_ZEROS = "〇○◯ОOoＯｏ0零"  # what stands for a zero in a year written out
_DIGITS = str.maketrans(_ZEROS + "一二三四五六七八九", "0" * len(_ZEROS) + "123456789", " \u3000\xa0")
_WIDE_DIGITS = re.compile("[０-９]+")
_HAN_YEAR = re.compile(
    rf"(?<![一二三四五六七八九十])[二2]\s*[{_ZEROS}]\s*[{_ZEROS}一二三四五六七八九\d]\s*[{_ZEROS}一二三四五六七八九\d](?=\s*年)"
)
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
# A day is when something was published, not what it reports on.
_DAY = re.compile(
    r"20[0-4]\d\s*[-/.年]\s*\d{1,2}\s*[-/.月](?:\s*\d{1,2}\s*日?)?|"
    r"20[0-4]\d\s*年\s*[一二三四五六七八九十]{1,2}\s*月(?:\s*[一二三四五六七八九十]{1,3}\s*日)?"
)
_ONLY_YEAR = re.compile(r"[（(【\[]?20[0-4]\d年?度?[）)】\]]?")
_YEAR_WORDS = re.compile(r"[（(【\[]?(?<!\d)20[0-4]\d(?!\d)\s*年?\s*(?:年度|度)?[）)】\]]?")
# 政府信息公开工作年度报告 in the many orders in which agencies put its words.
_NOUN = re.compile(
    r"(?:政府|政务)?信息公开"
    r"(?:(?:工作|年度|情况|的|本级|[（(]?20[0-4]\d年?度?[）)]?|年))*"
    r"(?:报告|年报|总结报告)"
)
# The form of 2014 to 2018 and its local forerunners, where they are published on a page of their own.
_STATISTICS = re.compile(r"(?:政府|政务)?信息公开(?:工作)?情况?统计(?:报表|表|附表)")
_ANNUAL = re.compile(r"年报|年度|20[0-4]\d")
_OTHER_MATTER = re.compile(
    r"指南|目录|须知|制度|办法|规定|流程|格式|模板|范文|样式|样表|空表|要点|方案|意见|函$|通报|会议|培训|召开|举办|部署|解读|图解|一图|"
    r"读懂|上半年|下半年|季度|考核|评估|检查|督查|网站.{0,6}(?:年度|工作).{0,4}报[表告]|报表|法治政府|工作总结$|计划|新闻|启动|"
    r"印发|编制工作|征求|公告$|统计表$"
)
_WORK_REPORT = re.compile(r"政府工作报告|预算|决算|国民经济.{0,12}报告|审计(?:工作)?报告|财政.{0,6}(?:报告|收支)")
# How the name of a public body ends. A name may hold words (考核, 督查, 新闻, 审计) that elsewhere tell another matter.
BODY = re.compile(
    r"(?:人民政府(?:.{0,4}办公[室厅])?|办公[室厅]|政务办|党政办|府办|管委会|委员会|党工委|办事处|[局厅部院署委办会所站队社行省市县区旗州盟镇乡]|"
    r"街道|中心|支队|大队|总队|公司|集团|学校|医院|公署|园区|开发区|实验区|新区|示范区|兵团|团场?|师)$"
)
_NOTICE = re.compile(r"通知")
_PUBLISHES = re.compile(r"(?:发布|公布|公开发布|印发|出炉|上线)(?:了)?(?=20|二|《|政府|本)")
_SITE_TAIL = re.compile(r"\s*[-_|—–]+\s*[^-_|—–]{2,40}(?:网|平台|政府|门户|局|网站)\s*$")
# Marks around a title, edition notes, and the readings that mirrors write behind characters.
_ORNAMENT = re.compile(
    r"[《》“”\"★☆●◆■▪·•\s　\xa0]+|\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,7}\)|^(?:标题|名称)[:：]|"
    r"[（(](?:图片版|图文版|文字版|超链版|全文)[）)]|\.{2,}$|…+$"
)
_PLACEHOLDER = re.compile(r"行政机关名称|单位名称|[xXｘＸ×*_＿]{2,}|某某")
# What a line break in the middle of a name leaves behind: no name of a body begins like this.
_FRAGMENT = re.compile(
    r"^(?:.{1,2}$|府|员会|理委|公[室厅]|民政府|委会|(?:人民)?政府$|街?道$|道办|事处|处$|会$|自治[县州旗])"
)
# What a form prints around the name: 填报单位（盖章）：…填报日期：…
_BOX = re.compile(r"^(?:填[报表]|报送)单位(?:[（(](?:盖章|公章)[)）])?[:：]?|填[报表]日期[:：]?.*$")
_BREADCRUMB = re.compile(r"[>»›→]|当前位置|您所在|您现在|索引号")


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart. `agency` is what stands before the year and the noun, '' when nothing does."""

    kind: Kind
    text: str
    agency: str = ""
    year: int | None = None
    is_statistics: bool = False
    """Whether it names the table of statistics that belongs to a report, not the report."""


def with_digit_years(text: str) -> str:
    """Years in Chinese numerals (二〇二三年, 二○二三年, 二O一一年) or full-width digits in plain digits."""
    return _HAN_YEAR.sub(lambda match: match[0].translate(_DIGITS), _WIDE_DIGITS.sub(_narrow, text))


def _narrow(digits: re.Match[str]) -> str:
    return str(int(digits[0])).zfill(len(digits[0]))


@remembered(most=1024)
def read_title(text: str) -> Title:
    """Judge a title or link text, in simplified characters."""
    plain = _ORNAMENT.sub("", _SITE_TAIL.sub("", _DAY.sub("", with_digit_years(text))))
    report = _NOUN.search(plain)
    noun = report or _STATISTICS.search(plain)
    if not noun:
        return Title("distractor" if _WORK_REPORT.search(plain) or _OTHER_MATTER.search(plain) else "unsure", plain)
    before, after = plain[: noun.start()], plain[noun.end() :]
    # Behind the noun a year counts only where it is all that stands there: （2023年度）, not a document number.
    told = plain if _ONLY_YEAR.fullmatch(after) else plain[: noun.end()]
    years = [int(year) for year in _YEAR.findall(told)]
    agency = _agency(before)
    rest = after if BODY.search(agency) else before + after
    if _BREADCRUMB.search(plain) or _WORK_REPORT.search(after) or _OTHER_MATTER.search(rest):
        return Title("distractor", plain)
    if _NOTICE.search(after) and not re.search(r"(?:公布|发布|公开)", before):
        return Title("distractor", plain)
    if _PUBLISHES.search(before) and not before.startswith("关于"):
        return Title("distractor", plain)
    if not _ANNUAL.search(plain):
        return Title("unsure", plain, agency)
    year = years[0] if years and len(set(years)) == 1 else None
    return Title("report", plain, agency, year, is_statistics=report is None)


def _agency(before: str) -> str:
    """What stands before the noun without years, document numbers and the words of a covering notice."""
    name = re.sub(r"^.*?[〔\[【（(]20\d\d[〕\]】）)]\s*\d+号", "", before)
    name = _BOX.sub("", _YEAR_WORDS.sub("", name))
    name = re.sub(r"^.*?关于(?:公布|发布|公开)", "", name)
    name = re.sub(r"^关于|(?:关于|的)+$|[：:，,。、]+$|^[：:，,。、\d.]+", "", name)
    if _PLACEHOLDER.search(name) or _FRAGMENT.search(name):
        return ""
    return name if re.fullmatch(rf"[{HAN}（）()、\d]{{2,50}}", name) else ""

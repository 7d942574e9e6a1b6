"""What a link promises before anything is fetched: a report, a column of reports, a way to one, or nothing.

Judged by its words, by the slug of its address, and by where it stands: 2023年 or 财政局 mean something inside a column
of annual reports and nothing in the navigation of a home page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

from crawler import words as say
from crawler.addresses import is_file
from crawler.platforms.base import Row
from pipelines.normalize import simplify
from pipelines.titles import BODY, HAN, Title, read_title, with_digit_years

Setting = Literal["annual", "disclosure", "open"]
"""Where a page stands: in a column of annual reports, in the disclosure section, or anywhere on the portal."""

Kind = Literal["report", "column", "way", "distractor"]
"""A report; a page that lists reports (or is one); a page from which such a column may be reached; another matter."""

STRONG = 80
"""Promises from here on are always looked at; weaker ones only while looking at such has brought something."""

HOPELESS = 10
"""The promise of any other short link, for portals whose words are none of ours."""

_NAME, _LONG, _LONGEST = 8, 16, 24
"""Characters of the longest name: of a column such as 政府信息公开指南, of any column, and of one of annual reports."""
_YEAR = re.compile(r"20[0-4]\d")
_BODY_AND_YEAR = re.compile(rf"([{HAN}（）()]+?)20[0-4]\d年?度?(?:工作)?(?:年报|年度报告|报告|总结)")


@dataclass(frozen=True, slots=True)
class Promise:
    """What a link is worth, from 0 to 100. `setting` is that of the page behind it."""

    kind: Kind
    score: int
    setting: Setting
    title: Title


@lru_cache(maxsize=2048)  # the navigation of a portal stands on every page of it
def promise_of(row: Row, setting: Setting, *, shown: bool = False, traditional: bool = False) -> Promise | None:
    """The promise of a link on a page in that setting; None when it has none.

    `shown` tells that it stood on a page outside the column, too: then it is navigation and says nothing about the
    column. Titles are read as simplified where page or text are traditional.
    """
    title = _title(row.title, traditional)
    words = re.sub(r"\s+", "", simplify(row.title))
    if title.kind == "report" and (title.agency or title.year) and not say.ONE_GROUP_OR_ALL.fullmatch(words):
        return Promise("report", 94 if row.by == "option" else 100, "annual", title)
    if say.MOVES.match(words):
        return None
    if title.kind == "unsure" and is_cut(row.title) and _may_go_on(words, setting):
        return Promise("report", 91, "annual", title)
    inside = setting == "annual" and not shown
    found = _in_annual(row, words, title) if inside else _on_the_way(row, words, title, setting)
    if found is None and title.kind == "distractor" and row.date:
        return Promise("distractor", 0, setting, title)
    return found


def _in_annual(row: Row, words: str, title: Title) -> Promise | None:
    """Inside a column of annual reports: years, bodies, groups of bodies, and whatever lies below the column."""
    if row.by in ("frame", "forward"):
        return Promise("column", 90, "annual", title)
    if not words:
        return Promise("column", 82, "annual", title) if _slug_says(say.ANNUAL_SLUG, row.url) else None
    if _is_report_of_body(words):
        return Promise("report", 95, "annual", title)
    named = _named_in_annual(words)
    if named:
        return Promise("column", named, "annual", title)
    if any(pattern.search(words) for pattern, _ in say.WAYS):
        return _on_the_way(row, words, title, "open")
    if title.kind == "distractor" or say.OTHER_MATTER.search(words):
        return None
    return _unnamed_in_annual(row, words, title)


def _is_report_of_body(words: str) -> bool:
    """Whether a text names a body, a year and a report: 财政局2023年年报."""
    found = _BODY_AND_YEAR.fullmatch(with_digit_years(words))
    return found is not None and (is_body(found[1]) or say.SHORT_BODIES.fullmatch(found[1]) is not None)


def _named_in_annual(words: str) -> int:
    """The score of what a column is divided into; 0 for anything else."""
    if say.YEAR.fullmatch(with_digit_years(words)):
        return 92
    if is_annual_name(words):
        return 93
    if say.GROUP.match(words):
        return 88
    return 86 if is_body(words) or say.SHORT_BODIES.fullmatch(words) else 0


def _unnamed_in_annual(row: Row, words: str, title: Title) -> Promise | None:
    """Files, titles that say too little, and short words of which nothing is known but that they stand here."""
    year = _YEAR.search(with_digit_years(words))
    if is_file(row.url, row.title) and (row.date or year or say.REPORTS.search(words)):
        return Promise("report", 96, "annual", title)
    if say.REPORTS.search(words) or ((year or "年度" in words) and "报告" in words):
        return Promise("report" if row.date else "column", 84, "annual", title)
    if year and len(words) <= _LONG and re.search("年报|公开|部门|乡镇|街道|镇街|单位", words):
        return Promise("column", 90, "annual", title)
    if row.by == "option" and len(words) <= _LONG:
        return Promise("column", 81, "annual", title)
    if 2 <= len(words) <= _NAME and not row.date and re.fullmatch(rf"[{HAN}]+", words):
        return Promise("way", 42, "annual", title)
    return None


def _on_the_way(row: Row, words: str, title: Title, setting: Setting) -> Promise | None:
    """Outside such a column: its name, its slug, and the names under which portals keep it."""
    if title.kind == "report" or say.ONE_GROUP_OR_ALL.fullmatch(words):
        return Promise("column", 95, "annual", title)
    if is_annual_name(words):
        return Promise("column", 95 if "公开" in words or setting == "disclosure" else 83, "annual", title)
    if row.by == "forward":
        return Promise("way", 90, setting, title)
    if len(words) > _LONG or row.date:
        return None
    if _slug_says(say.ANNUAL_SLUG, row.url) and not say.OTHER_MATTER.search(words):
        return Promise("column", 81, "annual", title)
    if row.by == "frame":
        return Promise("way", 58 if setting == "disclosure" else 30, setting, title)
    if say.SITE_MAP.match(words):
        return Promise("way", 40, "open", title)
    score = _way(row, words, setting)
    if score:
        return Promise("way", score, "disclosure", title)
    if setting == "open" and say.ENTRANCE.match(words):
        return Promise("way", 38, "open", title)
    if setting == "open" and 2 <= len(words) <= _NAME and row.by == "link":
        return Promise("way", HOPELESS, "open", title)
    return None


def _way(row: Row, words: str, setting: Setting) -> int:
    """The score of a link that leads into the disclosure section, or further in it; 0 for any other."""
    poor = say.POOR_WAYS.search(words)
    if poor and len(words) > _NAME:
        return 0
    if say.SECTION_OF_BODIES.search(words):
        return 56
    for pattern, score in say.WAYS:
        if pattern.search(words):
            return 24 if poor and score < 70 else score
    if setting == "disclosure":
        if is_body(words) and 2 < len(words) <= _LONG:
            return 50
        if say.GROUP.match(words):
            return 52
        if poor:
            return 22
    return 34 if _slug_says(say.DISCLOSURE_SLUG, row.url) else 0


def is_annual_name(words: str) -> bool:
    """Whether a short text names a column of annual reports (and of no other reports than these)."""
    if len(words) > _LONGEST or not say.REPORTS.search(words) or words.endswith("政府工作报告"):
        return False
    if "公开" in words:
        return not say.NOT_THE_REPORT.search(words)
    return not say.OTHER_MATTER.search(words) and re.search("年报|年度(?:工作)?报告", words) is not None


def is_whole_column(words: str) -> bool:
    """Whether a text names the column of a portal as such: not that of a year, of some bodies, or an older one."""
    return say.WHOLE_COLUMN.fullmatch(words) is not None


def is_body(words: str) -> bool:
    """Whether a text is the name of a public body and nothing else."""
    return (
        2 <= len(words) <= 30
        and BODY.search(words) is not None
        and re.fullmatch(rf"[{HAN}（）()、·]+", words) is not None
        and not say.EVENT.search(words)
    )


def is_cut(text: str) -> bool:
    """Whether a link text was cut off by the page that shows it."""
    return say.CUT.search(text) is not None


def _may_go_on(words: str, setting: Setting) -> bool:
    """Whether a text that was cut off may go on as the title of a report."""
    if "信息公开" in words and _YEAR.search(with_digit_years(words)):
        return True
    return setting == "annual" and re.search(r"公开|20[0-4]\d年|政府|办公室|街道|[局委镇乡]", words) is not None


def _title(text: str, traditional: bool) -> Title:
    title = read_title(simplify(text) if traditional else text)
    if title.kind == "unsure" and not traditional:
        title = read_title(simplify(text))
    return title


def _slug_says(pattern: re.Pattern[str], url: str) -> bool:
    """Whether the folder that an address names (its last segment without index files and endings) is called so."""
    segments = [part for part in urlsplit(url).path.split("/") if part]
    while segments and re.fullmatch(r"(?:index|default|[a-z_]*list|col\d*)?(?:_\d+)?\.\w{2,5}", segments[-1], re.I):
        segments.pop()
    return bool(segments) and pattern.match(re.sub(r"\.\w{2,5}$", "", segments[-1])) is not None

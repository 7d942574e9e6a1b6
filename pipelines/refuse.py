"""What looks like a report and is none, with the reason; and pages that only stand in for one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipelines.forms.definitions import load_forms
from pipelines.forms.labels import label_key
from pipelines.forms.read import FormsReading
from pipelines.identify import Identity
from pipelines.model import Document, Issue, Paragraph, Section
from pipelines.titles import read_title

CHALLENGE = "blocked: a challenge page of the site's firewall"
CAPTCHA = "blocked: the page asks for a captcha"
GEO_BLOCK = "blocked: the site does not serve the place that we ask from"
SOFT_404 = "the page says that it does not exist (soft 404)"
FORWARDS = "a stub that only forwards elsewhere"

_GONE = re.compile(
    r"页面不存在|页面未找到|您访问的页面|模板不存在|该信息已删除|已被删除|404\s*(?:not found|错误)|内容不存在",
    re.IGNORECASE,
)
_REFRESH = re.compile(r"""<meta[^>]+http-equiv=["']?refresh["']?[^>]*url\s*=\s*["']?([^"'>]*)""", re.IGNORECASE)
_SCRIPT_MOVE = re.compile(r"location(?:\.href)?\s*=|location\.replace\s*\(")
_CHALLENGE = re.compile(
    r"__jsl_clearance|\$_ts\s*=|yunsuo_session|acw_sc__v2|人机验证|滑动验证|安全验证|访问频繁|waf", re.IGNORECASE
)
# Spaces are gone from the words of a page.
_CAPTCHA = re.compile(
    r"(?:请|需要?|先)(?:您|您先|先|正确)?(?:输入|填写|完成|进行|点击|通过)[^，。；]{0,12}(?:验证码|验证)"
    r"|拖动(?:下方|左侧|左边)?滑块|滑块验证|滑动验证|人机验证|安全验证|确认您?(?:不是机器人|是真人)"
    r"|verify(?:that)?youarea?human",
    re.IGNORECASE,
)
_ABROAD, _KEPT_OUT = r"(?:境外|海外|国外)", r"(?:禁止|限制|无法|不能|不允许|不支持|拒绝)"
_GEO_BLOCK = re.compile(
    rf"(?:该|您所在的?|您的|当前|此)(?:国家|地区|区域|网络)[^，。；]{{0,12}}{_KEPT_OUT}[^，。；]{{0,6}}访问"
    rf"|(?:{_KEPT_OUT}|暂不对|不对)(?:来自)?{_ABROAD}[^，。；]{{0,12}}(?:访问|IP|用户|开放|服务|地址)"
    rf"|(?:IP|地址)[^。；]{{0,40}}{_ABROAD}|{_ABROAD}(?:IP|用户|地址)?[^，。；]{{0,8}}{_KEPT_OUT}[^，。；]{{0,4}}访问"
    r"|notavailableinyour(?:country|region)",
    re.IGNORECASE,
)
_REPORT_WORDS = re.compile(r"年度?报告|年报")
"""A page that speaks of a report may have a form with a captcha on it, or a report about one."""
# A page that only sets a cookie and comes again wants to know whether a browser is there.
_COOKIE, _MOVES = re.compile(r"document\.cookie\s*="), re.compile(r"location(?:\.href\s*=|\.reload|\.replace|\s*=)")
_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.IGNORECASE | re.DOTALL)
_NO_TITLE = re.compile(r"[>»›→|]|当前位置|首页|[，。；,;]")
_PART_OF_A_YEAR = re.compile(r"[上下]半年|季度")
_SHORT, _LONGEST_TITLE, _HEAD_LINES = 300, 60, 8
_TABLE_OF = {"active_disclosure": "主动公开", "applications": "收到和处理", "review_litigation": "行政复议"}
"""The tables since 2019, and words of the headings above them."""
_NOTHING_SAID = 8  # characters: 无此类情况 says that there is no table
_FEWEST_LABELS, _SHORTEST_LABEL, _FEWEST_NUMBERS = 4, 4, 6
_BARE_NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?=\s|$)")  # of a table; in a sentence each has its unit

_FEWEST_SECTIONS = 3


def challenge(html: str) -> str | None:
    """Why a page is a stub, a soft 404 or a challenge and not a document at all; None when it is a document."""
    words = _first_words(html[:60_000])
    if len(words) > _SHORT:
        return None
    if not _REPORT_WORDS.search(words):
        if _GEO_BLOCK.search(words):
            return GEO_BLOCK
        if _CAPTCHA.search(words):
            return CAPTCHA
    if _CHALLENGE.search(html) or (not words and _COOKIE.search(html) and _MOVES.search(html)):
        return CHALLENGE
    if _GONE.search(words):
        return SOFT_404
    if _REFRESH.search(html) or (_SCRIPT_MOVE.search(html) and len(words) < 60):
        return FORWARDS
    return None


def _first_words(html: str) -> str:
    """The characters of a page outside its tags and scripts, until they are more than a stub has."""
    words, position = "", 0
    for tag in _TAG.finditer(html):
        words += "".join(html[position : tag.start()].split())
        position = tag.end()
        if len(words) > _SHORT:
            return words
    return words + "".join(html[position:].split())


def not_a_report(
    document: Document, identity: Identity, forms: FormsReading, sections: tuple[Section, ...]
) -> str | None:
    """Why a document is no report; None when it is one.

    A report has a report's title or key, and a report's content: statutory tables, statistics of its own, most of its
    sections, or, under a full title, an attachment that holds it.
    """
    numbered = {section.number for section in sections if section.number}
    title = identity.title
    if forms.cells:
        if all(cell.state in ("blank", "unreadable") for cell in forms.cells) and not (
            identity.agency and identity.year
        ):
            return "a blank form: no cell is filled, and agency or year are missing"
        other = _other_title(document) if title is None else None
        return f"its title names something else: {other}" if other else None
    if title is None:
        return "no title of an annual disclosure report"
    if len(numbered) >= _FEWEST_SECTIONS or _has_statistics(forms):
        return None
    if document.attachments and _holds_report(document):
        return None
    if document.images and title.year and identity.agency and _few_words(document):
        return None
    return "called a report, but without tables, sections or an attachment that could hold one"


def _has_statistics(forms: FormsReading) -> bool:
    """Whether a list of indicators holds a number, read or not."""
    unread = any(issue.code == "indicators_unreadable" for issue in forms.issues)
    return unread or any(indicator.value is not None for indicator in forms.indicators)


def stands_in(document: Document, forms: FormsReading, sections: tuple[Section, ...]) -> tuple[Issue, ...]:
    """The issues of a report without tables, or one of them: where they are instead, if the page shows it."""
    if forms.cells or forms.indicators:
        return tuple(_lost_tables(forms, sections))
    if document.attachments and len({section.number for section in sections}) < _FEWEST_SECTIONS:
        return (Issue("attachment_only", "warning", f"the report is an attachment: {document.attachments[0].url}"),)
    if document.images:
        return (Issue("tables_are_images", "warning", f"no table, but {document.images} images"),)
    return (Issue("no_tables", "warning", "no statutory table on the page"),)


def _lost_tables(forms: FormsReading, sections: tuple[Section, ...]) -> Iterator[Issue]:
    """One issue for each section of whose table nothing was read, while others were, and which says nothing else (it is
    a picture), or says what stands in that table (it was not recognised)."""
    read = {block.partition(".")[0] for block in forms.forms}
    if not read & _TABLE_OF.keys():
        return
    for table, words in _TABLE_OF.items():
        headings = [s.heading for s in sections if words in s.heading and _stands_for_table(s.text, table)]
        if table not in read and headings:
            yield Issue("table_missing", "warning", f"{headings[0]}: no table of it could be read")


def _stands_for_table(text: str, table: str) -> bool:
    key = label_key(text)
    labels = sum(label in key for label in _labels_of(table))
    return len(text) < _NOTHING_SAID or labels >= _FEWEST_LABELS or len(_BARE_NUMBER.findall(text)) >= _FEWEST_NUMBERS


@cache
def _labels_of(table: str) -> frozenset[str]:
    """The labels of a table that are long enough to be told from words."""
    blocks = [block for form in load_forms().values() for block in form.blocks if block.table == table]
    labels = {label_key(label.text) for block in blocks for label in (*block.rows, *block.columns)}
    return frozenset(label for label in labels if len(label) >= _SHORTEST_LABEL)


def _other_title(document: Document) -> str | None:
    """The title of a page that plainly names another matter (half a year, the format, a meeting)."""
    above = [line.text for line in document.lead[-3:]]
    for text in (document.metas.get("articletitle", ""), document.title, *above, *document.paragraphs[:3]):
        title = read_title(text)
        if title.kind == "distractor" and len(text) <= _LONGEST_TITLE and not _NO_TITLE.search(text):
            return title.text
    first = [cell.text for grid in document.grids[:1] for row in grid.rows[:_HEAD_LINES] for cell in row]
    for text in (*document.paragraphs[:_HEAD_LINES], *first):
        if len(text) <= _LONGEST_TITLE and _PART_OF_A_YEAR.search(text) and read_title(text).kind == "distractor":
            return text
    return None


def _few_words(document: Document) -> bool:
    return sum(len(line.text) for line in document.blocks if isinstance(line, Paragraph) and not line.linked) < _SHORT


def _holds_report(document: Document) -> bool:
    named = any(re.search(r"公开|年报|年度报告", item.label + item.url) for item in document.attachments)
    return named or _few_words(document)

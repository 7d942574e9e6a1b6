"""Statistics outside the national forms: the local lists of 2008 to 2013, and what an agency counts beside a form.

A table is taken only where its heads make plain that it lists indicators with their units and numbers; its labels stay
as printed and are never forced into a form. Lists of contacts, purchases, budgets or dates are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.forms.heads import is_foreign, is_head_row, is_indicator_head, role_of
from pipelines.forms.list_labels import core, is_form_label, unit_behind
from pipelines.forms.lists import Entry, Listing, lists_of
from pipelines.forms.pieces import Piece
from pipelines.forms.running_indicators import glued_lists, running_lists
from pipelines.forms.stream import Line, where
from pipelines.forms.taken import stretches, without
from pipelines.forms.values import Value, looks_like_value, read_value, representable
from pipelines.model import Cell, Document, Indicator, Issue, Paragraph

_MOSTLY = 0.6
_LONGEST_LABEL = 200
_FEWEST_ON_TOPIC = 1 / 3
_NEW_FORMS = 2019
_TOPIC = re.compile(
    r"公开|申请|答复|复议|诉讼|申诉|举报|投诉|咨询|信息|文件|网站|微博|微信|公众号|访问|留言|解读|新闻|培训|会议|查阅|公报|接待|访谈|"
    r"回应|点击|浏览|热线|来信|提案|建议|网上|专栏"
)
_FOOTER = re.compile(r"^(?:填[表报]|制表|审核|审批|负责|单位负责|联系|报出|日期|注|说明|备注|电话)")
_MONEY = re.compile(r"元$|^万$")
_DASHES = "-－—–"


_UNIT_ALONE = re.compile(r"(?:^|[\s|])(?:(?:计量|统计|计数|计算|数量)\s*)?单\s*位(?:$|[\s|（(])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Taken:
    """What was read of a document: indicators, issues, and which lines and pieces of text they were."""

    indicators: list[Indicator]
    issues: list[Issue]
    listings: list[Listing]
    entries: set[Entry]
    pieces: list[Piece]


def read_indicators(document: Document, year: int | None) -> tuple[tuple[Indicator, ...], tuple[Issue, ...], Document]:
    """The indicators of a document, what could not be read of them, and the document without what was read."""
    taken = _Taken([], [], [], set(), [])
    for listing in lists_of(document.grids) if _has_heads(document) else ():
        if _is_plain(listing, year):
            _take(listing, taken)
    for running in running_lists(document) if _may_run(document) else ():
        if _is_plain(running.listing, year):
            _take(running.listing, taken)
            taken.pieces.extend(piece for row in (running.heads, *running.pieces) for piece in row)
    for place in glued_lists(document):
        message = f"{place}: a list of indicators whose numbers ran together; which digits are whose cannot be told"
        taken.issues.append(Issue("indicators_unreadable", "warning", message))
    rows = stretches(taken.listings, taken.entries)
    return tuple(taken.indicators), tuple(taken.issues), without(document, rows, taken.pieces)


def _may_run(document: Document) -> bool:
    """Whether the running text has a word that the heads of a list cannot do without: 指标, or 单位 on its own."""
    lines = [item.text for item in document.blocks if isinstance(item, Paragraph)]
    cells = [cell.text for grid in document.grids if not grid.ruled for row in grid.rows for cell in row]
    text = "\n".join((*lines, *cells))
    return "指标" in text.replace(" ", "") or bool(_UNIT_ALONE.search(text))


def _has_heads(document: Document) -> bool:
    """Whether any table has the heads of a list at all; one without is never plain enough."""
    rows = [row for grid in document.grids if grid.ruled for row in grid.rows]
    words = {cell.text for row in rows for cell in row}
    if all(role_of(word) != "label" for word in words):
        return False  # asked once for each word: most documents have no such list
    return any(is_head_row([cell.text for cell in row]) for row in rows)


def _is_plain(listing: Listing, year: int | None) -> bool:
    """Whether heads and cells make plain that a list counts something: label, unit, value.

    Words that other tables use too (项目, 内容) need a subject of disclosure in the lines below. Without a column of
    units only the heads of the years before the new forms are believed.
    """
    heads = (listing.label_head, listing.unit_head or "", *listing.columns, *listing.other_heads)
    counted = [entry for entry in listing.entries if entry.values is not None and any(c.text for c in entry.values)]
    if not listing.label_head or any(map(is_foreign, heads)) or not _fits(listing):
        return False
    lines = counted or [entry for entry in listing.entries if entry.values is not None]
    if not lines:
        return False
    on_topic = sum(bool(_TOPIC.search(_label(entry))) for entry in lines) >= _FEWEST_ON_TOPIC * len(lines)
    if not (is_indicator_head(listing.label_head) or on_topic):
        return False
    united = sum(bool(_unit(entry)) for entry in lines) >= _MOSTLY * len(lines)
    if listing.unit_head is not None and united:
        return True
    told = all(role_of(head.rpartition(" / ")[2]) == "value" for head in listing.columns)
    return told and on_topic and year is not None and year < _NEW_FORMS


def _fits(listing: Listing) -> bool:
    """Whether the cells stand under the heads, and those under values are values."""
    entries = [entry for entry in listing.entries if not _FOOTER.match(_label(entry))]
    astray = sum(entry.is_astray for entry in entries)
    values = [cell.text for entry in entries for cell in entry.values or () if cell.text]
    numbers = sum(looks_like_value(text) for text in values)
    return astray <= (1 - _MOSTLY) * len(entries) and numbers >= _MOSTLY * len(values)


def _take(listing: Listing, taken: _Taken) -> None:
    line = Line(listing.grid, listing.ruled, ())
    taken.listings.append(listing)
    unread: list[str] = []
    with_units = any(_unit(entry) for entry in listing.entries)
    above = ""  # the label of the row above, where that has no numbers
    for entry in listing.entries:
        label = _label(entry)
        is_rest = bool(above) and is_form_label(above + label)
        above = label if entry.values is None else ""
        blank = entry.values is not None and not any(cell.text.strip(_DASHES) for cell in entry.values)
        if (
            not entry.labels
            or len(label) > _LONGEST_LABEL
            or _FOOTER.match(label)
            or (blank and with_units and not _unit(entry))
        ):
            continue  # a heading, or what stands below the list
        if entry.values is None or is_rest:
            unread += [label] if entry.loose or _unit(entry) else []
            continue
        taken.entries.add(entry)
        for head, cell in zip(listing.columns, entry.values, strict=True):
            taken.indicators.append(_indicator(label, _unit(entry), head, cell, line, taken.issues))
    if unread:
        numbers = "one number" if len(listing.columns) == 1 else f"{len(listing.columns)} numbers"
        message = f"{len(unread)} rows without {numbers} that can be told apart, the first {unread[0]}"
        taken.issues.append(Issue("indicators_unreadable", "warning", message))


def _label(entry: Entry) -> str:
    """The label as printed, without the spaces of its layout; before it the name of its section, where that has a cell.

    （一） in a cell of its own is only the number of what follows.
    """
    parts = ["".join(cell.text.split()) for cell in (*entry.groups, *entry.labels)]
    return "".join(part + (" / " if core(part) and n + 1 < len(parts) else "") for n, part in enumerate(parts))


def _unit(entry: Entry) -> str:
    unit = re.sub(r"[\s（）()]+", "", entry.unit)
    return unit or next((behind for cell in reversed(entry.labels) if (behind := unit_behind(cell.text))), "")


def _indicator(label: str, unit: str, head: str, cell: Cell, line: Line, issues: list[Issue]) -> Indicator:
    value = _value(cell.text, unit)
    place = where(cell, line)
    raw = cell.printed if cell.printed is not None else cell.text
    number = value.number if value.number is not None and representable(value.number) else None
    if value.state == "unreadable" or number != value.number:
        issues.append(Issue("indicators_unreadable", "warning", f"{label}, {place}: {raw!r} is not one number"))
    return Indicator(label, value.unit or unit, head, number, raw, place)


def _value(text: str, unit: str) -> Value:
    """The number of a cell in the unit that is printed for it; shares (12%) are numbers here."""
    share = re.fullmatch(r"\s*([\d.,，]+)\s*[%％]\s*", text)
    if share and unit in ("", "%", "％"):
        value = read_value(share[1], "count")
        return Value(value.state, value.number, "%")
    money = _MONEY.search(unit) or _MONEY.search(text.strip())
    return read_value(text, "amount" if money else "count")

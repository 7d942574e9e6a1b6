"""What the narrative says of the numbers in the tables: the agency's own contradiction, if there is one.

Only words that plainly speak of the whole are weighed: no parts, no other years, no sums of many years, no outcome of
some cases. A false alarm is worse than a miss here, so a claim that agrees with the table in any reading agrees.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from pipelines.headings import section_of
from pipelines.model import Issue, Section

Figures = Mapping[str, Decimal | None]

_BY_WHOM = r"(?:了|的|各类|区|市|县|人民|本级|来自|公众|提出|提交|公民|[、,]?法人|[和或及]者?其[他它]组织)*"
_REQUESTS = r"(?:依申请公开)?(?:的|政府)*(?:信息)?(?:公开)?(?:工作)?(?:的)?申请"
_RECEIVED = re.compile(
    rf"(?:收到|受理|接收到?|接到|新收|收件){_BY_WHOM}{_REQUESTS}(?:信息|事项|公开|总数|数量)*[^，。；,;\d]{{0,4}}?"
    r"(\d[\d,]*)\s*(?:件|条|份|宗|例|个)"
)
_NOT_THE_TOTAL = re.compile(
    r"(?:上年|去年|上一年|累计.{0,4}年来|\d{4}年以来|历年|同比|其中|网上|当面|信函|邮寄|在线|复议)[^。；，,]{0,12}$"
)
_BODY = "省|市|县|区|州|旗|盟|镇|乡|街道|办|局|委|院|厅|中心|单位|机关|部门|系统|处|队|站|所|社区|级"
_WHO = rf"(?:[全我本](?:{_BODY})(?:机关)?)?"
_WHEN = r"(?:20[0-4]\d年度?|本年度?|全年|年内|当年|一年来)?"
_OPENING = rf"{_WHEN}{_WHO}{_WHEN}(?:共计?|总共|总计|累计|均|尚|一直|也)?"
_DISCLOSED = re.compile(
    rf"{_OPENING}主动公开(?:了|各类|各种|的)*(?:政府|政务)?信息(?:共计?|总计|总数|总量|数量)*(?:为|达到?|有)?(\d[\d,]*)条"
)
_COMPLETED = re.compile(
    rf"{_OPENING}(?:办结|答复)(?:了|各类)*(?:政府信息公开|依申请公开政府信息|依申请公开|信息公开|的)*"
    r"(?:(?<=公开)|(?<=信息)|申请)(?:共计?)?(\d[\d,]*)[件条份宗]"
)
_NOT_RECEIVED = r"(?:未|没有|没)(?:曾)?(?:收到|受理|接到|接收到?)(?:过)?(?:任何|有关|关于|要求)*"
_NONE_RECEIVED = re.compile(
    rf"{_OPENING}(?:{_NOT_RECEIVED}{_BY_WHOM}|无)"
    r"(?:政府|政务)?(?:信息)?(?:依申请)?公开(?:政府信息|信息)?(?:的)?申请(?:的)?(?:情况|事项|件)?"
)
_REVIEWS = re.compile(r"行政复议(?:申请|案件|案)?(?:共计?|总计)?(\d[\d,]*)[件起宗例]")
_LAWSUITS = re.compile(r"诉讼(?:案件|案)?(?:共计?|总计)?(\d[\d,]*)[件起宗例]")
_NO_CASES = re.compile(
    r"(?:未|没有|没)(?:发生|收到|出现|产生|引发|涉及|接到|被|有)|"
    r"(?:^|[年度内局镇乡县区市关位])(?:无|没有)(?=因|行政复议|行政诉讼|涉及|有关|政府信息)"
)
# Words that make a claim one about some of the cases, or about cases that the agency judged itself.
_SOME_CASES = re.compile(
    r"维持|纠正|纠错|撤销|驳回|审结|办结|未结|其中|胜诉|败诉|应诉|上年|结转|去年|同比|历年|累计|不当|违法|责令|确认|"
    r"超期|逾期|撤回|化解|调解|办理|受理|审理|处理|承办|代理|协助|未经复议|复议后"
)
_ABOUT_DISCLOSURE = re.compile(r"信息公开|政府信息|依申请公开")
_SENTENCE_ENDS, _CLAUSE_ENDS = re.compile(r"[。！？；;]"), re.compile(r"[，,：:]")
_COUNTED = re.compile(r"^[（(][一二三四五六七八九十\d]+[)）]|^[一二三四五六七八九十]是")
_OTHER_TIMES = re.compile(r"上年|去年|上一年|往年|历年|以来|同期|季度|[上下]半年|\d月(?:份|底)")
_YEAR_NAMED = re.compile(r"(20[0-4]\d)年")

_OF_REQUESTS, _OF_DISPUTES = 3, 4
_OPENING_WORDS = 30  # of a paragraph, in which its subject is named
_MATTERS_OF = {
    1: {"received", "completed", "disclosed", "reviews", "lawsuits"},
    2: {"disclosed"},
    3: {"received", "completed", "reviews", "lawsuits"},
    4: {"reviews", "lawsuits"},
}
"""The sections, by their matter, in which a claim on each matter is looked for."""
_NOT_ANSWERED = (
    *(
        f"applications.other_{kind}.total"
        for kind in ("processing", "no_correction_overdue", "fee_unpaid_overdue", "misc")
    ),
    *(
        f"applications.not_processed_{kind}.total"
        for kind in ("petition_complaint", "repeat", "publication", "massive_repeated", "reconfirm")
    ),
)
"""Requests that are closed without an answer; whether a text counts them among the answered is its own affair."""
_CHANNELS = ("gazette", "website", "weibo", "wechat", "other")


@dataclass(frozen=True, slots=True)
class _Claim:
    """A number that the text gives for a matter, and its words."""

    matter: str
    number: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class _Printed:
    """What the tables print on a matter: the number, the figures it is in, and every number that agrees with it."""

    number: Decimal
    figures: tuple[str, ...]
    agreeing: frozenset[Decimal]


def contradictions(sections: Iterable[Section], figures: Figures, year: int | None) -> tuple[Issue, ...]:
    """An issue for each matter on which the text names only numbers that the tables do not have."""
    printed = _printed(figures)
    claims = [claim for claim in _claims(sections, year) if claim.matter in printed]
    issues = []
    for matter, table in printed.items():
        said = [claim for claim in claims if claim.matter == matter]
        if said and not any(claim.number in table.agreeing for claim in said):
            message = f"the text says {said[0].number} ({said[0].words}), the table {table.number}"
            issues.append(Issue("prose_contradicts_table", "warning", message, table.figures[0], table.figures))
    return tuple(issues)


def _printed(figures: Figures) -> dict[str, _Printed]:
    """The matters that the tables tell of, of whichever form."""

    def table(total: str, *parts: str) -> _Printed | None:
        """`total`, and as agreeing also what is left of it without the first, the first two, … of the parts."""
        number = figures.get(total)
        if number is None:
            return None
        left, agreeing = number, {number}
        for part in parts:
            left -= figures.get(part) or Decimal(0)
            agreeing.add(left)
        return _Printed(number, (total,), frozenset(agreeing))

    received = table("applications.new_received.total") or table("statistics.requests_received")
    carried = figures.get("applications.carried_in.total")
    if received and carried:
        received = replace(received, agreeing=received.agreeing | {received.number + carried})
    tables = {
        "received": received,
        "completed": table("applications.results_total.total", *_NOT_ANSWERED) or _answered(figures),
        "disclosed": _disclosed(figures),
        "reviews": table("review_litigation.review.total", "review_litigation.review.pending")
        or table("statistics.review_total"),
        "lawsuits": _lawsuits(figures) or table("statistics.litigation_total"),
    }
    return {matter: found for matter, found in tables.items() if found is not None}


def _answered(figures: Figures) -> _Printed | None:
    """Requests closed or answered, which the form of 2014 counts apart and texts do not."""
    names = ("statistics.requests_completed", "statistics.requests_answered")
    closed, answered = (figures.get(name) for name in names)
    if closed is None or answered is None:
        return None
    return _Printed(closed, names, frozenset((closed, answered)))


def _disclosed(figures: Figures) -> _Printed | None:
    """What was disclosed unasked; texts also add up the channels, each of which counts the same item again."""
    total = figures.get("statistics.proactive_total")
    if total is None:
        return None
    channels = sum((figures.get(f"statistics.channel_{name}") or Decimal(0) for name in _CHANNELS), Decimal(0))
    return _Printed(total, ("statistics.proactive_total",), frozenset((total, channels)))


def _lawsuits(figures: Figures) -> _Printed | None:
    """Lawsuits with and without a reconsideration before, together; texts may mean either kind."""
    names = ("review_litigation.litigation_direct.total", "review_litigation.litigation_after_review.total")
    direct, after = (figures.get(name) for name in names)
    if direct is None or after is None:
        return None
    pending = sum((figures.get(name.replace(".total", ".pending")) or Decimal(0) for name in names), Decimal(0))
    return _Printed(direct + after, names, frozenset((direct + after, direct + after - pending, direct, after)))


def _claims(sections: Iterable[Section], year: int | None) -> Iterator[_Claim]:
    for section in sections:
        matter = section_of(section.heading)
        if matter in _MATTERS_OF:
            sentences = (
                (sentence, matter == _OF_REQUESTS or "依申请" in line[:_OPENING_WORDS])
                for line in section.text.split("\n")
                for sentence in _SENTENCE_ENDS.split("".join(line.split()))
            )
            for sentence, on_requests in sentences:
                found = _said_in(sentence, year, on_requests=on_requests, on_disputes=matter == _OF_DISPUTES)
                yield from (claim for claim in found if claim.matter in _MATTERS_OF[matter])


def _said_in(sentence: str, year: int | None, *, on_requests: bool, on_disputes: bool) -> Iterator[_Claim]:
    """The claims of one sentence, clause by clause; what an earlier clause says of the time holds for the later ones.

    `on_requests`, `on_disputes`: its paragraph has requests for information, or disputes over them, for its subject;
    elsewhere the words must say so, for agencies have other requests and other lawsuits.
    """
    position = 0
    for clause in _CLAUSE_ENDS.split(sentence):
        position += len(clause) + 1
        named = _YEAR_NAMED.findall(sentence[:position])
        if (named and year is not None and int(named[-1]) != year) or _OTHER_TIMES.search(clause):
            continue
        clause = _COUNTED.sub("", clause)
        if on_requests or "公开" in clause:
            yield from _whole(clause)
        if on_disputes or _ABOUT_DISCLOSURE.search(sentence):
            yield from _cases(clause)


def _whole(clause: str) -> Iterator[_Claim]:
    """Requests and items disclosed; except for what was received, the clause must say nothing else."""
    for match in _RECEIVED.finditer(clause):
        if not _NOT_THE_TOTAL.search(clause[: match.start()]):
            yield _Claim("received", _number(match[1]), match[0])
    if _NONE_RECEIVED.fullmatch(clause):
        yield _Claim("received", Decimal(0), clause)
    for matter, pattern in (("disclosed", _DISCLOSED), ("completed", _COMPLETED)):
        whole = pattern.fullmatch(clause)
        if whole:
            yield _Claim(matter, _number(whole[1]), whole[0])


def _cases(clause: str) -> Iterator[_Claim]:
    """Reconsiderations and lawsuits, in numbers or in words for none."""
    if _SOME_CASES.search(clause):
        return
    none = _NO_CASES.search(clause)
    for matter, word, counted in (("reviews", "复议", _REVIEWS), ("lawsuits", "诉讼", _LAWSUITS)):
        match = counted.search(clause)
        if match:
            yield _Claim(matter, _number(match[1]), match[0])
        elif none and word in clause[none.start() :] and not re.search(r"\d", clause[none.start() :]):
            yield _Claim(matter, Decimal(0), clause)


def _number(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))

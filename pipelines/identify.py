"""Whose report is it, of which year, and for what scope: each with the words that prove it.

Sources are weighed, never guessed from: title, period sentence, signature, the page's meta tags, the linking page. A
publishing date or a directory name alone proves nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.headings import section_of
from pipelines.model import Context, Document, Grid, Issue, Paragraph, Scope
from pipelines.titles import BODY, HAN, Title, read_title, with_digit_years

_PERIOD = re.compile(
    r"(?<!\d)(20[0-4]\d)\s*年?度?\s*(?:0?1\s*月?\s*0?1\s*日?|1\s*月份?|一月一日|11日|1日|(?<=2008年)\s*0?5月0?1日)"
    r"\s*(?:起|开始)?\s*(?:，|,)?\s*(?:至|到|—+|－|-|~|～)"  # the law is in force since 1 May 2008
)
_DATE = re.compile(
    r"^[（(]?\s*(20[0-4]\d)\s*年\s*(\d{1,2}|[一二三四五六七八九十]{1,2})\s*月\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*日?\s*[）)]?$"
)
_LONGEST_SIGNATURE = 200  # spaced out; anything longer is a sentence
_LAST_LINES, _LATEST_MONTH = 6, 10
_NAME_AND_DATE = re.compile(rf"^([{HAN}（）()]{{3,40}}?)(20[0-4]\d年\d{{1,2}}月\d{{1,2}}日)$")
_NO_TITLE_LINE = re.compile(r"[。；]|^(?:发布|发文|成文|公开)?(?:日期|时间)|^来源|^信息来源|浏览|字体|作者[:：]")
_TORN_NAME = re.compile(rf"^(?!.*(?:公开|报告|信息|附件|年))[{HAN}]{{1,24}}$")
_PLACE = re.compile(r"[省市县区旗州盟镇乡]")
_WHOLE_TITLE = re.compile(r"(?:报告|年报|表|[年度）)】\]])$")
_META_DATE = re.compile(r"(20[0-4]\d)\s*[-年/.]\s*(\d{1,2})")
_COMPILED_BY = re.compile(
    rf"由([{HAN}]{{2,24}}?(?:办公[室厅]|人民政府|局|厅|委|委员会|办事处|管委会|队|中心|院|署|社|站|所))(?:负责)?(?:编制|汇总|起草)"
)
_PUBLISHER = re.compile(
    rf"^(?:发布机构|发布单位|信息来源|来源|公开主体|发文机关|责任部门|(?:填[报表]|报送)单位(?:[（(](?:盖章|公章)[)）])?)"
    rf"\s*[:：]?\s*([{HAN}（）()]{{3,40}}?)(?:填[报表]日期.*)?$"
)
_AREA = re.compile(
    r"(?:汇总|涵盖|包括|含)[^。]{0,30}(?:全(?:市|区|县|州|省|旗|盟|镇)|各(?:县|区|市|乡镇|镇街|部门|单位|级))"
)
_OFFICE = re.compile(r"(?:办公[室厅]|局|厅|委|办|委员会|街道办事处|镇|乡|镇人民政府|乡人民政府|中心|站|所|院)$")
_GOVERNMENT = re.compile(r"^(?:人民政府|政府|管委会|管理委员会|党工委管委会|党工委、管委会|办事处)$")
_ORGAN = re.compile(r"(?:办公[室厅]|府办|政办|局|委|委员会|管委会|厅|署|院|队|中心|街道|办事处|政府)$")
_TITLE_LINES, _CAPTION_ROWS, _PERIOD_ABOVE = 40, 4, 4


@dataclass(frozen=True, slots=True)
class Identity:
    """The key of a report as far as it is proved, with the evidence for each part and what disagreed."""

    agency: str | None
    year: int | None
    scope: Scope | None
    title: Title | None
    evidence: dict[str, str | None] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()


def identify(document: Document, context: Context | None = None) -> Identity:
    """Agency, year and scope of a document in simplified characters."""
    context = context or Context()
    title, title_source = find_title(document, context)
    signature, signed = _signature(document)
    year, year_evidence, year_issues = _year(document, context, title, signed)
    agency, agency_evidence, agency_issues = _agency(document, context, title, title_source, signature)
    scope, scope_evidence = _scope(document, agency)
    evidence = {"agency": agency_evidence, "year": year_evidence, "scope": scope_evidence}
    return Identity(agency, year, scope, title, evidence, (*year_issues, *agency_issues))


def find_title(document: Document, context: Context) -> tuple[Title | None, str]:
    """The best title that the document shows, and where it stood; the link text only when it shows none."""
    # Above the article the nearest title counts, and titles that are links belong to other documents.
    above = [line for line in document.lead if not line.linked]
    shown = (_at_lines(_head(document), document, nearest=False), _at_lines(above, document, nearest=True))
    candidates = [(best, "title") for best in shown if best]
    for name in ("articletitle", "title"):
        if document.metas.get(name):
            candidates.append((read_title(document.metas[name]), f"meta {name}"))
    if document.title:
        candidates.append((read_title(document.title), "page title"))
    if context.title:
        candidates.append((read_title(context.title), "link text"))
    if captions := _at_lines(_captions(document), document, nearest=False):
        candidates.append((captions, "caption"))
    reports = [(title, place) for title, place in candidates if title.kind == "report"]
    if not reports:
        return None, ""
    # The title of the statistics stands for the report only where there is no other.
    return max(
        reports,
        key=lambda found: (not found[0].is_statistics, (found[0].year is not None) + (bool(found[0].agency))),
    )


def _captions(document: Document) -> list[Paragraph]:
    """What stands alone in the first rows of each table: its title and its year."""
    rows = (row for grid in document.grids if grid.ruled for row in grid.rows[:_CAPTION_ROWS])
    filled = ([cell.text for cell in row if cell.text] for row in rows)
    return [Paragraph(texts[0].replace("\n", "")) for texts in filled if len(texts) == 1]


def _head(document: Document) -> list[Paragraph]:
    """The paragraphs above the first section."""
    lines: list[Paragraph] = []
    for block in document.blocks:
        if isinstance(block, Grid):
            continue
        if section_of(block.text) is not None or len(lines) >= _TITLE_LINES:
            break
        lines.append(block)
    return [line for line in lines if not line.linked]


def _at_lines(lines: Sequence[Paragraph], document: Document, *, nearest: bool) -> Title | None:
    """The best report title among the lines, alone or broken over up to three; of equals the first or last."""
    best: tuple[float, Title] | None = None
    for start in range(len(lines)):
        for count in (1, 2, 3):
            pieces = lines[start : start + count]
            if len(pieces) < count or any(len(p.text) > 60 or _NO_TITLE_LINE.search(p.text) for p in pieces):
                break
            title = read_title("".join(piece.text for piece in pieces))
            if title.kind != "report" or _goes_on(title, lines[start + count : start + count + 1]):
                continue
            score = (
                -2.5 * title.is_statistics
                + 2.0 * (title.year is not None)
                + 2 * bool(title.agency)
                + bool(BODY.search(title.agency))
                - count
            )
            if count > 1 and title.agency:
                if _one_title(pieces, title.agency, lines, start, document):
                    score += count + len(title.agency) / 100
                elif not BODY.search(title.agency):
                    continue
            if best is None or score > best[0] or (nearest and score == best[0]):
                best = score, title
    return best[1] if best else None


def _goes_on(title: Title, following: Sequence[Paragraph]) -> bool:
    """Whether the next line turns a title that breaks off behind 报告 into another matter (…编|制工作的通知)."""
    if not following or _WHOLE_TITLE.search(title.text):
        return False
    return read_title(title.text + following[0].text).kind == "distractor"


def _one_title(
    pieces: Sequence[Paragraph], agency: str, lines: Sequence[Paragraph], start: int, document: Document
) -> bool:
    """Whether lines belong to one title, so that a name cut in two by a line break is whole.

    The name stands whole elsewhere in the text; or only line breaks part the lines of one short block; or a plain text
    opens with the torn-off beginning of a name.
    """
    if "".join(pieces[0].text.split()) == agency:
        return bool(BODY.search(agency))  # a name on a line of its own is not cut; words of the menu are no name
    if any(agency in "".join(text.split()) for text in document.paragraphs):
        return True
    if document.kind != "html" and start == 0 and _is_torn(pieces, agency):
        return True
    block = pieces[0].block
    if block is not None:
        together = sum(line.block == block for line in lines)
        return together <= 4 and all(piece.block == block for piece in pieces)
    return start == 0 and bool(_TORN_NAME.match(pieces[0].text)) and not BODY.search(pieces[0].text)


def _is_torn(pieces: Sequence[Paragraph], agency: str) -> bool:
    """Whether the first line of a file, a single character or the name of a place that goes on, is torn off a name."""
    first = pieces[0].text
    begins = len(first) == 1 or (bool(_PLACE.search(first[:-1])) and not BODY.search(first))
    return begins and bool(_TORN_NAME.match(first)) and bool(BODY.search(agency))


def _signature(document: Document) -> tuple[str, int | None]:
    """(agency, year of the date) of the signature: a body's name and a date on lines of their own, mostly the last."""
    lines = [
        "".join(with_digit_years(text).split()) if len(text) <= _LONGEST_SIGNATURE else "。"
        for text in document.paragraphs
    ]
    agency, year = "", None
    for number in range(len(lines) - 1, -1, -1):
        date = _DATE.match(lines[number])
        joined = _NAME_AND_DATE.match(lines[number])
        if joined and BODY.search(joined[1]):
            return joined[1], int(joined[2][:4])
        if date:
            year = year or int(date[1])
            above = lines[number - 1] if number else ""
            if claim := _PUBLISHER.match(above):
                above = claim[1]
            if 3 <= len(above) <= 40 and BODY.search(above) and read_title(above).kind != "report":
                return above, int(date[1])
    if lines and (claim := _PUBLISHER.match(lines[-1])):
        lines[-1] = claim[1]
    if (
        lines
        and 4 <= len(lines[-1]) <= 40
        and re.search(r"^[^:：]+(?:人民政府|办公[室厅]|局|委员会|办事处|管委会)$", lines[-1])
    ):
        agency = lines[-1]
    return agency, year


def _year(
    document: Document, context: Context, title: Title | None, signed: int | None
) -> tuple[int | None, str | None, list[Issue]]:
    """Title and period must agree; else two of title, period, signature − 1 and meta decide, else nothing does."""
    period = _period(document)
    meta = _meta_year(document)
    votes = {
        "title": title.year if title else None,
        "period": period[0] if period else None,
        "signature": signed - 1 if signed else None,
        "meta": meta,
    }
    strong = {name: votes[name] for name in ("title", "period") if votes[name]}
    words = {"title": title.text if title else None, "period": period[1] if period else None}
    if len(set(strong.values())) == 1:
        name = next(iter(strong))
        return strong[name], f"{name}: {words[name]}", [] if period else list(_signed_too_early(document, strong[name]))
    said = ", ".join(f"{name} {year}" for name, year in votes.items() if year)
    if len(strong) == 2:
        counts = Counter(year for year in votes.values() if year)
        best, times = counts.most_common(1)[0]
        alone = sum(count == times for count in counts.values()) == 1
        issue = Issue("year_conflict", "warning", f"the document disagrees on its year: {said}")
        return (best, said, [issue]) if times >= 2 and alone else (None, said, [issue])
    if votes["signature"] and votes["signature"] == meta:
        return meta, said, []
    linked = context.year or (read_title(context.title).year if context.title else None)
    if linked:
        return linked, f"link text: {context.title or context.year}", []
    return (
        None,
        said or None,
        [Issue("year_unknown", "warning", f"no title or period tells the year ({said or 'nothing'})")],
    )


def _signed_too_early(document: Document, year: int | None) -> Iterator[Issue]:
    """One issue where the date below a report is in the year that its title names: that of its posting, perhaps."""
    for text in document.paragraphs[-_LAST_LINES:]:
        line = "".join(with_digit_years(text).split()) if len(text) < _LONGEST_SIGNATURE else ""
        joined = _NAME_AND_DATE.match(line)
        date = _DATE.match(joined[2] if joined else line)
        if date and int(date[1]) == year and date[2].isdecimal() and int(date[2]) <= _LATEST_MONTH:
            message = f"the title names {year}, and below stands {date[1]}年{date[2]}月: when that year was not over"
            yield Issue("year_conflict", "warning", message)
            return


def _period(document: Document) -> tuple[int, str] | None:
    """(year, sentence) of 统计期限自YYYY年1月1日起…; of a date that lost its 年, the first four digits."""
    above = [line.text for line in document.lead[-_PERIOD_ABOVE:] if not line.linked]
    for text in (*above, *document.paragraphs):
        match = _PERIOD.search(with_digit_years(text))
        if match:
            around = re.split(r"[。；]", text)
            sentence = next((part for part in around if match[1] in part), text)
            return int(match[1]), sentence.strip()[:120]
    return None


def _meta_year(document: Document) -> int | None:
    """The year of the meta title, else the year before that of the publishing date."""
    named = read_title(document.metas.get("articletitle", "")).year
    if named:
        return named
    date = _META_DATE.search(document.metas.get("pubdate", ""))
    return int(date[1]) - 1 if date else None


def _agency(
    document: Document, context: Context, title: Title | None, source: str, signature: str
) -> tuple[str | None, str | None, list[Issue]]:
    """The full name in the signature where it extends the title's; else the title's; else who else claims it."""
    named = title.agency if title else ""
    if named and signature:
        if _extends(signature, named):
            return signature, f"signature: {signature}", []
        issues = []
        if not _same_body(signature, named):
            issues.append(Issue("agency_differs", "info", f"title names {named}, signature {signature}"))
        return named, f"{source}: {title.text if title else ''}", issues
    if named:
        fuller = _fuller_name(document, named) if not BODY.search(named) else None
        if fuller:
            return fuller, f"text: {fuller}", []
        return named, f"{source}: {title.text if title else ''}", []
    if signature:
        return signature, f"signature: {signature}", []
    return _claimed(document, context)


def _extends(full: str, short: str) -> bool:
    """Whether `full` is the body `short` in full: with its place in front, or unabbreviated (管委会, 县政府办公室).

    A bare place is extended by its government only: an office that signs for a city is not the city.
    """
    if full == short:
        return False
    if full.endswith(short):
        return True
    if short in full:
        return bool(_GOVERNMENT.match(full[full.index(short) + len(short) :]))
    return bool(_ORGAN.search(short)) and _abbreviates(short, full)


def _abbreviates(short: str, full: str) -> bool:
    """Whether the characters of `short` stand in `full` in order, both beginning alike."""
    rest = iter(full)
    return short[:2] == full[:2] and all(char in rest for char in short)


def _same_body(one: str, other: str) -> bool:
    return one in other or other in one or (one[:2] == other[:2] and one[-2:] == other[-2:])


def _fuller_name(document: Document, stem: str) -> str | None:
    """The government that the text names by the end of a title that stops short (衡山县贯塘 → 贯塘乡人民政府)."""
    names: Counter[str] = Counter()
    for length in (4, 3, 2):
        tail = stem[-length:]
        pattern = re.compile(rf"{re.escape(tail)}(?:镇|乡|街道|县|区|市)?(?:人民政府|街道办事处|办事处|管委会)")
        for text in document.paragraphs:
            names.update(match[0] for match in pattern.finditer(text))
        if names:
            return names.most_common(1)[0][0]
    return None


def _claimed(document: Document, context: Context) -> tuple[str | None, str | None, list[Issue]]:
    """Weaker sources, best first: 发布机构 lines, 由…编制, the meta tags, the linking page."""
    cells = (cell.text for grid in document.grids for row in grid.rows for cell in row if "单位" in cell.text)
    for text in (*(line.text for line in document.lead), *document.paragraphs, *cells):
        line = _PUBLISHER.match(re.sub(r"\s+", "", text))
        if line and _is_body(line[1]):
            return line[1], f"publisher line: {text.strip()}", []
    for text in document.paragraphs:
        compiled = _COMPILED_BY.search(re.sub(r"\s+", "", text))
        if compiled:
            return compiled[1], f"text: {compiled[0]}", []
    for text in (*(line.text for line in document.lead), *document.paragraphs[:4]):
        crumb = _CRUMB.search(re.sub(r"\s+", "", text))
        if crumb and _is_body(crumb[1]):
            return crumb[1], f"breadcrumb: {text.strip()}", []
    for name in ("contentsource", "author", "source"):
        body = re.sub(r"\s+", "", document.metas.get(name, ""))
        if _is_body(body):
            return body, f"meta {name}: {body}", []
    if context.agency:
        return context.agency, "linking page", []
    return None, None, [Issue("agency_unknown", "warning", "neither title, signature nor page names the agency")]


# 当前位置：首页 > 谯城区芦庙镇 > 政府信息公开年报
_CRUMB = re.compile(
    rf"[>»›/：:]([{HAN}（）()]{{3,30}})[>»›/]+(?:[^>»›/]{{0,20}}[>»›/]+)?[^>»›/]{{0,12}}(?:年报|年度报告)"
)


def _is_body(name: str) -> bool:
    """Whether a source that a page names is a public body; many only say 本站 or 某县门户网站."""
    return BODY.search(name) is not None and re.search(r"^本|网站?$|[主全原外他]站$|记者站$", name) is None


def _scope(document: Document, agency: str | None) -> tuple[Scope | None, str | None]:
    """`area` where the text says that it adds up many bodies; `own` for bodies that have none below them."""
    for text in document.paragraphs[:25]:
        match = _AREA.search(text)
        if match and re.search(r"数据|统计|年度报告|本报告", text):
            return "area", match[0]
    if agency and _OFFICE.search(agency):
        return "own", f"a body without others below it: {agency}"
    return None, None

"""What stands in the columns: the annual reports, and the other documents that share a column with them.

Real columns mix annual reports with work reports, guides, news about the reports, statements of the web site and
notices; a column of ten rows may hold four reports. All texts here are invented.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zlib import crc32

from crawler.sample_portal import narrative, tables
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.markup import Block, Renderer, Table, Text, clean, plain
from crawler.sample_portal.render_word import word
from crawler.sample_portal.scripts import traditional
from crawler.sample_portal.tables import Cell

_RENDERERS: dict[str, Renderer] = {
    "clean": clean,
    "plain": plain,
    "word": word,
    "traditional": clean,
    "pinyin": clean,
}
_BREAKS = {"break_early": 13, "break_late": 22}


@dataclass(frozen=True, slots=True)
class Document:
    """One row of a column. `body` is HTML; `gone` marks a document that was deleted but is still listed.

    A document that was published again has the date that lists print since then in `listed`; one whose page was
    changed since its publication has the day of that in `modified`.
    """

    number: int
    title: str
    published: date
    source: str
    body: str
    traditional: bool = False
    gone: bool = False
    listed: date | None = None
    modified: date | None = None

    @property
    def dated(self) -> date:
        """The date that lists and pages print; addresses keep that of the first publication."""
        return self.listed or self.published


def report(fact: Fact, title: str = "") -> Document:
    """A fact as the document that its portal publishes, under its own title or a given one."""
    body = _RENDERERS[fact.style](report_blocks(fact, title))
    is_traditional = fact.style == "traditional"
    title, source = title or fact.title, fact.agency
    if is_traditional:
        title, source, body = traditional(title), traditional(source), traditional(body)
    return Document(fact.number, title, fact.published, source, body, is_traditional)


def report_blocks(fact: Fact, title: str = "") -> Iterable[Block]:
    """What a report says, before any markup."""
    yield from (Text(line, "title") for line in ((title,) if title else fact.title_lines))
    yield from narrative.introduction(fact)
    yield from narrative.overview(fact)
    yield narrative.heading(fact, 2)
    if "instruction" in fact.quirks:
        yield Text("（填写说明：本部分以表格形式填报，无数据的项目填0。）")
    yield Table(tables.disclosure(fact))
    yield Text("三、收到和处理政府信息公开申请情况", "heading")
    break_before = next((row for quirk, row in _BREAKS.items() if quirk in fact.quirks), 0)
    yield Table(tables.applications(fact), break_before)
    yield narrative.heading(fact, 4)
    yield Table(tables.cases(fact))
    yield from narrative.problems(fact)
    yield from narrative.remarks(fact)
    yield from narrative.signature(fact)


def distractors(place: str, years: Iterable[int]) -> list[Document]:
    """The other documents of a column: one guide, and for each year a work report, two news, a statement, a notice."""
    documents = [_guide(place)]
    for year in years:
        documents += [_work_report(place, year), _meeting(place, year), _reading(place, year)]
        documents += [_statement(place, year), _notice(place, year)]
    return documents


def deleted(place: str, year: int) -> Document:
    """A report that the column still lists although its page is gone."""
    return _document(
        f"{place}审计局{year}年政府信息公开工作年度报告", date(year + 1, 1, 20), f"{place}审计局", [], gone=True
    )


def _document(title: str, published: date, source: str, blocks: list[Block], *, gone: bool = False) -> Document:
    number = 1_000_000 + crc32(title.encode()) % 8_000_000
    return Document(number, title, published, source, clean([Text(title, "title"), *blocks]), gone=gone)


def _work_report(place: str, year: int) -> Document:
    blocks: list[Block] = [
        Text(f"（{year}年1月8日在{place}人民代表大会会议上）"),
        Text("各位代表：现在，我代表人民政府向大会报告工作，请予审议，并请列席人员提出意见。"),
        Text(f"一、{year - 1}年工作回顾", "heading"),
        Text("过去一年，全年完成固定资产投资增长6.2%，新增城镇就业3415人，农村饮水工程惠及1.8万户。"),
        Text(f"二、{year}年主要任务", "heading"),
        Text("稳步推进产业园区建设，改造老旧小区12个，新建改建农村公路46公里，办好十件民生实事。"),
    ]
    return _document(f"{place}{year}年政府工作报告", date(year, 1, 9), f"{place}人民政府办公室", blocks)


def _guide(place: str) -> Document:
    blocks: list[Block] = [
        Text("为方便公民、法人和其他组织获取政府信息，编制本指南，并在内容变动时及时更新。"),
        Text("一、主动公开的范围与方式", "heading"),
        Text("机构职能、规范性文件、规划、财政预决算等信息自形成之日起20个工作日内公开。"),
        Text("二、依申请公开的流程", "heading"),
        Text("申请人可当面、邮寄或在线提交申请表，收到申请之日起20个工作日内予以答复。"),
    ]
    return _document(f"{place}政府信息公开指南", date(2022, 5, 11), f"{place}人民政府办公室", blocks)


def _meeting(place: str, year: int) -> Document:
    blocks: list[Block] = [
        Text(f"12月中旬，{place}召开{year}年度政府信息公开年度报告编制工作会议，各单位分管负责人和联络员参加。"),
        Text("会议讲解了表格填报口径，通报了上年度常见差错，要求次年1月31日前完成报送和公开。"),
    ]
    title = f"{place}召开{year}年度政府信息公开年度报告编制工作会议"
    return _document(title, date(year, 12, 18), f"{place}融媒体中心", blocks)


def _reading(place: str, year: int) -> Document:
    blocks: list[Block] = [
        Text(f"日前，{place}发布了{year}年政府信息公开工作年度报告。公开办有关负责人就主要数据回答了提问。"),
        Text("问：申请数量有什么变化？答：总体平稳，不动产登记和征收补偿两类咨询占比最高。"),
        Text("问：下一步打算做什么？答：把常见问题整理成问答，放到办事页面上，减少重复申请。"),
    ]
    return _document(f"{place}{year}年政府信息公开年报解读", date(year + 1, 2, 6), f"{place}融媒体中心", blocks)


def _statement(place: str, year: int) -> Document:
    counts = {
        "独立用户访问总量（单位：个）": 118 + year % 7 * 31,
        "网站总访问量（单位：次）": 5210 + year % 5 * 407,
        "信息发布总数（单位：条）": 930 + year % 9 * 12,
        "办事服务事项数量（单位：项）": 64,
        "收到留言数量（单位：条）": 27 + year % 4,
    }
    rows = [
        [Cell("网站名称"), Cell(f"{place}人民政府门户网站", "value")],
        [Cell("网站标识码"), Cell("9900000001", "value")],
    ]
    rows += [[Cell(label), Cell(str(count), "value")] for label, count in counts.items()]
    blocks: list[Block] = [Text(f"（{year}年度）"), Text(f"填报单位：{place}人民政府办公室"), Table(rows)]
    title = f"{place}政府网站工作年度报表（{year}年度）"
    return _document(title, date(year + 1, 1, 25), f"{place}人民政府办公室", blocks)


def _notice(place: str, year: int) -> Document:
    blocks: list[Block] = [
        Text("各乡镇人民政府、街道办事处，各有关单位："),
        Text(f"请各单位按照统一格式编制{year}年度报告，表格项目不得增删，标题应写明单位全称和年份。"),
        Text("报告文本请于1月20日前送审，审核后在本单位公开专栏发布。"),
    ]
    title = f"关于规范{place}{year}年政府信息公开工作年度报告格式的通知"
    return _document(title, date(year, 11, 30), f"{place}人民政府办公室", blocks)

"""Documents that are no reports: plans, guides, news, site statements, blank forms, notices, lists, half years."""

import random
from collections.abc import Callable

from tests.generate.facts.agencies import random_agency
from tests.generate.facts.statistics import ROWS
from tests.generate.facts.titles import make_identity
from tests.generate.facts.truth import Cell, make_truth
from tests.generate.layout.article import Article, Block, Line
from tests.generate.layout.grids import C, Grid
from tests.generate.layout.page import Page, make_page

Noise = Callable[[random.Random], Article]


def _article(title: str, *blocks: Block | str) -> Article:
    lines: list[Block] = [Line(b) if isinstance(b, str) else b for b in blocks]
    return Article(title, [Line(title, "title"), *lines])


def _table(rows: list[tuple[object, ...]]) -> Grid:
    return Grid(0, [[C(str(text)) for text in row] for row in rows], len(rows[0]))


def _work_report(rng: random.Random) -> Article:
    agency, year = random_agency(rng).name, rng.randint(2019, 2024)
    return _article(
        f"{agency}{year}年政府工作报告",
        f"全年完成投资{rng.randint(10, 900)}亿元，公开工作稳步推进。",
        "一、总体情况",
        _table([("项目", "数量"), ("公路（公里）", 120), ("总计", 340)]),
    )


def _guide(rng: random.Random) -> Article:
    agency = random_agency(rng).name
    return _article(
        f"{agency}政府信息公开指南",
        "一、公开范围",
        "根据《条例》第二十条第（一）项、第（五）项、第（六）项、第（八）项主动公开。",
        "二、收到和处理政府信息公开申请的程序",
        "自收到申请之日起20个工作日内答复。",
        _table([("受理机构", agency), ("电话", "0000-1234567"), ("办公时间", "8:30-12:00")]),
    )


def _news(rng: random.Random) -> Article:
    agency, year = random_agency(rng).name, rng.randint(2020, 2024)
    return _article(
        f"{agency}召开政府信息公开工作年度报告编制会议",
        f"1月{rng.randint(3, 20)}日，会议部署{year}年政府信息公开工作年度报告编写，要求3月底前发布。",
        f"去年共收到申请{rng.randint(2, 90)}件，行政复议2件。",
    )


def _law_report(rng: random.Random) -> Article:
    agency, year = random_agency(rng).name, rng.randint(2020, 2024)
    rows = [("事项", "数量（件）"), ("行政处罚", 41), ("行政复议", 6), ("行政诉讼", 3), ("总计", 50)]
    return _article(
        f"{agency}{year}年法治政府建设年度报告",
        f"一、{year}年工作情况",
        f"作出行政处罚{rng.randint(2, 300)}件，办理行政复议{rng.randint(1, 30)}件，结果维持{rng.randint(1, 9)}件。",
        _table(list(rows)),
        "二、存在的主要问题及改进情况",
        "执法人员培训还不够经常。",
    )


def _summary(rng: random.Random) -> Article:
    agency, year = random_agency(rng).name, rng.randint(2019, 2024)
    return _article(
        f"{agency}{year}年政务公开工作总结",
        f"今年公开信息{rng.randint(20, 900)}条，收到申请{rng.randint(1, 40)}件。",
        f"{year + 1}年工作计划：继续做好政府信息公开。",
    )


def _website_statement(rng: random.Random) -> Article:
    agency, year = random_agency(rng).name, rng.randint(2019, 2024)
    rows = [
        ("网站名称", agency + "门户网站"),
        ("首页网址", "http://www.example.cn"),
        ("独立用户访问总量（单位：个）", rng.randint(100, 99999)),
        ("信息发布总数（单位：条）", rng.randint(10, 999)),
        ("收到留言数量（单位：条）", rng.randint(0, 40)),
        ("其他", 0),
        ("总计", 12),
    ]
    return _article(f"{agency}{year}年政府网站工作年度报表", f"（{year}年度）", _table(list(rows)))


def _blank_page(rng: random.Random) -> Page:
    truth = make_truth(rng.randrange(10**6), rng.choice(["f2021", "f2021", "f2019"]))
    cells = {i: Cell("", None) for i in truth.cells}
    return make_page(truth.with_cells(cells), make_identity(truth.agency, truth.year, "plain", rng), rng)


def _blank_tables(rng: random.Random) -> list[Block]:
    page = _blank_page(rng)
    blocks: list[Block] = []
    for section in page.sections:
        blocks += [Line(section.heading, "heading"), *section.grids]
    return blocks


def _blank_form(rng: random.Random) -> Article:
    return _article(
        rng.choice(["政府信息公开工作年度报告格式（模板）", "中华人民共和国政府信息公开工作年度报告格式"]),
        "（行政机关名称）年政府信息公开工作年度报告",
        "一、总体情况",
        *_blank_tables(rng),
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    )


def _notice(rng: random.Random) -> Article:
    city = random_agency(rng).name
    return _article(
        f"{city}关于做好{rng.randint(2021, 2024)}年政府信息公开工作年度报告编制发布工作的通知",
        "各镇（街道），各部门：",
        "请于1月31日前报送，格式见附件。",
        "附件：报告格式",
        *_blank_tables(rng),
        "联系人：某同志，电话：12345",
    )


def _regulation(rng: random.Random) -> Article:
    """Rules on how to count, with the blank statistics form and a column for every level of the county."""
    heads = ("序号", "统计指标", "单位", "区政府统计数", "区直单位统计数", "乡镇街道统计数")
    rows = [(n, r.mark + r.label, "----" if r.group else r.unit, "", "", "") for n, r in enumerate(ROWS, 1)]
    return _article(
        f"{random_agency(rng).name}政府信息公开统计制度",
        "第一条　为规范政府信息公开情况统计报送工作，制定本制度。",
        "第二条　各单位于每年1月15日前报送上一年度数据。",
        "政府信息公开情况统计表",
        "（    年度）",
        _table([heads, *rows]),
    )


def _list(rng: random.Random) -> Article:
    links = [
        Line(f"{random_agency(rng).name}{rng.randint(2019, 2024)}年政府信息公开工作年度报告|/a/{n}.html", "link")
        for n in range(15)
    ]
    return _article("政府信息公开年报", *links, "共15条 第1/1页")


def _half_year(rng: random.Random) -> Article:
    agency, year = random_agency(rng).name, rng.randint(2020, 2024)
    n = rng.randint(1, 60)
    rows = [("指标", "数量"), ("主动公开政府信息数", 411), ("收到申请数", n), ("予以公开", n), ("总计", n)]
    return _article(f"{agency}{year}年上半年政府信息公开数据统计", _table(list(rows)))


def _half_year_table(rng: random.Random) -> Article:
    """The applications table filled for half a year: it looks like table 3, and is no annual report."""
    truth = make_truth(rng.randrange(10**6), "f2021")
    page = make_page(truth, make_identity(truth.agency, truth.year, "plain", rng), rng)
    return _article(f"{truth.agency.name}{truth.year}年上半年依申请公开情况统计表", page.grid(3))


def _directory(rng: random.Random) -> Article:
    rows = [(n, random_agency(rng).name, f"{rng.randint(1, 300)}件") for n in range(1, 12)]
    return _article("2023年度各单位政府信息公开情况通报", "现将各单位主动公开数量通报如下。", _table(list(rows)))


FORMS: dict[str, Noise] = {
    "blank_form": _blank_form,
    "notice": _notice,
    "regulation": _regulation,
    "website_statement": _website_statement,
    "half_year": _half_year,
    "half_year_table": _half_year_table,
}
TEXTS: dict[str, Noise] = {
    "work_report": _work_report,
    "guide": _guide,
    "news": _news,
    "law_report": _law_report,
    "summary": _summary,
    "list": _list,
    "directory": _directory,
}
KINDS = {**FORMS, **TEXTS}

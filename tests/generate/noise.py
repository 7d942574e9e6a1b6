"""Documents that are no reports: plans, guides, news, site statements, blank forms, notices, lists, half years."""

import random
from collections.abc import Callable

from tests.generate.agencies import random_agency
from tests.generate.cells import Cells
from tests.generate.html import HANDS, table
from tests.generate.page import Page, make_page
from tests.generate.titles import make_identity
from tests.generate.truth import Cell, make_truth

Noise = Callable[[random.Random], str]


def _wrap(title: str, inner: str) -> str:
    return f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><h1>{title}</h1>{inner}</body></html>'


def _rows(pairs: list[tuple[str, object]]) -> str:
    return "<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in pairs) + "</table>"


def _work_report(rng: random.Random) -> str:
    agency, year = random_agency(rng).name, rng.randint(2019, 2024)
    return _wrap(
        f"{agency}{year}年政府工作报告",
        f"<p>全年完成投资{rng.randint(10, 900)}亿元，公开工作稳步推进。</p><p>一、总体情况</p>"
        + _rows([("项目", "数量"), ("公路（公里）", 120), ("总计", 340)]),
    )


def _guide(rng: random.Random) -> str:
    agency = random_agency(rng).name
    return _wrap(
        f"{agency}政府信息公开指南",
        "<p>一、公开范围</p><p>根据《条例》第二十条第（一）项、第（五）项、第（六）项、第（八）项主动公开。"
        "</p><p>二、收到和处理政府信息公开申请的程序</p><p>自收到申请之日起20个工作日内答复。</p>"
        + _rows([("受理机构", agency), ("电话", "0000-1234567"), ("办公时间", "8:30-12:00")]),
    )


def _news(rng: random.Random) -> str:
    agency, year = random_agency(rng).name, rng.randint(2020, 2024)
    return _wrap(
        f"{agency}召开政府信息公开工作年度报告编制会议",
        f"<p>1月{rng.randint(3, 20)}日，会议部署{year}年政府信息公开工作年度报告编写，要求3月底前发布。</p>"
        f"<p>去年共收到申请{rng.randint(2, 90)}件，行政复议2件。</p>",
    )


def _website_statement(rng: random.Random) -> str:
    agency, year = random_agency(rng).name, rng.randint(2019, 2024)
    pairs = [
        ("网站名称", agency + "门户网站"),
        ("首页网址", "http://www.example.cn"),
        ("独立用户访问总量（单位：个）", rng.randint(100, 99999)),
        ("信息发布总数（单位：条）", rng.randint(10, 999)),
        ("收到留言数量（单位：条）", rng.randint(0, 40)),
        ("其他", 0),
        ("总计", 12),
    ]
    return _wrap(f"{agency}{year}年政府网站工作年度报表", f"<p>（{year}年度）</p>" + _rows(list(pairs)))


def _blank_page(rng: random.Random) -> Page:
    truth = make_truth(rng.randrange(10**6), "f2021")
    cells: Cells = {i: Cell("", None) for i in truth.cells}
    return make_page(truth.with_cells(cells), make_identity(truth.agency, truth.year, "plain", rng), rng)


def _tables(page: Page, rng: random.Random) -> str:
    return "".join(
        f"<p>{s.heading}</p>" + "".join(table(g, HANDS["clean"], page, rng) for g in s.grids) for s in page.sections
    )


def _blank_form(rng: random.Random) -> str:
    return _wrap(
        "政府信息公开工作年度报告格式（模板）",
        "<p>（行政机关名称）年政府信息公开工作年度报告</p><p>一、总体情况</p>"
        + _tables(_blank_page(rng), rng)
        + "<p>五、存在的主要问题及改进情况</p><p>六、其他需要报告的事项</p>",
    )


def _notice(rng: random.Random) -> str:
    city = random_agency(rng).name
    return _wrap(
        f"{city}关于做好{rng.randint(2021, 2024)}年政府信息公开工作年度报告编制发布工作的通知",
        "<p>各镇（街道），各部门：</p><p>请于1月31日前报送，格式见附件。</p><p>附件：报告格式</p>"
        + _tables(_blank_page(rng), rng)
        + "<p>联系人：某同志，电话：12345</p>",
    )


def _list(rng: random.Random) -> str:
    items = "".join(
        f'<li><a href="/a/{n}.html">{random_agency(rng).name}{rng.randint(2019, 2024)}年政府信息公开工作年度报告</a>'
        f"<span>2024-01-{n + 1:02d}</span></li>"
        for n in range(15)
    )
    return _wrap("政府信息公开年报", f"<ul>{items}</ul><div>共15条 第1/1页</div>")


def _half_year(rng: random.Random) -> str:
    agency, year = random_agency(rng).name, rng.randint(2020, 2024)
    n = rng.randint(1, 60)
    return _wrap(
        f"{agency}{year}年上半年政府信息公开数据统计",
        _rows(
            [
                ("指标", "数量"),
                ("主动公开政府信息数", rng.randint(20, 900)),
                ("收到申请数", n),
                ("予以公开", n),
                ("总计", n),
            ]
        ),
    )


def _quarter_statistics(rng: random.Random) -> str:
    """The applications table filled for half a year: it looks like table 3, and is no annual report."""
    truth = make_truth(rng.randrange(10**6), "f2021")
    page = make_page(truth, make_identity(truth.agency, truth.year, "plain", rng), rng)
    return _wrap(
        f"{truth.agency.name}{truth.year}年上半年依申请公开情况统计表", table(page.grid(3), HANDS["clean"], page, rng)
    )


def _directory(rng: random.Random) -> str:
    rows = [(n, f"{random_agency(rng).name}", f"{rng.randint(1, 300)}件") for n in range(1, 12)]
    return _wrap(
        "2023年度各单位政府信息公开情况通报",
        "<p>现将各单位主动公开数量通报如下。</p><table>"
        + "".join("<tr>" + "".join(f"<td>{x}</td>" for x in r) + "</tr>" for r in rows)
        + "</table>",
    )


KINDS: dict[str, Noise] = {
    "work_report": _work_report,
    "guide": _guide,
    "news": _news,
    "website_statement": _website_statement,
    "blank_form": _blank_form,
    "notice": _notice,
    "list": _list,
    "half_year": _half_year,
    "half_year_table": _quarter_statistics,
    "directory": _directory,
}

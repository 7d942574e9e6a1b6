"""Columns of every shape: tables, tabs, selects, folders, files; agencies in short; titles that say little."""

from __future__ import annotations

import json

import pytest

from crawler.sample_portal import Fact
from crawler.sample_portal.attachment import request_form
from crawler.sample_portal.documents import report, report_blocks
from crawler.sample_portal.render_docx import docx
from crawler.sample_portal.render_pdf import pdf
from tests.crawler.strangers.kit import JSON, Met, Site, Stranger, stub, ul
from tests.crawler.trials.web import Ask, Reply

SOME = ("财政局", "教育局", "民政局")
THREE = (2022, 2023, 2024)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DIGITS = "〇一二三四五六七八九"
Row = tuple[str, str, object]


def short(site: Site, fact: Fact) -> str:
    """财政 for 某县财政局."""
    return fact.agency.removeprefix(site.place).removesuffix("局")


def others_in(site: Site, folder: str, year: int = 2023) -> list[Row]:
    made = [(f"{folder}{d.number}.html", d) for d in site.others(year)]
    for path, d in made:
        site.document(path, d)
    return [(path, d.title, d.published) for path, d in made]


def home(site: Site, section: str, name: str, *menu: tuple[str, str]) -> None:
    """A home page with one plain section, whose menu has the given items beside two that lead nowhere."""
    site.add("/", f"{site.place}人民政府", ul([(section, name, ""), ("/gywm/", "关于我们", "")]))
    folder = section.rpartition("/")[0]
    stub(site, [(f"{folder}/zn.html", "政府信息公开指南"), (f"{folder}/zd.html", "政府信息公开制度")])
    links = [(f"{folder}/zn.html", "政府信息公开指南", ""), *((p, n, "") for p, n in menu)]
    site.add(section, name, ul([*links, (f"{folder}/zd.html", "政府信息公开制度", "")]))


def matrix(site: Site) -> None:
    """Rows are agencies, columns are years, every cell says 查看."""
    lines = ""
    for body in SOME:
        cells = ""
        for fact in site.of(body=body):
            path = f"/zwgk/nb/{fact.year}/{fact.number}.html"
            site.report(path, fact)
            cells += f'<td><a href="{path}" target="_blank">查看</a></td>'
        lines += f"<tr><th>{body}</th>{cells}</tr>"
    years = "".join(f"<th>{year}年</th>" for year in THREE)
    extra = ul(others_in(site, "/zwgk/nb/xg/"))
    site.add(
        "/zwgk/nb/", "政府信息公开年报", f"<table><tr><th>单位</th>{years}</tr>{lines}</table><h4>相关</h4>{extra}"
    )
    home(site, "/zwgk/index.html", "政务公开", ("/zwgk/nb/", "政府信息公开年报"))


def logos(site: Site) -> None:
    """Departments are pictures; each has a small disclosure site of its own, with its reports among other things."""
    icons = ""
    for n, fact in enumerate(site.of(2024)):
        folder = f"/bm/{'cjm'[n]}j/"
        rows = [(f"{folder}nb/{own.number}.html", own.title, own.published) for own in site.of(body=fact.agency)]
        for own, (path, _, _) in zip(site.of(body=fact.agency), rows, strict=True):
            site.report(path, own)
        site.add(f"{folder}nb/", f"{fact.agency}年报", ul(rows))
        items = [
            (f"{folder}zn.html", "公开指南", ""),
            (f"{folder}jg.html", "机构概况", ""),
            (f"{folder}nb/", "公开年报", ""),
        ]
        stub(site, [(f"{folder}zn.html", "公开指南"), (f"{folder}jg.html", "机构概况")])
        site.add(f"{folder}index.html", f"{fact.agency}信息公开", ul(items))
        icons += f'<a href="{folder}index.html"><img src="/i/{n}.png" alt="{fact.agency.removeprefix(site.place)}"></a>'
    site.add("/zwgk/bmgk.html", "部门信息公开目录", f'<div class="icons">{icons}</div>')
    home(site, "/zwgk/index.html", "政府信息公开", ("/zwgk/bmgk.html", "部门信息公开目录"))


def short_names(site: Site) -> None:
    """Tabs of years in one page; below each only 财政、教育、民政 as links."""
    panes = ""
    for year in THREE:
        links = ""
        for fact in site.of(year):
            path = f"/xxgk/ndbg/{year}n/{fact.number}.html"
            site.report(path, fact)
            links += f'<a href="{path}">{short(site, fact)}</a>　'
        panes += f'<div class="tab_box" style="display:{"block" if year == 2024 else "none"}">{links}</div>'
    heads = "".join(f"<li onmouseover=\"setTab('one',{year})\">{year}年</li>" for year in THREE)
    main = f"<h2>政府信息公开年度报告</h2><ul>{heads}</ul>{panes}{ul(others_in(site, '/xxgk/ndbg/qt/'))}"
    site.add("/xxgk/ndbg/index.html", "年度报告", main)
    home(site, "/xxgk/index.html", "信息公开", ("/xxgk/ndbg/index.html", "年度报告"))


def headings(site: Site) -> None:
    """Headings with lists below, links that only say 2023年; one list for each agency, all in one page."""
    main = ""
    for fact in site.of(2024):
        links = ""
        for own in site.of(body=fact.agency):
            path = f"/zfxxgk/gknb/t{own.number}.html"
            site.report(path, own)
            links += f'<li><a href="{path}">{own.year}年</a></li>'
        main += f"<h3>{fact.agency}</h3><ul>{links}</ul>"
    rows = ul(others_in(site, "/zfxxgk/gknb/xw/"))
    site.add("/zfxxgk/gknb/index.html", "2022-2024年度报告", f"{main}<h3>工作动态</h3>{rows}")
    home(site, "/zfxxgk/index.html", "政府信息公开", ("/zfxxgk/gknb/index.html", "2022-2024年度报告"))


def chosen_year(site: Site) -> None:
    """A select whose script puts the year into a name; the years' pages know nothing of each other."""
    options = "".join(f'<option value="{year}">{year}年</option>' for year in reversed(THREE))
    choose = (
        f'<select id="y" onchange="changeYear(this.value)">{options}</select><script>function changeYear(y)'
        "{window.location.href='/zwgk/nb/list_'+y+'.html';}</script>"
    )
    for year in THREE:
        rows = []
        for fact in site.of(year):
            path = f"/zwgk/nb/{year}/{fact.number}.html"
            site.report(path, fact)
            rows.append((path, fact.title, fact.published))
        site.add(
            f"/zwgk/nb/list_{year}.html", "年报", choose + ul([*rows, *others_in(site, f"/zwgk/nb/{year}/", year)])
        )
        site.script(f"/zwgk/nb/list_{year}.html")
    home(site, "/zwgk/index.html", "政务公开", ("/zwgk/nb/list_2024.html", "政府信息公开年报（部门）"))


def form_of_two(site: Site) -> None:
    """A form with two selects, unit and year; its answer is a list of one row."""
    units = {fact.agency: 100 + n for n, fact in enumerate(site.of(2024))}
    fields = "".join(f'<option value="{n}">{a}</option>' for a, n in units.items())
    years = "".join(f'<option value="{y}">{y}</option>' for y in THREE)
    form = (
        '<form action="/nb/search.do" method="get"><select name="unit"><option value="">全部单位</option>'
        f'{fields}</select><select name="year"><option value="">全部年份</option>{years}</select>'
        '<button type="submit">查询</button></form>'
    )
    for fact in site.facts:
        site.report(f"/nb/show/{fact.number}.html", fact)
    others = others_in(site, "/nb/show/")

    def search(ask: Ask) -> str:
        unit, year = ask.query.get("unit", ""), ask.query.get("year", "")
        shown = [f for f in site.facts if unit in ("", str(units[f.agency])) and year in ("", str(f.year))]
        if not (unit or year) and not ask.query:
            shown = shown[-2:]
        rows = [(f"/nb/show/{f.number}.html", f.title, f.published) for f in shown]
        return site.wrap("年报查询", form + ul(rows + (others if not ask.query else [])))

    site.host.pages["/nb/search.do"] = search
    site.script("/nb/search.do?unit=&year=")
    home(site, "/xxgk/index.html", "信息公开", ("/nb/search.do", "年报"))


def three_entrances(site: Site) -> None:
    """Government, departments and towns have a column each, all in different menus of the same section."""
    columns = {
        "/zwgk/fdzdgknr/zfnb/": ("县政府年报", ("人民政府办公室",)),
        "/zwgk/bmgk/bmnb/": ("部门年报", ("财政局", "教育局")),
        "/zwgk/xzgk/xznb/": ("乡镇年报", ("柳湾乡人民政府", "城关镇人民政府")),
    }
    for folder, (name, bodies) in columns.items():
        rows = []
        for fact in [f for f in site.facts if f.agency.endswith(bodies)]:
            path = f"{folder}{fact.number}.html"
            site.report(path, fact)
            rows.append((path, fact.title, fact.published))
        site.add(folder, name, ul(rows + (others_in(site, folder) if "zf" in name else [])))
    groups = (
        ("/zwgk/fdzdgknr/", "法定主动公开内容", "/zwgk/fdzdgknr/zfnb/", "政府信息公开年报"),
        ("/zwgk/bmgk/", "部门公开", "/zwgk/bmgk/bmnb/", "部门年报"),
        ("/zwgk/xzgk/", "乡镇公开", "/zwgk/xzgk/xznb/", "工作年报"),
    )
    for folder, name, column, text in groups:
        stub(site, [(f"{folder}jg/", "机构职能"), (f"{folder}ys/", "财政预决算")])
        site.add(
            folder, name, ul([(f"{folder}jg/", "机构职能", ""), (f"{folder}ys/", "财政预决算", ""), (column, text, "")])
        )
    home(site, "/zwgk/index.html", "政务公开", *((folder, name) for folder, name, _, _ in groups))


def odd_titles(site: Site) -> None:
    """Years in Chinese or full width, lines broken, words left out, cut with no attribute to say how they go on."""
    rows: list[Row] = []
    for n, fact in enumerate(site.facts):
        year = str(fact.year)
        wide = year.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})
        spelled = "".join(DIGITS[int(d)] for d in year)
        title = (
            f"{fact.agency}{wide}年度政府信息公开工作年度报告",
            f"{fact.agency}{spelled}年政府信息公开年报",
            f"{year}年{fact.agency}信息公开工作年度报告",
            f"{fact.agency}{year}年政府信息公开年度工作报告",
            f"{fact.agency}{year}年度政府信息公开年度报告",
        )[n % 5]
        shown = (
            title.replace("年", "年<br>", 1),
            f"<font color=red>{title}</font>",
            title[:16] + "…",
            title[:15] + "...",
            " ".join(title),
        )[n % 5]
        path = f"/zwgk/xxgkgznb/{fact.number}.html"
        site.report(path, fact, title)
        rows.append((path, shown, f"({fact.published:%Y.%m.%d})"))
    rows[2:2] = others_in(site, "/zwgk/xxgkgznb/")
    site.add("/zwgk/xxgkgznb/", "政府信息公开工作年报", ul(rows))
    home(site, "/zwgk/index.html", "政务公开", ("/zwgk/xxgkgznb/", "政府信息公开工作年报"))


def files_in_cells(site: Site) -> None:
    """A table: title, date, and 附件下载 as the only link, of Word and PDF files; forms and samples in between."""
    lines = ""
    for n, fact in enumerate(site.facts):
        suffix, data, kind = (
            (".docx", docx(report_blocks(fact)), DOCX)
            if n % 2
            else (".pdf", pdf(report_blocks(fact)), "application/pdf")
        )
        path = f"/uploads/{fact.published:%Y%m}/{fact.number}{suffix}"
        site.host.pages[path] = Reply(data, content_type=kind)
        site.leaves.append(path)
        lines += (
            f"<tr><td>{n + 1}</td><td>{fact.title}</td><td>"
            f'{fact.published}</td><td><a href="{path}">附件下载</a></td></tr>'
        )
    site.host.pages["/uploads/202201/sqb.docx"] = Reply(request_form(), content_type=DOCX)
    lines += (
        "<tr><td>10</td><td>政府信息公开申请表</td><td>2022-01-01</td>"
        '<td><a href="/uploads/202201/sqb.docx">附件下载</a></td></tr>'
    )
    site.add("/zwgk/ndbg.html", "年度报告", f"<table>{lines}</table>")
    home(site, "/zwgk/index.html", "政务公开", ("/zwgk/ndbg.html", "年度报告"))


def column_is_report(site: Site) -> None:
    """Every department has a page that is its latest report; older ones hang below it as 往年年报."""
    links = []
    for fact in site.of(2024):
        folder = f"/zfxxgk/{fact.number % 97}/nb/"
        older = []
        for own in site.of(body=fact.agency):
            if own.year != 2024:
                site.report(f"{folder}{own.year}.html", own)
                older.append((f"{folder}{own.year}.html", f"{own.year}年度", ""))
        body = report(fact)
        site.add(
            folder,
            body.title,
            f"<h1>{body.title}</h1><p>来源：{fact.agency}</p>{body.body}<h4>往年年报</h4>{ul(older)}",
        )
        site.leaves.append(folder)
        links.append((folder, fact.agency.removeprefix(site.place), ""))
    site.add("/zfxxgk/nb.html", "政府信息公开年报", ul(links))
    home(site, "/zfxxgk/index.html", "政府信息公开", ("/zfxxgk/nb.html", "政府信息公开年报"))


def ztree(site: Site) -> None:
    """The departments are a tree in a script; each leads to a catalogue whose kinds are a tree again."""
    nodes: list[dict[str, object]] = [{"id": 1, "pId": 0, "name": "政府部门", "open": True}]
    for n, fact in enumerate(site.of(2024)):
        folder = f"/xxgk/dept{n}/"
        nodes.append({"id": 11 + n, "pId": 1, "name": fact.agency, "url": f"{folder}index.html", "target": "_self"})
        rows = []
        for own in site.of(body=fact.agency):
            site.report(f"{folder}{own.number}.html", own)
            rows.append((f"{folder}{own.number}.html", own.title, own.published))
        kinds = [
            {"id": 1, "pId": 0, "name": "法定主动公开内容"},
            {"id": 2, "pId": 1, "name": "机构职能", "url": f"{folder}jgzn.html"},
            {"id": 3, "pId": 1, "name": "信息公开年度报告", "url": f"{folder}ndbg.html"},
        ]
        script = f"<ul id='t' class='ztree'></ul><script>var zNodes ={json.dumps(kinds, ensure_ascii=False)};</script>"
        site.add(f"{folder}index.html", fact.agency, script)
        stub(site, [(f"{folder}jgzn.html", "机构职能")])
        site.add(f"{folder}ndbg.html", "信息公开年度报告", ul(rows))
    inside = ",\n".join(
        "{" + ",".join(f"{k}:{json.dumps(v, ensure_ascii=False)}" for k, v in n.items()) + "}" for n in nodes
    )
    tree = (
        "<ul id='tree' class='ztree'></ul><script>var setting={};"
        f"\nvar zNodes =[\n{inside}];$.fn.zTree.init($('#tree'),setting,zNodes);</script>"
    )
    site.add("/xxgk/bm.html", "部门信息公开", tree)
    home(site, "/xxgk/index.html", "信息公开", ("/xxgk/bm.html", "部门信息公开目录"))


def rows_from_json(site: Site) -> None:
    """The rows lie in a JSON file beside the column, whose script names it."""
    data = []
    for fact in site.facts:
        path = f"/zwgk/nb/{fact.number}.html"
        site.report(path, fact)
        data.append({"title": fact.title, "url": path, "pubDate": f"{fact.published}"})
    for path, title, day in others_in(site, "/zwgk/nb/"):
        data.insert(1, {"title": title, "url": path, "pubDate": f"{day}"})
    site.host.pages["/zwgk/nb/data.json"] = Reply(json.dumps({"rows": data}), content_type=JSON)
    script = (
        "<ul id='l'></ul><script>$.getJSON('./data.json?v=20250101',"
        "function(d){$.each(d.rows,function(i,r){$('#l').append(r.title)})});</script>"
    )
    site.add("/zwgk/nb/", "政府信息公开年报", script)
    home(site, "/zwgk/index.html", "政务公开", ("/zwgk/nb/", "政府信息公开年报"))


def pager_by_form(site: Site) -> None:
    """`goPage(2)` fills a form that is sent by GET; a field for the page number and a button."""
    rows: list[Row] = []
    for fact in site.facts:
        site.report(f"/art/{fact.number}.html", fact)
        rows.append((f"/art/{fact.number}.html", fact.title, fact.published))
    rows[1:1] = others_in(site, "/art/")

    def listed(ask: Ask) -> str | None:
        page = int(ask.query.get("pageNum") or 1)
        total = -(-len(rows) // 4)
        if not 0 < page <= total:
            return None
        form = (
            '<form id="pf" action="/col/nb.do" method="get"><input type="hidden" name="cid" value="31">'
            f'<input name="pageNum" id="pageNum" value="{page}" size="2">/{total}页 <a '
            f'href="javascript:;" onclick="goPage({min(page + 1, total)})">下一页</a>'
            f'<a href="javascript:;" onclick="goPage({total})">末页</a>'
            '<input type="button" value="GO" onclick="goPage($(\'#pageNum\').val())"></form>'
            "<script>function goPage(n){document.getElementById('pageNum').value=n;"
            "document.getElementById('pf').submit();}</script>"
        )
        return site.wrap("年报", ul(rows[(page - 1) * 4 : page * 4]) + form)

    site.host.pages["/col/nb.do"] = listed
    for page in range(1, 5):
        site.script(f"/col/nb.do?cid=31&pageNum={page}")
    home(site, "/zwgk/index.html", "政务公开", ("/col/nb.do?cid=31", "信息公开年报"))


def accordion(site: Site) -> None:
    """Years as heads of an accordion and 部门 / 街道 within them; the links are `data-href` for a script."""
    main = ""
    for year in THREE:
        groups = ""
        for name, bodies in (("区直部门", SOME), ("街道", ("白塔街道办事处",))):
            links = ""
            for fact in [f for f in site.of(year) if f.agency.endswith(bodies)]:
                path = f"/gk/nb/{year}/{fact.number}.html"
                site.report(path, fact)
                links += f'<li data-href="{path}" class="go">{fact.agency}</li>'
            groups += f"<dt>{name}</dt><dd><ul>{links}</ul></dd>"
        main += (
            '<div class="panel"><h4 class="panel-title" data-toggle="collapse">'
            f'{year}年度</h4><dl class="collapse">{groups}</dl></div>'
        )
    script = "<script>$('.go').click(function(){window.open($(this).data('href'))})</script>"
    site.add("/gk/nb/index.html", "政府信息公开年度报告", main + script + ul(others_in(site, "/gk/nb/qt/")))
    home(site, "/gk/index.html", "政府信息公开", ("/gk/nb/index.html", "政府信息公开年度报告"))


def typo_folders(site: Site) -> None:
    """Folders whose years are those of publication, a year with two pages, the last page a stub, and a dead link."""
    folders = []
    for year, slug in ((2022, "elnnb"), (2023, "2024n78"), (2024, "25jdbsc")):
        rows: list[Row] = []
        for fact in site.of(year):
            path = f"/zfxxgk/nb/{slug}/{fact.number}.html"
            site.report(path, fact)
            rows.append((path, fact.title, fact.published))
        rows += others_in(site, f"/zfxxgk/nb/{slug}/", year)
        rows.append((f"/zfxxgk/nb/{slug}/404.html", f"{site.place}审计局{year}年政府信息公开工作年度报告", ""))
        site.host.pages[f"/zfxxgk/nb/{slug}/404.html"] = '<meta http-equiv="refresh" content="0;URL=../" />'
        half = len(rows) // 2
        for n, part in enumerate((rows[:half], rows[half:])):
            pager = f"<script>var countPage = 2//共多少页\nvar currentPage = {n};</script>"
            site.add(f"/zfxxgk/nb/{slug}/index{'_1' if n else ''}.html", f"{year}年", ul(part) + pager)
            site.script(f"/zfxxgk/nb/{slug}/index{'_1' if n else ''}.html")
        folders.append((f"/zfxxgk/nb/{slug}/index.html", f"{year}年度", ""))
    site.add("/zfxxgk/nb/", "政府信息公开年度报告", ul(folders))
    home(site, "/zfxxgk/index.html", "政府信息公开", ("/zfxxgk/nb/", "政府信息公开年度报告"))


def more_of_it(site: Site) -> None:
    """The section shows blocks of five newest rows with 更多&gt;&gt; beside the heading; the column is behind 更多."""
    rows = []
    for fact in reversed(site.facts):
        site.report(f"/gongkai/show/{fact.number:032x}.html", fact)
        rows.append((f"/gongkai/show/{fact.number:032x}.html", fact.title, fact.published))
    mixed = rows[:4] + others_in(site, "/gongkai/show/") + rows[4:]
    blocks = ""
    for name, column, shown in (
        ("规章文件", "/zwgk/list/gz.html", []),
        ("政府信息公开年报", "/zwgk/list/nb.html", rows[:2]),
        ("建议提案", "/zwgk/list/ta.html", []),
    ):
        blocks += f'<div class="block"><h3>{name}<a class="more" href="{column}">更多&gt;&gt;</a></h3>{ul(shown)}</div>'
        stub(site, [(column, name)])
    for n in range(0, len(mixed), 5):
        page = n // 5
        after = f'<a href="nb_{page + 1}.html" title="下一页">&gt;</a>' if n + 5 < len(mixed) else ""
        site.add(f"/zwgk/list/nb{f'_{page}' if page else ''}.html", "政府信息公开年报", ul(mixed[n : n + 5]) + after)
    site.add("/zwgk/index.html", "政务公开", blocks)
    site.add("/", site.place, ul([("/zwgk/index.html", "政务公开", "")]))


STRANGERS = {
    "matrix": Stranger("青龙县", SOME, THREE, matrix),
    "logos": Stranger("白鹤县", SOME, THREE, logos),
    "short-names": Stranger("红星区", SOME, THREE, short_names),
    "headings": Stranger("金沙县", SOME, THREE, headings),
    "chosen-year": Stranger("银滩区", SOME, THREE, chosen_year),
    "form-of-two": Stranger("铜关市", SOME, THREE, form_of_two),
    "three-entrances": Stranger(
        "铁门县",
        ("人民政府办公室", "财政局", "教育局", "柳湾乡人民政府", "城关镇人民政府"),
        THREE,
        three_entrances,
    ),
    "odd-titles": Stranger("锡林县", ("财政局", "教育局", "水利局", "审计局", "司法局"), THREE, odd_titles),
    "files-in-cells": Stranger("松林区", SOME, THREE, files_in_cells),
    "column-is-report": Stranger("柏乡市", SOME, THREE, column_is_report),
    "ztree": Stranger("梅岭县", SOME, THREE, ztree),
    "rows-from-json": Stranger("兰溪区", SOME, THREE, rows_from_json),
    "pager-by-form": Stranger("竹山市", SOME, THREE, pager_by_form),
    "accordion": Stranger("菊城区", (*SOME, "白塔街道办事处"), THREE, accordion),
    "typo-folders": Stranger("荷塘区", (*SOME, "水利局"), THREE, typo_folders),
    "more-of-it": Stranger("莲花县", SOME, THREE, more_of_it),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_every_report_is_found_and_nothing_else(met: Met, name: str) -> None:
    met.expect_all(name)


@pytest.mark.parametrize("name", STRANGERS)
def test_three_requests_a_report_are_enough(met: Met, name: str) -> None:
    met.expect_few(name)


@pytest.mark.parametrize("name", STRANGERS)
def test_a_browser_reaches_every_report(met: Met, name: str) -> None:
    met.expect_fair(name)

"""The families once more: other services of theirs, other ways from the home page to the column."""

from __future__ import annotations

import json
from hashlib import md5

import pytest

from crawler.sample_portal.documents import report, report_blocks
from crawler.sample_portal.render_docx import docx
from tests.crawler.strangers.kit import JSON, Met, Site, Stranger, stub, ul
from tests.crawler.trials.web import Ask, Reply

SOME = ("财政局", "教育局", "民政局")
THREE = (2022, 2023, 2024)
SCRIPT = "application/javascript; charset=utf-8"
Row = tuple[str, str, object]


def hex32(*parts: object) -> str:
    return md5(repr(parts).encode(), usedforsecurity=False).hexdigest()


def rows_in(site: Site, shape: str, others: bool = True) -> list[Row]:
    """Everything at addresses of a shape with {n} (a number), {h} (hex), {d} and {m} (day and month)."""
    made: list[Row] = []
    for fact in site.facts:
        path = shape.format(
            n=fact.number, h=hex32(fact.number), d=f"{fact.published:%Y%m%d}", m=f"{fact.published:%Y%m}"
        )
        site.report(path, fact)
        made.append((path, fact.title, fact.published))
    for d in site.others() if others else ():
        path = shape.format(n=d.number, h=hex32(d.number), d=f"{d.published:%Y%m%d}", m=f"{d.published:%Y%m}")
        site.document(path, d)
        made.insert(2, (path, d.title, d.published))
    return made


def ways(site: Site, column: str, name: str, section: str, section_name: str) -> None:
    """A home page with one section, which has two columns beside the one that counts."""
    folder = section.rpartition("/")[0]
    stub(site, [(f"{folder}/zhinan.html", "信息公开指南"), (f"{folder}/zhidu.html", "信息公开制度")])
    links = [(f"{folder}/zhinan.html", "信息公开指南", ""), (f"{folder}/zhidu.html", "信息公开制度", "")]
    site.add(section, section_name, ul([*links, (column, name, "")]))
    site.add("/", site.place, ul([(section, section_name, ""), ("/gywm/", "网站地图", "")]))


def ewb_departments(site: Site) -> None:
    """EWB's newer request, JSON with a `deptcode` that the items of a list of departments carry."""
    codes = {fact.agency: f"11330{n}00" for n, fact in enumerate(site.of(2024))}
    guid = "b2c8a9d0-1111-4222-8333-444455556666"
    for fact in site.facts:
        site.report(
            f"/zfxxgk/003007/{fact.published:%Y%m%d}/{hex32(fact.number)[:8]}-1111-2222-3333-{fact.number:012d}.html",
            fact,
        )
    paths = dict(zip([(f.agency, f.year) for f in site.facts], site.leaves, strict=True))

    def listed(ask: Ask) -> Reply:
        try:
            asked = json.loads(next(iter(ask.query), "{}"))
        except ValueError:
            asked = {}
        data = []
        if ask.method == "POST" and asked.get("siteGuid") == guid and asked.get("categorynum") == "003007":
            code, size, page = (
                asked.get("deptcode") or "",
                int(asked.get("pageSize", 10)),
                int(asked.get("pageIndex", 1)) - 1,
            )
            facts = [f for f in site.facts if code in ("", codes[f.agency])]
            data = [
                {
                    "infourl": paths[f.agency, f.year],
                    "realtitle": f.title,
                    "title": f.title,
                    "infodate": f"{f.published}",
                }
                for f in facts[page * size : page * size + size]
            ]
        total = len([f for f in site.facts if (asked.get("deptcode") or "") in ("", codes[f.agency])]) if data else 0
        return Reply(json.dumps({"custom": {"code": 1, "total": total, "data": data}}), content_type=JSON)

    service = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
    site.host.pages[service] = listed
    site.script(
        service, json.dumps({"siteGuid": guid, "categorynum": "003007", "deptcode": "", "pageIndex": 1, "pageSize": 50})
    )
    site.host.pages["/js/webBuilderCommon.js"] = Reply(f'var siteInfo = {{"siteGuid":"{guid}"}};', content_type=SCRIPT)
    items = "".join(f'<li deptcode="{c}"><a href="javascript:void(0)">{a}</a></li>' for a, c in codes.items())
    site.add(
        "/zfxxgk/003007/list.html",
        "政府信息公开年报",
        f'<ul class="dept">{items}</ul><ul id="infolist" categorynum="003007">'
        '</ul><script src="/js/webBuilderCommon.js"></script>'
        "<script>function load(dept,i){$.ajax({type:'POST',contentType:'application/json',"
        f"url:'{service}',data:JSON.stringify({{deptcode:dept,categorynum:'003007',pageIndex:i,pageSize:10,siteGuid:siteInfo.siteGuid}})}})}}load('',1);</script>",
    )
    ways(site, "/zfxxgk/003007/list.html", "政府信息公开年报", "/zfxxgk/subpage.html", "政府信息公开")


def aspx_get(site: Site) -> None:
    """`InfoPublic.aspx?cid=…&page=2&kw=`: pages by GET, of which only 1, 2 and 末页 are linked."""
    rows = rows_in(site, "/InfoShow.aspx?id={n}")

    def listed(ask: Ask) -> str | None:
        page, last = int(ask.query.get("page") or 1), -(-len(rows) // 4)
        if ask.query.get("cid") != "1019" or not 0 < page <= last:
            return site.wrap("信息公开", "<p>参数错误</p>")
        items = "".join(f'<p><a href="{p}">{t}</a><span>{d}</span></p>' for p, t, d in rows[page * 4 - 4 : page * 4])
        links = "".join(
            f'<a href="InfoPublic.aspx?cid=1019&amp;pid=971&amp;page={n}&amp;kw=">{t}</a>'
            for n, t in ((1, "首页"), (max(page - 1, 1), "上一页"), (min(page + 1, last), "下一页"), (last, "末页"))
        )
        return site.wrap("信息公开年度报告", f'<div class="info-list">{items}</div><div class="pages">{links}</div>')

    site.host.pages["/InfoPublic.aspx"] = listed
    for page in range(1, 5):
        site.script(f"/InfoPublic.aspx?cid=1019&pid=971&page={page}&kw=")
    ways(site, "/InfoPublic.aspx?cid=1019&pid=971", "信息公开年度报告", "/Public.aspx", "信息公开")


def hanweb_search(site: Site) -> None:
    """`/module/xxgk/search.jsp` by POST, one area for each department, rows in `.tr_main_value_odd`."""
    codes = {fact.agency: f"0024824{29 + n}" for n, fact in enumerate(site.of(2024))}
    rows = rows_in(site, "/art/2024/1/9/art_103585_{n}.html", others=False)
    agencies = [f.agency for f in site.facts]
    others = [(f"/art/2023/5/6/art_99_{d.number}.html", d) for d in site.others()]
    for path, d in others:
        site.document(path, d)

    def search(ask: Ask) -> str | None:
        if ask.method != "POST" or ask.query.get("infotypeId") != "A02":
            return None
        area, page = ask.query.get("area", ""), int(ask.query.get("currpage") or 1)
        shown = [row for row, agency in zip(rows, agencies, strict=True) if area in ("", codes[agency])]
        shown += [(path, d.title, d.published) for path, d in others]
        last = -(-len(shown) // 5)
        lines = "".join(
            f'<tr class="tr_main_value_{"odd" if n % 2 else "even"}"><td>{n}</td>'
            f'<td><a class="bt_link" href="{p}" title="{t}">{t[:18]}</a></td>'
            f"<td>{d}</td></tr>"
            for n, (p, t, d) in enumerate(shown[page * 5 - 5 : page * 5])
        )
        return f"<table>{lines}</table>&nbsp;&nbsp;共{last}页&nbsp;"

    site.host.pages["/module/xxgk/search.jsp"] = search
    query = (
        "standardXxgk=0&isAllList=1&texttype=0&fbtime=-1&vc_all=&"
        "vc_filenumber=&vc_title=&vc_number=&sortfield=,compaltedate:0"
    )
    columns = []
    for n, (agency, code) in enumerate(codes.items()):
        body = f"infotypeId=A02&jdid=73&area={code}&divid=div103585&vc_title=&vc_number=&sortfield=,compaltedate:0"
        script = (
            "<div id='div103585'></div><script>function goToPage(p){$.post('/module/xxgk/search.jsp?"
            f"{query}&currpage='+p,{{infotypeId:'A02',jdid:'73',area:'{code}',divid:'div103585',vc_title:'',vc_number:'',"
            "sortfield:',compaltedate:0'},function(h){$('#div103585').html(h)})}goToPage(1);</script>"
        )
        site.add(f"/col/col10358{n}/index.html", f"{agency}信息公开年度报告", script)
        for page in (1, 2):
            site.script(f"/module/xxgk/search.jsp?{query}&currpage={page}", body)
        columns.append((f"/col/col10358{n}/index.html", f"{agency.removeprefix(site.place)}信息公开年度报告", ""))
    site.add("/col/col500/index.html", "年报", ul(columns))
    ways(site, "/col/col500/index.html", "年报", "/col/col30/index.html", "政务公开")


def hanweb_frame(site: Site) -> None:
    """The report stands in a frame; a click on an agency changes its area, a select its year."""
    codes = {fact.agency: f"11332500002645{n}" for n, fact in enumerate(site.of(2024))}
    target = "/module/xxgk/xxgkAnnualReport.jsp"

    def shown(ask: Ask) -> str | None:
        for fact in site.facts:
            if codes[fact.agency] == ask.query.get("area") and str(fact.year) == ask.query.get("fbtime"):
                body = report(fact)
                return site.wrap(body.title, f"<h2>{body.title}</h2><p>发布时间:{fact.published}</p>{body.body}")
        return site.wrap("年报", "<p>没有找到您要的信息</p>")

    site.host.pages[target] = shown
    tree = "".join(
        f"<li><a href=\"javascript:changeArea('{c}')\">{a.removeprefix(site.place)}</a></li>" for a, c in codes.items()
    )
    options = "".join(f'<option value="{y}">{y}</option>' for y in (2024, 2023, 2022))
    first = next(iter(codes.values()))
    script = (
        f"<script>var area='{first}',fbtime='2024';function changeArea(a){{area=a;"
        "go()}function changeYear(y){fbtime=y;go()}"
        f"function go(){{document.getElementById('nb').src='{target}?area='+area+'&fbtime='+fbtime}}</script>"
    )
    main = (
        f'<ul>{tree}</ul><select onchange="changeYear(this.value)">{options}</select>'
        f'<iframe id="nb" src="{target}?area={first}&amp;fbtime=2024"></iframe>{script}'
    )
    site.add("/col/col1229/index.html", "政府信息公开年报", main)
    for fact in site.facts:
        site.script(f"{target}?area={codes[fact.agency]}&fbtime={fact.year}")
        site.leaves.append(f"{target}?area={codes[fact.agency]}&fbtime={fact.year}")
    ways(site, "/col/col1229/index.html", "政府信息公开年报", "/col/col30/index.html", "政府信息公开")


def vsb_descending(site: Site) -> None:
    """`gknb.htm`, then `gknb/2.htm` and `gknb/1.htm`, whose links have one `../` more."""
    rows = rows_in(site, "/info/1044/{n}.htm")
    parts = [rows[n : n + 5] for n in range(0, len(rows), 5)]
    last = len(parts)
    for n, part in enumerate(parts):
        up = "../" if n == 0 else "../../"
        items = "".join(
            f'<li id="line_u9_{k}"><a href="{up}{p[1:]}" title="{t}">{t[:12]}...</a><span>{d}</span></li>'
            for k, (p, t, d) in enumerate(part)
        )
        onward = f"gknb/{last - 1}.htm" if n == 0 else f"{last - n - 1}.htm"
        more = f'<a href="{onward}" class="Next">下页</a>' if n + 1 < last else '<span class="Next">下页</span>'
        path = "/xxgk/gknb.htm" if n == 0 else f"/xxgk/gknb/{last - n}.htm"
        site.add(
            path,
            "信息公开年报",
            f"<ul>{items}</ul><table><tr><td>共{len(rows)}条 {n + 1}/{last} {more}</td></tr></table>",
        )
    ways(site, "/xxgk/gknb.htm", "信息公开年报", "/xxgk/index.htm", "信息公开")


def jpaas_years(site: Site) -> None:
    """A column for each year below the column, each a unit of its own asked with `paramJson`."""
    url = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    by_year: dict[int, list[Row]] = {year: [] for year in THREE}
    for fact in site.facts:
        path = f"/jss/zfxxgk/xxgkndbg/{fact.year + 1}/art/{fact.year + 1}/art_{hex32(fact.number)}.html"
        site.report(path, fact)
        by_year[fact.year].append((path, fact.title, fact.published))
    for d in site.others():
        path = f"/jss/zfxxgk/xxgkndbg/2024/art/2024/art_{hex32(d.number)}.html"
        site.document(path, d)
        by_year[2023].insert(0, (path, d.title, d.published))

    def unit(ask: Ask) -> Reply:
        rows = by_year.get(int(ask.query.get("pageId") or 0), [])
        try:
            params = json.loads(ask.query.get("paramJson") or "{}")
        except ValueError:
            params = {}
        page, size = int(params.get("pageNo", 1)), 4
        items = ul([(p, t.replace("政府", "\n政府", 1), d) for p, t, d in rows[page * size - size : page * size]])
        html = (
            f'<div class="page-content">{items}</div><div class="pagination" rows="{size}" count="{len(rows)}"></div>'
        )
        return Reply(
            json.dumps({"success": True, "data": {"html": html if page <= -(-len(rows) // size) else ""}}),
            content_type=JSON,
        )

    site.host.pages[url] = unit
    years = []
    for year in THREE:
        query = (
            f"{{'webId':'w1','pageId':'{year}','tagId':'列表','tplSetId':'t',"
            "'pageType':'column','parseType':'bulidstatic','editType':'null'}"
        )
        script = f'<script src="/jpaas/AuthorizedRead/unitbuild.js" url="{url}" queryData="{query}"></script>'
        site.add(f"/jss/zfxxgk/xxgkndbg/{year + 1}/index.html", f"{year + 1}年", script)
        years.append((f"/jss/zfxxgk/xxgkndbg/{year + 1}/index.html", f"{year + 1}年", ""))
        for page in (1, 2, 3):
            site.script(f'{url}?webId=w1&pageId={year}&paramJson={{"pageNo":{page},"pageSize":4}}')
    site.add("/jss/zfxxgk/xxgkndbg/index.html", "政府信息公开年度报告", ul(years))
    ways(site, "/jss/zfxxgk/xxgkndbg/index.html", "政府信息公开年度报告", "/jss/zfxxgk/index.html", "政府信息公开")


def gkmlpt_jump(site: Site) -> None:
    """The node of the tree jumps to a static column; one more is linked as `/gkmlpt/index#31`, with files only."""
    half = [f for f in site.facts if f.agency.endswith("财政局")]
    rows = []
    for fact in site.facts:
        if fact not in half:
            site.report(f"/zwgk/zfxxgknb/content/post_{fact.number}.html", fact)
            rows.append((f"/zwgk/zfxxgknb/content/post_{fact.number}.html", fact.title, fact.published))
    site.add("/zwgk/zfxxgknb/index.html", "政府信息公开工作年度报告", ul(rows))
    articles = []
    for n, fact in enumerate(half):
        number = 3_255_400 + n
        name = f"/attachment/1/1658/{1_658_000 + n}/{number}.docx"
        site.host.pages[name] = Reply(docx(report_blocks(fact)), content_type="application/octet-stream")
        path = f"/gkmlpt/content/3/3255/post_{number}.html"
        link = f'<p><a class="nfw-cms-attachment" href="{name}">{fact.title}.docx</a></p>'
        site.add(path, fact.title, f'<h1>{fact.title}</h1><div class="article-content">{link}</div>')
        site.leaves.append(path)
        attached = [{"id": 1_658_000 + n, "name": f"{fact.title}.docx", "type": "doc", "url": site.host.url(name)}]
        articles.append(
            {
                "id": number,
                "title": fact.title,
                "date": 1_705_000_000,
                "url": site.host.url(path),
                "attachment": attached,
            }
        )
    jump = site.host.url("/zwgk/zfxxgknb/index.html")
    tree = [
        {"id": 29, "name": "政府信息公开指南", "parent": 0, "jump_url": "", "children": []},
        {"id": 30, "name": "政府信息公开年报", "parent": 0, "jump_url": jump, "children": []},
        {"id": 31, "name": "财政年度报告", "parent": 0, "jump_url": "", "children": []},
    ]
    config = json.dumps({"SID": "755041", "TREE": tree})
    site.host.pages["/gkmlpt/index"] = site.wrap(
        "信息公开", f"<div id=app></div><script>window._CONFIG = {config};</script>"
    )

    def api(ask: Ask) -> Reply:
        shown = articles if ask.path.endswith("/31") else []
        return Reply(json.dumps({"classify": {"post_count": len(shown)}, "articles": shown}), content_type=JSON)

    site.host.rules.append((r"/gkmlpt/api/all/\d+", api))
    site.script("/gkmlpt/api/all/31?page=1&sid=755041")
    links = [("/gkmlpt/index", "政府信息公开", ""), ("/gkmlpt/index#31", "财政年度报告", "")]
    site.add("/", site.place, ul(links))


def igs_search_shell(site: Site) -> None:
    """The column asks the site's search for the words of the title; total is a string, titles have `<em>`."""
    rows = rows_in(site, "/xxgk/{m}/t{d}_{n}.html")
    service, code = "/igs/front/search.jhtml", hex32("code")

    def search(ask: Ask) -> Reply:
        if ask.query.get("code") != code:
            return Reply("Internal Server Error", 500)
        size, page = int(ask.query.get("pageSize") or 10), int(ask.query.get("pageNumber") or 1)
        content = [
            {
                "url": site.host.url(p),
                "title": t.replace("信息公开", "<em>信息公开</em>"),
                "trs_time": f"{d}",
                "content": "…",
            }
            for p, t, d in rows[page * size - size : page * size]
        ]
        answer = {"page": {"content": content, "total": str(len(rows)), "totalPages": -(-len(rows) // size)}}
        return Reply(json.dumps(answer), content_type=JSON)

    site.host.pages[service] = search
    target = (
        f"{service}?code={code}&siteId=5&searchWord=政府信息公开工作年度报告&"
        "pageSize=8&position=TITLE&orderby=time&timeOrder=desc&pageNumber="
    )
    script = (
        f"<ul id=r></ul><script>function query(n){{$.getJSON('{target}'+n,"
        "function(j){show(j.page.content)})}query(1);</script>"
    )
    site.add("/xxgk/nb.html", "政府信息公开工作年报", script)
    for page in (1, 2):
        site.script(f"{target}{page}")
    ways(site, "/xxgk/nb.html", "政府信息公开工作年报", "/xxgk/index.html", "信息公开")


def shells_of_beijing(site: Site) -> None:
    """`gknb/` is 160 bytes that go on to the newest year, whose page alone knows the others; streets in a subtree."""
    streets = ("景山街道办事处", "北新桥街道办事处")
    menu = ul([(f"/zfxxgkzl/gknb/{y + 1}nb/", f"{y}年", "") for y in THREE])
    site.host.pages["/zfxxgkzl/gknb/"] = '<html><script>location.replace("2025nb/")</script></html>'
    for year in THREE:
        folder = f"/zfxxgkzl/gknb/{year + 1}nb/"
        for part, name, bodies in (("", f"{year}年", SOME), (f"zxjd{year + 1}/", "镇街", streets)):
            rows = []
            for fact in [f for f in site.of(year) if f.agency.endswith(bodies)]:
                path = f"{folder}{part}{fact.published:%Y%m}/t{fact.published:%Y%m%d}_{fact.number}.html"
                site.report(path, fact)
                rows.append((path, fact.title, fact.published))
            below = "" if part else f'<h4><a href="zxjd{year + 1}/">镇街</a></h4>'
            site.add(f"{folder}{part}", name, menu + below + ul(rows))
    site.script("/zfxxgkzl/gknb/2025nb/")
    ways(site, "/zfxxgkzl/gknb/", "政府信息公开年报", "/zfxxgkzl/index.html", "政府信息公开专栏")


def jspx_departments(site: Site) -> None:
    """`deptList.jspx?deptId=7`; kinds are links with another parameter; pages by `pageNo`."""
    ids = {fact.agency: 40 + n for n, fact in enumerate(site.of(2024))}
    for fact in site.facts:
        site.report(f"/govpublic/view.jspx?id={fact.number}", fact)
    others = [(f"/govpublic/view.jspx?id={d.number}", d) for d in site.others()]
    for path, d in others:
        site.document(path, d)

    def listed(ask: Ask) -> str | None:
        agency = next((a for a, n in ids.items() if str(n) == ask.query.get("deptId")), "")
        kind, page = ask.query.get("typeId", ""), int(ask.query.get("pageNo") or 1)
        if not agency:
            return None
        base = f"/govpublic/list.jspx?deptId={ids[agency]}"
        kinds = ul(
            [(f"{base}&typeId={n}", t, "") for n, t in ((1, "公开指南"), (2, "法定主动公开内容"), (3, "公开年报"))]
        )
        rows: list[Row] = [(p, d.title, d.published) for p, d in others[:4]] if kind == "2" else []
        if kind == "3":
            rows = [(f"/govpublic/view.jspx?id={f.number}", f.title, f.published) for f in site.of(body=agency)]
        more = f'<a href="{base}&typeId={kind}&pageNo={page + 1}">下一页</a>' if len(rows) > page * 2 else ""
        return site.wrap(agency, kinds + ul(rows[page * 2 - 2 : page * 2]) + more)

    site.host.pages["/govpublic/list.jspx"] = listed
    cells = "".join(
        f'<td><a href="/govpublic/list.jspx?deptId={n}">{a.removeprefix(site.place)}</a></td>' for a, n in ids.items()
    )
    site.add("/govpublic/index.jspx", "部门信息公开", f"<table><tr><th>部门</th>{cells}</tr></table>")
    site.add("/", site.place, ul([("/govpublic/index.jspx", "部门信息公开", "")]))


STRANGERS = {
    "ewb-departments": Stranger("钱塘县", SOME, THREE, ewb_departments),
    "aspx-get": Stranger("红河市", SOME, THREE, aspx_get),
    "hanweb-search": Stranger("泗水滨县", SOME, THREE, hanweb_search),
    "hanweb-frame": Stranger("瓯江市", SOME, THREE, hanweb_frame),
    "vsb-descending": Stranger("丹江市", SOME, THREE, vsb_descending),
    "jpaas-years": Stranger("积岩县", SOME, THREE, jpaas_years),
    "gkmlpt-jump": Stranger("香洲渡市", SOME, THREE, gkmlpt_jump),
    "igs-search-shell": Stranger("渝水区", SOME, THREE, igs_search_shell),
    "shells-of-beijing": Stranger("怀安区", (*SOME, "景山街道办事处", "北新桥街道办事处"), THREE, shells_of_beijing),
    "jspx-departments": Stranger("宜阳县", SOME, THREE, jspx_departments),
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

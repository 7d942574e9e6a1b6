"""Well-known software in the dialects that single portals make of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

import pytest

from crawler.sample_portal import Fact
from crawler.sample_portal.documents import Document, report, report_blocks
from crawler.sample_portal.render_docx import docx
from tests.crawler.strangers.kit import JSON, Met, Site, Stranger, stub, ul
from tests.crawler.trials.web import Ask, Reply

DEPARTMENTS = ("财政局", "教育局", "水利局", "审计局")
XML = "text/xml; charset=utf-8"


def mixed(site: Site, folder: str, year: int = 2023) -> list[tuple[str, Document]]:
    """Documents that are no reports, published in a folder."""
    made = [(f"{folder}{d.number}.html", d) for d in site.others(year)]
    for path, document in made:
        site.document(path, document)
    return made


def hanweb_post_only(site: Site) -> None:
    """The data proxy answers nothing but POST; `perPage` is a string; the call stands in a file before the store."""
    column = "/col/col5501/index.html"
    site.nav = (
        '<a href="/">首 页</a><a href="/col/col12/index.html">要闻</a><a href="/col/col30/index.html">政务公开</a>'
    )
    site.article = (
        "<meta name='ContentStart'><h3>{title}</h3><p>来源：{source} 日期：{date}</p>"
        "<div id='zoom'><!--ZJEG_RSS.content.begin-->{body}<!--ZJEG_RSS.content.end--></div>"
    )
    rows = []
    for fact in sorted(site.facts, key=lambda f: f.published, reverse=True):
        path = f"/art/{fact.published.year}/{fact.published.month}/{fact.published.day}/art_5501_{fact.number}.html"
        site.report(path, fact)
        short = fact.title if len(fact.title) < 20 else fact.title[:18] + "..."
        rows.append(f"<li><a href='{path}' title='{fact.title}'>{short}</a><b>[{fact.published}]</b></li>")
    for path, d in mixed(site, "/art/2023/12/18/art_5501_"):
        rows.insert(2, f"<li><a href='{path}' title='{d.title}'>{d.title[:18]}...</a><b>[{d.published}]</b></li>")

    def store(shown: list[str]) -> str:
        records = "".join(f"<record><![CDATA[{r}]]></record>" for r in shown)
        return f"<datastore><totalrecord>{len(rows)}</totalrecord><recordset>{records}</recordset></datastore>"

    def proxy(ask: Ask) -> Reply | None:
        if ask.method != "POST" or ask.query.get("columnid") != "5501" or ask.query.get("unitid") != "88123":
            return Reply("<html><body>HTTP Status 405</body></html>", 405)
        start = int(ask.query.get("startrecord", 1))
        return Reply(store(rows[start - 1 : int(ask.query.get("endrecord", start + 14))]), content_type=XML)

    site.host.pages["/module/web/jpage/dataproxy.jsp"] = proxy
    site.host.pages["/script/page.js"] = Reply("function noop(){}", content_type="application/javascript")
    call = (
        "$(function(){$('#88123').jpage({themeName:'default',groupSize:3,currPage:1,totalRecord:"
        f"{len(rows)},perPage:'5',dataAfter:'',proxyUrl:'/module/web/jpage/dataproxy.jsp',openCookies:false,"
        "ajaxParam:{col:1,appid:1,webid:7,path:'/',columnid:5501,sourceContentType:1,unitid:'88123',"
        f"webname:'{quote(quote(site.place + '人民政府'))}',permissiontype:0}}}});}});"
    )
    site.add(
        column,
        "政府信息公开工作年报",
        f'<script src="/script/page.js"></script><script>{call}</script><h4>政府信息公开工作年报</h4>'
        f'<div id="88123"><script type="text/xml">{store(rows[:15])}</script></div>',
    )
    form = "columnid=5501&unitid=88123&webid=7&appid=1&path=/"
    for start in range(1, len(rows) + 1, 15):
        site.script(
            f"/module/web/jpage/dataproxy.jsp?startrecord={start}&endrecord={start + 14}&perpage=5", form, "POST"
        )
    left = [("/col/col31/index.html", "政府信息公开指南"), ("/col/col32/index.html", "政府信息公开制度")]
    stub(site, [*left, ("/col/col12/index.html", "要闻")])
    menu = ul([(p, n, "") for p, n in [*left, (column, "政府信息公开工作年报")]])
    site.add("/col/col30/index.html", "政务公开", menu)
    site.add("/", f"{site.place}人民政府", ul([("/col/col30/index.html", "政务公开", "")]))


def hanweb_rows_of_a_table(site: Site) -> None:
    """`morecolumndataproxy.jsp` for two columns at once, rows as `tr`, `path` in quotes, it heeds `page` only."""
    site.nav = (
        "<a href='/'>首页</a> <a href='/col/col77/index.html'>信息公开</a> <a href='/col/col9/index.html'>政民互动</a>"
    )
    site.article = (
        "<table><tr><td>{title}</td></tr><tr><td>{date} {source}</td></tr><tr><td id=zoom>{body}</td></tr></table>"
    )
    rows: list[str] = []
    for fact in site.facts:
        column = 781 if fact.year > 2022 else 782
        path = f"/art/{fact.published.year}/{fact.published.month}/{fact.published.day}/art_{column}_{fact.number}.html"
        site.report(path, fact)
        rows.append(
            f'<tr><td width=15><img src=/i.gif></td><td><a href="{path}" target="_blank">{fact.title}</a></td>'
            f"<td>{fact.published}</td></tr>"
        )
    for path, d in mixed(site, "/art/2023/12/20/art_781_"):
        rows.insert(
            3, f'<tr><td><img src=/i.gif></td><td><a href="{path}">{d.title}</a></td><td>{d.published}</td></tr>'
        )
    per = 4

    def store(shown: list[str]) -> str:
        wrapped = "".join(f"<record><![CDATA[\n{r}]]></record>" for r in shown)
        link = (
            "/module/jpage/morecolumndataproxy.jsp?page=1&appid=1&appid=1&webid=3&path='/'&columnid=781,782&"
            "unitid=30077&webname=%25E9%2583%25A8&permissiontype=0"
        )
        return (
            f'<datastore><nextgroup><![CDATA[<a href="{link}"></a>]]></nextgroup><recordset>'
            f"<table width='95%' align=center></table>{wrapped}</recordset></datastore>"
        )

    def proxy(ask: Ask) -> Reply:
        page = int(ask.query.get("page", 1))
        shown = rows[(page - 1) * per * 3 : page * per * 3] if ask.query.get("columnid") == "781,782" else []
        return Reply(store(shown), content_type=XML)

    site.host.pages["/module/jpage/morecolumndataproxy.jsp"] = proxy
    main = (
        f'<div id="30077"><script type="text/xml">{store(rows[: per * 3])}</script></div><script>'
        f"$('#30077').jpage({{totalRecord:{len(rows)},perPage:{per},"
        "proxyUrl:'/module/jpage/morecolumndataproxy.jsp'})</script>"
    )
    site.add("/col/col780/index.html", "年度报告", main)
    for page in (1, 2, 3):
        base = "/module/jpage/morecolumndataproxy.jsp?webid=3&columnid=781,782&unitid=30077"
        site.script(f"{base}&page={page}")
    stub(site, [("/col/col9/index.html", "政民互动"), ("/col/col79/index.html", "依申请公开")])
    menu = ul([("/col/col79/index.html", "依申请公开", ""), ("/col/col780/index.html", "年度报告", "")])
    site.add("/col/col77/index.html", "信息公开", menu)
    site.add("/", site.place, "<a href=/col/col77/index.html><img src=/xxgk.png alt='信息公开'></a>")


def hanweb_year_button(site: Site) -> None:
    """One URL for each agency and year, reached by a drop-down with a button; agencies in a tree of nested lists."""
    site.nav = '<a href="/">首页</a><a href="/xxgk/index.html">政府信息公开</a>'
    codes = {fact.agency: f"11370830004335{n:02d}XX" for n, fact in enumerate(site.of(2024))}
    by_key = {(codes[f.agency], f.year): f for f in site.facts}
    years = sorted({f.year for f in site.facts}, reverse=True)

    def shown(ask: Ask) -> str | None:
        area = ask.query.get("area", next(iter(codes.values())))
        fact = by_key.get((area, int(ask.query.get("fbtime") or years[0])))
        if fact is None:
            return site.wrap("年度报告", "暂无内容")
        options = "".join(f'<option value="{y}"{" selected" * (y == fact.year)}>{y}年</option>' for y in years)
        body = report(fact)
        return site.wrap(
            "政府信息公开年度报告",
            '<form action="/module/xxgk/xxgkAnnualReport.jsp" method="get">'
            f'<input type="hidden" name="area" value="{area}"><select name="fbtime">{options}</select>'
            '<input type="submit" value="查看"></form>'
            f"<h2>{body.title}</h2><p>发布时间:{fact.published} "
            f"11:01:44 信息来源：{fact.agency}</p><div>{body.body}</div>",
        )

    site.host.pages["/module/xxgk/xxgkAnnualReport.jsp"] = shown
    tree = "".join(
        '<li><span class="folder"></span><a href="javascript:void(0)" '
        f"onclick=\"opendept('/module/xxgk/tree.jsp?area={c}')\">"
        f"{a}</a></li>"
        for a, c in codes.items()
    )
    for agency, code in codes.items():
        links = [
            (f"/xxgk/zn.html?area={code}", "政府信息公开指南", ""),
            (f"/module/xxgk/xxgkAnnualReport.jsp?area={code}&fbtime={years[0]}", "政府信息公开年度报告", ""),
        ]
        site.host.pages[f"/module/xxgk/tree.jsp?area={code}"] = site.wrap(agency, ul(links))
        for year in years:
            target = f"/module/xxgk/xxgkAnnualReport.jsp?area={code}&fbtime={year}"
            site.script(target)
            site.leaves.append(target)
    site.add("/xxgk/zn.html", "政府信息公开指南", "<p>为方便公民获取政府信息，编制本指南。</p>")
    site.add("/xxgk/index.html", "部门信息公开", f'<ul id="tree"><li>部门<ul>{tree}</ul></li></ul>')
    site.add("/", f"{site.place}人民政府", ul([("/xxgk/index.html", "政府信息公开", ""), ("/gywm/", "联系我们", "")]))


def jpaas_two_units(site: Site) -> None:
    """Two units on one page, the first with links to other columns; the second pages by bare `pageNo` and `rows`."""
    site.article = "<div class='art'><h1>{title}</h1><span>{date}</span><span>来源：{source}</span>{body}</div>"
    site.nav = '<a href="/">网站首页</a><a href="/zfxxgk/index.html">政府信息公开</a>'
    site.article = "<h1>{title}</h1><i>{date} 信息来源：{source}</i><div class='article-content'>{body}</div>"
    entries = []
    for fact in site.facts:
        path = f"/zfxxgk/fdzdgknr/zfxxgknb/art/{fact.published.year}/art_{fact.number:032x}.html"
        site.report(path, fact)
        entries.append((path, fact.title.replace("年", "年\n", 1), fact.published))
    for path, d in mixed(site, "/zfxxgk/fdzdgknr/zfxxgknb/art/2024/art_"):
        entries.insert(4, (path, d.title, d.published))
    rows, url = 5, "/api-gateway/jpaas-publish-server/front/page/build/unit"

    def unit(ask: Ask) -> Reply | None:
        if ask.query.get("pageId") != "p8e1" or ask.query.get("webId") != "w44":
            return Reply('{"success":false,"message":"参数错误"}', content_type=JSON)
        if ask.query.get("tagId") == "左侧导航":
            html = ul([("/zfxxgk/zn/index.html", "指南", ""), ("/zfxxgk/zd/index.html", "制度", "")])
        else:
            page = int(ask.query.get("pageNo", 1))
            part = entries[(page - 1) * rows : page * rows]
            items = "".join(
                f'<li><a title="{escape(t)}" href="{p}">{escape(t[:14])}...</a><em>{d}</em></li>' for p, t, d in part
            )
            html = (
                f'<div class="page-content"><ul>{items}</ul></div><div class="pagination" id="pg" rows="{rows}" '
                f'count="{len(entries)}"></div>'
                if part
                else ""
            )
        return Reply(json.dumps({"success": True, "data": {"html": html}}), content_type=JSON)

    site.host.pages[url] = unit
    common = (
        "'webId':'w44','tplSetId':'t1','pageId':'p8e1','pageType':'column','parseType':'bulidstatic','editType':'null'"
    )
    tags = "".join(
        f'<div class="u"><script type="text/javascript" parseType="bulidstatic" src="/jpaas/unitbuild.js" url="{url}" '
        f"queryData=\"{{{common},'tagId':'{tag}'}}\"></script></div>"
        for tag in ("左侧导航", "信息列表")
    )
    site.host.pages["/jpaas/unitbuild.js"] = Reply("/* unit */", content_type="application/javascript")
    site.add("/zfxxgk/fdzdgknr/zfxxgknb/index.html", "政府信息公开年报", tags)
    for page in range(1, 5):
        site.script(f"{url}?webId=w44&pageId=p8e1&tagId=信息列表&pageNo={page}&rows={rows}")
    stub(site, [("/zfxxgk/zn/index.html", "指南"), ("/zfxxgk/zd/index.html", "制度")])
    site.add(
        "/zfxxgk/index.html",
        "政府信息公开",
        ul([("/zfxxgk/zn/index.html", "指南", ""), ("/zfxxgk/fdzdgknr/zfxxgknb/index.html", "政府信息公开年报", "")]),
    )
    site.add(
        "/", f"{site.place}人民政府", '<map><area shape="rect" href="/zfxxgk/index.html" alt="政府信息公开"></map>'
    )


def truecms_jsonp(site: Site) -> None:
    """First rows in hidden lists, links in `onclick`, the rest as JSONP to whoever sends a Referer."""
    site.nav = '<a href="/">首页</a><a href="/szf/xxgk/xxgk.html">信息公开</a>'
    rows = []
    for n, fact in enumerate(site.facts):
        uuid = f"{fact.number:08x}-3f4e-4a5b-9c{n:02d}-0123456789ab"
        path = f"/szf/nb_2023/content/{uuid}.html"
        site.report(path, fact)
        call = f"name2('{path}')"
        rows.append(f'<li><a href="javascript:void(0);" onclick="{call}" title="{fact.title}">{fact.title[:20]}</a>'
                    f"<span>{fact.published}</span></li>")  # fmt: skip
    for path, d in mixed(site, "/szf/nb_2023/content/"):
        rows.insert(1, f'<li><a href="{path}" title="{d.title}">{d.title}</a><span>{d.published}</span></li>')
    column = "9f1c2d3e-aaaa-bbbb-cccc-1234567890ab"

    def message(ask: Ask) -> Reply | None:
        if "nb_2023.html" not in ask.headers.get("referer", "nb_2023.html") or ask.query.get("columnId") != column:
            return None
        start = int(ask.query.get("startrecord", 1)) - 1
        part = rows[start : int(ask.query.get("endrecord", 30))]
        records = "".join(f"<record><![CDATA[{r}]]></record>" for r in part)
        store = f"<datastore><totalrecord>{len(rows)}</totalrecord><recordset>{records}</recordset></datastore>"
        answer = f"{ask.query.get('callback', 'cb')}({json.dumps({'result': store})})"
        return Reply(answer, content_type="application/javascript; charset=utf-8")

    site.host.pages["/truecms/messageController/getMessage.do"] = message
    site.add(
        "/szf/nb_2023/nb_2023.html",
        "公开年报",
        f'<div id="initData" style="display:none"><ul>{"".join(rows[:6])}</ul></div><div id="list"></div><script>'
        f"$('#list').jpage({{proxyUrl:'/truecms/messageController/getMessage.do',totalRecord:{len(rows)},perPage:2,"
        f"groupSize:3,ajaxParam:{{contentTemplate:'t01',columnId:'{column}'}}}});"
        "function name2(u){window.open(u)}</script>",
    )
    for start in range(1, len(rows) + 1, 6):
        base = f"/truecms/messageController/getMessage.do?columnId={column}&contentTemplate=t01&callback=cb"
        site.script(f"{base}&startrecord={start}&endrecord={start + 5}&perpage=2")
    stub(site, [("/szf/zn/zn.html", "公开指南"), ("/szf/ml/ml.html", "公开目录")])
    menu = [("/szf/zn/zn.html", "公开指南", ""), ("/szf/ml/ml.html", "公开目录", "")]
    site.add("/szf/xxgk/xxgk.html", "信息公开", ul([*menu, ("/szf/nb_2023/nb_2023.html", "公开年报", "")]))
    site.add("/", site.place, "<p>欢迎访问</p>")


def trs_prefix_pager(site: Site) -> None:
    """`createPageHTML` of six arguments whose pages are `list_2.shtml`; `_wap` twins; years in the wrong folders."""
    site.nav = '<a href="/">首页</a> <a href="/zwgk/">政务公开</a>'
    site.article = (
        "<div class='TRS_UEDITOR view trs_paper_default'><h1>{title}</h1></div><p>来源：{source}　{date}</p>"
        "<div class='TRS_UEDITOR trs_paper_default trs_web view'>{body}</div>"
    )
    entries = []
    for fact in site.facts:
        name = f"{fact.published:%Y%m}/t{fact.published:%Y%m%d}_{fact.number}"
        site.report(f"/zwgk/xxgknb/{name}.shtml", fact)
        site.document(f"/zwgk/xxgknb/{name}_wap.shtml", _as_document(fact))
        entries.append((f"./{name}.shtml", fact.title, fact.published))
        if fact.number % 3 == 0:
            entries.append((f"./{name}_wap.shtml", fact.title, fact.published))
    for path, d in mixed(site, "/zwgk/xxgknb/202312/t20231218_"):
        entries.insert(2, (f".{path.removeprefix('/zwgk/xxgknb')}", d.title, d.published))
    per = 6
    pages = [entries[n : n + per] for n in range(0, len(entries), per)]
    for n, part in enumerate(pages):
        pager = (
            "<div id='page_div'></div><script>createPageHTML('page_div',"
            f"{len(pages)},{n + 1},'list','shtml',{len(entries)});</script>"
        )
        site.add(f"/zwgk/xxgknb/list{f'_{n + 1}' if n else ''}.shtml", "信息公开年报", ul(part) + pager)
        if n:
            site.script(f"/zwgk/xxgknb/list_{n + 1}.shtml")
    stub(site, [("/zwgk/zcjd/", "政策解读"), ("/zwgk/gkzn/", "公开指南")])
    menu = [("./zcjd/", "政策解读", ""), ("./gkzn/", "公开指南", ""), ("./xxgknb/list.shtml", "信息公开年报", "")]
    site.add("/zwgk/", "政务公开", ul(menu))
    site.add("/", f"{site.place}人民政府", ul([("/zwgk/", "政务公开", ""), ("./zwgk/zcjd/", "政策解读", "")]))


def _as_document(fact: Fact) -> Document:
    return report(fact)


def trs_tables_as_pictures(site: Site) -> None:
    """Reports whose tables are pictures in the text, with a .docx of the whole in `file_appendix` of a script."""
    site.nav = '<a href="/">首页</a><a href="/xxgk/">信息公开</a>'
    entries: list[tuple[str, str, object]] = []
    for fact in site.facts:
        stem = f"/xxgk/ndbg/{fact.published:%Y%m}/"
        name = f"P0{fact.published:%Y%m%d}{fact.number}.docx"
        picture = f"W0{fact.published:%Y%m%d}{fact.number}.jpg"
        site.host.pages[stem + name] = Reply(
            docx(report_blocks(fact)),
            content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        )
        path = f"{stem}t{fact.published:%Y%m%d}_{fact.number}.html"
        site.add(
            path,
            fact.title,
            f"<h1>{fact.title}</h1><script>var SourceName='{fact.agency}';var pubdata='{fact.published}';"
            f"var file_appendix='<a href=./{name}>{fact.title}.docx</a>';</script>"
            '<div class="TRS_Editor"><p>根据《中华人民共和国政府信'
            f'息公开条例》编制本报告。</p><p><img src="./{picture}" '
            f'oldsrc="{picture}"></p></div><div id="fj">附件：<a href="./{name}">{fact.title}.docx</a></div>',
        )
        site.leaves.append(path)
        entries.append((f"./{fact.published:%Y%m}/t{fact.published:%Y%m%d}_{fact.number}.html", fact.title, ""))
    for path, d in mixed(site, "/xxgk/ndbg/202312/t20231218_"):
        entries.append((f".{path.removeprefix('/xxgk/ndbg')}", d.title, d.published))
    script = "<script>var currentPage = 0;\nvar countPage = 1//共多少页\n</script>"
    site.add("/xxgk/ndbg/", "年度报告", f'<table class="gl_list"><tr><td>{ul(entries)}</td></tr></table>{script}')
    stub(site, [("/xxgk/zd/", "信息公开制度"), ("/xxgk/rs/", "人事信息")])
    menu = [("zd/", "信息公开制度", ""), ("rs/", "人事信息", ""), ("ndbg/", "年度报告", "")]
    site.add("/xxgk/", "信息公开", ul(menu))
    site.add("/", site.place, ul([("xxgk/", "信息公开", "")]))


def fujian_files(site: Site) -> None:
    """First rows in a `dl`, the rest by POST; some rows are a .docx themselves; other bodies' letters in between."""
    site.nav = '<a href="/">首页</a> <a href="/zwgk/zfxxgk/">政府信息公开专栏</a>'
    site.article = '<h2 class="title">{title}</h2><p>{date}　来源：{source}</p><div class="TRS_Editor">{body}</div>'
    entries = []
    for n, fact in enumerate(site.facts):
        stem = f"/zwgk/zfxxgk/zfxxgknb/{fact.published:%Y%m}/"
        if n % 4 == 3:
            path = f"{stem}P0{fact.published:%Y%m%d}{fact.number}.docx"
            site.host.pages[path] = Reply(docx(report_blocks(fact)), content_type="application/octet-stream")
            site.leaves.append(path)
        else:
            path = f"{stem}t{fact.published:%Y%m%d}_{fact.number}.htm"
            site.report(path, fact)
        entries.append((path, fact.title, f"{fact.published}"))
    for path, d in mixed(site, "/zwgk/zfxxgk/zfxxgknb/202312/t20231230_"):
        entries.insert(5, (path, d.title, f"{d.published}"))

    def search(ask: Ask) -> Reply:
        if (
            ask.method != "POST"
            or ask.query.get("channelid") != "200210"
            or "1813" not in ask.query.get("classsql", "")
        ):
            return Reply('{"pageCount":0,"data":[]}', content_type=JSON)
        size, page = int(ask.query.get("prepage", 10)), int(ask.query.get("page", 1))
        data = [
            {
                "doctitle": t,
                "docpuburl": site.host.url(p),
                "chnldocurl": "",
                "docreltime": f"{d} 09:12:00",
                "chnlid": "1813",
            }
            for p, t, d in entries[(page - 1) * size : page * size]
        ]
        return Reply(json.dumps({"pageCount": -(-len(entries) // size), "data": data}), content_type=JSON)

    site.host.pages["/fjdzapp/search"] = search
    first = "".join(
        f'<dd><a href=".{p.removeprefix("/zwgk/zfxxgk/zfxxgknb")}" title="{t}">{t}</a><i>{d}</i></dd>'
        for p, t, d in entries[:5]
    )
    site.add(
        "/zwgk/zfxxgk/zfxxgknb/",
        "政府信息公开年报",
        f'<div class="list-gl"><dl>{first}</dl></div><div class="page"></div><script>'
        'listModel({quickMode:"动静结合",url:"/fjdzapp/search",channelid:"200210",sortfield:"-docorderpri,-docreltime",'
        'classsql:"chnlid=1813",prepage:5,page:1,el:".list-gl"});</script>',
        '<meta name="viewport" content="width=device-width">',
    )
    site.script("/fjdzapp/search", "channelid=200210&classsql=chnlid=1813&page=1&prepage=50")
    stub(site, [("/zwgk/zfxxgk/zfxxgkzn/", "政府信息公开指南"), ("/zwgk/zfxxgk/fdzdgknr/", "法定主动公开内容")])
    links = [("./zfxxgkzn/", "政府信息公开指南", ""), ("./fdzdgknr/", "法定主动公开内容", "")]
    site.add("/zwgk/zfxxgk/", "政府信息公开专栏", ul([*links, ("./zfxxgknb/", "政府信息公开年报", "")]))
    site.add("/", site.place, ul([("/zwgk/zfxxgk/", "政府信息公开专栏", "")]))


def igs_list(site: Site) -> None:
    """A column that is an empty shell; its rows come from the publishing service, with the total as a string."""
    site.nav = '<a href="/">首页</a><a href="/gk/">公开</a>'
    entries = []
    for fact in site.facts:
        path = f"/gk/nb/t{fact.published:%Y%m%d}_{fact.number}.html"
        site.report(path, fact)
        entries.append((path, fact.title, fact.published))
    for path, d in mixed(site, "/gk/nb/t20231218_"):
        entries.insert(1, (path, d.title, d.published))
    service = "/igs/front/search/publish/data/list.html"

    def listed(ask: Ask) -> Reply:
        size, page = int(ask.query.get("pageSize") or 10), int(ask.query.get("pageIndex") or 1)
        if ask.query.get("siteId") != "3" or ask.query.get("filter[CHANNELID]") != "1207":
            return Reply('{"page":{"content":[],"total":"0","totalPages":0}}', content_type=JSON)
        content = [
            {"url": site.host.url(p), "title": t.replace("年度", "<em>年度</em>"), "trs_time": f"{d}T01:02:03.000+0000"}
            for p, t, d in entries[(page - 1) * size : page * size]
        ]
        pages = -(-len(entries) // size)
        answer = {"page": {"content": content, "total": str(len(entries)), "totalPages": pages}}
        return Reply(json.dumps(answer), content_type=JSON)

    site.host.pages[service] = listed
    target = (
        f"{service}?index=zwgk-index-alias&type=infomation&siteId=3&pageSize=6&filter[CHANNELID]=1207"
        "&orderProperty=DOCRELTIME&orderDirection=desc&pageIndex="
    )
    site.add(
        "/gk/nb/",
        "信息公开年度报告",
        f"<ul id='datalist'></ul><div id='pager'></div><script>var listUrl = '{target}';var pageIndex = 1;"
        "function load(n){$.getJSON(listUrl + n, function(d){render(d.page.content)})} load(pageIndex);</script>",
    )
    for page in range(1, 4):
        site.script(f"{target}{page}")
    stub(site, [("/gk/zn/", "指南"), ("/gk/zc/", "政策文件")])
    site.add("/gk/", "公开", ul([("zn/", "指南", ""), ("zc/", "政策文件", ""), ("nb/", "信息公开年度报告", "")]))
    site.add("/", site.place, '<a href="/gk/"><img src="/images/gk.gif" alt="政府信息公开"></a>')


def gkmlpt_nested(site: Site) -> None:
    """The column is three levels deep in the tree; a sibling jumps to another page; page 2 answers 404."""
    articles = []
    for n, fact in enumerate(site.facts):
        number = 2_000_000 + fact.number % 900_000 + n
        path = f"/gkmlpt/content/{number // 10**6}/{number // 10**3}/post_{number}.html"
        detail = json.dumps({"DETAIL": {"title": fact.title}})
        site.report(path, fact, head=f"<script>window._CONFIG = {detail}</script>")
        midnight = (
            datetime(fact.published.year, fact.published.month, fact.published.day, tzinfo=UTC).timestamp() - 8 * 3600
        )
        articles.append(
            {
                "id": number,
                "title": fact.title,
                "publisher": fact.agency,
                "date": int(midnight),
                "identifier": f"11441200MB2C91453G/2024-{n:05d}",
                "url": site.host.url(path),
                "attachment": [],
                "is_abolished": 0,
            }
        )
    for n, d in enumerate(site.others()):
        path = f"/gkmlpt/content/1/1999/post_{1_999_000 + n}.html"
        site.document(path, d)
        articles.insert(2, {"id": 1_999_000 + n, "title": d.title, "url": site.host.url(path), "date": 1700000000})

    def node(number: int, name: str, parent: int, *children: dict[str, object], jump: str = "") -> dict[str, object]:
        return {
            "id": number,
            "name": name,
            "parent": parent,
            "post_count": 9,
            "jump_url": jump,
            "children": list(children),
        }

    tree = [
        node(10, "政策", 0, node(11, "规范性文件", 10)),
        node(
            20,
            "政府信息公开",
            0,
            node(21, "政府信息公开指南", 20, jump=site.host.url("/zn.html")),
            node(22, "主动公开", 20, node(23, "公开年度报告", 22, node(24, "本级政府信息公开年度报告", 23))),
        ),
    ]
    config = json.dumps({"SID": "755041", "TREE": tree})
    site.host.pages["/gkmlpt/index"] = site.wrap(
        "政府信息公开平台", f'<div id="app"></div><script>window._CONFIG={config}</script>'
    )

    def api(column: str) -> object:
        def answer(ask: Ask) -> Reply | None:
            if int(ask.query.get("page", 1)) > 1 or ask.query.get("sid") != "755041":
                return None
            shown = articles if column == "24" else []
            return Reply(json.dumps({"classify": {"id": int(column), "post_count": len(shown) + 2}, "articles": shown}),
                         content_type=JSON)  # fmt: skip

        return answer

    for column in ("10", "11", "20", "22", "23", "24"):
        site.host.pages[f"/gkmlpt/api/all/{column}"] = api(column)  # type: ignore[assignment]
    site.script("/gkmlpt/api/all/24?page=1&sid=755041")
    stub(site, [("/zn.html", "政府信息公开指南")])
    site.add("/", site.place, ul([("/gkmlpt/index", "政府信息公开", ""), ("/zn.html", "公开指南", "")]))


def nfcms_groups(site: Site) -> None:
    """`mpost_` twins in the same rows; groups below years (`bm/2023n/`), one with a typing error in its name."""
    site.nav = '<a href="/">首页</a> <a href="/zwgk/index.html">政务公开</a>'
    site.article = '<h1>{title}</h1><p>{date} 来源：{source}</p><div class="news_cont_d_wrap">{body}</div>'
    years = []
    for year, slug in ((2022, "mb2022"), (2023, "2023n"), (2024, "2024nb")):
        rows = []
        folder = f"/zwgk/zfxxgknb/bm/{slug}/"
        for fact in site.of(year):
            for kind in ("post", "mpost"):
                path = f"{folder}content/{kind}_{fact.number}.html"
                if kind == "post":
                    site.report(path, fact)
                else:
                    site.document(path, _as_document(fact))
                if kind == "post" or fact.number % 2:
                    rows.append((path, fact.title, fact.published))
        for path, d in mixed(site, f"{folder}content/post_", year)[:3]:
            rows.append((path, d.title, d.published))
        site.add(f"{folder}index.html", f"{year}年", f"<script>var NFCMS_SITE_ID='75';</script>{ul(rows)}")
        years.append((f"{folder}index.html", f"{year}年", ""))
    site.add("/zwgk/zfxxgknb/bm/index.html", "部门年报", ul(years))
    site.add("/zwgk/zfxxgknb/index.html", "政府信息公开年报", ul([("/zwgk/zfxxgknb/bm/index.html", "部门年报", "")]))
    stub(site, [("/zwgk/zfgb/index.html", "政府公报"), ("/zwgk/tzgg/index.html", "通知公告")])
    menu = [("/zwgk/zfgb/index.html", "政府公报", ""), ("/zwgk/tzgg/index.html", "通知公告", "")]
    site.add("/zwgk/index.html", "政务公开", ul([*menu, ("/zwgk/zfxxgknb/index.html", "政府信息公开年报", "")]))
    site.add("/", site.place, "<p>首页</p>")


STRANGERS = {
    "hanweb-post-only": Stranger("禾丰县", DEPARTMENTS, (2022, 2023, 2024), hanweb_post_only),
    "hanweb-rows-of-a-table": Stranger("云溪市", (*DEPARTMENTS, "民政局"), (2022, 2023, 2024), hanweb_rows_of_a_table),
    "hanweb-year-button": Stranger("汶东县", DEPARTMENTS[:3], (2022, 2023, 2024), hanweb_year_button),
    "jpaas-two-units": Stranger("白河区", DEPARTMENTS, (2022, 2023, 2024), jpaas_two_units),
    "truecms-jsonp": Stranger("东皋市", DEPARTMENTS, (2022, 2023, 2024), truecms_jsonp),
    "trs-prefix-pager": Stranger("石桥市", DEPARTMENTS, (2022, 2023, 2024), trs_prefix_pager),
    "trs-tables-as-pictures": Stranger("沙河旗", DEPARTMENTS[:3], (2023, 2024), trs_tables_as_pictures),
    "fujian-files": Stranger("海屿县", DEPARTMENTS, (2022, 2023, 2024), fujian_files),
    "igs-list": Stranger("渡口县", DEPARTMENTS, (2022, 2023, 2024), igs_list),
    "gkmlpt-nested": Stranger("端城市", DEPARTMENTS, (2022, 2023, 2024), gkmlpt_nested),
    "nfcms-groups": Stranger("南泉区", DEPARTMENTS, (2022, 2023, 2024), nfcms_groups),
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

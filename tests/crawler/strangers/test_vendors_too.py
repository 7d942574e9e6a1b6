"""More software: the rarer families, each in a dialect of its own."""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape

import pytest

from crawler.sample_portal import Fact
from crawler.sample_portal.documents import Document, report_blocks
from crawler.sample_portal.render_docx import docx
from crawler.sample_portal.render_pdf import pdf
from tests.crawler.strangers.kit import JSON, Met, Site, Stranger, download, stub, ul
from tests.crawler.trials.web import Ask, Reply

DEPARTMENTS = ("财政局", "教育局", "水利局", "审计局")
Entry = tuple[str, str, object]


def hex32(*parts: object) -> str:
    return hashlib.md5(repr(parts).encode(), usedforsecurity=False).hexdigest()


def entries_of(site: Site, report_path: str, other_path: str, at: int = 2) -> list[Entry]:
    """Publishes all reports and six other documents; the rows of the column. Paths have {d} and {n}, {y}, {h}."""

    def path(shape: str, document: Document | Fact) -> str:
        day = document.published
        return shape.format(d=f"{day:%Y%m%d}", y=day.year, m=f"{day:%Y%m}", n=document.number, h=hex32(document.number))

    made: list[Entry] = []
    for fact in site.facts:
        site.report(path(report_path, fact), fact)
        made.append((path(report_path, fact), fact.title, fact.published))
    for document in site.others():
        site.document(path(other_path, document), document)
        made.insert(at, (path(other_path, document), document.title, document.published))
    return made


def pages_of(entries: list[Entry], per: int) -> list[list[Entry]]:
    return [entries[n : n + per] for n in range(0, len(entries), per)]


def vsb_dynamic(site: Site) -> None:
    """Deeper pages through `list.jsp?a3t=…`; the reports are PDFs behind `virtual_attach_file` and download.jsp."""
    site.nav = '<a href="index.htm">网站首页</a>|<a href="/zwgk.htm">政务公开</a>'
    site.article = '<h2>{title}</h2><p>{date} 信息来源：{source}</p><div class="v_news_content">{body}</div>'
    entries: list[Entry] = []
    for n, fact in enumerate(site.facts):
        path = f"/info/1187/{fact.number % 90000}.htm"
        if n % 3 == 0:
            site.report(path, fact)
        else:
            suffix, make = (".pdf", pdf) if n % 3 == 1 else (".docx", docx)
            if suffix == ".pdf":
                href = f"/virtual_attach_file.vsb?afc=TmV{n}&oid=1461&tid=1187&nid={fact.number % 90000}&e=.pdf"
                shown = f'<p><script>showVsbpdfIframe("{href}","100%","600","0","border",[]);</script></p>'
            else:
                href = (
                    f"/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1461&wbfileid={hex32(n)[:8]}"
                )
                shown = "<p></p>"
            site.host.pages[href] = download(make(report_blocks(fact)), f"{fact.title}{suffix}")
            link = f'<a href="{escape(href)}" target="_blank">{fact.title}{suffix}</a>'
            site.add(
                path,
                fact.title,
                f'<h2>{fact.title}</h2><div class="v_news_content">'
                f'{shown}<ul><li>附件【{link}】已下载<span id="nattach1">'
                "</span>次</li></ul></div>",
                f'<meta name="ArticleTitle" content="{fact.title}">'
                f'<meta name="PubDate" content="{fact.published} 11:24">',
            )
            site.leaves.append(path)
        entries.append((path, fact.title, fact.published))
    for d in site.others():
        site.document(f"/info/1187/{d.number % 90000}.htm", d)
        entries.insert(1, (f"/info/1187/{d.number % 90000}.htm", d.title, d.published))
    parts = pages_of(entries, 6)

    def shown_page(n: int, up: str) -> str:
        rows = "".join(
            f'<li id="line_u7_{k}"><span>{d}</span><a href="{up}{p[1:]}" title="{t}">{t[:16]}</a></li>'
            for k, (p, t, d) in enumerate(parts[n])
        )
        links = "".join(
            f'<a href="/zwgk/list.jsp?a7t={len(parts)}&amp;a7p={k + 1}&amp;a7c=6&amp;urltype=tree.TreeTempUrl'
            f'&amp;wbtreeid=1187">{text}</a>'
            for k, text in ((n + 1, "下页"), (len(parts) - 1, "尾页"))
            if k < len(parts) and n + 1 < len(parts)
        )
        return f'<ul class="gg-list">{rows}</ul><div class="p_pages">{links}</div>'

    def listed(ask: Ask) -> str | None:
        n = int(ask.query.get("a7p") or 0) - 1
        return site.wrap("政府信息公开年报", shown_page(n, "../")) if 0 <= n < len(parts) else None

    site.host.pages["/zwgk/list.jsp"] = listed
    site.add("/zwgk/gknb.htm", "政府信息公开年报", shown_page(0, "../"))
    stub(site, [("/zwgk/gkzn.htm", "政府信息公开指南"), ("/zwgk/gkml.htm", "政府信息公开目录")])
    menu = [("zwgk/gkzn.htm", "政府信息公开指南", ""), ("zwgk/gkml.htm", "政府信息公开目录", "")]
    site.add("/zwgk.htm", "政务公开", ul([*menu, ("zwgk/gknb.htm", "政府信息公开年报", "")]))
    site.add("/", site.place, ul([("zwgk.htm", "政务公开", "")]))
    site.host.pages["/index.htm"] = site.host.pages["/"]


def ucap_protocol_relative(site: Site) -> None:
    """An empty list page with a `channelid`; JSON whose addresses begin with `//`; articles are `content.shtml`."""
    site.nav = '<a href="/">首页</a><a href="/xjhc/c116870/zfxxgk.shtml">政府信息公开</a>'
    site.article = (
        "<UCAPTITLE>{title}</UCAPTITLE><PUBLISHTIME>{date}</PUBLISHTIME><p>来源：{source}</p>"
        "<UCAPCONTENT>{body}</UCAPCONTENT>"
    )
    entries = entries_of(site, "/xjhc/c116872/c{n}/content.shtml", "/xjhc/c116872/c{n}/content.shtml")
    channel = hex32(site.place)

    def search(ask: Ask) -> Reply | None:
        page, size = int(ask.query.get("page") or 1), int(ask.query.get("_pageSize") or 15)
        results = [
            {
                "manuscriptId": p.split("/")[-2],
                "title": t,
                "url": site.host.origin.removeprefix("http:") + p,
                "publishedTimeStr": f"{d} 15:15:26",
                "publishedTime": 1690550926000,
            }
            for p, t, d in entries[(page - 1) * size : page * size]
        ]
        answer = {"data": {"page": page, "rows": size, "channelId": channel, "total": len(entries), "results": results}}
        return Reply(json.dumps(answer), content_type=JSON)

    site.host.pages[f"/common/search/{channel}"] = search
    site.script(f"/common/search/{channel}?page=1&_pageSize=50")
    site.add(
        "/xjhc/c116872/common_list.shtml",
        "政府信息公开年报",
        '<div class="list" id="list"></div><div id="page_div"></div><script src="/common/list.js"></script>',
        f'<meta name="channelid" content="{channel}">',
    )
    site.host.pages["/common/list.js"] = Reply(
        "var id=$('meta[name=channelid]').attr('content');"
        "$.get('/common/search/'+id+'?page=1&_pageSize=15&_isAgg=false')",
        content_type="application/javascript",
    )
    stub(site, [("/xjhc/c116871/nav_list.shtml", "政府信息公开指南")])
    menu = [("/xjhc/c116871/nav_list.shtml", "政府信息公开指南", "")]
    site.add(
        "/xjhc/c116870/zfxxgk.shtml", "政府信息公开", ul([*menu, ("/xjhc/c116872/common_list.shtml", "公开年报", "")])
    )
    site.add("/", site.place, "<p>首页</p>")


def szinf(site: Site) -> None:
    """苏州's service: POST with the page in the body, names in capitals."""
    site.nav = '<a href="/">首页</a><a href="/szsrmzf/xxgk/index.shtml">信息公开</a>'
    entries = entries_of(site, "/szsrmzf/szszfxxgknb/{m}/{h}.shtml", "/szsrmzf/szszfxxgknb/{m}/{h}.shtml")
    channel = hex32("channel")
    target = "/szinf/xxgk/interfacesWebZcwj/loadData"

    def load(ask: Ask) -> Reply:
        if ask.method != "POST" or ask.query.get("channel_id") != channel:
            return Reply('{"code":"1","data":null}', content_type=JSON)
        size, page = int(ask.query.get("pageSize") or 15), int(ask.query.get("pageIndex") or 1)
        listed = [
            {"TITLE": t, "URL": site.host.url(p), "C_SYH": "", "PUBLISHED_TIME_FORMAT": f"{d}"}
            for p, t, d in entries[(page - 1) * size : page * size]
        ]
        data = {"allRow": len(entries), "totalPage": -(-len(entries) // size), "list": listed}
        return Reply("\ufeff" + json.dumps({"code": "0", "data": data}), content_type=JSON)

    site.host.pages[target] = load
    site.script(f"{target}?pageSize=50", f"pageIndex=1&channel_id={channel}")
    site.add(
        "/szsrmzf/szszfxxgknb/xxgk_list.shtml",
        "政府信息公开年度报告",
        "<ul id='infoList'></ul><script>var channel_id = '" + channel + "';\nfunction loadData(p){$.ajax({type:'POST',"
        f"url:'{target}?pageSize=8',data:{{pageIndex:p,channel_id:channel_id}},success:show}})}}\nloadData(1);</script>",
    )
    stub(site, [("/szsrmzf/zn/index.shtml", "信息公开指南")])
    menu = [
        ("/szsrmzf/zn/index.shtml", "信息公开指南", ""),
        ("/szsrmzf/szszfxxgknb/xxgk_list.shtml", "信息公开年报", ""),
    ]
    site.add("/szsrmzf/xxgk/index.shtml", "信息公开", ul(menu))
    site.add("/", site.place, "<p>首页</p>")


def ewb_old(site: Site) -> None:
    """The older request with token and params, as JSON or as a form, and pages from 0; siteGuid in a script."""
    site.nav = '<a href="/">首页</a><a href="/zwgk/subpage.html">政务公开</a>'
    entries = entries_of(site, "/zwgk/003/003006/{d}/{h}.html", "/zwgk/003/003006/{d}/{h}.html")
    guid = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"
    for n, (p, t, d) in enumerate(entries):
        dashed = f"{p[:-37]}{p[-37:-29]}-{p[-29:-25]}-{p[-25:-21]}-{p[-21:-17]}-{p[-17:]}"
        site.host.pages[dashed] = site.host.pages.pop(p)
        if p in site.leaves:
            site.leaves[site.leaves.index(p)] = dashed
        entries[n] = (dashed, t, d)

    def listed(ask: Ask) -> Reply:
        try:
            params = (
                json.loads(ask.query["params"])
                if "params" in ask.query
                else json.loads(next(iter(ask.query)))["params"]
            )
        except (ValueError, KeyError, StopIteration, TypeError):
            params = {}
        if params.get("siteGuid") != guid or params.get("categorynum") != "003006":
            return Reply('{"custom":{"code":0,"data":[],"total":0}}', content_type=JSON)
        size, page = int(params.get("pageSize") or 10), int(params.get("pageIndex") or 0)
        data = [
            {"infourl": p, "realtitle": t, "title": t[:12] + "...", "infodate": f"{d}"}
            for p, t, d in entries[page * size : (page + 1) * size]
        ]
        return Reply(json.dumps({"custom": {"code": 1, "data": data, "total": len(entries)}}), content_type=JSON)

    service = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
    site.host.pages[service] = listed
    params = json.dumps({"siteGuid": guid, "categorynum": "003006", "pageIndex": 0, "pageSize": 50})
    site.script(service, f"token=&params={params}")
    site.host.pages["/js/webBuilderCommon.js"] = Reply(
        f"var siteInfo={{'siteGuid':'{guid}','projectName':'/EWB-FRONT'}};", content_type="application/javascript"
    )
    site.host.pages["/js/govlist.js"] = Reply(
        "function getList(i){$.ajax({url:siteInfo.projectName+'/rest/lightfrontaction/getgovinfolist',type:'post',"
        "data:{token:'',params:JSON.stringify({siteGuid:siteInfo.siteGuid,categorynum:$('#cat').attr('categorynum'),"
        "deptcode:'',pageIndex:i,pageSize:8})}})}",
        content_type="application/javascript",
    )
    site.add(
        "/zwgk/003/003006/govlist.html",
        "政府信息公开年报",
        '<script src="/js/webBuilderCommon.js"></script><script src="/js/govlist.js"></script>'
        '<input type="hidden" id="cat" categorynum="003006" value="003006">'
        '<ul id="list"></ul><div class="pager"></div>',
    )
    stub(site, [("/zwgk/003/003001/subpage.html", "政府信息公开指南")])
    menu = [("/zwgk/003/003001/subpage.html", "政府信息公开指南", "")]
    site.add("/zwgk/subpage.html", "政务公开", ul([*menu, ("/zwgk/003/003006/govlist.html", "政府信息公开年报", "")]))
    site.add("/", site.place, "<p>首页</p>")


def longxun_departments(site: Site) -> None:
    """One catalogue number for each department; rows come as a fragment of HTML from `/site/label/8888`."""
    site.nav = '<a href="/">首页</a><a href="/public/column/7071">政府信息公开</a>'
    site.article = (
        '<h1 class="wztit">{title}</h1><div>信息来源：{source} {date}</div><div class="j-fontContent">{body}</div>'
    )
    organs = {fact.agency: 7071 + n for n, fact in enumerate(site.of(2024))}
    rows: dict[int, list[Entry]] = {number: [] for number in organs.values()}
    for fact in site.facts:
        organ = organs[fact.agency]
        path = f"/public/{organ}/{fact.number}.html"
        site.report(path, fact)
        rows[organ].append((path, fact.title, fact.published))
    for d in site.others()[:4]:
        site.document(f"/public/7071/{d.number}.html", d)
        rows[7071].insert(0, (f"/public/7071/{d.number}.html", d.title, d.published))

    def label(ask: Ask) -> str | None:
        organ, category = int(ask.query.get("organId") or 0), ask.query.get("catId")
        if organ not in rows or category != "6716441":
            return "<p>暂无相关信息</p>"
        page, size = int(ask.query.get("pageIndex") or 1), int(ask.query.get("pageSize") or 15)
        part = rows[organ][(page - 1) * size : page * size]
        items = "".join(
            f'<div class="xxgk_navli"><ul><li class="mc"><a href="{p}" '
            f'title="{t}">{t}</a></li><li class="rq">{d}</li></ul></div>'
            for p, t, d in part
        )
        return f"{items}<script>var pageIndex={page}, pageCount:{-(-len(rows[organ]) // size)}</script>"

    site.host.pages["/site/label/8888"] = label
    for number in rows:
        query = f"organId={number}&catId=6716441&type=4&pageSize=15&pageIndex=1&action=list"
        target = f"/site/label/8888?IsAjax=1&dataType=html&labelName=publicInfoList&siteId=6795621&{query}"
        site.script(target)
        ajax = (
            f"<div class='xxgk_nav_con' id='list'></div><script>$('#list').load('{target}&isDate=true"
            "&dateFormat=yyyy-MM-dd&length=80&result=暂无相关信息&file=/xxgk/publicInfoList_newest2020')</script>"
        )
        name = next(agency for agency, n in organs.items() if n == number)
        column = f"/public/column/{number}?type=4&action=list&nav=3&catId=6716441"
        site.host.pages[column] = site.wrap(f"{name}政府信息公开年报", ajax)
        links = [
            (f"/public/column/{number}?type=2", "政府信息公开指南", ""),
            (f"/public/column/{number}?type=4&action=list&nav=3&catId=6716441", "政府信息公开年报", ""),
        ]
        tree = ul([(f"/public/column/{n}", a, "") for a, n in organs.items()], ' class="organs"')
        site.host.pages[f"/public/column/{number}"] = site.wrap(name, ul(links) + tree)
        site.host.pages[f"/public/column/{number}?type=2"] = site.wrap(f"{name}政府信息公开指南", "<p>编制本指南。</p>")
    site.add("/", site.place, "<p>首页</p>")


def bozhou_streets(site: Site) -> None:
    """亳州's program: an own catalogue for each organ, found through a table of organs."""
    site.nav = '<a href="/">首页</a><a href="/Xxgk/index.html">政府信息公开</a>'
    site.article = (
        '<div class="wz">{source} &gt; 政府信息公开年报</div><h1>{title}</h1>'
        "<p>发布时间：{date} 09:52 来源：{source} 字体：[大 中 小]</p>"
        "<div class='text'>{body}</div>"
    )
    cells = ""
    for n, fact in enumerate(site.of(2024)):
        organ = 301 + n
        rows: list[Entry] = []
        for own in site.of(body=fact.agency):
            path = f"/XxgkAnnualReport/show/{own.number % 9000}.html"
            site.report(path, own, own.title.removeprefix(site.place))
            rows.append((path, own.title.removeprefix(site.place), own.published))
        for page, part in enumerate(pages_of(rows, 2), 1):
            more = f'<a href="/XxgkAnnualReport/showList/{organ}/page_{page + 1}.html">下一页</a>' if page < 2 else ""
            site.add(f"/XxgkAnnualReport/showList/{organ}/page_{page}.html", "政府信息公开年报", ul(part) + more)
        own_menu = [
            (f"/XxgkGuide/show/{organ}.html", "政府信息公开指南", ""),
            (f"/XxgkContent/showList/{organ}/0/page_1.html", "政府信息公开目录", ""),
            (f"/XxgkAnnualReport/showList/{organ}/page_1.html", "政府信息公开年报", ""),
        ]
        site.add(f"/Xxgk/organ/{organ}.html", fact.agency, ul(own_menu))
        stub(site, [(own_menu[0][0], "政府信息公开指南"), (own_menu[1][0], "政府信息公开目录")])
        cells += (
            f'<td><a href="/Xxgk/organ/{organ}.html" target="_blank">{fact.agency.removeprefix(site.place)}</a></td>'
        )
    site.add("/Xxgk/index.html", "政府信息公开", f"<h3>区直单位</h3><table><tr>{cells}</tr></table>")
    site.add("/", site.place, "<p>首页</p>")


def aspx_postback(site: Site) -> None:
    """`AspNetPager` by postback, with fresh hidden fields on each page; addresses with a session in their path."""
    site.nav = '<a href="/Default.aspx">首页</a> <a href="/InfoPublic.aspx?pid=971">信息公开</a>'
    site.article = (
        '<div class="rightnav"><h1>{title}</h1></div><p class="sub-title">'
        '{date} {source}</p><div class="news-info">{body}</div>'
    )
    entries = entries_of(site, "/NewsView.aspx?id={n}", "/NewsView.aspx?id={n}")
    parts = pages_of(entries, 7)

    def listed(ask: Ask) -> str | None:
        if ask.query.get("cid") != "1019":
            if ask.query.get("pid") == "971" and "cid" not in ask.query:
                links = [
                    ("/InfoPublic.aspx?cid=1017&pid=971", "公开指南", ""),
                    ("/InfoPublic.aspx?cid=1019&pid=971", "年报", ""),
                ]
                return site.wrap("信息公开", ul(links))
            return site.wrap("公开指南", "<p>编制本指南。</p>")
        page = 1
        if ask.method == "POST":
            state = ask.query.get("__VIEWSTATE", "")
            if not state.startswith("dDwtMTA") or ask.query.get("__EVENTTARGET") != "ctl00$body$Pager1":
                return site.wrap("Runtime Error", "验证视图状态 MAC 失败")
            page = int(ask.query.get("__EVENTARGUMENT") or 1)
        items = "".join(f'<p><a href="{p}">{t}</a><span>{d}</span></p>' for p, t, d in parts[page - 1])
        pager = "".join(
            f"<a href=\"javascript:__doPostBack('ctl00$body$Pager1','{n}')\">{n}</a>" if n != page else f"<b>{n}</b>"
            for n in range(1, len(parts) + 1)
        )
        return site.wrap(
            "年报",
            '<form name="aspnetForm" method="post" action="InfoPublic.aspx?cid=1019&amp;pid=971" id="aspnetForm">'
            f'<input type="hidden" name="__VIEWSTATE" value="dDwtMTA{page}==">'
            '<input type="hidden" name="__EVENTTARGET">'
            '<input type="hidden" name="__EVENTARGUMENT">'
            f'<input type="hidden" name="__EVENTVALIDATION" value="v{page}">'
            f'<div class="info-list">{items}</div><div id="Pager1">'
            f"共 {len(entries)} 行/每页7行 第{page}/{len(parts)}页 {pager}"
            "</div></form>",
        )

    site.host.pages["/InfoPublic.aspx"] = listed
    for page in range(2, len(parts) + 1):
        form = f"__VIEWSTATE=dDwtMTA1==&__EVENTTARGET=ctl00$body$Pager1&__EVENTARGUMENT={page}"
        site.script("/InfoPublic.aspx?cid=1019&pid=971", form)
    site.add("/Default.aspx", site.place, ul([("/InfoPublic.aspx?pid=971", "信息公开", "")]))
    site.host.pages["/"] = Reply(status=302, headers=(("Location", "/Default.aspx"),))
    site.script("/Default.aspx")


def shaanxi_numbers(site: Site) -> None:
    """Lists `1.html`, `2.html`; articles of 24 hex digits; years below departments; a unit whose list is its report."""
    site.nav = '<a href="/1.html">首页</a><a href="/zfxxgk/1.html">政府信息公开</a>'
    folders: list[Entry] = []
    for n, fact in enumerate(site.of(2024)):
        folder = f"/zfxxgk/zfxxgknb/bm{n}xxgknb"
        rows: list[Entry] = []
        for own in site.of(body=fact.agency):
            path = f"{folder}/{hex32(own.number)[:24]}.html"
            site.report(path, own)
            rows.append((path, own.title, own.published))
        if n == 0:
            extra = [(f"{folder}/{hex32(d.number)[:24]}.html", d) for d in site.others()]
            for path, d in extra:
                site.document(path, d)
            rows[1:1] = [(path, d.title, d.published) for path, d in extra]
        parts = pages_of(rows, 5)
        for page, part in enumerate(parts, 1):
            pager = "".join(f'<a href="{k}.html">{k}</a>' for k in range(1, len(parts) + 1))
            site.add(f"{folder}/{page}.html", fact.agency, ul(part) + f'<div class="page">{pager}</div>')
        folders.append((f"{folder}/1.html", fact.agency.removeprefix(site.place), ""))
    site.add("/zfxxgk/zfxxgknb/1.html", "政府信息公开年报", ul(folders))
    stub(site, [("/zfxxgk/zn/1.html", "政府信息公开指南"), ("/zfxxgk/gkml/1.html", "政府信息公开目录")])
    menu = [("/zfxxgk/zn/1.html", "政府信息公开指南", ""), ("/zfxxgk/gkml/1.html", "政府信息公开目录", "")]
    site.add("/zfxxgk/1.html", "政府信息公开", ul([*menu, ("/zfxxgk/zfxxgknb/1.html", "政府信息公开年报", "")]))
    site.add("/1.html", site.place, "<p>首页</p>")
    site.host.pages["/"] = '<html><head><script>window.location.replace("1.html")</script></head><body></body></html>'


def shanghai_total(site: Site) -> None:
    """`totalPage: N` in a script and pages `index_2.html`; articles `/nw41430/20240131/<hex>.html`."""
    site.nav = '<a href="/">首页</a><a href="/nw12344/index.html">政务公开</a>'
    site.article = (
        '<h2 id="ivs_title">{title}<small>（{date}）</small></h2><p>{source}</p><div id="ivs_content">{body}</div>'
    )
    entries = entries_of(site, "/nw41430/{d}/{h}.html", "/nw41430/{d}/{h}.html", 0)
    parts = pages_of(entries, 5)
    for n, part in enumerate(parts, 1):
        script = (
            "<div id='pg'></div><script>$('#pg').pagination({\n "
            f"totalPage: {len(parts)},\n currentPage: {n}\n}})</script>"
        )
        target = f"/nw41430/index{f'_{n}' if n > 1 else ''}.html"
        site.add(target, "政府信息公开年报", ul(part, " class='uli14'") + script)
        site.script(target)
    stub(site, [("/nw12345/index.html", "规章"), ("/nw12346/index.html", "公报")])
    menu = [("/nw12345/index.html", "规章", ""), ("/nw12346/index.html", "公报", "")]
    site.add("/nw12344/index.html", "政务公开", ul([*menu, ("/nw41430/index.html", "政府信息公开年报", "")]))
    site.add("/", site.place, "<p>首页</p>")


def yunnan_base64(site: Site) -> None:
    """The pager is base64 in a `div` that a script decodes."""
    site.nav = '<a href="/">首页</a><a href="/zfxxgk/">政府信息公开</a>'
    entries = entries_of(site, "/zfxxgk/ndbg/{m}/t{d}_{n}.html", "/zfxxgk/ndbg/{m}/t{d}_{n}.html", 4)
    parts = pages_of(entries, 7)
    for n, part in enumerate(parts):
        links = "".join(f'<a href="{"index" if not k else f"index_{k}"}.html">{k + 1}</a>' for k in range(len(parts)))
        hidden = base64.b64encode(links.encode()).decode()
        target = f"/zfxxgk/ndbg/{f'index_{n}.html' if n else 'index.html'}"
        decode = (
            "<script>document.getElementById('pages').innerHTML=window"
            ".atob(document.getElementById('pages').innerText)</script>"
        )
        site.add(target, "政府信息公开年度报告", ul(part) + f'<div id="pages">{hidden}</div>{decode}')
        site.script(target)
    stub(site, [("/zfxxgk/zn/", "政府信息公开指南")])
    menu = [("/zfxxgk/zn/", "政府信息公开指南", ""), ("/zfxxgk/ndbg/index.html", "政府信息公开年度报告", "")]
    site.add("/zfxxgk/", "政府信息公开", ul(menu))
    site.add("/", site.place, "<p>首页</p>")


def huaian_lists_do(site: Site) -> None:
    """A shell whose rows a POST to `lists.do` returns, with path and domain apart."""
    site.nav = '<a href="/">首页</a><a href="/col/1_1/index.html">信息公开</a>'
    entries = entries_of(site, "/art/{d}/{n}.html", "/art/{d}/{n}.html")

    def lists(ask: Ask) -> Reply:
        if ask.method != "POST" or ask.query.get("topic") != "zfxxgknb":
            return Reply('{"value":{"list":[],"total":0}}', content_type=JSON)
        size, page = int(ask.query.get("pagesize") or 10), int(ask.query.get("page") or 1)
        listed = [
            {"title": t, "link": "", "path": p, "domain": site.host.origin, "releaseTime": f"{d}"}
            for p, t, d in entries[(page - 1) * size : page * size]
        ]
        return Reply(json.dumps({"value": {"list": listed, "total": len(entries)}}), content_type=JSON)

    site.host.pages["/articleCommonController/lists.do"] = lists
    site.script("/articleCommonController/lists.do", "page=1&pagesize=50&topic=zfxxgknb")
    site.add(
        "/col/1_18/index.html",
        "信息公开年报",
        "<ul id='list'></ul><script>var topic='zfxxgknb';function go(p){$.post('/articleCommonController/lists.do',"
        "{page:p,pagesize:10,topic:'zfxxgknb',title:'',docNo:'',orgname:''},function(r){draw(r.value.list)})}go(1);</script>",
    )
    stub(site, [("/col/1_17/index.html", "信息公开指南")])
    menu = [("/col/1_17/index.html", "信息公开指南", ""), ("/col/1_18/index.html", "信息公开年报", "")]
    site.add("/col/1_1/index.html", "信息公开", ul(menu))
    site.add("/", site.place, "<p>首页</p>")


def changzhou_shells(site: Site) -> None:
    """Columns are shells around an `iframe`; rows in `table.box3`; page 2 is `/class/cgj_02/2`."""
    site.nav = '<a href="/">首页</a><a href="/gi_index.html">信息公开</a>'
    site.article = (
        '<table><tr><td class="title">{title}</td></tr><tr><td>{date} {source}</td>'
        '</tr><tr><td class="GovInfoContent">{body}</td></tr></table>'
    )
    entries = entries_of(site, "/gi_news/{n}", "/gi_news/{n}")
    parts = pages_of(entries, 6)
    for n, part in enumerate(parts, 1):
        rows = "".join(
            f'<tr><td>{k}</td><td><a target="_blank" href="{p}">{t}</a></td><td>{d}</td></tr>'
            for k, (p, t, d) in enumerate(part)
        )
        pager = f'<a href="/gi_class/cgj_02/{n + 1}">下一页</a>' if n < len(parts) else "下一页"
        target = f"/gi_class/cgj_02{f'/{n}' if n > 1 else ''}"
        site.host.pages[target] = (
            f'<table class="box3"><tr><th>序号</th><th>标题</th><th>日期</th></tr>{rows}</table>{pager}'
        )
    site.add(
        "/gi_column/cgj_02.html", "信息公开年度报告", '<iframe id="f" src="/gi_class/cgj_02" width="800"></iframe>'
    )
    site.host.pages["/gi_class/cgj_01"] = "<p>信息公开指南</p>"
    site.add("/gi_column/cgj_01.html", "信息公开指南", '<iframe id="f" src="/gi_class/cgj_01" width="800"></iframe>')
    menu = [("/gi_column/cgj_01.html", "信息公开指南", ""), ("/gi_column/cgj_02.html", "信息公开年度报告", "")]
    site.add("/gi_index.html", "信息公开", ul(menu))
    site.add("/", site.place, "<p>首页</p>")


def jieyang_struts(site: Site) -> None:
    """`openInfo.action` with a code for each department and a number for each kind of information."""
    site.nav = '<a href="/">首页</a><a href="/deptList.action">政府信息公开目录</a>'
    codes = {fact.agency: f"00702{6393 + n}" for n, fact in enumerate(site.of(2024))}

    def open_info(ask: Ask) -> str | None:
        code, category = ask.query.get("depCode"), ask.query.get("menuCat")
        agency = next((a for a, c in codes.items() if c == code), "")
        if not agency:
            return None
        menu = "".join(
            f'<li><a href="openInfo.action?depCode={code}&menuCat={number}">{name}</a></li>'
            for number, name in ((214, "指南"), (216, "机构职能"), (219, "年度报告"))
        )
        rows = ""
        if category == "219":
            shown = [(f"/showInfo.action?infoId={f.number}", f.title, f.published) for f in site.of(body=agency)]
            rows = "".join(f'<tr><td><a href="{p}">{t}</a></td><td>{d}</td></tr>' for p, t, d in shown)
        return site.wrap(agency, f"<ul>{menu}</ul><table>{rows}</table>")

    site.host.pages["/openInfo.action"] = open_info
    for fact in site.facts:
        site.report(f"/showInfo.action?infoId={fact.number}", fact)
    tree = "".join(f'<dd><a href="/openInfo.action?depCode={c}">{a}</a></dd>' for a, c in codes.items())
    site.add("/deptList.action", "政府信息公开目录", f"<dl><dt>市政府部门</dt>{tree}</dl>")
    site.add("/", site.place, "<p>首页</p>")


def gtapp_post(site: Site) -> None:
    """`nrglIndex.action` with `td.nlist`; further pages by a form that posts `cpage`."""
    site.nav = '<a href="/">首页</a><a href="/gtapp/xxgk.html">信息公开</a>'
    entries = entries_of(
        site, "/gtapp/nrglIndex.action?type=2&messageID={n}", "/gtapp/nrglIndex.action?type=2&messageID={n}"
    )
    parts = pages_of(entries, 6)
    shown = {target: site.host.pages.pop(target) for target, _, _ in entries}

    def index(ask: Ask) -> str | None:
        if ask.query.get("messageID"):
            page = shown.get(f"/gtapp/nrglIndex.action?type=2&messageID={ask.query['messageID']}")
            return page if isinstance(page, str) else None
        if ask.query.get("catalogID") != "8a8085b0":
            return None
        n = int(ask.query.get("cpage") or 1) if ask.method == "POST" else 1
        if not 0 < n <= len(parts):
            return None
        rows = "".join(f'<tr><td class="nlist"><a href="{escape(p)}">{t}</a> {d}</td></tr>' for p, t, d in parts[n - 1])
        return site.wrap(
            "政府信息公开年报",
            f'<table>{rows}</table><form name="pageForm" id="pageForm" '
            'method="post" action="nrglIndex.action?catalogID=8a8085b0">'
            f'<input type="hidden" name="cpage" value="{n}">第{n}页/共{len(parts)}页 '
            f'<a href="javascript:gopage({min(n + 1, len(parts))})">下一页</a>'
            f' <a href="javascript:gopage({len(parts)})">尾页</a></form>'
            "<script>function gopage(n){document.pageForm.cpage.value=n;document.pageForm.submit();}</script>",
        )

    site.host.pages["/gtapp/nrglIndex.action"] = index
    for page in range(2, len(parts) + 1):
        site.script("/gtapp/nrglIndex.action?catalogID=8a8085b0", f"cpage={page}")
    stub(site, [("/gtapp/zn.html", "公开指南")])
    menu = [("/gtapp/zn.html", "公开指南", ""), ("/gtapp/nrglIndex.action?catalogID=8a8085b0", "公开年报", "")]
    site.add("/gtapp/xxgk.html", "信息公开", ul(menu))
    site.add("/", site.place, "<p>首页</p>")


def jinan_ids(site: Site) -> None:
    """济南's `site_x/channel_<oid>/doc_<oid>.html`; the column lists with a next page called `list_2.html`."""
    site.nav = '<a href="/">首页</a><a href="/gongkai/site_jn/channel_root.html">公开</a>'
    entries = entries_of(
        site, "/gongkai/site_jn/channel_5f1a/doc_{h}.html", "/gongkai/site_jn/channel_5f1a/doc_{h}.html", 5
    )
    for n, part in enumerate(parts := pages_of(entries, 8), 1):
        here, onward = f"/gongkai/site_jn/channel_5f1a/{'index' if n == 1 else f'list_{n}'}.html", f"list_{n + 1}.html"
        after = f'<a class="next" href="{onward}"><img src="/r.png" alt="下一页"></a>' if n < len(parts) else ""
        site.add(here, "年报", ul(part) + after)
    stub(site, [("/gongkai/site_jn/channel_5f10/index.html", "指南")])
    menu = [("channel_5f10/index.html", "指南", ""), ("channel_5f1a/index.html", "年报", "")]
    site.add("/gongkai/site_jn/channel_root.html", "公开", ul(menu))
    site.add("/", site.place, "<p>首页</p>")


THREE = (2022, 2023, 2024)
STRANGERS = {
    "vsb-dynamic": Stranger("商河市", DEPARTMENTS, THREE, vsb_dynamic),
    "ucap-protocol-relative": Stranger("香坊区", DEPARTMENTS, THREE, ucap_protocol_relative),
    "szinf": Stranger("吴苑市", DEPARTMENTS, THREE, szinf),
    "ewb-old": Stranger("长江县", DEPARTMENTS, THREE, ewb_old),
    "longxun-departments": Stranger("徽山县", DEPARTMENTS, THREE, longxun_departments),
    "bozhou-streets": Stranger("谯阳区", ("芦庙镇人民政府", "古井街道办事处", "司法局"), THREE, bozhou_streets),
    "aspx-postback": Stranger("滇池市", DEPARTMENTS, THREE, aspx_postback),
    "shaanxi-numbers": Stranger("延河市", DEPARTMENTS, THREE, shaanxi_numbers),
    "shanghai-total": Stranger("浦江区", DEPARTMENTS, THREE, shanghai_total),
    "yunnan-base64": Stranger("洱源市", DEPARTMENTS, THREE, yunnan_base64),
    "huaian-lists-do": Stranger("清江市", DEPARTMENTS, THREE, huaian_lists_do),
    "changzhou-shells": Stranger("武进市", DEPARTMENTS, THREE, changzhou_shells),
    "jieyang-struts": Stranger("榕江市", DEPARTMENTS, THREE, jieyang_struts),
    "gtapp-post": Stranger("国土县", DEPARTMENTS, THREE, gtapp_post),
    "jinan-ids": Stranger("历山市", DEPARTMENTS, THREE, jinan_ids),
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

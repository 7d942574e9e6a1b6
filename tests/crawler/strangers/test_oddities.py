"""Pages as browsers forgive them, and lists that scripts make up: each portal has one oddity of its own."""

from __future__ import annotations

import gzip
import json
from urllib.parse import quote

import pytest

from crawler.sample_portal.documents import report_blocks
from crawler.sample_portal.render_docx import docx
from tests.crawler.strangers.kit import JSON, Met, Site, Stranger, download, stub, ul
from tests.crawler.trials.web import Ask, Reply

SOME = ("财政局", "教育局", "民政局")
THREE = (2022, 2023, 2024)
SCRIPT = "application/javascript; charset=utf-8"
Row = tuple[str, str, object]


def rows_in(site: Site, folder: str, suffix: str = ".html") -> list[Row]:
    """All reports and six other documents in a folder, and their rows."""
    made: list[Row] = []
    for fact in site.facts:
        site.report(f"{folder}{fact.number}{suffix}", fact)
        made.append((f"{folder}{fact.number}{suffix}", fact.title, fact.published))
    for d in site.others():
        site.document(f"{folder}{d.number}{suffix}", d)
        made.insert(3, (f"{folder}{d.number}{suffix}", d.title, d.published))
    return made


def ways(site: Site, column: str, name: str, section: str = "/zwgk/index.html", section_name: str = "政务公开") -> None:
    """A home page, a section, and two columns beside the one that counts."""
    stub(site, [("/zwgk/zn.html", "政府信息公开指南"), ("/zwgk/jyta.html", "建议提案")])
    links = [("/zwgk/zn.html", "政府信息公开指南", ""), (column, name, ""), ("/zwgk/jyta.html", "建议提案", "")]
    site.add(section, section_name, ul(links))
    site.add("/", site.place, ul([(section, section_name, "")]))


def based(site: Site) -> None:
    """`<base href>` on every page; all links are relative to it."""
    rows = rows_in(site, "/portal/nb/")
    head = '<base href="/portal/">'
    stub(site, [("/portal/zn.html", "公开指南")])
    site.add(
        "/portal/nb/list/1/index.html",
        "政府信息公开年报",
        ul([(p.removeprefix("/portal/"), t, d) for p, t, d in rows]),
        head,
    )
    links = [("zn.html", "公开指南", ""), ("nb/list/1/index.html", "政府信息公开年报", "")]
    site.add("/portal/gk/a/index.html", "信息公开", ul(links), head)
    site.add("/", site.place, ul([("gk/a/index.html", "信息公开", "")]), head)
    for path, _, _ in rows:
        site.script(path)
    site.script("/portal/gk/a/index.html")
    site.script("/portal/nb/list/1/index.html")


def sloppy_links(site: Site) -> None:
    """Spaces and line breaks in addresses, backslashes, no quotes, single slashes too many, entities."""
    rows = rows_in(site, "/zwgk/nb/")
    lines = ""
    for n, (path, title, day) in enumerate(rows):
        written = (
            f'"{path} "',
            f'"\n{path}"',
            path,
            f'"{path.replace("/", chr(92))}"',
            f'"&#47;zwgk&#x2F;nb/{path.rpartition("/")[2]}"',
            f'"./../nb/./{path.rpartition("/")[2]}#top"',
        )[n % 6]
        lines += f"<LI><A target=_blank HREF = {written} >{title}</A> {day}"
        site.script(path)
    site.add("/zwgk/nb/index.html", "政府信息公开年报", f"<UL>{lines}</UL>")
    ways(site, "/zwgk/nb/index.html", "政府信息公开年报")


def chinese_paths(site: Site) -> None:
    """Folders and files have Chinese names, written raw in links."""
    rows = []
    for fact in site.facts:
        path = f"/政务公开/年报/{fact.year}/{fact.agency}.html"
        site.report(path, fact)
        rows.append((path, fact.title, fact.published))
        site.leaves.remove(path)
        site.leaves.append(quote(path))
    for path, _, _ in rows:
        site.script(quote(path))
    site.add("/政务公开/年报/列表.html", "政府信息公开年报", ul(rows))
    ways(site, "/政务公开/年报/列表.html", "政府信息公开年报")


def phone_redirect(site: Site) -> None:
    """A script sends phones to `/m/`, another counts down to nothing, a comment holds the menu of long ago."""
    rows = rows_in(site, "/zwgk/nb/t")
    head = (
        "<script>if(/Android|iPhone/i.test(navigator.userAgent)){window.location.href='/m/index.html';}</script>"
        '<meta http-equiv="refresh" content="600">'
    )
    site.add("/zwgk/nb/", "政府信息公开年报", ul(rows), head)
    ways(site, "/zwgk/nb/", "政府信息公开年报")
    old = '<!-- <a href="/old/zwgk.html">政务公开</a><a href="/old/nb.html">政府信息公开年报</a> -->'
    site.add("/", site.place, old + ul([("/zwgk/index.html", "政务公开", "")]), head)
    site.add("/m/index.html", "手机版", "<p>手机版首页</p>")


def tabs_by_ajax(site: Site) -> None:
    """Years are tabs whose panes a script loads as fragments named in `data-url`."""
    tabs = ""
    for year in THREE:
        rows = []
        for fact in site.of(year):
            site.report(f"/zwgk/nb/{fact.number}.html", fact)
            rows.append((f"/zwgk/nb/{fact.number}.html", fact.title, fact.published))
        site.host.pages[f"/zwgk/nb/frag_{year}.html"] = ul(rows)
        tabs += f'<li class="tab" data-url="/zwgk/nb/frag_{year}.html">{year}年</li>'
    script = (
        "<div id=pane></div><script>$('.tab').click(function(){$('#pane').load($(this).attr('data-url'))})</script>"
    )
    site.add("/zwgk/nb/index.html", "政府信息公开年度报告", f"<ul>{tabs}</ul>{script}")
    ways(site, "/zwgk/nb/index.html", "政府信息公开年度报告")


def more_button(site: Site) -> None:
    """`加载更多` fetches the next fragment until nothing comes."""
    rows = rows_in(site, "/zwgk/nb/")

    def more(ask: Ask) -> str | None:
        page = int(ask.query.get("page") or 1)
        part = rows[(page - 1) * 5 : page * 5]
        return "".join(f'<li><a href="{p}">{t}</a><em>{d}</em></li>' for p, t, d in part)

    site.host.pages["/zwgk/nb/more"] = more
    for page in (2, 3):
        site.script(f"/zwgk/nb/more?page={page}")
    script = (
        '<a id="more" href="javascript:;">加载更多</a><script>var page=1;$("#more").click(function(){page++;'
        '$.get("/zwgk/nb/more?page="+page,function(h){$("#l").append(h)})});</script>'
    )
    site.add("/zwgk/nb/index.html", "年度报告", ul(rows[:5], ' id="l"') + script)
    ways(site, "/zwgk/nb/index.html", "年度报告")


def opened_by_number(site: Site) -> None:
    """`openInfo(4711)` in the rows; the function that makes an address of it stands in the same page."""
    rows = rows_in(site, "/info/")
    numbers = [(p.removeprefix("/info/").removesuffix(".html"), t, d) for p, t, d in rows]
    lines = "".join(f"<li><a href='#' onclick='openInfo({n})'>{t}</a> <span>{d}</span></li>" for n, t, d in numbers)
    for path, _, _ in rows:
        site.script(path)
    script = "<script>function openInfo(id){window.open('/info/' + id + '.html');}</script>"
    site.add("/zwgk/nb.html", "信息公开年度报告", script + f"<ul>{lines}</ul>")
    ways(site, "/zwgk/nb.html", "信息公开年度报告", section_name="信息公开")


def options_as_rows(site: Site) -> None:
    """A department is chosen from a select, its years from another that stands on the department's page."""
    heads = '<option value="">--请选择部门--</option>'
    for n, fact in enumerate(site.of(2024)):
        options = ""
        for own in site.of(body=fact.agency):
            site.report(f"/nb/{n}/{own.year}.html", own)
            options += f'<option value="{own.year}">{own.year}年度</option>'
            site.script(f"/nb/{n}/{own.year}.html")
        site.add(
            f"/nb/{n}/index.html",
            fact.agency,
            f"<select onchange=\"location.href='/nb/{n}/'+this.value+'.html'\">{options}</select>",
        )
        heads += f'<option value="/nb/{n}/index.html">{fact.agency}</option>'
    go = '<select name="dept" onchange="if(this.value!=\'\')window.open(this.value)">'
    site.add("/nb/index.html", "政府信息公开年报（部门）", f"{go}{heads}</select>")
    ways(site, "/nb/index.html", "政府信息公开年报（部门）")


def search_list_inline(site: Site) -> None:
    """UCAP's `/searchList/` with an id that a `div` of the page holds, rows as ready HTML of pages of four."""
    rows = rows_in(site, "/hebdlq/c111239/202301/c01_", ".shtml")
    channel = "0f" * 16

    def search(ask: Ask) -> Reply:
        size, page = int(ask.query.get("_pageSize") or 18), int(ask.query.get("page") or 1)
        results = [
            {"title": t, "url": p, "publishedTimeStr": f"{d} 08:00:00"}
            for p, t, d in rows[(page - 1) * size : page * size]
        ]
        return Reply(
            json.dumps({"data": {"page": page, "rows": size, "total": len(rows), "results": results}}),
            content_type=JSON,
        )

    site.host.pages[f"/searchList/{channel}"] = search
    site.script(f"/searchList/{channel}?page=1")
    script = (
        f'<div id="chan" channel-id="{channel}"></div><ul id="l"></ul>'
        f'<script>var chan = "{channel}";\nfunction getList(p){{$.ajax({{'
        'url:"/searchList/"+chan+"?_isAgg=true&_isJson=true&_pageSize=4&_template=index&page="+p,dataType:"json",success:show})}getList(1);</script>'
    )
    site.add("/hebdlq/c111239/common_list.shtml", "政府信息公开年报", script)
    ways(site, "/hebdlq/c111239/common_list.shtml", "政府信息公开年报")


def rows_in_a_script(site: Site) -> None:
    """The rows are an array in a script file that the column includes."""
    rows = rows_in(site, "/zwgk/nb/")
    data = ",\n".join(f"['{p}','{t}','{d}']" for p, t, d in rows)
    site.host.pages["/zwgk/nb/data.js"] = Reply(f"var docs = [\n{data}\n];", content_type=SCRIPT)
    script = (
        '<script src="data.js"></script><script>for(var i=0;i<docs.length;'
        'i++){document.write("<li><a href=\'"+docs[i][0]+"\'>"'
        '+docs[i][1]+"</a>"+docs[i][2]+"</li>");}</script>'
    )
    site.add("/zwgk/nb/index.html", "政府信息公开年报", f"<ul>{script}</ul>")
    ways(site, "/zwgk/nb/index.html", "政府信息公开年报")


def pages_in_a_select(site: Site) -> None:
    """`转到` a page by a select; a query of its own for the page, no link 下一页."""
    rows = rows_in(site, "/zwgk/nb/")
    for page in (1, 2, 3):
        options = "".join(f'<option value="?p={n}"{" selected" * (n == page)}>{n}</option>' for n in (1, 2, 3))
        pager = f'第{page}页 共3页 转到<select onchange="location.search=this.value">{options}</select>'
        shown = site.wrap("政府信息公开年报", ul(rows[page * 5 - 5 : page * 5]) + pager)
        site.host.pages[f"/zwgk/nb/index.html?p={page}"] = shown
        if page == 1:
            site.host.pages["/zwgk/nb/index.html"] = shown
        site.script(f"/zwgk/nb/index.html?p={page}")
    ways(site, "/zwgk/nb/index.html", "政府信息公开年报")


def titles_on_hover(site: Site) -> None:
    """Rows are pictures of PDF and Word with the title as tooltip; text nodes between that belong to no link."""
    lines = ""
    for n, fact in enumerate(site.facts):
        if n % 2:
            path = f"/system/download.do?fileid={fact.number}"
            site.host.pages[path] = download(docx(report_blocks(fact)), f"{fact.title}.docx")
            site.leaves.append(path)
        else:
            path = f"/doc/{fact.number}.shtml"
            site.report(path, fact)
        lines += (
            f'<p>{n + 1}、{short_of(fact.title)}　<a href="{path}" '
            f'title="{fact.title}"><img src="/w.gif" border=0></a></p>'
        )
    site.add("/doc/nb.shtml", "工作年报", lines)
    ways(site, "/doc/nb.shtml", "工作年报", section_name="政府信息公开")


def short_of(title: str) -> str:
    return f"{title[:8]}…"


def zipped_without_asking(site: Site) -> None:
    """Answers are gzip whether asked or not; headers without charset; JavaScript's `location` in a link's `href`."""
    rows = rows_in(site, "/zwgk/nb/")
    site.add("/zwgk/nb/index.html", "政府信息公开年报", ul(rows))
    ways(site, "/zwgk/nb/index.html", "政府信息公开年报")
    menu = "<a href=\"javascript:location.href='/zwgk/index.html'\">政务公开</a>"
    site.add("/", site.place, menu)
    plain = {path: page for path, page in site.host.pages.items() if isinstance(page, str)}
    for path, page in plain.items():
        site.host.pages[path] = Reply(
            gzip.compress(page.encode()), content_type="text/html", headers=(("Content-Encoding", "gzip"),)
        )
    site.text = lambda method, target, form="": plain.get(target, "")  # type: ignore[method-assign]


def index_in_xml(site: Site) -> None:
    """A catalogue frame whose tree is built from `MzTreeView` nodes as strings."""
    rows = rows_in(site, "/gkml/nb/")
    nodes = [
        ("0_1", "政府信息公开目录", ""),
        ("1_2", "机构概况", "/gkml/jg.html"),
        ("1_3", "法规公文", "/gkml/fg.html"),
    ]
    nodes += [("1_4", "工作信息", "/gkml/gz.html"), ("1_5", "年度报告", "/gkml/nb.html")]
    stub(site, [(u, t) for _, t, u in nodes[1:4]])
    inside = "".join(f'tree.nodes["{key}"]="text:{t};url:{u};target:right";' for key, t, u in nodes)
    site.add("/gkml/nb.html", "年度报告", ul(rows))
    site.host.pages["/gkml/left.html"] = (
        '<meta charset="utf-8"><script>var tree=new MzTreeView("tree");'
        f"{inside}document.write(tree.toString());</script>"
    )
    site.add(
        "/gkml/index.html",
        "政府信息公开目录",
        '<iframe src="left.html"></iframe><iframe name="right" src="jg.html"></iframe>',
    )
    for path in ("/gkml/nb.html", "/gkml/left.html"):
        site.script(path)
    site.add("/", site.place, ul([("/gkml/index.html", "政府信息公开目录", "")]))


def dates_as_titles(site: Site) -> None:
    """The link is the date; the title stands in the cell before it as plain text; agencies head their groups."""
    main = ""
    for fact in site.of(2024):
        lines = ""
        for own in site.of(body=fact.agency):
            site.report(f"/nb/{own.number}.html", own)
            lines += (
                f'<tr><td>{own.title}</td><td><a href="/nb/{own.number}.html">'
                f"{own.published:%Y年%m月%d日}</a></td></tr>"
            )
        main += f'<table><tr><td colspan="2"><b>{fact.agency.removeprefix(site.place)}</b></td></tr>{lines}</table>'
    site.add("/nb/index.html", "政府信息公开年报", main)
    ways(site, "/nb/index.html", "政府信息公开年报")


def catalogue_by_ajax(site: Site) -> None:
    """Items of a catalogue call `getList('31')`; the function loads a fragment into the pane beside them."""
    rows = rows_in(site, "/gk/view/")
    names = {"21": "机构职能", "22": "政策文件", "31": "政府信息公开年报", "32": "建议提案"}

    def listed(ask: Ask) -> str | None:
        number = ask.query.get("cid", "")
        return ul(rows) if number == "31" else "<p>暂无信息</p>" if number in names else None

    site.host.pages["/gk/list.do"] = listed
    site.script("/gk/list.do?cid=31")
    items = "".join(f"<li onclick=\"getList('{n}')\">{name}</li>" for n, name in names.items())
    script = "<script>function getList(id){$('#r').load('/gk/list.do?cid='+id);}getList('21');</script>"
    site.add("/gk/index.html", "信息公开目录", f'<ul>{items}</ul><div id="r"></div>{script}')
    site.add("/", site.place, ul([("/gk/index.html", "信息公开目录", "")]))


def post_select(site: Site) -> None:
    """A select of departments sends its form by POST; the answer has the department's reports only."""
    codes = {fact.agency: f"D{n:02d}" for n, fact in enumerate(site.of(2024))}
    for fact in site.facts:
        site.report(f"/nb/{fact.number}.html", fact)

    def listed(ask: Ask) -> str:
        chosen = ask.query.get("dept", "D00") if ask.method == "POST" else "D00"
        options = "".join(f'<option value="{c}">{a}</option>' for a, c in codes.items())
        shown = [(f"/nb/{f.number}.html", f.title, f.published) for f in site.facts if codes[f.agency] == chosen]
        form = f'<form method="post" action="/nb/index.jsp"><select name="dept" onchange="this.form.submit()">{options}'
        return site.wrap("政府信息公开年报", f"{form}</select></form>{ul(shown)}")

    site.host.pages["/nb/index.jsp"] = listed
    for code in codes.values():
        site.script("/nb/index.jsp", f"dept={code}")
    ways(site, "/nb/index.jsp", "政府信息公开年报")


def row_ids(site: Site) -> None:
    """Rows are `tr` with an id, of which one function makes the address of the document."""
    rows = rows_in(site, "/nb/detail_")
    lines = ""
    for path, title, day in rows:
        number = path.removeprefix("/nb/detail_").removesuffix(".html")
        lines += f'<tr id="{number}" onclick="detail(this.id)"><td>{title}</td><td>{day}</td></tr>'
        site.script(path)
    script = "<script>function detail(id){location.href='/nb/detail_'+id+'.html';}</script>"
    site.add("/nb/index.html", "政府信息公开年报", f"{script}<table>{lines}</table>")
    ways(site, "/nb/index.html", "政府信息公开年报")


STRANGERS = {
    "based": Stranger("基隆县", SOME, THREE, based),
    "sloppy-links": Stranger("乱石县", SOME, THREE, sloppy_links),
    "chinese-paths": Stranger("文县", SOME, THREE, chinese_paths),
    "phone-redirect": Stranger("移山区", SOME, THREE, phone_redirect),
    "tabs-by-ajax": Stranger("页岩县", SOME, THREE, tabs_by_ajax),
    "more-button": Stranger("增丰县", SOME, THREE, more_button),
    "opened-by-number": Stranger("数里县", SOME, THREE, opened_by_number),
    "options-as-rows": Stranger("选里区", SOME, THREE, options_as_rows),
    "search-list-inline": Stranger("道里县", SOME, THREE, search_list_inline),
    "rows-in-a-script": Stranger("剧场县", SOME, THREE, rows_in_a_script),
    "pages-in-a-select": Stranger("页川市", SOME, THREE, pages_in_a_select),
    "titles-on-hover": Stranger("浮山区", SOME, THREE, titles_on_hover),
    "zipped": Stranger("压口县", SOME, THREE, zipped_without_asking),
    "index-in-xml": Stranger("目连县", SOME, THREE, index_in_xml),
    "catalogue-by-ajax": Stranger("载清县", SOME, THREE, catalogue_by_ajax),
    "post-select": Stranger("投石县", SOME, THREE, post_select),
    "row-ids": Stranger("行唐里县", SOME, THREE, row_ids),
    "dates-as-titles": Stranger("日照湾区", SOME, THREE, dates_as_titles),
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

"""拓尔思 TRS WCM: static list pages whose pager exists only as JavaScript.

As the vendor does it: `index.html, index_1.html, ...`, numbered from 0, ten rows a page; the pager is an inline script
with `countPage`, or a call of `createPageHTML(count, current, "index", "html")`; rows link to
`./YYYYMM/tYYYYMMDD_ID.html`; bodies lie in a div whose class tokens come in any order; a deleted document answers 200
with a refresh to its parent. Two columns: 县直部门 with the inline pager, 乡镇街道 with createPageHTML.
"""

from collections.abc import Callable, Iterable
from html import escape

from crawler.sample_portal.chrome import Chrome
from crawler.sample_portal.documents import Document, deleted, distractors, report
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.scripts import traditional
from crawler.sample_portal.site import Page, Site, at, robots

COLUMNS = {"zfxxgknb": "/zwgk/zfxxgk/zfxxgknb/", "xzndbg": "/zwgk/zfxxgk/xzndbg/"}
NAMES = {"zfxxgknb": "政府信息公开年报", "xzndbg": "乡镇街道年度报告"}
SITE = "青禾县人民政府"
PER_PAGE = 10

BODY_CLASSES = (
    "TRS_Editor",
    "view TRS_UEDITOR trs_paper_default trs_web",
    "trs_editor_view TRS_UEDITOR trs_paper_default trs_word",
)

_PAGER = """<script language="JavaScript" type="text/javascript">
var currentPage = {current};//所在页从0开始
var prevPage = currentPage-1//上一页
var nextPage = currentPage+1//下一页
var countPage = {count}//共多少页
document.write("共计"+"&nbsp;<font color=red>"+countPage+"</font>&nbsp;页");
document.write("&nbsp;<a href=\\"index."+"html\\">首页</a>&nbsp;|");
//设置上一页代码
if(countPage>1&&currentPage!=0&&currentPage!=1)
document.write("<a href=\\"index"+"_" + prevPage + "."+"html\\">上一页</a>&nbsp;");
else if(countPage>1&&currentPage==1)
document.write("<a href=\\"index.html\\">上一页</a>&nbsp;");
//设置下一页代码
if(countPage>1&&currentPage!=(countPage-1))
document.write("<a href=\\"index"+"_" + nextPage + "."+"html\\">下一页</a>&nbsp;");
// 设置尾页
if(countPage!=1)
document.write("<a href=\\"index"+"_" + (countPage-1) + "."+"html\\">尾页</a>");
</script>"""


def chrome(column: str) -> Chrome:
    """The surroundings of a column's pages."""
    doctype = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">'
    return Chrome(SITE, NAMES[column], COLUMNS[column], "青禾县电子政务中心", doctype=doctype)


def article_path(column: str, document: Document) -> str:
    """Where a document lies: below its column, by month, day and id."""
    day = document.published
    return f"{COLUMNS[column]}{day:%Y%m}/t{day:%Y%m%d}_{document.number}.html"


def article_html(column: str, document: Document) -> str:
    """The page of a document, as text; one in traditional characters is traditional in head and foot as well."""
    tokens = BODY_CLASSES[document.number % len(BODY_CLASSES)]
    html = chrome(column).article(document, f'<div id="zoom"><div class="{tokens}">\n{document.body}\n</div></div>')
    return traditional(html) if document.traditional else html


def build(facts: Iterable[Fact]) -> Site:
    """The host with both columns."""
    facts = [fact for fact in facts if fact.portal == "trs"]
    reports = {column: [report(f) for f in facts if f.column == column] for column in COLUMNS}
    offices = [*reports["zfxxgknb"], deleted("青禾县", 2022), *distractors("青禾县", [2023])]
    towns = [*reports["xzndbg"], *distractors("青禾县白鹭镇", [2023])]
    pages = {
        "/robots.txt": robots("/private/"),
        "/private/nb2024.html": Page("<html><body>内部审核稿，请勿外传。</body></html>".encode()),
        "/index.html": _home(),
        **_column("zfxxgknb", offices, _table_rows, inline_pager),
        **_column("xzndbg", towns, _list_rows, called_pager),
    }
    return Site(pages, compresses=True)


def _home() -> Page:
    links = "".join(f'<li><a href="{path}">{NAMES[column]}</a></li>' for column, path in COLUMNS.items())
    return Page(chrome("zfxxgknb").page(SITE, f'<ul class="gl_left">{links}</ul>').encode())


Rows = Callable[[list[Document]], str]
Pager = Callable[[int, int], str]


def _column(column: str, documents: list[Document], rows: Rows, pager: Pager) -> dict[str, Page]:
    ordered = sorted(documents, key=lambda document: (document.published, document.number), reverse=True)
    pages = {article_path(column, document): _article(column, document) for document in ordered}
    groups = [ordered[start : start + PER_PAGE] for start in range(0, len(ordered), PER_PAGE)]
    for number, group in enumerate(groups):
        main = f'{rows(group)}\n<div class="page">{pager(number, len(groups))}</div>\n{_side_links()}'
        frame = chrome(column)
        html = frame.page(f"{frame.column}_{SITE}", main, frame.column_meta())
        name = f"index_{number}.html" if number else "index.html"
        pages[COLUMNS[column] + name] = Page(html.encode(), modified=at(ordered[0].published))
    return pages


def _article(column: str, document: Document) -> Page:
    if document.gone:
        return Page(b'<meta http-equiv="refresh" content="0;URL=../" />')
    return Page(article_html(column, document).encode(), modified=at(document.published))


def _href(document: Document) -> str:
    day = document.published
    return f"./{day:%Y%m}/t{day:%Y%m%d}_{document.number}.html"


def _table_rows(documents: list[Document]) -> str:
    rows = "\n".join(
        f'<tr valign="top"><td width="25"><img src="/images/ico2.jpg"></td>\n<td width="550">\n'
        f'<a href="{_href(d)}">{escape(d.title)}</a>\n</td>\n<td>\n{d.published.isoformat()}\n</td></tr>'
        for d in documents
    )
    return f'<table class="gl_list" width="700" border="0"><tbody>\n{rows}\n</tbody></table>'


def _list_rows(documents: list[Document]) -> str:
    rows = "\n".join(
        f'<li><a href="{_href(d)}" target="_blank" title="{escape(d.title)}">{escape(d.title)}</a>'
        f"<span>{d.published.isoformat()}</span></li>"
        for d in documents
    )
    return f'<ul class="list">\n{rows}\n</ul>'


def inline_pager(current: int, count: int) -> str:
    """The pager as a script that knows the count and writes the links."""
    return _PAGER.format(current=current, count=count)


def called_pager(current: int, count: int) -> str:
    """The pager as a call of a function in a file."""
    call = f'createPageHTML({count}, {current}, "index", "html");'
    return f'<script src="/images/page.js"></script>\n<script>{call}</script>'


def _side_links() -> str:
    return (
        '<div class="gl_left"><a href="../zfxxgkzn/">信息公开指南</a> <a href="../zfxxgkzd/">信息公开制度</a> '
        '<a href="./">信息公开年报</a> '
        '<a href="/private/nb2024.html">2024年政府信息公开工作年度报告（内部审核稿）</a></div>'
    )

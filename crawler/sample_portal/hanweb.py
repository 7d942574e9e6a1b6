"""大汉 Hanweb jpage: list rows inside a script, further groups from dataproxy.jsp, pages in the GBK family.

As the vendor does it: the column page carries the first three screens of rows as CDATA records in a
`<script type="text/xml">`, which is not well-formed XML (a stray `<ul>` in the record set); the rest comes by GET or
POST from the endpoint with `startrecord` and `endrecord` (from 1, both included); link texts are cut with `...` and the
`title` attribute is whole, but missing on some rows; `appid` stands twice in the next-group link.

This host declares gb2312 and sends GB18030 without a charset in the header: 镕, 喆 and 㳇 are not in GB2312, and 㳇 is
not even in GBK. Synthetic: the endpoint answers in UTF-8, gives the empty store to a request for another column, and
understands `page` alone as the number of a group of three screens.
"""

from collections.abc import Iterable
from functools import partial
from html import escape
from math import ceil
from urllib.parse import quote

from crawler.sample_portal.chrome import Chrome
from crawler.sample_portal.documents import Document, distractors, report
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.site import Page, Site, at, robots

COLUMN = "/col/col12377/index.html"
ENDPOINT = "/module/web/jpage/dataproxy.jsp"
SITE = "云泽市人民政府"
PER_PAGE = 5
GROUP = 3 * PER_PAGE
_SHOWN = 24
_CHROME = Chrome(SITE, "政府信息公开年报", COLUMN, "喆镕数据服务中心", charset="gb2312")


def build(facts: Iterable[Fact]) -> Site:
    """The host with its one column."""
    documents = [report(f) for f in facts if f.portal == "hanweb"] + distractors("云泽市", [2021, 2022, 2023])
    documents.sort(key=lambda document: (document.published, document.number), reverse=True)
    home = _CHROME.page(SITE, f'<div class="zwgk"><a href="{COLUMN}">政府信息公开年报</a></div>')
    pages = {
        "/robots.txt": robots(),
        "/index.html": _gb_page(home, documents[0]),
        COLUMN: _gb_page(_column(documents), documents[0]),
        **{article_path(d): _gb_page(_article(d), d) for d in documents},
    }
    return Site(pages, {ENDPOINT: partial(_answer, documents)})


def article_path(document: Document) -> str:
    """Where a document lies: by year, month and day without leading zeros, column and id."""
    day = document.published
    return f"/art/{day.year}/{day.month}/{day.day}/art_12377_{document.number}.html"


def _gb_page(html: str, newest: Document) -> Page:
    return Page(html.encode("gb18030"), "text/html", at(newest.published))


def _article(document: Document) -> str:
    body = (
        f'<meta name="ContentStart">\n<div id="zoom">\n<!--ZJEG_RSS.content.begin-->\n{document.body}\n'
        '<!--ZJEG_RSS.content.end-->\n</div>\n<meta name="ContentEnd">\n'
        f"<script>var i_columnid='12377';var i_articleid='{document.number}';</script>"
    )
    return _CHROME.article(document, body)


def _column(documents: list[Document]) -> str:
    records = _records(documents[:GROUP])
    store = f"<datastore>\n{_next_group(1)}\n<recordset><ul class='list'></ul>\n{records}\n</recordset></datastore>"
    parameters = (
        f"{{col:1,appid:1,webid:110,path:'/',columnid:12377,sourceContentType:1,unitid:'38486',"
        f"webname:'{SITE}',permissiontype:0}}"
    )
    script = (
        "<script>var param_38486={columnid:12377,unitid:'38486'};\n"
        f"$('#38486').jpage({{totalRecord:{len(documents)},perPage:{PER_PAGE},barPosition:'bottom',"
        f"proxyUrl:'{ENDPOINT}',ajaxParam:{parameters}}});</script>"
    )
    main = f'<div id="38486" class="default_pgContainer"><script type="text/xml">{store}</script></div>\n{script}'
    return _CHROME.page(f"{SITE} 政府信息公开年报", main, _CHROME.column_meta())


def _next_group(page: int) -> str:
    webname = quote(quote(SITE))
    query = (
        f"page={page}&appid=1&appid=1&webid=110&path=/&columnid=12377&unitid=38486&webname={webname}&permissiontype=0"
    )
    return f'<nextgroup><![CDATA[<a href="{ENDPOINT}?{query}"></a>]]></nextgroup>'


def _records(documents: list[Document]) -> str:
    return "\n".join(f"<record><![CDATA[\n{_row(document)}]]></record>" for document in documents)


def _row(document: Document) -> str:
    title = document.title
    cut = len(title) > _SHOWN
    attribute = f' title="{escape(title)}"' if cut or document.number % 2 else ""
    shown = escape(f"{title[:_SHOWN]}..." if cut else title)
    link = f'<a target="_blank" href="{article_path(document)}"{attribute}>{shown}</a>'
    return f'<li class="clearfix">    {link}    <b>{document.published.isoformat()}</b></li>'


def _answer(documents: list[Document], fields: dict[str, str]) -> Page:
    if fields.get("columnid") != "12377":
        return _store("<recordset></recordset>")
    start, end, per_page = _window(fields)
    pages = ceil(len(documents) / per_page)
    head = f"<totalrecord>{len(documents)}</totalrecord><totalpage>{pages}</totalpage>"
    more = _next_group(end // GROUP) if end < len(documents) else ""
    return _store(f"{head}{more}\n<recordset>\n{_records(documents[start - 1 : end])}\n</recordset>")


def _window(fields: dict[str, str]) -> tuple[int, int, int]:
    """First and last record, from 1, and the records of a screen."""
    per_page = max(1, _number(fields, "perpage", PER_PAGE))
    if "startrecord" not in fields and "page" in fields:
        first = (max(1, _number(fields, "page", 1)) - 1) * 3 * per_page + 1
        return first, first + 3 * per_page - 1, per_page
    start = max(1, _number(fields, "startrecord", 1))
    return start, _number(fields, "endrecord", start + 3 * per_page - 1), per_page


def _number(fields: dict[str, str], name: str, default: int) -> int:
    value = fields.get(name, "")
    return int(value) if value.isascii() and value.isdigit() else default


def _store(inside: str) -> Page:
    return Page(f"<datastore>\n{inside}\n</datastore>".encode(), "text/xml; charset=UTF-8")

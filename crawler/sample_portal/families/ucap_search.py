"""开普 UCAP with lists that a script loads: a static page with `<meta name="channelid">`, rows only as JSON.

As the vendor does it: GET `/searchList/<id>?_isAgg=true&_isJson=true&_pageSize=18&..&page=1`, or on other hosts
`/common/search/<id>?page=1&_pageSize=15&_isAgg=false`; the answer has `total`, `rows` and `results` with
protocol-relative URLs and the time in milliseconds. Without `_isJson` searchList answers a fragment of HTML.
Synthetic: the script that says which of the two the host has, and that at most 50 rows come at once.
"""

import json
from functools import partial
from hashlib import sha256
from math import ceil
from urllib.parse import urlsplit

from crawler.sample_portal.columns import Section, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.attached import Files, attachments
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.pages import all_pages
from crawler.sample_portal.families.ucap_list import article_path, list_path, ucap_body, ucap_file
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Endpoint, Page, Site, at, number_in

_MOST = 50
_ENDPOINTS = {
    "/searchList/": "?_isAgg=true&_isJson=true&_pageSize={size}&_template=index&_rangeTimeGte=&_channelName=&page=",
    "/common/search/": "?_pageSize={size}&_isAgg=false&page=",
}


def build(plan: Plan) -> Built:
    """A host with one of the two endpoints."""
    name, form = plan.slug("xxgk_list", "common_list", "zfxxgk_list"), plan.slug("hex", "content")
    frame = Frame(plan, tree(plan), partial(list_path, name), partial(article_path, "site", form))
    endpoint = plan.pick(tuple(_ENDPOINTS))
    files = Files(attachments(plan), ucap_file)
    pages = all_pages(frame, partial(_lists, frame, name, endpoint), partial(ucap_body, files)) | files.pages()
    listed = [section for section in frame.tree.walk() if section.documents]
    endpoints: dict[str, Endpoint] = {
        endpoint + channel(section): partial(_answer, frame, section) for section in listed
    }
    column = list_path(name, frame.tree.reports)
    return Built(Site(pages, endpoints), column, "ucap", articles_of(plan, frame), files.alone(plan))


def channel(section: Section) -> str:
    """The id of a column."""
    return sha256(f"{section.path}{section.number}".encode()).hexdigest()[:32]


def _lists(frame: Frame, name: str, endpoint: str, section: Section) -> dict[str, str]:
    title = f"{section.name}_{frame.plan.name}"
    path = list_path(name, section)
    if not section.documents:
        return {path: frame.page(title, frame.hub(section), section)}
    meta = f'<meta name="ColumnName" content="{section.name}">\n<meta name="channelid" content="{channel(section)}">'
    query = _ENDPOINTS[endpoint].format(size=frame.plan.page_size)
    script = (
        '<script>var channelId = $("meta[name=channelid]").attr("content");\nfunction load(page) {'
        f'$.getJSON("{endpoint}" + channelId + "{query}" + page, function (result) {{'
        '$("#list").html(render(result.data.results)); turn(result.data.page, result.data.total);});}\n'
        "load(1);</script>"
    )
    main = f'<ul id="list" class="newsList"></ul><div id="page_div"></div>\n{script}'
    return {path: frame.page(title, main, section, meta)}


def _answer(frame: Frame, section: Section, fields: dict[str, str]) -> Page:
    size = min(number_in(fields, "_pageSize", frame.plan.page_size), _MOST)
    page = number_in(fields, "page", 1)
    shown = section.documents[(page - 1) * size : page * size]
    if "_template" in fields and fields.get("_isJson") != "true":
        rows = "".join(f"<li>{frame.anchor(section, d)}<span>{frame.day(d)}</span></li>" for d in shown)
        return Page(f"<ul>{rows}</ul>".encode())
    data = {
        "page": page,
        "rows": size,
        "totalPage": ceil(len(section.documents) / size),
        "channelId": channel(section),
        "total": len(section.documents),
        "results": [_result(frame, section, document) for document in shown],
    }
    answer = {"data": data, "locationUrl": "", "channelName": section.name}
    return Page(json.dumps(answer, ensure_ascii=False).encode(), "application/json;charset=UTF-8")


def _result(frame: Frame, section: Section, document: Document) -> dict[str, object]:
    published = at(document.dated)
    return {
        "manuscriptId": str(document.number),
        "title": document.title,
        "url": f"//{urlsplit(frame.plan.origin).netloc}{frame.article(section, document)}",
        "publishedTimeStr": f"{document.dated.isoformat()} 09:30:00",
        "publishedTime": int(published.timestamp()) * 1000,
        "content": "",
        "channelName": section.name,
        "channelCodeName": f"c{section.number}",
        "domainMetaList": [{"resultList": [{"key": "source", "value": frame.source(document)}]}],
        "resList": [],
    }

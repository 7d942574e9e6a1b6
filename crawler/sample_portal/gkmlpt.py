"""广东 gkmlpt, the open-government platform of Guangdong: a shell page, a JSON list, articles at computed paths.

As the vendor does it: `/gkmlpt/index` holds the tree of columns in `window._CONFIG`; a column is a fragment
(`/gkmlpt/index#21023`) and its rows come from `/gkmlpt/api/all/<column>?page=&sid=`, where page 0 equals page 1 and
a page past the end is an empty list; `date` is epoch seconds at midnight in Beijing; an article stands at
`/gkmlpt/content/{id//10^6}/{id//10^3}/post_{id}.html`, with a table of metadata before its body and the content once
more as JSON in a script. Synthetic: eight rows a page (real ones hold about a hundred), and another site's sid gets
an empty list.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from functools import partial
from html import escape

from crawler.sample_portal.attachment import request_form
from crawler.sample_portal.chrome import Chrome
from crawler.sample_portal.documents import Document, distractors, report
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.site import DOMAIN, Endpoint, Page, Site, at, not_found, robots

INDEX = "/gkmlpt/index"
SID = "755041"
REPORTS = 21023
GUIDES = 21005
SITE = "岭海市人民政府"
PER_PAGE = 8
_NAMES = {REPORTS: "政府信息公开年报", GUIDES: "政府信息公开指南"}
_ATTACHMENT = "/attachment/1/1658/1658591/sqb.docx"
_BEIJING = timezone(timedelta(hours=8))
_CHROME = Chrome(SITE, "政府信息公开", INDEX, "岭海市政务服务和数据管理局")


def build(facts: Iterable[Fact], port: int) -> Site:
    """The host; the list's URLs are absolute, so they hold the port."""
    others = distractors("岭海市", [2022, 2023])
    reports = [report(f) for f in facts if f.portal == "gkmlpt"]
    columns = {REPORTS: [*reports, *others], GUIDES: [d for d in others if "指南" in d.title]}
    for documents in columns.values():
        documents.sort(key=lambda document: (document.published, document.number), reverse=True)
    newest = at(columns[REPORTS][0].published)
    pages = {
        "/robots.txt": robots(),
        "/index.html": Page(_CHROME.page(SITE, f'<a href="{INDEX}#{REPORTS}">政府信息公开年报</a>').encode()),
        INDEX: Page(_index(columns).encode(), modified=newest),
        _ATTACHMENT: Page(request_form(), "application/octet-stream", at(others[0].published)),
        **{article_path(d): Page(_article(d).encode(), modified=at(d.published)) for d in columns[REPORTS]},
    }
    origin = f"http://gkmlpt.{DOMAIN}:{port}"
    apis: dict[str, Endpoint] = {
        f"/gkmlpt/api/all/{c}": partial(_answer, c, documents, origin) for c, documents in columns.items()
    }
    return Site(pages, apis)


def article_path(document: Document) -> str:
    """Where a document lies: its id, and its id without the last six and the last three digits."""
    number = document.number
    return f"/gkmlpt/content/{number // 10**6}/{number // 10**3}/post_{number}.html"


def _index(columns: dict[int, list[Document]]) -> str:
    def node(number: int, name: str, parent: int, *children: object) -> dict[str, object]:
        count = len(columns.get(number, ()))
        return {
            "id": number,
            "name": name,
            "parent": parent,
            "post_count": count,
            "jump_url": "",
            "children": list(children),
        }

    tree = [
        node(21000, "政府信息公开", 0, node(GUIDES, _NAMES[GUIDES], 21000), node(21006, "政府信息公开制度", 21000)),
        node(
            21010,
            "法定主动公开内容",
            0,
            node(21011, "机构职能", 21010),
            node(21012, "政策文件", 21010, node(21013, "规范性文件", 21012), node(21014, "其他文件", 21012)),
        ),
        node(21022, "年报与统计", 0, node(REPORTS, _NAMES[REPORTS], 21022)),
    ]
    config = f"{{SID:'{SID}',SITE_NAME:'{SITE}',TREE:{json.dumps(tree, ensure_ascii=False)}}}"
    main = f'<div id="app"></div>\n<script>window._CONFIG={config};</script>\n<script src="/gkmlpt/js/app.js"></script>'
    return _CHROME.page(f"政府信息公开目录_{SITE}", main)


def _answer(column: int, documents: list[Document], origin: str, fields: dict[str, str]) -> Page:
    page = fields.get("page", "1")
    if not (page.isascii() and page.isdigit()):
        return not_found("page")
    start = (max(1, int(page)) - 1) * PER_PAGE
    shown = documents[start : start + PER_PAGE] if fields.get("sid") == SID else []
    count = len(documents)
    answer = {
        "classify": {
            "id": column,
            "name": _NAMES[column],
            "parent": 21022 if column == REPORTS else 21000,
            "post_count": count,
            "theme_count": count,
        },
        "articles": [_row(document, origin) for document in shown],
    }
    return Page(json.dumps(answer, ensure_ascii=False).encode(), "application/json; charset=utf-8")


def _row(document: Document, origin: str) -> dict[str, object]:
    return {
        **row_facts(document),
        "url": origin + article_path(document),
        "attachment": _attachments(document, origin),
        "is_abolished": 0,
    }


def row_facts(document: Document) -> dict[str, object]:
    """What list and article say of a document."""
    day = document.dated
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=_BEIJING).timestamp())
    return {
        "id": document.number,
        "title": document.title,
        "document_number": "",
        "publisher": document.source,
        "date": midnight,
        "display_publish_time": midnight,
        "identifier": f"99000000MB2C00000G/{document.published.year}-{document.number % 10**5:05d}",
    }


def _attachments(document: Document, origin: str) -> list[dict[str, object]]:
    if "指南" not in document.title:
        return []
    form = {"id": 1658591, "name": "政府信息公开申请表.docx", "type": "doc", "mime": "application/msword"}
    return [{**form, "size": str(len(request_form())), "url": origin + _ATTACHMENT}]


def _article(document: Document) -> str:
    attachment = ""
    if _attachments(document, ""):
        attachment = f'\n<p><a class="nfw-cms-attachment" href="{_ATTACHMENT}">政府信息公开申请表.docx</a></p>'
    return _CHROME.article(document, detail(document, "政府信息公开年报", document.body + attachment, SID))


def detail(document: Document, column: str, content: str, sid: str) -> str:
    """The inner part of an article: a table of metadata, the content, and both once more in a script."""
    facts = row_facts(document)
    entries = {
        "索引号": facts["identifier"],
        "分类": column,
        "发布机构": document.source,
        "成文日期": document.published.isoformat(),
        "名称": document.title,
        "文号": "",
        "发布日期": document.dated.isoformat(),
        "主题词": "",
    }
    cells = [f"<td><b>{label}:</b></td><td>{escape(str(entry))}</td>" for label, entry in entries.items()]
    rows = "\n".join(f"<tr>{left}{right}</tr>" for left, right in zip(cells[::2], cells[1::2], strict=True))
    script = json.dumps({**facts, "content": content}, ensure_ascii=False).replace("<", "\\u003c")
    return (
        f'<div class="classify"><table>\n{rows}\n</table></div>\n<div class="article-content">\n{content}\n</div>\n'
        f"<script>window._CONFIG={{SID:'{sid}'}};window._CONFIG.DETAIL={script};</script>"
    )

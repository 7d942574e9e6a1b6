"""苏州 szinf beside 开普 UCAP: disclosure columns get their rows by POST from `/szinf/xxgk/interfacesWebZcwj/loadData`.

As the software does it: `loadData?pageSize=15` takes a form with `pageIndex` (from 1) and `channel_id`; the answer is
`{"code": "0", "data": {"allRow", "totalPage", "list": [{"TITLE", "URL", "C_SYH", "C_WJBH", ..}]}}` with absolute
addresses; articles and news columns are those of UCAP. Synthetic: the words of the script that holds the channel_id,
that a GET is not allowed, and the values of the index numbers.
"""

import json
from functools import partial
from math import ceil

from crawler.sample_portal.columns import Section, tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.families.attached import Files, attachments
from crawler.sample_portal.families.built import Built, articles_of
from crawler.sample_portal.families.pages import all_pages, digest
from crawler.sample_portal.families.ucap_list import article_path, list_path, static_lists, ucap_body, ucap_file
from crawler.sample_portal.families.ucap_search import channel
from crawler.sample_portal.frame import Frame
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, Request, Site, number_in

_ENDPOINT = "/szinf/xxgk/interfacesWebZcwj/loadData"
_MOST = 100


def build(plan: Plan) -> Built:
    """A host whose disclosure columns are loaded."""
    name = plan.slug("xxgk_list", "nav_list", "list")
    frame = Frame(plan, tree(plan), partial(list_path, name), partial(article_path, "site", "hex"))
    files = Files(attachments(plan), ucap_file)
    pages = all_pages(frame, partial(_lists, frame, name, plan.chance(0.4)), partial(ucap_body, files))
    site = Site(pages | files.pages(), services={_ENDPOINT: partial(_answer, frame)})
    return Built(site, list_path(name, frame.tree.reports), "szinf", articles_of(plan, frame), files.alone(plan))


def _lists(frame: Frame, name: str, scripted: bool, section: Section) -> dict[str, str]:
    if section.parent is None or not section.documents:
        return static_lists(frame, name, scripted, section)
    script = (
        f'<script>var channel_id = "{channel(section)}";\nfunction load(pageIndex) {{'
        f'$.post("{_ENDPOINT}?pageSize={frame.plan.page_size}", {{pageIndex: pageIndex, channel_id: channel_id}}, '
        "function (result) {draw(result.data.list); turn(result.data.totalPage);});}\nload(1);</script>"
    )
    main = f'<table class="xxgk_table"><tbody id="xxgkList"></tbody></table><div id="page"></div>\n{script}'
    return {list_path(name, section): frame.page(f"{section.name}_{frame.plan.name}", main, section)}


def _answer(frame: Frame, request: Request) -> Page:
    if request.method != "POST":
        return Page(b"Method Not Allowed", "text/plain", status=405)
    wanted = request.fields.get("channel_id", "")
    documents = [d for s in frame.tree.walk() if channel(s) == wanted for d in s.documents]
    size = min(number_in(request.fields, "pageSize", 15), _MOST)
    page = number_in(request.fields, "pageIndex", 1)
    section = next((s for s in frame.tree.walk() if channel(s) == wanted), frame.tree.reports)
    rows = [_row(frame, section, document) for document in documents[(page - 1) * size : page * size]]
    data = {"allRow": len(documents), "totalPage": ceil(len(documents) / size), "list": rows}
    text = json.dumps({"code": "0", "data": data}, ensure_ascii=False)
    return Page(text.encode(), "application/json;charset=UTF-8")


def _row(frame: Frame, section: Section, document: Document) -> dict[str, str]:
    day = document.dated.isoformat()
    return {
        "TITLE": document.title,
        "URL": frame.plan.origin + frame.article(section, document),
        "C_WJBH": "",
        "C_SYH": f"014149{document.number}/{document.published.year}-00001",
        "PUBLISHED_TIME_FORMAT": day,
        "C_FWRQ_FORMAT": day,
        "CHANNEL_ID": channel(section),
        "MANUSCRIPT_ID": digest(document),
    }

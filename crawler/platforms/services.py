"""Lists that a page's own script asks a service for, whoever made it: jQuery, fetch and axios calls that count pages.

Signs: `$.post('/lists.do', {page: p, …})`, `$.ajax({url: …, data: {…}})`, `fetch(…)`, `axios.post(…)`, with a parameter
that is named like the number of a page. The script is not run: addresses and parameters must be written out, or be
variables that the page sets to a literal. Answers are JSON of whatever shape (`answers`), or pieces of HTML.
Paging: from 1 (or from 0, where the script takes one off), until no rows come, the same come again, or the answer's own
count of pages is reached.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlencode, urljoin

from crawler.platforms import answers
from crawler.platforms.base import Listing, Page, Platform, Row, Step
from crawler.platforms.generic import following
from crawler.platforms.links import links, links_in
from crawler.platforms.scripts import closing, pairs, variable_value
from crawler.platforms.signs import Sign

_CALL = Sign(
    re.compile(
        r"(?:\$|jQuery|axios|\$http|http|this\.\$http)\.(?P<verb>post|get|getJSON)\(\s*(?P<url>[\"'`][^\"'`]+[\"'`]|\w+)\s*,\s*(?=\{)"
        r"|(?:\$|jQuery)\.ajax\(\s*(?P<ajax>(?=\{))"
        r"|\bfetch\(\s*(?P<fetched>[\"'`][^\"'`]+[\"'`])\s*,\s*(?=\{)"
    ),
    (".post(", ".get(", ".getJSON(", ".ajax(", "fetch("),
)
# A whole list in one file.
_FILE = Sign(
    re.compile(
        r"(?:\.(?:getJSON|get)\(|\bfetch\(|axios\.get\(|\burl[\"']?\s*:)\s*[\"'`]([^\"'`\s]+\.json(?:\?[^\"'`\s]*)?)[\"'`]",
        re.IGNORECASE,
    ),
    (".json",),
)
_SUM = Sign(
    re.compile(
        # Bounded, since pages carry pictures of a hundred kilobytes between quotes.
        r"[\"'](?=[^\"'\s\w/?]{0,50}[\w/?])([^\"'\s]{1,500}?[?&](page|pageNo|pageIndex|pageNum|pageNumber|currentPage|currPage|curPage|cpage|pn)=)[\"']\s*\+"
    ),
    ("page=", "Page=", "ageNo=", "ageIndex=", "ageNum=", "ageNumber=", "pn="),
)
_DATA_SCRIPT = Sign(
    re.compile(
        r"<script\b[^>]*\bsrc=[\"']([^\"'\s]*(?:data|list|docs|news)[^\"'\s/]*\.js(?:\?[^\"'\s]*)?)[\"']", re.IGNORECASE
    ),
    (".js",),
)
_NAMED = re.compile(
    r"^(?:page|pageno|pageindex|pagenum|pagenumber|page_no|page_num|currentpage|currpage|curpage|cpage|pn|nowpage|current)$",
    re.IGNORECASE,
)
_SIZE = re.compile(r"^(?:page_?size|rows|limit|prepage|perpage|size|pagecount)$", re.IGNORECASE)
_KEYS = re.compile(r"""["']?([A-Za-z_$][\w$]*)["']?\s*:\s*([^,{}\n]*)""")


def recognises(page: Page) -> bool:
    return any((page.search(_FILE), page.search(_DATA_SCRIPT), page.search(_SUM), next(_calls(page), None)))


def read(page: Page) -> Listing:
    if page.step is not None and "service" in page.step.state:
        return _answer(page)
    if page.step is not None and "file" in page.step.state:
        if page.status != 200:
            return Listing()
        return Listing(
            answers.rows(answers.parsed(page.text), page.url) or tuple(links_in(_as_script(page.text), page.url))
        )
    rows = tuple(links(page))
    if following(page, rows) is not None:
        return Listing(rows)
    listed = any(row.date for row in rows)
    steps = tuple(_step(state) for state in (*_calls(page), *_sums(page, listed)))[:2]
    data = () if listed else page.every(_DATA_SCRIPT)
    files = (Step(urljoin(page.url, found[1]), state={"file": "yes"}) for found in (*page.every(_FILE), *data))
    return Listing(rows, steps or tuple(files)[:2])


def _as_script(text: str) -> str:
    """A script of its own as part of a page, for the reader of links."""
    return f"<script>{text}</script>"


def _calls(page: Page) -> Iterator[dict[str, str]]:
    """What each call that counts pages asks for, as the state of a first step."""
    for call in page.every(_CALL):
        start = page.text.find("{", call.end() - 1)
        literal = page.text[start : closing(page.text, start)]
        url, sent = _address(call, literal, page.text), _data(literal)
        number = next((name for name, _ in _KEYS.findall(sent) if _NAMED.match(name)), None)
        if not url or number is None:
            continue
        known = {name: value for name, value in pairs(sent, page.text) if name != number}
        known |= {name: value for name, value in _variables(sent, page.text) if name not in known and name != number}
        value = next(value for name, value in _KEYS.findall(sent) if name == number)
        is_json = "JSON.stringify" in literal or (call["verb"] == "post" and not call[0].startswith(("$", "jQuery")))
        posts = call["verb"] == "post" or re.search(r"(?:type|method)[\"']?\s*:\s*[\"']post", literal, re.IGNORECASE)
        yield {
            "service": urljoin(page.url, url),
            "method": "POST" if posts else "GET",
            "json": "yes" if is_json and posts else "",
            "name": number,
            "known": json.dumps(known),
            "number": "0" if re.search(r"-\s*1", value) or value.strip() == "0" else "1",
            "first": "",
            "column": page.url,
        }


def _sums(page: Page, listed: bool) -> Iterator[dict[str, str]]:
    """Addresses that end in the number of a page, which the script adds: "/zwgk/nb/more?page=" + page."""
    for url, name in (found.groups() for found in page.every(_SUM)):
        service, _, query = url.rpartition(f"{name}=")[0].rpartition("?")
        yield {
            "service": urljoin(page.url, service),
            "method": "GET",
            "json": "",
            "name": name,
            "known": json.dumps(dict(parse_qsl(query, keep_blank_values=True))),
            "number": "2" if listed else "1",
            "first": "",
            "column": page.url,
        }


def _address(call: re.Match[str], literal: str, text: str) -> str | None:
    given = call["url"] or call["fetched"]
    if given is None:
        found = re.search(r"\burl[\"']?\s*:\s*([\"'`][^\"'`]+[\"'`]|\w+)", literal)
        given = found[1] if found else None
    if given is None:
        return None
    address = given.strip("\"'`") if given[0] in "\"'`" else variable_value(given, text)
    return address if address and not address.startswith(("javascript:", "data:")) else None


def _data(literal: str) -> str:
    """The parameters: what stands under `data` or `body`, else the literal itself."""
    found = re.search(r"\b(?:data|body|params)[\"']?\s*:\s*(?:JSON\.stringify\(\s*)?(?=\{)", literal)
    return literal[found.end() : closing(literal, found.end())] if found else literal


def _variables(sent: str, text: str) -> Iterator[tuple[str, str]]:
    """Parameters in the short form `{page, channelId}`."""
    for name in re.findall(r"[{,]\s*([A-Za-z_$][\w$]*)\s*(?=[,}])", sent):
        value = variable_value(name, text)
        if value is not None:
            yield name, value


def _answer(page: Page) -> Listing:
    assert page.step is not None
    state = page.step.state
    answer = answers.parsed(page.text)
    rows: tuple[Row, ...] = answers.rows(answer, state["column"])
    html = "" if rows else answers.html_in(answer) or (page.text if page.text.lstrip().startswith("<") else "")
    if html:
        rows = tuple(links_in(html, state["column"]))
    if page.status != 200 or not rows or rows[0].url == state["first"]:
        return Listing(rows if page.status == 200 else ())
    number = int(state["number"])
    known = json.loads(state["known"])
    size = next((int(value) for name, value in known.items() if _SIZE.match(name) and str(value).isdigit()), len(rows))
    count = answers.pages(answer, size)
    started = int(state.get("from", state["number"]))
    if count is not None and number - started + 1 >= count:
        return Listing(rows)
    following_state = {**state, "number": str(number + 1), "first": rows[0].url, "from": str(started)}
    return Listing(rows, (_step(following_state),))


def _step(state: Mapping[str, str]) -> Step:
    asked = {**json.loads(state["known"]), state["name"]: state["number"]}
    headers = {"X-Requested-With": "XMLHttpRequest", "Referer": state["column"]}
    if state["method"] == "GET":
        joint = "&" if "?" in state["service"] else "?"
        return Step(f"{state['service']}{joint}{urlencode(asked)}", headers=headers, state=dict(state))
    if state["json"]:
        asked[state["name"]] = int(state["number"])
        return Step(
            state["service"], "POST", json.dumps(asked), headers | {"Content-Type": "application/json"}, dict(state)
        )
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    return Step(state["service"], "POST", urlencode(asked), headers, dict(state))


PLATFORM = Platform("services", recognises, read)

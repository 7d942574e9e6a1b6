"""The seeded replicas of Hanweb, TRS, gkmlpt, year platforms and hand-made sites over real loopback HTTP.

The walker here knows how each family is made: what the scripts of its pages would ask for stands in SCRIPTS.
"""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

import lxml.html
import pytest

from crawler.sample_portal import SamplePortal
from crawler.sample_portal.families import FAMILIES, hanweb_jpage
from crawler.sample_portal.forms import APPLICANTS
from tests.crawler.test_replicas import ELSEWHERE, SHELL, Answer, facts_of, home_of, origin_of, text_of, text_of_file

FAMILY_NAMES = [name for name in FAMILIES if name in ELSEWHERE]
SEEDS = (1, 2)


@pytest.fixture(scope="module", params=SEEDS)
def portal(request: pytest.FixtureRequest) -> Iterator[SamplePortal]:
    with SamplePortal(0, seed=request.param) as started:
        yield started


def ask(portal: SamplePortal, url: str, data: dict[str, str] | None = None, referer: str = "") -> Answer:
    """Ask for an absolute URL of a replica over 127.0.0.1; `data` goes as a form by POST."""
    parts = urlsplit(url)
    target = quote(parts.path, safe="/%") + (f"?{quote(parts.query, safe='=&%/:+,[]')}" if parts.query else "")
    headers = {"Host": parts.netloc} | ({"Referer": referer} if referer else {})
    body = None if data is None else urlencode(data).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{portal.port}{target}", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return Answer(response.status, response.headers["Content-Type"] or "", response.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers["Content-Type"] or "", error.read())


def words_of(answer: Answer) -> str:
    """The text of a page or a file, without blanks."""
    return text_of(answer.text) if "html" in answer.content_type else text_of_file(answer.body)


@pytest.mark.parametrize("family", FAMILY_NAMES)
def test_every_report_is_served_with_its_figures(portal: SamplePortal, family: str) -> None:
    facts = facts_of(portal, family)
    built = portal.built(portal.replica(family))
    assert built.articles.keys() == {(fact.agency, fact.year) for fact in facts}
    assert len(built.articles) == len(facts) >= 6
    for fact in facts:
        key = fact.agency, fact.year
        page = ask(portal, origin_of(portal, family) + built.articles[key])
        assert page.status == 200
        text = words_of(page)
        if key in built.files:
            text += text_of_file(ask(portal, origin_of(portal, family) + built.files[key]).body)
        assert fact.agency in text
        assert str(fact.year) in text
        cells = "".join(fact.printed[f"applications.results_total.{column}"] for column in APPLICANTS)
        assert f"七)总计{cells}" in text.replace("）", ")")


def links_of(url: str, html: str) -> Iterator[str]:
    """Where the elements of a page lead: links, frames, choices, and a refresh."""
    if not html.strip():
        return
    page = lxml.html.fromstring(re.sub(r"^<\?xml[^>]*>", "", html))
    wanted = "//a/@href | //iframe/@src | //frame/@src | //option[contains(@value, '.')]/@value"
    for link in page.xpath(wanted):
        if not link.startswith(("javascript:", "#", "mailto:")):
            yield urljoin(url, link)
    for content in page.xpath("//meta[@http-equiv]/@content"):
        if "url=" in content.lower():
            yield urljoin(url, re.split("url=", content, flags=re.IGNORECASE)[1])
    if len(html) < 300:
        yield from (urljoin(url, target) for target in SHELL.findall(html))


@pytest.mark.parametrize("family", FAMILY_NAMES)
def test_the_links_of_the_home_page_lead_somewhere(portal: SamplePortal, family: str) -> None:
    home = f"{origin_of(portal, family)}/"
    page = home_of(portal, origin_of(portal, family))
    links = [link for link in links_of(home, page) if link.startswith(home)]
    assert len(links) >= 8
    assert [link for link in links if ask(portal, link).status != 200] == []


Script = Callable[[SamplePortal, str, str], Iterable[str]]


def jpage(portal: SamplePortal, url: str, html: str) -> Iterator[str]:
    """Hanweb: rows in CDATA, the others from dataproxy.jsp by records, or by page where records are ignored."""
    yield from _records(html)
    parameters = _jpage_parameters(url, html)
    if parameters is None:
        return
    target, fields = parameters
    for start in range(1, 200, 30):
        asked = {**fields, "startrecord": str(start), "endrecord": str(start + 29), "perpage": "10"}
        rows = list(_records(ask(portal, f"{target}?{urlencode(asked)}").text))
        if not rows:
            break
        yield from rows
    for page in range(1, 40):
        rows = list(_records(ask(portal, target, {**fields, "page": str(page)}).text))
        if not rows:
            break
        yield from rows


def _records(store: str) -> Iterator[str]:
    for record in re.findall(r"<record><!\[CDATA\[(.*?)\]\]></record>", store, re.DOTALL):
        yield from re.findall(r"""href=['"]([^'"]+)""", record)


def _jpage_parameters(url: str, html: str) -> tuple[str, dict[str, str]] | None:
    group = re.search(r'<nextgroup><!\[CDATA\[<a href="([^"?]+)\?([^"]+)"', html)
    if group:
        return urljoin(url, group[1]), dict(parse_qsl(group[2]))
    proxy = re.search(r"proxyUrl:'([^']+)',ajaxParam:\{([^}]*)\}", html)
    if proxy:
        return urljoin(url, proxy[1]), dict(re.findall(r"(\w+):'?([^,']*)", proxy[2]))
    return None


def xxgk(portal: SamplePortal, url: str, html: str) -> Iterator[str]:
    """Hanweb: agencies from a tree that a script loads, years put into the address, rows by POST from search.jsp."""
    yield from jpage(portal, url, html)
    yield from re.findall(r'\.load\("([^"]+)"\)', html)
    change = re.search(r"location\.href='([^']+fbtime=)'", html)
    if change:
        yield from (change[1] + year for year in re.findall(r'<option value="(\d{4})"', html))
    post = re.search(r'\$\.post\("(\S+)"\+page\+"([^"]+)",(\{.*?\}),', html)
    if post:
        page, count = 1, 1
        while page <= count:
            fragment = ask(portal, urljoin(url, f"{post[1]}{page}{post[2]}"), json.loads(post[3])).text
            yield from re.findall(r'href="([^"]+)"', fragment)
            count = int(re.findall(r"共(\d+)页", fragment)[0])
            page += 1


def unit(portal: SamplePortal, url: str, html: str) -> Iterator[str]:
    """JPaaS: HTML in JSON by the keys of the page's component, in both dialects of paging."""
    for endpoint, query in re.findall(r'unitbuild.js" url="([^"]+)" queryData="([^"]+)"', html):
        keys = json.loads(query.replace("'", '"'))
        before, rows, page = None, [""], 1
        while rows and rows != before:
            before = rows
            asked = {**keys, "pageNo": page, "rows": 8, "paramJson": json.dumps({"pageNo": page, "pageSize": 8})}
            answer = json.loads(ask(portal, urljoin(url, f"{endpoint}?{urlencode(asked)}")).body)
            rows = re.findall(r'href="([^"]+)"', answer["data"]["html"])
            yield from rows
            page += 1


def jsonp(portal: SamplePortal, url: str, html: str) -> Iterator[str]:
    """TrueCMS: addresses in onclick, further rows as JSONP that wants a Referer."""
    yield from re.findall(r"name2\('([^']+)'", html)
    found = re.search(r"proxyUrl:'([^']+)'.*columnId:'([^']+)'", html)
    if found:
        asked = urlencode({"startrecord": 1, "endrecord": 99, "perpage": 33, "columnId": found[2], "callback": "cb"})
        target = f"{urljoin(url, found[1])}?{asked}"
        assert ask(portal, target).status == 404
        answer = ask(portal, target, referer=url)
        if answer.status == 200:
            store = json.loads(answer.text.removeprefix("cb(").removesuffix(")"))["result"]
            yield from re.findall(r"name2\('([^']+)'", store)
            yield from re.findall(r'href="([^"]+)"', store)


def numbered(_: SamplePortal, __: str, html: str) -> Iterator[str]:
    """TRS: list pages by number in three dialects, and files in a script."""
    count = re.search(r"countPage = (\d+)", html) or re.search(r'createPageHTML\((\d+), \d+, "index", "html"\)', html)
    if count:
        yield from (f"index_{number}.html" for number in range(1, int(count[1])))
    for total, name in re.findall(r"createPageHTML\('page_div',(\d+),\d+,'(\w+)','shtml'", html):
        yield from (f"{name}_{number}.shtml" for number in range(2, int(total) + 1))
    yield from re.findall(r"file_appendix='<a href=(\S+?)>", html)


def half_static(portal: SamplePortal, url: str, html: str) -> Iterator[str]:
    """福建: rows by POST, here all at once."""
    yield from numbered(portal, url, html)
    channel, column = re.search(r"searchId: (\d+)", html), re.search(r'"(chnlid=\d+)"', html)
    if channel and column:
        asked = {"channelid": channel[1], "classsql": column[1], "page": "1", "prepage": "99"}
        answer = ask(portal, urljoin(url, "/fjdzapp/search"), {**asked, "sortfield": "-docorderpri,-docreltime"})
        yield from (row["docpuburl"] for row in json.loads(answer.body)["data"])


def engine(portal: SamplePortal, url: str, html: str) -> Iterator[str]:
    """IGS: rows as JSON from the search engine."""
    yield from numbered(portal, url, html)
    for address, counter in re.findall(r'listUrl = "([^"]+)".*?listUrl \+ "&(\w+)="', html, re.DOTALL):
        count, page = 1, 1
        while page <= count:
            answer = json.loads(ask(portal, f"{urljoin(url, address)}&{counter}={page}").body)["page"]
            yield from (row["url"] for row in answer["content"])
            count = answer["totalPages"]
            page += 1


def api(portal: SamplePortal, url: str, html: str) -> Iterator[str]:
    """gkmlpt: every node of the tree, by its pages, until one is missing or empty."""
    found = re.search(r"window._CONFIG=\{\W*SID\W+(\d+).*TREE\W*?:(\[.*\])\};</script>", html)
    if not found:
        return
    nodes = json.loads(found[2])
    while nodes:
        node = nodes.pop()
        nodes += node["children"]
        if node["jump_url"]:
            yield node["jump_url"]
        for page in range(0, 20):
            answer = ask(portal, urljoin(url, f"api/all/{node['id']}?page={page}&sid={found[1]}"))
            rows = json.loads(answer.body)["articles"] if answer.status == 200 else []
            yield from (row["url"] for row in rows)
            if not rows:
                break


def clicked(_: SamplePortal, __: str, html: str) -> Iterator[str]:
    """Shells and tabs: addresses in scripts and attributes."""
    yield from re.findall(r"""location\.replace\("([^"]+)"\)""", html)
    yield from re.findall(r"""window\.open\('([^']+)'""", html)
    yield from re.findall(r"""data-url="([^"]+)\"""", html)


def counted(_: SamplePortal, __: str, html: str) -> Iterator[str]:
    """Hand-made: the number of pages in a script."""
    for count, name, suffix in re.findall(r"totalPage: ?(\d+), .*url: '(\w+)', suffix: '(\w+)'", html):
        yield from (f"{name}_{number}.{suffix}" for number in range(2, int(count) + 1))


# What the scripts of a family's pages would load: URLs that stand in no link of the page itself.
SCRIPTS: dict[str, Script] = {
    "hanweb_jpage": jpage,
    "hanweb_xxgk": xxgk,
    "jpaas": unit,
    "truecms": jsonp,
    "trs": numbered,
    "fujian": half_static,
    "igs": engine,
    "gkmlpt": api,
    "platform_frames": clicked,
    "plain": counted,
}


def walk(portal: SamplePortal, home: str, script: Script) -> set[str]:
    """Every URL of the host that links and scripts lead to, from its home page."""
    seen = {home}
    waiting = [home]
    while waiting:
        url = waiting.pop()
        answer = ask(portal, url)
        if answer.status != 200 or "html" not in answer.content_type:
            continue
        found = {*links_of(url, answer.text), *(urljoin(url, link) for link in script(portal, url, answer.text))}
        new = {link.partition("#")[0] for link in found if link.startswith(home)} - seen
        seen |= new
        waiting += sorted(new)
    return seen


@pytest.mark.parametrize("family", FAMILY_NAMES)
def test_every_report_can_be_reached_from_the_home_page(portal: SamplePortal, family: str) -> None:
    built = portal.built(portal.replica(family))
    origin = origin_of(portal, family)
    reached = walk(portal, f"{origin}/", SCRIPTS.get(family, lambda *_: ()))
    wanted = {origin + path for path in (*built.articles.values(), *built.files.values())}
    assert wanted - reached == set()
    assert (origin + built.column).partition("#")[0] in reached


@pytest.mark.parametrize("family", FAMILY_NAMES)
def test_what_does_not_exist_is_not_found(portal: SamplePortal, family: str) -> None:
    assert ask(portal, f"{origin_of(portal, family)}/no/such/page.html").status == 404


@pytest.fixture
def seeded() -> Iterator[Callable[[int], SamplePortal]]:
    """Starts portals of any seed."""
    with ExitStack() as stack:
        yield lambda seed: stack.enter_context(SamplePortal(0, seed=seed))


def long_column(portal: SamplePortal) -> tuple[str, dict[str, str], int]:
    """Endpoint and parameters of a jpage column that has more rows than its page shows, and how many it shows."""
    for url in sorted(walk(portal, f"{origin_of(portal, 'hanweb_jpage')}/", jpage)):
        html = ask(portal, url).text if "/col/" in url else ""
        counts = re.search(r"totalRecord:(\d+),perPage:(\d+)", html)
        parameters = _jpage_parameters(url, html)
        if parameters and counts and int(counts[1]) > 3 * int(counts[2]):
            return *parameters, 3 * int(counts[2])
    raise AssertionError("all columns are short")


def test_jpage_deployments_differ_in_what_they_honour(seeded: Callable[[int], SamplePortal]) -> None:
    first, deep = {}, {}
    for seed, quirk in enumerate(hanweb_jpage.QUIRKS, len(hanweb_jpage.QUIRKS) - 1):
        portal = seeded(seed)
        target, fields, shown = long_column(portal)
        first[quirk], deep[quirk] = (
            ask(portal, target, {**fields, "startrecord": str(n), "endrecord": str(n + 1), "perpage": "2"}).body
            for n in (1, shown + 1)
        )
    assert [quirk for quirk in first if first[quirk] == deep[quirk]] == ["page_only"]
    assert [quirk for quirk in deep if len(deep[quirk]) == 54] == ["deep_empty"]
    assert [quirk for quirk in first if not first[quirk].startswith(b"<datastore>")] == ["js_text"]


def test_jpaas_that_ignores_paging_repeats_its_first_page(seeded: Callable[[int], SamplePortal]) -> None:
    repeats = []
    for seed in (2, 3, 4):
        portal = seeded(seed)
        origin = origin_of(portal, "jpaas")
        pages = [u for u in walk(portal, f"{origin}/", unit) if 'queryData="' in ask(portal, u).text]
        rows = [list(unit(portal, url, ask(portal, url).text)) for url in pages]
        repeats.append(any(len(set(links)) < len(links) for links in rows))
    assert sorted(repeats) == [False, False, True]


def test_gkmlpt_page_0_is_page_1_and_some_hosts_have_no_page_2(seeded: Callable[[int], SamplePortal]) -> None:
    statuses = set()
    for seed in range(1, 7):
        portal = seeded(seed)
        folder = portal.built(portal.replica("gkmlpt")).column.partition("/index#")[0]
        origin = origin_of(portal, "gkmlpt") + folder
        shell = ask(portal, f"{origin}/index").text
        sid = re.findall(r"SID\W+(\d+)", shell)[0]
        node = re.findall(r'"id": (\d+)[^{}]*?"post_count": [1-9]', shell)[0]
        pages = [ask(portal, f"{origin}/api/all/{node}?page={page}&sid={sid}") for page in (0, 1, 99)]
        assert pages[0] == pages[1]
        assert json.loads(pages[0].body)["articles"]
        statuses.add(pages[2].status)
    assert statuses == {200, 404}


def test_trs_may_lack_a_list_page_that_its_script_counts(seeded: Callable[[int], SamplePortal]) -> None:
    lacking = 0
    for seed in range(1, 7):
        portal = seeded(seed)
        reached = walk(portal, f"{origin_of(portal, 'trs')}/", numbered)
        lists = [url for url in reached if re.search(r"/(index|list|xxgk_list)_\d+\.s?html$", url)]
        lacking += any(ask(portal, url).status == 404 for url in lists)
    assert 0 < lacking < 6


def test_hand_made_pages_declare_a_charset_of_the_gb_family_on_most_hosts(
    seeded: Callable[[int], SamplePortal],
) -> None:
    declared = []
    for seed in range(1, 13):
        portal = seeded(seed)
        home = home_of(portal, origin_of(portal, "plain"))
        assert "首页" in home
        declared += re.findall(r'charset="([\w-]+)"', home)
    assert {"gb2312", "utf-8"} < set(declared)
    assert declared.count("utf-8") < 6


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones() -> None:
    with SamplePortal(0, seed=7) as first:
        port = first.port
        pages = [_column(first, family) for family in FAMILY_NAMES]
    with SamplePortal(port, seed=7) as second:
        assert [_column(second, family) for family in FAMILY_NAMES] == pages
    with SamplePortal(port, seed=8) as third:
        others = [_column(third, family) for family in FAMILY_NAMES]
        assert all(mine != other for mine, other in zip(pages, others, strict=True))


def _column(portal: SamplePortal, family: str) -> bytes:
    built = portal.built(portal.replica(family))
    return ask(portal, origin_of(portal, family) + built.column.partition("#")[0]).body

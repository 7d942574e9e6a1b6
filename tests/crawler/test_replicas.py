"""The seeded replicas over real loopback HTTP: complete, the same for the same seed, and hard in the intended ways."""

import io
import json
import re
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote, urlencode, urljoin, urlsplit

import lxml.html
import pdfplumber
import pytest

from crawler.sample_portal import Fact, SamplePortal, expected
from crawler.sample_portal.families import FAMILIES
from crawler.sample_portal.forms import APPLICANTS

# Tested in test_replicas2.
ELSEWHERE = (
    "hanweb_jpage hanweb_xxgk jpaas truecms trs fujian igs gkmlpt nfcms platform_links platform_selects "
    "platform_frames plain"
).split()
FAMILY_NAMES = [name for name in FAMILIES if name not in ELSEWHERE]
SEEDS = (1, 2)


class Answer(NamedTuple):
    """One answer with its undecoded body."""

    status: int
    content_type: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("gb18030" if re.search(rb'charset="?gb', self.body[:300]) else "utf-8", "replace")


@pytest.fixture(scope="module", params=SEEDS)
def portal(request: pytest.FixtureRequest) -> Iterator[SamplePortal]:
    with SamplePortal(0, seed=request.param) as started:
        yield started


def ask(portal: SamplePortal, url: str, data: bytes | None = None, content_type: str = "") -> Answer:
    """Ask for an absolute URL of a replica over 127.0.0.1."""
    parts = urlsplit(url)
    target = quote(parts.path, safe="/%") + (f"?{quote(parts.query, safe='=&%/:+,')}" if parts.query else "")
    headers = {"Host": parts.netloc} | ({"Content-Type": content_type} if content_type else {})
    request = urllib.request.Request(f"http://127.0.0.1:{portal.port}{target}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return Answer(response.status, response.headers["Content-Type"] or "", response.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers["Content-Type"] or "", error.read())


def origin_of(portal: SamplePortal, family: str) -> str:
    return f"http://{family.replace('_', '-')}-1.gongkai.localhost:{portal.port}"


def facts_of(portal: SamplePortal, family: str) -> list[Fact]:
    return [fact for fact in portal.facts() if fact.portal == f"replica-{family.replace('_', '-')}-1"]


def text_of(html: str) -> str:
    return re.sub(r"\s+", "", lxml.html.fromstring(html).text_content())


def text_of_file(data: bytes) -> str:
    """The text of a Word or PDF file, without blanks."""
    if data.startswith(b"%PDF"):
        with pdfplumber.open(io.BytesIO(data)) as file:
            tables = [row for page in file.pages for table in page.extract_tables() for row in table]
            text = "".join(page.extract_text() for page in file.pages)
        return re.sub(r"\s+", "", text + "".join(cell or "" for row in tables for cell in row))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read("word/document.xml").decode()
    return re.sub(r"<[^>]*>|\s+", "", xml)


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
        text = text_of(page.text)
        if key in built.files:
            text += text_of_file(ask(portal, origin_of(portal, family) + built.files[key]).body)
        assert fact.agency in text
        assert str(fact.year) in text
        cells = "".join(fact.printed[f"applications.results_total.{column}"] for column in APPLICANTS)
        assert f"七)总计{cells}" in text.replace("）", ")")


@pytest.mark.parametrize("family", FAMILY_NAMES)
def test_the_links_of_the_home_page_lead_somewhere(portal: SamplePortal, family: str) -> None:
    home = f"{origin_of(portal, family)}/"
    page = lxml.html.fromstring(home_of(portal, origin_of(portal, family)))
    links = {urljoin(home, a.get("href")) for a in page.iter("a") if a.get("href")}
    own = [link for link in links if link.startswith(home) and not link.startswith("javascript:")]
    assert len(own) >= 8
    assert [link for link in own if ask(portal, link).status != 200] == []


Script = Callable[[SamplePortal, str, str], Iterable[str]]


def numbered_pages(_: SamplePortal, __: str, html: str) -> Iterator[str]:
    """UCAP: createPageHTML('page_div', count, current, 'list', 'shtml', total)."""
    for count, name in re.findall(r"createPageHTML\('page_div',(\d+), \d+,'(\w+)','shtml'", html):
        yield from (f"{name}_{number}.shtml" for number in range(2, int(count) + 1))


def search_list(portal: SamplePortal, url: str, html: str) -> Iterator[str]:
    """UCAP: rows by GET from the endpoint that the page's script names, by channelid."""
    found = re.search(
        r'name="channelid" content="(\w+)".*?getJSON\("([^"]+)" \+ channelId \+ "([^"]+)"', html, re.DOTALL
    )
    if not found:
        return
    for page in range(1, 99):
        answer = ask(portal, urljoin(url, f"{found[2]}{found[1]}{found[3]}{page}"))
        data = json.loads(answer.body)["data"]
        yield from (row["url"] for row in data["results"])
        if page * data["rows"] >= data["total"]:
            return


def post_list(portal: SamplePortal, url: str, html: str) -> Iterator[str]:
    """EWB: rows by POST of JSON, in the dialect that the page's script shows."""
    if "getgovinfolist" not in html:
        return
    number = re.search(r'var categorynum = "(\d+)"', html) or re.search(r"categorynum=(\d+)", url)
    size = re.search(r'"pageSize": (\d+)', html)
    guid = re.search(r'"siteGuid": "([^"]+)"', ask(portal, urljoin(url, "/js/webBuilderCommon.js")).text)
    assert number
    assert size
    assert guid
    older = '"token"' in html
    for page in range(0 if older else 1, 99):
        sent: dict[str, object] = {"deptcode": "", "categorynum": number[1], "siteGuid": guid[1]}
        sent |= {"pageIndex": page, "pageSize": int(size[1])}
        body = json.dumps({"token": "", "params": sent} if older else sent).encode()
        target = urljoin(url, "/EWB-FRONT/rest/lightfrontaction/getgovinfolist")
        rows = json.loads(ask(portal, target, body, "application/json").body)["custom"]["data"]
        yield from (row["infourl"] for row in rows)
        if len(rows) < int(size[1]):
            return


def label_list(portal: SamplePortal, url: str, html: str) -> Iterator[str]:
    """龙讯: rows as fragments of HTML."""
    for label in re.findall(r'labelUrl = "([^"]+)"', html):
        count, page = 1, 1
        while page <= count:
            fragment = ask(portal, urljoin(url, f"{label}&pageIndex={page}")).text
            yield from re.findall(r'href="([^"]+)"', fragment)
            count = int(re.findall(r"pageCount:(\d+)", fragment)[0])
            page += 1


def postbacks(portal: SamplePortal, url: str, html: str) -> Iterator[str]:
    """ASP.NET: the next page by POST of the form, with the hidden fields of the page before."""
    while link := re.search(r"__doPostBack\('([^']+)','(\d+)'\)\">下一页", html):
        form = lxml.html.fromstring(html).forms[0]
        fields = {name: value or "" for name, value in form.fields.items() if name and name.startswith("__")}
        fields |= {"__EVENTTARGET": link[1], "__EVENTARGUMENT": link[2]}
        target = urljoin(url, form.action)
        html = ask(portal, target, urlencode(fields).encode(), "application/x-www-form-urlencoded").text
        assert f"第{link[2]}/" in html
        hrefs = re.findall(r'<p><a href="([^"]+)"', html)
        yield from (urljoin(target, href.replace("&amp;", "&")) for href in hrefs)


def posted_list(portal: SamplePortal, url: str, html: str) -> Iterator[str]:
    """szinf: rows by POST of a form, by channel_id; news columns have UCAP's static pages."""
    yield from numbered_pages(portal, url, html)
    channel = re.search(r'channel_id = "(\w+)"', html)
    endpoint = re.search(r'"(/szinf/[^"]+)"', html)
    if not channel or not endpoint:
        return
    count, page = 1, 1
    while page <= count:
        form = urlencode({"pageIndex": page, "channel_id": channel[1]}).encode()
        target = urljoin(url, endpoint[1])
        data = json.loads(ask(portal, target, form, "application/x-www-form-urlencoded").body)["data"]
        yield from (row["URL"] for row in data["list"])
        count = data["totalPage"]
        page += 1


# What the scripts of a family's pages would load: URLs that stand in no link of the page itself.
SCRIPTS: dict[str, Script] = {
    "ucap_list": numbered_pages,
    "ucap_search": search_list,
    "ewb": post_list,
    "longxun": label_list,
    "aspx_postback": postbacks,
    "szinf": posted_list,
}


SHELL = re.compile(r"(?:replace\('|; url=)([^'\"]+)")


def home_of(portal: SamplePortal, origin: str) -> str:
    """The HTML of the home page, behind whatever leads to it."""
    text = ask(portal, f"{origin}/").text
    shell = SHELL.search(text) if len(text) < 300 else None
    return ask(portal, origin + shell[1]).text if shell else text


def walk(portal: SamplePortal, home: str, script: Script) -> set[str]:
    """Every URL of the host that links and scripts lead to, from its home page."""
    seen = {home}
    waiting = [home]
    while waiting:
        url = waiting.pop()
        page = ask(portal, url)
        if page.status != 200 or "html" not in page.content_type:
            continue
        hrefs = [match.replace("&amp;", "&") for match in re.findall(r'<a [^>]*?href="([^"]+)"', page.text)]
        hrefs += SHELL.findall(page.text) if len(page.text) < 300 else []
        found = {urljoin(url, href).partition("#")[0] for href in [*hrefs, *script(portal, url, page.text)]}
        new = {link for link in found if link.startswith(home)} - seen
        seen |= new
        waiting += sorted(new)
    return seen


@pytest.mark.parametrize("family", FAMILY_NAMES)
def test_every_report_can_be_reached_from_the_home_page(portal: SamplePortal, family: str) -> None:
    built = portal.built(portal.replica(family))
    origin = origin_of(portal, family)
    reached = walk(portal, f"{origin}/", SCRIPTS.get(family, lambda *_: ()))
    assert {origin + path for path in built.articles.values()} - reached == set()
    assert origin + built.column in reached


@pytest.mark.parametrize("family", FAMILY_NAMES)
def test_what_does_not_exist_is_not_found(portal: SamplePortal, family: str) -> None:
    assert ask(portal, f"{origin_of(portal, family)}/no/such/page.html").status == 404


def test_a_postback_with_stale_fields_answers_the_first_page(portal: SamplePortal) -> None:
    origin = origin_of(portal, "aspx_postback")
    built = portal.built(portal.replica("aspx_postback"))
    pages = walk(portal, f"{origin}/", SCRIPTS["aspx_postback"])
    for url in sorted(page for page in pages if urlsplit(page).path == urlsplit(built.column).path):
        first = ask(portal, url)
        if link := re.search(r"__doPostBack\('([^']+)','2'\)", first.text):
            form = {"__EVENTTARGET": link[1], "__EVENTARGUMENT": "2", "__VIEWSTATE": "x"}
            stale = ask(portal, url, urlencode(form).encode(), "application/x-www-form-urlencoded")
            assert stale.body == first.body
            return
    pytest.fail("no column has a second page")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones() -> None:
    with SamplePortal(0, seed=7) as first:
        port = first.port
        pages = [ask(first, f"{origin_of(first, family)}/").body for family in FAMILY_NAMES]
    with SamplePortal(port, seed=7) as second:
        assert [ask(second, f"{origin_of(second, family)}/").body for family in FAMILY_NAMES] == pages
    with SamplePortal(port, seed=8) as third:
        others = [ask(third, f"{origin_of(third, family)}/").body for family in FAMILY_NAMES]
        assert all(mine != other for mine, other in zip(pages, others, strict=True))


def test_the_figures_of_every_fact_add_up() -> None:
    for fact in SamplePortal(0, seed=3, count=40).facts():
        value = {figure: expected(printed) or 0 for figure, printed in fact.printed.items()}
        row = {r: value[f"applications.{r}.total"] for r in ("new_received", "carried_in", "results_total")}
        assert row["new_received"] + row["carried_in"] == row["results_total"] + value["applications.carried_out.total"]


def test_a_catalogue_of_300_hosts_has_no_place_twice_and_leaves_most_columns_empty() -> None:
    with SamplePortal(0, seed=1, count=300) as portal:
        rows = portal.portals()
        assert len({row["name"].partition("人民政府")[0] for row in rows}) == 300
        assert len({row["home_url"] for row in rows}) == 300
        empty = [row for row in rows if not row["column_url"] and not row["platform"]]
        assert len(empty) >= 200
        facts = portal.facts()
        assert len({(fact.agency, fact.year) for fact in facts}) == len(facts)

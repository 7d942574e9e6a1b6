"""The sample portal over real loopback HTTP: its facts hold together, and its pages say what the facts say."""

import gzip
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urljoin

import lxml.html
import pytest

from crawler.platforms.base import Page as CrawledPage
from crawler.platforms.links import links as rows_of_page
from crawler.sample_portal import DocumentsPortal, Fact, SamplePortal, expected, forms, load
from crawler.sample_portal.scripts import mirrored, traditional
from crawler.sample_portal.server import Portal

FACTS = load()
GOLD = {
    ("刚察县人民政府办公室", 2023): "active_disclosure.normative_documents.in_force=15 applications.granted.total=2",
    ("卫滨区人民政府办公室", 2024): "applications.new_received.total=9 review_litigation.litigation_direct.other=1",
    ("衡山县贯塘乡人民政府", 2024): "applications.new_received.total=0",
    ("下冶镇人民政府", 2023): "active_disclosure.administrative_punishment.decisions_this_year=22",
    ("苏州市姑苏区党政办公室", 2024): "applications.carried_out.total=3 applications.other_misc.natural_person=4",
}


def parse(html: str) -> Any:
    """A page as lxml elements, whose stubs know too little of them."""
    return lxml.html.fromstring(html)


class Answer(NamedTuple):
    """One answer with its undecoded body."""

    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(scope="module")
def portal() -> Iterator[SamplePortal]:
    with SamplePortal(0) as started:
        yield started


def ask(
    portal: Portal, host: str, path: str, data: bytes | None = None, method: str | None = None, **headers: str
) -> Answer:
    """Ask `host` (a key such as trs, or a whole name) over 127.0.0.1."""
    name = f"{host}.gongkai.localhost" if host.isalpha() and host != "localhost" else host
    url = f"http://127.0.0.1:{portal.port}{quote(path, safe='/?&=%#.')}"
    sent = {"Host": f"{name}:{portal.port}", **{k.replace("_", "-"): v for k, v in headers.items()}}
    request = urllib.request.Request(url, data, sent, method=method)
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return Answer(response.status, dict(response.headers.items()), response.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, dict(error.headers.items()), error.read())


# -- walking the columns, each as a crawler of that family would ---------------------------------------------------


def trs_rows(portal: Portal, column: str) -> dict[str, str]:
    first = ask(portal, "trs", column).body.decode()
    count = re.search(r"countPage = (\d+)|createPageHTML\((\d+),", first)
    assert count
    rows: dict[str, str] = {}
    for number in range(int(count[1] or count[2])):
        path = urljoin(column, f"index_{number}.html" if number else "index.html")
        page = parse(ask(portal, "trs", path).body.decode())
        links = [a for a in page.iter("a") if re.search(r"/t\d{8}_\d+\.html", a.get("href", ""))]
        assert len(links) <= 10
        rows |= {urljoin(path, a.get("href")): a.text_content().strip() for a in links}
    return rows


def hanweb_records(text: str) -> dict[str, str]:
    rows: dict[str, str] = {}
    for record in re.findall(r"<record><!\[CDATA\[(.*?)\]\]></record>", text, re.DOTALL):
        (link,) = parse(record).iter("a")
        rows[link.get("href")] = link.get("title") or link.text_content()
    return rows


def hanweb_query(start: int, end: int) -> str:
    fields = {"col": 1, "appid": 1, "webid": 110, "path": "/", "columnid": 12377, "unitid": 38486}
    return urlencode({"startrecord": start, "endrecord": end, "perpage": 5, **fields})


def hanweb_rows(portal: Portal) -> dict[str, str]:
    rows = hanweb_records(ask(portal, "hanweb", "/col/col12377/index.html").body.decode("gb18030"))
    assert len(rows) == 15
    for start in (16, 31):
        path = f"/module/web/jpage/dataproxy.jsp?{hanweb_query(start, start + 14)}"
        rows |= hanweb_records(ask(portal, "hanweb", path).body.decode())
    return rows


def gkmlpt_rows(portal: Portal) -> dict[str, str]:
    rows: dict[str, str] = {}
    page = 1
    while articles := gkmlpt_page(portal, page):
        rows |= {article["url"].partition(f":{portal.port}")[2]: article["title"] for article in articles}
        page += 1
    assert page > 3
    return rows


def gkmlpt_page(portal: Portal, page: int) -> list[dict[str, str]]:
    answer = ask(portal, "gkmlpt", f"/gkmlpt/api/all/21023?page={page}&sid=755041")
    articles: list[dict[str, str]] = json.loads(answer.body)["articles"]
    return articles


def mirror_rows(portal: Portal) -> dict[str, str]:
    rows: dict[str, str] = {}
    path: str | None = "/zwgk/zfxxgk/zfxxgknb/index.html"
    while path:
        page = parse(ask(portal, "mirror", path).body.decode())
        rows |= {a.get("href"): a.text_content() for a in page.xpath("//li/a")}
        path = next((a.get("href") for a in page.iter("a") if a.text_content() == "下一页"), None)
    return rows


def rows_of(portal: Portal, host: str) -> dict[str, str]:
    """All rows of a host's columns: path to title."""
    if host == "trs":
        return trs_rows(portal, "/zwgk/zfxxgk/zfxxgknb/index.html") | trs_rows(portal, "/zwgk/zfxxgk/xzndbg/index.html")
    return {"hanweb": hanweb_rows, "gkmlpt": gkmlpt_rows, "mirror": mirror_rows}[host](portal)


def shown_title(fact: Fact, host: str) -> str:
    if host == "mirror":
        return mirrored(fact.title)
    return traditional(fact.title) if fact.style == "traditional" else fact.title


def page_of(portal: Portal, fact: Fact, host: str) -> str:
    (path,) = [p for p, title in rows_of(portal, host).items() if title == shown_title(fact, host)]
    return ask(portal, host, path).body.decode("gb18030" if host == "hanweb" else "utf-8")


# -- the facts -----------------------------------------------------------------------------------------------------


def number(fact: Fact, figure: str) -> Decimal:
    return expected(fact.printed[figure]) or Decimal(0)


def test_facts_are_complete() -> None:
    assert len(FACTS) >= 45
    assert len({fact.agency for fact in FACTS}) >= 14
    assert len({(fact.agency, fact.year) for fact in FACTS}) == len(FACTS) == len({fact.number for fact in FACTS})
    assert {len(fact.printed) for fact in FACTS if fact.form == "f2021"} == {200}
    assert {len(fact.printed) for fact in FACTS if fact.form == "f2019"} == {198}
    assert sum("mirror" in fact.mirrors for fact in FACTS) == 2


@pytest.mark.parametrize("key", GOLD)
def test_reports_with_real_figures(key: tuple[str, int]) -> None:
    (fact,) = [f for f in FACTS if (f.agency, f.year) == key]
    for pair in GOLD[key].split():
        figure, _, value = pair.partition("=")
        assert fact.printed[figure] == value


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.agency}{fact.year}")
def test_sum_rules(fact: Fact) -> None:
    for row in forms.application_rows(fact.form):
        *addends, total = (f"applications.{row}.{applicant}" for applicant in forms.APPLICANTS)
        if fact.printed[total]:
            assert sum(number(fact, a) for a in addends) == number(fact, total), row
    for applicant in list(forms.APPLICANTS)[:-1]:
        column = {row: number(fact, f"applications.{row}.{applicant}") for row in forms.application_rows(fact.form)}
        assert sum(column[row] for row in forms.result_rows(fact.form)) == column["results_total"]
        assert column["new_received"] + column["carried_in"] == column["results_total"] + column["carried_out"]
    for case in forms.CASES:
        *addends, total = (f"review_litigation.{case}.{outcome}" for outcome in forms.OUTCOMES)
        assert sum(number(fact, a) for a in addends) == number(fact, total)


def test_years_follow_from_each_other() -> None:
    reports = {(fact.agency, fact.year): fact for fact in FACTS}
    later = [fact for fact in FACTS if (fact.agency, fact.year - 1) in reports]
    pairs = [(reports[fact.agency, fact.year - 1], fact) for fact in later]
    assert len(pairs) > 25
    stock = "active_disclosure.normative_documents."
    for before, after in pairs:
        for applicant in forms.APPLICANTS:
            carried = number(before, f"applications.carried_out.{applicant}")
            assert carried == number(after, f"applications.carried_in.{applicant}"), after.agency
        moved = number(after, stock + "issued_this_year") - number(after, stock + "abolished_this_year")
        assert number(before, stock + "in_force") + moved == number(after, stock + "in_force"), after.agency


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("0", "0"),
        ("1,234", "1234"),
        ("43.788", "43.788"),
        ("1,276.5534", "1276.5534"),
        ("24.5万元", "24.5"),
        ("386500元", "386500"),
        ("-35", "-35"),
        ("+3", "3"),
        ("增12", "12"),
        ("减3", "-3"),
    ],
)
def test_expected_number(printed: str, value: str) -> None:
    assert expected(printed) == Decimal(value)


@pytest.mark.parametrize("printed", ["", "\u00a0", "/", "-", "—"])
def test_expected_nothing(printed: str) -> None:
    assert expected(printed) is None


def test_expected_refuses_words() -> None:
    with pytest.raises(ValueError, match="not a printed figure"):
        expected("若干")


# -- the pages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["trs", "hanweb", "gkmlpt", "mirror"])
def test_paging_reaches_every_report(portal: SamplePortal, host: str) -> None:
    titles = set(rows_of(portal, host).values())
    facts = [f for f in FACTS if f.portal == host or host in f.mirrors]
    assert facts
    assert {shown_title(fact, host) for fact in facts} <= titles
    assert len(titles) > len(facts), "other documents stand in the column too"


def tables_of(html: str) -> list[list[list[str]]]:
    """The cell texts of the statutory tables, row by row, without whitespace; nested markup is joined."""
    tables = [[tr.xpath("./td|./th") for tr in table.iter("tr")] for table in parse(html).iter("table")]
    rows = [[["".join(cell.text_content().split()) for cell in row] for row in table] for table in tables]
    start = next(i for i, table in enumerate(rows) if "第二十条" in table[0][0] or "第二十條" in table[0][0])
    return rows[start:]


def same_label(shown: str, label: str, host: str, fact: Fact) -> bool:
    if host == "mirror":
        label = mirrored(label)
    elif fact.style == "traditional":
        label = traditional(label)
    fold = str.maketrans("（）：，", "():,")
    return "".join(shown.split()).translate(fold) == "".join(label.split()).translate(fold)


def check_tables(fact: Fact, html: str, host: str) -> None:
    disclosure, *rest, cases = tables_of(html)
    columns = forms.disclosure_columns(fact.form)
    extra = [""] if "extra_column" in fact.quirks else []
    printed = [[fact.printed[f"active_disclosure.{row}.{c}"] for c in columns[row]] + extra for row in columns]
    heads = ("信息内容", "信息內容", mirrored("信息内容"), "第二十")
    assert [row[1:] for row in disclosure if not row[0].startswith(heads)] == printed

    rows = [row for table in rest for row in table][3:]
    names = forms.application_rows(fact.form)
    printed = [[fact.printed[f"applications.{name}.{a}"] for a in forms.APPLICANTS] for name in names]
    assert [row[-7:] for row in rows] == printed
    labels = {**forms.RECEIVED, **forms.RESULTS_TOTAL, **forms.CARRIED_OUT}
    for _, group in forms.result_groups(fact.form):
        labels |= group
    for name, row in zip(names, rows, strict=True):
        assert same_label(row[-8], labels[name], host, fact), row

    figures = [f"review_litigation.{case}.{outcome}" for case in forms.CASES for outcome in forms.OUTCOMES]
    assert cases[-1] == [fact.printed[figure] for figure in figures]


@pytest.mark.parametrize("host", ["trs", "hanweb", "gkmlpt", "mirror"])
def test_every_page_prints_its_facts(portal: SamplePortal, host: str) -> None:
    paths = {title: path for path, title in rows_of(portal, host).items()}
    for fact in FACTS:
        if fact.portal == host or host in fact.mirrors:
            body = ask(portal, host, paths[shown_title(fact, host)]).body
            html = body.decode("gb18030" if host == "hanweb" else "utf-8")
            check_tables(fact, html, host)
            if host != "mirror" and fact.style != "traditional":
                assert fact.agency in html
                assert "".join(f"统计期限自{fact.year}年1月1日起至{fact.year}年12月31日止".split()) in text_of(html)


def text_of(html: str) -> str:
    return "".join(parse(html).text_content().split())


def fact_of(agency: str, year: int) -> Fact:
    (fact,) = [f for f in FACTS if (f.agency, f.year) == (agency, year)]
    return fact


def test_word_made_page_breaks_its_table(portal: SamplePortal) -> None:
    html = page_of(portal, fact_of("卫滨区人民政府办公室", 2024), "trs")
    _, first, second, _ = tables_of(html)
    assert "<o:p>" in html
    assert "商业</span>" not in html
    assert second[0][0].startswith("5.要求行政机关确认")
    assert second[1][0] == "(六)其他处理"
    assert len(first) + len(second) == 28


def test_gb2312_declared_page_is_gb18030(portal: SamplePortal) -> None:
    fact = fact_of("衡山县贯塘乡人民政府", 2024)
    (path,) = [p for p, title in hanweb_rows(portal).items() if title == fact.title]
    answer = ask(portal, "hanweb", path)
    assert answer.headers["Content-Type"] == "text/html"
    assert b"charset=gb2312" in answer.body
    assert fact.agency in answer.body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("gb2312")
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")


def test_traditional_page(portal: SamplePortal) -> None:
    html = page_of(portal, fact_of("下冶镇人民政府", 2023), "trs")
    assert '<meta name="SiteName" content="青禾縣人民政府">' in html
    assert "下冶鎮人民政府2023年政府信息公開工作年度報告" in html
    assert not re.search(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔù]+\)", html.partition('<div class="content">')[2])


def test_mirror_annotates_and_loses_its_step(portal: SamplePortal) -> None:
    html = page_of(portal, fact_of("苏州市姑苏区党政办公室", 2024), "mirror")
    assert "蘇州市姑蘇區(qū)黨政辦公室" in html
    assert len(re.findall(r"[\u4e00-\u9fff]\([a-zāáǎàēéěèīíǐìōóǒòūúǔù]+\)", html)) > 100
    copy = page_of(portal, fact_of("青禾县财政局", 2023), "mirror")
    assert "?nèi)" in copy, "a hit across two characters"
    assert mirrored("面向对象则是") == "面向?qū)ο髣t是"


def test_mirror_keeps_the_paths_of_its_originals(portal: SamplePortal) -> None:
    originals = rows_of(portal, "trs")
    copied = [f for f in FACTS if "mirror" in f.mirrors]
    for fact in copied:
        (path,) = [p for p, title in mirror_rows(portal).items() if title == mirrored(fact.title)]
        assert originals[path] == fact.title


def test_hanweb_cuts_titles_and_omits_some(portal: SamplePortal) -> None:
    column = ask(portal, "hanweb", "/col/col12377/index.html").body.decode("gb18030")
    links = [parse(r).find(".//a") for r in re.findall(r"CDATA\[\s*(<li.*?)\]\]", column, re.DOTALL)]
    for link in links:
        assert link is not None
        text = link.text_content()
        title = link.get("title")
        assert not text.endswith("...") or (title and title.startswith(text[:-3]))
    assert {link.get("title") is None for link in links if link is not None} == {True, False}


def test_hanweb_endpoint_takes_get_and_post(portal: SamplePortal) -> None:
    path = "/module/web/jpage/dataproxy.jsp"
    got = ask(portal, "hanweb", f"{path}?{hanweb_query(16, 30)}")
    posted = ask(portal, "hanweb", path, hanweb_query(16, 30).encode())
    mixed = ask(portal, "hanweb", f"{path}?startrecord=16&endrecord=30&perpage=5", b"columnid=12377&unitid=38486")
    assert got.body == posted.body == mixed.body
    assert b"<totalrecord>32</totalrecord><totalpage>7</totalpage>" in got.body
    assert b"appid=1&appid=1" in got.body
    assert not hanweb_records(ask(portal, "hanweb", f"{path}?startrecord=1&endrecord=15&columnid=1").body.decode())


def test_gkmlpt_page_zero_is_page_one(portal: SamplePortal) -> None:
    assert gkmlpt_page(portal, 0) == gkmlpt_page(portal, 1)
    assert gkmlpt_page(portal, 99) == []
    index = ask(portal, "gkmlpt", "/gkmlpt/index").body.decode()
    assert re.search(r"window\._CONFIG=\{SID:'755041'", index)
    assert '"id": 21023, "name": "政府信息公开年报"' in index


def test_deleted_document_answers_200(portal: SamplePortal) -> None:
    (path,) = [p for p, title in rows_of(portal, "trs").items() if "审计局" in title]
    assert ask(portal, "trs", path).body == b'<meta http-equiv="refresh" content="0;URL=../" />'


def test_private_link_is_disallowed(portal: SamplePortal) -> None:
    assert b"Disallow: /private/" in ask(portal, "trs", "/robots.txt").body
    assert b'href="/private/nb2024.html"' in ask(portal, "trs", "/zwgk/zfxxgk/zfxxgknb/").body


# -- HTTP ----------------------------------------------------------------------------------------------------------


def test_two_starts_serve_the_same_bytes(portal: SamplePortal) -> None:
    with SamplePortal(0) as again:
        for host in ("trs", "hanweb", "mirror"):
            for path in list(rows_of(portal, host))[:12]:
                assert ask(portal, host, path)[2] == ask(again, host, path)[2]


def test_conditional_get(portal: SamplePortal) -> None:
    path = next(iter(hanweb_rows(portal)))
    first = ask(portal, "hanweb", path)
    assert first.headers["Content-Length"] == str(len(first.body))
    same = ask(portal, "hanweb", path, If_None_Match=first.headers["ETag"])
    assert (same.status, same.body) == (304, b"")
    assert ask(portal, "hanweb", path, If_Modified_Since=first.headers["Last-Modified"]).status == 304
    assert ask(portal, "hanweb", path, If_None_Match='"other"').status == 200
    assert ask(portal, "hanweb", path, If_Modified_Since="Sat, 01 Jan 2000 00:00:00 GMT").status == 200


def test_gzip_and_head(portal: SamplePortal) -> None:
    path = "/zwgk/zfxxgk/zfxxgknb/index.html"
    packed = ask(portal, "trs", path, Accept_Encoding="gzip, deflate")
    plain = ask(portal, "trs", path)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["ETag"] != plain.headers["ETag"]
    head = ask(portal, "trs", path, method="HEAD")
    assert (head.body, head.headers["Content-Length"]) == (b"", str(len(plain.body)))


def test_hosts_and_log(portal: SamplePortal) -> None:
    assert ask(portal, "elsewhere.example", "/", User_Agent="tester/1").status == 404
    last = portal.log[-1]
    assert (last.host, last.method, last.path, last.status) == ("elsewhere.example", "GET", "/", 404)
    assert last.user_agent == "tester/1"
    assert b"trs.gongkai.localhost" in ask(portal, "127.0.0.1", "/").body
    for row in portal.portals():
        host = row["home_url"].removeprefix("http://").partition(":")[0]
        path = row["column_url"].partition(f":{portal.port}")[2].partition("#")[0]
        assert ask(portal, host, path).status == 200
    assert [row["trust"] for row in portal.portals()] == ["", "", "", "", "mirror"]


def test_busy_port_is_an_error(portal: SamplePortal) -> None:
    with pytest.raises(OSError, match="in use"):
        SamplePortal(portal.port).start()


def test_portal_starts_again() -> None:
    portal = SamplePortal(0)
    for _ in range(2):
        with portal:
            assert ask(portal, "trs", "/robots.txt").status == 200
    portal.stop()
    assert len(portal.log) == 2


# -- a folder of documents -----------------------------------------------------------------------------------------


def test_documents_portal(tmp_path: Path) -> None:
    report = "\n\n青禾县财政局2023年政府信息公开工作年度报告\n正文".encode("gb18030")
    (tmp_path / "a b.txt").write_bytes(report)
    (tmp_path / "页面.html").write_text("<html><title>某局2022年政府信息公开年报</title></html>", encoding="utf-8")
    (tmp_path / "扫描.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / ".hidden").write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    with DocumentsPortal(tmp_path, 0) as portal:
        listing = parse(ask(portal, "127.0.0.1", "/").body.decode())
        links = {a.get("href"): a.text_content() for a in listing.iter("a")}
        assert listing.findtext(".//title") == "政府信息公开年报"
        assert links == {
            "/documents/a%20b.txt": "青禾县财政局2023年政府信息公开工作年度报告",
            f"/documents/{quote('页面.html')}": "某局2022年政府信息公开年报",
            f"/documents/{quote('扫描.pdf')}": "扫描.pdf",
        }
        served = ask(portal, "localhost", "/documents/a%20b.txt")
        assert (served.headers["Content-Type"], served.body) == ("text/plain", report)
        assert ask(portal, "127.0.0.1", "/documents/.hidden").status == 404
        assert ask(portal, "127.0.0.1", "/documents/../folder").status == 404
        (row,) = portal.portals()
        assert (row["platform"], row["column_url"]) == ("", f"http://127.0.0.1:{portal.port}/")


def test_documents_portal_says_when_a_file_was_changed(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("某局2023年政府信息公开年报", encoding="utf-8")
    os.utime(file, (1_700_000_000, 1_700_000_000))
    with DocumentsPortal(tmp_path, 0) as portal:
        listed = ask(portal, "127.0.0.1", "/").body.decode()
        served = ask(portal, "127.0.0.1", "/documents/a.txt")
        assert "年报</a> <span>2023-11-14 22:13:20</span></li>" in listed
        assert served.headers["Last-Modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
        (row,) = rows_of_page(CrawledPage("http://127.0.0.1/", listed))
        assert (row.title, row.date) == ("某局2023年政府信息公开年报", "2023-11-14 22:13:20")
        os.utime(file, (1_750_000_000, 1_750_000_000))
        assert "<span>2025-06-15 15:06:40</span>" in ask(portal, "127.0.0.1", "/").body.decode()

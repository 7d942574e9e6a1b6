"""Real list pages, answers and article heads of portals, each read by its platform; one of them crawled as it is."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from crawler import platforms
from crawler.judging import promise_of
from crawler.platforms import PLATFORMS, Listing, Page
from crawler.platforms.base import Step
from crawler.sample_portal import load
from crawler.sample_portal.documents import report
from pipelines.decode import decode
from pipelines.documents.html import read_html
from pipelines.normalize import repair
from pipelines.refuse import challenge
from tests.conftest import ROOT, run
from tests.servers import Answer, Server

SAMPLES = ROOT.parent / "shared" / "portal-samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real samples are not beside this checkout")


def text(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


def listed(name: str, url: str) -> tuple[list[str], Listing]:
    """Names of the platforms that recognise a sample, and what it lists."""
    page = Page(url, text(name))
    return [platform.name for platform in platforms.recognise(page)], platforms.read(page)


def answered(name: str, platform: str, url: str, **state: str) -> Listing:
    """What a platform makes of a sample as the answer to a request of its own."""
    return platforms.read(Page(url, text(name), 200, Step(url, state=state, platform=platform)))


def test_the_real_column_gives_exactly_its_four_reports_each_to_its_own_agency(tmp_path: Path) -> None:
    told = {
        "202009/t20200903_2748784": ("鄂尔多斯市人民政府", 2019),
        "202003/t20200311_2593126": ("鄂尔多斯市人民政府办公室", 2019),
        "201905/t20190530_2380968": ("鄂尔多斯市人民政府", 2018),
        "201905/t20190530_2380967": ("内蒙古自治区人民政府", 2018),
    }
    fact = next(fact for fact in load() if fact.style == "clean" and not fact.quirks and not fact.mirrors)
    answers = {"/xxgk/xxgknb/index.html": Answer(text("trs_ordos_egb_xxgknb_list.html").encode())}
    for path, (agency, year) in told.items():
        document = report(replace(fact, agency=agency, year=year))
        page = f"<html><head><title>{document.title}</title></head><body>{document.body}</body></html>"
        answers[f"/xxgk/xxgknb/{path}.html"] = Answer(
            page.encode(), headers={"Content-Type": "text/html; charset=utf-8"}
        )
    with Server(answers) as server:
        portals = tmp_path / "portals.csv"
        column = server.url("/xxgk/xxgknb/index.html")
        portals.write_text(
            "portal_id,name,division_code,home_url,column_url,platform\n"
            f"egb,恩格贝生态示范区,,{server.url('/')},{column},\n", encoding="utf-8",
        )  # fmt: skip
        fast = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "RETRY_TIMES=0")
        run("gongkai", "crawl", "--portals", portals, "--archive", tmp_path / "archive.db", *fast, cwd=tmp_path)
        articles = [path for path in server.log if "/t20" in path]
    assert sorted(articles) == sorted(f"/xxgk/xxgknb/{path}.html" for path in told)
    with sqlite3.connect(tmp_path / "archive.db") as db:
        assert sorted(db.execute("SELECT agency, year FROM reports")) == sorted(told.values())


def test_trs_column_of_pingtan_goes_on_in_a_search() -> None:
    names, listing = listed("trs_pingtan_zfxxgknb_list.excerpt.html", "http://www.pingtan.gov.cn/zwgk/zfxxgk/zfxxgknb/")
    assert names[0] == "fujian"
    reports = [row for row in listing.rows if (found := promise_of(row, "annual")) and found.kind == "report"]
    assert [row.date for row in reports] == ["2019-01-10", "2018-01-23", "2017-01-18"]
    (step,) = listing.further
    assert (step.method, step.url) == ("POST", "http://www.pingtan.gov.cn/fjdzapp/search")
    assert "channelid=200210&classsql=chnlid%3D1813&sortfield=-docorderpri%2C-docreltime&page=1" in step.body


def test_trs_table_list_of_handan() -> None:
    _, listing = listed("trs_handan_xxgk_table_list.saved.html", "http://hdzfxxgk.hd.gov.cn/gszbm/")
    (row,) = (row for row in listing.rows if "/auto23716/202008/t20" in row.url)
    assert row.title
    assert row.date.startswith("2020-08")


@pytest.mark.parametrize("name", ["trs_handan_xxgk_detail.saved.html", "trs_handan_xxgk_guide_page.saved.html"])
def test_trs_articles_of_handan_are_read_and_promise_no_report(name: str) -> None:
    document = read_html(text(name), "http://hdzfxxgk.hd.gov.cn/gszbm/202008/t1.html")
    assert document.paragraphs
    _, listing = listed(name, "http://hdzfxxgk.hd.gov.cn/gszbm/202008/t1.html")
    assert not [row for row in listing.rows if (found := promise_of(row, "open")) and found.kind == "report"]


def test_the_head_of_an_article_of_the_ministry_of_ecology() -> None:
    metas = read_html(text("mee_article_head.html"), "http://www.mee.gov.cn/x.shtml").metas
    assert metas["articletitle"] == "生态环境部一周要闻（4.10-4.16）"
    assert (metas["pubdate"], metas["siteidcode"]) == ("2022-04-17 14:46:00", "bm17000009")
    assert "keywords" not in metas


def test_the_stub_of_a_deleted_document_is_one() -> None:
    assert challenge(text("pingtan_deleted_doc_stub.html")) == "a stub that only forwards elsewhere"


@pytest.mark.parametrize(
    ("name", "url", "rows", "first"),
    [
        ("hanweb_shandong_kjt_col103585.html", "http://kjt.shandong.gov.cn/col/col103585/index.html", 2,
         ("http://kjt.shandong.gov.cn/art/2026/9/4/art_103585_10328790.html", "2026-09-04")),
        ("hanweb_jiangsu_col33718.html", "http://www.jiangsu.gov.cn/col/col33718/index.html", 2,
         ("http://www.jiangsu.gov.cn/art/2026/9/11/art_33718_11828204.html", "2026-09-11")),
        ("hanweb_dingxi_dataproxy.xml", "http://www.dingxi.gov.cn/col/col12377/index.html", 4,
         ("http://www.dingxi.gov.cn/art/2022/1/20/art_12377_1486865.html", "2022-01-20")),
        ("hanweb_nantong_2017_datastore.xml", "http://www.nantong.gov.cn/col/col31685/index.html", 1,
         ("http://www.nantong.gov.cn/art/2017/4/24/art_31685_2451995.html", "")),
    ],
)  # fmt: skip
def test_hanweb_stores(name: str, url: str, rows: int, first: tuple[str, str]) -> None:
    names, listing = listed(name, url)
    assert names[0] == "hanweb"
    articles = [row for row in listing.rows if "/art/" in row.url]
    assert len(articles) == rows
    assert (articles[0].url, articles[0].date) == first
    assert not any(row.title.endswith("...") for row in articles)


def test_hanweb_of_jiangsu_and_nantong_says_how_to_go_on() -> None:
    _, jiangsu = listed("hanweb_jiangsu_col33718.html", "http://www.jiangsu.gov.cn/col/col33718/index.html")
    assert jiangsu.further[0].url.startswith(
        "http://www.jiangsu.gov.cn/module/web/jpage/dataproxy.jsp?startrecord=3&endrecord=59&perpage=19"
    )
    assert "columnid=33718" in jiangsu.further[0].url
    _, nantong = listed("hanweb_nantong_2017_datastore.xml", "http://www.nantong.gov.cn/col/col31685/index.html")
    assert "/module/jslib/jquery/jpage/dataproxy.jsp?" in nantong.further[0].url
    assert "path=%2F&" in nantong.further[0].url


def test_jpaas_unit_of_pingliang() -> None:
    listing = answered(
        "jpaas_pingliang_unit_response.html", "jpaas", "http://www.pingliang.gov.cn/unit", unit="u", query="[]",
        column="http://www.pingliang.gov.cn/zfxxgk/", size="15", number="1", mode="json", first="",
    )  # fmt: skip
    assert [row.date for row in listing.rows] == ["2026-03-07", "2025-12-30"]
    assert "\n" not in listing.rows[1].title
    assert listing.rows[1].title.endswith("信息价格的通知")


def test_ucap_answer_of_csrc() -> None:
    url = "http://www.csrc.gov.cn/searchList/a1a078ee0bc54721ab6b148884c784a8"
    listing = answered(
        "ucap_csrc_searchList.json", "ucap", url, service=url, query="_pageSize=18", column=url, number="1"
    )
    assert [(row.url, row.date) for row in listing.rows] == [
        ("http://www.csrc.gov.cn/csrc/c100028/c7661513/content.shtml", "2026-09-28"),
        ("http://www.csrc.gov.cn/csrc/c100028/c7659506/content.shtml", "2026-09-18"),
    ]
    assert "page=2" in listing.further[0].url


def test_szinf_answer_of_suzhou() -> None:
    url = "http://www.suzhou.gov.cn/szinf/xxgk/interfacesWebZcwj/loadData?pageSize=15"
    listing = answered(
        "suzhou_szinf_loadData.json", "szinf", url, service=url, channel="c", column="http://x/", number="1"
    )
    # The values of the sample are elided; its shape is what counts.
    assert [(row.title, row.date) for row in listing.rows] == [("...", "2024-01-15")]
    assert listing.further[0].body == "pageIndex=2&channel_id=c"


def test_gkmlpt_answer_of_zhaoqing() -> None:
    url = "https://www.zhaoqing.gov.cn/zqhjj/gkmlpt/api/all/21023"
    listing = answered(
        "gkmlpt_zhaoqing_api_all_21023.json", "gkmlpt", url,
        api="all", home="https://www.zhaoqing.gov.cn/zqhjj", node="21023", sid="1", page="1", have="0",
    )  # fmt: skip
    assert [(row.url, row.date, row.publisher) for row in listing.rows] == [
        ("https://www.zhaoqing.gov.cn/zqhjj/gkmlpt/content/3/3255/post_3255421.html", "2026-07-07", "肇庆市生态环境局")
    ]


@pytest.mark.parametrize(
    ("name", "url", "first"),
    [
        ("vsb_shangluo_list_p1.html", "http://www.shangluo.gov.cn/zjj/index/tzgg.htm", "5795"),
        ("vsb_shangluo_list_tzgg_6.html", "http://www.shangluo.gov.cn/zjj/index/tzgg/6.htm", "5195"),
    ],
)
def test_vsb_lists_of_shangluo(name: str, url: str, first: str) -> None:
    names, listing = listed(name, url)
    assert names[0] == "vsb"
    assert listing.rows[0].url == f"http://www.shangluo.gov.cn/zjj/info/1033/{first}.htm"
    assert all(row.date for row in listing.rows)


def test_vsb_article_that_is_only_a_pdf() -> None:
    document = read_html(text("vsb_shangluo_detail_pdf_only.html"), "http://www.shangluo.gov.cn/zjj/info/1033/5685.htm")
    (attachment,) = document.attachments
    assert attachment.url.endswith("virtual_attach_file.vsb?afc=encoded&oid=1985101194&tid=1033&nid=5685&e=.pdf")
    names, _ = listed("vsb_shangluo_detail_pdf_only.html", "http://www.shangluo.gov.cn/zjj/info/1033/5685.htm")
    assert names[0] == "vsb"


def test_texts_of_rogue_mirrors_are_repaired_where_that_can_be_done() -> None:
    samples = text("mojibake_samples.txt").split("\n[")
    by_mark = {sample.partition("]")[0].lstrip("["): sample.partition("\n")[2] for sample in samples[1:]}
    assert {"A-large", "A-mid", "A-small"} <= set(by_mark)
    for mark in ("A-large", "A-mid"):
        before, after = by_mark[mark], repair(decode(by_mark[mark].encode(), "text/plain; charset=utf-8")).text
        assert before.count("ǎ") + before.count("ù") + before.count("ì") > 0
        assert len(re.findall(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùü]+\)", after)) * 10 <= before.count("(")


def test_every_sample_is_looked_at_here() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [path.name for path in SAMPLES.iterdir() if path.name not in source and path.name != "MANIFEST.md"] == []
    assert set(PLATFORMS) >= {"trs", "hanweb", "fujian", "vsb", "jpaas", "ucap", "szinf", "gkmlpt"}

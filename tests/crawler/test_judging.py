"""What links promise, by their words and where they stand; and which addresses mean the same page."""

from __future__ import annotations

import pytest

from crawler.addresses import is_upward, key_of, same_site
from crawler.judging import STRONG, Promise, Setting, promise_of
from crawler.platforms import Row


def judged(title: str, setting: Setting, url: str = "http://x.gov.cn/a/b.html", date: str = "") -> Promise | None:
    return promise_of(Row(url, title, date), setting)


@pytest.mark.parametrize(
    "title",
    [
        "某县财政局2023年政府信息公开工作年度报告",
        "2022年度政府信息公开工作年度报告",
        "某县2021年政府信息公开年报",
        "欧庙镇2024年政府信息公开年度工作报告",
        "某县二〇二三年政府信息公开工作年度报告",
    ],
)
@pytest.mark.parametrize("setting", ["open", "disclosure", "annual"])
def test_a_title_of_a_report_is_one_wherever_it_stands(title: str, setting: Setting) -> None:
    promise = judged(title, setting)
    assert promise is not None
    assert (promise.kind, promise.setting) == ("report", "annual")


@pytest.mark.parametrize(
    "title",
    [
        "政府信息公开年报", "信息公开年度报告", "政府信息公开工作年度报告", "年报", "公开年报", "部门年报", "工作年报",
        "各部门政府信息公开年报", "2019-2024年度报告", "乡镇街道年报",
    ],
)  # fmt: skip
def test_names_of_the_column(title: str) -> None:
    promise = judged(title, "disclosure")
    assert promise is not None
    assert (promise.kind, promise.setting) == ("column", "annual")
    assert promise.score >= STRONG


@pytest.mark.parametrize(
    "title",
    [
        "企业年报公示", "法治政府建设年度报告", "政府网站工作年度报表", "统计年报", "财政预决算", "政府工作报告",
        "2023年度考核",
        "某县召开2023年度政府信息公开年度报告编制工作会议", "某县2023年政府信息公开年报解读", "下一页", "首页", "3",
        "关于规范某县2023年政府信息公开工作年度报告格式的通知", "恩格贝生态示范区召开目标责任制考核表彰大会",
        "2016，恩格贝，精彩继续！", "一图读懂示范区2017年重点工作",
    ],
)  # fmt: skip
@pytest.mark.parametrize("setting", ["open", "disclosure", "annual"])
def test_look_alikes_are_not_followed(title: str, setting: Setting) -> None:
    promise = judged(title, setting, date="2024-01-02")
    assert promise is None or promise.kind == "distractor"


@pytest.mark.parametrize(
    "title", ["2023年", "2023", "2022年度", "财政局", "白石镇人民政府", "市直部门", "乡镇（街道）", "往年"]
)
def test_years_and_bodies_mean_something_only_inside_a_column(title: str) -> None:
    inside = judged(title, "annual")
    assert inside is not None
    assert inside.kind == "column"
    outside = judged(title, "open")
    assert outside is None or outside.score < STRONG
    shown = promise_of(Row("http://x.gov.cn/czj/", "财政局"), "annual", shown=True)
    assert shown is None or shown.score < STRONG


def test_ways_are_ranked() -> None:
    scores = [
        judged(title, "open") for title in ("政府信息公开", "法定主动公开内容", "政务公开", "网站地图", "领导之窗")
    ]
    ranks = [promise.score for promise in scores if promise is not None]
    assert ranks == sorted(ranks, reverse=True)
    assert len(ranks) == 5
    assert ranks[0] < STRONG


def test_a_text_that_was_cut_may_be_a_report_and_says_no_more() -> None:
    promise = judged("某县人民政府办公室2022年度政府信息公...", "annual", date="2023-01-02")
    assert promise is not None
    assert promise.kind == "report"
    other = judged("某县召开春季造林动员大...", "annual", date="2023-01-02")
    assert other is not None
    assert other.kind == "distractor"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.x.gov.cn/a/index.html", "https://x.gov.cn:443/a/"),
        ("http://big5.gov.cn/gate/big5/www.x.gov.cn/a/b.htm", "http://www.x.gov.cn/a/b.htm"),
        ("http://x.gov.cn/202401/t20240101_1_wap.html", "http://x.gov.cn/202401/t20240101_1.html"),
        ("http://x.gov.cn/content/mpost_1.html", "http://x.gov.cn/content/post_1.html"),
        ("http://x.gov.cn/a.jsp;jsessionid=3F?b=2&a=1&isMobile=false", "http://x.gov.cn/a.jsp?a=1&b=2"),
    ],
)
def test_twins_have_one_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


def test_what_only_looks_alike_has_keys_of_its_own() -> None:
    addresses = ["http://x.gov.cn/a?id=1", "http://x.gov.cn/a?id=2", "http://x.gov.cn:9311/a?id=1", "http://y.gov.cn/a?id=1",
                 "http://x.gov.cn/gkmlpt/index#1", "http://x.gov.cn/gkmlpt/index#2"]  # fmt: skip
    assert len({key_of(address) for address in addresses}) == len(addresses)
    assert key_of("http://x.gov.cn/a?zz=1", {"zz"}) == key_of("http://x.gov.cn/a?zz=2", {"zz"})


def test_pages_that_are_gone_send_their_visitors_up() -> None:
    assert is_upward("http://x.gov.cn/nb/", "http://x.gov.cn/nb/202401/t1.html")
    assert is_upward("http://x.gov.cn/", "http://x.gov.cn/nb/")
    assert not is_upward("http://x.gov.cn/nb/index.html", "http://x.gov.cn/nb/go.html", beside=False)
    assert not is_upward("http://y.gov.cn/", "http://x.gov.cn/nb/")
    assert not is_upward("http://x.gov.cn/xxgk/", "http://x.gov.cn/nb/a.html")


def test_sites_of_one_place() -> None:
    assert same_site("http://zwgk.dingxi.gov.cn/a", "http://www.dingxi.gov.cn/")
    assert not same_site("http://www.gansu.gov.cn/", "http://www.dingxi.gov.cn/")
    assert not same_site("http://127.0.0.2/", "http://127.0.0.3/")

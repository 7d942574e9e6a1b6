"""The search of one portal by itself: its order, its budget, and where it begins."""

from __future__ import annotations

from crawler.platforms import Listing, Page, Row, Step
from crawler.search import Search, Start, Visit

HOME = "http://x.gov.cn/"
COLUMN = "http://x.gov.cn/nb/"


def search(*starts: Start, budget: int = 50) -> Search:
    return Search(starts, HOME, budget=budget, refusal=lambda url: None)


def come(one: Search, visit: Visit, *rows: tuple[str, str], reports: int = 0) -> None:
    """An answer to a visit: links as (address, words), and how many reports it holds itself."""
    page = Page(visit.step.url, "<html><body></body></html>")
    one.arrived(visit, page, Listing(tuple(Row(HOME + path, words) for path, words in rows)))
    one.found(visit, reports)
    one.done(visit)


def asked(one: Search) -> Visit:
    visit = one.next()
    assert visit is not None
    return visit


def test_the_best_comes_first_and_little_promise_waits_for_what_is_under_way() -> None:
    one = search()
    come(
        one,
        asked(one),
        ("map", "网站地图"),
        ("zw/", "政务公开"),
        ("nb/", "政府信息公开年报"),
        ("r1", "某局2023年政府信息公开年报"),
    )
    report, column = asked(one), asked(one)
    assert (report.kind, column.kind) == ("report", "column")
    assert one.next() is None
    assert one.waiting == 2
    come(one, report)
    come(one, column)
    assert [asked(one).words, one.waiting] == ["政务公开", 1]


def test_after_success_what_promises_little_is_left_alone() -> None:
    one = search()
    come(one, asked(one), ("map", "网站地图"), ("zn/", "政府信息公开指南"), ("r1", "某局2023年政府信息公开年报"))
    come(one, asked(one), reports=1)
    assert one.next() is None
    assert one.waiting == 0


def test_the_budget_is_what_may_go_without_a_report() -> None:
    one = search(budget=3)
    come(
        one,
        asked(one),
        *((f"{n}/", f"第{n}届政府信息公开专栏") for n in "一二三四五六七八九"),
        ("nb/", "政府信息公开年报"),
    )
    spent = 1
    while (visit := one.next()) is not None:
        spent += 1
        come(one, visit)
    assert spent == 3
    earning = search(budget=3)
    come(earning, asked(earning), *((f"r{n}", f"某局20{n}年政府信息公开年报") for n in range(10, 20)))
    for _ in range(10):
        come(earning, asked(earning), reports=1)
    assert earning.requests == 11


def test_what_is_remembered_is_asked_first_and_the_home_page_only_when_it_fails() -> None:
    works = search(Start(COLUMN, "annual"), Start(HOME, "open"))
    first, second = asked(works), asked(works)
    assert {first.step.url, second.step.url} == {COLUMN, HOME}
    come(works, first, reports=2)
    come(works, second, reports=1)
    assert works.next() is None
    assert (works.searched, works.barren) == (False, [])
    assert works.yields == {(COLUMN, "annual"): 2, (HOME, "open"): 1}
    fails = search(Start(COLUMN, "annual"))
    come(fails, asked(fails))
    assert asked(fails).step.url == HOME
    assert (fails.searched, fails.barren) == (True, [COLUMN])


def test_parameters_that_change_on_every_link_make_no_new_page() -> None:
    one = search()
    names = ("政府信息公开", "要闻", "通知", "领导", "办事", "互动", "数据", "地图")
    come(one, asked(one), *((f"{n}.jsp?zz=1", name) for n, name in enumerate(names)))
    come(one, asked(one), *((f"{n}.jsp?zz=2", name) for n, name in enumerate(names)))
    addresses = set()
    while (visit := one.next()) is not None:
        addresses.add(visit.step.url.split("?")[0])
        come(one, visit, *((f"{n}.jsp?zz={len(addresses) + 2}", name) for n, name in enumerate(names)))
        assert one.requests <= 2 + len(addresses)
    assert len(addresses) < len(names)


def test_known_reports_of_one_title_on_several_pages_are_no_repeats() -> None:
    """Fifteen bodies, one title: on a night on which all are known, the list is gone through as on the first."""
    known = {f"{number}.html" for number in range(30)}
    one = Search(
        [Start(HOME + "list.html", "annual")],
        HOME,
        budget=100,
        refusal=lambda url: None,
        known=lambda url, listed: 1 if url.removeprefix(HOME) in known else None,
    )
    title = "2023年政府信息公开工作年度报告"
    starts, following = {"list.html": 0, "list_2.html": 10, "list_3.html": 20}, ["list_2.html", "list_3.html"]
    while visit := one.next():
        start = starts[visit.step.url.removeprefix(HOME)]
        rows = tuple(Row(f"{HOME}{number}.html", title) for number in range(start, start + 10))
        further = (Step(HOME + following.pop(0)),) if following else ()
        one.arrived(visit, Page(visit.step.url, "", 200, visit.step), Listing(rows, further))
        one.done(visit)
    assert (one.requests, one.kept, one.reports) == (3, 30, 30)

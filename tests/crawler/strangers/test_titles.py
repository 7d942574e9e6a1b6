"""Reports by the names that their publishers give them, in the list and on the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.sample_portal import Fact
from tests.crawler.strangers.kit import Build, Met, Site, Stranger, stub, ul

THREE = (2022, 2023, 2024)
SOME = ("财政局", "教育局", "民政局")
Naming = Callable[[str, Fact], tuple[str, str]]
"""Title and link text by place and report."""


def of_the_place(place: str, fact: Fact) -> tuple[str, str]:
    title = f"{place}{fact.year}年政府信息公开工作年度报告"
    return title, title


def without_year(place: str, fact: Fact) -> tuple[str, str]:
    title = f"{fact.agency}政府信息公开工作年度报告"
    return title, title


def bare(place: str, fact: Fact) -> tuple[str, str]:
    return "政府信息公开工作年度报告", "政府信息公开工作年度报告"


def with_marks(place: str, fact: Fact) -> tuple[str, str]:
    title = f"{fact.agency}{fact.year}年政府信息公开工作年度报告"
    return title, f"[年报] {title}<img src='/new.gif'>(公开)"


def as_attachment(place: str, fact: Fact) -> tuple[str, str]:
    title = f"附件：{fact.agency}关于{fact.year}年度政府信息公开工作情况的报告"
    return title, title


def by_law(place: str, fact: Fact) -> tuple[str, str]:
    title = f"{fact.agency}政府信息公开{fact.year}年度报告"
    return title, title


def doubled(place: str, fact: Fact) -> tuple[str, str]:
    title = f"{fact.year}年度{fact.agency}{fact.year}年度政府信息公开工作年度报告"
    return title, title


def disclosure_only(place: str, fact: Fact) -> tuple[str, str]:
    title = f"{fact.agency}{fact.year}年信息公开年报"
    return title, f"{fact.agency.removeprefix(place)}{fact.year}年年报"


def spelled(place: str, fact: Fact) -> tuple[str, str]:
    year = "".join("〇一二三四五六七八九"[int(c)] for c in str(fact.year)).replace("〇", "○")
    title = f"{year}年度{fact.agency}政府信息公开工作报告"
    return title, title


NAMINGS: dict[str, tuple[str, tuple[str, ...], Naming]] = {
    "of-the-place": ("碧水县", ("人民政府",), of_the_place),
    "without-year": ("青岩县", SOME, without_year),
    "bare": ("白岩县", SOME, bare),
    "with-marks": ("黑岩县", SOME, with_marks),
    "as-attachment": ("紫岩县", SOME, as_attachment),
    "by-law": ("赤岩县", SOME, by_law),
    "doubled": ("丹岩县", SOME, doubled),
    "disclosure-only": ("翠岩县", SOME, disclosure_only),
    "spelled": ("苍岩县", SOME, spelled),
}


def portal_of(naming: Naming) -> Build:
    """A plain portal that names its reports so, among six other documents."""

    def build(site: Site) -> None:
        rows: list[tuple[str, str, object]] = []
        for fact in site.facts:
            title, text = naming(site.place, fact)
            site.report(f"/c12/{fact.number}.html", fact, title)
            rows.append((f"/c12/{fact.number}.html", text, fact.published))
        for d in site.others():
            site.document(f"/c12/{d.number}.html", d)
            rows.insert(1, (f"/c12/{d.number}.html", d.title, d.published))
        site.add("/c12/", "政府信息公开年报", ul(rows))
        stub(site, [("/c11/", "政府信息公开指南"), ("/c13/", "建议提案")])
        menu = [("/c11/", "政府信息公开指南", ""), ("/c12/", "政府信息公开年报", ""), ("/c13/", "建议提案", "")]
        site.add("/c1/", "政务公开", ul(menu))
        site.add("/", f"{site.place}人民政府", ul([("/c1/", "政务公开", "")]))

    return build


STRANGERS = {
    f"titles-{name}": Stranger(place, bodies, THREE, portal_of(naming))
    for name, (place, bodies, naming) in NAMINGS.items()
}


@pytest.mark.parametrize("name", STRANGERS)
def test_every_report_is_found_and_nothing_else(met: Met, name: str) -> None:
    met.expect_all(name)


@pytest.mark.parametrize("name", STRANGERS)
def test_three_requests_a_report_are_enough(met: Met, name: str) -> None:
    met.expect_few(name)


@pytest.mark.parametrize("name", STRANGERS)
def test_a_browser_reaches_every_report(met: Met, name: str) -> None:
    met.expect_fair(name)

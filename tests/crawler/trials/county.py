"""Counties that never were: true reports under invented names, the ordinary pages around them, and crawls of them.

The figures are those of the sample portal's reports on the same year; agencies are invented, so that each trial can
tell its reports from those of all others.
"""

from __future__ import annotations

import csv
import sqlite3
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

from crawler.sample_portal import Fact, load
from crawler.sample_portal.documents import Document, distractors, report
from tests.conftest import run
from tests.crawler.trials.web import Host, Reply

BODIES = "人民政府办公室 财政局 教育局 公安局 民政局 自然资源局 水利局 审计局 统计局 医疗保障局".split()
SECTION, COLUMN = "/zwgk/index.html", "/zwgk/zfxxgknb/index.html"
Key = tuple[str, int]


def facts_of(place: str, years: Iterable[int], bodies: Sequence[str] = BODIES) -> list[Fact]:
    """One report for each body and year (2022 to 2024)."""
    facts = []
    for year in years:
        sample = [f for f in load() if f.year == year and f.style in ("clean", "plain", "word")]
        for number, body in enumerate(bodies):
            fact = sample[(number * 3 + len(place)) % len(sample)]
            facts.append(replace(fact, agency=place + body, mirrors=()))
    return facts


def keys(facts: Iterable[Fact]) -> list[Key]:
    return sorted((fact.agency, fact.year) for fact in facts)


def path_of(fact: Fact) -> str:
    """Where a report lies if nothing else is said."""
    return f"/zwgk/zfxxgknb/{fact.published:%Y-%m}/{fact.published:%d}/content_{fact.number}.html"


def row(href: str, text: str, date: object = "") -> str:
    return f'<li><a href="{escape(href)}">{escape(text)}</a><span>{date}</span></li>'


def rows(facts: Iterable[Fact]) -> str:
    """The rows of a column, as most portals print them."""
    return "\n".join(row(path_of(fact), fact.title, fact.published) for fact in facts)


def page(title: str, main: str, head: str = "") -> str:
    """A page with what every page of a portal has around it."""
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{escape(title)}</title>{head}</head>\n<body>\n'
        '<div class="nav"><a href="/">网站首页</a> <a href="/zwgk/index.html">政务公开</a> '
        '<a href="/xwzx/index.html">新闻中心</a> <a href="/bsfw/index.html">办事服务</a></div>\n'
        f'<div class="main">\n{main}\n</div>\n'
        '<div class="footer"><a href="/bqsm.html">版权声明</a> <a href="/lxwm.html">联系我们</a> '
        "主办：人民政府办公室　网站标识码：9900000001</div>\n</body></html>\n"
    )


def listing(title: str, items: str, after: str = "") -> str:
    return page(title, f'<h2>{escape(title)}</h2>\n<ul class="list">\n{items}\n</ul>\n{after}')


def article(document: Document | Fact, around: str = "") -> str:
    """The page of a document."""
    document = report(document) if isinstance(document, Fact) else document
    info = f'<div class="info">发布时间：{document.published} 来源：{document.source}</div>'
    return page(document.title, f"<h1>{escape(document.title)}</h1>\n{info}\n{document.body}\n{around}")


def publish(
    host: Host,
    place: str,
    facts: Iterable[Fact],
    *,
    home: str = "",
    section: str = "",
    column: str = "",
    by_year: bool = False,
) -> None:
    """An ordinary portal: home page → 政务公开 → 政府信息公开年报 → reports, with news and notices beside them.

    `home`, `section` and `column` are HTML that stands on these pages, too. `by_year` puts a page for each year between
    the column and its reports.
    """
    facts = list(facts)
    others = distractors(place, [2023])
    news = "\n".join(row(f"/xwzx/{d.number}.html", d.title, d.published) for d in others)
    host.pages |= {f"/xwzx/{d.number}.html": article(d) for d in others}
    host.pages |= {
        "/": page(f"{place}人民政府", f"<h2>要闻</h2><ul>{news}</ul>\n{home}"),
        "/xwzx/index.html": listing("新闻中心", news),
        "/bsfw/index.html": listing("办事服务", row("/bsfw/hukou.html", "户口迁移办事指南")),
        "/bsfw/hukou.html": page("户口迁移办事指南", "<p>请携带身份证、户口簿到政务服务中心办理。</p>"),
        "/bqsm.html": page("版权声明", "<p>未经许可不得转载。</p>"),
        "/lxwm.html": page("联系我们", "<p>地址：人民路1号。</p>"),
        SECTION: listing(
            "政务公开",
            row("/zwgk/zhinan.html", "政府信息公开指南")
            + row("/zwgk/zhidu.html", "政府信息公开制度")
            + row(COLUMN, "政府信息公开年报")
            + row("/zwgk/ysqgk.html", "依申请公开"),
            section,
        ),
        "/zwgk/zhinan.html": page("政府信息公开指南", "<p>为方便公民获取政府信息，编制本指南。</p>"),
        "/zwgk/zhidu.html": page("政府信息公开制度", "<p>坚持以公开为常态、不公开为例外。</p>"),
        "/zwgk/ysqgk.html": page("依申请公开", "<p>申请人可当面、邮寄或在线提交申请表。</p>"),
        COLUMN: listing("政府信息公开年报", rows(facts), column),
    }
    if by_year:
        years = sorted({fact.year for fact in facts})
        folders = "".join(row(f"/zwgk/zfxxgknb/{year}nb/index.html", f"{year}年") for year in years)
        host.pages[COLUMN] = listing("政府信息公开年报", folders, column)
        for year in years:
            shown = rows(fact for fact in facts if fact.year == year)
            host.pages[f"/zwgk/zfxxgknb/{year}nb/index.html"] = listing(f"{year}年", shown, column)
    host.pages |= {path_of(fact): article(fact) for fact in facts}
    host.pages.setdefault("/robots.txt", Reply("User-agent: *\nDisallow:\n", content_type="text/plain"))


@dataclass(frozen=True, slots=True)
class Crawled:
    """What a crawl left behind."""

    archive: Path
    exit_code: int
    stderr: str

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.archive) as db:
            return db.execute(sql, values).fetchall()

    def reports(self, host: Host | None = None) -> list[Key]:
        """Agency and year of every revision of every report, or of those read from one host."""
        origin = host.origin if host else ""
        found = self.rows("SELECT agency, year FROM reports WHERE url LIKE ? || '%' ORDER BY 1, 2", origin)
        return [(str(agency), int(str(year))) for agency, year in found]

    def pages(self) -> dict[str, tuple[str, str]]:
        """Outcome and reason by URL."""
        return {
            str(url): (str(what), str(why or ""))
            for url, what, why in self.rows("SELECT url, outcome, reason FROM pages")
        }

    def linked(self, agency: str, year: int) -> set[tuple[str, str]]:
        """URL and role of every capture that a report rests on, whatever its revision."""
        sql = """SELECT c.url, l.role FROM report_captures l JOIN captures c USING (capture_id)
                 JOIN reports r USING (report_id) WHERE r.agency = ? AND r.year = ?"""
        return {(str(url), str(role)) for url, role in self.rows(sql, agency, year)}


def portal(host: Host, portal_id: str = "p", name: str = "某县", trust: str = "", code: str = "") -> dict[str, str]:
    """A row of the portals file that gives no more than the home page."""
    return {
        "portal_id": portal_id,
        "name": name,
        "division_code": code,
        "home_url": host.url("/"),
        "trust": trust,
    }


def crawl(folder: Path, *portals: dict[str, str], options: Sequence[str] = (), seconds: float = 90) -> Crawled:
    """Runs `gongkai crawl` in a folder; a second crawl there goes on with the archive of the first.

    Raises AssertionError when it has not ended after `seconds`.
    """
    table, archive = folder / "portals.csv", folder / "archive.db"
    with table.open("w", encoding="utf-8", newline="") as stream:
        names = "portal_id,name,division_code,home_url,column_url,platform,trust".split(",")
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(portals)
    (folder / "gongkai.toml").write_text("publish = false\n", encoding="utf-8")  # nobody looks at the published file
    settings = "DOWNLOAD_DELAY=0.001 AUTOTHROTTLE_ENABLED=False".split()
    command = ["gongkai", "crawl", "--portals", table, "--archive", archive]
    command += [part for setting in settings for part in ("-s", setting)] + list(options)
    try:
        done = run(*command, cwd=folder, seconds=seconds)
    except subprocess.TimeoutExpired:
        raise AssertionError(f"the crawl did not end in {seconds} seconds") from None
    assert done.returncode in (0, 1), done.stderr
    return Crawled(archive, done.returncode, done.stderr)

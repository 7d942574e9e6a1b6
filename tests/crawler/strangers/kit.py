"""What all strangers share: a site to write pages on, a browser's walk that proves it fair, and one crawl of many."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urljoin

from crawler.sample_portal import Fact
from crawler.sample_portal.documents import Document, distractors, report
from tests.crawler.trials.county import Crawled, Key, crawl, facts_of, keys, portal
from tests.crawler.trials.web import Ask, Host, Reply

_QUOTED = re.compile(r"""["'(=]\s*([^"'()<>\s]{1,400})(?=["')>\s])""")
JSON = "application/json; charset=utf-8"


@dataclass
class Site:
    """One portal in the making. What stands around each page and each article is the portal's own choice."""

    host: Host
    place: str
    facts: list[Fact]
    nav: str = '<a href="/">首页</a>'
    article: str = '<h1>{title}</h1><div class="xx">发布时间：{date}　来源：{source}</div><div class="con">{body}</div>'
    foot: str = '<div class="foot">主办：{place}人民政府办公室　<a href="/gywm/">关于我们</a></div>'
    leaves: list[str] = field(default_factory=list)
    """Addresses of the reports."""
    scripted: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, target and form of what the portal's scripts ask for in a browser."""

    def wrap(self, title: str, main: str, head: str = "") -> str:
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}</title>{head}</head><body>'
            f'<div class="top">{self.nav}</div><div class="content">{main}</div>'
            f"{self.foot.format(place=self.place)}</body></html>"
        )

    def add(self, path: str, title: str, main: str, head: str = "") -> str:
        self.host.pages[path] = self.wrap(title, main, head)
        return path

    def document(self, path: str, document: Document, head: str = "") -> str:
        main = self.article.format(
            title=escape(document.title), date=document.published, source=document.source, body=document.body
        )
        return self.add(path, document.title, main, head)

    def report(self, path: str, fact: Fact, title: str = "", head: str = "") -> str:
        """Publishes a report at an address, under its own title or a given one."""
        self.leaves.append(path)
        return self.document(path, report(fact, title), head)

    def others(self, year: int = 2023) -> list[Document]:
        """Six documents that are no reports: a guide, a work report, two news, a statement, a notice."""
        return distractors(self.place, [year])

    def of(self, year: int | None = None, body: str = "") -> list[Fact]:
        return [f for f in self.facts if (year is None or f.year == year) and f.agency.endswith(body)]

    def script(self, target: str, form: str = "", method: str = "") -> None:
        """Says what a script asks for when a reader has the page open."""
        self.scripted.append((method or ("POST" if form else "GET"), target, form))

    def text(self, method: str, target: str, form: str = "") -> str:
        """What the host answers, unseen by its log; empty for a 404."""
        path, _, query = target.partition("?")
        fields = dict(parse_qsl(query, keep_blank_values=True)) | dict(parse_qsl(form, keep_blank_values=True))
        found = self.host.answer(Ask("", method, target, unquote(path), fields, {}, 0))
        if found.status != 200:
            return ""
        if isinstance(found.body, str):
            return found.body
        try:
            return found.body.decode()
        except UnicodeDecodeError:
            return found.body.decode("gb18030", "replace")

    def walk(self) -> set[str]:
        """Every target that something quoted on a page leads to, scripts' own requests included."""
        seen, queue = {"/"}, deque([("GET", "/", ""), *self.scripted])
        seen |= {target for method, target, _ in self.scripted if method == "GET"}
        tried = set(seen)
        while queue:
            method, here, form = queue.popleft()
            text = self.text(method, here, form).replace("\\/", "/").replace("\\u0022", '"').replace('\\"', '"')
            for found in set(_QUOTED.findall(text[:200_000])):
                address = re.sub(r"^\d+;\s*url=", "", unescape(found), flags=re.IGNORECASE)
                target = urljoin(self.host.origin + here, address).removeprefix(self.host.origin)
                target = re.sub(r";jsessionid=\w+", "", target.partition("#")[0])
                if not target.startswith("/") or target in tried:
                    continue
                tried.add(target)
                if self.text("GET", target):
                    seen.add(target)
                    queue.append(("GET", target, ""))
        return seen


Build = Callable[[Site], None]


class Stranger(NamedTuple):
    """A portal to be met: who publishes, for which years, and how the pages are made."""

    place: str
    bodies: Sequence[str]
    years: Sequence[int]
    build: Build


class Met(NamedTuple):
    """One crawl of several strangers."""

    crawled: Crawled
    sites: dict[str, Site]

    def expect_all(self, name: str) -> None:
        site = self.sites[name]
        found: list[Key] = self.crawled.reports(site.host)
        missed, extra = sorted(set(keys(site.facts)) - set(found)), sorted(set(found) - set(keys(site.facts)))
        assert found == keys(site.facts), f"missed {missed}, extra {extra}; asked {site.host.summary()}"

    def expect_few(self, name: str) -> None:
        site = self.sites[name]
        asked, most = len(site.host.log), max(25, 3 * len(site.facts))
        assert 0 < asked <= most, f"{asked} requests for {len(site.facts)} reports; {site.host.summary()}"

    def expect_fair(self, name: str) -> None:
        site = self.sites[name]
        assert len(set(site.leaves)) >= 1
        unreached = sorted(set(site.leaves) - site.walk())
        assert not unreached


@contextmanager
def meet(folder: Path, strangers: dict[str, Stranger], first: int = 1, seconds: float = 400) -> Iterator[Met]:
    """Hosts 127.0.9.`first` and on, one for each stranger, crawled in one run from nothing but their home pages."""
    with ExitStack() as running:
        sites: dict[str, Site] = {}
        for number, (name, stranger) in enumerate(strangers.items(), first):
            host = running.enter_context(Host(f"127.0.9.{number}"))
            site = Site(host, stranger.place, facts_of(stranger.place, stranger.years, stranger.bodies))
            stranger.build(site)
            host.pages.setdefault("/gywm/", site.wrap("关于我们", "<p>地址：人民路1号。</p>"))
            sites[name] = site
        rows = [portal(s.host, re.sub(r"[^a-z0-9]+", "-", n), s.place) for n, s in sites.items()]
        yield Met(crawl(folder, *rows, seconds=seconds), sites)


def ul(links: Iterable[tuple[str, str, object]], kind: str = "") -> str:
    """A list of address, text and date."""
    lines = (f'<li><a href="{escape(href)}">{text}</a><span>{date}</span></li>' for href, text, date in links)
    return f"<ul{kind}>{''.join(lines)}</ul>"


def stub(site: Site, menu: Iterable[tuple[str, str]]) -> None:
    """Pages that nobody who looks for reports needs, at the given addresses and under the given names."""
    for path, name in menu:
        site.add(path, name, f"<h2>{name}</h2><p>{site.place}{name}栏目正在更新。</p>")


def download(body: bytes, name: str, kind: str = "application/octet-stream") -> Reply:
    """A file whose name is sent as the raw bytes of GBK."""
    raw = name.encode("gbk").decode("latin-1")
    return Reply(body, content_type=kind, headers=(("Content-Disposition", f'attachment; filename="{raw}"'),))

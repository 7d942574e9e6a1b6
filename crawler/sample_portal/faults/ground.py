"""The ground on which a fault stands: a small portal with one list of annual reports, on a host of its own.

What is true on it is made from the same facts as everywhere in the sample portal; a fault puts further rows into the
list, or changes what the host answers. Nothing else is wrong with it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from html import escape

from crawler.sample_portal import documents
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.site import Page, Request, at, not_found, robots

DOMAIN = "faults.localhost"
COLUMN = "/zwgk/zfxxgk/nb/index.html"
_FOLDER = COLUMN.removesuffix("index.html")

Service = Callable[[Request], Page]


@dataclass
class Ground:
    """One host. `pool` are the reports that may still be published on it, `canary` is a port that nobody may touch."""

    key: str
    name: str
    origin: str
    pool: list[Fact]
    canary: int
    compresses: bool = False
    rows: list[str] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=lambda: {"/robots.txt": robots()})
    services: dict[str, Service] = field(default_factory=dict)
    above: str = ""
    """Links above the list."""
    everything: Page | None = None
    """The answer to whatever is asked, robots.txt apart."""
    found: list[Fact] = field(default_factory=list)
    """The reports that are there for everybody: a crawl must find them."""
    withheld: list[Fact] = field(default_factory=list)
    """True reports that the fault keeps from a well-behaved crawl."""
    forbidden: list[str] = field(default_factory=list)
    """Addresses that robots.txt forbids and that lists link to."""

    def publish(self, count: int) -> None:
        """Some true reports with nothing wrong about them."""
        for _ in range(count):
            fact = self.take()
            self.report(fact, self.address(fact), partial(_asked, fact))
            self.found.append(fact)

    def withhold(self, count: int, folder: str = _FOLDER) -> list[str]:
        """The same, but nobody is to get at them; the answer is their paths."""
        paths = []
        for _ in range(count):
            fact = self.take()
            paths.append(f"{folder}{fact.number}.html")
            self.report(fact, paths[-1], partial(_asked, fact))
            self.withheld.append(fact)
        return paths

    def take(self) -> Fact:
        """A report that is not published yet."""
        return self.pool.pop(0)

    def address(self, fact: Fact, ending: str = "html") -> str:
        """Where a report lies."""
        return f"{_FOLDER}{fact.number}.{ending}"

    def report(self, fact: Fact, path: str, page: Page | Service) -> None:
        """A row of the list for a report, and what its address answers."""
        self.row(path, fact)
        if isinstance(page, Page):
            self.pages[path] = page
        else:
            self.services[path] = page

    def fault(self, page: Page | Service, ending: str = "html") -> str:
        """A row like that of any report, whose address answers this."""
        fact = self.take()
        path = self.address(fact, ending)
        self.report(fact, path, page)
        return path

    def row(self, href: str, fact: Fact, title: str = "") -> None:
        """A row of the list, with a link to anywhere."""
        link = f'<a href="{escape(href)}">{escape(title or fact.title)}</a>'
        self.rows.append(f"<li>{link}<span>{fact.published.isoformat()}</span></li>")

    def respond(self, request: Request) -> Page:
        """The home page leads to the list, the list to the rest."""
        path = request.path
        if self.everything is not None and path != "/robots.txt":
            return self.everything
        # What follows a semicolon is a parameter, such as the id of a session, and no part of the name.
        service = self.services.get(path.partition(";")[0])
        if service is not None:
            return service(request)
        if path in ("/", "/index.html"):
            main = f'<p><a href="{COLUMN}">政府信息公开年报</a></p>'
            return Page(sheet(self.name, main).encode())
        if path == COLUMN:
            rows = "\n".join(self.rows)
            return Page(sheet("政府信息公开年报", f"{self.above}<ul>\n{rows}\n</ul>").encode())
        return self.pages.get(path) or not_found("您访问的页面不存在")


def article(fact: Fact) -> Page:
    """The page of a report."""
    document = documents.report(fact)
    return Page(sheet(document.title, document.body, document.source).encode(), modified=at(fact.published))


def _asked(fact: Fact, _: Request) -> Page:
    """The page of a report, made when somebody asks for it."""
    return article(fact)


def sheet(title: str, main: str, source: str = "") -> str:
    """A plain page around `main`."""
    info = f'<div class="info">来源：{escape(source)}</div>\n' if source else ""
    return (
        f'<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"><title>{escape(title)}</title></head>\n<body>\n'
        f'<div class="nav"><a href="/">首页</a> &gt; <a href="{COLUMN}">政府信息公开年报</a></div>\n'
        f'<h1>{escape(title)}</h1>\n{info}<div class="content">\n{main}\n</div>\n</body>\n</html>\n'
    )

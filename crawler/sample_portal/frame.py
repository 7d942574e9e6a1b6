"""What surrounds the pages of a replica: navigation, home page, breadcrumb, side menu, footer, site map, meta tags.

A family says where columns and documents lie; the frame writes links to them, as absolute URLs on some hosts. Class
names are such as many portals use, and differ from host to host, as do the kinds of menu. Synthetic: the layout of the
home page, and which kinds come together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from crawler.sample_portal.columns import Section, Tree
from crawler.sample_portal.documents import Document
from crawler.sample_portal.invented import Plan
from crawler.sample_portal.site import Page, at, redirect, robots

SITE_MAP = "/wzdt/index.html"
_FRIENDS = {
    "中国政府网": "https://www.gov.cn/",
    "新华网": "http://www.xinhuanet.com/",
    "人民网": "http://www.people.com.cn/",
}
_CRUMBS = (
    ("location", "当前位置：", "&gt;"),
    ("position", "您现在的位置：", "&gt;&gt;"),
    ("dqwz", "您的位置：", "/"),
    ("crumb", "当前位置&gt;", "»"),
)
_DATES = ("%Y-%m-%d", "%Y-%m-%d", "[%Y-%m-%d]", "%Y/%m/%d", "%Y年%m月%d日")


@dataclass
class Frame:
    """The surroundings of one host. `column` gives the path of a column, `article` that of a document in it.

    No menu shows the columns below `unlisted`.
    """

    plan: Plan
    tree: Tree
    column: Callable[[Section], str]
    article: Callable[[Section, Document], str]
    charset: str = "utf-8"
    unlisted: Section | None = None
    date_format: str = field(init=False)

    def __post_init__(self) -> None:
        plan = self.plan
        for section in self.tree.walk():
            section.documents = _shown(plan, section.documents)
        self._absolute = plan.chance(0.2)
        self._titles = plan.pick(("all", "some", "none"))
        self._cut = plan.pick((0, 0, 18, 24))
        # A few hosts cut their link texts and give no title attribute either.
        self._lost = plan.chance(0.1)
        self._bullet = plan.pick(("", "", "·", "• "))
        self._nav_class = plan.slug("nav", "menu", "daohang", "navbar")
        self._nav_kind = plan.pick(("plain", "plain", "nested", "images"))
        self._crumb = plan.pick(_CRUMBS)
        self._boxes = plan.pick(("boxes", "links", "icons", "table"))
        self._shortcut = plan.chance(0.3)
        self._entrance = plan.pick(("", "", "", "", "", "", "", "redirect", "script", "refresh"))
        self._source = plan.pick(("", "", "本站", "null", plan.name))
        self._declared = plan.chance(0.85)
        self.date_format = plan.pick(_DATES)

    def link(self, path: str) -> str:
        """A path as this host writes it in links: absolute or not."""
        return (self.plan.origin if self._absolute else "") + path

    def anchor(self, section: Section, document: Document, href: str = "") -> str:
        """A link to a document, its text cut and its title attribute left out as this host does it."""
        title = document.title
        cut = 0 < self._cut < len(title)
        wanted = cut or self._titles == "all" or (self._titles == "some" and document.number % 2)
        wanted = wanted and not (cut and self._lost)
        attribute = f' title="{escape(title)}"' if wanted else ""
        shown = f"{title[: self._cut]}..." if cut else title
        target = href or self.link(self.article(section, document))
        return f'<a href="{target}"{attribute}>{self._bullet}{escape(shown)}</a>'

    def day(self, document: Document) -> str:
        """The date of a document as the lists of this host print it."""
        return document.dated.strftime(self.date_format)

    def source(self, document: Document) -> str:
        """The source that this host prints: the agency, or the same words everywhere."""
        return self._source or document.source

    def page(self, title: str, main: str, section: Section | None = None, meta: str = "") -> str:
        """A whole page around `main`."""
        return (
            f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="{self.charset}">\n<title>{escape(title)}</title>\n'
            f"{meta or self._site_meta(section)}\n</head>\n<body>\n"
            f'<div class="header"><div class="logo">{self.plan.name}</div>\n{self._navigation()}</div>\n'
            f'{self._location(section)}\n<div class="main">\n{self._menu(section)}\n{main}\n</div>\n'
            f"{self._footer()}\n</body>\n</html>\n"
        )

    def home(self) -> str:
        """The home page: the newest of three columns, and on some hosts links into the disclosure branch."""
        shown = [section for section in self.tree.top if section.documents][:3]
        blocks = [self.block(section, 5) for section in shown]
        blocks += [self._disclosure_block()] if self._shortcut else []
        friends = " ".join(f'<a href="{href}" target="_blank">{name}</a>' for name, href in _FRIENDS.items())
        return self.page(self.plan.name, "\n".join(blocks) + f'\n<div class="yqlj"><h3>友情链接</h3>{friends}</div>')

    def block(self, section: Section, count: int) -> str:
        """A box with the head of a column, its newest documents and a link to it."""
        rows = "\n".join(f"<li>{self.anchor(section, d)}</li>" for d in section.documents[:count] if not d.gone)
        href = self.link(self.column(section))
        return (
            f'<div class="box"><h2><a href="{href}">{section.name}</a></h2><ul>\n{rows}\n</ul>'
            f'<a class="more" href="{href}">更多&gt;&gt;</a></div>'
        )

    def hub(self, section: Section) -> str:
        """The main part of a column that has columns below it and no documents of its own: boxes or only links."""
        if self._boxes == "boxes":
            return "\n".join(self._entry(child) for child in section.children)
        if self._boxes == "icons":
            return f'<ul class="lm-icons">\n{self._icons(section.children)}\n</ul>'
        if self._boxes == "table":
            cells = "".join(f"<td>{self._link_to(child)}</td>" for child in section.children)
            return f'<table class="lm-table" width="100%"><tr>{cells}</tr></table>'
        return f'<ul class="lm-list">\n{self._links(section.children)}\n</ul>'

    def article_page(self, section: Section, document: Document, body: str, info: str = "") -> str:
        """The page of one document around `body`; `info` replaces the line with date and source."""
        info = info or (
            f"<span>发布时间：{document.dated.isoformat()} 09:30</span> "
            f"<span>来源：{escape(self.source(document))}</span>"
        )
        head = f'<h1>{escape(document.title)}</h1>\n<div class="info">{info}</div>'
        main = f'<div class="content">\n{head}\n{body}\n</div>'
        return self.page(f"{document.title}_{self.plan.name}", main, section, self.article_meta(section, document))

    def article_meta(self, section: Section, document: Document) -> str:
        """The standard meta tags of an article."""
        return meta_tags(
            {
                "SiteName": self.plan.name,
                "ColumnName": section.name,
                "ColumnType": section.name,
                "ArticleTitle": document.title,
                "PubDate": f"{document.dated.isoformat()} 09:30",
                "ContentSource": self.source(document),
            }
        )

    def common_pages(self) -> dict[str, Page]:
        """Home page, site map and, on few hosts, a robots.txt."""
        pages = {**self._home_pages(), SITE_MAP: self.encoded(self._site_map())}
        rules = self.plan.pick((None, None, None, (), ("/admin/", "/tmp/")))
        return pages if rules is None else {**pages, "/robots.txt": robots(*rules)}

    def _home_pages(self) -> dict[str, Page]:
        """The home page; on some hosts `/` only leads to it, by a redirect, a script or a refresh."""
        home = self.encoded(self.home())
        if not self._entrance:
            return {"/index.html": home}
        path = f"/{self.plan.slug('sy', 'main', 'web', 'home')}/index.html"
        shells = {
            "redirect": redirect(path),
            "script": Page(f"<html><head><script>window.location.replace('{path}');</script></head></html>".encode()),
            "refresh": Page(f'<html><head><meta http-equiv="refresh" content="0; url={path}"></head></html>'.encode()),
        }
        return {"/index.html": shells[self._entrance], path: home}

    def encoded(self, html: str, document: Document | None = None) -> Page:
        """A page as bytes of this host, with the date of its document if it is one."""
        encoding = "utf-8" if self.charset == "utf-8" else "gb18030"
        modified = at(document.modified or document.published) if document else None
        content_type = f"text/html; charset={self.charset}" if self._declared else "text/html"
        return Page(html.encode(encoding), content_type, modified)

    def _entry(self, section: Section) -> str:
        if section.documents:
            return self.block(section, 3)
        href = self.link(self.column(section))
        return f'<div class="box"><h2><a href="{href}">{section.name}</a></h2></div>'

    def _disclosure_block(self) -> str:
        above = self.tree.reports.parent
        links = self._links(above.children if above else [self.tree.reports])
        return f'<div class="xxgk"><h2>政府信息公开</h2><ul>{links}</ul></div>'

    def _link_to(self, section: Section) -> str:
        return f'<a href="{self.link(self.column(section))}">{section.name}</a>'

    def _links(self, sections: Sequence[Section]) -> str:
        return "\n".join(f"<li>{self._link_to(section)}</li>" for section in sections)

    def _icons(self, sections: Sequence[Section]) -> str:
        """Links whose only text is that of their pictures."""
        return "\n".join(
            f'<li><a href="{self.link(self.column(s))}"><img src="/images/{s.slug}.png" alt="{s.name}"></a></li>'
            for s in sections
        )

    def _navigation(self) -> str:
        """The columns at the top, on some hosts as pictures or with those below them."""
        if self._nav_kind == "images":
            links = self._icons(self.tree.top)
        elif self._nav_kind == "nested":
            links = "\n".join(f"<li>{self._link_to(s)}{self._below(s)}</li>" for s in self.tree.top)
        else:
            links = self._links(self.tree.top)
        return f'<ul class="{self._nav_class}"><li><a href="{self.link("/")}">首页</a></li>\n{links}</ul>'

    def _below(self, section: Section) -> str:
        return f'<ul class="sub">{self._links(section.children)}</ul>' if section.children else ""

    def _location(self, section: Section | None) -> str:
        if section is None:
            return ""
        name, words, separator = self._crumb
        crumbs = "".join(f" {separator} {self._link_to(s)}" for s in section.line)
        return f'<div class="{name}">{words}<a href="{self.link("/")}">首页</a>{crumbs}</div>'

    def _menu(self, section: Section | None) -> str:
        """Beside a column, its children, or its siblings if it has none."""
        if section is None or (self.unlisted and self.unlisted in (section, section.parent)):
            return ""
        beside = section.children or (section.parent.children if section.parent else [])
        return f'<div class="left-menu"><ul>\n{self._links(beside)}\n</ul></div>' if beside else ""

    def _footer(self) -> str:
        return (
            f'<div class="footer"><p><a href="{self.link(SITE_MAP)}">站点地图</a> | 联系我们</p>\n'
            f"<p>主办：{self.plan.place}人民政府办公室　政府网站标识码：9900000001　"
            '<a href="https://beian.miit.gov.cn/" target="_blank">ICP备00000001号</a></p></div>'
        )

    def _site_map(self) -> str:
        groups = (f"<h3>{top.name}</h3><ul>{self._links(top.children or [top])}</ul>" for top in self.tree.top)
        return self.page(f"站点地图_{self.plan.name}", "\n".join(groups))

    def _site_meta(self, section: Section | None) -> str:
        name = section.name if section else self.plan.name
        return meta_tags({"SiteName": self.plan.name, "ColumnName": name, "ColumnType": name})


def _shown(plan: Plan, documents: list[Document]) -> list[Document]:
    """The documents that a column lists now. What was published again goes to the top of a list with the newest first.

    Families have arranged all documents before, also the hidden ones, so that nothing else moves.
    """
    newest_first = documents == sorted(documents, key=lambda d: (d.published, d.number), reverse=True)
    shown = [document for document in documents if document.number not in plan.hidden]
    return sorted(shown, key=lambda d: (d.dated, d.number), reverse=True) if newest_first else shown


def meta_tags(entries: dict[str, str]) -> str:
    """Meta tags, one a line."""
    return "\n".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in entries.items())


def screens(documents: Sequence[Document], size: int) -> list[list[Document]]:
    """The documents of a column, page by page; an empty column has one empty page."""
    return [list(documents[start : start + size]) for start in range(0, len(documents), size)] or [[]]

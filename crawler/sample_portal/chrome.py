"""What surrounds the documents of a portal: head, meta tags, navigation, breadcrumb, footer, related links.

The meta tags are those of the national standard for government sites; their habits differ as on real pages: the date
in three formats, `content` before `name`, and the value `null` where an editor left a field empty.
"""

from dataclasses import dataclass
from html import escape

from crawler.sample_portal.documents import Document

_DATE_FORMATS = ("%Y-%m-%d 09:30:00", "%Y-%m-%d 09:30", "%Y年%m月%d日")
_NAVIGATION = {"网站首页": "/", "政务公开": "/zwgk/", "办事服务": "/bsfw/", "互动交流": "/hdjl/", "走进本地": "/zjbd/"}


@dataclass(frozen=True, slots=True)
class Chrome:
    """A portal's name, its column, and who keeps it running; `charset` is what its pages declare."""

    site: str
    column: str
    column_href: str
    maintainer: str
    charset: str = "utf-8"
    doctype: str = "<!DOCTYPE html>"

    def page(self, title: str, main: str, meta: str = "") -> str:
        """A whole page around `main`."""
        links = " | ".join(f'<a href="{href}">{label}</a>' for label, href in _NAVIGATION.items())
        return (
            f"{self.doctype}\n<html>\n<head>\n"
            f'<meta http-equiv="Content-Type" content="text/html; charset={self.charset}">\n'
            f"<title>{escape(title)}</title>\n{meta}\n"
            '<link rel="stylesheet" href="/images/style.css">\n</head>\n<body>\n'
            f'<div class="header"><div class="logo">{self.site}</div><div class="nav">{links}</div></div>\n'
            f'<div class="location">您现在的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; '
            f'<a href="{self.column_href}">{self.column}</a></div>\n'
            f"{main}\n{self._footer()}\n</body>\n</html>\n"
        )

    def article(self, document: Document, body: str) -> str:
        """The page of one document: heading, date and source, `body`, related links."""
        day = document.published.isoformat()
        main = (
            f'<div class="content">\n<h1>{escape(document.title)}</h1>\n'
            f'<div class="info"><span>发布时间：{day} 09:30</span> <span>来源：{escape(document.source)}</span> '
            '<span>字体：[<a href="javascript:;">大</a> <a href="javascript:;">小</a>]</span>'
            f"</div>\n{body}\n"
            '<div class="print"><a href="javascript:window.print()">打印本页</a> '
            '<a href="javascript:window.close()">关闭窗口</a></div>\n</div>\n'
            '<div class="related"><h3>相关链接</h3><ul><li><a href="/zwgk/">政府信息公开制度</a></li>'
            '<li><a href="/hdjl/">依申请公开</a></li></ul></div>'
        )
        return self.page(f"{document.title}_{self.site}", main, self.meta(document))

    def meta(self, document: Document) -> str:
        """The standard meta tags of an article."""
        published = document.published.strftime(_DATE_FORMATS[document.number % 3])
        entries = {
            **self._site_meta(),
            "ArticleTitle": document.title,
            "PubDate": published,
            "ContentSource": document.source,
            "Keywords": "null" if document.number % 5 == 0 else "政府信息公开,年度报告",
            "Author": "null",
        }
        if document.number % 4 == 0:
            return "\n".join(f'<meta content="{escape(v)}" name="{k}"/>' for k, v in entries.items())
        return _meta(entries)

    def column_meta(self) -> str:
        """The standard meta tags of the column's list pages."""
        return _meta(self._site_meta())

    def _site_meta(self) -> dict[str, str]:
        return {
            "SiteName": self.site,
            "SiteIDCode": "9900000001",
            "ColumnName": self.column,
            "ColumnDescription": self.column,
            "ColumnType": self.column,
        }

    def _footer(self) -> str:
        return (
            '<div class="footer"><p><a href="/wzdt/">网站地图</a> | <a href="/lxwm/">联系我们</a> | '
            '<a href="/bqsm/">版权声明</a></p>\n'
            f"<p>主办：{self.site}办公室　承办：{self.maintainer}　网站标识码：9900000001</p>\n"
            "<p>建议使用1024×768分辨率浏览本网站</p></div>"
        )


def _meta(entries: dict[str, str]) -> str:
    return "\n".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in entries.items())

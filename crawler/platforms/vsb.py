"""博达 VSB (西安博达): static lists whose further pages are numbered from the end.

Signs: `info/1033/5795.htm` articles, rows `<li id="line_u13_3">`, `list.jsp?…urltype=tree.TreeTempUrl`, `_vsb_`.
Paging: page 1 is `tzgg.htm`, page 2 `tzgg/6.htm`, page 3 `tzgg/5.htm`: the numbers descend, and links gain a `../`.
So the link 下页 is followed, never computed. On
`list.jsp?totalpage=9&PAGENUM=2&urltype=tree.TreeTempUrl&wbtreeid=1013` and `?a3t=20&a3p=2&…` the numbers ascend.
Articles: body `.v_news_content`, `#vsb_content`; attachments `附件【<a href="/system/_content/download.jsp?urltype=
news.DownloadAttachUrl&owner=…&wbfileid=…">x.xls</a>】`, `/virtual_attach_file.vsb?afc=…&e=.pdf` (the ending only in
the query); a page that is only a PDF shows it by `showVsbpdfIframe("…")`. Downloads may demand a captcha: noted, not
evaded.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

from crawler.platforms.base import Listing, Page, Platform, Row
from crawler.platforms.generic import following
from crawler.platforms.links import links
from crawler.platforms.signs import Sign

_SIGN = Sign(
    re.compile(r"tree\.TreeTempUrl|_vsb_|\.vsb\?|v_news_content|<li id=[\"']line_u\d+_\d+|showVsbpdfIframe"),
    ("tree.TreeTempUrl", "_vsb_", ".vsb?", "v_news_content", "line_u", "showVsbpdfIframe"),
)
_VIEWER = re.compile(r"""showVsb\w+Iframe\(\s*["']([^"']+)["']""")


def recognises(page: Page) -> bool:
    return page.search(_SIGN) is not None


def read(page: Page) -> Listing:
    rows = tuple(links(page))
    shown = tuple(Row(urljoin(page.url, target), "", by="frame") for target in _VIEWER.findall(page.text))
    step = following(page, rows)
    return Listing((*rows, *shown), (step,) if step else ())


PLATFORM = Platform("vsb", recognises, read)

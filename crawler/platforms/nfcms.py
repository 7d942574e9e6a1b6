"""广东 NFCMS (of the vendor of gkmlpt): static lists of the old kind.

Signs: `NFCMS_SITE_ID`, articles `/content/post_9472698.html` with a twin for phones, `mpost_9472698.html`.
Paging: `index.html`, `index_2.html` …: the numbers are those of the links in the pager, or, where it is drawn by a
script, counted on from the second page. Lists are put together by year and department (`bm/2023n/`, with slips of the
pen such as `bm/mb2021/`). Articles: body `.news_cont_d_wrap`, `.article-content`, `.articleBox`; meta `ColumnId`.
"""

from __future__ import annotations

from crawler.platforms.base import Listing, Page, Platform
from crawler.platforms.links import links


def recognises(page: Page) -> bool:
    return "NFCMS_SITE_ID" in page.text


def read(page: Page) -> Listing:
    # Its pagers are links or counted by a script, which is what the generic reader follows.
    return Listing(tuple(links(page)))


PLATFORM = Platform("nfcms", recognises, read)

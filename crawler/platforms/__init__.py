"""One module for each family of portal software. To add one: write the module, list it here, give it a replica.

Each module opens with how the vendor's software behaves; CONTRIBUTING.md leads through an example. A page is read by
every module that knows its signs, because portals mix: an old list inside a new shell, a static first page before a
service that answers in JSON.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.platforms import (
    aspx,
    bozhou,
    ewb,
    fujian,
    generic,
    gkmlpt,
    hanweb,
    igs,
    jpaas,
    longxun,
    nfcms,
    posted,
    services,
    szinf,
    trs,
    truecms,
    ucap,
    vsb,
    xxgk,
)
from crawler.platforms.base import Listing, Page, Platform, Row, Step

PLATFORMS: dict[str, Platform] = {
    module.PLATFORM.name: module.PLATFORM
    for module in (
        gkmlpt, jpaas, truecms, xxgk, hanweb, fujian, igs, trs, nfcms,
        vsb, szinf, ucap, ewb, longxun, bozhou, aspx, posted, services, generic,
    )
}  # fmt: skip
"""By name, in the order in which their ways to further pages are preferred; the generic reader comes last."""


def recognise(page: Page) -> list[Platform]:
    """The families whose signs a page bears, the most telling first; the generic reader is always among them."""
    return [platform for platform in PLATFORMS.values() if platform.recognises(page)]


def read(page: Page, named: str = "") -> Listing:
    """What a page holds: the rows of all who know it, the way to further pages of the first who has one.

    `named` is the platform that the portals file gives; it is asked even when its signs are missing. An answer to a
    platform's own request is read by that platform.
    """
    if page.step is not None and page.step.platform:
        readers, first = [PLATFORMS[page.step.platform]], page.step.platform
        if page.tree is not None and "<body" in page.text[:20_000].lower():
            readers.append(PLATFORMS["generic"])
    else:
        readers = recognise(page)
        first = readers[0].name
        if named and PLATFORMS[named] not in readers:
            readers.insert(0, PLATFORMS[named])
    listings = [(platform, platform.read(page)) for platform in readers]
    rows: dict[str, Row] = {}
    for _, listing in listings:
        for row in listing.rows:
            known = rows.get(row.url)
            if known is None or len(row.title) > len(known.title):
                rows[row.url] = row
    further = next((_signed(platform, listing.further) for platform, listing in listings if listing.further), ())
    if len(readers) > 1 and further and not further[0].platform and "count" in further[0].state:
        further = ()  # a count that the vendor's own reader makes nothing of
    columns = tuple(step for platform, listing in listings for step in _signed(platform, listing.columns))
    return Listing(tuple(rows.values()), further, columns, first)


def _signed(platform: Platform, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return steps if platform.name == "generic" else tuple(replace(step, platform=platform.name) for step in steps)


__all__ = ["PLATFORMS", "Listing", "Page", "Platform", "Row", "Step", "read", "recognise"]

"""One module for each family of portal software. To add one: write the module, list it here, give it a replica.

Each module opens with how the vendor's software behaves; CONTRIBUTING.md leads through an example.
"""

from __future__ import annotations

from crawler.platforms import generic, gkmlpt, hanweb, trs
from crawler.platforms.base import Listing, Page, Platform, Row, Step

PLATFORMS: dict[str, Platform] = {
    platform.name: platform for platform in (gkmlpt.PLATFORM, hanweb.PLATFORM, trs.PLATFORM, generic.PLATFORM)
}
"""By name, in the order in which they are tried; the generic reader takes whatever is left."""


def recognise(page: Page) -> Platform:
    """The platform that a column page was made by."""
    return next(platform for platform in PLATFORMS.values() if platform.recognises(page))


__all__ = ["PLATFORMS", "Listing", "Page", "Platform", "Row", "Step", "recognise"]

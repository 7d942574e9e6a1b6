"""The one spider: asks every portal of the portals file for its annual-report columns and fetches what may be one.

Twice judged: by the words of a link before anything is fetched, and by the reader after. How a column lists and pages
is the matter of `crawler.platforms`.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy
from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider, IgnoreRequest
from scrapy.http import Response

from archive.revisions import Role
from crawler.faults import fault_name
from crawler.guard import ForbiddenTarget
from crawler.items import ReadPage
from crawler.options import OptionsError
from crawler.platforms import PLATFORMS, Listing, Page, Platform, Row, Step, recognise
from crawler.platforms.generic import year_or_report_column
from crawler.portals import Portal, is_loopback, read_portals
from crawler.recorder import Recorder
from crawler.robots import RobotsForbidden, RobotsUnreachable
from crawler.verdict import Tally
from pipelines.decode import decode
from pipelines.model import Capture, Context
from pipelines.normalize import repair, script_of, simplify
from pipelines.titles import Title, read_title

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_DOCUMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|txt|wps|et|rtf)\b", re.IGNORECASE)
_COLUMN, _PAGER, _CANDIDATE = 20, 10, 0  # priorities: know the listing before its articles
_MOST_PAGER_STEPS = 1000
_MOST_COLUMNS = 40
_MOST_FILES = 3  # of one report


class ReportsSpider(scrapy.Spider):
    """Crawls all portals side by side, each host one request at a time."""

    name = "reports"

    def __init__(self, portals: list[Portal], settings: Any) -> None:
        super().__init__()
        self.portals = portals
        self.tallies = {portal.portal_id: Tally(portal.name) for portal in portals}
        self.verdict = "incomplete"
        self.totals: dict[str, int] = {}
        self.candidates: list[tuple[str, str, str]] = []
        """(portal id, link text, URL) in the order found; all that a dry run yields."""
        self._mirrors = [portal for portal in portals if portal.trust == "mirror"]
        self._budget = settings.getint("GONGKAI_REQUEST_BUDGET")
        self._limit = settings.getint("GONGKAI_LIMIT")
        self._since = settings.getint("GONGKAI_SINCE")
        self._dry = settings.getbool("GONGKAI_DRY_RUN")
        self._seen: dict[str, set[str]] = {portal.portal_id: set() for portal in portals}
        self._chosen: dict[str, int] = dict.fromkeys(self.tallies, 0)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ReportsSpider:
        """Raises PortalsError for an unusable portals file, OptionsError when the crawl may not start as set up."""
        settings = crawler.settings
        only = [portal_id.strip() for portal_id in settings.get("GONGKAI_PORTAL", "").split(",") if portal_id.strip()]
        portals = read_portals(Path(settings["GONGKAI_PORTALS"]), only)
        abroad = [portal for portal in portals if not is_loopback(urlsplit(portal.start_url).hostname or "")]
        if abroad and not settings.get("GONGKAI_CONTACT"):
            raise OptionsError(
                f"{abroad[0].name} is out on the web: set a contact first (in gongkai.toml, or GONGKAI_CONTACT), "
                "so that its webmaster can reach you"
            )
        for portal in portals:
            if portal.platform and portal.platform not in PLATFORMS:
                raise OptionsError(f"portal {portal.portal_id}: unknown platform {portal.platform!r}")
        spider = cls(portals, settings)
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.then_mirrors, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        for portal in self.portals:
            if portal.trust != "mirror":
                yield self._first_request(portal)

    def then_mirrors(self) -> None:
        """Mirrors when all official portals are done, so that a copy meets the report that it copies."""
        mirrors, self._mirrors = self._mirrors, []
        for portal in mirrors:
            self.crawler.engine.crawl(self._first_request(portal))
        if mirrors:
            raise DontCloseSpider

    def _first_request(self, portal: Portal) -> Request:
        self._seen[portal.portal_id].add(portal.start_url)
        return self._request(portal, portal.start_url, self.parse_column, _COLUMN, {"column": portal.start_url})

    # --- listings

    async def parse_column(self, response: Response, portal: Portal, column: str) -> AsyncIterator[Any]:
        """The first page of a column: recognise its platform, then read it as every further page."""
        tally = self.tallies[portal.portal_id]
        tally.columns += 1
        if response.status != 200:
            await self._failed(portal, response.url, f"status {response.status}", response.meta.get("capture_id"))
            return
        # The fragment (gkmlpt's column id) never travels: take the address as the portals file gives it.
        fragment = urlsplit(column).fragment
        page = Page(response.url + (f"#{fragment}" if fragment and "#" not in response.url else ""), _text(response))
        platform = PLATFORMS[portal.platform] if portal.platform else recognise(page)
        listing = platform.read(page)
        before = self._chosen[portal.portal_id]
        for request in self._follow(portal, platform, listing, page.text, set(), 0):
            yield request
        if self._chosen[portal.portal_id] > before or listing.further:
            return
        for request in self._other_columns(portal, listing):
            yield request
        if not self._dry and column == portal.start_url:
            # A column can itself be the article.
            article = await self._read(response, portal, Context())
            yield article
            for request in self._attachments(article, Context()):
                yield request

    async def parse_page(
        self, response: Response, portal: Portal, platform: Platform, step: Step, known: set[str], number: int
    ) -> AsyncIterator[Request]:
        """A further page of a column."""
        if response.status != 200:
            if response.status not in (404, 410):
                await self._failed(portal, response.url, f"status {response.status}", response.meta.get("capture_id"))
            return
        page = Page(response.url, _text(response), response.status, step)
        for request in self._follow(portal, platform, platform.read(page), page.text, known, number):
            yield request

    def _follow(
        self, portal: Portal, platform: Platform, listing: Listing, text: str, known: set[str], number: int
    ) -> Iterator[Request]:
        """Requests for the candidates of a page and for the next page; none when the page brought nothing new."""
        new = {row.url for row in listing.rows} - known
        traditional = script_of(text) == "traditional"
        for row in listing.rows:
            title = _title(row, traditional)
            if row.url in new and self._is_candidate(portal, row, title):
                self.candidates.append((portal.portal_id, row.title, row.url))
                if not self._dry:
                    context = Context(title.text, row.publisher)
                    yield self._request(portal, row.url, self.parse_candidate, _CANDIDATE, {"context": context})
        if (number and not new) or number >= _MOST_PAGER_STEPS:
            return
        for step in listing.further:
            yield Request(
                step.url,
                method=step.method,
                body=step.body,
                headers=dict(step.headers),
                callback=self.parse_page,
                errback=self.failed,
                priority=_PAGER,
                dont_filter=True,
                meta={"portal_id": portal.portal_id},
                cb_kwargs={
                    "portal": portal, "platform": platform, "step": step, "known": known | new, "number": number + 1,
                },
            )  # fmt: skip

    def _is_candidate(self, portal: Portal, row: Row, title: Title) -> bool:
        """Whether a link is worth a request: its words name a report, each URL once, within limit and budget."""
        seen, tally = self._seen[portal.portal_id], self.tallies[portal.portal_id]
        if row.url in seen:
            return False
        if not _worth_a_request(row, title):
            if title.kind == "distractor" and row.date:
                seen.add(row.url)
                tally.passed_over.append((row.title, row.url))
            return False
        if self._since and title.year is not None and title.year < self._since:
            return False
        if self._limit and self._chosen[portal.portal_id] >= self._limit:
            return False
        if tally.requests >= self._budget:
            tally.budget_spent = True
            return False
        seen.add(row.url)
        self._chosen[portal.portal_id] += 1
        return True

    def _other_columns(self, portal: Portal, listing: Listing) -> Iterator[Request]:
        """Columns named like annual reports first, disclosure at large only where no better name is linked."""
        seen, tally = self._seen[portal.portal_id], self.tallies[portal.portal_id]
        best = [row for row in listing.columns if year_or_report_column(row)] or list(listing.columns)
        for row in best:
            if row.url not in seen and tally.columns < _MOST_COLUMNS and tally.requests < self._budget:
                seen.add(row.url)
                yield self._request(portal, row.url, self.parse_column, _COLUMN, {"column": row.url})

    # --- candidates

    async def parse_candidate(
        self, response: Response, portal: Portal, context: Context, role: Role = "page"
    ) -> AsyncIterator[Any]:
        """A page that may be a report: read it, and hand it on to the item pipeline; then the files that hold it."""
        if response.status != 200:
            await self._failed(portal, response.url, f"status {response.status}", response.meta.get("capture_id"))
            return
        page = await self._read(response, portal, context, role)
        yield page
        if role == "page":
            for request in self._attachments(page, context):
                yield request

    def _attachments(self, page: ReadPage, context: Context) -> Iterator[Request]:
        """Requests for the files of a report whose page has no tables, with what the page says about them."""
        portal = page.portal
        seen, tally = self._seen[portal.portal_id], self.tallies[portal.portal_id]
        for reading in page.readings:
            if not reading.report or reading.cells or reading.indicators:
                continue
            said = Context(reading.title or context.title, reading.agency or context.agency, reading.year)
            files = [item.url for item in reading.attachments if _DOCUMENT.search(urlsplit(item.url).path + item.label)]
            for url in files[:_MOST_FILES]:
                if url not in seen and tally.requests < self._budget:
                    seen.add(url)
                    known = {"context": said, "role": "attachment"}
                    yield self._request(portal, url, self.parse_candidate, _CANDIDATE, known)

    async def _read(self, response: Response, portal: Portal, context: Context, role: Role = "page") -> ReadPage:
        recorder = self.crawler.get_extension(Recorder)
        assert recorder is not None
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        capture = Capture(response.body, response.url, content_type)
        readings = await recorder.read(capture, context)
        if self._since:
            readings = tuple(r for r in readings if r.year is None or r.year >= self._since)
        return ReadPage(portal, response.url, response.meta["capture_id"], readings, role)

    # --- requests and faults

    def _request(self, portal: Portal, url: str, callback: Any, priority: int, known: dict[str, Any]) -> Request:
        self.tallies[portal.portal_id].requests += 1
        return Request(
            url,
            callback=callback,
            errback=self.failed,
            priority=priority,
            dont_filter=True,  # each portal keeps its own list of what it has asked for
            meta={"portal_id": portal.portal_id},
            cb_kwargs={"portal": portal, **known},
        )

    async def failed(self, failure: Any) -> None:
        """A request that got no usable answer: recorded under its fault, with the portal it belongs to."""
        request = failure.request
        portal = request.cb_kwargs["portal"]
        if failure.check(RobotsForbidden, ForbiddenTarget) and not failure.check(RobotsUnreachable):
            tally = self.tallies[portal.portal_id]
            if request.callback == self.parse_column:
                tally.failures.append((request.url, failure.getErrorMessage()))
            else:
                tally.passed_over.append((failure.getErrorMessage(), request.url))
            await self._note(portal, request.url, "forbidden", failure.getErrorMessage())
            return
        fault = failure.getErrorMessage() if failure.check(IgnoreRequest) else fault_name(failure.value)
        await self._failed(portal, request.url, fault, request.meta.get("capture_id"))

    async def _failed(self, portal: Portal, url: str, fault: str, capture_id: int | None) -> None:
        self.tallies[portal.portal_id].failures.append((url, fault))
        await self._note(portal, url, "failed", fault, capture_id)

    async def _note(self, portal: Portal, url: str, outcome: str, reason: str, capture_id: int | None = None) -> None:
        recorder = self.crawler.get_extension(Recorder)
        if recorder is not None:
            await recorder.note_page(
                url, portal_id=portal.portal_id, capture_id=capture_id, outcome=outcome, reason=reason
            )


def _text(response: Response) -> str:
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return repair(decode(response.body, content_type)).text


def _title(row: Row, traditional: bool) -> Title:
    """The judgement of a link text, read as simplified where the page or the text itself is traditional."""
    title = read_title(simplify(row.title) if traditional else row.title)
    if title.kind == "unsure" and not traditional:
        title = read_title(simplify(row.title))
    return title


def _worth_a_request(row: Row, title: Title) -> bool:
    """A link that names a report of somebody or some year; or a file beside a date or of a telling name.

    The bare words 政府信息公开年报 are the name of a column.
    """
    if title.kind == "report":
        return bool(title.agency or title.year)
    return title.kind == "unsure" and bool(_DOCUMENT.search(urlsplit(row.url).path))

"""The one spider: searches every portal of the portals file for its reports and fetches what may be one.

What to ask for is decided in `crawler.search`, how pages list and page in `crawler.platforms`, what a page says in the
reader. Here these meet Scrapy: visits become requests, answers become pages, and readings go to the item pipeline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive import ArchiveError, KnownColumns
from archive.revisions import Role
from crawler import platforms
from crawler.addresses import is_file, is_upward
from crawler.faults import fault_name
from crawler.guard import ForbiddenTarget, HostList
from crawler.items import ReadPage
from crawler.judging import STRONG
from crawler.options import OptionsError
from crawler.platforms import PLATFORMS, Listing, Page
from crawler.portals import Portal, is_loopback, read_portals
from crawler.recorder import Recorder
from crawler.robots import RobotsForbidden, RobotsUnreachable
from crawler.search import Search, Start, Visit
from crawler.verdict import Tally
from pipelines.decode import decode
from pipelines.model import Capture, Context, Reading
from pipelines.normalize import repair
from pipelines.refuse import challenge
from pipelines.titles import read_title

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_BINARY = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"Rar!")
_BLOCKED = frozenset((401, 403, 412, 418, 429, 521))
_MOST_FILES = 3  # of one report
_AFRESH = timedelta(days=30)
"""After so long a portal is searched from its home page again, although what is known of it works."""


@dataclass(slots=True)
class Bound:
    """A page that only leads to files, until these are read: they know better whose report it is."""

    page: ReadPage
    visit: Visit
    waiting: int = 0
    files: list[ReadPage] = field(default_factory=list)


@dataclass(slots=True)
class Survey:
    """A portal while it is searched."""

    portal: Portal
    search: Search
    tally: Tally
    met: set[tuple[str, int, str | None]] = field(default_factory=set)
    """Agency, year and scope of the reports read so far."""
    files: set[str] = field(default_factory=set)
    """Addresses of attached files that were asked for."""
    signs: Counter[str] = field(default_factory=Counter)
    """Platforms by the pages that bore their signs and listed reports."""
    home: str = ""
    """The source of the home page, when it was asked for."""


class ReportsSpider(scrapy.Spider):
    """Searches portals side by side, each host one request at a time."""

    name = "reports"

    def __init__(self, portals: list[Portal], hosts: HostList, settings: Any) -> None:
        super().__init__()
        self.portals = portals
        self.tallies = {portal.portal_id: Tally(portal.name) for portal in portals}
        self.verdict = "incomplete"
        self.totals: dict[str, int] = {}
        self.candidates: list[tuple[str, str, str]] = []
        """(portal id, link text, URL) in the order found; all that a dry run yields."""
        self.surveyed: dict[str, Survey] = {}
        """In a dry run, what each portal turned out to be."""
        self._hosts = hosts
        # Mirrors when all official portals are done, so that a copy meets the report that it copies.
        self._queue = sorted(portals, key=lambda portal: portal.trust == "mirror")[::-1]
        self._under_way: dict[str, Survey] = {}
        self._finished_choices = 0
        self._at_once = settings.getint("GONGKAI_PORTALS_AT_ONCE")
        self._ahead = max(2, 2 * settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
        self._budget = settings.getint("GONGKAI_REQUEST_BUDGET")
        self._limit = settings.getint("GONGKAI_LIMIT")
        self._since = settings.getint("GONGKAI_SINCE")
        self._dry = settings.getbool("GONGKAI_DRY_RUN")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ReportsSpider:
        """Raises PortalsError for an unusable portals file, OptionsError when the crawl may not start as set up."""
        settings = crawler.settings
        only = [portal_id.strip() for portal_id in settings.get("GONGKAI_PORTAL", "").split(",") if portal_id.strip()]
        path = Path(settings["GONGKAI_PORTALS"])
        portals = read_portals(path, only)
        abroad = [portal for portal in portals if not is_loopback(urlsplit(portal.start_url).hostname or "")]
        if abroad and not settings.get("GONGKAI_CONTACT"):
            raise OptionsError(
                f"{abroad[0].name} is out on the web: set a contact first (in gongkai.toml, or GONGKAI_CONTACT), "
                "so that its webmaster can reach you"
            )
        for portal in portals:
            if portal.platform and portal.platform not in PLATFORMS:
                raise OptionsError(f"portal {portal.portal_id}: unknown platform {portal.platform!r}")
        spider = cls(portals, HostList(read_portals(path)), settings)
        spider._set_crawler(crawler)
        return spider

    @property
    def chosen(self) -> int:
        """Pages that were taken for reports by their links, so far."""
        return self._finished_choices + sum(survey.search.chosen for survey in self._under_way.values())

    async def start(self) -> AsyncIterator[Request]:
        async for request in self._open_more():
            yield request

    # --- portals

    async def _open_more(self) -> AsyncIterator[Request]:
        """The first requests of the next portals, as many as may be under way."""
        while self._queue and len(self._under_way) < self._at_once:
            if self._queue[-1].trust == "mirror" and any(
                survey.portal.trust != "mirror" for survey in self._under_way.values()
            ):
                return
            survey = await self._survey(self._queue.pop())
            self._under_way[survey.portal.portal_id] = survey
            async for request in self._go_on(survey):
                yield request

    async def _survey(self, portal: Portal) -> Survey:
        recorder = self.crawler.get_extension(Recorder)
        if recorder is not None:
            await recorder.enter_portal(portal)
        known = await recorder.known_columns(portal.portal_id) if recorder is not None else KnownColumns()
        starts = [Start(url, setting) for url, setting in known.columns]  # type: ignore[arg-type]
        if portal.column_url and portal.column_url not in known.gone | {start.url for start in starts}:
            starts.append(Start(portal.column_url, "annual"))
        search = Search(
            starts,
            portal.home_url or portal.start_url,
            budget=self._budget,
            refusal=self._hosts.refusal,
            since=self._since,
            limit=self._limit,
            afresh=_is_due(portal, known),
        )
        return Survey(portal, search, self.tallies[portal.portal_id])

    async def _go_on(self, survey: Survey) -> AsyncIterator[Request]:
        """The next requests of a portal; when it has none left, those of the portals after it."""
        while survey.search.waiting < self._ahead:
            visit = survey.search.next()
            if visit is None:
                break
            if visit.kind == "report" and self._dry:
                self.candidates.append((survey.portal.portal_id, visit.words, visit.step.url))
                survey.search.found(visit, 1)
                survey.search.done(visit)
                continue
            yield self._request(survey, visit)
        if survey.search.waiting == 0 and survey.portal.portal_id in self._under_way:
            await self._close(survey)
            async for request in self._open_more():
                yield request

    async def _close(self, survey: Survey) -> None:
        del self._under_way[survey.portal.portal_id]
        search, tally = survey.search, survey.tally
        if self._dry:
            self.surveyed[survey.portal.portal_id] = survey
        self._finished_choices += search.chosen
        tally.requests = search.requests
        tally.passed_over += search.passed_over
        tally.foreign = len(search.foreign)
        tally.budget_spent = search.budget_spent
        if search.barren and search.searched:
            tally.searched = f"the column {search.barren[0]} gave no report: searched again from the home page"
        for words, url, why in search.foreign:
            await self._note(survey, url, "forbidden", f"{why} ({words})")
        recorder = self.crawler.get_extension(Recorder)
        if recorder is None:
            return
        try:
            await recorder.remember_columns(
                survey.portal.portal_id, gave=dict(search.yields), barren=search.barren, searched=search.searched
            )
        except ArchiveError as error:
            tally.failures.append((survey.portal.start_url, f"what worked cannot be remembered: {error}"))

    # --- answers

    async def parse(self, response: Response, survey: Survey, visit: Visit) -> AsyncIterator[Any]:
        """An answer to a visit: what it lists goes to the search, what it is to the reader."""
        failed = False
        try:
            trouble = self._trouble(response, visit)
            if trouble:
                failed = True
                await self._in_vain(survey, visit, response, trouble)
            else:
                async for item in self._page(response, survey, visit):
                    yield item
        except Exception as error:  # a fault of ours: named with the page, and the portal goes on
            await self._failed(
                survey, response.url, f"not understood: {fault_name(error)}", response.meta.get("capture_id")
            )
        finally:
            survey.search.done(visit, failed=failed)
        async for request in self._go_on(survey):
            yield request

    def _trouble(self, response: Response, visit: Visit) -> str | None:
        """Why an answer is of no use; None when it is."""
        if response.status in _BLOCKED:
            return f"blocked: status {response.status}"
        if response.status != 200:
            return f"status {response.status}"
        if visit.kind == "report" and response.request is not None and _led_away(response):
            return "led back to a page above it (soft 404)"
        return None

    async def _in_vain(self, survey: Survey, visit: Visit, response: Response, trouble: str) -> None:
        """A page that could not be had: a fault where a report or a whole list is lost by it."""
        step = visit.step
        listing = (
            platforms.read(Page(response.url, "", response.status, step)) if step.platform or step.state else Listing()
        )
        survey.search.arrived(visit, Page(response.url, "", response.status, step), listing)
        gone = response.status in (404, 410)
        lost = visit.kind in ("report", "start") or step.promised or (visit.score >= STRONG and not gone)
        if trouble.startswith("led back"):
            survey.tally.not_reports.append((step.url, trouble))
            await self._note(survey, step.url, "not_a_report", trouble, response.meta.get("capture_id"))
        elif lost:
            await self._failed(survey, response.url, trouble, response.meta.get("capture_id"))
        elif trouble.startswith("blocked"):
            await self._note(survey, response.url, "blocked", trouble, response.meta.get("capture_id"))

    async def _page(self, response: Response, survey: Survey, visit: Visit) -> AsyncIterator[Any]:
        page = _page_of(response, visit)
        listing = platforms.read(page, survey.portal.platform) if page.text else Listing()
        item, context = None, Context()
        if not self._dry and (visit.kind == "report" or (visit.setting == "annual" and not visit.step.platform)):
            if visit.kind == "report":
                context = Context(visit.words, visit.publisher)
            item = await self._read(response, survey, context)
        full = item is not None and any(r.report and (r.cells or r.indicators) for r in item.readings)
        own = _own_files(item) if item is not None else frozenset()
        others = replace(listing, rows=tuple(row for row in listing.rows if row.url not in own))
        brought = survey.search.arrived(visit, page, others, is_report=full)
        if brought:
            survey.signs.update([visit.step.platform or platforms.recognise(page)[0].name])
        if visit.kind == "start" and visit.setting == "open":
            survey.home = page.text
        if visit.kind != "report" and page.text and not listing.rows:
            refused = challenge(page.text)
            if refused and refused.startswith("blocked"):
                await self._failed(survey, response.url, refused, response.meta.get("capture_id"))
                return
        if item is None:
            return
        if not full and not self._is_worth_filing(item, visit, others, brought):
            files = tuple(row for row in listing.rows if row.url in own)
            survey.search.arrived(visit, page, Listing(files), is_report=True)
            return
        bound = Bound(item, visit)
        for request in self._files(survey, bound, context):
            yield request
        if not bound.waiting:
            yield self._counted(survey, visit, item)

    def _is_worth_filing(self, item: ReadPage, visit: Visit, listing: Listing, brought: int) -> bool:
        """Whether a page without figures is filed as what its reading says: not when it is a list of reports."""
        if visit.kind == "report":
            return brought < 2
        rows = "\n".join(row.title for row in listing.rows)
        return brought == 0 and any(
            reading.report and reading.agency and reading.year and (reading.title or "")[:12] not in rows
            for reading in item.readings
        )

    def _counted(self, survey: Survey, visit: Visit, item: ReadPage) -> ReadPage:
        """The page, its reports counted for the search."""
        keys = {
            (reading.agency, reading.year, reading.scope)
            for reading in item.readings
            if reading.report and reading.agency and reading.year
        }
        survey.search.found(visit, len(keys - survey.met))
        survey.met |= keys
        return item

    def _files(self, survey: Survey, bound: Bound, context: Context) -> Iterator[Request]:
        """Requests for the files of a report whose page has no tables, with what the page says about them."""
        for reading in bound.page.readings:
            if not reading.report or reading.cells or reading.indicators:
                continue
            said = Context(reading.title or context.title, reading.agency or context.agency, reading.year)
            files = [item.url for item in reading.attachments if is_file(item.url, item.label)]
            for url in files[:_MOST_FILES]:
                if url not in survey.files and survey.search.grant():
                    survey.files.add(url)
                    bound.waiting += 1
                    yield Request(
                        url,
                        callback=self.parse_file,
                        errback=self.file_failed,
                        dont_filter=True,
                        meta={"portal_id": survey.portal.portal_id},
                        cb_kwargs={"survey": survey, "bound": bound, "context": said},
                    )

    async def parse_file(
        self, response: Response, survey: Survey, bound: Bound, context: Context
    ) -> AsyncIterator[Any]:
        """A file that a page of a report links to."""
        try:
            if response.status != 200:
                await self._failed(survey, response.url, f"status {response.status}", response.meta.get("capture_id"))
            else:
                bound.files.append(await self._read(response, survey, context, "attachment"))
            for item in self._unbound(survey, bound):
                yield item
        finally:
            survey.search.granted()
        async for request in self._go_on(survey):
            yield request

    def _unbound(self, survey: Survey, bound: Bound) -> Iterator[ReadPage]:
        """The page and its files, when the last of these has come: the page filed under what they say of themselves."""
        bound.waiting -= 1
        if bound.waiting:
            return
        told = [reading for item in bound.files for reading in item.readings if reading.report and reading.agency]
        page = bound.page
        if len({(reading.agency, reading.year) for reading in told}) == 1:
            page = replace(page, readings=tuple(_named(reading, told[0]) for reading in page.readings))
        for item in (page, *bound.files):
            yield self._counted(survey, bound.visit, item)

    async def _read(self, response: Response, survey: Survey, context: Context, role: Role = "page") -> ReadPage:
        recorder = self.crawler.get_extension(Recorder)
        assert recorder is not None
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        readings: tuple[Reading, ...] = await recorder.read(Capture(response.body, response.url, content_type), context)
        if self._since:
            readings = tuple(r for r in readings if r.year is None or r.year >= self._since)
        return ReadPage(survey.portal, response.url, response.meta["capture_id"], readings, role)

    # --- requests and faults

    def _request(self, survey: Survey, visit: Visit) -> Request:
        step = visit.step
        return Request(
            step.url,
            method=step.method,
            body=step.body,
            headers=dict(step.headers),
            callback=self.parse,
            errback=self.failed,
            dont_filter=True,  # the search keeps its own list of what it has asked for
            meta={"portal_id": survey.portal.portal_id},
            cb_kwargs={"survey": survey, "visit": visit},
        )

    async def failed(self, failure: Any) -> AsyncIterator[Request]:
        """A visit that got no answer: recorded under its fault, with the portal it belongs to."""
        request = failure.request
        survey, visit = request.cb_kwargs["survey"], request.cb_kwargs["visit"]
        await self._name_fault(survey, failure, visit.kind == "start", visit.kind != "way")
        survey.search.done(visit, failed=True)
        async for following in self._go_on(survey):
            yield following

    async def file_failed(self, failure: Any) -> AsyncIterator[Any]:
        """A file that could not be had."""
        survey, bound = failure.request.cb_kwargs["survey"], failure.request.cb_kwargs["bound"]
        await self._name_fault(survey, failure, False, True)
        for item in self._unbound(survey, bound):
            yield item
        survey.search.granted()
        async for following in self._go_on(survey):
            yield following

    async def _name_fault(self, survey: Survey, failure: Any, is_start: bool, matters: bool) -> None:
        request, message = failure.request, failure.getErrorMessage()
        if failure.check(RobotsForbidden, ForbiddenTarget) and not failure.check(RobotsUnreachable):
            if is_start:
                survey.tally.failures.append((request.url, message))
            else:
                survey.tally.passed_over += 1
            for url in {request.url, *request.meta.get("redirect_urls", ())[:1]}:
                await self._note(survey, url, "forbidden", message)
            return
        fault = message if failure.check(IgnoreRequest) else fault_name(failure.value)
        if matters:
            await self._failed(survey, request.url, fault, request.meta.get("capture_id"))

    async def _failed(self, survey: Survey, url: str, fault: str, capture_id: int | None) -> None:
        survey.tally.failures.append((url, fault))
        await self._note(survey, url, "blocked" if fault.startswith("blocked") else "failed", fault, capture_id)

    async def _note(self, survey: Survey, url: str, outcome: str, reason: str, capture_id: int | None = None) -> None:
        recorder = self.crawler.get_extension(Recorder)
        if recorder is not None:
            await recorder.note_page(
                url, portal_id=survey.portal.portal_id, capture_id=capture_id, outcome=outcome, reason=reason
            )


def _page_of(response: Response, visit: Visit) -> Page:
    """The page of an answer, decoded; without text when it is a file rather than a page."""
    fragment = urlsplit(visit.step.url).fragment  # gkmlpt's column id, which never travels
    url = response.url + (f"#{fragment}" if fragment and "#" not in response.url else "")
    if response.body[:4].startswith(_BINARY) or b"\x00" in response.body[:512]:
        return Page(url, "", response.status, visit.step)
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return Page(url, repair(decode(response.body, content_type)).text, response.status, visit.step)


def _led_away(response: Response) -> bool:
    """Whether a request was redirected to the home page or a folder above: the way in which some say not found."""
    asked: list[str] = response.meta.get("redirect_urls", [])
    return bool(asked) and is_upward(response.url, asked[0])


def _own_files(page: ReadPage) -> frozenset[str]:
    """Addresses of the files that belong to the report of a page, rather than being reports that it lists."""
    own: set[str] = set()
    for reading in page.readings:
        files = {item.url: read_title(item.label) for item in reading.attachments if is_file(item.url, item.label)}
        if reading.report and (reading.cells or reading.indicators):
            own |= {url for url, title in files.items() if title.year in (None, reading.year)}
        elif reading.report and len(files) <= _MOST_FILES:
            own |= files.keys()
    return frozenset(own)


def _named(page: Reading, file: Reading) -> Reading:
    """What a page says of a report that is in a file, under the name and year that the file gives."""
    if not page.report or page.cells or (page.year is not None and file.year is not None and page.year != file.year):
        return page
    return replace(page, agency=file.agency, year=page.year or file.year)


def _is_due(portal: Portal, known: KnownColumns) -> bool:
    """Whether to search from the home page besides: for a column that was only concluded, and now and then."""
    if not known.columns and known.searched_at is None:
        return portal.confirmed == "report"
    if known.searched_at is None:
        return False
    searched = datetime.strptime(known.searched_at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return datetime.now(UTC) - searched > _AFRESH

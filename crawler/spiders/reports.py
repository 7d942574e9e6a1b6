"""The one spider: searches every portal of the portals file for its reports and fetches what may be one.

What to ask for is decided in `crawler.search`, how pages list and page in `crawler.platforms`, what a page says in the
reader. Here these meet Scrapy: visits become requests, answers become pages, and readings go to the item pipeline.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy
from scrapy import Request
from scrapy.http import Response

from archive import ArchiveError, ArchiveFailing, KnownColumns
from archive.nights.links import Asked, Walk, is_due
from archive.warc import stored_url
from crawler import platforms
from crawler.addresses import is_file, is_upward, key_of
from crawler.faults import FAULTS, Fault, fault_of, fault_of_answer, fault_of_reading
from crawler.guard import ForbiddenTarget, HostList
from crawler.items import Linked, ReadPage
from crawler.judging import STRONG
from crawler.options import OptionsError
from crawler.patience import HostCooled, Patience
from crawler.platforms import PLATFORMS, Listing, Page
from crawler.portals import Portal, is_loopback, read_portals
from crawler.reading import ReadingEnded
from crawler.recorder import Recorder
from crawler.remembered import Remembered
from crawler.robots import RobotsForbidden, RobotsUnreachable
from crawler.search import Search, Start, Visit
from crawler.seeing import Look, Seen, is_too_much, see
from crawler.verdict import Failure, Tally
from pipelines.attached import named_by_files, said_of
from pipelines.model import Capture, Context
from pipelines.refuse import challenge
from pipelines.titles import read_title

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

_MOST_FILES = 3  # of one report
_GLANCE = 0.01
_AFRESH = 30.0
"""Days after which a portal is searched from its home page again, although what is known of it works."""


@dataclass(slots=True)
class Bound:
    """A page that only leads to files, until these are read: they know better whose report it is."""

    page: ReadPage
    visit: Visit
    waiting: int = 0
    files: list[ReadPage] = field(default_factory=list)
    lost: bool = False
    """Whether a file could not be had."""


@dataclass(slots=True)
class Survey:
    """A portal while it is searched."""

    portal: Portal
    search: Search
    tally: Tally
    remembered: Remembered
    asked: dict[str, str] = field(default_factory=dict)
    """The addresses of the links that were asked for tonight, by their keys."""
    lists_lost: bool = False
    """Whether a page could not be had that may list reports."""
    checked: bool = False
    """Whether what is not listed any more was asked for."""
    met: set[tuple[str, int, str | None]] = field(default_factory=set)
    """Agency, year and scope of the reports read so far."""
    files: set[str] = field(default_factory=set)
    """Addresses of attached files that were asked for."""
    signs: Counter[str] = field(default_factory=Counter)
    """Platforms by the pages that bore their signs and listed reports."""
    home: str = ""
    """The source of the home page, when it was asked for."""

    def listed(self) -> dict[str, set[str]]:
        """In which words the known links, and those that were asked for tonight, were listed."""
        asked = {url: self.search.listed[key] for key, url in self.asked.items() if key in self.search.listed}
        return self.remembered.listed(self.search) | asked


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
        self._recheck = settings.getfloat("GONGKAI_RECHECK_DAYS")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ReportsSpider:
        """Raises PortalsError for an unusable portals file, OptionsError when the crawl may not start as set up."""
        settings = crawler.settings
        portals, path = asked_portals(settings), Path(settings["GONGKAI_PORTALS"])
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
            portal = self._queue.pop()
            held = self._patience.is_held(portal.start_url)
            if held is not None:
                await self._pass_by(portal, held)
                continue
            try:
                survey = await self._survey(portal)
            except ArchiveFailing:  # the recorder ends the run, and says why
                return
            self._under_way[survey.portal.portal_id] = survey
            async for request in self._go_on(survey):
                yield request

    @property
    def _patience(self) -> Patience:
        patience = self.crawler.get_downloader_middleware(Patience)
        assert patience is not None
        return patience

    async def _pass_by(self, portal: Portal, held: Fault) -> None:
        """A portal that is not asked tonight, because its host is left alone."""
        tally = self.tallies[portal.portal_id]
        tally.held = held
        recorder = self.crawler.get_extension(Recorder)
        if recorder is None:
            return
        page = {"capture_id": None, "outcome": "blocked", "reason": held.message, "fault": held.code}
        try:
            await recorder.note_page(portal.start_url, portal_id=portal.portal_id, **page)
            await recorder.close_portal(portal.portal_id, tally.fared(), listed={}, missing=(), walks=())
        except ArchiveError as error:
            tally.failures.append(Failure(portal.start_url, f"not stored: {error}", "not_stored"))

    async def _survey(self, portal: Portal) -> Survey:
        recorder = self.crawler.get_extension(Recorder)
        if recorder is not None:
            await recorder.enter_portal(portal)
        known = await recorder.known_columns(portal.portal_id) if recorder is not None else KnownColumns()
        links = await recorder.links(portal.portal_id) if recorder is not None else []
        walks = await recorder.walks(portal.portal_id) if recorder is not None else []
        remembered = Remembered(links, walks, days=self._recheck, now=datetime.now(UTC))
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
            known=remembered.reports_behind,
            walked=remembered.unchanging(),
        )
        return Survey(portal, search, self.tallies[portal.portal_id], remembered)

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
        if survey.search.waiting == 0 and not survey.checked and not self._dry:
            survey.checked = True
            if self._is_whole(survey):
                survey.search.check(survey.remembered.to_check(survey.search))
            async for request in self._go_on(survey):
                yield request
            return
        if survey.search.waiting == 0 and survey.portal.portal_id in self._under_way:
            await self._close(survey)
            async for request in self._open_more():
                yield request

    async def _close(self, survey: Survey) -> None:
        del self._under_way[survey.portal.portal_id]
        search, tally = survey.search, survey.tally
        while tally.storing:  # the last pages are on their way through the item pipeline
            await asyncio.sleep(_GLANCE)
        if self._dry:
            self.surveyed[survey.portal.portal_id] = survey
        self._finished_choices += search.chosen
        tally.requests = search.requests - tally.left
        tally.passed_over += search.passed_over
        tally.foreign = len(search.foreign)
        tally.budget_spent = search.budget_spent
        barren = _proved_barren(search, tally)
        if barren and search.searched:
            tally.searched = f"the column {barren[0]} gave no report: searched again from the home page"
        for words, url, why in search.foreign:
            await self._note(survey, url, "forbidden", Fault("forbidden_target", f"{why} ({words})"))
        await self._patience.settle(survey.portal.home_url, survey.portal.column_url)
        recorder = self.crawler.get_extension(Recorder)
        if recorder is None:
            return
        taken = survey.remembered.taken_for_listed(search)
        tally.outcomes["known"] += search.kept + sum(link.reports for link in taken)
        try:
            await recorder.remember_columns(
                survey.portal.portal_id,
                gave=dict(search.yields),
                barren=barren,
                searched=search.searched,
            )
            await recorder.close_portal(
                survey.portal.portal_id,
                tally.fared(),
                listed=survey.listed(),
                missing=[link.url for link in survey.remembered.missing(search)] if self._is_whole(survey) else [],
                walks=_walks(search) if self._is_whole(survey) else [],
            )
        except Exception as error:  # whatever it was, the portals after this one are asked
            message = f"what worked cannot be remembered: {fault_of(error).message}"
            tally.failures.append(Failure(survey.portal.start_url, message, "not_stored"))

    def _is_whole(self, survey: Survey) -> bool:
        """Whether all pages came that might list something, or are not there."""
        return not (survey.lists_lost or survey.tally.left or survey.search.budget_spent or self._limit or self._since)

    # --- answers

    async def parse(self, response: Response, survey: Survey, visit: Visit) -> AsyncIterator[Any]:
        """An answer to a visit: what it lists goes to the search, what it is to the reader."""
        failed = False
        try:
            trouble = self._trouble(response, visit)
            if trouble is not None:
                failed = True
                await self._in_vain(survey, visit, response, trouble)
            else:
                async for item in self._page(response, survey, visit):
                    yield item
        except ReadingEnded as ended:
            failed = True
            _left_unread(survey, ended)
        except Exception as error:  # a fault of ours: named with the page, and the portal goes on
            fault = Fault("not_understood", f"not understood: {fault_of(error).message}")
            await self._missed(survey, visit, response, fault)
        finally:
            survey.search.done(visit, failed=failed)
        async for request in self._go_on(survey):
            yield request

    def _trouble(self, response: Response, visit: Visit) -> Fault | None:
        """Why an answer is of no use; None when it is."""
        fault = fault_of_answer(response)
        if fault is None and visit.kind == "report" and response.request is not None and _led_away(response):
            return Fault("soft_404", "led back to a page above it (soft 404)")
        if fault is None and visit.kind != "report" and is_too_much(response.body):
            return Fault("too_large", f"a page of {len(response.body)} bytes is more than a list has")
        return fault

    async def _in_vain(self, survey: Survey, visit: Visit, response: Response, trouble: Fault) -> None:
        """A page that could not be had: a fault where a report or a whole list is lost by it."""
        step = visit.step
        listing = (
            platforms.read(Page(response.url, "", response.status, step)) if step.platform or step.state else Listing()
        )
        survey.search.arrived(visit, Page(response.url, "", response.status, step), listing)
        gone = trouble.code == "not_found"
        if gone and visit.kind == "report":
            await self._gone(survey, visit, response.url)
            await self._dead(survey, response, trouble)
            return
        lost = visit.kind in ("report", "start") or step.promised or (visit.score >= STRONG and not gone)
        if trouble.code == "soft_404":
            await self._gone(survey, visit, step.url)
            survey.tally.not_reports.append((step.url, trouble.message))
            await self._note(survey, step.url, "not_a_report", trouble, response.meta.get("capture_id"))
        elif lost:
            await self._missed(survey, visit, response, trouble)
        elif trouble.meaning == "blocked":
            await self._lost(survey, visit, trouble)
            await self._patience.refused(response.url, trouble)
            await self._note(survey, response.url, "blocked", trouble, response.meta.get("capture_id"))

    async def _missed(self, survey: Survey, visit: Visit, response: Response, fault: Fault) -> None:
        """An answer to a visit that is of no use: the fault is told, and what is lost by it remembered."""
        capture_id = response.meta.get("capture_id")
        await self._failed(survey, response.url, fault, capture_id, at_door=visit.kind == "start")
        await self._lost(survey, visit, fault)

    async def _lost(self, survey: Survey, visit: Visit, fault: Fault) -> None:
        """A report that could not be had is asked for again on the next night; without a list, nothing is missing."""
        if visit.kind != "report":
            survey.lists_lost = survey.lists_lost or fault.meaning not in ("gone", "closed")
            return
        recorder = self.crawler.get_extension(Recorder)
        if recorder is not None and fault.meaning != "closed":
            link = self._linked(survey, visit)
            asked = Asked(link.url, "failed", 0, visit.step.url, link.listed_on, link.words)
            with suppress(ArchiveError):  # it is asked for again all the same
                await recorder.note_link(survey.portal.portal_id, asked)

    async def _dead(self, survey: Survey, response: Response, fault: Fault) -> None:
        """A document that is listed and not there: the portal's affair, and told apart from what we failed to get."""
        survey.tally.dead += 1
        await self._note(survey, response.url, "gone", fault, response.meta.get("capture_id"))

    async def _gone(self, survey: Survey, visit: Visit, url: str) -> None:
        """A page that a link promises is not there, or not any more."""
        recorder = self.crawler.get_extension(Recorder)
        if recorder is None:
            return
        link = self._linked(survey, visit)
        known = survey.remembered.link(visit.step.url)
        page_url = known.page_url if known else url
        asked = Asked(link.url, "gone", 0, page_url, link.listed_on, link.words)
        survey.tally.outcomes["gone"] += await recorder.note_link(survey.portal.portal_id, asked)

    def _linked(self, survey: Survey, visit: Visit) -> Linked:
        """The link behind a visit, under the address that it had on the nights before."""
        key = key_of(visit.step.url)
        known = survey.remembered.link(visit.step.url)
        url = known.url if known else stored_url(visit.step.url)
        survey.asked[key] = url
        words = frozenset(survey.search.listed.get(key, ()))
        had_reports = known is not None and known.reports > 0
        return Linked(url, words, visit.listed_on, had_reports, is_listed=not visit.is_check)

    async def _page(self, response: Response, survey: Survey, visit: Visit) -> AsyncIterator[Any]:
        look = Look(visit.step, response.status, survey.portal.platform)
        item, context, seen, text = None, Context(), None, ""
        if visit.kind == "report" and not self._dry:
            context = Context(visit.words, visit.publisher)
            item, seen = await self._read(response, survey, context, look)
        if seen is None:
            seen, source = see(_capture_of(response), look)
            text = source.text.text if source is not None else ""
            if item is None and visit.setting == "annual" and not visit.step.platform and not self._dry:
                item, _ = await self._read(response, survey, context)
        listing = seen.listing
        full = item is not None and any(r.report and (r.cells or r.indicators) for r in item.readings)
        own = _own_files(item) if item is not None else frozenset()
        others = replace(listing, rows=tuple(row for row in listing.rows if row.url not in own))
        capture = response.meta.get("capture_id")
        brought = survey.search.arrived(visit, seen, others, is_report=full, capture=capture)
        if brought:
            survey.signs.update([listing.platform])
        if visit.kind == "start" and visit.setting == "open":
            survey.home = text
        if visit.kind != "report" and text and not listing.rows:
            said = challenge(text)
            refused = fault_of_reading(said) if said else None
            if refused is not None and refused.meaning == "blocked":
                await self._missed(survey, visit, response, refused)
                return
        if visit.kind == "start" and not text and not _is_report(item):
            fault = Fault("not_a_page", "nothing, or a file, where a page was to be")
            await self._missed(survey, visit, response, fault)
        if item is None:
            return
        if not full and not self._is_worth_filing(item, visit, others, brought):
            files = tuple(row for row in listing.rows if row.url in own)
            survey.search.arrived(visit, seen, Listing(files), is_report=True)
            await self._note_list(item)
            return
        if visit.is_check or (visit.is_lasting and not self._since):
            item = replace(item, link=self._linked(survey, visit))
        bound = Bound(item, visit)
        for request in self._files(survey, bound, context):
            yield request
        if not bound.waiting:
            yield self._counted(survey, visit, item)

    async def _note_list(self, item: ReadPage) -> None:
        """Notes how a page that only lists reports was read, for readers that may see more in it."""
        recorder = self.crawler.get_extension(Recorder)
        assert recorder is not None
        with suppress(ArchiveError):  # of which nothing is lost tonight
            await recorder.file(item.capture_id, item.readings, replace(item.origin(), role="list"))

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
        """The page on its way to the item pipeline, its reports counted for the search."""
        keys = {
            (reading.agency, reading.year, reading.scope)
            for page in (item, *item.files)
            for reading in page.readings
            if reading.report and reading.agency and reading.year
        }
        if not visit.is_check:
            survey.search.found(visit, len(keys - survey.met))
        survey.met |= keys
        survey.tally.storing += 1
        return item

    def _files(self, survey: Survey, bound: Bound, context: Context) -> Iterator[Request]:
        """Requests for the files of a report whose page has no tables, with what the page says about them."""
        for reading in bound.page.readings:
            if not reading.report or reading.cells or reading.indicators:
                continue
            said = said_of(reading, context)
            files = [item.url for item in reading.attachments if is_file(item.url, item.label)]
            for url in files[:_MOST_FILES]:
                if url in survey.files:
                    continue
                if not survey.search.grant():
                    bound.lost = True
                else:
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
            fault = fault_of_answer(response)
            if fault is not None and fault.code == "not_found":
                await self._dead(survey, response, fault)
            elif fault is not None:
                bound.lost = True
                await self._failed(survey, response.url, fault, response.meta.get("capture_id"))
            else:
                try:
                    file, _ = await self._read(response, survey, context)
                    bound.files.append(replace(file, is_file=True))
                except ReadingEnded as ended:
                    bound.lost = True
                    _left_unread(survey, ended)
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
        readings = named_by_files(bound.page.readings, [item.readings for item in bound.files])
        page = replace(bound.page, readings=readings, files=tuple(bound.files), whole=not bound.lost)
        yield self._counted(survey, bound.visit, page)

    async def _read(
        self, response: Response, survey: Survey, context: Context, look: Look | None = None
    ) -> tuple[ReadPage, Seen | None]:
        """What an answer says, and, with a `look`, what it shows as a page (None where that failed)."""
        recorder = self.crawler.get_extension(Recorder)
        assert recorder is not None
        outcome = await recorder.read(_capture_of(response), context, look)
        readings = outcome.readings
        if self._since:
            readings = tuple(r for r in readings if r.year is None or r.year >= self._since)
        page = ReadPage(
            survey.portal,
            response.url,
            response.meta["capture_id"],
            readings,
            context,
            of_all_years=not self._since,
        )
        return page, outcome.seen

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
        await self._lost(survey, visit, fault_of(failure.value))
        survey.search.done(visit, failed=True)
        async for following in self._go_on(survey):
            yield following

    async def file_failed(self, failure: Any) -> AsyncIterator[Any]:
        """A file that could not be had."""
        survey, bound = failure.request.cb_kwargs["survey"], failure.request.cb_kwargs["bound"]
        bound.lost = True
        await self._name_fault(survey, failure, False, True)
        for item in self._unbound(survey, bound):
            yield item
        survey.search.granted()
        async for following in self._go_on(survey):
            yield following

    async def _name_fault(self, survey: Survey, failure: Any, is_start: bool, matters: bool) -> None:
        request, fault = failure.request, fault_of(failure.value)
        if failure.check(HostCooled):  # a fault of the host, and told once
            survey.tally.left += 1
            survey.tally.why_left = survey.tally.why_left or fault.message
            return
        if failure.check(RobotsForbidden, ForbiddenTarget) and not failure.check(RobotsUnreachable):
            if is_start:
                survey.tally.failures.append(Failure(request.url, fault.message, fault.code))
            else:
                survey.tally.passed_over += 1
            for url in {request.url, *request.meta.get("redirect_urls", ())[:1]}:
                await self._note(survey, url, "forbidden", fault)
            return
        if matters:
            url = request.meta.get("redirect_urls", [request.url])[0] if fault.code == "redirect_loop" else request.url
            await self._failed(survey, url, fault, request.meta.get("capture_id"))

    async def _failed(
        self, survey: Survey, url: str, fault: Fault, capture_id: int | None, *, at_door: bool = False
    ) -> None:
        survey.tally.failures.append(Failure(url, fault.message, fault.code))
        if fault.meaning == "blocked":
            await self._patience.refused(url, fault, at_door=at_door)
        await self._note(survey, url, "blocked" if fault.meaning == "blocked" else "failed", fault, capture_id)

    async def _note(self, survey: Survey, url: str, outcome: str, fault: Fault, capture_id: int | None = None) -> None:
        recorder = self.crawler.get_extension(Recorder)
        if recorder is not None:
            await recorder.note_page(
                url,
                portal_id=survey.portal.portal_id,
                capture_id=capture_id,
                outcome=outcome,
                reason=fault.message,
                fault=fault.code,
            )


def asked_portals(settings: BaseSettings) -> list[Portal]:
    """The portals that a crawl with these settings asks. Raises PortalsError and OptionsError when it may not."""
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
    return portals


def _capture_of(response: Response) -> Capture:
    """An answer as the reader takes it."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return Capture(response.body, response.url, content_type)


def _left_unread(survey: Survey, ended: ReadingEnded) -> None:
    """Neither stored nor noted as failed: the page is asked for again the next time."""
    survey.tally.left += 1
    survey.tally.why_left = survey.tally.why_left or str(ended)


def _walks(search: Search) -> list[Walk]:
    """The lists of several pages that were gone through."""
    walked = [one for one in search.lists if one.pages > 1]
    return [Walk(one.first, one.capture, one.pages) for one in walked if one.capture is not None]


def _proved_barren(search: Search, tally: Tally) -> list[str]:
    """Columns that brought nothing, although they came or are gone: what only failed tonight is kept for tomorrow."""
    failed = {failure.url for failure in tally.failures if FAULTS[failure.code].meaning != "gone"}
    return [] if tally.left else [url for url in search.barren if url not in failed]


def _is_report(item: ReadPage | None) -> bool:
    return item is not None and any(reading.report for reading in item.readings)


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


def _is_due(portal: Portal, known: KnownColumns) -> bool:
    """Whether to search from the home page besides: for a column that was only concluded, and now and then."""
    if not known.columns and known.searched_at is None:
        return portal.confirmed == "report"
    if known.searched_at is None:
        return False
    return is_due(portal.portal_id, known.searched_at, _AFRESH, datetime.now(UTC))

"""Patience with hosts: one request at a time, a wait after each fault, and an end to it before it becomes a nuisance.

After a fault the whole host waits, twice as long after each further one, or as long as it asks for. A host that fails
five times in a row, or refuses three times, is left alone for the night, if a page that it gave well before does not
come any more either; the archive remembers it (archive/nights/hosts.py). Nothing is done to get past a refusal.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest

from archive.nights.hosts import HeldHost
from crawler.faults import FAULTS, Fault, fault_of, fault_of_answer, fault_of_reading
from crawler.guard import ForbiddenTarget, refused_address
from crawler.recorder import Recorder, is_stopping
from pipelines.decode import decode
from pipelines.refuse import challenge

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_REFUSALS = 3
"""Refusals in a row after which a host is left alone."""

_LONGEST_ASKED = 600.0
"""Seconds that we wait when a host asks for it; one that asks for more is left alone for the night."""

_LOOK = 0.2
"""Seconds between two looks at whether the run is being stopped, while a host is waited for."""

_CONNECTION = frozenset(
    code
    for code, kind in FAULTS.items()
    if kind.meaning == "transient" and code not in ("server_error", "rate_limited")
)
"""Faults behind which there may be no server at all."""

_PROBE = "is_probe"


class HostCooled(IgnoreRequest):
    """Raised for a request to a host that is left alone, and for those that still wait when the run is stopped."""

    code = "host_cooled"


@dataclass(slots=True)
class Host:
    """How a host has behaved in this run."""

    name: str
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    holder: Request | None = None
    """The request whose turn it is."""
    rest_until: float = 0
    faults: int = 0
    """Transient ones in a row."""
    refusals: int = 0
    """In a row, too."""
    answers: int = 0
    good: int = 0
    """Answers that were pages, and were not taken for refusals since."""
    good_then: int = 0
    """How many there were at the last refusal."""
    well: deque[str] = field(default_factory=lambda: deque(maxlen=8))
    """Addresses of the last of these."""
    doubt: Fault | None = None
    """Why a page that came before must come again before anything else is asked for."""
    counted: deque[str] = field(default_factory=lambda: deque(maxlen=8))
    """Addresses of the last refusals that showed in the status."""
    left: Fault | None = None
    """Why nothing is asked for any more."""


class Patience:
    """Downloader middleware, next to the downloader: what passes it goes out on the wire, and its answer comes here."""

    def __init__(self, crawler: Crawler, held: Mapping[str, HeldHost]) -> None:
        settings = crawler.settings
        self.waiting = 0
        """Requests that wait for their host, or for room (crawler/bodies.py)."""
        self._crawler = crawler
        self._held = held
        self._first = settings.getfloat("GONGKAI_BACKOFF") * settings.getfloat("DOWNLOAD_DELAY")
        self._longest = settings.getfloat("GONGKAI_BACKOFF_MAX")
        self._most = settings.getint("GONGKAI_FAULTS_IN_A_ROW")
        self._hosts: dict[str, Host] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Patience:
        recorder = crawler.get_extension(Recorder)
        return cls(crawler, recorder.held_hosts() if recorder is not None else {})

    # --- what the spider asks and tells

    def is_held(self, url: str) -> Fault | None:
        """Why a portal that begins at that address is not asked tonight; None when it is."""
        known = self._held.get(_name_of(url))
        if known is None or not known.is_held(datetime.now(UTC)):
            return None
        since, after = known.since[:10], known.ask_after[:10]
        return Fault("host_cooled", f"blocked since {since} ({known.message}), asked again on {after}")

    async def refused(self, url: str, fault: Fault, *, at_door: bool = False) -> None:
        """An answer from that address is a refusal, perhaps only by its words; `at_door`: where the portal begins."""
        host = self._host(url)
        if url in host.counted:
            host.counted.remove(url)
        else:
            if url in host.well:
                host.well.remove(url)
                host.good -= 1
            await self._count_refusal(host, fault)
        if at_door and fault.code != "refused":
            await self._leave(host, fault)

    async def settle(self, *urls: str) -> None:
        """The portal that begins there is done: its hosts are forgotten if they have answered well."""
        recorder = self._crawler.get_extension(Recorder)
        hosts = {_name_of(url) for url in urls if url}
        asked = [self._hosts[name] for name in hosts & self._held.keys() if name in self._hosts]
        well = [host.name for host in asked if host.good and host.left is None and host.doubt is None]
        if recorder is not None and well:
            await recorder.forget_hosts(well)

    # --- on the way out and back

    async def process_request(self, request: Request) -> None:
        """Waits until it is the turn of the request. Raises HostCooled."""
        if request.meta.get(_PROBE):
            return
        if held := self.is_held(request.url):
            raise HostCooled(held.message)
        host = self._host(request.url)
        self.waiting += 1
        try:
            await host.turn.acquire()
            try:
                await self._come_to_rest(host)
                if host.doubt is not None:
                    await self._ask_once_more(host, host.doubt)
                _refuse(host)
            except BaseException:
                host.turn.release()
                raise
        finally:
            self.waiting -= 1
        host.holder = request

    async def process_response(self, request: Request, response: Response) -> Response:
        async with self._back(request) as host:
            if host is not None:
                await self._judge(host, request, response)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """Raises ForbiddenTarget for a host whose address is none that may be asked."""
        async with self._back(request) as host:
            if host is None:
                return
            fault = fault_of(exception)
            inside = refused_address(request.url) if fault.code == "dns" else None
            if inside:
                raise ForbiddenTarget(inside) from exception
            if fault.meaning == "transient":
                await self._count(host, fault)

    async def gave_up(self, request: Request, fault: Fault) -> None:
        """A request failed for the last time: where nothing has ever come from the host, nothing will tonight."""
        host = self._host(request.url)
        if not host.answers and fault.code in _CONNECTION:
            await self._leave(host, fault)

    def is_left(self, request: Request) -> bool:
        """Whether the host of a request is left alone."""
        return self._host(request.url).left is not None

    @asynccontextmanager
    async def _back(self, request: Request) -> AsyncIterator[Host | None]:
        """The host of a request whose turn it was, which then is over; None for one that never went out."""
        host = self._host(request.url)
        if host.holder is not request:
            yield None
            return
        try:
            yield host
        finally:
            host.holder = None
            host.turn.release()

    # --- waiting

    async def _come_to_rest(self, host: Host) -> None:
        """Waits until the host may be asked again. Raises HostCooled when it is left alone, or the run stopped."""
        while True:
            _refuse(host)
            if is_stopping(self._crawler):
                raise HostCooled("not asked: the run was stopped")
            left = host.rest_until - time.monotonic()
            if left <= 0:
                return
            await asyncio.sleep(min(left, _LOOK))

    def _rest(self, host: Host, times: int, asked: float = 0) -> None:
        """Has a host rest after so many faults in a row; not all hosts that failed at once come back at once."""
        seconds = min(self._first * 2 ** min(times - 1, 30), self._longest) * random.uniform(0.8, 1)
        host.rest_until = max(host.rest_until, time.monotonic() + max(seconds, asked))

    # --- judging

    async def _judge(self, host: Host, request: Request, response: Response) -> None:
        host.answers += 1
        fault = Fault("body_cut", "the body was cut short") if "dataloss" in response.flags else None
        fault = fault or fault_of_answer(response)
        if fault is not None and fault.meaning == "transient":
            await self._count(host, fault, _retry_after(response))
            return
        host.faults = 0
        if request.url.endswith("/robots.txt"):  # which may be refused, and means nothing then (RFC 9309)
            return
        if fault is not None and fault.meaning == "blocked":
            host.counted.append(request.url)
            await self._count_refusal(host, fault)
        elif response.status in (200, 304) and request.method == "GET":
            host.good += 1
            host.well.append(request.url)

    async def _count(self, host: Host, fault: Fault, asked: float = 0) -> None:
        host.faults += 1
        if asked > _LONGEST_ASKED:
            await self._leave(
                host, Fault(fault.code, f"{fault.message}: asks to be left alone for {asked:.0f} seconds")
            )
            return
        self._rest(host, host.faults, asked)
        if host.faults >= (1 if self._is_on_trial(host) else self._most):
            await self._give_up(host, fault)

    async def _count_refusal(self, host: Host, fault: Fault) -> None:
        if host.good > host.good_then:
            host.refusals = 0
        host.refusals, host.good_then = host.refusals + 1, host.good
        self._rest(host, host.refusals)
        if host.refusals >= (1 if self._is_on_trial(host) else _REFUSALS):
            await self._give_up(host, fault)

    async def _give_up(self, host: Host, fault: Fault) -> None:
        """The host fails or refuses again and again: it is left alone, unless it may be only some of its pages."""
        if host.well:
            host.doubt = fault
        else:
            await self._leave(host, fault)

    async def _ask_once_more(self, host: Host, doubt: Fault) -> None:
        """Asks for a page that came well before."""
        url, host.doubt = host.well[-1], None
        engine = self._crawler.engine
        assert engine is not None
        # Not followed elsewhere: it passes by robots.txt and the turns of hosts, and the page stood here before.
        meta = {
            _PROBE: True,
            "dont_obey_robotstxt": True,
            "dont_redirect": True,
            "dont_retry": True,
            "max_retry_times": 0,
        }
        try:
            well = _is_well(await engine.download_async(Request(url, meta=meta, dont_filter=True)))
        except Exception:  # whatever it is, the page did not come
            well = False
        if well:
            host.faults = host.refusals = 0
        else:
            await self._leave(host, doubt)

    async def _leave(self, host: Host, fault: Fault) -> None:
        if host.left is not None:
            return
        host.left, host.doubt = fault, None
        recorder = self._crawler.get_extension(Recorder)
        if recorder is not None:
            known = self._held.get(host.name)
            blocks = fault.meaning == "blocked"
            kind = FAULTS.get(known.fault) if known is not None else None
            again = kind is not None and (kind.meaning == "blocked") == blocks
            await recorder.strike_host(host.name, fault.code, fault.message, blocks=blocks, again=again)

    def _is_on_trial(self, host: Host) -> bool:
        """Whether a host failed the last time, and has not answered well since: one fault is enough."""
        return host.name in self._held and not host.good

    def _host(self, url: str) -> Host:
        name = _name_of(url)
        if name not in self._hosts:
            self._hosts[name] = Host(name)
        return self._hosts[name]


class Retry:
    """Downloader middleware: asks again for what failed by a fault that may pass, when its host has come to rest."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Retry:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        fault = fault_of_answer(response)
        return await self._again(request, fault) or response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        if isinstance(exception, IgnoreRequest):
            return None
        return await self._again(request, fault_of(exception))

    async def _again(self, request: Request, fault: Fault | None) -> Request | None:
        if fault is None or fault.meaning != "transient" or request.meta.get("dont_retry"):
            return None
        patience = self._crawler.get_downloader_middleware(Patience)
        assert patience is not None
        assert self._crawler.spider is not None
        if patience.is_left(request):
            return None
        again = get_retry_request(request, spider=self._crawler.spider, reason=fault.code)
        if again is None:
            await patience.gave_up(request, fault)
        return again


class PatientDownloader(Downloader):
    """Scrapy's downloader, for which requests that wait for their host do not take the place of others."""

    def needs_backout(self) -> bool:
        patience = self.crawler.get_downloader_middleware(Patience) if self.crawler.engine is not None else None
        waiting = patience.waiting if patience is not None else 0
        return 0 < self.total_concurrency <= len(self.active) - waiting


def _refuse(host: Host) -> None:
    """Raises HostCooled for a host that is left alone."""
    if host.left is not None:
        raise HostCooled(f"{host.name} is left alone for tonight: {host.left.message}")


def _is_well(response: Response) -> bool:
    """Whether an answer, unpacked, is a page and not a refusal."""
    if fault_of_answer(response) is not None:
        return False
    said = challenge(decode(response.body[:60_000], "").text) if b"\x00" not in response.body[:512] else None
    fault = fault_of_reading(said) if said else None
    return fault is None or fault.meaning != "blocked"


def _retry_after(response: Response) -> float:
    """Seconds for which a server asks, as a number or as a date; 0 when it does not, or not in these words."""
    said = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _name_of(url: str) -> str:
    """The host of an address, with its port where one is given."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    return (parts.hostname or "").lower() + (f":{port}" if port else "")

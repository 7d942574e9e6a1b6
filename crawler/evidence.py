"""Evidence first: every response goes to WARC, raw, before anything looks into it.

The middleware stands next to the downloader, where bodies are still compressed and redirects, errors and robots.txt
pass by too. The capture's id travels in `meta["capture_id"]`. What came incomplete is marked and asked for again; what
unpacks to too much goes no further.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar, Literal

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers
from scrapy.responsetypes import responsetypes

from archive import ArchiveError, Exchange
from archive.moments import now
from archive.payloads import Soundness, soundness
from crawler.recorder import Recorder

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


_CONDITIONS = ("If-None-Match", "If-Modified-Since")


class UnsoundBody(IgnoreRequest):
    """A body of no use, raised when asking again did not help; what came of it is in the WARC. `code` names it."""

    code: ClassVar[str]


class BodyCut(UnsoundBody):
    """It stayed shorter than announced, ended before the end mark of its encoding, or failed its checksum."""

    code = "body_cut"


class BadEncoding(UnsoundBody):
    """It is not in the encoding that its header names."""

    code = "bad_encoding"


class TooLarge(UnsoundBody):
    """It unpacks to more than a document may have."""

    code = "too_large"


_Found = Soundness | Literal["bomb"]
_COMPLAINTS: dict[_Found, tuple[str, type[UnsoundBody], str]] = {
    "cut": ("body cut short", BodyCut, "the body was cut short"),
    "damaged": ("body damaged", BodyCut, "body_cut: the body is damaged: it fails the checks of its encoding"),
    "foreign": ("wrong encoding", BadEncoding, "bad_encoding: the body is not in the encoding that its header names"),
}


class Evidence:
    """Downloader middleware: keeps each exchange, and retries bodies that did not come whole."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Evidence:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Lets the server say that nothing has changed, where it has told by what it can."""
        if request.meta.pop("recalls", None):  # of the address that redirected here
            for name in _CONDITIONS:
                request.headers.pop(name, None)
        recorder = self._crawler.get_extension(Recorder)
        if recorder is None or request.method != "GET" or request.meta.get("afresh"):
            return
        known = await recorder.validators(request.url)
        if known is None:
            return
        request.meta["recalls"] = known.capture_id
        for name, value in zip(_CONDITIONS, (known.etag, known.last_modified), strict=True):
            if value:
                request.headers[name] = value

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Raises UnsoundBody."""
        recorder = self._crawler.get_extension(Recorder)
        if response.status == HTTPStatus.NOT_MODIFIED and recorder is not None and "recalls" in request.meta:
            return await _recalled(recorder, request, response)
        lost = "dataloss" in response.flags
        found: _Found = "cut" if lost else await self._judge(response)
        if recorder is not None:
            exchange = _exchange(request, response, cut=found in ("cut", "damaged"))
            request.meta["capture_id"] = await recorder.keep(exchange, request.meta.get("portal_id"))
        if found == "whole":
            return response
        if found == "bomb":
            raise TooLarge(f"too_large: {len(response.body)} bytes that unpack to more than {self._largest}")
        if not lost and not 200 <= response.status < 300:
            return _left_packed(response)  # its status says it all, and asking again would not make it better
        return self._asked_again(request, found, plainly=not lost)

    def _asked_again(self, request: Request, found: _Found, *, plainly: bool) -> Request:
        """The request once more; for a body without encoding where that was the matter."""
        reason, complaint, message = _COMPLAINTS[found]
        assert self._crawler.spider is not None
        again = get_retry_request(request, spider=self._crawler.spider, reason=reason)
        if again is None:
            raise complaint(message)
        again.meta["afresh"] = True  # not what has changed since then: what came then is of no use
        if plainly:
            again.headers["Accept-Encoding"] = b"identity"
        return again

    async def _judge(self, response: Response) -> _Found:
        """What becomes of the body when it is unpacked; off the reactor, since a large one takes a while."""
        encoding = b", ".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        if not encoding or not response.body:
            return "whole"
        try:
            return await asyncio.to_thread(soundness, response.body, encoding, limit=self._largest)
        except ArchiveError:
            return "bomb"


async def _recalled(recorder: Recorder, request: Request, response: Response) -> Response | Request:
    """What the server says still holds, from the archive; asked for as a whole when it cannot be had from there."""
    capture_id: int = request.meta["recalls"]
    try:
        capture = await recorder.recall(capture_id, now(), request.meta.get("portal_id"))
    except ArchiveError:
        return request.replace(dont_filter=True, meta={**request.meta, "afresh": True})
    request.meta["capture_id"] = capture_id
    headers = Headers({"Content-Type": capture.content_type} if capture.content_type else {})
    kind = responsetypes.from_args(headers=headers, url=response.url, body=capture.body)
    return kind(url=response.url, status=200, headers=headers, body=capture.body, request=request)


def _left_packed(response: Response) -> Response:
    """The response without the header that would have its body unpacked."""
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    return response.replace(headers=headers)


def _exchange(request: Request, response: Response, *, cut: bool) -> Exchange:
    status = response.status
    return Exchange(
        url=response.url,
        method=request.method,
        request_headers=_pairs(request),
        request_body=request.body,
        status=status,
        reason=HTTPStatus(status).phrase if status in set(HTTPStatus) else "",
        headers=_pairs(response),
        body=response.body,
        fetched_at=now(),
        truncated="disconnect" if cut else "",
    )


def _pairs(message: Request | Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in message.headers.items()
        for value in values
    )

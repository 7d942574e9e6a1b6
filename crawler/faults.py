"""The names of what goes wrong: a closed list, so that every fault is counted, recorded and looked up under one name.

A fault has a code, kept in the tables `pages`, `hosts` and `run_portals`, and a message, one line in words. What a code
means for the night decides what is done about it: docs/faults.md shows the whole table.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from gzip import BadGzipFile
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin, urlsplit

from OpenSSL import SSL

from pipelines.decode import decode
from pipelines.refuse import CAPTCHA, CHALLENGE, GEO_BLOCK, SOFT_404, challenge

if TYPE_CHECKING:
    from scrapy.http import Response

Meaning = Literal["transient", "blocked", "gone", "closed", "broken", "ours"]
"""For the night: `transient` passes by itself, so the host waits and is asked again; `blocked`: the host does not want
us, and is left alone for longer each time; `gone`: there is nothing any more; `closed`: we may not, by the rules;
`broken`: as it is until the portal mends it; `ours`: up to our limits, our settings or our code."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault: what it means for the night, and what it says to the operator."""

    meaning: Meaning
    sentence: str


FAULTS: Mapping[str, Kind] = MappingProxyType(
    {
        # --- on the way to the answer
        "timeout": Kind("transient", "no answer, or not the whole of it, came in time"),
        "connection_lost": Kind("transient", "the connection broke before the answer was there"),
        "connection_refused": Kind("transient", "no connection came about: it was refused, or there is no way there"),
        "no_answer": Kind("transient", "the server closed the connection without an answer"),
        "dns": Kind("transient", "the host name does not resolve"),
        "tls": Kind("broken", "the secure connection failed, for another reason than a certificate"),
        "tls_legacy": Kind(
            "ours", "the server only speaks TLS as it was before 2010; `tls` in the portals file allows it"
        ),
        # --- the answer itself
        "body_cut": Kind("transient", "the body ended before it was complete, or fails its checksum"),
        "bad_encoding": Kind("broken", "the body is not in the encoding that its header names"),
        "bad_response": Kind("broken", "the answer is not HTTP, or has a status that makes no sense here"),
        "too_large": Kind("ours", "the answer is larger than our limit, as sent or unpacked"),
        "server_error": Kind("transient", "the server reports a fault of its own (5xx)"),
        "rate_limited": Kind("transient", "the server asks for patience (429, or 503 with Retry-After)"),
        "not_found": Kind("gone", "there is no such page (404, 410)"),
        "client_error": Kind("broken", "the server does not take the request (another 4xx)"),
        "redirect_loop": Kind("broken", "the address leads back to itself, or on and on"),
        "bad_redirect": Kind("broken", "the address leads to what is no address"),
        # --- what we may not ask for
        "forbidden_target": Kind("closed", "the address leads off the web or to a host that is not asked"),
        "robots_forbidden": Kind("closed", "robots.txt of the host forbids the address"),
        "robots_unreachable": Kind("transient", "robots.txt cannot be had, so that all is forbidden (RFC 9309)"),
        # --- what keeps us out
        "challenge": Kind("blocked", "a firewall wants proof of a browser (412, 521, a page of script)"),
        "captcha": Kind("blocked", "the page asks for a captcha"),
        "geo_blocked": Kind("blocked", "the host does not serve the place that we ask from"),
        "refused": Kind("blocked", "the host refuses without saying why (401, 403)"),
        "host_cooled": Kind("blocked", "not asked, because the host is left alone for a while after faults"),
        # --- what is on the page
        "soft_404": Kind("gone", "the page says that it does not exist, or leads back to a page above it"),
        "not_a_page": Kind("broken", "a file stands where a page was to be"),
        "unreadable": Kind("broken", "the document is damaged, locked or of a kind that nobody reads"),
        "no_report": Kind("broken", "the portal was searched, and gave no report"),
        # --- at our end
        "reader_died": Kind("ours", "a reader process died on the document"),
        "too_slow": Kind("ours", "reading the document takes more time than our limit"),
        "too_much_memory": Kind("ours", "reading the document takes more memory than our limit"),
        "budget_spent": Kind("ours", "the portal's requests are spent before all was asked for"),
        "not_stored": Kind("ours", "the archive did not take the document"),
        "worker_lost": Kind("ours", "the machines that crawled the portal were lost, one after the other"),
        "not_understood": Kind("ours", "a fault in gongkai itself; worth a bug report"),
    }
)
"""Every code, in the order in which the faults can happen."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that went wrong: under its code, in a line."""

    code: str
    message: str

    def __post_init__(self) -> None:
        if self.code not in FAULTS:
            raise ValueError(f"no fault is called {self.code!r}")

    @property
    def meaning(self) -> Meaning:
        return FAULTS[self.code].meaning


_BY_CLASS: Mapping[str, tuple[str, str]] = {
    "ConnectionRefusedError": ("connection_refused", "connection refused"),
    "DownloadConnectionRefusedError": ("connection_refused", "connection refused"),
    "NoRouteError": ("connection_refused", "no route to the host"),
    "ConnectError": ("connection_refused", "no connection came about"),
    "TimeoutError": ("timeout", "timed out"),
    "TCPTimedOutError": ("timeout", "timed out"),
    "DownloadTimeoutError": ("timeout", "timed out"),
    "DNSLookupError": ("dns", "the host name does not resolve"),
    "CannotResolveHostError": ("dns", "the host name does not resolve"),
    "ConnectionLost": ("connection_lost", "the connection was lost"),
    "ConnectionAborted": ("connection_lost", "the connection was lost"),
    "ConnectionDone": ("no_answer", "the connection was closed without an answer"),
    "ResponseNeverReceived": ("no_answer", "the connection was closed without an answer"),
    "BodyCut": ("body_cut", "the body was cut short"),
    "_DataLoss": ("body_cut", "the body was cut short"),
    "ResponseDataLossError": ("body_cut", "the body was cut short"),
    "_MalformedChunkedDataError": ("body_cut", "the body was cut short"),
    "DownloadCancelledError": ("too_large", "the body is too large"),
    "ParseError": ("bad_response", "the answer is not HTTP"),
    "BadHeaders": ("bad_response", "the answer is not HTTP"),
    "BadResponse": ("bad_response", "the answer is not HTTP"),
    "UnsupportedURLSchemeError": ("forbidden_target", "not a web address"),
    "NotSupported": ("forbidden_target", "not a web address"),
}
"""By the names of classes, of which Twisted keeps half to itself."""

_ENCODING = "the body is not in the encoding that its header names"

_OLD_TLS = (
    "unsafe legacy renegotiation",
    "dh key too small",
    "ee key too small",
    "ca md too weak",
    "wrong signature type",
    "no suitable signature algorithm",
    "handshake failure",
    "no ciphers available",
    "wrong cipher returned",
    "unsupported protocol",
)
"""What OpenSSL says of servers from before 2010, some of which answer with its rules relaxed."""


def fault_of(error: BaseException) -> Fault:
    """What an error on the way to a page is called: the innermost cause that has a name."""
    causes = list(_causes(error))
    for cause in causes:
        fault = _named(cause)
        if fault is not None and fault.code != "no_answer":  # a lost connection is behind many things
            return fault
    for cause in causes:
        fault = _named(cause)
        if fault is not None:
            return fault
    return Fault("not_understood", f"{type(error).__name__}: {_line(error)}")


def fault_name(error: BaseException) -> str:
    """The same in words only."""
    return fault_of(error).message


def fault_of_answer(response: Response) -> Fault | None:
    """What is wrong with an answer, by its status and, where that says too little, its words; None for a 200.

    Of a body that is still packed, the words are not looked at.
    """
    status = response.status
    if status == 200:
        return None
    if status in (404, 410):
        return Fault("not_found", f"status {status}")
    if 300 <= status < 400:
        return _of_redirect(response)
    if status >= 400 and (wall := _wall(response)):
        return Fault(wall.code, f"{wall.message} (status {status})")
    if status in (412, 418, 521):
        return Fault("challenge", f"blocked: status {status}")
    if status in (401, 403, 451):
        return Fault("refused", f"blocked: status {status}")
    if status == 429 or (status == 503 and "Retry-After" in response.headers):
        until = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()[:40]
        return Fault("rate_limited", f"status {status}" + (f", Retry-After: {until}" if until else ""))
    if status >= 500 or status == 408:
        return Fault("server_error", f"status {status}")
    return Fault("client_error" if status >= 400 else "bad_response", f"status {status}")


def fault_of_reading(reason: str) -> Fault | None:
    """The fault that a refusal of the reader names, as `code: words` or in a sentence of its own; None for others."""
    code, colon, words = reason.partition(": ")
    if colon and code in FAULTS:
        return Fault(code, words)
    named = _SAID.get(reason)
    return Fault(named, reason) if named else None


_SAID = {CHALLENGE: "challenge", CAPTCHA: "captcha", GEO_BLOCK: "geo_blocked", SOFT_404: "soft_404"}


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error with what it wraps, innermost first."""
    for reason in getattr(error, "reasons", None) or ():
        yield from _causes(reason.value)
    if error.__cause__ is not None:
        yield from _causes(error.__cause__)
    yield error


def _named(error: BaseException) -> Fault | None:
    code = getattr(error, "code", None)
    if isinstance(code, str) and code in FAULTS:
        return Fault(code, _line(error).removeprefix(f"{code}: "))
    if isinstance(error, SSL.Error):
        return _of_tls(error)
    if isinstance(error, BadGzipFile | zlib.error | EOFError):
        return Fault("bad_encoding", _ENCODING)
    found = _BY_CLASS.get(type(error).__name__)
    return Fault(*found) if found else None


def _of_tls(error: SSL.Error) -> Fault | None:
    """OpenSSL's errors are lists of triples, of which the last is the reason; none at all when the peer went away."""
    reasons = [str(part[-1]) for part in (error.args[0] if error.args and isinstance(error.args[0], list) else [])]
    said = "; ".join(reasons)
    if not said:
        return None
    if any(old in said for old in _OLD_TLS):
        return Fault(
            "tls_legacy", f"{said}: `legacy` in the column `tls` of the portals file allows old TLS for this host"
        )
    return Fault("tls", f"TLS: {said}")


def _of_redirect(response: Response) -> Fault:
    """An answer that sends elsewhere, and was not followed."""
    place = (response.headers.get("Location") or b"").decode("latin-1").strip()
    if not place:
        return Fault("bad_redirect", f"status {response.status} to nowhere")
    try:
        scheme = urlsplit(urljoin(response.url, place)).scheme
    except ValueError:
        return Fault("bad_redirect", f"status {response.status} to what is no address")
    if scheme not in ("http", "https"):
        return Fault("forbidden_target", f"status {response.status} to {scheme}:, which is not the web")
    return Fault("bad_redirect", f"status {response.status}, not followed")


def _wall(response: Response) -> Fault | None:
    """What an error page says of why it keeps us out, if it does."""
    if not response.body or "Content-Encoding" in response.headers or b"\x00" in response.body[:512]:
        return None
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    said = challenge(decode(response.body[:60_000], content_type).text)
    fault = fault_of_reading(said) if said else None
    return fault if fault is not None and fault.meaning == "blocked" else None


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]

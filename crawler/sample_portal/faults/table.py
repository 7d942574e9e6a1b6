"""Every fault of the fault portal, one row each: its key, what the host does, and the name it should get.

`named` is the code under which a crawl should record the fault; '' where there is nothing to record, since the fault
passes, is none for whoever reads with care, or is a link that nobody needs to follow. Beside each fault stand true
reports that must be found all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass

from crawler.sample_portal.documents import report_blocks
from crawler.sample_portal.faults import bombs, files, hostile, refusals, wire
from crawler.sample_portal.faults.ground import Ground, article, sheet
from crawler.sample_portal.render_docx import docx
from crawler.sample_portal.render_pdf import pdf
from crawler.sample_portal.site import Page, Raw, Request, redirect, robots

ROBOTS_SIZE = 24 << 20
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PRIVATE = "/zwgk/private/"
_LOOPBACK = (
    "127.0.0.1",
    "127.1",
    "0x7f000001",
    "2130706433",
    "0177.0.0.1",
    "[::ffff:127.0.0.1]",
    "localhost",
    "0.0.0.0",
)

TLS, LEGACY_TLS, CLOSED_PORT, NO_ADDRESS = "tls", "tls legacy", "closed port", "no address"


@dataclass(frozen=True, slots=True)
class Fault:
    """One row. `healthy` true reports stand beside the fault and must be found.

    `blocks` says that the host sends its visitors away: a polite crawl stops asking, so the fault stands last. `where`
    is how the host is reached, if not by the portal's port.
    """

    key: str
    does: str
    named: str
    place: Callable[[Ground], object]
    healthy: int = 4
    blocks: bool = False
    where: str = ""


def _page(page: Page) -> Callable[[Ground], object]:
    """One row in the list whose address answers this."""
    return lambda ground: ground.fault(page)


def _made(make: Callable[[], Page], ending: str = "html") -> Callable[[Ground], object]:
    """The same, where the answer is made only when somebody asks."""
    return lambda ground: ground.fault(lambda _: make(), ending)


def _spoiled(spoil: Callable[[bytes], Raw]) -> Callable[[Ground], object]:
    """One row whose report arrives spoiled."""

    def place(ground: Ground) -> None:
        fact = ground.take()
        ground.report(fact, ground.address(fact), lambda _: spoil(article(fact).body))
        ground.withheld.append(fact)

    return place


def _first(refusal: Page, times: int = 1) -> Callable[[Ground], object]:
    """One true report that is refused at first."""

    def place(ground: Ground) -> None:
        fact, asked = ground.take(), iter(range(times))
        ground.report(fact, ground.address(fact), lambda _: article(fact) if next(asked, None) is None else refusal)
        ground.found.append(fact)

    return place


def _unless_identity(ground: Ground) -> None:
    fact = ground.take()

    def answer(request: Request) -> Page:
        page = article(fact)
        broken = "gzip" in request.headers.get("accept-encoding", "")
        return wire.packed(wire.cut_gzip(page.body)) if broken else page

    ground.report(fact, ground.address(fact), answer)
    ground.found.append(fact)


def _loop(ground: Ground) -> None:
    path = ground.fault(redirect("/zwgk/loop.html"))
    ground.pages["/zwgk/loop.html"] = redirect(path)


def _never_there(ground: Ground) -> None:
    def answer(request: Request) -> Page:
        return redirect(f"/zwgk/next.html?n={int(request.fields.get('n', '0')) + 1}")

    ground.services["/zwgk/next.html"] = answer
    ground.fault(redirect("/zwgk/next.html?n=1"))


def _redirects(*targets: str) -> Callable[[Ground], object]:
    def place(ground: Ground) -> None:
        for target in targets:
            ground.fault(redirect(target.format(canary=ground.canary)))

    return place


def _links(*targets: str) -> Callable[[Ground], object]:
    def place(ground: Ground) -> None:
        host = ground.origin.partition("//")[2].partition(":")[0]
        for target in targets:
            fact = ground.take()
            ground.row(target.format(canary=ground.canary, host=host), fact)

    return place


def _with_password(ground: Ground) -> None:
    """The last healthy report once more, with name and password in its address, and the canary likewise."""
    fact = ground.found[-1]
    scheme, _, rest = ground.origin.partition("//")
    ground.row(f"{scheme}//gongkai:geheim@{rest}{ground.address(fact)}", fact)
    ground.row(f"http://gongkai:geheim@127.0.0.1:{ground.canary}/nb/1.html", ground.take())


def _everywhere(page: Page) -> Callable[[Ground], object]:
    def place(ground: Ground) -> None:
        ground.withhold(4)
        ground.everything = page

    return place


def _robots(answer: Page) -> Callable[[Ground], object]:
    """A robots.txt for which the whole host is out of bounds."""

    def place(ground: Ground) -> None:
        ground.pages["/robots.txt"] = answer
        ground.forbidden += ["/", *ground.withhold(4)]

    return place


def _private(answer: Page) -> Callable[[Ground], object]:
    """A robots.txt that forbids one folder, in which reports lie."""

    def place(ground: Ground) -> None:
        ground.pages["/robots.txt"] = answer
        ground.forbidden += ground.withhold(2, _PRIVATE)

    return place


def _wrong_types(ground: Ground) -> None:
    one, two, three = ground.take(), ground.take(), ground.take()
    ground.report(one, ground.address(one), Page(pdf(report_blocks(one)), "text/html; charset=utf-8"))
    ground.report(two, ground.address(two, "pdf"), Page(article(two).body, "application/pdf"))
    ground.report(three, ground.address(three, "txt"), Page(docx(report_blocks(three)), "text/plain"))
    ground.found += [one, two, three]


def _unsized(ground: Ground) -> None:
    fact = ground.take()
    ground.report(fact, ground.address(fact), wire.unsized(article(fact)))
    ground.found.append(fact)


def _calendar(ground: Ground) -> None:
    """Each month of a calendar leads to the ones before and after it, and to its days."""

    def month(request: Request) -> Page:
        at = int(request.fields.get("m", "24288"))
        name = f"{at // 12}年{at % 12 + 1}月"
        days = "".join(f'<td><a href="/rili?m={at}&amp;d={day}">{day}</a></td>' for day in range(1, 29))
        steps = f'<a href="/rili?m={at - 1}">上一月</a> <a href="/rili?m={at + 1}">下一月</a>'
        table = "<p>当日没有公开的信息。</p>" if "d" in request.fields else f"<table><tr>{days}</tr></table>"
        return Page(sheet(f"{name}信息公开日历", steps + table).encode())

    ground.services["/rili"] = month
    ground.above += '<p><a href="/rili?m=24288">信息公开日历</a></p>'


def _sessions(ground: Ground) -> None:
    """Each page leads to itself under a new session id."""
    path = "/zwgk/zfxxgk/nb/more.jsp"
    issued = iter(range(1, 10**9))

    def more(_: Request) -> Page:
        return Page(sheet("政府信息公开年报", f"{link(next(issued))}<ul>{''.join(ground.rows)}</ul>").encode())

    def link(session: int) -> str:
        return f'<p><a href="{path};jsessionid={session:032X}">政府信息公开年报（更多）</a></p>'

    ground.services[path] = more
    ground.above += link(0)


def _attached(make: Callable[[], bytes], ending: str, kind: str) -> Callable[[Ground], object]:
    """One row whose address is a file."""
    return _made(lambda: Page(make(), kind), ending)


def _cut_pdf(ground: Ground) -> None:
    fact = ground.take()
    ground.report(fact, ground.address(fact, "pdf"), Page(files.cut(pdf(report_blocks(fact))), "application/pdf"))
    ground.withheld.append(fact)


def _zip(ground: Ground) -> None:
    fact = ground.take()
    ground.report(fact, ground.address(fact, "zip"), Page(bombs.slipping_zip(fact), "application/zip"))


def _spans(ground: Ground) -> None:
    fact = ground.take()
    ground.report(fact, ground.address(fact), hostile.spanning(fact))
    ground.found.append(fact)


def _titles(ground: Ground) -> None:
    """Rows and pages with such titles; the reports below them are true and say themselves whose they are.

    A link with markup in its text is no title of a report, so there only the page has it.
    """
    for title in hostile.TITLES:
        fact = ground.take()
        path = ground.address(fact)
        ground.row(path, fact, fact.title if "<" in title else f"{title}{fact.title}")
        ground.pages[path] = hostile.titled(fact, f"{title}{fact.title}")
        ground.found.append(fact)


def _nothing(_: Ground) -> None:
    """The fault is not on the page but on the way to it."""


_RETRY = ("Retry-After", "1")
_FAR = "http://www.example.com/nb.html"

FAULTS = (
    Fault("hang", "takes the request and never answers", "timeout", _page(wire.hang())),
    Fault("drip", "sends a byte of the body five times a second", "timeout", _page(wire.drip())),
    Fault("reset", "resets the connection instead of an answer", "connection_lost", _page(Raw(status=0))),
    Fault("closed", "closes the connection without an answer", "no_answer", _page(wire.closed())),
    Fault("garbage", "answers with something that is not HTTP", "bad_response", _page(wire.garbage())),
    Fault("refused", "has nobody listening on its port", "connection_refused", _nothing, 0, where=CLOSED_PORT),
    Fault("dns", "has a name that does not resolve", "dns", _nothing, 0, where=NO_ADDRESS),
    Fault("short-body", "promises twice the bytes that it sends", "body_cut", _spoiled(wire.short)),
    Fault("broken-chunk", "breaks the chunks of a body", "body_cut", _spoiled(wire.broken_chunk)),
    Fault("unsized", "does not say how long a body is", "", _unsized),
    Fault("endless-body", "never ends a body", "too_large", _page(wire.endless())),
    Fault("big", "announces 200 MB and sends them", "too_large", _page(wire.big(sized=True))),
    Fault("big-unsized", "sends 200 MB unannounced", "too_large", _page(wire.big(sized=False))),
    Fault("gzip-bomb", "sends 10 MB that unpack to 1 GiB", "too_large", _page(wire.gzip_bomb())),
    Fault(
        "gzip-cut", "sends the first half of a gzip body", "body_cut", _spoiled(lambda b: wire.packed(wire.cut_gzip(b)))
    ),
    Fault("gzip-crc", "sends gzip with a wrong CRC", "body_cut", _spoiled(lambda b: wire.packed(wire.wrong_crc(b)))),
    Fault("not-gzip", "calls a plain body gzip", "bad_encoding", _spoiled(wire.packed)),
    Fault("gzip-only-broken", "breaks its gzip, and answers well without", "", _unless_identity),
    Fault("endless-headers", "never ends the head of an answer", "too_large", _page(wire.endless_headers())),
    Fault("500", "answers 500", "server_error", _page(refusals.failing(500))),
    Fault("502", "answers 502", "server_error", _page(refusals.failing(502))),
    Fault("503", "answers 503", "server_error", _page(refusals.failing(503))),
    Fault("503-then-well", "answers 503 once, with Retry-After, then well", "", _first(refusals.failing(503, _RETRY))),
    Fault("429", "answers 429", "rate_limited", _page(refusals.failing(429, _RETRY)), blocks=True),
    Fault("429-then-well", "answers 429 once, with Retry-After, then well", "", _first(refusals.failing(429, _RETRY))),
    Fault("404", "lists a report that is not found", "not_found", _page(refusals.NOT_FOUND)),
    Fault("410", "lists a report that is gone", "not_found", _page(refusals.GONE)),
    Fault("redirect-loop", "redirects in a circle", "redirect_loop", _loop),
    Fault("redirect-endless", "redirects to ever new addresses", "redirect_loop", _never_there),
    Fault("redirect-file", "redirects to a file: address", "forbidden_target", _redirects("file:///etc/hostname")),
    Fault(
        "redirect-metadata",
        "redirects to the metadata service of clouds",
        "forbidden_target",
        _redirects("http://169.254.169.254/latest/meta-data/"),
    ),
    Fault(
        "redirect-canary",
        "redirects to another port of this machine, in many spellings",
        "forbidden_target",
        _redirects(*(f"http://{host}:{{canary}}/" for host in _LOOPBACK)),
    ),
    Fault("redirect-abroad", "redirects to a host of somebody else", "forbidden_target", _redirects(_FAR)),
    Fault(
        "links-schemes",
        "links to files, data and scripts",
        "",
        _links(
            "file:///etc/hostname",
            "file://{host}/etc/hostname",
            "ftp://{host}/nb/1.html",
            "data:text/html,<h1>2023年政府信息公开工作年度报告</h1>",
            "javascript:alert(document.cookie)",
            "gopher://127.0.0.1:{canary}/1",
        ),
    ),
    Fault(
        "links-canary",
        "links to another port of this machine, in many spellings",
        "",
        _links(*(f"http://{host}:{{canary}}/nb/1.html" for host in _LOOPBACK)),
    ),
    Fault("links-password", "puts name and password into addresses", "", _with_password),
    Fault("soft-404", "says with 200 that a report does not exist", "soft_404", _page(refusals.SOFT_404)),
    Fault("soft-404-home", "leads from a missing report to the home page", "soft_404", _page(refusals.SOFT_404_HOME)),
    Fault("challenge-412", "wants a script run (412)", "challenge", _page(refusals.CHALLENGE_412), blocks=True),
    Fault("challenge-521", "wants a cookie set (521)", "challenge", _page(refusals.CHALLENGE_521), blocks=True),
    Fault("captcha", "wants a captcha solved", "captcha", _page(refusals.CAPTCHA), blocks=True),
    Fault("geo-403", "forbids the country with 403", "geo_blocked", _page(refusals.GEO_403), blocks=True),
    Fault("geo-200", "forbids the country with 200", "geo_blocked", _page(refusals.GEO_200), blocks=True),
    Fault("challenge-host", "wants a script run for every page", "challenge", _everywhere(refusals.CHALLENGE_412), 0),
    Fault("geo-host", "forbids the country every page", "geo_blocked", _everywhere(refusals.GEO_403), 0),
    Fault("robots-folder", "forbids robots a folder with reports", "robots_forbidden", _private(robots(_PRIVATE))),
    Fault("robots-503", "answers 503 for robots.txt", "robots_unreachable", _robots(refusals.failing(503)), 0),
    Fault("robots-hang", "never answers for robots.txt", "robots_unreachable", _robots(wire.hang()), 0),
    Fault(
        "robots-huge",
        "has a robots.txt of 24 MB that forbids a folder with reports",
        "robots_forbidden",
        _private(wire.huge_robots(ROBOTS_SIZE, _PRIVATE)),
    ),
    Fault("types", "calls a PDF HTML, HTML a PDF, and a Word file text", "", _wrong_types),
    Fault("calendar", "has a calendar without beginning or end", "", _calendar),
    Fault("sessions", "gives every link a new session id", "", _sessions),
    Fault(
        "docx-bomb", "has a Word file that unpacks to 1 GiB", "unreadable", _attached(bombs.docx_bomb, "docx", _WORD)
    ),
    Fault(
        "xlsx-bomb", "has an Excel file that unpacks to 1 GiB", "unreadable", _attached(bombs.xlsx_bomb, "xlsx", _EXCEL)
    ),
    Fault(
        "pdf-bomb", "has a PDF that unpacks to 1 GiB", "unreadable", _attached(bombs.pdf_bomb, "pdf", "application/pdf")
    ),
    Fault("pdf-cut", "has half a PDF", "unreadable", _cut_pdf),
    Fault(
        "encrypted",
        "has an encrypted Word file",
        "unreadable",
        _attached(files.encrypted_doc, "doc", "application/msword"),
    ),
    Fault("zip-slip", "has an archive whose members want to lie outside", "unreadable", _zip),
    Fault("nested", "has a page of 100 000 nested elements", "unreadable", _made(hostile.nested)),
    Fault("wide", "has a table of a million cells", "unreadable", _made(hostile.wide)),
    Fault("spans", "has cells that span 10**9 rows and columns", "", _spans),
    Fault("titles", "has titles of control characters, markup, formulas, SQL, paths", "", _titles),
    Fault("tls", "has a certificate of its own", "", _nothing, where=TLS),
    Fault(
        "tls-legacy",
        "does not know secure renegotiation (RFC 5746)",
        "tls_legacy",
        lambda ground: ground.withhold(4),
        0,
        where=LEGACY_TLS,
    ),
)
"""All faults, in the order of the table of portals."""

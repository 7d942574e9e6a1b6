"""What a newcomer asks first of a page: what made it, what it lists and why, and what the reader gets out of it.

Tells the same story as a crawl, by its own pieces: the platforms whose signs the page bears, what each link promises,
the way to further pages, and the reading. The bundle holds the same with the evidence, for a bug report.
"""

from __future__ import annotations

import io
import platform as machine
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from archive import Archive
from crawler import platforms
from crawler.judging import Setting, promise_of
from crawler.platforms import Page, Row
from gongkai.explaining import as_story
from gongkai.extracting import Found
from gongkai.printing import printable
from pipelines import extract
from pipelines.decode import decode
from pipelines.model import Capture
from pipelines.normalize import repair, script_of, simplify

_SECRET = re.compile(r"token|passw|pwd|secret|session|sid$|auth|ticket|key$|sign$|code$", re.IGNORECASE)
_SECRET_HEADERS = ("Cookie", "Set-Cookie", "Authorization", "Proxy-Authorization")
_HIDDEN = "removed"
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Looked:
    """A page to look at: its bytes, where it came from, and its status (0 for a file)."""

    source: str
    capture: Capture
    status: int = 0
    warc: bytes = b""


def look_at_file(path: Path, url: str) -> Looked:
    """A page that somebody saved; `url` is where it was. Raises OSError."""
    return Looked(str(path), Capture(path.read_bytes(), url or "http://page.invalid/"))


def look_at_url(url: str) -> Looked | str:
    """Fetches a page as a crawl would; the name of the fault when it does not come. Raises OptionsError."""
    from gongkai.crawling import run_spider  # Scrapy takes a second to load

    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        spider = run_spider(_without_login(url), Path(folder))
        if spider.capture_id is None:
            return spider.fault
        with Archive.open(Path(folder) / "archive.db") as archive:
            capture = archive.read(spider.capture_id)
        warc = b"".join(path.read_bytes() for path in sorted((Path(folder) / "warc").glob("*.warc.gz")))
    return Looked(without_secrets(url), capture, spider.status, warc)


def as_report(looked: Looked, setting: Setting) -> str:
    """What there is to say about a page, a line for each fact. `setting` is where to suppose that the page stands."""
    return printable("\n".join(_lines(looked, setting)) + "\n")


def bundle(looked: Looked, told: str) -> bytes:
    """A zip file of the explanation and the captures, without cookies, passwords and tokens."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("explanation.txt", told)
        archive.writestr("environment.txt", f"gongkai {version('gongkai')}, Python {machine.python_version()}\n")
        if looked.warc:
            archive.writestr("captures.warc.gz", _cleaned(looked.warc))
        else:
            archive.writestr("page.bin", looked.capture.body)
    return packed.getvalue()


def without_secrets(url: str) -> str:
    """An address without user, password, and the values of parameters that look like tokens."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = [
        (name, _HIDDEN if _SECRET.search(name) and value else value) for name, value in parse_qsl(parts.query, True)
    ]
    path = re.sub(r"(?i)(;jsessionid=)[^/?#;]*", rf"\1{_HIDDEN}", parts.path)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, urlencode(query), parts.fragment))


def _without_login(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _lines(looked: Looked, setting: Setting) -> Iterator[str]:
    capture = looked.capture
    status = f", status {looked.status}" if looked.status else ""
    yield f"page       {looked.source}{status}"
    kind = f", {capture.content_type}" if capture.content_type else ", no content type"
    yield f"bytes      {len(capture.body):,}{kind}"
    text = decode(capture.body, capture.content_type)
    repaired = repair(text)
    yield f"encoding   {repaired.encoding}: {repaired.reason}"
    page = Page(capture.url, repaired.text, looked.status or 200)
    signs = [platform.name for platform in platforms.recognise(page)]
    yield f"platform   {', '.join(signs)}"
    listing = platforms.read(page)
    yield f"links      {len(listing.rows)}"
    yield from _promises(page, listing.rows, setting)
    for step in listing.further:
        yield f"pager      {step.method} {without_secrets(step.url)}" + (
            f" with {step.body[:200]}" if step.body else ""
        )
    for step in listing.columns:
        yield f"column     {step.method} {without_secrets(step.url)}"
    if not listing.further:
        yield "pager      none found"
    for reading in extract(capture):
        yield "reader     " + ("a report" if reading.report else f"no report: {reading.reason}")
        if reading.report:
            found = Found(looked.source, reading, capture.url, capture=capture)
            yield from (f"           {line}" for line in as_story(found).splitlines()[2:])


def _promises(page: Page, rows: tuple[Row, ...], setting: Setting) -> Iterator[str]:
    traditional = script_of(page.text) == "traditional"
    judged = [(row, promise_of(row, setting, traditional=traditional)) for row in rows]
    words = {
        "report": "look like reports",
        "column": "look like columns of reports, or single ones below a column",
        "way": "may lead to such a column",
        "distractor": "name another matter",
    }
    for kind, meaning in words.items():
        found = [(row, promise) for row, promise in judged if promise is not None and promise.kind == kind]
        if not found:
            continue
        yield f"           {len(found)} {meaning}"
        for row, promise in sorted(found, key=lambda item: -item[1].score)[:_SHOWN]:
            title = simplify(row.title)[:60] or f"({row.by})"
            yield f"           {promise.score:4} {title}  {without_secrets(row.url)}"
        if len(found) > _SHOWN:
            yield f"                and {len(found) - _SHOWN} more"


def _cleaned(warc: bytes) -> bytes:
    """The records without cookies and credentials, addresses without tokens."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for record in ArchiveIterator(io.BytesIO(warc)):
        target = record.rec_headers.get_header("WARC-Target-URI")
        if target:
            record.rec_headers.replace_header("WARC-Target-URI", without_secrets(target))
        if record.http_headers is not None:
            for name in _SECRET_HEADERS:
                if record.http_headers.get_header(name):
                    record.http_headers.replace_header(name, _HIDDEN)
            for name in ("Location", "Referer", "Content-Location"):
                address = record.http_headers.get_header(name)
                if address:
                    record.http_headers.replace_header(name, without_secrets(address))
            if record.rec_type == "request":
                path, _, protocol = record.http_headers.statusline.partition(" ")
                record.http_headers.statusline = f"{without_secrets(path)} {protocol}".strip()
        writer.write_record(record)
    return out.getvalue()

"""Visiting the site as a browser without scripts does, and an archive that tries to be more than text."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, replace
from email.message import Message
from pathlib import Path

from lxml import html

from archive.store import Archive
from pipelines.model import Attachment, FigureCell, Indicator, Issue, Section
from tests.archive.archive_samples import keep, reading

SCRIPT = "<script>alert('in')</script>"
IMAGE = '<img src=x onerror="alert(1)">'
BREAKOUT = "\"'><script>alert(2)</script>"

PAGES = (
    "/",
    "/report/1",
    "/report/1/applications.new_received.total",
    "/agency/1",
    "/search?q=alert",
    "/search?q=%3Cscript%3E",
    "/gongkai",
    "/gongkai/reports",
    "/gongkai/panel",
    "/gongkai/panel?_facet=agency",
    "/gongkai/panel?agency__contains=script",
    "/gongkai/figures",
    "/gongkai/cells",
    "/gongkai/sections",
    "/gongkai/agencies",
    "/gongkai/agencies/1",
    "/gongkai/attachments",
    "/gongkai/captures",
    "/gongkai/issues",
    "/gongkai/open_issues",
    "/gongkai/indicators",
    "/gongkai/newest_reports",
    "/gongkai/most_litigated",
    "/gongkai/one_agency?agency=%3Cscript%3E",
    "/gongkai?sql=select+%27%3Cscript%3Ealert(3)%3C%2Fscript%3E%27+as+%22%3Cscript%3Ealert(4)%3C%2Fscript%3E%22",
    "/gongkai?sql=selec+%3Cscript%3Ealert(5)%3C%2Fscript%3E",
    "/gongkai/%3Cscript%3Ealert(6)%3C/script%3E",
    "/report/999999",
)
"""Pages of every kind, with what is hostile in them and in their addresses."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Message
    text: str

    @property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.text)

    @property
    def words(self) -> str:
        """What a reader sees, in one line."""
        return " ".join(self.tree.text_content().split())


def get(site: str, path: str, lang: str = "en", **headers: str) -> Answer:
    """Asks a running site for a page; redirects are followed as a browser does, errors are answers too."""
    address = urllib.parse.urljoin(site, urllib.parse.quote(path, safe="/?&=%+:,.-_"))
    request = urllib.request.Request(address, headers={"Cookie": f"gongkai_lang={lang}", **headers})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return Answer(answer.status, answer.headers, answer.read().decode())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read().decode())


def make_hostile(path: Path) -> None:
    """An archive of one report of which every text from the web is a script, or breaks out of an attribute."""
    cells = {
        "applications.new_received.natural_person": (None, IMAGE, "word"),
        "applications.new_received.total": (None, SCRIPT, "word"),
        "active_disclosure.regulations.in_force": (None, BREAKOUT, "word"),
    }
    read = replace(
        reading(),
        agency=f"{SCRIPT}局",
        title=f"{BREAKOUT}{SCRIPT}",
        evidence={"agency": SCRIPT, "year": IMAGE, "scope": BREAKOUT},
        sections=(Section(1, f"一、{SCRIPT}", f"{IMAGE}\n{SCRIPT} alert {BREAKOUT}"),),
        attachments=(Attachment("javascript:alert(7)", SCRIPT), Attachment("https://a.example/\"onload='x'", IMAGE)),
        indicators=(Indicator(SCRIPT, "件", IMAGE, None, BREAKOUT, "table 9"),),
        issues=(Issue("prose_conflict", "warning", f"{SCRIPT}{IMAGE}", "applications.new_received.total"),),
    )
    kept = {cell.figure: cell for cell in read.cells} | {
        figure: FigureCell(figure, value, raw, f"table 1 {SCRIPT}", state)  # type: ignore[arg-type]
        for figure, (value, raw, state) in cells.items()
    }
    with Archive.open(path) as archive:
        url = "https://www.example.gov.cn/?q=\"><script>alert('url')</script>"
        capture = keep(archive, url, "body")
        archive.store(replace(read, cells=tuple(kept.values())), capture, trust="official", portal_id=SCRIPT)

"""Reports that are files: linked from the column itself, or all that a report's page holds.

The files are those of the generator (tests/generate), which knows what they say: agency, year and every figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest

from crawler.sample_portal.attachment import request_form
from tests.crawler.trials.county import COLUMN, Crawled, crawl, listing, page, portal, publish, row
from tests.crawler.trials.web import Host, Reply
from tests.generate.documents import Document, build
from tests.generate.recipes import Recipe

TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".doc": "application/msword",
    ".pdf": "application/pdf",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".html": "text/html; charset=utf-8",
}
PLACE = "汇泉市"
OCTETS = "application/octet-stream"
DOWNLOAD = "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1461&wbfileid={}"
VIRTUAL = "/virtual_attach_file.vsb?afc=Tnm{}QiL&oid=1461&tid=1033&nid=57{}&e=.pdf"


@dataclass(frozen=True)
class Filed:
    """A report and where it is: the page that it is filed under and the file that holds its tables."""

    document: Document
    page: str
    file: str

    @property
    def agency(self) -> str:
        return str(self.document.gold[0]["agency"][0])

    @property
    def year(self) -> int:
        return int(str(self.document.gold[0]["year"]))

    @property
    def title(self) -> str:
        return f"{self.agency}{self.year}年政府信息公开工作年度报告"

    @property
    def figures(self) -> dict[str, Decimal | None]:
        return dict(self.document.gold[0]["figures"])


def document(number: int, family: str, style: str) -> Document:
    """A report without deviations whose agency has one name only."""
    made = build(Recipe(770_000 + number, family, style, "tables", "f2021", ()))
    assert len(made.gold[0]["agency"]) == 1
    return made


def named(body: bytes, name: str, kind: str = OCTETS) -> Reply:
    """A download whose name is sent as the raw bytes of GBK, as the vendor's servers do."""
    raw = name.encode("gbk").decode("latin-1")
    return Reply(body, content_type=kind, headers=(("Content-Disposition", f'attachment; filename="{raw}"'),))


def straight(host: Host, number: int, family: str, style: str, kind: str = "") -> tuple[Filed, str]:
    """A row that leads to the file itself."""
    made = document(number, family, style)
    href = f"/zwgk/zfxxgknb/202401/P0202401{number:02d}3432534{made.suffix}"
    host.pages[href] = Reply(made.data, content_type=kind or TYPES[made.suffix])
    filed = Filed(made, href, href)
    return filed, row(href, filed.title, "2024-01-20")


def by_page(host: Host, number: int, family: str, style: str, target: str, main: str) -> tuple[Filed, str]:
    """A row that leads to a page without tables; `main` is what it holds, with {href} and {title} of the file."""
    made = document(number, family, style)
    href = target or f"/zwgk/zfxxgknb/202401/P0202401{number:02d}3432534{made.suffix}"
    filed = Filed(made, f"/info/1033/{5700 + number}.htm", href)
    host.pages[href] = named(made.data, f"{filed.title}{made.suffix}", OCTETS if target else TYPES[made.suffix])
    shown = main.format(href=href.replace("&", "&amp;"), raw=href, title=filed.title, suffix=made.suffix)
    head = f"<h1>{filed.title}</h1><div>发布时间：2024-01-20 来源：{PLACE}</div>"
    host.pages[filed.page] = page(filed.title, f'{head}\n<div class="v_news_content">{shown}</div>')
    return filed, row(filed.page, filed.title, "2024-01-20")


LINK = '<p>附件：<a href="{href}">{title}{suffix}</a></p>'
VSB = (
    '<p></p><ul><li>附件【<a href="{href}" target="_blank">{title}{suffix}</a>】已下载<span id="nattach1"></span>次'
    "</li></ul>"
)
VIEWER = '<script>showVsbpdfIframe("{raw}","100%","600","0","border",[]);</script>'
FRAME = '<iframe src="{href}" width="100%" height="800"></iframe>'


def shop(host: Host) -> dict[str, Filed]:
    """All of it in one column, among files that are no reports. Returns the reports by what is special to them."""
    made = {
        "row to .docx": straight(host, 1, "docx", "word"),
        "row to .pdf": straight(host, 2, "pdf", "ruled"),
        "row to .xls": straight(host, 17, "xls", "numbers"),
        "row to .doc": straight(host, 4, "doc", "wide_widths"),
        "row to .xlsx of no known type": straight(host, 5, "xlsx", "numbers", OCTETS),
        "page with a .docx": by_page(host, 6, "docx", "wps", "", LINK),
        "page with a .pdf": by_page(host, 7, "pdf", "characters", "", LINK),
        "page with a .pdf in a frame": by_page(host, 8, "pdf", "shaded", "", FRAME),
        "download.jsp of a .docx": by_page(host, 9, "docx", "python_docx", DOWNLOAD.format("A7C9E1"), VSB),
        "download.jsp of a .xls": by_page(host, 10, "xls", "text", DOWNLOAD.format("B2D4F6"), VSB),
        "virtual file of a .pdf": by_page(host, 11, "pdf", "landscape", VIRTUAL.format("Qz", 11), VSB),
        "viewer of a virtual .pdf": by_page(host, 16, "pdf", "ruled", VIRTUAL.format("Kx", 16), VIEWER),
    }
    # A row that leads straight to the script that sends the file.
    filed = Filed(document(13, "docx", "word"), DOWNLOAD.format("C1C2C3"), DOWNLOAD.format("C1C2C3"))
    host.pages[filed.file] = named(filed.document.data, f"{filed.title}.docx")
    made["row to download.jsp"] = filed, row(filed.file, f"{filed.title}.docx", "2024-01-20")
    # A page that has all tables, and the same report as a file below them.
    whole, copy = document(15, "html", "clean"), document(15, "docx", "word")
    filed = Filed(whole, "/info/1033/5715.htm", DOWNLOAD.format("D4D5D6"))
    host.pages[filed.file] = named(copy.data, f"{filed.title}.docx")
    link = VSB.format(href=filed.file.replace("&", "&amp;"), title=filed.title, suffix=".docx")
    body = whole.data.decode()
    assert body.count("</body>") == 1
    host.pages[filed.page] = body.replace("</body>", f"{link}</body>")
    made[WHOLE] = filed, row(filed.page, filed.title, "2024-01-20")
    form = named(request_form(), "政府信息公开申请表.docx")
    host.pages["/zwgk/sqb.docx"] = form
    host.pages[DOWNLOAD.format("E0E0E0")] = form
    shown = row("/zwgk/sqb.docx", "政府信息公开申请表.docx") + "".join(line for _, line in made.values())
    shown += row(DOWNLOAD.format("E0E0E0"), "政府信息公开年度报告格式（样表）", "2024-01-02")
    publish(host, PLACE, [])
    host.pages[COLUMN] = listing("政府信息公开年报", shown)
    return {name: filed for name, (filed, _) in made.items()}


WHOLE = "page with tables and a copy"
NAMES = (
    "row to .docx",
    "row to .pdf",
    "row to .xls",
    "row to .doc",
    "row to .xlsx of no known type",
    "page with a .docx",
    "page with a .pdf",
    "page with a .pdf in a frame",
    "download.jsp of a .docx",
    "download.jsp of a .xls",
    "virtual file of a .pdf",
    "viewer of a virtual .pdf",
    "row to download.jsp",
    WHOLE,
)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawled, Host, dict[str, Filed]]]:
    with Host("127.0.8.1") as host:
        filed = shop(host)
        assert tuple(filed) == NAMES
        yield crawl(tmp_path_factory.mktemp("files"), portal(host, name=PLACE)), host, filed


@pytest.mark.parametrize("name", NAMES)
def test_the_report_is_archived_with_its_figures(ran: tuple[Crawled, Host, dict[str, Filed]], name: str) -> None:
    crawled, _, filed = ran
    report = filed[name]
    found = crawled.rows("SELECT figure, value FROM figures WHERE agency = ? AND year = ?", report.agency, report.year)
    assert found
    stored = {figure: None if value is None else Decimal(str(value)) for figure, value in found}
    assert stored == {
        figure: None if value is None else Decimal(str(value)) for figure, value in report.figures.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_page_and_file_are_its_evidence(ran: tuple[Crawled, Host, dict[str, Filed]], name: str) -> None:
    crawled, host, filed = ran
    report = filed[name]
    linked = dict(crawled.linked(report.agency, report.year))
    expected = {host.url(report.page): "page"}
    # A page that has all tables needs no file; but one that was fetched is kept as evidence.
    if report.file != report.page and (name != WHOLE or report.file in host.asked()):
        expected[host.url(report.file)] = "attachment"
    assert linked == expected
    ((url,),) = crawled.rows("SELECT url FROM reports WHERE agency = ? AND year = ?", report.agency, report.year)
    assert url == host.url(report.page)


def test_nothing_else_is_a_report_and_nothing_is_filed_twice(ran: tuple[Crawled, Host, dict[str, Filed]]) -> None:
    crawled, _, filed = ran
    assert crawled.reports() == sorted((report.agency, report.year) for report in filed.values())
    assert crawled.rows("SELECT message FROM issues WHERE code IN ('attachment_only', 'sources_differ')") == []


def test_each_file_is_fetched_once(ran: tuple[Crawled, Host, dict[str, Filed]]) -> None:
    _, host, filed = ran
    asked = {name: host.asked().count(report.file) for name, report in filed.items()}
    assert asked.pop(WHOLE) <= 1
    assert asked == dict.fromkeys(asked, 1)

"""Pages made to break whoever reads them: depth, width, spans, and texts that are more than text."""

from crawler.sample_portal import documents
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.faults.ground import sheet
from crawler.sample_portal.site import Page

TITLES = (
    "\x1b[2J\x1b]0;owned\x07",
    "\u202egpj.exe\u202c",
    "第一行\r\n第二行\x00\x85\u2028",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://127.0.0.1/","年报")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "'; DROP TABLE reports; --",
    "../../../../etc/passwd",
)
"""What may stand in a title: control sequences, text from right to left, line ends, markup, formulas, SQL, a path."""

_DEPTH, _CELLS = 100_000, 1_000_000


def nested() -> Page:
    """100 000 elements, one within the other."""
    return Page(sheet("统计表", "<div>" * _DEPTH + "底" + "</div>" * _DEPTH).encode())


def wide() -> Page:
    """A table of a million cells."""
    row = "<tr>" + "<td>1</td>" * 100 + "</tr>"
    return Page(sheet("统计表", f"<table>{row * (_CELLS // 100)}</table>").encode())


def spanning(fact: Fact) -> Page:
    """A true report beside a table whose cells span 10**9 rows and columns."""
    cell = '<td rowspan="1000000000" colspan="1000000000">1</td>'
    table = f"<table><tr>{cell}{cell}</tr><tr>{cell}</tr></table>"
    return Page(sheet(fact.title, documents.report(fact).body + table, fact.agency).encode())


def titled(fact: Fact, title: str) -> Page:
    """A true report whose page calls itself something else."""
    return Page(sheet(title, documents.report(fact).body, fact.agency).encode())

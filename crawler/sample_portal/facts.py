"""The facts that the sample portal publishes, read from facts.yaml, and the exact number that each cell means.

A fact is one report: agency, year, where and how it is published, and the printed string of every figure. Whoever
reads the served pages back must arrive at `expected(printed)` for each of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from zlib import crc32

import yaml

from crawler.sample_portal import forms

STYLES = frozenset({"clean", "word", "plain", "traditional", "pinyin"})

# Harmless deviations that real pages show.
# Titles: `niandu` 2023年度, `spaced_year` spaces around the year, `year_first` the year before the agency, `nianbao`
# 年报, `broken_title` over two lines.
# Table 2: `short_normative` 规范性文件 for 行政规范性文件, `spaced_caption` 第二十条 第(一)项, `extra_column` an empty
# last column, `instruction` a line of the template left in. Table 3: `spaced_groups` (一) 予以公开.
# Everywhere: `halfwidth` brackets.
# Style word only: a page breaks the table, `break_early` within (三), `break_late` within (五).
QUIRKS = frozenset(
    {
        "niandu",
        "spaced_year",
        "year_first",
        "nianbao",
        "broken_title",
        "short_normative",
        "spaced_caption",
        "extra_column",
        "instruction",
        "spaced_groups",
        "halfwidth",
        "break_early",
        "break_late",
    }
)

_NUMBER = re.compile(r"(?P<sign>[-+增减]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?(?:万元|元|件|项)?")


@dataclass(frozen=True)
class Fact:
    """One published report. `printed` holds every figure of the form (f2021: 200, f2019: 198)."""

    agency: str
    year: int
    portal: str
    column: str
    form: str
    style: str
    published: date
    quirks: frozenset[str]
    mirrors: tuple[str, ...]
    printed: dict[str, str]

    @property
    def number(self) -> int:
        """The content management system's document id: made from agency and year, so editing the file moves none."""
        return 1_000_000 + crc32(f"{self.agency}{self.year}".encode()) % 8_000_000

    @property
    def title(self) -> str:
        """The report's title in one line."""
        return "".join(self.title_lines)

    @property
    def title_lines(self) -> tuple[str, ...]:
        """The title as the document prints it, in one or two lines."""
        year = f"{self.year}年度" if "niandu" in self.quirks else f"{self.year}年"
        if "spaced_year" in self.quirks:
            year = f" {self.year} {year[4:]}"
        noun = "政府信息公开年报" if "nianbao" in self.quirks else "政府信息公开工作年度报告"
        if "year_first" in self.quirks:
            head, tail = f"{year}{self.agency}", noun
        else:
            head, tail = self.agency, f"{year}{noun}"
        return (head, tail) if "broken_title" in self.quirks else (head + tail,)


def expected(printed: str) -> Decimal | None:
    """The exact number that a printed cell means, in the form's unit; None for an empty cell, `/`, `-` and `—`.

    Thousands separators and a unit inside the cell are dropped; `增` and `减` are signs.
    """
    text = printed.strip()
    if text in {"", "/", "-", "—"}:
        return None
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise ValueError(f"not a printed figure: {printed!r}")
    number = Decimal(match["digits"].replace(",", "") + (match["decimals"] or ""))
    return -number if match["sign"] in {"-", "减"} else number


# BaseLoader keeps every value the string that somebody typed: `+3` and `1,234` must not become numbers. The one in C
# saves a sample crawl a third of a second; where PyYAML was built without it, the other one does the same.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@cache
def load() -> list[Fact]:
    """Every report of facts.yaml, in the order of the file. Raises ValueError for an entry that cannot be right."""
    text = files(__package__).joinpath("facts.yaml").read_text(encoding="utf-8")
    agencies: list[dict[str, Any]] = yaml.load(text, Loader=_LOADER)
    return [_fact(agency, report) for agency in agencies for report in agency["reports"]]


def _fact(agency: dict[str, Any], report: dict[str, Any]) -> Fact:
    quirks = frozenset(report.get("quirks", ()))
    if report["style"] not in STYLES or not quirks <= QUIRKS or report["form"] not in forms.DISCLOSURE:
        raise ValueError(f"{agency['agency']} {report['year']}: unknown style, quirk or form")
    return Fact(
        agency=agency["agency"],
        year=int(report["year"]),
        portal=agency["portal"],
        column=agency["column"],
        form=report["form"],
        style=report["style"],
        published=date.fromisoformat(report["published"]),
        quirks=quirks,
        mirrors=tuple(report.get("mirrors", ())),
        printed=_printed(report),
    )


def _printed(report: dict[str, Any]) -> dict[str, str]:
    printed = dict.fromkeys(forms.figure_ids(report["form"]), "0")
    for figure, cell in _listed(report):
        if figure not in printed:
            raise ValueError(f"{report['form']} has no figure {figure}")
        printed[figure] = "" if cell == "_" else cell
    return printed


def _listed(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    disclosure = forms.disclosure_columns(report["form"])
    for row, cells in report.get("disclosure", {}).items():
        yield from _row(f"active_disclosure.{row}", disclosure[row], cells)
    for row, cells in report.get("applications", {}).items():
        yield from _row(f"applications.{row}", list(forms.APPLICANTS), cells)
    for case, cells in report.get("review_litigation", {}).items():
        yield from _row(f"review_litigation.{case}", list(forms.OUTCOMES), cells)


def _row(prefix: str, columns: list[str], cells: str) -> Iterator[tuple[str, str]]:
    values = cells.split()
    if len(values) != len(columns):
        raise ValueError(f"{prefix}: {len(values)} cells for {len(columns)} columns")
    for column, value in zip(columns, values, strict=True):
        yield f"{prefix}.{column}", value

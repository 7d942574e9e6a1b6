"""The charts of the site: what each asks of the archive, and its drawing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Literal

from sqlite_utils import Database

from archive.coverage.gaps import By, as_of, counts
from archive.site.asking import Row, first, rows
from archive.site.headers import Lang

PLACES = 40
"""Lines of a grid; beyond them a picture tells less than the table."""

_OWN = "scope = 'own'"


def requests(db: sqlite3.Connection, where: str, values: tuple[object, ...], lang: Lang) -> str:
    """Requests received by year and kind of applicant; what no form breaks down stands apart."""
    from archive.charts import requests_over_time

    found = rows(
        db,
        "SELECT year, sum(received_natural) AS natural, sum(received_firms) AS firms,"
        " sum(coalesce(received_research, 0) + coalesce(received_welfare, 0) + coalesce(received_legal, 0)"
        "   + coalesce(received_other, 0)) AS others,"
        f" sum(CASE WHEN received_natural IS NULL THEN received END) AS unknown FROM panel WHERE {where} GROUP BY year"
        " ORDER BY year",
        *values,
    )
    return requests_over_time(found, lang)


def outcomes(db: sqlite3.Connection, where: str, values: tuple[object, ...], lang: Lang) -> str:
    """What became of requests, by year."""
    from archive.charts import OUTCOMES, outcomes_over_time

    sums = ", ".join(f"sum({outcome}) AS {outcome}" for outcome in OUTCOMES)
    found = rows(db, f"SELECT year, {sums} FROM panel WHERE {where} GROUP BY year ORDER BY year", *values)
    return outcomes_over_time(found, lang)


def disputes(db: sqlite3.Connection, where: str, values: tuple[object, ...], lang: Lang) -> str:
    """Reconsiderations and lawsuits by year and outcome."""
    from archive.charts import disputes_over_time

    sums = ", ".join(
        f"sum(coalesce(review_{outcome}, 0) + coalesce(lawsuit_{outcome}, 0)) AS {outcome}"
        for outcome in ("upheld", "corrected", "other", "pending")
    )
    found = rows(db, f"SELECT year, {sums} FROM panel WHERE {where} GROUP BY year ORDER BY year", *values)
    return disputes_over_time(found, lang)


def coverage(db: sqlite3.Connection, lang: Lang) -> str:
    """What is held of what was due, by place and year; how many reports there are where nobody has looked into that."""
    known = first(db, "SELECT count(DISTINCT province) AS n FROM panel") or {"n": 0}
    asked = Database(db, execute_plugins=False)
    day = as_of(asked)
    if day is None:
        return _numbers(db, "province" if known["n"] > 1 else "agency", lang)
    from archive.charts.heatmap import as_svg, heat_map

    portals = first(db, "SELECT count(*) AS n FROM portals") or {"n": 0}
    by: By = "province" if known["n"] > 1 else "portal" if portals["n"] <= PLACES else "level"
    return as_svg(heat_map(counts(asked, by, each_year=True), by, as_of=day))


def _numbers(db: sqlite3.Connection, place: Literal["province", "agency"], lang: Lang) -> str:
    from archive.charts import grid

    found = rows(
        db,
        f"SELECT coalesce({place}, ?) AS place, year, count(*) AS reports FROM panel WHERE coalesce({place}, '') IN"
        f" (SELECT coalesce({place}, '') FROM panel GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {PLACES})"
        " GROUP BY 1, 2 ORDER BY max(division_code) IS NULL, min(division_code), 1, 2",
        {"en": "place unknown", "zh": "地区不详"}[lang],
    )
    return grid(found, lang, title={"en": "reports", "zh": "报告数"}[lang])


def drawing(db: sqlite3.Connection, name: str, chosen: Mapping[str, str], lang: Lang) -> str | None:
    """The chart of that name; `agency` (an id) or `province` narrow it. None where there is no such chart."""
    if name == "coverage":
        return coverage(db, lang)
    draw = _BARS.get(name)
    if draw is None:
        return None
    where, values = _OWN, list[object]()
    if chosen.get("agency", "").isascii() and chosen.get("agency", "").isdigit():
        where, values = f"{_OWN} AND agency_id = ?", [int(chosen["agency"])]
    elif chosen.get("province"):
        where, values = f"{_OWN} AND province = ?", [chosen["province"]]
    return draw(db, where, tuple(values), lang)


Draw = Callable[[sqlite3.Connection, str, tuple[object, ...], Lang], str]
_BARS: Mapping[str, Draw] = {"requests": requests, "outcomes": outcomes, "disputes": disputes}


def has_rows(years: list[Row], *names: str) -> bool:
    """Whether any year has a number above 0 in one of these columns: an empty chart is not shown."""
    return any(row.get(name) for row in years for name in names)

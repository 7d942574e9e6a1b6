"""Charts as SVG text, drawn on this machine by Vega-Lite without a browser; needs the extra `site`.

Each takes rows (dicts) and the language of its labels, and gives a whole `<svg>` element. The drawing holds no
script and refers to nothing outside; text from the web is data to Vega, which escapes it. Fonts are the viewer's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import altair as alt
import vl_convert

Lang = Literal["en", "zh"]
Row = Mapping[str, Any]

FONT = "system-ui, 'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
INK, FAINT, RULE = "#2b2f36", "#6b7078", "#e3e0d8"

APPLICANTS = {
    "natural": ("natural persons", "自然人", "#b8352a"),
    "firms": ("firms", "商业企业", "#d98a3d"),
    "others": ("other organisations", "其他组织", "#8f7a5e"),
    "unknown": ("not broken down", "未分类", "#c9c5bb"),
}
"""Kinds of applicant in the order in which they are stacked: English, Chinese, colour."""

OUTCOMES = {
    "granted": ("granted in full", "予以公开", "#2f7d5b"),
    "already_public": ("public already", "已主动公开", "#8fbf9f"),
    "partial": ("granted in part", "部分公开", "#c4d79b"),
    "denied": ("denied", "不予公开", "#b8352a"),
    "unable": ("cannot be provided", "无法提供", "#d98a3d"),
    "not_processed": ("not processed", "不予处理", "#a8a29a"),
    "other_results": ("other", "其他处理", "#d6d1c7"),
}

DISPUTES = {
    "upheld": ("upheld", "结果维持", "#6f8fa8"),
    "corrected": ("corrected", "结果纠正", "#b8352a"),
    "other": ("other result", "其他结果", "#cfc9bd"),
    "pending": ("pending", "尚未审结", "#e6d9a8"),
}

Kinds = Mapping[str, tuple[str, str, str]]


def requests_over_time(rows: Iterable[Row], lang: Lang, *, width: int = 460, height: int = 220) -> str:
    """Bars of requests received: rows of `year` and a number for each of APPLICANTS (null: not given)."""
    title = {"en": "requests received", "zh": "新收申请（件）"}[lang]
    return _bars(rows, APPLICANTS, lang, title, width, height)


def outcomes_over_time(rows: Iterable[Row], lang: Lang, *, width: int = 460, height: int = 220) -> str:
    """Shares of the outcomes of requests: rows of `year` and a number for each of OUTCOMES."""
    title = {"en": "share of requests decided", "zh": "占办理结果的比例"}[lang]
    return _bars(rows, OUTCOMES, lang, title, width, height, shares=True)


def disputes_over_time(rows: Iterable[Row], lang: Lang, *, width: int = 460, height: int = 220) -> str:
    """Bars of reconsiderations and lawsuits: rows of `year` and a number for each of DISPUTES."""
    title = {"en": "reconsiderations and lawsuits", "zh": "复议与诉讼（件）"}[lang]
    return _bars(rows, DISPUTES, lang, title, width, height)


def grid(rows: Iterable[Row], lang: Lang, *, title: str, step: int = 22) -> str:
    """Squares by place and year, darker where there are more reports: rows of `place`, `year` and `reports`."""
    data: list[dict[str, Any]] = [
        {"place": str(r["place"]), "year": int(r["year"]), "reports": int(r["reports"])} for r in rows
    ]
    places: list[str] = list(dict.fromkeys(row["place"] for row in data))
    base = alt.Chart({"values": data}).encode(
        x=alt.X("year:O", title=None, scale=_years(data), axis=alt.Axis(orient="top", labelAngle=0)),
        y=alt.Y("place:N", title=None, sort=places, axis=alt.Axis(labelLimit=260)),
    )
    most = max((row["reports"] for row in data), default=1)
    squares = base.mark_rect(stroke="#ffffff", strokeWidth=2, cornerRadius=3).encode(
        color=alt.Color(
            "reports:Q",
            title=title,
            scale=alt.Scale(type="sqrt", domain=[0, most], range=["#f6e9df", "#d98a3d", "#8c1d18"]),
            legend=None,
        )
    )
    numbers = base.mark_text(fontSize=11).encode(
        text="reports:Q", color=alt.condition(f"datum.reports > {most / 3}", alt.value("#ffffff"), alt.value(INK))
    )
    chart = alt.layer(squares, numbers).properties(width=alt.Step(max(step * 2, 40)), height=alt.Step(step))
    return _drawn(chart)


def _bars(
    rows: Iterable[Row], kinds: Kinds, lang: Lang, title: str, width: int, height: int, *, shares: bool = False
) -> str:
    data = _long(rows, kinds, lang)
    present = [kind for kind in kinds if any(row["kind"] == _name(kinds, kind, lang) for row in data)]
    scale = alt.Scale(domain=[_name(kinds, kind, lang) for kind in present], range=[kinds[kind][2] for kind in present])
    y = alt.Y(
        "value:Q",
        title=None,
        stack="normalize" if shares else "zero",
        axis=alt.Axis(format=".0%", tickCount=5) if shares else alt.Axis(format=",d", tickCount=5, tickMinStep=1),
    )
    chart = (
        alt.Chart({"values": data})
        .mark_bar(stroke="#ffffff", strokeWidth=0.6, size=_bar_width(data, width))
        .encode(
            x=alt.X("year:O", title=None, scale=_years(data), axis=alt.Axis(labelAngle=0)),
            y=y,
            color=alt.Color("kind:N", title=None, scale=scale),
            order=alt.Order("rank:Q"),
        )
        .properties(width=width, height=height, title=alt.Title(title, anchor="start"))
    )
    return _drawn(chart)


def _long(rows: Iterable[Row], kinds: Kinds, lang: Lang) -> list[dict[str, Any]]:
    """A row for each year and kind that has a number; a null is no bar, and never one of height 0."""
    return [
        {"year": int(row["year"]), "kind": _name(kinds, kind, lang), "rank": rank, "value": row[kind]}
        for row in rows
        for rank, kind in enumerate(kinds)
        if row.get(kind)
    ]


def _bar_width(data: Sequence[Row], width: int) -> float:
    """Pixels: most of a year's share of the axis, but no slab where there are only two years."""
    years = {row["year"] for row in data}
    return min(56.0, 0.84 * width / (max(years) - min(years) + 1)) if years else 1.0


def _years(data: Sequence[Row]) -> alt.Scale:
    """Every year from the first to the last: a year without reports is a gap, not a shorter axis."""
    years = [row["year"] for row in data]
    return alt.Scale(domain=list(range(min(years), max(years) + 1)) if years else [])


def _name(kinds: Kinds, kind: str, lang: Lang) -> str:
    return kinds[kind][0 if lang == "en" else 1]


def _drawn(chart: alt.Chart | alt.LayerChart | alt.FacetChart) -> str:
    quiet = {"domainColor": RULE, "tickColor": RULE, "gridColor": RULE, "labelColor": FAINT, "titleColor": FAINT}
    configured = (
        chart.configure(font=FONT, background="transparent", padding=4)
        .configure_view(stroke=None)
        .configure_axis(**quiet, labelFontSize=12)
        .configure_axisX(grid=False, ticks=False, labelPadding=6)
        .configure_axisY(domain=False, ticks=False, labelPadding=6)
        .configure_title(color=FAINT, fontSize=12, fontWeight="normal", offset=10)
        .configure_legend(
            orient="bottom",
            columns=4,
            labelColor=INK,
            labelFontSize=12,
            symbolType="square",
            symbolStrokeWidth=0,
            labelLimit=200,
            columnPadding=14,
        )
    )
    return _rendered(configured.to_json(indent=None))


@lru_cache(maxsize=256)
def _rendered(specification: str) -> str:
    """The same drawing is asked for again by everybody who opens a page."""
    return str(vl_convert.vegalite_to_svg(specification, vl_version=_version()))


def _version() -> str:
    """The version of Vega-Lite that Altair writes for, as vl-convert calls it; else the newest that it has."""
    wanted = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    known: Sequence[str] = vl_convert.get_vegalite_versions()
    return wanted if wanted in known else known[-1]

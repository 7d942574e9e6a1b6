"""Coverage as a picture: a row for each province, portal or level, a column for each year; needs the extra `site`.

Vega-Lite draws it on this machine without a browser. In SVG, text is drawn in the fonts of whoever looks at it; for
PNG, this machine needs a font with Chinese characters (Debian: fonts-noto-cjk).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import vl_convert

Row = Mapping[str, Any]

_FONT = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
_INK, _FAINT, _NOTHING = "#2b2f36", "#6b7078", "#eeece6"
_COLOURS = ("#c8553d", "#e7a977", "#f2e6c9", "#8fb8c9", "#2a6f97")  # told apart by those who see no red or green, too
_UNKNOWN = "（未知 unknown）"

TITLE = "应公开而已收录的年度报告 reports due that are in the archive"
NAMES = {
    "province": "省份 province",
    "portal": "网站 portal",
    "level": "层级 level",
    "year": "年度 year",
}
LEVELS = {
    "central": "中央 central",
    "province": "省级 province",
    "city": "市级 city",
    "county": "县级 county",
    "township": "乡级 township",
}


def heat_map(rows: Iterable[Row], by: str, *, as_of: str = "") -> dict[str, Any]:
    """The picture as a Vega-Lite specification.

    Rows as `gaps.counts` gives them for each year: the group under the name of `by`, `year`, `due`, `held`, `share`,
    and of a portal its `name`.
    """
    cells = [_cell(row, by) for row in rows]
    groups = list(dict.fromkeys(str(cell["group"]) for cell in cells))
    data = alt.Data(values=cells)  # type: ignore[no-untyped-call]
    height = max(24, 24 * len(groups))
    frame = alt.Chart(data).encode(
        x=alt.X("year:O", title=NAMES["year"], axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False)),
        y=alt.Y(
            "group:N",
            title=NAMES[by],
            sort=_order(groups, by),
            axis=alt.Axis(domain=False, ticks=False, labelLimit=260, titleAngle=0, titleAlign="left", titleY=-34),
        ),
    )
    scale = alt.Scale(domain=[0, 1], range=[*_COLOURS], interpolate="rgb")
    legend = alt.Legend(
        title="收录比例 share held", format=".0%", gradientLength=max(60, min(160, height)), orient="right"
    )
    tiles = frame.mark_rect(stroke="white", strokeWidth=2, cornerRadius=2).encode(
        color=alt.condition(
            "datum.share !== null", alt.Color("share:Q", scale=scale, legend=legend), alt.value(_NOTHING)
        )
    )
    numbers = frame.mark_text(fontSize=10).encode(
        text="label:N", color=alt.condition("datum.dark", alt.value("white"), alt.value(_INK))
    )
    days = f"截至 as of {as_of}　格内为 已收录/应公开 held/due" if as_of else "格内为 已收录/应公开 held/due"
    years = len({cell["year"] for cell in cells})
    chart = (
        alt.layer(tiles, numbers)
        .properties(
            width=max(120, 52 * years),
            height=height,
            title=alt.TitleParams(TITLE, subtitle=days, anchor="start", fontSize=15, subtitleColor=_FAINT, offset=14),
            padding={"left": 16, "right": 16, "top": 16, "bottom": 16},
            background="white",
        )
        .configure(font=_FONT)
        .configure_view(stroke=None)
        .configure_axis(labelColor=_INK, titleColor=_FAINT, titleFontWeight="normal", labelFontSize=12, grid=False)
    )
    specification: dict[str, Any] = chart.to_dict()
    return specification


def as_svg(picture: Mapping[str, Any]) -> str:
    """The picture as an SVG element; text in it is escaped, and it refers to nothing outside."""
    return str(vl_convert.vegalite_to_svg(dict(picture)))


def as_png(picture: Mapping[str, Any]) -> bytes:
    """The picture as a PNG of two pixels for each unit."""
    return bytes(vl_convert.vegalite_to_png(dict(picture), scale=2))


def _cell(row: Row, by: str) -> dict[str, Any]:
    share, due = row["share"], row["due"]
    name = f"{row.get('name') or ''} {row[by]}".strip() or _UNKNOWN
    return {
        "group": LEVELS.get(name, name) if by == "level" else name,
        "year": row["year"],
        "share": share,
        "label": f"{row['held']}/{due}" if due else "",
        "dark": share is not None and (share < 0.2 or share > 0.85),
    }


def _order(groups: Sequence[str], by: str) -> list[str]:
    """Levels from the centre down, other groups as they came; what is not known last."""
    ranks = {name: rank for rank, name in enumerate(LEVELS.values())} if by == "level" else {}
    return sorted(groups, key=lambda name: (name == _UNKNOWN, ranks.get(name, 0)))

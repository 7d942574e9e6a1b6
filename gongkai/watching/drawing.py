"""Bars and lines as SVG text, drawn without a library: a nightly job needs no extra, and many lines cost nothing.

Numbers only; what text there is comes escaped. The colours are those of the site.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_HEIGHT, _GAP = 120, 2
_LABELS = 18


def bars(
    labels: Sequence[str], kinds: Sequence[tuple[str, str, Sequence[int]]], *, title: str, width: int = 490
) -> str:
    """Stacked bars, one for each label; a kind is (name, class of its colour, a number for each label)."""
    totals = [sum(values[at] for _, _, values in kinds) for at in range(len(labels))]
    most = max([*totals, 1])
    step = width / max(len(labels), 1)
    parts = [_axis(width, most)]
    for at, label in enumerate(labels):
        said = ", ".join(f"{values[at]:,} {name}" for name, _, values in kinds)
        parts.append(f"<g><title>{escape(f'{label}: {said}')}</title>")
        foot = float(_HEIGHT)
        for _, colour, values in kinds:
            tall = values[at] / most * (_HEIGHT - 4)
            foot -= tall
            if values[at]:
                wide = max(step - _GAP, 1)
                parts.append(
                    f'<rect class="{colour}" x="{at * step:.1f}" y="{foot:.1f}" width="{wide:.1f}"'
                    f' height="{tall:.1f}"/>'
                )
        parts.append(f'<rect class="touch" x="{at * step:.1f}" y="0" width="{step:.1f}" height="{_HEIGHT}"/></g>')
    if labels:
        parts.append(f'<text class="label" x="0" y="{_HEIGHT + 14}">{escape(labels[0])}</text>')
    if len(labels) > 1:
        parts.append(
            f'<text class="label" x="{width}" y="{_HEIGHT + 14}" text-anchor="end">{escape(labels[-1])}</text>'
        )
    return _svg(width, _HEIGHT + _LABELS, title, parts)


def shares(rows: Iterable[tuple[str, int]], *, title: str, width: int = 490) -> str:
    """Lying bars with their names and numbers, the longest first."""
    rows = [*rows]
    most = max([number for _, number in rows] or [1])
    parts = []
    for at, (name, number) in enumerate(rows):
        y = at * 22
        wide = max(number / most * (width - 240), 1)
        parts.append(f'<text class="name" x="150" y="{y + 14}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<rect class="bad" x="158" y="{y + 3}" width="{wide:.1f}" height="14"/>')
        parts.append(f'<text class="label" x="{164 + wide:.1f}" y="{y + 14}">{number:,}</text>')
    return _svg(width, max(22 * len(rows), 1), title, parts)


def sparkline(values: Sequence[int | None], *, title: str, width: int = 120, height: int = 22) -> str:
    """A line through the values, with a dot at the last; None is a gap."""
    most = max([value for value in values if value is not None] or [1]) or 1
    step = width / max(len(values) - 1, 1)
    lines: list[list[str]] = [[]]
    last = ""
    for at, value in enumerate(values):
        if value is None:
            lines.append([])
            continue
        x, y = at * step, height - 3 - value / most * (height - 6)
        lines[-1].append(f"{x:.1f},{y:.1f}")
        last = f'<circle class="{"dot" if value else "dot bad"}" cx="{x:.1f}" cy="{y:.1f}" r="2.2"/>'
    drawn = "".join(f'<polyline class="line" points="{" ".join(points)}"/>' for points in lines if len(points) > 1)
    return _svg(width, height, title, [drawn, last], margin=3)


def _axis(width: int, most: int) -> str:
    return (
        f'<line class="rule" x1="0" y1="{_HEIGHT}" x2="{width}" y2="{_HEIGHT}"/>'
        f'<line class="rule faint" x1="0" y1="4" x2="{width}" y2="4"/>'
        f'<text class="label" x="0" y="0" dy="-2">{most:,}</text>'
    )


def _svg(width: int, height: int, title: str, parts: Iterable[str], margin: int = 12) -> str:
    box = f"{-margin} {-margin} {width + 2 * margin} {height + margin + 4}"
    return (
        f'<svg role="img" aria-label="{escape(title)}" viewBox="{box}" width="{width + 2 * margin}"'
        f' height="{height + margin + 4}">{"".join(parts)}</svg>'
    )

"""The report of a night as one HTML file that needs nothing else: no script, nothing fetched, everything escaped.

What has something to say stands first; with thousands of portals the others are folded, and their number has limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from archive.nights.alarms import CODES, Alarm
from archive.nights.judging import Fare
from gongkai.printing import printable
from gongkai.watching.drawing import bars, shares, sparkline
from gongkai.watching.report import LISTED, TOLD_ONE_BY_ONE, Night, Noticed
from gongkai.watching.text import count, size

_FOLDED = 3000
"""Portals without anything to say that are listed at all."""

_FAULTS = 15

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def report_page(night: Night) -> str:
    """The whole page."""
    title = f"gongkai: run {night.run.run_id}, {_day(night.run.started_at)}"
    body = [
        f'<h1>{_text(title)} <span class="badge {_text(night.verdict)}">{_text(night.verdict)}</span></h1>',
        f'<p class="soft">{_text(_when(night))} · {_text(str(night.archive))}</p>',
        _tiles(night),
        _alarms(night),
        _charts(night),
        _reports("New reports", night.new),
        _reports("Reports that changed", night.revised),
        _reports("Reports whose page is gone", night.gone),
        _broken(night),
        _portals(night),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">'
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(part for part in body if part)
        + "\n</body></html>\n"
    )


def _tiles(night: Night) -> str:
    sums = night.sums
    facts = [
        (f"{sums.reports:,}", "reports met"),
        (f"{sums.new:,}", "new"),
        (f"{sums.revised:,}", "revised"),
        (f"{sums.gone:,}", "gone"),
        (f"{sums.failures:,}", "pages failed"),
        (f"{sums.requests:,}", "requests"),
        (size(night.evidence), "written"),
        (size(night.free), "disk left"),
    ]
    return (
        '<ul class="tiles">'
        + "".join(f'<li><b>{_text(number)}</b><span class="soft">{_text(name)}</span></li>' for number, name in facts)
        + "</ul>"
    )


def _alarms(night: Night) -> str:
    raised = {alarm.alarm_id for alarm in night.told.wrong}
    ordered = sorted(night.standing, key=lambda alarm: alarm.alarm_id not in raised)
    parts = [_alarm(alarm, "" if alarm.alarm_id in raised else "still ") for alarm in ordered[:LISTED]]
    if len(ordered) > LISTED:
        parts.append(f'<p class="soft">and {len(ordered) - LISTED:,} more alarms (table alarms)</p>')
    parts += [_alarm(alarm, "over: ", "over") for alarm in night.told.over[:LISTED]]
    parts += [f'<div class="alarm note">{_text(line)}</div>' for line in night.warnings[:LISTED]]
    if len(night.warnings) > LISTED:
        parts.append(f'<p class="soft">and {len(night.warnings) - LISTED:,} more notes</p>')
    return "\n".join(parts) or '<p class="soft">No alarm is open.</p>'


def _alarm(alarm: Alarm, word: str, kind: str = "") -> str:
    where = f" · {_text(alarm.portal or alarm.portal_id or '')}" if alarm.portal_id else ""
    lasting = f" · for {count(alarm.nights, 'run')}, since {_day(alarm.raised_at)}" if alarm.nights > 1 else ""
    meaning = escape(CODES.get(alarm.code, ""))
    return (
        f'<div class="alarm {kind}"><b title="{meaning}">{_text(word + alarm.code)}</b>{where}'
        f'<br>{_text(alarm.message)}<span class="soft">{_text(lasting)}</span></div>'
    )


def _charts(night: Night) -> str:
    days = [_day(sums.started_at) for sums in night.history]
    changes = [(name, name, [getattr(sums, name) for sums in night.history]) for name in ("new", "revised", "gone")]
    drawn = [
        _figure("Reports met, by run", bars(days, [("reports", "met", [s.reports for s in night.history])],
                                            title="reports met by run")),
        _figure(f"What changed, by run {_key('new', 'revised', 'gone')}", bars(days, changes, title="changes by run")),
        _figure("Pages that could not be had, by run",
                bars(days, [("pages", "bad", [s.failures for s in night.history])], title="failures by run")),
    ]  # fmt: skip
    if night.broken:
        worst = [(printable(broken.fault), broken.pages) for broken in night.broken[:_FAULTS]]
        drawn.append(_figure("What broke tonight, in pages", shares(worst, title="failures by fault")))
    return f'<div class="charts">{"".join(drawn)}</div>'


def _figure(caption: str, drawing: str) -> str:
    return f"<figure><figcaption>{caption}</figcaption>{drawing}</figure>"


def _key(*kinds: str) -> str:
    marks = "".join(f'<i style="background: var(--{kind})"></i>{kind}' for kind in kinds)
    return f'<span class="key">{marks}</span>'


def _reports(heading: str, reports: Sequence[Noticed]) -> str:
    if not reports:
        return ""
    rows = [
        f'<tr><td>{_text(report.agency)}</td><td class="n">{report.year}</td><td>{_text(report.portal_id)}</td>'
        f"<td>{_link(report.url)}</td></tr>"
        for report in reports[:LISTED]
    ]
    more = f'<p class="soft">and {len(reports) - LISTED:,} more</p>' if len(reports) > LISTED else ""
    head = '<tr><th>agency</th><th class="n">year</th><th>portal</th><th>page</th></tr>'
    return f"<h2>{_text(heading)} ({len(reports):,})</h2>{_table(head, rows)}{more}"


def _broken(night: Night) -> str:
    if not night.broken:
        return ""
    rows = [
        f'<tr><td>{_text(broken.fault)}</td><td class="n">{broken.pages:,}</td><td>{_link(broken.url)}'
        f'<br><span class="soft">{_text(broken.reason)}</span></td></tr>'
        for broken in night.broken
    ]
    return f"<h2>What broke</h2>{_table('<tr><th>fault</th><th class=n>pages</th><th>for example</th></tr>', rows)}"


def _portals(night: Night) -> str:
    some = night.noteworthy
    shown = some[:TOLD_ONE_BY_ONE]
    told = {fare.portal_id for fare in shown}
    others = [fare for fare in night.fares if fare.portal_id not in told]
    head = (
        '<tr><th>portal</th><th class="n">reports</th><th class="n">new</th><th class="n">revised</th>'
        '<th class="n">gone</th><th class="n">failed</th><th>trend</th><th></th></tr>'
    )
    parts = [f"<h2>Portals with something to say ({len(some):,} of {len(night.fares):,})</h2>"]
    if shown:
        parts.append(_table(head, [_portal(fare, night.trends.get(fare.portal_id, ())) for fare in shown]))
    if others:
        left_out = f'<p class="soft">and {len(others) - _FOLDED:,} more</p>' if len(others) > _FOLDED else ""
        rows = [f"<tr><td>{_name(fare)}</td><td class=n>{fare.reports:,}</td></tr>" for fare in others[:_FOLDED]]
        folded = _table("<tr><th>portal</th><th class=n>reports</th></tr>", rows)
        parts.append(f"<details><summary>{count(len(others), 'other portal')}</summary>{folded}{left_out}</details>")
    return "\n".join(parts)


def _portal(fare: Fare, trend: Sequence[int | None]) -> str:
    numbers = (fare.reports, fare.new, fare.revised, fare.gone, fare.failures)
    cells = "".join(f'<td class="n">{number:,}</td>' if number else '<td class="n soft">·</td>' for number in numbers)
    drawn = sparkline(trend, title=f"reports met in the last {len(trend)} runs") if trend else ""
    said = f'<span class="bad-text">{_text(fare.fault)}</span> ' if fare.fault else ""
    return f"<tr><td>{_name(fare)}</td>{cells}<td>{drawn}</td><td>{said}{_text(fare.message or '')}</td></tr>"


def _name(fare: Fare) -> str:
    return f'{_text(fare.name)} <span class="soft">{_text(fare.portal_id)}</span>'


def _table(head: str, rows: Iterable[str]) -> str:
    return f'<div class="wide"><table><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table></div>'


def _link(url: str) -> str:
    """An address as a link where it is one that a browser may open; else as text."""
    if not url.startswith(("http://", "https://")):
        return _text(url)
    return f'<a href="{_text(url)}" rel="noopener noreferrer nofollow">{_text(url)}</a>'


def _text(text: str) -> str:
    """Text from anywhere: markup is shown, and so are control characters and direction marks."""
    return escape(printable(text))


def _day(moment: str) -> str:
    return moment[:10]


def _when(night: Night) -> str:
    return f"{night.run.started_at} to {night.run.finished_at or 'its death'} (UTC)"

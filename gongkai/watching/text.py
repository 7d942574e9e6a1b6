"""The report of a night, and what is told of alarms, as plain text: for mail, terminals and chat rooms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from archive.nights.alarms import Alarm, Told
from gongkai.printing import printable
from gongkai.watching.report import LISTED, Night, Noticed

_BREAKS = re.compile("[\n\t\u2028\u2029]+")
_FEW = 10
"""Alarms of one kind that are told one by one."""


def report_text(night: Night) -> str:
    """The whole report."""
    return _said(_report(night))


def alarm_text(told: Told, headline: str = "") -> str:
    """What somebody has to be told; empty where there is nothing. Many alarms of one kind are one line."""
    lines = [headline] if headline and told else []
    lines += _alarms("ALARM", told.wrong)
    lines += _alarms("over", told.over)
    return _said(lines)


def headline(night: Night) -> str:
    """The night in one line."""
    sums = night.sums
    return (
        f"gongkai, run {night.run.run_id} of {night.run.started_at}: {night.verdict};"
        f" {count(sums.reports, 'report')} on {count(len(night.fares), 'portal')}, {sums.new} new,"
        f" {sums.revised} revised, {sums.gone} gone, {count(sums.failures, 'page')} failed"
    )


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def size(number: int) -> str:
    """Bytes as people say them."""
    value = float(number)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{value:,.0f} {unit}" if unit == "bytes" or value >= 100 else f"{value:,.1f} {unit}"
        value /= 1000
    raise AssertionError("unreachable")


def about(alarm: Alarm) -> str:
    """An alarm in one line."""
    where = f" {alarm.portal_id} ({alarm.portal})" if alarm.portal_id and alarm.portal else ""
    where = where or (f" {alarm.portal_id}" if alarm.portal_id else "")
    lasting = f" [for {alarm.nights} runs]" if alarm.nights > 1 else ""
    return f"{alarm.code}{where}: {alarm.message}{lasting}"


def _said(lines: Iterable[str]) -> str:
    """Lines as a terminal may have them; none can be made by what stands in one of them."""
    return "".join(printable(_BREAKS.sub(" ", line)) + "\n" for line in lines)


def _report(night: Night) -> Iterator[str]:
    yield headline(night)
    yield ""
    standing = {alarm.alarm_id for alarm in night.told.wrong}
    yield from _alarms("ALARM", night.told.wrong)
    yield from _alarms("still", [alarm for alarm in night.standing if alarm.alarm_id not in standing])
    yield from _alarms("over", night.told.over)
    yield from (f"note      {line}" for line in _some(night.warnings))
    yield from _noticed("new", night.new)
    yield from _noticed("revised", night.revised)
    yield from _noticed("gone", night.gone)
    for broken in night.broken:
        yield f"broken    {broken.fault}: {count(broken.pages, 'page')}, e.g. {broken.url}: {broken.reason}"
    faulty = [fare for fare in night.noteworthy if fare.fault or fare.message]
    for fare in faulty[:LISTED]:
        yield f"portal    {fare.portal_id} ({fare.name}): {fare.message or fare.fault}"
    if len(faulty) > LISTED:
        yield f"          and {len(faulty) - LISTED} more portals (table run_portals)"
    totals = night.totals
    yield (
        f"archive   {night.archive}: {count(totals.get('reports', 0), 'report')} of"
        f" {totals.get('agencies', 0):,} agencies, {totals.get('captures', 0):,} captures;"
        f" {size(night.evidence)} written tonight, {size(night.free)} free"
    )


def _alarms(word: str, alarms: Sequence[Alarm]) -> Iterator[str]:
    """Alarms by kind: a few one by one, many in a line."""
    for code in dict.fromkeys(alarm.code for alarm in alarms):
        same = [alarm for alarm in alarms if alarm.code == code]
        yield from (f"{word:<9} {about(alarm)}" for alarm in same[:_FEW])
        if len(same) > _FEW:
            others = ", ".join(alarm.portal_id or "" for alarm in same[_FEW : 3 * _FEW])
            end = "" if len(same) <= 3 * _FEW else ", …"
            yield f"{word:<9} {code}: and {len(same) - _FEW} more portals: {others}{end}"


def _noticed(word: str, reports: Sequence[Noticed]) -> Iterator[str]:
    yield from (f"{word:<9} {report.agency} {report.year}  {report.url}" for report in reports[:LISTED])
    if len(reports) > LISTED:
        yield f"          and {len(reports) - LISTED} more"


def _some(lines: Iterable[str]) -> Iterator[str]:
    lines = [*lines]
    yield from lines[:_FEW]
    if len(lines) > _FEW:
        yield f"and {len(lines) - _FEW} more of this kind"

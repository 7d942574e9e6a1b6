"""One page about one figure: what it says, where it was printed, how to check it, and a sentence to cite it with."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from archive.answers.evidence import Evidence
from archive.review.corrections import digits

_TABLES = {
    "active_disclosure": "table 2, information disclosed unasked (主动公开政府信息情况)",
    "applications": "table 3, requests for information (收到和处理政府信息公开申请情况)",
    "review_litigation": "table 4, reconsideration and litigation (政府信息公开行政复议、行政诉讼情况)",
    "statistics": "the statistics form of 2014 (政府信息公开情况统计表)",
}
_UNITS = {"件": "items", "万元": "10,000 yuan", "元": "yuan", "条": "items", "次": "times", "个": "units"}
_BIBTEX = re.compile(r"[\\{}&%$#_~^]")


def english_label(found: Evidence) -> str:
    """The row and column in English where the form file gives them, else the ids in words."""
    row = found.figure.row_english or found.figure.row.replace("_", " ")
    column = found.figure.column_english or found.figure.column.replace("_", " ")
    return ": ".join(filter(None, (row, column)))


def chinese_label(found: Evidence) -> str:
    return "：".join(filter(None, (found.figure.row_label, found.figure.column_label)))


def english(found: Evidence) -> str:
    """A sentence for an English text, with everything that a reader needs to find and to check the figure."""
    report, value = found.report, digits(found.value) or "not given"
    scope = _SCOPES.get(report.scope or "", ("", ""))[0]
    unit = f" ({_UNITS.get(_unit(found), _unit(found))})" if _unit(found) and found.value is not None else ""
    title = found.title or "政府信息公开工作年度报告"
    return (
        f"{report.agency.name}, “{title}” [annual report on government information disclosure, {report.year}"
        f"{scope}], {english_label(found)} ({chinese_label(found)}): {value}{unit}"
        f"{_corrected(found, english=True)}. {found.url}, retrieved {str(found.capture['fetched_at'])[:10]}"
        f" (SHA-256 {found.capture['sha256']}; revision {report.revision})."
    )


def chinese(found: Evidence) -> str:
    """The same in Chinese."""
    report = found.report
    value = f"{digits(found.value)}{_unit(found)}" if found.value is not None else "未填报"
    title = found.title or "政府信息公开工作年度报告"
    return (
        f"{report.agency.name}：《{title}》（{report.year}年度{_SCOPES.get(report.scope or '', ('', ''))[1]}），"
        f"“{chinese_label(found)}”：{value}{_corrected(found, english=False)}。{found.url}，"
        f"{str(found.capture['fetched_at'])[:10]}获取（SHA-256 {found.capture['sha256']}，第{report.revision}版）。"
    )


def as_bibtex(found: Evidence) -> str:
    """An entry for the report, with the figure in its note; texts from the web are escaped."""
    report = found.report
    fields = {
        "author": f"{{{_tex(report.agency.name)}}}",
        "title": f"{{{_tex(found.title or '政府信息公开工作年度报告')}}}",
        "year": str(report.year),
        "url": _tex_url(found.url),
        "urldate": str(found.capture["fetched_at"])[:10],
        "note": _tex(
            f"{english_label(found)} ({chinese_label(found)}): {digits(found.value) or 'not given'}"
            f"{_corrected(found, english=True)}; SHA-256 {found.capture['sha256']}, revision {report.revision}"
        ),
    }
    lines = ",\n".join(f"  {name} = {{{text}}}" for name, text in fields.items())
    return f"@misc{{gongkai-{report.agency.agency_id}-{report.year},\n{lines}\n}}\n"


def as_json(found: Evidence, path: Path) -> str:
    report = found.report
    answer: dict[str, Any] = {
        "agency": report.agency.name,
        "agency_id": report.agency.agency_id,
        "year": report.year,
        "scope": report.scope,
        "revision": report.revision,
        "is_current": report.is_current,
        "figure": found.figure.id,
        "label": chinese_label(found),
        "label_english": english_label(found),
        "form": found.form,
        "value": found.value,
        "read_value": found.cell.value,
        "unit": _unit(found) or None,
        "printed": {"raw": found.cell.raw, "state": found.cell.state, "unit": found.cell.unit, "place": found.place},
        "title": found.title,
        "url": found.url,
        "read_by": found.read_by,
        "capture": dict(found.capture),
        "check": _check(found, path),
        "rules": [asdict(rule) for rule in found.rules],
        "issues": [dict(issue) for issue in found.issues],
        "decisions": [dict(decision) for decision in found.decisions],
        "citation": {"english": english(found), "chinese": chinese(found)},
    }
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def as_page(found: Evidence, path: Path) -> str:
    return "\n".join(_lines(found, path)) + "\n"


def _lines(found: Evidence, path: Path) -> Iterator[str]:
    report, capture = found.report, found.capture
    current = "the current one" if report.is_current else "not the current one"
    yield f"{report}, revision {report.revision} ({current})"
    yield f"{found.figure.id}"
    yield f"  {chinese_label(found)}"
    yield f"  {english_label(found)}"
    yield f"  in {_TABLES.get(found.figure.table, found.figure.table)}, form {found.form or 'unknown'}"
    yield ""
    unit = f" {_unit(found)}" if found.value is not None and _unit(found) else ""
    yield f"value     {digits(found.value) or 'null: not given'}{unit}"
    if found.value != found.cell.value:
        yield f"read      {digits(found.cell.value) or 'null'}, before it was corrected"
    printed = repr(found.cell.raw) if found.cell.raw else "nothing"
    yield f"printed   {printed} ({found.cell.state})"
    yield f"place     {found.place or 'not known'}, read as {found.read_by}"
    yield f"title     {found.title or 'none'}"
    yield f"page      {found.url}"
    if capture["url"] != found.url:
        yield f"file      {capture['url']}"
    answer = f"HTTP {capture['status']}" if capture["status"] else "as a document by itself"
    yield f"fetched   {capture['fetched_at']}, {answer}, {capture['content_type'] or 'no type'}"
    if capture["imported_from"] is not None:
        record = f", record {capture['imported_record']}" if capture["imported_record"] else ""
        yield f"imported  from {capture['imported_from']} at {capture['imported_offset']}{record}"
    yield f"sha256    {capture['sha256']} ({capture['bytes']} bytes)"
    yield f"warc      {capture['warc_file']} at {capture['warc_offset']}, {capture['warc_length']} bytes"
    yield f"          sha256 of the record: {capture['member_sha256']}"
    yield f"check     {_check(found, path)}"
    yield ""
    yield "rules" if found.rules else "rules     the figure takes part in none"
    for rule in sorted(found.rules, key=lambda rule: _ORDER.index(rule.verdict)):
        yield f"  {rule.verdict:13} {rule.rule}: {rule.says}"
    yield "issues" if found.issues else "issues    none"
    for issue in found.issues:
        yield f"  {'open' if issue['is_open'] else 'settled':13} {issue['level']}: {issue['code']}: {issue['message']}"
    yield "decisions" if found.decisions else "decisions none"
    for row in found.decisions:
        said = f"{row['decision']}: {digits(row['value']) or 'null'}"
        yield f"  {row['state']:13} {said}, by {row['decided_by']} at {row['decided_at']}: {row['why']}"
    yield ""
    yield "cite"
    yield f"  {english(found)}"
    yield f"  {chinese(found)}"


def _check(found: Evidence, path: Path) -> str:
    """A command that prints the digest of the document anew, with warcio alone."""
    file = shlex.quote(str(path.parent / "warc" / str(found.capture["warc_file"])))
    return f"warcio extract --payload {file} {found.capture['warc_offset']} | sha256sum"


def _unit(found: Evidence) -> str:
    return found.figure.unit or found.cell.unit or ""


def _corrected(found: Evidence, *, english: bool) -> str:
    if found.value == found.cell.value:
        return ""
    read = found.cell.raw or ("blank" if english else "空白")
    return f" (corrected; printed or read: {read})" if english else f"（经人工更正，原读作：{read}）"


def _tex(text: str) -> str:
    return _BIBTEX.sub(lambda match: _TEX.get(match[0], f"\\{match[0]}"), " ".join(text.split()))


def _tex_url(url: str) -> str:
    """What would end or open a group is percent-encoded, which means the same in an address."""
    return re.sub(r"[{}\\\s]", lambda match: f"%{ord(match[0]):02X}", url)


_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_SCOPES = {"own": (", own figures", "，本机关"), "area": (", whole area", "，全辖区")}
_ORDER = ("failed", "passed", "not evaluated")

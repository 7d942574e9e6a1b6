"""What one figure rests on: the printed text and its place, the bytes that were read, the rules that it takes part in.

Everything that a person needs to check a number without believing this program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlite_utils import Database

from archive.answers.asking import NotFound, Report, figure_ids
from archive.answers.history import decisions_on
from archive.places import decoded
from archive.review.corrections import Printed, digits, printed_cells
from archive.review.judging import agency_of, decimals, forms_of
from archive.schema.values import Value, figures_of, values_of
from archive.schema.views import APPLICANTS
from archive.years import STOCKS
from pipelines.forms.definitions import FigureDefinition, Rule, load_forms
from pipelines.forms.rules import judge
from pipelines.model import FigureCell

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule over what counts: `passed`, `failed`, or `not evaluated` for want of a number."""

    rule: str
    verdict: str
    severity: str
    says: str
    """The rule with the numbers in it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the archive knows about one figure of one revision."""

    report: Report
    figure: FigureDefinition
    form: str | None
    value: Value
    cell: Printed
    place: str
    title: str
    url: str
    read_by: str
    capture: Row
    """url, fetched_at, status, content_type, sha256, bytes, warc_file, warc_offset, warc_length, member_sha256; and
    imported_from (a file's name), imported_offset, imported_record, which are null for what we fetched ourselves"""
    rules: tuple[Verdict, ...]
    issues: tuple[Row, ...]
    decisions: tuple[Row, ...]


def evidence_of(db: Database, report: Report, figure: FigureDefinition) -> Evidence:
    """What that figure rests on. Raises NotFound when the report does not print it."""
    cells = printed_cells(db, report.report_id)
    if figure.id not in cells:
        raise NotFound(f"{report} does not print {figure.id}")
    values = values_of(db, report.report_id)
    forms = forms_of(db, report.report_id)
    (reading,) = db.query(_READING, [report.report_id])
    (capture,) = db.query(_CAPTURE, [report.report_id])
    figure_id = figure_ids(db)[figure.id]
    decided = decisions_on(db, [report.report_id])
    return Evidence(
        report=report,
        figure=figure,
        form=next((form for block, form in forms.items() if figure.id in figures_of(frozenset({block}))), None),
        value=values.get(figure.id),
        cell=cells[figure.id],
        place=decoded(reading["places"] or "[]").get(figure_id, ""),
        title=reading["title"] or "",
        url=reading["url"],
        read_by=reading["read_by"] or "",
        capture=capture,
        rules=(
            *_rules(figure.id, values, forms, agency_of(db, report.report_id)),
            *_over_years(db, report, figure.id, values),
        ),
        issues=tuple(db.query(_ISSUES, [report.report_id, figure_id])),
        decisions=tuple(row for row in decided if row["figure"] == figure.id),
    )


def _rules(
    figure: str, values: Mapping[str, int | float], forms: Mapping[str, str], agency: str | None
) -> Iterator[Verdict]:
    """The rules of the printed forms with this figure among their operands, judged as the reader does it."""
    numbers = decimals(values)
    cells = [FigureCell(name, number, "", "", "number") for name, number in numbers.items()]
    failed = {(issue.code, issue.figure) for issue in judge(cells, forms, agency)}
    for rule in _applied(forms):
        if figure in rule.operands:
            known = rule.operands <= numbers.keys()
            verdict = "not evaluated" if not known else "failed" if (rule.id, rule.total) in failed else "passed"
            says = _said(rule, numbers)
            yield Verdict(rule.id, verdict, rule.severity, says.replace(" = ", " ≠ ") if verdict == "failed" else says)


def _applied(forms: Mapping[str, str]) -> Iterator[Rule]:
    """The rules of the blocks that are printed, each by the form that the block is printed in."""
    for block, form in forms.items():
        own = next(set(part.figures()) for part in load_forms()[form].blocks if part.id == block)
        yield from (rule for rule in load_forms()[form].rules if rule.total in own)


def _said(rule: Rule, numbers: Mapping[str, Decimal]) -> str:
    def side(figures: tuple[str, ...]) -> str:
        return " + ".join(f"{_short(figure)} {_number(numbers.get(figure))}" for figure in figures)

    if rule.relation in _SIGNS:
        return f"{side(rule.terms)} {_SIGNS[rule.relation]} {side(rule.equals)}"
    return f"{side(rule.terms)}: {_WORDS.get(rule.relation, rule.relation)}"


def _short(figure: str) -> str:
    """The figure without its table, which all of a rule share."""
    return figure.partition(".")[2]


def _number(value: Decimal | None) -> str:
    return "null" if value is None else f"{value:f}"


def _over_years(db: Database, report: Report, figure: str, values: Mapping[str, int | float]) -> Iterator[Verdict]:
    """The rules over two years that the figure takes part in: with the year before, and with the year after."""
    if not report.is_current:
        return
    for year, is_later in ((report.year, False), (report.year + 1, True)):
        other = db.execute(_NEIGHBOUR, [report.report_id, report.year - 1 if year == report.year else year]).fetchone()
        if other is None:
            continue
        near = values_of(db, other[0])
        before, now = (values, near) if is_later else (near, values)
        for rule, equation, ours in _equations(year):
            if figure in (ours[0] if is_later else ours[1]):
                yield _judged(rule, equation, before, now, ours)


_Operands = tuple[tuple[str, ...], tuple[str, ...]]
"""Figures of the year before, figures of the year itself."""


def _equations(year: int) -> Iterator[tuple[str, str, _Operands]]:
    for applicant in APPLICANTS:
        out, taken = (f"applications.{row}.{applicant}" for row in ("carried_out", "carried_in"))
        yield "t3_carry_over_years", f"carried_in {{}} of {year} = carried_out {{}} of {year - 1}", ((out,), (taken,))
    for row in STOCKS:
        stock, issued, abolished = (
            f"active_disclosure.{row}.{name}" for name in ("in_force", "issued_this_year", "abolished_this_year")
        )
        words = f"in force {{}} in {year} = {{}} in {year - 1} + issued {{}} - abolished {{}}"
        yield "t2_stock_over_years", words, ((stock,), (stock, issued, abolished))


def _judged(
    rule: str,
    words: str,
    before: Mapping[str, int | float],
    now: Mapping[str, int | float],
    operands: _Operands,
) -> Verdict:
    (last,) = (before.get(figure) for figure in operands[0])
    first, *rest = (now.get(figure) for figure in operands[1])
    says = words.format(*(digits(value) or "null" for value in (first, last, *rest)))
    if first is None or last is None or None in rest:
        return Verdict(rule, "not evaluated", "warning", says)
    changes = [value or 0 for value in rest]
    holds = first == last + (changes[0] - changes[1] if changes else 0)
    return Verdict(rule, "passed" if holds else "failed", "warning", says if holds else says.replace(" = ", " ≠ "))


_SIGNS = {"sums_to": "=", "at_most": "at most"}
_WORDS = {
    "count": "a whole number, not below 0",
    "amount": "an amount, not below 0",
    "whole": "a whole number",
    "zero_unless_rule_maker": "0, unless the body may make rules (规章)",
}
_READING = """
SELECT t.title, t.url, t.read_by, s.places FROM report_readings t
LEFT JOIN report_places s ON s.report_id = t.report_id WHERE t.report_id = ?
"""
_CAPTURE = """
SELECT c.capture_id, c.url, c.fetched_at, c.status, c.content_type, c.payload_digest AS sha256,
       c.payload_length AS bytes, c.warc_file, c.warc_offset, c.warc_length, c.member_digest AS member_sha256,
       i.source AS imported_from, i.record_offset AS imported_offset, i.record_id AS imported_record
FROM report_revisions r JOIN captures c ON c.capture_id = r.capture_id
LEFT JOIN imported_records i ON i.capture_id = c.capture_id WHERE r.report_id = ?
"""
_ISSUES = """
SELECT i.level, i.code, i.message, i.closed_at IS NULL AND f.decision_id IS NULL AS is_open
FROM issue_figures f JOIN issues i ON i.issue_id = f.issue_id
WHERE f.report_id = ? AND f.figure_id = ?
ORDER BY i.issue_id
"""
_NEIGHBOUR = """
SELECT o.report_id FROM report_revisions r JOIN report_revisions o
ON o.agency_id = r.agency_id AND o.scope IS r.scope AND o.is_current = 1
WHERE r.report_id = ? AND o.year = ?
"""

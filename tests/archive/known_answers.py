"""The answers to the ten questions, computed in plain Python from the truth that `known` makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

from known import DENIED, NOT_PROCESSED, Known, Number

Row = tuple[Any, ...]

# What is given, by the ids of the forms; the panel's own list of indicators is not asked.


def received(report: Known) -> Number:
    return report.first("applications.new_received.total", "statistics.requests_received")


def answered(report: Known) -> Number:
    return report.first("applications.results_total.total", "statistics.requests_answered")


def granted(report: Known) -> Number:
    return report.first("applications.granted.total", "statistics.answered_granted")


def corrected(report: Known) -> Number:
    return report.first("review_litigation.review.corrected", "statistics.review_corrected")


def carried(report: Known, way: str) -> Number:
    return report.first(f"applications.carried_{way}.total")


def firms(report: Known) -> Number:
    return report.first("applications.new_received.commercial_enterprise")


def denied(report: Known) -> Number:
    return report.first(tuple(f"applications.{row}.total" for row in DENIED))


def refused(report: Known) -> Number:
    return report.first(tuple(f"applications.{row}.total" for row in (*DENIED, *NOT_PROCESSED)))


def kept(reports: Iterable[Known], **conditions: Callable[[Known], bool]) -> list[Known]:
    """The reports that meet all conditions. Each must matter: some that meet all others meet it, and some do not."""
    found = list(reports)
    for name, holds in conditions.items():
        rest = [r for r in found if all(other(r) for n, other in conditions.items() if n != name)]
        assert {holds(report) for report in rest} == {True, False}, name
    return [report for report in found if all(holds(report) for holds in conditions.values())]


def own(report: Known) -> bool:
    return report.scope == "own"


def grouped(reports: Iterable[Known], *by: Callable[[Known], Any]) -> Iterator[tuple[Row, list[Known]]]:
    groups: dict[Row, list[Known]] = defaultdict(list)
    for report in reports:
        groups[tuple(key(report) for key in by)].append(report)
    yield from groups.items()


def total(reports: Iterable[Known], of: Callable[[Known], Number]) -> int:
    return sum(int(number) for report in reports if (number := of(report)) is not None)


def share(part: int, whole: int, scale: int = 100) -> Fraction | None:
    return Fraction(scale * part, whole) if whole else None


def year_before(truth: list[Known]) -> Iterator[tuple[Known, Known]]:
    """Reports with the one of the same body and scope on the year before."""
    reports = {(report.body.name, report.year, report.scope): report for report in truth}
    for (name, year, scope), report in reports.items():
        if (name, year - 1, scope) in reports:
            yield reports[name, year - 1, scope], report


def full_disclosure(truth: list[Known]) -> list[Row]:
    reports = kept(
        truth,
        own=own,
        granted=lambda r: granted(r) is not None,
        answered=lambda r: answered(r) is not None,
        form=lambda r: r.form != "f2014",
    )
    return [
        (*key, len(group), g := total(group, granted), a := total(group, answered), share(g, a))
        for key, group in grouped(reports, lambda r: r.body.province, lambda r: r.year)
    ]


def petitions_among_refusals(truth: list[Known]) -> list[Row]:
    def petitions(report: Known) -> Number:
        return report.first("applications.not_processed_petition_complaint.total")

    reports = kept(truth, own=own, given=lambda r: refused(r) is not None)
    return [
        (*key, len(group), p := total(group, petitions), n := total(group, refused), share(p, n))
        for key, group in grouped(reports, lambda r: r.year, lambda r: r.body.level)
    ]


def requests_from_firms(truth: list[Known]) -> list[Row]:
    reports = kept(truth, many=lambda r: (firms(r) or 0) > 100)
    assert {r.scope for r in reports} == {"own", "area", None}
    return [
        (r.body.name, r.body.province, r.year, r.scope, n := int(firms(r) or 0), received(r), _share_of_all(n, r))
        for r in reports
    ]


def _share_of_all(number: int, report: Known) -> Fraction | None:
    everybody = received(report)
    return None if everybody is None else share(number, int(everybody))


def carried_over(truth: list[Known]) -> list[Row]:
    rows = []
    for before, report in year_before(truth):
        left, taken = carried(before, "out"), carried(report, "in")
        if left is not None and taken is not None and left != taken:
            rows.append((report.body.name, report.year, report.scope, left, taken, taken - left))
    pairs = list(year_before(truth))
    assert 0 < len(rows) < len(pairs)
    assert any((carried(before, "out") is None) != (carried(report, "in") is None) for before, report in pairs)
    return rows


def corrected_reconsiderations(truth: list[Known]) -> list[Row]:
    reports = kept(
        truth,
        own=own,
        years=lambda r: 2016 <= r.year <= 2024,
        corrected=lambda r: corrected(r) is not None,
        received=lambda r: received(r) is not None,
    )
    rows = [
        (
            *key,
            len(group),
            sum(r.form == "f2014" for r in group),
            c := total(group, corrected),
            n := total(group, received),
            share(c, n),
        )
        for key, group in grouped(reports, lambda r: r.year)
    ]
    assert {bool(row[2]) for row in rows} == {True, False}
    return rows


def fastest_growth(truth: list[Known]) -> list[Row]:
    rows, few, slow = [], 0, 0
    for before, report in year_before(truth):
        was, now = received(before), received(report)
        if was is None or now is None:
            continue
        few, slow = few + (0 < was < 20 and now >= 3 * was), slow + (was >= 20 and now < 3 * was)
        if was >= 20 and now >= 3 * was:
            body = report.body
            rows.append((body.name, body.province, report.year, report.scope, was, now, Fraction(now) / Fraction(was)))
    assert few
    assert slow
    return rows


def lawsuits_lost(truth: list[Known]) -> list[Row]:
    rows = []
    for path in ("litigation_direct", "litigation_after_review"):
        names = [f"review_litigation.{path}.{outcome}" for outcome in ("upheld", "corrected", "other")]
        reports = kept(truth, own=own, given=lambda r, names=names: r.first(tuple(names)) is not None)
        for (level,), group in grouped(reports, lambda r: r.body.level):
            lost = total(group, lambda r, names=names: r.first(names[1]))
            decided = total(group, lambda r, names=names: r.first(tuple(names)))
            rows.append((level, path, len(group), lost, decided, share(lost, decided)))
    return rows


def inequality_of_counties(truth: list[Known]) -> list[Row]:
    reports = kept(
        truth,
        area=lambda r: r.scope == "area",
        year=lambda r: r.year == 2023,
        level=lambda r: r.body.level == "county",
    )
    rows = []
    for (province,), group in grouped(reports, lambda r: r.body.province):
        counts = [int(number) for report in group if (number := received(report)) is not None]
        if counts:
            apart = sum(abs(one - other) for one in counts for other in counts)
            gini = Fraction(apart, 2 * len(counts) * sum(counts))
            rows.append((province, len(counts), min(counts), max(counts), gini))
    assert any(row[1] > 1 for row in rows)
    return rows


def contradict_themselves(truth: list[Known]) -> list[Row]:
    def off(report: Known) -> int | None:
        numbers = [received(report), carried(report, "in"), answered(report), carried(report, "out")]
        if None in numbers:
            return None
        new, taken, ended, left = (int(number or 0) for number in numbers)
        return new + taken - ended - left

    reports = kept(truth, given=lambda r: off(r) is not None)
    assert {bool(off(report)) for report in reports} == {True, False}
    return [
        (*key, len(group), n := sum(bool(off(report)) for report in group), share(n, len(group)))
        for key, group in grouped(reports, lambda r: r.body.province)
    ]


def reasons_for_denial(truth: list[Known]) -> list[Row]:
    reports = kept(truth, own=own, given=lambda r: denied(r) is not None)
    return [
        (
            *key,
            len(group),
            total(group, denied),
            *(total(group, lambda r, row=row: r.first(f"applications.{row}.total")) for row in DENIED),
        )
        for key, group in grouped(reports, lambda r: r.body.kind)
    ]


ANSWERS: dict[str, Callable[[list[Known]], list[Row]]] = {
    answer.__name__: answer
    for answer in (
        full_disclosure,
        petitions_among_refusals,
        requests_from_firms,
        carried_over,
        corrected_reconsiderations,
        fastest_growth,
        lawsuits_lost,
        inequality_of_counties,
        contradict_themselves,
        reasons_for_denial,
    )
}

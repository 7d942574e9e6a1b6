"""Whether a reading says anything about a damaged document that the document does not print, without a word of doubt.

A figure is in doubt when an issue names it. A figure without doubt must be the number that stands in its own cell;
where the damage made cells hard to follow, it may also be what a whole row prints, or a number that is new.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from tests.fuzz.cases import Case, Printed
from tests.fuzz.printed import numbers_of, shown, whole_rows
from tests.generate.writers.encode import ALL

Answer = Mapping[str, Any]
_DISTINCT = 100
# Where parts of a page are hidden, the digits that remain may be a number that stands nowhere in the source.
_HIDES = re.compile(r"hidden|display:\s*none|<template", re.IGNORECASE)


@dataclass(frozen=True)
class Verdict:
    """What is wrong with the answers for a document. `silent`: false without doubt; `unsaid`: lost without an issue."""

    silent: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    figures: int = 0


def judge(case: Case, answers: Iterable[Answer]) -> Verdict:
    """Compare every figure of every answer with what the document prints."""
    silent: list[str] = []
    unsaid: list[str] = []
    figures = 0
    document = _Document(case)
    for answer in answers:
        read = {i: None if v is None else Decimal(str(v)) for i, v in (answer.get("figures") or {}).items()}
        doubtful = {i for issue in answer["issues"] for i in (issue.get("figure"), *issue.get("figures", ())) if i}
        sure = {i: v for i, v in read.items() if i not in doubtful}
        figures += sum(v is not None for v in sure.values())
        printed = _meant(case.printed, sure)
        if printed is None:
            continue
        for id_, value in sure.items():
            if value is not None and (fault := document.fault(printed, id_, value)):
                silent.append(f"{id_}: read {value}, {fault}")
            elif value is None and case.tracked and printed.numbers.get(id_):
                unsaid.append(f"{id_}: printed {_words(printed.numbers[id_])}, null without an issue")
    return Verdict(tuple(silent), tuple(unsaid), figures)


def _meant(printed: list[Printed], read: dict[str, Decimal | None]) -> Printed | None:
    """The report of the document that an answer is nearest to."""

    def agreeing(one: Printed) -> int:
        return sum(v in one.numbers.get(i, ()) for i, v in read.items() if v is not None)

    return max(printed, key=agreeing, default=None)


class _Document:
    """The document as it stands after the damage, looked into only when a figure asks for it."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @cached_property
    def source(self) -> str:
        encoding = ALL[self.case.plan.encoding]
        return self.case.data[len(encoding.bom) :].decode(encoding.codec, "replace")

    @cached_property
    def shown(self) -> tuple[str, list[list[str]]]:
        return shown(self.source, markup=self.case.plan.markup)

    @cached_property
    def numbers(self) -> set[Decimal]:
        return numbers_of(self.shown[0])

    @cached_property
    def rows(self) -> dict[str, set[Decimal]]:
        columns: dict[str, list[str]] = {}
        for printed in self.case.printed:
            columns |= printed.columns
        behind = sum(step.name == "padded_table" for step in self.case.plan.steps)
        return whole_rows(self.shown[1], columns, padded=not self.case.plan.markup, behind=behind)

    def fault(self, printed: Printed, id_: str, value: Decimal) -> str:
        """Why this figure is not what is printed; empty where it is."""
        own, loose = printed.numbers.get(id_, set()), printed.loose.get(id_, set())
        if self.case.tracked:
            if own == {value} or (not own and value in loose):
                return ""
            return f"printed {_words(own | loose)}{_elsewhere(printed, value)}"
        if value in own | loose or value in self.rows.get(id_, ()):
            return ""
        plan = self.case.plan
        if not plan.plain or _HIDES.search(self.source):
            return ""
        if abs(value) >= _DISTINCT and (elsewhere := _elsewhere(printed, value, id_ if plan.spliced else "")):
            return f"printed {_words(own)}{elsewhere}"
        if plan.format == "text:glued" or abs(value) in self.numbers:
            return ""
        return f"printed {_words(own)}, the number stands nowhere"


def _words(numbers: set[Decimal]) -> str:
    return " or ".join(map(str, sorted(numbers))) or "nothing"


def _elsewhere(printed: Printed, value: Decimal, seam: str = "") -> str:
    """The other cell that a number belongs to. Where documents were spliced, rows and columns of two may meet."""
    ids = [i for i, numbers in printed.numbers.items() if value in numbers]
    if seam and any(i.split(".")[:2] == seam.split(".")[:2] or i.split(".")[2:] == seam.split(".")[2:] for i in ids):
        return ""
    return f", the number of {ids[0]}" if ids else ""

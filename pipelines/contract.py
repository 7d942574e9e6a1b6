"""A reading as the JSON object that other tools measure through (`gongkai extract`)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipelines.model import FigureCell, Issue, Reading


def as_object(reading: Reading, source: str) -> dict[str, Any]:
    """The object of one reading; numbers are exact: the reader refuses what a double cannot hold digit by digit."""
    answer: dict[str, Any] = {"source": source, "part": reading.part, "report": reading.report}
    if reading.reason:
        answer["reason"] = reading.reason
    answer |= {
        "agency": reading.agency,
        "year": reading.year,
        "scope": reading.scope,
        "evidence": dict(reading.evidence),
        "title": reading.title,
        "form": reading.form,
        "forms": dict(reading.forms),
        "read_by": reading.read_by,
        "figures": {cell.figure: number(cell.value) for cell in reading.cells},
        "cells": {cell.figure: _cell(cell) for cell in reading.cells},
        "indicators": [
            {
                "label": i.label,
                "unit": i.unit,
                "column": i.column,
                "value": number(i.value),
                "raw": i.raw,
                "where": i.where,
            }
            for i in reading.indicators
        ],
        "attachments": [{"url": item.url, "label": item.label} for item in reading.attachments],
        "issues": [_issue(issue) for issue in reading.issues],
        "sections": [{"number": s.number, "heading": s.heading, "text": s.text} for s in reading.sections],
        "text": _text(reading),
    }
    return answer


def number(value: Decimal | None) -> int | float | None:
    """A whole number as int, a decimal as the float that prints with the same digits."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _cell(cell: FigureCell) -> Mapping[str, str]:
    shown = {"raw": cell.raw, "where": cell.where, "state": cell.state}
    return shown | {"unit": cell.unit} if cell.unit else shown


def _issue(issue: Issue) -> Mapping[str, Any]:
    shown: dict[str, Any] = {"code": issue.code, "level": issue.level, "message": issue.message}
    if issue.figure:
        shown["figure"] = issue.figure
    if issue.figures:
        shown["figures"] = list(issue.figures)
    return shown


def _text(reading: Reading) -> Mapping[str, Any] | None:
    if reading.text is None:
        return None
    text = reading.text
    return {"encoding": text.encoding, "reason": text.reason, "script": text.script, "repairs": list(text.repairs)}

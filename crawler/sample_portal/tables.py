"""The three statutory tables of a fact as rows of spanning cells, before any markup.

Deviations in what is printed (labels, brackets, an extra column) are made here; deviations in how it is marked up
belong to the render modules.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from crawler.sample_portal import forms
from crawler.sample_portal.facts import Fact

Kind = Literal["caption", "head", "label", "group", "value"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; a newline in its text is a line break inside the cell."""

    text: str
    kind: Kind = "label"
    colspan: int = 1
    rowspan: int = 1


Row = list[Cell]


def disclosure(fact: Fact) -> list[Row]:
    """Table 2: four columns; captions span all of them, and a lone value spans three."""
    rows: list[Row] = []
    for caption, columns, labels in forms.DISCLOSURE[fact.form]:
        spans = _spans(len(columns))
        rows.append([Cell(_caption(caption, fact), "caption", 4)])
        heads = [Cell(h, "head", span) for h, span in zip(columns.values(), spans, strict=True)]
        rows.append([Cell("信息内容", "head"), *heads])
        for row, label in labels.items():
            if "short_normative" in fact.quirks:
                label = label.removeprefix("行政") if row == "normative_documents" else label
            cells = (fact.printed[f"active_disclosure.{row}.{column}"] for column in columns)
            rows.append([Cell(label), *(Cell(c, "value", span) for c, span in zip(cells, spans, strict=True))])
    if "extra_column" in fact.quirks:
        rows = [[*row, Cell("", "value")] for row in rows]
    return _brackets(rows, fact)


def applications(fact: Fact) -> list[Row]:
    """Table 3: three label columns and seven value columns; 三 spans 22 rows in f2021 and 20 in f2019."""
    rows = _applicant_heads()
    rows += [[Cell(label, colspan=3), *_values(fact, row)] for row, label in forms.RECEIVED.items()]
    results: list[Row] = []
    for group, labels in forms.result_groups(fact.form):
        for position, (row, label) in enumerate(labels.items()):
            if group is None:
                results.append([Cell(label, colspan=2), *_values(fact, row)])
            else:
                lead = [Cell(group, "group", rowspan=len(labels))] if position == 0 else []
                results.append([*lead, Cell(label), *_values(fact, row)])
    results += [[Cell(label, colspan=2), *_values(fact, row)] for row, label in forms.RESULTS_TOTAL.items()]
    results[0].insert(0, Cell(forms.RESULTS_HEAD, "group", rowspan=len(results)))
    rows += results
    rows += [[Cell(label, colspan=3), *_values(fact, row)] for row, label in forms.CARRIED_OUT.items()]
    if "spaced_groups" in fact.quirks:
        rows = [[replace(c, text=re.sub(r"^（([一二三四五六七])）", r"(\1) ", c.text)) for c in row] for row in rows]
    return _brackets(rows, fact)


def cases(fact: Fact) -> list[Row]:
    """Table 4: three rows of heads and one row of fifteen values."""
    review, direct, after = forms.CASES.values()
    outcomes = list(forms.OUTCOMES.values())
    values = [fact.printed[f"review_litigation.{case}.{outcome}"] for case in forms.CASES for outcome in forms.OUTCOMES]
    return [
        [Cell(review, "head", 5), Cell("行政诉讼", "head", 10)],
        [*(Cell(o, "head", rowspan=2) for o in outcomes), Cell(direct, "head", 5), Cell(after, "head", 5)],
        [Cell(outcome, "head") for outcome in outcomes * 2],
        [Cell(value, "value") for value in values],
    ]


def _spans(columns: int) -> tuple[int, ...]:
    return {1: (3,), 2: (1, 2), 3: (1, 1, 1)}[columns]


def _caption(caption: str, fact: Fact) -> str:
    if "spaced_caption" not in fact.quirks:
        return caption
    return caption.replace("条第（", "条 第(").replace("）", ")")


def _applicant_heads() -> list[Row]:
    first, *organizations, last = forms.APPLICANTS.values()
    return [
        [Cell(forms.CORNER, "label", 3, 3), Cell("申请人情况", "head", 7)],
        [Cell(first, "head", rowspan=2), Cell("法人或其他组织", "head", 5), Cell(last, "head", rowspan=2)],
        [Cell(name, "head") for name in organizations],
    ]


def _values(fact: Fact, row: str) -> list[Cell]:
    return [Cell(fact.printed[f"applications.{row}.{applicant}"], "value") for applicant in forms.APPLICANTS]


def _brackets(rows: list[Row], fact: Fact) -> list[Row]:
    if "halfwidth" not in fact.quirks:
        return rows
    table = str.maketrans("（）：，", "():,")
    return [[replace(cell, text=cell.text.translate(table)) for cell in row] for row in rows]

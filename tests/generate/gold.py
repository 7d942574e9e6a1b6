"""The right answer to a document: its key, its figures, what nobody can know, what must be flagged and what may be."""

import re
from decimal import Decimal
from typing import Any

from tests.generate.facts.truth import Cell, failing_checks
from tests.generate.layout.page import Page

Gold = dict[str, Any]
PROSE = "prose_contradicts_table"
_NOT_KNOWN = Cell("", None)


def _number(value: int | Decimal | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def _key(page: Page) -> Gold:
    """Agency and year as they are right."""
    return {
        "report": True,
        "agency": list(page.identity.agencies),
        "agency_lost": page.agency_lost,
        "year": page.identity.stated_year,
        "form": page.truth.form,
    }


def bare_gold(page: Page, flags: tuple[str, ...]) -> Gold:
    """The answer for a report without tables: no figures, and one of the issues that say so."""
    return {**_key(page), "agency": None, "figures": {}, "unknowable": {}, "any_flag": list(flags), "form": None}


def report_gold(page: Page) -> Gold:
    """The answer; figures that the document cannot show are null, their true values under `unknowable`."""
    truth = page.truth
    figures = {i: None if i in page.unknowable else _number(c.value) for i, c in truth.cells.items()}
    for block in truth.blocks:
        for row, _ in block.rows:
            for column, _ in block.heads:
                figures.setdefault(f"active_disclosure.{row}.{column}", None)
    unknowable: Gold = {i: _number(truth.cells[i].value) for i in sorted(page.unknowable) if i in truth.cells}
    figures |= dict.fromkeys(page.optional)
    must, may = _flags(page)
    return {
        **_key(page),
        "figures": figures,
        "unknowable": unknowable | page.optional,
        "optional": list(page.optional),
        "states": {i: s for i, c in truth.cells.items() if i not in page.unknowable and (s := _state(c.raw, c.value))},
        "units": _units(page),
        "must_flag": must,
        "may_flag": may,
        "indicators": page.indicators,
        "spare_indicators": page.spare_indicators,
    }


def _state(raw: str, value: int | Decimal | None) -> str:
    """What a cell without a number is, as far as nobody can argue about it."""
    if value is not None:
        return ""
    if not raw:
        return "blank"
    if raw == "/":
        return "slash"
    if re.fullmatch(r"[-—－]+", raw):
        return "dash"
    return "word" if not re.search(r"[0-9０-９]", raw) else ""


def _units(page: Page) -> dict[str, str | None]:
    """The unit of the one amount whose form prints none: that of its cell, else that of its head, else none."""
    id_ = "active_disclosure.central_procurement.procurement_amount"
    cell = page.truth.cells.get(id_)
    if cell is None or cell.value is None or id_ in page.unknowable or "千" in cell.raw:
        return {}
    heads = [c.text for g in page.all_grids() for row in g.rows for c in row if c.text.startswith("采购总金额")]
    printed = cell.raw if re.search("[元万]", cell.raw) else "".join(heads)
    return {id_: "万元" if "万" in printed else "元" if "元" in printed else None}


def _flags(page: Page) -> tuple[list[str], list[str]]:
    """The issues that must be raised, and all that may be."""
    truth = page.truth
    known = {i: c for i, c in truth.cells.items() if i not in page.unknowable}
    must = set(failing_checks(known, truth.applications_form))
    may = set(truth.must_flag)
    if page.identity.conflict:
        must.add("year_conflict")
    judgement = _prose(page, known)
    must |= {PROSE} if judgement == "contradicts" else set()
    # The prose names what was counted, the table a false total.
    may |= {PROSE} if judgement == "open" or truth.cell_style == "false_statistics" else set()
    return sorted(must), sorted(must | may)


def _prose(page: Page, known: dict[str, Cell]) -> str:
    """What the numbers in the prose are to table 3: agrees, contradicts, or open where a figure is not known."""
    values = [known.get(f"applications.{r}.total", _NOT_KNOWN).value for r in ("new_received", "carried_in")]
    numbers = [int(v) for v in values if v is not None]
    if not page.stated:
        return "agrees"
    if len(numbers) < 2:
        return "open"
    return "agrees" if page.stated <= {numbers[0], sum(numbers)} else "contradicts"

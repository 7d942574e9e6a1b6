"""In what two readings of the same bytes differ, one line for each thing: for the archive, which keeps that, and for
people, who decide whether it should be written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from archive.readings import clean
from archive.review.settling import rule_codes
from pipelines.model import FigureCell, Reading

Differences = dict[str, tuple[str | None, str | None]]
"""Before and after, by what it is; None: not there."""


def differences(before: Reading, after: Reading, *, rules: bool = True) -> Differences:
    """In what `after` differs: figures by their id, and else `report`, `agency`, `year`, `scope`, `title`, `form`,
    `form BLOCK`, `read by`, `section N`, `indicator N`, `attachments`, `issue CODE`, `evidence …`, `encoding` and
    `repairs`.

    Of a figure the number counts, or what is printed, in quotes, where there is none. Where only the printed text or
    its unit differs, `FIGURE printed` says so; of places in the document, `places` gives the first that does. A reading
    that is no report has none of all that. `rules`: whether failed sums are compared.
    """
    old, new = _said(before, rules), _said(after, rules)
    names = [*old, *(name for name in new if name not in old)]
    found = {name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)}
    if before.report and after.report:
        found |= _of_cells(before, after)
    return found


def _said(reading: Reading, rules: bool) -> Mapping[str, str | None]:
    if not reading.report:
        return {}
    said: dict[str, str | None] = {
        "report": "yes",
        "agency": reading.agency,
        "year": None if reading.year is None else str(reading.year),
        "scope": reading.scope,
        "title": reading.title,
        "form": reading.form,
        "read by": reading.read_by,
    }
    said |= {f"form {block}": form for block, form in sorted(reading.forms.items())}
    said |= {cell.figure: _shown(cell) for cell in reading.cells}
    for number, indicator in enumerate(reading.indicators, 1):
        said[f"indicator {number}"] = " | ".join(
            (indicator.label, indicator.unit, indicator.column, indicator.raw, _digits(indicator.value) or "null")
        )
    said |= {f"section {n}": f"{part.heading}\n{part.text}" for n, part in enumerate(reading.sections, 1)}
    if reading.attachments:
        said["attachments"] = "\n".join(f"{one.url} {one.label}" for one in reading.attachments)
    said |= _issues(reading, rules)
    said |= {f"evidence {name}": words for name, words in reading.evidence.items()}
    if reading.text is not None:
        said["encoding"] = f"{reading.text.encoding}: {reading.text.reason}, {reading.text.script}"
        said["repairs"] = " ".join(reading.text.repairs)
    return {name: clean(words) for name, words in said.items()}


def _issues(reading: Reading, rules: bool) -> dict[str, str]:
    messages: dict[str, set[str]] = defaultdict(set)
    for issue in reading.issues:
        if rules or issue.code not in rule_codes():
            messages[f"issue {issue.code}"].add(f"{issue.level}: {issue.message}")
    return {code: "\n".join(sorted(found)) for code, found in messages.items()}


def _of_cells(before: Reading, after: Reading) -> Differences:
    """Printed texts and places of the cells that are in both and give the same."""
    found: Differences = {}
    old = {cell.figure: cell for cell in before.cells}
    pairs = [(old[cell.figure], cell) for cell in after.cells if cell.figure in old]
    for one, other in pairs:
        if _shown(one) == _shown(other) and _printed(one) != _printed(other):
            found[f"{one.figure} printed"] = (_printed(one), _printed(other))
    moved = next(((one, other) for one, other in pairs if clean(one.where) != clean(other.where)), None)
    if moved is not None:
        found["places"] = (f"{moved[0].figure}: {clean(moved[0].where)}", f"{moved[1].figure}: {clean(moved[1].where)}")
    return found


def _shown(cell: FigureCell) -> str:
    return f"'{cell.raw}'" if cell.value is None else _digits(cell.value) or ""


def _printed(cell: FigureCell) -> str:
    return f"{clean(cell.raw)} ({', '.join(filter(None, (cell.state, cell.unit)))})"


def _digits(value: Decimal | None) -> str | None:
    """One spelling for one number: 25.10 and 25.1 are equal."""
    return None if value is None else format(value.normalize(), "f") if value else "0"

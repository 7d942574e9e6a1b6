"""How a reading came about, step by step, in words for a person (`gongkai extract --explain`).

Tells the same story as `pipelines.extract`, by its own pieces: what the bytes are, how they were decoded and repaired,
which table is which form and why, what the sum rules say, and which figures were refused.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from gongkai.extracting import Found
from gongkai.printing import printable
from pipelines.confined import confined
from pipelines.documents.formats import Unreadable
from pipelines.extract import Opened, opened
from pipelines.forms.definitions import load_forms
from pipelines.forms.read import FormsReading, read_forms
from pipelines.forms.rules import tally
from pipelines.model import Document, FigureCell, Grid, Reading

_TABLE = re.compile(r"table (\d+)")
_MOST_REFUSED = 12


def as_story(found: Found) -> str:
    """The story of one reading, a line for each fact."""
    lines = [f"source     {found.source}"]
    if found.capture is None:
        return "\n".join([*lines, f"refused    {found.reading.reason}"]) + "\n"
    lines.append(f"bytes      {len(found.capture.body):,}")
    try:
        with confined():
            source = opened(found.capture)
            lines += _text(source)
            lines += _part(source, found.reading)
    except Unreadable as refused:
        lines.append(f"refused    {refused}")
    return printable("\n".join(lines) + "\n")


def _text(source: Opened) -> Iterator[str]:
    yield f"encoding   {source.text.encoding}: {source.text.reason}"
    yield f"repairs    {', '.join(source.text.repairs) or 'none needed'}"
    converted = "; read in simplified characters, the printed text kept" if source.text.script == "traditional" else ""
    yield f"script     {source.text.script}{converted}"


def _part(source: Opened, reading: Reading) -> Iterator[str]:
    if source.blocked:
        yield f"refused    {source.blocked}"
        return
    document = source.parts[reading.part - 1]
    if len(source.parts) > 1:
        yield f"report     {reading.part} of {len(source.parts)} in this document"
    forms = read_forms(document, reading.year, reading.agency)
    counts = f"{len(document.paragraphs)} paragraphs, {len(document.grids)} tables, {document.images} pictures"
    yield f"document   read as {document.kind}: {counts}, {len(document.attachments)} attachments"
    if not reading.report:
        yield f"refused    not a report: {reading.reason}"
    for name in ("agency", "year", "scope"):
        yield f"{name:10} {getattr(reading, name) or 'not known'}  ({reading.evidence.get(name) or 'nothing tells'})"
    yield from _grids(document, forms)
    for block, form in forms.forms.items():
        yield f"form       {block}: {form}, because: {forms.why.get(block) or 'no other form has such rows'}"
    yield from _rules(forms, reading)
    yield from _cells(reading.cells)
    yield from (f"{issue.level:10} {issue.code}: {issue.message}" for issue in reading.issues)
    yield f"sections   {', '.join(section.heading for section in reading.sections) or 'none'}"


def _grids(document: Document, forms: FormsReading) -> Iterator[str]:
    blocks: dict[int, set[str]] = defaultdict(set)
    place = {figure: block for block, form in forms.forms.items() for figure in _figures_of(block, form)}
    for cell in forms.cells:
        match = _TABLE.match(cell.where)
        if match:
            blocks[int(match[1])].add(place.get(cell.figure, cell.figure))
    for grid in document.grids:
        shape = f"{len(grid.rows)} rows of up to {max(map(len, grid.rows), default=0)} cells"
        known = ", ".join(sorted(blocks[grid.number])) or ("text" if not grid.ruled else "no statutory rows")
        yield f"table {grid.number:<4} {shape}, begins {_beginning(grid)!r}: {known}"


def _figures_of(block_id: str, form: str) -> tuple[str, ...]:
    return next(block for block in load_forms()[form].blocks if block.id == block_id).figures()


def _beginning(grid: Grid) -> str:
    return next((cell.text.replace("\n", "") for row in grid.rows for cell in row if cell.text), "")[:24]


def _rules(forms: FormsReading, reading: Reading) -> Iterator[str]:
    for rule, verdicts in tally(forms.cells, forms.forms, reading.agency).items():
        told = ", ".join(f"{word} {verdicts[word]}×" for word in ("holds", "broken", "open") if verdicts[word])
        yield f"rule       {rule}: {told}"


def _cells(cells: Iterable[FigureCell]) -> Iterator[str]:
    cells = list(cells)
    states = Counter(cell.state for cell in cells)
    yield f"figures    {len(cells)}: {', '.join(f'{count} {state}' for state, count in states.most_common()) or 'none'}"
    refused = [cell for cell in cells if cell.state == "unreadable"]
    for cell in refused[:_MOST_REFUSED]:
        yield f"refused    {cell.figure}: {cell.raw!r} at {cell.where or 'no place'}"
    if len(refused) > _MOST_REFUSED:
        yield f"refused    … and {len(refused) - _MOST_REFUSED} more"

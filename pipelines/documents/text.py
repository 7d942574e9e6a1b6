"""Flattened text to paragraphs and grids: pages that somebody's extractor has already turned into lines.

Such text keeps tables in one of a few styles: pipes (one row or one cell a line), tabs, spaces, or one value a line
with nothing between. A run of lines that look like cells becomes one grid with `ruled=False`: the cells are in order,
but where a row ends is for the labels to say. Empty cells that are printed are kept; padding at the end of a line is
not a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, islice

from pipelines.documents.limits import LONGEST_LINE, MOST_BLOCKS, document_cut
from pipelines.documents.tables import MOST_CELLS
from pipelines.forms.values import looks_like_value
from pipelines.headings import apart, section_of
from pipelines.model import Cell, Document, Grid, Issue, Paragraph

_SENTENCE = re.compile(r"[。；！？]")
_TIGHT = re.compile(r"\|[^|\s][^|]*(?:\|\|[^|]+)+\|")
_PAGE_NUMBER = re.compile(r"[-—–－]\s*\d{1,3}\s*[-—–－]|第\s*\d{1,3}\s*页.{0,8}")
_UNIT = re.compile(r"[件项条个次人篇宗起份][。.；;]?|万?元[。.；;]?")
_SINGLE = re.compile(r"[^|]\|[^|]")
_LONGEST_LABEL = 60
_RUN_TOGETHER = 300

_Run = list[tuple[int, str]]
"""Neighbouring lines with their numbers."""


def read_text(text: str) -> Document:
    """The document of a plain text."""
    source = [line for line in text.splitlines() if len(line) <= LONGEST_LINE]
    pieces = (piece for line in source for piece in (apart(line) if len(line) > _RUN_TOGETHER else [line]))
    lines = list(islice(pieces, MOST_BLOCKS))
    issues = [document_cut()] if next(pieces, None) is not None or len(source) < len(text.splitlines()) else []
    blocks: list[Paragraph | Grid] = []
    run: _Run = []
    grids = 0

    def close() -> None:
        nonlocal grids
        above, table, below = _trimmed(run)
        cells = _cells(table)
        if cells and sum(map(len, cells)) > MOST_CELLS:
            issues.append(Issue("table_cut", "warning", f"table {grids + 1} has more cells than are read"))
            cells = _within(cells, MOST_CELLS)
        if cells is None:
            blocks.extend(Paragraph(line.strip()) for _, line in run if line.strip())
        else:
            grids += 1
            blocks.extend(Paragraph(line.strip()) for _, line in above)
            blocks.append(Grid(grids, cells, ruled=False))
            blocks.extend(Paragraph(line.strip()) for _, line in below)
        run.clear()

    for number, line in enumerate(lines):
        if _cellish(line) and section_of(line) is None:
            run.append((number, line))
            continue
        if not line.strip() and run:
            continue
        close()
        if line.strip():
            blocks.append(Paragraph(line.strip()))
    close()
    return Document(tuple(block for block in blocks if block), "text", issues=tuple(issues))


def _within(rows: tuple[tuple[Cell, ...], ...], most: int) -> tuple[tuple[Cell, ...], ...]:
    """The rows from the first on that have no more cells than this together."""
    counts = accumulate(map(len, rows))
    return tuple(row for row, count in zip(rows, counts, strict=True) if count <= most)


def _trimmed(run: _Run) -> tuple[_Run, _Run, _Run]:
    """A run whose cells have separators, without the lines of words above and below it: title, signature."""
    separated = [number for number, (_, line) in enumerate(run) if "|" in line or "\t" in line]
    if len(separated) < 3:
        return [], run, []
    first, last = separated[0], separated[-1] + 1
    while last < len(run) and looks_like_value(run[last][1]):
        last += 1
    filled = [[item for item in part if item[1].strip()] for part in (run[:first], run[last:])]
    if _pipes_stand_alone(run):
        return [], run, []
    return filled[0], run[first:last], filled[1]


def _cellish(line: str) -> bool:
    """Whether a line can belong to a table: it has cell separators, or is short and no sentence."""
    if "|" in line or "\t" in line:
        return True
    plain = line.strip()
    short = len("".join(plain.split())) <= _LONGEST_LABEL or _values_behind(plain) >= 5
    return bool(plain) and short and not _SENTENCE.search(plain)


def _cells(run: _Run) -> tuple[tuple[Cell, ...], ...] | None:
    """The rows of a run of lines; None when it is prose after all (short lines without values)."""
    piped = sum("|" in line for _, line in run)
    tabbed = sum("\t" in line for _, line in run)
    bare = sum(bool(line.strip()) and looks_like_value(line) for _, line in run)
    if piped >= 3 and _pipes_stand_alone(run):
        return tuple(_between_bars(run))
    if piped >= 3:
        split = _split_tight if _is_tight(run) else _split_pipes
    elif tabbed >= 3:
        split = _split_tabs
    elif bare >= 4:
        split = _split_lines
    elif sum(_values_behind(line) >= 1 for _, line in run) >= 3 or any(_values_behind(line) >= 10 for _, line in run):
        split = _split_spaces
    else:
        return None
    rows = []
    for number, line in run:
        cells = tuple(Cell(text.strip(), number, column) for column, text in enumerate(split(line)))
        if cells:
            rows.append(cells)
    return tuple(rows)


def _values_behind(line: str) -> int:
    """How many values stand at the end of a line whose cells have only spaces between them; 0 for a lone one."""
    words = line.split()
    count = 0
    for word in reversed(words):
        if not looks_like_value(word):
            break
        count += 1
    return count if len(words) >= 2 else 0


def _pipes_stand_alone(run: _Run) -> bool:
    """The style in which `|` on a line of its own separates cells, each of which has a line of its own."""
    with_text = [line for _, line in run if line.strip(" |\t")]
    return bool(with_text) and sum("|" in line for line in with_text) * 10 < len(with_text)


def _between_bars(run: _Run) -> Iterator[tuple[Cell, ...]]:
    """The rows of text in which `|` stands alone between two cells: one that follows without it begins a row.

    Nothing between two of them is an empty cell; that at the end of a row cannot be told from the next row's first.
    """
    cells: list[Cell] = []
    between = False
    for number, line in run:
        pieces = [line] if line.strip() == "|" else _split_separators(line)
        for piece in pieces:
            is_bar = piece.strip() == "|"
            if cells and not is_bar and not between:
                yield tuple(cells)
                cells = []
            if not is_bar or between:
                cells.append(Cell(piece.strip(" |\t"), cells[0].row if cells else number, len(cells)))
            between = is_bar
    if cells:
        yield tuple(cells)


def _split_pipes(line: str) -> list[str]:
    """`a | b | |` has a printed empty cell, `a | b ||` only padding: pipes with nothing at all between them."""
    if line.strip() and not line.strip(" |\t"):
        # A line of pipes alone: `|` ends an empty cell, `||` and more pad out the row.
        return [""] if line.strip() == "|" else []
    pieces = line.strip().removeprefix("|").split("|") if line.strip().startswith("|") else line.split("|")
    if pieces and not pieces[-1].strip() and "|" in line:
        pieces.pop()
    while pieces and pieces[-1] == "":
        pieces.pop()
    return pieces


def _is_tight(run: _Run) -> bool:
    """Whether the cells of a run have pipes of their own on both sides; a single pipe between two says no."""
    piped = [line.strip() for _, line in run if "|" in line]
    return sum(bool(_TIGHT.fullmatch(line)) for line in piped) >= 3 and not any(map(_SINGLE.search, piped))


def _split_tight(line: str) -> list[str]:
    """`|a||b||c|`: every cell between pipes of its own."""
    return line.strip().removeprefix("|").removesuffix("|").split("||") if line.strip() else []


def _split_spaces(line: str) -> list[str]:
    """The words of a line; a unit belongs to the number before it, and the number of a page to none."""
    if _PAGE_NUMBER.fullmatch(line.strip()):
        return []
    words: list[str] = []
    for word in line.split():
        if words and _UNIT.fullmatch(word) and words[-1][-1:].isdigit():
            words[-1] += word
        else:
            words.append(word)
    return words


def _split_separators(line: str) -> list[str]:
    return [piece for piece in line.split("|") if piece.strip()]


def _split_tabs(line: str) -> list[str]:
    return line.rstrip("\t\n").split("\t")


def _split_lines(line: str) -> list[str]:
    return [line] if line.strip() else []

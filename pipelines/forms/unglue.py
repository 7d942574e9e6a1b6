"""Table 3 with its digits run together, read where its sums leave one way to part them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.forms.blocks import cells_of_row, parted, split_issue
from pipelines.forms.definitions import Block, Label
from pipelines.forms.split import Split, adds_up, solve, splits
from pipelines.forms.stream import LabelledRow
from pipelines.model import FigureCell, Issue

_FLOW = ("new_received", "carried_in", "results_total", "carried_out")
Read = tuple[list[FigureCell], list[Issue]]


def unglue(block: Block, rows: Sequence[LabelledRow]) -> dict[str, Read]:
    """The glued rows that could be parted, by label id: all of them where the whole table proves it, else those whose
    every digit is a cell.
    """
    width = len(block.columns)
    labels = {label.id: label for label in block.value_rows()}
    printed = Counter(row.label.id for row in rows if row.label.id in labels and row.values)
    if any(times > 1 for times in printed.values()):
        return {}  # two tables in one text: whose digits they are cannot be told
    found = {row.label.id: row for row in rows if row.label.id in labels and row.values}
    tokens = {id_: [cell.text for cell in row.values if cell.text] for id_, row in found.items()}
    glued = [id_ for id_, words in tokens.items() if 0 < len(words) < width <= sum(map(len, words))]
    if not glued:
        return {}
    candidates = {id_: _candidates(words, width) for id_, words in tokens.items()}
    leaves = [id_ for id_ in labels if id_ not in _FLOW]
    solution = solve(candidates, leaves, _FLOW) or _single_digits(candidates, tokens, width)
    return {id_: _read(block, labels[id_], found[id_], solution[id_]) for id_ in glued if id_ in solution}


def _candidates(words: list[str], width: int) -> list[Split]:
    """The splits that add up; a row that is printed cell by cell has only its own."""
    if len(words) == width:
        return splits(words, width)
    return [split for split in splits(words, width) if adds_up(split)]


def _single_digits(
    candidates: Mapping[str, Sequence[Split]], tokens: Mapping[str, list[str]], width: int
) -> dict[str, Split]:
    """Rows of as many digits as cells: there is no other way to part them."""
    return {
        id_: found[0] for id_, found in candidates.items() if len(found) == 1 and len("".join(tokens[id_])) == width
    }


def _read(block: Block, label: Label, row: LabelledRow, split: Split) -> Read:
    cells, issues = cells_of_row(block, label, row, parted(row.values, split))
    return cells, [*issues, split_issue([cell.figure for cell in cells], label.text)]

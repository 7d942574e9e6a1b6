"""What is printed at the end: deviations × formats, styles of each format, totals with rates, and the verdict.

A line is a deviation, a column a format; a cell is the number of documents, with `!n` for the n of them that failed,
or a dot where the format cannot show the deviation (`recipes.IMPOSSIBLE` says why).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tests.generate.recipes import AXES, Recipe, allowed
from tests.generate.score import FAULTS, Result
from tests.generate.writers import STYLES

LEAST = 10  # documents that every cell of a full run has
BAD = ("wrong", "silent", "invented", "unflagged", "alarms", "taken", "crash")
MISSING = 0.005


@dataclass(frozen=True, slots=True)
class Judged:
    """One document and what became of it."""

    recipe: Recipe
    result: Result


def _cells(judged: Iterable[Judged]) -> dict[tuple[str, str, str], Counter[str]]:
    """Documents and failures by kind and column of the matrix, and by family."""
    table: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for one in judged:
        for _, column, _ in one.recipe.chosen:
            table[one.recipe.kind, column, one.recipe.family].update(documents=1, bad=one.result.bad())
    return table


def _lines() -> list[tuple[str, str, str]]:
    """Every line of the matrix: kind, axis, column."""
    return [(kind, axis, column) for kind, axes in AXES.items() for axis, columns in axes.items() for column in columns]


def _possible(family: str, kind: str, axis: str, column: str) -> bool:
    return column in allowed(family, kind, axis)


def thin_cells(judged: list[Judged]) -> list[str]:
    """The cells with fewer documents than every cell should have."""
    table, families = _cells(judged), [f for f in STYLES if f in WRITTEN]
    return [
        f"{column} × {family}: {table[kind, column, family]['documents']}"
        for kind, axis, column in _lines()
        for family in families
        if _possible(family, kind, axis, column) and table[kind, column, family]["documents"] < LEAST
    ]


WRITTEN = [f for f in STYLES if f not in ("png", "jpg", "scan")]


def deviations(judged: list[Judged]) -> str:
    """The matrix of deviations and formats."""
    table = _cells(judged)
    out = [f"{'documents, !failed':24}" + "".join(f"{f:>10}" for f in WRITTEN)]
    for kind, axis, column in _lines():
        cells = []
        for family in WRITTEN:
            counts = table[kind, column, family]
            text = f"{counts['documents']}" + (f"!{counts['bad']}" if counts["bad"] else "")
            cells.append(text if _possible(family, kind, axis, column) else "·")
        out.append(f"{column:24.24}" + "".join(f"{c:>10}" for c in cells))
    return "\n".join(out)


def _table(title: str, rows: dict[str, Counter[str]], columns: tuple[str, ...]) -> str:
    out = [f"{title:34}" + "".join(f"{c[:10]:>11}" for c in columns)]
    out += [
        f"{name:34.34}" + "".join(f"{counts[c] or '.':>11}" for c in columns) for name, counts in rows.items() if counts
    ]
    return "\n".join(out)


def _grouped(judged: list[Judged], key: str) -> dict[str, Counter[str]]:
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for one in sorted(judged, key=lambda j: (list(STYLES).index(j.recipe.family), j.recipe.style)):
        name = f"{one.recipe.family}:{one.recipe.style}" if key == "style" else one.recipe.form or one.recipe.kind
        rows[name].update(one.result.counts)
    return rows


def variants(judged: list[Judged]) -> str:
    """The variants of deviations that failed, and how."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for one in judged:
        for axis, _, variant in one.recipe.chosen:
            rows[f"{axis}: {variant}"].update(one.result.counts)
    failing = {name: c for name, c in sorted(rows.items()) if any(c[f] for f in FAULTS)}
    return _table("variants with failures", failing, ("documents", *FAULTS))


def totals(judged: list[Judged]) -> Counter[str]:
    """All counts of all documents."""
    return sum((j.result.counts for j in judged), Counter())


def verdict(counts: Counter[str]) -> bool:
    """Whether a run is good: nothing wrong, invented, unflagged or flagged for nothing, hardly anything missing."""
    return not any(counts[k] for k in BAD) and counts["missing"] < MISSING * max(1, counts["printed"])


def summary(name: str, counts: Counter[str]) -> str:
    """One line of totals with rates."""
    printed = max(1, counts["printed"])
    words = [f"{name}: {counts['documents']} documents, {counts['printed']} figures, {counts['right']} right"]
    words += [f"{k} {counts[k]} ({counts[k] / printed:.4%})" for k in ("wrong", "silent", "invented", "missing")]
    words += [f"{k} {counts[k]}" for k in FAULTS[4:] if counts[k]]
    return ", ".join(words)


def pictures(judged: list[Judged]) -> str:
    """The same for pictures, which are counted apart."""
    return _table("pictures", _grouped(judged, "style"), ("documents", "right", *FAULTS))


def full(judged: list[Judged]) -> str:
    """Everything that a run prints about its documents."""
    columns = ("documents", *FAULTS)
    return "\n\n".join(
        [
            deviations(judged),
            _table("styles", _grouped(judged, "style"), columns),
            _table("forms", _grouped(judged, "form"), columns),
            variants(judged),
        ]
    )

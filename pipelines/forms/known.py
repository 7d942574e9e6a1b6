"""Whether some printed words are the label of a row of a statutory form: for readers that must put words together."""

from __future__ import annotations

from functools import cache

from pipelines.forms.definitions import load_forms
from pipelines.forms.labels import LabelIndex


def knows_label(text: str) -> bool:
    """Whether the text is a row label of any form, in its wording or a known one."""
    return _index().exactly(text) is not None


@cache
def _index() -> LabelIndex:
    return LabelIndex(row for form in load_forms().values() for block in form.blocks for row in block.rows)

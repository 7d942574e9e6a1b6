"""Tables that are not the report's own: those of another year, or of all bodies of an area beside its own.

Only the line right above a table tells, and only where it is plainly the caption of one. Such tables are not read: what
this year's lack must not come out of last year's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipelines.forms.known import knows_label
from pipelines.model import Document, Grid, Issue, Paragraph

_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)\s*年(?!\s*\d{1,2}\s*月)")
_CAPTION = re.compile(r"[表：:]$|数据|统计|情况|附件|附表|汇总")
_SPEAKS_OF_ANOTHER = re.compile(r"结转|截至|截止|相比|同比|比上年|[较比]20")
_WHOLE_AREA = re.compile(r"汇总|全[省市区县旗州盟镇乡]|各(?:部门|单位)")
_LONGEST = 40
_UNIT = re.compile(r"[（(]?(?:计量)?单位")


def without_others(document: Document, year: int | None) -> tuple[Document, tuple[Issue, ...]]:
    """The document without the statutory tables that are another year's or a whole area's, and an issue for each.

    Those of an area are its own report where there are no others.
    """
    captions = dict(_captions(document))
    if not captions:
        return document, ()
    grids = [grid for grid in document.grids if _is_statutory(grid)]
    of_another = [grid for grid in grids if _is_of_another_year(captions.get(grid.number, ""), year)]
    of_an_area = [grid for grid in grids if _WHOLE_AREA.search(captions.get(grid.number, ""))]
    if len({grid.number for grid in (*of_another, *of_an_area)}) == len(grids):
        of_an_area = []
    left_out = {grid.number for grid in (*of_another, *of_an_area)}
    if not left_out:
        return document, ()
    issues = tuple(
        Issue("table_of_others", "warning", f"not read: the table under {captions[number]!r}")
        for number in sorted(left_out)
    )
    blocks = tuple(item for item in document.blocks if not (isinstance(item, Grid) and item.number in left_out))
    return replace(document, blocks=blocks), issues


def _captions(document: Document) -> Iterator[tuple[int, str]]:
    """The caption of each table that has one; a table right behind another is its rest."""
    above, caption = "", ""
    for item in document.blocks:
        if isinstance(item, Grid):
            caption = above if above else caption
            above = ""
            if caption and _is_caption(caption):
                yield item.number, caption
        elif isinstance(item, Paragraph) and not _UNIT.match(item.text):
            above, caption = item.text.rstrip("。").rpartition("。")[2], ""


def _is_caption(text: str) -> bool:
    return len(text) <= _LONGEST and bool(_CAPTION.search(text)) and not _SPEAKS_OF_ANOTHER.search(text)


def _is_of_another_year(caption: str, year: int | None) -> bool:
    years = {int(found) for found in _YEAR.findall(caption)}
    return year is not None and bool(years) and year not in years


def _is_statutory(grid: Grid) -> bool:
    return any(cell.text and knows_label(cell.text) for row in grid.rows for cell in row)

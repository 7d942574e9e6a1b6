"""Several reports in one document (a year book, a page with the reports of all offices): cut apart before reading.

A new report begins where the numbered sections begin anew; its title stands just above. A document that never begins
anew is one part, whatever else is in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipelines.headings import section_of
from pipelines.model import Document, Grid, Paragraph
from pipelines.titles import BODY, read_title

_TITLE_ABOVE = 12
_ENDS = re.compile(r"(?:报告|年报)$")
_LONGEST_TITLE = 60
_REPORT_WORDS = 300  # between its headings; a table of contents has none


def parts_of(document: Document) -> tuple[Document, ...]:
    """The reports of a document in order, each as a document of its own; mostly just the one.

    Only a single part keeps what the page as a whole says of itself (title, meta tags): of several it proves nothing.
    """
    sections = _first_sections(document.blocks)
    if len(sections) < 2:
        return (document,)
    starts = _with_titles(document.blocks, sections)
    bounds = [0, *starts[1:], len(document.blocks)]
    anonymous = replace(document, title="", metas={})
    return tuple(
        replace(anonymous, blocks=document.blocks[begin:end], lead=document.lead if number == 0 else ())
        for number, (begin, end) in enumerate(pairwise(bounds))
    )


def _first_sections(blocks: Sequence[Paragraph | Grid]) -> list[int]:
    """The heading of each report's first section: it follows a later one and its content."""
    starts: list[int] = []
    last, tables, words = 0, 0, 0
    for number, block in enumerate(blocks):
        if isinstance(block, Grid):
            tables += 1
            continue
        section = section_of(block.text)
        if section is None:
            words += len(block.text) if last else 0
            continue
        if section == 1 and (not starts or (last >= 3 and (tables or words >= _REPORT_WORDS))):
            starts.append(number)
            tables = words = 0
        last = section
    return starts


def _with_titles(blocks: Sequence[Paragraph | Grid], sections: Sequence[int]) -> list[int]:
    """Where each report begins: at the title above its first section."""
    starts: list[int] = []
    for number in sections:
        starts.append(_title_above(blocks, number, starts[-1] + 1 if starts else 0))
    return starts


def _title_above(blocks: Sequence[Paragraph | Grid], heading: int, lowest: int) -> int:
    """The first line of the title over a heading; the heading itself where no title stands above it."""
    for start in range(max(lowest, heading - _TITLE_ABOVE), heading):
        for count in (3, 2, 1):
            lines = blocks[start : min(start + count, heading)]
            texts = [line.text for line in lines if isinstance(line, Paragraph) and len(line.text) <= _LONGEST_TITLE]
            if len(texts) < len(lines):
                continue
            title = read_title("".join(texts))
            if title.kind == "report" and title.year and (title.agency or count == 1):
                return start
            if count == 1 and title.kind == "report" and _ENDS.search(title.text) and BODY.search(title.agency):
                return start  # a title without a year
    return heading

"""A page that only leads to files: whose report it is, the files know better than the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipelines.model import Context, Reading

Readings = tuple[Reading, ...]


def named_by_files(page: Readings, files: Iterable[Readings]) -> Readings:
    """The readings of a page under the agency and year that its files give, where they all give the same."""
    told = [reading for readings in files for reading in readings if reading.report and reading.agency]
    if len({(reading.agency, reading.year) for reading in told}) != 1:
        return page
    return tuple(_named(reading, told[0]) for reading in page)


def _named(page: Reading, file: Reading) -> Reading:
    if not page.report or page.cells or (page.year is not None and file.year is not None and page.year != file.year):
        return page
    return replace(page, agency=file.agency, year=page.year or file.year)


def said_of(page: Reading, context: Context) -> Context:
    """What a page says about the files that it links to; `context` is what was said about the page itself."""
    return Context(page.title or context.title, page.agency or context.agency, page.year)

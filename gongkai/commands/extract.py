"""`gongkai extract`: read files and print what was read."""

from __future__ import annotations

import sys

import click

from gongkai.explaining import as_story
from gongkai.extracting import read_inputs
from gongkai.printing import as_line, as_table, printable


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--format",
    "shown",
    type=click.Choice(["json", "table"]),
    default="json",
    help="Lines of JSON, or tables for people.",
)
@click.option("--explain", "explained", is_flag=True, help="Tell how each step decided instead.")
def extract(files: tuple[str, ...], shown: str, explained: bool) -> None:
    """Read reports from files: HTML, text, PDF, Word, Excel, or the records of a WARC file; images with the extra ocr.

    Prints one JSON object a line, at least one for every FILE; - reads standard input. Exits with 1 when an input could
    not be read at all; a document that is no report is an answer, not an error.

    Example:

        gongkai extract report.html | jq '.figures["applications.new_received.total"]'
    """
    unread = 0
    for found in read_inputs(files):
        if not found.reading.report:
            kind = "" if found.unread else "not a report: "
            click.echo(printable(f"gongkai: {found.source}: {kind}{found.reading.reason}"), err=True)
        unread += found.unread
        if explained:
            click.echo(as_story(found))
        else:
            click.echo(as_line(found) if shown == "json" else as_table(found))
    sys.exit(1 if unread else 0)

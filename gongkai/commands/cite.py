"""`gongkai cite`: everything that one figure rests on."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from archive.answers.asking import find_figure, find_report
from archive.answers.evidence import evidence_of
from gongkai.citing import as_bibtex, as_json, as_page
from gongkai.commands.answering import archive_option, asked, scope_option
from gongkai.printing import printable


@click.command()
@click.argument("agency")
@click.argument("year", type=click.IntRange(2000, 2100))
@click.argument("figure")
@scope_option
@click.option("--revision", type=click.IntRange(min=1), metavar="N", help="Of revision N (default: the current).")
@click.option(
    "--format", "shape", type=click.Choice(["text", "json", "bibtex"]), default="text", show_default=True,
    help="A page for people, one object of JSON, or a BibTeX entry.",
)  # fmt: skip
@archive_option
def cite(
    agency: str,
    year: int,
    figure: str,
    scope: str | None,
    revision: int | None,
    shape: Literal["text", "json", "bibtex"],
    archive: Path | None,
) -> None:
    """Show what a figure rests on: printed text, place, page, digest and WARC record, the rules that it met.

    Ends with a sentence to cite it with, in English and in Chinese. FIGURE is an id, or its end if only one ends so.
    Exits with 1 when there is no such figure, 3 when the archive cannot be read.

    Example:

        gongkai cite 云泽市公安局 2024 applications.new_received.total
    """
    with asked(archive) as (db, path):
        report = find_report(db, agency, year, scope=scope, revision=revision)
        found = evidence_of(db, report, find_figure(figure))
    texts = {
        "text": lambda: printable(as_page(found, path)),
        "json": lambda: as_json(found, path),
        "bibtex": lambda: printable(as_bibtex(found)),
    }
    click.echo(texts[shape](), nl=False)

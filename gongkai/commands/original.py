"""`gongkai original`: the archived bytes of a report."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from archive.answers.asking import find_report
from archive.answers.originals import Original, original_of
from gongkai.commands.answering import archive_option, asked, scope_option
from gongkai.commands.asked import WrongUsage
from gongkai.printing import printable


@click.command()
@click.argument("agency")
@click.argument("year", type=click.IntRange(2000, 2100))
@scope_option
@click.option("--revision", type=click.IntRange(min=1), metavar="N", help="That of revision N (default: the current).")
@click.option(
    "-o", "--output", type=click.Path(allow_dash=True, path_type=Path), metavar="FILE",
    help="Where to (default: the agency's id and the year, here); - is standard output.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Overwrite FILE if it is there.")
@archive_option
def original(
    agency: str,
    year: int,
    scope: str | None,
    revision: int | None,
    output: Path | None,
    force: bool,
    archive: Path | None,
) -> None:
    """Write the document that a report was read from, byte for byte, checked against its digests.

    Pages come as they were published: do not open them in a browser that may run their scripts. Exits with 1 when there
    is no such report, 2 for wrong usage or a FILE that is there already, 3 when archive or WARC cannot be read.

    Example:

        gongkai original 云泽市公安局 2024 -o report.html
    """
    with asked(archive) as (db, path):
        found = original_of(db, path, find_report(db, agency, year, scope=scope, revision=revision))
    if output is not None and str(output) == "-":
        if sys.stdout.isatty():
            raise WrongUsage("the document is not for a terminal: give -o FILE, or pipe it into something")
        sys.stdout.buffer.write(found.body)
        sys.stdout.buffer.flush()
        return
    target = output or Path(found.name)
    _write(target, found, force=force)
    click.echo(printable(f"{len(found.body)} bytes from {found.url}, fetched {found.fetched_at}"), err=True)
    click.echo(printable(f"sha256 {found.sha256}, {found.content_type or 'of no stated type'}"), err=True)
    click.echo(target)


def _write(target: Path, found: Original, *, force: bool) -> None:
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if force else os.O_EXCL)
    try:
        file = os.fdopen(os.open(target, flags, 0o644), "wb")
        try:
            with file:
                file.write(found.body)
        except BaseException:
            if target.is_file():
                target.unlink()  # half of a document is none
            raise
    except FileExistsError as error:
        raise WrongUsage(f"{target}: is there already; --force overwrites it") from error
    except OSError as error:
        raise WrongUsage(printable(f"{target}: {(error.strerror or str(error)).lower()}")) from error

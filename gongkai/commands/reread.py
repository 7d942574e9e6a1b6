"""`gongkai reread`: captures read again from their records with today's reader."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.rereading import Selection
from gongkai.commands.answering import archive_option, told
from gongkai.commands.asked import WrongUsage, archive_file
from gongkai.printing import printable
from gongkai.spreading.errors import SpreadingError


@click.command()
@archive_option
@click.option("--portal", "portals", multiple=True, metavar="ID", help="Only captures of this portal; repeatable.")
@click.option("--year", "years", multiple=True, type=int, metavar="Y", help="Only of reports on this year; repeatable.")
@click.option("--form", "forms", multiple=True, metavar="F", help="Only of reports in this form; repeatable.")
@click.option("--issue", "issues", multiple=True, metavar="CODE", help="Only with such an open issue; repeatable.")
@click.option("--reader", "readers", multiple=True, metavar="VERSION", help="Only what this reader read; repeatable.")
@click.option("--old", is_flag=True, help="Only what another reader than today's read last.")
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="Processes that read (default: one a processor)."
)
@click.option("--scheduler", metavar="ADDRESS", help="Have workers of a Dask scheduler read (tls://…).")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what would change as one object of JSON, too.")
def reread(
    archive: Path | None,
    portals: tuple[str, ...],
    years: tuple[int, ...],
    forms: tuple[str, ...],
    issues: tuple[str, ...],
    readers: tuple[str, ...],
    old: bool,
    workers: int | None,
    scheduler: str | None,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read captures again with today's reader, say what comes out otherwise, and write that when you agree.

    The evidence stays, and the revisions with it; of what was read, the archive keeps what it was before. Exits with 0
    when all was read and written, 1 when something was not, 3 when the archive cannot be read or written, 5 when it was
    stopped.

    Example:

        gongkai reread --old --issue t3_row_total --dry-run
    """
    with told():
        from gongkai.rereading.running import Plan, run_reread

        selection = Selection(portals, years, forms, issues, readers, old)
        plan = Plan(archive_file(archive), selection, workers or 0, yes, dry_run, as_json, scheduler)
        try:
            sys.exit(run_reread(plan))
        except SpreadingError as error:
            raise WrongUsage(printable(str(error))) from error

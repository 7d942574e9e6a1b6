"""`gongkai status`: how things stand, on one screen."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from crawler.options import MEGABYTE, load_options
from gongkai.commands.answering import archive_option, asked
from gongkai.watching.standing import as_screen, standing_of

WRONG = 1


@click.command()
@archive_option
@click.option("--json", "as_json", is_flag=True, help="An object for programs instead.")
def status(archive: Path | None, as_json: bool) -> None:
    """Show the last run, the one under way, open alarms, portals, disk, and when the next run is due.

    Exits with 0 when all is well, 1 when something is wrong, 2 for wrong usage, 3 when the archive cannot be read.

    Example:

        gongkai status --archive my.db
    """
    with asked(archive) as (db, path):
        standing = standing_of(db, path, int(load_options().disk_floor_mb * MEGABYTE))
    if as_json:
        click.echo(json.dumps(standing.as_object(), ensure_ascii=False, indent=2))
    else:
        click.echo(as_screen(standing), nl=False)
    sys.exit(WRONG if standing.wrong else 0)

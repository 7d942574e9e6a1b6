"""`gongkai backup`: a copy of the archive and its evidence in another place, while runs go on."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.keeping import KEEP
from archive.keeping import backup as make_backup
from crawler.verdict import EXIT_CODES
from gongkai.amounts import amount, shown
from gongkai.commands.answering import archive_option, told
from gongkai.commands.asked import archive_file
from gongkai.printing import printable


@click.command()
@click.argument("target", metavar="TARGET", type=click.Path(path_type=Path))
@archive_option
@click.option(
    "--keep", type=click.IntRange(min=1), default=KEEP, show_default=True, metavar="N", help="Generations that stay."
)
@click.option("--verify", is_flag=True, help="Read all of the backup again; what is damaged in it is copied anew.")
def backup(target: Path, archive: Path | None, keep: int, verify: bool) -> None:
    """Back up the archive and its WARC files to the folder TARGET; a run that writes meanwhile is not held up.

    Prints the manifest of the new generation. WARC files that TARGET has are not copied again. A backup that was killed
    leaves those before it whole; run it again to go on. Settings and portals file are not in it. Exits with 0 when all
    is backed up, 1 when it is, but for records that are damaged or missing in the archive itself (each is named), 2 for
    wrong usage, 3 when archive or TARGET cannot be used (no room, for one), 4 while another backup is made there.

    Example:

        gongkai backup /mnt/backup/gongkai
    """
    path = archive_file(archive)
    with told(), shown("backing up") as telling:
        made = make_backup(path, target, keep=keep, verify=verify, told=telling)
    for damage in made.damaged:
        click.echo(printable(f"gongkai: damaged: {damage}"), err=True)
    if made.ahead:
        said = f"the backup has a generation of {made.ahead}, which is yet to come; this one is named after it"
        click.echo(f"gongkai: {said}: look at the clock of this machine", err=True)
    said = f"{made.counts['reports']} reports, {made.counts['captures']} captures; WARC files: {made.copied} copied"
    said += f", {made.kept} there already; {amount(made.size)} written"
    click.echo(said + (f"; {made.dropped} older generations removed" if made.dropped else ""), err=True)
    click.echo(made.manifest)
    sys.exit(EXIT_CODES["incomplete" if made.damaged else "ok"])

"""`gongkai restore`: an archive and its evidence back from a backup, checked byte by byte."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.keeping import Occupied
from archive.keeping import restore as put_back
from crawler.verdict import EXIT_CODES
from gongkai.amounts import amount, shown
from gongkai.commands.answering import archive_option, told
from gongkai.commands.asked import WrongUsage, archive_file
from gongkai.printing import printable


@click.command()
@click.argument("backup", metavar="BACKUP", type=click.Path(path_type=Path))
@archive_option
@click.option("--force", is_flag=True, help="Put aside, under another name, what is there already.")
def restore(backup: Path, archive: Path | None, force: bool) -> None:
    """Put the archive of BACKUP, a folder or a manifest in it, at the path of --archive, its WARC files beside it.

    Of a folder, the newest generation is taken. Every file and every record is checked against its digest. Prints the
    path of the archive. Exits with 0 when all of it is back, 1 when it is, but for records that are damaged in the
    backup (each is named), 2 for wrong usage or when something is there already, 3 when the backup's manifest or
    database are damaged or the place cannot be written, 4 while a run writes to the archive that is there.

    Example:

        gongkai restore /mnt/backup/gongkai --archive restored/archive.db
    """
    path = archive_file(archive)
    with told(), shown("restoring") as telling:
        try:
            restored = put_back(backup, path, force=force, told=telling)
        except Occupied as error:
            raise WrongUsage(printable(str(error))) from error
    for aside in restored.set_aside:
        click.echo(printable(f"put aside: {aside}"), err=True)
    for damage in restored.damaged:
        click.echo(printable(f"gongkai: damaged: {damage}"), err=True)
    counts = restored.manifest.counts
    said = f"backup of {restored.manifest.made_at}: {counts.get('reports', 0)} reports, {counts.get('captures', 0)}"
    said += f" captures; WARC files: {restored.warc} restored, {restored.there} there already; {amount(restored.size)}"
    click.echo(printable(said), err=True)
    click.echo(restored.archive)
    sys.exit(EXIT_CODES["incomplete" if restored.damaged else "ok"])

"""`gongkai site`: an archive in the browser."""

from __future__ import annotations

import sys
import webbrowser
from ipaddress import ip_address
from pathlib import Path

import click

from archive.errors import ArchiveError
from archive.reading import open_for_reading
from crawler.verdict import EXIT_CODES
from gongkai.commands.asked import archive_file
from gongkai.printing import printable
from gongkai.serving import wait_for_stop


@click.command()
@click.option("--archive", type=click.Path(path_type=Path), metavar="PATH", help="The archive, or a published file.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 takes any free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--open", "opened", is_flag=True, help="Open the first page in a browser.")
def site(archive: Path | None, port: int, host: str, opened: bool) -> None:
    """Serve an archive as a site: reports, agencies, search, charts, and every table in Datasette, read-only.

    Needs the extra `site` (pip install 'gongkai[site]'). Works while a crawl writes, and on a published file where
    nobody may write. Prints the address and stays until it is stopped. Exits with 1 when the port is taken or the extra
    is not installed, 2 for wrong usage, 3 when the archive cannot be read.

    Example:

        gongkai site --archive exports/gongkai.db --open
    """
    try:
        path = archive_file(archive)
        open_for_reading(path).close()  # what is no archive is refused before Datasette takes its seconds to load
        from archive.site import RunningSite

        with RunningSite(path, host, port) as running:
            click.echo(running.url)
            click.echo(f"serving until stopped (Ctrl-C){_warning(host)}", err=True)
            if opened:
                webbrowser.open(running.url)
            wait_for_stop()
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed: pip install 'gongkai[site]'") from error
    except ArchiveError as error:
        click.echo(printable(f"gongkai: {error}"), err=True)
        sys.exit(EXIT_CODES["archive"])
    except OSError as error:
        raise click.ClickException(f"{host} port {port}: {error.strerror or error}; try --port 0") from error


def _warning(host: str) -> str:
    try:
        inside = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        inside = False
    return "" if inside else "; whoever reaches this machine may ask it anything in SQL, five seconds a question"

"""`gongkai sample-portal`: replicas of real portals on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crawler.portals import write_portals
from gongkai.commands.asked import WrongUsage
from gongkai.serving import fault_portal, serve, wait_for_stop


@click.command("sample-portal")
@click.option(
    "--documents", type=click.Path(path_type=Path), metavar="DIR", help="Serve the files of DIR as one portal instead."
)
@click.option("--seed", type=int, metavar="N", help="Serve the replicas of all families, made from N, instead.")
@click.option("--count", type=click.IntRange(min=1), metavar="N", help="With --seed: so many replicas, in rotation.")
@click.option("--faults", is_flag=True, help="Serve the fault portal instead: one host for each fault of the web.")
@click.option("--port", type=click.IntRange(0, 65535), default=8791, show_default=True, help="0 takes any free port.")
def sample_portal(documents: Path | None, seed: int | None, count: int | None, faults: bool, port: int) -> None:
    """Serve replicas of real portals on this machine, and print the portals file for them.

    Stays until it is stopped. Open the printed URLs in a browser, or crawl them:

    Example:

        gongkai sample-portal > portals.csv &

        gongkai crawl --portals portals.csv --archive sample.db
    """
    if documents is not None and not documents.is_dir():
        raise WrongUsage(f"{documents}: there is no such folder")
    if (documents is not None and seed is not None) or (count is not None and seed is None):
        raise WrongUsage("--seed does not go with --documents, nor --count without --seed")
    if faults and (documents is not None or seed is not None):
        raise WrongUsage("--faults goes with neither --documents nor --seed")
    try:
        with fault_portal(port) if faults else serve(documents, port, seed, count) as portal:
            write_portals(sys.stdout, portal.portals())
            sys.stdout.flush()
            click.echo(f"serving on http://127.0.0.1:{portal.port}/ until stopped (Ctrl-C)", err=True)
            wait_for_stop()
    except OSError as error:
        raise click.ClickException(f"port {port}: {error.strerror or error}; try --port 0") from error

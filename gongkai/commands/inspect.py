"""`gongkai inspect`: one page as a crawl sees it."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.judging import Setting
from crawler.options import OptionsError
from crawler.portals import PortalsError
from gongkai.commands.asked import WrongUsage
from gongkai.printing import printable


@click.command()
@click.argument("page", metavar="URL|FILE")
@click.option(
    "--url", default="", metavar="URL", help="Where a FILE was saved from, so that its links can be resolved."
)
@click.option(
    "--setting",
    type=click.Choice(["annual", "disclosure", "open"]),
    default="annual",
    show_default=True,
    help="Judge links as in a column of annual reports, in the disclosure section, or anywhere.",
)
@click.option("--bundle", type=click.Path(path_type=Path), metavar="FILE.zip", help="Pack all of it for a bug report.")
def inspect(page: str, url: str, setting: Setting, bundle: Path | None) -> None:
    """Look at one page as a crawl does: platform, encoding, links and what they promise, pager, reading.

    A URL is fetched as politely as in a crawl. A bundle holds the explanation and the captures, without cookies,
    passwords and tokens. Exits with 1 when the page cannot be had.

    Example:

        gongkai inspect http://www.example.gov.cn/zwgk/zfxxgknb/ --bundle example.zip
    """
    from gongkai.inspecting import as_report, look_at_file, look_at_url
    from gongkai.inspecting import bundle as packed

    try:
        looked = look_at_url(page) if page.startswith(("http://", "https://")) else look_at_file(Path(page), url)
    except (OptionsError, PortalsError) as error:
        raise WrongUsage(printable(str(error))) from error
    except OSError as error:
        raise click.ClickException(printable(f"{page}: {(error.strerror or str(error)).lower()}")) from error
    if isinstance(looked, str):
        raise click.ClickException(printable(f"{page}: {looked}"))
    told = as_report(looked, setting)
    click.echo(told, nl=False)
    if bundle is not None:
        try:
            bundle.write_bytes(packed(looked, told))
        except OSError as error:
            raise click.ClickException(printable(f"{bundle}: {(error.strerror or str(error)).lower()}")) from error
        click.echo(f"wrote {bundle}: look through it before you send it to anybody", err=True)

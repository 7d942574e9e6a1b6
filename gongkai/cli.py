"""The command line: plain verbs, data to stdout, talk to stderr, one line for every error.

Each command is a thin layer over a function of its own module; docs/cli.md documents options and exit codes.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sized
from pathlib import Path

import click

from crawler.judging import Setting
from crawler.options import OptionsError, load_options
from crawler.platforms import PLATFORMS
from crawler.portals import LEVELS, REQUIRED, PortalsError, packaged_portals
from gongkai.cataloguing import Choice, append, as_columns, as_csv, as_json, choose, faults, load_catalogue
from gongkai.explaining import as_story
from gongkai.extracting import read_inputs
from gongkai.printing import as_line, as_table, printable
from gongkai.serving import serve, wait_for_stop


class WrongUsage(click.ClickException):
    """Raised for settings and files that make no sense: one line, exit code 2."""

    exit_code = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gongkai")
def main() -> None:
    """Find, keep and read China's government information disclosure reports (政府信息公开工作年度报告)."""


@main.command()
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


@main.command()
@click.option("--portals", type=click.Path(path_type=Path), help="The portals file (default: portals of gongkai.toml).")
@click.option("--portal", "only", multiple=True, metavar="ID", help="Only this portal; may be repeated.")
@click.option("--archive", type=click.Path(path_type=Path), help="The SQLite file (default: data/archive.db).")
@click.option("--sample", is_flag=True, help="Crawl the bundled sample portal on this machine.")
@click.option("--seed", type=int, metavar="N", help="With --sample: the replicas of all families, made from N.")
@click.option("--count", type=click.IntRange(min=1), metavar="N", help="With --seed: so many replicas, in rotation.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N candidate pages of each portal.")
@click.option("--since", type=click.IntRange(2008, 2100), metavar="YEAR", help="Only reports for YEAR and later.")
@click.option("--dry-run", is_flag=True, help="Print the candidate links as CSV; fetch no report, write nothing.")
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="A Scrapy setting; may be repeated.")
def crawl(
    portals: Path | None,
    only: tuple[str, ...],
    archive: Path | None,
    sample: bool,
    seed: int | None,
    count: int | None,
    limit: int | None,
    since: int | None,
    dry_run: bool,
    settings: tuple[str, ...],
) -> None:
    """Crawl portals for reports, keep the evidence, read it, and file the figures in the archive.

    Exits with 0 when every portal gave reports and every page came, 1 when something is missing, 2 for wrong usage, 3
    when the archive cannot be written, 4 when another run is writing to it, 5 when it was stopped by a signal.

    Example:

        gongkai crawl --portals my-portals.csv --archive my.db -s DOWNLOAD_DELAY=5
    """
    if (seed is not None and not sample) or (count is not None and seed is None):
        raise WrongUsage("--seed goes with --sample, and --count with --seed")
    try:
        options = load_options()
        from gongkai.crawling import Crawl, run_crawl  # Scrapy takes a second to load; `extract` need not wait for it

        given = dict(_setting(text) for text in settings)
        plan = Crawl(
            portals=portals or _default_portals(Path(options.portals)),
            archive=archive or Path(options.archive),
            only=only,
            sample=sample,
            seed=seed,
            count=count,
            limit=limit or 0,
            since=since or 0,
            dry_run=dry_run,
            settings=given,
        )
        sys.exit(run_crawl(plan))
    except (OptionsError, PortalsError) as error:
        raise WrongUsage(str(error)) from error


@main.command()
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


@main.group()
def portals() -> None:
    """Work on the catalogue of portals: the portals file that a crawl asks, or any other FILE of its kind.

    Example:

        gongkai portals list --level county --format table
    """


@portals.command("list")
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="[FILE]")
@click.option("--level", type=click.Choice(LEVELS), help="The tier of the body; park: a development zone.")
@click.option("--division", default="", metavar="PREFIX", help="What begins with a code: 32, 3201 or 320100 alike.")
@click.option("--platform", type=click.Choice(sorted(PLATFORMS)), help="The software family that the file gives.")
@click.option("--trust", type=click.Choice(["official", "mirror", "unknown"]), help="What the host is.")
@click.option("--search", default="", metavar="TEXT", help="Rows with TEXT in any cell.")
@click.option("--unconfirmed", is_flag=True, help="Rows whose column of annual reports was not seen itself.")
@click.option(
    "--format",
    "shown",
    type=click.Choice(["csv", "json", "table"]),
    default="csv",
    help="A portals file again, an array of objects, or a table for people.",
)
def portals_list(
    file: Path | None,
    level: str | None,
    division: str,
    platform: str | None,
    trust: str | None,
    search: str,
    unconfirmed: bool,
    shown: str,
) -> None:
    """Print the portals of FILE, or those that meet every condition given.

    CSV is the default, on a terminal too, because it is a portals file: crawl what you chose.

    Example:

        gongkai portals list --division 32 --level city > jiangsu.csv

        gongkai crawl --portals jiangsu.csv
    """
    try:
        table = load_catalogue(_catalogue(file))
        rows = choose(table, Choice(level or "", division, platform or "", trust or "", search, unconfirmed))
    except (OptionsError, PortalsError) as error:
        raise WrongUsage(printable(str(error))) from error
    text = {"csv": lambda: as_csv(table.header, rows), "json": lambda: as_json(rows), "table": lambda: as_columns(rows)}
    click.echo(printable(text[shown]()), nl=False)


@portals.command("add")
@click.argument("url", metavar="URL")
@click.option("--to", type=click.Path(path_type=Path), metavar="FILE", help="Append the row to this portals file.")
def portals_add(url: str, to: Path | None) -> None:
    """Search the portal whose home page is URL, and propose its row of the portals file.

    The search is that of a crawl, but fetches no report. Exits with 1 when no link to a report was found; the row is
    printed all the same.

    Example:

        gongkai portals add http://www.example.gov.cn/ --to my-portals.csv
    """
    from gongkai.proposing import propose

    try:
        table = load_catalogue(to) if to is not None and to.exists() else None
        taken = frozenset(row.cells.get("portal_id", "") for row in table.rows) if table else frozenset()
        proposal = propose(url, taken)
        click.echo(printable(as_csv(table.header if table else tuple(proposal.row), [proposal.row])), nl=False)
        if to is not None:
            append(to, table, proposal.row)
    except (OptionsError, PortalsError) as error:
        raise WrongUsage(printable(str(error))) from error
    except OSError as error:
        raise click.ClickException(printable(f"{to}: {(error.strerror or str(error)).lower()}")) from error
    for fault in proposal.faults:
        click.echo(printable(f"gongkai: {fault}"), err=True)
    click.echo(f"{proposal.reports} links to reports with {proposal.requests} requests", err=True)
    sys.exit(0 if proposal.reports else 1)


@portals.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="[FILE]")
def portals_check(file: Path | None) -> None:
    """Name every fault of FILE, one a line: ids, addresses, platforms, division codes, trust, dates, evidence.

    Exits with 0 when there is none, 1 when there are faults, 2 when the file cannot be read at all.

    Example:

        gongkai portals check my-portals.csv
    """
    try:
        table = load_catalogue(_catalogue(file))
    except (OptionsError, PortalsError) as error:
        raise WrongUsage(printable(str(error))) from error
    found = list(faults(table))
    for fault in found:
        click.echo(printable(fault))
    click.echo(printable(f"{table.name}: {_count(table.rows, 'portal')}, {_count(found, 'fault')}"), err=True)
    sys.exit(1 if found else 0)


@main.command("sample-portal")
@click.option(
    "--documents", type=click.Path(path_type=Path), metavar="DIR", help="Serve the files of DIR as one portal instead."
)
@click.option("--seed", type=int, metavar="N", help="Serve the replicas of all families, made from N, instead.")
@click.option("--count", type=click.IntRange(min=1), metavar="N", help="With --seed: so many replicas, in rotation.")
@click.option("--port", type=click.IntRange(0, 65535), default=8791, show_default=True, help="0 takes any free port.")
def sample_portal(documents: Path | None, seed: int | None, count: int | None, port: int) -> None:
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
    try:
        with serve(documents, port, seed, count) as portal:
            writer = csv.DictWriter(sys.stdout, (*REQUIRED, "trust"), lineterminator="\n")
            writer.writeheader()
            writer.writerows(portal.portals())
            sys.stdout.flush()
            click.echo(f"serving on http://127.0.0.1:{portal.port}/ until stopped (Ctrl-C)", err=True)
            wait_for_stop()
    except OSError as error:
        raise click.ClickException(f"port {port}: {error.strerror or error}; try --port 0") from error


def _default_portals(path: Path) -> Path:
    """The portals file of the settings; the one that ships with gongkai where that does not exist."""
    return path if path.is_file() or path != Path("data/portals.csv") else packaged_portals()


def _catalogue(file: Path | None) -> Path:
    """The file that a command on the catalogue was given; else the one that a crawl would take."""
    return file or _default_portals(Path(load_options().portals))


def _count(things: Sized, name: str) -> str:
    return f"{len(things) or 'no'} {name}{'' if len(things) == 1 else 's'}"


def _setting(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name.strip():
        raise WrongUsage(f"-s {text}: NAME=VALUE is needed")
    return name.strip(), value

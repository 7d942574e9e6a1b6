"""`gongkai doctor`: what is wrong with this installation and its archive, and what to do about it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from crawler.options import OptionsError, load_options
from crawler.verdict import EXIT_CODES
from gongkai.commands.answering import archive_option
from gongkai.commands.asked import WrongUsage, default_portals
from gongkai.printing import printable
from gongkai.tabling import as_json

_COLUMNS = ("level", "check", "message", "advice")


@click.command()
@archive_option
@click.option("--portals", type=click.Path(path_type=Path), metavar="FILE", help="The portals file.")
@click.option("--thorough", is_flag=True, help="Read every WARC record and every page of the database.")
@click.option(
    "--format",
    "shown",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Lines for people, or an array of objects.",
)
def doctor(archive: Path | None, portals: Path | None, thorough: bool, shown: str) -> None:
    """Examine the machine, the archive and its evidence; say what is wrong, and what to do.

    A line for each check: ok, warning or error. Nothing is written, and a run that writes meanwhile is not disturbed.
    Exits with 0 when all is well, 1 when there is something to do, 2 for wrong usage.

    Example:

        gongkai doctor --thorough
    """
    from gongkai.checks import Patient, examine  # after the options, which may be what is wrong

    try:
        options = load_options()
    except OptionsError as error:
        raise WrongUsage(printable(str(error))) from error
    patient = Patient(
        archive=archive or Path(options.archive),
        portals=portals or default_portals(Path(options.portals)),
        options=options,
        folder=Path.cwd(),
        thorough=thorough,
        now=datetime.now(UTC),
    )
    findings = []
    for finding in examine(patient):
        findings.append(finding)
        if shown == "text":
            click.echo(printable(" ".join(f"{finding.level:8} {finding.check:13} {finding.message}".split("\n"))))
            if finding.advice:
                click.echo(printable(f"{'':22} -> {finding.advice}"))
    if shown == "json":
        rows = [{name: getattr(finding, name) for name in _COLUMNS} for finding in findings]
        click.echo(as_json(_COLUMNS, rows), nl=False)
    todo = sum(finding.level != "ok" for finding in findings)
    click.echo("all is well" if not todo else f"{todo} to look at" if todo > 1 else "1 to look at", err=True)
    sys.exit(EXIT_CODES["incomplete" if todo else "ok"])

"""What commands that ask an archive have in common: opening it, and one line and an exit code when they cannot."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlite_utils import Database

from archive import Archive
from archive.answers.asking import NotFound
from archive.errors import ArchiveBusy, ArchiveError
from archive.reading import reading
from archive.review.deciding import Refused
from crawler.options import OptionsError
from crawler.verdict import EXIT_CODES
from gongkai.commands.asked import WrongUsage, archive_file
from gongkai.printing import printable

Command = TypeVar("Command", bound=Callable[..., Any])

NOT_FOUND = 1
"""Exit code where the archive can be read, but has not what was asked for, or a decision makes no sense."""


def archive_option(command: Command) -> Command:
    return click.option(
        "--archive", type=click.Path(path_type=Path), metavar="PATH", help="The archive (default: data/archive.db)."
    )(command)


def scope_option(command: Command) -> Command:
    return click.option(
        "--scope",
        type=click.Choice(["own", "area", "unsaid"]),
        help="Where there are reports of several: own figures, a whole area's, or those that do not say.",
    )(command)


@contextmanager
def asked(archive: Path | None) -> Iterator[tuple[Database, Path]]:
    """The archive, opened to be read, and its path. What goes wrong ends the command with one line."""
    with told():
        path = archive_file(archive)
        with reading(path) as db:
            yield db, path


@contextmanager
def changed(archive: Path | None) -> Iterator[Archive]:
    """The archive, opened and locked to be written. What goes wrong ends the command with one line."""
    with told():
        path = archive_file(archive)
        if not path.is_file():
            raise ArchiveError(f"{path}: there is no such archive")
        with Archive.open(path) as opened, opened.lock():
            yield opened


@contextmanager
def told() -> Iterator[None]:
    """Turns errors into a line each and an exit code."""
    try:
        yield
    except (OptionsError, UnicodeDecodeError) as error:
        raise WrongUsage(printable(str(error))) from error
    except Refused as error:
        for line in error.lines:
            click.echo(printable(f"gongkai: {line}"), err=True)
        sys.exit(NOT_FOUND)
    except NotFound as error:
        click.echo(printable(f"gongkai: {error}"), err=True)
        sys.exit(NOT_FOUND)
    except ArchiveError as error:
        click.echo(printable(f"gongkai: {error}"), err=True)
        sys.exit(EXIT_CODES["busy" if isinstance(error, ArchiveBusy) else "archive"])

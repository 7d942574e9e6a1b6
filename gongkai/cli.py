"""The command line: plain verbs, data to stdout, talk to stderr, one line for every error.

Each command is a module of `gongkai/commands`, loaded when it is asked for: a crawl needs Scrapy, the site Datasette,
and nobody should wait for both. docs/cli.md documents options and exit codes.
"""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from typing import Any

import click

from gongkai.wrong import WrongUsage

COMMANDS = (
    "crawl",
    "import",
    "nightly",
    "status",
    "reread",
    "extract",
    "site",
    "search",
    "export",
    "publish",
    "backup",
    "restore",
    "merge",
    "doctor",
    "cite",
    "history",
    "original",
    "review",
    "coverage",
    "agencies",
    "portals",
    "inspect",
    "sample-portal",
)
"""In the order in which the help lists them."""

_MODULES = {"import": "importing"}
"""Commands whose name no module may have."""

_STDERR = 2
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def module_of(command: str) -> str:
    """The module of a command, and its function there."""
    return _MODULES.get(command, command.replace("-", "_"))


class Commands(click.Group):
    """The commands, of which every error is one line, also where what was typed is nothing that SQLite can be asked."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = module_of(cmd_name)
        command: click.Command = getattr(import_module(f"gongkai.commands.{name}"), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UnicodeEncodeError as error:
            if error.encoding != "utf-8":
                raise click.ClickException(f"the output takes {error.encoding} only: set PYTHONUTF8=1") from error
            raise WrongUsage(f"{error.object!a}: is not UTF-8") from error
        except OverflowError as error:
            raise WrongUsage("a number that was typed is too large") from error
        except OSError as error:
            if error.errno not in _FULL or error.filename is not None:
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python tries again at the end
            raise click.ClickException(f"standard output: {os.strerror(error.errno or 0).lower()}") from error


def _open_what_is_closed() -> None:
    """Has files 0, 1 and 2 be something, if only nothing: else the next that is opened, perhaps the archive, is what
    errors are written to."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= _STDERR:
        pass
    os.close(number)
    sys.stderr = sys.stderr or os.fdopen(_STDERR, "w", encoding="utf-8")


_open_what_is_closed()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gongkai")
def main() -> None:
    """Find, keep and read China's government information disclosure reports (政府信息公开工作年度报告)."""

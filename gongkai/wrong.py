"""How wrong usage is told, by the commands and by what starts them."""

from __future__ import annotations

import click


class WrongUsage(click.ClickException):
    """Raised for words, settings and files that make no sense: one line, exit code 2."""

    exit_code = 2

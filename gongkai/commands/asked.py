"""What several commands have in common: how wrong usage is told, and which files are meant when none is given."""

from __future__ import annotations

import getpass
from pathlib import Path

from crawler.options import OptionsError, load_options
from crawler.portals import packaged_portals
from gongkai.printing import printable
from gongkai.wrong import WrongUsage

__all__ = ["WrongUsage", "archive_file", "catalogue", "default_portals", "user_name"]


def default_portals(path: Path) -> Path:
    """The portals file of the settings; the one that ships with gongkai where that does not exist."""
    return path if path.is_file() or path != Path("data/portals.csv") else packaged_portals()


def catalogue(file: Path | None) -> Path:
    """The file that a command on the catalogue was given; else the one that a crawl would take."""
    return file or default_portals(Path(load_options().portals))


def archive_file(given: Path | None) -> Path:
    """The archive that a command was given; else that of the settings. Raises WrongUsage for settings without sense."""
    try:
        return given or Path(load_options().archive)
    except OptionsError as error:
        raise WrongUsage(printable(str(error))) from error


def user_name() -> str:
    """Who is at this machine, for decisions that say by whom they were taken; empty where the user has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""

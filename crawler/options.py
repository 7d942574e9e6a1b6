"""Settings that a user has opinions on: contact, pace, paths. From `gongkai.toml`, overridden by `GONGKAI_*` variables.

Everything else is a Scrapy setting (crawler/settings.py) and can be set with `-s NAME=VALUE`.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

FILE_NAME = "gongkai.toml"
MEGABYTE = 1_000_000


class OptionsError(ValueError):
    """Raised for a `gongkai.toml` or `GONGKAI_*` variable that makes no sense; one line, names the setting."""


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of `gongkai.toml`, with their defaults. Each is documented in docs/settings.md."""

    contact: str = ""
    """E-mail or URL that goes into the User-Agent, so that a webmaster can reach you; needed beyond loopback."""
    delay: float = 2.0
    """Seconds between two requests to one host."""
    request_budget: int = 200
    """Requests per portal and run that may go without a report; each report found adds three."""
    workers: int = 0
    """Reader processes; 0 means as many as the machine has cores."""
    archive: str = "data/archive.db"
    """The SQLite file; WARC files lie in `warc/` beside it."""
    portals: str = "data/portals.csv"
    """The portals file."""
    publish: bool = True
    """Whether a crawl that ends well makes the published file anew (`exports/gongkai.db` beside the archive)."""
    recheck_days: float = 30.0
    """After how many days a page that is known is asked for again although its list shows nothing new; 0: every run."""
    disk_floor_mb: float = 64.0
    """Megabytes of free disk below which a crawl or an import ends in order."""
    scheduler: str = ""
    """The Dask scheduler to whose workers `gongkai crawl` hands the portals; empty: they are crawled here."""
    webhook: str = ""
    """An http(s) address to which `gongkai nightly` posts alarms as JSON."""
    alarm_command: str = ""
    """A command that `gongkai nightly` runs for alarms, their text on its standard input; no shell."""
    keep_logs: int = 30
    """How many logs of nights stay; 0: all."""
    keep_reports: int = 30
    """How many reports of nights stay; 0: all."""
    reviewer: str = ""
    """Who decides about figures (`gongkai review`); empty: the user name of the system."""


def load_options(folder: Path | None = None, environment: Mapping[str, str] | None = None) -> Options:
    """Read `gongkai.toml` in the folder (default: here) and the environment. Raises OptionsError."""
    path = (folder or Path.cwd()) / FILE_NAME
    environment = os.environ if environment is None else environment
    given: dict[str, Any] = {}
    if path.is_file():
        try:
            given.update(tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise OptionsError(f"{path}: {error}") from error
    names = {field.name for field in fields(Options)}
    unknown = sorted(set(given) - names)
    if unknown:
        raise OptionsError(f"{path}: unknown setting {unknown[0]!r} (known: {', '.join(sorted(names))})")
    for name in names:
        variable = f"GONGKAI_{name.upper()}"
        if variable in environment:
            given[name] = environment[variable]
    options = Options()
    for name, value in given.items():
        options = replace(options, **{name: _typed(name, value, type(getattr(options, name)))})
    return options


_YES_OR_NO = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def _typed(name: str, value: Any, kind: type) -> Any:
    if kind is bool:
        if str(value).lower() not in _YES_OR_NO:
            raise OptionsError(f"setting {name}: {value!r} is neither true nor false")
        return _YES_OR_NO[str(value).lower()]
    try:
        number = kind(value)
    except (TypeError, ValueError) as error:
        raise OptionsError(f"setting {name}: {value!r} is not {kind.__name__}") from error
    if isinstance(number, (int, float)) and number < 0:
        raise OptionsError(f"setting {name}: {value!r} is negative")
    return number

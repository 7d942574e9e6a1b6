"""The portals file: which sites to ask, one row each. A portal is data; how its software behaves is in platforms/."""

from __future__ import annotations

import csv
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.model import Trust

_TRUST: dict[str, Trust] = {"official": "official", "mirror": "mirror", "unknown": "unknown"}
REQUIRED = ("portal_id", "name", "division_code", "home_url", "column_url", "platform")


class PortalsError(ValueError):
    """Raised for a portals file that cannot be used; one line that names the file, the row and the fault."""


@dataclass(frozen=True, slots=True)
class Portal:
    """One row of the portals file."""

    portal_id: str
    name: str
    division_code: str
    home_url: str
    column_url: str
    platform: str
    trust: Trust = "official"

    @property
    def start_url(self) -> str:
        """Where a crawl of the portal begins: its annual-report column where that is known, else its home page."""
        return self.column_url or self.home_url


def packaged_portals() -> Path:
    """The portals file that ships with gongkai: inside the wheel, or `data/portals.csv` of a checkout."""
    packaged = Path(__file__).parent / "data" / "portals.csv"
    return packaged if packaged.is_file() else Path(__file__).parents[1] / "data" / "portals.csv"


def read_portals(path: Path, only: Iterable[str] = ()) -> list[Portal]:
    """The rows of a portals file in order, or those with the given ids. Raises PortalsError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            portals = list(_rows(path, csv.DictReader(stream)))
    except FileNotFoundError as error:
        raise PortalsError(f"{path}: there is no such portals file") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PortalsError(f"{path}: {error}") from error
    wanted = list(only)
    unknown = [portal_id for portal_id in wanted if portal_id not in {portal.portal_id for portal in portals}]
    if unknown:
        raise PortalsError(f"{path}: no portal {unknown[0]!r}")
    chosen = [portal for portal in portals if not wanted or portal.portal_id in wanted]
    if not chosen:
        raise PortalsError(f"{path}: no portals in the file")
    return chosen


def _rows(path: Path, reader: csv.DictReader[str]) -> Iterable[Portal]:
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
    if missing:
        raise PortalsError(f"{path}: column {missing[0]!r} is missing (needed: {','.join(REQUIRED)})")
    seen = set()
    for row in reader:
        cells = {name: (row.get(name) or "").strip() for name in (*REQUIRED, "trust")}
        here = f"{path}, line {reader.line_num}"
        if not cells["portal_id"]:
            raise PortalsError(f"{here}: portal_id is empty")
        if cells["portal_id"] in seen:
            raise PortalsError(f"{here}: portal_id {cells['portal_id']!r} occurs twice")
        seen.add(cells["portal_id"])
        for name in ("home_url", "column_url"):
            if cells[name] and not _is_web_url(cells[name]):
                raise PortalsError(f"{here}: {name} {cells[name]!r} is not an http(s) URL")
        if not cells["home_url"] and not cells["column_url"]:
            raise PortalsError(f"{here}: neither home_url nor column_url is given")
        trust = _TRUST.get(cells["trust"] or "official")
        if trust is None:
            raise PortalsError(f"{here}: trust {cells['trust']!r} is none of {', '.join(_TRUST)}")
        yield Portal(
            portal_id=cells["portal_id"],
            name=cells["name"],
            division_code=cells["division_code"],
            home_url=cells["home_url"],
            column_url=cells["column_url"],
            platform=cells["platform"],
            trust=trust,
        )


def is_loopback(host: str) -> bool:
    """Whether a host name is this machine: `localhost`, a name below it, or an address of 127.0.0.0/8 or ::1."""
    host = host.lower().rstrip(".").strip("[]")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_web_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        return False

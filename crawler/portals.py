"""The portals file: which sites to ask, one row each. A portal is data; how its software behaves is in platforms/."""

from __future__ import annotations

import csv
import io
import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from archive.agencies.divisions import chain_of
from pipelines.model import Trust

_TRUST: dict[str, Trust] = {"official": "official", "mirror": "mirror", "unknown": "unknown"}
REQUIRED = ("portal_id", "name", "division_code", "home_url", "column_url", "platform")
OPTIONAL = ("trust", "level", "evidence", "evidence_date", "confirmed", "note", "tls")
LEVELS = ("central", "province", "city", "county", "township", "park")
CONFIRMED = ("column", "report", "no")
TLS = ("", "legacy")


class PortalsError(ValueError):
    """Raised for a portals file that cannot be used; one line that names the file, the row and the fault."""


@dataclass(frozen=True, slots=True)
class PortalRow:
    """A row as it stands in the file: the line on which it begins, its cells by column, and how many it has."""

    line: int
    cells: Mapping[str, str]
    width: int


@dataclass(frozen=True, slots=True)
class PortalTable:
    """A portals file before it is judged."""

    name: str
    header: tuple[str, ...]
    rows: tuple[PortalRow, ...]

    def missing(self) -> list[str]:
        """The columns that a portals file needs and this one has not."""
        return [name for name in REQUIRED if name not in self.header]


@dataclass(frozen=True, slots=True)
class Portal:
    """One row of the portals file. What a crawl does not need may be empty in any file."""

    portal_id: str
    name: str
    division_code: str
    home_url: str
    column_url: str
    platform: str
    trust: Trust = "official"
    level: str = ""
    """One of LEVELS: the tier of the body, or `park` for a development zone."""
    evidence: str = ""
    """Where the row comes from."""
    evidence_date: str = ""
    """The day, month or year of the newest evidence."""
    confirmed: str = ""
    """One of CONFIRMED: what was seen of the column, its own address, only a report below it, or nothing."""
    note: str = ""
    tls: str = ""
    """`legacy` where the host may speak TLS as it was before 2010; else empty."""

    @property
    def start_url(self) -> str:
        """Where a crawl of the portal begins: its annual-report column where that is known, else its home page."""
        return self.column_url or self.home_url


def packaged(name: str) -> Path:
    """A file that ships with gongkai: inside the wheel, or in `data/` of a checkout."""
    inside = Path(__file__).parent / "data" / name
    return inside if inside.is_file() else Path(__file__).parents[1] / "data" / name


def packaged_portals() -> Path:
    """The portals file that ships with gongkai."""
    return packaged("portals.csv")


def write_portals(stream: TextIO, rows: Iterable[Mapping[str, str]]) -> None:
    """Writes a portals file of the columns that it needs, and `trust`. Raises ValueError for other ones."""
    writer = csv.DictWriter(stream, (*REQUIRED, "trust"), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def read_portals(path: Path, only: Iterable[str] = ()) -> list[Portal]:
    """The rows of a portals file in order, or those with the given ids. Raises PortalsError."""
    try:
        portals = list(_portals(read_table(path.read_bytes(), str(path))))
    except FileNotFoundError as error:
        raise PortalsError(f"{path}: there is no such portals file") from error
    except OSError as error:
        raise PortalsError(f"{path}: {error}") from error
    wanted = list(only)
    unknown = [portal_id for portal_id in wanted if portal_id not in {portal.portal_id for portal in portals}]
    if unknown:
        raise PortalsError(f"{path}: no portal {unknown[0]!r}")
    chosen = [portal for portal in portals if not wanted or portal.portal_id in wanted]
    if not chosen:
        raise PortalsError(f"{path}: no portals in the file")
    return chosen


def read_table(content: bytes, name: str) -> PortalTable:
    """The rows of a portals file as they stand, whatever they say; blank lines are none. Raises PortalsError."""
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        header = tuple(cell.strip() for cell in next(reader, []))
        rows, line = [], reader.line_num + 1
        for cells in reader:
            if cells:
                named = dict(zip(header, (cell.strip() for cell in cells), strict=False))
                rows.append(PortalRow(line, named, len(cells)))
            line = reader.line_num + 1
    except (UnicodeDecodeError, csv.Error) as error:
        raise PortalsError(f"{name}: {error}") from error
    return PortalTable(name, header, tuple(rows))


def unusable(cells: Mapping[str, str], seen: set[str]) -> Iterator[str]:
    """What keeps a crawl from using a row; `seen` holds the ids of the rows before it, and takes that of this one."""
    portal_id = cells.get("portal_id", "")
    if not portal_id:
        yield "portal_id is empty"
    elif portal_id in seen:
        yield f"portal_id {portal_id!r} occurs twice"
    seen.add(portal_id)
    for name in ("home_url", "column_url"):
        if cells.get(name) and not _is_web_url(cells[name]):
            yield f"{name} {cells[name]!r} is not an http(s) URL"
    if not cells.get("home_url") and not cells.get("column_url"):
        yield "neither home_url nor column_url is given"
    if (cells.get("trust") or "official") not in _TRUST:
        yield f"trust {cells['trust']!r} is none of {', '.join(_TRUST)}"
    if (cells.get("tls") or "") not in TLS:
        yield f"tls {cells['tls']!r} is neither empty nor legacy"


def _portals(table: PortalTable) -> Iterator[Portal]:
    if missing := table.missing():
        raise PortalsError(f"{table.name}: column {missing[0]!r} is missing (needed: {','.join(REQUIRED)})")
    seen: set[str] = set()
    for row in table.rows:
        for fault in unusable(row.cells, seen):
            raise PortalsError(f"{table.name}, line {row.line}: {fault}")
        cells = {name: row.cells.get(name, "") for name in (*REQUIRED, *OPTIONAL)}
        trust = _TRUST[cells.pop("trust") or "official"]
        yield Portal(**cells, trust=trust)


def places_of(portal: Portal) -> dict[str, str | None]:
    """What the archive keeps of a portal: its name, division and level, and where that division is."""
    place = chain_of(portal.division_code)
    said = {"name": portal.name, "division_code": portal.division_code, "level": portal.level}
    return {**said, "province": place.province, "city": place.city, "county": place.county}


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

"""China's administrative divisions as they ship with gongkai: provinces, cities, counties and townships by code.

data/README.md says where they come from, on which day they were valid, and what their codes look like.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from crawler.portals import packaged

Level = Literal["province", "city", "county", "township"]


@dataclass(frozen=True, slots=True)
class Division:
    """A division: six digits down to the county, nine for a township; a province has no parent."""

    code: str
    name: str
    level: Level
    parent_code: str


def read_divisions(path: Path | None = None) -> dict[str, Division]:
    """All divisions by code; those that ship with gongkai unless a file is given."""
    with (path or packaged("divisions.csv")).open(encoding="utf-8", newline="") as stream:
        return {
            code: Division(code, name, cast(Level, level), parent_code)
            for code, name, level, parent_code in list(csv.reader(stream))[1:]
        }

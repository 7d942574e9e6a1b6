"""China's administrative divisions as they ship with gongkai: provinces, cities, counties and townships by code.

data/README.md says where they come from, on which day they were valid, and what their codes look like. The 3,338
divisions down to the county are read at the first question; the 41,352 townships only parent by parent, so that nobody
waits for them.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from archive.shipped import shipped

Level = Literal["province", "city", "county", "township"]

LEVELS: tuple[Level, ...] = ("province", "city", "county", "township")

VALID_ON = "2023-06-30"
"""The day on which every row was valid (data/README.md)."""

_ROW = re.compile(r"^(\d{6}),([^,\n]*),(\w+),(\d*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Division:
    """A division: six digits down to the county, nine for a township; a province has no parent."""

    code: str
    name: str
    level: Level
    parent_code: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The names of a division and of those above it; null where there is none (a municipality's district: no city)."""

    province: str | None = None
    city: str | None = None
    county: str | None = None
    township: str | None = None

    @property
    def full_name(self) -> str:
        """All names that there are, from the province down: 甘肃省兰州市永登县城关镇."""
        return "".join(name for name in (self.province, self.city, self.county, self.township) if name)


def read_divisions(path: Path | None = None) -> dict[str, Division]:
    """All divisions by code; those that ship with gongkai unless a file is given."""
    with (path or shipped("divisions.csv")).open(encoding="utf-8", newline="") as stream:
        return {
            code: Division(code, name, cast(Level, level), parent_code)
            for code, name, level, parent_code in list(csv.reader(stream))[1:]
        }


@cache
def upper() -> dict[str, Division]:
    """Provinces, cities and counties by code."""
    return {match[1]: Division(match[1], match[2], cast(Level, match[3]), match[4]) for match in _ROW.finditer(_text())}


@cache
def townships(parent: str) -> tuple[Division, ...]:
    """The townships of a county, or of a city that has no counties."""
    # The file is sorted by code, so the townships of a parent stand together.
    mark = f",township,{parent}\n"
    start, end = _text().find(mark), _text().rfind(mark)
    if start < 0:
        return ()
    lines = _text()[_text().rfind("\n", 0, start) + 1 : end].split("\n")
    cells = [line.split(",") for line in lines]
    return tuple(Division(line[0], line[1], "township", parent) for line in cells)


@cache
def children(parent: str) -> tuple[Division, ...]:
    """The provinces, cities and counties right below a division; with an empty code, the provinces."""
    return tuple(_below().get(parent, ()))


@cache
def called(name: str) -> tuple[Division, ...]:
    """Every province, city and county of exactly that name, in the order of their codes."""
    return _by_name().get(name, ())


@cache
def find(code: str) -> Division | None:
    """The division of that code, or null."""
    if len(code) != 9:
        return upper().get(code)
    start = _text().find(f"\n{code},") + 1
    if not start:
        return None
    _, name, _, parent = _text()[start : _text().index("\n", start)].split(",")
    return Division(code, name, "township", parent)


def nearest(code: str | None) -> Division | None:
    """The division of a code; of a township that is not known, its county; null for what is no code."""
    if not code:
        return None
    return find(code) or (find(code[:6]) if len(code) > 6 else None)


def line_of(division: Division | None) -> tuple[Division, ...]:
    """A division and those above it, from the province down; empty for none."""
    line: list[Division] = []
    while division is not None:
        line.insert(0, division)
        division = find(division.parent_code)
    return tuple(line)


def chain_of(code: str | None) -> Chain:
    """The names of the division of a code and of those above it; without names where the code is not known."""
    return Chain(**{one.level: one.name for one in line_of(nearest(code))})


def within(one: Division, other: Division) -> bool:
    """Whether one division is the other or a part of it."""
    return other in line_of(one)


@cache
def fingerprint() -> str:
    """A digest of the file, to tell when it has changed."""
    return hashlib.sha256(_text().encode()).hexdigest()


@cache
def _text() -> str:
    return shipped("divisions.csv").read_text(encoding="utf-8")


@cache
def _below() -> dict[str, list[Division]]:
    below = defaultdict[str, list[Division]](list)
    for division in upper().values():
        below[division.parent_code].append(division)
    return dict(below)


@cache
def _by_name() -> dict[str, tuple[Division, ...]]:
    names = defaultdict[str, list[Division]](list)
    for division in upper().values():
        names[division.name].append(division)
    return {name: tuple(divisions) for name, divisions in names.items()}

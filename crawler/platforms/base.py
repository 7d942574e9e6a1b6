"""What a platform module does: a page of a column in, its rows and the way to further pages out. No requests here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Step:
    """A further page of a listing: how to ask for it, and what its reader must know then (`state`)."""

    url: str
    method: str = "GET"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    state: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched page of a listing, decoded; `step` is how it was asked for, None for the column's own URL."""

    url: str
    text: str
    status: int = 200
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a listing: absolute URL, full title, date and publishing body where the listing gives them."""

    url: str
    title: str
    date: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page of a column holds. `further` are pager steps, `columns` other columns that may hold the reports."""

    rows: tuple[Row, ...] = ()
    further: tuple[Step, ...] = ()
    columns: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Platform:
    """A family of portal software: how it is recognised, and how its listings are read."""

    name: str
    recognises: Callable[[Page], bool]
    read: Callable[[Page], Listing]

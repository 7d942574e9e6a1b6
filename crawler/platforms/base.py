"""What a platform module does: a page of a portal in, its rows and the way to further pages out. No requests here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from lxml import etree

from crawler.platforms.signs import Sign, Word, words_in
from pipelines.documents.html import parse_html
from pipelines.normalize import script_of
from pipelines.source import Source

By = Literal["link", "option", "frame", "forward"]


@dataclass(frozen=True, slots=True)
class Step:
    """A request that a platform asks for: how to ask, and what its reader must know then (`state`)."""

    url: str
    method: str = "GET"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    state: Mapping[str, str] = field(default_factory=dict)
    platform: str = ""
    """Whose reader understands the answer; '' for an ordinary page. `platforms.read` fills it in."""
    alias: str = ""
    """The address under which pages link to what this step asks for, where that is another one."""
    promised: bool = False
    """Whether the portal itself counts this page, so that it is a fault when it is not there."""


@dataclass(frozen=True)
class Page:
    """One fetched page, decoded; `step` is how it was asked for, None for a plain address."""

    url: str
    text: str
    status: int = 200
    step: Step | None = None
    source: Source | None = field(default=None, compare=False)
    """What the text was taken from, for who has it."""

    @cached_property
    def is_traditional(self) -> bool:
        """Whether it is a page in traditional characters."""
        return self.tree is not None and script_of(self.text) == "traditional"

    def may_bear(self, sign: Sign) -> bool:
        """Whether any of its words stands in the source."""
        return not self._words.isdisjoint(sign.spelt)

    def search(self, sign: Sign) -> re.Match[str] | None:
        """The first place of the source that bears a sign."""
        return sign.pattern.search(self.text) if self.may_bear(sign) else None

    def every(self, sign: Sign) -> Iterator[re.Match[str]]:
        """All of these places."""
        return sign.pattern.finditer(self.text) if self.may_bear(sign) else iter(())

    @cached_property
    def _words(self) -> frozenset[Word]:
        """The words of all signs that stand in the source."""
        return words_in(self.text.encode("utf-8", "replace"))

    @cached_property
    def tree(self) -> Any | None:
        """The page as lxml elements; None when there is nothing in it."""
        if not self.text.lstrip("\ufeff \t\r\n").startswith("<"):
            return None
        if self.source is not None:
            return self.source.parsed.root
        # libxml2 stops at a null, and strings of scripts can hold halves of characters.
        return parse_html(self.text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")).root


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a page points to: absolute URL, full title, date and publishing body where the page gives them."""

    url: str
    title: str
    date: str = ""
    publisher: str = ""
    by: By = "link"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page holds.

    `rows` is all that it points to. `further` are steps to more rows of the same list, the best way first: only one is
    taken. `columns` are steps to lists of annual reports that the platform itself knows to be such.
    """

    rows: tuple[Row, ...] = ()
    further: tuple[Step, ...] = ()
    columns: tuple[Step, ...] = ()
    platform: str = field(default="", compare=False)
    """The family whose signs the page bears most; `platforms.read` fills it in."""


@dataclass(frozen=True, slots=True)
class Platform:
    """A family of portal software: how its pages are recognised, and how its listings are read."""

    name: str
    recognises: Callable[[Page], bool]
    read: Callable[[Page], Listing]


words_of: Any = etree.XPath("string()", smart_strings=False)
"""The text of an element and all in it, as it stands in the source."""

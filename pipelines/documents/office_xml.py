"""The XML of office files, parsed without entities and in bounded memory, and how its elements are looked at.

Elements and attributes are named without their namespace: the same vocabulary comes in three (ISO 29500 transitional
and strict, Word 2003).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from pipelines.documents.formats import Unreadable

# Tags and attributes of one part; a tree of so many takes some 300 MB. The largest real report has some 50,000.
_MOST_MARKS = 1_500_000
_LONG_STRETCH, _MOST_ATTRIBUTES = re.compile(rb"<[^<]{32768,}"), 1000
_INTEGER = re.compile(r"-?[0-9]{1,8}")
_OFF = frozenset(("0", "false", "off"))


def parse_xml(data: bytes, name: str) -> Any:
    """The root element of an XML part. Entities are refused, not expanded; so is a tree too large for memory."""
    check_xml(data, name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise Unreadable(f"the file is damaged: {name!r} is not well-formed XML") from fault


def check_xml(data: bytes, name: str) -> None:
    """Raise Unreadable for XML that is made to hurt."""
    if b"<!DOCTYPE" in data or "<!DOCTYPE".encode("utf-16-le") in data or "<!DOCTYPE".encode("utf-16-be") in data:
        raise Unreadable(f"{name!r} declares entities, which no office program does")
    # The parser compares each attribute of an element with all others.
    crowded = any(stretch[0].count(b"=") > _MOST_ATTRIBUTES for stretch in _LONG_STRETCH.finditer(data))
    if crowded or data.count(b"<") + data.count(b"=") > _MOST_MARKS:
        raise Unreadable(f"{name!r} has more elements than a report")


def name_of(element: Any) -> str:
    """The name of an element without its namespace: there are three for the same vocabulary."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Any | None, name: str) -> Iterator[Any]:
    """The child elements of a name; none where there is no element."""
    return (each for each in (() if element is None else element) if name_of(each) == name)


def child(element: Any | None, name: str) -> Any | None:
    """The first child element of a name; None too where there is no element."""
    return next(children(element, name), None)


def value(element: Any | None, name: str = "val") -> str:
    """An attribute of the element's own namespace; '' where either is missing."""
    if element is None:
        return ""
    namespace = element.tag.rpartition("}")[0]
    return element.get(f"{namespace}}}{name}" if namespace else name) or ""


def integer(element: Any | None, name: str, otherwise: int = 0) -> int:
    """A whole number in an attribute, of a size that a document can mean."""
    text = value(element, name)
    return int(text) if _INTEGER.fullmatch(text) else otherwise


def is_on(properties: Any | None, name: str) -> bool:
    """Whether a switch among properties is there and not turned off."""
    switch = child(properties, name)
    return switch is not None and value(switch) not in _OFF

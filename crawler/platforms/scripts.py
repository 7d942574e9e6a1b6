"""What a page's scripts say about a list service: names and literal values of its parameters.

No script is run. Only object literals whose values are written out (or are variables that the page sets to a literal)
are understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_PAIR = re.compile(
    r"""(?<![\w$])["']?([A-Za-z_$][\w$.\[\]]{0,80})["']?\s*:\s*(?:"([^"]*)"|'([^']*)'|(-?\d+(?:\.\d+)?|true|false)\b|([A-Za-z_$][\w$]*)(?=\s*[,}\n]))"""
)
_NEAR = 1500
"""Characters around an address in which its parameters stand."""


def literal_pairs(text: str, position: int) -> Iterator[tuple[str, str]]:
    """Names and values of the object literals that begin shortly behind a position, up to the end of the statement."""
    start = text.find("{", position)
    if start < 0 or start - position > 200:
        return
    end = closing(text, start)
    yield from pairs(text[start:end], text)


def pairs(literal: str, text: str = "") -> Iterator[tuple[str, str]]:
    """Names and values in an object literal; variables by what the page sets them to, or left out."""
    for name, double, single, bare, variable in _PAIR.findall(literal):
        if variable:
            value = variable_value(variable, text)
            if value is not None:
                yield name, value
        else:
            yield name, double or single or bare


def variable_value(name: str, text: str) -> str | None:
    """What a script sets a variable to, if it is a literal."""
    found = re.search(rf"""\b{re.escape(name)}["']?\s*[=:]\s*(?:"([^"]*)"|'([^']*)'|(-?\d+)\b)""", text)
    return next((part for part in found.groups() if part is not None), "") if found else None


def closing(text: str, start: int) -> int:
    """The position behind the brace that closes the one at `start`; not far when there is none."""
    depth = 0
    for position in range(start, min(len(text), start + _NEAR)):
        if text[position] == "{":
            depth += 1
        elif text[position] == "}":
            depth -= 1
            if depth == 0:
                return position + 1
    return min(len(text), start + _NEAR)

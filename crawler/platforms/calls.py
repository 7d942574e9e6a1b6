"""Where a call leads: `openInfo(4711)` with `function openInfo(id) {window.open('/info/' + id + '.html')}`.

No script is run. An address is put together only where all its parts are known: literals, the arguments of the call,
and variables that the page sets to a literal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from crawler.platforms.scripts import variable_value

GOES = re.compile(
    r"(?:location(?:\.href)?\s*=(?!=)|location\.(?:replace|assign)\s*\(|(?:window\.)?open\s*\(|\.src\s*=|\.href\s*="
    r"|\.attr\(\s*[\"'](?:src|href)[\"']\s*,|\.(?:load|get|getJSON)\s*\()\s*"
    r"((?:\"[^\"]*\"|'[^']*'|[^;\"'\n(){}])*(?:\([^)\n]*\)(?:\"[^\"]*\"|'[^']*'|[^;\"'\n(){}])*)*)"
)
"""A statement that takes the visitor somewhere, and the expression of the address."""

_CALL = re.compile(r"([A-Za-z_$][\w$]*)\s*\(([^()]*)\)")
_PARTS = re.compile(r"\"([^\"]*)\"|'([^']*)'|(\([^()\"']*\)|[^+\"']+)")
_KNOWN = frozenset("open eval alert print close submit setTimeout return void".split())
_SETS = re.compile(r"([A-Za-z_$][\w$]*)\s*=\s*([A-Za-z_$][\w$]*)\s*(?=[;}])")
_DEEPEST = 2
_BODY = 800
"""Characters of a function that are looked at."""


def address_of(call: str, text: str, known: Mapping[str, str] | None = None, depth: int = 0) -> str | None:
    """The address to which a call leads, by the function of the page that it calls; None where that cannot be told.

    `known` holds variables that have been set on the way: changeArea('1133…') sets one, and calls another function.
    """
    known = dict(known or {})
    for name, given in _CALL.findall(call):
        found = function(name, text) if name not in _KNOWN else None
        if found is None:
            continue
        names, body = found
        arguments = [argument.strip().strip("\"'") for argument in given.split(",")] if given.strip() else []
        if any(argument.startswith("this") for argument in arguments):
            continue
        inside = known | dict(zip(names, arguments, strict=False))
        inside |= {name: inside[value] for name, value in _SETS.findall(body) if value in inside}
        for expression in GOES.findall(body):
            address = assembled(parts_of(expression), inside, text)
            if address:
                return address
        if depth < _DEEPEST:
            address = address_of(body, text, inside, depth + 1)
            if address:
                return address
    return None


def _counted(code: str, known: Mapping[str, str]) -> str | None:
    """`(n-1)`, where n is known to be a number."""
    found = re.fullmatch(r"\(?\s*([\w$]+)\s*([+-])\s*(\d+)\s*\)?", code)
    if not found or not known.get(found[1], "").isdecimal():
        return None
    number = int(found[3])
    return str(int(known[found[1]]) + (number if found[2] == "+" else -number))


def function(name: str, text: str) -> tuple[list[str], str] | None:
    """The parameters and the body of a function of the page."""
    escaped = re.escape(name)
    found = re.search(
        rf"\bfunction\s+{escaped}\s*\(([^)]*)\)\s*\{{|\b{escaped}\s*=\s*function\s*\(([^)]*)\)\s*\{{", text
    )
    if not found:
        return None
    names = [part.strip() for part in (found[1] or found[2] or "").split(",")]
    return names, re.split(r"\bfunction\b", text[found.end() : found.end() + _BODY])[0]


def parts_of(expression: str) -> list[tuple[str, str]]:
    """A sum of strings as (literal, ''), and code as ('', code)."""
    return [(double or single, code.strip()) for double, single, code in _PARTS.findall(expression)]


def assembled(parts: list[tuple[str, str]], known: Mapping[str, str], text: str) -> str | None:
    """The address that the parts make; None where one of them is unknown, or none of them is a variable."""
    address, varies = "", False
    for literal, code in parts:
        if not code:
            address += literal
            continue
        code = re.sub(r"^(?:encodeURI(?:Component)?|String)\((.*)\)$", r"\1", code)
        value = _counted(code, known) or known.get(code)
        varies = varies or value is not None
        value = value if value is not None else variable_value(code, text) if re.fullmatch(r"[\w$]+", code) else None
        if value is None:
            return None
        address += value
    return address if varies and ("/" in address or "." in address) else None

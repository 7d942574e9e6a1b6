"""Text from the web where people look at it: in terminals and in logs, where some characters are orders."""

from __future__ import annotations

import re

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile("[\t\n]")


def printable(text: str) -> str:
    """Text from the web as a terminal may have it: control characters and direction marks are shown, not obeyed.

    They are shown as JSON writes them, so that JSON stays JSON. Line ends and tabs stay.
    """
    return _CONTROLS.sub(_shown, text)


def one_line(text: str) -> str:
    """The same on one line, so that no text can pass for a line of its own."""
    return _BREAKS.sub(_shown, printable(text))


def _shown(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"

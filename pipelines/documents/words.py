"""The text of one HTML element as a reader sees it."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

_BREAKS = frozenset("br p div li tr td th table h1 h2 h3 h4 h5 h6 dt dd ul ol center blockquote".split())
# Marks beside a number: a footnote sign or struck-out digits must not join it, so a space goes between.
_APART = frozenset("sup sub del s strike".split())
_UNSEEN = frozenset("script style noscript template".split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)


def is_hidden(element: Any) -> bool:
    """Whether the element is kept from sight by its own style or attribute."""
    style = element.get("style") if isinstance(element.tag, str) else None
    return bool(style and _HIDDEN.search(style)) or element.get("hidden") is not None


def element_text(element: Any) -> str:
    """Visible text; breaks and blocks become line ends, runs of other whitespace one space, inline parts join."""
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, part in walk:
        tag = part.tag if isinstance(part.tag, str) else ""
        mark = "\n" if tag in _BREAKS else " " if tag in _APART else ""
        if event == "end":
            if part is not element:
                parts += (mark, _inline(part.tail))
        elif part is not element and (tag in _UNSEEN or is_hidden(part)):
            walk.skip_subtree()
        else:
            parts += (mark if part is not element else "", _inline(part.text))
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _inline(text: str | None) -> str:
    """A line end in HTML source is only a space."""
    return re.sub(r"[ \t\r\n\f]+", " ", text) if text else ""

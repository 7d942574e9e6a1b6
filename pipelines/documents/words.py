"""The text of one HTML element as a reader sees it."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from pipelines.normalize.characters import mend_characters

_BREAKS = frozenset("br p div li tr td th table h1 h2 h3 h4 h5 h6 dt dd ul ol center blockquote".split())
# Raised and lowered text is a remark (a footnote sign beside a number); struck-out text must not join what stands.
_REMARKS = frozenset(("sup", "sub"))
_STRUCK = frozenset(("del", "s", "strike"))
_UNSEEN = frozenset("script style noscript template".split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)


def is_hidden(element: Any) -> bool:
    """Whether the element is kept from sight by its own style or attribute."""
    style = element.get("style") if isinstance(element.tag, str) else None
    return bool(style and _HIDDEN.search(style)) or element.get("hidden") is not None


def element_text(element: Any) -> str:
    """Visible text; breaks and blocks become line ends, runs of other whitespace one space, inline parts join.

    Raised and lowered text is put in brackets, as the remark that it is: `5<sup>1</sup>` is 5 with a footnote, not 51.
    """
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, part in walk:
        tag = part.tag if isinstance(part.tag, str) else ""
        before, after = _marks(tag)
        if event == "end":
            if part is not element:
                parts += (after, _inline(part.tail))
        elif part is not element and (tag in _UNSEEN or is_hidden(part)):
            walk.skip_subtree()
        else:
            parts += (before if part is not element else "", _inline(part.text))
    # Entities can spell what the repairs of the source text could not see yet.
    return clean_lines(mend_characters("".join(parts)))


def clean_lines(text: str) -> str:
    """The lines that hold something, runs of other whitespace as one space; a remark without text is none."""
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.replace("()", "").split("\n"))
    return "\n".join(line for line in lines if line)


def _marks(tag: str) -> tuple[str, str]:
    """What separates an element of this kind from the text before and after it."""
    if tag in _BREAKS:
        return "\n", "\n"
    if tag in _REMARKS:
        return "(", ")"
    return (" ", " ") if tag in _STRUCK else ("", "")


def _inline(text: str | None) -> str:
    """A line end in HTML source is only a space."""
    return re.sub(r"[ \t\r\n\f]+", " ", text) if text else ""

"""How much of one document is read: far more than any report has, and not so much that reading takes a machine.

What lies beyond is left out with an issue. A report has some hundred lines, a year book of a hundred reports ten
thousand.
"""

from __future__ import annotations

from pipelines.model import Issue

MOST_TAGS = 400_000
"""Of a page, each of which takes 200 bytes of the parser; a page of a thousand tables has half of them."""
MOST_BLOCKS = 40_000
"""Lines and tables of a document."""
LONGEST_LINE = 100_000
"""Characters: tables that ran together with all the text of a page have a tenth of it."""


CUT = ("document_cut", "parse_truncated")
"""Codes of the issues of a document that goes on where the reader stopped."""


def document_cut() -> Issue:
    """Says that a document goes on where the reader stopped."""
    message = (
        f"more than {MOST_BLOCKS} lines, {MOST_TAGS} tags or {LONGEST_LINE} characters in a line: not all was read"
    )
    return Issue("document_cut", "warning", message)

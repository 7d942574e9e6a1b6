"""Payloads whose words cannot be seen in their bytes: only reading them tells what they say."""

from __future__ import annotations

import re

from pipelines.documents.formats import Unreadable, is_binary, reader_of

# First bytes of formats with a reader, and of those that certainly have none.
_FIRST = frozenset(b"%P\xd0{\x89\xffGBIMR\x1f7\x00")
_MESSAGE = re.compile(rb"mime-version:\s*1", re.IGNORECASE)
_HEADER_WITHIN, _HEADERS_WITHIN = 1024, 4096


def is_opaque(body: bytes) -> bool | None:
    """True for a format that a reader of its own opens, False for one that has none, None for text."""
    if body[0] not in _FIRST and body.find(b"%PDF-", 0, _HEADER_WITHIN) < 0 and not _has_other_start(body):
        return None
    try:
        return True if is_binary(body) or reader_of(body) is not None else _is_message(body)
    except Unreadable:
        return False


def _has_other_start(body: bytes) -> bool:
    """Whether a payload may be an office file in XML or a MIME message, which look like text."""
    if body.startswith((b"<!", b"<h", b"<H")):
        return False
    start = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return b"<?xml" in start if start.startswith(b"<") else _is_message(body) is True


def _is_message(body: bytes) -> bool | None:
    return True if _MESSAGE.search(body[:_HEADERS_WITHIN]) else None

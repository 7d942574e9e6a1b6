"""Web pages saved as one MIME message (.mht, and .doc files that are no more than that): the page inside.

Word and WPS save such files, and mail programs too; the page is encoded as mail is, and names its own character set.
"""

from __future__ import annotations

import email
import re
from email.message import Message

from pipelines.documents.formats import Unreadable
from pipelines.model import Capture

_HEADERS = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?MIME-Version:\s*1", re.IGNORECASE
)
_LONGEST_HEADERS = 4096
_MOST_PARTS = 2_000


def unwrapped(capture: Capture) -> Capture:
    """The page in a MIME message, as if it had been fetched itself; any other capture as it is."""
    if not _HEADERS.match(capture.body[:_LONGEST_HEADERS]):
        return capture
    if capture.body.count(b"\n--") > _MOST_PARTS:
        raise Unreadable(f"a MIME message of more than {_MOST_PARTS} parts")
    try:
        page = _page(email.message_from_bytes(capture.body.lstrip(b"\xef\xbb\xbf \t\r\n")))
    except (RecursionError, ValueError, LookupError) as fault:
        raise Unreadable("the file is damaged: its MIME parts cannot be told apart") from fault
    if page is None:
        raise Unreadable("a MIME message without a web page in it")
    body, charset, place = page
    return Capture(body, place or capture.url, f"text/html; charset={charset}" if charset else "text/html")


def _page(message: Message) -> tuple[bytes, str, str] | None:
    """The first page of a message: its bytes, character set and address."""
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and body.strip():
                place = str(part.get("Content-Location") or "")
                return body, part.get_content_charset() or "", place if place.startswith("http") else ""
    return None

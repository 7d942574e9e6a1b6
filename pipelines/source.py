"""A capture that is text: decoded, repaired, and parsed once for all who look at it as a page."""

from __future__ import annotations

from functools import cached_property

from pipelines.decode import decode
from pipelines.documents.html import Parsed, parse_html
from pipelines.model import Capture
from pipelines.normalize import repair


class Source:
    """The text of a capture, and its elements when somebody asks for them; nobody changes either."""

    def __init__(self, capture: Capture) -> None:
        self.text = repair(decode(capture.body, capture.content_type))

    @cached_property
    def parsed(self) -> Parsed:
        """Its elements as a page."""
        return parse_html(self.text.text)

"""Log lines in which nothing from the web is obeyed: no terminal escapes, no forged lines, no turned direction.

An extension, since Scrapy makes the handler of its log by itself and asks nobody about the form.
"""

from __future__ import annotations

import copy
import logging
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.utils.log import get_scrapy_root_handler

from crawler.escaping import one_line

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_INDENT = "    "


class PlainFormatter(logging.Formatter):
    """A message is one line whatever is in it; the lines of a traceback are indented below it."""

    def format(self, record: logging.LogRecord) -> str:
        plain = copy.copy(record)
        plain.msg, plain.args, plain.exc_text = one_line(record.getMessage()), None, None
        return super().format(plain)

    def formatException(self, ei: object) -> str:  # noqa: N802 (logging's name)
        return _indented(super().formatException(ei))  # type: ignore[arg-type]

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 (logging's name)
        return _indented(super().formatStack(stack_info))


class PlainLogs:
    """Extension: gives Scrapy's log that form."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PlainLogs:
        form = PlainFormatter(crawler.settings.get("LOG_FORMAT"), crawler.settings.get("LOG_DATEFORMAT"))
        logs = cls(form)
        crawler.signals.connect(logs.started, signals.engine_started)
        return logs

    def __init__(self, form: PlainFormatter) -> None:
        self._form = form

    def started(self) -> None:
        """Before the first request, and when Scrapy is done with its handler, which it makes more than once."""
        handler = get_scrapy_root_handler()
        if handler is not None:
            handler.setFormatter(self._form)


def _indented(text: str) -> str:
    return "\n".join(_INDENT + one_line(line) for line in text.splitlines())

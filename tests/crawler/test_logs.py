"""The form of log lines, whatever is in them."""

from __future__ import annotations

import logging

from crawler.logs import PlainFormatter

FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
WEB = "a\r\n2026-01-01 ERROR forged: \x1b[2J\x9b31m\u202eb\u2028c\td"


def formatted(message: str, *args: object, error: Exception | None = None) -> list[str]:
    info = (type(error), error, None) if error else None
    record = logging.LogRecord("web", logging.ERROR, __file__, 1, message, args, info)
    return PlainFormatter(FORM, "%H:%M").format(record).split("\n")


def test_a_message_is_one_line_whatever_is_in_it() -> None:
    for lines in (formatted(WEB), formatted("%s", WEB)):
        (line,) = lines
        assert line.isprintable()
        assert line.endswith("a\\u000d\\u000a2026-01-01 ERROR forged: \\u001b[2J\\u009b31m\\u202eb\\u2028c\\u0009d")


def test_lines_of_a_traceback_cannot_pass_for_others() -> None:
    first, *others = formatted("it failed", error=ValueError(WEB))
    assert first.endswith("ERROR web: it failed")
    assert others
    assert all(line.startswith("    ") and line.isprintable() for line in others)


def test_a_record_is_left_as_it_was_for_other_handlers() -> None:
    record = logging.LogRecord("web", logging.ERROR, __file__, 1, "%s", (WEB,), None)
    PlainFormatter(FORM).format(record)
    assert record.getMessage() == WEB

"""Changes that make a document enormous: 300,000 cells, 20,000 elements in one another, lines of megabytes."""

import random
import re
from collections.abc import Callable

Change = Callable[[str, random.Random], str]
_DEEP = 20_000
_MANY = 300_000
_TABLES = 2_000
_LONG = 4_000_000


def _at_a_tag(text: str, rng: random.Random, names: str) -> int:
    places = [match.start() for match in re.finditer(rf"<(?:{names})\b", text, re.IGNORECASE)]
    return rng.choice(places) if places else rng.randint(0, len(text))


def nested(text: str, rng: random.Random) -> str:
    """Elements in one another, closed or not, around a part of the page."""
    tag = rng.choice(["div", "b", "span", "p", "table", "ul", "font", "a", "blockquote"])
    at = _at_a_tag(text, rng, "td|p|table|span|div")
    end = f"</{tag}>" * _DEEP if rng.random() < 0.5 else ""
    return text[:at] + f"<{tag}>" * _DEEP + text[at : at + 500] + end + text[at + 500 :]


def nested_tables(text: str, rng: random.Random) -> str:
    """Tables in tables."""
    at = _at_a_tag(text, rng, "table|td")
    return text[:at] + "<table><tr><td>" * _TABLES + text[at:]


def many_cells(text: str, rng: random.Random) -> str:
    """Cells upon cells: in one row, in rows of three, empty or not, in the report's table or in one of their own."""
    cell = rng.choice(["<td></td>", "<td>1</td>", "<td>a", "<td rowspan=1000000>1</td>", "<td colspan=1000000>1</td>"])
    cells = rng.choice([cell * _MANY, f"<tr>{cell * 3}</tr>" * (_MANY // 3), f"<tr>{cell}</tr>" * (_MANY // 3)])
    if rng.random() < 0.5:
        cells = f"<table>{cells}</table>"
    at = _at_a_tag(text, rng, "tr|table")
    return text[:at] + cells + text[at:]


def many_lines(text: str, rng: random.Random) -> str:
    """Lines upon lines of cells."""
    line = rng.choice(["0 | 0 | 0 |\n", "|\n", "0\n", "a\t1\t\n", "其他\n0\n", "\n", "1 2 3\n", "一、总体情况\n"])
    at = rng.randint(0, len(text))
    return text[:at] + line * (_MANY // 3) + text[at:]


def long_line(text: str, rng: random.Random) -> str:
    """One line of megabytes."""
    piece = rng.choice(
        ["0", "政府信息公开", "|", "1 ", "（", " ", "&nbsp;", "行政许可0", "<", "2023年", "-", "、", "\t"]
    )
    at = rng.randint(0, len(text))
    return text[:at] + piece * (_LONG // len(piece)) + text[at:]


def long_attribute(text: str, rng: random.Random) -> str:
    """An attribute of megabytes, or a tag of very many."""
    at = _at_a_tag(text, rng, r"\w+")
    end = text.find(">", at)
    noise = rng.choice([f' style="{"x:y;" * (_LONG // 4)}"', ' a="1"' * 100_000, f' title="{"政" * 1_000_000}"'])
    return text[:end] + noise + text[end:] if end > 0 else text


CHANGES: tuple[Change, ...] = (nested, nested_tables, many_cells, many_cells, many_lines, long_line, long_attribute)

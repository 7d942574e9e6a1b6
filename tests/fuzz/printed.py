"""What a damaged document plainly prints, found without the reader: its numbers, and its whole rows.

A row is whole when exactly as many numbers or blanks as the form has columns follow its label, and no other words.
The reader may know more than that; it must not say anything else.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from html.parser import HTMLParser

from tests.fuzz.sheet import number_in

_TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?")
_BLOCKS = frozenset(
    "br p div li tr td th table h1 h2 h3 h4 h5 h6 dt dd ul ol center blockquote hr section caption".split()
)
_MARKS = ("", "/", "-", "—", "——", "无")
_HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden")
_UNSEEN = frozenset(("script", "style", "template", "noscript"))


class _Page(HTMLParser):
    """The rows of cells of a page, and all its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.text: list[str] = []
        self.unseen = 0
        self.hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in _UNSEEN
        hidden = any(name == "hidden" or _HIDDEN.search(value or "") for name, value in attrs)
        if tag in ("td", "th", "tr"):
            self.hidden = hidden
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows and not hidden:
            self.rows[-1].append("")
        mark = "\n" if tag in _BLOCKS else "(" if tag in ("sup", "sub") else ""
        self._add(mark)

    def handle_endtag(self, tag: str) -> None:
        self.unseen = 0 if tag in _UNSEEN else self.unseen
        if tag in ("table", "tr"):
            self.rows.append([])  # what follows is in no cell, closed or not; cells without a row are one of their own
        self._add("\n" if tag in _BLOCKS else "")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self._add(data)

    def _add(self, data: str) -> None:
        self.text.append(data)
        if self.rows and self.rows[-1] and not self.hidden:
            self.rows[-1][-1] += data


def shown(source: str, *, markup: bool) -> tuple[str, list[list[str]]]:
    """The visible text of a document, and the cells of its rows; of plain text, its lines, and all its words as one."""
    if not markup:
        lines = [re.split(r"\t" if "\t" in line else r"\|", line) for line in source.splitlines()]
        return source, [*lines, re.split(r"[\s|]+", source)]
    page = _Page()
    page.feed(source)
    page.close()
    return "".join(page.text), page.rows


def numbers_of(text: str) -> set[Decimal]:
    """Every number in a text, sign and separators aside, and the pieces that separators part it into."""
    found: set[Decimal] = set()
    for match in _TOKEN.finditer(unicodedata.normalize("NFKC", _without_marks(text))):
        found.update(Decimal(piece) for piece in (match[0].replace(",", ""), *match[0].split(",")) if piece)
    return found


def whole_rows(
    rows: Iterable[list[str]], columns: dict[str, list[str]], *, padded: bool, behind: int = 0
) -> dict[str, set[Decimal]]:
    """The figures of the rows that are whole; `columns` gives the ids of a row by the key of its label.

    Where rows are `padded` blanks at their ends may be no cells: then whatever stretch holds all numbers will do. A
    table with so many blank columns `behind` its own has whole rows with and without them.
    """
    found: dict[str, set[Decimal]] = defaultdict(set)
    for cells in rows:
        for key, values in (*_behind_words(cells, lambda key: True), *_behind_words(cells, columns.__contains__)):
            ids = columns.get(key) or (columns.get("") if len(values) >= 15 else None) or []
            numbers = sum(value is not None for value in values)
            more = len(values) - len(ids)
            whole = more == 0 or (0 < more <= behind and not any(value is not None for value in values[-more:]))
            for start in range(more + 1 if padded else int(whole)):
                stretch = values[start : start + len(ids)]
                if sum(value is not None for value in stretch) == numbers:
                    for id_, value in zip(ids, stretch, strict=True):
                        if id_ and value is not None:
                            found[id_].add(value)
    return dict(found)


def _behind_words(cells: list[str], is_word: Callable[[str], bool]) -> Iterator[tuple[str, list[Decimal | None]]]:
    """(key of some words, the numbers between them and the next words): all words part, or only those of the form."""
    key, values = "", []
    for cell in cells:
        words = _without_marks(cell).strip()
        number, letters = number_in(words), label_key(words)
        if number is not None or words in _MARKS or not letters or not is_word(letters):
            values.append(number)
            continue
        if values:
            yield key, values
        key, values = letters, []
    if values:
        yield key, values


def label_key(text: str) -> str:
    """The letters of a label, without its number and what stands behind it in brackets."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return re.sub(r"[\W\d_]", "", re.sub(r"^\(.\)|(?<=.)[(:].*", "", plain, flags=re.DOTALL))


def _without_marks(text: str) -> str:
    """The text without characters that nobody sees; those that end a line are ends of lines."""
    plain = "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Cc") or char.isspace())
    return re.sub(r"[\v\f\x1c-\x1f\x85]", "\n", plain)

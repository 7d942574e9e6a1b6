"""The terms by which sections are found: what is indexed of a text, and the question that finds it again.

Chinese does not part its words, and SQLite's own tokenizers find either whole sentences (unicode61) or nothing shorter
than three characters (trigram). So each run of Chinese characters is indexed as its overlapping pairs and its last
character alone: 行政复议 as 行政 政复 复议 议. A pair is one term, a longer word a phrase of pairs, a single character
the beginning of a term. Other words and numbers are terms as they stand, in lower case and of one width. The terms are
parted by blanks, so that any SQLite can search for them with no code of ours.

Whatever changes `indexed` must come with a migration that fills the index anew: terms are taken out by their names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain
from operator import add

from pipelines.spelling import spellings

_HAN = "々〇㐀-䶿一-鿿\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]")
_WORD = re.compile(r'"(?P<quoted>[^"]*)"?|“(?P<curly>[^”]*)”?|(?P<plain>[^\s"“]+)')

NOTHING = '""'
"""A MATCH expression that finds nothing, and is no error."""


def folded(text: str) -> str:
    """Text in one width and in lower case: ＰＤＦ and pdf are the same."""
    return unicodedata.normalize("NFKC", text).lower()


def indexed(text: str) -> str:
    """The terms of a text in its order, parted by blanks."""
    return " ".join(chain.from_iterable(map(_terms, _RUN.findall(folded(text)))))


def words(typed: str) -> str:
    """The MATCH expression for `sections_search` that finds what a person typed.

    Several words must all occur, in any order; words in quotation marks follow each other, with at most punctuation in
    between, as do the Chinese and the other parts of 12345热线. One Chinese character finds whatever holds it.
    Traditional characters find simplified ones. Never raises, and never gives an expression that SQLite refuses:
    without a word in it, one that finds nothing.
    """
    asked = (match["quoted"] or match["curly"] or match["plain"] or "" for match in _WORD.finditer(typed))
    return " AND ".join(dict.fromkeys(filter(None, map(_any_spelling, asked)))) or NOTHING


def places(text: str, typed: str) -> list[tuple[int, int]]:
    """Where in a text stands what was typed: (start, end) of each place, in order, none overlapping another."""
    runs = list(_placed_runs(text))
    found = {
        place
        for match in _WORD.finditer(typed)
        for spelling in spellings(match[0])
        for place in _phrase_places(runs, _RUN.findall(folded(spelling)))
    }
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda place: (place[0], -place[1])):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def _terms(run: str) -> list[str]:
    if not _IS_HAN.match(run):
        return [run]
    return [*map(add, run, run[1:]), run[-1]]


def _any_spelling(asked: str) -> str | None:
    phrases = list(dict.fromkeys(filter(None, (_phrase(folded(spelling)) for spelling in spellings(asked)))))
    return phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})" if phrases else None


def _phrase(text: str) -> str | None:
    """`"行政 政复 复议"`, or `"复" *` for what may go on; None for a text without a word."""
    runs = _RUN.findall(text)
    terms = [term for run in runs for term in _terms(run)]
    if not terms:
        return None
    open_end = bool(_IS_HAN.match(runs[-1]))
    if open_end and len(runs[-1]) > 1:
        return f'"{" ".join(terms[:-1])}"'  # without the last character alone, which ends a run only in the text
    return f'"{" ".join(terms)}"' + ("*" if open_end else "")


def _placed_runs(text: str) -> Iterator[tuple[str, list[int]]]:
    """(run, place in the text of each of its characters) of what `indexed` goes by."""
    characters = [(char, place) for place, whole in enumerate(text) for char in folded(whole)]
    line = "".join(char for char, _ in characters)
    for match in _RUN.finditer(line):
        yield match[0], [place for _, place in characters[match.start() : match.end()]]


def _phrase_places(runs: list[tuple[str, list[int]]], phrase: list[str]) -> Iterator[tuple[int, int]]:
    """Where these runs follow each other: the first from somewhere within a run, the last to somewhere within one."""
    for number in range(len(runs) - len(phrase) + 1 if phrase else 0):
        stretch = runs[number : number + len(phrase)]
        if any(run != wanted for (run, _), wanted in zip(stretch[1:-1], phrase[1:-1], strict=True)):
            continue
        if len(phrase) == 1:
            run, where = stretch[0]
            for start in _within(run, phrase[0]):
                yield where[start], where[start + len(phrase[0]) - 1] + 1
            continue
        (first, begins), (last, ends) = stretch[0], stretch[-1]
        if _ends(first, phrase[0]) and _begins(last, phrase[-1]):
            yield begins[len(first) - len(phrase[0])], ends[len(phrase[-1]) - 1] + 1


def _within(run: str, wanted: str) -> Iterator[int]:
    if not _IS_HAN.match(run):
        yield from [0] if run == wanted else []
        return
    start = run.find(wanted)
    while start >= 0:
        yield start
        start = run.find(wanted, start + 1)


def _ends(run: str, wanted: str) -> bool:
    return run.endswith(wanted) if _IS_HAN.match(run) else run == wanted


def _begins(run: str, wanted: str) -> bool:
    return run.startswith(wanted) if _IS_HAN.match(run) else run == wanted

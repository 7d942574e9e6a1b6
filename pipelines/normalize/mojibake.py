"""Text that was decoded wrongly before it reached us (鏀垮簻 or æ”¿åºœ for 政府), put back where that reverses.

The proof is twofold: the bytes that the wrong decoder must have had are text in the right encoding, and what comes out
is Chinese while what stood there was not. Bytes that the wrong decoder dropped are lost: they stay U+FFFD and are
counted. ASCII passes through all of these mistakes unharmed, so no digit can change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.normalize.hanzi import common_characters, frequent_characters, is_han, marks, plausibility
from pipelines.normalize.single_bytes import (
    SHOW_BYTES,
    SINGLE_BYTE_RUN,
    as_single_bytes,
    has_accented_entities,
    without_entities,
)
from pipelines.normalize.utf8_pairs import (
    PAIR_LEADS,
    from_pairs,
    from_utf8,
    has_pairs,
    lone_bytes_shown,
    paired_run,
)
from pipelines.normalize.whole import Mending, Whole

_LOST = "\ufffd"
_DEEPEST = 3
# Characters of a text: putting back takes some 20 microseconds for each, and no report has a third of this.
_LONGEST = 100_000
# Characters put back that establish a mistake for the whole text, and that a piece needs to prove it by itself: inside
# other Chinese text, alone in a field, and where only the look of the result speaks for it (Big5 and GBK). What is
# established needs one or two.
_ESTABLISHING, _INSIDE, _ALONE, _BY_LOOKS = 4, 4, 2, 6
# Characters out of place that a run holds when Big5 was read as GBK or GBK as Big5, and that a text holds at least.
_SOME_ODD, _FEWEST_ODD = 3, 5
_NEARLY_ALL = 0.7
_HAN_RUN = re.compile(r"[^\x00-\x7f]+")
_REPLACED = re.compile("(?:锟斤拷)+(?:锟斤?)?|(?:ï¿½)+")
_ONLY_BY_LOOKS = frozenset({"big5hkscs_read_as_gb18030", "gb18030_read_as_big5hkscs"})


@dataclass(frozen=True, slots=True)
class _Reversal:
    """One way to read a run, and the mistake that it undoes."""

    name: str
    text: str

    @property
    def is_whole_utf8(self) -> bool:
        """UTF-8 that comes out whole proves itself, whatever it replaces."""
        return self.name.startswith("utf-8") and _LOST not in self.text

    @property
    def looks(self) -> float:
        """How plausible the text is, its lost characters left aside."""
        return plausibility(self.text.replace(_LOST, ""))


@dataclass(frozen=True, slots=True)
class _Case:
    """What is known of a text: the kinds of runs to look at, and the mistakes that are established in it."""

    runs: tuple[re.Pattern[str], ...]
    established: frozenset[str] = frozenset()
    everywhere: bool = False
    """Whether one mistake accounts for the whole text, so that no part of it is undamaged."""
    gb18030: bool = False
    """Whether what was read in pairs was read by a decoder of all GB 18030, as its private-use characters show."""


def mojibake_in(whole: Whole) -> Mending | None:
    """Undo what was decoded wrongly, in the whole text or in single lines and fields of it."""
    case = _Case(_suspicious(whole), gb18030=any("\ue000" <= char < "\ue800" for char in whole.odd))
    if not case.runs or len(whole.words) > _LONGEST:
        return None
    proven: Counter[str] = Counter()
    for line in whole.words.split("\n"):
        _mend(line, case, proven)
    if not proven:
        return None
    known = replace(
        case,
        established=frozenset(name for name, count in proven.items() if count >= _ESTABLISHING),
        everywhere=max(proven.values()) > _NEARLY_ALL * sum(map(is_han, whole.words)),
    )

    def change(piece: str) -> str:
        return "\n".join(_mend(line, known, Counter()) for line in piece.split("\n"))

    return Mending(tuple(sorted(proven)), change)


def replacements_in(whole: Whole) -> Mending | None:
    """U+FFFD that went through a wrong decoder: 锟斤拷 is two of them in GBK, ï¿½ one in Latin-1. All are lost."""
    if whole.used.isdisjoint("锟¿") or not _REPLACED.search(whole.words):
        return None
    return Mending(("replacement_characters",), lambda piece: _REPLACED.sub(_as_many, piece))


def _as_many(run: re.Match[str]) -> str:
    return _LOST * (len(run[0]) // 3 if run[0][0] == "ï" else -(-2 * len(run[0]) // 3))


def _suspicious(whole: Whole) -> tuple[re.Pattern[str], ...]:
    """The kinds of runs that this text can hold damaged: none in clean text, by tests that cost next to nothing."""
    runs: list[re.Pattern[str]] = []
    if len(whole.used & SHOW_BYTES) >= 2 or has_accented_entities(whole.text):
        runs.append(SINGLE_BYTE_RUN)
    if has_pairs(whole.text, whole.used):
        runs.append(paired_run())
    if len(_odd(whole.odd)) >= _FEWEST_ODD:
        runs.append(_HAN_RUN)
    return tuple(runs)


def _odd(used: frozenset[str]) -> list[str]:
    """Characters that Chinese text of today hardly holds, but that fill it when read in the wrong encoding."""
    return [char for char in used - common_characters() - marks() if char >= "\u2e80" and char != _LOST]


def _mend(line: str, case: _Case, proven: Counter[str], depth: int = 1) -> str:
    """A line with every run put back that proves itself, or that is damaged in an established way."""
    if line.isascii() and "&" not in line:
        return line

    def put_back(run: re.Match[str]) -> str:
        around = run.string[max(run.start() - 1, 0) : run.start()] + run.string[run.end() : run.end() + 1]
        reversal = _reversal(run, not any(map(is_han, around)), case, depth)
        if reversal is None:
            return run[0]
        proven[reversal.name] += sum(map(is_han, reversal.text)) or 1
        return reversal.text

    text = line
    for kind in case.runs:
        spelt = _with_bytes_shown(text, kind, case)
        mended = kind.sub(put_back, spelt)
        text = text if mended == spelt else mended
    return text


def _with_bytes_shown(text: str, kind: re.Pattern[str], case: _Case) -> str:
    """The text with every byte standing as a character, where it was written or lost in another way."""
    if kind is SINGLE_BYTE_RUN:
        return without_entities(text)
    return lone_bytes_shown(text) if kind is paired_run() and case.gb18030 else text


def _reversal(run: re.Match[str], alone: bool, case: _Case, depth: int) -> _Reversal | None:
    """The best way to read a run that is acceptable; mistakes made on top of each other are undone up to three deep."""
    steps = []
    for step in _steps(run[0], run.re, case):
        steps.append(step)
        if step.is_whole_utf8 and _acceptable(step, alone, case):
            return step
    found = [step for step in steps if _acceptable(step, alone, case)]
    if not found and depth < _DEEPEST:
        # Only what is no text yet can have been damaged before.
        deeper = (_deeper(step, case, depth) for step in steps if step.name.startswith("utf-8"))
        found = [step for step in deeper if _acceptable(step, alone, case)]
    if not found:
        return next((step for step in steps if _is_remains(step, run[0], case)), None)
    looks = plausibility(run[0]) + 0.2
    better = [step for step in found if step.is_whole_utf8 or case.everywhere or step.looks > looks]
    return min(better, key=lambda step: (step.text.count(_LOST), -step.looks), default=None)


def _is_remains(step: _Reversal, run: str, case: _Case) -> bool:
    """Whether a run is what is left of one character (骞? of 年), in a text where that damage is established."""
    return step.name in case.established and step.text == _LOST and run[0] in PAIR_LEADS


def _deeper(step: _Reversal, case: _Case, depth: int) -> _Reversal:
    # What is U+FFFD by now stands for whole characters, never for a byte of a decoder.
    inner = _Case((SINGLE_BYTE_RUN, paired_run()), case.established)
    return replace(step, text=_mend(step.text, inner, Counter(), depth + 1))


def _steps(run: str, kind: re.Pattern[str], case: _Case) -> Iterator[_Reversal]:
    """The readings of a run one mistake back."""
    if kind is SINGLE_BYTE_RUN:
        raw = as_single_bytes(run)
        yield _Reversal("utf-8_read_as_latin-1", from_utf8(raw))
        yield from _decoded(raw, "gb18030", "latin-1")
        yield from _decoded(raw, "big5hkscs", "latin-1")
    elif kind is paired_run():
        for text in from_pairs(run):
            yield _Reversal("utf-8_read_as_gb18030", text)
    elif case.everywhere or len(_odd(frozenset(run))) >= (1 if case.established else _SOME_ODD):
        yield from _decoded(_encoded(run, "gb18030"), "big5hkscs", "gb18030")
        yield from _decoded(_encoded(run, "big5hkscs"), "gb18030", "big5hkscs")


def _encoded(run: str, encoding: str) -> bytes:
    """The bytes of a run, none if the encoding lacks a character of it."""
    try:
        return run.encode(encoding)
    except UnicodeEncodeError:
        return b""


def _decoded(raw: bytes, right: str, wrong: str) -> Iterator[_Reversal]:
    try:
        text = raw.decode(right)
    except UnicodeDecodeError:
        return
    yield _Reversal(f"{right}_read_as_{wrong}", text)


def _acceptable(item: _Reversal, alone: bool, case: _Case) -> bool:
    """Whether what was put back is Chinese, beyond the chance that a few characters come out so."""
    known = [char for char in item.text if char > "\x7f" and char != _LOST]
    han = [char for char in known if is_han(char)]
    lost = item.text.count(_LOST)
    written = len(han) + sum(char in marks() for char in known)
    if not known or written < 0.9 * len(known) or any(char < " " for char in item.text):
        return False
    common = sum(char in common_characters() for char in han) / len(han) if han else 1.0
    if item.name in case.established:
        doubtful = item.name in _ONLY_BY_LOOKS or lost
        return not doubtful or (common >= 0.5 and lost <= 2 * len(known) and (len(han) != 1 or alone))
    if not han:
        # Punctuation alone: UTF-8 shown byte by byte (â€œ for “) says it beyond doubt, two pairs of bytes do not.
        return not lost and item.name == "utf-8_read_as_latin-1"
    least = _BY_LOOKS if item.name in _ONLY_BY_LOOKS else _ALONE if alone else _INSIDE
    frequent = sum(char in frequent_characters() for char in han) / len(han)
    return (
        len(set(han)) >= least
        and frequent >= (1.0 if len(han) < 4 else 0.5)
        and 2 * lost <= len(known)
        and common > 0.7
    )

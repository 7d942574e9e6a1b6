"""How printed labels are compared with the form's: by key, without the spaces and marks that pages vary.

Tolerant where it is safe (a remark appended, another section number, a misprinted character) and only there: a label
that could be two rows is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.forms.definitions import Label

_DROPPED = re.compile(r"""[\s　​（）()\[\]【】〔〕{}“”"'〝〞’‘「」『』、，,。.．：:；;·•\-—－_\ue000-\uf8ff]+""")
_NUMBERING = re.compile(r"^\s*(?:[（(]?\s*(?:[一二三四五六七八九十]{1,2}|\d{1,2})\s*[)）、.．,，]\s*)")
_REMARK = re.compile(r"(?<=\S)\s*(?:[（(][^（）()]*[)）]?|[:：].*)\s*$", re.DOTALL)
_LOST, _FEWEST_KEPT = "\ufffd", 2
_SHORT = 3  # characters: a number with its brackets
_SHORTEST_FUZZY, _ALIKE, _MARGIN, _LONGER = 5, 0.8, 0.08, 3


@lru_cache(maxsize=8192)
def label_key(text: str) -> str:
    """The comparison key of a label: full-width forms folded, spaces and punctuation removed."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text))


def without_number(text: str) -> str:
    """The label without its leading 一、 or （一） or 1."""
    return _NUMBERING.sub("", text, count=1)


def restored(key: str, known: Iterable[str]) -> str:
    """A key with lost characters as the one of the known keys that it can be; itself if it can be none or several.

    A lost character (U+FFFD) stands for one or two: what was lost with it cannot be told.
    """
    if _LOST not in key:
        return key
    parts = [part for part in key.split(_LOST) if part]
    if sum(map(len, parts)) < _FEWEST_KEPT:
        return key
    pattern = re.compile(re.sub(f"{_LOST}+", lambda run: f".{{1,{2 * len(run[0])}}}", re.escape(key)))
    fitting = {other for other in known if pattern.fullmatch(other)}
    return fitting.pop() if len(fitting) == 1 else key


@dataclass(frozen=True, slots=True)
class Match:
    """A form label recognised in printed text; `exact` is False for a misprint that only resembles it."""

    label: Label
    exact: bool


class LabelIndex:
    """Finds which of a set of form labels a printed text is."""

    def __init__(self, labels: Iterable[Label]) -> None:
        self._by_key: dict[str, Label] = {}
        cores: dict[str, set[str]] = defaultdict(set)
        self._labels: dict[str, Label] = {}
        self._core_of: dict[str, str] = {}
        for label in labels:
            self._labels.setdefault(label.id, label)
            self._core_of[label.id] = label_key(without_number(label.text))
            for key in label.keys:
                self._by_key.setdefault(key, label)
            for wording in (label.text, _REMARK.sub("", label.text)):
                cores[label_key(without_number(wording))].add(label.id)
        self._by_core = {core: self._labels[ids.copy().pop()] for core, ids in cores.items() if len(ids) == 1}
        self.exactly = lru_cache(maxsize=8192)(self._exactly)
        self.resembling = lru_cache(maxsize=8192)(self._resembling)
        self.find = lru_cache(maxsize=8192)(self._find)
        self.may_begin = lru_cache(maxsize=8192)(self._may_begin)

    def _find(self, text: str) -> Match | None:
        """The label that the text is, or plainly resembles; None when it is none, or two are equally likely."""
        return self.exactly(text) or self.resembling(label_key(without_number(text)))

    def _exactly(self, text: str) -> Match | None:
        """The label that the text is: in the form's wording or a known one, under any number, with a remark or none."""
        if _LOST in text:
            return self._damaged(text)
        for wording in (text, _REMARK.sub("", text)):
            exact = self._by_key.get(label_key(wording))
            if exact:
                return Match(exact, True)
            core = label_key(without_number(wording))
            # 其他 and 总计 are heads of columns too: without a number in front they name no row.
            numbered = bool(_NUMBERING.match(wording))
            if core in self._by_core and (numbered or len(core) > 2):
                return Match(self._by_core[core], True)
        return None

    def _may_begin(self, text: str) -> bool:
        """Whether a label can begin with this text; of a short one the rest may be the number."""
        begins = (label_key(text), label_key(without_number(text)))
        if _LOST in text or len(begins[0]) <= _SHORT:
            return True
        return any(key.startswith(begins) for key in (*self._by_key, *self._by_core))

    def _damaged(self, text: str) -> Match | None:
        """The one label that a text with lost characters can be."""
        for known, key in ((self._by_key, label_key(text)), (self._by_core, label_key(without_number(text)))):
            found = known.get(restored(key, known))
            if found:
                return Match(found, False)
        return None

    def _resembling(self, core: str) -> Match | None:
        if len(core) < _SHORTEST_FUZZY:
            return None
        matcher = SequenceMatcher(None, b=core, autojunk=False)
        scored = []
        for id_, other in self._core_of.items():
            matcher.set_seq1(other)
            if abs(len(core) - len(other)) <= _LONGER and matcher.quick_ratio() >= _ALIKE - _MARGIN:
                scored.append((matcher.ratio(), id_))
        scored.sort(reverse=True)
        if not scored or scored[0][0] < _ALIKE or (len(scored) > 1 and scored[0][0] - scored[1][0] < _MARGIN):
            return None
        return Match(self._labels[scored[0][1]], False)

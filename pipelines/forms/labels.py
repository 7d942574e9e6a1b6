"""How printed labels are compared with the form's: by key, without the spaces, brackets and punctuation that pages vary.

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

_DROPPED = re.compile(r"""[\s　​（）()\[\]【】〔〕{}“”"'〝〞’‘「」『』、，,。.．：:；;·•\-—－_]+""")
_NUMBERING = re.compile(r"^\s*(?:[（(]?\s*(?:[一二三四五六七八九十]{1,2}|\d{1,2})\s*[)）、.．,，]\s*)")
_REMARK = re.compile(r"(?<=\S)\s*(?:[（(][^（）()]*[)）]?|[:：].*)\s*$", re.DOTALL)
_SHORTEST_FUZZY, _ALIKE, _MARGIN = 5, 0.8, 0.08


@lru_cache(maxsize=8192)
def label_key(text: str) -> str:
    """The comparison key of a label: full-width forms folded, spaces and punctuation removed."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text))


def without_number(text: str) -> str:
    """The label without its leading 一、 or （一） or 1."""
    return _NUMBERING.sub("", text, count=1)


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
        self._found: dict[str, Match | None] = {}

    def find(self, text: str) -> Match | None:
        """The label that the text is; None when it is none of them, or when two are equally likely."""
        if text not in self._found:
            self._found[text] = self._find(text)
        return self._found[text]

    def _find(self, text: str) -> Match | None:
        for wording in (text, _REMARK.sub("", text)):
            exact = self._by_key.get(label_key(wording))
            if exact:
                return Match(exact, True)
            core = label_key(without_number(wording))
            # 其他 and 总计 are heads of columns too: without a number in front they name no row.
            numbered = bool(_NUMBERING.match(wording))
            if core in self._by_core and (numbered or len(core) > 2):
                return Match(self._by_core[core], True)
        return self._resembling(label_key(without_number(text)))

    def _resembling(self, core: str) -> Match | None:
        if len(core) < _SHORTEST_FUZZY:
            return None
        scored = sorted(
            ((SequenceMatcher(None, core, other, autojunk=False).ratio(), id_) for id_, other in self._core_of.items()),
            reverse=True,
        )
        best, id_ = scored[0]
        second = scored[1][0] if len(scored) > 1 else 0.0
        if best >= _ALIKE and best - second >= _MARGIN and abs(len(core) - len(self._core_of[id_])) <= 3:
            return Match(self._labels[id_], False)
        return None

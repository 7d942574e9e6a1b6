"""How the labels of a list of indicators are compared: by what they count, without number, 其中, remark or final 数.

Lists are retyped more freely than the later forms: （一）、1. and 其中 come and go, remarks are left out, 数 is dropped
or added. Two rows of a list may have the same words (被依法纠错数); then the text names both, and the rows
around it must decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import cache, lru_cache

from pipelines.forms.definitions import Block, Label, load_forms
from pipelines.forms.labels import label_key

_REMARK = re.compile(r"[（(\[【][^（）()\[\]【】]*[)）\]】]?")
_LEADING = re.compile(r"^(?:其中|[一二三四五六七八九十]{1,3}|\d{1,2})+")
_FINAL = re.compile(r"的?(?:情况|总?(?:次数|数量|(?<![文事])件数|条数|篇数|人次数|数额|数|金额)|总次?)$")
_QUOTES = re.compile(r"[《》<>〈〉*＊#]+")
_UNIT_BEHIND = re.compile(
    r"[（(\[【]\s*(?:(?:计量)?单位\s*[:：]?)?\s*([^（）()\[\]【】:：]{1,4})\s*[)）\]】]\s*[:：]?\s*$"
)
_UNIT_WORDS = "条|件|次|篇|个|人|份|期|项|户|家|册|场|起|宗|页|台|部|处|本|例|批|封|名|张|元|天|小时|%|％"
_UNIT = re.compile(rf"[百千万亿]{{0,2}}(?:{_UNIT_WORDS})(?:次|[/、](?:{_UNIT_WORDS}))?")
_ALIKE, _MARGIN, _SHORTEST, _LONGEST, _LONGER = 0.8, 0.08, 5, 120, 3


def is_unit(text: str) -> bool:
    """Whether the text is a unit of measure: 条, 人次, 万元, （件）."""
    return bool(_UNIT.fullmatch(re.sub(r"[\s（）()]+", "", text)))


def unit_behind(label: str) -> str:
    """The unit in brackets at the end of a label, 收到留言数（单位：条）; '' when there is none."""
    match = _UNIT_BEHIND.search(label)
    return match[1].strip() if match and is_unit(match[1]) else ""


@lru_cache(maxsize=8192)
def core(text: str) -> str:
    """What a label counts, in the words by which it is compared; '' for text without such words."""
    folded = re.sub(r"[\s\u2060]+", "", unicodedata.normalize("NFKC", text))
    bare = _REMARK.sub("", folded)
    for wording in (bare, folded):  # a label may stand in brackets as a whole
        key = _LEADING.sub("", label_key(_QUOTES.sub("", wording)))
        if key:
            return _FINAL.sub("", key.replace("其它", "其他")) or key
    return ""


# Words in most rows of the lists and in no other table; pages set them with spaces between.
_COUNTED = re.compile(
    r"(?:信\s*息|办\s*结|答\s*复|事\s*件|次|人\s*员|点|机\s*构|申\s*请)\s*数(?!\s*量)|经\s*费|收\s*取"
)


class ListLabels:
    """Finds which rows of a list a printed text may be."""

    def __init__(self, labels: Iterable[Label]) -> None:
        self.rows: dict[str, Label] = {label.id: label for label in labels}
        self._by_core: dict[str, tuple[Label, ...]] = {}
        for label in self.rows.values():
            for key in dict.fromkeys(core(wording) for wording in label.wordings):
                self._by_core[key] = (*self._by_core.get(key, ()), label)

    def named(self, text: str) -> tuple[Label, ...]:
        """The rows that the text names: none, one, or several with the same words."""
        return self._by_core.get(core(text), ()) if len(text) <= _LONGEST else ()

    def are_met_in(self, text: str, fewest: int) -> bool:
        """Whether the words of so many rows stand in a text at all, spaces and punctuation set aside."""
        if not _COUNTED.search(text):
            return False
        plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))
        return sum(key in plain for key in self._by_core) >= fewest

    def resembling(self, text: str, among: Iterable[str]) -> Label | None:
        """The one row of `among` (ids) that a misprinted text plainly means; None when it is none, or two as well."""
        key = core(text) if len(text) <= _LONGEST else ""
        if len(key) < _SHORTEST:
            return None
        among = set(among)
        scores: dict[str, float] = {}
        for wording, rows in self._by_core.items():
            matcher = SequenceMatcher(None, key, wording, autojunk=False)
            if abs(len(key) - len(wording)) > _LONGER or matcher.quick_ratio() < _ALIKE - _MARGIN:
                continue
            for row in rows:
                scores[row.id] = max(matcher.ratio(), scores.get(row.id, 0.0))
        best = sorted(scores, key=lambda id_: scores[id_], reverse=True)
        rival = next((scores[id_] for id_ in best[1:]), 0.0)
        if not best or scores[best[0]] < _ALIKE or scores[best[0]] - rival < _MARGIN or best[0] not in among:
            return None
        return self.rows[best[0]]

    def root(self, label: Label) -> str:
        """The id of the numbered section (一, 二, …) that a row belongs to."""
        while label.parent is not None:
            label = self.rows[label.parent]
        return label.id


@cache
def list_blocks() -> tuple[tuple[str, Block], ...]:
    """(form, block) of every list in the forms."""
    return tuple((form.id, block) for form in load_forms().values() for block in form.blocks if block.is_list)


def is_form_label(text: str) -> bool:
    """Whether a text is a label of a list of the forms."""
    return any(labels_of(block).named(text) for _, block in list_blocks())


def labels_of(block: Block) -> ListLabels:
    """The labels of a list, made once."""
    return _labels_by_id()[block.id]


@cache
def _labels_by_id() -> dict[str, ListLabels]:
    return {block.id: ListLabels(block.rows) for _, block in list_blocks()}

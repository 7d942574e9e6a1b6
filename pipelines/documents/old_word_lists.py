"""The lists of a binary Word file: which levels they have, and which list a paragraph stands in by itself or its style.

Source: [MS-DOC] PlfLst, LVL and PlfLfo. A file whose list tables are damaged is read without its numbers; text
and tables do not depend on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipelines.documents.formats import Unreadable
from pipelines.documents.numbering import Level, Numbering
from pipelines.documents.old_word_file import Sprm, WordFile, i16, i32, u16, u32
from pipelines.documents.old_word_styles import StyleSheet

_LISTS, _USES = 73, 74  # places in FibRgFcLcb
_IN_LIST, _LEVEL = 0x460B, 0x260A  # sprmPIlfo, sprmPIlvl
_MOST = 4096
# MSONFC -> the name that docx has for it.
_FORMATS = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter",
    10: "ideographDigital", 11: "japaneseCounting", 14: "decimalFullWidth", 16: "japaneseLegal",
    17: "japaneseDigitalTenThousand", 18: "decimalEnclosedCircle", 19: "decimalFullWidth2", 22: "decimalZero",
    23: "bullet",
    26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen", 28: "decimalEnclosedCircleChinese",
    29: "ideographEnclosedCircle", 30: "ideographTraditional", 31: "ideographZodiac", 33: "taiwaneseCounting",
    34: "ideographLegalTraditional", 35: "taiwaneseCountingThousand", 36: "taiwaneseDigital", 37: "chineseCounting",
    38: "chineseLegalSimplified", 39: "chineseCountingThousand", 255: "none",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Use:
    """An LFO: the list that it uses, and the levels that begin anew where it is first used."""

    definition: object
    restart: dict[int, int]


@dataclass(slots=True)
class OldLists:
    """Numbers the paragraphs of one file in order."""

    file: WordFile
    styles: StyleSheet
    _uses: list[_Use] = field(default_factory=list)
    _numbers: Numbering = field(default_factory=lambda: Numbering({}))
    _used: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        try:
            lists = self._definitions()
            self._read_uses(lists)
            self._numbers = Numbering(lists)
        except (Unreadable, IndexError):
            self._uses = []

    def label(self, style: int, sprms: list[Sprm]) -> str:
        """The printed number of the next paragraph, by its style and its modifiers; '' for one that has none."""
        number, level = _list_of(sprms)
        for _, inherited in self.styles.chain(style):
            other, other_level = _list_of(inherited.paragraph)
            number = other if number is None else number
            level = other_level if level is None else level
        if not number or not 0 < number <= len(self._uses):
            return ""
        use = self._uses[number - 1]
        restart = {} if number in self._used else use.restart
        self._used.add(number)
        return self._numbers.label(use.definition, level or 0, restart)

    def _definitions(self) -> dict[object, list[Level]]:
        """Level definitions by list id. They lie right behind the table of lists, beyond its told size."""
        block = self.file.block(_LISTS)
        if not block:
            return {}
        start, size = self.file.place(_LISTS)
        lists: dict[object, list[Level]] = {}
        place = start + size
        for number in range(min(u16(block, 0), _MOST)):
            entry = 2 + 28 * number
            levels = []
            for _ in range(1 if block[entry + 26] & 1 else 9):
                level, place = self._level(place)
                levels.append(level)
            lists[i32(block, entry)] = levels
        return lists

    def _level(self, place: int) -> tuple[Level, int]:
        """A level of a list (LVL), and where the next structure begins."""
        table = self.file.table
        text_at = place + 28 + table[place + 24] + table[place + 25]
        count = u16(table, text_at)
        raw = table[text_at + 2 : text_at + 2 + 2 * count].decode("utf-16-le", "replace")
        # A level's number stands in the text as a character of its code, 0 to 8.
        text = "".join(f"%{ord(char) + 1}" if char < "\x09" else char for char in raw)
        look = _FORMATS.get(table[place + 4], "decimal")
        return Level(look, text, i32(table, place), bool(table[place + 5] & 4)), text_at + 2 + 2 * count

    def _read_uses(self, lists: dict[object, list[Level]]) -> None:
        block = self.file.block(_USES)
        if not block:
            return
        count = min(u32(block, 0), _MOST)
        place = self.file.place(_USES)[0] + 4 + 16 * count
        for number in range(count):
            entry = 4 + 16 * number
            definition: object = i32(block, entry)
            restart: dict[int, int] = {}
            place += 4
            for _ in range(block[entry + 12]):
                flags = u32(self.file.table, place + 4)
                depth, start = flags & 15, i32(self.file.table, place)
                place += 8
                if flags & 0x20:
                    level, place = self._level(place)
                    levels = lists.get(definition, [])
                    definition = (number, definition)
                    lists[definition] = [*levels[:depth], level, *levels[depth + 1 :]]
                if flags & 0x10:
                    restart[depth] = start
            self._uses.append(_Use(definition, restart))


def _list_of(sprms: Iterable[Sprm]) -> tuple[int | None, int | None]:
    number = level = None
    for code, operand in sprms:
        if code == _IN_LIST:
            number = max(i16(operand, 0), 0)
        elif code == _LEVEL:
            level = operand[0]
    return number, level

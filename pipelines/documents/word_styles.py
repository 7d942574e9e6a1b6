"""What paragraphs of a Word file have from lists and styles: the number that is printed, and whether they show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipelines.documents.numbering import Level, Numbering
from pipelines.documents.office_xml import child, children, integer, is_on, value

_STYLES_DEEP = 20  # styles may be based on each other in a ring


@dataclass(frozen=True, slots=True)
class _Use:
    """A `w:num`: the definition that it uses, and the levels that begin anew where it is first used."""

    definition: str
    restart: dict[int, int]


@dataclass(slots=True)
class Styles:
    """Numbers paragraphs in document order, from the roots of numbering.xml and styles.xml (None: no such part)."""

    numbering: Any | None
    styles: Any | None
    _uses: dict[str, _Use] = field(default_factory=dict)
    _of_style: dict[str, tuple[str | None, int | None, str]] = field(default_factory=dict)
    _level_of_style: dict[tuple[str, str], int] = field(default_factory=dict)
    _numbers: Numbering = field(default_factory=lambda: Numbering({}))
    _used: set[str] = field(default_factory=set)
    _hidden: dict[str, tuple[bool, str]] = field(default_factory=dict)
    _apart: dict[str, tuple[bool, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.numbering is not None:
            self._numbers = Numbering(self._definitions(self.numbering))
        if self.styles is not None:
            for style in children(self.styles, "style"):
                number, level = _number_of(child(style, "pPr"))
                name, base = value(style, "styleId"), value(child(style, "basedOn"))
                self._of_style[name] = number, level, base
                self._hidden[name] = is_on(child(style, "rPr"), "vanish"), base
                self._apart[name] = is_remark(child(style, "rPr")), base

    def label(self, properties: Any | None) -> str:
        """The printed number of the next paragraph, by its `w:pPr`; '' for one that has none."""
        number, level = _number_of(properties)
        style = value(child(properties, "pStyle"))
        if number is None:
            number, inherited, style = self._inherited(style)
            level = inherited if level is None else level
        use = self._uses.get(number or "0")
        if use is None or number is None:
            return ""
        if level is None:
            level = self._level_of_style.get((use.definition, style), 0)
        restart = {} if number in self._used else use.restart
        self._used.add(number)
        return self._numbers.label(use.definition, level, restart)

    def hides(self, style: str) -> bool:
        """Whether a style, or one that it is based on, hides its text (窗体顶端 of pages pasted into Word)."""
        return _says(style, self._hidden)

    def sets_apart(self, style: str) -> bool:
        """Whether a style, or one that it is based on, makes its text a remark (脚注引用, the sign of a footnote)."""
        return _says(style, self._apart)

    def _inherited(self, style: str) -> tuple[str | None, int | None, str]:
        """List and level of a style, or of one that it is based on, and the style that says so."""
        for _ in range(_STYLES_DEEP):
            number, level, base = self._of_style.get(style, (None, None, ""))
            if number is not None or not base:
                return number, level, style
            style = base
        return None, None, ""

    def _definitions(self, root: Any) -> dict[object, list[Level]]:
        lists: dict[object, list[Level]] = {}
        linked = {}
        for definition in children(root, "abstractNum"):
            name = value(definition, "abstractNumId")
            lists[name] = [_level(level) for level in children(definition, "lvl")]
            linked[value(child(definition, "styleLink"))] = name
            for depth, level in enumerate(children(definition, "lvl")):
                self._level_of_style[name, value(child(level, "pStyle"))] = depth
        for definition in children(root, "abstractNum"):
            other = linked.get(value(child(definition, "numStyleLink")) or "-")
            if other:
                lists[value(definition, "abstractNumId")] = lists[other]
        for number in children(root, "num"):
            self._use(number, lists)
        return lists

    def _use(self, number: Any, lists: dict[object, list[Level]]) -> None:
        name = value(child(number, "abstractNumId"))
        restart = {}
        for override in children(number, "lvlOverride"):
            depth = integer(override, "ilvl")
            start, level = child(override, "startOverride"), child(override, "lvl")
            if start is not None:
                restart[depth] = integer(start, "val")
            if level is not None and depth < len(lists.get(name, ())):
                own = f"{name} of {value(number, 'numId')}"
                lists[own] = [*lists[name][:depth], _level(level), *lists[name][depth + 1 :]]
                name = own
        self._uses[value(number, "numId")] = _Use(name, restart)


def is_remark(properties: Any | None) -> bool:
    """Whether a `w:rPr` has text raised, lowered or struck out."""
    if value(child(properties, "vertAlign")) in ("superscript", "subscript"):
        return True
    raised = integer(child(properties, "position"), "val") != 0
    return raised or is_on(properties, "strike") or is_on(properties, "dstrike")


def _says(style: str, known: dict[str, tuple[bool, str]]) -> bool:
    """What styles say by name, each for itself and those that are based on it."""
    for _ in range(_STYLES_DEEP):
        said, style = known.get(style, (False, ""))
        if said or not style:
            return said
    return False


def _level(level: Any) -> Level:
    return Level(
        value(child(level, "numFmt")) or "decimal",
        value(child(level, "lvlText")),
        integer(child(level, "start"), "val", 1),
        child(level, "isLgl") is not None,
    )


def _number_of(properties: Any | None) -> tuple[str | None, int | None]:
    """List and level in a `w:pPr`; None for what it does not say."""
    numbered = child(properties, "numPr")
    number, level = child(numbered, "numId"), child(numbered, "ilvl")
    return (
        value(number) if number is not None else None,
        integer(level, "val") if level is not None else None,
    )

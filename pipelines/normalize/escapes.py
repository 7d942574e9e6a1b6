"""Characters that arrive as their escapes: &amp;#20013; %u4E2D \\u4e2d and %E4%B8%AD in text that people should read.

Only characters outside ASCII are put back, so that no figure, tag or address can come out of it; whatever looks like
an address is left alone.
"""

from __future__ import annotations

import re
from html import unescape

from pipelines.normalize.hanzi import is_han, marks
from pipelines.normalize.whole import Mending, Whole, holds, places

_NAMED = "nbsp|ensp|emsp|ldquo|rdquo|lsquo|rsquo|middot|mdash|hellip|times|yen"
_ENTITY = rf"&(?:amp;){{0,9}}(?:#x[0-9a-f]{{2,6}}|#\d{{2,7}}|{_NAMED});"
_TWICE = rf"&(?:amp;){{1,9}}(?:#x[0-9a-f]{{2,6}}|#\d{{2,7}}|{_NAMED});"
_ADDRESS = r"""(?:https?|ftp)://[^\s<>"'，。；、）]*|www\.[^\s<>"'，。；、）]*"""
_OTHERS = r"(?P<code>(?:[%\\]u[0-9a-f]{4})+)|(?P<percent>(?:%[0-9a-f]{2}){3,})"
_IN_PAGES = re.compile(rf"(?P<address>{_ADDRESS})|(?P<entity>{_TWICE})|{_OTHERS}", re.IGNORECASE)
_IN_TEXT = re.compile(rf"(?P<address>{_ADDRESS})|(?P<entity>{_ENTITY})|{_OTHERS}", re.IGNORECASE)
_CODE, _PERCENT = r"[%\\]u[0-9a-f]{4}", r"%[ef][0-9a-f]%[89ab][0-9a-f]"
# What a text must hold to be looked at, by whether it is a page: entities, and other escapes, these outside of tags.
_ENTITIES = {in_page: re.compile(_TWICE if in_page else _ENTITY, re.IGNORECASE).match for in_page in (False, True)}
_SIGNS = {
    in_page: tuple(
        (signs, re.compile((r">[^<>]*" if in_page else "") + pattern, re.IGNORECASE).search)
        for signs, pattern in ((("\\u",), _CODE), (("%u",), _CODE), (("%E", "%e"), _PERCENT))
    )
    for in_page in (False, True)
}
# A path or a query around it makes a percent escape part of an address.
_OF_AN_ADDRESS = re.compile(r"[/?=&]")


def escapes_in(whole: Whole) -> Mending | None:
    """Put back the characters of escapes. In the source of a page, entities escaped once are the parser's business."""
    if whole.is_data or not _may_hold_escapes(whole):
        return None
    pattern = _IN_PAGES if whole.is_page else _IN_TEXT

    def change(piece: str) -> str:
        return pattern.sub(_unescaped, piece)

    return Mending(("escapes",), change, in_titles=False) if change(whole.words) != whole.words else None


def _may_hold_escapes(whole: Whole) -> bool:
    """A quick look at the source, markup and all."""
    text, entity = whole.text, _ENTITIES[whole.is_page]
    if any(entity(text, at) for at in places(text, "&")):
        return True
    return any(holds(text, *signs) and search(text) for signs, search in _SIGNS[whole.is_page])


def _unescaped(match: re.Match[str]) -> str:
    if match["entity"]:
        char = unescape("&" + match[0].rsplit("amp;", 1)[-1].lstrip("&"))
        return char if len(char) == 1 and char > "\x9f" and char.isprintable() | char.isspace() else match[0]
    if match["code"]:
        units = bytes.fromhex(match["code"].replace("%u", "").replace("\\u", "").replace("%U", "").replace("\\U", ""))
        return _if_words(units, "utf-16-be") or match[0]
    if match["percent"] and not _OF_AN_ADDRESS.search(_token_around(match)):
        return _if_words(bytes.fromhex(match["percent"].replace("%", "")), "utf-8") or match[0]
    return match[0]


def _if_words(raw: bytes, encoding: str) -> str | None:
    """The characters that `raw` encodes, if they are words: printable, none of them ASCII, one at least Chinese."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    chinese = any(is_han(char) or char in marks() for char in text)
    return text if chinese and all(char > "\x9f" and (char.isprintable() or char.isspace()) for char in text) else None


def _token_around(match: re.Match[str]) -> str:
    """What stands around a match without blanks."""
    before = re.search(r"\S*\Z", match.string[max(0, match.start() - 200) : match.start()])
    after = re.match(r"\S*", match.string[match.end() : match.end() + 200])
    return (before[0] if before else "") + (after[0] if after else "")

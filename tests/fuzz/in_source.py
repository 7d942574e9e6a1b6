"""Changes of the written document: tags cut, doubled and unclosed, attributes broken, lines joined, cut and shuffled.

They work on the text of a page before it is encoded, and know only where tags and lines are.
"""

import random
import re
from collections.abc import Callable

Change = Callable[[str, random.Random], str]
_TAG = re.compile(r"<[^<>]*>")
_CELL = re.compile(r"<(?:td|th)\b", re.IGNORECASE)
_INSERTED = (
    "<", "<5", "</", "< 3", "<!--", "-->", "<![CDATA[", "<script>", "<style>", "<title>", "<textarea>", "<select>",
    "<plaintext>", "<template>", "<table>", "<tr>", "<td>", "<th>", "</td>", "</tr>", "</table>", "<caption>", "<form>",
    "<p>", "</p>", "<br>", "<sup>", "<del>", "</span>", '<div style="display:none">', "<td hidden>", "<noscript>",
    "<table><tr><td>1</td></tr></table>", "<td>7</td>", "<tr><td>8</td></tr>", "<tbody>", "</body>", "</html>", "<svg>",
    "<?xml version='1.0'?>", "<img src=a.png>", "<a name=x>", "<iframe>", "<object>", "<math>", "<li>", "<o:p>",
)  # fmt: skip
_ENTITIES = (
    "&nbsp;", "&nbsp", "&#xFFFFFFFF;", "&#0;", "&#x110000;", "&lt", "&amp;#49;", "&#49;", "&#49", "&#x;", "&#;", "&;",
    "&unknown;", "&#160;", "&#8203;", "&#xD800;", "&zwnj;", "&#12288;", "&ensp;", "&minus;", "&#45;",
    "&sup2;", "&frac12;",
)  # fmt: skip
_ODD = (
    "\x00",
    "\u200b",
    "\ufeff",
    "\u202e",
    "\ufffd",
    "\x0b",
    "\x1c",
    "\u2028",
    "\x85",
    "\ud7ff",
    "\U0001f600",
    "\u3000",
)
_SPANS = ("0", "-1", "1000000", "99999999999999999999", "2", "3", "abc", "", "1.5", "2;", "０", "٣")


def _inside(text: str, rng: random.Random) -> int:
    """A place in the text, mostly where the tables are."""
    first = text.find("二、")
    return rng.randint(max(first, 0), len(text)) if rng.random() < 0.8 else rng.randint(0, len(text))


def _tag(text: str, rng: random.Random) -> re.Match[str] | None:
    return _TAG.search(text, _inside(text, rng))


def tag_cut(text: str, rng: random.Random) -> str:
    """One tag is gone, or a part of it."""
    tag = _tag(text, rng)
    if not tag:
        return text
    cut = rng.choice([tag[0], tag[0], tag[0][:-1], tag[0][1:], tag[0][rng.randrange(len(tag[0])) :]])
    return text[: tag.start()] + tag[0].replace(cut, "", 1) + text[tag.end() :]


def tag_doubled(text: str, rng: random.Random) -> str:
    """One tag stands several times."""
    tag = _tag(text, rng)
    return text[: tag.start()] + tag[0] * rng.choice([2, 2, 3, 50]) + text[tag.end() :] if tag else text


def tag_moved(text: str, rng: random.Random) -> str:
    """One tag stands a few characters from its place."""
    tag = _tag(text, rng)
    if not tag:
        return text
    rest = text[: tag.start()] + text[tag.end() :]
    at = max(0, min(len(rest), tag.start() + rng.randint(-40, 40)))
    return rest[:at] + tag[0] + rest[at:]


def unclosed(text: str, rng: random.Random) -> str:
    """All end tags of a kind are gone, or one in ten."""
    names = rng.choice(["td", "tr", "table", "td|tr|table|th", "span", "p", "div", "tbody|thead", r"\w+", "td|tr"])
    share = rng.choice([1, 1, 0.1])
    return re.sub(rf"</(?:{names})>", lambda tag: "" if rng.random() < share else tag[0], text, flags=re.IGNORECASE)


def attribute_broken(text: str, rng: random.Random) -> str:
    """A quote, an equals sign or a bracket in a tag is lost or doubled."""
    at = [m.start() for m in re.finditer(r"""["'=>]""", text)]
    if not at:
        return text
    place = rng.choice(at)
    return text[:place] + rng.choice(["", text[place] * 2, " "]) + text[place + 1 :]


def span_set(text: str, rng: random.Random) -> str:
    """Cells say that they span what no table has."""
    cells = list(_CELL.finditer(text))
    for cell in sorted(rng.sample(cells, min(len(cells), rng.choice([1, 1, 2, 8]))), key=lambda m: -m.start()):
        name, quote = rng.choice(["colspan", "rowspan"]), rng.choice(['"', "'", ""])
        text = f"{text[: cell.end()]} {name}={quote}{rng.choice(_SPANS)}{quote}{text[cell.end() :]}"
    return text


def hidden(text: str, rng: random.Random) -> str:
    """An element is not shown."""
    tags = [tag for tag in _TAG.finditer(text) if tag[0][1:2].isalpha() and not tag[0].endswith("/>")]
    if not tags:
        return text
    at = rng.choice(tags).end() - 1
    return text[:at] + rng.choice([" hidden", ' style="display:none"', " style='visibility: hidden'"]) + text[at:]


def inserted(text: str, rng: random.Random) -> str:
    """Markup, a bracket or the beginning of a comment where none belongs."""
    at = _inside(text, rng)
    return text[:at] + rng.choice(_INSERTED) + text[at:]


def entity(text: str, rng: random.Random) -> str:
    """A reference to a character, well-formed or not."""
    at = _inside(text, rng)
    return text[:at] + rng.choice(_ENTITIES) + text[at:]


def odd_characters(text: str, rng: random.Random) -> str:
    """Zeros, invisible marks and other characters that nobody typed."""
    for _ in range(rng.choice([1, 1, 3, 40])):
        at = _inside(text, rng)
        text = text[:at] + rng.choice(_ODD) + text[at:]
    return text


def cut(text: str, rng: random.Random) -> str:
    """A stretch is gone."""
    at = _inside(text, rng)
    return text[:at] + text[at + int(10 ** rng.uniform(0, 3.3)) :]


def doubled(text: str, rng: random.Random) -> str:
    """A stretch stands twice."""
    at = _inside(text, rng)
    end = at + int(10 ** rng.uniform(0, 3.3))
    return text[:end] + text[at:end] + text[end:]


def moved(text: str, rng: random.Random) -> str:
    """A stretch stands elsewhere."""
    at = _inside(text, rng)
    end = at + int(10 ** rng.uniform(0, 3))
    rest, to = text[:at] + text[end:], _inside(text, rng)
    return rest[:to] + text[at:end] + rest[to:]


def truncated(text: str, rng: random.Random) -> str:
    """The document ends early."""
    return text[: _inside(text, rng)]


def digits_changed(text: str, rng: random.Random) -> str:
    """Some digits are others."""
    at = [m.start() for m in re.finditer(r"\d", text)]
    for place in rng.sample(at, min(len(at), rng.choice([1, 3, 20]))):
        text = text[:place] + rng.choice("0123456789") + text[place + 1 :]
    return text


def _of_lines(change: Callable[[list[str], int, random.Random], None]) -> Change:
    """A change of lines as a change of the text, at a line mostly in the tables."""

    def changed(text: str, rng: random.Random) -> str:
        lines = text.split("\n")
        change(lines, min(text.count("\n", 0, _inside(text, rng)), len(lines) - 1), rng)
        return "\n".join(lines)

    changed.__doc__, changed.__name__ = change.__doc__, change.__name__
    return changed


def line_lost(lines: list[str], at: int, rng: random.Random) -> None:
    """Some lines are gone."""
    del lines[at : at + rng.choice([1, 1, 1, 2, 5])]


def line_doubled(lines: list[str], at: int, rng: random.Random) -> None:
    """Some lines stand twice."""
    lines[at:at] = lines[at : at + rng.choice([1, 1, 2, 10, 40])]


def lines_swapped(lines: list[str], at: int, rng: random.Random) -> None:
    """Two lines change places."""
    other = min(len(lines) - 1, at + rng.randint(1, 12))
    lines[at], lines[other] = lines[other], lines[at]


def lines_shuffled(lines: list[str], at: int, rng: random.Random) -> None:
    """A few lines stand in another order."""
    part = lines[at : at + rng.choice([3, 6, 15])]
    rng.shuffle(part)
    lines[at : at + len(part)] = part


def lines_joined(lines: list[str], at: int, rng: random.Random) -> None:
    """Lines run together."""
    end = at + rng.choice([2, 2, 3, 10])
    lines[at:end] = [rng.choice(["", " ", " ", "\t", " | "]).join(lines[at:end])]


def line_cut(lines: list[str], at: int, rng: random.Random) -> None:
    """A line breaks in two."""
    place = rng.randint(0, len(lines[at]))
    lines[at : at + 1] = [lines[at][:place], lines[at][place:]]


def page_number(lines: list[str], at: int, rng: random.Random) -> None:
    """The number of a page between two lines."""
    number = rng.randint(1, 14)
    lines.insert(at, rng.choice(["{}", "- {} -", "第{}页", " {} ", "{}/14", "\f{}", "— {} —", "{} |"]).format(number))


def separator_lost(lines: list[str], at: int, rng: random.Random) -> None:
    """A pipe, a tab or a blank of a line is lost, doubled or another."""
    places = [m.start() for m in re.finditer(r"[|\t ]", lines[at])]
    if places:
        place = rng.choice(places)
        mark = rng.choice(["", "", lines[at][place] * 2, " ", "\t", "|"])
        lines[at] = lines[at][:place] + mark + lines[at][place + 1 :]


def word_lost(lines: list[str], at: int, rng: random.Random) -> None:
    """A word or a number of a line is lost or doubled."""
    words = list(re.finditer(r"[^\s|]+", lines[at]))
    if words:
        word = rng.choice(words)
        lines[at] = lines[at][: word.start()] + rng.choice(["", word[0] + " " + word[0]]) + lines[at][word.end() :]


IN_ANY: tuple[Change, ...] = (
    odd_characters, cut, doubled, moved, truncated, digits_changed, entity, inserted,
    *map(_of_lines, (line_lost, line_doubled, lines_swapped)),
)  # fmt: skip
IN_MARKUP: tuple[Change, ...] = (
    tag_cut, tag_cut, tag_doubled, tag_moved, unclosed, attribute_broken, span_set, hidden, inserted, inserted, entity,
)  # fmt: skip
IN_LINES: tuple[Change, ...] = tuple(
    map(
        _of_lines,
        (line_lost, line_doubled, lines_swapped, lines_shuffled, lines_joined, line_cut, page_number, page_number,
         separator_lost, separator_lost, word_lost, word_lost),
    )
)  # fmt: skip

"""Whether a page shows the title of a report as its own words, and not as a link to another page.

The reader takes no title from a line that is wholly a link, from a breadcrumb, or from a sentence. Menus and footers
are such lines: on most government pages 政府信息公开年报 is one of them. What stands around the words decides, and the
pages of a portal have that in common, so that it is looked at once.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from operator import itemgetter

from pipelines.documents.html import BLOCKS, SKIPPED
from pipelines.normalize.simplify import simplify
from pipelines.sieve.words import Words
from pipelines.titles import read_title


def _in_any_case(names: list[str]) -> Iterator[str]:
    """Expressions of sorted names of tags, those of one letter together: `re` ignores case twice as slowly itself."""
    for letter, same in groupby(names, key=itemgetter(0)):
        rests = ("".join(f"[{char}{char.upper()}]" if char.isalpha() else char for char in name[1:]) for name in same)
        yield f"[{letter}{letter.upper()}](?:{'|'.join(rests)})"


MOST_PLACES = 200
"""Places of the topic that are looked at on one page: of one that has more, the reader is to say what they are."""
REACH = 120
"""Bytes without ASCII within which the topic is followed by the word for a report."""
_MOST_BLOCKS = 12  # behind the words, among which are the next two lines
BEFORE, NEAR = 170, 40
"""Bytes before the end of the words, and behind it, by which it is told that they are elsewhere: those of a link."""
_BEFORE, _NEAR = 400, 100  # the same where attributes are long, or a line has several links
_FAR_BEFORE, _FAR_AFTER = 500, 900
_LINES, _LONGEST_LINE = 3, 60  # of a title, as in `pipelines.identify`
_FAR_TAGGED = 8000  # from the words on, where tags are so dense that the title does not end before
# What ends a line for the reader, and what it does not look into.
_BLOCK = rb"</?(?:%b)\b[^<>]*>" % "|".join(_in_any_case(sorted(BLOCKS | SKIPPED))).encode()
_BLOCKS = re.compile(_BLOCK)
# A line as nearly all in menus and lists are written: one link and nothing else.
_ONE_LINK = re.compile(
    rb"%b\s*<a\s[^<>]*>[^<>]*(?:</?(?:i|b|u|em|span|font|strong|img)\b[^<>]*>[^<>]*)*</a>\s*%b" % (_BLOCK, _BLOCK)
)
_LINK = re.compile(rb"<a[\s>]", re.IGNORECASE)
_END_OF_LINK = re.compile(rb"</a\s*>", re.IGNORECASE)
_LINKED = re.compile(rb"<a\b[^<>]*>.*?</a\s*>|<[^<>]*>|&nbsp;|&#160;|\xc2\xa0|\s+", re.DOTALL | re.IGNORECASE)
_TRAIL = re.compile(rb"&gt;|&raquo;|&rsaquo;")
_TAG = re.compile(r"<[A-Za-z/!?][^<>]*(?:>|\Z)")
_ANY_TAG = re.compile(rb"<[^<>]*>")
_OPEN = re.compile(rb"<(?:[!?]|[A-Za-z][^<>]*=)[^<>]*\Z")
_REST_OF_TAG = re.compile(rb"[^<>]*>")
_PRE = re.compile(rb"<pre\b", re.IGNORECASE)
_END_OF_SCRIPT = re.compile(rb"</script|\A<script[^<>]*/>", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^<>]*title", re.IGNORECASE)
# What stands in front on the same line may be there for nobody to see.
_HIDING = re.compile(rb"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide|\shidden\b", re.IGNORECASE)
_ANNOUNCED = "关于公布"
_INSIDE = re.compile("[一二三四五六七八]\\s*、")
_NOUN = re.compile(r"信息公开[^，。]{0,20}(?:报告|年报)|信息公开.{0,8}统计.{0,4}表")
_MAYBE = re.compile("信息公开.*?(?:报告|年报|统计)", re.DOTALL)
_CONTENT = re.compile(r"""content\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)


def shows_title(body: bytes, high: bytes, words: Words) -> bool:
    """Whether the topic and the word for a report stand together somewhere as a title of the page's own.

    `high` is the page without ASCII, so that neither tags nor blanks part its words.
    """
    titles = list(_titles(high, words))
    if not any(titles):
        return False
    places = places_of(body, words.topic)
    if len(places) != len(titles):
        return True  # tags or blanks part the words somewhere
    named = [place for place, is_title in zip(places, titles, strict=True) if is_title]
    return any(is_own(body, place, words) for place in named[:MOST_PLACES]) or len(named) > MOST_PLACES


def places_of(text: bytes, word: bytes) -> list[int]:
    """Where a word begins, from left to right."""
    places = []
    place = text.find(word)
    while place >= 0:
        places.append(place)
        place = text.find(word, place + len(word))
    return places


def _titles(high: bytes, words: Words) -> list[bool]:
    """For each place of the topic whether the word for a report follows it."""
    size = len(words.bare_topic)
    behind = (high[place + size : place + size + REACH] for place in places_of(high, words.bare_topic))
    return [any(word in following for word in words.reports) for following in behind]


def is_own(body: bytes, place: int, words: Words) -> bool:
    """Whether the words at a place may be the title of a report that the page shows as its own."""
    return not is_elsewhere(body, place + len(words.topic)) and is_shown(body, place, words)


def is_shown(body: bytes, place: int, words: Words) -> bool:
    """The same of words that are not plainly elsewhere."""
    if not _may_be_own(body, place, words):
        return False
    script = body.rfind(b"<script", 0, place)
    return script < 0 or _END_OF_SCRIPT.search(body[script:place]) is not None


def is_elsewhere(body: bytes, end: int) -> bool:
    """Whether the words that end there are plainly another page's title or nobody's: a link, or in a tag or comment.

    What stands next to them tells; the same is not looked at twice.
    """
    near = body[end - BEFORE : end + NEAR] if end >= BEFORE else b""
    if near in known_elsewhere:
        return True
    if near and (_is_one_link(near) or _is_apart(near[:BEFORE], near[BEFORE:])):
        return _known(near)
    around = body[max(0, end - _BEFORE) : end], body[end : end + _NEAR]
    return around in known_elsewhere or (_is_apart(*around) and _known(around))


def forget() -> None:
    """Forgets what was found of surroundings, so that a test sees it found."""
    known_elsewhere.clear()
    _met.clear()


def is_new(around: bytes) -> bool:
    """Whether words were not met among these bytes before. What comes once is a text; what comes again is a menu, and
    worth to be known."""
    if (met := hash(around)) in _met:  # two of one hash cost a question more, and nothing else
        return False
    if len(_met) >= _MOST_KNOWN:
        _met.clear()
    _met.add(met)
    return True


_met: set[int] = set()
_MOST_KNOWN = 20_000
known_elsewhere: set[bytes | tuple[bytes, bytes]] = set()
"""What was found to stand around words that are elsewhere: so many bytes, or more, up to their end and behind it."""


def _known(around: bytes | tuple[bytes, bytes]) -> bool:
    if len(known_elsewhere) >= _MOST_KNOWN:
        known_elsewhere.clear()
    known_elsewhere.add(around)
    return True


def _is_apart(before: bytes, after: bytes) -> bool:
    """Whether words between these bytes are unseen or in a link, as far as these bytes tell."""
    is_unseen = _is_unseen(before)
    return _is_in_link(before, after) if is_unseen is None else is_unseen


def _is_unseen(before: bytes) -> bool | None:
    """Whether what follows is inside a tag, but none that may tell the page's title, or inside a comment; None where it
    is in neither."""
    opening = before.rfind(b"<")
    if before.find(b">", max(0, opening)) < 0:
        tag = before[opening:]
        if tag.startswith((b"<!", b"<?")) or (b"=" in tag and tag[1:2].isalpha()):
            tag = tag.lower()
            return not tag.startswith(b"<meta") or (b"name=" in tag and b"title" not in tag)
    comment = before.rfind(b"<!--")
    return True if comment >= 0 and before.find(b"-->", comment) < 0 else None


def _is_one_link(around: bytes) -> bool:
    """Whether the words are in a line that is one link; `_is_in_link` tells that, too, but later."""
    line = _ONE_LINK.match(around, around.rfind(b"<", 0, max(0, around.rfind(b"<a", 0, BEFORE))))
    return line is not None and line.end() > BEFORE


def _is_in_link(before: bytes, after: bytes) -> bool:
    """Whether the line is one of links or the end of a trail of them, if it is seen from its begin to its end."""
    if b"<a" not in before and b"<A" not in before and b"&" not in before:
        return False
    end = _BLOCKS.search(after)
    start = _last(_BLOCKS, before) if end is not None else None
    if start is None or end is None:
        return False
    first, rest = before[start.end() :], after[: end.start()]
    return _TRAIL.search(first) is not None or _is_linked(before, first, rest)


def _may_be_own(body: bytes, place: int, words: Words) -> bool:
    """Whether the words stand in a title, told by as much around them as a title can take."""
    before, after = body[max(0, place - _FAR_BEFORE) : place], body[place : place + _FAR_AFTER]
    if rest := _REST_OF_TAG.match(before):
        before = before[rest.end() :]
    if tag := _OPEN.match(before, max(0, before.rfind(b"<"))):
        whole = tag[0] + after[: max(0, after.find(b">"))]
        return _META.match(whole) is not None and _is_title(
            _simple(_content(whole.decode(words.codec, "replace")), words)
        )
    if _ends_in_title(before, after, words):
        return True
    is_dense = len(after) == _FAR_AFTER and len(_ANY_TAG.sub(b"", after)) < REACH
    return is_dense and _ends_in_title(before, body[place : place + _FAR_TAGGED], words)


def _ends_in_title(before: bytes, after: bytes, words: Words) -> bool:
    """Whether what stands before and behind the words makes them a title, alone or with the next lines."""
    start = _last(_BLOCKS, before)
    if (start is None or _PRE.match(start[0])) and _is_title_in_text(before, after, words):
        return True
    if start is None:
        return len(_said(before, words)) <= _LONGEST_LINE
    lines = _lines_in(after)
    first, rest = before[start.end() :], next(lines)
    if start[0].lower().startswith(b"<title"):
        return _is_title(_said(first + rest, words))
    if len(rest) < len(after) and _is_linked(before, first, rest):
        return False
    first = first[first.rfind(b"-->") + len(b"-->") :] if b"-->" in first else first
    if _HIDING.search(first):
        return True
    below = filter(None, (_line(line, words) for line in lines))
    return _is_title_in_lines(islice(chain((_line(first + rest, words),), below), _LINES))


def _lines_in(text: bytes) -> Iterator[bytes]:
    """What stands between the first blocks, as it is asked for: the next two lines are mostly enough."""
    begin = 0
    for block in islice(_BLOCKS.finditer(text), _MOST_BLOCKS):
        yield text[begin : block.start()]
        begin = block.end()
    yield text[begin:]


def _is_title_in_text(before: bytes, after: bytes, words: Words) -> bool:
    """The same where no tags part the lines: each is one of its own, up to the heading of a section in it."""
    above, below = (part.decode(words.codec, "replace") for part in (before, after))
    first, *rest = below.splitlines() or [""]
    lines = [_said_in(line, words) for line in ((above + "|").splitlines()[-1][:-1] + first, *rest)]
    return _is_title_in_lines(_INSIDE.split(line, maxsplit=1)[0] for line in [line for line in lines if line][:_LINES])


def _line(line: bytes, words: Words) -> str:
    """What a line of a page says, in simplified characters unless it is a sentence, which is no title in any."""
    text = _bare(line.decode(words.codec, "replace"))
    return "".join((text if _is_sentence(text) else _simple(text, words)).split())


def _is_sentence(text: str) -> bool:
    return "。" in text or "；" in text


def _said(line: bytes, words: Words) -> str:
    """What a line of a page says, in simplified characters."""
    return _said_in(line.decode(words.codec, "replace"), words)


def _said_in(line: str, words: Words) -> str:
    return "".join(_simple(_bare(line), words).split())


def _bare(line: str) -> str:
    return html.unescape(_TAG.sub("", line))


def _simple(text: str, words: Words) -> str:
    return simplify(text) if words.is_traditional else text


def _is_linked(before: bytes, first: bytes, rest: bytes) -> bool:
    """Whether the line around the words, the two parts of which are given, is nothing but links."""
    opening, closing = _last(_LINK, before, b"<a"), _last(_END_OF_LINK, before, b"</a")
    if opening is None or (closing is not None and closing.start() > opening.start()):
        return False
    opened = opening.start() - (len(before) - len(first))  # before the line, where a link holds whole blocks
    end = _END_OF_LINK.search(rest)
    left = first[: max(0, opened)]
    return not (_LINKED.sub(b"", left) or (end and _LINKED.sub(b"", rest[end.end() :])))


def _last(tag: re.Pattern[bytes], text: bytes, begin: bytes = b"<") -> re.Match[bytes] | None:
    """The last tag of a kind, which is near the end of what stands before the words: looked for from there."""
    lower = text.lower()
    place = lower.rfind(begin)
    while place >= 0:
        if found := tag.match(text, place):
            return found
        place = lower.rfind(begin, 0, place)
    return None


def _content(tag: str) -> str:
    found = _CONTENT.search(tag)
    return html.unescape(found[1] or found[2] or found[3] or "") if found else ""


def _is_title(text: str) -> bool:
    return _MAYBE.search(text) is not None and read_title(text).kind == "report"


def _is_title_in_lines(texts: Iterable[str]) -> bool:
    """Whether the first lines are the title of a report, or may be the end of one; no sentence is."""
    whole = ""
    for text in texts:
        if len(text) > _LONGEST_LINE or _is_sentence(text):
            break
        whole += text
        kind = read_title(whole).kind if _MAYBE.search(whole) else ""
        if kind == "distractor" and "通知" in whole:  # 关于公布 may be in the line above
            kind = read_title(_ANNOUNCED + whole).kind
        if kind == "report" or (kind == "unsure" and _NOUN.search(whole)):
            return True
    return False

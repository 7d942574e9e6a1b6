"""RTF to paragraphs and grids. Word, WPS and many systems of offices write it, mostly under the name .doc.

RTF is a stream of control words and groups; what a control word changes holds until its group ends. Chinese stands in
it as bytes of the font's character set (`\\'d6\\'d0`), or as code points (`\\u20013?`) with bytes for old readers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from pipelines.documents.flow import Assembly, Box, Cells, Look, Table, document_of, dressed, proved_title, with_number
from pipelines.documents.formats import Unreadable
from pipelines.model import Document

_CONTROL = (
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d+)?[ ]?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<escaped>[\\{}])"
    r"|\\(?P<symbol>[^a-zA-Z])|(?P<brace>[{}])|[\r\n\x00]+|(?P<text>"
)
_TOKEN = re.compile(_CONTROL + r"[^\\{}\r\n\x00]+)")
# Chinese as bare bytes: the second of a pair may look like a backslash or a brace.
_TOKEN_OF_PAIRS = re.compile(_CONTROL + r"(?:[\x81-\xfe][\x40-\xfe]|[^\\{}\r\n\x00])+)")
_PAIRED = re.compile(r"\\ansicpg(?:936|949|950|932)\b")
_MOST_TOKENS, _LONGEST_NUMBER = 2_000_000, 11
_DEEPEST = 10  # tables in tables
_USUAL_WIDTH = 1440  # twips
# Groups that hold no text of the document. What comes behind `\*` is skipped too, but for these.
_SKIPPED = frozenset(
    "fonttbl colortbl stylesheet info header headerl headerr headerf footer footerl footerr footerf footnote annotation"
    " fldinst listtable listoverridetable pict nonshppict shprslt upr sn sv ftnsep ftnsepc ftncn aftnsep aftnsepc"
    " aftncn xe tc themedata datastore objdata objclass template bkmkstart bkmkend do nonesttables".split()
)
_STARRED_TEXT = frozenset("shppict shpinst ud nesttableprops".split())
_NUMBER_GROUPS = frozenset(("listtext", "pntext"))
_CODECS = {
    128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254", 177: "cp1255",
    178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_PAGES = {936: "gb18030", 950: "cp950", 932: "cp932", 949: "cp949", 65001: "utf-8", 10008: "gb18030"}
_SYMBOL_CHARSET = 2
_PROPERTIES = frozenset(
    "f fcharset ansicpg uc pard plain intbl itap super sub nosupersub up dn strike striked v deleted mvf".split()
)
_CHARACTERS = {
    "tab": "\t", "line": "\n", "page": "\n", "lbr": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
    "~": "\u00a0", "_": "-", "-": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group."""

    skipped: bool = False
    group: str = ""
    """The destination that the group is, if it is one."""
    font: int | None = None
    fallback: int = 1
    """How many bytes behind a code point stand for it in old readers."""
    in_table: bool = False
    nesting: int | None = None
    hidden: bool = False
    deleted: bool = False
    struck: bool = False
    raised: bool = False

    @property
    def depth(self) -> int:
        """How many tables a paragraph stands in."""
        return int(self.in_table) if self.nesting is None else min(max(self.nesting, 0), _DEEPEST)

    @property
    def look(self) -> Look:
        return "remark" if self.raised or self.struck else ""


@dataclass(slots=True)
class _Row:
    """The definition of a row: edges and merges of its cells, the latter told before each edge."""

    left: int = 0
    edges: list[tuple[int, str, str]] = field(default_factory=list)
    across: str = ""
    down: str = ""

    def define(self, word: str, number: int) -> None:
        if word == "trowd":
            self.edges, self.left, self.across, self.down = [], 0, "", ""
        elif word == "trleft":
            self.left = number
        elif word in ("clmgf", "clmrg"):
            self.across = "first" if word == "clmgf" else "rest"
        elif word in ("clvmgf", "clvmrg"):
            self.down = "first" if word == "clvmgf" else "rest"
        elif word == "cellx":
            self.edges.append((number, self.across, self.down))
            self.across = self.down = ""

    def shaper(self) -> Callable[[Cells], tuple[Box, ...]]:
        """Gives cells the edges that the row has now."""
        left, edges = self.left, tuple(self.edges)

        def shaped(cells: Cells) -> tuple[Box, ...]:
            boxes: list[Box] = []
            start = left
            for number, content in enumerate(cells):
                told = edges[number] if number < len(edges) else (start + _USUAL_WIDTH, "", "")
                right = max(told[0], start)
                if told[1] == "rest" and boxes:
                    boxes[-1] = replace(boxes[-1], right=right, content=(*boxes[-1].content, *content))
                else:
                    boxes.append(Box(start, right, content, told[2]))  # type: ignore[arg-type]
                start = right
            return tuple(boxes)

        return shaped


_ROW_WORDS = frozenset("trowd trleft clmgf clmrg clvmgf clvmrg cellx".split())


@dataclass(slots=True)
class _Flow:
    """The main text or one text box: the paragraph in the making, and what is finished."""

    assembly: Assembly = field(default_factory=Assembly)
    parts: list[tuple[str, Look]] = field(default_factory=list)
    number: str = ""
    boxes: list[str | Table] = field(default_factory=list)

    def taken(self) -> str:
        """The paragraph, which another follows. Code points beyond 65,535 came as two halves."""
        text = with_number(self.number.strip(), dressed(self.parts))
        self.parts, self.number = [], ""
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def end(self) -> list[str | Table]:
        """Everything, with a last paragraph that nothing ended."""
        if self.parts:
            self.assembly.line(self.taken(), 0)
        return [*self.assembly.end(), *self.boxes]


def read_rtf(body: bytes) -> Document:
    """The document of an RTF file."""
    reader = _Reader()
    reader.read(body.decode("latin-1"))
    content = reader.flows[0].end()
    return document_of(content, "rtf", proved_title(reader.title, content), reader.images)


class _Reader:
    """Walks over the tokens of one file."""

    def __init__(self) -> None:
        self.flows = [_Flow()]
        self.title = ""
        self.images = 0
        self._states = [_State()]
        self._rows = _Row(), _Row()  # of the table itself, and of tables in it
        self._codecs: dict[int, str] = {}
        self._page = "gb18030"
        self._raw = bytearray()  # bytes of characters, which only their neighbours complete
        self._to_skip = 0

    @property
    def _state(self) -> _State:
        return self._states[-1]

    def read(self, source: str) -> None:
        """Read everything; raises Unreadable for a file that ends in the middle of a group."""
        for token in _tokens(source):
            if token["byte"] or token["text"] or token["escaped"]:
                self._bytes(token)
                continue
            if not (token["word"] or token["brace"] or token["symbol"]):
                continue  # a line end of the source
            self._flush()
            if token["brace"]:
                self._to_skip = 0
                if token["brace"] == "{":
                    state = self._state
                    self._states.append(replace(state, group="") if state.group else state)
                elif self._close():
                    return
            elif token["symbol"]:
                self._symbol(token["symbol"])
            else:
                self._word(token["word"], token["number"])
        raise Unreadable("the file is cut off: it ends in the middle of a group")

    def _close(self) -> bool:
        """The end of a group; whether it was the last."""
        closed = self._states.pop()
        if closed.group == "shptxt" and len(self.flows) > 1:
            box = self.flows.pop()
            self.flows[-1].boxes += box.end()
        return len(self._states) <= 1

    def _bytes(self, token: re.Match[str]) -> None:
        plain = token["text"] or token["escaped"]
        raw = plain.encode("latin-1") if plain else bytes.fromhex(token["byte"])
        skipped = min(self._to_skip, len(raw))
        self._to_skip -= skipped
        self._raw += raw[skipped:]

    def _flush(self) -> None:
        if self._raw:
            raw = bytes(self._raw)
            self._raw.clear()
            self._add(self._decoded(raw))

    def _decoded(self, raw: bytes) -> str:
        codec = self._codecs.get(self._state.font) if self._state.font is not None else None
        if codec == "symbol":
            return "".join(chr(0xF000 + byte) if byte > 0x20 else chr(byte) for byte in raw)
        for likely in (codec, self._page):
            if likely:
                try:
                    return raw.decode(likely)
                except UnicodeDecodeError:
                    continue
        return raw.decode("cp1252", "replace")

    def _add(self, text: str) -> None:
        state = self._state
        if state.group == "title":
            self.title += text
        if state.skipped or state.hidden or state.deleted:
            return
        if state.group in _NUMBER_GROUPS:
            self.flows[-1].number += text
        else:
            self.flows[-1].parts.append((text, state.look))

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._set(group="*")
        elif symbol in "\r\n":
            self._end("par", self._state, self.flows[-1])
        elif symbol in _CHARACTERS:
            self._skip_or_add(_CHARACTERS[symbol])

    def _skip_or_add(self, text: str) -> None:
        if self._to_skip:
            self._to_skip -= 1
        else:
            self._add(text)

    def _word(self, word: str, told: str | None) -> None:
        number = int(told) if told and len(told) <= _LONGEST_NUMBER else None
        if word in _CHARACTERS:
            self._skip_or_add(_CHARACTERS[word])
        elif word == "u":
            self._to_skip = self._state.fallback
            self._add(chr((number or 0) & 0xFFFF))
        elif word in _ROW_WORDS:
            self._rows[self._state.group == "nesttableprops"].define(word, number or 0)
        elif word in ("par", "sect", "cell", "row", "nestcell", "nestrow"):
            self._end(word, self._state, self.flows[-1])
        elif self._state.group == "*" or word in _SKIPPED or word in _NUMBER_GROUPS or word in ("shptxt", "title"):
            self._destination(word)
        elif word in _PROPERTIES:
            self._property(word, number)

    def _destination(self, word: str) -> None:
        """The group turns out to be of a kind of its own."""
        starred = self._state.group == "*"
        around = self._states[-2] if len(self._states) > 1 else _State()
        if word == "ud" and around.group == "upr" and len(self._states) > 2:
            around = self._states[-3]  # the code points of what the group around has in bytes
        self.images += word == "pict" and not around.skipped
        is_text = word in _STARRED_TEXT or (not starred and word not in _SKIPPED)
        if word == "shptxt" and not around.skipped:
            self.flows.append(_Flow())
        # A text box in what is skipped must not end another where its group ends.
        self._set(group="" if word == "shptxt" and around.skipped else word, skipped=around.skipped or not is_text)

    def _property(self, word: str, number: int | None) -> None:
        on = number != 0
        if word == "f" and number is not None:
            self._set(font=number)
        elif word == "fcharset" and self._state.font is not None and number is not None:
            codec = "symbol" if number == _SYMBOL_CHARSET else _CODECS.get(number)
            if codec:
                self._codecs[self._state.font] = codec
        elif word == "ansicpg" and number:
            self._page = _PAGES.get(number, f"cp{number}" if 1250 <= number <= 1258 else "gb18030")
        elif word == "uc" and number is not None:
            self._set(fallback=min(max(number, 0), 8))
        elif word == "pard":
            self._set(in_table=False, nesting=None)
        elif word == "plain":
            self._set(hidden=False, deleted=False, struck=False, raised=False)
        elif word in ("intbl", "itap"):
            self._set(**({"in_table": True} if word == "intbl" else {"nesting": number}))
        elif word in ("super", "sub", "nosupersub", "up", "dn"):
            self._set(raised=on and word != "nosupersub")
        elif word in ("strike", "striked", "v", "deleted", "mvf"):
            self._set(**{{"v": "hidden", "deleted": "deleted", "mvf": "deleted"}.get(word, "struck"): on})

    def _set(self, **changes: object) -> None:
        self._states[-1] = replace(self._state, **changes)  # type: ignore[arg-type]

    def _end(self, word: str, state: _State, flow: _Flow) -> None:
        """The end of a paragraph, a cell or a row."""
        if state.skipped:
            return
        if word in ("par", "sect"):
            if state.deleted:
                return  # the line goes on with the next one
            flow.assembly.line(flow.taken(), state.depth)
        elif word in ("cell", "nestcell"):
            flow.assembly.cell(flow.taken(), 1 if word == "cell" else max(state.depth, 2))
        else:
            nested = word == "nestrow"
            flow.assembly.row(max(state.depth, 2) if nested else 1, self._rows[nested].shaper())
        if not state.depth and flow.boxes:
            flow.assembly.content += flow.boxes
            flow.boxes = []


def _tokens(source: str) -> Iterator[re.Match[str]]:
    """The tokens of a source; binary data behind `\\bin` is passed over."""
    pattern = _TOKEN_OF_PAIRS if _PAIRED.search(source[:1000]) or "\\ansicpg" not in source[:1000] else _TOKEN
    place = count = 0
    while place < len(source):
        token = pattern.match(source, place)
        count += 1
        if token is None or count > _MOST_TOKENS:
            raise Unreadable("the file is damaged, or has more parts than a report")
        place = token.end()
        if token["word"] == "bin":
            place += max(int((token["number"] or "0")[:_LONGEST_NUMBER]), 0)
        yield token

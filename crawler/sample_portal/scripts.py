"""The two ways in which simplified text reaches readers in traditional characters.

`traditional` is an honest conversion, such as a portal's own big5 gate makes. `mirrored` is what the software of rogue
mirrors makes: characters are converted one by one, the text is encoded as GBK, and then a fixed list of characters is
replaced, byte for byte, by the character and its reading in brackets (區 becomes 區(qū)). The replacement knows
nothing of characters, so it also hits bytes of two neighbours, after which the mirror's decoder loses its step and
面向對象則 becomes 面向?qū)ο髣t. Readings are those seen on real mirrors; their lists differ in extent and order.
"""

import re
from functools import cache
from html.parser import HTMLParser

import opencc

# Left alone by the mirrors, whose conversion knows no words.
_UNCHANGED = frozenset("于里制并面余后范征志困托")
# opencc's preferred forms, and those that portals and mirrors show.
_USUAL_FORMS = str.maketrans("爲羣衆祕籤諮", "為群眾秘簽咨")

_READINGS = (
    "內nèi 區qū 據jù 數shù 規guī 習xí 導dǎo 現xiàn 業yè 務wù 發fā 監jiān 統tǒng 計jì 報bào "
    "會huì 機jī 關guān 應yīng 實shí 設shè 轉zhuǎn 領lǐng 點diǎn 進jìn 產chǎn 優yōu 構gòu 結jié "
    "標biāo 項xiàng 網wǎng 學xué 環huán 護hù 復fù 獎jiǎng 場chǎng 態tài 問wèn 過guò 來lái 際jì "
    "號hào 預yù 農nóng 訓xùn 鎮zhèn 鄉xiāng 創chuàng 執zhí 調diào 測cè 詢xún 類lèi 驅qū 謹jǐn "
    "冊cè 積jī"
)


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def traditional(text: str) -> str:
    """Simplified text, or a whole page, in traditional characters."""
    converted: str = _converter().convert(text)
    return converted.translate(_USUAL_FORMS)


@cache
def _character(character: str) -> str:
    return character if character in _UNCHANGED else traditional(character)


@cache
def _replacements() -> tuple[tuple[bytes, bytes], ...]:
    pairs = ((entry[0], entry[1:]) for entry in _READINGS.split())
    return tuple((c.encode("gbk"), f"{c}({reading})".encode("gbk")) for c, reading in pairs)


def mirrored(text: str) -> str:
    """One run of simplified text as a rogue mirror shows it: traditional, with readings, now and then out of step."""
    encoded = "".join(_character(c) for c in text).encode("gbk", errors="replace")
    for character, annotated in _replacements():
        encoded = encoded.replace(character, annotated)
    return _out_of_step(encoded)


def _out_of_step(encoded: bytes) -> str:
    """Decode as the mirrors do: a lead byte always takes the next byte with it, and a pair that is none becomes `?`."""
    decoded: list[str] = []
    position = 0
    while position < len(encoded):
        width = 1 if encoded[position] < 0x80 else 2
        decoded.append(encoded[position : position + width].decode("gbk", errors="replace").replace("\ufffd", "?")[:1])
        position += width
    return "".join(decoded)


def mirrored_page(html: str) -> str:
    """A page whose text runs (not its tags, scripts and style sheets) went through the mirror's software."""
    rewriter = _Rewriter()
    rewriter.feed(html)
    rewriter.close()
    return "".join(rewriter.pieces)


class _Rewriter(HTMLParser):
    """Copies a page through, rewriting its text and the values of its meta tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        self._verbatim = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = self.get_starttag_text() or ""
        if tag == "meta":
            source = re.sub(r'(?<=content=")[^"]*', lambda match: mirrored(match[0]), source)
        self.pieces.append(source)
        self._verbatim = tag in {"script", "style"}

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append(f"</{tag}>")
        self._verbatim = False

    def handle_data(self, data: str) -> None:
        self.pieces.append(data if self._verbatim else mirrored(data))

    def handle_entityref(self, name: str) -> None:
        self.pieces.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.pieces.append(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.pieces.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        self.pieces.append(f"<!--{data}-->")

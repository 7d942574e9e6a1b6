"""How text is damaged on its way to us: one function for each mistake, and real sentences to make it with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html.entities import codepoint2name

import opencc

SIMPLIFIED = (
    "本报告依照《中华人民共和国政府信息公开条例》和《国务院办公厅政府信息与政务公开办公室关于政府信息公开工作年度报告有关事项的通知》编制。",
    "2023年，我办坚持以习近平新时代中国特色社会主义思想为指导，认真落实省、州、县关于全面推进政务公开的系列部署。",
    "全年公开各类政府信息3050条、政务动态信息更新2944条、通知公告206条，收到依申请公开申请12件，均已按期答复。",
    "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
    "三、收到和处理政府信息公开申请情况",
    "本年度本机关没有因政府信息公开工作被申请行政复议、提起行政诉讼，结转下年度继续办理0件。",
)
TRADITIONAL = tuple(opencc.OpenCC("s2t").convert(sentence).replace("爲", "為") for sentence in SIMPLIFIED)


@dataclass(frozen=True, slots=True)
class Damage:
    """A mistake, the name of the repair that undoes it, and whether it loses characters for good."""

    make: Callable[[str], str]
    repair: str
    loses: bool = False


def _windows_1252(raw: bytes) -> str:
    """Bytes as browsers show them: the five that Windows-1252 does not define stand for themselves."""
    return "".join(
        chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes((byte,)).decode("cp1252") for byte in raw
    )


def _as_named_entities(raw: bytes) -> str:
    """Bytes shown as Latin-1 and then written by an editor that names its letters."""
    return "".join(f"&{codepoint2name[byte]};" if chr(byte).isalpha() and byte > 0x80 else chr(byte) for byte in raw)


def _escaped(pattern: str) -> Callable[[str], str]:
    return lambda text: "".join(char if char < "\x80" else pattern.format(ord(char)) for char in text)


DAMAGES = {
    "UTF-8 as GB 18030": Damage(
        lambda text: text.encode().decode("gb18030", "replace"), "utf-8_read_as_gb18030", loses=True
    ),
    "UTF-8 as GBK": Damage(lambda text: text.encode().decode("gbk", "replace"), "utf-8_read_as_gb18030", loses=True),
    "UTF-8 as GBK, ? for lost": Damage(
        lambda text: text.encode().decode("gbk", "replace").replace("�", "?"), "utf-8_read_as_gb18030", loses=True
    ),
    "UTF-8 as Latin-1": Damage(lambda text: text.encode().decode("latin-1"), "utf-8_read_as_latin-1"),
    "UTF-8 as Windows-1252": Damage(lambda text: _windows_1252(text.encode()), "utf-8_read_as_latin-1"),
    "UTF-8 as Windows-1252 twice": Damage(
        lambda text: _windows_1252(_windows_1252(text.encode()).encode()), "utf-8_read_as_latin-1"
    ),
    "GBK as Latin-1": Damage(lambda text: text.encode("gbk").decode("latin-1"), "gb18030_read_as_latin-1"),
    "GBK as Windows-1252": Damage(lambda text: _windows_1252(text.encode("gbk")), "gb18030_read_as_latin-1"),
    "GBK as entities": Damage(lambda text: _as_named_entities(text.encode("gbk")), "gb18030_read_as_latin-1"),
    "entities escaped twice": Damage(_escaped("&amp;#{};"), "escapes"),
    "entities escaped thrice": Damage(_escaped("&amp;amp;#x{:x};"), "escapes"),
    "%u escapes": Damage(_escaped("%u{:04X}"), "escapes"),
    "\\u escapes": Damage(_escaped("\\u{:04x}"), "escapes"),
}
# Big5 holds traditional characters only.
OF_TRADITIONAL = {
    "Big5 as Latin-1": Damage(lambda text: text.encode("big5hkscs").decode("latin-1"), "big5hkscs_read_as_latin-1"),
    "Big5 as GBK": Damage(lambda text: text.encode("big5hkscs").decode("gb18030"), "big5hkscs_read_as_gb18030"),
}

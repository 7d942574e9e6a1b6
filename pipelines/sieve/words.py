"""The words that a report cannot do without, in every spelling and encoding, as the bytes that are looked for.

All are made from the words below when this is first imported: `bare` bytes are those without ASCII (Big5 and GBK have
characters whose second byte is ASCII, and lose it on both sides alike).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.normalize.t2s import pairs

ASCII = bytes(range(128))

OPEN, TOPIC = "公开", "信息公开"
"""Every report has the first somewhere, in its title or as 予以公开 in a table."""
REPORTS = ("年报", "报告", "统计表", "统计报", "统计附")
"""What follows the topic in the title of a report, or of its statistics."""
SIGNS = ("结转", "审结", "处理决定", "有效件", "申请数", "纠错")
"""One of these is in every set of statutory tables, and next to no other page."""
PARTED = "纠"
"""The first character of 纠正 and 纠错, of which one is in the last table of every form. In narrow columns labels are
written downwards, and all signs parted; this one is rare enough to be looked for by itself, with a tag behind it."""
TABLE_WORDS = (
    # table 2
    *(
        "制发件数",
        "废止件数",
        "有效件数",
        "制作数量",
        "新公开数量",
        "公开总数量",
        "处理决定数量",
        "收费金额",
        "采购总金额",
    ),
    # table 3
    *("本年新收", "上年结转", "结转下年", "内部事务信息", "过程性信息", "执法案卷", "行政查询事项", "反复申请"),
    *("法律服务机构", "科研机构", "公益组织"),
    # table 4
    *("复议后", "结果维持", "结果纠正", "尚未审结", "未经复议"),
    # statistics of 2014
    *("收到申请数", "申请办结数", "按时办结", "依法纠错", "公开政府信息数", "规范性文件总数", "公众关注", "参与座谈"),
)
"""Two of these make it worth reading whatever its title is."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words in one script and encoding. All but `topic` and `raw_reports` are bare."""

    codec: str
    is_traditional: bool
    open: bytes
    topic: bytes
    topic_characters: tuple[bytes, ...]
    bare_topic: bytes
    raw_reports: tuple[bytes, ...]
    reports: tuple[bytes, ...]
    signs: tuple[bytes, ...]
    table_words: tuple[bytes, ...]

    def raw(self, word: str) -> bytes:
        """A word as a page in this script and encoding has it."""
        return (traditional(word) if self.is_traditional else word).encode(self.codec)


def bare(text: str, codec: str) -> bytes:
    """The bytes of a word that are no ASCII."""
    return text.encode(codec).translate(None, ASCII)


def traditional(text: str) -> str:
    """A word in traditional characters, in their most usual spelling."""
    spellings = pairs("STCharacters.txt")
    return "".join(spellings.get(char, [char])[0] for char in text)


def _words(codec: str, *, in_traditional: bool) -> Words:
    def spelt(words: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(traditional, words) if in_traditional else words)

    (open_, topic), reports, signs, table_words = map(spelt, ((OPEN, TOPIC), REPORTS, SIGNS, TABLE_WORDS))
    return Words(
        codec,
        in_traditional,
        bare(open_, codec),
        topic.encode(codec),
        tuple(character.encode(codec) for character in topic),
        bare(topic, codec),
        tuple(word.encode(codec) for word in reports),
        tuple(bare(word, codec) for word in reports),
        tuple(bare(word, codec) for word in signs),
        tuple(bare(word, codec) for word in table_words),
    )


UTF8, UTF8_TRADITIONAL = _words("utf-8", in_traditional=False), _words("utf-8", in_traditional=True)
GB18030, GB18030_TRADITIONAL = _words("gb18030", in_traditional=False), _words("gb18030", in_traditional=True)
BIG5 = _words("big5hkscs", in_traditional=True)
VOCABULARIES = (UTF8, GB18030, UTF8_TRADITIONAL, BIG5, GB18030_TRADITIONAL)

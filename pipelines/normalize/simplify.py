"""Traditional text in simplified characters, as an office of the mainland would print it.

OpenCC converts; this module puts right what it cannot know: characters that are one thing in a name and another in a
word (乾縣 stays 乾县, 乾燥 becomes 干燥), conversions to characters that no font of an office has, and the wording that
Taiwan's converters put into labels of the forms (規範性檔案 for 规范性文件).
"""

from __future__ import annotations

import re

from pipelines.normalize.t2s import convert

# Character, what it becomes where the pattern holds; elsewhere it stays, as in the names of places and persons. The
# patterns see the text converted but for these characters themselves.
_BY_CONTEXT = tuple(
    (char, usual, re.compile(pattern))
    for char, usual, pattern in (
        # Dry (燥净旱湿…), and 幹 misspelt by converters that know one character only (乾部, 若乾).
        ("乾", "干", r"乾(?=乾?[净脆燥])|乾(?=[旱湿枯涸沟溪柴田井洗果粮杯裂草冰电热粉燃瘪咳渴馏结酪鲜闷冷笑瞪巴货菜旱])"
                     r"|(?<=[饼烘风曬晒晾擦焙烤吹阴榨沥葡萄豆笋肉鱼果若骨主树相精能才苦实])乾(?![县安坤隆元陵])"
                     r"|乾(?=[部警事群预涉扰劲线流渠支道活校细])"),
        # 於 is a surname and a place where a name can stand: alone in a cell, after a colon or comma, before a stop.
        ("於", "于", r"於(?!潜(?![江山在力水艇伏])|陵[县区市]|菟)(?<!樊於(?=期))"
                     r"(?!(?<=^於)(?![是此其今本该各同上下年月日内外会后前去当])[㐀-鿿][^镇乡村县区市街庄](?:$|[\s，,、。；;）)]))"
                     r"(?!(?<=[\s：:、（(]於)(?![是此其今本该各同上下年月日内外会后前去当])[㐀-鿿][^镇乡村县区市街庄](?:$|[\s，,、。；;）)]))"),
        ("濛", "蒙", r"濛(?=濛)|(?<=濛)濛|(?<=[迷空溟冥])濛"),
        ("徵", "征", r"(?<![魏角变流])徵(?![羽弦音声])"),
        ("昇", "升", r"(?<=[提上晋攀回飙直擢跃抬爬递跳东阳旭])昇|昇(?=[平阳级降华温值学迁旗高格任空幅至到起])"),
        ("塚", "冢", r"(?<=[古荒墓疑冠孤])塚"),
        ("著", "着", r"著(?=作用)|著(?=[手重眼力想火陆落急迷色装实墨])(?<![显卓昭土编]著)"
                     r"|(?<=[㐀-鿿])(?<![显土编卓昭名原论专巨遗译合拙新撰较彰所共])著(?![名作称述录者书有])"),
        ("祇", "只", r"祇(?=[有是能要可好需得])"),
        ("氾", "泛", r"氾(?!水)"),
        ("洩", "泄", r"洩(?!湖)"),
        ("瀂", "澛", r"瀂(?!港)"),
    )
)  # fmt: skip
_DECIDED_HERE = frozenset(char for char, _, _ in _BY_CONTEXT)
_BEYOND_BASIC = re.compile("[\U00010000-\U0010ffff]")
# Simplified already, but not the mainland's word.
_WORDS = {
    "覆核": "复核", "甚么": "什么", "谘": "咨", "蔴": "麻", "借口镇": "藉口镇",
    "规范性档案": "规范性文件", "公开档案": "公开文件", "制发档案": "制发文件",
    "政府资讯": "政府信息", "公开资讯": "公开信息", "事务资讯": "事务信息", "过程性资讯": "过程性信息",
    "现成资讯": "现成信息", "获取资讯": "获取信息", "资讯不存在": "信息不存在", "资讯内容": "信息内容",
    "经费资讯": "经费信息", "申请资讯": "申请信息",
    "采购专案": "采购项目", "专案数量": "项目数量", "透过不同": "通过不同", "透过其他": "通过其他",
    "新闻释出会": "新闻发布会", "稿件释出": "稿件发布", "线上访谈": "在线访谈", "网路申请": "网络申请",
    "设定政府信息": "设置政府信息", "页面存取量": "页面访问量",
}  # fmt: skip
_WORD = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))


def simplify(text: str) -> str:
    """Traditional text in simplified characters. Give it only text that is traditional."""
    converted = convert(text)
    if not _DECIDED_HERE.isdisjoint(text):
        converted = _by_context(_with(text, converted, _DECIDED_HERE))
    if _BEYOND_BASIC.search(converted):
        converted = "".join(old if new > "\uffff" else new for old, new in zip(text, converted, strict=True))
    return _WORD.sub(lambda word: _WORDS[word[0]], converted)


def _with(text: str, converted: str, kept: frozenset[str]) -> str:
    """The converted text with the characters of `kept` as they stood before."""
    return "".join(old if old in kept else new for old, new in zip(text, converted, strict=True))


def _by_context(text: str) -> str:
    for char, usual, pattern in _BY_CONTEXT:
        if char in text:
            text = pattern.sub(usual, text)
    return text

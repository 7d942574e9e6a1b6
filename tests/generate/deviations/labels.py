"""Labels and heads as agencies misprint them: lost characters, wrong characters, other brackets, remarks appended."""

import random
import re
from collections.abc import Callable

from tests.generate.deviations.shapes import Variants
from tests.generate.layout.grids import C, with_text
from tests.generate.layout.page import Page

_MISPRINTS = {
    "2.其他法律行政法规禁止公开": "2.其他法律行政止公开",
    "本年处理决定数量": "本年处理绝对数量",
    "本年制发件数": "本年发件",
    "现行有效件数": "现行有效件",
    "二、上年结转政府信息公开申请数量": "二、上年结转政府信息公开数量",
    "行政规范性文件": "规范性文件",
    "对外公开总数量": "对外公开总数",
    "本年增/减": "本年增/",
    "规章": "规 章",
    "未经复议直接起诉": "未经复议直接诉讼",
    "复议后起诉": "复议后诉讼",
    "上一年项目数量": "上一年项目数量 2019年",
    "本年收费金额（单位：万元）": "本年收费金额（万元）",
    "总计": "总 计",
}
_REMARKS = {
    "规章": "规章（设区的市、自治州以上填报）",
    "规范性文件": "规范性文件：指本机关制定的普遍适用的文件",
    "行政规范性文件": "行政规范性文件（不含转发）",
    "行政许可": "行政许可（含2项委托下放事项）",
    "行政处罚": "行政处罚：以12月31日系统数据为准",
    "其他对外管理服务事项": "其他对外管理服务事项（指许可以外的事项）",
    "上一年项目数量": "上一年项目数量（指上年末事项数）",
    "本年增/减": "本年增/减（减用负值表示，如-8）",
    "处理决定数量": "处理决定数量（指本年办件量）",
    "本年处理决定数量": "本年处理决定数量（单位：件）",
    "（三）不予公开": "（三）不予公开（共8种）",
}
_HALF = str.maketrans("（）：，“”、．", '():,"",.')


def _each(page: Page, change: Callable[[C], str]) -> None:
    for section in page.sections:
        for grid in section.grids:
            for row in grid.rows:
                row[:] = [c if c.kind in ("value", "serial", "foreign") else with_text(c, change(c)) for c in row]


def _misprints(page: Page, rng: random.Random) -> None:
    chosen = {k: v for k, v in _MISPRINTS.items() if rng.random() < 0.6}
    _each(page, lambda c: chosen.get(c.text, c.text))


def _remarks(page: Page, rng: random.Random) -> None:
    chosen = {k: v for k, v in _REMARKS.items() if rng.random() < 0.7}
    _each(page, lambda c: chosen.get(c.text, c.text))


def _half_width(page: Page, rng: random.Random) -> None:
    _each(page, lambda c: c.text.translate(_HALF))
    for section in page.sections:
        section.heading = section.heading.translate(_HALF)


def _spaces(page: Page, rng: random.Random) -> None:
    """Blanks inside labels, as justified lines leave them."""
    blank = rng.choice([" ", "\u3000", "\u00a0"])

    def spaced(c: C) -> str:
        text = re.sub(r"^(（.）)", r"\1" + blank, c.text)
        return blank.join(text) if len(text) <= 3 else text.replace("第（", blank + "第（")

    _each(page, spaced)


def _other_numbering(page: Page, rng: random.Random) -> None:
    """1、 or 1． or （1） for 1. before the items of table 3, or no number at all."""
    mark = rng.choice([r"\1、", r"\1．", r"\1. ", r"（\1）", r"\1.　"])
    _each(page, lambda c: re.sub(r"^(\d)\.", mark, c.text))


def _cut_heads(page: Page, rng: random.Random) -> None:
    """Only the first line of a head survives: 结果|结果|其他|尚未 in table 4, 本年新|本年新 in f2019."""
    cut = {
        "结果维持": "结果",
        "结果纠正": "结果",
        "其他结果": "其他",
        "尚未审结": "尚未",
        "本年新制作数量": "本年新",
        "本年新公开数量": "本年新",
        "商业企业": "商业",
        "科研机构": "科研",
    }
    _each(page, lambda c: cut.get(c.text, c.text))


def _head_twice(page: Page, rng: random.Random) -> None:
    """The head of column 1 of block (一) printed over column 2 again."""
    _each(page, lambda c: "本年新制作数量" if c.text == "本年新公开数量" else c.text)


def _unit_yuan(page: Page, rng: random.Random) -> None:
    """A unit in the head of the procurement amount."""
    _each(page, lambda c: "采购总金额（万元）" if c.text == "采购总金额" else c.text)


def _full_width(page: Page, rng: random.Random) -> None:
    _each(page, lambda c: re.sub(r"[0-9]", lambda m: chr(ord(m[0]) + 0xFEE0), c.text))


def _split_heads(page: Page, rng: random.Random) -> None:
    """Heads in two lines: 商业 over 企业, 结果 over 维持."""

    def split(c: C) -> str:
        if c.kind != "head" or not 4 <= len(c.text) <= 8:
            return c.text
        at = rng.choice([2, len(c.text) // 2])
        return f"{c.text[:at]}\n{c.text[at:]}"

    _each(page, split)


def _vertical(page: Page, rng: random.Random) -> None:
    """Narrow heads and group labels with one character a line."""

    def upright(c: C) -> str:
        narrow = c.kind == "group" or (c.kind == "head" and len(c.text) <= 4)
        return "\n".join(c.text) if narrow else c.text

    _each(page, upright)


LABELS: dict[str, Variants] = {
    "misprints": {"misprints": _misprints},
    "label remarks": {"label_remarks": _remarks},
    "brackets, spaces": {"half_width": _half_width, "label_spaces": _spaces},
    "numbering": {"other_numbering": _other_numbering, "full_width_labels": _full_width},
    "heads cut": {"cut_heads": _cut_heads, "head_twice": _head_twice},
    "unit in head": {"unit_in_head": _unit_yuan},
    "heads split": {"split_heads": _split_heads, "vertical": _vertical},
}

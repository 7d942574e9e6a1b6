"""One printed cell to one exact number, or to the reason why it is none.

Blank, `/`, `-`, a word and `0` are different facts and stay apart. A cell that has digits but does not read as exactly
one number is unreadable: it is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pipelines.forms.definitions import Kind
from pipelines.model import State

_MONEY = {name: Decimal(factor) for name, factor in (("元", 1), ("千元", 10**3), ("万元", 10**4), ("亿元", 10**8))}
_MONEY["万"] = _MONEY["万元"]
_COUNTS = "件项条个次人篇宗起份家名张"
_DASHES = frozenset("-－—–―‐‑‒﹣−")
_MULTIPLE = re.compile(r"[百千万亿]|[%％]")  # 万人次: the number counts something else than the form does
# A numeral in characters, or letters in place of digits (O, l), is a number we do not read, not a word for none.
_NUMERAL = re.compile("[〇零○一二两三四五六七八九十百千万亿点]+|[A-Za-z]+|[?？]+")
_FAILED = re.compile(r"#[A-Z/0]+[!?]?")  # #REF!, #N/A: a formula of a spreadsheet that came to nothing
# A digit of another kind (①, ⒊, Ⅲ, 贰), or what stands for a character that was lost.
_ODD_DIGIT = re.compile("[\\d\ufffd²³¹⁰-₉①-⓿❶-➓Ⅰ-ⅿ壹贰叁肆伍陆柒捌玖]")
_NUMBER = re.compile(
    rf"""(?P<sign>[+\-−－–—]|\(?(?:增加了?|减少了?|新增|增|减)\)?:?)?
    (?:人民币|[¥￥])?(?P<digits>\d{{1,3}}(?:[,，]\d{{3}})+|\d+)(?P<fraction>\.\d+)?
    (?P<unit>万元|亿元|千元|元|万|人次|件次|[{_COUNTS}])?
    (?P<remark>\([^()]*\))?[。．.;；]?""",
    re.VERBOSE,
)
_UNIT_IN_REMARK = re.compile(
    rf"\((?:单位:?|计量单位:?)?(?P<unit>万元|亿元|千元|元|[百千万亿]+[{_COUNTS}]?|人次|件次)\)"
)
_CORRECTED = re.compile("更正|更改|改为|改正|修正|订正|勘误|应为|应是|实为|实际|有误")
_DASH_AND_NUMBER = re.compile(r"\s*[-－−–—]\s+\d")  # two cells that ran together, and no sign
_NEGATIVE = frozenset("-−－–—减")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = re.compile(r"[ \t\u00a0\u3000\u200b]+")


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell says: its state, the number in the form's unit if there is one, and the unit printed in the cell."""

    state: State
    number: Decimal | None = None
    unit: str | None = None


@lru_cache(maxsize=8192)
def read_value(text: str, kind: Kind, unit: str | None = None, head_unit: str | None = None) -> Value:
    """Read one cell. `unit` is the form's; `head_unit` is printed in the column head and holds where the cell has none.

    Money is converted to the form's unit; where the form has none, the number stays as printed with its own unit.
    """
    plain = fold_number(text)
    if not plain:
        return Value("blank")
    if plain in ("/", "\\"):
        return Value("slash")
    if all(char in _DASHES for char in plain):
        return Value("dash")
    if kind != "signed" and _DASH_AND_NUMBER.match(text):
        return Value("unreadable")
    match = _NUMBER.fullmatch(plain)
    if not match:
        unread = _ODD_DIGIT.search(plain) or _NUMERAL.fullmatch(plain) or _FAILED.match(plain)
        return Value("unreadable" if unread else "word")
    if len(match["digits"]) > 1 and not match["digits"].strip("0"):
        return Value("unreadable")  # 00: the zeros of two cells
    remark = match["remark"] or ""
    if _CORRECTED.search(remark):
        return Value("unreadable")  # 12（更正为13）
    in_remark = _UNIT_IN_REMARK.fullmatch(remark)
    own = in_remark["unit"] if in_remark else match["unit"]
    if in_remark and match["unit"] and match["unit"] != own:
        return Value("unreadable")  # 25.1万元（元）
    printed = own or head_unit
    number = Decimal(match["digits"].replace(",", "").replace("，", "") + (match["fraction"] or ""))
    if re.search(r"[增减+\-−－]", remark) and kind == "signed":
        return Value("unreadable")  # 27（减）: whether the remark is the sign is for a person to say
    if (match["sign"] or "").strip("(")[:1] in _NEGATIVE:
        number = -number
    if kind == "amount":
        return _money(number, printed, unit)
    if printed in _MONEY or _MULTIPLE.match(printed or "") or (match["unit"] and "%" in remark):
        return Value("unreadable")
    return Value("number", exact(number), own)


def fold_number(text: str) -> str:
    """Cell text with full-width digits, marks and brackets folded and the spaces around it gone.

    Spaces *between* digits stay: `1 2` may be two cells that ran together. Superscripts and circled digits stay as
    they are: a footnote mark must not become part of a number.
    """
    folded = _SPACES.sub(" ", text.translate(_HALF_WIDTH)).strip()
    return re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", folded)


@lru_cache(maxsize=8192)
def looks_like_value(text: str) -> bool:
    """Whether a piece of running text can be a value cell: a number with its trimmings, a mark, or nothing."""
    plain = fold_number(text)
    return not plain or plain in ("/", "\\") or all(c in _DASHES for c in plain) or bool(_NUMBER.fullmatch(plain))


def exact(number: Decimal) -> Decimal:
    """A whole number without its point; a decimal without trailing zeros."""
    if number == number.to_integral_value():
        return number.quantize(Decimal(1))
    return number.normalize()


def representable(number: Decimal) -> bool:
    """Whether JSON and SQLite readers get this number back digit by digit (15 significant digits, 64-bit integers)."""
    if number == number.to_integral_value():
        return abs(number) < 2**53
    return len(number.as_tuple().digits) <= 15


def _money(number: Decimal, printed: str | None, unit: str | None) -> Value:
    printed_unit = "万元" if printed == "万" else printed
    if not number and printed not in _MONEY:
        return Value("number", exact(number))  # nothing is nothing in any unit
    if printed is None:
        return Value("number", exact(number))
    if printed not in _MONEY or (unit is not None and unit not in _MONEY):
        return Value("unreadable")
    if unit is not None:
        return Value("number", exact(number * _MONEY[printed] / _MONEY[unit]), printed_unit)
    # Without a unit of the form two are told apart downstream; the others become the nearer of them.
    nearer = {"千元": "元", "亿元": "万元"}.get(printed)
    if nearer:
        number, printed_unit = number * _MONEY[printed] / _MONEY[nearer], nearer
    return Value("number", exact(number), printed_unit)

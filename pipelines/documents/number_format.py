"""What a spreadsheet shows for a number: the number in the cell's format.

Only formats that print a plain decimal are followed. For any other (dates, percent of percent, fractions, scaled units)
the number is given together with the format, which no reader of figures takes for a number.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

# What files refer to by number only (ISO/IEC 29500-1, 18.8.30); those left out are dates and times.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 42: '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 44: '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ',
    48: "##0.0E+0", 49: "@",
}  # fmt: skip
DATE = "date or time"
"""Stands for the formats that files refer to by number and that are not in the list."""
_GENERAL = frozenset(("general", "g/通用格式", "@", ""))
_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|!(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[(?:[A-Za-z]+|Color ?\d+|颜色 ?\d+)\]|(.)', re.DOTALL
)
_COLOURS = frozenset("black blue cyan green magenta red white yellow".split())
_DIGITS, _LITERALS = frozenset("0#?"), frozenset(" -+()¥￥$:%,/<>=^'{}~&—－")
# A comma at the end of the whole part would scale the number.
_PLAIN = re.compile(r"(?:[#?0]+(?:,[#?0]+)*)?(?:\.[#?0]*)?")
_EXACT = 15  # digits that a spreadsheet keeps of a number


def shown(number: float, code: str) -> str:
    """A number as a cell of this format shows it."""
    exact = Decimal(f"{number:.{_EXACT}g}")
    if code.strip().lower() in _GENERAL:
        return plain(exact)
    sections = _sections(code)
    if any("[" in section and re.search(r"\[[<>=]", section) for section in sections):
        return f"{plain(exact)} [{code}]"
    section = sections[0]
    if len(sections) > 1 and exact < 0:
        section, exact = sections[1], -exact
    elif len(sections) > 2 and exact == 0:
        section = sections[2]
    text = _in_section(exact, section)
    return f"{plain(exact)} [{code}]" if text is None else text


def shown_text(text: str, code: str) -> str:
    """Words in a cell of this format: its fourth section, where there is one, may hide or surround them."""
    sections = _sections(code)
    if len(sections) < 4 or not text:
        return text
    return "".join(text if part == "@" else part for part, _ in _parts(sections[3])).strip()


def not_computed(formula: str) -> str:
    """Stands in a cell whose formula came without its result. The digit keeps it from being taken for a word."""
    return f"={formula} (0 results)"


def plain(number: Decimal) -> str:
    """A decimal without exponent and without zeros at its end."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[str, ...]:
    """The parts of a format for positive, negative, zero and text; semicolons inside quotes part nothing."""
    return tuple(re.findall(r'((?:"[^"]*"|\\.|[^;"\\]|["\\])*)(?:;|$)', code)[: code.count(";") + 1]) or ("",)


@lru_cache(maxsize=512)
def _parts(section: str) -> tuple[tuple[str, bool], ...]:
    """The characters of a section, and whether each is a literal. Colours, spaces and fills are gone."""
    parts: list[tuple[str, bool]] = []
    for match in _TOKEN.finditer(section):
        quoted, escaped, exclaimed, currency, bare = match.groups()
        literal = quoted if quoted is not None else escaped or exclaimed or currency
        if literal:
            parts.append((literal, True))
        elif bare is not None:
            parts.append((bare, bare in _LITERALS and bare not in "%,"))
        elif match[0].startswith("[") and match[0][1:-1].lower() not in _COLOURS:
            parts.append((match[0], False))  # [DBNum1] writes numerals, [h] is a time
    return tuple(parts)


def _in_section(number: Decimal, section: str) -> str | None:
    """The number in one section of a format; None when this is no plain decimal."""
    parts = _parts(section)
    if "".join(part for part, _ in parts).strip().lower() in ("general", "g/通用格式"):
        return plain(number)
    places = [place for place, (part, literal) in enumerate(parts) if not literal and part in "0#?.,"]
    if not places:
        literals = all(literal for _, literal in parts)
        return "".join(part for part, _ in parts).strip() if literals else None
    first, last = places[0], places[-1]
    pattern = "".join(part for part, _ in parts[first : last + 1])
    percent = any(part == "%" and not literal for part, literal in parts)
    around = [*parts[:first], *parts[last + 1 :]]
    strange = any(not literal and part != "%" for part, literal in around)
    inside = any(literal for _, literal in parts[first : last + 1])  # 0!.0000 shows 251000 as 25.1000
    if strange or inside or not _PLAIN.fullmatch(pattern):
        return None
    digits = _digits(number * 100 if percent else number, pattern)
    before = "".join(part for part, _ in parts[:first])
    behind = "".join(part for part, _ in parts[last + 1 :])
    return f"{before}{digits}{behind}".strip()


def _digits(number: Decimal, pattern: str) -> str:
    whole, _, fraction = pattern.partition(".")
    rounded = number.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    sign = "-" if rounded < 0 else ""
    integer, _, decimals = f"{abs(rounded):f}".partition(".")
    least = len(whole.replace("#", "").replace("?", "").replace(",", ""))
    integer = integer.lstrip("0").rjust(least, "0")
    if "," in whole and integer:
        integer = f"{int(integer):,}".rjust(least, "0")
    kept = len(fraction.rstrip("#?"))
    while len(decimals) > kept and decimals.endswith("0"):
        decimals = decimals[:-1]
    return f"{sign}{integer}{'.' if decimals else ''}{decimals}"

"""How a report says whose it is and of which year: titles, period sentences, signatures, and the answer to each."""

import random
from dataclasses import dataclass

from tests.generate.facts.agencies import Agency

_DIGITS = {
    "〇": "〇一二三四五六七八九",
    "○": "○一二三四五六七八九",
    "O": "O一二三四五六七八九",
    "零": "零一二三四五六七八九",
}
WORDS = "政府信息公开工作年度报告"


@dataclass(frozen=True, slots=True)
class Identity:
    """Title lines, the period sentence, the signature lines, and the agencies and the year that are right.

    `stated_year` is None where two years stand against each other and nothing decides.
    """

    style: str
    lines: tuple[str, ...]
    period: str
    signature: tuple[str, ...]
    agencies: tuple[str, ...]
    year: int
    stated_year: int | None = None

    @property
    def conflict(self) -> bool:
        """Whether the document contradicts itself about its year."""
        return self.style.startswith("conflict")


def chinese_year(year: int, zero: str) -> str:
    """2023 as 二〇二三, with one of the zeros that are in use."""
    return "".join(_DIGITS[zero][int(d)] for d in str(year))


# Title lines of every style; {words} is the noun of the form, {numerals} and {wide} are the year in other digits.
_TITLES: dict[str, tuple[str, ...]] = {
    "plain": ("{name}{year}年{words}",),
    "spaces": ("{name} {year} 年{words}",),
    "of_the_year": ("{name}{year}年度{words}",),
    "year_first": ("{year}年{name}{words}",),
    "year_first_bare": ("{year}{name}{words}",),
    "year_twice": ("{year}{name}{year}年度{words}",),
    "year_inside": ("{name}政府信息公开工作{year}年度报告",),
    "year_below": ("{name}", "{words}", "（{year}年度）"),
    "no_year": ("{name}{words}",),
    "no_agency": ("{year}年{words}",),
    "agency_above": ("{name}", "{year}年{words}"),
    "broken_words": ("{name}{year}年政府信息公开工作", "年度报告"),
    "broken_last": ("{name}{year}年政府信息公开工作年度", "报告"),
    "spaced_last": ("{name}{year}年政府信息公开工作年度", "报 告"),
    "broken_agency": ("{left}", "{right}{year}年{words}"),
    "number_above": ("某政发〔{next}〕{number}号", "{name}", "{year}年{words}", "市政府办公室："),
    "short_noun": ("{name}{year}年政府信息公开年报",),
    "work_noun": ("{name}{year}年政府信息公开工作年报",),
    "swapped_noun": ("{name}{year}年政府信息公开年度工作报告",),
    "no_work": ("{name}{year}年政府信息公开年度报告",),
    "about": ("{name}关于{year}年{words}",),
    "about_of": ("{name}关于{year}年度政府信息公开工作情况的报告",),
    "numerals": ("{name}{numerals}年{words}",),
    "numerals_first": ("{numerals}年度{name}{words}",),
    "wide_year": ("{name}{wide}年{words}",),
    "edition": ("{name}{year}年{words}（文字版）",),
    "affairs_noun": ("{name}{year}年政务信息公开年度报告",),
    "information_noun": ("{name}{year}年信息公开年度报告",),
    "two_titles": ("{short}{year}年政府信息公开年度报告", "{name}{year}年{words}"),
    "notice": ("{name}关于公布{year}年度{words}的通知", "{name}{year}年{words}"),
    "conflict": ("{name}{year}年{words}",),
    "conflict_title": ("{name}{wrong}年{words}",),
    "conflict_open": ("{name}{year}年{words}",),
    "book_marks": ("《{name}{year}年{words}》",),
    "prose_agency": ("{year}年{words}",),
}
# The styles by what they do; a conflict is one between the years of title, period and signature.
TITLES: dict[str, tuple[str, ...]] = {
    "title lines": (
        "year_below",
        "agency_above",
        "broken_words",
        "broken_last",
        "spaced_last",
        "broken_agency",
        "number_above",
        "two_titles",
        "notice",
    ),
    "year elsewhere": ("spaces", "of_the_year", "year_first", "year_first_bare", "year_twice", "year_inside"),
    "no year": ("no_year",),
    "no agency": ("no_agency", "prose_agency"),
    "other nouns": (
        "short_noun",
        "work_noun",
        "swapped_noun",
        "no_work",
        "about",
        "about_of",
        "book_marks",
        "edition",
        "affairs_noun",
        "information_noun",
    ),
    "numerals": ("numerals", "numerals_first", "wide_year"),
    "years conflict": ("conflict", "conflict_title", "conflict_open"),
}


def _lines(style: str, name: str, short: str, year: int, rng: random.Random) -> tuple[str, ...]:
    numerals = chinese_year(year, rng.choice(list(_DIGITS)))
    cut = min(rng.choice([2, 4, 6]), len(name) - 1)
    wide = str(year).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    values = {
        "name": name,
        "short": short,
        "year": year,
        "words": WORDS,
        "numerals": numerals,
        "wide": wide,
        "next": year + 1,
        "wrong": year - 1,
        "number": rng.randint(1, 30),
        "left": name[:-cut],
        "right": name[-cut:],
    }
    return tuple(line.format(**values) for line in _TITLES[style])


def _period(year: int, rng: random.Random) -> str:
    return rng.choice(
        [
            f"本报告中所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。",
            f"本报告中所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。",
            f"所列数据统计期限从{year}年1月1日到12月31日。",
            f"统计期限为{year}年1月1日—12月31日。",
            f"数据的统计期限自{year}11日起至{year}1231日止。",
            f"数据的统计期限自{year}1月1日起至{year}12月31日止。",
            f"本报告统计时间为{year}年1月1日至{year}年12月31日。",
            f"本报告所列数据的统计期限自 {year} 年 1 月 1 日起至 {year} 年 12 月 31 日止。",
            f"统计期限自{chinese_year(year, '〇')}年一月一日起至{chinese_year(year, '〇')}年十二月三十一日止。",
        ]
    )


def _signature(agency: Agency, year: int, rng: random.Random) -> tuple[str, ...]:
    day = rng.randint(4, 30)
    date = rng.choice(
        [f"{year + 1}年1月{day}日", f"{year + 1} 年 1 月 {day} 日", f"{chinese_year(year + 1, '〇')}年一月十五日"]
    )
    return (agency.name, date)


def _contradictory(agency: Agency, year: int, style: str, lines: tuple[str, ...]) -> Identity:
    """Two of three years agree, or two stand against each other and the year cannot be known."""
    told = year if style == "conflict_title" else year - 1
    period = f"本报告中所列数据的统计期限自{told}年1月1日起至{told}年12月31日止。"
    signature = (agency.name,) if style == "conflict_open" else (agency.name, f"{year + 1}年1月18日")
    names = (agency.name, agency.short) if agency.area else (agency.name,)
    return Identity(style, lines, period, signature, names, year, None if style == "conflict_open" else year)


def make_identity(agency: Agency, year: int, style: str, rng: random.Random) -> Identity:
    """Title, period and signature of a report in one of the styles of TITLES, or plain."""
    conflict = style.startswith("conflict")
    shortened = rng.random() < 0.15 and style not in ("no_agency", "two_titles", "notice")
    name = agency.short if shortened else agency.name
    lines = _lines(style, name, agency.short, year, rng)
    if conflict:
        return _contradictory(agency, year, style, lines)
    period = _period(year, rng)
    signature: tuple[str, ...] = ()
    if style == "no_agency" or rng.random() < 0.4:
        signature = _signature(agency, year, rng)
    if style != "no_year" and rng.random() < 0.3:
        period = ""
    if style == "prose_agency":
        signature, shortened, period = (), False, f"本报告由{agency.name}编制。" + period
    accepted: tuple[str, ...] = (agency.name,) if signature or not shortened else (name,)
    if agency.area or (style == "two_titles" and not signature):
        accepted = (agency.name, agency.short)
    return Identity(style, lines, period, signature, accepted, year, year)

"""The place with which the name of a body begins, found in the divisions that ship with gongkai.

A name proves its place by naming it down from a division that has no namesake (江苏省南京市鼓楼区), or together with
the division of the portal that prints it: on a portal of Nanjing, 鼓楼区 is Nanjing's. What is not proved is left open.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from archive.agencies.divisions import Division, called, children, line_of, nearest, townships, upper, within

_HAN = r"[\u3400-\u9fff]"
_LONGEST = 15
_GROUPED = re.compile(rf"^({_HAN}{{2,8}}?)(自治区|自治州|自治县|自治旗|州|县|旗)")  # 凉山州, 积石山县, 莫旗
_ENDS = {"州": "自治州", "县": "自治县", "旗": "自治旗"}
# 市 is relative in 市教育局, but not in 市场监督管理局; 区 not in 区域合作.
_RELATIVE = re.compile(
    r"^(?:自治区|自治州|省(?!级)|市(?![场政容级])|州|盟|区(?![域级])|县(?![域级])|旗|镇|乡|街道)(?=.)"
)
_NO_TOWN = r"(?!镇|乡(?![村镇])|街道)"
"""Behind 县: 唐县 is a county of Hebei, but 唐县镇 a town of Hubei."""
_LOST = re.compile(
    # A place that no list knows. One character before 市, 旗, 盟 or 州 makes a word (城市, 红旗, 联盟, 杭州), before 县
    # it may be a name (乾县), but not 本县 or 全县. 市 is no city in 市场 and 市政, nor in 城市 before what is done
    # with cities.
    r"^(?![本该全各我某][省市县州旗盟区])((?:(?![区县])[\u3400-\u9fff]){2,8}?"
    r"(?:省|自治区|特别行政区|(?<!城)市(?![场政容])|(?<=城)市(?!管理|建设|更新|综合|规划|运行)|自治州"
    r"|(?:州|盟|旗|地区)(?![区县市]))"
    rf"|{_HAN}{{1,8}}?县{_NO_TOWN})"
)
_STREET = re.compile(r"路(?!政)|大?街|大道")
_LOST_DISTRICT = re.compile(rf"^({_HAN}{{2,6}}?(?<!开发)(?<!社)(?<!园)(?<!新)(?<!高新)(?<!经开)(?<!验)(?<!范)区)")
_LOST_TOWN = re.compile(
    r"^(?!某|乡镇|镇街|镇乡)((?:(?:(?![省市县区]|(?<=[\u3400-\u9fff]{2})[旗州盟])[\u3400-\u9fff]){1,8}?"
    rf"|{_HAN}{{1,3}}县)(?:镇|乡|苏木|街道))"
    r"(?=人民政府|政府|办事处|党政|党群|综合|财政|$)"
)
_LEVELS = {"省": "province", "治区": "province", "州": "city", "盟": "city", "地区": "city"}
_LEVELS |= {"县": "county", "旗": "county", "镇": "township", "乡": "township", "街道": "township"}


@dataclass(frozen=True, slots=True)
class Place:
    """How far the place in a name is known.

    `words` is what the name says, `rest` what follows; `level` is that of the smallest place that it names. `division`
    is the smallest one that is proved; `open_words` the places named below it that are not. `former` is a name that the
    division had before (溧水县 of 溧水区).
    """

    words: str
    rest: str
    level: str | None
    division: Division | None
    open_words: str = ""
    former: str = ""
    evidence: tuple[str, ...] = ()


def read_place(name: str, portal_code: str | None) -> Place:
    """The place at the beginning of a name printed by a portal of that division (null: not known)."""
    portal = nearest(portal_code)
    place = Place("", name, None, None)
    while (further := _next(place, portal)) is not None:
        place = further
    return place


@cache
def hub(portal: Division) -> Division:
    """The division within which a portal's place names are unique: its city, else its province."""
    line = line_of(portal)
    return next((one for one in line if one.level == "city"), line[0])


def is_unique(name: str) -> bool:
    """Whether a name begins with that of a province, prefecture, city, county or banner, which no two of them share."""
    return _LOST.match(name) is not None


def stem(name: str) -> str:
    """A place's name without what kind of place it is: 溧水 of 溧水县 and of 溧水区."""
    return re.sub(r"(?:县|区|市|镇|乡|街道)$", "", name) if len(name) > 2 else name


def _next(place: Place, portal: Division | None) -> Place | None:
    """The place with one more name read; null when what follows is no place."""
    if place.open_words and place.level == "township":
        return None
    named = _longest(place, portal)
    if named:
        return _with(place, named, portal)
    if not place.words:
        return _relative(place, portal) or _short_province(place, portal) or _lost(place, portal)
    return _lost(place, portal)


def _longest(place: Place, portal: Division | None) -> tuple[str, tuple[Division, ...]] | None:
    """The longest name of a division that comes next, and all divisions of that name that it may be."""
    if place.open_words:
        return None
    for length in range(min(_LONGEST, len(place.rest)), 1, -1):
        name = place.rest[:length]
        if place.division:
            found = _names_below(place.division).get(name, ())
        else:
            found = (*called(name), *_towns_here(portal, name))
        if found and not _goes_on(name, place.rest[length:]):
            return name, found
    short = _GROUPED.match(place.rest)
    if short:
        end = _ENDS.get(short[2], short[2])
        among = _descendants(place.division) if place.division else _by_first_character().get(short[1][0], ())
        found = tuple(one for one in among if one.name.startswith(short[1]) and one.name.endswith(end))
        return (short[0], found) if found else None
    return None


@cache
def _by_first_character() -> dict[str, tuple[Division, ...]]:
    """The divisions down to counties: to go through all of them takes as long as to write half a report."""
    found: dict[str, list[Division]] = {}
    for one in upper().values():
        found.setdefault(one.name[:1], []).append(one)
    return {character: tuple(divisions) for character, divisions in found.items()}


def _goes_on(name: str, rest: str) -> bool:
    """Whether the name of a place is the beginning of another word: 市 of 市场, 唐县 of 唐县镇."""
    return (name[-1] == "市" and rest[:1] == "场") or (name[-1] == "县" and re.match(_NO_TOWN, rest) is None)


def _with(place: Place, named: tuple[str, tuple[Division, ...]], portal: Division | None) -> Place:
    """The place with a name that the list of divisions has, settled where that is proved."""
    name, found = named
    levels = {one.level for one in found}
    level = levels.pop() if len(levels) == 1 else None
    if place.division:
        known = len(found) == 1 and (
            not _is_loose(found[0], place.division) or found[0].parent_code == place.division.code
        )
        proved = found[0] if known else None
        why = f"{name} lies in {place.division.name}" if known else _several(found)
    else:
        proved, why = _settled(found, portal)
    words, rest = place.words + name, place.rest[len(name) :]
    if proved is None:
        return Place(words, rest, level, place.division, place.open_words + name, "", (*place.evidence, why))
    return Place(words, rest, proved.level, proved, "", place.former, (*place.evidence, why))


def _settled(found: tuple[Division, ...], portal: Division | None) -> tuple[Division | None, str]:
    """Which of the divisions of one name a portal means, and the reason for that answer."""
    name = found[0].name
    if found[0].level in ("province", "city") or (portal is None and not _is_district(found[0])):
        return (found[0], f"one division is called {name}") if len(found) == 1 else (None, _several(found))
    if portal is None:
        return None, f"districts share names, {name} too at some time"
    around = f"{hub(portal).name}, portal of {portal.code}"
    near = [one for one in found if one in line_of(portal)]
    if not near and not _is_loose(found[0], hub(portal)):
        near = [one for one in found if within(one, hub(portal))]
    if len(near) == 1:
        return near[0], f"{name} in {around}"
    return (None, _several(found)) if near else (None, f"no {name} in {around}")


def _is_district(one: Division) -> bool:
    """Whether a division is an ordinary district (市辖区): those share names, with others and with abolished ones."""
    is_zone = "71" <= one.code[4:6] <= "80"
    return one.name[-1] == "区" and not is_zone and not re.search(r"特区$|^神农架林区$|..新区$", one.name)


def _is_loose(one: Division, above: Division) -> bool:
    """Whether a district is looked for in a whole province, where one that is abolished may have had its name.

    桥东区 is in 张家口市 alone today, but until 2014 石家庄市 had one, too. No city ever had two of a name.
    """
    return _is_district(one) and above.level == "province" and above.name[-1] != "市"


def _several(found: tuple[Division, ...]) -> str:
    return f"{len(found)} divisions are called {found[0].name}"


def _relative(place: Place, portal: Division | None) -> Place | None:
    """市教育局: the city that the portal is of, or lies in."""
    portal_code = portal.code if portal else ""
    match = _RELATIVE.match(place.rest)
    if not match:
        return None
    word = match[0]
    for one in reversed(line_of(portal)) if portal else ():
        if one.name.endswith(word) and not (word == "区" and one.level == "province"):
            why = f"{word} on a portal of {portal_code}"
            return Place(word, place.rest[len(word) :], one.level, one, "", "", (why,))
    level = next((level for end, level in _LEVELS.items() if word.endswith(end)), None)
    return Place(word, place.rest[len(word) :], level, None, word, "", (f"{word}, of a place that is not known",))


def _short_province(place: Place, portal: Division | None) -> Place | None:
    """江苏教育厅: a province without 省 or 自治区, where the word is not a city's name as well.

    A portal in another province means something else by it: 云南路小学 is a school of Qingdao.
    """
    if _LOST_TOWN.match(place.rest):
        return None  # 河北镇 and 河南寨镇 are towns of Beijing
    for one in children("") if portal is None else line_of(portal)[:1]:
        short = re.sub(r"(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$", "", one.name)
        rest = place.rest[len(short) :]
        if not place.rest.startswith(short) or one.name[-1] == "市" or _STREET.match(rest):
            continue
        if rest.endswith("厅") or not any(called(short + end) for end in ("市", "地区")):
            return Place(short, rest, one.level, one, "", "", (f"{short} is short for {one.name}",))
    return None


def _lost(place: Place, portal: Division | None) -> Place | None:
    """A place that the list does not have: abolished, renamed, or invented."""
    match = _LOST_TOWN.match(place.rest)
    if not match and not place.open_words and (place.division is None or place.level in ("province", "city")):
        match = _LOST.match(place.rest) or _LOST_DISTRICT.match(place.rest)
    if not match:
        return None
    name, rest = match[1], place.rest[match.end(1) :]
    words = place.words + name
    if match.re is _LOST_TOWN:
        above = place.division or (portal if not place.words else None)
        why = f"{name} is not in the list of divisions"
        if place.open_words or above is None:
            return Place(words, rest, "township", place.division, place.open_words + name, "", (*place.evidence, why))
        return Place(words, rest, "township", above, name, place.former, (*place.evidence, why))
    today = _today(name, place.division or (hub(portal) if portal else None))
    level = next((level for end, level in _LEVELS.items() if name.endswith(end)), None)
    if today:
        why = f"{name} is {today.name} today"
        return Place(words, rest, level, today, "", name, (*place.evidence, why))
    why = f"{name} is not in the list of divisions"
    return Place(words, rest, level, place.division, name, "", (*place.evidence, why))


def _today(name: str, above: Division | None) -> Division | None:
    """What a county or district that is not in the list any more is called today, where its name is still in use."""
    if above is None or name[-1] not in "县区市" or len(stem(name)) < 2:
        return None
    found = [one for one in _descendants(above) if one.level == "county" and stem(one.name) == stem(name)]
    return found[0] if len(found) == 1 else None


@cache
def _names_below(above: Division) -> dict[str, tuple[Division, ...]]:
    names = defaultdict[str, tuple[Division, ...]](tuple)
    for one in (*_descendants(above), *townships(above.code)):
        names[one.name] += (one,)
    return dict(names)


def _towns_here(portal: Division | None, name: str) -> Iterable[Division]:
    """The towns of that name in the county that the portal is of, or lies in."""
    if portal is None:
        return ()
    above = portal.parent_code if portal.level == "township" else portal.code
    return (one for one in townships(above) if one.name == name)


@cache
def _descendants(above: Division) -> tuple[Division, ...]:
    """The cities and counties below a division."""
    return tuple(part for one in children(above.code) for part in (one, *_descendants(one)))

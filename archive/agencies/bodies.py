"""What kind of body a printed name is, of which level, and where: as far as the name and its portal prove it.

Nothing is guessed. A level, kind or division that is not proved is null, and each that is comes with the words that
prove it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from archive.agencies.central import BRANCHED, CENTRAL
from archive.agencies.divisions import Division, nearest
from archive.agencies.placenames import Place, read_place

BodyLevel = Literal["central", "province", "city", "county", "township"]
BodyKind = Literal["government", "office", "department", "township", "park", "other"]

LEVELS: tuple[BodyLevel, ...] = ("central", "province", "city", "county", "township")
KINDS: tuple[BodyKind, ...] = ("government", "office", "department", "township", "park", "other")

RULES = 2
"""Raise it when a name may be read otherwise than before: archives then read their names again."""

_CORPS = re.compile(r"^(?:新疆)?(?:生产)?建设兵团(?=.)|^新疆(?:生产建设)?兵团(?=.)")
_CORPS_DIVISION = re.compile(r"^第?[一二三四五六七八九十\d]{1,3}师")
_GOVERNMENT = re.compile(r"^(?:人民政府|政府)?(?:本级|机关)?$")
_TOWN_OFFICE = re.compile(r"^(?:人民政府|政府|街道办事处|街道办|办事处)?(?:本级|机关)?$")
_OFFICE = re.compile(
    r"^(?:(?:人民)?政府办(?:公[室厅])?|(?:人民政府)?党政(?:综合)?办(?:公室)?|府办公?室?"
    r"|办公[室厅])$"
)
_PARK_WORDS = (
    r"(?:开发区|高新区|经开区|园区|新区|新城|示范区|试验区|实验区|保税区|保税港区|度假区|风景区|名胜区|旅游区|管理区"
    r"|生态区|合作区|集聚区|聚集区|工业区|工业园|科技园|产业园|软件园|高新技术产业区|食品区)"
)
_ADMINISTRATION = r"(?:党工委)?[、和]?(?:管理委员会|管委会|管理局|管理处|管理办公室)"
_PARK = re.compile(rf"^(?:[\u4e00-\u9fff（）()、]*?{_PARK_WORDS})?{_ADMINISTRATION}$|{_PARK_WORDS}$")
_IN_PARK = re.compile(rf"^[\u4e00-\u9fff]*?{_PARK_WORDS}(?=.)")
_BRANCH = re.compile(r"^(.*?局)([\u4e00-\u9fff]{2,6})(?:分局|分中心)$")
_BRANCH_END = re.compile(r"(?:分局|分中心|支队|大队|派出所)$")
_DEPARTMENT = re.compile(r"(?:局|委|厅|部|署|办|委员会|办公[室厅])$")
_OTHER = re.compile(
    r"(?:中心|站|所|院|馆|校|学|视台|广播电台|社|团|场|公司|集团|协会|学会|联合会|联社|银行|法庭|队|处|园|厂|宫|库)$"
)
_DUTY = (
    r"(?:教育|体育|科学技术|科技|工业|信息化|信息产业|民族|宗教|事务|公安|民政|司法|行政|财政|人力资源|社会保障|人事|劳动"
    r"|自然资源|国土资源|土地|规划|生态环境|环境保护|环保|住房|城乡建设|建设|房产|房地产|交通|运输|公路|水利|水务|农业|农村"
    r"|农牧|畜牧|兽医|林业|草原|渔业|海洋|商务|商贸|粮食|物资|储备|文化|广播|电影|电视|新闻|出版|版权|旅游|文物|卫生|健康"
    r"|计划生育|人口|退役军人|应急|安全生产|安全|审计|统计|外事|侨务|港澳|国有资产|市场|工商|质量|技术|食品|药品|医疗保障"
    r"|医疗|保障|监督|管理|综合|执法|城市|市政|园林|绿化|市容|环境|信访|金融|地方|扶贫|开发|乡村|振兴|档案|机关|政务|服务"
    r"|数据|大数据|发展|改革|物价|价格|招商|投资|促进|经济|合作|气象|地震|烟草|税务|国家|防震减灾|人防|人民防空|供销|移民"
    r"|水库|知识产权|疾病预防控制|法制|研究|机构编制|公共资源|交易|住房公积金|公积金|残疾人|妇女|儿童)"
)
_BARE = re.compile(
    rf"^(?>(?:{_DUTY}(?:和|与|及|、)?)+)(?:局|委员会|委|办公室|厅|中心)$|^(?:发改委|卫健委|卫计委|国资委|人社局|住建局|文旅局)$"
)
_BARE_GOVERNMENT = re.compile(r"^(?:人民政府|政府)(?:办公[室厅]|办)?$|^党政(?:综合)?办(?:公室)?$")
_SHORT = {
    "发改委": "发展改革委员会",
    "发展改革委": "发展改革委员会",
    "卫健委": "卫生健康委员会",
    "卫计委": "卫生计划生育委员会",
    "国资委": "国有资产监督管理委员会",
    "人社局": "人力资源社会保障局",
    "人社厅": "人力资源社会保障厅",
    "住建局": "住房城乡建设局",
    "住建厅": "住房城乡建设厅",
    "发改局": "发展改革局",
    "市场监管局": "市场监督管理局",
    "医保局": "医疗保障局",
}


@dataclass(frozen=True, slots=True)
class Body:
    """What a name proves. `division_code` is that of the smallest division that is proved.

    `stem` is the name without its place and in one spelling: two names of one division with one stem mean one body. It
    begins with the places that the division's code does not tell (a town that no list has, a former name).
    `evidence` are the reasons, one a step.
    """

    level: BodyLevel | None
    kind: BodyKind | None
    division_code: str | None
    stem: str
    evidence: tuple[str, ...]


@lru_cache(maxsize=65536)
def read_body(name: str, portal_code: str | None = None) -> Body:
    """What the printed name, simplified and without blanks, proves on a portal of that division (null: not known)."""
    plain = re.sub(r"^(?:中华人民共和国|中国共产党|中共)", "", name)
    if plain in CENTRAL:
        return Body("central", CENTRAL[plain], None, plain, (f"{plain} is a central body",))
    above = next((body for body in BRANCHED if plain.startswith(body)), "")
    if above:
        branch = _local(plain.removeprefix(above), portal_code)
        kind = branch.kind if branch.kind in ("department", "other") else None
        why = (f"a branch of {above}", *branch.evidence)
        return Body(branch.level, kind, branch.division_code, above + branch.stem, why)
    if corps := _CORPS.match(plain):
        return _of_corps(plain[corps.end() :], f"{corps[0]} is no division")
    return _local(plain, portal_code)


def _local(name: str, portal_code: str | None) -> Body:
    portal = nearest(portal_code)
    if bare := _bare(name, portal):
        return bare
    place = read_place(name, portal_code)
    park = _IN_PARK.match(place.rest)
    if portal and place.division is None and not place.open_words and (park or _named_kind(name) == "park"):
        place = replace(place, division=portal, evidence=(f"portal of {portal.code}",))
    if place.division is None and place.words == "" and park is None:
        return Body(None, _named_kind(place.rest), None, _spelling(name), ())
    if _is_zone(place.division) or park:
        return _in_park(place)
    kind, why = _kind(place.rest, place.level)
    reasons = (*place.evidence, *why)
    if _BRANCH_END.search(place.rest):
        return _branch(place, kind, reasons)
    level = place.level if _fits(place, kind) else None
    return Body(_as_level(level), kind, _code(place), _stem(place), reasons)


def _of_corps(rest: str, why: str) -> Body:
    """The corps of Xinjiang (兵团) and its divisions are in no list; the cities that these govern (石河子市) are."""
    division = _CORPS_DIVISION.match(rest)
    local = _local(rest[division.end() :], None) if division else None
    if local and local.division_code:
        return Body(local.level, local.kind, local.division_code, "兵团" + local.stem, (why, *local.evidence))
    return Body(None, _kind(rest, None)[0], None, "兵团" + _spelling(rest), (why,))


def _bare(name: str, portal: Division | None) -> Body | None:
    """教育局: a name without any place is that of the portal's own division."""
    if portal is None or not (_BARE.match(name) or _BARE_GOVERNMENT.match(name)):
        return None
    if _is_zone(portal):
        return Body(None, "department", portal.code, _spelling(name), (f"portal of {portal.code}",))
    kind, why = _kind(name, portal.level)
    place = Place("", name, portal.level, portal)
    return Body(_as_level(portal.level), kind, portal.code, _stem(place), (f"portal of {portal.code}", *why))


def _in_park(place: Place) -> Body:
    """A development zone or a body in one: no level of government is its own."""
    park = _IN_PARK.match(place.rest)
    rest = place.rest[park.end() :] if park else place.rest
    if rest == "" or _PARK.match(place.rest) or re.fullmatch(_ADMINISTRATION, rest):
        return Body(None, "park", _code(place), _stem(place), (*place.evidence, f"{place.rest or place.words}: a zone"))
    if _DEPARTMENT.search(rest):
        return Body(None, "department", _code(place), _stem(place), (*place.evidence, "a department in a zone"))
    town = rest.endswith(("街道", "街道办事处", "镇", "镇人民政府", "乡", "乡人民政府"))
    kind: BodyKind | None = "township" if town else "other" if _OTHER.search(rest) else None
    return Body("township" if town else None, kind, _code(place), _stem(place), (*place.evidence, "in a zone"))


def _branch(place: Place, kind: BodyKind | None, reasons: tuple[str, ...]) -> Body:
    """公安局鼓楼分局: of the district where that is one of the city; else of no level of its own."""
    match = _BRANCH.match(place.rest)
    if match and place.division and place.division.level == "city":
        for end in ("区", "县", "市"):
            inner = read_place(place.division.name + match[2].removesuffix(end) + end, None)
            if inner.division and inner.division.level == "county" and not inner.rest and not inner.former:
                why = (*reasons, f"{match[2]} is {inner.division.name}")
                return Body("county", kind, inner.division.code, _spelling(place.rest), why)
    return Body(None, kind, _code(place), _stem(place), reasons)


def _kind(rest: str, level: str | None) -> tuple[BodyKind | None, tuple[str, ...]]:
    """The kind of a body by the words behind its place."""
    if level == "township" and _TOWN_OFFICE.match(rest):
        return "township", (f"{rest or 'nothing'} behind the name of a town",)
    if _GOVERNMENT.match(rest):
        return "government", (f"{rest or 'nothing'} behind the name of a place",)
    kind = _named_kind(rest)
    return kind, (rest,) if kind else ()


def _named_kind(rest: str) -> BodyKind | None:
    if _OFFICE.match(rest):
        return "office"
    if _PARK.search(rest) and not re.search(r"(?:监督|城市|综合)管理(?:委员会|局|处)$", rest):
        return "park" if re.search(_PARK_WORDS, rest) else "department" if rest.endswith("局") else None
    if _DEPARTMENT.search(rest):
        return "department"
    return "other" if _OTHER.search(rest) else None


def _fits(place: Place, kind: BodyKind | None) -> bool:
    """Whether the smallest place in the name says the level: not when its rank is open (云泽市), or has changed."""
    if place.open_words and place.level is None:
        return False
    if place.former:
        return place.former.endswith(("县", "镇", "乡")) and place.level is not None
    return kind is not None


def _stem(place: Place) -> str:
    rest = place.rest
    if place.level == "township" and _TOWN_OFFICE.match(rest):
        rest = "" if place.division and place.division.level == "township" else "人民政府"
    return place.open_words + place.former + _spelling(rest if rest or place.level == "township" else _own(place))


def _own(place: Place) -> str:
    return "管理委员会" if _is_zone(place.division) or re.search(rf"{_PARK_WORDS}$", place.words) else "人民政府"


def _spelling(words: str) -> str:
    """The words in one spelling: 政府办 is 人民政府办公室, 管委会 is 管理委员会, 和 may be there or not."""
    words = re.sub(r"[（(](?:本级|机关)[）)]|(?:本级)$", "", words)
    words = re.sub(r"(?<!人民)政府", "人民政府", words)
    words = re.sub(r"人民政府办$", "人民政府办公室", words)
    words = re.sub(r"党政办$", "党政办公室", words)
    words = re.sub(r"(?:党工委)?[、和]?管委会$|党工委[、和]?管理委员会$", "管理委员会", words)
    words = re.sub(rf"({_PARK_WORDS})$", r"\1管理委员会", words)
    words = re.sub(r"街道$|街道办$", "街道办事处", words)
    return _SHORT.get(words, re.sub(r"(?<=.)[和与及、](?=.)", "", words))


def _is_zone(division: Division | None) -> bool:
    """Whether a division is one that only statistics count as a county (data/README.md)."""
    return division is not None and division.level == "county" and "71" <= division.code[4:6] <= "80"


def _code(place: Place) -> str | None:
    return place.division.code if place.division else None


def _as_level(level: str | None) -> BodyLevel | None:
    return next((one for one in LEVELS if one == level), None)

"""Invented names of public bodies: counties, districts, towns, bureaus, cities; with rare characters."""

import random
from dataclasses import dataclass

_FIRST = "临清安永长平宁东西南北新高阳河江山海云龙凤金石白青兴昌德康泰武文定宜通和华"
_SECOND = "川泽原陵谷源岭湾溪浦泉林水城州沙口桥塘岩峰"
_RARE = ("亳", "歙", "濉", "郓", "儋", "隰", "邛", "嵊", "婺", "鄠", "甪", "涪", "黟", "泸", "盱", "犍", "珙", "阆")
_SUPPLEMENT = ("䢺", "𬒈", "㵲", "𫟦")
_BUREAUS = (
    "教育局",
    "民政局",
    "司法局",
    "财政局",
    "统计局",
    "水务局",
    "水利局",
    "交通运输局",
    "农业农村局",
    "市场监督管理局",
    "住房和城乡建设局",
    "文化广电和旅游局",
    "退役军人事务局",
    "发展和改革局",
    "气象局",
    "生态环境局",
    "自然资源局",
    "医疗保障局",
    "城市管理综合行政执法局",
    "信访局",
    "审计局",
    "林业和草原局",
)


@dataclass(frozen=True, slots=True)
class Agency:
    """A body: its full name, a shortened name as titles print it, and whether it reports for a whole area."""

    name: str
    short: str
    area: bool = False


def _place(rng: random.Random, rare: float = 0.2) -> str:
    if rng.random() < rare:
        odd = rng.choice(_SUPPLEMENT if rng.random() < 0.1 else _RARE)
        return odd + rng.choice(_SECOND)
    return rng.choice(_FIRST) + rng.choice(_SECOND)


def _county(rng: random.Random) -> str:
    return _place(rng) + rng.choice(["县", "县", "区", "市", "土家族苗族自治县", "藏族自治县", "旗"])


def random_agency(rng: random.Random) -> Agency:
    """One invented agency of a random kind."""
    kind = rng.choice(
        ["office", "bureau", "bureau", "town", "town", "street", "county", "city", "committee", "central"]
    )
    county = _county(rng)
    place = _place(rng, 0.1)
    if kind == "office":
        return Agency(f"{county}人民政府办公室", f"{county}政府办公室")
    if kind == "bureau":
        bureau = rng.choice(_BUREAUS)
        return Agency(f"{county}{bureau}", f"{county[-1]}{bureau}" if len(county) < 5 else f"{county}{bureau}")
    if kind == "town":
        town = place + rng.choice(["镇", "乡", "镇", "回族乡"])
        return Agency(f"{county}{town}人民政府", f"{county}{town}")
    if kind == "street":
        return Agency(f"{county}{place}街道办事处", f"{county}{place}街道")
    if kind == "county":
        return Agency(f"{county}人民政府", county, area=True)
    if kind == "city":
        return Agency(f"{place}市人民政府办公厅", f"{place}市政府办公厅")
    if kind == "committee":
        return Agency(f"{place}经济技术开发区管理委员会", f"{place}经济技术开发区管委会")
    return Agency(f"国家统计局{place}调查队", f"国家统计局{place}调查队")

"""What a printed name proves about a body: level, kind, place; and that it proves nothing that it does not say."""

from __future__ import annotations

import csv
import time

import pytest

from archive.agencies.bodies import KINDS, LEVELS, read_body
from archive.agencies.divisions import chain_of
from tests.conftest import ROOT

KNOWN = [
    # name, division of the portal, level, kind, division
    ("江苏省南京市鼓楼区教育局", None, "county", "department", "320106"),
    ("鼓楼区教育局", "320106", "county", "department", "320106"),
    ("鼓楼区教育局", "320100", "county", "department", "320106"),
    ("鼓楼区教育局", "350102001", "county", "department", "350102"),
    ("教育局", "320106", "county", "department", "320106"),
    ("教育局", "320100", "city", "department", "320100"),
    ("市教育局", "320106", "city", "department", "320100"),
    ("市市场监督管理局", "320100", "city", "department", "320100"),
    ("区民政局", "320106", "county", "department", "320106"),
    ("省教育厅", "320000", "province", "department", "320000"),
    ("自治区教育厅", "150000", "province", "department", "150000"),
    ("江苏教育厅", None, "province", "department", "320000"),
    ("内蒙古教育厅", None, "province", "department", "150000"),
    ("城市管理综合行政执法局", "320106", "county", "department", "320106"),
    ("上海市人民政府办公厅", None, "province", "office", "310000"),
    ("广州市政府办公厅", "440100", "city", "office", "440100"),
    ("人民政府办公室", "620121", "county", "office", "620121"),
    ("苏州市姑苏区党政办公室", None, "county", "office", "320508"),
    ("刚察县人民政府办公室", None, "county", "office", "632224"),
    ("洪泽区人民政府", "320813", "county", "government", "320813"),
    ("双湖县", None, "county", "government", "540630"),
    ("上海市浦东新区教育局", None, "county", "department", "310115"),
    ("湖北省仙桃市财政局", None, "county", "department", "429004"),
    ("神农架林区财政局", None, "county", "department", "429021"),
    ("六枝特区人民政府", None, "county", "government", "520203"),
    ("巴林右旗教育局", None, "county", "department", "150423"),
    ("科尔沁右翼前旗人民政府", None, "county", "government", "152221"),
    ("锡林郭勒盟行政公署", None, "city", "department", "152500"),
    ("凉山州教育局", None, "city", "department", "513400"),
    ("海南州财政局", None, "city", "department", "632500"),  # of 青海省, not 海南省
    ("云南省红河哈尼族彝族自治州教育体育局", None, "city", "department", "532500"),
    ("积石山县教育局", None, "county", "department", "622927"),
    ("察布查尔县教育局", None, "county", "department", "654022"),
    ("东莞市教育局", None, "city", "department", "441900"),
    ("东莞市虎门镇人民政府", None, "township", "township", "441900121"),
    ("城关镇人民政府", "620121", "township", "township", "620121100"),
    ("城关镇", "620121100", "township", "township", "620121100"),
    ("镇人民政府", "620121100", "township", "township", "620121100"),
    ("城关镇党政办公室", "620121", "township", "office", "620121100"),
    ("不存在镇人民政府", "620121", "township", "township", "620121"),
    ("红旗街道办事处", "620122", "township", "township", "620122"),
    ("通州区中仓街道", "110112001", "township", "township", "110112001"),
    ("北京市朝阳区南磨房地区办事处", None, "township", "township", "110105021"),
    ("南京市公安局鼓楼分局", None, "county", "department", "320106"),
    ("国家税务总局南京市鼓楼区税务局", None, "county", "department", "320106"),
    ("新疆生产建设兵团第八师石河子市教育局", None, "county", "department", "659001"),
    ("溧水县教育局", "320117", "county", "department", "320117"),  # the county of before 2013
    ("南京市中级人民法院", None, "city", "other", "320100"),
    ("南京市第一医院", None, "city", "other", "320100"),
    ("中共南京市委宣传部", None, "city", "department", "320100"),
    ("兰州新区管理委员会", "620100", None, "park", "620171"),
    ("苏州工业园区管委会", None, None, "park", "320576"),
    ("经济技术开发区管理委员会", "320600", None, "park", "320600"),
    ("兰州新区教育体育局", None, None, "department", "620171"),
    ("财政部", None, "central", "department", None),
    ("中华人民共和国外交部", None, "central", "department", None),
    ("国务院", None, "central", "government", None),
    ("国务院办公厅", None, "central", "office", None),
    ("国家税务总局", None, "central", "department", None),
]

NOT_PROVED = [
    # name, division of the portal, level, kind, division: what is null is not to be guessed
    ("云泽市人民政府办公室", None, None, "office", None),  # a city or a county?
    ("青禾县财政局", None, "county", "department", None),
    ("鼓楼区教育局", None, "county", "department", None),
    ("鼓楼区教育局", "620000", "county", "department", None),
    ("桥东区教育局", None, "county", "department", None),  # 石家庄 had one until 2014, 张家口 has one
    ("桥东区教育局", "130000", "county", "department", None),
    ("桥东区教育局", "130100", "county", "department", None),
    ("河北省桥东区教育局", None, "county", "department", "130000"),
    ("白云区教育局", "530100", "county", "department", None),
    ("城关镇人民政府", None, "township", "township", None),
    ("城关镇人民政府", "620100", "township", "township", "620100"),  # which of its towns?
    ("吉林财政局", None, None, "department", None),  # the province or the city?
    ("北京教育局", None, None, "department", None),
    ("某区统计局", None, None, "department", None),
    ("市市场监督管理局", None, None, "department", None),
    ("县人民政府办公室", None, "county", "office", None),
    ("莱芜市教育局", "370100", None, "department", "370116"),  # was a city, is a district
    ("长春净月区退役军人事务局", "220100", None, "department", None),
    ("财政局", "130171", None, "department", "130171"),  # in a zone that only statistics count as a county
    ("平潭综合实验区管委会", None, None, "park", None),
    ("新疆生产建设兵团教育局", None, None, "department", None),
    ("南京大学", None, None, "other", None),
    ("Aksu", None, None, None, None),
    ("陇县部门", "610327", None, None, "610327"),
    ("", "320100", None, None, None),
    ("鼓楼区教育局", "999999", "county", "department", None),
]


@pytest.mark.parametrize(("name", "portal", "level", "kind", "division"), [*KNOWN, *NOT_PROVED])
def test_what_a_name_proves(
    name: str, portal: str | None, level: str | None, kind: str | None, division: str | None
) -> None:
    body = read_body(name, portal)
    assert (body.level, body.kind, body.division_code) == (level, kind, division)
    assert body.evidence or (level is None and division is None)


@pytest.mark.parametrize(
    ("one", "other", "portal"),
    [
        ("兰州市政府办", "兰州市人民政府办公室", None),
        ("兰州市", "兰州市人民政府", None),
        ("兰州新区", "兰州新区管委会", "620100"),
        ("城关镇", "城关镇人民政府", "620121"),
        ("中仓街道", "中仓街道办事处", "110112"),
        ("发改委", "发展和改革委员会", "620100"),
        ("兰州市教育和体育局", "兰州市教育体育局", None),
        ("平潭综合实验区党工委管委会", "平潭综合实验区管理委员会", None),
    ],
)
def test_spellings_of_one_name(one: str, other: str, portal: str | None) -> None:
    first, second = read_body(one, portal), read_body(other, portal)
    assert (first.division_code, first.stem) == (second.division_code, second.stem)


@pytest.mark.parametrize(
    ("one", "other", "portal"),
    [
        ("兰州市教育局", "兰州市教育科学研究院", None),
        ("兰州市人民政府", "兰州市人民政府办公室", None),
        ("溧水县教育局", "溧水区教育局", "320117"),
        ("城关镇人民政府", "城关镇党政办公室", "620121"),
        ("红旗街道办事处", "红星街道办事处", "620122"),
        ("国家税务总局永登县税务局", "永登县税务局", None),
        ("新疆兵团教育局", "新疆教育局", None),
        ("鼓楼区市政管理局", "市政管理局", "999999"),
    ],
)
def test_names_of_two_bodies(one: str, other: str, portal: str | None) -> None:
    first, second = read_body(one, portal), read_body(other, portal)
    assert (first.division_code, first.stem) != (second.division_code, second.stem)


@pytest.mark.parametrize(
    ("name", "portal", "code"),
    [
        ("唐县镇人民政府", None, None),  # of 随县 in Hubei; 唐县 is a county of Hebei
        ("唐县镇卫生院", None, None),
        ("新县镇人民政府", "130930", "130930101"),
        ("河北镇人民政府", "110000", "110000"),  # of 房山区, Beijing
        ("河南寨镇人民政府", None, None),
        ("云南路小学", "370202", None),
        ("西藏路派出所", None, None),
        ("河北工业大学", "120112", None),
        ("唐县人民政府", None, "130627"),
        ("唐县乡村振兴局", None, "130627"),
        ("河北唐县教育局", None, "130627"),
    ],
)
def test_a_town_called_like_a_county_or_province(name: str, portal: str | None, code: str | None) -> None:
    assert read_body(name, portal).division_code == code


def test_a_district_whose_name_ends_as_that_of_a_prefecture_is_none() -> None:
    assert read_body("重庆万州区教育局").level is None


def test_the_catalogue() -> None:
    """Of the bodies in the catalogue that have a code, hardly one stays open; none contradicts its level."""
    with (ROOT / "data/portals.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["name"][0] > "z"]
    bodies = {(row["portal_id"], row["level"]): read_body(row["name"], row["division_code"] or None) for row in rows}
    wrong = [key for key, body in bodies.items() if body.level and key[1] and key[1] != "park" and body.level != key[1]]
    assert wrong == []
    known = [body for body in bodies.values() if body.level or body.kind == "park"]
    assert len(known) / len(bodies) > 0.93
    assert {body.level for body in known} == {*LEVELS, None}
    assert {body.kind for body in known} <= {*KINDS, None}


def test_every_place_in_a_chain_names_the_division_that_it_is_of() -> None:
    for code in ("320106", "620121", "110101", "654022", "441900", "429004", "150423"):
        body = read_body(chain_of(code).full_name + "教育局")
        assert (body.division_code, body.stem) == (code, "教育局")


@pytest.mark.parametrize("name", ["医疗保障" * 50, "城市管理" * 40 + "x", "市" * 200, "新区" * 100, "省" * 90 + "局"])
def test_a_hostile_name_costs_nothing(name: str) -> None:
    started = time.process_time()
    read_body(name, "620121")
    assert time.process_time() - started < 0.5

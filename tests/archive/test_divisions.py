"""The divisions that ship with gongkai: chains of names, children, and that nobody waits for them."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest

from archive.agencies import divisions
from archive.agencies.divisions import Chain, chain_of, find, nearest, read_divisions, townships, upper, within
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("320000", Chain("江苏省")),
        ("320106", Chain("江苏省", "南京市", "鼓楼区")),
        ("620121100", Chain("甘肃省", "兰州市", "永登县", "城关镇")),
        ("110101001", Chain("北京市", None, "东城区", "东华门街道")),  # a municipality has no city
        ("500231", Chain("重庆市", None, "垫江县")),
        ("429004", Chain("湖北省", None, "仙桃市")),  # 省直辖县级
        ("659001", Chain("新疆维吾尔自治区", None, "石河子市")),  # of the corps (兵团), under the region in the list
        ("441900121", Chain("广东省", "东莞市", None, "虎门镇")),  # a city without counties
        ("620201001", Chain("甘肃省", "嘉峪关市", None, "雄关街道")),
        ("320199", Chain()),
        ("620121999", Chain("甘肃省", "兰州市", "永登县")),  # an unknown town of a known county
        ("x", Chain()),
        ("", Chain()),
        (None, Chain()),
    ],
)
def test_the_names_of_a_code(code: str | None, chain: Chain) -> None:
    assert chain_of(code) == chain


def test_what_is_read_in_parts_is_what_the_file_says() -> None:
    whole = read_divisions()
    assert upper() == {code: one for code, one in whole.items() if one.level != "township"}
    parents = sorted({one.parent_code for one in whole.values() if one.level == "township"})
    for parent in (*parents[::20], "620200", "441900"):
        assert townships(parent) == tuple(
            one for one in whole.values() if (one.level, one.parent_code) == ("township", parent)
        )
    for code in ("110101001", "620201001", "659012500", "820000001"):
        assert find(code) == whole.get(code)


def test_a_division_lies_in_those_above_it() -> None:
    gulou, nanjing, fuzhou = (nearest(code) for code in ("320106", "320100", "350100"))
    assert gulou
    assert nanjing
    assert fuzhou
    assert within(gulou, nanjing)
    assert within(gulou, gulou)
    assert not within(nanjing, gulou)
    assert not within(gulou, fuzhou)


def test_the_day_of_validity_is_that_of_the_readme() -> None:
    readme = (ROOT / "data/README.md").read_text(encoding="utf-8")
    match = re.search(r"valid on \| (\d{4}-\d\d-\d\d)", readme)
    assert match
    assert match[1] == divisions.VALID_ON


def test_nobody_waits_for_them() -> None:
    """Importing reads nothing; the first question takes less than a tenth of a second of computing, towns included."""
    code = (
        "import time; from archive.agencies import divisions; from archive.agencies.bodies import read_body;"
        "assert divisions._text.cache_info().currsize == 0; t = time.process_time();"
        "read_body('城关镇人民政府', '620121'); read_body('江苏省南京市鼓楼区教育局'); print(time.process_time() - t)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert float(ran.stdout) < 0.1
    started = time.process_time()
    for county in ("320106", "110101", "441900"):
        townships(county)
    assert time.process_time() - started < 0.1

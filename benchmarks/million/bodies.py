"""The bodies of a large archive: as many as reports over ten years need, and one province that is always the same.

A question to one province can only be compared between two archives if the province is as large in both. So `STEADY`
has the same bodies in either, while all other provinces grow with the archive.
"""

from __future__ import annotations

import random
from functools import cache

from benchmarks.archive.generated import YEARS, Agency, agencies, divisions

STEADY = "青海省"
"""The province whose bodies are the same in every archive."""

GROWING = "四川省"
"""One of those that have ten times the bodies in an archive ten times as large."""

STEADY_BODIES = 300

_DEPARTMENTS = (
    "教育局 公安局 民政局 司法局 财政局 生态环境局 交通运输局 水利局 农业农村局 文化和旅游局 卫生健康委员会 审计局"
    " 发展和改革委员会 科学技术局 工业和信息化局 人力资源和社会保障局 自然资源局 住房和城乡建设局 商务局 统计局"
    " 退役军人事务局 应急管理局 市场监督管理局 医疗保障局 林业和草原局 信访局 城市管理局 国有资产监督管理委员会"
    " 行政审批服务局 粮食和物资储备局"
).split()


def bodies_for(reports: int, steady: int = STEADY_BODIES, seed: int = 1) -> list[Agency]:
    """The bodies of an archive of so many reports, in the order in which a crawl might come upon them.

    That is none: the reports of a province lie all over the file. `steady` of them are of STEADY. Raises ValueError for
    more reports than there are bodies for.
    """
    chance = random.Random(seed)
    known = _known(seed)
    constant = [body for body in known if body.province == STEADY]
    others = [body for body in known if body.province != STEADY]
    wanted = -(-reports // len(YEARS))
    same = chance.sample(constant, steady)
    if wanted - len(same) > len(others):
        raise ValueError(f"at most {len(YEARS) * (len(others) + len(same)):,} reports")
    found = same + chance.sample(others, wanted - len(same))
    chance.shuffle(found)
    return found


@cache
def _known(seed: int) -> list[Agency]:
    return agencies(1_000_000, divisions(), seed, _DEPARTMENTS)

"""Narratives as they might be: six sections with at least 2,000 Chinese characters a report, made from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from pipelines.model import Section
from pipelines.normalize.t2s import pairs

_HEADINGS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
_LENGTHS = (900, 300, 200, 150, 500, 150)
_OFTEN = "政府信息公开 行政复议 依申请公开 主动公开 规范性文件 行政诉讼 政策解读 政务公开 本机关 办理 公众 网站".split()


def sections(seed: int = 1) -> Iterator[tuple[Section, ...]]:
    """The sections of report after report, without end: phrases of a dictionary, common ones more often."""
    chance = random.Random(seed)
    phrases = [*_OFTEN, *chance.sample([phrase for phrase in pairs("STPhrases.txt") if len(phrase) < 6], 20_000)]
    summed, total = [], 0.0
    for rank in range(len(phrases)):
        total += 1 / (rank + 20)
        summed.append(total)
    ends = ["", "", "", "，", "，", "、", "。"]
    while True:
        report = []
        for number, (heading, length) in enumerate(zip(_HEADINGS, _LENGTHS, strict=True), 1):
            words = chance.choices(phrases, cum_weights=summed, k=length * 10 // 33)
            text = "".join(word + chance.choice(ends) for word in words)
            report.append(Section(number, heading, text))
        yield tuple(report)

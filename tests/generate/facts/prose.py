"""Invented running text of a report, in sentences of our own, with figures that do not contradict the tables."""

import random

from tests.generate.facts.truth import Truth

_OPENING = "本报告依照《中华人民共和国政府信息公开条例》和上级通知要求编写，共六个部分。"
_LEADERS = (
    "本单位把公开工作列入全年安排，主要领导听取汇报{a}次，分管领导每月过问一次进度。",
    "门户网站栏目调整后，全年更新信息{b}条，其中通知公告{a}条、工作动态{c}条。",
    "微信公众号推送文章{c}篇，回复留言{a}条，平均用时2.5个工作日。",
    "窗口新设查阅点{a}处，摆放文件汇编{c}册，接待来访群众{b}人次。",
    "组织业务培训{a}期，参训人员{c}人次，测试合格率为98.6%。",
)
_PROBLEMS = (
    "少数科室对公开时限把握不严，个别材料晚发3至5天。",
    "解读形式仍以文字为主，图解只占两成左右。",
    "人员变动较多，接手同志对答复格式不够熟悉。",
)
_PLANS = ("下一步将补齐制度，按季度抽查。", "来年计划开设图解专栏，并请第三方评估一次。", "继续加强与档案部门的衔接。")


def opening(rng: random.Random, period: str, year: int) -> list[str]:
    """The paragraphs before section one; sometimes with an earlier year in the words."""
    text = _OPENING + period
    if rng.random() < 0.2:
        text += f"上一份报告（{year - 1}年）已于{year}年1月公布。"
    return [text]


def overview(rng: random.Random, truth: Truth) -> tuple[list[str], set[int]]:
    """Section one, and the numbers of applications that it states."""
    picked = rng.sample(_LEADERS, 3)
    out = [s.format(a=rng.randint(2, 60), b=rng.randint(100, 4000), c=rng.randint(10, 900)) for s in picked]
    if not truth.cells or rng.random() < 0.5:
        return out, set()
    out.insert(1, f"（二）依申请公开。全年收到政府信息公开申请{truth.received}件，均按期答复。")
    return out, {truth.received}


def closing(rng: random.Random) -> tuple[list[str], list[str]]:
    """Sections five and six."""
    fees = rng.choice(["无。", "本年度没有收取信息处理费。", "无其他需要报告的事项。"])
    return [*rng.sample(_PROBLEMS, 2), rng.choice(_PLANS)], [fees]

"""The statistics form of 2014 to 2018 as random agencies fill it in: true rows in the shapes that pages print.

Its rows are written out here and not taken from the form file, so that both cannot share a mistake.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from html import escape

ROWS = """
- 一、主动公开情况 | —— |
proactive_total （一）主动公开政府信息数（不同渠道和方式公开相同信息计1条） | 条
proactive_normative 其中：主动公开规范性文件数 | 条
normative_issued_total 制发规范性文件总数 | 件
- （二）通过不同渠道和方式公开政府信息的情况 | ——
channel_gazette 1.政府公报公开政府信息数 | 条
channel_website 2.政府网站公开政府信息数 | 条
channel_weibo 3.政务微博公开政府信息数 | 条
channel_wechat 4.政务微信公开政府信息数 | 条
channel_other 5.其他方式公开政府信息数 | 条
- 二、回应解读情况 | ——
hot_issues_answered （一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次） | 次
- （二）通过不同渠道和方式回应解读的情况 | ——
press_conferences 1.参加或举办新闻发布会总次数 | 次
press_conferences_head 其中：主要负责同志参加新闻发布会次数 | 次
online_interviews 2.政府网站在线访谈次数 | 次
online_interviews_head 其中：主要负责同志参加政府网站在线访谈次数 | 次
interpretation_articles 3.政策解读稿件发布数 | 篇
weibo_wechat_answers 4.微博微信回应事件数 | 次
other_answers 5.其他方式回应事件数 | 次
- 三、依申请公开情况 | ——
requests_received （一）收到申请数 | 件
requests_in_person 1.当面申请数 | 件
requests_fax 2.传真申请数 | 件
requests_online 3.网络申请数 | 件
requests_letter 4.信函申请数 | 件
requests_completed （二）申请办结数 | 件
completed_on_time 1.按时办结数 | 件
completed_extended 2.延期办结数 | 件
requests_answered （三）申请答复数 | 件
answered_already_public 1.属于已主动公开范围数 | 件
answered_granted 2.同意公开答复数 | 件
answered_partial 3.同意部分公开答复数 | 件
answered_denied 4.不同意公开答复数 | 件
denied_state_secret 其中：涉及国家秘密 | 件
denied_trade_secret 涉及商业秘密 | 件
denied_privacy 涉及个人隐私 | 件
denied_security_stability 危及国家安全、公共安全、经济安全和社会稳定 | 件
denied_not_gov_information 不是《条例》所指政府信息 | 件
denied_other_law 法律法规规定的其他情形 | 件
answered_not_this_body 5.不属于本行政机关公开数 | 件
answered_not_exist 6.申请信息不存在数 | 件
answered_correct_supplement 7.告知作出更改补充数 | 件
answered_other_route 8.告知通过其他途径办理数 | 件
review_total 四、行政复议数量 | 件
review_upheld （一）维持具体行政行为数 | 件
review_corrected （二）被依法纠错数 | 件
review_other （三）其他情形数 | 件
litigation_total 五、行政诉讼数量 | 件
litigation_upheld （一）维持具体行政行为或者驳回原告诉讼请求数 | 件
litigation_corrected （二）被依法纠错数 | 件
litigation_other （三）其他情形数 | 件
complaints 六、举报投诉数量 | 件
fees_collected 七、依申请公开信息收取的费用 | 万元
- 八、机构建设和保障经费情况 | ——
dedicated_offices （一）政府信息公开工作专门机构数 | 个
reading_points （二）设置政府信息公开查阅点数 | 个
staff_total （三）从事政府信息公开工作人员数 | 人
staff_full_time 1.专职人员数（不包括政府公报及政府网站工作人员数） | 人
staff_part_time 2.兼职人员数 | 人
budget （四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费） | 万元
- 九、政府信息公开会议和培训情况 | ——
meetings （一）召开政府信息公开工作会议或专题会议数 | 次
training_courses （二）举办各类培训班数 | 次
trained_persons （三）接受培训人员数 | 人次
"""
SUMS = {
    "requests_received": ("requests_in_person", "requests_fax", "requests_online", "requests_letter"),
    "requests_completed": ("completed_on_time", "completed_extended"),
    "answered_denied": (
        "denied_state_secret", "denied_trade_secret", "denied_privacy", "denied_security_stability",
        "denied_not_gov_information", "denied_other_law",
    ),
    "requests_answered": (
        "answered_already_public", "answered_granted", "answered_partial", "answered_denied", "answered_not_this_body",
        "answered_not_exist", "answered_correct_supplement", "answered_other_route",
    ),
    "review_total": ("review_upheld", "review_corrected", "review_other"),
    "litigation_total": ("litigation_upheld", "litigation_corrected", "litigation_other"),
    "staff_total": ("staff_full_time", "staff_part_time"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A printed line; `id` is None for a group, whose unit is a dash and whose value is left empty."""

    id: str | None
    label: str
    unit: str
    value: str = ""


def truth(rng: random.Random) -> dict[str, str]:
    """Every figure as printed; the sums of the form hold."""
    ids = [row.id for row in blank_rows() if row.id]
    numbers = {id_: rng.choice((0, 0, 0, rng.randint(1, 9), rng.randint(10, 3000))) for id_ in ids}
    for total, parts in SUMS.items():
        numbers[total] = sum(numbers[part] for part in parts)
    numbers["proactive_normative"] = rng.randint(0, 5)
    numbers["proactive_total"] = numbers["proactive_normative"] + rng.randint(0, 9000)
    printed = {id_: str(number) for id_, number in numbers.items()}
    for money in ("fees_collected", "budget"):
        printed[money] = rng.choice(("0", "3.5", "12", "0.08"))
    return printed


def blank_rows() -> list[Row]:
    rows = []
    for line in ROWS.strip().splitlines():
        id_, _, rest = line.partition(" ")
        label, unit = (part.strip() for part in rest.split("|")[:2])
        rows.append(Row(None if id_ == "-" else id_, label, unit))
    return rows


def filled(values: dict[str, str]) -> list[Row]:
    return [Row(row.id, row.label, row.unit, values[row.id] if row.id else "") for row in blank_rows()]


def table(lines: list[list[str]]) -> str:
    """Rows of cells as an HTML table; a cell may be given with its attributes, `colspan=3|text`."""
    rows = "".join(f"<tr>{''.join(_cell(cell) for cell in line)}</tr>" for line in lines)
    return f"<table>{rows}</table>"


def _cell(cell: str) -> str:
    attributes, _, text = cell.rpartition("¦")
    return f"<td {attributes}>{escape(text)}</td>" if attributes else f"<td>{escape(cell)}</td>"


def page(body: str, *, title: str = "青禾县财政局2016年政府信息公开工作年度报告", above: str = "") -> bytes:
    sections = (
        "<p>一、概述</p><p>全年工作平稳。</p><p>二、主动公开政府信息情况</p><p>网站更新及时。</p>"
        "<p>三、依申请公开政府信息情况</p><p>按规定办理。</p><p>四、存在的主要问题和改进措施</p><p>加强培训。</p>"
    )
    return f"<meta charset=utf-8><h1>{title}</h1><div>{above}{sections}{body}</div>".encode()

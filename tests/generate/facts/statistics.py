"""The statistics form of 2014-2018 as the generator prints it: rows with numbers, labels and units, and its sums.

One indicator a row; rows with the unit —— only group others and hold no figure.
"""

import random
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row: its id, what is printed before its label, the label, the unit, and how deep it stands."""

    id: str
    mark: str
    label: str
    unit: str
    depth: int

    @property
    def group(self) -> bool:
        """Whether the row is a heading without a figure."""
        return self.unit == "——"


# id | mark before the label | label | unit; the depth is the number of dots.
_ROWS = """
s1|一、|主动公开情况|——
.proactive_total|（一）|主动公开政府信息数（不同渠道和方式公开相同信息计1条）|条
..proactive_normative|其中：|主动公开规范性文件数|条
..normative_issued_total||制发规范性文件总数|件
.channels|（二）|通过不同渠道和方式公开政府信息的情况|——
..channel_gazette|1.|政府公报公开政府信息数|条
..channel_website|2.|政府网站公开政府信息数|条
..channel_weibo|3.|政务微博公开政府信息数|条
..channel_wechat|4.|政务微信公开政府信息数|条
..channel_other|5.|其他方式公开政府信息数|条
s2|二、|回应解读情况|——
.hot_issues_answered|（一）|回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）|次
.answer_channels|（二）|通过不同渠道和方式回应解读的情况|——
..press_conferences|1.|参加或举办新闻发布会总次数|次
...press_conferences_head|其中：|主要负责同志参加新闻发布会次数|次
..online_interviews|2.|政府网站在线访谈次数|次
...online_interviews_head|其中：|主要负责同志参加政府网站在线访谈次数|次
..interpretation_articles|3.|政策解读稿件发布数|篇
..weibo_wechat_answers|4.|微博微信回应事件数|次
..other_answers|5.|其他方式回应事件数|次
s3|三、|依申请公开情况|——
.requests_received|（一）|收到申请数|件
..requests_in_person|1.|当面申请数|件
..requests_fax|2.|传真申请数|件
..requests_online|3.|网络申请数|件
..requests_letter|4.|信函申请数|件
.requests_completed|（二）|申请办结数|件
..completed_on_time|1.|按时办结数|件
..completed_extended|2.|延期办结数|件
.requests_answered|（三）|申请答复数|件
..answered_already_public|1.|属于已主动公开范围数|件
..answered_granted|2.|同意公开答复数|件
..answered_partial|3.|同意部分公开答复数|件
..answered_denied|4.|不同意公开答复数|件
...denied_state_secret|其中：1.|涉及国家秘密|件
...denied_trade_secret|2.|涉及商业秘密|件
...denied_privacy|3.|涉及个人隐私|件
...denied_security_stability|4.|危及国家安全、公共安全、经济安全和社会稳定|件
...denied_not_gov_information|5.|不是《条例》所指政府信息|件
...denied_other_law|6.|法律法规规定的其他情形|件
..answered_not_this_body|5.|不属于本行政机关公开数|件
..answered_not_exist|6.|申请信息不存在数|件
..answered_correct_supplement|7.|告知作出更改补充数|件
..answered_other_route|8.|告知通过其他途径办理数|件
review_total|四、|行政复议数量|件
.review_upheld|（一）|维持具体行政行为数|件
.review_corrected|（二）|被依法纠错数|件
.review_other|（三）|其他情形数|件
litigation_total|五、|行政诉讼数量|件
.litigation_upheld|（一）|维持具体行政行为或者驳回原告诉讼请求数|件
.litigation_corrected|（二）|被依法纠错数|件
.litigation_other|（三）|其他情形数|件
complaints|六、|举报投诉数量|件
fees_collected|七、|依申请公开信息收取的费用|万元
s8|八、|机构建设和保障经费情况|——
.dedicated_offices|（一）|政府信息公开工作专门机构数|个
.reading_points|（二）|设置政府信息公开查阅点数|个
.staff_total|（三）|从事政府信息公开工作人员数|人
..staff_full_time|1.|专职人员数（不包括政府公报及政府网站工作人员数）|人
..staff_part_time|2.|兼职人员数|人
.budget|（四）|政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）|万元
s9|九、|政府信息公开会议和培训情况|——
.meetings|（一）|召开政府信息公开工作会议或专题会议数|次
.training_courses|（二）|举办各类培训班数|次
.trained_persons|（三）|接受培训人员数|人次
"""


def _rows() -> tuple[Indicator, ...]:
    rows = []
    for line in _ROWS.split():
        id_, mark, label, unit = line.split("|")
        rows.append(Indicator(id_.lstrip("."), mark, label, unit, len(id_) - len(id_.lstrip("."))))
    return tuple(rows)


ROWS = _rows()
VALUES = tuple(r for r in ROWS if not r.group)
SUMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "c14_requests": (
        "requests_received",
        ("requests_in_person", "requests_fax", "requests_online", "requests_letter"),
    ),
    "c14_completed": ("requests_completed", ("completed_on_time", "completed_extended")),
    "c14_answered": ("requests_answered", tuple(r.id for r in ROWS if r.id.startswith("answered_"))),
    "c14_denied": ("answered_denied", tuple(r.id for r in ROWS if r.id.startswith("denied_"))),
    "c14_review": ("review_total", ("review_upheld", "review_corrected", "review_other")),
    "c14_litigation": ("litigation_total", ("litigation_upheld", "litigation_corrected", "litigation_other")),
    "c14_staff": ("staff_total", ("staff_full_time", "staff_part_time")),
}
_BIG = ("proactive_total", "channel_website", "channel_weibo", "channel_wechat", "trained_persons")


def figure(id_: str) -> str:
    """The id of a figure of this form."""
    return f"statistics.{id_}"


def make_figures(rng: random.Random) -> dict[str, int | Decimal]:
    """Random figures that obey every sum; the parts of a sum come before what adds them up."""
    plain: dict[str, int | Decimal] = {}
    for row in VALUES:
        top = 30_000 if row.id in _BIG else 60
        plain[row.id] = rng.choice([0, 0, rng.randint(1, 9), rng.randint(1, top)])
    plain["proactive_normative"] = min(int(plain["proactive_normative"]), int(plain["proactive_total"]))
    for total, parts in reversed(SUMS.values()):
        plain[total] = sum(int(plain[p]) for p in parts)
    for id_ in ("fees_collected", "budget"):
        amounts: list[int | Decimal] = [
            0,
            rng.randint(1, 60),
            Decimal(rng.randint(1, 99_999)).scaleb(-rng.randint(0, 3)),
        ]
        plain[id_] = rng.choice(amounts)
    return {figure(i): n for i, n in plain.items()}

"""The six sections of prose around the tables, made up for each agency and year.

All sentences are invented. Which of them a report uses follows from a hash of agency, year and place in the text, so
the same facts always give the same words. Counts in the prose are invented too, except that requests received,
answered and carried over are those of table 3.
"""

from hashlib import sha256

from crawler.sample_portal.facts import Fact, expected
from crawler.sample_portal.markup import Block, Text

_INTRODUCTIONS = (
    "根据《中华人民共和国政府信息公开条例》（以下简称《条例》）有关要求，现发布{agency}{year}年政府信息公开工作年度报告。"
    "报告由总体情况、主动公开、依申请公开、复议诉讼、问题与改进、其他事项六个部分组成。{period}",
    "按照《条例》第四十九条、第五十条的规定，{agency}编制本报告并向社会公布。{period}"
    "公众如对内容有疑问，可在工作时间向本机关公开办查询。",
    "本报告依照国务院办公厅统一的年度报告格式编写，数据由{agency}各内设机构逐项核对后汇总。{period}",
)

_PERIODS = (
    "本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。",
    "统计期限自{year}年1月1日起至{year}年12月31日止。",
    "报告中数据统计期限自{year}年1月1日起至{year}年12月31日止，与统计报表口径一致。",
)

_OVERVIEWS = (
    "{year}年，{agency}把公开透明作为改进工作作风的抓手，围绕群众办事中问得最多的事项补齐信息，全年各项任务按期完成。",
    "一年来，{agency}坚持谁制作谁公开、谁保存谁负责，把公开要求嵌入发文、会议和办事流程，公开质量稳步提高。",
    "{year}年，{agency}立足职能，对照公开目录开展两轮自查，更新过期栏目，公开工作总体平稳有序。",
)

_ACTIVE = (
    "（一）主动公开情况。全年通过政府网站发布各类信息{count}条，其中工作动态{part}条，财政信息{small}条；"
    "对涉及民生的文件同步配发问答式解读。",
    "（一）主动公开。依托门户网站、公示栏和便民服务窗口公开信息{count}条，"
    "重点公开了项目建设、惠民补贴和应急提示等内容，政务新媒体转载{part}条。",
    "（一）主动公开方面。按照公开事项标准目录更新信息{count}条，新增栏目{small}个，办事指南随职责调整即时修订。",
)

_REQUESTS = (
    "（二）依申请公开情况。{year}年共收到政府信息公开申请{received}件，办理答复{answered}件，结转下年度办理{carried}件。",
    "（二）依申请公开。全年新收政府信息公开申请{received}件，均登记编号、专人跟踪，按期答复；"
    "对来电咨询如何申请的群众，当场讲解填写方法。",
    "（二）依申请公开方面。本年度收到公开申请{received}件，答复前主动与申请人通话了解需求，减少了补正次数。",
)

_NO_REQUESTS = (
    "（二）依申请公开情况。{year}年未收到政府信息公开申请，受理渠道保持畅通。",
    "（二）依申请公开方面。本年度没有收到公民、法人和其他组织提出的政府信息公开申请。",
)

_MANAGEMENT = (
    "（三）政府信息管理。实行拟稿人提出、科室负责人审核、分管领导签发的三级把关，对历史文件逐份标注公开属性。",
    "（三）政府信息管理情况。制定信息发布审查清单，对涉及个人隐私的内容先作处理再上网，未发生失泄密问题。",
    "（三）政府信息管理方面。每季度清理一次失效链接和错别字，文件废止后在原网页显著位置注明。",
)

_PLATFORMS = (
    "（四）平台建设。公开专区实现按年份、按主题检索，线下在服务大厅设置查阅点{small}处，配备电脑和打印设备。",
    "（四）公开平台建设情况。完成栏目适老化调整，手机页面可放大字体，访问量较上年有所增长。",
    "（四）平台建设方面。整合零散账号，关停长期不更新的账号一个，重要信息在各平台同日发布。",
)

_SUPERVISION = (
    "（五）监督保障。主要负责同志两次听取公开工作汇报，组织业务培训{small}场，公开工作计入年度考核。",
    "（五）监督保障情况。聘请社会监督员体验办事公开流程，收集意见建议并逐条回复，全年无责任追究情形。",
    "（五）监督保障方面。明确一名联络员专职负责，更换人员时办理书面交接，保证工作不断档。",
)

_PROBLEMS = (
    "回顾全年工作，还有几点不足：一是解读形式较为单一，图表类内容少；二是个别科室报送信息不够及时；"
    "三是面对复杂申请时，答复文书的说理还不充分。",
    "存在的问题主要有：公开内容与群众关心的具体问题贴合不够紧；栏目较多，查找路径偏长；工作人员兼职多、变动快。",
    "对照上级要求，目前仍有差距：政策发布后跟踪回应不足，数据类信息更新偏慢，基层站点公开栏维护不到位。",
)

_IMPROVEMENTS = (
    "{next}年，{agency}将从三个方面改进：增加短视频和一图读懂等解读方式；按月通报各科室报送情况；"
    "汇编典型答复案例，组织集中研讨。",
    "下一步，{agency}将精简栏目层级，把常用查询放在首页；安排新任联络员跟班学习；每半年开展一次群众满意度回访。",
    "针对上述问题，{next}年将建立问题台账，逐项明确责任人和完成时间，并把整改结果纳入下年度报告。",
)

_REMARKS = (
    "本年度{agency}没有收取政府信息公开信息处理费，无其他需要报告的事项。",
    "无其他需要报告的事项。",
    "{year}年，本机关未发生依申请公开信息处理费用；本报告电子版可在政府网站公开专栏查阅下载。",
)

_HEADINGS = {
    2: ("二、主动公开政府信息情况", "二、行政机关主动公开政府信息情况", "二、政府信息主动公开情况"),
    4: (
        "四、政府信息公开行政复议、行政诉讼情况",
        "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    ),
    5: (
        "五、存在的主要问题及改进情况",
        "五、政府信息公开工作存在的主要问题及改进情况",
        "五、存在的不足及改进措施",
    ),
}


def introduction(fact: Fact) -> list[Block]:
    """The paragraph before section 一, with the sentence that gives the period of the figures."""
    period = _filled(fact, "period", _PERIODS)
    return [Text(_choose(fact, "introduction", _INTRODUCTIONS).format(**_words(fact), period=period))]


def overview(fact: Fact) -> list[Block]:
    """Section 一 总体情况 with its five parts."""
    requests = _REQUESTS if expected(fact.printed["applications.new_received.total"]) else _NO_REQUESTS
    parts = {
        "overview": _OVERVIEWS,
        "active": _ACTIVE,
        "requests": requests,
        "management": _MANAGEMENT,
        "platforms": _PLATFORMS,
        "supervision": _SUPERVISION,
    }
    return [Text("一、总体情况", "heading"), *(Text(_filled(fact, slot, options)) for slot, options in parts.items())]


def problems(fact: Fact) -> list[Block]:
    """Section 五: what went badly, and what next year will bring."""
    paragraphs = [Text(_filled(fact, "problems", _PROBLEMS)), Text(_filled(fact, "improvements", _IMPROVEMENTS))]
    return [heading(fact, 5), *paragraphs]


def remarks(fact: Fact) -> list[Block]:
    """Section 六 其他需要报告的事项."""
    return [Text("六、其他需要报告的事项", "heading"), Text(_filled(fact, "remarks", _REMARKS))]


def heading(fact: Fact, section: int) -> Text:
    """The heading of section 2, 4 or 5 in one of the wordings that real pages use."""
    return Text(_choose(fact, f"heading {section}", _HEADINGS[section]), "heading")


def signature(fact: Fact) -> list[Block]:
    """The agency and the date at the foot of the report."""
    day = fact.published
    return [Text(fact.agency, "signature"), Text(f"{day.year}年{day.month}月{day.day}日", "signature")]


def _filled(fact: Fact, slot: str, options: tuple[str, ...]) -> str:
    return _choose(fact, slot, options).format(**_words(fact))


def _choose(fact: Fact, slot: str, options: tuple[str, ...]) -> str:
    return options[_draw(fact, slot) % len(options)]


def _draw(fact: Fact, slot: str) -> int:
    return int.from_bytes(sha256(f"{fact.agency}/{fact.year}/{slot}".encode()).digest()[:4], "big")


def _words(fact: Fact) -> dict[str, str]:
    count = 120 + _draw(fact, "count") % 1900
    return {
        "agency": fact.agency,
        "year": str(fact.year),
        "next": str(fact.year + 1),
        "count": str(count),
        "part": str(count // 3),
        "small": str(2 + _draw(fact, "small") % 9),
        "received": _number(fact, "new_received"),
        "answered": _number(fact, "results_total"),
        "carried": _number(fact, "carried_out"),
    }


def _number(fact: Fact, row: str) -> str:
    return str(expected(fact.printed[f"applications.{row}.total"]) or 0)

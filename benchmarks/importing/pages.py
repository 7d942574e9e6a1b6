"""Pages of government portals that are no reports, cheap to make and no two alike: what fills a web archive.

Each portal has a frame of its own (scripts, a menu of a hundred columns, a footer), and in it home pages, lists, news,
notices with numbered sections, guides, tables of permits and questions. Menus, footers and lists name the annual
reports on disclosure, as those of real portals do.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pipelines.normalize.t2s import pairs

_PLACES = "云泽 青禾 临溪 安平 洛川 北川 东港 西宁 南丰 海宁 长兴 永康 新昌 建德 龙游 江山 武义 磐安 仙居 天台".split()
_OFFICES = (
    "人民政府 财政局 教育局 公安局 民政局 司法局 自然资源局 生态环境局 交通运输局 农业农村局 "
    "卫生健康委员会 应急管理局 市场监督管理局 统计局 医疗保障局 行政审批局 水务局 "
    "住房和城乡建设局 商务局 审计局"
).split()
_COLUMNS = (
    "政府信息公开指南 政府信息公开制度 法定主动公开内容 政府信息公开年报 依申请公开 领导信息 "
    "机构职能 政策文件 政策解读 规划计划 统计数据 行政许可 行政处罚 行政强制 行政事业性收费 "
    "政府采购 重大建设项目 应急管理 人事信息 财政资金 公共资源交易 义务教育 社会救助 "
    "食品药品监管 生态环境 国有土地上房屋征收与补偿 农村集体土地征收 就业创业 公共文化服务 "
    "养老服务 医疗卫生 税收管理 城市综合执法 涉农补贴 户籍管理 规范性文件 行政复议 建议提案办理 "
    "政府工作报告 政务公开工作要点 会议公开 政府公报 回应关切 新闻发布会 在线访谈 民意征集 "
    "网上调查 市长信箱 办事指南 表格下载 结果公示 中介服务 便民查询 走进本地 历史沿革 行政区划 "
    "旅游名胜 招商引资 投资环境 政务要闻 部门动态 乡镇动态 公示公告 专题专栏 图片新闻 视频新闻 "
    "媒体报道 国务院信息 省政府信息"
).split()
_WHO = (
    "市委书记 市长 副市长 各镇街主要负责人 有关部门负责同志 第三方机构 驻村工作队 企业代表 "
    "人大代表 志愿者 基层干部 技术专家"
).split()
_DID = (
    "深入调研 现场督导 组织召开推进会 认真学习贯彻会议精神 全面排查安全隐患 集中签约 启动专项行动 "
    "开展满意度测评 座谈交流 推动项目落地 检查防汛准备 走访慰问困难群众 听取工作汇报 压实工作责任 "
    "优化营商环境 完善长效机制 加强队伍建设 公布监测数据 举办培训班 主动接受社会监督"
).split()
_MATTERS = (
    "老旧小区改造 高标准农田建设 春季森林防火 防汛抗旱 中小学课后服务 医保支付方式改革 "
    "秸秆综合利用 河湖长制 一网通办 乡村振兴 污染防治 安全生产 道路交通整治 食品安全抽检 "
    "就业技能培训 养老机构等级评定 数字化城市管理 重点工程建设 招商引资 政务服务 基层治理 "
    "文旅融合 财政预算绩效管理"
).split()
_RESULTS = (
    "取得阶段性成效 受到群众普遍欢迎 完成年度任务的百分之{n} 累计投入资金{m}万元 "
    "惠及群众{m}人次 同比增长百分之{n} 整改问题{n}个 新增就业{m}人 "
    "发放宣传资料{m}余份 出动执法人员{m}人次 较上年下降百分之{n} 覆盖全部{n}个乡镇"
).split()
_SCRIPT = (
    "var _hmt=_hmt||[];(function(){{var hm=document.createElement('script');hm.src='https://hm.example.cn/hm.js?{a}';"
    "var s=document.getElementsByTagName('script')[0];s.parentNode.insertBefore(hm,s);}})();"
    "$(function(){{$('.nav li').hover(function(){{$(this).addClass('on').siblings().removeClass('on');"
    "$('.sub').eq($(this).index()).stop(true,true).slideDown({b});}},function(){{$('.sub').hide();}});"
    "$('.tab{c} a').on('click',function(e){{e.preventDefault();var i=$(this).attr('data-i');"
    "$('.con{c}').hide().eq(i).show();}});}});"
)


@dataclass(frozen=True, slots=True)
class Portal:
    """One portal: its name and host, and the frame around all of its pages."""

    name: str
    host: str
    head: str
    foot: str


def portal(number: int) -> Portal:
    """A portal; the same number gives the same one."""
    rng = random.Random(f"portal {number}")
    name = rng.choice(_PLACES) + rng.choice(("市", "县", "区")) + rng.choice(_OFFICES)
    host = f"www.portal{number}.gov.example"
    columns = rng.sample(_COLUMNS, rng.randint(60, len(_COLUMNS)))
    if rng.random() < 0.8 and "政府信息公开年报" not in columns:
        columns.append("政府信息公开年报")
    menu = "\n".join(_item(rng, column) for column in columns)
    scripts = "\n".join(
        f"<script>{_SCRIPT.format(a=rng.getrandbits(128), b=rng.randint(100, 900), c=n)}</script>" for n in range(6)
    )
    head = (
        f'<meta name="SiteName" content="{name}"><meta name="SiteDomain" content="{host}">'
        f'<meta name="keywords" content="{name},政务公开,政府信息公开,政府信息公开年报,网上办事">\n'
        f'<link rel="stylesheet" href="/css/base.css">\n{scripts}\n</head>\n<body>\n'
        f'<div class="top"><a href="/">{name}</a> | <a href="/wza/">无障碍浏览</a> | '
        '<a href="/mobile/">手机版</a></div>\n'
        f'<div class="nav"><ul class="menu">\n{menu}\n</ul></div>\n'
    )
    links = "\n".join(
        f'<li><a href="/{rng.getrandbits(32):x}/">{column}</a></li>' for column in rng.sample(columns, 12)
    )
    foot = (
        f'<div class="foot"><ul>\n{links}\n<li><a href="/zwgk/nb/" target="_blank">信息公开年度报告</a></li></ul>'
        f"<p>主办：{name}　网站标识码：{rng.randint(10**9, 10**10)}　"
        f"备案号：蜀ICP备{rng.randint(10**7, 10**8)}号</p></div>\n"
        "</body></html>"
    )
    return Portal(name, host, head, foot)


def _item(rng: random.Random, column: str) -> str:
    place = f"/zwgk/{rng.getrandbits(40):x}/index.html"
    return (
        f'<li class="item level{rng.randint(1, 3)}"><a href="{place}" target="_blank" title="{column}">'
        f'<i class="icon ico{rng.randint(1, 40)}"></i>{column}</a></li>'
    )


def page(home: Portal, number: int) -> tuple[str, str]:
    """(address, source) of a page of a portal that is no report."""
    rng = random.Random(f"page {home.host} {number}")
    kind = rng.choices(list(_KINDS), [weight for _, weight in _KINDS.values()])[0]
    title, main = _KINDS[kind][0](rng)
    address = f"http://{home.host}/{kind}/{rng.randint(2008, 2025)}{rng.randint(1, 12):02}/t{number}.html"
    trail = rng.choice(("政务公开", "政府信息公开年报", "部门动态", "政策文件"))
    return address, (
        f"<!DOCTYPE html>\n<html>\n<head>\n<title>{title}_{home.name}</title>\n"
        f'<meta name="ArticleTitle" content="{title}">'
        f'<meta name="PubDate" content="{rng.randint(2009, 2025)}-03-01 09:00">\n'
        f'{home.head}<div class="location">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; '
        f'<a href="/zwgk/x/">{trail}</a></div>\n<div class="main"><h1>{title}</h1>\n{main}\n</div>\n{home.foot}'
    )


def in_encoding(source: str, encoding: str) -> bytes:
    """A page in an encoding: Big5 in traditional characters, and what a charset lacks as references."""
    if encoding.startswith("big5"):
        source = source.translate(_traditional())
    return source.encode(encoding, "xmlcharrefreplace")


@cache
def _traditional() -> dict[int, str]:
    """Each simplified character and its most usual traditional spelling."""
    return {ord(char): others[0] for char, others in pairs("STCharacters.txt").items() if others[0] != char}


def _sentence(rng: random.Random) -> str:
    result = rng.choice(_RESULTS).format(n=rng.randint(2, 99), m=rng.randint(100, 99999))
    return (
        f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日，{rng.choice(_PLACES)}{rng.choice(_OFFICES)}"
        f"围绕{rng.choice(_MATTERS)}，"
        f"{rng.choice(_WHO)}{rng.choice(_DID)}，{rng.choice(_DID)}，{result}。"
    )


def _paragraphs(rng: random.Random, least: int, most: int) -> str:
    return "\n".join(rng.sample(_paragraph_pool(), rng.randint(least, most)))


@cache
def _paragraph_pool() -> list[str]:
    """Paragraphs that pages draw from: enough that hardly any stands twice where one compressor sees both."""
    rng = random.Random("paragraphs")
    return [
        f'<p style="text-indent:2em;">　　{"".join(_sentence(rng) for _ in range(rng.randint(2, 6)))}</p>'
        for _ in range(5000)
    ]


def _title(rng: random.Random) -> str:
    return f"{rng.choice(_PLACES)}{rng.choice(_OFFICES)}{rng.choice(_DID)}{rng.choice(_MATTERS)}"


def _news(rng: random.Random) -> tuple[str, str]:
    said = f"<p>{rng.choice(_PLACES)}要求各单位按时编制并发布{rng.randint(2009, 2025)}年政府信息公开工作年度报告。</p>"
    return _title(rng), _paragraphs(rng, 14, 60) + said * (rng.random() < 0.1)


def _items(rng: random.Random, count: int) -> str:
    return "\n".join(rng.sample(_item_pool(), count))


@cache
def _item_pool() -> list[str]:
    """Lines of lists: a title that is a link, and a date."""
    rng = random.Random("items")
    found = []
    for _ in range(10_000):
        title, year = _title(rng), rng.randint(2010, 2025)
        link = f'<a href="/art/{year}/{rng.getrandbits(40):x}.html" target="_blank" title="{title}">{title}</a>'
        found.append(f"<li>{link}<span>{year}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}</span></li>")
    return found


def _list(rng: random.Random) -> tuple[str, str]:
    reports = "\n".join(
        f'<li><a href="/nb/{rng.getrandbits(40):x}.html">{rng.choice(_PLACES)}{rng.choice(_OFFICES)}'
        f"{year}年政府信息公开工作年度报告</a></li>"
        for year in range(2009, 2025)
    )
    column = rng.choice(("政务要闻", "公示公告", "政府信息公开年报"))
    return column, f"<ul>\n{_items(rng, rng.randint(80, 170))}\n{reports if column.endswith('年报') else ''}</ul>"


def _home(rng: random.Random) -> tuple[str, str]:
    boxes = (f"<div><h3>{rng.choice(_COLUMNS)}</h3><ul>{_items(rng, 12)}</ul></div>" for _ in range(rng.randint(9, 18)))
    return "首页", "\n".join(boxes)


def _notice(rng: random.Random) -> tuple[str, str]:
    parts = ("总体要求", "重点任务", "组织保障", "工作要求", "有关事项", "实施步骤")
    body = "\n".join(
        f"<p><strong>{number}、{part}</strong></p>\n{_paragraphs(rng, 4, 10)}"
        for number, part in zip("一二三四五六", rng.sample(parts, rng.randint(3, 6)), strict=False)
    )
    return f"关于印发{rng.choice(_MATTERS)}实施方案的通知", body


def _guide(rng: random.Random) -> tuple[str, str]:
    body = (
        "<p>根据《中华人民共和国政府信息公开条例》第二十条第（一）项、第（五）项规定，编制本指南。</p><p>一、公开范围</p>"
        "<p>规章、行政规范性文件、行政许可、行政处罚、行政强制、行政事业性收费、政府集中采购等。</p><p>二、公开方式</p>"
        "<p>政府网站、政府公报、新闻发布会。</p><p>三、依申请公开</p><p>自然人、法人和其他组织可以申请，每年一月三十一日前公布上一年度政府信息公开工作情况。</p>"
    )
    return "政府信息公开指南", body + _paragraphs(rng, 8, 20)


def _permits(rng: random.Random) -> tuple[str, str]:
    rows = "\n".join(
        f"<tr><td>{n}</td><td>{rng.choice(_PLACES)}许准字〔{rng.randint(2015, 2025)}〕{n}号</td>"
        f"<td>{rng.choice(_MATTERS)}</td>"
        f"<td>{rng.choice(('行政许可', '行政处罚', '行政确认'))}</td><td>{rng.choice(_OFFICES)}</td></tr>"
        for n in range(1, rng.randint(60, 140))
    )
    return (
        "行政许可和行政处罚信息公示",
        f"<table><tr><th>序号</th><th>文号</th><th>事项</th><th>类别</th><th>机关</th></tr>\n{rows}</table>",
    )


_KINDS: dict[str, tuple[Callable[[random.Random], tuple[str, str]], int]] = {
    "xw": (_news, 45),
    "list": (_list, 20),
    "home": (_home, 10),
    "tz": (_notice, 17),
    "zn": (_guide, 3),
    "gs": (_permits, 5),
}

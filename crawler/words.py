"""The words and slugs by which portals call their columns: what leads to annual reports, what only sounds like it.

Patterns are for text in simplified characters without blanks. A wording that is missing here is added here.
"""

from __future__ import annotations

import re


def _any(*words: str) -> str:
    """An alternation of all words in the given strings, which are patterns separated by blanks."""
    return "(?:" + "|".join(word for text in words for word in text.split()) + ")"


# --- columns of annual reports

REPORTS = re.compile("年报|年度(?:工作)?报告|工作报告|公开(?:情况)?报告")
"""What every name of such a column holds."""

WHOLE_COLUMN = re.compile(
    r"(?:政府)?(?:信息)?(?:公开)?(?:工作)?(?:年度)?(?:年报|报告|工作报告)(?:专栏|栏目|专区|汇总|公开|公示|公布|查询|列表)?"
)
"""The column of a portal as such: not that of a year or of some bodies."""

_BODIES = _any(
    "各?部门 各?单位 委办局 局委办 组成部门 工作部门 直属机构 派出机构 垂管单位 驻.单位 其他机构 事业单位 企事业单位",
    "乡镇 镇街 街镇 镇乡 街道 乡镇街道 镇 乡 社区 村 开发区 园区 功能区 办公室 乡[(（]镇[)）](?:人民政府)?",
    "乡镇[(（]街道[)）] 镇[(（]街道[)）] 街道[(（]乡镇[)）] 县[(（]市区[)）] 县[(（]市、区[)）]",
    "省级 市级 区级 县级 本级 市县 县区 区县 区市县",
)
_WHOSE = r"(?:各?[市县区州旗镇乡省]*(?:人民政府|政府|本级|级|直|属|辖)*)"
_MORE = _any(
    "历年 往年 以前年度 历史 全部 所有 更多 查看更多 更多[+>》…]* more[>+]* 列表 分类",
    "按?年[度份] 按?部门 按?单位 按?机构",
)
_OF_REPORTS = (
    r"(?:政府信息公开|信息公开|政务公开|公开)?(?:工作)?(?:年度工作报告|年度报告|年报|报告)?(?:专栏|汇总|公开)?"
)
GROUP = re.compile(rf"^[（(]?(?:{_WHOSE}{_BODIES}+|{_MORE}){_OF_REPORTS}[）)>》+…]*$", re.IGNORECASE)
"""A group of bodies or of years, as the levels of a column are called: 市直部门, 乡镇（街道）年报, 往年."""

ONE_GROUP_OR_ALL = re.compile(
    rf"(?:{_WHOSE}{_BODIES}|[市县区省州]直|政府)*(?:政府)?信息公开(?:工作)?(?:年度|年)?(?:工作)?(?:年报|报告)"
    r"(?:专栏|栏目|公开|公布|汇总|列表|查询|[(（]?20\d\d年?[-—~至]20\d\d年?[)）]?)?"
)
"""A column again, though a title of a report might read like this: 各部门政府信息公开年报."""

YEAR = re.compile(
    r"[（(]?20[0-4]\d(?:[-—–~至](?:20[0-4]\d|至今|今))?(?:年度?)?(?:年?报告?|以[前来后]|及以[前后])?[)）]?(?:\(\d+\))?"
)
"""A year and nothing else, as a tab or a folder is called."""

OTHER_MATTER = re.compile(
    _any(
        "企业 统计 财政 预算 决算 审计 网站 报表 法治 法制 环境 质量 绩效 考核 年鉴 政府工作报告 公报 党建 计生",
        "招聘 人事 规划 监管 信用 市场主体 事业单位法人 社会组织 基金 慈善 双公示 清单 格式 模板 解读 图解",
        "公示年报 年报公示 年检 季度 月报 国民经济 公示公告 动态 政策 文件 建议提案 指南 制度 目录 规定 条例",
        "意见箱 申请 流程 收费",
    )
)
"""Columns that are called annual reports, too, and those of a disclosure section that hold something else."""

NOT_THE_REPORT = re.compile("网站|报表|解读|图解|格式|指南|制度|通知")
"""What makes even a name with 公开 in it that of something else."""

# --- ways to such a column

WAYS = (
    (re.compile(r"^(?:政府|政务)?信息(?:主动)?公开(?:专栏|专题|平台|网|专区|栏目|信息|大厅|系统|首页)?$"), 74),
    (re.compile(r"法定(?:主动)?公开(?:内容|信息|事项)?"), 68),
    (re.compile(r"^(?:政府|政务)信息公开"), 66),
    (re.compile(r"公开(?:专栏|专题|专区|专页|年度)$"), 64),
    (re.compile(rf"^{_any('政务公开 政府公开 公开政务 公开 主动公开 信息公开目录 重点领域信息公开 公开平台')}$"), 60),
    (re.compile(r"^(?:阳光|透明)(?:政[府务]|公开)|^公开目录$"), 60),
    (re.compile(rf"(?:信息公开|政务公开){_any('专栏 专题 平台 网 专区 栏目 大厅')}?$"), 46),
)
"""Names of disclosure sections, with how likely the column is near."""

POOR_WAYS = re.compile("指南|制度|依申请|申请公开|意见箱|监督|规定|条例|目录")
"""Other columns of a disclosure section: beside them there may be a link to the right one."""

SECTION_OF_BODIES = re.compile(
    r"(?:部门|单位|乡镇|镇街|街道|基层|机构|县区|区县|市县|各县|各区|下级).{0,6}(?:公开|目录|平台|专栏)"
    r"|(?:公开|目录).{0,4}(?:部门|单位|乡镇|机构)"
)
"""Where the disclosure sections of single bodies are listed."""

ENTRANCE = re.compile(
    r"^(?:点击)?进入|^(?:网站)?首页$|^(?:简体)?中文(?:版|网)?$|^(?:主站|政府网站|门户网站|skip|enter)$", re.IGNORECASE
)
"""What leads on from a page that only greets."""

SHORT_BODIES = re.compile(
    _any(
        "公安 财政 教育 民政 司法 审计 统计 水利 水务 商务 科技 体育 林业 农业 农业农村 交通 交通运输 卫健 卫生健康",
        "人社 住建 发改 工信 文旅 文化旅游 应急 应急管理 市监 市场监管 市场监督管理 自然资源 生态环境 环保 规划 国土",
        "城管 医保 医疗保障 退役军人 信访 税务 气象 金融 国资 粮食 民宗 外事 侨务 档案 残联 供销 扶贫 乡村振兴",
        "行政审批 政务服务 公积金 公共资源 机关事务 园林 房管 招商",
    )
    + "(?:局|委)?"
)
"""Public bodies by the short names under which portals list them."""

SITE_MAP = re.compile(r"^(?:网站|站点)(?:地图|导航)$|^站内导航$|^sitemap$", re.IGNORECASE)

# --- other things that links say

MOVES = re.compile(
    rf"^(?:{_any('首页 尾页 末页 上一?页 下一?页 前一页 后一页 上一篇 下一篇 跳转 转到 go 返回 关闭 打印 分享 收藏')}"
    rf"|{_any('登录 注册 搜索 检索 大 中 小')}|\d{{1,3}})[：:>»]*$",
    re.IGNORECASE,
)
"""Pagers and buttons."""

CUT = re.compile(r"(?:\.{2,}|…+|。。+)\s*$")
"""The end of a text that a page shows in part."""

EVENT = re.compile(
    r"召开|举[行办]|开展|组织|走访|慰问|调研|赴|莅临|参加|发布|关于|我[市县区省州]"
    rf"|{_any('大会 会议 座谈会 发布会 推进会 动员会 部署会 工作会 培训会 专题会 例会 茶话会 表彰会')}$"
    rf"|{_any('网站 车站 主站 全站 本站 集市 城市 超市')}$"
)
"""What a public body's name never holds, though news and other things may end like one."""

# --- slugs, the last folders of addresses

ANNUAL_SLUG = re.compile(
    r"^(?:[a-z]{0,8}x*xgk?(?:gz|xx)?n(?:d|du)?b(?:g|gao)?|\d{0,4}gkndb?g?|[a-z]*gkn(?:d)?b(?:g)?|[a-z]*xxgkn[a-z]{0,4}"
    r"|n(?:d)?bg|ndgzbg|n(?:d)?b|(?:bm|xz|jd|zf)nb|nianbao|zfxxgknianbao|annualreports?)(?:[_-]?\d{2,4}n?\w?)?$",
    re.IGNORECASE,
)
DISCLOSURE_SLUG = re.compile(r"^(?:zf|zw)?x*xgk\w{0,4}$|^zwgk$|^fdzdgk(?:nr)?$|^gongkai$", re.IGNORECASE)

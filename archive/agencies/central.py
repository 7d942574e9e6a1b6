"""The bodies of the central government by name, and those that have branches in every place.

The names are those of the State Council's list of its organs (国务院组织机构) after the reforms of 2018 and 2023, of
the bodies that those reforms abolished, and of the other central bodies in data/portals.csv.
"""

from __future__ import annotations

from typing import Literal

CentralKind = Literal["government", "office", "department", "other"]

_OTHER = (
    "全国人民代表大会 最高人民法院 最高人民检察院 中国科学院 中国社会科学院 中国工程院 新华通讯社 新华社 国家行政学院"
    " 国务院发展研究中心 中央广播电视总台 国家自然科学基金委员会 全国社会保障基金理事会"
).split()

_DEPARTMENTS = (
    "外交部 国防部 教育部 科学技术部 科技部 工业和信息化部 国家民族事务委员会 国家民委 公安部 国家安全部 监察部 民政部"
    " 司法部 财政部 人力资源和社会保障部 国土资源部 自然资源部 环境保护部 生态环境部 住房和城乡建设部 铁道部 交通运输部"
    " 水利部 农业部 农业农村部 商务部 文化部 文化和旅游部 卫生部 国家人口和计划生育委员会 国家卫生和计划生育委员会"
    " 国家卫生健康委员会 退役军人事务部 应急管理部 中国人民银行 审计署 国家审计署 国家发展和改革委员会 国家发展改革委"
    " 国家监察委员会 国务院国有资产监督管理委员会 国务院国资委 海关总署 国家税务总局 国家工商行政管理总局"
    " 国家市场监督管理总局 国家质量监督检验检疫总局 国家新闻出版广电总局 国家广播电影电视总局 国家广播电视总局"
    " 国家新闻出版总署 国家新闻出版署 国家体育总局 国家安全生产监督管理总局 国家食品药品监督管理总局"
    " 国家食品药品监督管理局 国家药品监督管理局 国家统计局 国家林业局 国家林业和草原局 国家知识产权局 国家旅游局"
    " 国家宗教事务局 国家机关事务管理局 国务院机关事务管理局 国家预防腐败局 国家医疗保障局 国家国际发展合作署"
    " 国家信访局 国家粮食局 国家粮食和物资储备局 国家能源局 国家国防科技工业局 国家烟草专卖局 国家外国专家局"
    " 国家公务员局 国家海洋局 国家测绘地理信息局 中国民用航空局 国家铁路局 国家邮政局 国家文物局 国家中医药管理局"
    " 国家外汇管理局 国家煤矿安全监察局 国家矿山安全监察局 国家消防救援局 国家移民管理局 国家乡村振兴局"
    " 国家疾病预防控制局 国家数据局 国家档案局 国家保密局 国家密码管理局 国家航天局 国家原子能机构 国家核安全局"
    " 国家版权局 国家语言文字工作委员会 国家标准化管理委员会 国家认证认可监督管理委员会 国家互联网信息办公室 中国气象局"
    " 中国地震局 中国银行业监督管理委员会 中国银行保险监督管理委员会 中国保险监督管理委员会 中国证券监督管理委员会"
    " 国家金融监督管理总局 国务院侨务办公室 国务院港澳事务办公室 国务院台湾事务办公室 国务院新闻办公室"
    " 国务院法制办公室 国务院研究室 国务院参事室 国务院扶贫开发领导小组办公室"
).split()

CENTRAL: dict[str, CentralKind] = {
    **dict.fromkeys(_DEPARTMENTS, "department"),
    **dict.fromkeys(_OTHER, "other"),
    "国务院": "government",
    "中央人民政府": "government",
    "国务院办公厅": "office",
}
"""Central bodies by name, without 中华人民共和国 in front, and what kind of body each is."""

BRANCHED = (
    "国家税务总局",
    "国家统计局",
    "国家金融监督管理总局",
    "国家能源局",
    "国家矿山安全监察局",
    "国家外汇管理局",
    "中国人民银行",
    "中国证券监督管理委员会",
    "中国银行保险监督管理委员会",
)
"""Central bodies that put their name before those of their branches: 国家税务总局南京市税务局."""

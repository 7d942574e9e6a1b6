"""The statutory tables as the replicas print them: which rows and columns f2021 and f2019 have, and their labels.

The knowledge is written down here a second time on purpose: the replicas stand for the outside world, so they must
not borrow the reader's own idea of a form. Sources: 国办公开办函〔2021〕30号 (f2021, 200 figures) and
〔2019〕60号 (f2019, 198 figures).
"""

APPLICANTS = {
    "natural_person": "自然人",
    "commercial_enterprise": "商业企业",
    "research_institution": "科研机构",
    "social_welfare_organization": "社会公益组织",
    "legal_service_institution": "法律服务机构",
    "other_organization": "其他",
    "total": "总计",
}

OUTCOMES = {
    "upheld": "结果维持",
    "corrected": "结果纠正",
    "other": "其他结果",
    "pending": "尚未审结",
    "total": "总计",
}

CASES = {
    "review": "行政复议",
    "litigation_direct": "未经复议直接起诉",
    "litigation_after_review": "复议后起诉",
}

# Table 2: caption, the heads of the block, and its rows. A column id stands beside its printed head.
Block = tuple[str, dict[str, str], dict[str, str]]

DISCLOSURE: dict[str, tuple[Block, ...]] = {
    "f2021": (
        (
            "第二十条第（一）项",
            {"issued_this_year": "本年制发件数", "abolished_this_year": "本年废止件数", "in_force": "现行有效件数"},
            {"regulations": "规章", "normative_documents": "行政规范性文件"},
        ),
        (
            "第二十条第（五）项",
            {"decisions_this_year": "本年处理决定数量"},
            {"administrative_licensing": "行政许可"},
        ),
        (
            "第二十条第（六）项",
            {"decisions_this_year": "本年处理决定数量"},
            {"administrative_punishment": "行政处罚", "administrative_coercion": "行政强制"},
        ),
        (
            "第二十条第（八）项",
            {"amount": "本年收费金额（单位：万元）"},
            {"administrative_fees": "行政事业性收费"},
        ),
    ),
    "f2019": (
        (
            "第二十条第（一）项",
            {"newly_made": "本年新制作数量", "newly_published": "本年新公开数量", "total_public": "对外公开总数量"},
            {"regulations": "规章", "normative_documents": "规范性文件"},
        ),
        (
            "第二十条第（五）项",
            {"previous_year_items": "上一年项目数量", "change": "本年增/减", "decisions": "处理决定数量"},
            {"administrative_licensing": "行政许可", "other_external_management": "其他对外管理服务事项"},
        ),
        (
            "第二十条第（六）项",
            {"previous_year_items": "上一年项目数量", "change": "本年增/减", "decisions": "处理决定数量"},
            {"administrative_punishment": "行政处罚", "administrative_coercion": "行政强制"},
        ),
        (
            "第二十条第（八）项",
            {"previous_year_items": "上一年项目数量", "change": "本年增/减"},
            {"administrative_fees": "行政事业性收费"},
        ),
        (
            "第二十条第（九）项",
            {"procurement_projects": "采购项目数量", "procurement_amount": "采购总金额"},
            {"central_procurement": "政府集中采购"},
        ),
    ),
}

# Table 3: the results, group by group. A group of None is a row of its own, which spans the two label columns.
Group = tuple[str | None, dict[str, str]]

_RESULTS: tuple[Group, ...] = (
    (None, {"granted": "（一）予以公开"}),
    (None, {"partially_granted": "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"}),
    (
        "（三）不予公开",
        {
            "denied_state_secret": "1.属于国家秘密",
            "denied_other_law": "2.其他法律行政法规禁止公开",
            "denied_three_security_one_stability": "3.危及“三安全一稳定”",
            "denied_third_party_rights": "4.保护第三方合法权益",
            "denied_internal_affairs": "5.属于三类内部事务信息",
            "denied_process_information": "6.属于四类过程性信息",
            "denied_enforcement_case_file": "7.属于行政执法案卷",
            "denied_administrative_query": "8.属于行政查询事项",
        },
    ),
    (
        "（四）无法提供",
        {
            "unable_not_held": "1.本机关不掌握相关政府信息",
            "unable_needs_creation": "2.没有现成信息需要另行制作",
            "unable_still_unclear": "3.补正后申请内容仍不明确",
        },
    ),
    (
        "（五）不予处理",
        {
            "not_processed_petition_complaint": "1.信访举报投诉类申请",
            "not_processed_repeat": "2.重复申请",
            "not_processed_publication": "3.要求提供公开出版物",
            "not_processed_massive_repeated": "4.无正当理由大量反复申请",
            "not_processed_reconfirm": "5.要求行政机关确认或重新出具已获取信息",
        },
    ),
)

_OTHER: dict[str, Group] = {
    "f2021": (
        "（六）其他处理",
        {
            "other_no_correction_overdue": "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            "other_fee_unpaid_overdue": "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
            "other_misc": "3.其他",
        },
    ),
    "f2019": (None, {"other_processing": "（六）其他处理"}),
}

RECEIVED = {"new_received": "一、本年新收政府信息公开申请数量", "carried_in": "二、上年结转政府信息公开申请数量"}
RESULTS_HEAD = "三、本年度办理结果"
RESULTS_TOTAL = {"results_total": "（七）总计"}
CARRIED_OUT = {"carried_out": "四、结转下年度继续办理"}
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


def result_groups(form: str) -> tuple[Group, ...]:
    """The groups (一) to (六) of table 3: f2019 prints 其他处理 as one row, f2021 as three."""
    return (*_RESULTS, _OTHER[form])


def result_rows(form: str) -> list[str]:
    """The rows whose sum is results_total: 21 in f2021, 19 in f2019."""
    return [row for _, rows in result_groups(form) for row in rows]


def application_rows(form: str) -> list[str]:
    """All value rows of table 3 in printed order: 25 in f2021, 23 in f2019."""
    return [*RECEIVED, *result_rows(form), *RESULTS_TOTAL, *CARRIED_OUT]


def disclosure_columns(form: str) -> dict[str, list[str]]:
    """The column ids of each row of table 2, in printed order."""
    return {row: list(columns) for _, columns, rows in DISCLOSURE[form] for row in rows}


def figure_ids(form: str) -> list[str]:
    """Every figure id of a form, in printed order."""
    disclosure = [f"active_disclosure.{row}.{c}" for row, columns in disclosure_columns(form).items() for c in columns]
    applications = [f"applications.{row}.{c}" for row in application_rows(form) for c in APPLICANTS]
    cases = [f"review_litigation.{case}.{outcome}" for case in CASES for outcome in OUTCOMES]
    return [*disclosure, *applications, *cases]

"""The two statutory layouts (2019 and 2021) as the generator prints them: blocks, rows, columns, labels, sum rules."""

from dataclasses import dataclass

COLUMNS = (
    ("natural_person", "自然人"),
    ("commercial_enterprise", "商业企业"),
    ("research_institution", "科研机构"),
    ("social_welfare_organization", "社会公益组织"),
    ("legal_service_institution", "法律服务机构"),
    ("other_organization", "其他"),
    ("total", "总计"),
)
APPLICANTS = tuple(c for c, _ in COLUMNS[:-1])


@dataclass(frozen=True, slots=True)
class Block:
    """One block of table 2: its caption, the heads of its columns and its rows, each as (id, label)."""

    id: str
    caption: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One value row of table 3: its id and its labels from the outermost group inwards."""

    id: str
    labels: tuple[str, ...]


_LICENSING, _PUNISHMENT, _COERCION = (
    ("administrative_licensing", "行政许可"),
    ("administrative_punishment", "行政处罚"),
    ("administrative_coercion", "行政强制"),
)
_DECISIONS = (("decisions_this_year", "本年处理决定数量"),)
_ITEMS = (("previous_year_items", "上一年项目数量"), ("change", "本年增/减"))
_ITEMS_AND_DECISIONS = (*_ITEMS, ("decisions", "处理决定数量"))

BLOCKS: dict[str, tuple[Block, ...]] = {
    "f2021": (
        Block(
            "art20_1",
            "第二十条第（一）项",
            (
                ("issued_this_year", "本年制发件数"),
                ("abolished_this_year", "本年废止件数"),
                ("in_force", "现行有效件数"),
            ),
            (("regulations", "规章"), ("normative_documents", "行政规范性文件")),
        ),
        Block("art20_5", "第二十条第（五）项", _DECISIONS, (_LICENSING,)),
        Block("art20_6", "第二十条第（六）项", _DECISIONS, (_PUNISHMENT, _COERCION)),
        Block(
            "art20_8",
            "第二十条第（八）项",
            (("amount", "本年收费金额（单位：万元）"),),
            (("administrative_fees", "行政事业性收费"),),
        ),
    ),
    "f2019": (
        Block(
            "art20_1",
            "第二十条第（一）项",
            (
                ("newly_made", "本年新制作数量"),
                ("newly_published", "本年新公开数量"),
                ("total_public", "对外公开总数量"),
            ),
            (("regulations", "规章"), ("normative_documents", "规范性文件")),
        ),
        Block(
            "art20_5",
            "第二十条第（五）项",
            _ITEMS_AND_DECISIONS,
            (_LICENSING, ("other_external_management", "其他对外管理服务事项")),
        ),
        Block("art20_6", "第二十条第（六）项", _ITEMS_AND_DECISIONS, (_PUNISHMENT, _COERCION)),
        Block("art20_8", "第二十条第（八）项", _ITEMS, (("administrative_fees", "行政事业性收费"),)),
        Block(
            "art20_9",
            "第二十条第（九）项",
            (("procurement_projects", "采购项目数量"), ("procurement_amount", "采购总金额")),
            (("central_procurement", "政府集中采购"),),
        ),
    ),
}

RESULTS = "三、本年度办理结果"
_GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "（三）不予公开",
        (
            ("denied_state_secret", "1.属于国家秘密"),
            ("denied_other_law", "2.其他法律行政法规禁止公开"),
            ("denied_three_security_one_stability", "3.危及“三安全一稳定”"),
            ("denied_third_party_rights", "4.保护第三方合法权益"),
            ("denied_internal_affairs", "5.属于三类内部事务信息"),
            ("denied_process_information", "6.属于四类过程性信息"),
            ("denied_enforcement_case_file", "7.属于行政执法案卷"),
            ("denied_administrative_query", "8.属于行政查询事项"),
        ),
    ),
    (
        "（四）无法提供",
        (
            ("unable_not_held", "1.本机关不掌握相关政府信息"),
            ("unable_needs_creation", "2.没有现成信息需要另行制作"),
            ("unable_still_unclear", "3.补正后申请内容仍不明确"),
        ),
    ),
    (
        "（五）不予处理",
        (
            ("not_processed_petition_complaint", "1.信访举报投诉类申请"),
            ("not_processed_repeat", "2.重复申请"),
            ("not_processed_publication", "3.要求提供公开出版物"),
            ("not_processed_massive_repeated", "4.无正当理由大量反复申请"),
            ("not_processed_reconfirm", "5.要求行政机关确认或重新出具已获取信息"),
        ),
    ),
)
_OTHER_2021 = (
    "（六）其他处理",
    (
        ("other_no_correction_overdue", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
        ("other_fee_unpaid_overdue", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
        ("other_misc", "3.其他"),
    ),
)


def application_rows(form: str) -> tuple[Row, ...]:
    """The value rows of table 3 in printed order: 25 for f2021, 23 for f2019."""
    rows = [
        Row("new_received", ("一、本年新收政府信息公开申请数量",)),
        Row("carried_in", ("二、上年结转政府信息公开申请数量",)),
        Row("granted", (RESULTS, "（一）予以公开")),
        Row("partially_granted", (RESULTS, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）")),
    ]
    groups = (*_GROUPS, _OTHER_2021) if form == "f2021" else _GROUPS
    rows += [Row(id_, (RESULTS, group, label)) for group, items in groups for id_, label in items]
    if form == "f2019":
        rows.append(Row("other_processing", (RESULTS, "（六）其他处理")))
    return (*rows, Row("results_total", (RESULTS, "（七）总计")), Row("carried_out", ("四、结转下年度继续办理",)))


def leaf_rows(form: str) -> tuple[str, ...]:
    """Ids of the rows that add up to results_total."""
    return tuple(r.id for r in application_rows(form) if len(r.labels) > 1 and r.id != "results_total")


CASES = (("review", "行政复议"), ("litigation_direct", "未经复议直接起诉"), ("litigation_after_review", "复议后起诉"))
OUTCOMES = (
    ("upheld", "结果维持"),
    ("corrected", "结果纠正"),
    ("other", "其他结果"),
    ("pending", "尚未审结"),
    ("total", "总计"),
)

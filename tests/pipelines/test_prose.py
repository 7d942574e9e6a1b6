"""Prose against tables: a contradiction is told with both numbers; what is not plainly about the whole is let be."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.model import Issue, Section
from pipelines.prose import contradictions

NEW = {
    "applications.new_received.total": 9, "applications.carried_in.total": 1, "applications.results_total.total": 8,
    "applications.other_misc.total": 1, "review_litigation.review.total": 2, "review_litigation.review.pending": 1,
    "review_litigation.litigation_direct.total": 3, "review_litigation.litigation_after_review.total": 4,
}  # fmt: skip
OLD = {
    "statistics.proactive_total": 120, "statistics.channel_website": 100, "statistics.channel_wechat": 33,
    "statistics.requests_received": 9, "statistics.requests_completed": 8, "statistics.requests_answered": 8,
    "statistics.review_total": 0, "statistics.litigation_total": 2,
}  # fmt: skip
OVERVIEW, REQUESTS, DISPUTES = "一、总体情况", "三、依申请公开政府信息情况", "四、行政复议、行政诉讼情况"


def judged(text: str, figures: dict[str, int], heading: str = OVERVIEW, year: int = 2023) -> tuple[Issue, ...]:
    values = {figure: Decimal(number) for figure, number in figures.items()}
    return contradictions([Section(1, heading, text)], values, year)


def contradicted(text: str, figures: dict[str, int], heading: str = OVERVIEW) -> list[str | None]:
    return [issue.figure for issue in judged(text, figures, heading)]


@pytest.mark.parametrize(
    "sentence",
    [
        "2023 年共收到政府信息公开申请 9 件。其中，7 件予以公开，1 件部分公开。",
        "全年收到政府信息公开申请10件。",  # with those carried in
        "2023年我镇收到依申请公开 2 件，已处理。",  # of what, it does not say
        "2022年收到政府信息公开申请30件，今年收到政府信息公开申请9件。",
        "受理依申请公开申请9件，其中网上申请7件。",
        "2022年未收到政府信息公开申请。",
        "全年未收到涉及商业秘密的政府信息公开申请。",
        "一网通办平台受理申请5000件。",
        "自2008年以来共收到政府信息公开申请300件。",
        "因政府信息公开引起的行政复议案件2件、行政诉讼案件7件。",
        "信息公开类行政复议1件、诉讼3件。",  # without the pending one; the direct ones
        "全年办理行政复议案件120件，均依法审结。",  # as the body that decides
        "政府信息公开行政诉讼败诉0件。",
        "2022年未发生政府信息公开行政复议、行政诉讼案件。",
        "未经复议直接起诉3件。",
        "未发生因政府信息公开不当引起的行政复议、行政诉讼。",
        "没有政府信息公开行政复议被纠错的情况。",
        "受理网民留言90件，办结81件。",
        "按期答复政府信息公开申请5件。",
        "办结政府信息公开申请8件。",
        "答复政府信息公开申请7件。",  # without those closed without an answer
        "通过政府网站主动公开政府信息99条。",
    ],
)
@pytest.mark.parametrize("heading", [OVERVIEW, REQUESTS])
def test_no_false_alarm(sentence: str, heading: str) -> None:
    if heading == REQUESTS and sentence.startswith("一网通办"):
        sentence = "收到申请9件。"
    assert contradicted(sentence, NEW, heading) == []


RECEIVED, REVIEWS = "applications.new_received.total", "review_litigation.review.total"
LAWSUITS, COMPLETED = "review_litigation.litigation_direct.total", "applications.results_total.total"


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("全年收到政府信息公开申请12件。", [RECEIVED]),
        ("全年收到公民、法人和其他组织提出的政府信息公开申请12件。", [RECEIVED]),
        ("（二）依申请公开。全年未收到政府信息公开申请。", [RECEIVED]),
        ("2023年，我局未收到有关政府信息公开申请，未收到行政复议申请。", [RECEIVED, REVIEWS]),
        ("本年度无政府信息公开申请。", [RECEIVED]),
        ("信息公开类行政复议7件，诉讼9件，均获维持。", [REVIEWS, LAWSUITS]),
        ("本年度未发生因政府信息公开引起的行政复议、行政诉讼案件。", [REVIEWS, LAWSUITS]),
        ("没有因政府信息公开工作被申请行政复议、提起行政诉讼的情况。", [REVIEWS, LAWSUITS]),
        ("办结政府信息公开申请20件。", [COMPLETED]),
    ],
)
def test_what_the_text_says_otherwise(sentence: str, figures: list[str]) -> None:
    assert contradicted(sentence, NEW) == figures


def test_both_numbers_are_told() -> None:
    (issue,) = judged("信息公开类行政诉讼9件。", NEW)
    assert (issue.code, issue.level) == ("prose_contradicts_table", "warning")
    assert "9" in issue.message
    assert issue.message.endswith("the table 7")
    assert issue.figures == (LAWSUITS, "review_litigation.litigation_after_review.total")


def test_one_number_that_agrees_is_enough() -> None:
    assert contradicted("区政府办公室收到政府信息公开申请5件。全区共收到政府信息公开申请9件。", NEW) == []


@pytest.mark.parametrize(
    ("sentence", "heading", "figures"),
    [
        ("2016年全区主动公开政府信息120条。其中，区直各部门主动公开政府信息90条。", "二、主动公开政府信息情况", []),
        ("全年主动公开政府信息133条。", "二、主动公开政府信息情况", []),  # the channels added up
        ("全年主动公开政府信息1913条。", "二、主动公开政府信息情况", ["statistics.proactive_total"]),
        ("历年累计主动公开政府信息1913条。", "二、主动公开政府信息情况", []),
        ("2016年全区未收到有关政府信息公开的申请。", REQUESTS, ["statistics.requests_received"]),
        ("2016年未收到有关政府信息公开行政复议、提起行政诉讼的申请。", DISPUTES, ["statistics.litigation_total"]),
        ("行政复议0件，行政诉讼2件。", DISPUTES, []),
    ],
)
def test_reports_of_the_older_form(sentence: str, heading: str, figures: list[str]) -> None:
    assert [issue.figure for issue in judged(sentence, OLD, heading, 2016)] == figures


def test_nothing_is_said_where_the_table_has_no_number() -> None:
    assert contradicted("全年收到政府信息公开申请12件，行政复议3件。", {}) == []

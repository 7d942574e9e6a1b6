"""The questions that the site offers: the ten of `data/questions.yaml`, and some that take a word of one's own.

An empty parameter means all. Sums are over bodies that report for themselves (`scope = 'own'`), as in the ten.
"""

from __future__ import annotations

from archive.questions import Question, questions

_ASKED_WITH_WORDS: tuple[Question, ...] = (
    Question(
        "one_province",
        "One province over the years",
        "某省历年情况",
        "A name as in the column province; empty: the whole country.",
        "填省名，如“江苏省”；留空为全国。",
        """
select year, count(*) as reports, sum(received) as received, sum(granted) as granted, sum(partial) as partial,
       sum(denied) as denied, sum(unable) as unable, sum(not_processed) as not_processed,
       sum(review_total) as reconsiderations, sum(lawsuit_total) as lawsuits
from panel
where scope = 'own' and (:province = '' or province = :province)
group by year
order by year
""",
    ),
    Question(
        "one_agency",
        "One agency over the years",
        "某机关历年情况",
        "Any part of the name.",
        "可填名称的任一部分。",
        """
select report_id, agency, year, scope, form, received, answered, granted, partial, denied, unable, not_processed,
       review_total, lawsuit_total, breaks
from panel
where agency like '%' || :agency || '%'
order by agency, year
""",
    ),
    Question(
        "one_figure",
        "One figure, as printed, with its source",
        "某一统计项的原文与来源",
        "A figure id such as applications.new_received.total, and a year (empty: all).",
        "填统计项编号，如 applications.new_received.total；年度留空为全部。",
        """
select report_id, agency, year, figure, value, raw, state, flag, url
from figures
where figure = coalesce(nullif(:figure, ''), 'applications.new_received.total')
  and (:year = '' or year = :year + 0)
order by year desc, value desc
""",
    ),
    Question(
        "most_litigated",
        "Most litigated agencies",
        "涉诉最多的机关",
        "Lawsuits over disclosure and how they ended, agency by agency, since a year (empty: all).",
        "各机关政府信息公开行政诉讼及结果；since 为起始年度，留空为全部。",
        """
select agency, province, sum(lawsuit_total) as lawsuits, sum(lawsuit_upheld) as upheld,
       sum(lawsuit_corrected) as corrected, sum(received) as received,
       round(100.0 * sum(lawsuit_total) / sum(received), 2) as lawsuits_per_100, agency_id
from panel
where scope = 'own' and lawsuit_total is not null and year >= coalesce(nullif(:since, '') + 0, 0)
group by agency_id having sum(lawsuit_total) > 0
order by lawsuits desc
""",
    ),
    Question(
        "newest_reports",
        "Newest reports",
        "最新收录的报告",
        "The last 500 that were filed.",
        "最近收录的500份。",
        """
select report_id, agency, year, title, first_seen, trust, url
from reports
where is_current = 1
order by report_id desc
limit 500
""",
    ),
    Question(
        "doubtful_figures",
        "Figures that contradict themselves",
        "存疑的数字",
        "Open errors and warnings, gravest first.",
        "尚未处理的错误与警告。",
        """
select report_id, agency, year, level, code, figure, message, url
from open_issues
where level <> 'info'
order by level, code, agency, year
""",
    ),
    Question(
        "missing_reports",
        "Reports that should be there and are not, and why",
        "应有而未收录的报告及原因",
        "As of the last crawl; set a province or a year, or leave them empty.",
        "截至最近一次抓取；可填省名与年度，留空为全部。",
        """
select agency, year, status, reason, portal_id, province, url, agency_id
from coverage
where status not in ('found', 'late', 'not_yet_due')
  and (:province = '' or province = :province) and (:year = '' or year = :year + 0)
order by year desc, province, agency
""",
    ),
)


def offered() -> tuple[Question, ...]:
    """All of them, in the order in which the first page lists them."""
    return (*questions(), *_ASKED_WITH_WORDS)

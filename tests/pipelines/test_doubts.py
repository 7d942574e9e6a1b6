"""What a stranger's documents were read wrongly by, in silence: each is read rightly now, or in doubt."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines import Capture, extract
from pipelines.model import Reading
from tests.pipelines.damaged_tables import (
    APPLICANTS,
    OUTCOMES,
    Row,
    applications,
    cells,
    heads,
    lines,
    printed_in,
    read,
    sure,
    table,
    table3,
    table4,
)

FEES = "active_disclosure.administrative_fees.amount"
LICENSING = "active_disclosure.administrative_licensing.decisions_this_year"
GRANTED = "applications.granted."


def fees(cell: str, head: str = "本年收费金额", above: str = "") -> Reading:
    """A page on which fees are printed under a head, with a line above their table."""
    rows = [f"<tr><td>信息内容</td><td>{head}</td></tr>", f"<tr><td>行政事业性收费</td><td>{cell}</td></tr>"]
    caption = "<tr><td colspan=2>第二十条第（八）项</td></tr>"
    return read(f"<p>{above}</p>{table(caption, *rows)}{table3(applications(totals=True))}")


def value(reading: Reading, figure: str) -> Decimal | None:
    """A figure; None where any issue names it."""
    named = {name for issue in reading.issues for name in (issue.figure, *issue.figures)}
    return None if figure in named else reading.figures[figure]


class TestUnits:
    @pytest.mark.parametrize("cell", ["251000（元）", "251000（单位：元）", "251000<br>（元）", "25.1（万元）", "25.1"])
    def test_a_unit_in_brackets_is_one(self, cell: str) -> None:
        assert value(fees(cell), FEES) == Decimal("25.1")

    @pytest.mark.parametrize("cell", ["25.1万元（元）", "12（更正为13）", "0（实为2）"])
    def test_what_brackets_contradict_is_not_read(self, cell: str) -> None:
        assert value(fees(cell), FEES) is None

    @pytest.mark.parametrize("above", ["单位：元", "（单位：件、元）", "金额单位：亿元"])
    def test_a_unit_that_the_page_names_elsewhere_leaves_a_head_without_one_in_doubt(self, above: str) -> None:
        assert value(fees("251000", above=above), FEES) is None
        assert value(fees("25.1", "本年收费金额（单位：万元）", above), FEES) == Decimal("25.1")
        assert value(fees("0", above=above), FEES) == 0

    def test_the_usual_unit_does_not(self) -> None:
        assert value(fees("25.1", above="单位：万元"), FEES) == Decimal("25.1")

    @pytest.mark.parametrize("cell", ["12（万件）", "12（万）", "3（千）"])
    def test_a_multiple_in_brackets_makes_a_count_another(self, cell: str) -> None:
        rows = applications(totals=True)
        rows[2][1] = cell
        assert read(table3(rows)).figures[GRANTED + "natural_person"] is None


class TestTwoTables:
    def test_a_row_that_only_one_of_two_tables_has_is_in_doubt(self) -> None:
        own, area = (
            applications(totals=True),
            [[row[0], *(str(int(n) + 1000) for n in row[1:])] for row in applications(totals=True)],
        )
        own.pop(5)
        figures = read(table3(own) + table3(area)).figures
        assert {value for figure, value in figures.items() if "not_processed_repeat" in figure} == {None}

    def test_one_row_that_is_printed_twice_leaves_the_others_as_they_are(self) -> None:
        rows = applications(totals=True)
        rows.insert(3, [rows[2][0], *(str(900 + n) for n in range(7))])
        rest = {
            figure: n for figure, n in printed_in(applications(totals=True)).items() if not figure.startswith(GRANTED)
        }
        assert sure(read(table3(rows))) == rest


class TestBesideABlank:
    @pytest.mark.parametrize(("head", "cell"), [("上年数", "23"), ("备注", "2项"), ("同比增减", "5")])
    def test_the_number_of_another_column_is_not_this_years(self, head: str, cell: str) -> None:
        rows = [
            "<tr><td colspan=3>第二十条第（五）项</td></tr>",
            f"<tr><td>信息内容</td><td>本年处理决定数量</td><td>{head}</td></tr>",
            f"<tr><td>行政许可</td><td></td><td>{cell}</td></tr>",
        ]
        assert LICENSING not in sure(read(table(*rows) + table3(applications(totals=True))))

    def test_a_total_may_be_hidden_left_of_an_empty_cell(self) -> None:
        def merged(row: Row) -> str:
            label, first, _, *others = row
            return (
                f"<tr><td>{label}</td><td colspan=2>{first}</td>"
                + "".join(f"<td>{n}</td>" for n in others)
                + "<td></td></tr>"
            )

        rows = [merged(row) for row in applications(totals=True)]
        assert not sure(read(table(*heads(), *rows)))


class TestHeads:
    @pytest.mark.parametrize(
        "second",
        [
            "<td colspan=5>法人或其他组织</td><td rowspan=2>自然人</td><td rowspan=2>总计</td>",
            "<td rowspan=2>自然人</td><td rowspan=2>总计</td><td colspan=5>法人或其他组织</td>",
        ],
    )
    def test_heads_that_changed_sides_are_not_read_past(self, second: str) -> None:
        first, _, third = heads()
        assert not sure(read(table(first, f"<tr>{second}</tr>", third, *lines(applications()))))

    def test_heads_that_changed_places_in_the_form_of_2019_are_not_read_past(self) -> None:
        def regulations(*names: str) -> set[str]:
            rows = [["信息内容", *names, "对外公开总数量"], ["规章", "1", "2", "3"]]
            caption = "<tr><td colspan=4>第二十条第（一）项</td></tr>"
            figures = sure(read(table(caption, *lines(rows)) + table3(applications(totals=True))))
            return {figure for figure in figures if figure.startswith("active_disclosure.")}

        assert len(regulations("本年新制作数量", "本年新公开数量")) == 3
        assert not regulations("本年新公开数量", "本年新制作数量")

    @pytest.mark.parametrize("own", ["", "<td colspan=15>0</td>", "<td colspan=15>无</td>", "<td></td>" * 15])
    def test_an_areas_table_4_is_not_read_for_an_own_one_without_figures(self, own: str) -> None:
        area = table4([str(number) for number in (1, 2, 3, 4, 10, 1, 0, 0, 0, 1, 2, 0, 0, 0, 2)])
        assert not sure(read(table4([]).replace("<tr></tr>", f"<tr>{own}</tr>") + area))

    def test_last_years_row_is_not_read_for_a_blank_one_above_it(self) -> None:
        figures = [str(number) for number in (1, 2, 3, 4, 10, 1, 0, 0, 0, 1, 2, 0, 0, 0, 2)]
        above, below = ("<td></td>" * 15, cells(figures))
        both = table4([]).replace("<tr></tr>", f"<tr>{above}</tr><tr>{below}</tr>")
        assert not sure(read(both))
        assert sure(read(both.replace(f"<tr>{above}</tr>", "<tr><td colspan=15></td></tr>")))

    def test_litigation_left_of_review_is_not_read_past(self) -> None:
        def table4_of(*groups: str) -> str:
            top = f"<tr>{''.join(groups)}</tr><tr>{cells(['未经复议直接起诉', '复议后起诉'])}</tr>"
            figures = [str(number) for number in (1, 2, 3, 4, 10, 1, 0, 0, 0, 1, 2, 0, 0, 0, 2)]
            return table(top.replace("<td>", "<td colspan=5>"), *lines([list(OUTCOMES) * 3, figures]))

        review, litigation = "<td colspan=5 rowspan=2>行政复议</td>", "<td colspan=10>行政诉讼</td>"
        right, left = (sure(read(table4_of(*groups))) for groups in ((review, litigation), (litigation, review)))
        assert right["review_litigation.review.total"] == 10
        assert not left

    @pytest.mark.parametrize("head", ["本年处理决定数量（万件）", "本年处理决定数量（单位：千）"])
    def test_a_head_that_counts_in_many_at_once_is_another(self, head: str) -> None:
        rows = [["信息内容", head], ["行政许可", "12"]]
        caption = "<tr><td colspan=2>第二十条第（五）项</td></tr>"
        assert LICENSING not in sure(read(table(caption, *lines(rows)) + table3(applications(totals=True))))


class TestCells:
    """What a page shows in a cell, and what it keeps from sight."""

    @pytest.mark.parametrize(
        "cell",
        [
            "12",
            '<input value="12">',
            '<input type="text" value=" 12 " disabled>',
            '<input type="hidden" value="7"><span>12</span>',
            '<span class="sr-only">12</span><span aria-hidden="true">12</span>',
            '<b class="note visually-hidden">7</b>12',
            '<span style="font-size:0">7</span>12',
            '<div style="font-size: 0;"><span style="font-size:16px">12</span></div>',
            '<span style="font-size:0.8em">12</span>',
        ],
    )
    def test_what_is_seen_is_read(self, cell: str) -> None:
        rows = [["信息内容", "本年处理决定数量"], ["行政许可", cell]]
        caption = "<tr><td colspan=2>第二十条第（五）项</td></tr>"
        assert sure(read(table(caption, *lines(rows)) + table3(applications(totals=True))))[LICENSING] == 12

    def test_a_block_of_which_no_row_is_recognised_is_named(self) -> None:
        rows = [["信息内容", "本年处理决定数量"], ["行政许可 12"]]
        reading = read(table("<tr><td>第二十条第（五）项</td></tr>", *lines(rows)) + table3(applications(totals=True)))
        assert [issue.figure for issue in reading.issues if "第二十条第（五）项" in issue.message] == [LICENSING]


class TestNoProof:
    @pytest.mark.parametrize("both", ["3①", "3²", "<s>3</s>4", "3<br>5", "3 5"])
    def test_a_total_that_is_the_only_other_number_proves_nothing(self, both: str) -> None:
        rows = applications(totals=True)
        rows[2] = [rows[2][0], both, "0", "0", "0", "0", "0", both]
        assert read(table3(rows)).figures[GRANTED + "natural_person"] is None

    def test_figures_that_are_torn_and_add_up_are_read(self) -> None:
        rows = applications(totals=True)
        rows[2] = [rows[2][0], "1 20", "3", "0", "0", "0", "0", "1 23"]
        reading = read(table3(rows))
        assert reading.figures[GRANTED + "natural_person"] == 120
        assert "cells_joined_by_sums" in {issue.code for issue in reading.issues}


class TestOddDigits:
    @pytest.mark.parametrize("cell", ["①", "⑶", "Ⅲ", "⒊", "贰", "?", "？", "三点五"])
    def test_a_number_in_other_digits_is_no_word_for_none(self, cell: str) -> None:
        rows = applications(totals=True)
        rows[2][1] = cell
        reading = read(table3(rows))
        (seen,) = [one for one in reading.cells if one.figure == GRANTED + "natural_person"]
        assert (seen.value, seen.state) == (None, "unreadable")
        assert seen.figure in {issue.figure for issue in reading.issues}

    @pytest.mark.parametrize("cell", ["无", "不涉及", "没有"])
    def test_a_word_for_none_is_one(self, cell: str) -> None:
        rows = applications(totals=True)
        rows[2][1] = cell
        (seen,) = [one for one in read(table3(rows)).cells if one.figure == GRANTED + "natural_person"]
        assert (seen.value, seen.state) == (None, "word")


class TestMarks:
    @pytest.mark.parametrize(
        "cell",
        [
            '12<a href="#f1">1</a>',
            '12<a href="#_ftn1">[1]</a>',
            '12<span style="mso-text-raise:3.0pt">1</span>',
            '12<span style="position:relative;top:-5px">1</span>',
            '<span style="visibility:collapse">7</span>12',
            '<span style="position:absolute;left:-9999px">7</span>12',
        ],
    )
    def test_raised_and_unseen_digits_are_no_part_of_a_number(self, cell: str) -> None:
        rows = lines(applications())
        rows[2] = rows[2].replace("<td>131</td>", f"<td>{cell}</td>")
        assert sure(read(table(*heads(), *rows))).get(GRANTED + "natural_person") in (12, None)

    @pytest.mark.parametrize(
        "mark",
        [
            *(f'<a href="#f1">{mark}</a>' for mark in ("1", "[1]", "〔2〕", "(1)", "（1）", "<sup>1</sup>")),
            '<sup><a href="#f1">1</a></sup>',
            '<span style="vertical-align:super"><a href="#f1">1</a></span>',
        ],
    )
    def test_a_mark_that_leads_to_a_footnote_leaves_the_number(self, mark: str) -> None:
        rows = lines(applications())
        rows[2] = rows[2].replace("<td>131</td>", f"<td>131{mark}</td>")
        assert sure(read(table(*heads(), *rows)))[GRANTED + "natural_person"] == 131

    def test_a_link_to_elsewhere_is_text(self) -> None:
        rows = lines(applications())
        rows[2] = rows[2].replace("<td>131</td>", '<td><a href="/zwgk/131.html">131</a></td>')
        assert sure(read(table(*heads(), *rows)))[GRANTED + "natural_person"] == 131


def test_a_title_that_names_the_year_of_its_posting_is_flagged() -> None:
    def issues(title: str, signed: str) -> set[str]:
        page = f"<h1>青禾县财政局{title}年政府信息公开工作年度报告</h1><p>一、总体情况</p>{table3(applications())}"
        (reading,) = extract(Capture(f"{page}<p>青禾县财政局</p><p>{signed}</p>".encode()))
        return {issue.code for issue in reading.issues}

    assert "year_conflict" in issues("2024", "2024年1月20日")
    assert "year_conflict" not in issues("2023", "2024年1月20日")
    assert "year_conflict" not in issues("2024", "2024年12月30日")


def test_a_section_whose_table_is_not_read_is_named() -> None:
    def missing(section: str) -> list[str]:
        page = "<h1>青禾县财政局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>如下。</p>"
        page += f"<p>三、收到和处理政府信息公开申请情况</p>{table3(applications(totals=True))}"
        page += f"<p>四、政府信息公开行政复议、行政诉讼情况</p>{section}<p>五、存在的问题</p><p>无。</p>"
        (reading,) = extract(Capture(page.encode()))
        return [issue.message for issue in reading.issues if issue.code == "table_missing"]

    assert missing('<p><img src="t4.png"></p>') == [
        "四、政府信息公开行政复议、行政诉讼情况: no table of it could be read"
    ]
    assert missing("<p>行政复议 结果维持 1 结果纠正 2 其他结果 3 尚未审结 4 总计 10</p>")
    assert missing("<p>本年度没有发生行政复议和行政诉讼。</p>") == []
    assert missing("<p>行政复议1件，结果维持；行政诉讼2件，尚未审结。</p>") == []


def whole(*parts: str) -> str:
    """A page with these under the headings of its sections."""
    headings = ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、存在的问题")
    return "".join(f"<p>{heading}</p>{part}" for heading, part in zip(headings, parts, strict=True))


class TestOthers:
    """Tables of another year, and those of a whole area beside the report's own."""

    @pytest.mark.parametrize(
        "caption", ["附件：2022年数据", "2022年收到和处理申请情况如下表：", "本机关无。全县各部门汇总情况如下表："]
    )
    def test_the_table_under_such_a_line_is_not_read(self, caption: str) -> None:
        body = whole(
            "<p>好。</p>", licensing("12"), f"<p>{caption}</p>{table3(applications(totals=True))}", "<p>无。</p>"
        )
        reading = read(body)
        assert set(sure(reading)) == {LICENSING}
        assert [issue.code for issue in reading.issues if caption[-6:] in issue.message] == ["table_of_others"]

    @pytest.mark.parametrize(
        "caption", ["2023年情况如下表：", "与2022年相比情况如下：", "2024年1月20日", "上年结转情况如下表："]
    )
    def test_other_lines_say_nothing(self, caption: str) -> None:
        body = whole(
            "<p>好。</p>", licensing("12"), f"<p>{caption}</p>{table3(applications(totals=True))}", "<p>无。</p>"
        )
        assert len(sure(read(body))) > 40

    def test_the_report_of_an_area_is_its_own(self) -> None:
        above = "<p>全县各部门汇总情况如下表：</p>"
        body = whole("<p>好。</p>", "", f"{above}{table3(applications(totals=True))}", "<p>无。</p>")
        assert len(sure(read(body))) > 40

    def test_a_row_that_only_one_of_two_tables_2_has_is_in_doubt(self) -> None:
        rows = [["行政处罚", "5"], ["行政强制", "6"]]
        caption = "<tr><td colspan=2>第二十条第（六）项</td></tr><tr><td>信息内容</td><td>本年处理决定数量</td></tr>"
        own, other = (table(caption, *lines(those)) for those in (rows[:1], [[row[0], row[1] + "0"] for row in rows]))
        assert not sure(read(own + other))


def licensing(cell: str) -> str:
    """The block of 行政许可."""
    rows = ["<tr><td>信息内容</td><td>本年处理决定数量</td></tr>", f"<tr><td>行政许可</td><td>{cell}</td></tr>"]
    return table("<tr><td colspan=2>第二十条第（五）项</td></tr>", *rows)


@pytest.mark.parametrize("part", [" | ", "\t", " "])
@pytest.mark.parametrize("head", ["上年数", "同比增减", "备注"])
def test_a_column_that_is_no_forms_leaves_a_row_of_text_in_doubt(part: str, head: str) -> None:
    rows = [
        ["第二十条第（一）项"],
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数", head],
        ["规章", "1", "2", "3", "4"],
        ["行政规范性文件", "", "12", "13", "14"],
    ]
    rows += [["申请人情况", *APPLICANTS], *applications(totals=True)]
    text = "\n".join(part.join(cell for cell in row if cell or part != " ") for row in rows)
    assert not any(figure.startswith("active_disclosure.normative") for figure in sure(read(f"二、主动公开\n{text}\n")))


def test_a_number_right_of_all_heads_does_not_fill_a_blank() -> None:
    beside = licensing("").replace("<td>行政许可</td><td></td>", "<td>行政许可</td><td></td><td>17</td>")
    assert LICENSING not in sure(read(beside + table3(applications(totals=True))))
    merged = licensing("12").replace("<td>12</td>", "<td></td><td>12</td>").replace("<td>本年", "<td colspan=2>本年")
    assert sure(read(merged + table3(applications(totals=True))))[LICENSING] == 12


def test_a_number_on_the_line_behind_a_printed_blank_does_not_fill_it() -> None:
    text = "第二十条第（五）项 |\n信息内容 | 本年处理决定数量 |\n行政许可 |  |\n3\n第二十条第（六）项 |\n"
    text += "信息内容 | 本年处理决定数量 |\n行政处罚 | 5 |\n行政强制 | 6 |\n"
    found = sure(read(f"二、主动公开\n{text}"))
    assert LICENSING not in found
    assert len(found) == 2

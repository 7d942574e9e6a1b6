"""Rows that lost or caught a cell, heads that say something else, padding that looks like blanks: nothing is read past.

Every case was a figure that came out under another's name without a word. All tables print another number in every
cell, and no totals, so that no sum can help. What is read without doubt must be what stands there.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.pipelines.damaged_tables import (
    APPLICANTS,
    CASES,
    OUTCOMES,
    ROWS,
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

THIRD = "applications.granted."
FIFTEEN = [str(200 + number) for number in range(15)]


def _of_row(figures: dict[str, int], row: str) -> dict[str, int]:
    return {figure: number for figure, number in figures.items() if figure.startswith(row)}


def test_a_clean_table_is_read() -> None:
    assert sure(read(table3(applications(totals=True)))) == printed_in(applications(totals=True))


def _without(row: Row) -> Row:
    return [*row[:3], *row[4:]]


def _with_blank(row: Row) -> Row:
    return [*row[:3], "", *row[3:]]


def _with_number(row: Row) -> Row:
    return [*row[:3], "", row[4], *row[5:], "9"]


def _twice(row: Row) -> Row:
    return [*row[:3], row[2], *row[3:]]


@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("damage", [_without, _with_blank, _with_number, _twice])
def test_a_row_that_lost_or_caught_a_cell_is_not_read(damage: Callable[[Row], Row], padding: int) -> None:
    rows = applications()
    rows[2] = damage(rows[2])
    figures = sure(read(table3([[*row, *[""] * padding] for row in rows])))
    assert not _of_row(figures, THIRD)
    assert _of_row(figures, "applications.carried_in.") == _of_row(
        printed_in(applications()), "applications.carried_in."
    )


def test_a_cell_over_two_rows_or_columns_is_not_read_past() -> None:
    rows = lines(applications())
    down = [*rows[:2], rows[2].replace("<td>132", "<td rowspan=2>132"), rows[3].replace("<td>142</td>", ""), *rows[4:]]
    figures = sure(read(table(*heads(), *down)))
    assert not _of_row(figures, "applications.partially_granted.")
    right = [*rows[:2], rows[2].replace("<td>132</td><td>133", "<td colspan=2>132"), *rows[3:]]
    assert not _of_row(sure(read(table(*heads(), *right))), THIRD)


def test_text_between_cells_makes_its_row_doubtful() -> None:
    rows = lines(applications())
    rows[2] = rows[2].replace("<td>132</td>", "132").replace("<td>133</td>", "<td></td><td>133</td>")
    assert not _of_row(sure(read(table(*heads(), *rows))), THIRD)


@pytest.mark.parametrize(
    "cell",
    [
        '132<span style="vertical-align: super">1</span>',
        '<span style="text-decoration:line-through">9</span>132',
        "132<sup>1</sup>",
        "<del>9</del>132",
    ],
)
def test_raised_and_struck_digits_are_no_part_of_a_number(cell: str) -> None:
    rows = lines(applications())
    rows[2] = rows[2].replace("<td>132</td>", f"<td>{cell}</td>")
    assert set(_of_row(sure(read(table(*heads(), *rows))), THIRD + "commercial").values()) <= {132}


def test_rows_without_tr_and_inside_other_elements_are_read() -> None:
    rows = [
        cells(row) if number == 2 else f"<form><tr>{cells(row)}</tr></form>"
        for number, row in enumerate(applications())
    ]
    assert sure(read(table(*heads(), *rows))) == printed_in(applications())


def _exchanged(names: Row, one: int, other: int) -> Row:
    names = list(names)
    names[one], names[other] = names[other], names[one]
    return names


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 2), (2, 5), (4, 6), (0, 6)])
def test_heads_in_another_order_are_not_read_past(one: int, other: int) -> None:
    assert not sure(read(table3(applications(), _exchanged(list(APPLICANTS), one, other))))


def test_another_matters_head_is_not_taken_for_a_lost_one() -> None:
    names = [*list(APPLICANTS)[:4], *list(APPLICANTS)[5:], "上年总计"]
    assert not sure(read(table3(applications(), names)))
    assert not sure(read(table(*lines(applications()))))


def test_one_misprinted_head_is_no_reason_to_doubt() -> None:
    names = ["自然人", "商业企亚", *list(APPLICANTS)[2:]]
    assert sure(read(table3(applications(totals=True), names))) == printed_in(applications(totals=True))


@pytest.mark.parametrize("place", [0, 3, 7])
def test_a_row_printed_twice_differently_is_not_read(place: int) -> None:
    rows = applications()
    rows.insert(place, [rows[2][0], *(str(900 + n) for n in range(6)), ""])
    assert not _of_row(sure(read(table3(rows))), THIRD)


@pytest.mark.parametrize(("third", "total", "is_read"), [("27 行政许可", "145", False), ("27 行政许可", "900", True)])
def test_figures_beside_an_unreadable_one_that_exceed_their_total_are_not_read(
    third: str, total: str, is_read: bool
) -> None:
    rows = applications(totals=True)
    rows[2] = [*rows[2][:3], third, *rows[2][4:-1], total]
    assert bool(_of_row(sure(read(table3(rows))), THIRD)) == is_read


def test_a_label_over_figures_of_a_row_without_label_may_be_printed_twice() -> None:
    rows = lines(applications(totals=True))
    echo = [f"<tr>{cells([list(ROWS)[1]])}</tr>", f"<tr>{cells(['数、', *(str(900 + n) for n in range(7))])}</tr>"]
    figures = sure(read(table(*heads(), *rows[:3], *echo, *rows[3:])))
    assert not _of_row(figures, "applications.carried_in.")
    assert len(_of_row(figures, THIRD)) == 7


@pytest.mark.parametrize("names", [["商业企业", "法人或其他组织", "总计", "��然�", "科研机构"], None])
def test_one_lost_head_of_a_text_has_not_changed_places_with_another(names: Row | None) -> None:
    first = names or ["��然�", "法人或其他组织", "总计", "商业企业", "科研机构"]
    rows = [text for row in applications(totals=True) for text in row]
    text = "\n".join(["申请人情况", *first, "社会公益组织", "法律服务机构", "其他", *rows])
    figures = sure(read(f"三、收到和处理政府信息公开申请情况\n{text}\n四、其他情况"))
    assert figures == ({} if names else printed_in(applications(totals=True)))


def test_a_remark_does_not_make_two_rows_of_one() -> None:
    rows = applications(totals=True)
    doubled = table3([[*rows[2][:3], rows[2][3] + "<sup>2</sup>", *rows[2][4:]]])
    assert _of_row(sure(read(table3(rows) + doubled)), THIRD) == _of_row(printed_in(rows), THIRD)


def test_rows_of_other_matters_that_lost_their_labels_make_no_row_of_the_older_form() -> None:
    rows = lines(applications())
    other = "<tr><td rowspan=3>（六）其他处理</td>" + cells([str(800 + n) for n in range(6)] + [""]) + "</tr>"
    bare = [f"<tr>{cells([str(base + n) for n in range(6)] + [''])}</tr>" for base in (810, 820)]
    figures = sure(
        read(table(*heads(), *rows[:-1], other, *bare, f"<tr><td>（七）总计</td>{cells([''] * 7)}</tr>", rows[-1]))
    )
    assert not _of_row(figures, "applications.other_processing.")


def _review(figures: Row) -> dict[str, int]:
    ids = [f"review_litigation.{case}.{outcome}" for case in CASES for outcome in OUTCOMES.values()]
    return {id_: int(text) for id_, text in zip(ids, figures, strict=True) if text}


def _true_fifteen() -> Row:
    blocks = [[str(base + n) for n in range(4)] for base in (200, 300, 400)]
    return [text for block in blocks for text in (*block, str(sum(map(int, block))))]


def _table4(figures: Row, **heads_: object) -> dict[str, int]:
    reading = read(table3(applications()) + table4(figures, **heads_))  # type: ignore[arg-type]
    return _of_row(sure(reading), "review_litigation.")


def test_table_4_is_read() -> None:
    blanks = ["" if n in (4, 5, 9, 14) else text for n, text in enumerate(FIFTEEN)]
    assert _table4(_true_fifteen()) == _review(_true_fifteen())
    assert _table4(blanks) == _review(blanks)


@pytest.mark.parametrize("damage", [_without, _with_blank])
def test_a_row_of_table_4_that_lost_or_caught_a_cell_is_not_read(damage: Callable[[Row], Row]) -> None:
    blanks = ["" if n in (4, 9, 14) else text for n, text in enumerate(FIFTEEN)]
    assert not _table4(damage(blanks))


def test_heads_of_table_4_in_another_order_are_not_read_past() -> None:
    names, cut = list(OUTCOMES), ["结果", "结果", "其他", "尚未", "总计"]
    assert not _table4(_true_fifteen(), groups=["复议后起诉", "未经复议直接起诉"])
    assert not _table4(_true_fifteen(), outcomes=[names, _exchanged(names, 0, 2), names])
    assert not _table4(_true_fifteen(), outcomes=[cut, _exchanged(cut, 1, 2), cut])
    assert _table4(_true_fifteen(), outcomes=[cut, cut, cut]) == _review(_true_fifteen())


def test_a_second_print_of_table_4_without_heads_leaves_it_in_doubt() -> None:
    again = [*_true_fifteen()[:3], "999", *_true_fifteen()[4:]]
    first = table3(applications()) + table4(_true_fifteen())
    assert not _of_row(sure(read(first + table(f"<tr>{cells(again)}</tr>"))), "review_litigation.")
    assert _of_row(sure(read(first + table(f"<tr>{cells([str(n) for n in range(15)])}</tr>"))), "review_litigation.")


def test_a_row_of_fourteen_figures_with_a_label_is_none_of_table_4() -> None:
    moved = table4(_true_fifteen()).replace(cells(_true_fifteen()), cells(["2.重复申请", *_true_fifteen()[1:]]))
    assert not _of_row(sure(read(table3(applications()) + moved)), "review_litigation.")


def test_two_rows_of_figures_under_the_heads_of_table_4_are_ambiguous() -> None:
    doubled = table4(_true_fifteen()).replace("</table>", f"<tr>{cells(FIFTEEN)}</tr></table>")
    assert not _of_row(sure(read(table3(applications()) + doubled)), "review_litigation.")


def _block(rows: str, names: Row, caption: str = "第二十条第（一）项") -> str:
    return table(
        f"<tr><td colspan=4>{caption}</td></tr>", f"<tr>{cells(['信息内容', *names])}</tr>" if names else "", rows
    )


def _disclosure(body: str) -> dict[str, int]:
    return _of_row(sure(read(table3(applications()) + body)), "active_disclosure.")


NEW = ["本年制发件数", "本年废止件数", "现行有效件数"]


def test_heads_of_table_2_in_another_order_or_lost_leave_its_figures_in_doubt() -> None:
    row = f"<tr>{cells(['行政规范性文件', '31', '32', '33'])}</tr>"
    assert len(_disclosure(_block(row, NEW))) == 3
    assert not _disclosure(_block(row, _exchanged(NEW, 0, 1)))
    assert not _disclosure(_block(row, [NEW[0], "备注", NEW[2]]))
    assert not _disclosure(_block(row, []))


def test_a_row_of_table_2_that_lost_a_cell_is_not_read() -> None:
    row = f"<tr>{cells(['行政规范性文件', '31', '33', ''])}</tr>"
    assert not _disclosure(_block(row, [*NEW, ""]))


def test_a_row_of_the_older_form_without_heads_is_none_of_the_newer() -> None:
    row = f"<tr>{cells(['行政事业性收费', '29', ''])}</tr>"
    assert not _disclosure(_block(row, [], "第二十条第（八）项"))


@pytest.mark.parametrize(
    "head", ["本年收费金额（单位：�元）", "本年收费金额（单位：丸元）", "本年收费金额（单位：?元）"]
)
def test_a_unit_with_a_damaged_character_is_no_unit(head: str) -> None:
    row = f"<tr>{cells(['行政事业性收费', '350'])}</tr>"
    assert not _disclosure(_block(row, [head], "第二十条第（八）项"))


def _text(rows: list[Row], write: Callable[[Row], str]) -> str:
    above = ["", "申请人情况"], ["自然人", "法人或其他组织", "总计"], list(APPLICANTS)[1:-1]
    return "\n".join(["三、收到和处理政府信息公开申请情况", *map(write, above), *map(write, rows), "四、其他情况"])


def _padded(row: Row) -> str:
    return " | ".join(text for text in row if text) + " | |"


def _tight(row: Row) -> str:
    return "".join(f"|{text}|" for text in row if text)


def _a_line_each(row: Row) -> str:
    return "\n".join(text for text in row if text)


@pytest.mark.parametrize("write", [_padded, _tight, _a_line_each])
def test_running_text_that_lost_its_blanks_is_not_read(write: Callable[[Row], str]) -> None:
    rows = applications()
    assert not sure(read(_text(rows, write)))
    rows[2][3] = ""
    rows = [[*row[:-1], str(100_000 + number)] for number, row in enumerate(rows)]
    assert not _of_row(sure(read(_text(rows, write))), THIRD)


def test_an_empty_cell_between_two_pipes_is_no_border() -> None:
    compact = "\n".join(f"|{row[0]}||{'|'.join(row[2:7])}|9|" for row in applications(totals=True))
    figures = sure(read(f"三、收到和处理政府信息公开申请情况\n{compact}\n四、其他情况"))
    assert not any(number in (112, 122, 132) for figure, number in figures.items() if figure.endswith("natural_person"))


def test_a_page_number_is_not_taken_for_a_lost_figure() -> None:
    rows = applications(totals=True)
    rows[2][3] = ""
    text = _text(rows, _a_line_each).replace(f"\n{rows[2][7]}\n", f"\n{rows[2][7]}\n12\n")
    assert not _of_row(sure(read(text)), THIRD)


def test_glued_digits_are_parted_only_where_there_is_no_other_way() -> None:
    block = "第二十条第（一）项信息内容本年制发件数本年废止件数现行有效件数规章000行政规范性文件223"
    rows = (
        "一、本年新收政府信息公开申请数量1000001", "二、上年结转政府信息公开申请数量0000000",
        "三、本年度办理结果（一）予以公开1000001", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）0000000",
        "（三）不予公开1.属于国家秘密0000000", "（七）总计1000001", "四、结转下年度继续办理0000000",
    )  # fmt: skip
    figures = sure(read("".join(("二、主动公开政府信息情况", block, "三、收到和处理政府信息公开申请情况", *rows))))
    assert not _of_row(figures, "active_disclosure.normative_documents.")
    assert set(_of_row(figures, "active_disclosure.regulations.").values()) == {0}


def test_the_labels_of_the_tests_are_those_of_the_form() -> None:
    figures = {cell.figure for cell in read(table3(applications())).cells}
    assert {f"applications.{row}.{column}" for row in ROWS.values() for column in APPLICANTS.values()} <= figures


@pytest.mark.parametrize("values", [("27", "5"), ("27",), ("0", "0")])
def test_two_labels_in_one_cell_leave_open_whose_the_number_is(values: Row) -> None:
    caption = table(
        "<tr><td colspan=2>第二十条第（六）项</td></tr>", "<tr><td>信息内容</td><td>本年处理决定数量</td></tr>"
    )
    row = f"<tr><td>行政处罚<br>行政强制</td><td>{'<br>'.join(values)}</td></tr></table>"
    reading = read(caption.replace("</table>", row) + table3(applications(totals=True)))
    for figure in ("administrative_punishment", "administrative_coercion"):
        own = f"active_disclosure.{figure}.decisions_this_year"
        assert reading.figures[own] is None
        assert any(own in issue.figures for issue in reading.issues)

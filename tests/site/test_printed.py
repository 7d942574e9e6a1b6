"""The statutory tables rebuilt: every figure once, in the arrangement of its form, with what there is to say of it."""

from __future__ import annotations

import pytest

from archive.site.printed import Cell, Head, Table, tables_of
from pipelines.forms.definitions import load_forms

FORMS = load_forms()


def built(form: str, *cells: Cell) -> list[Table]:
    return tables_of({cell.figure: cell for cell in cells}, {block.id: form for block in FORMS[form].blocks})


def cells_of(tables: list[Table]) -> list[Cell]:
    return [item for table in tables for row in table.rows for item in row if isinstance(item, Cell)]


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_figure_of_a_form_stands_in_its_tables_once(form: str) -> None:
    figures = [cell.figure for cell in cells_of(built(form))]
    expected = [figure for block in FORMS[form].blocks for figure in block.figures()]
    assert sorted(figures) == sorted(expected)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_rows_of_a_table_are_equally_wide(form: str) -> None:
    for table in built(form):
        widths: list[int] = []
        below: dict[int, int] = {}
        for n, row in enumerate((*table.heads, *table.rows)):
            hanging = below.pop(n, 0)
            widths.append(hanging + sum(item.across for item in row))
            for item in row:
                for further in range(1, getattr(item, "down", 1)):
                    below[n + further] = below.get(n + further, 0) + item.across
        assert len(set(widths)) == 1, (table.title, widths)


def test_table_3_has_its_groups_at_the_side() -> None:
    table = next(table for table in built("f2021") if table.layout == "matrix")
    granted = next(row for row in table.rows if any(isinstance(i, Cell) and "granted." in i.figure for i in row))
    heads = [item for item in granted if isinstance(item, Head)]
    assert [(head.text, head.down) for head in heads] == [("三、本年度办理结果", 22), ("（一）予以公开", 1)]
    assert [head.text for head in table.heads[1]] == ["自然人", "法人或其他组织", "总计"]


def test_table_4_has_lawsuits_of_two_kinds_under_one_head() -> None:
    table = next(table for table in built("f2021") if table.layout == "line")
    assert [(head.text, head.across) for head in table.heads[0]] == [("行政复议", 5), ("行政诉讼", 10)]
    assert [head.text for head in table.heads[1]] == ["未经复议直接起诉", "复议后起诉"]


def test_the_list_of_2014_has_numbers_and_units() -> None:
    (table,) = built("f2014")
    row = next(row for row in table.rows if isinstance(row[-1], Cell) and row[-1].figure.endswith("channel_weibo"))
    assert [item.text for item in row[:3] if isinstance(item, Head)] == ["一（二）3", "政务微博公开政府信息数", "条"]


def test_tables_of_two_forms_in_one_report_stand_side_by_side() -> None:
    forms = {block.id: "f2021" for block in FORMS["f2021"].blocks} | {"applications": "f2019"}
    assert {(table.layout, table.form) for table in tables_of({}, forms)} == {
        ("blocks", "f2021"),
        ("matrix", "f2019"),
        ("line", "f2021"),
    }


def test_what_is_not_printed_is_not_blank() -> None:
    blank = Cell("applications.granted.total", "", None, "blank")
    kinds = {cell.figure: cell.kind for cell in cells_of(built("f2021", blank))}
    assert kinds["applications.granted.total"] == "blank"
    assert kinds["applications.carried_in.total"] == "absent"


def test_a_value_is_told_where_the_text_is_not_just_its_digits() -> None:
    assert Cell("f", "35,052", 35052, "number").reading == ""
    assert Cell("f", "251000元", 25.1, "number").reading == "25.1"
    assert Cell("f", "/", None, "slash").reading == ""


def test_doubts_and_corrections_show() -> None:
    flagged = Cell("f", "12", 12, "number", flags=("t3_flow: 12, but printed is 13",))
    assert flagged.kind == "flagged"
    assert "t3_flow" in flagged.told
    assert Cell("f", "12", 12, "number", corrected=21, review="corrected", flags=("x",)).kind == "corrected"

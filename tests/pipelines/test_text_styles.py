"""What extractors make of tables in plain text: labels and heads in pieces, ends of lines lost, bars between cells."""

from __future__ import annotations

import re

import pytest

from pipelines import Capture, extract
from pipelines.model import Reading
from tests.generate.facts.forms import COLUMNS, application_rows

TITLE = "青禾县财政局2023年政府信息公开工作年度报告"
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
GROUPS = ("行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉")
TABLE2 = (
    ("第二十条第（一）项", "信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
    ("规章", "0", "0", "0"),
    ("行政规范性文件", "12", "3", "41"),
    ("第二十条第（六）项", "信息内容", "本年处理决定数量"),
    ("行政处罚", "27"),
    ("行政强制", "5"),
)


def read(*lines: str) -> Reading:
    (reading,) = extract(Capture("\n".join([TITLE, *lines, "五、存在的主要问题", "无。"]).encode()))
    return reading


def numbers(row: int) -> list[int]:
    """Seven numbers of a row of table 3, another in each row, the last their sum."""
    own = [10 * row + column for column in range(6)]
    return [*own, sum(own)]


def wanted_of_table3() -> dict[str, int]:
    return {
        f"applications.{row.id}.{column}": number
        for n, row in enumerate(application_rows("f2021"), 1)
        for (column, _), number in zip(COLUMNS, numbers(n), strict=True)
    }


@pytest.mark.parametrize("longest", [16, 20, 24])
def test_a_label_whose_lines_stand_around_its_figures(longest: int) -> None:
    lines = ["三、收到和处理政府信息公开申请情况"]
    for n, row in enumerate(application_rows("f2021"), 1):
        label, figures = row.labels[-1], " ".join(map(str, numbers(n)))
        cut = len(label) > longest
        lines += [label[:longest], figures, label[longest:]] if cut else [f"{label} {figures}"]
    figures_read = read(*lines).figures
    wanted = wanted_of_table3()
    assert {id_: figures_read[id_] for id_ in wanted} == wanted


def test_figures_below_two_labels_are_not_those_of_the_second() -> None:
    lines = ["三、收到和处理政府信息公开申请情况"]
    ends = ""
    for n, row in enumerate(application_rows("f2021"), 1):
        label, figures = row.labels[-1], " ".join(map(str, numbers(n)))
        if row.id == "denied_state_secret":
            lines += [f"{label} 2.其", figures]
            ends = "他法律行政法规禁止公开"
            continue
        lines += [ends, figures] if ends else [f"{label} {figures}"]
        ends = ""
    wanted = {figure: number for figure, number in wanted_of_table3().items() if "denied_other_law" in figure}
    figures_read = read(*lines).figures
    assert all(figures_read[figure] in (None, number) for figure, number in wanted.items())


def split(text: str, at: int) -> list[str]:
    return [text[:at], text[at:]] if len(text) >= 4 and not text.startswith("第") else [text]


@pytest.mark.parametrize("at", [2, 3])
def test_heads_in_pieces_one_a_line(at: int) -> None:
    lines = ["二、主动公开政府信息情况"]
    for row in TABLE2:
        is_head = not row[-1].isdecimal()
        lines += [piece for cell in row for piece in (split(cell, at) if is_head else [cell])]
    lines.append("四、政府信息公开行政复议、行政诉讼情况")
    for head in (*GROUPS[:2], *RESULTS, *GROUPS[2:], *RESULTS, *RESULTS):
        lines += split(head, min(at, len(head) // 2) if head in RESULTS else at)
    lines += [str(100 + n) for n in range(15)]
    figures = read(*lines).figures
    assert figures["active_disclosure.normative_documents.in_force"] == 41
    assert figures["active_disclosure.administrative_coercion.decisions_this_year"] == 5
    assert [value for id_, value in figures.items() if id_.startswith("review_litigation.")] == list(range(100, 115))


def test_pieces_that_are_heads_themselves_are_not_put_together() -> None:
    """本年新 | 本年新 are two cut heads of 2019; what follows them are no three heads of 2021."""
    reading = read(
        "二、主动公开政府信息情况",
        "第二十条第（一）项",
        "信息内容",
        "本年新",
        "本年新",
        "对外公开总数量",
        *("规章", "0", "0", "0", "规范性文件", "12", "3", "41"),
    )
    assert reading.forms["active_disclosure.block1"] == "f2019" if "active_disclosure.block1" in reading.forms else True
    assert reading.figures["active_disclosure.normative_documents.newly_published"] == 3


def test_the_last_character_of_a_group_of_table_4_is_lost() -> None:
    reading = read(
        "四、政府信息公开行政复议、行政诉讼情\ufffd",
        "行政复议 行政诉讼",
        "结果维持 结果纠正 其他结果 尚未审结 总计 未经复议直接起诉 复议后起\ufffd",
        " ".join(RESULTS + RESULTS),
        " ".join(str(100 + n) for n in range(15)),
    )
    figures = [value for id_, value in reading.figures.items() if id_.startswith("review_litigation.")]
    assert figures == list(range(100, 115))


def test_bars_alone_between_cells_show_the_empty_ones() -> None:
    """`|` on a line of its own between two cells, nothing between two of them is a blank; a row has no end."""
    rows = [["", "3", "", "4", "", "", "7"], ["5", "", "", "1", "", "2", "8"], ["1", "2", "3", "4", "5", "6", "21"]]
    labels = [row.labels[-1] for row in application_rows("f2021")]
    ids = [row.id for row in application_rows("f2021")]
    lines = ["三、收到和处理政府信息公开申请情况"]
    for n, label in enumerate(labels):
        lines += re.split("(?<=\n)|\n", "\n|\n".join([label, *rows[n % 3]]))
    reading = read(*lines)
    named = {figure for issue in reading.issues for figure in issue.figures}
    for n, id_ in enumerate(ids):
        printed = dict(zip((f"applications.{id_}.{column}" for column, _ in COLUMNS), rows[n % 3], strict=True))
        for figure, text in printed.items():
            value = reading.figures[figure]
            assert value == (int(text) if text else None) or (value is None and figure in named), figure
    assert reading.figures["applications.new_received.total"] == 7
    assert reading.figures["applications.carried_in.other_organization"] == 2


def table2_by_line(norm: list[str], licensing: list[str]) -> Reading:
    return read(
        "二、主动公开政府信息情况",
        *TABLE2[0],
        *("规章", "0", "0", "0", "行政规范性文件", *norm),
        *("第二十条第（五）项", "信息内容", "本年处理决定数量", "行政许可", *licensing),
        *("第二十条第（六）项", "信息内容", "本年处理决定数量", "行政处罚", "行政强制", "31"),
    )


@pytest.mark.parametrize(
    ("norm", "licensing", "figure"),
    [
        (["7", "8", "2"], ["140"], "normative_documents.in_force"),
        (["7", "8", "90"], ["12"], "administrative_licensing.decisions_this_year"),
    ],
)
def test_a_page_number_does_not_stand_in_for_a_lost_blank(norm: list[str], licensing: list[str], figure: str) -> None:
    """One value a line, and one row has lost its blank: a small number at the end of another may be a page's."""
    reading = table2_by_line(norm, licensing)
    own = f"active_disclosure.{figure}"
    assert reading.figures[own] is None
    assert any(own in issue.figures for issue in reading.issues)
    assert reading.figures["active_disclosure.administrative_coercion.decisions_this_year"] == 31
    assert reading.figures["active_disclosure.regulations.issued_this_year"] == 0


def test_heads_with_a_space_between_all_characters_belong_to_their_table() -> None:
    reading = read(
        "四、政府信息公开行政复议、行政诉讼情况",
        " ".join("行政复议行政诉讼"),
        f"{' '.join(''.join(RESULTS))} 未经复议直接起诉 复议后起诉",
        " ".join("".join(RESULTS * 2)),
        " ".join(str(100 + n) for n in range(15)),
    )
    figures = [value for id_, value in reading.figures.items() if id_.startswith("review_litigation.")]
    assert figures == list(range(100, 115))


@pytest.mark.parametrize("cell", ["\ufffd", "\ufffd\ufffd件"])
def test_a_cell_of_lost_characters_is_unreadable_not_a_word(cell: str) -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in TABLE2)
    page = f"<h1>{TITLE}</h1><table>{rows.replace('>27<', f'>{cell}<')}</table>"
    (reading,) = extract(Capture(f"<html><meta charset=utf-8><body>{page}</body></html>".encode()))
    own = "active_disclosure.administrative_punishment.decisions_this_year"
    (found,) = [one for one in reading.cells if one.figure == own]
    assert (found.value, found.state) == (None, "unreadable")
    assert own in {issue.figure for issue in reading.issues}

"""One printed cell to one exact number, or to the state that it is in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.forms.values import read_value

NUMBERS = [
    ("0", "count", "0"), ("1,113", "count", "1113"), ("1，113", "count", "1113"), ("０１２", "count", "12"),
    (" 7 ", "count", "7"), ("\xa07\u3000", "count", "7"), ("22（其中修订16件）", "count", "22"), ("3件", "count", "3"),
    ("增1558", "signed", "1558"), ("减38", "signed", "-38"), ("减少3", "signed", "-3"), ("-417", "signed", "-417"),
    ("+3", "signed", "3"), ("－5", "signed", "-5"), ("-164(因机构改革,自5月10日起划转)", "signed", "-164"),
    ("0.092", "amount", "0.092"), ("43.788万元", "amount", "43.788"), ("251000元", "amount", "25.1"),
    ("1,234.50", "amount", "1234.5"), ("2亿元", "amount", "20000"),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "kind", "number"), NUMBERS)
def test_numbers(printed: str, kind: str, number: str) -> None:
    value = read_value(printed, kind, "万元" if kind == "amount" else "件")  # type: ignore[arg-type]
    assert (value.state, value.number) == ("number", Decimal(number))


@pytest.mark.parametrize(
    ("printed", "state"),
    [
        ("", "blank"), (" \xa0\u3000", "blank"), ("/", "slash"), ("／", "slash"), ("-", "dash"), ("—", "dash"),
        ("——", "dash"), ("无", "word"), ("本单位未制作规章", "word"),
        # Digits that are no single exact number are never guessed.
        ("1 2", "unreadable"), ("1\n2", "unreadable"), ("1,13", "unreadable"), ("12,3456", "unreadable"),
        ("+(0) -(0)", "unreadable"), ("约5", "unreadable"), ("5²", "unreadable"), ("①", "unreadable"),
        ("12%", "unreadable"),
        ("三", "unreadable"), ("O", "unreadable"), ("二十", "unreadable"), ("1.2.3", "unreadable"),
        ("5 1", "unreadable"), ("00", "unreadable"),
        ("#REF!", "unreadable"), ("#N/A", "unreadable"), ("#NAME?", "unreadable"),
        ("3万", "unreadable"), ("— 28", "unreadable"), ("- 3", "unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_number_keeps_its_state(printed: str, state: str) -> None:
    value = read_value(printed, "count", "件")
    assert (value.state, value.number) == (state, None)


def test_a_count_in_thousands_of_something_is_no_count() -> None:
    assert read_value("12", "count", "条", "万条").state == "unreadable"
    assert read_value("12", "count", "条", "件").number == 12
    assert read_value("- 3", "signed").number == -3


def test_money_without_a_unit_of_the_form_stays_as_printed() -> None:
    assert read_value("24.5万元", "amount").number == Decimal("24.5")
    assert read_value("24.5万元", "amount").unit == "万元"
    assert read_value("386500元", "amount").number == Decimal(386500)
    assert read_value("386500", "amount").unit is None
    assert read_value("477.35", "amount", None, "万元").unit == "万元"
    assert read_value("3件", "amount", "万元").state == "unreadable"


def test_a_head_in_yuan_is_converted_to_the_forms_unit() -> None:
    assert read_value("251000", "amount", "万元", "元").number == Decimal("25.1")


@pytest.mark.parametrize("unit", ["百元", "百万元", "万美元", "two units"])
def test_a_unit_that_is_not_known_is_never_taken_for_one_that_is(unit: str) -> None:
    assert read_value("3.28", "amount", "万元", unit).state == "unreadable"
    assert read_value("3.28", "amount", None, unit).state == "unreadable"

"""Repairs: what provably reverses is undone, everything else stays, and names survive in every script."""

from __future__ import annotations

import pytest

from pipelines.model import Text
from pipelines.normalize import repair, script_of, simplify
from pipelines.normalize.pinyin import strip_pinyin

ANNOTATED = "根據(jù)規(guī)定編制和發(fā)布本報告。"
CLEAN = "根據規定編制和發布本報告。"


@pytest.mark.parametrize(
    ("damaged", "restored"),
    [
        ("姑蘇區(qū)黨政辦公室", "姑蘇區黨政辦公室"),
        # Hits that straddle two characters, as seen on mirrors.
        ("面向?qū)ο髣t是", "面向對象則是"),
        ("面向?qū)ο蟪绦蛟O(shè)計(jì)", "面向對象程序設計"),
        ("咨詢?nèi)绾纬蔀榇河鹱髡哒?qǐng)聯(lián)系", "咨詢如何成為春羽作者請聯系"),
        ("它們?cè)趯?shí)際測(cè)量中", "它們在實際測量中"),
        ("先向?qū)徲嬍鹕暾垙?fù)議", "先向審計署申請復議"),
        # Genuine annotations.
        ("亳(bó)州市", "亳(bó)州市"),
        ("很(hěn)多(duō)", "很(hěn)多(duō)"),
    ],
)
def test_the_pinyin_of_mirrors_is_undone_in_bytes(damaged: str, restored: str) -> None:
    assert strip_pinyin(f"{ANNOTATED}\n{damaged}") == f"{CLEAN}\n{restored}"


def test_two_annotations_are_no_artefact() -> None:
    text = "區(qū)、據(jù)，僅此二例。"
    assert strip_pinyin(text) == text


def test_scripts() -> None:
    assert script_of("政府信息公开工作年度报告，统计期限") == "simplified"
    assert script_of("政府信息公開工作年度報告，統計期限自一月一日起，申請數量") == "traditional"
    assert script_of("1234") == "none"
    assert script_of("政府信息公开工作年度报告统计期限 繁體版 網站無障礙 簡體") == "simplified"


@pytest.mark.parametrize("name", ["乾县", "乾安县", "於潜镇", "濛江乡", "瀍河区", "尖塚镇"])
def test_names_survive_where_a_simplified_document_holds_them(name: str) -> None:
    text = f"{name}人民政府2023年政府信息公开工作年度报告，统计期限自2023年1月1日起。"
    mended = repair(Text(text, "utf-8", ""))
    assert (mended.text, mended.script) == (text, "simplified")


@pytest.mark.parametrize(
    ("printed", "plain"),
    [("乾縣人民政府", "乾县人民政府"), ("於潛鎮", "於潜镇"), ("行政規範性檔案", "行政规范性文件"), ("諮詢", "咨询")],
)
def test_traditional_becomes_simplified(printed: str, plain: str) -> None:
    assert simplify(printed) == plain


def test_invisible_marks_and_radicals_go() -> None:
    mended = repair(Text("县\u200b人⺠政府 ⽂件 \ufeff２０２３", "utf-8", ""))
    assert mended.text == "县人民政府 文件 ２０２３"
    assert mended.repairs == ("characters",)

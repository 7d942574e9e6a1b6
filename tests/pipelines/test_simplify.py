"""Traditional to simplified: OpenCC's own result, names kept, and only for what is traditional."""

from __future__ import annotations

import csv
import random
from functools import cache
from pathlib import Path

import opencc
import pytest

from pipelines import extract
from pipelines.model import Capture, Text
from pipelines.normalize import repair, script_of, simplified_lines, simplified_piece, simplify
from pipelines.normalize.t2s import convert, pairs
from tests.conftest import ROOT
from tests.pipelines.damages import SIMPLIFIED, TRADITIONAL

REPORTS = ROOT.parent / "shared" / "reports"
with (Path(__file__).parent / "script_cases.tsv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file, delimiter="\t"))
OF = {script: [case for case in CASES if case["script"] == script] for script in ("traditional", "simplified")}


@cache
def original() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def entries() -> list[str]:
    """Every entry and every conversion of the package's dictionaries between the two scripts."""
    names = (
        "TSPhrases.txt",
        "TSCharacters.txt",
        "STCharacters.txt",
        "STPhrases.txt",
        "TWVariants.txt",
        "HKVariants.txt",
    )
    return [text for name in names for key, others in pairs(name).items() for text in (key, *others)]


def test_the_compiled_converter_agrees_with_opencc_on_its_dictionaries() -> None:
    words = entries()
    assert len(words) > 100_000
    text = "\n".join(words)
    assert convert(text) == original().convert(text)


def test_the_compiled_converter_agrees_with_opencc_where_phrases_overlap() -> None:
    """Phrases cut, doubled and run into each other: which of them counts is where the two could differ."""
    chance = random.Random(7)
    phrases = list(pairs("TSPhrases.txt"))
    lines = []
    for _ in range(1500):
        line = "".join(chance.choice(phrases) for _ in range(6))
        cut = chance.randrange(len(line))
        lines.append(line[:cut] + chance.choice(("", "，", " ", "a", line[cut])) + line[max(cut - 2, 0) :])
    assert convert("\n".join(lines)) == original().convert("\n".join(lines))


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports beside this repository are absent")
def test_the_compiled_converter_agrees_with_opencc_on_real_reports() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(REPORTS.glob("**/*.txt"))]
    assert len(texts) > 10
    for text in texts:
        for spelling in (text, opencc.OpenCC("s2t").convert(text)):
            assert convert(spelling) == original().convert(spelling)


@pytest.mark.parametrize("case", OF["traditional"], ids=lambda case: case["printed"])
def test_traditional_words(case: dict[str, str]) -> None:
    assert simplify(case["printed"]) == case["simplified"]


def test_simplifying_again_changes_nothing() -> None:
    for case in CASES:
        assert simplify(case["simplified"]) == case["simplified"] or case["script"] == "simplified", case
    text = "\n".join(map(simplify, TRADITIONAL))
    assert simplify(text) == text


@pytest.mark.parametrize("case", OF["simplified"], ids=lambda case: case["printed"])
def test_names_survive_in_a_simplified_document(case: dict[str, str]) -> None:
    name = case["printed"]
    text = f"{name}人民政府2023年政府信息公开工作年度报告\n{SIMPLIFIED[0]}\n{name}"
    mended = repair(Text(text, "utf-8", ""))
    assert (mended.text, mended.script) == (text, "simplified")
    assert simplified_lines(text, "simplified") == text
    assert simplified_piece(name, "simplified") == name


def test_scripts() -> None:
    assert script_of("政府信息公开工作年度报告，统计期限") == "simplified"
    assert script_of("政府信息公開工作年度報告，統計期限自一月一日起，申請數量") == "traditional"
    assert script_of("1234") == "none"
    assert script_of("政府信息公开工作年度报告统计期限 繁體版 網站無障礙 簡體") == "simplified"


@pytest.mark.parametrize(
    ("piece", "script", "plain"),
    [
        # A traditional title over a simplified page, and names that are no title.
        ("蘇州市姑蘇區2024年政府信息公開工作年度報告", "simplified", "苏州市姑苏区2024年政府信息公开工作年度报告"),
        ("乾县人民政府", "simplified", "乾县人民政府"),
        ("繁體", "simplified", "繁體"),
        ("联系人：於志強", "simplified", "联系人：於志強"),
        # Simplified boilerplate on a traditional page.
        ("乾县人民政府办公室主办", "traditional", "乾县人民政府办公室主办"),
        ("版权所有：藉口镇人民政府", "traditional", "版权所有：藉口镇人民政府"),
        ("乾縣人民政府辦公室", "traditional", "乾县人民政府办公室"),
    ],
)  # fmt: skip
def test_documents_of_both_scripts(piece: str, script: str, plain: str) -> None:
    assert simplified_piece(piece, script) == plain  # type: ignore[arg-type]


def test_a_simplified_report_under_a_traditional_title_is_read() -> None:
    page = (ROOT / "tests/golden/clean.html").read_text(encoding="utf-8")
    title = "刚察县人民政府办公室2023年度政府信息公开工作年度报告"
    traditional = opencc.OpenCC("s2t").convert(title)
    (clean,), (found,) = (extract(Capture(text.encode())) for text in (page, page.replace(title, traditional)))
    assert (found.agency, found.year, found.cells) == (clean.agency, clean.year, clean.cells)
    assert found.text
    assert found.text.script == "simplified"
    assert traditional in found.text.text

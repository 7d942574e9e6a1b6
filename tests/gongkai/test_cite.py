"""`gongkai cite`: what it says can be checked with other tools, and is safe to paste."""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, Exchange
from pipelines.forms.definitions import load_forms
from pipelines.model import FigureCell, Reading
from tests.conftest import BIN
from tests.gongkai.in_process import gongkai

AGENCY, FIGURE = "云泽市公安局", "applications.new_received.total"


def cite(archive: Path, *words: str) -> str:
    answer = gongkai("cite", *words, "--archive", archive)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def test_the_page_names_all_that_the_figure_rests_on(sample_archive: Path) -> None:
    page = cite(sample_archive, AGENCY, "2024", FIGURE)
    for words in (
        "一、本年新收政府信息公开申请数量：总计",
        "value     1832 件",
        "printed   '1,832' (number)",
        "place     table 2, row 4, column 10, read as html",
        "passed        t3_row_total: new_received.natural_person 1572 + ",
        "issues    none",
        "云泽市公安局：《云泽市公安局2024年政府信息公开工作年度报告》（2024年度，本机关），",
        "annual report on government information disclosure, 2024, own figures",
    ):
        assert words in page
    assert cite(sample_archive, "公安局", "2024", "new_received.total") == page


def test_digest_and_record_are_what_other_tools_find(sample_archive: Path) -> None:
    answer: dict[str, Any] = json.loads(cite(sample_archive, AGENCY, "2024", FIGURE, "--format", "json"))
    capture = answer["capture"]
    warc = sample_archive.parent / "warc" / capture["warc_file"]
    command = [BIN / "warcio", "extract", "--payload", warc, str(capture["warc_offset"])]
    payload = subprocess.run(command, capture_output=True, check=True).stdout
    assert hashlib.sha256(payload).hexdigest() == capture["sha256"]
    assert answer["check"] == f"warcio extract --payload {warc} {capture['warc_offset']} | sha256sum"
    member = warc.read_bytes()[capture["warc_offset"] :][: capture["warc_length"]]
    assert hashlib.sha256(member).hexdigest() == capture["member_sha256"]
    assert answer["printed"]["raw"] == "1,832"
    assert {rule["verdict"] for rule in answer["rules"]} == {"passed"}


def test_every_rule_of_every_figure_passes_on_the_sample(sample_archive: Path) -> None:
    for figure in ("applications.carried_in.total", "active_disclosure.normative_documents.in_force"):
        answer = json.loads(cite(sample_archive, AGENCY, "2024", figure, "--format", "json"))
        assert {rule["verdict"] for rule in answer["rules"]} == {"passed"}, answer["rules"]
        assert any(rule["rule"].endswith("_over_years") for rule in answer["rules"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("公安", "2024", "nonsense"), "no form has a figure nonsense"),
        ((AGENCY, "2024", "applications.new_received.totl"), "did you mean applications.new_received.total"),
        ((AGENCY, "2011", FIGURE), "has no report on 2011; there are reports on 2022, 2023, 2024"),
    ],
)
def test_what_is_not_there_is_told(sample_archive: Path, words: tuple[str, ...], says: str) -> None:
    answer = gongkai("cite", *words, "--archive", sample_archive)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert says in answer.stderr


def test_texts_from_the_web_stay_texts(tmp_path: Path) -> None:
    """A title, a name and a cell that try to be something else, in every format."""
    evil = "\x1b[31m}\\input{x}% $a_b^"
    figure = FigureCell(FIGURE, Decimal(3), f"3{evil}", "table 1", "number")
    read = Reading(
        report=True, agency=f"乾县{evil}", year=2023, title=evil, form="f2021", read_by="html", cells=(figure,),
        forms={block.id: "f2021" for block in load_forms()["f2021"].blocks},
    )  # fmt: skip
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        page = Exchange("https://www.example.gov.cn/a{b}.html", fetched_at="2024-01-31T02:00:00Z", body=b"x")
        capture = archive.keep(page, run_id=None, portal_id=None)
        archive.store(replace(read), capture, trust="official")
    page_text = cite(path, "乾县", "2023", FIGURE)
    assert "\x1b" not in page_text
    assert r"\u001b[31m" in page_text
    entry = cite(path, "乾县", "2023", FIGURE, "--format", "bibtex")
    assert "\x1b" not in entry
    assert r"\}\textbackslash{}input\{x\}\% \$a\_b\textasciicircum{}" in entry
    assert "a%7Bb%7D.html" in entry
    assert json.loads(cite(path, "乾县", "2023", FIGURE, "--format", "json"))["title"] == evil
    history = gongkai("history", "乾县", "2023", "--archive", path).stdout
    assert "\x1b" not in history

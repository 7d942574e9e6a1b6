"""The ten questions, asked of an archive of which the truth is known, and answered once more by plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from known import Known, file_all, make_truth
from known_answers import ANSWERS, Row, firms, own

from archive.questions import questions
from archive.store import Archive

QUESTIONS = {question.id: question for question in questions()}


@dataclass
class Case:
    """The truth, and the archive that was filled with it."""

    truth: list[Known]
    archive: Archive

    def asked(self, question: str) -> list[Row]:
        return self.archive.db.execute(QUESTIONS[question].sql).fetchall()

    def answered(self, question: str) -> list[Row]:
        return ANSWERS[question](self.truth)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with Archive.open(tmp_path_factory.mktemp("known") / "archive.db") as archive:
        archive.db.execute("PRAGMA synchronous = OFF")  # it need not outlive the machine
        truth = make_truth()
        file_all(truth, archive)
        yield Case(truth, archive)


ORDERS: dict[str, Callable[[Row], Any]] = {
    "requests_from_firms": lambda row: (-row[4], row[0], row[2], row[3] or ""),
    "carried_over": lambda row: (-abs(row[5]), row[0], row[1], row[2] or ""),
    "fastest_growth": lambda row: (-row[5] / row[4], row[0], row[2], row[3] or ""),
    "inequality_of_counties": lambda row: (-row[4], row[0] or ""),
    "contradict_themselves": lambda row: (-row[3], row[0] or ""),
}
"""How the rows are sorted; the others by their first columns."""


def agree(rows: list[Row], truth: list[Row]) -> bool:
    """Whether the rows are the same in any order; a share may be off by half a unit of its last digit."""

    def key(row: Row) -> list[str]:
        return [repr(cell) for cell in row if not isinstance(cell, float | Fraction)]

    pairs = list(zip(sorted(rows, key=key), sorted(truth, key=key), strict=False))
    return len(rows) == len(truth) and all(
        _agrees(cell, known) for pair in pairs for cell, known in zip(*pair, strict=True)
    )


def _agrees(cell: object, known: object) -> bool:
    if isinstance(known, Fraction) and isinstance(cell, int | float):
        return abs(Fraction(cell) - known) <= Fraction(50_001, 1_000_000)
    return cell == known


def test_there_are_ten_in_two_languages() -> None:
    assert [*QUESTIONS] == [*ANSWERS]
    for question in QUESTIONS.values():
        assert all((question.english, question.chinese, question.why, question.why_chinese))
        assert question.why.count(". ") == 0


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_one_query_of_at_most_eight_readable_lines(name: str) -> None:
    lines = QUESTIONS[name].sql.splitlines()
    assert len(lines) <= 8
    assert max(map(len, lines)) <= 120
    assert ";" not in QUESTIONS[name].sql


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_answer_is_the_truth(case: Case, name: str) -> None:
    rows = case.asked(name)
    assert rows
    assert agree(rows, case.answered(name))
    order = ORDERS.get(name, lambda row: tuple(cell if cell is not None else "" for cell in row[:2]))
    assert rows == sorted(rows, key=order)


CHANGES: dict[str, tuple[str, Callable[[Known], bool]]] = {
    "full_disclosure": ("applications.granted.total", own),
    "petitions_among_refusals": ("applications.not_processed_petition_complaint.total", own),
    "requests_from_firms": ("applications.new_received.commercial_enterprise", lambda r: (firms(r) or 0) > 100),
    "carried_over": ("applications.carried_in.total", lambda r: r.year == 2023),
    "corrected_reconsiderations": ("statistics.review_corrected", lambda r: own(r) and r.year == 2017),
    "fastest_growth": ("applications.new_received.total", lambda r: r.year == 2022),
    "lawsuits_lost": ("review_litigation.litigation_direct.corrected", own),
    "inequality_of_counties": (
        "applications.new_received.total",
        lambda r: r.year == 2023 and r.scope == "area" and r.body.level == "county",
    ),
    "contradict_themselves": ("applications.results_total.total", lambda r: r.year == 2022),
    "reasons_for_denial": ("applications.denied_process_information.total", own),
}
"""A figure, and the reports in which it bears on the answer."""


@pytest.mark.parametrize("name", QUESTIONS)
def test_one_figure_that_changes_changes_the_answer(case: Case, name: str) -> None:
    before, (figure, bears) = case.asked(name), CHANGES[name]
    for report in case.truth:
        was = report.values.get(figure)
        if was is None or not bears(report):
            continue
        report.values[figure] = was + 1000
        if not agree(before, case.answered(name)):
            report.file(case.archive)
            break
        report.values[figure] = was
    after = case.asked(name)
    assert not agree(after, before)
    assert agree(after, case.answered(name))


def test_the_truth_has_what_makes_archives_hard(case: Case) -> None:
    bodies = {report.body for report in case.truth}
    assert {body.level for body in bodies} == {"central", "province", "city", "county", "township"}
    assert {body.kind for body in bodies} == {"government", "department", "township", "park"}
    assert {report.form for report in case.truth} >= {"f2014", "f2019", "f2021", "mixed"}
    assert {report.scope for report in case.truth} == {"own", "area", None}
    assert {report.year for report in case.truth} == {*range(2014, 2025)}
    ask = case.archive.db.execute
    assert ask("SELECT count(*) FROM panel").fetchone() == (len(case.truth),)
    assert {name for (name,) in ask("SELECT DISTINCT agency FROM panel")} == {body.name for body in bodies}
    for sql in (
        "SELECT count(*) FROM reports WHERE revision > 1",
        "SELECT count(*) FROM open_issues WHERE code = 't3_row_total'",
        "SELECT count(*) FROM open_issues WHERE code = 'mirror_differs'",
        "SELECT count(*) FROM panel WHERE flags > 0",
        "SELECT count(*) FROM figures WHERE state = 'slash'",
    ):
        assert ask(sql).fetchone()[0] > 3, sql


def test_the_archive_says_itself_whose_counts_do_not_match(case: Case) -> None:
    """The question finds what the rule over two years has flagged."""
    flagged = case.archive.db.execute(
        "SELECT agency, year, scope FROM open_issues WHERE code = 't3_carry_over_years' AND figure LIKE '%.total'"
    )
    assert sorted(flagged, key=repr) == sorted((row[:3] for row in case.asked("carried_over")), key=repr)


def test_rows_are_found_when_asked_for(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        for question in QUESTIONS.values():
            assert archive.db.execute(question.sql).fetchall() == []

"""The short form of the fuzz run: a few hundred damaged documents, and proof that the judge finds what is wrong.

`make fuzz` runs it at length; a failing document is named by seed and number (`python -m tests.fuzz.run --help`).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fuzz.cases import Case, Plan, Step, build, make_plan
from tests.fuzz.judge import judge
from tests.fuzz.run import COUNTS, REAL, describe, faults, main, outcomes, real_documents

SEED, COUNT = 20, 160


def test_damage_breaks_nothing_and_no_false_figure_goes_without_doubt() -> None:
    found = list(outcomes(SEED, iter(range(COUNT)), real_documents(), 2))
    failed = [describe(outcome) for outcome in found if faults(outcome)]
    assert not failed, "\n".join(failed[:5])
    assert len(found) == COUNT
    # 29,500 of the 50,000 numbers printed are read without doubt, 3,900 with an issue (rows whose heads are gone). Of
    # those that are null, 1,600 are in files that cannot be opened any more, and 7,300 in tables where a row has lost
    # a cell and no sum tells which: four in five of them print no totals.
    assert sum(outcome.verdict.figures for outcome in found) > 90 * COUNT


def test_the_same_number_is_the_same_document() -> None:
    once, again = ([build(make_plan(SEED, number)).data for number in range(40)] for _ in range(2))
    assert once == again
    assert len(set(once)) == 40


def _case(*steps: Step, **changes: str) -> Case:
    return build(replace(Plan(SEED, 1, "html:clean", "f2021", "sums", steps=steps), **changes))  # type: ignore[arg-type]


def _true_answer(case: Case) -> dict[str, object]:
    figures = {id_: float(min(numbers)) for id_, numbers in case.printed[0].numbers.items()}
    return {"figures": figures, "issues": []}


def test_the_truth_is_no_fault() -> None:
    case = _case()
    verdict = judge(case, [_true_answer(case)])
    assert (verdict.silent, verdict.unsaid) == ((), ())
    assert verdict.figures == 200


@pytest.mark.parametrize("flagged", [True, False])
def test_a_figure_of_another_cell_is_found_unless_it_is_flagged(flagged: bool) -> None:
    case = _case()
    answer = _true_answer(case)
    ids = [f"applications.granted.{column}" for column in ("natural_person", "commercial_enterprise")]
    figures = answer["figures"]
    assert isinstance(figures, dict)
    figures[ids[0]], figures[ids[1]] = figures[ids[1]], figures[ids[0]]
    answer["issues"] = [{"code": "x", "figures": ids}] if flagged else []
    assert len(judge(case, [answer]).silent) == (0 if flagged else 2)


def test_a_figure_that_is_lost_without_a_word_is_found() -> None:
    case = _case()
    answer = _true_answer(case)
    figures = answer["figures"]
    assert isinstance(figures, dict)
    figures["applications.granted.total"] = None
    assert len(judge(case, [answer]).unsaid) == 1


def test_a_number_that_stands_nowhere_is_found_in_a_damaged_page() -> None:
    case = _case(Step("markup", "tag_doubled", 0))
    answer = _true_answer(case)
    figures = answer["figures"]
    assert isinstance(figures, dict)
    figures["applications.granted.natural_person"] = 123_456_789
    (fault,) = judge(case, [answer]).silent
    assert "stands nowhere" in fault


def test_a_row_printed_twice_differently_may_not_be_read() -> None:
    case = _case(Step("rows", "double_row_changed", 0))
    doubled = {id_ for id_, numbers in case.printed[0].numbers.items() if len(numbers) > 1}
    assert doubled
    verdict = judge(case, [_true_answer(case)])
    assert {line.split(":")[0] for line in verdict.silent} == doubled


def test_heads_that_change_places_change_what_is_printed() -> None:
    plain, swapped = _case(), _case(Step("words", "swap_cases", 0))
    assert judge(swapped, [_true_answer(plain)]).silent
    assert not judge(swapped, [_true_answer(swapped)]).silent


def test_the_command_counts_and_describes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "6", "--seed", str(SEED)]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in COUNTS)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real reports are not beside this checkout")
def test_real_documents_are_damaged_too() -> None:
    real = real_documents()
    assert real
    assert any(make_plan(SEED, number, real).format.startswith("real:") for number in range(300))

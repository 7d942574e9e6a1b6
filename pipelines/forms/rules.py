"""The sum rules of the forms: they judge what is printed, and they prove a reading that order alone does not."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Literal

from pipelines.forms.definitions import Block, Rule, load_forms
from pipelines.model import FigureCell, Issue

Verdict = Literal["holds", "broken", "open"]
Values = Mapping[str, Decimal]
"""The figures that are known."""
# Bodies that cannot make 规章 whatever their province: counties and below, and the offices and bureaus of all.
_NO_RULES = re.compile(r"(?:县|旗|乡|镇|街道|办事处|村)|(?:局|办公室|委员会|中心|管委会|科|所|站)$")
_RULE_MAKERS = re.compile(r"^(?:国家|中国|中华人民共和国)|[省市州](?:人民)?政府$")


def judge(cells: Iterable[FigureCell], forms: Mapping[str, str], agency: str | None) -> tuple[Issue, ...]:
    """One issue for every rule that the printed figures break; a rule with a null operand is not evaluated.

    `forms` gives the form of each printed block: a table is judged by the rules of the form that it is printed in.
    """
    values = _known(cells)
    # Four rules of five say of one cell that it holds a count: where all figures are counts none can be broken.
    counted = all(_is_count(value) for value in set(values.values()))
    rules = [rule for block, form in forms.items() for rule in _rules_of(form, block, counts=not counted)]
    return tuple(_issue(rule, values, agency) for rule in rules if _verdict(rule, values, agency) == "broken")


def tally(cells: Iterable[FigureCell], forms: Mapping[str, str], agency: str | None) -> dict[str, Counter[Verdict]]:
    """For each rule of the printed blocks how often it holds, is broken, or is open for want of an operand."""
    values = _known(cells)
    found: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for block, form in forms.items():
        for rule in _rules_of(form, block):
            found[rule.id][_verdict(rule, values, agency)] += 1
    return found


def column_sums_hold(cells: Iterable[FigureCell], block: Block) -> bool:
    """Whether every results sum of table 3 is evaluated and holds, in every column (the proof of a placed row)."""
    values = _known(cells)
    form = next(form for form in load_forms().values() if block in form.blocks)
    sums = [rule for rule in form.rules if rule.id in ("t3_results_sum", "t3_row_total")]
    sums = [rule for rule in sums if rule.operands <= values.keys()]
    per_column = sum(rule.id == "t3_results_sum" for rule in sums)
    return per_column == len(block.columns) and all(_difference(rule, values) == 0 for rule in sums)


def sums(figures: Mapping[str, Decimal | None], forms: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The figures of each sum of the printed blocks that can be checked, and whether it holds."""
    values = {figure: value for figure, value in figures.items() if value is not None}
    for block, form in forms.items():
        for rule in _rules_of(form, block):
            found = _verdict(rule, values, None)
            if rule.relation == "sums_to" and found != "open":
                yield (*rule.terms, *rule.equals), found == "holds"


@cache
def _rules_of(form_id: str, block_id: str, *, counts: bool = True) -> tuple[Rule, ...]:
    """The rules of a block, with or without those that say of one cell that it holds a count."""
    form = load_forms()[form_id]
    block = next(block for block in form.blocks if block.id == block_id)
    own = set(block.figures())
    return tuple(rule for rule in form.rules if rule.total in own and (counts or rule.relation != "count"))


def _known(cells: Iterable[FigureCell]) -> Values:
    return {cell.figure: cell.value for cell in cells if cell.value is not None}


def _difference(rule: Rule, values: Values) -> Decimal | int:
    return sum([values[figure] for figure in rule.terms]) - sum([values[figure] for figure in rule.equals])


def _verdict(rule: Rule, values: Values, agency: str | None) -> Verdict:
    if not rule.operands <= values.keys():
        return "open"
    return "holds" if _holds(rule, values, agency) else "broken"


def _is_count(value: Decimal) -> bool:
    return value >= 0 and value == value.to_integral_value()


def _issue(rule: Rule, values: Values, agency: str | None) -> Issue:
    return Issue(rule.id, rule.severity, _message(rule, values, agency), rule.total, (*rule.terms, *rule.equals))


def _holds(rule: Rule, values: Values, agency: str | None) -> bool:
    first = values[rule.terms[0]]
    match rule.relation:
        case "count":
            return _is_count(first)
        case "sums_to":
            return _difference(rule, values) == 0
        case "at_most":
            return _difference(rule, values) <= 0
        case "amount":
            whole = first == first.to_integral_value()
            return first >= 0 and (whole or rule.total.endswith("administrative_fees.amount"))
        case "whole":
            return first == first.to_integral_value()
        case "zero_unless_rule_maker":
            return first == 0 or agency is None or _may_make_rules(agency)
    raise ValueError(f"unknown relation {rule.relation!r} in rule {rule.id}")


def _message(rule: Rule, values: Values, agency: str | None) -> str:
    first = values[rule.terms[0]]
    match rule.relation:
        case "sums_to":
            return _sum_message(rule, values)
        case "at_most":
            return f"{first} is more than {values[rule.equals[0]]}"
        case "zero_unless_rule_maker":
            return f"{first} 规章, but {agency} may not make any"
        case "amount":
            return f"{first} is not a count or an amount"
        case "whole":
            return f"{first} is not a whole number"
    return f"{first} is not a count"


def _sum_message(rule: Rule, values: Values) -> str:
    def side(figures: tuple[str, ...]) -> str:
        numbers = [str(values[figure]) for figure in figures]
        total = sum(values[figure] for figure in figures)
        shown = [number for number in numbers if number != "0"]
        return f"{' + '.join(shown)} = {total}" if len(shown) > 1 else str(total)

    return f"{side(rule.terms)}, but printed is {side(rule.equals)}"


def _may_make_rules(agency: str) -> bool:
    return bool(_RULE_MAKERS.search(agency)) or not _NO_RULES.search(agency)

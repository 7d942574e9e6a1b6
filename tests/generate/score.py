"""What an answer is worth against the gold line: right, wrong, silent, invented, missing, unflagged, false alarms."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Answer = dict[str, Any]
ALARMS = ("t2_", "t3_", "t4_")


@dataclass(slots=True)
class Result:
    """Counts for one document and the figures (or keys) that failed, in words."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def bad(self) -> bool:
        """Whether anything failed that counts against the reader."""
        keys = (
            "wrong",
            "silent",
            "invented",
            "missing",
            "unflagged",
            "alarms",
            "key_wrong",
            "taken",
            "crash",
            "refused",
        )
        return any(self.counts[k] for k in keys)


def number(value: object) -> Decimal | None:
    """A JSON number as an exact decimal."""
    return None if value is None else Decimal(str(value)).normalize()


def best(answers: list[Answer], gold: dict[str, Any]) -> Answer | None:
    """The answer meant by the gold line: same key first, then same year, then any report."""
    reports = [a for a in answers if a.get("report")]
    same_year = [a for a in reports if a.get("year") == gold["year"]]
    exact = [a for a in same_year if "".join((a.get("agency") or "").split()) in gold["agency"]]
    return (exact or same_year or reports or [None])[0]


def _figures(gold: dict[str, Any], answer: Answer, result: Result) -> None:
    given, issues = answer.get("figures") or {}, answer.get("issues") or []
    named = {f for i in issues for f in [i.get("figure"), *(i.get("figures") or [])] if f}
    unknowable = gold["unknowable"]
    for id_, value in gold["figures"].items():
        want, have = number(value), number(given.get(id_))
        if id_ in unknowable:
            kind = "unknowable" if have is None else "right" if have == number(unknowable[id_]) else "wrong"
            want = number(unknowable[id_])
        else:
            kind = "right" if want == have else "missing" if have is None else "wrong"
        result.counts[kind] += 1
        if kind in ("wrong", "missing"):
            silent = kind == "wrong" and id_ not in named
            result.counts["silent"] += silent
            result.failures.append(
                f"{'SILENT ' if silent else ''}{kind} {id_}: printed {want}, read {have}"
                + (" (unknowable)" if id_ in unknowable else "")
            )
    for id_, value in given.items():
        if value is not None and id_ not in gold["figures"]:
            result.counts["invented"] += 1
            result.failures.append(f"invented {id_}: read {value}")


def _judge(gold: dict[str, Any], answers: list[Answer], *, only: bool) -> Result:
    result = Result()
    result.counts["documents"] += 1
    if not answers:
        result.counts["crash"] += 1
        result.failures.append("no answer")
        return result
    if not gold["report"]:
        taken = any(a.get("report") and a.get("figures") for a in answers)
        result.counts["taken"] += taken
        if taken:
            result.failures.append("not a report, but taken for one")
        return result
    answer = best(answers, gold)
    if answer is None:
        result.counts["refused"] += 1
        result.counts["missing"] += sum(v is not None for v in gold["figures"].values())
        result.failures.append(f"refused: {answers[0].get('reason')}")
        return result
    if not only and answer.get("year") != gold["year"]:
        result.counts["part_missing"] += 1
        result.failures.append(f"no answer for the report of {gold['year']} in the same document")
        return result
    key = answer.get("year") == gold["year"] and "".join((answer.get("agency") or "").split()) in gold["agency"]
    result.counts["key_right" if key else "key_wrong"] += 1
    if not key:
        result.failures.append(
            f"key {answer.get('agency')} {answer.get('year')}, wanted {gold['agency']} {gold['year']}"
        )
    _figures(gold, answer, result)
    issues = answer.get("issues") or []
    codes = {i.get("code", "") for i in issues}
    errors = {i.get("code", "") for i in issues if i.get("level") == "error"}
    for code in [c for c in gold["must_flag"] if c not in codes]:
        result.counts["unflagged"] += 1
        result.failures.append(f"not flagged: {code}")
    for code in sorted(c for c in errors - set(gold["may_flag"]) if c.startswith(ALARMS)):
        result.counts["alarms"] += 1
        result.failures.append(f"false alarm: {code}")
    return result


def judge(gold: list[dict[str, Any]], answers: list[Answer]) -> Result:
    """One document: each of its gold lines against all answers for it."""
    result = Result()
    for line in gold:
        one = _judge(line, answers, only=len(gold) == 1)
        result.counts.update(one.counts)
        result.failures += one.failures
    result.counts["documents"] = 1
    return result

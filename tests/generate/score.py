"""What an answer is worth against the gold line: right, wrong, silent, invented, missing, unflagged, false alarms."""

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Answer = dict[str, Any]
Gold = dict[str, Any]
ALARMS = ("t2_", "t3_", "t4_", "c14_")
# What counts against the reader.
FAULTS = (
    "wrong",
    "silent",
    "invented",
    "missing",
    "unnamed",
    "unflagged",
    "alarms",
    "states",
    "key_wrong",
    "taken",
    "refused",
    "part_missing",
    "crash",
)


@dataclass(slots=True)
class Result:
    """Counts for one document and the figures (or keys) that failed, in words."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def bad(self) -> bool:
        """Whether anything failed that counts against the reader."""
        return any(self.counts[k] for k in FAULTS)

    def fail(self, kind: str, words: str) -> None:
        """One failure more."""
        self.counts[kind] += 1
        self.failures.append(words)


def number(value: object) -> Decimal | None:
    """A JSON number as an exact decimal."""
    return None if value is None else Decimal(str(value)) + 0


def _agency(answer: Answer) -> str:
    return "".join((answer.get("agency") or "").split())


def _same_agency(answer: Answer, gold: Gold) -> bool:
    """Whether the agency is right; a name that the document has lost may be null or show its loss."""
    given = _agency(answer)
    lost = gold["agency_lost"] and (not given or re.search(r"[\ufffd?]", given))
    return gold["agency"] is None or given in gold["agency"] or bool(lost)


def best(answers: list[Answer], gold: Gold) -> Answer | None:
    """The answer meant by the gold line: same key first, then same year, then any report."""
    reports = [a for a in answers if a.get("report")]
    same_year = [a for a in reports if a.get("year") == gold["year"]]
    exact = [a for a in same_year if _same_agency(a, gold)]
    found = exact or same_year or reports
    return found[0] if found else None


def _named(answer: Answer, code: str = "") -> set[str]:
    """The figures that issues name, all or those of one code."""
    issues = [i for i in answer.get("issues") or [] if not code or i.get("code") == code]
    return {f for i in issues for f in [i.get("figure"), *(i.get("figures") or [])] if f}


def _figures(gold: Gold, answer: Answer, result: Result) -> None:
    given, named = answer.get("figures") or {}, _named(answer)
    for id_, value in gold["figures"].items():
        have, lost = number(given.get(id_)), id_ in gold["unknowable"]
        want = number(gold["unknowable"][id_]) if lost else number(value)
        if have == want:
            result.counts["right"] += 1
        elif have is not None:
            result.fail("wrong", f"{'' if id_ in named else 'SILENT '}wrong {id_}: printed {want}, read {have}")
            result.counts["silent"] += id_ not in named
        elif lost:
            result.counts["unknowable"] += 1
        else:
            result.fail("missing", f"missing {id_}: printed {want}")
        if have is None and want is not None and id_ not in named and id_ not in gold.get("optional", ()):
            result.fail("unnamed", f"null without an issue that names it: {id_}, printed {want}")
    for id_, value in given.items():
        if value is not None and id_ not in gold["figures"]:
            result.fail("invented", f"invented {id_}: read {value}")


def _states(gold: Gold, answer: Answer, result: Result) -> None:
    """Blank, slash, dash and word stay distinct."""
    cells = answer.get("cells") or {}
    for id_, state in gold.get("states", {}).items():
        given = (cells.get(id_) or {}).get("state")
        if given != state and not (state == "word" and given == "unreadable"):
            result.fail("states", f"state of {id_}: printed {state}, given {given}")
    for id_, unit in gold.get("units", {}).items():
        if id_ in cells and cells[id_].get("unit") != unit:
            result.fail("states", f"unit of {id_}: printed {unit}, given {cells[id_].get('unit')}")


def _label(text: str) -> str:
    """The words of an indicator without what stands before them and without punctuation."""
    return re.sub(r"[^\w]", "", re.sub(r"^(?:其中[:：]?)?\s*[（(]?\d*[)）]?[.、]?", "", text))


def _indicators(gold: Gold, answer: Answer, result: Result) -> None:
    wanted = {(_label(i["label"]), i["column"]): i for i in gold.get("indicators", ())}
    given: dict[tuple[str, str], list[Answer]] = {}
    for row in answer.get("indicators") or ():
        given.setdefault((_label(row.get("label") or ""), row.get("column") or ""), []).append(row)
    for key, want in wanted.items():
        rows = given.get(key, [])
        values = {number(r.get("value")) for r in rows}
        if values == {number(want["value"])}:
            result.counts["right"] += 1
            if any(r.get("unit") != want["unit"] for r in rows):
                result.fail("states", f"unit of {want['label']}: printed {want['unit']}, given {rows[0].get('unit')}")
        elif values <= {None}:
            result.fail("missing", f"missing indicator {key}: printed {want['value']}")
        else:
            result.fail("wrong", f"SILENT wrong indicator {key}: printed {want['value']}, read {values}")
            result.counts["silent"] += 1
    spare = {_label(i["label"]): number(i["value"]) for i in gold.get("spare_indicators", ())}
    for key, rows in given.items():
        values = {number(r.get("value")) for r in rows} - {None, spare.get(key[0])}
        if key not in wanted and values:
            result.fail("invented", f"invented indicator {key}")


def _issues(gold: Gold, answer: Answer, result: Result) -> None:
    issues = answer.get("issues") or []
    codes = {i.get("code", "") for i in issues}
    alarms = {i.get("code", "") for i in issues if i.get("level") == "error"}
    alarms = {c for c in alarms if c.startswith(ALARMS)} | (codes & {"prose_contradicts_table", "year_conflict"})
    for code in gold.get("must_flag", ()):
        if code not in codes:
            result.fail("unflagged", f"not flagged: {code}")
    if "any_flag" in gold and not codes & set(gold["any_flag"]):
        result.fail("unflagged", f"not flagged: {' or '.join(gold['any_flag'])}")
    for code in sorted(alarms - set(gold.get("may_flag", ()))):
        result.fail("alarms", f"false alarm: {code}")


def _picture(gold: Gold, answer: Answer, result: Result) -> None:
    """A picture: figures may be wrong or missing, but every one given is marked as not reviewed."""
    marked = _named(answer, "ocr_unreviewed")
    given = answer.get("figures") or {}
    for id_, value in given.items():
        if value is None:
            continue
        if id_ not in marked:
            result.fail("unflagged", f"{id_} lacks ocr_unreviewed")
            result.counts["silent"] += number(value) != number(gold["figures"].get(id_))
    for id_, value in gold["figures"].items():
        want, have = number(value), number(given.get(id_))
        kind = "right" if want == have else "missing" if have is None else "wrong"
        result.counts[kind] += 1
        if kind == "wrong":
            result.failures.append(f"wrong in a picture {id_}: printed {want}, read {have}")


def _judge(gold: Gold, answers: list[Answer], *, only: bool) -> Result:
    result = Result()
    if not answers:
        result.fail("crash", "no answer")
        return result
    if not gold["report"]:
        if any(a.get("report") and (a.get("figures") or a.get("indicators")) for a in answers):
            result.fail("taken", "not a report, but taken for one")
        return result
    answer = best(answers, gold)
    if answer is None:
        result.fail("refused", f"refused: {answers[0].get('reason')}")
        result.counts["missing"] += sum(v is not None for v in gold["figures"].values())
        return result
    if not only and answer.get("year") != gold["year"]:
        result.fail("part_missing", f"no answer for the report of {gold['year']} in the same document")
        return result
    if answer.get("year") != gold["year"] or not _same_agency(answer, gold):
        words = f"key {answer.get('agency')} {answer.get('year')}, wanted {gold['agency']} {gold['year']}"
        result.fail("key_wrong", words)
    if gold.get("picture"):
        _picture(gold, answer, result)
        return result
    for judge_part in (_figures, _states, _indicators, _issues):
        judge_part(gold, answer, result)
    return result


def judge(gold: list[Gold], answers: list[Answer]) -> Result:
    """One document: each of its gold lines against all answers for it."""
    result = Result()
    for line in gold:
        one = _judge(line, answers, only=len(gold) == 1)
        result.counts.update(one.counts)
        result.failures += one.failures
    result.counts["documents"] = 1
    result.counts["printed"] = sum(v is not None for line in gold for v in line.get("figures", {}).values())
    result.counts["printed"] += sum(len(line.get("indicators", ())) for line in gold)
    return result

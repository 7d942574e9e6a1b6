"""One process that reads damaged documents, each with its time and its memory; a run starts two of them."""

from __future__ import annotations

import json
import resource
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from pipelines import Capture, extract
from pipelines.contract import as_object
from tests.cost import cost_of
from tests.fuzz.cases import Plan, build, make_plan
from tests.fuzz.judge import Verdict, judge

_CEILING = 6 * 2**30  # bytes of address space: a document that asks for more fails here, not on the whole machine


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: seconds of processor time, the peak of memory (MB), an exception if one escaped."""

    plan: Plan
    size: int
    seconds: float
    megabytes: float
    verdict: Verdict
    error: str = ""


def examine(plan: Plan, folder: Path | None) -> Outcome:
    """Make the document of a plan, read it, judge what was read."""
    case = build(plan, folder)
    cost = cost_of(lambda: _read(case.data))
    lines, error = cost.result
    verdict = judge(case, map(json.loads, lines))
    return Outcome(plan, len(case.data), cost.seconds, cost.megabytes, verdict, error)


def _read(data: bytes) -> tuple[list[bytes], str]:
    """The answers as other tools get them, and the exception that came instead."""
    try:
        objects = [as_object(reading, "fuzz") for reading in extract(Capture(data))]
        lines = [json.dumps(answer, ensure_ascii=False, allow_nan=False).encode() for answer in objects]
    except Exception:
        return [], traceback.format_exc(limit=-4)
    return lines, "" if lines else "no answer"


def serve(pipe: Connection, seed: int, real: tuple[str, ...], folder: Path | None) -> None:
    """Answer document numbers with outcomes until the pipe closes."""
    resource.setrlimit(resource.RLIMIT_AS, (_CEILING, _CEILING))
    while True:
        try:
            number = pipe.recv()
        except EOFError:
            return
        pipe.send(examine(make_plan(seed, number, real), folder))

"""One process that reads damaged documents, each with its time and its memory; a run starts two of them."""

from __future__ import annotations

import json
import resource
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from pipelines import Capture, extract
from pipelines.contract import as_object
from tests.fuzz.cases import Plan, build, make_plan
from tests.fuzz.judge import Verdict, judge

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_CEILING = 6 * 2**30  # bytes of address space: a document that asks for more fails here, not on the whole machine


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: how long it took, the peak of memory (MB), an exception if one escaped."""

    plan: Plan
    size: int
    seconds: float
    megabytes: float
    verdict: Verdict
    error: str = ""


def examine(plan: Plan, folder: Path | None) -> Outcome:
    """Make the document of a plan, read it, judge what was read."""
    case = build(plan, folder)
    _forget_peak()
    start = time.perf_counter()
    error, lines = "", []
    try:
        for reading in extract(Capture(case.data)):
            lines.append(json.dumps(as_object(reading, "fuzz"), ensure_ascii=False, allow_nan=False).encode())
    except Exception:
        error = traceback.format_exc(limit=-4)
    seconds, peak = time.perf_counter() - start, _peak()
    if not error and not lines:
        error = "no answer"
    verdict = judge(case, map(json.loads, lines))
    return Outcome(plan, len(case.data), seconds, peak, verdict, error)


def serve(pipe: Connection, seed: int, real: tuple[str, ...], folder: Path | None) -> None:
    """Answer document numbers with outcomes until the pipe closes."""
    resource.setrlimit(resource.RLIMIT_AS, (_CEILING, _CEILING))
    while True:
        try:
            number = pipe.recv()
        except EOFError:
            return
        pipe.send(examine(make_plan(seed, number, real), folder))


def _forget_peak() -> None:
    """Let the kernel count the peak of memory anew."""
    if _CLEAR.exists():
        _CLEAR.write_text("5")


def _peak() -> float:
    """The highest memory of this process since it was forgotten, in MB; without /proc, since its start."""
    if not _STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024

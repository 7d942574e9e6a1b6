"""What a piece of work costs: seconds of the processor, and the highest memory of the process while it lasted."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Cost(Generic[Result]):
    """The result of a call, its processor time, and the peak of memory (MB) of the whole process."""

    result: Result
    seconds: float
    megabytes: float


def cost_of(call: Callable[[], Result]) -> Cost[Result]:
    """Call it and measure. Without /proc the peak is that of the process since its start."""
    if _CLEAR.exists():
        _CLEAR.write_text("5")  # the kernel counts the peak anew
    start = time.process_time()
    result = call()
    return Cost(result, time.process_time() - start, _peak())


def _peak() -> float:
    if not _STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024

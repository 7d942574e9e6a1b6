"""When a worker dies of a slice: who it was is found out, and the rest of the slice is read all the same."""

from __future__ import annotations

import signal
from dataclasses import replace

from archive.incoming import Incoming, Scanned
from gongkai.importing.scanning import Slip, Task, found
from gongkai.workers import Died, Staff
from pipelines.model import Reading

_TRIES = 3
"""Workers that may be killed from outside over one document: the system kills for want of memory, too."""


def mended(workers: Staff[Task, Slip], task: Task, answer: Slip | Died[Task]) -> Slip:
    """The answer; where the worker died, what comes of the documents one by one, each with the next worker."""
    if isinstance(answer, Slip):
        return answer
    slip, documents = Slip(scanned=task.scanned or Scanned()), task.documents
    if documents is None:
        scan = asked(workers, replace(task, only_scan=True))
        if isinstance(scan, Died):
            slip.lost = True
            slip.scanned.damaged += 1
            slip.damage.append(f"{task.piece.source}, from {task.piece.start} on: a process died scanning it")
            return slip
        documents, slip.scanned, slip.damage = scan.documents, scan.scanned, scan.damage
        slip.lost, slip.reach = scan.lost, scan.reach
    for document in documents:
        alone = _alone(workers, task, document)
        slip.found += alone.found
        slip.unreadable += alone.unreadable
    return slip


def _alone(workers: Staff[Task, Slip], task: Task, document: Incoming) -> Slip:
    task = replace(task, documents=(document,))
    died = 0
    for _ in range(_TRIES):
        answer = asked(workers, task)
        if isinstance(answer, Slip):
            return answer
        died = answer.exit_code
        if died != -signal.SIGKILL:
            break
    reason = "reader_died: the reader process died on this document"
    if died == -signal.SIGXCPU:
        reason = "too_slow: reading took all the time of the processor that it may have"
    return Slip(found=[found(task, document, (Reading(False, reason),))])


def asked(workers: Staff[Task, Slip], task: Task) -> Slip | Died[Task]:
    """What a worker answers to one task."""
    return next(workers.run([task]))[1]

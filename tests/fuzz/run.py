"""Damages documents, reads them and counts: exceptions, slow ones, big ones, and figures that are wrong without a word.

    python -m tests.fuzz.run --count 20000 --seed 1
    python -m tests.fuzz.run --seed 1 --only 4711               # one document again
    python -m tests.fuzz.run --seed 1 --only 4711 --keep DIR    # and its bytes

The same seed and number give the same document. Whatever fails is made again with fewer changes, until each of those
that are left is needed.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from tqdm import tqdm

from tests.fuzz.cases import Plan, build, make_plan
from tests.fuzz.judge import Verdict
from tests.fuzz.worker import Outcome, examine, serve

REAL = Path(__file__).parents[3] / "shared" / "reports"
_KINDS = (".txt", ".html", ".pdf", ".docx")
SLOW, BIG, HANGS = 5.0, 500.0, 60.0
_RECYCLED = 2_000  # documents that one process reads
_SWOLLEN = 250.0  # MB from which its memory is no measure for the next document
_LINES = 1_000  # documents between two lines where there is no terminal
COUNTS = ("documents", "figures", "exceptions", "slow", "big", "silent", "unsaid")


@dataclass(slots=True)
class _Worker:
    """A process, its pipe, and what it is busy with."""

    process: BaseProcess
    pipe: Connection
    number: int
    since: float
    done: int = 0


def real_documents() -> tuple[str, ...]:
    """The names of real documents that may be damaged too, where they are at hand."""
    return tuple(sorted(path.name for path in REAL.iterdir() if path.suffix in _KINDS)) if REAL.is_dir() else ()


def faults(outcome: Outcome) -> list[str]:
    """The counts that a document goes into."""
    found = {
        "exceptions": bool(outcome.error),
        "slow": outcome.seconds > SLOW,
        "big": outcome.megabytes > BIG,
        "silent": bool(outcome.verdict.silent),
        "unsaid": bool(outcome.verdict.unsaid),
    }
    return [name for name, is_so in found.items() if is_so]


def outcomes(seed: int, numbers: Iterator[int], real: tuple[str, ...], jobs: int) -> Iterator[Outcome]:
    """The outcome of every document, in the order in which they come; a process that hangs or dies is one of them."""
    context = get_context("spawn")

    def start(number: int) -> _Worker:
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, seed, real, REAL), daemon=True)
        process.start()
        theirs.close()
        ours.send(number)
        return _Worker(process, ours, number, time.monotonic())

    workers = [start(number) for _, number in zip(range(jobs), numbers, strict=False)]
    while workers:
        wait([worker.pipe for worker in workers], timeout=1)
        for worker in list(workers):
            outcome = _outcome_of(worker, seed, real)
            if outcome is None:
                continue
            yield outcome
            workers.remove(worker)
            number = next(numbers, None)
            swollen = worker.done >= _RECYCLED or outcome.megabytes > _SWOLLEN
            spent = swollen or not worker.process.is_alive() or outcome.error.startswith("process")
            if number is None or spent:
                worker.pipe.close()
                worker.process.kill()
                worker.process.join()
            if number is not None:
                workers.append(start(number) if spent else _next(worker, number))


def _next(worker: _Worker, number: int) -> _Worker:
    worker.pipe.send(number)
    return replace(worker, number=number, since=time.monotonic(), done=worker.done + 1)


def _outcome_of(worker: _Worker, seed: int, real: tuple[str, ...]) -> Outcome | None:
    """What a worker has to say; None while it is still busy."""
    spent = time.monotonic() - worker.since
    try:
        if worker.pipe.poll():
            outcome: Outcome = worker.pipe.recv()
            return outcome
    except (EOFError, OSError):
        worker.process.join(5)
        return _lost(make_plan(seed, worker.number, real), spent, f"process died ({worker.process.exitcode})")
    if spent > HANGS:
        return _lost(make_plan(seed, worker.number, real), spent, f"process killed after {HANGS:.0f} s")
    return None


def _lost(plan: Plan, seconds: float, error: str) -> Outcome:
    return Outcome(plan, 0, seconds, 0.0, Verdict(), error)


def minimised(outcome: Outcome) -> Plan:
    """The plan with as few changes as still give the same fault."""
    plan, wanted = outcome.plan, faults(outcome)[0]
    simpler: list[Callable[[Plan], Plan]] = [
        *(lambda p, step=step: replace(p, steps=tuple(s for s in p.steps if s != step)) for step in plan.steps),
        lambda p: replace(p, deviation="none"),
        lambda p: replace(p, marks=()),
        lambda p: replace(p, encoding="utf-8"),
        lambda p: replace(p, title="plain"),
        lambda p: replace(p, format="html:clean") if p.format.startswith("html") else p,
    ]
    for change in simpler:
        candidate = change(plan)
        if candidate != plan and wanted in faults(examine(candidate, REAL)):
            plan = candidate
    return plan


def describe(outcome: Outcome) -> str:
    """A document that failed: how to make it again, what is wrong, what of its plan is needed."""
    plan, verdict = outcome.plan, outcome.verdict
    lines = [f"\n--seed {plan.seed} --only {plan.number}   {', '.join(faults(outcome))}   {plan}"]
    lines.append(f"    {outcome.size} bytes, {outcome.seconds:.2f} s, {outcome.megabytes:.0f} MB")
    lines += [f"    {line}" for line in outcome.error.splitlines()[-6:]]
    for name, found in (("SILENT", verdict.silent), ("unsaid", verdict.unsaid)):
        lines += [f"    {name} {line}" for line in found[:4]]
        lines += [f"    … and {len(found) - 4} more"] if len(found) > 4 else []
    if not outcome.error.startswith("process") and faults(outcome)[0] in ("exceptions", "silent", "unsaid"):
        lines.append(f"    needs {minimised(outcome)}")
    return "\n".join(lines)


def run(seed: int, numbers: list[int], jobs: int, real: tuple[str, ...], most: int) -> Counter[str]:
    """Read them all, describe the first failures, return the counts."""
    counts: Counter[str] = Counter()
    slowest, biggest, start = 0.0, 0.0, time.monotonic()
    bar = tqdm(total=len(numbers), unit=" documents", disable=not sys.stderr.isatty())
    for outcome in outcomes(seed, iter(numbers), real, jobs):
        counts.update(["documents", *faults(outcome)], figures=outcome.verdict.figures)
        slowest, biggest = max(slowest, outcome.seconds), max(biggest, outcome.megabytes)
        bar.update()
        failed = sum(counts[name] for name in COUNTS[2:])
        if faults(outcome) and failed <= most:
            tqdm.write(describe(outcome))
        if bar.disable and counts["documents"] % _LINES == 0:
            print(
                f"{counts['documents']} of {len(numbers)}, {time.monotonic() - start:.0f} s",
                file=sys.stderr,
                flush=True,
            )
    bar.close()
    spent = time.monotonic() - start
    print("\n" + ", ".join(f"{counts[name]} {name}" for name in COUNTS))
    print(f"slowest {slowest:.1f} s, biggest {biggest:.0f} MB; {spent:.0f} s in all")
    return counts


def main(argv: list[str] | None = None) -> int:
    """The command; exit 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, action="append", help="the number of one document; may be given again")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--most", type=int, default=20, help="failures to describe")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="with --only: write the documents there")
    args = parser.parse_args(argv)
    real = real_documents()
    numbers: list[int] = args.only or list(range(args.count))
    for number in args.only if args.only and args.keep else ():
        plan = make_plan(args.seed, number, real)
        args.keep.mkdir(parents=True, exist_ok=True)
        (args.keep / f"{args.seed}-{number}{plan.suffix}").write_bytes(build(plan, REAL).data)
    counts = run(args.seed, numbers, min(args.jobs, len(numbers)), real, args.most)
    return int(any(counts[name] for name in COUNTS[2:]))


if __name__ == "__main__":
    sys.exit(main())

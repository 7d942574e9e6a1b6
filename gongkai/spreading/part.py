"""One part of a crawl, in a process of its own: Scrapy runs once in a process, and this one dies with its worker.

`python -m gongkai.spreading.part FOLDER WORKER`, with the id of the worker's process; started by `working`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from crawler.confining import die_with
from gongkai.crawling import Crawl, crawl_once
from gongkai.spreading.parts import Part, Result, Task


def main(folder: Path, worker: int) -> None:
    """Crawls the part, and writes down what came of it."""
    die_with(worker)
    part = Part(folder)
    done = crawl_once(_plan(part, part.task()), part.run.portals)
    if done.is_closed or done.verdict != "stopped":
        problem = str(done.problem) if done.problem is not None else ""
        part.set_result(Result(done.verdict, done.tallies, problem))


def _plan(part: Part, task: Task) -> Crawl:
    settings = task.settings | {"GONGKAI_TURNS": str(part.run.turns)}
    return Crawl(part.run.portals, part.archive, only=task.only, limit=task.limit, since=task.since, settings=settings)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

"""The command `gongkai merge`: one archive after the other, each with a line that says what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

from archive import Archive, ArchiveError
from archive.errors import ArchiveBusy
from archive.joining.source import refuse_others
from archive.reading import open_as_it_is
from crawler.verdict import EXIT_CODES
from gongkai.merging import Merged, merge_into
from gongkai.progress import Progress
from gongkai.stopping import stoppable

_SHOWN = 20
"""Lines about one source that are told; the rest is counted."""


def join(target: Path, sources: Sequence[Path], *, workers: int, said: Callable[[str], None]) -> str:
    """Joins the sources to the target, a run in its diary; returns the verdict: `ok` when all came over whole,
    `incomplete`, or `stopped` by a signal.

    Raises ArchiveError: before the target is touched when a source is no archive, and with the run ended when one of
    them, or the target, cannot be gone on with.
    """
    for source in sources:
        refuse_others(source)
        if target.exists() and source.samefile(target):
            raise ArchiveError(f"{source}: cannot be joined to itself")
    with Archive.open(target) as archive, archive.lock():
        run_id = archive.begin_run("merge")
        counts: Counter[str] = Counter()
        verdict = "ok"
        try:
            with stoppable():
                for source in sources:
                    counts.update(_join_one(archive, source, run_id, workers, said))
        except KeyboardInterrupt:
            verdict = "stopped"
            said("gongkai: stopped; run it again to go on")
        except ArchiveError as error:
            with suppress(ArchiveError):  # of a disk that is full: what it says first is what matters
                _finish(archive, run_id, "busy" if isinstance(error, ArchiveBusy) else "archive", counts)
            raise
        if verdict == "ok" and counts["left_out"]:
            verdict = "incomplete"
        _finish(archive, run_id, verdict, counts)
        totals = archive.totals()
    held = f"{totals['reports']} reports of {totals['agencies']} agencies, {totals['captures']} captures"
    said(f"archive   {target}: {held}")
    return verdict


def _finish(archive: Archive, run_id: int, verdict: str, counts: Counter[str]) -> None:
    archive.finish_run(run_id, verdict, EXIT_CODES[verdict], counts)


def _join_one(archive: Archive, source: Path, run_id: int, workers: int, said: Callable[[str], None]) -> Counter[str]:
    """Joins one of them, and says what came of it; returns that in numbers."""
    with Progress(_captures_of(source), "captures") as progress:
        merged = merge_into(archive, source, run_id=run_id, workers=workers, told=progress.more)
    for line in merged.left_out[:_SHOWN]:
        said(f"gongkai: {line}")
    left_out = len(merged.left_out) + merged.more
    if left_out > _SHOWN:
        said(f"gongkai: {source}: and {left_out - min(_SHOWN, len(merged.left_out))} more")
    said(_line(source, merged))
    return Counter(merged.counts | {"left_out": left_out})


def _captures_of(source: Path) -> int:
    """How many captures of an archive were read, in one of any version; all of them where that is not kept."""
    with closing(open_as_it_is(source)) as db:
        table = "captures_read" if "captures_read" in db.table_names() else "captures"
        return int(db.table(table).count) if table in db.table_names() else 0


_WORDS = {
    "captures_new": "new captures",
    "new": "new reports",
    "revised": "revisions",
    "twin": "under a further address",
    "mirror": "copies on a mirror",
    "upgraded": "from a better source",
    "histories": "histories filed again in the order of time",
    "decisions": "decisions about figures",
    "agencies_settled": "decisions about agencies",
    "captures_reread": "captures read again",
}


def _line(source: Path, merged: Merged) -> str:
    parts = [f"{merged.counts[name]} {words}" for name, words in _WORDS.items() if merged.counts.get(name)]
    return f"joined    {source}: {', '.join(parts) or 'nothing new'}"

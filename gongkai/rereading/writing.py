"""Writing what was read otherwise, a few pages in a transaction, each with its files.

Killed at any moment, the archive holds whole pages as they were or as they are read today, and the next reread finds
the rest. What somebody else has filed in the meantime is left as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from archive import Archive, ArchiveBusy, ArchiveError, ArchiveFailing
from archive.rereading import ReadAgain, file_again, note_same
from gongkai.rereading.comparing import Summary
from gongkai.rereading.reading import Failed, Reread

_MOST_CHANGED, _MOST = 64, 2048
"""Captures in a transaction: of those that are written, a second of work; of those that are only noted, as much."""


def write(archive: Archive, answers: Iterable[Reread], summary: Summary) -> Counter[str]:
    """Writes answers; returns how many captures were `filed`, `filed before` and `changed meanwhile`.

    What the archive does not take is added to the failures of the summary. The caller holds the lock. Raises
    ArchiveError when nothing more can be written.
    """
    found: Counter[str] = Counter()
    for some in _in_turns(answers):
        with archive.together():
            for one in (one for answer in some for one in chain.from_iterable(answer.changed)):
                found.update(_filed(archive, one, summary))
            note_same(archive, (same for answer in some for same in answer.same))
    return found


def _filed(archive: Archive, one: ReadAgain, summary: Summary) -> list[str]:
    try:
        return [file_again(archive, one)]
    except (ArchiveBusy, ArchiveFailing):
        raise
    except ArchiveError as error:
        summary.fail(Failed(one.capture_id, one.url, f"not stored: {error}"))
        return []


def _in_turns(answers: Iterable[Reread]) -> Iterator[list[Reread]]:
    """So many at a time as go into one transaction. An answer holds pages with all their files."""
    some: list[Reread] = []
    for answer in answers:
        some.append(answer)
        changed = sum(len(unit) for one in some for unit in one.changed)
        if changed >= _MOST_CHANGED or sum(one.captures for one in some) >= _MOST:
            yield some
            some = []
    if some:
        yield some

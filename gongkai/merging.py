"""Joining archives: what one of them has and the other has not is filed there as if it had been fetched there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from archive import Archive, ArchiveError
from archive.errors import ArchiveBusy, ArchiveFailing
from archive.joining.evidence import bring_captures
from archive.joining.filing import Readings, file_waiting, prepare
from archive.joining.known import enter_portals, join_known, join_state
from archive.joining.laying import lay_theirs
from archive.joining.naming import name_as_first_seen
from archive.joining.replaying import Event, histories, note_replayed, replay
from archive.joining.settled import settle_theirs
from archive.joining.source import Source, opened
from archive.joining.waiting import Unread, Waiting, unread, waiting
from archive.rebuilding import Held, filed_readings, held
from archive.warc import WarcStore
from gongkai.workers import Died, Staff, Workers, read_within
from pipelines.attached import named_by_files
from pipelines.model import Reading

CHUNK = 200
"""Captures that are filed in one transaction, and whose readings are in memory at one time."""

Telling = Callable[[int], None]

Whole = tuple[Reading, ...]
Room = Staff[Unread, Whole | str]
"""Who does `read_unread`."""
"""All that was read of a capture."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of joining an archive to another, in numbers by name, and what was left out, a line each.

    Of many damaged records the first have a line.
    """

    counts: dict[str, int]
    left_out: tuple[str, ...] = ()
    portals: dict[str, Counter[str]] = field(default_factory=dict)
    """How many reports of each portal became what."""
    more: int = 0
    """What was left out and has no line."""


def merge_into(
    archive: Archive,
    source: Path,
    *,
    run_id: int,
    with_state: bool = False,
    workers: int = 0,
    room: Room | None = None,
    told: Telling = lambda count: None,
) -> Merged:
    """Joins the archive at `source` to `archive`, which the caller has locked. Twice is the same as once.

    The source is only read. `with_state` brings also how portals fared (under `run_id`) and which hosts are to be left
    alone: for the parts of a crawl that was handed out. `workers` is as for `gongkai.workers.Workers`; who joins many
    archives gives a `room` of them that does `read_unread`. `told` hears of captures as they are filed. Raises
    ArchiveError.
    """
    with (
        opened(source, archive.path.absolute().parent) as theirs,
        Workers(read_unread, workers) as own,
    ):
        return _Merging(archive, theirs, room or own, run_id if with_state else None).merge(told)


class _Merging:
    """One archive on its way into another."""

    def __init__(self, archive: Archive, source: Source, room: Room, run_id: int | None) -> None:
        self._archive, self._source, self._room, self._run_id = archive, source, room, run_id
        self._counts: Counter[str] = Counter()
        self._left_out: list[str] = []
        self._portals: dict[str, Counter[str]] = {}

    def merge(self, told: Telling) -> Merged:
        archive, source = self._archive, self._source
        enter_portals(archive, source)
        brought = bring_captures(archive, source, self._run_id)
        self._left_out += brought.damaged
        prepare(archive.db)
        for chunk in _chunks(waiting(archive.db, source)):
            filed, left_out = file_waiting(archive, source, chunk, self._readings(chunk))
            for portal_id, outcomes in filed.items():
                self._counts += outcomes
                self._portals.setdefault(portal_id, Counter()).update(outcomes)
            self._left_out += left_out
            told(len(chunk))
        self._replay()
        name_as_first_seen(archive, source)
        join_known(archive, source)
        self._counts["decisions"] += lay_theirs(archive, source)
        settled, refused = settle_theirs(archive, source)
        self._left_out += refused
        if self._run_id is not None:
            join_state(archive, source, self._run_id)
        counts = {"captures_new": brought.new, "agencies_settled": settled, **self._counts}
        told_of = {name: counts.get(name, 0) for name in (*_COUNTED, *counts)}
        return Merged(told_of, tuple(self._left_out), self._portals, brought.more)

    def _readings(self, chunk: Iterable[Waiting]) -> dict[int, Readings]:
        """What was read there of the captures that are to be filed, by their ids there."""
        wanted = [item.source_id for item in chunk if not (item.stands or item.is_empty)]
        return self._held_by(self._source, wanted)

    def _held_by(self, holder: Source | Archive, captures: Iterable[int]) -> dict[int, Readings]:
        """Readings from the rows of an archive; of those that it does not hold, from their records."""
        known: dict[int, Readings] = {}
        missing = []
        for capture_id in dict.fromkeys(captures):
            found = filed_readings(holder.db, capture_id)
            if found is None:
                missing.append(capture_id)
            else:
                known[capture_id] = found
        folder = str(holder.warc.folder)
        return known | dict(self._read(holder, folder, missing))

    def _read(self, holder: Source | Archive, folder: str, captures: list[int]) -> Iterator[tuple[int, Readings]]:
        tasks = [unread(holder.db, folder, capture_id) for capture_id in captures]
        for capture_id, (task, answer) in zip(captures, self._room.run(tasks), strict=True):
            self._counts["captures_reread"] += 1
            if isinstance(answer, Died):
                self._left_out.append(f"{holder.path}: {task.url}: not filed: the reader process died on this document")
            elif isinstance(answer, str):
                self._left_out.append(f"{holder.path}: {task.url}: not filed: {answer}")
            else:
                yield capture_id, held(answer)

    def _replay(self) -> None:
        unfiled: set[int] = set()
        for history in histories(self._archive, self._source):
            holders: tuple[tuple[str, Source | Archive], ...] = (("here", self._archive), ("there", self._source))
            readings: dict[Event, Held] = {}
            for name, holder in holders:
                events = [event for event in history.events if event.held == name]
                known = self._held_by(holder, [event.held_id for event in events])
                for event in events:
                    for part in known.get(event.held_id, ()):
                        if part.reading.part == event.part:
                            readings[event] = part
            try:
                self._counts["revised"] += replay(self._archive, self._source, history, readings)
            except (ArchiveBusy, ArchiveFailing):
                raise
            except ArchiveError as error:
                self._left_out.append(f"{self._source.path}: {history.events[0].at[3]}: not filed: {error}")
                readings = {}
            theirs = [event for event in history.events if event.held == "there"]
            unfiled |= {event.held_id for event in theirs if event not in readings}
            self._counts["histories"] += 1
        note_replayed(self._archive, self._source, unfiled)


def read_unread(task: Unread) -> Whole | str:
    """What the reader makes of a capture, with what its files say of themselves; a line where its record is no more.

    To be called in a worker.
    """
    try:
        page = _read_one(task)
    except ArchiveError as error:
        return str(error)
    if not task.files:
        return page
    files = []
    for file in task.files:
        try:
            files.append(_read_one(file))
        except ArchiveError:
            continue  # it is missed where it is filed itself
    return named_by_files(page, files)


def _read_one(task: Unread) -> Whole:
    capture = WarcStore(Path(task.folder)).read(task.place)
    return read_within(replace(capture, url=task.url, content_type=task.content_type), task.context)


def _chunks(items: Iterator[Waiting]) -> Iterator[list[Waiting]]:
    while chunk := list(islice(items, CHUNK)):
        yield chunk


_COUNTED = ("captures_new", "new", "revised", "unchanged", "twin", "mirror", "upgraded", "refused", "decisions")

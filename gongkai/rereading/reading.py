"""Reading a batch of captures again: records in, and out of it only what is not as it was.

It needs nothing but the WARC files, so that it can run in any process on any machine that sees them; and since most
captures are read as before, almost nothing comes back, and whoever waits for the answers has next to nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive import ArchiveError
from archive.captured import digest_of
from archive.digests import digests
from archive.rereading import Piece, ReadAgain, Same, Unit
from archive.warc import WarcStore
from crawler.faults import fault_of_reading
from gongkai.rereading.batches import Batch
from gongkai.workers import read_within
from pipelines.attached import named_by_files, said_of
from pipelines.confined import is_limited
from pipelines.model import Capture, Context, Reading

Readings = tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """A capture that could not be read again, and why: it stays as it is."""

    capture_id: int
    url: str
    why: str


@dataclass(frozen=True, slots=True)
class Reread:
    """What came of a batch: captures that are read otherwise, page by page with its files; those that are read as
    before; and those that could not be read."""

    changed: tuple[tuple[ReadAgain, ...], ...] = ()
    same: tuple[Same, ...] = ()
    failed: tuple[Failed, ...] = ()

    @property
    def captures(self) -> int:
        return sum(map(len, self.changed)) + len(self.same) + len(self.failed)


def reread_batch(batch: Batch) -> Reread:
    """Reads a batch; to be called in a confined worker process, which may die of it."""
    store = WarcStore(batch.warc)
    answers = [_reread(unit, store) for unit in batch.units]
    return Reread(
        tuple(changed for answer in answers for changed in answer.changed),
        tuple(same for answer in answers for same in answer.same),
        tuple(failed for answer in answers for failed in answer.failed),
    )


def _reread(unit: Unit, store: WarcStore) -> Reread:
    """A page and its files, as the crawl reads them: what the page says goes with its files, and back."""
    page = unit.page
    read = _read(page, page.origin.context, store)
    pairs: list[tuple[Piece, Readings | Failed]] = []
    for file in unit.files:
        context = file.origin.context if isinstance(read, Failed) else _said(read, page, file)
        file = replace(file, origin=replace(file.origin, context=context))
        pairs.append((file, _read(file, context, store)))
    if not isinstance(read, Failed) and unit.files:
        read = _named(page, read, [outcome for _, outcome in pairs])
    return _sorted([(page, read), *pairs])


def _read(piece: Piece, context: Context, store: WarcStore) -> Readings | Failed:
    try:
        body = store.read(piece.place).body
    except ArchiveError as error:
        return Failed(piece.capture_id, piece.url, str(error))
    readings = read_within(Capture(body, piece.url, piece.content_type), context)
    why = next((reading.reason for reading in readings if _is_ours(reading.reason or "")), None)
    if why is None or _is_as_it_was(piece, readings, digest_of(readings)):
        return readings
    return Failed(piece.capture_id, piece.url, why)


def _is_ours(reason: str) -> bool:
    """Whether a document was not read for a fault or a limit of the reader, which is no reading of it."""
    fault = fault_of_reading(reason)
    is_named = fault is not None and fault.meaning == "ours"
    return is_named or is_limited(reason) or reason.startswith("the reader failed")


def _said(read: Readings, page: Piece, file: Piece) -> Context:
    """What the page says about a file today; what it said when the file was fetched, if it does not show it now."""
    linking = [reading for reading in read if reading.report and _links_to(reading, file.url)]
    without = [reading for reading in linking if not (reading.cells or reading.indicators)]
    return said_of((without or linking)[0], page.origin.context) if linking else file.origin.context


def _links_to(reading: Reading, url: str) -> bool:
    return any(attachment.url == url for attachment in reading.attachments)


def _named(page: Piece, read: Readings, files: Iterable[Readings | Failed]) -> Readings | Failed:
    """A page under what its files say of themselves. With a file that cannot be read it is not known what that is."""
    told: list[Readings] = []
    for file in files:
        if not isinstance(file, Failed):
            told.append(file)
        elif any(reading.report and not reading.cells for reading in read):
            return Failed(page.capture_id, page.url, f"a file that belongs to it cannot be read: {file.url}")
    return named_by_files(read, told)


def _sorted(outcomes: Iterable[tuple[Piece, Readings | Failed]]) -> Reread:
    changed, same, failed = [], [], []
    for piece, outcome in outcomes:
        if isinstance(outcome, Failed):
            failed.append(outcome)
            continue
        digest = digest_of(outcome)
        if _is_as_it_was(piece, outcome, digest) and not piece.is_wanted:
            same.append((piece.capture_id, digest, piece.digest))
        else:
            changed.append(ReadAgain(piece.capture_id, piece.url, outcome, piece.origin, piece.digest, digest))
    return Reread((tuple(changed),) if changed else (), tuple(same), tuple(failed))


def _is_as_it_was(piece: Piece, readings: Readings, digest: str) -> bool:
    """Where the digest was not kept: whether the very readings that stand come out, or none did and none does."""
    if piece.digest is not None:
        return digest == piece.digest
    filed = tuple((one.part, digests(one).reading) for one in readings if one.report and one.agency and one.year)
    return filed == piece.parts if piece.parts else not any(reading.report for reading in readings)

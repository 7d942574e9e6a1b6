"""Checks of the WARC files against what the captures name."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from archive.keeping.copying import Record, digest_of, files_of, opened, records_of
from archive.warc import whole_length
from gongkai.checks.finding import Finding, Patient, listed

_SAMPLE = 50
_BACK = "put the file back: from a backup (gongkai restore elsewhere, then copy), or from where it was moved to"


def files(patient: Patient) -> Iterator[Finding]:
    """Whether every file that a capture names is there, and long enough."""
    missing, short = [], []
    ends = files_of(patient.opened)
    for name, end in ends.items():
        path = patient.warc / Path(name).name
        if not path.is_file():
            missing.append(name)
        elif path.stat().st_size < end:
            short.append(name)
    if missing:
        yield Finding("error", "warc", f"missing in {patient.warc}: {listed(missing, 3)}", _BACK)
    if short:
        yield Finding("error", "warc", f"cut short in {patient.warc}: {listed(short, 3)}", _BACK)
    if not missing and not short:
        yield Finding("ok", "warc", f"all {len(ends)} files that captures name are there")


def tails(patient: Patient) -> Iterator[Finding]:
    """What a writer that was killed left half-written; the next one cuts it back."""
    if patient.writer() is not None:
        yield Finding("ok", "warc tails", "not looked at while a run writes")
        return
    ends = files_of(patient.opened)
    torn = []
    for path in sorted(patient.warc.glob("*.warc.gz")):
        with path.open("rb") as file:
            size, end = path.stat().st_size, ends.get(path.name, 0)
            if end < size != whole_length(file.fileno(), end):
                torn.append(path.name)
    if torn:
        yield Finding(
            "warning", "warc tails", f"half-written at the end: {listed(torn, 3)}", "the next run cuts it back"
        )
    else:
        yield Finding("ok", "warc tails", "no record is half-written")


def digests(patient: Patient) -> Iterator[Finding]:
    """Whether records are still the bytes that were written: a sample, or all of them."""
    looked_at, damaged = 0, []
    for name, record in _every(patient) if patient.thorough else _sampled(patient):
        file = opened(patient.warc / Path(name).name)
        if file is None:
            continue  # told already
        with file:
            looked_at += 1
            if digest_of(file, record.offset, record.length) != record.digest:
                damaged.append(f"{name} at {record.offset} (capture {record.capture_id})")
    for each in damaged[:20]:
        yield Finding("error", "warc digests", f"damaged record: {each}", _BACK)
    if len(damaged) > 20:
        yield Finding("error", "warc digests", f"and {len(damaged) - 20} more damaged records", _BACK)
    if not damaged:
        more = "" if patient.thorough else "; --thorough looks at all"
        yield Finding("ok", "warc digests", f"{looked_at} records are the bytes that were written{more}")


def _every(patient: Patient) -> Iterator[tuple[str, Record]]:
    for name in files_of(patient.opened):
        yield from ((name, record) for record in records_of(patient.opened, name))


def _sampled(patient: Patient) -> Iterator[tuple[str, Record]]:
    """Some at random, other ones each time, so that what is rotten is found in the end; ids have no large gaps."""
    last = patient.opened.execute("SELECT coalesce(max(capture_id), 0) FROM captures").fetchone()[0]
    for number in sorted(random.sample(range(1, last + 1), min(_SAMPLE, last))):
        row = patient.opened.execute(
            "SELECT warc_file, capture_id, url, warc_offset, warc_length, member_digest FROM captures"
            " WHERE capture_id = ?",
            [number],
        ).fetchone()
        if row:
            yield row[0], Record(*row[1:])

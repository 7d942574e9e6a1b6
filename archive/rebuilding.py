"""What was read of a report, made again from its rows, so that it can be filed elsewhere without being read again.

Not everything that a reading holds has a row (issues of two finders stand apart, the scope may have been filled in
since). So nothing that is made here counts before its digest is that of what was filed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

from archive.as_read import as_read
from archive.captured import digest_of_found
from archive.digests import Digests, digests
from archive.review.settling import rule_codes
from pipelines.forms.rules import judge
from pipelines.model import Issue, Reading


@dataclass(frozen=True, slots=True)
class Held:
    """A reading and its digests, which take longer to make than anything else about it."""

    reading: Reading
    digests: Digests


def held(readings: Iterable[Reading]) -> tuple[Held, ...]:
    """Readings with their digests."""
    return tuple(Held(reading, digests(reading)) for reading in readings)


def filed_readings(db: Database, capture_id: int) -> tuple[Held, ...] | None:
    """All that was read of a capture, part by part; None where the archive does not hold just that."""
    (wanted,) = db.execute("SELECT digest FROM captures_read WHERE capture_id = ?", [capture_id]).fetchone() or (None,)
    rows = db.execute(_RESTING, {"capture": capture_id}).fetchall()
    if not rows or [part for part, _, _ in rows] != list(range(1, len(rows) + 1)):
        return None
    found: list[Held] = []
    for part, report_id, is_source in rows:
        one = reading_of(db, report_id) if is_source or wanted else None
        if one is None:
            return None
        found += [one] if one.reading.part == part else held([replace(one.reading, part=part)])
    digest = digest_of_found((one.reading, one.digests) for one in found)
    return tuple(found) if wanted in (None, digest) else None


def reading_of(db: Database, report_id: int) -> Held | None:
    """The reading of a revision, undoing what people corrected; None where its rows do not tell it to the last word."""
    scope, wanted = db.execute(_FILED, [report_id]).fetchone()
    for reading in _with_issues(replace(as_read(db, report_id), scope=scope)):
        found = digests(reading)
        if found.reading == wanted:
            return Held(reading, found)
    return None


def _with_issues(base: Reading) -> Iterator[Reading]:
    """The reading with its issues as the reader may have told them, the likeliest first."""
    told = [issue for issue in base.issues if issue.code not in rule_codes()]
    broken = list(judge(list(base.cells), base.forms, base.agency)) if base.cells else []
    for scope in dict.fromkeys((base.scope, None)):
        for issues in _orders(told, broken, base.issues):
            yield replace(base, scope=scope, issues=tuple(issues))


def _orders(told: Sequence[Issue], broken: Sequence[Issue], stored: Sequence[Issue]) -> Iterator[list[Issue]]:
    """The sums are judged by the reader of the tables, before what is said about the narrative."""
    yield [*told, *broken]
    for place in range(len(told) if broken else 0):
        yield [*told[:place], *broken, *told[place:]]
    alone = [replace(issue, figures=()) for issue in told]
    if alone != list(told):
        yield [*alone, *broken]
    if list(stored) != [*told, *broken]:
        yield list(stored)


_RESTING = """
SELECT l.part, l.report_id, r.capture_id = l.capture_id AND r.part = l.part FROM report_captures l
JOIN report_revisions r ON r.report_id = l.report_id WHERE l.capture_id = :capture ORDER BY l.part, 3 DESC
"""
_FILED = """
SELECT r.scope, t.reading_digest FROM report_revisions r JOIN report_readings t ON t.report_id = r.report_id
WHERE r.report_id = ?
"""

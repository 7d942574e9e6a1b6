"""The rows of `report_revisions`: finding them, adding one, reading one anew, and tying evidence to them.

What should happen to a reading that arrives is decided in `filing`; here it is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from archive.agencies import Agency
from archive.digests import Digests
from archive.former import keep_former, number_reading
from archive.issues import state_issues
from archive.readings import exact, forget_reading, reading_columns, revision_columns, write_reading
from archive.review.corrections import readings_of
from archive.rows import insert, rows_of
from archive.schema.values import Value
from pipelines.model import Reading, Scope, Trust

Role = Literal["page", "attachment", "twin", "mirror"]

Key = tuple[int, int, str | None]
"""agency_id, year, scope"""

RANKS: dict[Trust, int] = {"official": 2, "mirror": 1, "unknown": 0}
"""Who is believed when two say different things about the same report."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A reading that has come in, and the capture that it was made from."""

    reading: Reading
    digests: Digests
    agency: Agency
    year: int
    capture_id: int
    url: str
    payload: str
    fetched_at: str
    seen_at: str
    """The last time that the same bytes were answered."""
    trust: Trust
    portal_id: str | None
    role: Role
    is_answer: bool = True
    """Whether a server answered it; a file, or the text that somebody made of a page, was not answered."""

    @property
    def rank(self) -> int:
        return RANKS[self.trust]


@dataclass(frozen=True, slots=True)
class Revision:
    """A stored revision; `source` and `payload` are address and digest of the capture that was read for it."""

    report_id: int
    scope: Scope | None
    revision: int
    is_current: int
    trust: Trust
    url: str
    part: int
    cell_count: int
    content_digest: str
    figures_digest: str
    reading_digest: str
    first_seen: str
    last_seen: str
    source: str
    payload: str
    is_answer: int

    @property
    def rank(self) -> int:
        return RANKS[self.trust]


_FAR = 1_000_000_000
"""Added to numbers of revisions while they change."""

BELIEVED = "CASE r.trust " + " ".join(f"WHEN '{trust}' THEN {rank}" for trust, rank in RANKS.items()) + " END"
"""How much a revision `r` is believed, in SQL."""

_COLUMNS = """
SELECT r.report_id, r.scope, r.revision, r.is_current, r.trust, t.url, r.part, r.cell_count, t.content_digest,
       t.figures_digest, t.reading_digest, t.first_seen, t.last_seen, c.url AS source, c.payload_digest AS payload,
       c.status <> 0 AS is_answer
FROM report_revisions r
JOIN report_readings t ON t.report_id = r.report_id
JOIN captures c ON c.capture_id = r.capture_id
"""


def family_of(db: Database, arrival: Arrival) -> list[Revision]:
    """The revisions of the report that this is a reading of, the current one first, then from new to old.

    That is the report of the same agency, year and scope. Where one side does not state its scope, it is the one from
    the same address, or with the same figures (or none to compare), and for a copy that is believed less, any.
    """
    query = _COLUMNS + "WHERE r.agency_id = ? AND r.year = ? ORDER BY r.is_current DESC, r.revision DESC"
    stored = [Revision(**row) for row in rows_of(db, query, [arrival.agency.agency_id, arrival.year])]
    same = [revision for revision in stored if revision.is_current and _same_report(arrival, revision)]
    if not same:
        return []
    stated = arrival.reading.scope is not None
    nearest = max(
        same,
        key=lambda revision: (
            stated and revision.scope == arrival.reading.scope,
            _same_address(arrival, revision),
            revision.scope == arrival.reading.scope,
            revision.figures_digest == arrival.digests.figures,
            revision.scope == "own",
        ),
    )
    return [revision for revision in stored if revision.scope == nearest.scope]


def _same_report(arrival: Arrival, current: Revision) -> bool:
    scope = arrival.reading.scope
    if scope == current.scope:
        return True
    if scope is not None and current.scope is not None:
        return False
    return (
        arrival.digests.figures == current.figures_digest
        or not (arrival.reading.cells and current.cell_count)
        or _same_address(arrival, current)
        or arrival.role == "attachment"
        or arrival.rank < current.rank
    )


def _same_address(arrival: Arrival, current: Revision) -> bool:
    same_part = arrival.reading.part == current.part or current.source != current.url
    return same_part and arrival.url in (current.url, current.source)


def add_revision(
    db: Database, arrival: Arrival, family: list[Revision], *, url: str | None = None, current: bool = True
) -> int:
    """Adds the next revision to a family (the first to an empty one), read from the arrival; returns its report_id."""
    scope = arrival.reading.scope or (family[0].scope if family else None)
    if current:
        for old in family:
            if old.is_current:
                db.execute("UPDATE report_revisions SET is_current = 0 WHERE report_id = ?", [old.report_id])
                state_issues(db, old.report_id, "years", [])  # the rules over two years judge current ones only
    row = {
        "agency_id": arrival.agency.agency_id,
        "year": arrival.year,
        "scope": scope,
        "revision": max((old.revision for old in family), default=0) + 1,
        "is_current": int(current),
        **_origin(arrival),
        **revision_columns(arrival.reading),
    }
    report_id = insert(db, "report_revisions", row)
    row = {
        "report_id": report_id,
        **_address(arrival, url),
        "first_seen": arrival.fetched_at,
        "last_seen": arrival.seen_at,
        **reading_columns(arrival.reading, arrival.digests),
    }
    insert(db, "report_readings", row)
    write_reading(db, report_id, arrival.reading)
    number_reading(db, report_id)
    link(db, report_id, arrival, arrival.role)
    return report_id


def reread(db: Database, report_id: int, arrival: Arrival) -> None:
    """Replaces what was read of a revision, from the same evidence, and keeps what was read before."""
    keep_former(db, report_id, arrival.reading)
    _rewrite(db, report_id, arrival)


def replace_source(db: Database, report_id: int, arrival: Arrival, *, url: str | None = None) -> None:
    """Makes a revision rest on the arrival instead: its reading, trust and address (or `url`)."""
    _update(db, "report_revisions", report_id, _origin(arrival))
    _update(db, "report_readings", report_id, _address(arrival, url))
    _rewrite(db, report_id, arrival)
    link(db, report_id, arrival, arrival.role)
    db.execute(
        "UPDATE report_captures SET role = ? WHERE report_id = ? AND capture_id = ? AND part = ?",
        [arrival.role, report_id, arrival.capture_id, arrival.reading.part],
    )


def link(db: Database, report_id: int, arrival: Arrival, role: Role) -> None:
    """Ties a capture to a revision as evidence, once."""
    db.execute(
        "INSERT INTO report_captures (report_id, capture_id, part, role) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [report_id, arrival.capture_id, arrival.reading.part, role],
    )


def outrank(db: Database, report_id: int, arrival: Arrival) -> None:
    """What was evidence enough so far is now that of copies, and says nothing about when the original was there."""
    db.execute("UPDATE report_captures SET role = 'mirror' WHERE report_id = ?", [report_id])
    _update(db, "report_readings", report_id, {"first_seen": arrival.fetched_at, "last_seen": arrival.seen_at})


def answered(db: Database, report_id: int, arrival: Arrival) -> None:
    """Makes a revision rest on an answer of the server; the texts that were made of the page become copies of it."""
    db.execute(
        "UPDATE report_captures SET role = 'twin' WHERE report_id = ? AND role = 'page'"
        " AND capture_id IN (SELECT capture_id FROM captures WHERE url = ? AND status = 0)",
        [report_id, arrival.url],
    )
    replace_source(db, report_id, arrival)


def see(db: Database, report_id: int, arrival: Arrival) -> None:
    """Notes that a revision was seen at the time of the arrival, and is there."""
    db.execute(
        "UPDATE report_readings SET first_seen = min(first_seen, :first), last_seen = max(last_seen, :last),"
        " gone_at = iif(gone_at <= :last, NULL, gone_at)"
        " WHERE report_id = :id AND (first_seen > :first OR last_seen < :last OR gone_at <= :last)",
        {"first": arrival.fetched_at, "last": arrival.seen_at, "id": report_id},
    )


def role_of(db: Database, report_id: int, arrival: Arrival) -> Role | None:
    """As what this very capture is tied to that revision; None if it is not."""
    row = db.execute(
        "SELECT role FROM report_captures WHERE report_id = ? AND capture_id = ? AND part = ?",
        [report_id, arrival.capture_id, arrival.reading.part],
    ).fetchone()
    return row[0] if row else None


def is_evidence(db: Database, report_id: int, arrival: Arrival) -> bool:
    """Whether the same part of a document of the same bytes is tied to that revision already as saying what it says.

    Attachments and mirrors do not count: they are tied to the report whether they agree with it or not.
    """
    row = db.execute(
        "SELECT 1 FROM report_captures l JOIN captures c ON c.capture_id = l.capture_id"
        " WHERE l.report_id = ? AND l.part = ? AND c.payload_digest = ? AND l.role IN ('page', 'twin')",
        [report_id, arrival.reading.part, arrival.payload],
    ).fetchone()
    return row is not None


def last_at(db: Database, report_id: int, arrival: Arrival) -> str:
    """When the address was last seen to give that revision; '' when it never did. Texts say nothing about answers."""
    row = db.execute(
        "SELECT max(coalesce(c.seen_at, c.fetched_at)) FROM report_captures l JOIN captures c USING (capture_id)"
        " WHERE l.report_id = ? AND c.url = ? AND (c.status <> 0) = ?",
        [report_id, arrival.url, arrival.is_answer],
    ).fetchone()
    return row[0] or ""


def says_nothing_new(db: Database, report_id: int, arrival: Arrival) -> bool:
    """Whether each number of the arrival stands in the revision: an incomplete copy, or one that was read worse."""
    stored, numbers = readings_of(db, report_id), _numbers(arrival)
    return bool(stored) and all(stored.get(figure) == value for figure, value in numbers.items())


def contradicted(db: Database, report_id: int, arrival: Arrival) -> tuple[str, ...]:
    """The figures for which the revision and the arrival have different numbers."""
    stored, numbers = readings_of(db, report_id), _numbers(arrival)
    return tuple(figure for figure, value in numbers.items() if stored.get(figure, value) != value)


def _numbers(arrival: Arrival) -> dict[str, Value]:
    return {cell.figure: exact(cell.value) for cell in arrival.reading.cells if cell.value is not None}


def set_scope(db: Database, family: list[Revision], scope: Scope) -> None:
    """Fills in the scope of a report that did not say it so far."""
    for revision in family:
        _update(db, "report_revisions", revision.report_id, {"scope": scope})


def key_of(db: Database, report_id: int) -> Key:
    """Agency, year and scope under which a revision stands."""
    row = db.execute("SELECT agency_id, year, scope FROM report_revisions WHERE report_id = ?", [report_id]).fetchone()
    return row[0], row[1], row[2]


def _rewrite(db: Database, report_id: int, arrival: Arrival) -> None:
    _update(db, "report_revisions", report_id, revision_columns(arrival.reading))
    _update(db, "report_readings", report_id, reading_columns(arrival.reading, arrival.digests))
    forget_reading(db, report_id)
    write_reading(db, report_id, arrival.reading)
    number_reading(db, report_id)


def number(db: Database, order: Sequence[int]) -> None:
    """Numbers the revisions of one report, given by id from the oldest to the current one."""
    for report_id in order:  # no two may have one number at any moment
        far = "UPDATE report_revisions SET is_current = 0, revision = ? + report_id WHERE report_id = ?"
        db.execute(far, [_FAR, report_id])
    for place, report_id in enumerate(order, 1):
        is_current = int(place == len(order))
        db.execute(
            "UPDATE report_revisions SET revision = ?, is_current = ? WHERE report_id = ?",
            [place, is_current, report_id],
        )
        if not is_current:
            state_issues(db, report_id, "years", [])


def number_by_time(db: Database, report_id: int) -> None:
    """Numbers the revisions of the report of this revision in the order in which they were seen, the current one last.

    What is believed less comes before what is believed more, as it would have had it been there first.
    """
    rows = db.execute(
        "SELECT r.report_id FROM report_revisions r JOIN report_readings t ON t.report_id = r.report_id"
        " JOIN report_revisions o ON o.agency_id = r.agency_id AND o.year = r.year AND o.scope IS r.scope"
        f" WHERE o.report_id = ? ORDER BY r.is_current, {BELIEVED}, t.first_seen, r.revision",
        [report_id],
    ).fetchall()
    number(db, [row[0] for row in rows])


def _origin(arrival: Arrival) -> dict[str, object]:
    return {
        "trust": arrival.trust,
        "part": arrival.reading.part,
        "portal_id": arrival.portal_id,
        "capture_id": arrival.capture_id,
    }


def _address(arrival: Arrival, url: str | None) -> dict[str, object]:
    return {"url": url or arrival.url, "fetched_at": arrival.fetched_at}


def _update(db: Database, table: str, report_id: int, columns: dict[str, object]) -> None:
    assignments = ", ".join(f"{name} = ?" for name in columns)
    db.execute(f"UPDATE {table} SET {assignments} WHERE report_id = ?", [*columns.values(), report_id])

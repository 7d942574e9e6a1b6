"""Asking the view `coverage`: counts of what is there by place, portal, level or year, and the list of what is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqlite_utils import Database

from archive.coverage import HELD, STATUSES

By = Literal["province", "portal", "level", "year"]
Row = dict[str, str | int | float | None]

_GROUPS: dict[By, str] = {
    "province": "coalesce(province, '')",
    "portal": "coalesce(portal_id, '')",
    "level": "coalesce(level, '')",
    "year": "year",
}
WAITING = "not_yet_due"


def counts(db: Database, by: By, *, each_year: bool = False) -> list[Row]:
    """How many reports were due and are held, for each group, or each group and year.

    Rows: the group under the name of `by` ('' where it is not known), with `each_year` the `year`, of a portal its
    `name`, then `due`, `held` (figures are in the archive), `share` (held of due, 0 to 1; null when nothing was due)
    and a number for each status of STATUSES. Two scopes of one agency and year are one report. Ordered by group, then
    year.
    """
    keys = [f"{_GROUPS[by]} AS {by}", *(["year"] if each_year and by != "year" else [])]
    names = [key.rpartition(" ")[2] for key in keys]
    called = ", max(portal) AS name" if by == "portal" else ""
    numbers = ", ".join(f"count(*) FILTER (WHERE status = '{status}') AS {status}" for status in STATUSES)
    rows = db.query(
        f"SELECT {', '.join(keys)}{called}, count(*) FILTER (WHERE status <> '{WAITING}') AS due,"
        f" count(*) FILTER (WHERE status IN {HELD!r}) AS held, NULL AS share, {numbers}"
        f" FROM ({_OWED}) GROUP BY {', '.join(names)} ORDER BY {', '.join(names)}"
    )
    return [{**row, "share": round(row["held"] / row["due"], 4) if row["due"] else None} for row in rows]


def missing(
    db: Database,
    *,
    year: int | None = None,
    province: str | None = None,
    portal: str | None = None,
    status: Sequence[str] = (),
) -> list[Row]:
    """What should be there with figures and is not, and why, the newest first; not what is not due yet.

    With `status`, rows of just those statuses, whatever they are.
    """
    wanted = tuple(status) or tuple(name for name in STATUSES if name not in (*HELD, WAITING))
    conditions = [f"status IN ({', '.join('?' for _ in wanted)})"]
    values: list[str | int] = [*wanted]
    for column, value in (("year", year), ("province", province), ("portal_id", portal)):
        if value is not None:
            conditions.append(f"{column} = ?")
            values.append(value)
    return [
        dict(row)
        for row in db.query(
            "SELECT province, portal_id, agency, year, scope, status, reason, url, report_id FROM coverage"
            f" WHERE {' AND '.join(conditions)} ORDER BY year DESC, province, portal_id, agency",
            values,
        )
    ]


def as_of(db: Database) -> str | None:
    """The day for which coverage was made; None when it never was."""
    row = db.execute("SELECT as_of FROM coverage_day").fetchone()
    return row[0] if row else None


# The best of the scopes of an agency and year speaks for it. SQLite takes the bare columns from the row of min().
_RANK = "CASE status " + " ".join(f"WHEN '{status}' THEN {rank}" for rank, status in enumerate(STATUSES)) + " END"
_OWED = (
    f"SELECT province, portal_id, portal, level, year, status, min({_RANK}) FROM coverage"
    " GROUP BY coalesce(agency_id, portal_id), year"
)

"""The columns of `agencies` that follow from its name and place, kept in step with the rules and the divisions."""

from __future__ import annotations

from sqlite_utils import Database

from archive.agencies.bodies import RULES, Body, read_body
from archive.agencies.divisions import chain_of, fingerprint


def columns_of(body: Body) -> dict[str, str | None]:
    """What `agencies` says about a body."""
    chain = chain_of(body.division_code)
    return {
        "division_code": body.division_code,
        "stem": body.stem,
        "level": body.level,
        "kind": body.kind,
        "province": chain.province,
        "city": chain.city,
        "county": chain.county,
        "township": chain.township,
    }


def best_body(names: list[tuple[str, str | None]]) -> Body:
    """The body that the names of one agency, each with its portal's division, prove best: the smallest division."""
    bodies = [read_body(name, division) for name, division in names]
    return max(bodies, key=lambda body: (bool(body.division_code), len(body.division_code or ""), bool(body.level)))


def proof_of(db: Database, agency_id: int) -> tuple[str, ...]:
    """The reasons for what `agencies` says about an agency, one a step; none where nothing is proved."""
    names = db.execute(_NAMES, [agency_id]).fetchall()
    return best_body([(name, division or None) for name, division in names]).evidence if names else ()


def wording() -> str:
    """What the columns follow today: the number of the rules and a digest of the divisions."""
    return f"{RULES} {fingerprint()}"


def describe_all(db: Database) -> None:
    """Writes the columns of all agencies anew, inside the caller's transaction.

    Agencies are never merged here, whatever the new columns say: that would move reports behind everybody's back.
    """
    for row in list(db.query(_STORED)):
        names = db.execute(_NAMES, [row["agency_id"]]).fetchall() or [(row["printed_name"], None)]
        wanted = columns_of(best_body([(name, division or None) for name, division in names]))
        if not wanted.items() <= row.items():
            db.table("agencies").update(row["agency_id"], wanted)


_STORED = (
    "SELECT agency_id, printed_name, division_code, stem, level, kind, province, city, county, township FROM agencies"
)
_NAMES = "SELECT DISTINCT name, division_code FROM agency_names WHERE agency_id = ? ORDER BY name, division_code"

"""The agency that a person means, by id or by name."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from archive.errors import AgencyError


def find_agency(db: Database, text: str) -> dict[str, Any]:
    """The row of the agency of that id, canonical name, or printed name. Raises AgencyError for none or several."""
    if text.isdecimal():
        rows = list(db.query("SELECT * FROM agencies WHERE agency_id = ?", [int(text)]))
    else:
        rows = list(db.query("SELECT * FROM agencies WHERE name = ?", [text])) or list(db.query(_PRINTED, [text]))
    if not rows:
        raise AgencyError(f"no agency {text!r}; gongkai agencies list --search finds names")
    if len(rows) > 1:
        named = ", ".join(f"{row['agency_id']} {row['name']}" for row in rows[:5])
        raise AgencyError(f"{len(rows)} agencies print {text!r}: {named}{' …' if len(rows) > 5 else ''}; give the id")
    return rows[0]


_PRINTED = (
    "SELECT * FROM agencies WHERE agency_id IN (SELECT agency_id FROM agency_names WHERE name = ?) ORDER BY agency_id"
)

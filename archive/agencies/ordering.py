"""What people settled about agencies in several archives, as if all had settled it in one: the latest decision counts.

In one archive nobody can merge what is merged elsewhere; of two archives that did, the later merge takes the earlier
one back. So the outcome depends on what was decided when, and not on the order in which archives are joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlite_utils import Database

from archive.agencies.moving import restate_doubts, settle_reports


def carry_out_in_order(db: Database, entered: Iterable[int]) -> None:
    """Makes all decisions what they are in the order of time, after some were `entered`. Inside a transaction."""
    rows = list(db.query(_ALL))
    before = dict(db.execute(_MERGED).fetchall())
    merged, undone_by = _outcome(rows)
    new = set(entered)
    concerned = {one for one in {*before, *merged} if before.get(one) != merged.get(one)}
    for row in rows:
        decision_id = row["decision_id"]
        if undone_by[decision_id] != row["undone_by"] or decision_id in new:
            concerned |= {row["agency_id"], row["other_id"]}
            db.table("agency_decisions").update(decision_id, {"undone_by": undone_by[decision_id]})
    ends = {end for one in concerned for told in (before, merged) for end in _onward(told, one)}
    agencies = sorted(concerned | ends)
    # What goes from one body to another goes home in between: so it does where one archive parts and merges it.
    for one in sorted(concerned):
        if before.get(one) != merged.get(one):
            db.table("agencies").update(one, {"merged_into": None})
    settle_reports(db, agencies)
    for one in sorted(concerned):
        db.table("agencies").update(one, {"merged_into": merged.get(one)})
    settle_reports(db, agencies)
    restate_doubts(db, agencies)


def _outcome(rows: Iterable[dict[str, Any]]) -> tuple[dict[int, int], dict[int, int | None]]:
    """Which agency is merged into which, and which decision took back which, after decisions in that order."""
    merged: dict[int, int] = {}
    undone_by: dict[int, int | None] = {}
    about: dict[frozenset[int], list[dict[str, Any]]] = defaultdict(list)
    merges: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        this, one, other = row["decision_id"], row["agency_id"], row["other_id"]
        pair = frozenset((one, other))
        if row["action"] == "merge":
            ended = [earlier["decision_id"] for earlier in about[pair] if earlier["action"] != "merge"]
            if merged.get(one) != other:
                for agency_id in (one, *(back for back in _onward(merged, other) if merged.get(back) == one)):
                    merged.pop(agency_id, None)
                    ended += merges.pop(agency_id, [])
                merged[one] = other
            merges[one].append(this)
        else:
            ended = [earlier["decision_id"] for earlier in about[pair] if earlier["action"] == "merge"]
            for agency_id, into in ((one, other), (other, one)):
                if merged.get(agency_id) == into:
                    del merged[agency_id]
                    if row["action"] == "apart":  # what was split off before it was merged back is so again
                        undone_by |= {d["decision_id"]: None for d in about[pair] if d["action"] == "split"}
        undone_by |= {decision_id: this for decision_id in ended if undone_by[decision_id] is None}
        undone_by[this] = None
        about[pair].append(row)
    return merged, undone_by


def _onward(merged: dict[int, int], agency_id: int) -> Iterator[int]:
    """An agency, and those into which it is merged, one after the other."""
    seen: set[int] = set()
    step: int | None = agency_id
    while step is not None and step not in seen:
        seen.add(step)
        yield step
        step = merged.get(step)


# Within a second those of one person keep their order; those of several have one that is the same in all archives.
_ALL = "SELECT * FROM agency_decisions ORDER BY decided_at, who, decision_id"
_MERGED = "SELECT agency_id, merged_into FROM agencies WHERE merged_into IS NOT NULL"

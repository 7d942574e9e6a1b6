"""What an archive knows of portals: where they keep reports, which links led where, what addresses turned out to be.

Of two archives the one that looked later knows better; what was seen first and last is that of both. Each statement
changes only rows that are not so already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from sqlite_utils import Database

from archive.joining.source import Source
from archive.nights.links import joined_words
from archive.portions import cut_of
from archive.store import Archive

_SOME = 500
"""Rows that are written in one transaction."""


def enter_portals(archive: Archive, source: Source) -> None:
    """Enters the portals that are not known here: before any capture comes, and with nothing said about the others."""
    portals = archive.db.table("portals")
    _each(archive, source.db.query("SELECT * FROM portals"), lambda row: portals.insert(row, ignore=True))


def join_known(archive: Archive, source: Source) -> None:
    """Columns, links, lists that were gone through, pages, and last the portals.

    What the portals file said of one is that of the later crawl. After the captures came: `temp.brought` tells which.
    """
    db = archive.db
    _each(archive, source.db.query("SELECT * FROM columns"), lambda row: db.execute(_COLUMN, row))
    _each(archive, source.db.query(_LINKS), lambda row: _join_link(db, row))
    _each(archive, source.db.query("SELECT * FROM lists"), lambda row: db.execute(_LIST, row))
    _each(archive, source.db.query("SELECT * FROM pages"), lambda row: db.execute(_PAGE, row))
    _each(archive, source.db.query("SELECT * FROM portals"), lambda row: _join_portal(db, row))
    if "imported_records" in source.db.table_names():
        _each(archive, source.db.query("SELECT * FROM imported_records"), lambda row: _join_imported(db, row))


def join_state(archive: Archive, source: Source, run_id: int) -> None:
    """How portals fared in the runs of a part, as one run; and the hosts that are to be left alone.

    Of hosts that the part knew when it was cut it may have learnt that they answer. Nothing is joined of a part that
    does not tell how it began, or whose cutting came to no end: it would pass off what is old as its own.
    """
    db, before = archive.db, cut_of(source.path)
    newest = source.db.execute("SELECT coalesce(max(run_id), 0) FROM runs").fetchone()[0]
    if before is None or newest < before.run:
        return
    rows = [row | {"run": run_id} for row in source.db.query(_FARED, {"after": before.run})]
    hosts = list(source.db.query("SELECT * FROM hosts"))
    with archive.together():
        for row in rows:
            db.execute(_FARE, row)
        for row in hosts:
            db.execute(_HOST, row)
        for host in {*before.hosts} - {row["host"] for row in hosts}:
            db.execute("DELETE FROM hosts WHERE host = ?", [host])


def _each(archive: Archive, rows: Iterator[dict[str, Any]], write: Callable[[dict[str, Any]], object]) -> None:
    """Writes rows, some at a time, so that a large archive is joined in bounded memory."""
    while some := list(islice(rows, _SOME)):
        with archive.together():
            for row in some:
                write(row)


def _join_portal(db: Database, theirs: dict[str, Any]) -> None:
    db.execute(_PORTAL, theirs)
    if "imported" in theirs:  # a portal that one of them crawls is one that is crawled
        db.execute(
            "UPDATE portals SET imported = :imported WHERE portal_id = :portal_id AND imported > :imported", theirs
        )


def _join_imported(db: Database, theirs: dict[str, Any]) -> None:
    """From where an imported capture comes: its record is not imported again, also by who has it from another."""
    row = db.execute("SELECT capture_id FROM temp.brought WHERE source_id = ?", [theirs["capture_id"]]).fetchone()
    if row is not None:
        db.table("imported_records").insert(theirs | {"capture_id": row[0], "run_id": None}, ignore=True)


def _join_link(db: Database, theirs: dict[str, Any]) -> None:
    """A link in all the words of both, with what came of it last, and whether the later crawl found it listed."""
    ours = next(iter(db.query(_OUR_LINK, theirs)), None)
    if ours is None:
        db.execute(_NEW_LINK, theirs)
        return
    later, earlier = (theirs, ours) if str(theirs["checked_at"]) > str(ours["checked_at"]) else (ours, theirs)
    listed, other = (theirs, ours) if str(theirs["looked_at"]) > str(ours["looked_at"]) else (ours, theirs)
    gone = later["gone_at"]
    if gone and earlier["gone_at"]:
        gone = min(str(gone), str(earlier["gone_at"]))
    missing = listed["missing_since"]
    if missing and other["missing_since"]:
        missing = min(str(missing), str(other["missing_since"]))
    row = {name: later[name] for name in ("portal_id", "url", "outcome", "reports", "page_url", "checked_at")} | {
        "words": joined_words(str(later["words"]), str(earlier["words"])),
        "listed_on": later["listed_on"] or earlier["listed_on"],
        "first_seen": min(str(ours["first_seen"]), str(theirs["first_seen"])),
        "missing_since": missing,
        "gone_at": gone,
    }
    if any(ours[name] != value for name, value in row.items()):
        db.execute(_CHANGE_LINK, row)


_PORTAL_NAMES = ("name", "division_code", "level", "province", "city", "county")
_PORTAL = (
    "UPDATE portals SET first_seen = min(first_seen, :first_seen), last_seen = max(last_seen, :last_seen),"
    " searched_at = nullif(max(coalesce(searched_at, ''), coalesce(:searched_at, '')), ''), "
    + ", ".join(
        f"{name} = iif(:last_seen > last_seen, coalesce(:{name}, {name}), coalesce({name}, :{name}))"
        for name in _PORTAL_NAMES
    )
    + " WHERE portal_id = :portal_id"
)

# A column that gave reports and then none is gone since the first time that it gave none.
_COLUMN = """
INSERT INTO columns (portal_id, url, setting, reports, first_seen, last_seen, gone_at)
VALUES (:portal_id, :url, :setting, :reports, :first_seen, :last_seen, :gone_at)
ON CONFLICT (portal_id, url) DO UPDATE SET
    setting = iif(excluded.last_seen > last_seen AND excluded.reports > 0, excluded.setting, setting),
    reports = iif(excluded.last_seen > last_seen AND excluded.reports > 0, excluded.reports, reports),
    first_seen = min(first_seen, excluded.first_seen),
    last_seen = iif(excluded.reports > 0 OR reports = 0, max(last_seen, excluded.last_seen), last_seen),
    gone_at = CASE
        WHEN excluded.reports > 0 AND excluded.last_seen > coalesce(gone_at, '9') THEN excluded.gone_at
        WHEN gone_at IS NULL AND reports > 0 AND last_seen > excluded.gone_at THEN NULL
        WHEN gone_at IS NULL OR excluded.gone_at IS NULL THEN coalesce(gone_at, excluded.gone_at)
        ELSE min(gone_at, excluded.gone_at) END
"""

_LINKS = "SELECT l.*, p.last_seen AS looked_at FROM links l JOIN portals p ON p.portal_id = l.portal_id"
_OUR_LINK = f"{_LINKS} WHERE l.portal_id = :portal_id AND l.url = :url"
_LINK_COLUMNS = (
    "portal_id",
    "url",
    "words",
    "outcome",
    "reports",
    "page_url",
    "listed_on",
    "first_seen",
    "checked_at",
    "missing_since",
    "gone_at",
)
_NEW_LINK = f"INSERT INTO links ({', '.join(_LINK_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _LINK_COLUMNS)})"
_CHANGE_LINK = (
    f"UPDATE links SET {', '.join(f'{name} = :{name}' for name in _LINK_COLUMNS[2:])}"
    " WHERE portal_id = :portal_id AND url = :url"
)

_LIST = """
INSERT INTO lists (portal_id, first_page, capture_id, pages, walked_at)
SELECT :portal_id, :first_page, b.capture_id, :pages, :walked_at FROM temp.brought b WHERE b.source_id = :capture_id
ON CONFLICT (portal_id, first_page) DO UPDATE SET capture_id = excluded.capture_id, pages = excluded.pages,
    walked_at = excluded.walked_at WHERE excluded.walked_at > walked_at
"""

_PAGE = """
INSERT INTO pages (url, portal_id, outcome, reason, fault, first_seen, last_seen, capture_id)
VALUES (:url, :portal_id, :outcome, :reason, :fault, :first_seen, :last_seen,
        (SELECT b.capture_id FROM temp.brought b WHERE b.source_id = :capture_id))
ON CONFLICT (url) DO UPDATE SET
    portal_id = iif(excluded.last_seen > last_seen, coalesce(excluded.portal_id, portal_id), portal_id),
    outcome = iif(excluded.last_seen > last_seen, excluded.outcome, outcome),
    reason = iif(excluded.last_seen > last_seen, excluded.reason, reason),
    fault = iif(excluded.last_seen > last_seen, excluded.fault, fault),
    capture_id = iif(excluded.last_seen > last_seen, coalesce(excluded.capture_id, capture_id),
                     coalesce(capture_id, excluded.capture_id)),
    first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)
"""

# A part that was begun again after its worker died went over its portals in two runs: the last one tells how it ended.
_FARED = """
SELECT p.portal_id, s.requests, p.reports, s.new, s.revised, s.gone, p.failures, p.fault, p.message
FROM run_portals p
JOIN (SELECT portal_id, max(run_id) AS run_id, sum(requests) AS requests, sum(new) AS new, sum(revised) AS revised,
             sum(gone) AS gone FROM run_portals WHERE run_id > :after GROUP BY portal_id) s USING (portal_id, run_id)
"""
_FARE = """
INSERT INTO run_portals (run_id, portal_id, requests, reports, new, revised, gone, failures, fault, message)
VALUES (:run, :portal_id, :requests, :reports, :new, :revised, :gone, :failures, :fault, :message)
ON CONFLICT (run_id, portal_id) DO UPDATE SET requests = excluded.requests, reports = excluded.reports,
    new = excluded.new, revised = excluded.revised, gone = excluded.gone, failures = excluded.failures,
    fault = excluded.fault, message = excluded.message
"""
_HOST = """
INSERT INTO hosts (host, fault, message, since, strikes, ask_after)
VALUES (:host, :fault, :message, :since, :strikes, :ask_after)
ON CONFLICT (host) DO UPDATE SET fault = excluded.fault, message = excluded.message, since = excluded.since,
    strikes = excluded.strikes, ask_after = excluded.ask_after WHERE excluded.ask_after > ask_after
"""

"""Taking back what was read of a document that is read otherwise today: as another report, as fewer, or as none.

Nothing of it is lost: the former reading is kept, and captures that said the same are to be read again, so that another
copy may stand for the report.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from archive.agencies import drop_if_unused
from archive.captured import Origin
from archive.filing import mirror_differs, sources_differ
from archive.former import keep_former
from archive.issues import drop_issue
from archive.review.decisions import forget_withdrawn
from archive.revisions import BELIEVED, Key, number_by_time
from archive.search import forget_sections
from pipelines.model import Reading


@dataclass(frozen=True, slots=True)
class Document:
    """The evidence that a reading was made of: an address and the digest of what it gave."""

    url: str
    payload: str
    page: str | None = None
    """Of a file: the address of the page that links to it. How a file without a heading is read depends on that page,
    so that what was read of it for another page stands."""
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class ReadFrom:
    """A revision, the part of the document that was read for it, and the key under which it stands."""

    report_id: int
    part: int
    key: Key


def withdraw(db: Database, document: Document, reading: Reading, filed: Key | None) -> list[Key]:
    """Takes back what was read, under another key, of evidence that is read otherwise today; returns those keys.

    All revisions go that were read from that part of a document, but those `filed` under the key of today; what was
    read is kept among the former readings. Where a current one goes, the one seen last before it becomes current again.
    Other captures that say what a withdrawn revision said are to be read again.
    """
    if document.is_file and document.page is None:
        return []
    found = [one for one in read_from(db, document) if one.part == reading.part]
    gone = {one.report_id: one.key for one in found if one.key != filed}
    for report_id, key in gone.items():
        keep_former(db, report_id, reading)
        db.execute(_READ_AGAIN, [report_id])
        forget_sections(db, report_id)
        ((url, part),) = db.execute(_ADDRESS, [report_id]).fetchall()
        db.execute("DELETE FROM report_revisions WHERE report_id = ?", [report_id])
        _drop_differences(db, key, (url, part))
        _promote(db, key)
    if gone:
        forget_withdrawn(db, document.payload)
    _untie(db, document, reading.part, filed)
    return list(gone.values())


def document_of(db: Database, capture_id: int, origin: Origin) -> Document:
    """The document of a capture that comes from there."""
    row = db.execute(_DOCUMENT, {"capture": capture_id, "page": origin.page_id}).fetchone()
    url, payload, page = row
    return Document(url, payload, page, origin.role == "attachment")


def read_from(db: Database, document: Document) -> list[ReadFrom]:
    """The revisions that were read from a document, in any of its parts."""
    where = {"url": document.url, "payload": document.payload, "page": document.page}
    rows = db.execute(_READ_FROM, where).fetchall()
    return [ReadFrom(report_id, part, (agency, year, scope)) for report_id, part, agency, year, scope in rows]


def _untie(db: Database, document: Document, part: int, filed: Key | None) -> None:
    """What was a copy of one report and is read as another is no evidence for the one any more."""
    where = {"url": document.url, "payload": document.payload, "part": part, "page": document.page}
    for report_id, capture_id, *key in db.execute(_TIED, where).fetchall():
        if tuple(key) != filed:
            db.execute(
                "DELETE FROM report_captures WHERE report_id = ? AND capture_id = ? AND part = ?",
                [report_id, capture_id, part],
            )


def _drop_differences(db: Database, key: Key, gone: tuple[str, int]) -> None:
    """What a source said of which nothing stands under this key any more differs from nothing there."""
    left = [(report_id, (url, part)) for report_id, url, part in db.execute(_LEFT, key).fetchall()]
    if gone in [address for _, address in left]:
        return
    for report_id, address in left:
        for issue in (sources_differ(gone, address), mirror_differs(*gone)):
            drop_issue(db, report_id, "sources", issue)


def _promote(db: Database, key: Key) -> None:
    """Makes the one seen last current where no other is, and numbers them anew: none of them is a second without a
    first."""
    same = "agency_id = ? AND year = ? AND scope IS ?"
    if not db.table("report_revisions").count_where(f"{same} AND is_current = 1", key):
        db.execute(
            "UPDATE report_revisions SET is_current = 1 WHERE report_id ="
            " (SELECT r.report_id FROM report_revisions r JOIN report_readings t ON t.report_id = r.report_id"
            f" WHERE {same} ORDER BY {BELIEVED} DESC, t.first_seen DESC, r.revision DESC LIMIT 1)",
            key,
        )
    for (report_id,) in db.execute(f"SELECT report_id FROM report_revisions WHERE {same} LIMIT 1", key).fetchall():
        number_by_time(db, report_id)
    drop_if_unused(db, key[0])


_ADDRESS = "SELECT t.url, r.part FROM report_revisions r JOIN report_readings t USING (report_id) WHERE r.report_id = ?"
_LEFT = (
    "SELECT r.report_id, t.url, r.part FROM report_revisions r JOIN report_readings t USING (report_id)"
    " WHERE r.agency_id = ? AND r.year = ? AND r.scope IS ?"
)
_DOCUMENT = """
SELECT url, payload_digest, (SELECT url FROM captures WHERE capture_id = :page) FROM captures
WHERE capture_id = :capture
"""
_READ_FROM = """
SELECT r.report_id, r.part, r.agency_id, r.year, r.scope
FROM captures c JOIN report_revisions r USING (capture_id) JOIN report_readings t USING (report_id)
WHERE c.url = :url AND c.payload_digest = :payload AND (:page IS NULL OR t.url IN (:page, :url)) ORDER BY r.report_id
"""
_TIED = """
SELECT r.report_id, c.capture_id, r.agency_id, r.year, r.scope
FROM captures c JOIN report_captures l USING (capture_id) JOIN report_revisions r USING (report_id)
JOIN report_readings t USING (report_id)
WHERE c.url = :url AND c.payload_digest = :payload AND l.part = :part AND r.capture_id <> c.capture_id
  AND iif(:page IS NULL, l.role <> 'attachment', l.role = 'attachment' AND t.url = :page)
"""
_READ_AGAIN = """
UPDATE captures_read SET digest = NULL, reader = NULL
WHERE capture_id IN (SELECT l.capture_id FROM report_captures l JOIN report_revisions r USING (report_id)
                     WHERE l.report_id = ? AND l.capture_id <> r.capture_id)
"""

"""Facts: what was read of the evidence, filed under agency and year, and what addresses turned out to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from archive.agencies import Agency, note_where_it_belongs, resolve_agency
from archive.captured import Origin, digest_of_found, note_read
from archive.coverage import refresh_coverage
from archive.digests import Digests, digests
from archive.filing import Stored, file_reading
from archive.former import number_reading
from archive.issues import state_filing
from archive.moments import now
from archive.readings import clean
from archive.revisions import Arrival, Key, key_of
from archive.schema.panel import refresh_panel
from archive.storing.opened import Opened
from archive.warc import stored_url
from archive.withdrawing import Document, document_of, read_from, withdraw
from archive.years import judge_years
from pipelines.model import Issue, Reading, Trust


class Facts(Opened):
    """Files readings, and notes what addresses turned out to be."""

    def file(
        self, capture_id: int, readings: Sequence[Reading], origin: Origin, *, whole: bool = False
    ) -> list[Stored | None]:
        """Files what the reader made of a capture: all of it in one transaction, and twice is the same as once.

        Returns what became of each reading. One that is no report, or has no agency or year, is `refused`: of the
        latter an issue says so, on the page. Of a page that lists reports only what has figures is filed: None for
        the rest. `whole`: these are all the readings of the capture, so that what was once read of other parts of it is
        taken back.

        Raises ArchiveError for an unknown capture, and for figures that cannot be stored as they are.
        """
        row = self._capture(capture_id)
        origin = replace(
            origin, portal_id=origin.portal_id or row["portal_id"], division_code=origin.division_code or None
        )
        found = [(reading, digests(reading)) for reading in readings]
        digest = digest_of_found(found)

        def work() -> list[Stored | None]:
            self._see_portal(origin.portal_id, row["fetched_at"], asked=not row["imported"])
            document = document_of(self.db, capture_id, origin)
            known = {one.part for one in read_from(self.db, document)} if whole else set()
            stored = [
                self._file(*one, row, origin, document) if one[0].part in known or is_filed(one[0], origin) else None
                for one in found
            ]
            for part in sorted(known - {one.part for one in readings}):
                self._judge(withdraw(self.db, document, Reading(False, "no such part", part), None))
            note_read(self.db, capture_id, origin, digest)
            return stored

        return self._write(work)

    def file_again(
        self,
        capture_id: int,
        reading: Reading,
        origin: Origin,
        agency: Agency | None = None,
        found: Digests | None = None,
    ) -> Stored:
        """Files one reading of a capture that stands in `captures_read`, or will: as `file` does, and no more.

        `agency` is that which its name is known to mean, `found` are its digests, where they are known. Raises
        ArchiveError.
        """
        row = self._capture(capture_id)
        document = document_of(self.db, capture_id, replace(origin, page_id=None))
        return self._write(lambda: self._file(reading, found or digests(reading), row, origin, document, agency))

    def store(
        self,
        reading: Reading,
        capture_id: int,
        *,
        trust: Trust,
        portal_id: str | None = None,
        division_code: str | None = None,
        role: Literal["page", "attachment"] = "page",
    ) -> Stored:
        """Files a capture with one reading; see `file`."""
        (stored,) = self.file(capture_id, (reading,), Origin(trust, portal_id, division_code, role))
        assert stored is not None
        return stored

    def note_page(
        self,
        url: str,
        *,
        portal_id: str | None,
        capture_id: int | None,
        outcome: str,
        reason: str | None,
        fault: str | None = None,
    ) -> None:
        """Notes what an address turned out to be this time; `fault` is the name of what went wrong."""
        at = self._capture(capture_id)["seen_at"] if capture_id is not None else now()
        self._write(lambda: self._note(url, portal_id, capture_id, outcome, reason, at, fault))

    def note_unread(self, capture_id: int, reason: str, fault: str) -> None:
        """Notes of an imported record why it could not be read, where its address is not known for something else."""
        row = self._capture(capture_id)

        def work() -> None:
            if not self.db.table("pages").count_where("url = ?", [row["url"]]):
                portal_id, at = row["portal_id"], row["fetched_at"]
                self._note(row["url"], portal_id, capture_id, "unreadable", reason, at, fault, asked=False)

        self._write(work)

    def refresh_coverage(self) -> None:
        """Judges anew what is due today and what of it is there."""
        self._write(lambda: refresh_coverage(self.db))

    def _file(
        self,
        reading: Reading,
        found: Digests,
        capture: Mapping[str, Any],
        origin: Origin,
        document: Document,
        agency: Agency | None = None,
    ) -> Stored:
        url, part, name = capture["url"], reading.part, clean(reading.agency)
        if reading.report and name and reading.year is not None:
            agency = agency or self._agency(name, reading, origin)
            arrival = Arrival(
                reading=reading,
                digests=found,
                agency=agency,
                year=reading.year,
                capture_id=int(capture["capture_id"]),
                url=url,
                payload=capture["payload_digest"],
                fetched_at=capture["fetched_at"],
                seen_at=capture["seen_at"],
                trust=origin.trust,
                portal_id=origin.portal_id,
                role="attachment" if origin.role == "attachment" else "page",
                is_answer=capture["status"] != 0,
            )
            stored, problems = file_reading(self.db, arrival), []
            if stored.report_id is not None and stored.outcome in ("new", "revised"):
                note_where_it_belongs(self.db, stored.report_id, agency.agency_id, agency.named_id)
        else:
            stored, problems = Stored(None, "refused"), _why_not(reading)
            if not self.db.execute("SELECT 1 FROM pages WHERE url = ?", [url]).fetchone():
                why = problems[0].code if problems else reading.reason or "not a report"
                self._note(
                    url,
                    origin.portal_id,
                    int(capture["capture_id"]),
                    "refused",
                    why,
                    capture["fetched_at"],
                    asked=not capture["imported"],
                )
        if capture["truncated"] and reading.report:
            problems = [*problems, Issue("capture_cut", "warning", "only the beginning of the document was kept")]
        state_filing(self.db, url, part, int(capture["capture_id"]), problems)
        filed = key_of(self.db, stored.report_id) if stored.report_id else None
        withdrawn = withdraw(self.db, document, reading, filed)
        if withdrawn and stored.report_id is not None:
            number_reading(self.db, stored.report_id)
        self._judge([*([filed] if filed else []), *withdrawn])
        return stored

    def _judge(self, keys: Iterable[Key]) -> None:
        """The rules over two years, and the panel, where something was filed or withdrawn."""
        for agency_id, year, scope in keys:
            for said in {scope, None}:  # a report whose scope was filled in just now has left those without
                judge_years(self.db, agency_id, said, {year})
            refresh_panel(self.db, agency_id, year)

    def _agency(self, name: str, reading: Reading, origin: Origin) -> Agency:
        return resolve_agency(
            self.db,
            name,
            reading.year or 0,
            trust=origin.trust,
            portal_id=origin.portal_id,
            division_code=origin.division_code,
            evidence=clean(reading.evidence.get("agency")),
        )

    def _note(
        self,
        url: str,
        portal_id: str | None,
        capture_id: int | None,
        outcome: str,
        reason: str | None,
        at: str,
        fault: str | None = None,
        *,
        asked: bool = True,
    ) -> None:
        self._see_portal(portal_id, at, asked=asked)
        self.db.execute(
            "INSERT INTO pages (url, portal_id, outcome, reason, fault, first_seen, last_seen, capture_id)"
            " VALUES (:url, :portal, :outcome, :reason, :fault, :at, :at, :capture)"
            " ON CONFLICT (url) DO UPDATE SET portal_id = coalesce(excluded.portal_id, portal_id),"
            " outcome = excluded.outcome, reason = excluded.reason, fault = excluded.fault,"
            " first_seen = min(first_seen, excluded.first_seen),"
            " last_seen = max(last_seen, excluded.last_seen), capture_id = coalesce(excluded.capture_id, capture_id)",
            {
                "url": clean(stored_url(url)),
                "portal": portal_id,
                "outcome": outcome,
                "reason": clean(reason) or None,
                "fault": fault,
                "at": at,
                "capture": capture_id,
            },
        )


def is_filed(reading: Reading, origin: Origin) -> bool:
    """Whether a reading counts: a page that lists reports must show figures before it is taken for one."""
    return origin.role != "list" or (reading.report and bool(reading.cells or reading.indicators))


def _why_not(reading: Reading) -> list[Issue]:
    """Why a reading could not be filed, with what the reader had to say about it."""
    if not reading.report:
        return []
    missing = " and ".join(name for name in ("agency", "year") if not getattr(reading, name))
    evidence = "; ".join(f"{name}: {words}" for name, words in sorted(reading.evidence.items()) if words)
    message = f"a report whose {missing} cannot be told" + (f" ({evidence})" if evidence else "")
    return [Issue("key_unknown", "error", clean(message) or "")]

"""Deciding what a reading that arrives is: a new report, a change of one, or one more copy of what we have.

The rules hold whatever the order of arrival and however often: the same page again changes nothing, two addresses that
disagree make two revisions and no more, and a copy never stands in the way of the original. What no server answered (a
text that somebody made of a page, as in WET files) is a copy of what the page answered, from whenever it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from archive.issues import add_issue, drop_issue, state_issues
from archive.revisions import (
    Arrival,
    Revision,
    add_revision,
    answered,
    contradicted,
    family_of,
    is_evidence,
    last_at,
    link,
    number_by_time,
    outrank,
    replace_source,
    reread,
    role_of,
    says_nothing_new,
    see,
    set_scope,
)
from archive.sightings import neighbours, part
from pipelines.model import Issue

Outcome = Literal["new", "revised", "unchanged", "twin", "mirror", "upgraded", "refused"]


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a reading: the revision that it made or was found to be a copy of, and which of the two.

    `new`: the first of its report · `revised`: the source changed, or disagrees with another · `unchanged`: the same
    address says the same · `twin`: another address says the same · `mirror`: a copy that is believed less ·
    `upgraded`: the same figures, now from a better source · `refused`: agency or year unknown, no report made.
    """

    report_id: int | None
    outcome: Outcome


def file_reading(db: Database, arrival: Arrival) -> Stored:
    """Files an arrival whose agency and year are known. The caller judges the rules over two years."""
    family = family_of(db, arrival)
    if not family:
        return _doubts(db, arrival, Stored(add_revision(db, arrival, []), "new"))
    current = family[0]
    if current.scope is None and arrival.reading.scope is not None and _may_say_scope(arrival, current):
        set_scope(db, family, arrival.reading.scope)
    again = _filed_before(db, arrival, family)
    if again is not None:
        return again
    if arrival.rank < current.rank:
        return _a_copy(db, arrival, family)
    if arrival.rank > current.rank:
        stored = _the_original(db, arrival, family)
    elif arrival.role == "attachment":
        stored = _an_attachment(db, arrival, family)
    elif (page := _answer_of(arrival, family)) is not None:
        stored = _a_text(db, arrival, page)
    elif _is_same_page(arrival, current):
        stored = _the_same_page(db, arrival, family)
    else:
        stored = _another_page(db, arrival, family)
    return _doubts(db, arrival, stored)


def _filed_before(db: Database, arrival: Arrival, family: list[Revision]) -> Stored | None:
    """The very capture that is filed already, read again: it stays where it is, whatever has been learnt since.

    A better reader changes what the revision says if it was read from this capture. It makes no new revision, for the
    source has not changed. None if the capture is new, or a copy or a file whose agreement is to be looked at again.
    """
    for revision in family:
        role = role_of(db, revision.report_id, arrival)
        if role is None or role == "mirror" or arrival.rank != revision.rank:
            continue
        is_source = (arrival.url, arrival.payload) == (revision.source, revision.payload)
        if is_source and _was_read_otherwise(arrival, revision):
            reread(db, revision.report_id, arrival)
        if is_source or (role != "attachment" and not _fills_a_gap(arrival, revision)):
            if arrival.rank == family[0].rank:
                see(db, revision.report_id, arrival)
            return Stored(revision.report_id, "twin" if role == "twin" else "unchanged")
    return None


def _fills_a_gap(arrival: Arrival, revision: Revision) -> bool:
    return bool(arrival.reading.cells) and not revision.cell_count


def _may_say_scope(arrival: Arrival, current: Revision) -> bool:
    return arrival.rank >= current.rank or arrival.digests.figures == current.figures_digest


def _is_same_page(arrival: Arrival, current: Revision) -> bool:
    # Two reports in one document are two sources; but when the document has changed, their numbers may have, too.
    same_part = arrival.reading.part == current.part or arrival.payload != current.payload
    return arrival.url == current.url and same_part


def _answer_of(arrival: Arrival, family: list[Revision]) -> Revision | None:
    """What the server answered at the address of a text, at its time or else next to it; None for what is none."""
    if arrival.is_answer:
        return None
    same = [one for one in family if one.is_answer and one.url == arrival.url]
    same.sort(key=lambda one: one.first_seen, reverse=True)
    return next((one for one in same if one.first_seen <= arrival.fetched_at), same[-1] if same else None)


def _a_text(db: Database, arrival: Arrival, page: Revision) -> Stored:
    """A text made of a page: it has less than the page, and mostly no tables. It completes one without figures."""
    if _fills_a_gap(arrival, page):
        replace_source(db, page.report_id, arrival)
        see(db, page.report_id, arrival)
        return Stored(page.report_id, "upgraded")
    figures = contradicted(db, page.report_id, arrival)
    if figures:
        add_issue(db, page.report_id, "sources", _text_differs(arrival, figures))
    link(db, page.report_id, arrival, "twin")
    see(db, page.report_id, arrival)
    return Stored(page.report_id, "twin")


def _the_page_of_a_text(db: Database, arrival: Arrival, text: Revision) -> Stored:
    """What the server answered, of which only a text was known until now."""
    if text.cell_count and not arrival.reading.cells:
        return _seen_again(db, arrival, text, "unchanged")
    figures = contradicted(db, text.report_id, arrival)
    if figures:
        add_issue(db, text.report_id, "sources", _text_differs(arrival, figures))
    answered(db, text.report_id, arrival)
    see(db, text.report_id, arrival)
    return Stored(text.report_id, "upgraded")


def _the_same_page(db: Database, arrival: Arrival, family: list[Revision]) -> Stored:
    current = family[0]
    if arrival.is_answer and not current.is_answer:
        return _the_page_of_a_text(db, arrival, current)
    if arrival.fetched_at < current.first_seen:
        return _an_earlier_state(db, arrival, family)
    read_elsewhere = current.source != current.url  # from an attachment, since the page itself had no tables
    if arrival.payload == current.payload:
        if _was_read_otherwise(arrival, current):
            reread(db, current.report_id, arrival)
    elif arrival.digests.content != current.content_digest:
        same_figures = arrival.digests.figures == current.figures_digest or not arrival.reading.cells
        if not (read_elsewhere and same_figures):
            if arrival.fetched_at <= last_at(db, current.report_id, arrival):
                return _an_earlier_state(db, arrival, family)
            return Stored(add_revision(db, arrival, family), "revised")
    return _seen_again(db, arrival, current, "unchanged")


def _an_earlier_state(db: Database, arrival: Arrival, family: list[Revision]) -> Stored:
    """A capture from before the page was last seen as it is (an import of old records): it may add history, not undo
    it. It is one with what the address said just before or after it; else it comes between them."""
    around = neighbours(db, arrival, family)
    same = next((old for old in around if old is not None and _says_the_same(arrival, old)), None)
    if same is not None:
        stored = _seen_again(db, arrival, same, "unchanged")
    else:
        if around[0] is not None and around[0] is around[1]:
            part(db, around[0], arrival, family)
            family = family_of(db, arrival)
        stored = Stored(add_revision(db, arrival, family, current=False), "revised")
    number_by_time(db, family[0].report_id)
    return stored


def _says_the_same(arrival: Arrival, revision: Revision) -> bool:
    """As its content, or as its very bytes, of which another reader made something else."""
    ours = (arrival.payload, arrival.reading.part)
    return arrival.digests.content == revision.content_digest or ours == (revision.payload, revision.part)


def _another_page(db: Database, arrival: Arrival, family: list[Revision]) -> Stored:
    current = family[0]
    holder = _holder(db, arrival, family)
    if holder is None and says_nothing_new(db, current.report_id, arrival):
        holder = current
    if holder is not None:
        if _was_read_otherwise(arrival, holder):
            reread(db, holder.report_id, arrival)
        if holder.is_current or arrival.digests.figures == current.figures_digest:
            drop_issue(db, current.report_id, "sources", _sources_differ(arrival, current))
        return _seen_again(db, arrival, holder, "unchanged" if arrival.url == holder.url else "twin")
    if _fills_a_gap(arrival, current):
        replace_source(db, current.report_id, arrival)
        see(db, current.report_id, arrival)
        return Stored(current.report_id, "upgraded")
    issue = _sources_differ(arrival, current, contradicted(db, current.report_id, arrival))
    is_newer = arrival.fetched_at >= current.first_seen
    report_id = add_revision(db, arrival, family, current=is_newer)
    if not is_newer:
        number_by_time(db, report_id)
    add_issue(db, report_id, "sources", issue)
    return Stored(report_id, "revised")


def _an_attachment(db: Database, arrival: Arrival, family: list[Revision]) -> Stored:
    """A file that a page links to. It completes a page without tables; it does not overrule one that has them."""
    current = family[0]
    if arrival.url == current.source:
        if arrival.payload == current.payload:
            if _was_read_otherwise(arrival, current):
                reread(db, current.report_id, arrival)
        elif arrival.digests.content != current.content_digest:
            return Stored(add_revision(db, arrival, family, url=current.url), "revised")
        return _seen_again(db, arrival, current, "unchanged")
    if _fills_a_gap(arrival, current):
        replace_source(db, current.report_id, arrival, url=current.url)
        see(db, current.report_id, arrival)
        return Stored(current.report_id, "upgraded")
    link(db, current.report_id, arrival, "attachment")
    issue = _sources_differ(arrival, current, contradicted(db, current.report_id, arrival))
    agree = arrival.digests.figures == current.figures_digest or not arrival.reading.cells
    if agree or says_nothing_new(db, current.report_id, arrival):
        drop_issue(db, current.report_id, "sources", issue)
    else:
        add_issue(db, current.report_id, "sources", issue)
    return Stored(current.report_id, "twin")


def _a_copy(db: Database, arrival: Arrival, family: list[Revision]) -> Stored:
    current = family[0]
    holder = _holder(db, arrival, family)
    if holder is None and (not arrival.reading.cells or says_nothing_new(db, current.report_id, arrival)):
        holder = current
    link(db, (holder or current).report_id, arrival, "mirror")
    issue = mirror_differs(arrival.url, arrival.reading.part)
    if holder is current:
        drop_issue(db, current.report_id, "sources", issue)
    else:
        add_issue(db, current.report_id, "sources", issue)
    return Stored((holder or current).report_id, "mirror")


def _the_original(db: Database, arrival: Arrival, family: list[Revision]) -> Stored:
    """The first report from a better source than what we had until now."""
    copy = family[0]
    if arrival.digests.figures != copy.figures_digest:
        report_id = add_revision(db, arrival, family)
        if arrival.reading.cells:
            add_issue(db, report_id, "sources", mirror_differs(copy.url, copy.part))
        return Stored(report_id, "revised")
    outrank(db, copy.report_id, arrival)
    replace_source(db, copy.report_id, arrival)
    return Stored(copy.report_id, "upgraded")


def _holder(db: Database, arrival: Arrival, family: list[Revision]) -> Revision | None:
    """The revision that this is one more copy of, if there is one."""
    for revision in family:
        known = is_evidence(db, revision.report_id, arrival) and not _fills_a_gap(arrival, revision)
        if known or revision.content_digest == arrival.digests.content:
            return revision
        if revision.figures_digest == arrival.digests.figures:
            return revision
    return None


def _was_read_otherwise(arrival: Arrival, revision: Revision) -> bool:
    """Whether the revision was read from the very same evidence, by a reader that made something else of it."""
    ours = (arrival.url, arrival.payload, arrival.reading.part)
    same = ours == (revision.source, revision.payload, revision.part)
    return same and arrival.digests.reading != revision.reading_digest


def _seen_again(db: Database, arrival: Arrival, revision: Revision, outcome: Outcome) -> Stored:
    same = arrival.url == revision.url
    link(db, revision.report_id, arrival, arrival.role if same or arrival.role == "attachment" else "twin")
    see(db, revision.report_id, arrival)
    return Stored(revision.report_id, outcome)


def _doubts(db: Database, arrival: Arrival, stored: Stored) -> Stored:
    if stored.report_id is not None:
        state_issues(db, stored.report_id, "filing", arrival.agency.issues)
    return stored


def _sources_differ(arrival: Arrival, current: Revision, figures: tuple[str, ...] = ()) -> Issue:
    return sources_differ((arrival.url, arrival.reading.part), (current.url, current.part), figures)


def sources_differ(one: tuple[str, int], other: tuple[str, int], figures: tuple[str, ...] = ()) -> Issue:
    """The issue that two official sources, each an address and the part there, give different figures."""
    message = "not the same figures at " + " and at ".join(sorted((_address(*one), _address(*other))))
    return Issue("sources_differ", "warning", message, None, figures)


def mirror_differs(url: str, part: int) -> Issue:
    """The issue that a copy, an address and the part there, gives other figures."""
    return Issue("mirror_differs", "info", f"the copy at {_address(url, part)} has other figures")


def _text_differs(arrival: Arrival, figures: tuple[str, ...]) -> Issue:
    message = f"a text made of {_address(arrival.url, arrival.reading.part)} has other figures than the page"
    return Issue("sources_differ", "warning", message, None, figures)


def _address(url: str, part: int) -> str:
    return url if part == 1 else f"{url} (part {part})"

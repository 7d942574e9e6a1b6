"""What one night leaves for the next: links, and reports whose pages are gone."""

from __future__ import annotations

import pytest
from archive_samples import keep, reading

from archive.nights.links import Asked
from archive.store import Archive

OLD, NEW = "https://www.example.gov.cn/old.html", "https://www.example.gov.cn/new.html"
FIRST, THEN = "2024-02-01T02:00:00Z", "2024-02-02T02:00:00Z"


def read(archive: Archive, url: str, at: str, body: str = "…") -> None:
    """A page of a report, and the link to it."""
    archive.store(reading(), keep(archive, url, body, at), trust="official", portal_id="p")
    archive.note_link("p", Asked(url, "report", 1, url, words=frozenset({"报告\t2024-01-31"})))


def gone(archive: Archive) -> list[str | None]:
    return [row[0] for row in archive.db.execute("SELECT gone_at FROM reports").fetchall()]


def test_a_report_whose_page_is_gone_is_gone(archive: Archive) -> None:
    read(archive, OLD, FIRST)
    assert archive.note_link("p", Asked(OLD, "gone", 0, OLD)) == 1
    assert gone(archive) != [None]
    read(archive, OLD, "2099-01-01T00:00:00Z")
    assert gone(archive) == [None]


def test_a_report_that_has_moved_is_not(archive: Archive) -> None:
    """Its new page was met on the same night, before the old one was looked after."""
    read(archive, OLD, FIRST)
    read(archive, NEW, THEN)
    assert archive.note_link("p", Asked(OLD, "gone", 0, OLD)) == 0
    assert gone(archive) == [None]
    assert archive.note_link("p", Asked(NEW, "gone", 0, NEW)) == 1


def test_a_page_of_another_session_is_the_same(archive: Archive) -> None:
    for session, at in (("1", FIRST), ("2", THEN)):
        page = f"{OLD};jsessionid={session}"
        archive.store(reading(), keep(archive, page, session, at), trust="official", portal_id="p")
        archive.note_link("p", Asked(OLD, "report", 1, page))
    assert archive.note_link("p", Asked(OLD, "gone", 0, f"{OLD};jsessionid=2")) == 1


def test_what_failed_tonight_forgets_nothing(archive: Archive) -> None:
    read(archive, OLD, FIRST)
    archive.note_link("p", Asked(OLD, "failed", 0, OLD))
    (link,) = archive.links("p")
    assert (link.outcome, link.reports, link.gone) == ("failed", 1, False)


@pytest.mark.parametrize("words", ["报\ud867告\t", "报\0告\t", "报\n告\t"])
def test_words_that_sqlite_would_refuse_are_known_again(archive: Archive, words: str) -> None:
    archive.note_link("p", Asked(OLD, "report", 1, OLD, words=frozenset({words})))
    (link,) = archive.links("p")
    assert link.says(words)
    assert not link.says("别的\t")


def test_words_without_a_date_tell_nothing_where_a_list_gives_one(archive: Archive) -> None:
    read(archive, OLD, FIRST)
    (link,) = archive.links("p")
    assert link.says("下一篇：报告\t")
    assert not link.says("报告\t2024-02-01")

"""Ten nights unattended: the portal changes every day, hosts have bad days, and in the end the archive is the truth."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Literal, NamedTuple

import pytest

from crawler.sample_portal.changing import Change
from tests.gongkai.nights import Night, Operator, operated, sound

LIST, SERVICE = "ucap-list-1", "gkmlpt-1"
TROUBLES: dict[int, tuple[Literal["down", "503", "blocked", "empty"], str]] = {
    3: ("503", LIST),
    4: ("down", SERVICE),
    5: ("down", SERVICE),
    6: ("blocked", LIST),
    8: ("empty", SERVICE),
}
"""What is wrong with which host on which night; on the others all is well."""
SETTINGS = ("-s", "GONGKAI_RECHECK_DAYS=4", "-s", "RETRY_TIMES=1")


class Story(NamedTuple):
    """What was told on each night, and who it happened to."""

    operator: Operator
    nights: list[Night]


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    with operated(("ucap_list", "gkmlpt"), size=15, command=("nightly",)) as operator:
        nights = []
        for number in range(1, 11):
            if number > 1:
                _day(operator, number)
            operator.portal.well()
            if number in TROUBLES:
                operator.portal.trouble(*TROUBLES[number])
            nights.append(operator.night(*SETTINGS))
            operator.pass_a_day()
        yield Story(operator, nights)


def _day(operator: Operator, number: int) -> None:
    """What is published, corrected and taken back between two nights; nothing silently in the last days, since a page
    of which its list says nothing is looked at again after four or five."""
    random, portal = Random(number), operator.portal
    if random.random() < 0.3:
        portal.restore()
    portal.new(random.randint(0, 2))
    portal.revise(random.randint(0, 1))
    portal.delete(random.randint(0, 1))
    if number <= 4:
        portal.revise(1, silently=True)


def _deleted(changes: list[Change]) -> list[Change]:
    """What was taken back for good."""
    last = {
        (change.fact.agency, change.fact.year): change for change in changes if change.kind in ("deleted", "restored")
    }
    return [change for change in last.values() if change.kind == "deleted"]


def test_something_happened(story: Story) -> None:
    kinds = {change.kind for change in story.operator.portal.changes}
    assert {"new", "revised", "silent", "deleted"} <= kinds


def test_in_the_end_the_archive_is_the_truth(story: Story) -> None:
    gone = [change.fact for change in _deleted(story.operator.portal.changes)]
    assert story.operator.differences(gone) == []
    assert sound(story.operator.archive) > 0


def test_every_night_came_to_its_end(story: Story) -> None:
    assert [night.exit_code for night in story.nights if night.exit_code not in (0, 6)] == []
    assert [night.said for night in story.nights if "Traceback" in night.said] == []
    runs = story.operator.rows(
        "SELECT verdict FROM runs WHERE finished_at IS NULL OR verdict NOT IN ('ok', 'incomplete')"
    )
    assert runs == []


def test_somebody_hears_of_bad_days_and_of_nothing_else(story: Story) -> None:
    """One night of an error may be chance; two, a refusal, and an empty list are worth a word."""
    spoken = [number for number, night in enumerate(story.nights, 1) if night.said]
    assert [number for number in spoken if number not in range(4, 11)] == []
    assert {night.exit_code for night in story.nights[:3]} == {0}
    assert story.nights[4].exit_code == 6
    assert story.nights[5].exit_code == 6
    assert story.nights[7].exit_code == 6
    assert story.operator.rows("SELECT code, portal_id FROM alarms WHERE cleared_at IS NULL") == []

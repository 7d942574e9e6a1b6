"""Archives of several people, joined, are that of one who fetched all of it; in any order, and twice is once."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import suppress
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest

import gongkai.merging
from archive.agencies import deciding
from archive.agencies.deciding import Reason
from archive.captured import Origin
from archive.errors import AgencyError, ArchiveBusy, ArchiveError, ArchiveFailing
from archive.review.deciding import Ruling, decide
from archive.store import Archive
from tests.archive import histories
from tests.archive.histories import Fetched, archive_of, fetch, moment, page, read, told, whole
from tests.archive.merges import InThisProcess, back_differences, differences, joined

STOCK = "active_disclosure.normative_documents.in_force"
NEW = "applications.new_received.total"
FULL = "青海省海北州刚察县教育局"
OLD = Path(__file__).parent / "fixtures" / "first_schema.db"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gongkai.merging, "Workers", InThisProcess)


@pytest.mark.parametrize("seed", [5, 9, 18, 32])
def test_any_history_fetched_by_several_is_one(tmp_path: Path, seed: int) -> None:
    assert differences(tmp_path, seed) == []


@pytest.mark.parametrize("seed", [34])
def test_what_a_page_said_last_counts_also_where_it_went_back(tmp_path: Path, seed: int) -> None:
    assert back_differences(tmp_path, seed) == []


def one_page(stock: int, night: int, portal: str = "south", agency: str = FULL, url: str = "") -> Fetched:
    place = url or f"https://{portal}.example.gov.cn/{agency}.html"
    return Fetched(moment(night), place, page(agency, 2022, stock), portal)


def test_revisions_of_two_interlock_by_time(tmp_path: Path) -> None:
    """One saw the page on the first and third night, the other on the second and fourth."""
    ours = archive_of(tmp_path / "a", [one_page(15, 1), one_page(17, 3)])
    theirs = archive_of(tmp_path / "b", [one_page(16, 2), one_page(18, 4)])
    joined(ours, [theirs])
    rows = _ask(ours, "SELECT revision, is_current, value, first_seen FROM report_revisions JOIN report_readings"
                " USING (report_id) JOIN figures_of USING (report_id)".replace("figures_of", _STOCKS))  # fmt: skip
    assert rows == [(n, int(n == 4), 14 + n, moment(n)) for n in range(1, 5)]


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize(("last", "current"), [(4, 16), (2, 15)])
def test_of_two_states_that_were_there_in_turn_the_one_seen_last_is_current(
    tmp_path: Path, last: int, current: int, turn: int
) -> None:
    ours = archive_of(tmp_path / "a", [one_page(16, night) for night in dict.fromkeys((2, last))])
    theirs = archive_of(tmp_path / "b", [one_page(15, 1), one_page(15, 3)])
    target = tmp_path / "archive.db"
    joined(target, [ours, theirs][::turn])
    assert _ask(target, f"SELECT value FROM figures WHERE figure = '{STOCK}'") == [(current,)]
    seen = _ask(target, "SELECT first_seen, last_seen FROM report_readings ORDER BY 1")
    assert seen == [(moment(1), moment(3)), (moment(2), moment(last))]


def test_the_earlier_record_of_the_same_answer_stands_for_both(tmp_path: Path) -> None:
    ours, theirs = (archive_of(tmp_path / name, [one_page(15, night)]) for name, night in (("a", 3), ("b", 1)))
    (merged,) = joined(ours, [theirs])
    assert merged.counts["captures_new"] == 0
    assert _ask(ours, "SELECT fetched_at, seen_at FROM captures") == [(moment(1), moment(3))]
    assert _ask(ours, "SELECT first_seen, last_seen, fetched_at FROM report_readings") == [
        (moment(1), moment(3), moment(1))
    ]
    with Archive.open(ours) as archive:
        assert page(FULL, 2022, 15).encode() == archive.read(1).body


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("others", [(), (2,)], ids=["alone", "with another address in between"])
def test_the_better_reading_stays_when_the_record_of_an_old_reader_is_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: tuple[int, ...], turn: int
) -> None:
    late = [one_page(15, 3), *(one_page(16, night, url="https://south.example.gov.cn/other.html") for night in others)]
    early = one_page(15, 1)
    ours = archive_of(tmp_path / "a", late)
    with monkeypatch.context() as patch:
        patch.setattr(histories, "read", lambda url, body: tuple(replace(one, cells=()) for one in read(url, body)))
        theirs = archive_of(tmp_path / "b", [early])
    with sqlite3.connect(theirs) as db:
        for table in ("captures_read", "report_readings"):
            db.execute(f"UPDATE {table} SET reader = 'old', read_at = '2024-03-01T00:00:00Z'")
    target = tmp_path / "archive.db"
    joined(target, [ours, theirs][::turn])
    assert told(target) == told(archive_of(tmp_path / "one", [*late, early]))
    assert "old" not in {row[0] for row in _ask(target, "SELECT reader FROM captures_read")}
    before = whole(target)
    joined(target, [ours, theirs])
    assert whole(target) == before


def test_a_copy_that_followed_its_original_is_compared_no_more(tmp_path: Path) -> None:
    official = archive_of(tmp_path / "a", [one_page(15, 1), one_page(16, 2)])
    seen = [replace(one_page(stock, night, "copies"), trust="mirror") for stock, night in ((15, 1), (15, 2), (16, 3))]
    later = [replace(one, at=one.at.replace("T01", "T02")) for one in seen]
    target, copies = tmp_path / "archive.db", archive_of(tmp_path / "b", later)
    joined(target, [official, copies])
    before = whole(target)
    assert [merged.counts.get("histories", 0) for merged in joined(target, [official, copies])] == [0, 0]
    assert whole(target) == before


@pytest.mark.parametrize("turn", [1, -1])
def test_an_answer_between_two_that_are_the_same_stays_between_them(tmp_path: Path, turn: int) -> None:
    """One saw 15, then 16; another saw 15 after that: and it is no earlier answer that the other saw last."""
    parts = [
        archive_of(tmp_path / "a", [one_page(15, 5)]),
        archive_of(tmp_path / "b", [one_page(15, 1), one_page(16, 2)]),
    ]
    target = tmp_path / "archive.db"
    joined(target, parts[::turn])
    assert _ask(target, "SELECT fetched_at FROM captures ORDER BY 1") == [(moment(1),), (moment(2),), (moment(5),)]
    assert _ask(target, f"SELECT value FROM figures WHERE figure = '{STOCK}'") == [(15,)]
    before = whole(target)
    joined(target, parts)
    assert whole(target) == before


def test_what_was_one_answer_stays_one_when_another_comes_between(tmp_path: Path) -> None:
    nights = ((15, 1), (15, 4), (16, 2))
    parts = [archive_of(tmp_path / str(night), [one_page(stock, night)]) for stock, night in nights]
    target = tmp_path / "archive.db"
    joined(target, parts)
    assert _ask(target, f"SELECT value FROM figures WHERE figure = '{STOCK}'") == [(15,)]
    before = whole(target)
    joined(target, parts)
    assert whole(target) == before


def test_a_bare_name_on_two_portals_is_two_bodies(tmp_path: Path) -> None:
    """Each archive calls its own 教育局 so; joined, the one that was seen first does."""
    ours, theirs = (
        archive_of(tmp_path / portal, [one_page(15, night, portal, "教育局")])
        for portal, night in (("city", 2), ("north", 1))
    )
    joined(ours, [theirs])
    names = _ask(ours, "SELECT name, portal_id FROM agencies ORDER BY portal_id")
    assert names == [("教育局（city）", "city"), ("教育局", "north")]


def test_what_both_groups_decided_is_kept(tmp_path: Path) -> None:
    fetched = [one_page(15, 1), one_page(15, 1, "north", "教育局"), one_page(15, 1, "city", "教育局")]
    ours, theirs = (archive_of(tmp_path / name, fetched) for name in "ab")
    _decide(ours, STOCK, "corrected", "16", "Li")
    _decide(theirs, NEW, "accepted", "", "Wang")
    _decide(theirs, STOCK, "accepted", "", "Wang")
    with Archive.open(theirs) as archive:
        deciding.merge(archive, "教育局（north）", "教育局", Reason("Wang", "one body"))
    with sqlite3.connect(ours) as db:  # so that Wang decided about it last
        db.execute("UPDATE decisions SET decided_at = '2024-05-01T00:00:00Z'")
    (merged,) = joined(ours, [theirs])
    assert merged.left_out == ()
    assert (merged.counts["decisions"], merged.counts["agencies_settled"]) == (2, 1)
    standing = "SELECT figure, decided_by, decision FROM decisions JOIN figure_definitions USING (figure_id)"
    assert _ask(ours, f"{standing} WHERE state = 'in force' ORDER BY 1") == [
        (STOCK, "Wang", "accepted"),
        (NEW, "Wang", "accepted"),
    ]
    assert _ask(ours, f"{standing} WHERE state = 'undone'") == [(STOCK, "Li", "corrected")]
    assert _ask(ours, f"SELECT value, read_value FROM figures WHERE agency = '{FULL}' AND figure = '{STOCK}'") == [
        (15, 15)
    ]
    assert len(_ask(ours, "SELECT 1 FROM agencies WHERE merged_into IS NULL")) == 2
    before = whole(ours)
    joined(ours, [theirs])
    assert whole(ours) == before


class TestSettledByBoth:
    """What two people settled about agencies: the latest decision counts, in any order, and twice is once."""

    NAMES = (FULL, *(f"青海省海北州{place}教育局" for place in ("门源县", "祁连县", "海晏县")))

    def parts(self, folder: Path, *people: str) -> list[Path]:
        pages = [one_page(15, 1, agency=name) for name in self.NAMES]
        pages += [one_page(16, 2, "north", FULL), one_page(17, 3, "city", FULL)]
        return [archive_of(folder / who, pages) for who in people]

    def outcomes(self, folder: Path, parts: list[Path]) -> list[list[list[tuple[object, ...]]]]:
        """What is settled after joining them in every order; joining them again changes nothing."""
        found = []
        for number, order in enumerate(permutations(parts)):
            target = folder / str(number) / "archive.db"
            assert [merged.left_out for merged in joined(target, order)] == [()] * len(parts)
            before = whole(target)
            joined(target, order)
            assert whole(target) == before
            found.append([_ask(target, sql) for sql in (_SETTLED, _MERGED, _REPORTED)])
        return found

    @pytest.mark.parametrize("late", [False, True])
    def test_a_split_after_both_had_merged(self, tmp_path: Path, late: bool) -> None:
        ours, theirs = self.parts(tmp_path, "a", "b")
        _settle(ours, "merge", self.NAMES[1], FULL, who="Li", at=moment(9 if late else 1))
        _settle(theirs, "merge", self.NAMES[1], FULL, who="Wang", at=moment(2))
        _settle(theirs, "split", self.NAMES[1], who="Wang", at=moment(3))
        one, *others = self.outcomes(tmp_path, [ours, theirs])
        assert others == [one] * len(others)
        assert one[1] == ([(self.NAMES[1], FULL)] if late else [])

    def test_a_split_after_both_had_merged_where_it_is_joined_to_one_of_them(self, tmp_path: Path) -> None:
        ours, theirs = self.parts(tmp_path, "a", "b")
        _settle(ours, "merge", self.NAMES[1], FULL, who="Li", at=moment(1))
        _settle(theirs, "merge", self.NAMES[1], FULL, who="Wang", at=moment(2))
        _settle(theirs, "split", self.NAMES[1], who="Wang", at=moment(3))
        for target, source in ((ours, theirs), (theirs, ours)):
            joined(target, [source])
            assert _ask(target, _MERGED) == []

    @pytest.mark.parametrize("into", [FULL, NAMES[3]])
    def test_one_body_that_was_merged_into_two(self, tmp_path: Path, into: str) -> None:
        ours, theirs = self.parts(tmp_path, "a", "b")
        _settle(ours, "merge", self.NAMES[1], FULL, who="Li", at=moment(9 if into == FULL else 1))
        _settle(theirs, "merge", self.NAMES[1], self.NAMES[3], who="Wang", at=moment(2))
        one, *others = self.outcomes(tmp_path, [ours, theirs])
        assert others == [one] * len(others)
        assert one[1] == [(self.NAMES[1], into)]

    def test_two_that_were_merged_into_each_other(self, tmp_path: Path) -> None:
        ours, theirs = self.parts(tmp_path, "a", "b")
        _settle(ours, "merge", self.NAMES[1], FULL, who="Li", at=moment(1))
        _settle(theirs, "merge", FULL, self.NAMES[1], who="Wang", at=moment(1))
        one, *others = self.outcomes(tmp_path, [ours, theirs])
        assert others == [one] * len(others)
        assert one[1] == [(FULL, self.NAMES[1])]

    def test_what_one_settled_in_one_second_is_kept(self, tmp_path: Path) -> None:
        (ours,) = self.parts(tmp_path, "a")
        for name in self.NAMES[1:3]:
            _settle(ours, "merge", name, FULL, who="Li", at=moment(1))
        ((settled, merged, _),) = self.outcomes(tmp_path, [ours])
        assert len(settled) == 2
        assert sorted(merged) == sorted((name, FULL) for name in self.NAMES[1:3])

    @pytest.mark.parametrize("seed", range(2))
    def test_anything(self, tmp_path: Path, seed: int) -> None:
        chance = Random(seed)
        parts = self.parts(tmp_path, "Li", "Wang", "Zhao")
        for night in range(12):
            path, (one, other) = chance.choice(parts), chance.sample(self.NAMES, 2)
            how = {"who": path.parent.name, "at": moment(night)}
            action = chance.choice(["merge", "merge", "split", "apart", "portal"])
            with suppress(AgencyError):
                if action == "portal":
                    _settle(path, "split", FULL, portal=chance.choice(["north", "city"]), **how)
                else:
                    _settle(path, action, one, *([] if action == "split" else [other]), **how)
        one, *others = self.outcomes(tmp_path, parts)
        assert len(one[0]) > 2
        assert others == [one] * len(others)


def test_decisions_outlive_a_history_that_is_filed_again(tmp_path: Path) -> None:
    """On the second night somebody decided; then an archive comes that saw another state on the first."""
    ours = archive_of(tmp_path / "a", [one_page(16, 2)])
    _decide(ours, STOCK, "corrected", "20", "Li")
    _decide(ours, NEW, "accepted", "", "Li")
    with Archive.open(ours) as archive:
        fetch(archive, one_page(18, 3))  # reopens the one, carries the other over
    wanted = _ask(ours, "SELECT value, review FROM figures WHERE review IS NOT NULL ORDER BY 1")
    joined(ours, [archive_of(tmp_path / "b", [one_page(15, 1)])])
    assert _ask(ours, "SELECT value, review FROM figures WHERE review IS NOT NULL ORDER BY 1") == wanted
    states = "SELECT revision, figure, state FROM decisions JOIN figure_definitions USING (figure_id)"
    assert _ask(ours, f"{states} JOIN report_revisions USING (report_id) ORDER BY 1, 2") == [
        (2, STOCK, "reopened"),
        (2, NEW, "in force"),
        (3, NEW, "in force"),
    ]
    assert len(_ask(ours, "SELECT 1 FROM issues WHERE code = 'decision_reopened'")) == 1


@pytest.mark.parametrize("before", [False, True], ids=["new", "joined before"])
@pytest.mark.parametrize("end", [{"year": 2022}, {"year": 2022, "title": "no better"}, {"year": 2021}], ids=str)
def test_decisions_come_with_a_report_that_moved(tmp_path: Path, end: dict[str, Any], before: bool) -> None:
    """A reader took it for another year's, and then for what it is, or has it there still."""
    night, target = one_page(15, 1), tmp_path / "archive.db"
    theirs = archive_of(tmp_path / "a", [night])
    _decide(theirs, STOCK, "corrected", "20", "Li")
    if before:
        joined(target, [theirs])
    _read_as(theirs, night, {"year": 2021}, end)
    (merged,) = joined(target, [theirs])
    assert merged.counts["decisions"] == (not before)
    counts = f"SELECT value, read_value, review FROM figures WHERE figure = '{STOCK}'"
    assert _ask(target, counts) == [(20, 15, "corrected")]
    assert _ask(target, "SELECT count(*), min(state), count(report_id) FROM decisions") == [(1, "in force", 1)]
    once = whole(target)
    joined(target, [theirs])
    assert whole(target) == once
    with Archive.open(theirs) as archive:
        decide(archive, [Ruling(FULL, end["year"], STOCK, "undone")], "Li")
    joined(target, [theirs])
    assert _ask(target, counts) == [(15, 15, None)]


def test_decisions_of_an_archive_that_left_a_row_wherever_a_report_was(tmp_path: Path) -> None:
    """As version 0.1.0 did: none of the rows without a report stands, whether the last is in force or taken back."""
    night = one_page(15, 1)
    theirs = archive_of(tmp_path / "a", [night])
    _decide(theirs, STOCK, "corrected", "20", "Li")
    kept = "figure_id, agency, year, scope, decision, value, read_value, raw, source, part, why, decided_by, decided_at"
    with sqlite3.connect(theirs) as db:
        db.execute("UPDATE decisions SET decision_id = 3")
        for number, before in ((1, None), (2, 1)):
            db.execute(
                f"INSERT INTO decisions (decision_id, state, carried_from, {kept})"
                f" SELECT ?, 'in force', ?, {kept} FROM decisions WHERE decision_id = 3",
                [number, before],
            )
        db.execute("UPDATE decisions SET carried_from = 2 WHERE decision_id = 3")
        db.execute("UPDATE corrections SET decision_id = 3")
    target, counts = tmp_path / "archive.db", f"SELECT value, review FROM figures WHERE figure = '{STOCK}'"
    assert joined(target, [theirs])[0].counts["decisions"] == 1
    assert _ask(target, counts) == [(20, "corrected")]
    assert len(_ask(target, "SELECT 1 FROM decisions")) == 1
    _decide(theirs, STOCK, "undone", "", "Li")
    joined(target, [theirs])
    assert _ask(target, counts) == [(15, None)]
    _read_as(theirs, night, {"title": "better"})
    assert _ask(theirs, counts) == [(15, None)]


def test_what_one_decided_in_one_second_about_pages_that_are_alike_is_kept(tmp_path: Path) -> None:
    theirs = archive_of(tmp_path / "a", [one_page(15, 1, portal, "教育局") for portal in ("north", "city")])
    names = [str(name) for (name,) in _ask(theirs, "SELECT agency FROM reports")]
    with Archive.open(theirs) as archive:
        decide(archive, [Ruling(name, 2022, STOCK, "corrected", "looked at", "20") for name in names], "Li")
    target = tmp_path / "archive.db"
    assert joined(target, [theirs])[0].counts["decisions"] == 2
    assert _ask(target, f"SELECT value FROM figures WHERE figure = '{STOCK}'") == [(20,), (20,)]
    before = whole(target)
    joined(target, [theirs])
    assert whole(target) == before


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_who_decided_in_one_second_the_same_one_counts_in_any_order(tmp_path: Path, turn: int) -> None:
    parts = [archive_of(tmp_path / who, [one_page(15, 1)]) for who in ("Li", "Wang")]
    for path, value in zip(parts, ("20", "30"), strict=True):
        _decide(path, STOCK, "corrected", value, path.parent.name)
        with sqlite3.connect(path) as db:
            db.execute("UPDATE decisions SET decided_at = '2024-05-01T00:00:00Z'")
    target = tmp_path / "archive.db"
    joined(target, parts[::turn])
    assert _ask(target, f"SELECT value FROM figures WHERE figure = '{STOCK}'") == [(30,)]


def test_a_damaged_record_is_named_and_the_rest_comes_over(tmp_path: Path) -> None:
    fetched = [one_page(15, 1), one_page(15, 1, "north", "教育局")]
    theirs = archive_of(tmp_path / "b", fetched)
    ((file, offset, url),) = _ask(theirs, "SELECT warc_file, warc_offset, url FROM captures WHERE portal_id = 'north'")
    record = theirs.parent / "warc" / str(file)
    sound = record.read_bytes()
    record.write_bytes(sound[: int(offset) + 40] + b"\0" + sound[int(offset) + 41 :])
    ours = tmp_path / "archive.db"
    (merged,) = joined(ours, [theirs])
    assert len(merged.left_out) == 1
    assert f"the record of {url} " in merged.left_out[0]
    assert "is damaged" in merged.left_out[0]
    assert _ask(ours, "SELECT agency FROM reports") == [(FULL,)]
    record.write_bytes(sound)
    joined(ours, [theirs])
    assert told(ours) == told(archive_of(tmp_path / "one", fetched))


HISTORIES = pytest.mark.parametrize("nights", [(), (1, 3)], ids=["new", "interlocking"])


@HISTORIES
def test_what_could_not_be_filed_is_named_and_filed_the_next_time(tmp_path: Path, nights: tuple[int, ...]) -> None:
    ours, theirs = [one_page(14 + night, night) for night in nights], [one_page(16, 2)]
    target, source = archive_of(tmp_path / "a", ours), archive_of(tmp_path / "b", theirs)
    with sqlite3.connect(target) as db:  # an error of SQLite that is no matter of the disk
        db.execute("CREATE TRIGGER odd BEFORE INSERT ON report_revisions BEGIN SELECT abs(-9223372036854775808); END")
    (merged,) = joined(target, [source])
    assert len(merged.left_out) == 1
    assert "not filed" in merged.left_out[0]
    with sqlite3.connect(target) as db:
        db.execute("DROP TRIGGER odd")
    joined(target, [source])
    assert told(target) == told(archive_of(tmp_path / "one", ours + theirs))


@HISTORIES
@pytest.mark.parametrize("kind", [ArchiveFailing, ArchiveBusy])
def test_a_disk_that_fails_ends_it_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[ArchiveError], nights: tuple[int, ...]
) -> None:
    ours, theirs = [one_page(14 + night, night) for night in nights], [one_page(16, 2)]
    target, source = archive_of(tmp_path / "a", ours), archive_of(tmp_path / "b", theirs)

    def fails(*anything: object) -> None:
        raise kind("full, or somebody else's")

    with monkeypatch.context() as patch:
        patch.setattr(Archive, "file_again", fails)
        with pytest.raises(kind):
            joined(target, [source])
    joined(target, [source])
    assert told(target) == told(archive_of(tmp_path / "one", ours + theirs))


def test_a_source_stays_as_it_is_also_an_old_one(tmp_path: Path) -> None:
    old = tmp_path / "old" / "archive.db"
    old.parent.mkdir()
    shutil.copy(OLD, old)
    before = {path.name: path.read_bytes() for path in old.parent.iterdir()}
    (merged,) = joined(tmp_path / "archive.db", [old])
    assert merged.left_out != ()  # the fixture has no WARC files
    assert {path.name: path.read_bytes() for path in old.parent.iterdir()} == before


def test_a_page_that_is_gone_is_gone_until_somebody_saw_it_again(tmp_path: Path) -> None:
    gone = archive_of(tmp_path / "a", [one_page(15, 1)])
    with sqlite3.connect(gone) as db:
        db.execute("UPDATE report_readings SET gone_at = ?", [moment(3)])
    before, after = (archive_of(tmp_path / name, [one_page(15, night)]) for name, night in (("b", 2), ("c", 4)))
    target = tmp_path / "archive.db"
    joined(target, [before, gone])
    assert _ask(target, "SELECT gone_at, last_seen FROM report_readings") == [(moment(3), moment(2))]
    joined(target, [after])
    assert _ask(target, "SELECT gone_at, last_seen FROM report_readings") == [(None, moment(4))]
    joined(target, [gone])
    assert _ask(target, "SELECT gone_at FROM report_readings") == [(None,)]


def test_a_published_file_is_no_source(tmp_path: Path) -> None:
    published = tmp_path / "published.db"
    shutil.copy(archive_of(tmp_path / "a", [one_page(15, 1)]), published)
    with sqlite3.connect(published) as db:
        db.execute("CREATE TABLE dataset_info (name TEXT)")
    with pytest.raises(ArchiveError, match="a published file"):
        joined(tmp_path / "archive.db", [published])


_STOCKS = f"""(SELECT report_id, "{STOCK.partition(".")[2]}" AS value FROM active_disclosure_values)"""


def _ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    with Archive.open(path) as archive:
        return archive.db.execute(sql).fetchall()


# What is split off first has the plainer name, so that is told by its reports.
_SETTLED = """
SELECT a.name, iif(d.action = 'split', '', o.name), d.action, d.portal_id, d.who, d.decided_at, b.who, b.decided_at
FROM agency_decisions d JOIN agencies a ON a.agency_id = d.agency_id JOIN agencies o ON o.agency_id = d.other_id
LEFT JOIN agency_decisions b ON b.decision_id = d.undone_by ORDER BY d.decided_at, d.who, d.action, a.name
"""
_MERGED = "SELECT a.name, o.name FROM agencies a JOIN agencies o ON o.agency_id = a.merged_into ORDER BY 1"
_REPORTED = """
SELECT r.url, r.year, r.revision, r.is_current, (SELECT min(o.url) FROM reports o WHERE o.agency_id = r.agency_id)
FROM reports r ORDER BY r.url
"""


def _settle(path: Path, action: str, *agencies: str, who: str, at: str, portal: str | None = None) -> None:
    reason = Reason(who, "as the stamp says", at)
    with Archive.open(path) as archive:
        if action == "split":
            deciding.split(archive, *agencies, reason, portal=portal)
        else:
            {"merge": deciding.merge, "apart": deciding.keep_apart}[action](archive, *agencies, reason)


def _read_as(path: Path, one: Fetched, *changes: dict[str, Any]) -> None:
    """Reads a page again and again, each time otherwise."""
    with Archive.open(path) as archive:
        (capture_id,) = archive.db.execute("SELECT capture_id FROM captures WHERE url = ?", [one.url]).fetchone()
        for changed in changes:
            again = tuple(replace(reading, **changed) for reading in read(one.url, one.body))
            archive.file(capture_id, again, Origin(one.trust, one.portal_id, one.division_code))


def _decide(path: Path, figure: str, verb: str, value: str, who: str) -> None:
    with Archive.open(path) as archive:
        decide(archive, [Ruling(FULL, 2022, figure, verb, "looked at", value)], who)  # type: ignore[arg-type]

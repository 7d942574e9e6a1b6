"""Search: it finds what `LIKE` finds, whatever is written and asked, and nothing that is no longer there."""

from __future__ import annotations

import random
import re
import sqlite3
from pathlib import Path

import pytest
from archive_samples import column, dump, reading, visit

from archive import search
from archive.search import Hit, find
from archive.search.terms import NOTHING, folded, indexed, places, words
from archive.store import Archive
from pipelines.model import Section

HAN = "行政复议诉讼公开信息申请政府依法〇々㐂𠮷镇"
PIECES = [
    *HAN,
    *HAN,
    "12345",
    "2023",
    "pdf",
    "ＰＤＦ",
    "Ａ1",
    "é",
    "，",
    "。",
    " ",
    "\n",
    "“",
    '"',
    "-",
    "*",
    "①",
    "_",
    "\0",
]
MATCHING = "SELECT rowid FROM sections_search WHERE sections_search MATCH ?"
HAN_RUN = re.compile(r"[々〇㐀-鿿\U00020000-\U0003ffff]+")


def spoken(text: str) -> str:
    """A text as its words and runs of Chinese characters, parted by single blanks; by other rules than `terms`."""
    parted = HAN_RUN.sub(lambda run: f" {run[0]} ", folded(text))
    return " ".join("".join(char if char.isalnum() else " " for char in parted).split())


def says(text: str, asked: str) -> bool:
    """What LIKE '%asked%' says of the spoken text, where words and numbers count as wholes."""
    wanted, said = spoken(asked), f" {spoken(text)} "
    ends = [*re.finditer(re.escape(wanted), said)] if wanted else []
    return any(
        (HAN_RUN.match(wanted[0]) or said[end.start() - 1] == " ")
        and (HAN_RUN.match(wanted[-1]) or said[end.end()] == " ")
        for end in ends
    )


def written(archive: Archive, texts: dict[int, str]) -> None:
    for number, text in texts.items():
        read = reading(number, year=2008 + number, sections=(Section(1, "标题", text),))
        visit(archive, read, f"https://www.example.gov.cn/{number}.html")


def section(archive: Archive, asked: str) -> set[int]:
    return {hit.section_id for hit in find(archive.db, asked, limit=1000)}


class TestWhatIsFound:
    def test_hits_are_those_of_like(self, archive: Archive) -> None:
        chance = random.Random(5)
        texts = {n: "".join(chance.choices(PIECES, k=chance.randint(1, 60))) for n in range(80)}
        written(archive, texts)
        stored = dict(archive.db.execute("SELECT section_id, text FROM sections").fetchall())
        assert len(stored) == len(texts)
        found = 0
        for _ in range(800):
            text = chance.choice([*stored.values()])
            start = chance.randrange(len(text))
            asked = '"' + text[start : start + chance.choice((1, 1, 2, 2, 3, 4, 6, 9))].replace('"', " ") + '"'
            expected = {number for number, text in stored.items() if says(text, asked)}
            assert set(column(archive, MATCHING, words(asked))) == expected, asked
            for number in [*expected][:3]:
                assert places(stored[number], asked), (stored[number], asked)
            found += len(expected)
        assert found > 2000

    @pytest.mark.parametrize(
        "asked", ["复议", "行政复议", "复", "议", "12345热线", "热线12345", "行政復議", "ｐｄｆ", "PDF"]
    )
    def test_words_of_any_length_and_script(self, archive: Archive, asked: str) -> None:
        written(archive, {1: "行政复议3件，12345热线、热线12345，见PDF", 2: "依法行政，恢复。议事。1234、pdfs"})
        hits = find(archive.db, asked)
        assert hits[-1].year == 2009
        assert len(hits) == (2 if len(asked) == 1 else 1)

    def test_several_words_must_all_occur_and_a_quoted_phrase_as_it_stands(self, archive: Archive) -> None:
        written(archive, {1: "复议三件，诉讼二件", 2: "复议、诉讼", 3: "诉讼"})
        assert [len(find(archive.db, asked)) for asked in ("诉讼 复议", '"复议 诉讼"', "“复议诉讼”", "复议 信访")] == [
            2,
            1,
            0,
            0,
        ]

    def test_the_heading_counts(self, archive: Archive) -> None:
        visit(archive, reading(sections=(Section(4, "四、行政复议、行政诉讼情况", "见上表。"),)))
        (hit,) = find(archive.db, "诉讼")
        assert (hit.heading, hit.marked()) == ("四、行政复议、行政诉讼情况", "四、行政复议、行政【诉讼】情况")

    def test_a_character_that_only_looks_traditional_is_found_as_typed(self, archive: Archive) -> None:
        written(archive, {1: "乾县人民政府", 2: "行政復議一件"})
        assert [len(find(archive.db, asked)) for asked in ("乾县", "乾縣", "復議", "干县")] == [1, 1, 1, 0]

    def test_the_most_telling_first_and_of_equals_the_newest(self, archive: Archive) -> None:
        written(archive, {n: "公开" + "信息" * n + ("热线热线" if n == 3 else "") for n in range(1, 12)})
        assert find(archive.db, "热线")[0].year == 2011
        years = [hit.year for hit in find(archive.db, "公开")]
        assert years == sorted(years, reverse=True)
        assert [hit.year for hit in find(archive.db, "公开", limit=2, offset=3)] == years[3:5]

    @pytest.mark.parametrize("asked", ["公开", "公", "公开 信", "热线"])
    def test_common_words_are_not_ranked_but_found_all_the_same(
        self, archive: Archive, monkeypatch: pytest.MonkeyPatch, asked: str
    ) -> None:
        written(archive, {n: "公开" + "信息" * n + ("热线" if n % 2 else "") for n in range(1, 12)})
        ranked = {hit.section_id for hit in find(archive.db, asked)}
        monkeypatch.setattr(search, "COMMON", 2)
        hits = find(archive.db, asked)
        assert {hit.section_id for hit in hits} == ranked
        years = [hit.year for hit in hits]
        assert years == sorted(years, reverse=True)
        assert [hit.year for hit in find(archive.db, asked, limit=2, offset=1)] == years[1:3]
        assert {hit.year for hit in find(archive.db, asked, year=2011)} == {2011}

    def test_the_end_of_a_run_merges_what_much_filing_left_in_pieces(self, archive: Archive) -> None:
        run = archive.begin_run("import")
        chance = random.Random(3)
        far = 10_000  # beyond all ids of sections
        for number in range(59):
            texts = ["".join(chance.choices(HAN, k=200)) for _ in range(60)]
            with archive.together():
                archive.db.conn.executemany(
                    "INSERT INTO sections_search (rowid, heading, text) VALUES (?, '', ?)",
                    [(far + number * 60 + n, indexed(text)) for n, text in enumerate(texts)],
                )
        before = set(column(archive, MATCHING, words("复议")))
        pieces = "SELECT count(DISTINCT segid) FROM sections_search_idx"
        (many,) = column(archive, pieces)
        archive.finish_run(run, "ok", 0, {})
        (few,) = column(archive, pieces)
        assert few < many
        assert not search.tidied(archive.db)
        assert set(column(archive, MATCHING, words("复议"))) == before != set()

    def test_filters(self, archive: Archive) -> None:
        written(archive, {1: "公开", 2: "公开"})
        visit(archive, reading(agency="某县财政局", sections=(Section(1, "", "公开"),)), "https://b.gov.cn/")
        assert {hit.year for hit in find(archive.db, "公开", year=2010)} == {2010}
        assert {hit.agency for hit in find(archive.db, "公开", agency="某县财政局")} == {"某县财政局"}

    def test_a_snippet_marks_the_first_places_and_is_one_line(self, archive: Archive) -> None:
        written(archive, {1: "甲" * 90 + "\n行政 复议、\t复议 <b> " + "乙" * 90})
        (hit,) = find(archive.db, "复议")
        assert isinstance(hit, Hit)
        assert hit.marked("[", "]") == "…" + "甲" * 36 + " 行政 [复议]、 [复议] <b> " + "乙" * 69 + "…"


ODD = (
    *(
        "",
        " ",
        '"',
        '""',
        "'",
        "*",
        "a*",
        "AND",
        "OR NOT",
        "NEAR(复议 诉讼)",
        "heading:复议",
        "复议)",
        "((",
        "{",
        "^复议",
        "-",
        "\\",
    ),
    *("复议 -诉讼", "%", "\0", "\ud800", "\U0001f600", "\u0301", "\u19b0", "'; DROP TABLE sections; --"),
)


class TestNothingThatIsTyped:
    @pytest.mark.parametrize("typed", [*ODD, "a" * 70_000, "复" * 70_000, " ".join(map(str, range(5000))), '" ' * 500])
    def test_is_an_error(self, archive: Archive, typed: str) -> None:
        written(archive, {1: "复议"})
        find(archive.db, typed)

    def test_random_characters_neither(self, archive: Archive) -> None:
        chance = random.Random(7)
        written(archive, {1: "复议"})
        for _ in range(1000):
            find(archive.db, "".join(chance.choices("\"“”*^(){}:+-,.\\ANDORT复议𠮷１a'\n", k=chance.randint(0, 12))))

    def test_without_a_word_it_finds_nothing(self) -> None:
        assert {words(typed) for typed in ("", "?!", '"', "“”")} == {NOTHING}


class TestNoGhosts:
    def check(self, archive: Archive) -> None:
        """The index holds exactly the terms of the sections there are."""
        archive.db.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'sections_search', 'instance')")
        held = archive.db.execute("SELECT doc, col, term FROM temp.terms ORDER BY doc, col, offset").fetchall()
        archive.db.execute("DROP TABLE temp.terms")
        there = [
            (number, name, term)
            for number, *texts in archive.db.execute("SELECT section_id, heading, text FROM sections ORDER BY 1")
            for name, text in zip(("heading", "text"), texts, strict=True)
            for term in indexed(text).split()
        ]
        assert held == there
        assert column(archive, "SELECT id FROM sections_search_docsize") == column(
            archive, "SELECT section_id FROM sections"
        )
        archive.db.execute("INSERT INTO sections_search (sections_search) VALUES ('integrity-check')")

    def test_a_revision_keeps_the_old_text_but_only_the_new_one_is_found(self, archive: Archive) -> None:
        visit(archive, reading(words="行政复议"))
        visit(archive, reading(13, words="行政诉讼"), at="2025-01-01T00:00:00Z")
        self.check(archive)
        assert (len(find(archive.db, "复议")), len(find(archive.db, "诉讼"))) == (0, 1)
        assert len(column(archive, "SELECT rowid FROM sections_search WHERE sections_search MATCH '复议'")) == 1

    def test_a_report_read_again(self, archive: Archive) -> None:
        for said in ("行政复议", "行政诉讼", "信访", "行政复议"):
            visit(archive, reading(words=said), body="same")
            self.check(archive)
        assert len(find(archive.db, "复议")) == 1

    def test_a_report_that_is_withdrawn(self, archive: Archive) -> None:
        visit(archive, reading(words="行政复议"), body="same")
        visit(archive, reading(words="行政复议", agency="某县财政局"), body="same")
        self.check(archive)
        assert [hit.agency for hit in find(archive.db, "复议")] == ["某县财政局"]

    def test_a_filing_that_fails_leaves_the_index_as_it_was(self, archive: Archive) -> None:
        visit(archive, reading(words="行政复议"), body="same")
        before = dump(archive, "captures")
        archive.db.execute("CREATE TRIGGER no BEFORE INSERT ON attachments BEGIN SELECT RAISE(ABORT, 'full'); END")
        with pytest.raises(sqlite3.IntegrityError):
            visit(archive, reading(words="行政诉讼"), body="same")
        assert dump(archive, "captures") == before
        self.check(archive)

    def test_filled_anew(self, archive: Archive) -> None:
        written(archive, {n: f"行政复议{n}件" for n in range(9)})
        search.fill(archive.db)
        self.check(archive)


class TestAnyTool:
    def test_sqlite_alone_finds_two_characters(self, archive: Archive) -> None:
        written(archive, {1: "行政复议", 2: "行政诉讼"})
        with sqlite3.connect(archive.path) as plain:
            asked = "SELECT count(*) FROM sections_search WHERE sections_search MATCH ?"
            counts = [
                plain.execute(asked, [words]).fetchone()[0]
                for words in ("复议", '"行政 政复 复议"', "行*", "heading:复议")
            ]
        assert counts == [1, 1, 2, 0]

    def test_the_function_gives_the_expression(self, archive: Archive) -> None:
        written(archive, {1: "行政复议", 2: "行政诉讼"})
        search.register(archive.db.conn)
        asked = "SELECT count(*) FROM sections_search WHERE sections_search MATCH search_words(?)"
        assert [column(archive, asked, typed) for typed in ("行政复议", "", None, 5)] == [[1], [0], [0], [0]]


def test_an_old_archive_is_searched_once_it_was_opened(tmp_path: Path) -> None:
    fixture = Path(__file__).parent / "fixtures" / "first_schema.db"
    path = tmp_path / "archive.db"
    path.write_bytes(fixture.read_bytes())
    with Archive.open(path) as archive:
        TestNoGhosts().check(archive)
        ((section_id, text),) = archive.db.execute("SELECT section_id, text FROM sections LIMIT 1").fetchall()
        assert section_id in section(archive, text[:2])

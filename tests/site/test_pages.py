"""What the pages of the site say, over real HTTP."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest

from archive.questions import Question
from archive.site.questions import offered
from tests.site.visiting import get


def report_of(archive: Path, agency: str, year: int) -> int:
    with sqlite3.connect(archive) as db:
        row = db.execute(
            "SELECT report_id FROM reports WHERE agency = ? AND year = ? AND is_current = 1", [agency, year]
        ).fetchone()
    db.close()
    return int(row[0])


def test_the_first_page_counts_what_is_there(sample_site: str, sample_archive: Path) -> None:
    with sqlite3.connect(sample_archive) as db:
        reports, agencies = db.execute("SELECT count(*), count(DISTINCT agency) FROM panel").fetchone()
    db.close()
    page = get(sample_site, "/").tree
    tiles = {div.findtext("dt"): div.find("dd").text_content() for div in page.cssselect(".tiles div")}
    assert tiles["reports"] == str(reports)
    assert tiles["agencies"] == str(agencies)
    assert {img.get("src").split("?")[0] for img in page.cssselect("img")} == {
        "/chart/requests.svg",
        "/chart/outcomes.svg",
        "/chart/coverage.svg",
    }


def test_every_page_that_the_first_page_leads_to_is_there(sample_site: str) -> None:
    links = {a.get("href") for a in get(sample_site, "/").tree.cssselect("main a[href]")}
    assert len(links) > 20
    for link in sorted(links):
        assert get(sample_site, link).status == 200, link


def test_a_report_shows_its_tables_as_printed(sample_site: str, sample_archive: Path) -> None:
    page = get(sample_site, f"/report/{report_of(sample_archive, '云泽市公安局', 2024)}").tree
    assert page.cssselect("h1")[0].text_content().split() == ["云泽市公安局", "2024"]
    with sqlite3.connect(sample_archive) as db:
        cells = dict(
            db.execute("SELECT figure, raw FROM figures WHERE agency = '云泽市公安局' AND year = 2024").fetchall()
        )
    db.close()
    shown = {td.get("id"): td.text_content() for td in page.cssselect("td.cell")}
    assert shown == cells
    assert len(shown) == 200


def test_rows_and_columns_of_a_table_line_up(sample_site: str, sample_archive: Path) -> None:
    page = get(sample_site, f"/report/{report_of(sample_archive, '云泽市公安局', 2024)}").tree
    for table in page.cssselect("figure.printed table"):
        taken: dict[tuple[int, int], bool] = {}
        for y, line in enumerate(table.cssselect("tr")):
            x = 0
            for cell in line.cssselect("th, td"):
                while (y, x) in taken:
                    x += 1
                for dy in range(int(cell.get("rowspan", 1))):
                    for dx in range(int(cell.get("colspan", 1))):
                        assert (y + dy, x + dx) not in taken
                        taken[y + dy, x + dx] = True
        height, width = (1 + max(place[axis] for place in taken) for axis in (0, 1))
        assert len(taken) == height * width == len(table.cssselect("tr")) * width


def test_a_report_leads_to_its_source_and_its_capture(sample_site: str, sample_archive: Path) -> None:
    number = report_of(sample_archive, "云泽市公安局", 2024)
    with sqlite3.connect(sample_archive) as db:
        url, digest, warc, offset = db.execute(
            "SELECT r.url, c.payload_digest, c.warc_file, c.warc_offset FROM reports r"
            " JOIN report_captures USING (report_id) JOIN captures c USING (capture_id) WHERE report_id = ?",
            [number],
        ).fetchone()
    db.close()
    page = get(sample_site, f"/report/{number}")
    assert url in {a.get("href") for a in page.tree.cssselect(".source a.outside")}
    evidence = page.tree.cssselect("#evidence")[0].text_content()
    assert digest in evidence
    assert warc in evidence
    assert str(offset) in evidence
    assert "t3_flow" in evidence


def test_a_cell_leads_to_what_it_rests_on(sample_site: str, sample_archive: Path) -> None:
    number = report_of(sample_archive, "云泽市公安局", 2024)
    page = get(sample_site, f"/report/{number}").tree
    link = page.get_element_by_id("applications.new_received.total").find("a").get("href")
    shown = get(sample_site, link).words
    assert "1,832 件" in shown
    assert "t3_row_total" in shown
    assert "warcio extract --payload warc/gongkai-" in shown
    for wrong in (f"/report/{number}/applications.nothing", "/report/0/applications.new_received.total"):
        assert get(sample_site, wrong).status == 404


def test_a_report_leads_to_the_years_around_it(sample_site: str, sample_archive: Path) -> None:
    page = get(sample_site, f"/report/{report_of(sample_archive, '云泽市公安局', 2023)}").tree
    assert page.cssselect("a[rel=prev]")[0].get("href") == f"/report/{report_of(sample_archive, '云泽市公安局', 2022)}"
    assert page.cssselect("a[rel=next]")[0].get("href") == f"/report/{report_of(sample_archive, '云泽市公安局', 2024)}"


def test_an_agency_shows_its_years(sample_site: str, sample_archive: Path) -> None:
    page = get(sample_site, f"/report/{report_of(sample_archive, '云泽市公安局', 2023)}").tree
    agency = get(sample_site, page.cssselect("h1 a")[0].get("href")).tree
    years = [row.findtext("td/a") for row in agency.cssselect("table.years tbody tr")]
    assert years == ["2024", "2023", "2022"]
    received = [row.cssselect("td.number")[0].text for row in agency.cssselect("table.years tbody tr")]
    assert received == ["1,832", "1,502", "1,161"]


@pytest.mark.parametrize("words", ["复议", "公开", "公", "行政复议", "云泽市 热线"])
def test_the_search_finds_words_of_any_length(sample_site: str, sample_archive: Path, words: str) -> None:
    parts = " AND ".join("(heading || ' ' || text) LIKE ?" for _ in words.split())
    with sqlite3.connect(sample_archive) as db:
        hits = db.execute(
            f"SELECT count(*) FROM sections WHERE {parts}", [f"%{word}%" for word in words.split()]
        ).fetchone()[0]
    db.close()
    page = get(sample_site, f"/search?q={words}").tree
    assert len(page.cssselect("ol.hits li")) == min(hits, 20)
    for hit in page.cssselect("ol.hits li")[:5]:
        assert {mark.text for mark in hit.cssselect("mark")} & set(words.split())


def test_the_search_takes_whatever_is_typed(sample_site: str) -> None:
    for words in ('"', "*", "复议 AND", "NEAR(", "-", "'; drop table sections", "%", "_", ":", "^复", "\\", "()"):
        assert get(sample_site, f"/search?q={words}&year=x&page=-1").status == 200, words


def test_the_search_can_be_narrowed_and_turned(sample_site: str) -> None:
    everything = get(sample_site, "/search?q=公开").tree
    assert "page=2" in everything.cssselect("a[rel=next]")[0].get("href")
    assert get(sample_site, "/search?q=公开&page=2").tree.cssselect("a[rel=prev]")
    year = get(sample_site, "/search?q=公开&year=2020").tree
    assert {hit.text_content().split()[-1] for hit in year.cssselect("ol.hits h2")} == {"2020"}
    assert not get(sample_site, "/search?q=公开&province=没有的省").tree.cssselect("ol.hits li")


@pytest.mark.parametrize("question", offered(), ids=lambda question: question.id)
def test_every_question_has_an_answer(sample_site: str, question: Question) -> None:
    page = get(sample_site, f"/gongkai/{question.id}")
    assert page.status == 200
    assert not page.tree.cssselect(".message-error")


def test_questions_take_parameters(sample_site: str) -> None:
    rows = json.loads(get(sample_site, "/gongkai/requests_from_firms.json?_shape=array").text)
    assert [(row["agency"], row["year"], row["received_firms"]) for row in rows] == [
        ("云泽市公安局", 2024, 144),
        ("云泽市公安局", 2023, 118),
    ]
    rows = json.loads(get(sample_site, "/gongkai/one_agency.json?_shape=array&agency=柳湾").text)
    assert {row["agency"] for row in rows} == {"青禾县柳湾乡人民政府"}


def test_a_facet_counts_and_narrows(sample_site: str, sample_archive: Path) -> None:
    with sqlite3.connect(sample_archive) as db:
        by_form = dict(db.execute("SELECT form, count(*) FROM panel GROUP BY form").fetchall())
    db.close()
    page = get(sample_site, "/gongkai/panel").tree
    facet = page.cssselect(".facet-info[data-column=form]")[0]
    assert {li.findtext("a/span"): int(li.findtext("a/em")) for li in facet.cssselect("li")} == by_form
    link = next(a for a in facet.cssselect("li a") if a.findtext("span") == "f2019")
    narrowed = get(sample_site, link.get("href")).tree
    assert len(narrowed.cssselect("tbody tr")) == by_form["f2019"]


def test_the_whole_panel_comes_as_csv(sample_site: str, sample_archive: Path) -> None:
    with sqlite3.connect(sample_archive) as db:
        expected = db.execute("SELECT report_id, agency, received FROM panel ORDER BY report_id").fetchall()
    db.close()
    answer = get(sample_site, "/gongkai/panel.csv?_stream=on&_size=max")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = sorted((int(row["report_id"]), row["agency"], int(row["received"] or 0)) for row in rows)
    assert found == [(number, agency, received or 0) for number, agency, received in expected]


def test_both_languages(sample_site: str) -> None:
    for path in (
        "/",
        "/report/1",
        "/agency/1",
        "/search",
        "/gongkai",
        "/gongkai/panel",
        "/gongkai/carried_over",
        "/nowhere",
    ):
        english, chinese = get(sample_site, path), get(sample_site, path, "zh")
        assert english.tree.get("lang") == "en"
        assert chinese.tree.get("lang") == "zh-CN"
        assert "Tables and SQL" in english.words
        assert "数据表与查询" in chinese.words
        assert "Tables and SQL" not in chinese.words


def test_a_language_is_remembered_and_the_address_kept(sample_site: str) -> None:
    import http.client

    connection = http.client.HTTPConnection(sample_site.split("/")[2])
    connection.request("GET", "/gongkai/panel?year=2024&lang=zh&_size=10")
    answer = connection.getresponse()
    assert answer.status == 303
    assert answer.headers["Location"] == "/gongkai/panel?year=2024&_size=10"
    assert answer.headers["Set-Cookie"].startswith("gongkai_lang=zh;")
    answer.read()
    connection.request("GET", "//evil.example/?lang=zh")
    answer = connection.getresponse()
    assert answer.headers["Location"].startswith("/evil.example")
    connection.close()


def test_the_browser_is_asked_for_the_language_first(sample_site: str) -> None:
    page = get(sample_site, "/", **{"Cookie": "", "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})
    assert page.tree.get("lang") == "zh-CN"
    assert get(sample_site, "/", **{"Cookie": "gongkai_lang=fr", "Accept-Language": "fr"}).tree.get("lang") == "en"


def test_what_is_not_there_is_said_in_a_line(sample_site: str) -> None:
    for path in ("/nowhere", "/report/0", "/agency/0", "/report/abc", "/chart/nothing.svg", "/-/databases", "/other/x"):
        assert get(sample_site, path).status == 404, path
    wrong = get(sample_site, "/gongkai?sql=selec")
    assert wrong.status in (200, 400)
    assert "Traceback" not in wrong.text


def test_a_query_that_takes_too_long_is_stopped(sample_site: str) -> None:
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n"
    answer = get(sample_site, f"/gongkai?_timelimit=300&sql={endless.replace('+', '%2B').replace(' ', '+')}")
    assert answer.status == 503
    assert "too long" in answer.words


def test_nothing_can_be_written(sample_site: str) -> None:
    for sql in ("delete from agencies", "create table x (y)", "pragma query_only = 0", "attach 'x.db' as x"):
        answer = get(sample_site, f"/gongkai?sql={sql.replace(' ', '+')}")
        assert answer.status >= 400 or answer.tree.cssselect(".message-error"), sql

"""The registry through the command line: listing, showing, settling, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import Archive, Exchange
from archive.agencies import bodies
from gongkai.cli import main
from gongkai.commands import agencies as command
from pipelines.model import FigureCell, Reading
from tests.conftest import run

HOSTILE = "=cmd\x1b[2J<script>局"
SEEN = [
    # name, portal, its division, year
    ("兰州市教育局", "lanzhou", "620100", 2022),
    ("甘肃省兰州市教育局", "gansu", "620000", 2023),
    ("城关镇人民政府", "yongdeng", "620121", 2023),
    ("城关镇人民政府", "gaolan", "620122", 2023),
    ("云泽市人力资源和社会保障局", "yunze", "", 2022),
    ("云泽市人社局", "yunze", "", 2023),
    ("财政部", "mof", "", 2023),
    (HOSTILE, "evil", "", 2023),
]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "my.db"
    with Archive.open(path) as opened:
        for number, (name, portal, division, year) in enumerate(SEEN):
            file(opened, number, name, portal, division, year)
    return path


def file(archive: Archive, number: int, name: str, portal: str, division: str, year: int) -> None:
    exchange = Exchange(
        url=f"https://{portal}.gov.cn/{year}/{number}",
        request_headers=(),
        headers=(),
        body=str(number).encode(),
        fetched_at=f"2024-01-{number + 1:02}T00:00:00Z",
    )
    capture = archive.keep(exchange, run_id=None, portal_id=portal)
    cells = (FigureCell("applications.new_received.total", None, "/", "here", "slash"),)
    read = Reading(
        True, agency=name, year=year, scope="own", form="f2021", forms={"applications": "f2021"}, cells=cells
    )
    archive.store(read, capture, trust="official", portal_id=portal, division_code=division)


def asked(archive: Path, *arguments: str, code: int = 0) -> Result:
    answer = CliRunner().invoke(main, ["agencies", *arguments, "--archive", str(archive)])
    assert answer.exit_code == code, answer.output
    assert answer.exception is None or isinstance(answer.exception, SystemExit)
    return answer


def names(archive: Path, *options: str) -> list[str]:
    return [row["name"] for row in csv.DictReader(io.StringIO(asked(archive, "list", *options).stdout))]


def refused(archive: Path, *arguments: str, code: int = 1) -> str:
    (line,) = asked(archive, *arguments, code=code).stderr.splitlines()
    assert line.startswith("Error: ")
    return line.removeprefix("Error: ")


# --- list


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ([], 7),
        (["--province", "甘肃"], 3),
        (["--province", "江苏"], 0),
        (["--division", "62"], 3),
        (["--division", "620100"], 3),
        (["--division", "620121"], 1),
        (["--level", "township"], 2),
        (["--level", "central"], 1),
        (["--kind", "department", "--level", "city"], 1),
        (["--search", "城关镇"], 2),
        (["--search", "甘肃省兰州市教"], 1),  # a name under which it was seen, not its own
        (["--level", "county", "--search", "城关镇"], 0),
    ],
)
def test_conditions_choose_agencies(archive: Path, options: list[str], count: int) -> None:
    assert len(names(archive, *options)) == count


def test_a_line_says_what_and_where_an_agency_is(archive: Path) -> None:
    (row,) = json.loads(asked(archive, "list", "--level", "city", "--format", "json").stdout)
    assert row == {
        "agency_id": 1,
        "name": "兰州市教育局",
        "level": "city",
        "kind": "department",
        "division_code": "620100",
        "province": "甘肃省",
        "city": "兰州市",
        "county": None,
        "township": None,
        "reports": 2,
        "first_year": 2022,
        "last_year": 2023,
    }
    table = asked(archive, "list", "--level", "city", "--format", "table").stdout
    cells = "1 兰州市教育局 city department 620100 甘肃省 兰州市 2 2022 2023"
    assert table.splitlines()[2].split() == cells.split()


@pytest.mark.parametrize("shown", ["csv", "json", "table"])
def test_a_name_from_the_web_stays_text(archive: Path, shown: str) -> None:
    for answer in (asked(archive, "list", "--format", shown), asked(archive, "show", HOSTILE)):
        assert "\x1b" not in answer.output
    (cell,) = (name for name in names(archive) if "script" in name)
    assert cell.startswith("'=")


# --- show


def test_show_tells_all_that_is_known(archive: Path) -> None:
    shown = asked(archive, "show", "甘肃省兰州市教育局").stdout
    for part in (
        "兰州市教育局  (agency 1)",
        "city, department, 620100 甘肃省兰州市",
        "lanzhou",
        "gansu",
        "2022",
        "2023",
    ):
        assert part in shown
    known = json.loads(asked(archive, "show", "1", "--format", "json").stdout)
    assert [name["name"] for name in known["names"]] == ["兰州市教育局", "甘肃省兰州市教育局"]
    assert [report["year"] for report in known["reports"]] == [2022, 2023]
    assert known["proof"] == ["one division is called 兰州市", "教育局"]
    assert "because: one division is called 兰州市; 教育局\n" in shown
    assert "place not proved" in asked(archive, "show", "云泽市人社局").stdout


def test_a_name_that_several_print_is_not_chosen_from(archive: Path) -> None:
    assert names(archive, "--search", "城关镇")[1] == "城关镇人民政府（甘肃省兰州市皋兰县）"
    assert "agency 2" in asked(archive, "show", "城关镇人民政府").stdout  # one bears that very name
    with Archive.open(archive) as opened:
        opened.db.execute("UPDATE agencies SET name = name || '一' WHERE agency_id = 2")
    assert refused(archive, "show", "城关镇人民政府").startswith(
        "2 agencies print '城关镇人民政府': 2 城关镇人民政府一, 3"
    )


# --- merge and split


def test_merge_and_split_through_the_installed_command(archive: Path) -> None:
    before = names(archive)
    merge = [
        "gongkai",
        "agencies",
        "merge",
        "云泽市人社局",
        "云泽市人力资源和社会保障局",
        "--why",
        "一家",
        "--who",
        "小王",
    ]
    done = run(*merge, "--archive", archive)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "云泽市人社局 (5) is merged into 云泽市人力资源和社会保障局 (4); 1 revision moved\n"
    again = run(*merge, "--archive", archive)
    assert (again.returncode, again.stderr.split(";")[1]) == (0, " 0 revisions moved\n")
    assert len(names(archive)) == len(before) - 1
    assert names(archive, "--search", "人社局") == ["云泽市人力资源和社会保障局"]
    known = json.loads(asked(archive, "show", "4", "--format", "json").stdout)
    assert [report["year"] for report in known["reports"]] == [2022, 2023]
    (decision,) = known["decisions"]
    assert (decision["who"], decision["why"]) == ("小王", "一家")
    split = asked(archive, "split", "云泽市人社局", "--why", "两家")
    assert split.stderr == "云泽市人社局 (5) is not 云泽市人力资源和社会保障局 (4); 1 revision moved\n"
    assert names(archive) == before
    assert "was split already from" in asked(archive, "split", "5", "--why", "两家").stderr


def test_split_by_portal(archive: Path) -> None:
    split = asked(archive, "split", "兰州市教育局", "--portal", "gansu", "--why", "x")
    assert split.stderr == "甘肃省兰州市教育局 (8) is not 兰州市教育局 (1); 1 revision moved\n"
    with Archive.open(archive) as opened:
        file(opened, 9, "甘肃省兰州市教育局", "gansu", "620000", 2024)
        assert opened.db.execute("SELECT agency_id FROM reports WHERE year = 2024").fetchall() == [(8,)]


def test_two_that_are_not_one(archive: Path) -> None:
    assert asked(archive, "split", "3", "--from", "2", "--why", "x").stderr.endswith("0 revisions moved\n")


def test_what_is_refused_is_one_line(archive: Path, tmp_path: Path) -> None:
    assert refused(archive, "show", "没有").startswith("no agency '没有'")
    assert "into itself" in refused(archive, "merge", "1", "1", "--why", "x")
    assert refused(archive, "merge", "1", "2", "--why", " ", code=2) == "--why is empty: say why"
    assert "does not go with" in refused(archive, "split", "1", "--from", "2", "--portal", "a", "--why", "x", code=2)
    assert "nothing of" in refused(archive, "split", "1", "--portal", "nowhere", "--why", "x")
    assert "was not merged" in refused(archive, "split", "1", "--why", "x")
    for arguments in (["list"], ["show", "1"], ["merge", "1", "2", "--why", "x"], ["split", "1", "--why", "x"]):
        assert "no such archive" in refused(tmp_path / "none.db", *arguments, code=3)
        assert not (tmp_path / "none.db").exists()
    with Archive.open(archive) as opened, opened.lock():
        assert "another gongkai is writing" in refused(archive, "merge", "1", "2", "--why", "x", code=4)


def test_the_choices_are_those_of_the_archive() -> None:
    assert (command.LEVELS, command.KINDS) == (bodies.LEVELS, bodies.KINDS)

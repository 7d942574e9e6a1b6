"""The catalogue through the command line: what ships is well-formed, every kind of fault is named with its line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.sample_portal import SamplePortal
from gongkai.cli import main
from tests.conftest import ROOT, run
from tests.servers import Answer, Server

CONTRACT = "portal_id,name,division_code,home_url,column_url,platform"
CATALOGUE = f"{CONTRACT},trust,level,evidence,evidence_date,confirmed,note"
GOOD = (
    "nanjing,南京市,320100,https://www.nanjing.gov.cn/,https://www.nanjing.gov.cn/nb/,trs,,city,a list,2024,report,\n"
    "xuanwu,玄武区,320102,http://www.xwzf.gov.cn/,,,official,county,a list,2024-05,no,\n"
    "copy,某市副本,,http://copy.example.com/,http://copy.example.com/nb/,ucap,mirror,,seen,2024-05-06,column,a twin\n"
    "zhengzhou,郑州市,410100,https://www.zhengzhou.gov.cn/,,,unknown,city,a list,,no,\n"
)


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "mine.csv"
    path.write_bytes(text.encode(encoding))
    return path


def listed(path: Path, *options: str) -> list[str]:
    """The ids that `portals list` gives."""
    answer = CliRunner().invoke(main, ["portals", "list", str(path), *options])
    assert answer.exit_code == 0, answer.stderr
    return [row["portal_id"] for row in csv.DictReader(io.StringIO(answer.stdout))]


# --- check


def test_the_shipped_catalogue_is_well_formed(tmp_path: Path) -> None:
    checked = run("gongkai", "portals", "check", ROOT / "data/portals.csv", cwd=tmp_path)
    assert (checked.returncode, checked.stdout) == (0, "")
    assert checked.stderr.endswith("portals, no faults\n")


def test_without_a_file_the_one_that_a_crawl_would_take_is_checked(tmp_path: Path) -> None:
    assert str(ROOT / "data/portals.csv") in run("gongkai", "portals", "check", cwd=tmp_path).stderr
    write(tmp_path, CONTRACT + "\n")
    (tmp_path / "gongkai.toml").write_text('portals = "mine.csv"')
    checked = run("gongkai", "portals", "check", cwd=tmp_path)
    assert (checked.returncode, checked.stdout) == (1, "mine.csv, line 1: no portals in the file\n")


def test_a_good_file_has_no_faults(tmp_path: Path) -> None:
    checked = run("gongkai", "portals", "check", write(tmp_path, f"{CATALOGUE}\n{GOOD}"))
    assert (checked.returncode, checked.stdout) == (0, "")


FAULTS = [
    (",A,,http://{0}.gov.cn/,,,,,x,,,", "portal_id is empty"),
    ("nanjing,A,,http://{0}.gov.cn/,,,,,x,,,", "portal_id 'nanjing' occurs twice"),
    ("A_b,A,,http://{0}.gov.cn/,,,,,x,,,", "portal_id 'A_b' is not made of a-z, 0-9 and single hyphens"),
    ("南京,A,,http://{0}.gov.cn/,,,,,x,,,", "portal_id '南京' is not made of a-z, 0-9 and single hyphens"),
    ("a--b,A,,http://{0}.gov.cn/,,,,,x,,,", "portal_id 'a--b' is not made of a-z, 0-9 and single hyphens"),
    ("{0},,,http://{0}.gov.cn/,,,,,x,,,", "name is empty"),
    ("{0},A,,www.a.gov.cn,,,,,x,,,", "home_url 'www.a.gov.cn' is not an http(s) URL"),
    ("{0},A,,http://{0}.gov.cn/,ftp://a.cn/,,,,x,,,", "column_url 'ftp://a.cn/' is not an http(s) URL"),
    ("{0},A,,http://a.gov.cn:x/,,,,,x,,,", "home_url 'http://a.gov.cn:x/' is not an http(s) URL"),
    ("{0},A,,,,,,,x,,,", "neither home_url nor column_url is given"),
    ("{0},A,,http://{0}.gov.cn/,,wordstar,,,x,,,", "platform 'wordstar' is none of "),
    ("{0},A,320199,http://{0}.gov.cn/,,,,,x,,,", "division_code '320199' is not in divisions.csv"),
    ("{0},A,3201,http://{0}.gov.cn/,,,,,x,,,", "division_code '3201' is not in divisions.csv"),
    ("{0},A,,http://{0}.gov.cn/,,,offical,,x,,,", "trust 'offical' is none of official, mirror, unknown"),
    ("{0},A,,http://{0}.gov.cn/,,,,village,x,,,", "level 'village' is none of central, province, "),
    ("{0},A,,http://{0}.gov.cn/,,,,,,,,", "evidence is empty: say where the row comes from"),
    ("{0},A,,http://{0}.gov.cn/,,,,,x,2024-13,,", "evidence_date '2024-13' is no YYYY, YYYY-MM or YYYY-MM-DD"),
    ("{0},A,,http://{0}.gov.cn/,,,,,x,2023-02-29,,", "evidence_date '2023-02-29' is no YYYY, "),
    ("{0},A,,http://{0}.gov.cn/,,,,,x,5.6.2024,,", "evidence_date '5.6.2024' is no YYYY, "),
    ("{0},A,,http://{0}.gov.cn/,,,,,x,,yes,", "confirmed 'yes' is none of column, report, no"),
    ("{0},A,,http://{0}.gov.cn/,,,,,x,,column,", "confirmed is 'column', and no column_url is given"),
    ("{0},A,,http://www.xwzf.gov.cn/,,,,,x,,,", "home_url and column_url are those of line 3"),
    ("{0},A,,https://www.xwzf.gov.cn,,,,,x,,,", "home_url and column_url are those of line 3"),
    ("{0},A,,http://{0}.gov.cn/,,,,,x,,", "11 cells where the header has 12"),
    ("{0},A,,http://{0}.gov.cn/,,,,,x,,,,", "13 cells where the header has 12"),
]


def test_each_kind_of_fault_is_named_with_its_line(tmp_path: Path) -> None:
    rows = "".join(f"{row.format(f'a{number}')}\n" for number, (row, _) in enumerate(FAULTS))
    path = write(tmp_path, f"{CATALOGUE}\n{GOOD}{rows}")
    checked = run("gongkai", "portals", "check", path)
    assert checked.returncode == 1
    lines = checked.stdout.splitlines()
    for number, (line, (_, complaint)) in enumerate(zip(lines, FAULTS, strict=True)):
        assert line.startswith(f"{path}, line {6 + number}: {complaint}")
    assert checked.stderr == f"{path}: 29 portals, 25 faults\n"


def test_all_faults_are_told_and_lines_are_those_of_an_editor(tmp_path: Path) -> None:
    rows = 'a,A,,http://a.gov.cn/,,,,,x,,,"two\nlines"\n\n\nb,B,99,nowhere,,,,,x,,,"two\nlines"\nb,B,,http://b.gov.cn/,,,,,x,,,\n'
    checked = run("gongkai", "portals", "check", write(tmp_path, f"{CATALOGUE}\n{rows}"))
    told = [line.partition(", ")[2] for line in checked.stdout.splitlines()]
    assert told == [
        "line 6: home_url 'nowhere' is not an http(s) URL",
        "line 6: division_code '99' is not in divisions.csv",
        "line 8: portal_id 'b' occurs twice",
    ]


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        (CONTRACT.replace(",home_url", ""), "column 'home_url' is missing"),
        (f"{CONTRACT},name", "column 'name' occurs twice"),
        ("", "column 'portal_id' is missing"),
    ],
)
def test_a_wrong_header_is_a_fault_of_line_1(tmp_path: Path, header: str, complaint: str) -> None:
    path = write(tmp_path, header)
    checked = run("gongkai", "portals", "check", path)
    assert checked.returncode == 1
    assert checked.stdout.splitlines()[0] == f"{path}, line 1: {complaint}"


def test_a_file_that_cannot_be_read_is_wrong_usage(tmp_path: Path) -> None:
    for path, complaint in (
        (tmp_path / "none.csv", "there is no such portals file"),
        (tmp_path, "Is a directory"),
        (write(tmp_path, CATALOGUE + "\n" + GOOD, "gb18030"), "codec can't decode"),
    ):
        for command in ("check", "list"):
            answer = run("gongkai", "portals", command, path)
            assert answer.returncode == 2
            (line,) = answer.stderr.splitlines()
            assert complaint in line


# --- files as people save them


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_file_of_the_contracts_columns_alone_works(tmp_path: Path, encoding: str, newline: str) -> None:
    text = (
        f"{CONTRACT}\nnanjing,南京市,320100,http://www.nanjing.gov.cn/,,\nxuanwu,玄武区,,http://www.xwzf.gov.cn/,,trs\n"
    )
    path = write(tmp_path, text.replace("\n", newline), encoding)
    checked = run("gongkai", "portals", "check", path)
    assert (checked.returncode, checked.stdout) == (0, "")
    assert run("gongkai", "portals", "list", path).stdout == text
    assert listed(path, "--trust", "official", "--unconfirmed") == ["nanjing", "xuanwu"]
    crawl = run("gongkai", "crawl", "--portals", path, cwd=tmp_path)
    assert "南京市 is out on the web: set a contact first" in crawl.stderr


def test_a_family_without_a_module_is_no_error_of_a_crawl(tmp_path: Path) -> None:
    crawl = run("gongkai", "crawl", "--portals", write(tmp_path, f"{CATALOGUE}\n{GOOD}"), cwd=tmp_path)
    assert "set a contact first" in crawl.stderr


def test_columns_of_ones_own_are_kept(tmp_path: Path) -> None:
    text = f"{CONTRACT},phone\nnanjing,南京市,,http://www.nanjing.gov.cn/,,,025\n"
    path = write(tmp_path, text)
    assert run("gongkai", "portals", "check", path).returncode == 0
    assert run("gongkai", "portals", "list", path).stdout == text


# --- list


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ([], ["nanjing", "xuanwu", "copy", "zhengzhou"]),
        (["--level", "city"], ["nanjing", "zhengzhou"]),
        (["--division", "32"], ["nanjing", "xuanwu"]),
        (["--division", "320000"], ["nanjing", "xuanwu"]),
        (["--division", "320100"], ["nanjing", "xuanwu"]),
        (["--division", "320102"], ["xuanwu"]),
        (["--platform", "ucap"], ["copy"]),
        (["--trust", "official"], ["nanjing", "xuanwu"]),
        (["--trust", "mirror"], ["copy"]),
        (["--search", "郑州"], ["zhengzhou"]),
        (["--search", "TWIN"], ["copy"]),
        (["--unconfirmed"], ["nanjing", "xuanwu", "zhengzhou"]),
        (["--level", "city", "--division", "41", "--unconfirmed"], ["zhengzhou"]),
        (["--search", "nobody"], []),
    ],
)
def test_conditions_choose_rows(tmp_path: Path, options: list[str], ids: list[str]) -> None:
    assert listed(write(tmp_path, f"{CATALOGUE}\n{GOOD}"), *options) == ids


def test_what_is_listed_is_a_portals_file_again(tmp_path: Path) -> None:
    chosen = run("gongkai", "portals", "list", "--division", "32", cwd=tmp_path)
    again = run("gongkai", "portals", "check", "-", input=chosen.stdout)
    assert (again.returncode, again.stdout) == (0, "")
    assert chosen.stdout.count("\n") > 10


def test_json_is_an_array_with_an_object_a_line(tmp_path: Path) -> None:
    path = write(tmp_path, f"{CATALOGUE}\n{GOOD}")
    answer = run("gongkai", "portals", "list", path, "--format", "json")
    rows = json.loads(answer.stdout)
    assert [row["name"] for row in rows] == ["南京市", "玄武区", "某市副本", "郑州市"]
    assert list(rows[0]) == CATALOGUE.split(",")
    assert len(answer.stdout.splitlines()) == 4
    assert run("gongkai", "portals", "list", path, "--search", "nobody", "--format", "json").stdout == "[]\n"


def test_the_table_says_where_a_crawl_begins(tmp_path: Path) -> None:
    shown = run("gongkai", "portals", "list", write(tmp_path, f"{CATALOGUE}\n{GOOD}"), "--format", "table").stdout
    rows = [line.split() for line in shown.splitlines()[2:]]
    assert rows[0] == ["nanjing", "南京市", "320100", "city", "trs", "report", "https://www.nanjing.gov.cn/nb/"]
    assert rows[1][-1] == "http://www.xwzf.gov.cn/"


def test_a_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = write(tmp_path, f"{CONTRACT}\na\x1b[2J,\x1b]0;x\x07名,\x1b,http://a.gov.cn/,,\n")
    for command in (["check"], ["list"], ["list", "--format", "table"], ["list", "--format", "json"]):
        answer = run("gongkai", "portals", command[0], path, *command[1:])
        assert not {"\x1b", "\x07"} & set(answer.stdout + answer.stderr)


# --- add


def test_add_searches_the_portal_and_proposes_its_row(tmp_path: Path) -> None:
    mine = write(tmp_path, f"{CATALOGUE}\n{GOOD}".rstrip("\n"))
    before = mine.read_bytes()
    (tmp_path / "gongkai.toml").write_text("delay = 0\n", encoding="utf-8")
    with SamplePortal(0, seed=3) as portal:
        home = f"http://jpaas-1.gongkai.localhost:{portal.port}/"
        added = run("gongkai", "portals", "add", home, "--to", mine, cwd=tmp_path)
        facts = [fact for fact in portal.facts() if fact.portal == "replica-jpaas-1"]
        asked = [logged.path for logged in portal.log]
    assert added.returncode == 0, added.stderr
    (row,) = csv.DictReader(io.StringIO(added.stdout))
    assert row["home_url"] == home
    assert row["column_url"].startswith(home)
    assert (row["platform"], row["trust"], row["confirmed"]) == ("jpaas", "official", "column")
    assert facts[0].agency.startswith(row["name"].removesuffix("人民政府"))
    assert not [path for path in asked if "/art_" in path]  # no report was fetched
    assert mine.read_bytes().startswith(before)
    assert len(listed(mine)) == 5
    assert run("gongkai", "portals", "check", mine).returncode == 0


def test_add_says_when_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "gongkai.toml").write_text("delay = 0\n", encoding="utf-8")
    with Server({"/": Answer("<title>某县人民政府</title><a href='/news/'>新闻</a>".encode())}) as server:
        added = run("gongkai", "portals", "add", server.url("/"), cwd=tmp_path)
    assert added.returncode == 1
    (row,) = csv.DictReader(io.StringIO(added.stdout))
    assert (row["column_url"], row["confirmed"]) == ("", "no")
    assert added.stderr.splitlines()[-1].startswith("0 links to reports")


def test_add_beyond_this_machine_needs_a_contact(tmp_path: Path) -> None:
    added = run("gongkai", "portals", "add", "http://www.example.gov.cn/", cwd=tmp_path)
    assert added.returncode == 2
    assert "set a contact first" in added.stderr

"""`gongkai export` as it is typed."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gongkai.cli import main
from tests.conftest import BIN, run


def typed(*words: str | Path) -> Result:
    """`gongkai export` with these words, in this process, which saves the start of another."""
    return CliRunner().invoke(main, ["export", *map(str, words)])


def test_the_panel_goes_to_stdout_if_nobody_says_otherwise(sample_archive: Path) -> None:
    answer = run("gongkai", "export", "--archive", sample_archive)
    assert (answer.returncode, answer.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(answer.stdout)))
    with sqlite3.connect(sample_archive) as db:
        assert len(rows) == db.execute("SELECT count(*) FROM panel").fetchone()[0]
        assert rows[0].keys() >= {"agency", "year", "received", "breaks", "province"}


def test_json_lines_for_the_next_program(sample_archive: Path) -> None:
    answer = run(
        "gongkai", "export", "applications", "--archive", sample_archive, "--format", "jsonl", "--year", "2023"
    )
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    assert {row["year"] for row in rows} == {2023}
    assert {row["row"] for row in rows} >= {"new_received", "granted"}


def test_the_format_is_that_of_the_name(sample_archive: Path, tmp_path: Path) -> None:
    begins = {"x.csv": b"report_id,", "x.jsonl": b'{"report_id"', "x.parquet": b"PAR1", "x.dta": b"<stata_dta>"}
    for name, first in begins.items():
        answer = typed("--archive", sample_archive, "--to", tmp_path / name)
        assert (answer.exit_code, answer.stdout) == (0, ""), answer.stderr
        assert answer.stderr == f"{tmp_path / name}\n"
        assert (tmp_path / name).read_bytes().startswith(first)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(begins)


def test_several_tables_go_into_a_folder(sample_archive: Path, tmp_path: Path) -> None:
    answer = typed("panel", "reports", "--archive", sample_archive, "--to", tmp_path / "out", "--excel")
    assert answer.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["panel.csv", "reports.csv"]
    assert (tmp_path / "out/panel.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_one_table_goes_into_a_folder_that_is_there_or_ends_in_a_slash(sample_archive: Path, tmp_path: Path) -> None:
    for target in (str(tmp_path), f"{tmp_path}/new/"):
        assert typed("--archive", sample_archive, "--to", target, "--format", "jsonl").exit_code == 0
    assert (tmp_path / "panel.jsonl").read_bytes() == (tmp_path / "new/panel.jsonl").read_bytes()


def test_a_data_package_is_made_by_one_command(sample_archive: Path, tmp_path: Path) -> None:
    answer = typed("--archive", sample_archive, "--format", "datapackage", "--to", tmp_path / "out")
    assert answer.exit_code == 0
    pytest.importorskip("frictionless")
    checked = run("frictionless", "validate", "datapackage.json", cwd=tmp_path / "out")
    assert checked.returncode == 0, checked.stdout
    assert "INVALID" not in checked.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["nothing"], "no view or table nothing"),
        (["--year", "last"], "--year last"),
        (["--year", "2019–2023"], "--year"),
        (["--where", "x = 1"], "no such column"),
        (["--format", "parquet"], "standard output"),
        (["--format", "datapackage"], "--to"),
        (["panel", "reports"], "standard output"),
        (["--format", "jsonl", "--excel"], "--excel is for CSV"),
        (["--format", "jsonl", "--exact"], "--exact is for CSV"),
        (["--where", "\x1b[31m"], "panel:"),
    ],
)
def test_wrong_usage_is_said_in_one_line(sample_archive: Path, options: list[str], said: str) -> None:
    answer = typed(*options, "--archive", sample_archive)
    assert (answer.exit_code, answer.stdout, answer.stderr.count("\n")) == (2, "", 1), answer.stderr
    assert said in answer.stderr
    assert "\x1b" not in answer.stderr


def test_no_archive(tmp_path: Path) -> None:
    answer = run("gongkai", "export", "--to", "x.csv", cwd=tmp_path)
    assert (answer.returncode, answer.stderr.count("\n")) == (3, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_has_enough_is_no_error(sample_archive: Path) -> None:
    command = f"{BIN}/gongkai export figures --archive {sample_archive} | head -1"
    answer = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert answer.stdout.startswith("report_id,")
    assert answer.stderr == ""


def test_what_is_not_installed_is_named(sample_archive: Path, tmp_path: Path) -> None:
    """A folder on the path that stands in for an environment without pyarrow."""
    (tmp_path / "pyarrow.py").write_text("raise ModuleNotFoundError(name='pyarrow')\n", encoding="utf-8")
    script = f"import sys; sys.path.insert(0, '{tmp_path}'); from gongkai.cli import main; main()"
    command = [BIN / "python", "-c", script, "export", "--archive", sample_archive, "--to", tmp_path / "x.parquet"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 2
    assert "parquet needs pyarrow: pip install 'gongkai[export]'" in answer.stderr
    assert not (tmp_path / "x.parquet").exists()

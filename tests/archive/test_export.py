"""What is exported comes back as it was, in every format, however hostile the text; and nothing half is ever found."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from archive_samples import reading, requests, visit
from exported import HOSTILE, as_text, from_csv, hostile_archive, stored

from archive.errors import ArchiveError
from archive.export import Choice, ExportError, export
from archive.export.cells import defused, undone
from archive.export.files import replaced_file
from archive.export.stata import stata_names
from archive.publish.codebook import codebook
from archive.publish.publishing import publish
from archive.store import Archive
from tests.conftest import BIN

ALL = Choice()
VIEWS = ("panel", "reports", "figures", "cells", "applications", "disclosure", "review_litigation", "statistics")
TABLES = ("sections", "issues", "captures", "agencies", "applications_values", "active_disclosure_values")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_archive(tmp_path_factory.mktemp("hostile"))


def test_csv_comes_back_as_it_was(hostile: Path, tmp_path: Path) -> None:
    made = export(hostile, (*VIEWS, *TABLES), tmp_path, "csv", ALL)
    assert [path.name for path in made] == [f"{name}.csv" for name in (*VIEWS, *TABLES)]
    for path in made:
        assert from_csv(path, path.stem) == stored(hostile, path.stem), path.stem
    assert {row["title"] for row in from_csv(tmp_path / "reports.csv", "reports")} >= {*HOSTILE, None}


def test_exact_csv_needs_nothing_undone(hostile: Path, tmp_path: Path) -> None:
    (made,) = export(hostile, ["reports"], tmp_path / "x.csv", "csv", ALL, exact=True)
    assert from_csv(made, "reports", exact=True) == stored(hostile, "reports")
    assert "=cmd|" in made.read_text(encoding="utf-8")


def test_no_cell_of_a_csv_is_run_by_a_spreadsheet(hostile: Path, tmp_path: Path) -> None:
    for path in export(hostile, VIEWS, tmp_path, "csv", ALL):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                for cell in row:
                    begins = cell.lstrip("\ufeff \u3000").translate(str.maketrans("＝＋－＠", "=+-@"))
                    is_number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell)
                    assert is_number or not begins.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), cell


def test_numbers_stay_numbers(hostile: Path, tmp_path: Path) -> None:
    (made,) = export(hostile, ["disclosure"], tmp_path / "x.csv", "csv", ALL)
    values = {row["column"]: row["value"] for row in csv.DictReader(made.open(encoding="utf-8"))}
    assert (values["change"], values["procurement_amount"]) == ("-3", "123456789.1")
    assert "0.00001" in made.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [*HOSTILE, "", "公开", "'", "''=x", "'-5", "+5", "-5.0", "- 5", "\u3000=1"])
def test_defusing_can_be_undone(text: str) -> None:
    assert undone(defused(text)) == text
    if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) or text in ("", "公开"):
        assert defused(text) == text


def test_excel_gets_its_mark(hostile: Path, tmp_path: Path) -> None:
    (made,) = export(hostile, ["reports"], tmp_path / "x.csv", "csv", ALL, excel=True)
    assert made.read_bytes().startswith(b"\xef\xbb\xbfreport_id,")
    assert from_csv(made, "reports") == stored(hostile, "reports")


def test_json_lines_come_back_as_they_were(hostile: Path, tmp_path: Path) -> None:
    for path in export(hostile, (*VIEWS, *TABLES), tmp_path, "jsonl", ALL):
        text = path.read_text(encoding="utf-8")
        assert [json.loads(line) for line in text.splitlines()] == stored(hostile, path.stem), path.stem


def test_parquet_comes_back_as_it_was(hostile: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    for path in export(hostile, (*VIEWS, *TABLES), tmp_path, "parquet", ALL):
        rows = [
            {name: f"{cell:%Y-%m-%dT%H:%M:%SZ}" if isinstance(cell, datetime) else cell for name, cell in row.items()}
            for row in parquet.read_table(path).to_pylist()
        ]
        assert rows == stored(hostile, path.stem), path.stem


def test_parquet_has_the_types_and_labels_of_the_codebook(sample_archive: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    types = {"integer": "int64", "number": "double", "text": "string", "moment": "timestamp[s, tz=UTC]"}
    for path in export(sample_archive, ("panel", "reports", "statistics", "sections"), tmp_path, "parquet", ALL):
        schema = parquet.read_schema(path)
        for column in codebook()[path.stem].columns.values():
            field = schema.field(column.name)
            assert str(field.type).replace("ms", "s") == types[column.type], column
            assert field.metadata[b"label_zh"].decode() == column.chinese
        assert schema.metadata[b"version"].decode() in schema.metadata[b"citation_en"].decode()


def test_parquet_opens_in_duckdb(sample_archive: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    (made,) = export(sample_archive, ["panel"], tmp_path / "panel.parquet", "parquet", ALL)
    columns = {row[0]: row[1] for row in duckdb.sql(f"DESCRIBE SELECT * FROM '{made}'").fetchall()}
    assert (columns["received"], columns["fees"], columns["agency"]) == ("BIGINT", "DOUBLE", "VARCHAR")
    total = sum(row["received"] or 0 for row in stored(sample_archive, "panel"))
    assert duckdb.sql(f"SELECT sum(received) FROM '{made}'").fetchall() == [(total,)]


def test_a_count_printed_with_decimals_is_kept(hostile: Path, tmp_path: Path) -> None:
    """Whole columns become numbers then, rather than one count something else."""
    parquet = pytest.importorskip("pyarrow.parquet")
    (made,) = export(hostile, ["panel"], tmp_path / "x.parquet", "parquet", ALL)
    schema = parquet.read_schema(made)
    assert (str(schema.field("carried_in").type), str(schema.field("received").type)) == ("double", "int64")
    assert 2.5 in parquet.read_table(made)["carried_in"].to_pylist()


def test_long_tables_are_written_in_groups(hostile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr("archive.export.parquet.ROWS", 7)
    (made,) = export(hostile, ["reports"], tmp_path / "x.parquet", "parquet", ALL)
    file = parquet.ParquetFile(made)
    assert file.metadata.num_row_groups == -(-len(stored(hostile, "reports")) // 7)
    monkeypatch.setattr("archive.export.parquet.CHARACTERS", 1)
    (made,) = export(hostile, ["sections"], tmp_path / "y.parquet", "parquet", ALL)
    assert parquet.ParquetFile(made).metadata.num_row_groups == len(stored(hostile, "sections"))


def from_stata(path: Path) -> list[dict[str, Any]]:
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_stata(path, convert_missing=False).astype(object)
    rows = frame.where(frame.notna(), None).to_dict("records")
    return [
        {name: f"{cell:%Y-%m-%dT%H:%M:%SZ}" if hasattr(cell, "year") else cell for name, cell in row.items()}
        for row in rows
    ]


def test_stata_comes_back_as_it_was(hostile: Path, tmp_path: Path) -> None:
    for path in export(hostile, (*VIEWS, "sections"), tmp_path, "stata", ALL):
        assert as_text(from_stata(path)) == as_text(stored(hostile, path.stem)), path.stem


def test_stata_has_labels_in_either_language_and_types(sample_archive: Path, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    for language, label in (("en", "Requests received in the year (cases)"), ("zh", "收到申请（件）")):
        (made,) = export(sample_archive, ["panel"], tmp_path / "x.dta", "stata", ALL, labels=language)  # type: ignore[arg-type]
        with pandas.read_stata(made, iterator=True) as reader:
            assert reader.variable_labels()["received"] == label
            assert "version" not in reader.data_label
            assert reader.data_label.startswith("gongkai")
        assert made.read_bytes().startswith(b"<stata_dta><header><release>118</release>")


def test_long_texts_are_kept_whole_in_stata(hostile: Path, tmp_path: Path, sample_archive: Path) -> None:
    (made,) = export(sample_archive, ["sections"], tmp_path / "x.dta", "stata", ALL)
    assert max(len(row["text"].encode()) for row in from_stata(made)) == max(
        len(row["text"].encode()) for row in stored(sample_archive, "sections")
    )


def test_an_empty_table_is_exported_to_all_formats(hostile: Path, tmp_path: Path) -> None:
    for form in ("csv", "jsonl", "parquet", "stata", "datapackage"):
        export(hostile, ["panel"], tmp_path / f"x.{form}", form, Choice(where="0"))  # type: ignore[arg-type]
    assert len((tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()) == 1
    assert (tmp_path / "x.jsonl").read_bytes() == b""
    assert from_stata(tmp_path / "x.stata") == []


def test_stata_takes_every_name() -> None:
    names = ["new_received.total", "new_received_total", "in", "2021", "公开", "x" * 40, "x" * 41, "str12", "panel"]
    made = stata_names(names)
    assert len(set(made)) == len(made)
    assert made[-1] == "panel"
    assert [name for name in made if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]{0,31}", name)] == []
    assert "in" not in made
    assert "str12" not in made


def test_names_that_stata_does_not_take_stand_in_the_label(hostile: Path, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    (made,) = export(hostile, ["applications_values"], tmp_path / "x.dta", "stata", ALL)
    with warnings.catch_warnings(), pandas.read_stata(made, iterator=True) as reader:
        warnings.simplefilter("ignore")
        assert reader.variable_labels()["new_received_total"].startswith("new_received.total: 1. Requests newly")


@pytest.fixture(scope="module")
def package(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package") / "gongkai"
    assert export(hostile, (), folder, "datapackage", ALL) == [folder]
    return folder


def test_the_data_package_is_valid(package: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(package / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    assert len(report.tasks) == 8


def test_the_data_package_is_invalid_when_a_byte_has_changed(package: Path, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    for path in package.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    panel = tmp_path / "panel.csv"
    panel.write_bytes(panel.read_bytes().replace(b"2012", b"2011", 1))
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid


def test_the_data_package_comes_back_as_it_was(package: Path, hostile: Path) -> None:
    """By the types that it says itself; texts with their apostrophes taken away."""
    frictionless = pytest.importorskip("frictionless")
    for resource in frictionless.Package(str(package / "datapackage.json")).resources:
        if not resource.name.startswith("codebook"):
            rows = [{name: back(cell) for name, cell in row.items()} for row in resource.read_rows()]
            assert as_text(rows) == as_text(stored(hostile, resource.name)), resource.name
            assert from_csv(package / resource.path, resource.name) == stored(hostile, resource.name)


def back(cell: object) -> object:
    if isinstance(cell, str):
        return undone(cell)
    if isinstance(cell, datetime):
        return f"{cell.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return float(cell) if type(cell).__name__ == "Decimal" else cell


def test_the_data_package_explains_itself(package: Path) -> None:
    described = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    assert {path.name for path in package.iterdir()} == {
        "datapackage.json", "README.md", "LICENSE", *(resource["path"] for resource in described["resources"])
    }  # fmt: skip
    readme = (package / "README.md").read_text(encoding="utf-8")
    assert described["version"] in readme
    assert "apostrophe" in readme
    assert described["licenses"] == [{"name": "MIT", "path": "LICENSE"}]
    explained = {
        (row["name"], row["column"]) for row in csv.DictReader((package / "codebook.csv").open(encoding="utf-8"))
    }
    for resource in described["resources"]:
        if not resource["name"].startswith("codebook"):
            assert {(resource["name"], field["name"]) for field in resource["schema"]["fields"]} < explained


def test_a_package_takes_the_place_of_a_package_and_of_nothing_else(hostile: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for name in ("panel", "reports"):
        export(hostile, [name], folder, "datapackage", ALL)
    assert not (folder / "panel.csv").exists()
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/chapter1.txt").write_text("…", encoding="utf-8")
    with pytest.raises(ExportError, match="left alone"):
        export(hostile, ["panel"], tmp_path / "thesis", "datapackage", ALL)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "thesis"]
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter1.txt"]


def test_what_was_chosen_is_what_comes(hostile: Path, tmp_path: Path) -> None:
    everything = stored(hostile, "panel")
    chosen = {
        Choice(years=((2003, 2003), (2010, 2012))): [
            row for row in everything if row["year"] in (2003, 2010, 2011, 2012)
        ],
        Choice(provinces=("江苏",)): [row for row in everything if row["province"] == "江苏省"],
        Choice(where="received > 12"): [row for row in everything if (row["received"] or 0) > 12],
        Choice(where="year = 2003 OR year = 2004 -- both"): [row for row in everything if row["year"] in (2003, 2004)],
        Choice(years=((2003, 2003),), where="0 OR 1"): [row for row in everything if row["year"] == 2003],
    }
    for choice, rows in chosen.items():
        assert rows
        (made,) = export(hostile, [], tmp_path / "x.jsonl", "jsonl", choice)
        assert [json.loads(line) for line in made.read_text(encoding="utf-8").splitlines()] == rows, choice


@pytest.mark.parametrize(
    ("tables", "choice", "said"),
    [
        (["nothing"], ALL, "no view or table nothing"),
        (["sqlite_master"], ALL, "no view or table"),
        (["panel; DROP TABLE agencies"], ALL, "no view or table"),
        (["captures"], Choice(years=((2021, 2021),)), "no column year"),
        (["sections"], Choice(provinces=("江苏",)), "no column province"),
        (["panel"], Choice(where="x = 1"), "no such column"),
        (["panel"], Choice(where="1); DELETE FROM agencies; --"), "panel:"),
        (["panel"], Choice(where="received >"), "panel:"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(
    hostile: Path, tmp_path: Path, tables: list[str], choice: Choice, said: str
) -> None:
    before = hostile.read_bytes()
    with pytest.raises(ExportError, match=said) as caught:
        export(hostile, tables, tmp_path / "x.csv", "csv", choice)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
    assert hostile.read_bytes() == before


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "stata", "datapackage"])
def test_what_fails_half_way_leaves_what_was_there(hostile: Path, tmp_path: Path, form: str) -> None:
    """The condition overflows at the fifth report."""
    half = Choice(where="CASE WHEN report_id > 4 THEN abs(-9223372036854775807 - 1) ELSE 1 END")
    target = tmp_path / "x"
    export(hostile, ["reports"], target, form, ALL)  # type: ignore[arg-type]
    before = contents(target)
    with pytest.raises(ExportError, match="overflow"):
        export(hostile, ["reports"], target, form, half)  # type: ignore[arg-type]
    assert contents(target) == before
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def contents(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (path.iterdir() if path.is_dir() else [path])}


def test_places_where_nothing_can_be_written(hostile: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for target, said in ((Path("/dev/null"), "no plain file"), (tmp_path / "file/x.csv", "Not a directory")):
        with pytest.raises(ExportError, match=said):
            export(hostile, ["panel"], target, "csv", ALL)
    assert Path("/dev/null").is_char_device()


def test_an_archive_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no such archive"):
        export(tmp_path / "none.db", [], tmp_path / "x.csv", "csv", ALL)


def test_all_tables_are_as_of_one_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report is filed after each file is begun; none of the files has it."""
    with Archive.open(tmp_path / "archive.db") as archive:
        visit(archive, reading(year=2020), "https://www.example.gov.cn/2020")
        years = iter((2021, 2022, 2023))

        @contextmanager
        def begun(target: Path) -> Iterator[Path]:
            with replaced_file(target) as draft:
                year = next(years)
                visit(archive, reading(year=year), f"https://www.example.gov.cn/{year}")
                yield draft

        monkeypatch.setattr("archive.export.writing.replaced_file", begun)
        made = export(archive.path, ["reports", "panel", "figures"], tmp_path / "out", "jsonl", ALL)
        for path in made:
            assert {json.loads(line)["year"] for line in path.read_text(encoding="utf-8").splitlines()} == {2020}
        assert len(stored(archive.path, "reports")) == 4


def test_a_number_that_a_format_cannot_hold_is_an_error_and_never_rounded(tmp_path: Path) -> None:
    huge = 2**60 + 1
    with Archive.open(tmp_path / "archive.db") as archive:
        visit(archive, reading(cells=requests("new_received", huge)))
        path = archive.path
    for form in ("csv", "jsonl", "parquet"):
        (made,) = export(path, ["applications"], tmp_path / f"x.{form}", form, ALL)  # type: ignore[arg-type]
        assert form == "parquet" or str(huge) in made.read_text(encoding="utf-8")
    parquet = pytest.importorskip("pyarrow.parquet")
    assert huge in parquet.read_table(tmp_path / "x.parquet")["total"].to_pylist()
    for name, form in (("figures", "parquet"), ("figures", "stata"), ("applications", "stata")):
        with pytest.raises(ExportError, match=name):
            export(path, [name], tmp_path / "none", form, ALL)  # type: ignore[arg-type]
    assert not (tmp_path / "none").exists()


def test_only_one_table_of_text_goes_to_a_stream(hostile: Path) -> None:
    stream = io.BytesIO()
    assert export(hostile, ["reports"], stream, "jsonl", ALL) == []
    assert [json.loads(line) for line in stream.getvalue().decode().splitlines()] == stored(hostile, "reports")
    for tables, form in ((["panel", "reports"], "csv"), (["panel"], "parquet"), (["panel"], "datapackage")):
        with pytest.raises(ExportError, match=r"--to|standard output"):
            export(hostile, tables, io.BytesIO(), form, ALL)  # type: ignore[arg-type]


def test_the_published_file_is_exported_too_and_a_table_of_ones_own(hostile: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    made = publish(hostile, tmp_path / "gongkai.db").path
    command = [
        BIN / "sqlite-utils",
        "create-view",
        made,
        "mine",
        "SELECT year, avg(received) AS mean, 'x' AS name FROM panel GROUP BY 1",
    ]
    subprocess.run(command, check=True, timeout=60)
    export(made, ["codebook", "dataset_info"], tmp_path, "csv", ALL)
    assert from_csv(tmp_path / "codebook.csv", "codebook") == stored(made, "codebook")
    (mine,) = export(made, ["mine"], tmp_path / "mine.parquet", "parquet", ALL)
    assert [str(field.type) for field in parquet.read_schema(mine)] == ["int64", "double", "string"]
    assert parquet.read_table(mine).to_pylist() == stored(made, "mine")


def test_sqlite_utils_takes_json_lines_and_csv_back(hostile: Path, tmp_path: Path) -> None:
    export(hostile, ["applications"], tmp_path, "jsonl", ALL)
    command = [
        sys.executable,
        "-m",
        "sqlite_utils",
        "insert",
        tmp_path / "back.db",
        "applications",
        tmp_path / "applications.jsonl",
        "--nl",
    ]
    subprocess.run(command, check=True, timeout=60)
    from sqlite_utils import Database

    assert list(Database(tmp_path / "back.db")["applications"].rows) == stored(hostile, "applications")


def test_an_archive_is_not_replaced_by_what_is_exported_from_it(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    before = path.read_bytes()
    linked = tmp_path / "panel.csv"
    linked.symlink_to(path)
    for to in (path, linked, tmp_path):
        with pytest.raises(ExportError, match="is the archive itself"):
            export(path, (), to, "csv", Choice())
    assert path.read_bytes() == before

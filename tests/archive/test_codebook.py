"""The codebook explains every column in both languages, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from archive.publish.codebook import codebook, value_lists
from archive.publish.documenting import PAGE, updated
from archive.publish.publishing import publish
from archive.reading import open_for_reading
from archive.store import Archive
from pipelines.forms import definitions
from pipelines.forms.definitions import all_figures, forms_folder, load_forms
from tests.conftest import ROOT

HAN = re.compile("[\u4e00-\u9fff]")
LATIN = re.compile("[A-Za-z]")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published file of an empty archive: all its views and tables, and those that only it has."""
    folder = tmp_path_factory.mktemp("published")
    Archive.open(folder / "archive.db").close()
    return publish(folder / "archive.db", folder / "gongkai.db").path


def there(path: Path) -> dict[str, list[str]]:
    """Columns by view and table, in order."""
    db = open_for_reading(path)
    indexes = tuple(
        f"{row[0]}_" for row in db.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%VIRTUAL TABLE%'")
    )
    ours = ("_", "sqlite_", *indexes)  # of SQLite, of its libraries, and the tables behind a search index
    names = [name for name in (*db.view_names(), *db.table_names()) if not name.startswith(ours)]
    found = {name: [column.name for column in db[name].columns] for name in names}
    db.close()
    return found


def test_every_column_of_every_view_and_table_is_explained(published: Path) -> None:
    explained = {name: set(relation.columns) for name, relation in codebook().items()}
    for name, columns in there(published).items():
        assert name in explained, f"{name} is not in data/codebook.yaml"
        missing = [column for column in columns if column not in explained[name]]
        assert not missing, f"{name}: {missing} not in data/codebook.yaml"


def test_nothing_is_explained_that_is_not_there(published: Path) -> None:
    columns = there(published)
    for name, relation in codebook().items():
        assert name in columns, name
        assert not set(relation.columns) - set(columns[name]), name


def test_views_are_explained_in_the_order_of_their_columns(published: Path) -> None:
    columns = there(published)
    for name, relation in codebook().items():
        if relation.kind == "view":
            assert list(relation.columns) == columns[name], name


@pytest.mark.parametrize("name", sorted(codebook()))
def test_everything_is_explained_in_both_languages(name: str) -> None:
    relation = codebook()[name]
    for explained in (relation, *relation.columns.values()):
        assert HAN.search(explained.chinese), explained
        assert LATIN.search(explained.english), explained
    for column in relation.columns.values():
        assert column.unit is None or (HAN.search(column.unit) and column.unit_english != column.unit), column
        assert bool(column.note_chinese) == bool(column.note_english), column
        assert len(column.english) <= 130, column  # a label, not a story


def test_every_value_of_a_column_is_explained_in_both_languages() -> None:
    assert {"scope", "trust", "form", "level", "kind", "state"} <= set(value_lists())
    for relation in codebook().values():
        for column in relation.columns.values():
            for value in column.values:
                assert HAN.search(value.chinese), (relation.name, column.name, value)
                assert LATIN.search(value.english), (relation.name, column.name, value)


def test_names_of_columns_that_researchers_use_fit_stata() -> None:
    for relation in codebook().values():
        if relation.kind == "view":
            assert [name for name in relation.columns if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]{0,31}", name)] == []


def test_the_keys_tell_the_rows_apart(sample_archive: Path) -> None:
    db = open_for_reading(sample_archive)
    for name, relation in codebook().items():
        if db[name].exists() and relation.key:
            key = ", ".join(f'"{column}"' for column in relation.key)
            doubles = db.execute(f'SELECT {key} FROM "{name}" GROUP BY {key} HAVING count(*) > 1').fetchall()
            assert doubles == [], name
    db.close()


def test_what_a_column_holds_is_of_its_type_and_among_its_values(sample_archive: Path) -> None:
    db = open_for_reading(sample_archive)
    types = {"integer": {"integer"}, "number": {"integer", "real"}}
    for name, relation in codebook().items():
        if not db[name].exists():
            continue
        asked = ", ".join(f'group_concat(DISTINCT typeof("{column}"))' for column in relation.columns)
        found = db.execute(f'SELECT {asked} FROM "{name}"').fetchone()
        for column, held_types in zip(relation.columns.values(), found, strict=True):
            held = {*(held_types or "null").split(",")} - {"null"}
            assert held <= types.get(column.type, {"text"}), (name, column.name)
            if column.values:
                held = {str(row[0]) for row in db.execute(f'SELECT DISTINCT "{column.name}" FROM "{name}"')} - {"None"}
                assert held <= {value.value for value in column.values} | {""}, (name, column.name)
    db.close()


def test_the_docs_are_in_step() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    assert page == updated(page), "run `make docs`"


def test_docs_that_lost_their_marks_are_not_written() -> None:
    with pytest.raises(ValueError, match="lacks a mark"):
        updated("# The archive\n")


def test_every_label_of_the_forms_has_its_english() -> None:
    for path in forms_folder().glob("*.yaml"):
        for entry in entries(yaml.safe_load(path.read_text(encoding="utf-8"))):
            assert LATIN.search(entry["english"]), entry
            assert not HAN.search(entry["english"]), entry
    for figure in all_figures().values():
        assert figure.row_english, figure
        assert figure.column_english, figure


def test_english_does_not_influence_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms without any English are recognised by the same words, and have the same figures and rules."""
    for path in forms_folder().glob("*.yaml"):
        text = re.sub(r'(, |\n +|\n)(head_)?english: ("[^"]*"|[^,}\n]*)', "", path.read_text(encoding="utf-8"))
        assert "english" not in text
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    known = load_forms()
    monkeypatch.setattr(definitions, "forms_folder", lambda: tmp_path)
    bare = load_forms.__wrapped__()
    for form in known.values():
        assert form.rules == bare[form.id].rules
        for block, other in zip(form.blocks, bare[form.id].blocks, strict=True):
            assert block.figures() == other.figures()
            for label, without in zip((*block.rows, *block.columns), (*other.rows, *other.columns), strict=True):
                assert (label.keys, label.wordings, label.unit) == (without.keys, without.wordings, without.unit)
                assert without.english == without.text


def entries(part: object) -> list[dict[str, str]]:
    """Everything in a form file that has a label, a title, a caption or a name."""
    found: list[dict[str, str]] = []
    if isinstance(part, dict):
        if {"label", "title", "caption", "name"} & part.keys():
            found.append(part)
        for inner in part.values():
            found += entries(inner)
    elif isinstance(part, list):
        for inner in part:
            found += entries(inner)
    return found

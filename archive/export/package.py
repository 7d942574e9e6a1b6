"""A Frictionless data package: a folder with a CSV for each table, its codebook, and a description that programs read.

The CSV files are those of a plain export, cells that a spreadsheet would run defused, because somebody will open them
with one; `exact` writes them as they are. specs.frictionlessdata.io says what stands in `datapackage.json`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.export.cells import csv_lines
from archive.export.choosing import Row, Selection
from archive.publish.codebook import Column, Type, codebook
from archive.publish.codebook_rows import column_rows, value_rows
from archive.shipped import shipped_or_top

MARK = "datapackage.json"
"""The file by which a folder is known to be a data package."""

PACKAGED = ("panel", "reports", "applications", "disclosure", "review_litigation", "statistics")
"""What is in a package if nobody says: the panel, and all figures, tidy by table."""

_TYPES: Mapping[Type, dict[str, str]] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "text": {"type": "string"},
    "moment": {"type": "datetime", "format": "default"},
    "date": {"type": "date", "format": "default"},
}

_README = """# {title}

{title_zh}

Version {version}, made {made_at}. Licence: {licence}. {licence_note}

Please cite it as

> {citation_en}

> {citation_zh}

| file | what it is | |
|---|---|---|
{files}
| `codebook.csv` | what every column means, in English and Chinese | 各列说明 |
| `codebook_values.csv` | the values that a column may take | 各列取值 |
| `datapackage.json` | the same for programs: types, keys, labels, digests | |

The files are CSV in UTF-8. Nothing between two commas is null: "not given", never 0; an empty text is `""`. Moments are
UTC. {defused}
"""

_DEFUSED = (
    "A text that a spreadsheet could take for a formula has an apostrophe in front: of texts that match"
    " `^'+(\\s*[=+\\-@＝＋－＠﹦﹢﹣﹫]|[\\t\\r\\n])` remove the first character to have the printed text. Numbers are"
    " as they are."
)
_EXACT = "Texts are as printed: do not open these files with a spreadsheet, which would run those that begin with `=`."


def write_package(
    db: Database, selections: Iterable[Selection], folder: Path, facts: Mapping[str, str | int], *, exact: bool
) -> None:
    """Fills an empty folder with the package of these selections, whose types are those of their values."""
    chosen = list(selections)
    resources = [
        _resource(folder, selection, selection.rows(db), _sentence(selection.name), exact) for selection in chosen
    ]
    named = [(selection.name, selection.columns) for selection in chosen]
    for name, rows in (("codebook", column_rows(named)), ("codebook_values", value_rows(named))):
        columns = tuple(codebook()[name].columns.values())
        about = Selection(name, columns, codebook()[name].key, "", ())
        resources.append(_resource(folder, about, rows, _sentence(name), exact))
    (folder / MARK).write_text(_json(_description(facts, resources)), encoding="utf-8")
    (folder / "README.md").write_text(_readme(facts, chosen, exact), encoding="utf-8")
    licence = shipped_or_top("LICENSE").read_text(encoding="utf-8")
    (folder / "LICENSE").write_text(f"{licence}\n{facts['licence_note']}\n", encoding="utf-8")


def _resource(folder: Path, selection: Selection, rows: Iterable[Row], about: str, exact: bool) -> dict[str, Any]:
    """Writes one table and describes it."""
    path = folder / f"{selection.name}.csv"
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as stream:
        for line in csv_lines([column.name for column in selection.columns], rows, exact=exact):
            data = line.encode()
            stream.write(data)
            digest.update(data)
            size += len(data)
    schema: dict[str, Any] = {"fields": [_field(column) for column in selection.columns], "missingValues": [""]}
    if selection.key:
        schema["primaryKey"] = list(selection.key)
    return {
        "name": selection.name,
        "type": "table",
        "profile": "tabular-data-resource",
        "path": path.name,
        "description": about,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest.hexdigest()}",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, str]:
    field = {"name": column.name, **_TYPES[column.type], "title": column.english, "title_zh": column.chinese}
    notes = {"description": column.note_english, "description_zh": column.note_chinese}
    units = {"unit": column.unit or "", "unit_en": column.unit_english or ""}
    return field | {name: text for name, text in (notes | units).items() if text}


def _description(facts: Mapping[str, str | int], resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": "gongkai",
        "title": facts["title"],
        "title_zh": facts["title_zh"],
        "description": f"{facts['licence_note']} Cite as: {facts['citation_en']}",
        "version": facts["version"],
        "created": facts["made_at"],
        "licenses": [{"name": facts["licence"], "path": "LICENSE"}],
        "contributors": [{"title": facts["authors"], "role": "author"}],
        **({"homepage": facts["homepage"]} if "homepage" in facts else {}),
        "resources": resources,
    }


def _readme(facts: Mapping[str, str | int], selections: list[Selection], exact: bool) -> str:
    files = "\n".join(f"| `{s.name}.csv` | {_sentence(s.name)} | {_chinese(s.name)} |" for s in selections)
    return _README.format(**facts, files=files, defused=_EXACT if exact else _DEFUSED)


def _sentence(name: str) -> str:
    return codebook()[name].english if name in codebook() else name


def _chinese(name: str) -> str:
    return codebook()[name].chinese if name in codebook() else ""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"

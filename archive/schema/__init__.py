"""The tables and views of the archive: how they are made, and how an older file is brought up to date.

`steps` holds the migrations, which are only ever added to. What follows from the files that ship is made anew whenever
those change: the columns of the value tables (`values`), what and where each agency is (`agencies.describing`), the
rows of the panel (`panel`) and all views (`views`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from sqlite_utils import Database

from archive.agencies import describing
from archive.errors import ArchiveError
from archive.schema import panel, values, views
from archive.schema.steps import migrations
from pipelines.forms.definitions import all_figures


def refuse_newer(db: Database) -> None:
    """Raises ArchiveError when a newer program has changed the tables in ways that this one knows nothing of."""
    ours = {migration.name for migration in migrations.pending(Database(memory=True))}
    newer = [migration.name for migration in migrations.applied(db) if migration.name not in ours]
    if newer:
        raise ArchiveError(f"made by a newer version of gongkai (schema step {newer[-1]}); please update gongkai")


def newest_step() -> str:
    """The name of the step up to which this program brings an archive."""
    return str(migrations.pending(Database(memory=True))[-1].name)


def is_settled(db: Database) -> bool:
    """Whether neither the tables nor anything that follows from the form files has to be brought up to date."""
    return not migrations.pending(db) and not _outdated_figures(db) and not _outdated(db)


def settle(db: Database) -> None:
    """Brings all of it up to date, inside the transaction that the caller has open, with foreign keys not enforced."""
    if migrations.pending(db):
        views.drop_views(db)  # a view on a table that a step changes would stop the step
        migrations.apply(db)
        db.execute("DELETE FROM derived")
    values.make_tables(db)
    db.table("figure_definitions").upsert_all(_outdated_figures(db), pk="figure")
    stored = dict(db.execute("SELECT name, digest FROM derived").fetchall())
    for name, digest in _digests().items():
        if stored.get(name) != digest:
            _DERIVED[name][1](db)
            db.table("derived").upsert({"name": name, "digest": digest}, pk="name")


_DERIVED: Mapping[str, tuple[Callable[[], str], Callable[[Database], None]]] = {
    "agencies": (describing.wording, describing.describe_all),
    "panel": (panel.wording, panel.make_table),
    "views": (views.wording, views.make_views),
}
"""What is made anew as a whole when its wording has changed; in this order."""


def _digests() -> dict[str, str]:
    return {name: hashlib.sha256(wording().encode()).hexdigest() for name, (wording, _) in _DERIVED.items()}


def _outdated(db: Database) -> bool:
    stored = dict(db.execute("SELECT name, digest FROM derived").fetchall())
    return any(stored.get(name) != digest for name, digest in _digests().items())


def _outdated_figures(db: Database) -> list[dict[str, str | None]]:
    stored = {row["figure"]: row for row in db["figure_definitions"].rows}
    wanted = [
        {
            "figure": figure.id,
            "form_table": figure.table,
            "row": figure.row,
            "form_column": figure.column,
            "row_label": figure.row_label,
            "column_label": figure.column_label,
            "unit": figure.unit,
            "forms": " ".join(figure.forms),
        }
        for figure in all_figures().values()
    ]
    return [row for row in wanted if not row.items() <= stored.get(str(row["figure"]), {}).items()]

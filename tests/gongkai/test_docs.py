"""Docs cannot drift: commands, options, settings, tables, columns, issues and exit codes are all documented."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from archive import Archive
from crawler import settings
from crawler.options import Options
from crawler.platforms import PLATFORMS
from crawler.portals import CONFIRMED, LEVELS, OPTIONAL, REQUIRED
from crawler.verdict import EXIT_CODES
from gongkai.cli import main
from pipelines.forms.definitions import load_forms
from tests.conftest import ROOT
from tests.gongkai.in_process import gongkai

DOCS = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}


def commands_of(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    """(name, command) of everything that can be called: `crawl`, `portals`, `portals list`."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield above + name, command
        if isinstance(command, click.Group):
            yield from commands_of(command, f"{above}{name} ")


COMMANDS = dict(commands_of(main))


def test_groups_are_looked_into() -> None:
    assert {"crawl", "portals", "portals list", "portals check"} <= set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_documented(name: str) -> None:
    heading = f"\n{'##' + '#' * name.count(' ')} `gongkai {name}`\n"
    assert DOCS["cli.md"].count(heading) == 1
    section = re.split(r"\n##+ ", DOCS["cli.md"].split(heading)[1])[0]
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Argument) and " " in name:
            assert parameter.make_metavar(click.Context(COMMANDS[name])) in section
        for option in parameter.opts:
            if isinstance(parameter, click.Option) and option.startswith("-"):
                assert f"`{option}" in section, option


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(name: str) -> None:
    shown = gongkai(*name.split(), "--help")
    assert shown.returncode == 0
    assert "Example:" in shown.stdout
    assert f"gongkai {name}" in shown.stdout.split("Example:")[1]


def test_every_setting_is_documented() -> None:
    for field in fields(Options):
        assert f"| `{field.name}` |" in DOCS["settings.md"]
    for name in (name for name in vars(settings) if name.startswith("GONGKAI_")):
        assert f"`{name}`" in DOCS["settings.md"]
    for column in (*REQUIRED, *OPTIONAL):
        assert f"| `{column}` |" in DOCS["settings.md"]
    for value in (*PLATFORMS, *LEVELS, *CONFIRMED):
        assert f"`{value}`" in DOCS["settings.md"], value


def test_every_exit_code_is_documented() -> None:
    for verdict, code in EXIT_CODES.items():
        assert f"| {code} | `{verdict}` |" in DOCS["cli.md"]


def test_every_table_view_and_column_is_documented(tmp_path: Path) -> None:
    Archive.open(tmp_path / "archive.db").close()
    with sqlite3.connect(tmp_path / "archive.db") as db:
        names = db.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view', 'virtual')"
            " AND name NOT LIKE '!_%' ESCAPE '!' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        )
        for (name,) in names.fetchall():
            assert f"### `{name}`" in DOCS["archive.md"], name
            section = DOCS["archive.md"].split(f"### `{name}`")[1].split("\n#")[0]
            columns = db.execute(f'PRAGMA table_info("{name}")').fetchall()
            if "| the figures | |" in section or "| the indicators | |" in section:
                columns = columns[:1]  # one line for all that the form files explain; tests/archive/test_codebook.py
            for row in columns:
                assert f"| `{row[1]}` |" in section, (name, row[1])


def test_every_issue_code_of_the_reader_is_documented() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "pipelines").rglob("*.py"))
    codes = set(re.findall(r'Issue\(\s*"(\w+)"', source)) | set(
        re.findall(r'lost_row\(\s*block, label, "(\w+)"', source)
    )
    assert len(codes) > 10
    for code in codes:
        assert f"`{code}`" in DOCS["reading.md"], code


def test_every_relation_of_a_rule_is_documented() -> None:
    for form in load_forms().values():
        for rule in form.rules:
            assert f"| `{rule.relation}` |" in DOCS["forms.md"]


def test_links_between_the_docs_lead_somewhere() -> None:
    names = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "data/README.md")
    pages = {*(ROOT / name for name in names), *(ROOT / "docs").glob("*.md")}
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), (page.name, target)

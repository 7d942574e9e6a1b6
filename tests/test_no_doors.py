"""What the tree must not contain and a running crawl must not open: ways in for whoever can write a file."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BIN, ROOT
from tests.crawler.processes import PROC, family, listening, until
from tests.servers import Answer, Server

ROOMS = ("crawler", "pipelines", "archive", "gongkai")
UNPICKLERS = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "jsonpickle"}
CALLS = {"eval", "exec", "read_pickle", "full_load", "unsafe_load", "allow_pickle", "fetch_via_pickle"}
SAFE = {"yaml.BaseLoader", "_LOADER"}
SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def names(tree: ast.AST) -> Iterator[str]:
    """Modules that are imported; builtin functions, methods and keywords that are used; names that are set."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node, ast.Attribute) and node.attr not in ("eval", "exec"):
            yield node.attr
        elif isinstance(node, ast.keyword):
            yield node.arg or ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value if node.value == "JOBDIR" else ""
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_unpickled_and_no_text_is_run(room: str) -> None:
    sources = [path for path in SOURCES if path.relative_to(ROOT).parts[0] == room]
    assert sources
    found = {
        (str(path.relative_to(ROOT)), name)
        for path in sources
        for name in set(names(ast.parse(path.read_text(encoding="utf-8")))) & (UNPICKLERS | CALLS | {"JOBDIR"})
    }
    assert found == set()


def test_yaml_is_only_read_safely() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "load":
                loader = [ast.unparse(word.value) for word in node.keywords if word.arg == "Loader"]
                loader += [ast.unparse(word) for word in node.args[1:]]
                owner = ast.unparse(node.func.value)
                assert owner != "yaml" or any(word in SAFE for word in loader), path


@pytest.mark.skipif(not PROC.exists(), reason="looks at processes in /proc")
def test_a_running_crawl_listens_nowhere(tmp_path: Path) -> None:
    with Server({"/": Answer(b"<html></html>", wait=20)}) as server:
        url = server.url("/")
        portals = tmp_path / "portals.csv"
        portals.write_text(f"portal_id,name,division_code,home_url,column_url,platform\np,A,,{url},{url},\n")
        command = [BIN / "gongkai", "crawl", "--portals", portals, "--archive", tmp_path / "archive.db"]
        environment = {**os.environ, "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
        crawl = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL, env=environment)
        try:
            assert until(lambda: "/" in server.log)
            assert [place for pid in family(crawl.pid) for place in listening(pid)] == []
        finally:
            crawl.send_signal(signal.SIGTERM)
            server.release()
            crawl.wait(60)
        # Scrapy keeps the token of its remote control, which runs any code, in a file of that folder.
        assert sorted(path.name for path in tmp_path.rglob("*.json")) == []

"""Settings of `gongkai.toml` and the environment, and what becomes of nonsense."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.options import Options, OptionsError, load_options
from tests.conftest import run


def test_defaults_file_and_environment(tmp_path: Path) -> None:
    assert load_options(tmp_path, {}) == Options()
    (tmp_path / "gongkai.toml").write_text('contact = "a@example.org"\ndelay = 3\n', encoding="utf-8")
    assert load_options(tmp_path, {}).delay == 3.0
    chosen = load_options(tmp_path, {"GONGKAI_DELAY": "0.5", "GONGKAI_WORKERS": "2", "HOME": "/"})
    assert (chosen.contact, chosen.delay, chosen.workers) == ("a@example.org", 0.5, 2)


@pytest.mark.parametrize(
    ("text", "environment", "complaint"),
    [
        ("contakt = 'x'", {}, "unknown setting 'contakt'"),
        ("contact = ", {}, "gongkai.toml"),
        ("delay = 'soon'", {}, "setting delay"),
        ("delay = -1", {}, "negative"),
        ("", {"GONGKAI_WORKERS": "many"}, "setting workers"),
    ],
)
def test_nonsense_is_named(tmp_path: Path, text: str, environment: dict[str, str], complaint: str) -> None:
    (tmp_path / "gongkai.toml").write_text(text, encoding="utf-8")
    with pytest.raises(OptionsError, match=complaint):
        load_options(tmp_path, environment)


def test_the_command_says_it_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "gongkai.toml").write_text("contakt = 'x'\n", encoding="utf-8")
    answer = run("gongkai", "crawl", "--sample", cwd=tmp_path)
    assert answer.returncode == 2
    (line,) = answer.stderr.splitlines()
    assert "unknown setting 'contakt'" in line

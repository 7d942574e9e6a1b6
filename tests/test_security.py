"""SECURITY.md names a module and a test for every guard, and all of them are there."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

TEXT = re.sub("<!--.*?-->", "", (ROOT / "SECURITY.md").read_text(encoding="utf-8"), flags=re.DOTALL)
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", TEXT)))
GUARDS = [line for line in TEXT.splitlines() if line.startswith("| ") and line.count(" | ") == 3]


def test_there_is_much_to_look_for() -> None:
    assert len(NAMED) > 50
    assert len(GUARDS) > 25


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_what_is_named_is_there(file: str, test: str) -> None:
    assert (ROOT / file).is_file()
    assert not test or re.search(rf"^ *(async )?def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert bool(test) == file.startswith("tests/"), "a guard is a module, and what tests it is one function"


@pytest.mark.parametrize("row", [row for row in GUARDS if not row.startswith("| threat")])
def test_every_guard_says_where_it_is_and_what_tests_it(row: str) -> None:
    _, guard, where, tested = row.strip("| ").split(" | ")
    assert guard
    assert re.search(r"`[\w/]+\.py`", where)
    assert re.search(r"`tests/[\w/]+\.py::test_\w+`", tested)


def test_every_guard_of_the_crawl_is_explained() -> None:
    """The doors that Scrapy opens or that a body may come through, as crawler/settings.py shuts them."""
    from crawler import settings
    from crawler.downloading import BoundedHandler
    from crawler.tls import SecureHandler

    ours = {"http": "crawler.downloading.BoundedHandler", "https": "crawler.tls.SecureHandler"}
    assert issubclass(SecureHandler, BoundedHandler)
    assert {"file": None, "data": None, "ftp": None, "s3": None, **ours} == settings.DOWNLOAD_HANDLERS
    doors = (settings.TELNETCONSOLE_ENABLED, settings.REMOTE_CONTROL_ENABLED, settings.COOKIES_ENABLED)
    assert not any(doors)
    for middleware in (*settings.DOWNLOADER_MIDDLEWARES, settings.TWISTED_DNS_RESOLVER):
        if middleware.startswith("crawler."):
            assert f"`{middleware.rpartition('.')[0].replace('.', '/')}.py`" in TEXT, middleware

"""The sample archive and a hostile one as running sites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.site import RunningSite
from tests.site.visiting import make_hostile


@pytest.fixture(scope="session")
def sample_site(sample_archive: Path) -> Iterator[str]:
    """The address of the site of the sample portal's archive."""
    with RunningSite(sample_archive) as site:
        yield site.url


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site of an archive in which all that came from the web is a script."""
    path = tmp_path_factory.mktemp("hostile") / "archive.db"
    make_hostile(path)
    with RunningSite(path) as site:
        yield site.url

"""One Dask cluster for the tests of a module: it takes five seconds to start, and is never quite idle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gongkai.cluster import Cluster


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and three workers. A test that kills one starts another."""
    with Cluster(tmp_path_factory.mktemp("dask")) as cluster:
        yield cluster

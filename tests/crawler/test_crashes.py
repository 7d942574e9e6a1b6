"""The short form of `make crashes`: a crawl that is killed, stopped and out of disk leaves what any other leaves."""

from __future__ import annotations

import sys

import pytest

from tests.crawler.crashes import VICTIMS, run, sample

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


def test_nothing_is_lost_and_nothing_twice() -> None:
    with sample() as crawls:
        run(crawls, len(VICTIMS), seed=7)
        assert sum(crawls.kills.values()) >= len(VICTIMS)

"""The benchmark of the crawl in a short form: both sides fetch the same, nothing is lost, all costs are told."""

from __future__ import annotations

import re

import pytest

from benchmarks.crawling.__main__ import main
from benchmarks.crawling.portal import build


def test_both_sides_are_measured_and_every_figure_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    """How quick they are is not judged here: the machine may be busy, and starting up counts for more than 40 pages."""
    assert main(["--reports", "40", "--rounds", "1", "--least", "0"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("40 reports in 42 pages of ")
    (bare,) = re.findall(r"^bare .* (\d+) requests$", said, re.MULTILINE)
    (ours,) = re.findall(r"^ours .* (\d+) requests$", said, re.MULTILINE)
    assert int(bare) == 42
    assert int(ours) == 43  # and robots.txt
    for part in ("first thread", "other threads", "the process that writes", "other processes below", "the portal"):
        assert len(re.findall(rf"^  {part}.*\d ms a page$", said, re.MULTILINE)) == 2, part
    assert re.search(r"^ratio: \d\.\d\d of the rate", said, re.MULTILINE)


def test_a_crawl_that_loses_a_figure_is_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_another_figure(wanted: int) -> object:
        site = build(wanted)
        site.facts[0].printed["applications.new_received.total"] = "4711"
        return site

    monkeypatch.setattr("benchmarks.crawling.__main__.build", with_another_figure)
    with pytest.raises(RuntimeError, match=r"new_received\.total: .* but 4711 is printed"):
        main(["--reports", "2", "--rounds", "1"])

"""Every family of portal software, found from the home page: all reports, nothing else, few requests."""

from __future__ import annotations

import re

import pytest

from crawler.platforms import PLATFORMS
from crawler.sample_portal import SamplePortal
from crawler.sample_portal.families import FAMILIES
from tests.conftest import ROOT
from tests.crawler.replicas import Outcome, crawl_seed


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return crawl_seed(2026, tmp_path_factory.mktemp("replicas"))


def test_every_report_of_every_family_is_found_and_nothing_else(outcome: Outcome) -> None:
    assert outcome.found - outcome.published == set()
    assert outcome.published - outcome.found == set(), outcome.said
    assert len(outcome.by_portal) == len(FAMILIES) > 20


def test_most_portals_are_known_by_their_home_page_alone(outcome: Outcome) -> None:
    assert outcome.blind >= 2 / 3


def test_the_rows_name_only_software_that_the_crawler_knows() -> None:
    for seed in range(12):
        with SamplePortal(0, seed) as portal:
            named = {row["platform"] for row in portal.portals()} - {""}
        assert named <= set(PLATFORMS), seed


def test_three_requests_a_report_are_enough(outcome: Outcome) -> None:
    assert outcome.requests <= 3 * len(outcome.published), "\n".join(outcome.lines())


def test_no_code_outside_the_sample_knows_the_replicas() -> None:
    hosts = {family.replace("_", "-") for family in FAMILIES} - {"vsb", "trs", "gkmlpt", "igs"}
    for path in (ROOT / "crawler").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "sample_portal" in path.parts:
            continue
        assert "gongkai.localhost" not in source, path
        assert "sample_portal" not in re.sub(r'"""[\s\S]*?"""', "", source), path
        assert not [host for host in hosts if f"{host}-1" in source or f"replica-{host}" in source], path

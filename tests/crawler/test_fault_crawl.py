"""One crawl over every fault of the fault portal: it ends by itself, names each, and finds what is well beside it."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crawler.faults import FAULTS as NAMES
from crawler.portals import write_portals
from crawler.sample_portal import expected
from crawler.sample_portal.faults import FAULTS, Fault, FaultPortal
from tests.conftest import BIN
from tests.crawler.processes import PROC, family, held

MOST = 1000 * 1000 * 1000
LONGEST = 180.0
SETTINGS = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "DOWNLOAD_TIMEOUT": 3}
ASKED = [fault for fault in FAULTS if fault.where != "no address"]
NAMED = [fault for fault in ASKED if fault.named]


@dataclass
class Crawled:
    """What a crawl of the fault portal came to."""

    portal: FaultPortal
    exit_code: int
    said: str
    seconds: float
    peak: int
    """Bytes of the whole process tree."""
    archive: Path
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Codes by portal, from the pages and from what is said of the portal as a whole."""

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.archive)) as db:
            return db.execute(sql).fetchall()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("faults")
    with FaultPortal(0) as portal:
        found = _crawl(portal, folder)
        for table in ("pages", "run_portals"):
            for portal_id, fault in found.rows(f"SELECT portal_id, fault FROM {table} WHERE fault IS NOT NULL"):
                found.names[str(portal_id)].add(str(fault))
        yield found


def _crawl(portal: FaultPortal, folder: Path) -> Crawled:
    portals, archive = folder / "portals.csv", folder / "archive.db"
    with portals.open("w", encoding="utf-8", newline="") as stream:
        write_portals(stream, portal.portals())
    words = [word for name, value in SETTINGS.items() for word in ("-s", f"{name}={value}")]
    command = [BIN / "gongkai", "crawl", "--portals", portals, "--archive", archive, *words]
    started, peak = time.monotonic(), 0
    with (folder / "said").open("w+b") as said:
        process = subprocess.Popen(command, cwd=folder, stderr=said)
        while process.poll() is None:
            peak = max(peak, sum(map(held, family(process.pid)))) if PROC.exists() else 0
            time.sleep(0.1)  # what a process holds takes the system some milliseconds to add up
            assert time.monotonic() - started < 2 * LONGEST, "it does not end"
        seconds = time.monotonic() - started
        said.seek(0)
        words_said = said.read().decode("utf-8")
    return Crawled(portal, process.returncode, words_said, seconds, peak, archive)


def test_it_ends_by_itself_in_bounded_time_and_memory(crawled: Crawled) -> None:
    print(f"{crawled.seconds:.0f} s, peak {crawled.peak / 1e6:.0f} MB of the whole process tree")
    assert crawled.exit_code == 1, crawled.said
    assert "Traceback" not in crawled.said
    assert crawled.seconds < LONGEST
    assert 0 < crawled.peak < MOST or not PROC.exists()


@pytest.mark.parametrize("fault", NAMED, ids=lambda fault: fault.key)
def test_each_fault_is_recorded_under_its_name(crawled: Crawled, fault: Fault) -> None:
    assert fault.named in NAMES
    assert fault.named in crawled.names[f"fault-{fault.key}"]


@pytest.mark.parametrize("fault", ASKED, ids=lambda fault: fault.key)
def test_all_healthy_reports_are_found(crawled: Crawled, fault: Fault) -> None:
    figures = crawled.rows(
        f"SELECT agency, year, figure, value FROM figures JOIN report_revisions USING (report_id, year)"
        f" WHERE portal_id = 'fault-{fault.key}'"
    )
    read: dict[tuple[object, object], dict[object, object]] = defaultdict(dict)
    for agency, year, figure, value in figures:
        read[agency, year][figure] = value
    for fact in crawled.portal.facts(fault.key):
        printed = {figure: expected(text) for figure, text in fact.printed.items()}
        wanted = {figure: None if number is None else float(number) for figure, number in printed.items()}
        assert read[fact.agency, fact.year] == wanted, (fact.agency, fact.year)


def test_forbidden_places_are_never_touched(crawled: Crawled) -> None:
    """By the log of the servers, and by what the crawler kept."""
    portal = crawled.portal
    assert portal.canary == 0
    assert {(entry.host, entry.path) for entry in portal.log} & portal.forbidden() == set()
    assert portal.forbidden()
    hosts = {re.sub(r":\d+$", "", str(url).split("/")[2]) for (url,) in crawled.rows("SELECT url FROM captures")}
    assert [host for host in hosts if not host.endswith(".faults.localhost")] == []


def test_nothing_from_the_web_reaches_the_terminal(crawled: Crawled) -> None:
    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", crawled.said) is None


def test_passwords_are_kept_nowhere(crawled: Crawled) -> None:
    assert "geheim" not in crawled.said
    for table, column in (("captures", "url"), ("pages", "url"), ("links", "url"), ("links", "words")):
        assert crawled.rows(f"SELECT {column} FROM {table} WHERE {column} LIKE '%geheim%'") == []


def test_hosts_that_do_not_want_us_are_left_alone(crawled: Crawled) -> None:
    """Blocked is recorded and backed off from: asked once or a few times, and not before a day has passed."""
    blocked = dict(crawled.rows("SELECT host, fault FROM hosts WHERE ask_after > strftime('%Y-%m-%dT%H:%M:%SZ')"))
    by_key = {str(host).split(".")[0]: fault for host, fault in blocked.items()}
    assert by_key.items() >= {("challenge-host", "challenge"), ("geo-host", "geo_blocked")}
    for key in ("challenge-host", "geo-host"):
        assert len([entry for entry in crawled.portal.log if entry.host.startswith(f"{key}.")]) <= 4

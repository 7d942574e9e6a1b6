"""The command, and both sides of the comparison."""

from __future__ import annotations

import argparse
import csv
import sqlite3
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import crawling
from benchmarks.crawling.portal import PortalProcess, Served, Site, build
from benchmarks.crawling.watching import Watched, watch
from crawler.portals import REQUIRED
from crawler.sample_portal.facts import expected

LEAST = 0.5


@dataclass(frozen=True, slots=True)
class Run:
    """One run of either side, and what the portal says of it."""

    watched: Watched
    served: Served

    @property
    def rate(self) -> float:
        """Pages a second from the first request to the end of the process."""
        return self.served.requests / (self.watched.ended - self.served.first)

    @property
    def whole_rate(self) -> float:
        """The same, with starting up."""
        return self.served.requests / (self.watched.ended - self.watched.started)


def bare(portal: PortalProcess, site: Site, settings: list[str]) -> Run:
    """The spider that only downloads. Raises RuntimeError when a page did not come."""
    with tempfile.TemporaryDirectory(prefix="gongkai-") as name:
        folder = Path(name)
        urls = folder / "urls"
        urls.write_text("\n".join(f"http://127.0.0.1:{portal.port}{path}" for path in site.paths), encoding="utf-8")
        return _run(portal, ["-m", "benchmarks.crawling.bare", str(urls), *settings], folder)


def ours(portal: PortalProcess, site: Site, settings: list[str]) -> Run:
    """The crawl. Raises RuntimeError when the archive does not hold every figure of every report."""
    with tempfile.TemporaryDirectory(prefix="gongkai-") as name:
        folder = Path(name)
        origin = f"http://127.0.0.1:{portal.port}"
        with (folder / "portals.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([REQUIRED, ("city", "云岚市", "", f"{origin}/", origin + site.paths[0], "")])
        command = ["-m", "gongkai", "crawl", "--portals", "portals.csv", "--archive", "archive.db"]
        run = _run(portal, [*command, *(word for setting in settings for word in ("-s", setting))], folder)
        _check(folder / "archive.db", site)
        return run


def _run(portal: PortalProcess, arguments: list[str], folder: Path) -> Run:
    portal.served()
    said = folder / "said"
    watched = watch([sys.executable, *arguments], folder, said)
    if watched.exit_code:
        raise RuntimeError(f"{' '.join(arguments)}: exit {watched.exit_code}\n{said.read_text(encoding='utf-8')}")
    return Run(watched, portal.served())


def _check(archive: Path, site: Site) -> None:
    """Every figure of every report, as it was published."""
    db = sqlite3.connect(archive)
    held: dict[tuple[str, int], dict[str, float | None]] = {}
    for agency, year, figure, value in db.execute("SELECT agency, year, figure, value FROM figures"):
        held.setdefault((agency, year), {})[figure] = value
    db.close()
    for fact in site.facts:
        found = held.get((fact.agency, fact.year), {})
        for figure, printed in fact.printed.items():
            number = expected(printed)
            if found.get(figure, "nothing") != (None if number is None else float(number)):
                raise RuntimeError(f"{fact.agency} {fact.year} {figure}: {found.get(figure)}, but {printed} is printed")
    if len(held) != len(site.facts):
        raise RuntimeError(f"{len(held)} reports, but {len(site.facts)} were published")


def _table(name: str, runs: list[Run]) -> str:
    """Milliseconds of the processor for a page, by who spends them."""
    pages = median(run.served.requests for run in runs)

    def line(what: str, spent: list[float]) -> str:
        seconds = median(spent)
        return f"  {what:54}{seconds:8.2f} s {1000 * seconds / pages:8.2f} ms a page"

    watched = [run.watched for run in runs]
    lines = [
        line("first thread (the reactor), with starting up", [one.main for one in watched]),
        line("other threads", [one.threads for one in watched]),
        line("the process that writes WARC and archive", [one.writer for one in watched]),
        line("other processes below: the readers", [one.others for one in watched]),
        line("the portal", [run.served.seconds for run in runs]),
        line("all but the portal, as the system counts it", [one.total for one in watched]),
    ]
    return "\n".join([f"{name}: seconds of the processor", *lines])


def main(arguments: list[str] | None = None) -> int:
    """Print both rates, where the time goes, and the ratio; 0 when that is enough."""
    parser = argparse.ArgumentParser(description=crawling.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=8, help="CONCURRENT_REQUESTS_PER_DOMAIN of both sides")
    parser.add_argument("--least", type=float, default=LEAST)
    args = parser.parse_args(arguments)
    site = build(args.reports)
    same = [f"CONCURRENT_REQUESTS_PER_DOMAIN={args.concurrency}", "DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False"]
    bares, crawls = [], []
    with PortalProcess(site) as portal:
        for _ in range(args.rounds):
            bares.append(bare(portal, site, same))
            crawls.append(ours(portal, site, same))
    size = sum(len(site.pages[path]) for path in site.paths) // len(site.paths)
    print(f"{len(site.facts):,} reports in {len(site.paths):,} pages of {size:,} bytes, {args.rounds} rounds")
    for name, runs in (("bare", bares), ("ours", crawls)):
        rate, whole = median(run.rate for run in runs), median(run.whole_rate for run in runs)
        requests = median(run.served.requests for run in runs)
        print(f"{name}  {rate:7.1f} pages a second ({whole:.1f} with starting up), {requests:,.0f} requests")
    print(_table("bare", bares))
    print(_table("ours", crawls))
    ratio = median(run.rate for run in crawls) / median(run.rate for run in bares)
    whole = median(run.whole_rate for run in crawls) / median(run.whole_rate for run in bares)
    print(f"ratio: {ratio:.2f} of the rate of the bare spider ({whole:.2f} with starting up); at least {args.least}")
    return 0 if ratio >= args.least else 1


if __name__ == "__main__":
    sys.exit(main())

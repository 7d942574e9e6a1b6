"""The bundled sample portal: replicas of real families of government portals, on the loopback interface.

The replicas stand for the outside world. They publish annual reports on government information disclosure
(政府信息公开工作年度报告), rendered from facts.yaml the way real portals serve them, so that a crawl can be tried
without touching anybody's server, and its archive compared with the facts, figure by figure. Nothing here imports
the reader, the archive or the rest of the crawler, and the same facts always give the same bytes.
"""

from functools import lru_cache, partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from crawler.sample_portal import gkmlpt, hanweb, mirror, trs
from crawler.sample_portal.changing import Change, ChangingPortal
from crawler.sample_portal.facts import Fact, expected, load
from crawler.sample_portal.families import FAMILIES
from crawler.sample_portal.families.built import Built
from crawler.sample_portal.folder import FolderSite
from crawler.sample_portal.invented import Plan, plan
from crawler.sample_portal.server import Logged, Portal
from crawler.sample_portal.site import DOMAIN, Host, LazyHost

__all__ = ["Change", "ChangingPortal", "DocumentsPortal", "Fact", "Logged", "SamplePortal", "expected", "load"]


# Of the hosts made from a seed, this many stay in memory; the others are made again when somebody asks for them.
_KEPT = 64


class _Replica(NamedTuple):
    """Which host of a catalogue made from a seed: the family, its number in the family, its number in all."""

    family: str
    number: int
    ordinal: int

    @property
    def key(self) -> str:
        """The first label of the host's name."""
        return f"{self.family.replace('_', '-')}-{self.number}"


class SamplePortal(Portal):
    """Replicas on one port of 127.0.0.1; use it as a context manager. Port 0 takes any free port.

    Without a seed these are the four hosts of facts.yaml. With a seed they are hosts of all families in rotation, made
    from the seed: `count` of them, or one of each family. Host names are `<key>.gongkai.localhost`; a client that
    cannot resolve them sends them as the Host header.
    """

    def __init__(self, port: int = 8791, seed: int | None = None, count: int | None = None) -> None:
        super().__init__(port)
        self.seed = seed
        names = list(FAMILIES)
        total = 0 if seed is None else len(names) if count is None else count
        self._replicas = [_Replica(names[n % len(names)], n // len(names) + 1, n) for n in range(total)]
        self.built = lru_cache(_KEPT)(self._build)

    def hosts(self) -> dict[str, Host]:
        """One site for each host key."""
        if self.seed is None:
            return self._written()
        return {f"{r.key}.{DOMAIN}": LazyHost(partial(self._site, r)) for r in self._replicas}

    def portals(self) -> list[dict[str, str]]:
        """One row for each column. The places are invented, so no division code is given."""
        if self.seed is None:
            return self._written_rows()
        return [self._replica_row(replica) for replica in self._replicas]

    def facts(self) -> list[Fact]:
        """Every report that is published, with its figures."""
        if self.seed is None:
            return load()
        return [fact for replica in self._replicas for fact in self._plan(replica).facts]

    def replica(self, family: str, number: int = 1) -> _Replica:
        """The replica of that family and number; `built` takes it."""
        return next(r for r in self._replicas if (r.family, r.number) == (family, number))

    def _plan(self, replica: _Replica) -> Plan:
        if self.seed is None:
            raise ValueError("the hosts of facts.yaml have no plan")
        return plan(self.seed, replica.family, replica.number, replica.ordinal, self.port, DOMAIN)

    def _build(self, replica: _Replica) -> Built:
        return FAMILIES[replica.family].build(self._plan(replica))

    def _site(self, replica: _Replica) -> Host:
        return self.built(replica).site

    def _replica_row(self, replica: _Replica) -> dict[str, str]:
        """The row of a replica; three out of four give no more than the home page."""
        made = self._plan(replica)
        if replica not in self._known():
            return _portal_row(made.portal_id, made.name, made.origin, "", "", "")
        built = self.built(replica)
        return _portal_row(made.portal_id, made.name, made.origin, made.origin + built.column, built.platform, "")

    def _known(self) -> list[_Replica]:
        """The quarter of the replicas whose rows name column and software."""
        return Random(f"{self.seed}/rows").sample(self._replicas, len(self._replicas) // 4)

    def _written(self) -> dict[str, Host]:
        facts = load()
        sites: dict[str, Host] = {
            "trs": trs.build(facts),
            "hanweb": hanweb.build(facts),
            "gkmlpt": gkmlpt.build(facts, self.port),
            "mirror": mirror.build(facts),
        }
        return {f"{key}.{DOMAIN}": site for key, site in sites.items()}

    def _written_rows(self) -> list[dict[str, str]]:
        return [
            self._row("sample-trs", "trs", trs.SITE, trs.COLUMNS["zfxxgknb"] + "index.html", "trs"),
            self._row("sample-trs-towns", "trs", "青禾县乡镇街道", trs.COLUMNS["xzndbg"] + "index.html", "trs"),
            self._row("sample-hanweb", "hanweb", hanweb.SITE, hanweb.COLUMN, "hanweb"),
            self._row("sample-gkmlpt", "gkmlpt", gkmlpt.SITE, f"{gkmlpt.INDEX}#{gkmlpt.REPORTS}", "gkmlpt"),
            self._row("sample-mirror", "mirror", "青禾便民网", mirror.COLUMN, "", "mirror"),
        ]

    def _row(self, portal_id: str, key: str, name: str, column: str, platform: str, trust: str = "") -> dict[str, str]:
        origin = f"http://{key}.{DOMAIN}:{self.port}"
        return _portal_row(portal_id, name, origin, origin + column, platform, trust)


class DocumentsPortal(Portal):
    """A folder of given documents as one plain portal on 127.0.0.1; same interface as SamplePortal."""

    def __init__(self, folder: Path, port: int = 8791) -> None:
        super().__init__(port)
        self.folder = folder

    def hosts(self) -> dict[str, Host]:
        """The folder, under both names of the loopback host."""
        site = FolderSite(self.folder)
        return {"127.0.0.1": site, "localhost": site}

    def portals(self) -> list[dict[str, str]]:
        """The one row of this portal."""
        origin = f"http://127.0.0.1:{self.port}"
        return [_portal_row("documents", "政府信息公开年报", origin, f"{origin}/", "", "")]


def _portal_row(portal_id: str, name: str, origin: str, column: str, platform: str, trust: str) -> dict[str, str]:
    return {
        "portal_id": portal_id,
        "name": name,
        "division_code": "",
        "home_url": f"{origin}/",
        "column_url": column,
        "platform": platform,
        "trust": trust,
    }

"""A portal that changes from night to night, so that a crawl that runs every night has something to notice.

It consists of replicas of some families (see `families`), larger than those of a catalogue. Reports are published one
after another, published again with other figures, changed without a word, deleted and brought back; whole hosts have
bad days. Addresses stay as they are. The same seed and the same calls give the same bytes.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Literal, NamedTuple

from crawler.sample_portal import mirror
from crawler.sample_portal.changing_host import ChangingHost, Trouble
from crawler.sample_portal.facts import Fact
from crawler.sample_portal.invented import plan
from crawler.sample_portal.server import Portal
from crawler.sample_portal.site import DOMAIN, Host

Kind = Literal["new", "revised", "silent", "deleted", "restored"]

FAMILIES = ("ucap_list", "plain", "trs", "gkmlpt", "jpaas", "platform_links")
"""Lists of pages three times, two services that answer in JSON, and a platform with a column for each agency and year.
"""

MIRROR = "mirror"
"""May stand among the families: somebody's copies of the first host's oldest reports, never looked after again."""

_COPIED = 8
_FIRST_DAY = date(2026, 4, 1)


class Change(NamedTuple):
    """What happened to one report: its fact as it is from now on (as it was, when it is gone) and its page."""

    kind: Kind
    fact: Fact
    url: str


class ChangingPortal(Portal):
    """Replicas on one port of 127.0.0.1; use it as a context manager. Port 0 takes any free port.

    Each host has at least `size` reports, of which the third that would be published last is still to come. The keys
    of hosts, `ucap-list-1` for the family `ucap_list`, may be given to every change; without one it is for all hosts
    together. The portals file names column and software of every second host, of the others no more than the home
    page.
    """

    def __init__(self, port: int = 8791, seed: int = 3, families: tuple[str, ...] = FAMILIES, size: int = 60) -> None:
        super().__init__(port)
        self.seed = seed
        self.changes: list[Change] = []
        """All that happened so far, in order."""
        self._families = families
        self._size = size
        self._days = 0
        self._hosts: dict[str, ChangingHost] = {}
        self._copied: list[Fact] = []

    def hosts(self) -> dict[str, Host]:
        """One site for each host key."""
        sites: dict[str, Host] = {f"{key}.{DOMAIN}": host for key, host in self._replicas().items()}
        if MIRROR in self._families:
            sites[f"{MIRROR}.{DOMAIN}"] = mirror.build(self._copied)
        return sites

    def portals(self) -> list[dict[str, str]]:
        """One row for each host. The places are invented, so no division code is given."""
        rows = [host.row(known=number % 2 == 0) for number, host in enumerate(self._replicas().values())]
        if MIRROR in self._families:
            origin = f"http://{MIRROR}.{DOMAIN}:{self.port}"
            names = {"portal_id": "replica-mirror", "name": "青禾便民网", "division_code": "", "home_url": f"{origin}/"}
            rows.append({**names, "column_url": origin + mirror.COLUMN, "platform": "", "trust": "mirror"})
        return rows

    @property
    def keys(self) -> list[str]:
        """The keys of the hosts that change."""
        return list(self._replicas())

    def facts(self, key: str = "") -> list[Fact]:
        """The truth now: every report that is published, with the figures that its page shows."""
        return [fact for host in self._chosen(key) for fact in host.published()]

    def url(self, fact: Fact) -> str:
        """The page of a published report."""
        return self._host(fact).url(fact)

    def file(self, fact: Fact) -> str:
        """The file that alone holds the figures of a published report; '' when its page holds them."""
        return self._host(fact).file(fact)

    def new(self, n: int = 1, key: str = "") -> list[Change]:
        """Publish the next reports. Raises ValueError when fewer are left."""
        return self._each("new", n, key)

    def revise(self, n: int = 1, silently: bool = False, key: str = "") -> list[Change]:
        """Change figures of some reports, with a new date in the list, or `silently`, with the page alone."""
        return self._each("silent" if silently else "revised", n, key)

    def delete(self, n: int = 1, key: str = "") -> list[Change]:
        """Take some reports from the list; their addresses answer 404, sometimes 200 with a sentence."""
        return self._each("deleted", n, key)

    def restore(self, key: str = "") -> list[Change]:
        """Bring back all that was deleted."""
        return self._each("restored", sum(len(host.deleted) for host in self._chosen(key)), key)

    def night(self, seed: int) -> list[Change]:
        """What may happen between two nights: a few new reports, revisions, now and then a deletion or a return."""
        rng = Random(f"{self.seed}/night/{seed}")
        new = min(rng.randint(0, 4), sum(len(host.coming) for host in self._chosen("")))
        revised, silent, deleted = rng.randint(0, 2), rng.randint(0, 1), rng.randint(0, 1)
        returned = self.restore() if rng.random() < 0.25 else []
        return [*returned, *self.new(new), *self.revise(revised), *self.revise(silent, True), *self.delete(deleted)]

    def trouble(self, kind: Trouble, key: str = "") -> None:
        """A bad day for a host: `down` (connections are reset), `503`, `blocked` (412 and a script), or `empty` lists.

        `empty` leaves the reports where they are; only the lists say nothing of them.
        """
        for host in self._chosen(key):
            host.trouble = kind

    def well(self, key: str = "") -> None:
        """The end of all trouble."""
        for host in self._chosen(key):
            host.trouble = None

    def _replicas(self) -> dict[str, ChangingHost]:
        """The hosts that change, by key; made when the port is known."""
        if not self._hosts:
            for ordinal, family in enumerate(family for family in self._families if family != MIRROR):
                made = partial(plan, self.seed, family, 1, ordinal, self.port, DOMAIN, self._size)
                self._hosts[f"{family.replace('_', '-')}-1"] = ChangingHost(family, made)
            first = next(iter(self._hosts.values())).published()
            self._copied = mirror.copied(sorted(first, key=lambda fact: fact.published)[:_COPIED])
        return self._hosts

    def _host(self, fact: Fact) -> ChangingHost:
        return next(host for host in self._replicas().values() if host.portal_id == fact.portal)

    def _chosen(self, key: str) -> list[ChangingHost]:
        hosts = self._replicas()
        return [hosts[key]] if key else list(hosts.values())

    def _each(self, kind: Kind, n: int, key: str) -> list[Change]:
        """The same happens to `n` reports, each of a host by lot, on one day."""
        rng = Random(f"{self.seed}/{len(self.changes)}/{kind}")
        self._days += 1
        day = _FIRST_DAY + timedelta(days=self._days)
        happened = list(self._happen(kind, n, self._chosen(key), day, rng))
        made = [Change(kind, fact, host.url(fact)) for host, fact in happened]
        self.changes += made
        return made

    def _happen(
        self, kind: Kind, n: int, hosts: list[ChangingHost], day: date, rng: Random
    ) -> Iterator[tuple[ChangingHost, Fact]]:
        done: set[int] = set()
        for _ in range(n):
            able = [(host, facts) for host in hosts if (facts := _candidates(host, kind, done))]
            if not able:
                raise ValueError(f"no report is left that could be {kind}")
            host, facts = rng.choice(able)
            fact = facts[0] if kind in ("new", "restored") else rng.choice(facts)
            yield host, _happened(host, kind, fact, day, rng)
            done.add(fact.number)


def _candidates(host: ChangingHost, kind: Kind, done: set[int]) -> list[Fact]:
    """The reports of a host to which this may happen; each is changed once at a time."""
    if kind == "new":
        return host.coming
    if kind == "restored":
        return host.deleted
    return [fact for fact in host.published() if fact.number not in done]


def _happened(host: ChangingHost, kind: Kind, fact: Fact, day: date, rng: Random) -> Fact:
    """Let it happen; the answer is the report as it is then."""
    if kind in ("revised", "silent"):
        return host.revise(fact, day, rng, loud=kind == "revised")
    if kind == "new":
        host.publish(fact)
    elif kind == "restored":
        host.restore(fact)
    else:
        host.delete(fact, soft=rng.random() < 0.3)
    return fact

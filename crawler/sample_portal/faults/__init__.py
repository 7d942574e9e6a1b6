"""The fault portal: every fault that a hostile or broken web has shown so far, each on a host of its own.

The hosts are called `<key>.faults.localhost`, after the rows of `table.FAULTS`. Each has a list of true annual reports
with the fault in the middle, so that a crawl shows both: that it survives the fault and names it, and that it finds
the reports beside it. A canary on another port tells who goes where nobody should.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from random import Random
from socket import AF_INET, SOCK_STREAM, socket
from typing import Self

from crawler.sample_portal.facts import Fact
from crawler.sample_portal.faults.canary import Canary
from crawler.sample_portal.faults.ground import COLUMN, DOMAIN, Ground
from crawler.sample_portal.faults.legacy_tls import TlsFront
from crawler.sample_portal.faults.table import CLOSED_PORT, FAULTS, LEGACY_TLS, NO_ADDRESS, TLS, Fault
from crawler.sample_portal.invented import plan
from crawler.sample_portal.server import Portal
from crawler.sample_portal.site import Host

__all__ = ["FAULTS", "Fault", "FaultPortal"]

_POOL = 20


class FaultPortal(Portal):
    """The faults of some keys, on 127.0.0.1; use it as a context manager. Port 0 takes any free port.

    Without keys these are all but `dns`, whose host has no address: to a crawler it is out on the web. The portals file
    has one row for each fault; the host of `refused` has a port on which nobody listens, those of `tls` and
    `tls-legacy` have ports of their own.
    """

    def __init__(self, port: int = 8791, keys: Iterable[str] = (), seed: int = 1) -> None:
        super().__init__(port)
        wanted = frozenset(keys)
        if wanted - {fault.key for fault in FAULTS}:
            raise ValueError(f"no such fault: {', '.join(sorted(wanted - {fault.key for fault in FAULTS}))}")
        self.faults = [fault for fault in FAULTS if (fault.key in wanted if wanted else fault.where != NO_ADDRESS)]
        self._seed = seed
        self._open = ExitStack()
        self._canary = Canary()
        self._grounds: dict[str, Ground] = {}
        self._ports: dict[str, int] = {}

    def start(self) -> Self:
        """Listen and serve in the background. Raises OSError when the port is taken."""
        if self._server is not None:
            return self
        with ExitStack() as stack:
            self._canary = stack.enter_context(Canary())
            fronts = {TLS: TlsFront(legacy=False), LEGACY_TLS: TlsFront(legacy=True)}
            for front in fronts.values():
                stack.enter_context(front)
            # Bound, so that nobody else gets the port, and not listening, so that it refuses.
            closed = stack.enter_context(socket(AF_INET, SOCK_STREAM))
            closed.bind(("127.0.0.1", 0))
            self._ports = {where: front.port for where, front in fronts.items()}
            self._ports[CLOSED_PORT] = closed.getsockname()[1]
            super().start()
            for front in fronts.values():
                front.target = self.port
            self._open = stack.pop_all()
        return self

    def stop(self) -> None:
        """Stop listening and drop every connection; the log and the canary's count stay readable."""
        super().stop()
        self._open.close()

    @property
    def canary(self) -> int:
        """How many connections the canary has seen."""
        return self._canary.visitors

    @property
    def canary_port(self) -> int:
        """The port that nobody may touch."""
        return self._canary.port

    def hosts(self) -> dict[str, Host]:
        """One host for each fault."""
        self._grounds = {fault.key: self._ground(fault) for fault in self.faults}
        return {f"{key}.{DOMAIN}": ground for key, ground in self._grounds.items()}

    def portals(self) -> list[dict[str, str]]:
        """One row for each fault. The places are invented, so no division code is given."""
        return [
            {
                "portal_id": f"fault-{ground.key}",
                "name": ground.name,
                "division_code": "",
                "home_url": f"{ground.origin}/",
                "column_url": ground.origin + COLUMN,
                "platform": "",
                "trust": "",
            }
            for ground in self._grounds.values()
        ]

    def facts(self, key: str = "") -> list[Fact]:
        """The true reports that a crawl must find: of all hosts, or of that of one fault."""
        return [fact for ground in self._chosen(key) for fact in ground.found]

    def withheld(self, key: str = "") -> list[Fact]:
        """The true reports that a fault spoils or that a well-behaved crawl does not get at."""
        return [fact for ground in self._chosen(key) for fact in ground.withheld]

    def forbidden(self) -> set[tuple[str, str]]:
        """(host, path) of what robots.txt forbids and lists link to."""
        return {(f"{ground.key}.{DOMAIN}", path) for ground in self._grounds.values() for path in ground.forbidden}

    def _chosen(self, key: str) -> list[Ground]:
        return [self._grounds[key]] if key else list(self._grounds.values())

    def _ground(self, fault: Fault) -> Ground:
        """The host of a fault: healthy reports, the fault, healthy reports."""
        ordinal = FAULTS.index(fault)
        made = plan(self._seed, "fault", ordinal + 1, ordinal, self.port, DOMAIN, _POOL)
        pool = [replace(fact, portal=f"fault-{fault.key}") for fact in made.facts]
        Random(f"{self._seed}/{fault.key}").shuffle(pool)
        ground = Ground(fault.key, made.name, self._origin(fault), pool, self.canary_port)
        before = fault.healthy if fault.blocks else fault.healthy // 2
        ground.publish(before)
        fault.place(ground)
        ground.publish(fault.healthy - before)
        return ground

    def _origin(self, fault: Fault) -> str:
        if fault.where == NO_ADDRESS:
            return f"http://{fault.key}.faults.invalid"
        scheme = "https" if fault.where in (TLS, LEGACY_TLS) else "http"
        return f"{scheme}://{fault.key}.{DOMAIN}:{self._ports.get(fault.where, self.port)}"

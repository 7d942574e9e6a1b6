"""To whom work is handed: a Dask scheduler, and workers that run our version and see our files.

A Dask port runs the code that it is sent, whoever sends it. So we talk to scheduler and workers only where nobody else
can: on loopback, or by TLS with certificates of one authority, which Dask takes from its own configuration.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import secrets
import socket
import time
from asyncio import gather, wait_for
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from gongkai.printing import printable
from gongkai.spreading.alike import Ground, has_nanny, listens_at, open_to_others, our_ground, unlike, unseen
from gongkai.spreading.errors import SpreadingError, Unlike

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 30.0
"""Seconds within which a scheduler must answer, and have a worker."""

_FRESH = 1.0
"""Seconds for which a count of workers holds."""

_ANSWERED = 20.0
"""Seconds that workers have to tell what they are."""

_SILENT = object()
"""In place of the answer of a worker that gives none."""

_LOST = OSError("lost meanwhile")
"""In place of the answer of a worker that is none any more."""

_NOISY = ("distributed", "distributed.client", "distributed.comm", "distributed.core", "distributed.utils", "tornado")


@dataclass(slots=True)
class Cluster:
    """Workers that were found to be alike, and what others that come later must be like.

    One that comes later and is not gets no work, and is named once.
    """

    client: Client
    ground: Ground
    _threads: dict[str, int] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _refused: set[str] = field(default_factory=set)
    _named: set[tuple[str, str]] = field(default_factory=set)
    _counted: float = -_FRESH

    def places(self) -> int:
        """How many tasks all workers can have at once, as of a second ago; the last that is known when nobody tells."""
        if time.monotonic() - self._counted >= _FRESH:
            self.look()
        return sum(self._threads[worker] for worker in self.alike())

    def alike(self) -> frozenset[str]:
        """The addresses of workers that may be given work."""
        return frozenset(self._threads.keys() - self._refused)

    def is_mixed(self) -> bool:
        """Whether there are also others, so that it must be said who gets the work."""
        return not self._refused.isdisjoint(self._threads)

    def look(self) -> None:
        """Counts workers, and asks those that have come."""
        with suppress(Exception):  # what follows from a scheduler that is gone, its client notices
            self._threads = dict(self.client.nthreads())
            new = sorted(self._threads.keys() - self._asked)
            self._asked.update(new)  # one that does not answer now is asked again before it does anything
            for worker, fault in _faults(self.client, self.ground, new) if new else ():
                self.refuse(worker, fault)
        self._counted = time.monotonic()

    def refuse(self, worker: str, fault: str) -> None:
        """Gives a worker no work any more, and says why, once for all of a machine."""
        self._refused.add(worker)
        self._threads.setdefault(worker, 0)
        name = (urlsplit(worker).hostname or worker, re.sub(r":\d+", "", fault))
        if name not in self._named:
            self._named.add(name)
            click.echo(printable(f"gongkai: worker {worker}: {fault}; it gets no work"), err=True)


@contextmanager
def connected(address: str, folder: Path, *, patience: float = PATIENCE) -> Iterator[Cluster]:
    """A cluster whose workers see that folder, which must exist, under the same path.

    Raises SpreadingError for an address that is neither loopback nor TLS, for a scheduler that does not answer, has no
    workers, or listens without TLS where others can reach it, and for workers of another version.
    """
    judge_address(address)
    client = _client(address, patience)
    token = folder / f".gongkai-{secrets.token_hex(8)}"
    try:
        token.write_text(token.name, encoding="utf-8")
        ground = our_ground(token)
        with _in_a_line(address):
            _await_one(client, address, patience)
            fault = open_to_others(client.run_on_scheduler(listens_at))
            if fault:
                raise SpreadingError(f"the scheduler {fault}")
            for worker, fault in _faults(client, ground):
                raise SpreadingError(f"worker {worker}: {fault}")
        yield Cluster(client, ground)
    finally:
        token.unlink(missing_ok=True)
        with suppress(Exception):  # a scheduler that is gone takes no leave
            client.close(timeout=5)


def require_sight(cluster: Cluster, paths: Iterable[Path]) -> None:
    """Raises SpreadingError for a path that a worker does not see."""
    wanted = [str(path) for path in paths]
    if wanted:
        for worker, missing in _asked(cluster.client, unseen, wanted):
            if missing:
                raise SpreadingError(f"worker {worker} does not see {_in_words(missing)}")


def judge_address(address: str) -> None:
    """Raises SpreadingError unless an address is `tls://…`, or `tcp://…` of this machine."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise SpreadingError(f"--scheduler {address}: {error}") from error
    if parts.scheme not in ("tcp", "tls") or not host or port is None:
        raise SpreadingError(f"--scheduler {address}: tcp://HOST:PORT or tls://HOST:PORT is needed")
    if parts.scheme == "tcp" and not _is_here(host):
        raise SpreadingError(f"--scheduler {address}: without TLS, only on this machine (docs/scale.md, tls://…)")


def _is_here(host: str) -> bool:
    """Whether a name or address leads to the loopback interface, and nowhere else."""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except OSError as error:
        raise SpreadingError(f"--scheduler: {host} is not known here ({error.strerror})") from error
    return all(ipaddress.ip_address(str(one).partition("%")[0]).is_loopback for one in found)


def _client(address: str, patience: float) -> Client:
    try:
        from gongkai.spreading.client import WholeClient
    except ImportError as error:
        raise SpreadingError("--scheduler needs Dask: pip install 'gongkai[scale]'") from error
    for name in _NOISY:  # what matters is said in a line of ours
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with _in_a_line(address):
        return WholeClient(address, timeout=patience, set_as_default=False)


@contextmanager
def _in_a_line(address: str) -> Iterator[None]:
    """What Dask raises, as SpreadingError."""
    try:
        yield
    except (SpreadingError, Unlike):
        raise
    except TimeoutError as error:
        raise SpreadingError(f"the scheduler at {address} does not answer") from error
    except ModuleNotFoundError as error:
        raise SpreadingError(f"a worker at {address} has no gongkai: {error}") from error
    except Exception as error:  # certificates, sockets, versions of Dask: each has exceptions of its own
        first = (str(error) or type(error).__name__).splitlines()[0]
        raise SpreadingError(f"no scheduler at {address}: {first}") from error


def _await_one(client: Client, address: str, patience: float) -> None:
    """Waits for a worker. Raises SpreadingError when none comes."""
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError as error:
        raise SpreadingError(f"no worker at {address}: start some (docs/scale.md)") from error


def _faults(client: Client, ground: Ground, workers: list[str] | None = None) -> Iterator[tuple[str, str]]:
    """Which of these workers, or of all, must not be given work, each with what is the matter in a line.

    Where it listens is asked of each itself, and of the nanny that it may have: a worker that talks to a scheduler on
    loopback listens on all interfaces all the same, unless it was told otherwise.
    """
    for worker, fault in _asked(client, unlike, ground, workers=workers):
        if fault:
            yield worker, _in_words(fault)
    for worker, addresses in _asked(client, listens_at, workers=workers):
        if fault := _open(addresses):
            yield worker, fault
    watched = [worker for worker, is_so in _asked(client, has_nanny, workers=workers) if is_so is True]
    for worker, addresses in _asked(client, listens_at, workers=watched, nanny=True) if watched else ():
        if fault := _open(addresses):
            yield worker, f"its nanny {fault}"


def _open(answer: Any) -> str:
    return "" if isinstance(answer, Exception) else open_to_others(answer)


def _in_words(answer: Any) -> str:
    if isinstance(answer, ImportError):
        return f"has no gongkai: {answer}"
    return (str(answer) or type(answer).__name__).splitlines()[0]


def _asked(
    client: Client, question: Callable[..., Any], *about: Any, workers: list[str] | None = None, nanny: bool = False
) -> list[tuple[str, Any]]:
    """What each worker answers, or the exception to which it came. One that is lost meanwhile is none of them any more.

    Raises SpreadingError when one does not answer, as where it was stopped or its machine hangs.
    """
    asking = partial(_ask_each, client, question, *about, workers=workers, nanny=nanny)
    answers: dict[str, Any] = client.sync(asking, callback_timeout=2 * _ANSWERED)  # the scheduler may hang, too
    silent = sorted(worker for worker, answer in answers.items() if answer is _SILENT)
    if silent:
        others = f" (and {len(silent) - 1} more)" if len(silent) > 1 else ""
        which = f"the nanny of worker {silent[0]}" if nanny else f"worker {silent[0]}"
        raise SpreadingError(f"{which}{others} does not answer: end it, or start it anew")
    return sorted((worker, answer) for worker, answer in answers.items() if not isinstance(answer, OSError))


async def _ask_each(
    client: Client, question: Callable[..., Any], *about: Any, workers: list[str] | None, nanny: bool
) -> dict[str, Any]:
    """The answers of workers, each asked by itself: asked together, one that is silent would keep those of all."""

    async def ask(worker: str) -> Any:
        asked = client._run(question, *about, workers=[worker], nanny=nanny, on_error="return")  # `run` knows no limit
        try:
            return (await wait_for(asked, _ANSWERED)).get(worker, _LOST)
        except TimeoutError:
            return _SILENT

    if client.scheduler is None:
        raise OSError("it is gone")
    named = list(await client.scheduler.ncores(workers=None)) if workers is None else workers
    return dict(zip(named, await gather(*map(ask, named)), strict=True))

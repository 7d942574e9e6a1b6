"""What a worker must have in common with us: the program, the reader, and the files."""

from __future__ import annotations

import ipaddress
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from archive.schema import newest_step
from gongkai.spreading.errors import Unlike
from pipelines.version import reader_version

_SEEN: set[str] = set()
"""Grounds that this worker was found to have."""


_ONE_AT_A_TIME = Lock()
"""A new worker is asked by its loop, and by the first tasks, at once; sqlite-utils loads its plugins at the first
database, and two threads that both begin to come to a ValueError."""


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a run stands. `token` is a file of ours, and what stands in it its name."""

    gongkai: str
    reader: str
    schema: str
    python: str
    token: str


def our_ground(token: Path) -> Ground:
    python = ".".join(platform.python_version_tuple()[:2])
    with _ONE_AT_A_TIME:
        return Ground(version("gongkai"), reader_version(), newest_step(), python, str(token))


def unlike(ground: Ground) -> str:
    """In what this machine differs from that ground, in a line; empty where it does not."""
    path = Path(ground.token)
    ours = our_ground(path)
    for name in ("gongkai", "reader", "schema", "python"):
        here, there = getattr(ours, name), getattr(ground, name)
        if here != there:
            return f"has {name} {here}, and {there} is needed"
    try:
        if path.read_text(encoding="utf-8") != path.name:
            return f"sees another file at {path}"
    except OSError:
        return f"does not see {path.parent}: all machines need the same storage under the same path"
    return ""


def unseen(paths: list[str]) -> str:
    """The first of these paths that is not there for this machine; empty where all are."""
    return next((path for path in paths if not Path(path).exists()), "")


def require(ground: Ground) -> None:
    """Raises Unlike on a worker that came later, and is not as those that were asked at the start."""
    from distributed import get_worker

    if ground.token in _SEEN:
        return
    worker = get_worker()
    fault = unlike(ground) or open_to_others(listens_at(worker))
    if fault:
        raise Unlike(worker.address, fault)
    _SEEN.add(ground.token)


def listens_at(dask_worker: Any = None, dask_scheduler: Any = None) -> list[str]:
    """Where the worker, nanny or scheduler in which this runs takes messages; Dask gives it by that name."""
    server = dask_worker if dask_worker is not None else dask_scheduler
    return [str(listener.listen_address) for listener in server.listeners]


def has_nanny(dask_worker: Any) -> bool:
    """Whether another process watches over the worker in which this runs, which takes messages, too."""
    return dask_worker.nanny is not None


def open_to_others(addresses: Iterable[str]) -> str:
    """In a line, at which of these addresses others can send code; empty where all are on loopback, or speak TLS."""
    for address in addresses:
        parts = urlsplit(address)
        if parts.scheme != "tls" and not _is_loopback(parts.hostname or ""):
            return (
                f"listens at {address}, where others can have it run code: start it with --host 127.0.0.1, "
                "or with TLS (docs/scale.md)"
            )
    return ""


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""The bundled sample portal as a process: on its usual port, or on a free one where that is taken."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.sample_portal import DocumentsPortal, SamplePortal

if TYPE_CHECKING:
    from crawler.sample_portal.faults import FaultPortal

PORT = 8791
"""Where a sample run serves, so that the archive of one run knows the URLs of the next."""


def serve(
    documents: Path | None, port: int, seed: int | None = None, count: int | None = None
) -> SamplePortal | DocumentsPortal:
    """The replicas, or a folder of documents as a portal; entering it raises OSError for a busy port."""
    return DocumentsPortal(documents, port) if documents is not None else SamplePortal(port, seed, count)


def fault_portal(port: int) -> FaultPortal:
    """The portal of all faults; entering it raises OSError for a busy port."""
    from crawler.sample_portal.faults import FaultPortal  # it loads a library for TLS

    return FaultPortal(port)


def started_sample(seed: int | None = None, count: int | None = None) -> SamplePortal:
    """A running sample portal, on a free port where its usual one is taken."""
    for port in (PORT, 0):
        portal = SamplePortal(port, seed, count)
        try:
            portal.start()
        except OSError:
            if port == 0:
                raise
            continue
        return portal
    raise AssertionError("unreachable")


def wait_for_stop() -> None:
    """Return when the process is asked to end (Ctrl-C or a SIGTERM)."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()

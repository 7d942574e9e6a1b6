"""What goes wrong past one machine, in a line each."""

from __future__ import annotations

from archive.errors import ArchiveBusy


class SpreadingError(Exception):
    """Raised when work cannot be handed out: no scheduler, no workers, or such as are not to be trusted; one line."""


class Deserted(SpreadingError):  # noqa: N818 - it says what has become of us
    """Raised when work was handed out, and nobody is left who could do it; one line."""


class Unlike(Exception):  # noqa: N818 - of the worker, not of the work
    """Raised on a worker that is not what the run needs: another version, or storage that it does not see.

    With the worker's address, and in a line what is the matter.
    """

    def __init__(self, worker: str, fault: str) -> None:
        super().__init__(worker, fault)
        self.worker, self.fault = worker, fault


class Lost(Exception):  # noqa: N818
    """Raised for work that was begun again and again, and lost each time; one line."""


class AtWork(ArchiveBusy):
    """Raised for a part of a crawl on which a worker still is, or hangs; one line."""

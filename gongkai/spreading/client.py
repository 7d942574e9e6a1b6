"""Dask's client as we need it; loaded when there is a scheduler to talk to."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from distributed import Client

_LEAVE = 5.0
"""Seconds that one which did not come to be has to close."""


class WholeClient(Client):
    """One that is connected, or closed.

    Dask closes a client that it could not connect in some cases only. After others, as an address that it does not
    take, or a signal, it would try when Python ends: its loop stands still by then, so that this takes a minute.
    """

    def start(self, **kwargs: Any) -> None:
        try:
            super().start(**kwargs)
        except BaseException:
            with suppress(Exception):
                self.close(timeout=_LEAVE)
            raise

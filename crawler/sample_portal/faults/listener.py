"""A port of this machine beside that of the portal, on which somebody waits for connections until it is closed."""

import socket
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import Self


class Listener:
    """A listening port of 127.0.0.1; use it as a context manager. `welcome` says what becomes of a connection."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A thread that waits in accept() is woken by this, not by close().
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def welcome(self, connection: socket.socket) -> None:
        """Called for each connection, one after the other."""
        raise NotImplementedError

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # closed
                return
            self.welcome(connection)

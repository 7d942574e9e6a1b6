"""A service on another port of this machine that nobody has any business with: it counts who comes all the same."""

import socket
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import Self

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\nConnection: close\r\n\r\ncanary"


class Canary:
    """A listening port of 127.0.0.1. `visitors` counts connections, from the moment at which they are made."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.visitors = 0

    def __enter__(self) -> Self:
        Thread(target=self._count, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A thread that waits in accept() is woken by this, not by close().
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # closed
                return
            self.visitors += 1
            with connection, suppress(OSError):
                connection.settimeout(1)
                connection.recv(1024)
                connection.sendall(_ANSWER)

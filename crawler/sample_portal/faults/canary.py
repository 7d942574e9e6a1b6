"""A service on another port of this machine that nobody has any business with: it counts who comes all the same."""

import socket
from contextlib import suppress

from crawler.sample_portal.faults.listener import Listener

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\nConnection: close\r\n\r\ncanary"


class Canary(Listener):
    """`visitors` counts connections, from the moment at which they are made."""

    def __init__(self) -> None:
        super().__init__()
        self.visitors = 0

    def welcome(self, connection: socket.socket) -> None:
        """Counts and answers."""
        self.visitors += 1
        with connection, suppress(OSError):
            connection.settimeout(1)
            connection.recv(1024)
            connection.sendall(_ANSWER)

"""A process that serves this one, and the pipe between them."""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, SpawnContext
from typing import Any, Concatenate

from crawler.confining import deaf

Serve = Callable[Concatenate[Connection, int, ...], None]
"""The life of a child, as a function that can be imported: takes its end of the pipe, the parent's number, and what
else it was made with. It ends when the pipe closes."""


class Child:
    """One process, started by the thread that makes this and, once it attends, gone with it.

    Where it `forks`, it has all that is loaded here, and lets go of `others`, our ends of the pipes to those before it:
    see `crawler.confining.may_fork`. Else it is started anew. Raises OSError where the system starts none.
    """

    def __init__(self, serve: Serve, *args: Any, forks: bool = False, others: tuple[Connection, ...] = ()) -> None:
        start: SpawnContext | ForkContext = get_context("fork") if forks else get_context("spawn")
        self.pipe, theirs = start.Pipe()
        inherited = (self.pipe, *others) if forks else ()
        self._process = start.Process(target=_begin, args=(serve, theirs, os.getpid(), inherited, args), daemon=True)
        with deaf(forks=forks):
            self._process.start()
        theirs.close()

    @property
    def number(self) -> int:
        """Of the process."""
        return self._process.pid or 0

    @property
    def sentinel(self) -> int:
        """What `multiprocessing.connection.wait` takes to tell whether it has ended."""
        return self._process.sentinel

    def join(self) -> int:
        """Waits until it has ended, and returns its exit code."""
        self._process.join()
        return self._process.exitcode or 0

    def kill(self) -> int:
        """Ends it, if it has not ended by itself, and returns its exit code."""
        self._process.kill()
        return self.join()


def _begin(
    serve: Serve, pipe: Connection, parent: int, inherited: tuple[Connection, ...], args: tuple[Any, ...]
) -> None:
    for end in inherited:
        end.close()
    serve(pipe, parent, *args)

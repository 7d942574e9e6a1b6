"""The one thread that writes: it takes all that waits, and waits for the disk once for all of that.

A disk takes milliseconds to say that it has something, and says so of one record as fast as of twenty. Nobody is told
that anything is written before it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from archive import Archive

T = TypeVar("T")

_MOST = 50
"""Pieces of work that are written together; more only make the first of them wait."""


@dataclass(frozen=True, slots=True)
class _Piece:
    work: Callable[[], Any]
    future: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Done:
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class Writer:
    """Does work on an archive in a thread of its own, piece after piece in the order in which it is asked."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self._lock = Lock()
        self._waiting: list[_Piece] = []
        self._is_at_work = False

    async def do(self, work: Callable[[], T]) -> T:
        """The result of a piece of work, when it is on the disk. Raises what the work raises, or the disk."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._lock:
            self._waiting.append(_Piece(work, future))
            if not self._is_at_work:
                self._thread.submit(self._go_on, loop)
                self._is_at_work = True
        return await future

    async def close(self, last: Callable[[], None]) -> None:
        """Does one thing more, and ends the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, last)
        self._thread.shutdown()

    def _go_on(self, loop: asyncio.AbstractEventLoop) -> None:
        while pieces := self._taken():
            done = self._written(pieces)
            loop.call_soon_threadsafe(_tell, done)

    def _taken(self) -> list[_Piece]:
        with self._lock:
            taken, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            self._is_at_work = bool(taken)
        return taken

    def _written(self, pieces: list[_Piece]) -> list[_Done]:
        """All of it in one transaction; where that cannot be, each piece by itself, so that each has its own answer."""
        try:
            with self._archive.together():
                return [_tried(piece) for piece in pieces]
        except Exception:  # whatever it was, somebody waits for each of them
            return [_tried(piece) for piece in pieces]


def _tried(piece: _Piece) -> _Done:
    try:
        return _Done(piece.future, piece.work())
    except Exception as error:
        return _Done(piece.future, error=error)


def _tell(done: list[_Done]) -> None:
    for one in done:
        if one.future.done():  # nobody waits any more
            continue
        if one.error is not None:
            one.future.set_exception(one.error)
        else:
            one.future.set_result(one.result)

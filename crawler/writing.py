"""The one process that writes: it has the archive open and locked, takes all that waits, and waits for the disk once.

It is a process of its own because rows are written in hundreds of small steps, each of which would have a thread wait
for the reactor, and the reactor for it. A disk takes milliseconds to say that it has something, and says so of one
record as fast as of twenty. Nobody is told that anything is written before it is.
"""

from __future__ import annotations

import asyncio
import atexit
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import chain
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Lock
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar, cast

from archive import Archive, ArchiveError, ArchiveFailing
from crawler.child import Child
from crawler.confining import attend, may_fork

P = ParamSpec("P")
T = TypeVar("T")

Work = Callable[Concatenate[Archive, P], T]
"""A function of a module, for a process finds it by its name, that takes the archive and whatever else it needs."""

_MOST = 50
"""Pieces of work that are written together; more only make the first of them wait."""

_THAT_IS_ALL = None


class WritingError(Exception):
    """Work on the archive raised something else than the archive does: a fault of ours, in a line."""


class _Piece(NamedTuple):
    work: Work[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class _Said(NamedTuple):
    """What came of a piece of work."""

    result: Any = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class _Waiting:
    piece: _Piece
    future: asyncio.Future[Any]


class Writer:
    """Does work on an archive in a process of its own, piece after piece in the order in which it is asked.

    To be started before anything else is open that no two processes may have. Raises ArchiveError where the archive
    cannot be opened, ArchiveBusy where another program writes to it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._child = Child(_serve, path, forks=may_fork())
        except OSError as error:
            raise ArchiveFailing(f"{path}: no process can be started to write to it: {error.strerror}") from error
        self.pipe = self._child.pipe
        atexit.register(self.pipe.close)  # on which it ends, so that nobody has to end it
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self._lock = Lock()
        self._waiting: list[_Waiting] = []
        self._is_at_work = False
        try:
            _result_of(self._opened())
        except ArchiveError:
            self._end()
            raise

    def at_once(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of a piece of work, waited for here and now: before anybody else asks."""
        (said,) = self._asked([_Piece(work, args, kwargs)])
        return cast(T, _result_of(said))

    async def do(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of a piece of work, when it is on the disk. Raises what the work raises, or the disk, and
        ArchiveFailing when the process is lost."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._lock:
            self._waiting.append(_Waiting(_Piece(work, args, kwargs), future))
            if not self._is_at_work:
                self._thread.submit(self._go_on, loop)
                self._is_at_work = True
        return await future

    async def close(self) -> None:
        """Closes the archive when all is done that was asked for, and ends the process."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._end)
        self._thread.shutdown()

    def loss(self) -> ArchiveFailing | None:
        """Why nothing more is written, where the process is gone."""
        return self._lost() if wait([self._child.sentinel], 0) else None

    def abandon(self) -> None:
        """Ends the process at once, whatever it is at; what was on the disk stays."""
        with self._lock:
            self._child.kill()

    def _opened(self) -> _Said:
        """What came of opening the archive."""
        try:
            return cast(_Said, self.pipe.recv())
        except (EOFError, OSError):
            return _Said(error=self._lost())

    def _end(self) -> None:
        self.pipe.close()
        self._child.join()
        atexit.unregister(self.pipe.close)

    def _go_on(self, loop: asyncio.AbstractEventLoop) -> None:
        while waiting := self._taken():
            said = self._asked([one.piece for one in waiting])
            loop.call_soon_threadsafe(_tell, [one.future for one in waiting], said)

    def _taken(self) -> list[_Waiting]:
        with self._lock:
            taken, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
            self._is_at_work = bool(taken)
        return taken

    def _asked(self, pieces: list[_Piece]) -> list[_Said]:
        """What came of pieces of work: of all in one transaction; where that cannot be, of each by itself, so that each
        has its own answer."""
        try:
            for piece in pieces:  # it is at the first while the next is made ready
                self._send(piece)
            self.pipe.send(_THAT_IS_ALL)
            heard: list[_Said] | _Said = self.pipe.recv()
        except (EOFError, OSError):
            return [_Said(error=self._lost())] * len(pieces)
        if isinstance(heard, list):
            return heard
        return [heard] if len(pieces) == 1 else [self._asked([piece])[0] for piece in pieces]

    def _send(self, piece: _Piece) -> None:
        """Sends a piece; one that cannot be sent fails by itself, and where it would be done."""
        try:
            self.pipe.send(piece)
        except (EOFError, OSError):
            raise
        except Exception as error:
            self.pipe.send(_failing(error))

    def _lost(self) -> ArchiveFailing:
        """Why nothing more is written now that the process is gone."""
        with self._lock:
            how = self._child.join()
        why = f"killed by {signal.Signals(-how).name}" if how < 0 else f"gone ({how})"
        return ArchiveFailing(f"{self.path}: the process that writes to it was {why}")


def _failing(error: Exception) -> _Piece:
    """What stands for a piece that could not be sent."""
    return _Piece(_fail, (f"cannot be sent: {error}",), {})


def _fail(archive: Archive, why: str) -> None:
    raise WritingError(why)


def _result_of(said: _Said) -> Any:
    if said.error is not None:
        raise said.error
    return said.result


def _tell(futures: list[asyncio.Future[Any]], said: list[_Said]) -> None:
    for future, one in zip(futures, said, strict=True):
        if future.done():  # nobody waits any more
            continue
        if one.error is not None:
            future.set_exception(one.error)
        else:
            future.set_result(one.result)


def _serve(pipe: Connection, parent: int, path: Path) -> None:
    """The life of the process: work in, what came of it out, until the pipe closes."""
    attend(parent, "gongkai-writer", stays=True)  # who asks a whole run to stop does not mean the last to write
    with ExitStack() as held:
        try:
            archive = held.enter_context(Archive.open(path))
            held.enter_context(archive.lock())
        except Exception as error:
            pipe.send(_Said(error=_in_words(error)))
            return
        pipe.send(_Said())
        with suppress(EOFError, OSError):
            while True:
                pipe.send(_done(archive, _pieces(pipe)))


def _pieces(pipe: Connection) -> Iterator[_Piece]:
    """The pieces of work that are to be written together, as they come. Raises EOFError at the end of all."""
    while True:
        try:
            piece: _Piece | None = pipe.recv()
        except (EOFError, OSError):
            raise
        except Exception as error:  # all of it is there, but nothing can be made of it
            piece = _failing(error)
        if piece is _THAT_IS_ALL:
            return
        yield piece


def _done(archive: Archive, pieces: Iterator[_Piece]) -> list[_Said] | _Said:
    """What came of each; the one answer to all where nothing of it could be written."""
    first = next(pieces)  # before it is there, nobody else is kept from the archive
    try:
        with archive.together():
            return [_tried(archive, piece) for piece in chain((first,), pieces)]
    except EOFError:
        raise
    except Exception as error:
        for _ in pieces:  # that are still on their way
            pass
        return _Said(error=_in_words(error))


def _tried(archive: Archive, piece: _Piece) -> _Said:
    try:
        return _Said(piece.work(archive, *piece.args, **piece.kwargs))
    except Exception as error:
        return _Said(error=_in_words(error))


def _in_words(error: Exception) -> Exception:
    """The archive's own errors, which are a line each; of all others such a line, for not all can be sent."""
    return error if isinstance(error, ArchiveError) else WritingError(f"{type(error).__name__}: {error}")

"""Reading off the reactor: documents are read in worker processes, each within limits on time and memory.

A worker that dies or hangs costs nobody else anything, for each has a pipe of its own. Its document is read again, by a
fresh worker and by itself; what kills that one too is refused. So the kill of a worker changes no result, and
neither does how busy the machine is: the clock of a document starts when a worker has it.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection

from crawler.child import Child
from crawler.confining import allow_processor, held, may_fork, settle
from crawler.seeing import Look, Seen, see
from pipelines import extract
from pipelines.decode import load_codecs
from pipelines.model import Capture, Context, Reading
from pipelines.source import Source

LONGEST = 600.0
"""Seconds that one document may take, as a last resort, for a worker that only sleeps: all other limits are on time of
the processor, of which the optical reader has 300 seconds, so that a busy machine reads what an idle one reads."""

MOST_READ = 4000
"""Documents after which a worker is replaced, so that what libraries never give back does not add up over a night."""

HEAVY = 512 * 1024 * 1024
"""Bytes held after a document that have a worker replaced; with the optical reader in it, it holds up to 450 MB."""

_LONGEST_START = 120.0
"""Seconds until a worker is ready; on an idle machine it takes less than one."""

_MOST_KILLS = 5
"""Workers that may be killed from outside over one document. (The system kills for want of memory, too: what a worker
may have keeps that rare.)"""

SECONDS = 15
"""Of the processor, for what surrounds the reader's own limits, which take their place while they hold."""

Read = Callable[..., tuple[Reading, ...]]
"""Takes a Capture and a Context."""


class ReadingEnded(Exception):  # noqa: N818 - no fault of the document, nor of ours
    """The run is being stopped, and a document was not read: it is to be asked for again the next time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker made of one document, and the bytes of memory that it holds now."""

    readings: tuple[Reading, ...]
    held: int
    seen: Seen | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one document; `seen` is what it shows as a page, None where nobody asked or that failed."""

    readings: tuple[Reading, ...]
    seen: Seen | None = None


class ReadingRoom:
    """As many readers as there are places, started when there is work and replaced when they are lost or worn.

    `longest` is in seconds of the clock, `seconds` of the processor. `read` is a function that a worker can import.
    """

    def __init__(
        self, workers: int = 0, longest: float = LONGEST, seconds: int = SECONDS, read: Read = extract
    ) -> None:
        self._places = workers or os.cpu_count() or 1
        self._longest = longest
        self._start = partial(_Reader, read, seconds)
        self._free = asyncio.Semaphore(self._places)
        self._alone = asyncio.Lock()
        self._idle: list[_Reader] = []
        self._at_work: set[_Reader] = set()
        self._waiters = ThreadPoolExecutor(2 * self._places, thread_name_prefix="reading")
        self._ending = False
        self._closed = False

    def fork(self, *ours: Connection) -> None:
        """Starts all readers at once out of this process, so that what is loaded here need not be loaded by each.

        `ours` are ends of pipes that they are to let go of. To be called before anything is open that no two processes
        may have. Where forking is not safe, or not possible, each is started when there is work for it.
        """
        with suppress(OSError):
            while may_fork() and len(self._idle) < self._places:
                self._idle.append(self._start((*ours, *(reader.pipe for reader in self._idle))))

    async def read(self, capture: Capture, context: Context, look: Look | None = None) -> Outcome:
        """What `pipelines.extract` makes of the capture; a refusal naming the fault when the reader itself fails.

        With a `look` the page is looked at for links as well. Raises ReadingEnded.
        """
        async with self._free:
            self._go_on()
            reader = self._idle.pop() if self._idle else self._start()
            outcome = await self._read_by(reader, capture, context, look)
            return outcome if isinstance(outcome, Outcome) else await self._again(capture, context, look, outcome)

    async def end(self, seconds: float) -> None:
        """Documents that wait are not begun any more; those that a worker has must be read in so many seconds."""
        self._ending = True
        self._free.release()  # wakes who waits, one after the other
        await asyncio.sleep(seconds)
        for reader in self._at_work:
            reader.kill()

    def close(self) -> None:
        """Stop the workers; what is still being read is lost."""
        self._closed = True
        for reader in (*self._idle, *self._at_work):
            reader.kill()
        self._idle.clear()
        self._waiters.shutdown(wait=False, cancel_futures=True)

    def _go_on(self) -> None:
        if self._ending:
            raise ReadingEnded("not read: the run was stopped")

    async def _again(self, capture: Capture, context: Context, look: Look | None, died: int) -> Outcome:
        """A document whose worker died, by itself and by fresh ones: once if it may have been the document, more often
        when somebody else killed the worker. `died` is the exit code."""
        async with self._alone:
            tried = 1
            while tried < (_MOST_KILLS if died == -signal.SIGKILL else 2):
                self._go_on()
                outcome = await self._read_by(self._start(), capture, context, look)
                if isinstance(outcome, Outcome):
                    return outcome
                died, tried = outcome, tried + 1
        self._go_on()
        return _refused("reader_died: the reader process died on this document")

    async def _read_by(self, reader: _Reader, capture: Capture, context: Context, look: Look | None) -> Outcome | int:
        """The outcome of one try; the exit code of a worker that died of it, or while at it."""
        self._at_work.add(reader)
        elsewhere = partial(asyncio.get_running_loop().run_in_executor, self._waiters)
        worn = True
        try:
            if not reader.is_ready:
                async with asyncio.timeout(_LONGEST_START):
                    await elsewhere(reader.ready)
            async with asyncio.timeout(self._longest):
                answer = await elsewhere(reader.ask, capture, context, look)
            worn = answer.held > HEAVY or reader.answers >= MOST_READ
        except TimeoutError:
            if not reader.is_ready:
                return _refused("reader_died: no reader process starts")
            return _refused(f"too_slow: reading took over {self._longest:.0f} seconds")
        except (EOFError, OSError):
            if self._closed:
                raise
            died = reader.kill()
            if died == -signal.SIGXCPU:
                return _refused("too_slow: reading took all the time of the processor that it may have")
            return died
        finally:
            self._at_work.discard(reader)
            if worn or self._closed:
                reader.kill()
            else:
                self._idle.append(reader)
        return Outcome(answer.readings, answer.seen)


class _Reader(Child):
    """A worker that reads, forked where `others` are given.

    Not forked once there are threads and sockets here. (A fork server would start workers faster, but be one more
    process that holds all libraries; a worker starts in a second and reads thousands.)
    """

    def __init__(self, read: Read, seconds: int, others: tuple[Connection, ...] | None = None) -> None:
        super().__init__(_serve, read, seconds, forks=others is not None, others=others or ())
        self.is_ready = False
        self.answers = 0

    def ready(self) -> None:
        """Waits until the worker has loaded all it needs; then a document's time begins. Raises as `ask` does."""
        self.pipe.recv()
        self.is_ready = True

    def ask(self, capture: Capture, context: Context, look: Look | None) -> Answer:
        """Waits for the answer; to be called off the reactor. Raises EOFError or OSError when the worker dies."""
        self.pipe.send((capture, context, look))
        answer: Answer = self.pipe.recv()
        self.answers += 1
        return answer


def _serve(pipe: Connection, parent: int, read: Read, seconds: int) -> None:
    """The life of a worker: documents in, readings out, until the pipe closes."""
    settle(parent)
    pipe.send("ready")
    while True:
        try:
            capture, context, look = pipe.recv()
        except EOFError:
            return
        allow_processor(seconds)
        shown, source = _shown(capture, look) if look is not None else (None, None)
        # Who reads by another function than ours has no use for the text.
        reads = partial(read, known=source) if source is not None else read
        pipe.send(Answer(readings_of(reads, capture, context), held(), shown))


def _shown(capture: Capture, look: Look) -> tuple[Seen | None, Source | None]:
    """What a page shows, and its text; nothing where that fails, which is for the one who asks to find out and name."""
    load_codecs()
    try:
        return see(capture, look)
    except Exception:
        return None, None


def _refused(reason: str) -> Outcome:
    return Outcome((Reading(False, reason),))


def readings_of(read: Read, capture: Capture, context: Context) -> tuple[Reading, ...]:
    """What `read` makes of a capture, without its text, which nobody keeps and is most of what a reading holds; a
    refusal that names it where the reader fails."""
    try:
        return tuple(_without_text(reading) for reading in read(capture, context))
    except MemoryError:
        return (Reading(False, "too_much_memory: reading takes more memory than a reader may have"),)
    except Exception as error:  # a fault of ours: named, kept with the page, and the crawl goes on
        return (Reading(False, f"the reader failed: {type(error).__name__}: {error}"),)


def _without_text(reading: Reading) -> Reading:
    return reading if reading.text is None else replace(reading, text=replace(reading.text, text=""))

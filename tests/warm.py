"""The command `gongkai` without the second that its start takes: forked from a process that has loaded what it needs.

What is forked runs the installed script to its end, as a process of its own with a folder, environment, files and group
of its own. Nothing that looks at folder or environment while it is loaded is loaded before, no thread runs when the
process forks, and Scrapy's reactor is not there yet. (What Python itself looks at when it starts, such as the locale,
is that of the tests.)
"""

from __future__ import annotations

import atexit
import gc
import json
import multiprocessing.process
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

from tests import forking

WORKS = sys.platform == "linux"
"""Elsewhere libraries may have threads of their own, which do not survive a fork."""

_NEEDED = (
    "gongkai.crawling",
    "gongkai.inspecting",
    "gongkai.proposing",
    # What Scrapy loads by name when a crawl starts.
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.scheduler",
    "scrapy.downloadermiddlewares.httpcache",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.offsite",
    "scrapy.extensions.feedexport",
    "scrapy.extensions.memusage",
    "scrapy.extensions.throttle",
    "scrapy.robotstxt",
    "scrapy.spiderloader",
    "scrapy.squeues",
    "crawler.evidence",
    "crawler.pipelines",
    "crawler.progress",
    # For the other command that the documents use.
    "archive.search.plugin",
    "sqlite_utils.cli",
)
_TOO_EARLY = ("crawler.settings", "twisted.internet.reactor")
"""The first reads gongkai.toml and the environment; the second is installed once, by the crawl."""
_SIZE = 4  # bytes of a number on the line


@cache
def _line() -> socket.socket:
    """To the process that forks; it is started when it is first needed, and ends with the tests."""
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, "-m", __name__, str(theirs.fileno())]
        process = subprocess.Popen(
            command,
            cwd=Path(__file__).parents[1],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # so that Ctrl-C is for the tests alone
        )
    atexit.register(process.wait)
    atexit.register(ours.close)  # which ends it
    return ours


def run(
    command: Sequence[str], folder: Path | None, environment: Mapping[str, str], said: str | None, seconds: float
) -> subprocess.CompletedProcess[str]:
    """What `subprocess.run` returns for that Python script, or raises when it takes longer than so many seconds.

    The script's whole group is killed then. `said` is its standard input; None: there is none.
    """
    line = _line()
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        stdin.write((said or "").encode())
        stdin.seek(0)
        plan = json.dumps([command, str(folder or Path.cwd()), dict(environment)]).encode()
        line.settimeout(None)
        socket.send_fds(line, [len(plan).to_bytes(_SIZE)], [file.fileno() for file in (stdin, stdout, stderr)])
        line.sendall(plan)
        pid = _number(line)
        try:
            line.settimeout(seconds)
            code = _number(line)
        except BaseException as fault:
            os.killpg(pid, signal.SIGKILL)
            line.settimeout(None)
            _number(line)
            if isinstance(fault, TimeoutError):
                raise subprocess.TimeoutExpired(command, seconds) from None
            raise
        out, err = (_text(file.fileno()) for file in (stdout, stderr))
    return subprocess.CompletedProcess(command, code, out, err)


def _number(line: socket.socket) -> int:
    found = line.recv(_SIZE, socket.MSG_WAITALL)
    if len(found) < _SIZE:
        raise EOFError("the process that forks the commands has ended")
    return int.from_bytes(found, signed=True)


def _text(file: int) -> str:
    return os.pread(file, os.fstat(file).st_size, 0).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def _serve(line: socket.socket) -> None:
    """Forks a command for each plan until the tests are over. Returns at once, and for good, in what is forked."""
    while True:
        size, files, _, _ = socket.recv_fds(line, _SIZE, 3)
        if not size:
            return
        command, folder, environment = json.loads(line.recv(int.from_bytes(size), socket.MSG_WAITALL))
        pid = os.fork()
        if pid == 0:
            line.close()
            _become(command, folder, environment, files)
            return
        for file in files:
            os.close(file)
        line.sendall(pid.to_bytes(_SIZE))
        _, status = os.waitpid(pid, 0)
        line.sendall(os.waitstatus_to_exitcode(status).to_bytes(_SIZE, signed=True))


def _become(command: list[str], folder: str, environment: dict[str, str], files: list[int]) -> None:
    os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    multiprocessing.process.ORIGINAL_DIR = folder  # where it looks for the script when it starts a reader
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = command
    if forking.WORKS and command[1:2] in (["crawl"], ["nightly"]):
        forking.fork_from_here()
    runpy.run_path(command[0], run_name="__main__")


def _main() -> None:
    sys.path[0] = str(Path(sys.executable).parent)  # as for the installed script
    from gongkai.cli import COMMANDS, module_of

    for name in (*_NEEDED, *(f"gongkai.commands.{module_of(command)}" for command in COMMANDS)):
        import_module(name)
    early = [name for name in _TOO_EARLY if name in sys.modules]
    assert not early, f"loaded before the command is known: {early}"
    assert threading.active_count() == 1
    gc.collect()
    gc.freeze()  # else the first collection of each command writes to all of it
    _serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    _main()

"""What a command starts, without the second that the start of each process takes: readers, and the crawl of a night.

Each is forked from a copy of the command that was made before it did anything, with no thread and no file of its
own yet, so that a fork is safe. What is forked is a child of the command, as if the command had started it: the command
waits for it, stops it and hears of its end, and the system has it die with the command where it asks for that.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import multiprocessing.process
import os
import platform
import runpy
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Sequence
from multiprocessing import util
from pathlib import Path
from typing import Any, NoReturn

_CLONE = {"x86_64": 56, "aarch64": 220}.get(platform.machine())
"""The number of the system call."""
_CLONE_PARENT = 0x8000

WORKS = sys.platform == "linux" and _CLONE is not None

_SIZE = 4  # bytes of a number on the line
_READER = "--multiprocessing-fork"
_GONGKAI = [sys.executable, "-P", "-m", "gongkai"]


def fork_from_here() -> None:
    """From now on, what this process starts with multiprocessing, and `gongkai` as a module, is what it is now."""
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        _serve(theirs)
    theirs.close()
    one_at_a_time = threading.Lock()

    def fork(plan: dict[str, Any], files: Sequence[int]) -> int:
        whole = json.dumps(plan).encode()
        with one_at_a_time:
            socket.send_fds(ours, [len(whole).to_bytes(_SIZE)], list(files))
            ours.sendall(whole)
            return int.from_bytes(ours.recv(_SIZE, socket.MSG_WAITALL))

    start_reader, start = util.spawnv_passfds, subprocess.Popen._execute_child  # type: ignore[attr-defined]

    def reader(path: bytes, command: Sequence[str], files: Sequence[int]) -> int:
        if _READER not in command:
            return start_reader(path, command, files)
        return fork({"program": command[command.index("-c") + 1], "places": list(files)}, files)

    def process(self: Any, args: Any, *rest: Any) -> None:
        _, preexec, _, _, folder, environment, _, _, shell, *pipes = rest[:15]
        group, session = rest[-1], rest[-2]
        if list(args)[:4] != _GONGKAI or preexec or shell or session:
            start(self, args, *rest)
            return
        streams = [given if given >= 0 else stream for stream, given in enumerate((pipes[0], pipes[3], pipes[5]))]
        plan = {
            "words": list(args)[4:],
            "folder": str(folder or Path.cwd()),
            "environment": dict(os.environ if environment is None else environment),
            "group": group,
            "places": [0, 1, 2],
        }
        self.pid = fork(plan, streams)
        self._child_created = True
        self._close_pipe_fds(*pipes)

    util.spawnv_passfds = reader
    subprocess.Popen._execute_child = process  # type: ignore[attr-defined]


def _serve(line: socket.socket) -> NoReturn:
    """Forks a process for each plan until the command has ended."""
    while True:
        size, files, _, _ = socket.recv_fds(line, _SIZE, 16)
        if not size:
            os._exit(0)
        plan = json.loads(line.recv(int.from_bytes(size), socket.MSG_WAITALL))
        pid = _fork_a_sibling()
        if pid == 0:
            line.close()
            _become(plan, files)
        for file in files:
            os.close(file)
        line.sendall(pid.to_bytes(_SIZE))


def _fork_a_sibling() -> int:
    """`os.fork`, but what is forked is a child of our parent."""
    python = ctypes.PyDLL(None)  # keeps Python's lock, as a fork must
    python.PyOS_BeforeFork()
    pid = python.syscall(_CLONE, _CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0)
    python.PyOS_AfterFork_Child() if pid == 0 else python.PyOS_AfterFork_Parent()
    return int(pid)


def _become(plan: dict[str, Any], files: list[int]) -> NoReturn:
    """The process that was to be started, to its end."""
    code = 1
    try:
        _put(files, plan["places"])
        if "program" in plan:
            sys.argv = ["-c", _READER]
            exec(plan["program"], {"__name__": "reader"})
        else:
            if plan["group"] >= 0:
                os.setpgid(0, plan["group"])
            os.chdir(plan["folder"])
            multiprocessing.process.ORIGINAL_DIR = plan["folder"]  # type: ignore[attr-defined]
            os.environ.clear()
            os.environ.update(plan["environment"])
            sys.argv = ["gongkai", *plan["words"]]
            fork_from_here()
            runpy.run_module("gongkai", run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        os._exit(code)


def _put(files: list[int], places: list[int]) -> None:
    """Has each file at its place, and nowhere else."""
    above = max([*files, *places]) + 1
    lifted = [os.dup2(file, above + n) for n, file in enumerate(files)]
    for file in files:
        os.close(file)
    for file, place in zip(lifted, places, strict=True):
        os.dup2(file, place)
        os.close(file)

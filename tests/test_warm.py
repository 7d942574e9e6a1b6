"""A command that is forked answers as one that is started, and leaves the next one as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import warm
from tests.conftest import BIN

pytestmark = pytest.mark.skipif(not warm.WORKS, reason="commands are forked on Linux only")

SCRIPT = """
import os, signal, sys, threading
print(sys.argv, os.getcwd(), sorted(os.environ.items()), sys.stdin.read(), threading.active_count(), __name__)
print([signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)], file=sys.stderr)
print(os.getsid(0) == os.getpid(), sorted(int(name) for name in os.listdir("/proc/self/fd"))[:-1], sys.stdout.isatty())
"""


def test_a_process_is_forked_as_it_would_be_started(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    command, environment = [str(script), "甲", ""], {**os.environ, "NEW": "乙"}
    forked = warm.run(command, tmp_path, environment, "丙\r\n", 60)
    started = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, env=environment, input="丙\r\n", capture_output=True, text=True,
        encoding="utf-8", start_new_session=True, check=False,
    )  # fmt: skip
    assert (forked.returncode, forked.stdout, forked.stderr) == (0, started.stdout, started.stderr)


STARTS = """
import multiprocessing, os, signal, subprocess, sys, time

def read(pipe):
    pipe.send((os.getppid(), os.getcwd(), sys.stdin.read()))
    time.sleep(60)

if __name__ == "__main__":
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    reader = spawn.Process(target=read, args=(theirs,), daemon=True)
    reader.start()
    parent, folder, said = ours.recv()
    reader.kill()
    reader.join()
    print(parent == os.getpid(), folder, repr(said), reader.exitcode)
    words = [sys.executable, "-P", "-m", "gongkai"]
    for more in (["--version"], ["extract", "none.html"], ["nothing"]):
        print(subprocess.run([*words, *more], capture_output=True, text=True, process_group=0))
    words += ["sample-portal", "--port", "0"]
    portal = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, process_group=0)
    portal.stdout.readline()
    os.killpg(portal.pid, signal.SIGKILL)
    print(portal.wait())
"""


def test_what_a_command_starts_is_as_if_it_had_been_started(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(STARTS, encoding="utf-8")
    forked = warm.run([str(script), "crawl"], tmp_path, os.environ, "", 60)
    command = [sys.executable, str(script), "crawl"]
    started = subprocess.run(command, cwd=tmp_path, input="", capture_output=True, text=True, check=False)
    assert (forked.returncode, forked.stdout, forked.stderr) == (0, started.stdout, started.stderr)


@pytest.mark.parametrize(
    ("words", "settings", "code"),
    [
        (["--version"], "", 0),
        (["extract", "-"], "", 0),
        (["extract", "none.html"], "", 1),
        (["crawl", "--sample"], "publish = 'perhaps'", 2),
        (["export"], "archive = 'none.db'", 3),
    ],
)
def test_a_command_answers_alike(tmp_path: Path, words: list[str], settings: str, code: int) -> None:
    (tmp_path / "gongkai.toml").write_text(settings, encoding="utf-8")
    command, page = [str(BIN / "gongkai"), *words], "<p>你好</p>"
    forked = warm.run(command, tmp_path, os.environ, page, 60)
    started = subprocess.run(command, cwd=tmp_path, input=page, capture_output=True, text=True, check=False)
    assert forked.returncode == code
    assert (forked.returncode, forked.stdout, forked.stderr) == (started.returncode, started.stdout, started.stderr)


def test_what_is_killed_or_takes_too_long_is_told_and_the_next_one_runs(tmp_path: Path) -> None:
    killed = tmp_path / "killed.py"
    killed.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", encoding="utf-8")
    assert warm.run([str(killed)], tmp_path, os.environ, None, 60).returncode == -9
    portal = [str(BIN / "gongkai"), "sample-portal", "--port", "0"]
    with pytest.raises(subprocess.TimeoutExpired):
        warm.run(portal, tmp_path, os.environ, None, 1)
    assert warm.run([str(BIN / "gongkai"), "--version"], tmp_path, os.environ, None, 60).returncode == 0

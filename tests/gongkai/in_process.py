"""Commands without the second that a process of their own takes; some tests start real ones all the same."""

from __future__ import annotations

import gc
import subprocess

from click.testing import CliRunner

from gongkai.cli import main


def gongkai(*words: object, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """`gongkai WORDS`, with what it prints and its exit code; a traceback is a failure of the test.

    How often garbage is sought is as before: what a command leaves open in a ring, its process would end with.
    """
    before = gc.get_threshold()
    try:
        result = CliRunner().invoke(main, [str(word) for word in words], input=stdin)
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return subprocess.CompletedProcess(words, result.exit_code, result.stdout, result.stderr)

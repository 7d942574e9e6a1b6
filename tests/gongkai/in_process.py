"""Commands without the second that a process of their own takes; some tests start real ones all the same."""

from __future__ import annotations

import subprocess

from click.testing import CliRunner

from gongkai.cli import main


def gongkai(*words: object, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """`gongkai WORDS`, with what it prints and its exit code; a traceback is a failure of the test."""
    result = CliRunner().invoke(main, [str(word) for word in words], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return subprocess.CompletedProcess(words, result.exit_code, result.stdout, result.stderr)

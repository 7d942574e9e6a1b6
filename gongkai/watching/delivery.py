"""Telling somebody: a webhook that gets JSON, and a command that gets text.

Both belong to the operator, and both may fail: the webhook is tried again for a while, neither holds up the night for
long, and what could not be told is told by the next run. A webhook's address is a secret, so that nothing prints it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from tenacity import RetryError, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from archive.nights.alarms import Alarm, Told

TIMEOUT = 10.0
"""Seconds for one attempt at the webhook, all in all."""

ATTEMPTS = 4
COMMAND_TIMEOUT = 60.0
_LONGEST_TEXT = 16_000
_MOST_ALARMS = 200
"""In one message; the report has them all."""


class DeliveryError(Exception):
    """Nobody was reached that way; the message is one line without the secret part of an address."""


@dataclass(frozen=True, slots=True)
class Channels:
    """Where alarms go besides standard error; both may be empty."""

    webhook: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What is told: `run` is None where there was none."""

    run: int | None
    verdict: str
    told: Told
    text: str
    report_path: Path | None = None

    def as_object(self) -> dict[str, Any]:
        """The object that the webhook gets; docs/operating.md documents it."""
        return {
            "run": self.run,
            "verdict": self.verdict,
            "alarms": [_as_object(alarm) for alarm in self.told.wrong[:_MOST_ALARMS]],
            "cleared": [_as_object(alarm) for alarm in self.told.over[:_MOST_ALARMS]],
            "text": self.text[:_LONGEST_TEXT],
            "report_path": str(self.report_path) if self.report_path else None,
        }


def check(channels: Channels) -> None:
    """Raises ValueError for a webhook or command that can never work, before a night is spent on it."""
    if channels.webhook:
        try:
            parts = urlsplit(channels.webhook)
            sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
            sound = sound and not re.search(r"[^!-~]", channels.webhook)
            unquote(parts.hostname or "").encode("idna")  # a name with an empty or overlong label is found nowhere
        except ValueError:
            sound = False
        if not sound:
            raise ValueError("setting webhook: not an http or https address")
        if parts.username or parts.password:
            raise ValueError("setting webhook: an address with a password in it cannot be called")
    if channels.command:
        try:
            words = shlex.split(channels.command)
        except ValueError as error:
            raise ValueError(f"setting alarm_command: {error}") from error
        if not words or not words[0] or "\0" in channels.command:
            raise ValueError("setting alarm_command: no command")


def deliver(channels: Channels, message: Message) -> Iterator[tuple[str, str | None]]:
    """Tells it on every channel that there is; gives (channel, what went wrong or None) for each."""
    if channels.webhook:
        yield "webhook", _failure("webhook", lambda: post(channels.webhook, message.as_object()))
    if channels.command:
        yield "alarm_command", _failure("alarm_command", lambda: run_hook(channels.command, message))


def _failure(channel: str, attempt: Callable[[], None]) -> str | None:
    """What went wrong; whatever that is, the other channel is tried too."""
    try:
        attempt()
    except DeliveryError as error:
        return str(error)
    except Exception as error:  # its message may hold the address
        return f"{channel}: {type(error).__name__}"
    return None


# --- the webhook


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """A webhook that moved is a fault to be told, not an address to be followed."""


class _Passing(Exception):  # noqa: N818 - no error yet
    """What may be over in a moment; the message says what it is."""


def post(url: str, content: dict[str, Any]) -> None:
    """Posts an object as JSON, again after a while where that may help. Raises DeliveryError."""
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    retrying = Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, _Passing)),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_random_exponential(multiplier=0.5, max=20),
        reraise=True,
    )
    where = urlsplit(url).hostname
    try:
        for attempt in retrying:
            with attempt:
                _post_once(url, body)
    except (_Passing, RetryError) as error:
        raise DeliveryError(f"webhook at {where}: {error} ({ATTEMPTS} attempts)") from error


def _post_once(url: str, body: bytes) -> None:
    """One attempt, in a thread of its own: a name server or a slow drip cannot hold it up for longer than TIMEOUT."""
    outcome: list[BaseException | None] = []

    def call() -> None:
        try:
            _send(url, body)
            outcome.append(None)
        except BaseException as error:  # handed to the thread that waits
            outcome.append(error)

    thread = Thread(target=call, daemon=True)
    thread.start()
    thread.join(TIMEOUT)
    if not outcome:
        raise _Passing(f"no answer within {TIMEOUT:.0f} seconds")
    if outcome[0] is not None:
        raise outcome[0]


def _send(url: str, body: bytes) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "gongkai"}
    request = urllib.request.Request(url, body, headers, method="POST")
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=TIMEOUT):
            return  # what it has to say is not read
    except urllib.error.HTTPError as error:
        error.close()
        if error.code >= 500 or error.code in (408, 429):
            raise _Passing(f"it answers {error.code}") from None
        moved = ", and redirects are not followed" if 300 <= error.code < 400 else ""
        raise DeliveryError(f"webhook at {urlsplit(url).hostname}: it answers {error.code}{moved}") from None
    except (urllib.error.URLError, HTTPException, OSError) as error:
        reason = getattr(error, "reason", error)
        raise _Passing(f"{getattr(reason, 'strerror', None) or reason or type(error).__name__}".lower()) from None


# --- the command


def run_hook(command: str, message: Message) -> None:
    """Runs the command, without a shell, with the text on its standard input. Raises DeliveryError."""
    words = shlex.split(command)
    environment = os.environ | {
        "GONGKAI_ALARMS": str(len(message.told.wrong)),
        "GONGKAI_REPORT": str(message.report_path or ""),
    }
    try:
        process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment,
            process_group=0,
        )  # fmt: skip
    except OSError as error:
        raise DeliveryError(f"alarm_command {words[0]}: {error.strerror or error}") from error
    try:
        _, said = process.communicate(message.text.encode("utf-8", "replace"), COMMAND_TIMEOUT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # with whatever it started
        process.wait()
        raise DeliveryError(f"alarm_command {words[0]}: not done after {COMMAND_TIMEOUT:.0f} seconds") from None
    if process.returncode:
        last = (said.decode("utf-8", "replace").strip().splitlines() or [""])[-1][:200]
        raise DeliveryError(f"alarm_command {words[0]}: exit code {process.returncode}{f' ({last})' if last else ''}")


def _as_object(alarm: Alarm) -> dict[str, Any]:
    return {
        "code": alarm.code,
        "portal": alarm.portal_id,
        "name": alarm.portal,
        "message": alarm.message,
        "since": alarm.raised_at or None,
        "nights": alarm.nights,
    }

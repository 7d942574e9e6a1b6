"""`gongkai nightly` on a real portal with a real webhook: silent when all is well, heard when a yield collapses.

And what becomes of the night when the crawl dies, the disk or the webhook fails, or somebody stops it.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from archive.nights.alarms import Alarm, Told
from crawler.options import Options
from crawler.sample_portal import DocumentsPortal
from gongkai import apart
from gongkai.nightly import Plan, run_nightly
from gongkai.watching import delivery
from gongkai.watching.delivery import Channels, DeliveryError, Message, check, deliver, post
from tests.conftest import BIN, ROOT
from tests.gongkai.in_process import gongkai
from tests.gongkai.past_nights import Nights

REPORTS = ("clean.html", "word.html", "gb2312.html", "traditional.html", "f2019_blank.html")
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "GONGKAI_WORKERS=1")


class Webhook:
    """A loopback server that keeps what is posted to it; answers those of `script` first, 200 after."""

    def __init__(self, *script: int) -> None:
        self.got: list[dict[str, Any]] = []
        self.script = [*script]
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = outer.script.pop(0) if outer.script else 200
                if status == 200:
                    assert self.headers["Content-Type"].startswith("application/json")
                    outer.got.append(json.loads(body))
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()

            def do_GET(self) -> None:
                outer.got.append({"redirected": True})

            def log_message(self, *args: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook?key=secret"

    def __enter__(self) -> Webhook:
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as server:
        yield server


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(delivery, "wait_random_exponential", lambda **_: lambda state: 0.01)
    monkeypatch.chdir(tmp_path)


def nightly(folder: Path, webhook: Webhook, *words: object) -> subprocess.CompletedProcess[str]:
    """A night as a scheduler starts it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")}
    command = [BIN / "gongkai", "nightly", "--archive", folder / "archive.db", *FAST, *words]
    return subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, cwd=folder, timeout=120,
        env=environment | {"GONGKAI_WEBHOOK": webhook.url, "GONGKAI_PUBLISH": "false"},
    )  # fmt: skip


def test_an_alarm_when_the_yield_collapses_and_none_without_news(tmp_path: Path, webhook: Webhook) -> None:
    changes, stays, away, portals = (tmp_path / name for name in ("changes", "stays", "away", "portals.csv"))
    for folder in (changes, stays):
        folder.mkdir()
        for name in REPORTS:
            shutil.copy(ROOT / "tests" / "golden" / name, folder)
    with DocumentsPortal(changes, 0) as one, DocumentsPortal(stays, 0) as other:
        rows = [portal.portals()[0] | {"portal_id": name} for portal, name in ((one, "changes"), (other, "stays"))]
        lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
        portals.write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = nightly(tmp_path, webhook, "--portals", portals)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert webhook.got == []

        # One portal gives nothing any more; the other has no news.
        changes.rename(away)
        changes.mkdir()
        done = nightly(tmp_path, webhook, "--portals", portals)
        assert done.returncode == 6, done.stderr
        (message,) = webhook.got
        (alarm,) = message["alarms"]
        assert (alarm["code"], alarm["portal"], message["cleared"]) == ("yield_collapsed", "changes", [])
        assert "5 before" in alarm["message"]
        assert message["text"] == done.stderr
        assert "yield_collapsed" in Path(message["report_path"]).read_text(encoding="utf-8")
        shown = gongkai("status", "--archive", tmp_path / "archive.db")
        assert shown.returncode == 1
        assert "alarm     yield_collapsed changes" in shown.stdout

        changes.rmdir()
        away.rename(changes)
        done = nightly(tmp_path, webhook, "--portals", portals)
        assert done.returncode == 0, done.stderr
        cleared = [(alarm["code"], alarm["portal"]) for alarm in webhook.got[1]["cleared"]]
        assert cleared == [("yield_collapsed", "changes")]
        assert (webhook.got[1]["alarms"], len(webhook.got)) == ([], 2)
    assert len([*(tmp_path / "reports").glob("night-*.html")]) == 3
    assert len([*(tmp_path / "logs").glob("nightly-*.log")]) == 3
    with sqlite3.connect(tmp_path / "archive.db") as db:
        met = db.execute("SELECT portal_id, reports FROM run_portals ORDER BY portal_id, run_id").fetchall()
    assert met == [("changes", 5), ("changes", 0), ("changes", 5), ("stays", 5), ("stays", 5), ("stays", 5)]
    shown = gongkai("status", "--archive", tmp_path / "archive.db")
    assert shown.returncode == 0, shown.stdout
    assert "all is well" in shown.stdout


# --- what becomes of a night that does not go its way; the crawl is played by a few lines of Python

BEGIN = """
import os, sys, signal, sqlite3, time
db = sqlite3.connect(sys.argv[sys.argv.index("--archive") + 1], isolation_level=None)
nights = db.execute("SELECT count(*) FROM runs").fetchone()[0]
now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600 * nights))
run = db.execute("INSERT INTO runs (command, started_at) VALUES ('crawl', ?)", [now]).lastrowid
db.execute("INSERT OR IGNORE INTO portals (portal_id, first_seen, last_seen) VALUES ('p', ?1, ?1)", [now])
def close(reports):
    db.execute("INSERT INTO run_portals VALUES (?, 'p', 9, ?, 0, 0, 0, 0, NULL, NULL)", [run, reports])
def finish(verdict, code=0):
    db.execute("UPDATE runs SET finished_at = ?, verdict = ?, exit_code = ?", [now, verdict, code])
    sys.exit(code)
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive without a run. Closed: SQLite loses its locks where one process opens a file twice."""
    path = tmp_path / "archive.db"
    Nights(path).archive.close()
    return path


def plan(folder: Path, script: str, **settings: Any) -> Plan:
    options = Options(publish=False, **settings)
    return Plan(folder / "portals.csv", folder / "archive.db", options, crawl=(sys.executable, "-c", script))


def alarms(folder: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(folder / "archive.db") as db:
        return db.execute("SELECT code, message FROM alarms WHERE cleared_at IS NULL").fetchall()


def test_a_crawl_that_is_killed_has_its_report_and_its_alarm(
    tmp_path: Path, archive: Path, webhook: Webhook, capfd: pytest.CaptureFixture[str]
) -> None:
    dies = BEGIN + "close(5); print('reading page 7', flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    assert run_nightly(plan(tmp_path, dies, webhook=webhook.url)) == 6
    ((code, message),) = alarms(tmp_path)
    assert code == "run_died"
    assert "killed by signal 9" in message
    assert "reading page 7" in message
    assert webhook.got[0]["alarms"][0]["message"] == message
    assert webhook.got[0]["verdict"] == "died"
    assert "run_died" in (tmp_path / "reports" / "latest.txt").read_text(encoding="utf-8")
    assert message in capfd.readouterr().err

    well = BEGIN + "close(5); finish('ok')"
    assert run_nightly(plan(tmp_path, well, webhook=webhook.url)) == 0
    assert [alarm["code"] for alarm in webhook.got[1]["cleared"]] == ["run_died"]


def test_readers_do_not_outlive_a_crawl_that_was_killed(tmp_path: Path, archive: Path) -> None:
    reader = BEGIN + (
        "import subprocess; reader = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(reader.pid)); os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert run_nightly(plan(tmp_path, reader)) == 6
    state = Path("/proc") / (tmp_path / "pid").read_text() / "stat"
    deadline = time.monotonic() + 5
    while state.exists() and state.read_text().split()[2] != "Z" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_a_crawl_that_breaks_down_before_it_begins_is_an_alarm_too(
    tmp_path: Path, archive: Path, webhook: Webhook
) -> None:
    assert run_nightly(plan(tmp_path, "raise RuntimeError('no module')", webhook=webhook.url)) == 6
    (alarm,) = webhook.got[0]["alarms"]
    assert alarm["code"] == "run_died"
    assert "RuntimeError: no module" in alarm["message"]


def test_what_the_webhook_did_not_take_it_gets_the_next_night(
    tmp_path: Path, archive: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with Nights(archive) as nights:
        nights.night({"p": 40})
    none = BEGIN + "close(0); finish('incomplete', 1)"
    with Webhook(*[503] * delivery.ATTEMPTS) as webhook:
        assert run_nightly(plan(tmp_path, none, webhook=webhook.url)) == 6
        said = capfd.readouterr().err
        assert "not delivered: webhook at 127.0.0.1: it answers 503 (4 attempts)" in said
        assert "secret" not in said
        assert webhook.got == []
        assert run_nightly(plan(tmp_path, none, webhook=webhook.url)) == 6
        assert [alarm["nights"] for alarm in webhook.got[0]["alarms"]] == [2]
        assert run_nightly(plan(tmp_path, none, webhook=webhook.url)) == 0, "somebody knows"


def test_two_runs_in_a_row_that_died_with_all_their_processes_are_told_before_the_next(
    tmp_path: Path, archive: Path, webhook: Webhook
) -> None:
    with Nights(archive) as nights:
        nights.run({}, None)
        nights.run({}, None)
    assert run_nightly(plan(tmp_path, BEGIN + "finish('ok')", webhook=webhook.url)) == 0
    first, last = webhook.got
    assert [alarm["code"] for alarm in first["alarms"]] == ["run_died"]
    assert [alarm["code"] for alarm in last["cleared"]] == ["run_died"]


def test_a_portals_file_that_cannot_be_read_is_told_although_nothing_ran(tmp_path: Path, webhook: Webhook) -> None:
    fails = "import sys; print('Error: portals.csv: there is no such file', file=sys.stderr); sys.exit(2)"
    assert run_nightly(plan(tmp_path, fails, webhook=webhook.url)) == 2
    (alarm,) = webhook.got[0]["alarms"]
    assert (alarm["code"], alarm["message"]) == ("not_run", "portals.csv: there is no such file")
    assert webhook.got[0]["run"] is None


def test_an_archive_that_cannot_be_opened_is_told(tmp_path: Path, webhook: Webhook) -> None:
    (tmp_path / "archive.db").write_text("no archive")
    fails = "import sys; print('gongkai: archive.db: not a database', file=sys.stderr); sys.exit(3)"
    assert run_nightly(plan(tmp_path, fails, webhook=webhook.url)) == 3
    assert webhook.got[0]["alarms"][0]["message"] == "archive.db: not a database"


def test_a_second_night_sees_the_first_and_leaves(
    tmp_path: Path, archive: Path, webhook: Webhook, capfd: pytest.CaptureFixture[str]
) -> None:
    with Nights(archive) as nights:
        nights.archive.begin_run("crawl")
    fails = "import sys; print('gongkai: another gongkai is writing to it', file=sys.stderr); sys.exit(4)"
    with Nights(archive) as nights, nights.archive.lock():
        assert run_nightly(plan(tmp_path, fails, webhook=webhook.url)) == 4
        shown = json.loads(gongkai("status", "--json", "--archive", tmp_path / "archive.db").stdout)
    assert capfd.readouterr().err == "gongkai: another gongkai is writing to it\n"
    assert webhook.got == []
    assert (shown["running"]["run"], shown["captures_of_running"], shown["last_run"]) == (1, 0, None)
    shown = json.loads(gongkai("status", "--json", "--archive", tmp_path / "archive.db").stdout)
    assert (shown["running"], shown["last_run"]["run"]) == (None, 1)
    assert shown["wrong"] == ["the last run did not come to its end"]


def test_a_night_that_found_another_at_work_does_not_judge_its_run(
    tmp_path: Path, archive: Path, webhook: Webhook
) -> None:
    busy = BEGIN + "print('gongkai: another gongkai is writing to it', file=sys.stderr); sys.exit(4)"
    assert run_nightly(plan(tmp_path, busy, webhook=webhook.url)) == 4
    assert (alarms(tmp_path), webhook.got) == ([], [])


def test_a_night_judges_its_own_run_although_the_next_has_begun(
    tmp_path: Path, archive: Path, webhook: Webhook
) -> None:
    ends = "close(5); db.execute(\"UPDATE runs SET finished_at = ?, verdict = 'ok', exit_code = 0\", [now])\n"
    begins = "db.execute(\"INSERT INTO runs (command, started_at) VALUES ('crawl', ?)\", [now])"
    assert run_nightly(plan(tmp_path, BEGIN + ends + begins, webhook=webhook.url)) == 0
    assert (alarms(tmp_path), webhook.got) == ([], [])
    assert (tmp_path / "reports" / "night-1.txt").is_file()


def test_a_night_judges_its_own_run_where_those_before_could_not_be_read(
    tmp_path: Path, archive: Path, webhook: Webhook
) -> None:
    with Nights(archive) as nights:
        nights.run({"p": 5})
    archive.rename(tmp_path / "away.db")
    back = f"import os; os.rename({str(tmp_path / 'away.db')!r}, {str(archive)!r})\n"
    assert run_nightly(plan(tmp_path, back + BEGIN + "close(5); finish('ok')", webhook=webhook.url)) == 0
    assert (tmp_path / "reports" / "night-2.txt").is_file()


def test_a_crawl_that_hangs_for_days_is_told_by_the_nights_that_find_it(
    tmp_path: Path, archive: Path, webhook: Webhook
) -> None:
    with Nights(archive) as nights:
        nights.run({}, None)
    busy = "import sys; print('gongkai: another gongkai is writing to it', file=sys.stderr); sys.exit(4)"
    with Nights(archive) as nights, nights.archive.lock():
        assert run_nightly(plan(tmp_path, busy, webhook=webhook.url)) == 4
    (alarm,) = webhook.got[0]["alarms"]
    assert alarm["code"] == "not_run"
    assert alarm["message"].startswith("another gongkai is writing to it; the run of 2026-01-01T")


STOPS = (
    BEGIN
    + """
signal.signal(signal.SIGTERM, lambda *_: finish('stopped', 5))
close(5)
os.kill(os.getppid(), signal.SIGTERM)
while True: time.sleep(0.02)
"""
)


def test_a_night_that_is_stopped_tells_what_it_has(
    tmp_path: Path, archive: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_nightly(plan(tmp_path, STOPS)) == 5
    assert capfd.readouterr().err == ""
    assert "stopped; 5 reports on 1 portal" in (tmp_path / "reports" / "latest.txt").read_text(encoding="utf-8")


def test_a_crawl_that_does_not_stop_is_ended(
    tmp_path: Path, archive: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(apart, "PATIENCE", 0.1)
    assert run_nightly(plan(tmp_path, STOPS.replace("lambda *_: finish('stopped', 5)", "signal.SIG_IGN"))) == 5
    assert "stopped before the run could be closed" in capfd.readouterr().err
    assert alarms(tmp_path) == []


def test_a_report_that_cannot_be_written_holds_back_no_alarm(
    tmp_path: Path, archive: Path, webhook: Webhook, capfd: pytest.CaptureFixture[str]
) -> None:
    with Nights(archive) as nights:
        nights.night({"p": 40})
    for name in ("reports", "logs"):
        (tmp_path / name).write_text("in the way")
    none = BEGIN + "close(0); finish('incomplete', 1)"
    assert run_nightly(plan(tmp_path, none, webhook=webhook.url)) == 6
    assert webhook.got[0]["report_path"] is None
    said = capfd.readouterr().err
    assert "gongkai: no report: " in said
    assert "gongkai: no log: " in said


def test_an_archive_that_takes_no_more_is_told_with_its_own_exit_code(
    tmp_path: Path, archive: Path, webhook: Webhook
) -> None:
    full = BEGIN.replace("sys.exit(code)", "os._exit(1)") + "finish('archive', 3)"  # the log is full, too
    assert run_nightly(plan(tmp_path, full, webhook=webhook.url)) == 3
    assert [alarm["code"] for alarm in webhook.got[0]["alarms"]] == ["not_stored"]


def test_an_export_that_cannot_be_published_is_an_alarm(tmp_path: Path, archive: Path, webhook: Webhook) -> None:
    (tmp_path / "exports").write_text("in the way")
    well = BEGIN + "close(5); finish('ok')"
    night = Plan(
        None, tmp_path / "archive.db", Options(webhook=webhook.url), sample=True, crawl=(sys.executable, "-c", well)
    )
    assert run_nightly(night) == 6
    assert webhook.got[0]["alarms"][0]["code"] == "not_published"
    (tmp_path / "exports").unlink()
    assert run_nightly(night) == 0
    assert webhook.got[1]["cleared"][0]["code"] == "not_published"
    assert (tmp_path / "exports" / "gongkai.db").is_file()


# --- delivery

MESSAGE = Message(7, "ok", Told((Alarm("blocked", "请输入验证码", "p", "某县"),)), "ALARM blocked\n")


def failures(channels: Channels) -> dict[str, str | None]:
    return dict(deliver(channels, MESSAGE))


@pytest.mark.parametrize(("script", "reached"), [([500, 429, 408], True), ([500] * 4, False), ([404], False)])
def test_a_webhook_is_tried_again_where_that_may_help(script: list[int], reached: bool) -> None:
    with Webhook(*script) as webhook:
        assert (failures(Channels(webhook.url))["webhook"] is None) == reached
        assert len(webhook.got) == reached


def test_a_webhook_that_moved_is_not_followed() -> None:
    with Webhook(302) as webhook, pytest.raises(DeliveryError, match="302, and redirects are not followed"):
        post(webhook.url, {})
    assert webhook.got == []


def test_a_webhook_that_does_not_answer_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(delivery, "TIMEOUT", 0.1)
    monkeypatch.setattr(delivery, "ATTEMPTS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        problem = failures(Channels(f"http://127.0.0.1:{silent.getsockname()[1]}/"))["webhook"]
    assert time.monotonic() - begun < 2
    assert problem is not None
    assert "(2 attempts)" in problem


def test_what_the_webhook_gets_and_the_command_too(tmp_path: Path, webhook: Webhook) -> None:
    hook = tmp_path / "hook with blank"
    hook.write_text(f'#!/bin/sh\ncat > {tmp_path}/text; echo "$GONGKAI_ALARMS $1" > {tmp_path}/said\n')
    hook.chmod(0o755)
    assert failures(Channels(webhook.url, f"'{hook}' '$(touch no);*'")) == {"webhook": None, "alarm_command": None}
    assert webhook.got == [
        {
            "run": 7, "verdict": "ok", "cleared": [], "text": "ALARM blocked\n", "report_path": None,
            "alarms": [{"code": "blocked", "portal": "p", "name": "某县", "message": "请输入验证码",
                        "since": None, "nights": 1}],
        }
    ]  # fmt: skip
    assert (tmp_path / "text").read_text() == "ALARM blocked\n"
    assert (tmp_path / "said").read_text() == "1 $(touch no);*\n"


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("no-such-command", "no-such-command: No such file"),
        ("sh -c 'echo not today >&2; exit 3'", "exit code 3 (not today)"),
        ("sh -c 'sleep 60 & sleep 60'", "not done after"),
        ("true", None),  # that reads nothing
    ],
)
def test_a_command_that_fails(monkeypatch: pytest.MonkeyPatch, command: str, problem: str | None) -> None:
    monkeypatch.setattr(delivery, "COMMAND_TIMEOUT", 0.3)
    said = failures(Channels(command=command))["alarm_command"]
    assert said is None if problem is None else problem in str(said)


def test_a_broken_channel_keeps_nobody_from_the_other(webhook: Webhook, tmp_path: Path) -> None:
    hook = f"touch {tmp_path / 'told'}"
    assert failures(Channels("http://hooks..example/x", hook)) == {
        "webhook": "webhook: UnicodeError", "alarm_command": None,
    }  # fmt: skip
    assert (tmp_path / "told").exists()
    for command, fault in ((" ", "IndexError"), ("a\0b", "ValueError")):
        assert failures(Channels(webhook.url, command)) == {"webhook": None, "alarm_command": f"alarm_command: {fault}"}


def test_a_command_with_a_nul_is_wrong_usage() -> None:
    with pytest.raises(ValueError, match="setting alarm_command"):
        check(Channels(command="a\0b"))


@pytest.mark.parametrize(
    "channels",
    [
        Channels("ftp://example.org/"), Channels("file:///etc/passwd"), Channels("http://"), Channels("http://a b/"),
        Channels("http://user:pass@example.org/"), Channels("http://[bad/"), Channels(command="echo 'open"),
        Channels("http://hooks..example/x"), Channels(f"http://{'a' * 64}.example/x"), Channels("http://a%2e%2eb/"),
        Channels(command=" "), Channels(command="''"),
    ],
)  # fmt: skip
def test_a_channel_that_can_never_work_is_wrong_usage(channels: Channels, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="setting "):
        check(channels)
    monkeypatch.setenv("GONGKAI_WEBHOOK", channels.webhook)
    monkeypatch.setenv("GONGKAI_ALARM_COMMAND", channels.command)
    done = gongkai("nightly", "--archive", "never.db")
    assert done.returncode == 2
    assert "setting " in done.stderr
    assert not Path("never.db").exists()
